"""Lists of projects: a row a project with its name and what is invested in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from llmx.documents import Cell
from llmx.figures import Figure
from llmx.tasks.government.records import Stage
from llmx.tasks.government.tables.heads import WORDS, Units, bracketed, squeezed, unit_noted
from llmx.tasks.government.tables.names import is_total, name_of
from llmx.tasks.government.tables.values import figures_of

_LISTED = tuple((row["tells"], re.compile(row["pattern"])) for row in WORDS["listed"])
_STAGES: tuple[tuple[Stage, re.Pattern[str]], ...] = tuple(
    (row["stage"], re.compile(row["pattern"])) for row in WORDS["stage"]
)
_LONGEST = 60
"""Characters of a project's name."""


@dataclass(frozen=True, slots=True)
class Work:
    """A project of a list."""

    name: Cell
    end: Cell
    """The last cell that tells of it."""
    stage: Stage
    amount: Figure | None


def works_of(
    text: str, rows: Sequence[tuple[Cell, ...]], heads: Sequence[Sequence[str]], above: str
) -> tuple[tuple[Work, ...], tuple[Figure, ...]]:
    """The projects of a table and what is invested in them; none where its head does not name both.

    Args:
        text: the text.
        rows: the rows below the head.
        heads: for each column the words over it.
        above: the words over the table.
    """
    roles = {role: at for at, head in reversed(list(enumerate(heads))) if (role := _role(head))}
    if not {"name", "amount"} <= roles.keys():
        return (), ()
    units = bracketed("".join(heads[roles["amount"]]))[1] or unit_noted(above) or Units()
    works: list[Work] = []
    over = above
    for row in rows:
        filled = [cell for cell in row if cell.start < cell.end]
        if len(filled) == 1:
            over = text[filled[0].start : filled[0].end]
        elif (work := _work(text, row, roles, units, (over, above))) is not None:
            works.append(work)
    return tuple(works), tuple(work.amount for work in works if work.amount)


def _role(head: Sequence[str]) -> str | None:
    words = squeezed(bracketed("".join(head))[0])
    return next((tells for tells, pattern in _LISTED if pattern.fullmatch(words)), None)


def _work(text: str, row: Sequence[Cell], roles: dict[str, int], units: Units, over: Sequence[str]) -> Work | None:
    name, amount = row[roles["name"]], row[roles["amount"]]
    words = text[name.start : name.end]
    if not words or is_total(name_of(words).words) or len(words) > _LONGEST:
        return None
    figure = next(iter(figures_of(text[amount.start : amount.end], amount.start)), None)
    figure = figure and replace(figure, unit=figure.unit or units.level)
    said = row[roles["stage"]] if "stage" in roles else None
    told = [text[said.start : said.end]] if said else []
    stages = (stage for words in (*told, *over) if (stage := stage_of(words)))
    ends = [cell for cell in (name, amount if figure else None, said) if cell and cell.start < cell.end]
    return Work(name, max(ends, key=lambda cell: cell.end), next(stages, "ongoing"), figure)


def stage_of(words: str) -> Stage | None:
    """The stage that words of a list name: 续建 is ongoing."""
    return next((stage for stage, pattern in _STAGES if pattern.search(words)), None)
