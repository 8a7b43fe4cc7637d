"""Which part of a report was labelled, where it is not the whole: half-open stretches of code points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Bounds = tuple[int, int]


def joined(stretches: Iterable[Bounds], text: str) -> tuple[Bounds, ...] | None:
    """Stretches in order, joined where nothing but blanks is between them; None if they leave out nothing but blanks.

    Args:
        stretches: in any order; they may overlap.
        text: the report's text.
    """
    found: list[Bounds] = []
    for start, end in sorted(stretches):
        if found and not text[found[-1][1] : start].strip():
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    left = "".join(text[start:end] for start, end in between(found, len(text)))
    return tuple(found) if left.strip() else None


def between(stretches: Sequence[Bounds], length: int) -> list[Bounds]:
    """What ordered stretches leave out of a text of some length."""
    ends = [0, *(end for _, end in stretches)]
    starts = [*(start for start, _ in stretches), length]
    return [(end, start) for end, start in zip(ends, starts, strict=True) if end < start]


def holds(stretches: Sequence[Bounds] | None, offset: int) -> bool:
    """Whether an offset is in the part that was labelled; None stands for the whole report."""
    return stretches is None or any(start <= offset < end for start, end in stretches)
