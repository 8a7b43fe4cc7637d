"""Sections into chunks of a size that a model reads well."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from llmx.figures import Figure, Script, script_of
from llmx.sections.section import Chunk, Section
from llmx.sentences import latin_ends

BUDGET = 1500
"""Characters in a chunk, unless one sentence has more."""

_SENTENCE_END = re.compile(r"[。！？；!?\n](?:(?<=\n)|[”’」』）)]*)")  # one set first: twice as fast as two branches


def split_chunks(
    text: str, sections: Sequence[Section], figures: Sequence[Figure], budget: int = BUDGET, across: bool = False
) -> list[Chunk]:
    """Cut a document into chunks.

    Args:
        text: the document's text.
        sections: its sections, in text order, tiling it.
        figures: its figures, in text order.
        budget: the most characters a chunk may have; a longer single sentence is one chunk.
        across: whether a chunk may be filled over borders of role, year and tense, which its `parts` then name; never
            over those of a glossary.

    Returns:
        Chunks in text order that tile the text. Unless `across`, neighbouring sections share a chunk only if they stand
        in the same outermost section and agree in role, year and tense.
    """
    starts = [figure.start for figure in figures]
    return [
        Chunk(
            start,
            end,
            text[start:end],
            held[0],
            tuple(figures[bisect_left(starts, start) : bisect_left(starts, end)]),
            _parts(held, start, end),
        )
        for start, end, held in _stretches(text, sections, budget, across)
    ]


def _stretches(
    text: str, sections: Sequence[Section], budget: int, across: bool
) -> Iterator[tuple[int, int, list[Section]]]:
    """Bounds of the chunks, each with its sections: sections filled up to the budget, long ones cut."""
    held: tuple[int, int, list[Section]] | None = None
    for section in sections:
        joins = held and (_joined(held[2][-1], section) if across else _alike(held[2][0], section))
        if held and joins and section.end - held[0] <= budget:
            held = (held[0], section.end, [*held[2], section])
            continue
        if held:
            yield held
        *whole, rest = _pieces(text, section.start, section.end, budget)
        for start, end in whole:
            yield start, end, [section]
        held = (*rest, [section])
    if held:
        yield held


def _parts(sections: Sequence[Section], start: int, end: int) -> tuple[Section, ...]:
    """Sections with those that are alike made one, within the bounds of a chunk; none where all are."""
    if all(_alike(sections[0], section) for section in sections[1:]):
        return ()
    parts: list[Section] = []
    for section in sections:
        if parts and _alike(parts[-1], section):
            parts[-1] = replace(parts[-1], end=min(section.end, end))
        else:
            parts.append(replace(section, start=max(section.start, start), end=min(section.end, end)))
    return tuple(parts)


def _joined(a: Section, b: Section) -> bool:
    return (a.role == "glossary") == (b.role == "glossary")


def _alike(a: Section, b: Section) -> bool:
    return (a.path[:1], a.role, a.year, a.planned) == (b.path[:1], b.role, b.year, b.planned)


def _pieces(text: str, start: int, end: int, budget: int) -> list[tuple[int, int]]:
    """Cut a stretch at sentence ends, each piece as long as the budget allows."""
    pieces = []
    begin = start
    last = start
    if end - start > budget:
        for at in _ends(text, start, end, script_of(text)):
            if at - begin > budget and last > begin:
                pieces.append((begin, last))
                begin = last
            last = at
        if end - begin > budget and begin < last < end:
            pieces.append((begin, last))
            begin = last
    return [*pieces, (begin, end)]


def _ends(text: str, start: int, end: int, script: Script) -> Iterable[int]:
    """Where the sentences of text[start:end] end."""
    if script == "latin":
        return latin_ends(text, start, end)
    return (match.end() for match in _SENTENCE_END.finditer(text, start, end))


def part_of(chunk: Chunk, start: int, end: int) -> Chunk:
    """The part of a chunk between two places of the document."""
    figures = tuple(figure for figure in chunk.figures if start <= figure.start < end)
    held = [part for part in chunk.parts if part.start < end and start < part.end]
    text = chunk.text[start - chunk.start : end - chunk.start]
    return Chunk(start, end, text, held[0] if held else chunk.section, figures, _parts(held, start, end))


def pieces_of(chunk: Chunk) -> list[Chunk]:
    """A chunk cut at its borders of role, year and tense."""
    return [part_of(chunk, part.start, part.end) for part in chunk.parts] or [chunk]


def halves(chunk: Chunk) -> tuple[Chunk, Chunk] | None:
    """A chunk cut at the sentence end nearest its middle; None where it is one sentence."""
    text = chunk.text
    found = _ends(text, 0, len(text), script_of(text))
    ends = [at for at in found if text[:at].strip() and text[at:].strip()]
    if not ends:
        return None
    middle = chunk.start + min(ends, key=lambda at: abs(2 * at - len(text)))
    return part_of(chunk, chunk.start, middle), part_of(chunk, middle, chunk.end)
