"""What a model says in its own words, held against the text: a number that the text does not have is invented."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from llmx.sections import Chunk, Section

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3}(?!\d))")
_YEAR = re.compile(r"(?<![\d.])(?:19|20)\d\d(?![\d.])")
_NEAR = 2
"""Years that 去年, 前年 and 明年 reach from the section's own."""


@dataclass(frozen=True)
class Bearing:
    """The numbers, words and years that a chunk bears out."""

    chunk: Chunk

    @cached_property
    def text(self) -> str:
        """The chunk with its headings, in one width and without blanks."""
        paths = (words for section in self._sections for words in section.path)
        return _folded("\n".join((*paths, self.chunk.text)))

    @cached_property
    def _sections(self) -> tuple[Section, ...]:
        return self.chunk.parts or (self.chunk.section,)

    @cached_property
    def _numbers(self) -> frozenset[str]:
        """Those written, and those that figures in Chinese numerals have: 百分之五十八 bears out 58."""
        values = (f"{figure.value:g}" for figure in self.chunk.figures if figure.value is not None)
        years = (str(section.year) for section in self._sections if section.year)
        return frozenset([*map(_plain, _NUMBER.findall(self.text)), *values, *years])

    @cached_property
    def _years(self) -> list[int]:
        return [int(number) for number in _YEAR.findall(self.text)]

    def numbers(self, words: str | None) -> bool:
        """Whether all numbers of some words are the text's, or the words as a whole are."""
        folded = _folded(words or "")
        return all(_plain(number) in self._numbers for number in _NUMBER.findall(folded)) or folded in self.text

    def name(self, words: str) -> bool:
        """Whether a name is the text's: its numbers, and two characters of it that follow each other at least."""
        folded = _folded(words)
        pairs = (folded[at : at + 2] for at in range(len(folded) - 1))
        return self.numbers(words) and any(pair in self.text for pair in pairs)

    def year(self, year: int | None) -> bool:
        """Whether a year is the text's: written there, or near the section's own; where that is not known, near one that is
        written there (2023 of 上年, beside 2024). Where no year is, nothing can be told by the chunk alone."""
        if year is None:
            return True
        own = [section.year for section in self._sections if section.year] or self._years
        if not own:
            return True
        return str(year) in self._numbers or any(abs(year - one) <= _NEAR for one in own)


def _folded(words: str) -> str:
    return _THOUSANDS.sub("", unicodedata.normalize("NFKC", "".join(words.split())))


def _plain(number: str) -> str:
    """6.50 as 6.5, 08 as 8."""
    whole, point, rest = number.partition(".")
    rest = rest.rstrip("0")
    return (whole.lstrip("0") or "0") + (point + rest if rest else "")
