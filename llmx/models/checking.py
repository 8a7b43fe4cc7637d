"""The second look: what one reader leaves open and another claims is asked about once more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from llmx.claims import Claim, Reading
from llmx.errors import ModelError
from llmx.models.likeness import alike
from llmx.models.model import AsyncModel, Divided, Lost, Model, Rereading, Unanswered
from llmx.prompting import measuring
from llmx.sections import Chunk, pieces_of


async def read_checked(model: AsyncModel, checker: Model | None, chunk: Chunk, report: str = "") -> Reading | Divided:
    """What a model says of a chunk, with a second look where something stayed open.

    Args:
        model: what is asked; one that cannot be asked again is asked once.
        checker: what else reads the chunk; the figures that it claims and the model does not are asked about again.
        chunk: what is read.
        report: the report's id.

    Raises:
        Unanswered: some or all of the chunk has no answer; it carries what the rest claims.
    """
    lost: Sequence[Lost] = ()
    try:
        reading = await model.aread(chunk, report)
    except Unanswered as error:
        reading, lost = error.reading, error.lost
        if not all(one.is_item for one in lost) or not isinstance(model, Rereading):
            raise
    if not isinstance(reading, Divided) and isinstance(model, Rereading) and model.passes > 1:
        wanted = await _claimed(checker, _left(reading, chunk), report) if checker else set()
        try:
            reading = await model.areread(chunk, reading, wanted, report)
        except ModelError as error:
            lost = [*lost, Lost(chunk.start, chunk.end, error)]
    if left := [*_unmended(lost, reading, chunk)]:
        assert isinstance(reading, Reading)
        raise Unanswered(reading, tuple(left))
    return reading


def _left(reading: Reading, chunk: Chunk) -> list[Chunk]:
    """The pieces of a chunk with figures that no claim holds for certain: there alone a checker has anything to say."""
    held = _held((claim for claim in reading.claims if not claim.doubted), chunk)
    open = [figure.start for figure in measuring(chunk.figures).values() if figure.start not in held]
    return [piece for piece in (pieces_of(chunk) if open else ()) if any(piece.start <= at < piece.end for at in open)]


def _held(claims: Iterable[Claim], chunk: Chunk) -> set[int]:
    """Where the figures begin that claims hold; a number that the chunk does not have is none."""
    numbers = {number for claim in claims for number in claim.numbers}
    return {chunk.figures[number - 1].start for number in numbers if number <= len(chunk.figures)}


async def _claimed(checker: Model, pieces: Iterable[Chunk], report: str) -> set[int]:
    """Where the figures begin that a checker claims; what it cannot read it does not claim."""
    found = set[int]()
    for piece in pieces:
        try:
            reading = await checker.aread(piece, report) if isinstance(checker, AsyncModel) else checker.read(piece)
        except ModelError:
            continue
        if isinstance(reading, Reading):
            found |= _held(reading.claims, piece)
    return found


def _unmended(lost: Sequence[Lost], reading: Reading | Divided, chunk: Chunk) -> Iterator[Lost]:
    """What is lost, without the items that another answer gave."""
    if not lost or isinstance(reading, Divided):
        return
    claimed = _held(reading.claims, chunk)
    quotes = [claim.quote for claim in reading.claims if claim.quote]
    for one in lost:
        mended = one.figure in claimed or (one.quote and any(alike(one.quote, quote) for quote in quotes))
        if not (one.is_item and mended):
            yield one
