"""A chunk as the question that a language model is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from llmx.claims import Reading
from llmx.figures import Figure
from llmx.grounding import find_quote
from llmx.prompting.asking import Asking, Question
from llmx.prompting.items import shortened
from llmx.prompting.marks import mark
from llmx.sections import Chunk, part_of, pieces_of


def first_question(asking: Asking, chunk: Chunk, claimed: Iterable[Figure] = ()) -> Question:
    """Ask for all records of a chunk.

    Args:
        asking: the words.
        chunk: what is asked about.
        claimed: figures that an earlier, cut answer already claimed; they are not marked again.
    """
    held = {figure.start for figure in claimed}
    marks = {number: figure for number, figure in asking.marks(chunk.figures).items() if figure.start not in held}
    pieces = pieces_of(chunk)
    words = [_filled(asking, piece, marks) for piece in pieces]
    return Question(chunk, marks, asking.opening, ({"role": "user", "content": "\n\n".join(words)},))


def _filled(asking: Asking, chunk: Chunk, marks: Mapping[int, Figure]) -> str:
    return asking.prompt.fill("chunk.md", **asking.place(chunk), text=_marked(asking, chunk, marks))


def _marked(asking: Asking, chunk: Chunk, marks: Mapping[int, Figure]) -> str:
    """A chunk's text with those of the marks that are in it."""
    within = {number: figure for number, figure in marks.items() if chunk.start <= figure.start < chunk.end}
    return mark(asking.escaped(chunk.text), chunk.start, within).strip("\n")


_MOST_POINTS = 20
"""Doubts that are asked about again at most; more are not the slip of an answer but its habit."""


def second_question(
    asking: Asking,
    chunk: Chunk,
    open: Mapping[int, Figure],
    doubts: Sequence[str],
    held: Mapping[int, Figure] = MappingProxyType({}),
) -> Question:
    """Ask once more about what stayed open.

    Args:
        asking: the words.
        chunk: what the first question was about.
        open: figures that nobody claimed and that look like records, by the number of their mark.
        doubts: what else of the first answer is to be looked at again, a sentence each.
        held: the figures that this holds: an item that is given again names them by their marks.
    """
    points = []
    if open:
        points.append(asking.unclaimed(open))
    points += [f"- {point}" for point in list(dict.fromkeys(doubts))[:_MOST_POINTS]]
    marks = dict(sorted({**open, **held}.items()))
    places = [figure.start for figure in open.values()]
    start, end = (chunk.start, chunk.end) if doubts else sentences(chunk, min(places), max(places))
    first, *others = pieces_of(part_of(chunk, start, end))
    words = [_marked(asking, first, marks)]
    words += [_filled(asking, piece, marks) for piece in others]
    place = asking.place(first)
    asked = asking.prompt.fill("second_look.md", open="\n".join(points), **place, text="\n\n".join(words))
    return Question(chunk, marks, (), ({"role": "user", "content": asked},))


def sentences(chunk: Chunk, first: int, last: int) -> tuple[int, int]:
    """Bounds, in the document, of the stretch of whole sentences that holds two of its places."""
    before = max(chunk.text.rfind(end, 0, first - chunk.start) for end in "。；\n")
    after = [at for at in (chunk.text.find(end, last - chunk.start) for end in "。；\n") if at >= 0]
    return chunk.start + before + 1, chunk.start + (min(after) + 1 if after else len(chunk.text))


def doubts_of(reading: Reading, chunk: Chunk, asking: Asking) -> dict[int, str]:
    """The claims of a reading that quote what the chunk does not have, or say what it does not bear out.

    Returns:
        By the claim's number in the reading, what is to be looked at again, in the words of a second question; a figure
        of which such words were said has none but its mark: an empty text.
    """
    found = {}
    for number, claim in enumerate(reading.claims):
        if claim.quote and find_quote(chunk.text, claim.quote, 0, len(chunk.text)) is None:
            found[number] = asking.unfound(shortened(claim.quote))
        elif claim.doubted:
            found[number] = asking.unborne(shortened(claim.doubted)) if claim.quote else ""
    return found
