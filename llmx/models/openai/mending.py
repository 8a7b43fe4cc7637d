"""Several readings of one chunk become one: halves, a second look, and items of an answer that could not be used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from llmx.errors import AnswerError
from llmx.figures import Figure
from llmx.grounding import find_quote
from llmx.models.model import Lost
from llmx.prompting import Doubt, Question
from llmx.prompting.claims import Quoted
from llmx.prompting.items import Fault
from llmx.prompting.question import sentences
from llmx.reading import Reading
from llmx.sections import Chunk

_SAME = 0.5
"""From this share of common pairs of characters on, a quote given again is taken for the one that was not found."""


@dataclass(frozen=True, slots=True)
class Spoilt:
    """An item of an answer that could not be used, and what it is about."""

    fault: Fault
    figure: Figure | None
    """The figure that it names."""
    start: int
    """Where, in the document, the sentences begin that it is about."""
    end: int
    """Where they end, exclusive."""


def spoilt_by(fault: Fault, question: Question) -> Spoilt:
    """The place of an item that could not be used: its figure's sentence, its quote's, or all of the chunk."""
    chunk = question.chunk
    figure = question.marks.get(fault.n) if fault.n is not None else None
    if figure:
        return Spoilt(fault, figure, *sentences(chunk, figure.start, figure.start))
    words = fault.quote.rstrip("…")
    if span := find_quote(chunk.text, words, 0, len(chunk.text)):
        return Spoilt(fault, None, *sentences(chunk, chunk.start + span.start, chunk.start + span.end))
    return Spoilt(fault, None, chunk.start, chunk.end)


def unmended(spoilt: Sequence[Spoilt], reading: Reading, chunk: Chunk) -> Iterator[Lost]:
    """The items that no other answer gave, as failures."""
    claimed = {chunk.figures[claim.figure - 1].start for claim in reading.figures}
    quotes = [claim.quote for claim in _quoted(reading)]
    for one in spoilt:
        if one.figure and one.figure.start in claimed:
            continue
        if one.fault.quote and any(_alike(one.fault.quote, quote) for quote in quotes):
            continue
        yield Lost(one.start, one.end, AnswerError(f"an item of the answer cannot be used: {one.fault}", "item"))


def settled(readings: Sequence[Reading], doubts: Sequence[Doubt], again: Sequence[Reading]) -> list[Reading]:
    """Readings without the doubted claims that a second look gave anew; the others stay, to be kept as missing."""
    quotes = [claim.quote for reading in again for claim in _quoted(reading)]
    numbers = {claim.figure for reading in again for claim in reading.figures}
    given = [claim for doubt in doubts if any(_alike(doubt.quote, quote) for quote in quotes) for claim in doubt.claims]
    return [_without(reading, given, numbers) for reading in readings]


def _alike(a: str, b: str) -> bool:
    """Whether two quotes have half of their pairs of characters in common; in time linear in their lengths."""
    pairs = [Counter(pairwise(words)) for words in (a, b)]
    total = sum(sum(one.values()) for one in pairs)
    return total > 0 and 2 * sum((pairs[0] & pairs[1]).values()) >= _SAME * total


def _quoted(reading: Reading) -> list[Quoted]:
    return [*reading.recognitions, *reading.projects, *reading.problems]


def _without(reading: Reading, claims: Sequence[Quoted], numbers: set[int]) -> Reading:
    if not claims and not any(claim.doubted for claim in reading.figures):
        return reading
    kept = {
        name: tuple(claim for claim in getattr(reading, name) if claim not in claims)
        for name in ("recognitions", "projects", "problems")
    }
    figures = tuple(claim for claim in reading.figures if not (claim.doubted and claim.figure in numbers))
    return reading.model_copy(update={**kept, "figures": figures})


def shifted(reading: Reading, by: int) -> Reading:
    """A half's reading with the figures' numbers of the whole."""
    figures = [claim.model_copy(update={"figure": claim.figure + by}) for claim in reading.figures]
    projects = [
        claim.model_copy(update={"amount": claim.amount + by}) if claim.amount else claim for claim in reading.projects
    ]
    return reading.model_copy(update={"figures": tuple(figures), "projects": tuple(projects)})


def joined(readings: Sequence[Reading]) -> Reading:
    """All claims of several looks."""
    if len(readings) == 1:
        return readings[0]
    return Reading(
        **{name: tuple(claim for one in readings for claim in getattr(one, name)) for name in Reading.model_fields}
    )
