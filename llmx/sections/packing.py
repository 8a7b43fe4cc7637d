"""An outline as plain lists, for a run's folder: what a run saw is what its page and its scores show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from llmx.errors import InputError
from llmx.sections.section import Section


def packed(sections: Iterable[Section]) -> list[list[Any]]:
    """A list a section: start, level, heading, role, year, planned, margin; ends and paths follow from these."""
    return [[one.start, one.level, one.heading, one.role, one.year, one.planned, one.margin] for one in sections]


def unpacked(rows: Sequence[Sequence[Any]], length: int) -> tuple[Section, ...]:
    """The sections that were packed.

    Args:
        rows: what `packed` gave.
        length: of the text that they tile, in code points.

    Raises:
        InputError: they are no such lists.
    """
    sections: list[Section] = []
    path: tuple[str, ...] = ()
    try:
        ends = [*(row[0] for row in rows[1:]), length]
        for (start, level, heading, role, year, planned, margin), end in zip(rows, ends, strict=False):
            path = (*path[: level - 1], heading) if heading else path[: max(0, level - 1)]
            sections.append(Section(start, end, level, heading, path, role, year, planned, margin))
    except (TypeError, ValueError, IndexError) as error:
        raise InputError(f"a damaged outline: {error}; run the extraction again") from error
    return tuple(sections)
