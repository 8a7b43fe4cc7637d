"""The rows of a panel: the figures of each report, and a row for what a report has no figure of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from llmx.tasks.government.headlines import HEADLINES
from llmx.tasks.government.panel.absence import Said, named_in, said_without_number
from llmx.tasks.government.panel.cells import OF_RECORD, Cell, Row, Status, Wanted, figure_rows, folded, is_own, name_of
from llmx.tasks.government.panel.sources import Report

_NO_TEXT = "the report's text is not at hand"
_BLANK: Row = dict.fromkeys(OF_RECORD) | {name: one.default for name, one in Cell.model_fields.items()}


def report_rows(report: Report, wanted: Wanted) -> tuple[list[Row], int]:
    """The rows of one report.

    Args:
        report: the report.
        wanted: which figures. A row without a value is made for each indicator asked for, or else each headline one.

    Returns:
        The rows, and how many figures of wanted indicators were left out: of another year, measure, period or scope.
    """
    every = [row for row in figure_rows(report.records) if wanted.names(row["indicator_id"], row["type"])]
    taken = [row for row in every if wanted.has(row)]
    rows = folded(taken)
    for row in rows:
        row["section"] = " / ".join(row["section"])
    rows += _without_value(report, wanted, every, taken)
    return rows, len(every) - len(taken)


def _without_value(report: Report, wanted: Wanted, every: Sequence[Row], taken: Sequence[Row]) -> Iterator[Row]:
    """A row for each indicator of which no value is shown, for the year that the report plans and the one before it."""
    due = {type: year for type, year in _due(report).items() if type in wanted.types and _is_asked(year, wanted)}
    held = {(row["indicator_id"], row["type"]) for row in taken if row["year"] == due.get(row["type"])}
    said = _words(report, wanted, due, held)
    yield from (_worded(report, one, "stated_without_number", due, wanted) for one in said.values())
    asked = [(one, type) for one in wanted.indicators or HEADLINES for type in due]
    left = [key for key in asked if key not in held and key not in said]
    elsewhere = _elsewhere(every, left)
    unseen = [key for key in left if key not in elsewhere]
    named = named_in(report.document, report.sections, unseen, _read(report)) if report.document else {}
    for key in left:
        if key in elsewhere:
            yield _empty(report, *key, "stated_otherwise", due, wanted, elsewhere[key])
        elif key in named:
            yield _worded(report, named[key], "not_found", due, wanted)
        else:
            status: Status = "not_stated" if report.document else "not_found"
            yield _empty(report, *key, status, due, wanted, None if report.document else _NO_TEXT)


def _read(report: Report) -> list[int]:
    """Where the figures begin that are some indicator's of the vocabulary."""
    starts = (getattr(one, "figure_start", None) for one in report.records if getattr(one, "indicator_id", None))
    return [start for start in starts if start is not None]


def _due(report: Report) -> dict[str, int | None]:
    """The year of a report's targets and that of its results."""
    year = report.facts.year
    return {"target": year, "achievement": year and year - 1}


def _is_asked(year: int | None, wanted: Wanted) -> bool:
    return not wanted.years or year in wanted.years


def _words(
    report: Report, wanted: Wanted, due: Mapping[str, int | None], held: set[tuple[str, str]]
) -> dict[tuple[str, str], Said]:
    """The first clause for each indicator that the report speaks of without a number, where it has no value for it."""
    found: dict[tuple[str, str], Said] = {}
    if report.document is None:
        return found
    for one in said_without_number(report.document, report.sections, report.facts.place):
        key = (one.indicator, one.type)
        measured = not wanted.measures or one.measure is None or one.measure in wanted.measures
        timely = one.section.year in (None, due.get(one.type)) and one.type in due
        if timely and measured and wanted.names(*key) and key not in held:
            found.setdefault(key, one)
    return found


def _elsewhere(every: Iterable[Row], left: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """For what has no value shown, what figures of it the report has."""
    found: dict[tuple[str, str], dict[str, None]] = {key: {} for key in left}
    for row in every:
        words = " ".join(str(row[name]) for name in ("measure", "period", "year") if row[name] is not None)
        whose = "" if is_own(row["scope"]) else f" of {row['scope']}"
        found.get((row["indicator_id"], row["type"]), {})[words + whose] = None
    return {key: ", ".join(words) for key, words in found.items() if words}


def _empty(
    report: Report,
    indicator: str,
    type: str,
    status: Status,
    due: Mapping[str, int | None],
    wanted: Wanted,
    note: str | None = None,
) -> Row:
    """A row without a value."""
    facts, year = report.facts, due[type]
    measure = next(iter(wanted.measures)) if len(wanted.measures) == 1 else None
    own: dict[str, Any] = {"region": facts.place, "code": facts.code, "level": facts.level, "report": report.id}
    own |= {"report_year": facts.year, "report_kind": facts.kind, "model": report.model, "year": year, "type": type}
    own |= {"indicator_id": indicator, "indicator_name": name_of(indicator), "measure": measure}
    if year:
        own |= {"period": "annual", "period_start": str(year), "period_end": str(year)}
    return {**_BLANK, **own, "status": status, "mentions": 0, "note": note}


def _worded(report: Report, said: Said, status: Status, due: Mapping[str, int | None], wanted: Wanted) -> Row:
    """A row without a value, with the words that the report has."""
    row = _empty(report, said.indicator, said.type, status, due, wanted)
    assert report.document is not None
    return row | {
        "indicator": said.words,
        "measure": row["measure"] or said.measure,
        "mentions": 1,
        "quote": said.quote,
        "quote_start": said.start,
        "quote_end": said.start + len(said.quote),
        "section": " / ".join(said.section.path),
        "location": report.document.place(said.start),
    }
