"""`llmx.panel`: from runs or results to a panel, as a DataFrame and as a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar, get_args

from llmx.errors import UsageError
from llmx.outputs.columns import RowColumns
from llmx.records import Measure
from llmx.results import Result
from llmx.saved import SavedRun
from llmx.tasks.government.indicators import Vocabulary, in_use, plain, using
from llmx.tasks.government.panel.cells import Row, Wanted
from llmx.tasks.government.panel.codebook import input_columns, long_columns, wide_columns
from llmx.tasks.government.panel.files import Panel, check_file, write_panel
from llmx.tasks.government.panel.frames import as_frame, check_pandas
from llmx.tasks.government.panel.rows import report_rows
from llmx.tasks.government.panel.sources import Reports, Source
from llmx.tasks.government.panel.wide import widened
from llmx.tasks.government.periods import PeriodKind

if TYPE_CHECKING:
    import pandas

ManyT = TypeVar("ManyT")
_WORDS = {
    "type": {
        **dict.fromkeys(("target", "targets", "目标"), "target"),
        **dict.fromkeys(("achievement", "achievements", "result", "results", "成果"), "achievement"),
    },
    "measure": {**{one: one for one in get_args(Measure)}, "水平": "level", "增速": "growth", "变动": "change"},
    "period": {one: one for one in get_args(PeriodKind)},
}
"""The words that options take, and what they mean."""
_NEAR = 8
"""Indicators that a message names."""


def panel(
    runs: Source | Sequence[Source],
    to: str | PathLike[str] | None = None,
    *,
    wide: bool = False,
    indicators: str | Iterable[str] = (),
    years: int | Iterable[int] = (),
    measures: str | Iterable[str] = (),
    types: str | Iterable[str] = ("target", "achievement"),
    periods: str | Iterable[str] = ("annual", "at_end"),
    scope: Literal["own", "all"] = "own",
    reports: str | PathLike[str] | None = None,
    force: bool = False,
) -> pandas.DataFrame:
    """A panel of regions by years by indicators: what is aimed at and what was reached.

    Args:
        runs: folders of runs, opened runs or results of `llmx.extract`; one or several. A report that is in two of them
            counts once.
        to: a file to write too: .xlsx (sheets long, wide and codebook), .csv (with a datapackage.json beside it), .dta
            (with Chinese labels) or .parquet.
        wide: a row for each region, year and period, and a variable for each indicator, measure, target or result;
            otherwise a row a figure.
        indicators: ids of the vocabulary, or names: gdp, 地区生产总值; all unless given.
        years: the years that figures speak of; all unless given.
        measures: any of level, growth and change; all unless given.
        types: target, achievement or both.
        periods: annual, average, cumulative, part_year, since, at_end, or all; years and ends of years
            unless given. A row is of one period only.
        scope: own leaves out figures of other areas and of parts (全国, 市本级); all has them in rows of their own.
        reports: a folder that holds the reports, where they are not any more where a run read them.
        force: overwrite a file that llmx did not write.

    Returns:
        The panel. Its `attrs` say under `left_out` how many figures of these indicators are of another year, measure,
        period or scope, and under `without_text` which reports' texts are not at hand.

    Raises:
        InputError: a run cannot be read.
        OutputError: the file cannot be written, or is one that llmx did not write.
        UsageError: an option is not known, or a library is not installed.
    """
    check_pandas()
    read = Reports([runs] if isinstance(runs, str | PathLike | SavedRun | Result) else list(runs), reports)
    with using(_vocabulary(read)):
        wanted = _wanted(indicators, years, measures, types, periods, scope)
        if to is not None:
            check_file(Path(to), force)
        made = _made(read, wanted)
        if to is not None:
            write_panel(made, Path(to), wide)
    return made.wide if wide else made.long


def _vocabulary(reports: Reports) -> Vocabulary:
    """The indicators of all runs; of two that users gave under one id the later run's."""
    own = (getattr(one.task, "vocabulary", None) for one in reports.opened)
    return Vocabulary.of(*(one.own for one in own if one and one.own))


def _wanted(
    indicators: str | Iterable[str],
    years: int | Iterable[int],
    measures: str | Iterable[str],
    types: str | Iterable[str],
    periods: str | Iterable[str],
    scope: str,
) -> Wanted:
    """The options, checked.

    Raises:
        UsageError: one is not known.
    """
    if scope not in ("own", "all"):
        raise UsageError(f"no scope named {scope!r}; there are own and all")
    spans = _listed(periods)
    return Wanted(
        frozenset(map(_indicator, _listed(indicators))),
        frozenset([years] if isinstance(years, int) else years),
        _known("measure", _listed(measures)),
        _known("type", _listed(types)) or Wanted().types,
        frozenset() if "all" in spans else _known("period", spans) or Wanted().periods,
        scope == "own",
    )


def _listed(given: str | Iterable[str]) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


def _known(option: str, given: Sequence[str]) -> frozenset[str]:
    words = _WORDS[option]
    for one in given:
        if one.lower() not in words:
            raise UsageError(f"no {option} named {one!r}; there are {', '.join(dict.fromkeys(words.values()))}")
    return frozenset(words[one.lower()] for one in given)


def _indicator(given: str) -> str:
    """The id of an indicator that is named by its id or by a name that no other has.

    Raises:
        UsageError: the vocabulary has none of that name, or several.
    """
    if given in in_use():
        return given
    named = [one for one in in_use() if plain(given) in map(plain, one.names())]
    official = [one for one in named if plain(one.name) == plain(given)]
    found = official or named
    if len(found) == 1:
        return found[0].id
    near = found or [one for one in in_use() if given in one.name or plain(given) in plain(one.name)]
    listed = ", ".join(f"{one.id} ({one.name})" for one in near[:_NEAR])
    what = f"{given!r} is the name of several indicators" if found else f"no indicator named {given!r}"
    advice = f"such as {listed}" if listed else "gdp for instance; the codebook of an .xlsx panel has those of a run"
    raise UsageError(f"{what}; give an id, {advice}")


def _made(reports: Reports, wanted: Wanted) -> Panel:
    """The panel in both forms."""
    rows, left_out, told = list[Row](), 0, list[tuple[str, Mapping[str, str]]]()
    for report in reports:
        found, others = report_rows(report, wanted)
        rows += found
        left_out += others
        told += [(report.id, report.row)] * len(found)
    wide, variables = widened(rows)
    given = RowColumns(told)
    inputs = input_columns(heading for heading, name in given.names.items() if name in given.columns)
    held = [{inputs[one].name: value for one, value in row.items() if one in inputs} for _, row in told]
    long, columns = [*long_columns(), *inputs.values()], wide_columns(variables)
    long_frame = as_frame([{**row, **more} for row, more in zip(rows, held, strict=True)] if inputs else rows, long)
    wide_frame = as_frame(wide, columns)
    for frame in (long_frame, wide_frame):
        frame.attrs |= {"left_out": left_out, "without_text": [str(fault) for fault in reports.faults]}
    return Panel(long_frame, wide_frame, long, columns)
