"""Quote and text to span: code, not the model, says where a claim stands.

Comparison is by character. Text and offsets are never normalised; a quote that differs from the text only in
width of marks, white space or emphasis marks is found through a map back to the text as stored.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from llmx.figures import Figure
from llmx.records import Grounding

_QUOTATION = "“”‘’\"'「」『』〝〞﹁﹂﹃﹄`´＂＇"
"""Quotation marks of all forms, which a model writes as it likes, or leaves out."""
_SKIPPED = frozenset("*_#\u200b\u200c\u200d\ufeff" + _QUOTATION)
"""What conversion leaves inside sentences and a model drops: emphasis, zero-width characters; and quotation marks."""
_RADICALS = str.maketrans(
    "⺠⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
    "民西见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
)
"""Radicals that PDF files have instead of the characters; NFKC maps those of the Kangxi block, and not these."""

_SENTENCE_ENDS = re.compile("[。！？；]")
_CLAUSE_ENDS = re.compile("[，,；：]")


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open stretch of a document's text, and how it was found."""

    start: int
    end: int
    grounding: Grounding = "exact"


def find_quote(text: str, quote: str, start: int, end: int, after: int | None = None) -> Span | None:
    """Find a quote in text[start:end].

    Args:
        text: the document's text.
        quote: what the model quoted.
        start, end: the chunk's bounds, in code points of `text`.
        after: where to look first, so that a phrase that occurs twice is found in the order it was claimed.

    Returns:
        The span in `text`: `exact`, or `normalized` where the quote differs in white space, width, emphasis or
        quotation marks, radicals, or in traditional for simplified characters; None where the words are not there.
    """
    if not quote.strip():
        return None
    for begin in (start if after is None else max(after, start), start):
        at = text.find(quote, begin, end)
        if at >= 0:
            return Span(at, at + len(quote))
    stored, places = _normalized(text[start:end])
    for words in _forms(quote):
        wanted, _ = _normalized(words)
        if wanted and (at := stored.find(wanted)) >= 0:
            first, last = start + places[at], start + places[at + len(wanted) - 1] + 1
            first -= quote[0] in _QUOTATION and first > start and text[first - 1] in _QUOTATION
            last += quote[-1] in _QUOTATION and last < end and text[last] in _QUOTATION
            return Span(first, last, "normalized")
    return None


def _forms(quote: str) -> Iterator[str]:
    """A quote as it is, and in simplified characters where OpenCC is there to make them."""
    yield quote
    convert = _simplifier()
    if convert and (simple := convert(quote)) != quote:
        yield simple


@lru_cache(maxsize=1)
def _simplifier() -> Callable[[str], str] | None:
    """OpenCC's conversion to simplified characters; None where it is not installed."""
    try:
        import opencc
    except ImportError:
        return None
    convert: Callable[[str], str] = opencc.OpenCC("t2s").convert
    return convert


@lru_cache(maxsize=8)
def _normalized(text: str) -> tuple[str, list[int]]:
    """Text without white space, emphasis and quotation marks, NFKC character by character, and each one's place."""
    kept, places = [], []
    for place, char in enumerate(text.translate(_RADICALS)):
        if char.isspace() or char in _SKIPPED:
            continue
        for folded in char if char.isascii() else unicodedata.normalize("NFKC", char):
            if folded not in _SKIPPED and not folded.isspace():
                kept.append(folded)
                places.append(place)
    return "".join(kept), places


class Around(NamedTuple):
    """What holds a stretch of text."""

    sentence: int
    """Where its sentence begins."""
    clause: int
    """Where its clause begins."""
    end: int
    """Where its sentence ends, exclusive."""


class Clauses:
    """Where the sentences and clauses of a chunk begin and end; found once, looked up for each figure.

    Args:
        text: the document's text.
        start, end: the chunk's bounds.
    """

    def __init__(self, text: str, start: int, end: int) -> None:
        self.start, self.end = start, end
        self._sentences = [match.start() for match in _SENTENCE_ENDS.finditer(text, start, end)]
        self._clauses = [match.start() for match in _CLAUSE_ENDS.finditer(text, start, end)]

    def around(self, start: int, end: int) -> Around:
        """The sentence and the clause that hold a stretch."""
        before = bisect_left(self._sentences, start)
        sentence = self._sentences[before - 1] + 1 if before else self.start
        mark = bisect_left(self._clauses, start)
        after = bisect_left(self._sentences, end)
        stop = self._sentences[after] if after < len(self._sentences) else self.end
        return Around(sentence, max(sentence, self._clauses[mark - 1] + 1 if mark else self.start), stop)


def quote_figure(text: str, figure: Figure, indicator: str, around: Around) -> Span:
    """The shortest contiguous stretch that holds an indicator's words and its figure.

    The words may be distributed (城镇居民 for 城乡居民), so the longest pieces of the indicator that stand in the
    figure's own sentence are looked for: its first words before the figure, its last words before or after it.

    Args:
        text: the document's text.
        figure: the figure, with offsets into `text`.
        indicator: what the figure measures.
        around: the sentence and the clause that hold the figure.

    Returns:
        A span with `start <= figure.start` and `figure.end <= end`, within the sentence.
    """
    left, clause, right = around
    head = _head(text, indicator, figure.end)
    first = _first_words(text, head, left, clause, figure.start) if head else figure.start
    last = _last_words(text, indicator, figure.end, min(right, figure.end + len(indicator) + _STRAY))
    return Span(first if first >= 0 else figure.start, max(last, figure.end))


_STRAY = 12
"""How many characters may stand between a figure and the words after it beyond the indicator's own."""


def _head(text: str, indicator: str, at: int) -> str:
    """What of an indicator stands before its figure: 完成 of 完成|79个|老旧小区改造, all of it if nothing follows."""
    following = text[at : at + 6].lstrip(" \t\n*")[:2]
    return indicator[: indicator.index(following)] if len(following) == 2 and following in indicator else indicator


_TELLING = 3
"""Words of so many characters are taken for the indicator's wherever they stand in the sentence, shorter ones only in
the figure's own clause: 健康 recurs, 大健康产品 does not."""

_NUMERALS = "一二三四五六七八九十"


def _first_words(text: str, indicator: str, left: int, clause: int, right: int) -> int:
    """Where the indicator's first findable words stand, nearest before the figure; -1 if none do."""
    for skipped in range(max(1, len(indicator) - 1)):
        words = indicator[skipped : skipped + 4]
        while len(words) >= 2:
            at = text.rfind(words, left if len(words) >= _TELLING else clause, right)
            if at >= 0:
                # 城乡居民 for 城镇居民: what is left of a word at the clause's beginning belongs to it
                if skipped and 0 <= at - clause <= 2 * skipped:
                    return clause
                # 一二三产增加值 for 一产增加值: so do the numerals before it
                return clause + len(text[clause:at].rstrip(_NUMERALS)) if skipped and at >= clause else at
            words = words[:-1]
    return -1


def _last_words(text: str, indicator: str, left: int, right: int) -> int:
    """Where the indicator's last words end after the figure; -1 if they do not stand there."""
    for size in range(min(4, len(indicator)), 1, -1):
        at = text.find(indicator[-size:], left, right)
        if at >= 0:
            return at + size
    return -1
