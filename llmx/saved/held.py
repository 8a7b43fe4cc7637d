"""Results in memory, taken as a run is: to be shown, exported or saved without a folder between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from os import PathLike
from pathlib import Path

from llmx.documents import Document
from llmx.errors import OutputError, UsageError
from llmx.outputs import InputSummary, Manifest, RunFolder
from llmx.records import Record
from llmx.results import Result
from llmx.saved.opening import open_run
from llmx.saved.run import SavedRun
from llmx.saved.summary import summary_of
from llmx.saved.texts import Texts
from llmx.task import open_task

Source = str | PathLike[str] | SavedRun | Result | Sequence[Result]
"""What is taken where records are: a run, its folder, or results."""


@dataclass(frozen=True, slots=True)
class HeldRun(SavedRun):
    """Results as if they had been saved; they have no folder."""

    results: tuple[Result, ...] = ()
    """What was found, a report each."""

    @property
    def name(self) -> str:
        """The report's id; of several how many they are."""
        ids = [one.report for one in self.reports]
        return ids[0] if len(ids) == 1 else f"{len(ids)} reports"

    def records(self) -> Iterator[Record]:
        """The records, report by report and in text order."""
        for result in self.results:
            yield from result.records

    def by_report(self) -> Callable[[str], list[Record]]:
        """What gives the records of one report, by its id."""
        found = {one.document.id: list(one.records) for one in self.results if one.document}
        return found.__getitem__

    def texts(self, reports: str | PathLike[str] | None = None) -> Texts:  # noqa: ARG002 (they are at hand)
        """The documents that the results hold."""
        return _HeldTexts(self.results)


class _HeldTexts(Texts):
    def __init__(self, results: Sequence[Result]) -> None:
        super().__init__(Path())
        self._documents = {one.document.id: one.document for one in results if one.document}

    def find(self, summary: InputSummary) -> Document:
        """A report's document, as its result holds it."""
        return self._documents[summary.report]


def taken(source: Source) -> SavedRun:
    """A run that is open, of a folder, or made of results.

    Raises:
        InputError: a folder's run cannot be read.
        TaskError: its task is not to be had.
        UsageError: results of several tasks, or two of one report id.
    """
    if isinstance(source, SavedRun):
        return source
    if isinstance(source, (str, PathLike)):
        return open_run(source)
    return _held((source,) if isinstance(source, Result) else tuple(source))


def _held(results: tuple[Result, ...]) -> HeldRun:
    if strange := [one for one in results if not isinstance(one, Result)]:
        raise UsageError(f"{strange[0]!r:.80} is no result; give what llmx.extract returns, a run, or its folder")
    tasks = list({id(one.task): one.task for one in results if one.task}.values())
    if len(tasks) > 1:
        raise UsageError(f"results of {len(tasks)} tasks, {', '.join(one.name for one in tasks)}; give those of one")
    task = tasks[0] if tasks else open_task()
    read = [(one.document, one) for one in results if one.document]
    (report, times), *_ = Counter(document.id for document, _ in read).most_common(1) or [("", 0)]
    if times > 1:
        raise UsageError(
            f"{times} results of a report {report!r}; read each with an id of its own: llmx.read(path, id=…)"
        )
    summaries = [summary_of(document, one, {}, task) for document, one in read]
    manifest = _manifest(results, task.reference, summaries)
    manifest.settings |= task.settings
    manifest.given = dict(task.given)
    return HeldRun(Path(), manifest, task, results)


def _manifest(results: Sequence[Result], task: str, summaries: list[InputSummary]) -> Manifest:
    from llmx import __version__

    counts: Counter[str] = Counter()
    for one in summaries:
        counts.update(one.records)
    models = dict.fromkeys(record.model for result in results for record in result.records)
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    return Manifest(
        version=__version__,
        model=" + ".join(models) or "not known",
        task=task,
        settings={},
        started=now,
        finished=now,
        inputs=summaries,
        reports=len(summaries),
        figures_claimed=sum(one.figures_claimed for one in summaries),
        figures_unclaimed=sum(one.figures_unclaimed for one in summaries),
        records=dict(counts),
        failures=sum(len(one.failures) for one in results),
        missing=sum(len(one.missing) for one in summaries),
    )


def save(
    results: Result | Sequence[Result],
    folder: str | PathLike[str],
    formats: str | Sequence[str] = ("jsonl",),
    *,
    force: bool = False,
) -> SavedRun:
    """Write results as a run's folder, as `llmx.run` leaves one.

    Args:
        results: what `llmx.extract` returned, for one document or several.
        folder: made if it is not there.
        formats: any of jsonl, csv, parquet, xlsx; records.jsonl is always written.
        force: replace a run that the folder holds.

    Returns:
        The run. Its manifest says when it was saved; the settings of a language model are not in a result, so that a
        later run into the folder reads the reports anew.

    Raises:
        OutputError: the folder cannot be written, or holds a run.
        UsageError: a format is not known or its library not installed; results of several tasks, or two of one report id.
    """
    held, path = _held((results,) if isinstance(results, Result) else tuple(results)), Path(folder)
    names = [formats] if isinstance(formats, str) else list(formats)
    with RunFolder(path, names, task=held.task, force=force) as sink:
        if sink.earlier.manifest and not force:
            raise OutputError(f"{path}: holds a run already; give another folder, or force=True to replace it")
        for result in held.results:
            sink.add(result.records)
            for failure in result.failures:
                sink.add_failure(failure)
        sink.finish(held.manifest)
    return SavedRun(path, held.manifest, held.task)
