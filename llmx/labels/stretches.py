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


def moved(stretches: Iterable[Bounds], moves: Sequence[Bounds], length: int) -> list[Bounds]:
    """Stretches of a report that has changed since: each end goes with the label nearest to it inside.

    Args:
        stretches: as they were.
        moves: where labels began then, and where they begin now.
        length: of the text now.
    """
    found = []
    for start, end in stretches:
        # Without a label inside, what stands before went the same way, else what stands after.
        inside = sorted(one for one in moves if start <= one[0] < end)
        near = inside or sorted(one for one in moves if one[0] < start)[-1:] or sorted(moves)[:1] or [(0, 0)]
        first, last = near[0][1] - near[0][0], near[-1][1] - near[-1][0]
        found.append((min(max(start + first, 0), length), min(max(end + last, 0), length)))
    return [(start, end) for start, end in found if start < end]


def between(stretches: Sequence[Bounds], length: int) -> list[Bounds]:
    """What ordered stretches leave out of a text of some length."""
    ends = [0, *(end for _, end in stretches)]
    starts = [*(start for start, _ in stretches), length]
    return [(end, start) for end, start in zip(ends, starts, strict=True) if end < start]


def holds(stretches: Sequence[Bounds] | None, offset: int) -> bool:
    """Whether an offset is in the part that was labelled; None stands for the whole report."""
    return stretches is None or any(start <= offset < end for start, end in stretches)
