"""From a run's folder to one page that holds all of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from llmx.documents import Document
from llmx.errors import InputError, UsageError
from llmx.outputs import InputSummary
from llmx.outputs.files import check_place, make_folder, whole
from llmx.records import Record
from llmx.saved import ChangedInput, HeldRun, SavedRun, Source, Texts, taken
from llmx.task.fields import PATH
from llmx.views.page import page_pieces, page_style
from llmx.views.report_data import fields_of, report_data
from llmx.views.types import classes_of, colour_of, type_data, words_of

PAGE = "view.html"
"""What the page is called in a run's folder."""


@dataclass(frozen=True, slots=True)
class View:
    """The page that was written."""

    path: Path
    """Where it stands."""
    faults: tuple[InputError, ...] = ()
    """Reports whose text could not be had again: the page shows their records without it."""


def view(
    run: Source,
    out: str | PathLike[str] | None = None,
    reports: str | PathLike[str] | None = None,
) -> View:
    """Write a run as one self-contained HTML page: what `llmx view --no-open` does.

    The page needs no network and no other file. It holds the reports' texts with every record marked, a heading tree,
    a table of records, the figures that nobody claimed, and charts.

    Args:
        run: the folder of a run, a run, or results: what `llmx.extract` returned, for one document or several.
        out: the file to write; view.html in the run's folder unless given. Results have no folder, and need it.
        reports: a folder that holds the reports, where they are not any more where the run read them.

    Returns:
        Where the page is, and the reports whose text it lacks.

    Raises:
        InputError: the run cannot be read, or there is no such folder of reports.
        OutputError: the page cannot be written.
        UsageError: results without `out`, of several tasks, or two of one report id.
    """
    saved = taken(run)
    if out is None and isinstance(saved, HeldRun):
        raise UsageError("results have no folder of their own; give the file to write: out='view.html'")
    path = Path(out) if out is not None else saved.folder / PAGE
    make_folder(path.parent)
    check_place(path)
    faults: dict[str, InputError] = {}
    data = list(_reports(saved, saved.texts(reports), faults))
    # A name that is no UTF-8 (GBK, unpacked from an old archive) shows as question marks.
    with whole(path) as partial, open(partial, "w", encoding="utf-8", errors="replace", newline="\n") as file:
        file.writelines(page_pieces(_run(saved, faults), data))
    return View(path, tuple(faults.values()))


def _reports(saved: SavedRun, texts: Texts, faults: dict[str, InputError]) -> Iterator[dict[str, Any]]:
    """The data of each report; faults are noted by the report's id."""
    records: defaultdict[str, list[Record]] = defaultdict(list)
    for record in saved.records():
        records[record.report].append(record)
    for summary in saved.reports:
        own = records[summary.report]
        document = _document(summary, own, texts, faults)
        yield report_data(own, document, saved.task, summary.outline)


def _document(
    summary: InputSummary, records: list[Record], texts: Texts, faults: dict[str, InputError]
) -> Document | None:
    try:
        document = texts.find(summary)
        _check_quotes(document, records)
    except InputError as error:
        faults[summary.report] = error
        return None
    return document


def _check_quotes(document: Document, records: list[Record]) -> None:
    """Make sure that every quote stands where its record says; a reader of another version may read other words.

    Raises:
        ChangedInput: one does not.
    """
    for record in records:
        if record.grounding == "exact" and document.text[record.start : record.end] != record.quote:
            raise ChangedInput(
                f"{document.source}: {record.quote!r} does not stand at {record.start}, where record {record.id} has "
                "it; run the extraction again with this version"
            )


def _run(saved: SavedRun, faults: dict[str, InputError]) -> dict[str, Any]:
    """What the page says of the run, and of each report before its own data is read."""
    manifest, task = saved.manifest, saved.task
    return {
        "name": saved.name,
        "model": manifest.model,
        "version": manifest.version,
        "started": manifest.started,
        "failures": manifest.failures,
        "interrupted": manifest.interrupted,
        "fields": fields_of(task),
        "lists": [name for name, kind in task.columns.items() if kind == PATH and name != "section"],
        "types": [one | {"colour": colour_of(task, one["name"])} for one in type_data(task, classes_of(page_style()))],
        "words": words_of(task),
        "facets": [list(facet) for facet in task.facets.items()],
        "charts": list(task.charts),
        "reports": [_summary(saved, summary, faults) for summary in saved.reports],
    }


def _summary(saved: SavedRun, summary: InputSummary, faults: dict[str, InputError]) -> dict[str, Any]:
    facts = saved.facts(summary)
    fault = faults.get(summary.report)
    return {
        "id": summary.report,
        "title": saved.title(summary),
        "short": saved.task.short(facts, summary.report),
        "front": saved.task.front(facts),
        "characters": summary.characters,
        "failures": summary.failures,
        "fault": str(fault) if fault else None,
    }
