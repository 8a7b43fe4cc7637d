"""Several answers about one chunk become one: halves, a second look, and items of an answer that could not be used."""

from __future__ import annotations

from collections.abc import Collection

from llmx.claims import Reading
from llmx.errors import AnswerError
from llmx.grounding import find_quote
from llmx.models.likeness import alike
from llmx.models.model import Lost
from llmx.prompting import Fault, Question
from llmx.prompting.question import sentences


def spoilt(fault: Fault, question: Question) -> Lost:
    """An item that could not be used, with its place: its figure's sentence, its quote's, or all of the chunk."""
    chunk = question.chunk
    error = AnswerError(f"an item of the answer cannot be used: {fault}", "item")
    figure = question.marks.get(fault.n) if fault.n is not None else None
    if figure:
        return Lost(*sentences(chunk, figure.start, figure.start), error, figure.start, fault.quote)
    if span := find_quote(chunk.text, fault.quote.rstrip("…"), 0, len(chunk.text)):
        bounds = sentences(chunk, chunk.start + span.start, chunk.start + span.end)
        return Lost(*bounds, error, quote=fault.quote)
    return Lost(chunk.start, chunk.end, error, quote=fault.quote)


def settled(reading: Reading, doubts: Collection[int], again: Reading) -> Reading:
    """A reading without the doubtful claims that a second look gave anew, and with all that it gave.

    Args:
        reading: the first reading.
        doubts: its claims that were asked about, by their number in it.
        again: what the second look claims.
    """
    quotes = [claim.quote for claim in again.claims if claim.quote]
    given = {
        id(claim)
        for number, claim in enumerate(reading.claims)
        if number in doubts
        and (
            any(alike(claim.quote, quote) for quote in quotes)
            if claim.quote
            else again.numbers.issuperset(claim.numbers)
        )
    }
    return reading.kept(lambda claim: id(claim) not in given).joined([again])
