"""A copy of a text without what stands in the way of reading it, and the way back to the text as stored.

Zero-width characters, footnote marks inside sentences (增长［1］6%, 12¹亿元), page marks (— 9 —) and blanks between single
digits (1 9 9 7 年) are left out of the copy; blanks of every width stand in it as spaces, line separators as line ends,
radicals and other forms of a character (⽣, ﹪) as the character and traditional characters as simplified ones, one for
one. Sections, figures and claims are found in the copy; records carry
offsets and quotes of the text as stored.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass, replace

from llmx.documents.document import Document
from llmx.documents.readers.raised import takes_exponent
from llmx.errors import UsageError

# Each pattern begins with the characters that it may begin with, and looks back from there: the engine then passes over
# all others at once.
_ZERO_WIDTH = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")
# A note's mark, not at a line's start, where it numbers the note itself, and not a year in brackets (［2024］5号).
_NOTE_MARK = re.compile(r"[\[［](?<=[^\s\[［〔].)[0-9０-９]{1,3}[\]］](?![0-9０-９]*号)")
# Three or more digits or points with single blanks between them, before a unit: 1 9 9 7 年, 1 2 . 3亿元.
_DIGIT = "[0-9０-９.．]"
_SPACED = re.compile(
    rf"{_DIGIT}(?<!{_DIGIT}{_DIGIT})[ \u3000](?:{_DIGIT}[ \u3000])+[0-9０-９](?=[ \u3000]?[年月日%％亿万千百元个])"
)
# A raised mark; an exponent stays with its unit (km², 10⁸), and a mark at a line's start numbers the note itself.
_RAISED_MARK = re.compile(r"[\xb9\xb2\xb3\u2070\u2074-\u2079](?<=\S.)[\xb9\xb2\xb3\u2070\u2074-\u2079]{0,2}")
_FORMS = "\u2e80-\u2fd5\uf900-\ufaff\ufe50-\ufe6b"
_OTHER_CHARACTER = re.compile(f"[\xa0\u2000-\u200a\u202f\u205f\x0b\x0c\x85\u2028\u2029{_FORMS}]")
_PLAIN = dict.fromkeys(map(ord, "\xa0\u202f\u205f"), " ") | dict.fromkeys(range(0x2000, 0x200B), " ")
_PLAIN |= dict.fromkeys(map(ord, "\x0b\x0c\x85\u2028\u2029"), "\n")
# PDFs name a glyph after the radical that looks alike (⽣ for 生), and old encodings have small forms of marks (﹪).
_PLAIN |= {
    code: plain
    for first, last in ((0x2E80, 0x2FD5), (0xF900, 0xFAFF), (0xFE50, 0xFE6B))
    for code in range(first, last + 1)
    if len(plain := unicodedata.normalize("NFKC", chr(code))) == 1 and plain != chr(code)
}
# Those that Unicode itself does not give a plain form.
_RADICALS = "⺠民⻁虎⻄西⻅见⻆角⻉贝⻋车⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻬齐⻮齿⻰龙⻑長⻒镸⻗雨⺒巳⺝月⺮竹"
_PLAIN |= {ord(radical): plain for radical, plain in zip(_RADICALS[::2], _RADICALS[1::2], strict=True)}
# — 9 —, - 12 -, and 第3页 共20页 on a line of its own; layout puts them between pages, and so inside sentences.
_PAGE_MARK = re.compile(
    r"[—–－第-](?:(?<=\n第) ?\d{1,3} ?页(?:[ ，,/]{0,2}共 ?\d{1,3} ?页)?(?=[ \r]*\n)"
    r"|(?<!第)(?<![\dA-Za-z.—–－-].)(?:[—–－-]? \d{1,3} [—–－-]{1,2}|\d{1,3}[—–－-])(?![\d—–－-]))"
)
# 第3页 共20页 inside a line, where a program put the text of all pages in one.
_PAGE_OF_ALL = re.compile(r"第 ?\d{1,3} ?页[ ，,/、]{0,3}共 ?\d{1,3} ?页")
_AROUND_MARK = " \t\r\n\u3000\xa0"
_SENTENCE_ENDS = "。！？；：!?;:”）)》"
_SHORTEST_LINE = 40
"""A line of fewer characters without a full stop is a heading or a title, which a page mark does not join to the next."""
# Frequent in any traditional report, and in no simplified one but for a name.
_TRADITIONAL = re.compile("[國億萬達產業經濟發農開設實現總長與對個為來進這過動務區縣鄉]")


@dataclass(frozen=True, slots=True)
class Clean:
    """A document's copy and the way back."""

    document: Document
    """The copy; its offsets are its own."""
    origin: list[int]
    """The place of each of the copy's characters in the text as stored."""
    script: dict[int, str]
    """The text's own characters by those of the copy, where they differ: 國 for 国."""

    def words(self, words: str) -> str:
        """Words that were taken from the copy, in the text's own characters."""
        return words.translate(self.script) if self.script else words

    def stored(self, start: int, end: int) -> tuple[int, int]:
        """The bounds in the text as stored of a stretch of the copy."""
        return self.origin[start], self.origin[end - 1] + 1

    def copied(self, start: int, end: int) -> tuple[int, int]:
        """The bounds in the copy of a stretch of the text as stored."""
        return bisect_left(self.origin, start), bisect_left(self.origin, end)


def cleaned(document: Document) -> Clean | None:
    """A copy that reads well; None where the text itself does."""
    text = document.text
    gaps = [match.span() for pattern in (_ZERO_WIDTH, _NOTE_MARK) for match in pattern.finditer(text)]
    for match in _SPACED.finditer(text):
        gaps += [(at, at + 1) for at in range(*match.span()) if text[at] in " \u3000"]
    gaps += [
        match.span()
        for match in _RAISED_MARK.finditer(text)
        if not takes_exponent(text[max(0, match.start() - 8) : match.start()])
    ]
    for pattern in (_PAGE_MARK, _PAGE_OF_ALL) if "页" in text else (_PAGE_MARK,):
        gaps += [gap for match in pattern.finditer(text) for gap in _page_gaps(text, *match.span())]
    simplified = _simplified(text)
    if not gaps and not simplified and not _OTHER_CHARACTER.search(text):
        return None
    kept, at = list[int](), 0
    for start, end in sorted(gaps):
        kept += range(at, start)
        at = max(at, end)
    kept += range(at, len(text))
    copy = "".join(map(text.__getitem__, kept)).translate(simplified).translate(_PLAIN)
    script = {ord(plain): chr(own) for own, plain in simplified.items()}
    return Clean(replace(document, text=copy, places=(), scanned=()), kept, script)


def _page_gaps(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """What to leave out for a page mark: with it the line ends around it, but for one where a paragraph ends there."""
    while start and text[start - 1] in _AROUND_MARK:
        start -= 1
    while end < len(text) and text[end] in _AROUND_MARK:
        end += 1
    line = text[max(text.rfind("\n", 0, start) + 1, start - _SHORTEST_LINE) : start]
    broken = line and line[-1] not in _SENTENCE_ENDS and (len(line) == _SHORTEST_LINE or "。" in line)
    kept = -1 if broken else text.find("\n", start, end)
    return [(start, end)] if kept < 0 else [(start, kept), (kept + 1, end)]


def _simplified(text: str) -> dict[int, str]:
    """The simplified character of each traditional one of a traditional text; none for a simplified text, in which a
    few may stand in names.

    Raises:
        UsageError: the text is traditional and OpenCC is not installed.
    """
    if len(_TRADITIONAL.findall(text)) * 100 < len(text):
        return {}
    try:
        import opencc
    except ImportError as error:
        raise UsageError(
            "a text in traditional characters needs opencc; install it with: pip install 'llmx-extract[traditional]'"
        ) from error
    convert = opencc.OpenCC("t2s").convert
    pairs = {ord(char): convert(char) for char in set(text) if char >= "\u3400"}
    return {own: plain for own, plain in pairs.items() if plain != chr(own) and len(plain) == 1}
