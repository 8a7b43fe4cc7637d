"""A run: many inputs through one model into one folder, with a manifest of what was done."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from inspect import iscoroutinefunction
from os import PathLike
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol, Self

from llmx import __version__
from llmx.batch import Batching
from llmx.calls import LOG, Cost, Usage
from llmx.documents import Document, Given, Known, ids_of, parts_of, passed_over, read, same_twice
from llmx.errors import InputError, Stopped, UsageError
from llmx.extractor import Extractor
from llmx.models import Batched, Estimating, Model, ModelOptions, chosen
from llmx.outputs import MANIFEST, Earlier, Failure, InputSummary, Manifest, RunFolder
from llmx.outputs.commits import settle
from llmx.outputs.files import writing
from llmx.pipeline import opened, plan
from llmx.posted import by_post, order_of
from llmx.records import Record
from llmx.results import Result
from llmx.resume import Planned, Schedule, Unnamed, deciding, listed, schedule, source_of
from llmx.saved import SavedRun, summary_of
from llmx.task import Task, open_task

Input = str | PathLike[str] | Document


class Sink(Protocol):
    """Where a run's records go: a RunFolder, or Lines on a stream."""

    def add(self, records: Iterable[Record]) -> None:
        """Take the records of one report."""

    def keep(self, report: str) -> None:
        """Keep the records of a report that an earlier run left here."""

    def add_failure(self, failure: Failure) -> None:
        """Take a failure."""

    def finish(self, manifest: Manifest) -> list[Path]:
        """Make everything whole; return the files written."""


class Listener(Protocol):
    """Told how a run goes."""

    def begin(self, total: int) -> None:
        """The run begins, with so many inputs to read."""

    def step(self, name: str, result: Result) -> None:
        """One input is done."""


Told = Callable[[int, int, str, Result], object]
"""A listener as a plain function: how many inputs are done, of how many, this one's name and its result."""


@dataclass
class _Telling:
    """A plain function as a listener."""

    tell: Told
    done: int = 0
    total: int = 0

    def begin(self, total: int) -> None:
        self.total = total

    def step(self, name: str, result: Result) -> None:
        self.done += 1
        self.tell(self.done, self.total, name, result)


def _listener(given: Listener | Told | None) -> Listener | None:
    """A listener of either form.

    Raises:
        UsageError: it is none, or a coroutine function, which nobody would await.
    """
    if given is None or (hasattr(given, "begin") and hasattr(given, "step")):
        return given
    if not callable(given) or iscoroutinefunction(given):
        raise UsageError(f"listener {given!r}: give a plain function of (done, total, name, result)")
    return _Telling(given)


class _Halt:
    """By which another thread ends a run as a first Ctrl-C does."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._interruption: _Interruption | None = None

    def attach(self, interruption: _Interruption) -> None:
        """Say what is to be interrupted; at once where that was asked before."""
        self._interruption = interruption
        if self._asked.is_set():
            interruption.note()

    def __call__(self) -> None:
        self._asked.set()
        if self._interruption:
            self._interruption.note()


def run(
    inputs: Input | Sequence[Input],
    out: str | PathLike[str],
    model: str | Model = "rules",
    formats: str | Sequence[str] = ("jsonl",),
    *,
    retry_failed: bool = False,
    force: bool = False,
    column: str | None = None,
    known: Known | None = None,
    options: ModelOptions | None = None,
    task: Task | str | PathLike[str] | None = None,
    records: Sequence[type[Record]] = (),
    instructions: str = "",
    cassette: str | PathLike[str] | None = None,
    listener: Listener | Told | None = None,
    batch: bool | Batching = False,
    **given: Any,
) -> SavedRun:
    """Extract from files, folders and globs into a folder: what `llmx extract` does.

    A folder that holds a run is taken up: a report whose bytes, version, model and settings are the same is not read
    again, and of what failed only the failed stretches are asked.

    Args:
        inputs: paths, folders, globs or documents.
        out: the folder that is written.
        model: a model's name, or a Model.
        formats: any of jsonl, csv, parquet, xlsx: a list, or one text with commas.
        retry_failed: keep also what the folder holds of inputs that are not named this time.
        force: drop what the folder holds of other inputs, and replace that of another model or other settings.
        column: the column of a .csv, or the element of an .xml, that holds the text of a report.
        known: what is known of every report: its year, kind or place; columns of a .csv (year, kind, place) go before.
        options: how a language model is asked.
        task, records, instructions: what is extracted; see `Extractor`.
        cassette: recorded answers to replay: no key, no network.
        listener: told how many inputs there are to read, and each one's name and result, in order: an object with
            `begin` and `step`, or a function of (done, total, name, result).
        batch: whether the questions travel in batches, at the price of these, and how; it may take a day.
        given: single options by name, over `options`; see `ModelOptions`.

    Returns:
        The run, as `open_run` gives it; `manifest` says what was done. Inputs that failed are in failures.jsonl.

    Raises:
        OutputError: the folder cannot be written.
        UnknownModel: no model has that name.
        UsageError: a format is not known, a library is not installed, options do not fit together, or the folder holds
            records that would be lost; the message says how to keep or drop them.
    """
    wanted = open_task(task, records, instructions)
    settings = chosen(options, given)
    made = (inputs, Path(out), model, formats, retry_failed, force, column, known, settings, wanted, cassette)
    return _ran(*made, _listener(listener), None, Batching() if batch is True else batch or None)


async def arun(
    inputs: Input | Sequence[Input],
    out: str | PathLike[str],
    model: str | Model = "rules",
    formats: str | Sequence[str] = ("jsonl",),
    *,
    retry_failed: bool = False,
    force: bool = False,
    column: str | None = None,
    known: Known | None = None,
    options: ModelOptions | None = None,
    task: Task | str | PathLike[str] | None = None,
    records: Sequence[type[Record]] = (),
    instructions: str = "",
    cassette: str | PathLike[str] | None = None,
    listener: Listener | Told | None = None,
    **given: Any,
) -> SavedRun:
    """As `run`, without blocking the running loop; the listener is called from another thread.

    Who cancels it ends the run as Ctrl-C does: what is under way is finished and written down, and the same call goes on.
    """
    wanted = open_task(task, records, instructions)
    settings, halt = chosen(options, given), _Halt()
    made = (inputs, Path(out), model, formats, retry_failed, force, column, known, settings, wanted, cassette)
    work = asyncio.ensure_future(asyncio.to_thread(_ran, *made, _listener(listener), halt))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        halt()
        await asyncio.wait([work])
        raise


def _ran(
    inputs: Input | Sequence[Input],
    out: Path,
    model: str | Model,
    formats: str | Sequence[str],
    retry_failed: bool,
    force: bool,
    column: str | None,
    known: Known | None,
    settings: ModelOptions,
    task: Task,
    cassette: str | PathLike[str] | None,
    listener: Listener | None,
    halt: _Halt | None,
    batching: Batching | None = None,
) -> SavedRun:
    """A run, with all that it is made of said."""
    listed = [inputs] if isinstance(inputs, (str, PathLike, Document)) else list(inputs)
    unnamed = unnamed_of(out, retry_failed, force)
    settings = settings.with_(again=settings.again or retry_failed)
    names = [name.strip() for name in formats.split(",")] if isinstance(formats, str) else list(formats)
    with (
        RunFolder(out, names, task=task, force=force) as folder,
        Extractor(model, settings.heard_by(folder.ledger), known, task=task, cassette=cassette) as extractor,
        ExitStack() as stack,
    ):
        if batching:
            made = {"formats": names, "column": column, "retry_failed": retry_failed, "force": force}
            order = order_of(listed, model, settings, known, task, rest=batching.rest, **made)
            planned = partial(_planned, listed, extractor, folder.earlier, unnamed, column)
            posted = stack.enter_context(by_post(out, extractor, planned, batching, order))
        manifest = run_into(
            folder,
            listed,
            extractor,
            {"formats": names},
            listener,
            earlier=folder.earlier,
            unnamed=unnamed,
            column=column,
            halt=halt,
        )
        if batching and not manifest.interrupted:
            posted.remove()
    return SavedRun(out, manifest, task)


def _planned(
    inputs: Sequence[Given], extractor: Extractor, earlier: Earlier, unnamed: Unnamed, column: str | None
) -> list[Planned]:
    """What a run is to do for each input."""
    return schedule(parts_of(inputs, column), earlier, _made_with(_begun(extractor, {}, column)), unnamed).inputs


def unnamed_of(folder: Path, retry_failed: bool, force: bool) -> Unnamed:
    """What may become of reports that a folder holds and that are not among a run's inputs.

    Raises:
        UsageError: there is no run whose failures could be asked again.
    """
    if retry_failed:
        with writing(folder):
            settle(folder)
        if not (folder / MANIFEST).is_file():
            raise UsageError(f"{folder}: no run to retry; leave out --retry-failed, or give the --out of a run")
    return "dropped" if force else "kept" if retry_failed else "refused"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run will take, before anything is sent."""

    model: str
    reports: int
    unreadable: int
    chunks: int
    cached: int
    """Chunks whose answer the cache has."""
    usage: Usage
    """About how many tokens the others take; a second look adds about a tenth."""
    cost: Cost | None
    """Their price, where it is known."""
    batch_cost: Cost | None = None
    """Their price in batches, where there are batches and it is known."""


def estimate(
    inputs: Given | Sequence[Given],
    model: str | Model,
    options: ModelOptions | None = None,
    known: Known | None = None,
    task: Task | str | PathLike[str] | None = None,
    records: Sequence[type[Record]] = (),
    instructions: str = "",
    **given: Any,
) -> Estimate:
    """Count the calls and about the tokens of a run, and send nothing.

    Args:
        inputs: as for `run`.
        model: a language model; no key is needed.
        options, known, task, records, instructions, given: as for `run`.

    Raises:
        UsageError: the model is no language model.
    """
    wanted = open_task(task, records, instructions)
    with Extractor(model, _unsent(model, options, given), known, task=wanted) as extractor:
        asked = extractor.model
        if not isinstance(asked, Estimating):
            raise UsageError(f"{asked.name!r} sends no calls; a dry run is for language models")
        parts = parts_of([inputs] if isinstance(inputs, (str, PathLike, Document, InputError)) else inputs)
        sources = [part.called(id) for part, id in zip(parts, ids_of(parts, {}), strict=True)]
        documents = [opened(source) for source in sources if not isinstance(source, InputError)]
        texts = [document for document in documents if isinstance(document, Document)]
        answers = [asked.estimate(chunk) for document in texts for chunk in extractor.prepare(document).chunks]
        calls = [usage for cached, usage in answers if not cached]
        usage = Usage(
            prompt=sum(one.prompt or 0 for one in calls), completion=sum(one.completion or 0 for one in calls)
        )
        cached = len(answers) - len(calls)
        unread = len(parts) - len(texts)
        in_batches = asked.batch_price(usage) if isinstance(asked, Batched) else None
        return Estimate(asked.name, len(texts), unread, len(answers), cached, usage, asked.price(usage), in_batches)


def _unsent(model: str | Model, options: ModelOptions | None, given: Mapping[str, Any]) -> ModelOptions:
    """Options for a model that is not asked: it needs no key."""
    settings = chosen(options, given)
    keyless = model != "rules" and isinstance(model, str) and settings.api_key is None
    return settings.with_(api_key="none") if keyless else settings


def explain_cache(
    source: str | PathLike[str],
    model: str,
    options: ModelOptions | None = None,
    task: Task | str | PathLike[str] | None = None,
    records: Sequence[type[Record]] = (),
    instructions: str = "",
    **given: Any,
) -> Iterator[str]:
    """Say of each chunk of a report whether its answer is in the cache and, if not, in which parts of the key it differs
    from the nearest entry.

    Args:
        source: a report, as for `extract`.
        model: a language model; no key is needed.
        options, task, records, instructions, given: as for `run`; the cache is the one that they name.

    Returns:
        A line a chunk: its place, the beginning of its key, and what is known of it.

    Raises:
        InputError: the report cannot be read.
        UsageError: the model is no language model, or keeps no answers.
    """
    wanted = open_task(task, records, instructions)
    with Extractor(model, _unsent(model, options, given), task=wanted) as extractor:
        asked = extractor.model
        if not isinstance(asked, Estimating) or asked.cache is None:
            raise UsageError(f"{asked.name!r} keeps no answers; the cache is for language models")
        for chunk in plan(read(source), asked, extractor.task).chunks:
            key = asked.key(chunk)
            where = f"{chunk.start}–{chunk.end}  {key.digest[:16]}  "
            if entry := asked.cache.get(key):
                yield f"{where}hit, answered {entry.date}"
            elif nearest := asked.cache.nearest(key):
                yield f"{where}miss; the nearest entry ({nearest[0].date}) differs in: {', '.join(nearest[1])}"
            else:
                yield f"{where}miss; the cache is empty"


def run_into(
    sink: Sink,
    inputs: Sequence[Given],
    extractor: Extractor,
    settings: dict[str, Any],
    listener: Listener | None = None,
    earlier: Earlier | None = None,
    unnamed: Unnamed = "refused",
    column: str | None = None,
    halt: _Halt | None = None,
) -> Manifest:
    """Extract into a sink, telling of each report as it is done.

    Args:
        sink: where records and failures go.
        inputs: paths, folders, globs, documents, or what kept one from being read.
        extractor: what reads the reports.
        settings: written into the manifest, with those of the model.
        listener: told how many inputs there are to read, and each one's name and result, in order.
        earlier: what the sink holds of an earlier run.
        unnamed: what becomes of what it holds of other inputs; see `schedule`.
        column: the column of a .csv, or the element of an .xml, that holds the text of a report.
        halt: what another thread calls to end it as Ctrl-C does.

    Returns:
        The manifest. On Ctrl-C or SIGTERM a run sends nothing more, finishes what is under way, writes what it has and
        what the sink had, and says so in the manifest; a second one stops at once and leaves the folder as it was.

    Raises:
        UsageError: the sink holds records that would be lost.
    """
    clock = perf_counter()
    manifest = _begun(extractor, settings, column)
    earlier = earlier or Earlier(Path())
    made_with = _made_with(manifest)
    with _Interruption(extractor.stop) as interruption:
        if halt:
            halt.attach(interruption)
        parts = parts_of(inputs, column)
        plan = schedule(parts, earlier, made_with, unnamed)
        manifest.warnings += [*plan.warnings, *same_twice(parts), *passed_over(inputs)]
        taking = _Taking(sink, manifest, earlier, made_with, extractor.task)
        if listener:
            listener.begin(len(plan.inputs) - plan.kept)
        results = extractor.work(one.job() for one in plan.inputs if one.job)
        for one in plan.inputs:
            result = next(results, None) if one.job else None
            taking.take(one, result)
            if listener and result:
                listener.step(one.id, result)
        manifest.interrupted = interruption.asked
        taking.leave(plan, unnamed)
        for warning in manifest.warnings:
            LOG.warning("%s", warning)
        manifest.warnings += getattr(extractor.model, "warnings", [])
        manifest.finished, manifest.seconds = _iso(datetime.now().astimezone()), round(perf_counter() - clock, 3)
        sink.finish(manifest)
    return manifest


def _made_with(manifest: Manifest) -> dict[str, Any]:
    return deciding({"version": manifest.version, **manifest.settings})


def _begun(extractor: Extractor, settings: dict[str, Any], column: str | None) -> Manifest:
    model, task = extractor.model, extractor.task
    known = {name: value for name, value in asdict(extractor.known).items() if value is not None}
    settings = {"model": model.name, **settings, **known, **getattr(model, "settings", {}), **task.settings}
    settings |= {"column": column} if column else {}
    started = _iso(datetime.now().astimezone())
    return Manifest(version=__version__, model=model.name, task=task.reference, settings=settings, started=started)


class _Taking:
    """Writes results down and counts them, and what stays of the earlier run."""

    def __init__(self, sink: Sink, manifest: Manifest, earlier: Earlier, settings: dict[str, Any], task: Task) -> None:
        self.sink, self.manifest, self.earlier, self.settings, self.task = sink, manifest, earlier, settings, task
        self._failed: set[Failure] = set()

    def take(self, one: Planned, result: Result | None) -> None:
        """One input: its result; none where there was nothing to do, or where the run was stopped before."""
        if result is None and one.job:
            result = Result.failed(_not_read(one))
        if result and result.document:
            self._add(one, result, result.document)
            return
        for failure in result.failures if result else ():
            named = {} if failure.report else {"source": one.part.source}
            self._fail(failure.model_copy(update=named))
        if one.held:
            self._keep(one.held.model_copy(update={"source": one.part.source}) if one.held.source else one.held)

    def leave(self, plan: Schedule, unnamed: Unnamed) -> None:
        """What the folder holds of other inputs; a run that was interrupted drops nothing."""
        dropping = unnamed == "dropped" and not self.manifest.interrupted
        for summary in [*plan.closed, *([] if dropping else plan.unnamed)]:
            self._keep(summary)
        if dropping and plan.unnamed:
            names = [one.source or one.report for one in plan.unnamed]
            self.manifest.warnings.append(f"{listed(names)} of other inputs dropped")
        if unnamed == "kept" or self.manifest.interrupted:
            for failure in self.earlier.failures:
                if failure.report not in self.earlier.reports and source_of(failure) not in plan.sources:
                    self._fail(failure)

    def _add(self, one: Planned, result: Result, document: Document) -> None:
        self.sink.add(result.records)
        for failure in result.failures:
            self._fail(failure)
        summary = summary_of(document, result, self.settings, self.task)
        if one.again and one.held and one.held.sha256 == document.sha256:
            before = dict.fromkeys([*one.held.turned_away, *summary.turned_away])
            missing = [*one.held.missing, *summary.missing]
            summary = summary.model_copy(update={"turned_away": list(before), "missing": missing})
        self._count(summary)

    def _keep(self, summary: InputSummary) -> None:
        """A report as the folder holds it, with its failures."""
        self.sink.keep(summary.report)
        for failure in self.earlier.failed(summary.report):
            self._fail(failure)
        self._count(summary)
        self.manifest.taken_up += 1

    def _count(self, summary: InputSummary) -> None:
        self.manifest.inputs.append(summary)
        self.manifest.missing += len(summary.missing)
        for type, count in summary.records.items():
            self.manifest.records[type] = self.manifest.records.get(type, 0) + count

    def _fail(self, failure: Failure) -> None:
        if failure not in self._failed:
            self._failed.add(failure)
            self.sink.add_failure(failure)
            self.manifest.failures += 1


def _not_read(one: Planned) -> Failure:
    error = Stopped("not read: the run was interrupted; run the same command again to go on")
    return Failure.of(error, report=None, source=one.part.source, stage="read")


class _Interruption:
    """Notes the first Ctrl-C or SIGTERM instead of ending in the middle of a report; the second ends it as ever."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self.asked = False
        self._stop = stop

    def __enter__(self) -> Self:
        self._before: dict[int, Any] = {}
        if threading.current_thread() is threading.main_thread():  # elsewhere Python hears no signals
            self._before = {number: signal.signal(number, self._note) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)

    def note(self) -> None:
        """Begin nothing more."""
        self.asked = True
        self._stop()

    def _note(self, *_: object) -> None:
        self.note()
        self.__exit__()


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
