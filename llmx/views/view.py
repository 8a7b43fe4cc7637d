"""From a run's folder to one page that holds all of it or, where it is large, a page a report with one over them."""

from __future__ import annotations

from collections.abc import Callable
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
from llmx.views.compared import Cells
from llmx.views.folder import Made, remove_folder, write_folder
from llmx.views.page import data_json, page_pieces, page_style
from llmx.views.report_data import fields_of, report_data
from llmx.views.types import classes_of, colour_of, type_data, words_of

PAGE = "view.html"
"""What the page is called in a run's folder."""
ONE_PAGE = 2_000_000
"""Characters of text that one page holds with all that is found in them: about 130 reports and 20 MB, which a browser has
read after half a second and shows in one table in a quarter; with twice as many it is a second, and 45 MB."""


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
    a table of records, the figures that nobody claimed, and charts; of several reports a list, a search and a comparison.
    Of more than two million characters it is the page over all reports, with a page a report in the folder beside it.

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
    make = _maker(saved, saved.texts(reports))
    if len(saved.reports) < 2 or sum(one.characters for one in saved.reports) <= ONE_PAGE:
        faults = _write_page(path, saved, make)
    else:
        faults = write_folder(path, _run(saved), saved.reports, make, saved.task)
    return View(path, tuple(faults.values()))


def _write_page(path: Path, saved: SavedRun, make: Callable[[InputSummary], Made]) -> dict[str, InputError]:
    """All of a run in one page; the faults of reports without text, by their ids."""
    cells, data, told = Cells(saved.task), [], []
    faults: dict[str, InputError] = {}
    for number, one in enumerate(map(make, saved.reports)):
        cells.add(number, one.records)
        data.append(data_json(report_data(one.records, one.document, saved.task, one.summary)))
        told.append(one.told)
        if one.fault:
            faults[one.summary.report] = one.fault
    pack = {thing: found for some in cells.packed(1) for thing, found in some.items()}
    run = _run(saved) | {"compared": cells.about([list(pack)]), "reports": told}
    # A name that is no UTF-8 (GBK, unpacked from an old archive) shows as question marks.
    with whole(path) as partial, open(partial, "w", encoding="utf-8", errors="replace", newline="\n") as file:
        file.writelines(page_pieces(run, data, data_json(pack)))
    remove_folder(path)
    return faults


def _maker(saved: SavedRun, texts: Texts) -> Callable[[InputSummary], Made]:
    """What reads a report with its records and its text, where that is to be had."""
    records_of = saved.by_report()

    def make(summary: InputSummary) -> Made:
        records, fault = records_of(summary.report), None
        document: Document | None = None
        try:
            document = texts.find(summary)
            _check_quotes(document, records)
        except InputError as error:
            document, fault = None, error
        return Made(summary, records, document, fault, _told(saved, summary, fault))

    return make


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


def _run(saved: SavedRun) -> dict[str, Any]:
    """What the page says of the run."""
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
        "listed": list(task.listed),
    }


def _told(saved: SavedRun, summary: InputSummary, fault: InputError | None) -> dict[str, Any]:
    """What the page says of a report before its own data is read."""
    facts, task = saved.facts(summary), saved.task
    told = facts.told
    return {
        "id": summary.report,
        "title": task.title(facts, summary.report),
        "short": task.short(facts, summary.report),
        "front": task.front(facts),
        "listed": [told.get(name) for name in task.listed],
        "counts": [summary.records.get(type, 0) for type in task.types],
        "figures": [summary.figures_claimed, summary.figures_unclaimed, summary.figures_explained],
        "characters": summary.characters,
        "failures": summary.failures,
        "fault": str(fault) if fault else None,
    }
