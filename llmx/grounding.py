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

from llmx.figures import Figure, script_of
from llmx.records import Grounding
from llmx.sentences import latin_marks

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
_LATIN_CLAUSE_ENDS = re.compile(r"[,;:](?=\s)|[，；：]")  # 1,234 is one number


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
        latin = script_of(text) == "latin"
        self._sentences = (
            list(latin_marks(text, start, end))
            if latin
            else [match.start() for match in _SENTENCE_ENDS.finditer(text, start, end)]
        )
        clauses = _LATIN_CLAUSE_ENDS if latin else _CLAUSE_ENDS
        self._clauses = [match.start() for match in clauses.finditer(text, start, end)]

    def around(self, start: int, end: int) -> Around:
        """The sentence and the clause that hold a stretch."""
        before = bisect_left(self._sentences, start)
        sentence = self._sentences[before - 1] + 1 if before else self.start
        mark = bisect_left(self._clauses, start)
        after = bisect_left(self._sentences, end)
        stop = self._sentences[after] if after < len(self._sentences) else self.end
        return Around(sentence, max(sentence, self._clauses[mark - 1] + 1 if mark else self.start), stop)


def quote_figure(text: str, figure: Figure, indicator: str, around: Around) -> Span:
    """The shortest contiguous stretch that holds an indicator's words, its figure and the figure's modifier.

    The words may be distributed (城镇居民 for 城乡居民), so the longest pieces of the indicator that stand in the
    figure's own sentence are looked for: its first words before the figure, its last words right after it.

    Args:
        text: the document's text.
        figure: the figure, with offsets into `text`.
        indicator: what the figure measures.
        around: the sentence and the clause that hold the figure.

    Returns:
        A span with `start <= figure.start` and `figure.end <= end`, within the sentence; after the figure it reaches no
        further than the item of a list that the figure stands in.
    """
    left, clause, right = around
    if script_of(text) == "latin":
        return _quote_latin(text, figure, indicator.split(), left, right)
    head, end = _split(text, indicator, figure.end + figure.after, right)
    first = _first_words(text, head, left, clause, figure.start) if head else figure.start
    return Span(min(first if first >= 0 else figure.start, figure.start - figure.before), end)


_LATIN_ITEM_END = re.compile(r"[,;:!?\n](?=\s|\Z)|\.\s|\d|\(")


def _quote_latin(text: str, figure: Figure, words: list[str], left: int, right: int) -> Span:
    """The same for Latin script, by whole words: Exports of steel |rose by 4%|, 300 |new schools|."""
    end = figure.end + figure.after
    stop = _LATIN_ITEM_END.search(text, end, max(end, right))
    item = text[end : stop.start() if stop else max(end, right)].lower()
    for word in reversed(words):
        if found := re.search(rf"(?<!\w){re.escape(word.lower())}(?!\w)", item):
            end += found.end()
            words = words[: len(words) - words[::-1].index(word) - 1]
            break
    start = figure.start - figure.before
    before = text[left:start].lower()
    for skipped in range(len(words)):
        phrase = r"\s+".join(re.escape(word.lower()) for word in words[skipped : skipped + 3])
        if len(words[skipped]) > 2 and (
            places := [match.start() for match in re.finditer(rf"(?<!\w){phrase}(?!\w)", before)]
        ):
            return Span(left + places[-1], end)
    return Span(start, end)


_LEADS = re.compile(r"[\s*]{0,4}(?:[（(][一-龥][）)])?的?[\s*]{0,4}")
"""What may stand between a figure and the words after it: 100条（个）幸福河湖."""
_ITEM_END = re.compile(r"[，,；;：:。！？、\n0-9（(]")
"""Where the words after a figure end at the latest, unless the indicator itself goes on: 县（市、区）."""
_MARKS = frozenset("，,；;。！？、")
"""What most figures are followed by: then there is nothing to look for."""
_GAPS = frozenset(" \t\r\n\u3000\u00a0*")


def _split(text: str, indicator: str, at: int, right: int) -> tuple[str, int]:
    """What of an indicator stands before its figure, and where the rest of it ends after the figure: 完成|79个|老旧小区改造.

    Args:
        text: the document's text.
        indicator: what the figure measures.
        at: where the figure with its modifier ends.
        right: where the sentence ends.
    """
    if text[at : at + 1] in _MARKS:
        return indicator, at
    leads = _LEADS.match(text, at, max(at, right))
    begin = leads.end() if leads else at
    following = text[begin : min(begin + 2, right)]
    place = indicator.find(following) if len(following) == 2 else -1
    if place >= 0:
        reached, end = _alike(text, begin, indicator, place)
        if reached == len(indicator):
            return indicator[:place], end
    stop = _ITEM_END.search(text, begin, max(begin, right))
    last = _last_words(text, indicator, begin, stop.start() if stop else right)
    return (indicator[:place] if place >= 0 else indicator), max(last, at)


def _alike(text: str, at: int, indicator: str, place: int) -> tuple[int, int]:
    """How far text from `at` and indicator from `place` go on alike, layout in the text passed over."""
    end = at
    while place < len(indicator) and at < len(text):
        if text[at] == indicator[place]:
            place, at = place + 1, at + 1
            end = at
        elif text[at] in _GAPS:
            at += 1
        else:
            break
    return place, end


def _last_words(text: str, indicator: str, left: int, right: int) -> int:
    """Where the indicator's last words end after the figure; -1 if they do not stand there."""
    for size in range(min(4, len(indicator)), 1, -1):
        at = text.find(indicator[-size:], left, right)
        if at >= 0:
            return at + size
    return -1


_TELLING = 3
"""Words of so many characters are taken for the indicator's wherever they stand in the sentence, shorter ones only in
the figure's own clause: 健康 recurs, 大健康产品 does not."""

_NUMERALS = re.compile(r"(?:第?[一二三四五六七八九十]、?){1,9}\Z")


def _first_words(text: str, indicator: str, left: int, clause: int, right: int) -> int:
    """Where the indicator's first findable words stand, nearest before the figure; -1 if none do."""
    for skipped in range(max(1, len(indicator) - 1)):
        words = indicator[skipped : skipped + 4]
        while len(words) >= 2:
            at = text.rfind(words, left if len(words) >= _TELLING else clause, right)
            if at < 0 and not skipped and len(words) < _TELLING:
                at = _opens(text, words, left, clause)
            if at >= 0:
                return _before(text, left, at, skipped) if skipped else at
            words = words[:-1]
    numeral = indicator.removeprefix("第")[:1] in ("一", "二", "三")
    numbered = list(_NUMBERED.finditer(text, max(left, right - _NEAR), right)) if numeral else []
    return numbered[-1].start() if numbered else -1


def _opens(text: str, words: str, left: int, right: int) -> int:
    """Where words that open a clause stand last; -1 if they open none: of 外贸总额 the first in 外贸提质增效，总额."""
    at = text.rfind(words, max(left, right - _NEAR), right)
    return at if at == left or (at > left and text[at - 1] in "，,；;：:。 *\n\u3000") else -1


_NEAR = 200
"""How far before its figure such words are looked for, in characters: a sentence of thousands stays linear."""
_NUMBERED = re.compile("第?[一二三](?:[、和]?第?[一二三]){1,2}次?产")
"""一、二、三产: of 二产 nothing but the numeral stands there."""
_OPENING = re.compile(r"[\s*]{0,4}(?:其中)?[\s*]{0,4}")


def _before(text: str, left: int, at: int, skipped: int) -> int:
    """Where words begin whose first characters, `skipped` of them, do not stand before the rest at `at`.

    城乡居民 for 城镇居民: what is left of a word at the beginning of its clause belongs to it; 一、二、三产 for 一产: so do
    the numerals before it.
    """
    reach = max(left, at - 4 * skipped - _STRAY)
    marks = [match.end() for match in _CLAUSE_ENDS.finditer(text, reach, at)]
    clause = marks[-1] if marks else reach
    opening = _OPENING.match(text, clause, at)
    clause = opening.end() if opening else clause
    if (marks or reach == left) and at - clause <= 2 * skipped:
        return clause
    numerals = _NUMERALS.search(text, clause, at)
    return numerals.start() if numerals else at


_STRAY = 8
"""Characters of layout and of 其中 that may stand before such a word."""
