"""From a saved run to one file for another program or an office."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from os import PathLike
from pathlib import Path

from llmx.documents import Document
from llmx.errors import InputError, UsageError
from llmx.exports.databases import write_duckdb, write_sqlite
from llmx.exports.task_tables import TaskList, write_task_csv, write_task_xlsx
from llmx.exports.tasks import tasks
from llmx.outputs import check_formats, record_json
from llmx.outputs.files import check_place, make_folder, whole
from llmx.outputs.tables import WRITERS
from llmx.records import Record
from llmx.saved import SavedRun, Selection, Texts, open_run, place_and_year, report_title

RECORDS, TASKS, LABEL_STUDIO = LAYOUTS = ("records", "tasks", "label-studio")
"""What an export holds: records as they are, a list of tasks (任务分解表), or tasks of Label Studio."""
_SUFFIXES = {
    RECORDS: (".jsonl", ".csv", ".xlsx", ".parquet", ".sqlite", ".db", ".duckdb"),
    TASKS: (".xlsx", ".csv"),
    LABEL_STUDIO: (".json",),
}


@dataclass(frozen=True, slots=True)
class Exported:
    """The file that was written."""

    path: Path
    """Where it stands."""
    records: int
    """How many records were taken."""
    faults: tuple[InputError, ...] = ()
    """Reports whose text was needed and could not be had again."""


def export(
    run: str | PathLike[str] | SavedRun,
    to: str | PathLike[str],
    *,
    layout: str | None = None,
    selection: Selection | None = None,
    reports: str | PathLike[str] | None = None,
) -> Exported:
    """Write a run's records, or some of them, to one file: what `llmx export` does.

    Args:
        run: the folder of a run.
        to: the file to write; its suffix says in which format: .jsonl, .csv, .xlsx, .parquet, .sqlite (or .db), .duckdb,
            or .json for Label Studio.
        layout: records; tasks, a list of commitments for a supervision office (任务分解表), as .xlsx or .csv; or
            label-studio. Records unless given, of a .json label-studio.
        selection: which records; all unless given.
        reports: a folder that holds the reports, where they are not any more where the run read them.

    Returns:
        The file, how many records it was made of, and the reports whose text was needed and is not at hand.

    Raises:
        InputError: the run cannot be read.
        OutputError: the file cannot be written.
        UsageError: layout and suffix do not fit, or a library is not installed.
    """
    saved = run if isinstance(run, SavedRun) else open_run(run)
    path = Path(to)
    layout = _layout(path, layout)
    texts = _Texts(Texts(reports))
    counted = _Counted((selection or Selection()).of(saved.records(), [one.report for one in saved.reports]))
    write = _writer(layout, path.suffix.lower(), saved, texts)
    make_folder(path.parent)
    check_place(path)
    with whole(path) as hidden:
        write(counted, hidden)
    return Exported(path, counted.count, tuple(texts.faults))


Write = Callable[[Iterable[Record], Path], None]


def _layout(path: Path, layout: str | None) -> str:
    """The layout asked for, or what the suffix means; made sure that the two fit."""
    suffix = path.suffix.lower()
    layout = layout or (LABEL_STUDIO if suffix == ".json" else RECORDS)
    if layout not in LAYOUTS:
        raise UsageError(f"no layout named {layout!r}; there are {', '.join(LAYOUTS)}")
    if suffix not in _SUFFIXES[layout]:
        raise UsageError(f"{path}: {layout} are written as {', '.join(_SUFFIXES[layout])}; give a file that ends so")
    return layout


def _writer(layout: str, suffix: str, saved: SavedRun, texts: _Texts) -> Write:
    """What writes the file.

    Raises:
        UsageError: its library is not installed.
    """
    if suffix in (".xlsx", ".parquet"):
        check_formats([suffix[1:]])
    if layout == TASKS:
        return partial(_write_tasks, saved, texts, write_task_csv if suffix == ".csv" else write_task_xlsx)
    if layout == LABEL_STUDIO:
        return partial(_write_label_studio, saved, texts)
    if suffix in (".sqlite", ".db"):
        return lambda records, path: write_sqlite(records, saved.reports, path)
    if suffix == ".duckdb":
        return lambda records, path: write_duckdb(records, saved.reports, path)
    return _write_jsonl if suffix == ".jsonl" else WRITERS[suffix[1:]]


class _Counted:
    """Records, counted as they pass."""

    def __init__(self, records: Iterator[Record]) -> None:
        self.records, self.count = records, 0

    def __iter__(self) -> Iterator[Record]:
        for record in self.records:
            self.count += 1
            yield record


class _Texts:
    """Texts of reports; what keeps one from being had is noted, and the rest goes on."""

    def __init__(self, texts: Texts) -> None:
        self.texts, self.faults = texts, list[InputError]()

    def document(self, saved: SavedRun, report: str) -> Document | None:
        summary = next(one for one in saved.reports if one.report == report)
        try:
            return self.texts.find(summary)
        except InputError as error:
            self.faults.append(error)
            return None


def _write_jsonl(records: Iterable[Record], path: Path) -> None:
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{record_json(record)}\n" for record in records)


def _write_tasks(
    saved: SavedRun, texts: _Texts, write: Callable[[Iterable[TaskList], Path], None], records: Iterable[Record], path: Path
) -> None:
    write(_task_lists(saved, texts, records), path)


def _task_lists(saved: SavedRun, texts: _Texts, records: Iterable[Record]) -> Iterator[TaskList]:
    """The tasks of each report that has any."""
    summaries = {one.report: one for one in saved.reports}
    for report, own in groupby(records, key=lambda record: record.report):
        summary = summaries[report]
        found = list(tasks(own, summary, texts.document(saved, report)))
        if found:
            yield TaskList(report_title(summary), place_and_year(summary) or report, found)


def _write_label_studio(saved: SavedRun, texts: _Texts, records: Iterable[Record], path: Path) -> None:
    """Tasks of Label Studio with the records as predictions, by the room of labels.

    Raises:
        UsageError: this version has no such room.
    """
    raise UsageError("Label Studio")
