"""A run: many inputs through one model into one folder, with a manifest of what was done."""

from __future__ import annotations

import signal
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from os import PathLike, fspath
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol, Self, get_args

from llmx import __version__
from llmx.documents import Document, find_inputs, report_ids
from llmx.errors import InputError
from llmx.models import Model, open_model
from llmx.outputs import Failure, InputSummary, Manifest, RunFolder
from llmx.pipeline import extract_or_fail
from llmx.records import Record, RecordType
from llmx.results import Result

Input = str | PathLike[str] | Document


class Sink(Protocol):
    """Where a run's records go: a RunFolder, or Lines on a stream."""

    def add(self, records: Iterable[Record]) -> None:
        """Take the records of one report."""

    def add_failure(self, failure: Failure) -> None:
        """Take a failure."""

    def finish(self, manifest: Manifest) -> list[Path]:
        """Make everything whole; return the files written."""


class Listener(Protocol):
    """Told how a run goes."""

    def begin(self, total: int) -> None:
        """The run begins, with so many inputs."""

    def step(self, name: str, result: Result) -> None:
        """One input is done."""


def run(
    inputs: Input | Sequence[Input],
    out: str | PathLike[str],
    model: str | Model = "rules",
    formats: Sequence[str] = ("jsonl",),
) -> Manifest:
    """Extract from files, folders and globs into a folder: what `llmx extract` does.

    Args:
        inputs: paths, folders, globs or documents.
        out: the folder that is written.
        model: a model's name, or a Model.
        formats: any of jsonl, csv, parquet, xlsx.

    Returns:
        The manifest, as in run.json. Inputs that failed are in failures.jsonl.

    Raises:
        OutputError: the folder cannot be written.
        UnknownModel: no model has that name.
        UsageError: a format is not known, or its library not installed.
    """
    opened = open_model(model)
    listed = [inputs] if isinstance(inputs, (str, PathLike, Document)) else list(inputs)
    with RunFolder(Path(out), formats) as folder:
        return run_into(folder, listed, opened, {"model": opened.name, "formats": list(formats)})


def run_into(
    sink: Sink,
    inputs: Sequence[Input | InputError],
    model: Model,
    settings: dict[str, Any],
    listener: Listener | None = None,
) -> Manifest:
    """Extract into a sink, telling of each report as it is done.

    Args:
        sink: where records and failures go.
        inputs: paths, folders, globs, documents, or what kept one from being read.
        model: what reads the reports.
        settings: written into the manifest.
        listener: told how many inputs there are, and each one's name and result, in order.

    Returns:
        The manifest. On Ctrl-C a run finishes the report at hand, writes what it has and says so in the manifest; a
        second Ctrl-C stops at once and leaves the folder as it was.
    """
    clock, started = perf_counter(), datetime.now().astimezone()
    manifest = Manifest(version=__version__, model=model.name, settings=settings, started=_iso(started))
    named = _named(inputs)
    if listener:
        listener.begin(len(named))
    with _Interruption() as interruption:
        for id, source in named:
            result = _extract(id, source, model)
            _take(sink, manifest, result)
            if listener:
                listener.step(id, result)
            if interruption.asked:
                manifest.interrupted = True
                break
    manifest.finished, manifest.seconds = _iso(datetime.now().astimezone()), round(perf_counter() - clock, 3)
    sink.finish(manifest)
    return manifest


class _Interruption:
    """Notes the first Ctrl-C instead of raising in the middle of a report; the second raises as ever."""

    def __init__(self) -> None:
        self.asked = False

    def __enter__(self) -> Self:
        self._before = signal.getsignal(signal.SIGINT)
        if threading.current_thread() is threading.main_thread():  # elsewhere Python hears no signals
            signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, self._before)

    def _note(self, *_: object) -> None:
        self.asked = True
        signal.signal(signal.SIGINT, self._before)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _named(inputs: Sequence[Input | InputError]) -> list[tuple[str, Path | Document | InputError]]:
    """Each input with the id that its report gets; an input that names nothing comes as its error."""
    found: list[Path | Document | InputError] = []
    for given in inputs:
        found += [given] if isinstance(given, (Document, InputError)) else find_inputs([fspath(given)])
    paths = list(dict.fromkeys(source for source in found if isinstance(source, Path)))
    ids = dict(zip(paths, report_ids(paths), strict=True))
    return [(_id(source, ids), source) for source in dict.fromkeys(found)]


def _id(source: Path | Document | InputError, ids: dict[Path, str]) -> str:
    """A path's own id, a document's, or the pattern that an error begins with."""
    if isinstance(source, Path):
        return ids[source]
    return source.id if isinstance(source, Document) else str(source).split(":")[0]


def _extract(id: str, source: Path | Document | InputError, model: Model) -> Result:
    if isinstance(source, InputError):
        return Result.failed(Failure.of(source, report=None, source=id, stage="read"))
    return extract_or_fail(source, model, id)


def _take(sink: Sink, manifest: Manifest, result: Result) -> None:
    """Write a result down and count it."""
    sink.add(result.records)
    for failure in result.failures:
        sink.add_failure(failure)
    manifest.failures += len(result.failures)
    if result.document is None:
        return
    summary = _summary(result.document, result)
    manifest.inputs.append(summary)
    for type, count in summary.records.items():
        manifest.records[type] = manifest.records.get(type, 0) + count


def _summary(document: Document, result: Result) -> InputSummary:
    counts: Counter[str] = Counter(record.type for record in result.records)
    unexplained = sum(one.reason is None for one in result.unclaimed)
    return InputSummary(
        report=document.id,
        source=document.source,
        sha256=document.sha256,
        encoding=document.encoding,
        characters=len(document.text),
        records={type: counts[type] for type in get_args(RecordType)},
        figures_claimed=sum(getattr(record, "figure", None) is not None for record in result.records),
        figures_unclaimed=unexplained,
        figures_explained=len(result.unclaimed) - unexplained,
        failures=len(result.failures),
        facts=result.facts.model_dump(mode="json") if result.facts else {},
    )
