"""A Rich Text file: paragraphs with their numbers, tables row by row, notes; without what is hidden or deleted.

Read here and not by striprtf, which joins raised marks of notes to the number before them (12¹亿元 → 121亿元), counts
hidden and deleted text, and leaves out the automatic numbers that Word and WPS write (\\pntext).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from llmx.documents.decode import is_chinese
from llmx.documents.readers.parsed import Parsed, Parts
from llmx.documents.readers.raised import raised
from llmx.documents.tables import as_rows
from llmx.errors import UnreadableInput

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.DOTALL
)
_SAMPLE = 2_000
"""Pieces of text that are looked at to tell Chinese from what it is taken for."""
_IN_CELL = frozenset([b"par", b"tab", b"line"])
"""What is a blank in a cell."""
_NEAR, _MOST_COLUMNS = 30, 200
"""Twips that edges of cells may be apart that are one; edges of a row."""
_DEEPEST = 500
"""Groups inside each other; Word's have a dozen."""
# Groups whose words are not the document's. Those that begin with \* are left out too, but for the ones below.
_NOT_TEXT = frozenset(
    b"annotation atnauthor atndate atnid author colortbl comment datafield do fldinst fonttbl footer footerf footerl "
    b"footerr header headerf headerl headerr info keywords listtable listoverridetable nonshppict objdata operator pict "
    b"pntxta pntxtb revtbl rsidtbl stylesheet subject title xe tc txe rxe falt panose themedata colorschememapping "
    b"latentstyles datastore bkmkstart bkmkend generator listname nonesttables result sp".split()
)
_STARRED_TEXT = frozenset(b"shpinst shptxt ud upr field fldrslt listtext pntext nesttableprops footnote".split())
_WRITTEN = {
    b"par": "\n", b"sect": "\n", b"page": "\n", b"line": "\n", b"nestrow": "\n", b"tab": "\t",
    b"cell": "\t", b"nestcell": "\t", b"emdash": "—", b"endash": "–", b"emspace": "\u2003", b"enspace": "\u2002",
    b"qmspace": "\u2005", b"bullet": "•", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
}  # fmt: skip
_SIGNS = {b"~": "\xa0", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\", b"\n": "\n", b"\r": "\n"}
_CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_PAGES = {936: "gb18030", 65001: "utf-8", 10000: "mac_roman", 10008: "gb18030"}


@dataclass(frozen=True, slots=True)
class _State:
    """What holds in a group."""

    font: int | None = None
    up: bool = False
    unseen: bool = False
    """It is hidden or deleted."""
    dropped: bool = False
    """It is no text of the document."""
    skipped: int = 1
    """How many characters stand after each \\u for programs that know no Unicode."""
    note: bool = False
    """It is a note's text."""
    fonts: bool = False
    """It is the table of fonts."""
    cell: bool = False
    """Its paragraphs stand in a cell."""


def parse(data: bytes, where: str) -> Parsed:
    """Read an .rtf.

    Args:
        data: its bytes.
        where: what messages call it.

    Returns:
        Its text, a line a paragraph or table row (cells separated by tabs), notes at the end as `[1] …`; places are
        `paragraph N`.

    Raises:
        UnreadableInput: groups stand in each other without end, or one is not closed: the file is cut off.
    """
    data = data[data.find(b"{") :]
    text = _Text(where)
    text.take(data)
    if not is_chinese(text.sample()):  # a program that names no encoding writes that of its system
        other = _Text(where, forced="gb18030")
        other.take(data)
        text = other if is_chinese(other.sample()) else text
    parts = Parts()
    for number, line in enumerate(text.lines(), 1):
        parts.add(line, f"paragraph {number}")
    for number, note in enumerate(text.notes(), 1):
        parts.add(f"[{number}] {note}" if note else "", f"footnote {number}")
    return parts.parsed()


class _Row(str):
    """The end of a table's row."""

    edges: tuple[int, ...]
    """Where its cells end, from the left."""


@dataclass(slots=True)
class _Text:
    """Puts the text together, token by token."""

    where: str
    forced: str = ""
    """The encoding, whatever the file says."""
    state: _State = field(default_factory=_State)
    _stack: list[_State] = field(default_factory=list)
    _out: list[tuple[str, bool]] = field(default_factory=list)
    """Pieces of the text, and whether they are raised."""
    _notes: list[list[tuple[str, bool]]] = field(default_factory=list)
    _bytes: bytearray = field(default_factory=bytearray)
    """Characters that are not decoded yet: one may take two bytes."""
    _charsets: dict[int, str] = field(default_factory=dict)
    _encoding: str = "cp1252"
    _high: str = ""
    _skip: int = 0
    _starred: bool = False
    _edges: list[int] = field(default_factory=list)

    def take(self, data: bytes) -> None:
        """Read all of a file."""
        at = 0
        while at < len(data):
            token = _TOKEN.match(data, at)
            if token is None:
                break
            at = token.end()
            word, number, hexadecimal, sign, brace, plain = token.groups()
            if word == b"bin":  # a picture, as it is
                at += max(0, int(number or 0))
            elif word is not None:
                self._word(word, None if number is None else int(number))
            elif brace is not None:
                if not self._group(brace):
                    return
            elif hexadecimal is not None:
                self._characters(bytes.fromhex(hexadecimal.decode()))
            elif sign is not None:
                self._sign(sign)
            elif plain is not None:
                self._characters(plain)
        raise UnreadableInput(f"{self.where}: an RTF file that is cut off; get it anew and give that")

    def _group(self, brace: bytes) -> bool:
        """Begin or end a group; false where the document ends."""
        self._decode()
        self._skip, self._starred = 0, False
        if brace == b"{":
            if len(self._stack) == _DEEPEST:
                raise UnreadableInput(
                    f"{self.where}: an RTF file with groups inside each other without end; save it anew"
                )
            self._stack.append(self.state)
            return True
        if self._stack:
            self.state = self._stack.pop()
        return bool(self._stack)

    def _sign(self, sign: bytes) -> None:
        if sign == b"*":
            self._starred = True
        elif sign in _SIGNS:
            self._decode()
            self._write(_SIGNS[sign])

    def _characters(self, data: bytes) -> None:
        if self._skip:
            left = max(0, self._skip - len(data))
            data, self._skip = data[self._skip :], left
        if not self.state.dropped and not self.state.unseen:
            self._bytes += data

    def _word(self, word: bytes, number: int | None) -> None:
        if word != b"u":
            self._skip = 0
        if word in (b"u", b"uc"):
            self._unicode(word, number)
            return
        self._decode()
        starred, self._starred = self._starred, False
        if word in _NOT_TEXT or (starred and word not in _STARRED_TEXT):
            self.state = replace(self.state, dropped=True, fonts=word == b"fonttbl")
        elif word == b"row":
            self._end_row()
        elif word in _WRITTEN:
            self._write(" " if self.state.cell and word in _IN_CELL else _WRITTEN[word])
        elif word == b"footnote":
            self._write(f"[{len(self._notes) + 1}]")
            self._notes.append([])
            self.state = replace(self.state, note=True, up=False)
        elif word == b"ansicpg":
            self._encoding = _PAGES.get(number or 0, f"cp{number}")
        else:
            self._format(word, number)

    def _format(self, word: bytes, number: int | None) -> None:
        on = number != 0
        if word == b"f":
            self.state = replace(self.state, font=number)
        elif word == b"fcharset" and self.state.fonts and self.state.font is not None:
            self._charsets[self.state.font] = _CHARSETS.get(number or 0, "")
        elif word in (b"super", b"nosupersub", b"sub"):
            self.state = replace(self.state, up=word == b"super" and on)
        elif word == b"up":
            self.state = replace(self.state, up=number != 0)
        elif word in (b"v", b"deleted"):
            self.state = replace(self.state, unseen=on)
        elif word in (b"intbl", b"pard"):
            self.state = replace(self.state, cell=word == b"intbl")
        elif word == b"trowd":
            self._edges = []
        elif word == b"cellx" and len(self._edges) < _MOST_COLUMNS:
            self._edges.append(number or 0)
        elif word == b"plain":
            self.state = replace(self.state, up=False, unseen=False)

    def _unicode(self, word: bytes, number: int | None) -> None:
        if word == b"uc":
            self._decode()
            self.state = replace(self.state, skipped=min(max(number or 0, 0), 99))
            return
        self._decode()
        self._skip = self.state.skipped
        char = chr((number or 0) & 0xFFFF)
        if "\ud800" <= char < "\udc00":
            self._high = char
            return
        pair, self._high = self._high + char, ""
        self._write(pair.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))

    def _decode(self) -> None:
        if self._bytes:
            encoding = (
                self.forced
                or self._charsets.get(self.state.font if self.state.font is not None else -1)
                or self._encoding
            )
            data, self._bytes = bytes(self._bytes), bytearray()
            # A font of another charset may be set for Chinese bytes; then the document's own encoding reads them.
            for codec in (encoding, self._encoding, "gb18030"):
                try:
                    self._write(data.decode(codec))
                    return
                except (UnicodeDecodeError, LookupError):
                    continue
            self._write(data.decode("latin-1"))

    def _write(self, text: str) -> None:
        if not self.state.dropped and not self.state.unseen:
            out = self._notes[-1] if self.state.note and self._notes else self._out
            out.append((text, self.state.up))

    def sample(self) -> str:
        """Some of the text."""
        return "".join(text for text, _ in self._out[:_SAMPLE])

    def _end_row(self) -> None:
        if not self.state.dropped and not self.state.unseen:
            row = _Row("\n")
            row.edges = tuple(self._edges)
            self._out.append((row, False))

    def lines(self) -> list[str]:
        """The text's lines."""
        lines, rows, held = list[str](), list[tuple[list[str], tuple[int, ...]]](), list[tuple[str, bool]]()
        for piece in [*self._out, (_Row(""), False)]:
            if not isinstance(piece[0], _Row):
                held.append(piece)
                continue
            *before, last = _joined(held).split("\n")
            held = []
            if before or not piece[0]:
                lines += [*_aligned(rows), *(line.removesuffix("\t") for line in before)]
                rows = []
            if piece[0]:
                rows.append((last.removesuffix("\t").split("\t"), piece[0].edges))
        return [*lines, last]

    def notes(self) -> list[str]:
        """The notes' texts, a line each."""
        return [" ".join(_joined(note).split()) for note in self._notes]


def _aligned(rows: list[tuple[list[str], tuple[int, ...]]]) -> list[str]:
    """A table's rows, each cell in the column that it begins in: a merged one ends where a later column does."""
    edges = sorted({edge // _NEAR for _, ends in rows for edge in ends})
    grid: list[list[str]] = []
    for cells, ends in rows:
        if len(cells) != len(ends) or len(edges) > _MOST_COLUMNS:
            return as_rows(cells for cells, _ in rows)
        columns = [edges.index(edge // _NEAR) for edge in ends]
        begins = [0, *(column + 1 for column in columns)]
        line = dict(zip(begins, cells, strict=False))
        grid.append([line.get(at, "") for at in range(len(edges))])
    return as_rows(grid)


def _joined(pieces: list[tuple[str, bool]]) -> str:
    made, up, before = list[str](), list[str](), ""
    for text, is_up in [*pieces, ("", False)]:
        if is_up:
            up.append(text)
            continue
        if up:
            made.append(raised(before, "".join(up)))
            up = []
        made.append(text)
        before = text or before
    return "".join(made)
