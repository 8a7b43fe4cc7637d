"""The heading tree of any document: by its headings, by its pages, or as one whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

from llmx.documents import Document
from llmx.sections.section import Section

_CHINESE = "一二三四五六七八九十百"
# Numbers of official documents (GB/T 9704-2012, 7.3.3: 一、 （一） 1. （1）), decimal numbers, and Markdown's signs.
_NUMBERED = re.compile(
    r"(?P<markdown>#{1,6})[ \t]+(?=\S)"
    rf"|(?P<part>第[{_CHINESE}\d]{{1,3}}(?:部分|章|篇|编))"
    rf"|(?P<one>[{_CHINESE}]{{1,3}}、)"
    rf"|(?P<two>[（(][{_CHINESE}]{{1,3}}[）)])"
    r"|(?P<decimal>\d{1,2}(?:\.\d{1,2}){0,4})(?:[.．、)]|[ \t\u3000])[ \t\u3000]*(?=[^\s\d])"
    r"|(?P<named>(?:Chapter|Part|Section|Annex|Appendix|CHAPTER|PART|SECTION|ANNEX|APPENDIX) [\dA-Z]{1,4})(?![\w.])"
)
_LEVELS = {"part": 1, "named": 1, "one": 2, "two": 3}
_DECIMAL = 4
"""The level of 1.; that of 1.1 is one more."""
_PLAIN = 2
_LONGEST = 90
_LINE = re.compile(r"[^\r\n]+")
_STOPS = ".。!！?？;；,，:："
_BLANKS = " \t\u3000*"


class _Heading(NamedTuple):
    start: int
    level: int
    text: str


def outline_by_headings(document: Document) -> list[Section]:
    """Sections by numbered headings, Markdown's, and short lines by themselves between blank lines.

    Args:
        document: any document.

    Returns:
        Sections that tile its text, in text order; none for the empty text.
    """
    return _tiled(document.text, list(_headings(document.text)))


def outline_by_page(document: Document) -> list[Section]:
    """A section a page, row or paragraph of the source file; the whole where it has none."""
    return _tiled(document.text, [_Heading(start, 1, place) for start, place in document.places])


def outline_whole(document: Document) -> list[Section]:
    """One section."""
    return _tiled(document.text, [])


OUTLINES: dict[str, Callable[[Document], list[Section]]] = {
    "headings": outline_by_headings,
    "page": outline_by_page,
    "whole": outline_whole,
}
"""How a document may be split, by name."""


def _tiled(text: str, headings: list[_Heading]) -> list[Section]:
    if not text:
        return []
    if not headings or text[: headings[0].start].strip():
        headings = [_Heading(0, 0, ""), *headings]
    else:
        headings[0] = headings[0]._replace(start=0)
    sections: list[Section] = []
    trail: list[_Heading] = []
    for heading, after in pairwise([*headings, _Heading(len(text), 0, "")]):
        trail = [above for above in trail if above.level < heading.level] + [heading] * bool(heading.text)
        path = tuple(above.text for above in trail)
        sections.append(Section(heading.start, after.start, len(path), heading.text, path, "other", None, False))
    return sections


def _headings(text: str) -> Iterator[_Heading]:
    """The headings, in text order."""
    for line in _LINE.finditer(text):
        words = line.group().strip(_BLANKS)
        if not words or len(words) > _LONGEST:
            continue
        numbered = _NUMBERED.match(words)
        level = _level(numbered, words) if numbered else _PLAIN if _alone(text, line, words) else 0
        if level:
            yield _Heading(line.start(), level, words.lstrip("# ").strip(_BLANKS))


def _level(numbered: re.Match[str], words: str) -> int:
    """The level of a numbered line; 0 for a sentence of a numbered list."""
    kind, rest = str(numbered.lastgroup), words[numbered.end() :]
    if kind == "markdown":
        return len(numbered[kind])
    if words[-1] in ".。;；,，" or any(stop in rest for stop in ("。", ". ", "；")):
        return 0
    if kind == "decimal":
        return _DECIMAL + numbered[kind].count(".") if rest[:1].isupper() or not rest.isascii() else 0
    return _LEVELS[kind]


def _alone(text: str, line: re.Match[str], words: str) -> bool:
    """Whether a short line stands by itself between blank lines, and is no sentence, row or address."""
    before, after = text[max(0, line.start() - 3) : line.start()], text[line.end() : line.end() + 3]
    open_above = not before or before.count("\n") > 1
    open_below = after.count("\n") > 1
    return (
        open_above
        and open_below
        and words[-1] not in _STOPS
        and (words[0].isupper() or not words.isascii())
        and "\t" not in words
        and line.end() < len(text.rstrip())
    )
