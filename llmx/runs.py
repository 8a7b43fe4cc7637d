"""A run: many inputs through one model into one folder, with a manifest of what was done."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from os import PathLike
from pathlib import Path
from time import perf_counter
from typing import Any, Literal

from llmx import __version__
from llmx.calls import LOG, Cost, Usage
from llmx.documents import Document, Given, Known, ids_of, parts_of, passed_over, read, same_twice
from llmx.errors import InputError, UsageError
from llmx.extractor import Extractor
from llmx.keeping import Keeping, Sink, unnamed_of
from llmx.listening import Halt, Interruption, Listener, Told, listener_of
from llmx.models import Estimating, Model, ModelOptions, chosen
from llmx.outputs import Earlier, Manifest, RunFolder
from llmx.pipeline import opened, plan
from llmx.records import Record
from llmx.resume import Unnamed, deciding, schedule
from llmx.saved import SavedRun
from llmx.saved.sharded import ShardedRun
from llmx.shards import run_shards, shards_wanted, write_manifest
from llmx.sizing import LATENCY, Duration, Pace, duration
from llmx.taking import taker_of
from llmx.task import Task, open_task

_SECOND_LOOK = 1.1
"""Calls with second looks over those without."""
Input = str | PathLike[str] | Document


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
    jobs: int | Literal["auto"] | None = None,
    shards: int | None = None,
    engine: Literal["ray"] | None = None,
    **given: Any,
) -> SavedRun:
    """Extract from files, folders and globs into a folder: what `llmx extract` does.

    A folder that holds a run is taken up: a report whose bytes, version, model and settings are the same is not read
    again, and of what failed only the failed stretches are asked.

    Args:
        inputs: paths, folders, globs or documents.
        out: the folder that is written, or a URL that fsspec knows.
        model: a model's name, or a Model.
        formats: any of jsonl, csv, parquet, xlsx: a list, or one text with commas.
        retry_failed: keep also what the folder holds of inputs that are not named this time.
        force: drop what the folder holds of other inputs, and replace that of another model or other settings.
        column: the column of a .csv, or the element of an .xml, that holds the text of a report.
        known: what is known of every report: its year, kind or place; columns of a .csv (year, kind, place) go before.
        options: how a language model is asked.
        task, records, instructions: what is extracted; see `Extractor`.
        cassette: recorded answers to replay: no key, no network.
        listener: told how many inputs there are to read, and each one's name and what was taken from it, in order: an
            object with `begin` and `step`, or a function of (done, total, name, taken); `len(taken)` records,
            `taken.failures`, `taken.summary`.
        jobs: how many processes read reports, one unless given; 0, or "auto", for one a core. The records are the same.
        shards: into how many parts the run is cut, each done by itself; 0 for one folder. Unless given, a run behind a URL
            is cut, and one of more than 5,000 files: into one for 250 reports. See docs/scale.md.
        engine: "ray" does shards on a Ray, of RAY_ADDRESS or of this machine; as many at once as it has CPUs, or `jobs`.
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
    made = (
        inputs,
        out,
        model,
        formats,
        retry_failed,
        force,
        column,
        known,
        settings,
        wanted,
        cassette,
        jobs,
        shards,
        engine,
    )
    return _ran(*made, listener_of(listener), None)


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
    jobs: int | Literal["auto"] | None = None,
    shards: int | None = None,
    engine: Literal["ray"] | None = None,
    **given: Any,
) -> SavedRun:
    """As `run`, without blocking the running loop; the listener is called from another thread.

    Who cancels it ends the run as Ctrl-C does: what is under way is finished and written down, and the same call goes on.
    """
    wanted = open_task(task, records, instructions)
    settings, halt = chosen(options, given), Halt()
    made = (
        inputs,
        out,
        model,
        formats,
        retry_failed,
        force,
        column,
        known,
        settings,
        wanted,
        cassette,
        jobs,
        shards,
        engine,
    )
    work = asyncio.ensure_future(asyncio.to_thread(_ran, *made, listener_of(listener), halt))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        halt()
        await asyncio.wait([work])
        raise


def _ran(
    inputs: Input | Sequence[Input],
    out: str | PathLike[str],
    model: str | Model,
    formats: str | Sequence[str],
    retry_failed: bool,
    force: bool,
    column: str | None,
    known: Known | None,
    settings: ModelOptions,
    task: Task,
    cassette: str | PathLike[str] | None,
    jobs: int | Literal["auto"] | None,
    shards: int | None,
    engine: str | None,
    listener: Listener | None,
    halt: Halt | None,
) -> SavedRun:
    """A run, with all that it is made of said."""
    listed = [inputs] if isinstance(inputs, (str, PathLike, Document)) else list(inputs)
    settings = settings.with_(again=settings.again or retry_failed)
    names = [name.strip() for name in formats.split(",")] if isinstance(formats, str) else list(formats)
    jobs = jobs_of(jobs, engine)
    if shards_wanted(out, listed, shards, engine):
        with Extractor(model, settings, known, task=task, cassette=cassette) as extractor:
            unnamed = unnamed_of(out, retry_failed, force)
            return run_cut(
                out, listed, extractor, {"formats": names}, names, listener, unnamed, column, halt, shards, jobs, engine
            )
    out = Path(out)
    unnamed = unnamed_of(out, retry_failed, force)
    with (
        RunFolder(out, names, task=task, force=force) as folder,
        Extractor(model, settings.heard_by(folder.ledger), known, task=task, cassette=cassette) as extractor,
    ):
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
            jobs=jobs,
        )
    return SavedRun(out, manifest, task)


def jobs_of(jobs: int | Literal["auto"] | None, engine: str | None) -> int | Literal["auto"]:
    """How many processes are meant where nobody says: one, or as many as an engine has CPUs."""
    return jobs if jobs is not None else 0 if engine else 1


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
    pace: Pace
    """What bounds them: what the options say, and a latency that was given or is assumed."""

    def hours(self, workers: int | None = None) -> Duration:
        """How long they take live, with the second look.

        Args:
            workers: processes that ask; as many as were named unless given.
        """
        calls = (self.chunks - self.cached) * _SECOND_LOOK
        tokens = ((self.usage.prompt or 0) + (self.usage.completion or 0)) * _SECOND_LOOK
        return duration(calls, tokens, replace(self.pace, workers=workers) if workers else self.pace)


def estimate(
    inputs: Given | Sequence[Given],
    model: str | Model,
    options: ModelOptions | None = None,
    known: Known | None = None,
    task: Task | str | PathLike[str] | None = None,
    records: Sequence[type[Record]] = (),
    instructions: str = "",
    latency: float = LATENCY,
    workers: int = 1,
    **given: Any,
) -> Estimate:
    """Count the calls and about the tokens of a run, and how long it takes; send nothing.

    Args:
        inputs: as for `run`.
        model: a language model; no key is needed.
        latency: seconds that a call takes, in the mean.
        workers: processes that ask.
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
        settings = extractor.made[1]
        pace = Pace(asked.concurrency, latency, settings.rpm, settings.tpm, workers)
        return Estimate(asked.name, len(texts), unread, len(answers), cached, usage, asked.price(usage), pace)


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
    halt: Halt | None = None,
    jobs: int | Literal["auto"] = 1,
) -> Manifest:
    """Extract into a sink, telling of each report as it is done.

    Args:
        sink: where records and failures go.
        inputs: paths, folders, globs, documents, or what kept one from being read.
        extractor: what reads the reports.
        settings: written into the manifest, with those of the model.
        listener: told how many inputs there are to read, and each one's name and what was taken from it, in order.
        earlier: what the sink holds of an earlier run.
        unnamed: what becomes of what it holds of other inputs; see `schedule`.
        column: the column of a .csv, or the element of an .xml, that holds the text of a report.
        halt: what another thread calls to end it as Ctrl-C does.
        jobs: how many processes read reports; see `run`.

    Returns:
        The manifest. On Ctrl-C or SIGTERM a run sends nothing more, finishes what is under way, writes what it has and
        what the sink had, and says so in the manifest; a second one stops at once and leaves the folder as it was.

    Raises:
        UsageError: the sink holds records that would be lost.
    """
    clock = perf_counter()
    manifest, made_with = _begun(extractor, settings, column)
    earlier = earlier or Earlier(Path())
    taker = taker_of(extractor, made_with, jobs)
    with Interruption(taker.stop) as interruption:
        if halt:
            halt.attach(interruption)
        parts = parts_of(inputs, column)
        plan = schedule(parts, earlier, made_with, unnamed)
        manifest.warnings += [*plan.warnings, *same_twice(parts), *passed_over(inputs)]
        taking = Keeping(sink, manifest, earlier)
        if listener:
            listener.begin(len(plan.inputs) - plan.kept)
        found = taker.work(one.job() for one in plan.inputs if one.job)
        for one in plan.inputs:
            taken = next(found, None) if one.job else None
            taking.take(one, taken)
            if listener and taken:
                listener.step(one.id, taken)
        next(found, None)  # there is none: other processes say their last
        manifest.interrupted = interruption.asked
        taking.leave(plan, unnamed)
        for warning in manifest.warnings:
            LOG.warning("%s", warning)
        manifest.warnings += taker.warnings
        _ended(manifest, clock)
        sink.finish(manifest)
    return manifest


def run_cut(
    root: str | PathLike[str],
    inputs: Sequence[Given],
    extractor: Extractor,
    settings: dict[str, Any],
    formats: Sequence[str],
    listener: Listener | None = None,
    unnamed: Unnamed = "refused",
    column: str | None = None,
    halt: Halt | None = None,
    shards: int | None = None,
    jobs: int | Literal["auto"] = 1,
    engine: str | None = None,
) -> SavedRun:
    """Extract into shards; see `run_into` and `run_shards`.

    Returns:
        The run. On Ctrl-C or SIGTERM the shards under way count for nothing, and the same call goes on.
    """
    clock = perf_counter()
    manifest, made_with = _begun(extractor, settings, column)
    store = run_shards(
        root, manifest, inputs, extractor, made_with, formats, listener, unnamed, column, halt, shards, jobs, engine
    )
    manifest.warnings += passed_over(inputs)
    for warning in manifest.warnings:
        LOG.warning("%s", warning)
    _ended(manifest, clock)
    write_manifest(store, manifest)
    return ShardedRun(store.local or Path(), manifest, extractor.task, store)


def _ended(manifest: Manifest, clock: float) -> None:
    manifest.finished, manifest.seconds = _iso(datetime.now().astimezone()), round(perf_counter() - clock, 3)


def _begun(extractor: Extractor, settings: dict[str, Any], column: str | None) -> tuple[Manifest, dict[str, Any]]:
    """A run's manifest as it begins, and what records depend on."""
    model, task = extractor.model, extractor.task
    known = {name: value for name, value in asdict(extractor.known).items() if value is not None}
    settings |= known
    settings = {"model": model.name, **settings, **getattr(model, "settings", {}), **task.settings}
    settings |= {"column": column} if column else {}
    started = _iso(datetime.now().astimezone())
    manifest = Manifest(version=__version__, model=model.name, task=task.reference, settings=settings, started=started)
    return manifest, deciding({"version": manifest.version, **settings})


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
