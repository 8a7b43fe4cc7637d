"""Records of a table's cells: year and tense by the column, else by what stands over the table, else by its section."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

from llmx.analysis import Analysis
from llmx.grounding import Span
from llmx.records import Record
from llmx.sections import Chunk, Section, sections_of
from llmx.task import Tabled
from llmx.tasks.government.finishing import Grounder, measured
from llmx.tasks.government.scope import named_in, scope_of
from llmx.tasks.government.tables.heads import Column
from llmx.tasks.government.tables.reading import SUMS, Entry, TableOfFigures, TableOfWorks
from llmx.tasks.government.wording import FIRMNESS

_Tense = Literal["target", "achievement"]
MODEL = "tables"
"""What records of cells name as what produced them, whichever model reads the rest."""
_SUM = "累计"
"""What a bracket says that stands around a figure: 〔10〕 is the sum over all years of a plan."""
_YEAR = re.compile("(?<![0-9])((?:19|20)[0-9]{2}) ?年")
_PLANS = re.compile("计划|目标|预期|安排|任务")
_REPORTS, _TITLE = re.compile("公报|年鉴"), 100
"""What only reports says so in its title, within so many characters."""


def table_records(tabled: Tabled, analysis: Analysis) -> list[Record]:
    """One record a figure, or a project, of a table that `read_tables` found in the analysis's text."""
    reading = analysis.reading
    section = next(one for one in reversed(analysis.sections) if one.start <= tabled.start)
    chunk = Chunk(tabled.start, tabled.end, reading.text[tabled.start : tabled.end], section, tabled.figures)
    grounder = Grounder(chunk, analysis, sections_of(analysis.sections, chunk), MODEL)
    if isinstance(tabled, TableOfWorks):
        return list(_projects(tabled, grounder, section))
    assert isinstance(tabled, TableOfFigures)
    return [_record(entry, tabled, grounder, section) for entry in tabled.entries]


def _record(entry: Entry, table: TableOfFigures, grounder: Grounder, section: Section) -> Record:
    figure, column = entry.figure, entry.column
    planned = grounder.whose["report_year"]
    year = _year(column, table.caption, section, planned)
    fields = measured(figure, "han") | {"kind": "quantified", "indicator": entry.indicator, "year": year}
    scope = scope_of(entry.indicator, grounder.level) or named_in(entry.indicator, grounder.whose["region"])
    summed = grounder.document.text[figure.start - 1] in SUMS
    fields |= grounder.placed(figure, entry.indicator, scope, year, section.path, _SUM if summed else column.words)
    fields["scope"] = scope
    title = grounder.document.text[:_TITLE]
    reports = column.tense != "plan" and _REPORTS.search(title) is not None
    type: _Tense = "achievement" if reports else _type(column, year, table.caption, section, planned)
    if type == "target" and fields["commitment"] is None:
        fields["commitment"] = next((word for word in FIRMNESS if word in column.words), None)
    span = Span(min(entry.name.start, figure.start - figure.before), max(entry.name.end, figure.end + figure.after))
    fields["location"] = table.table.location(entry.cell, _place(grounder.analysis, span.start))
    return grounder.record(type, span, section, fields)


def _place(analysis: Analysis, start: int) -> str | None:
    """The place in the source file of an offset of the text that is read."""
    return analysis.document.place(analysis.clean.stored(start, start + 1)[0] if analysis.clean else start)


def _year(column: Column, caption: str, section: Section, planned: int | None) -> int | None:
    """The year of a column's figures."""
    if column.year:
        return column.year
    titled = int(years[-1]) if (years := _YEAR.findall(caption)) else None
    if column.after is not None:
        base = titled if titled and (planned is None or not column.tense) else planned or titled
        return base + column.after if base else None
    if column.tense == "plan":
        return planned or titled
    if column.tense:
        over = planned and titled in (None, planned) and (titled is None or _PLANS.search(caption))
        return planned - 1 if planned and over else titled
    return titled or section.year


def _type(column: Column, year: int | None, caption: str, section: Section, planned: int | None) -> _Tense:
    """Whether a column promises or reports: by its words, its year, the table's title, its section."""
    if column.tense in ("plan", "outcome"):
        return "target" if column.tense == "plan" else "achievement"
    if year and planned and (column.year or column.after is not None or column.tense):
        return "target" if year >= planned else "achievement"
    if column.tense:
        return "achievement"
    return "target" if section.planned or (_PLANS.search(caption) and not section.year) else "achievement"


def _projects(table: TableOfWorks, grounder: Grounder, section: Section) -> Iterator[Record]:
    titled = _YEAR.findall(table.caption)
    planned = section.planned or _PLANS.search(table.caption) is not None
    for work in table.works:
        span = Span(work.name.start, max(work.name.end, work.end.end))
        fields: dict[str, Any] = {
            "name": grounder.document.text[work.name.start : work.name.end],
            "stage": work.stage,
            "status": "planned" if planned else "reported",
            "year": int(titled[-1]) if titled else section.year,
            "amount": work.amount and work.amount.value,
            "amount_unit": work.amount and work.amount.unit,
            "location": table.table.location(work.name, _place(grounder.analysis, span.start)),
        }
        yield grounder.record("project", span, section, fields)
