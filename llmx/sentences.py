"""Where sentences end: in Chinese at their marks and at line ends, in Latin script at a full stop that nothing else has.

A full stop ends a sentence unless an abbreviation, a number or an initial has it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof st no nos nr vs approx fig figs tab sec sect art arts p pp para paras ch chap vol vols ed eds al inc "
    "ltd co corp dept gov gen col rev hon jan feb mar apr jun jul aug sep sept oct nov dec ca cf resp incl excl est max min "
    "avg bn mn tel ext mio mrd bio bzw ca vgl abb abs nr usw sog núm pág sra sr ej env n° mme".split()
)
"""Words that end in a full stop within a sentence; a single letter and a word with a point inside (e.g., U.S.) do too."""

_BEFORE_DIGITS = frozenset("no nos art arts col max min fig tab sec p abs".split())
"""Of them those that are words or ends of words too, and abbreviations before a number alone: No. 5."""

_MARK = re.compile(r"[;!?…\n]|\.(?=[\"”’»)\]]{0,3}(?:\s|\Z))")
_CLOSING = re.compile(r"[\"”’»)\]]{0,3}")
_GOES_ON = re.compile(r"[\"”’»)\]]{0,3}\s{1,4}[a-zß-öø-ÿ]")
_WORD = re.compile(r"[^\s(\[\"“]{1,16}\Z")
_REACH = 17


def latin_marks(text: str, start: int, end: int) -> Iterator[int]:
    """Where the marks stand that end a sentence of text[start:end]: `. `, `;`, `!`, `?` and line ends.

    Args:
        text: text in Latin script.
        start, end: the stretch, in code points.
    """
    for match in _MARK.finditer(text, start, end):
        if text[match.start()] != "." or _ends(text, match.start(), start):
            yield match.start()


def latin_ends(text: str, start: int, end: int) -> Iterator[int]:
    """Where sentences of text[start:end] end, after their mark and the quotation marks that close with it."""
    for mark in latin_marks(text, start, end):
        if text[mark] == "\n":
            yield mark + 1
        elif text[mark] != ";" and (closing := _CLOSING.match(text, mark + 1, end)):
            yield closing.end()


def _ends(text: str, at: int, floor: int) -> bool:
    """Whether a full stop ends a sentence: not after an abbreviation, an initial or an item's number."""
    if _GOES_ON.match(text, at + 1):
        return False
    found = _WORD.search(text[max(floor, at - _REACH) : at])
    if found is None:
        return True
    word = found.group().lower()
    if word.isdigit():
        return len(word) > 3 or not _opens_line(text, at - len(word), floor)
    if word in _BEFORE_DIGITS:
        return not text[at + 1 : at + 3].strip()[:1].isdigit()
    return not (word in ABBREVIATIONS or "." in word.rstrip(".") or (len(word) == 1 and word.isalpha()))


def _opens_line(text: str, at: int, floor: int) -> bool:
    """Whether nothing but blanks stands before a place in its line."""
    before = text[max(floor, at - 8) : at].rstrip(" \t")
    return not before or before[-1] in "\n("


# A sentence ends at 。！？； or at a line end; but layout breaks lines in mid-sentence (社⏎⏎会保障): a line end
# after no closing mark, in a line longer than a heading, is no end.
_SENTENCE = re.compile(r"[^。！？；;\n]*(?:[。！？；;]+[”’」』）)]*|\n+|\Z)")
_HEADING_LENGTH = 40
_CLOSES_LINE = "。！？；：:!?;”）)"
_OPENS_LINE = frozenset(("", *"\t　 —-（(●■◆★•►◇○▪※"))


def sentences(text: str, start: int, end: int, latin: bool = False) -> Iterator[tuple[int, int]]:
    """Bounds of the sentences of text[start:end], in order, blank ones left out.

    Args:
        text: the text.
        start, end: the stretch, in code points.
        latin: whether the text is in Latin script; see `llmx.figures.script_of`.
    """
    begin = start
    ends = latin_ends(text, start, end) if latin else (match.end() for match in _SENTENCE.finditer(text, start, end))
    for stop in ends:
        if stop == begin or (
            text[stop - 1] == "\n" and _broken(text, begin, stop, end) and not (latin and text.startswith("\n", stop))
        ):
            continue
        if text[begin:stop].strip():
            yield begin, stop
        begin = stop
    if text[begin:end].strip():
        yield begin, end


def _broken(text: str, begin: int, stop: int, end: int) -> bool:
    """Whether the line end before `stop` only breaks a line that goes on."""
    line = text[begin:stop].rstrip()
    if not line.strip() or line[-1] in _CLOSES_LINE:
        return False
    opens_line = begin == 0 or text[begin - 1] == "\n"
    if opens_line and len(line.strip()) < _HEADING_LENGTH:
        return False
    return text[stop : min(end, stop + 1)] not in _OPENS_LINE
