"""From a saved run to one file for another program or an office."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from os import PathLike
from pathlib import Path

from llmx.errors import InputError, OutputError, UsageError
from llmx.exports.databases import DATABASES, is_database
from llmx.exports.label_studio import write_label_studio
from llmx.exports.own import is_own
from llmx.exports.texts import ReportTexts
from llmx.outputs import check_formats, record_json
from llmx.outputs.columns import RowColumns
from llmx.outputs.files import check_place, make_folder, whole, writing
from llmx.outputs.tables import WRITERS
from llmx.records import Record
from llmx.saved import SavedRun, Selection, Source, taken
from llmx.task import Layout, Listed

RECORDS, LABEL_STUDIO = LAYOUTS = ("records", "label-studio")
"""What an export of any task holds: records as they are, or tasks of Label Studio; a task may have layouts of its own."""
_SUFFIXES = {
    RECORDS: (".jsonl", ".csv", ".xlsx", ".parquet", ".sqlite", ".db", ".duckdb"),
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
    run: Source,
    to: str | PathLike[str],
    *,
    layout: str | None = None,
    selection: Selection | None = None,
    reports: str | PathLike[str] | None = None,
    force: bool = False,
) -> Exported:
    """Write a run's records, or some of them, to one file: what `llmx export` does.

    Args:
        run: the folder of a run, a run, or results: what `llmx.extract` returned, for one document or several.
        to: the file to write; its suffix says in which format: .jsonl, .csv, .xlsx, .parquet, .sqlite (or .db), .duckdb,
            or .json for Label Studio.
        layout: records, label-studio, or one of the task's own: tasks, the list of commitments of government reports for
            a supervision office. Records unless given, of a .json label-studio.
        selection: which records; all unless given.
        reports: a folder that holds the reports, where they are not any more where the run read them.
        force: overwrite a file, or the tables `records` and `reports` of a database, that llmx did not write.

    Returns:
        The file, how many records it was made of, and the reports whose text was needed and is not at hand.

    Raises:
        InputError: the run cannot be read.
        OutputError: the file cannot be written, or is one that llmx did not write.
        UsageError: layout and suffix do not fit, a library is not installed, or results are of several tasks.
    """
    saved = taken(run)
    path = Path(to)
    layout = _layout(path, layout, saved.task.layouts)
    own = saved.task.layouts.get(layout)
    texts = ReportTexts(saved, saved.texts(reports))
    records = saved.select(selection)
    counted = _Counted(filter(own.takes, records) if own else records)
    write = _writer(own, path.suffix.lower(), saved, texts, force, selection or Selection())
    make_folder(path.parent)
    check_place(path)
    with writing(path):
        added = _is_added_to(path, force, saved.task.layouts)
    if layout == LABEL_STUDIO:
        write_label_studio(counted, texts, path, saved.task)
    elif added:
        with writing(path):
            write(counted, path)
    else:
        with whole(path) as hidden:
            write(counted, hidden)
    return Exported(path, counted.count, tuple(texts.faults))


Write = Callable[[Iterable[Record], Path], None]


def _layout(path: Path, layout: str | None, own: Mapping[str, Layout]) -> str:
    """The layout asked for, or what the suffix means; made sure that the two fit."""
    suffix = path.suffix.lower()
    layout = layout or (LABEL_STUDIO if suffix == ".json" else RECORDS)
    known = _SUFFIXES | {name: tuple(one.writers) for name, one in own.items()}
    if layout not in known:
        raise UsageError(f"no layout named {layout!r}; there are {', '.join(known)}")
    if suffix not in known[layout]:
        raise UsageError(f"{path}: {layout} are written as {', '.join(known[layout])}; give a file that ends so")
    return layout


def _is_added_to(path: Path, force: bool, own: Mapping[str, Layout]) -> bool:
    """Whether a file is a database that gets further tables, and not written anew.

    Raises:
        OSError: it cannot be read.
        OutputError: it is neither that nor llmx's own.
    """
    if not path.is_file():
        return False
    if path.suffix.lower() in DATABASES:
        return not force or is_database(path)
    if not force and not is_own(path, [one.beginning for one in own.values() if one.beginning]):
        raise OutputError(f"{path}: llmx did not write this file; give another, or --force to overwrite it")
    return False


def _writer(
    own: Layout | None, suffix: str, saved: SavedRun, texts: ReportTexts, force: bool, selection: Selection
) -> Write:
    """What writes the file, but for Label Studio's, which comes with another beside it.

    Raises:
        UsageError: its library is not installed.
    """
    if suffix in (".xlsx", ".parquet"):
        check_formats([suffix[1:]])
    if own:
        return lambda records, path: own.writers[suffix](_listed(saved, texts, records, selection), path)
    if suffix in DATABASES:
        return lambda records, path: DATABASES[suffix](records, saved.reports, path, saved.task, force=force)
    written = WRITERS.get(suffix[1:])
    beside = RowColumns.of_reports(saved.reports, saved.task)
    return (lambda records, path: written(records, path, saved.task, beside)) if written else _write_jsonl


class _Counted:
    """Records, counted as they pass."""

    def __init__(self, records: Iterator[Record]) -> None:
        self.records, self.count = records, 0

    def __iter__(self) -> Iterator[Record]:
        for record in self.records:
            self.count += 1
            yield record


def _write_jsonl(records: Iterable[Record], path: Path) -> None:
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{record_json(record)}\n" for record in records)


def _listed(saved: SavedRun, texts: ReportTexts, records: Iterable[Record], selection: Selection) -> Iterator[Listed]:
    """The reports that have any of the records; all reports, where all of them are asked for."""
    whole = selection.whole_reports
    every = [one.report for one in saved.reports] if whole and not selection.report else []
    for report, own in _with_empty(records, every):
        summary, document = texts.of(report)
        yield Listed(report, saved.facts(summary), saved.title(summary), document, own, whole)


def _with_empty(records: Iterable[Record], reports: Iterable[str]) -> Iterator[tuple[str, list[Record]]]:
    """Records by report, with the reports that have none where their turn is."""
    waiting, known, done = iter(reports), set(reports), set[str]()
    for report, own in groupby(records, key=lambda record: record.report):
        done.add(report)
        held = list(own)
        while report in known and (next_one := next(waiting, report)) != report:
            if next_one not in done:
                done.add(next_one)
                yield next_one, []
        yield report, held
    yield from ((report, []) for report in waiting if report not in done)
