"""A run: many inputs through one model into one folder, with a manifest of what was done."""

from __future__ import annotations

import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from os import PathLike, fspath
from pathlib import Path
from time import perf_counter
from typing import Any, Protocol, Self, get_args

from llmx import __version__
from llmx.analysis import narrow
from llmx.calls import Cost, Usage
from llmx.documents import Document, Known, expand, find_inputs, is_collection, read, report_ids
from llmx.errors import InputError, UsageError
from llmx.extractor import Extractor, Job
from llmx.models import Estimating, Model, ModelOptions, chosen
from llmx.outputs import Earlier, Failure, InputSummary, Manifest, RunFolder
from llmx.pipeline import opened, plan
from llmx.records import Record, RecordType
from llmx.results import Result
from llmx.sections import packed

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
    *,
    retry_failed: bool = False,
    column: str | None = None,
    known: Known | None = None,
    options: ModelOptions | None = None,
    **given: Any,
) -> Manifest:
    """Extract from files, folders and globs into a folder: what `llmx extract` does.

    Args:
        inputs: paths, folders, globs or documents.
        out: the folder that is written.
        model: a model's name, or a Model.
        formats: any of jsonl, csv, parquet, xlsx.
        retry_failed: keep the folder's records and ask only for what is in its failures.jsonl.
        column: the column of a .csv, or the element of an .xml, that holds the text of a report.
        known: what is known of every report: its year, kind or place; columns of a .csv (year, kind, place) go before.
        options: how a language model is asked.
        given: single options by name, over `options`; see `ModelOptions`.

    Returns:
        The manifest, as in run.json. Inputs that failed are in failures.jsonl.

    Raises:
        OutputError: the folder cannot be written.
        UnknownModel: no model has that name.
        UsageError: a format is not known, a library is not installed, or options do not fit together.
    """
    listed = [inputs] if isinstance(inputs, (str, PathLike, Document)) else list(inputs)
    earlier = Earlier.of(Path(out)) if retry_failed else None
    settings = chosen(options, given)
    settings = settings.with_(again=settings.again or retry_failed)
    with (
        RunFolder(Path(out), formats) as folder,
        Extractor(model, settings.heard_by(folder.ledger), known) as extractor,
    ):
        return run_into(folder, listed, extractor, {"formats": list(formats)}, earlier=earlier, column=column)


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


def estimate(
    inputs: Input | Sequence[Input | InputError],
    model: str | Model,
    options: ModelOptions | None = None,
    known: Known | None = None,
    **given: Any,
) -> Estimate:
    """Count the calls and about the tokens of a run, and send nothing.

    Args:
        inputs: as for `run`.
        model: a language model; no key is needed.
        options, known, given: as for `run`.

    Raises:
        UsageError: the model is no language model.
    """
    with Extractor(model, _unsent(model, options, given), known) as extractor:
        asked = extractor.model
        if not isinstance(asked, Estimating):
            raise UsageError(f"{asked.name!r} sends no calls; a dry run is for language models")
        listed = _named([inputs] if isinstance(inputs, (str, PathLike, Document)) else inputs)
        documents = [opened(source, id) for id, source in listed if not isinstance(source, InputError)]
        texts = [document for document in documents if isinstance(document, Document)]
        answers = [asked.estimate(chunk) for document in texts for chunk in extractor.prepare(document).chunks]
        calls = [usage for cached, usage in answers if not cached]
        usage = Usage(
            prompt=sum(one.prompt or 0 for one in calls), completion=sum(one.completion or 0 for one in calls)
        )
        cached = len(answers) - len(calls)
        return Estimate(
            asked.name, len(texts), len(listed) - len(texts), len(answers), cached, usage, asked.price(usage)
        )


def _unsent(model: str | Model, options: ModelOptions | None, given: Mapping[str, Any]) -> ModelOptions:
    """Options for a model that is not asked: it needs no key."""
    settings = chosen(options, given)
    keyless = model != "rules" and isinstance(model, str) and settings.api_key is None
    return settings.with_(api_key="none") if keyless else settings


def explain_cache(
    source: str | PathLike[str], model: str, options: ModelOptions | None = None, **given: Any
) -> Iterator[str]:
    """Say of each chunk of a report whether its answer is in the cache and, if not, in which parts of the key it differs
    from the nearest entry.

    Raises:
        InputError: the report cannot be read.
        UsageError: the model is no language model, or keeps no answers.
    """
    with Extractor(model, _unsent(model, options, given)) as extractor:
        asked = extractor.model
        if not isinstance(asked, Estimating) or asked.cache is None:
            raise UsageError(f"{asked.name!r} keeps no answers; the cache is for language models")
        for chunk in plan(read(source), asked).chunks:
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
    inputs: Sequence[Input | InputError],
    extractor: Extractor,
    settings: dict[str, Any],
    listener: Listener | None = None,
    earlier: Earlier | None = None,
    column: str | None = None,
) -> Manifest:
    """Extract into a sink, telling of each report as it is done.

    Args:
        sink: where records and failures go.
        inputs: paths, folders, globs, documents, or what kept one from being read.
        extractor: what reads the reports.
        settings: written into the manifest, with those of the model.
        listener: told how many inputs there are, and each one's name and result, in order.
        earlier: what the folder holds of an earlier run; only its failures are asked again.
        column: the column of a .csv, or the element of an .xml, that holds the text of a report.

    Returns:
        The manifest. On Ctrl-C a run sends nothing more, finishes what is under way, writes what it has and says so in
        the manifest; a second Ctrl-C stops at once and leaves the folder as it was.
    """
    model = extractor.model
    clock, started = perf_counter(), datetime.now().astimezone()
    settings = {"model": model.name, **settings, **getattr(model, "settings", {})}
    settings |= {"column": column} if column else {}
    settings |= {name: value for name, value in asdict(extractor.known).items() if value is not None}
    manifest = Manifest(version=__version__, model=model.name, settings=settings, started=_iso(started))
    named = _named(inputs, column)
    if listener:
        listener.begin(len(named))
    with _Interruption(extractor.stop) as interruption:
        results = extractor.work(_job(id, source, earlier) for id, source in named)
        for (id, _), result in zip(named, results, strict=False):
            _take(sink, manifest, result)
            if listener:
                listener.step(id, result)
    manifest.interrupted = interruption.asked
    manifest.warnings += getattr(model, "warnings", [])
    manifest.finished, manifest.seconds = _iso(datetime.now().astimezone()), round(perf_counter() - clock, 3)
    sink.finish(manifest)
    return manifest


def _job(id: str, source: Path | Document | InputError, earlier: Earlier | None) -> Job:
    """What is to be done for an input: all of it, what failed of it, or nothing."""
    if isinstance(source, InputError):
        return Job(Result.failed(Failure.of(source, report=None, source=id, stage="read")), id)
    if earlier is None or not earlier.has(id):
        return Job(source, id)
    return Job(source, id, earlier.places(id), earlier.records(id))


class _Interruption:
    """Notes the first Ctrl-C instead of raising in the middle of a report; the second raises as ever."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self.asked = False
        self._stop = stop

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
        self._stop()
        signal.signal(signal.SIGINT, self._before)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _named(
    inputs: Sequence[Input | InputError], column: str | None = None
) -> list[tuple[str, Path | Document | InputError]]:
    """Each input with the id that its report gets; an input that names nothing comes as its error."""
    found: list[Path | Document | InputError] = []
    for given in inputs:
        found += [given] if isinstance(given, (Document, InputError)) else find_inputs([fspath(given)])
    paths = list(dict.fromkeys(source for source in found if isinstance(source, Path)))
    ids = dict(zip(paths, report_ids(paths), strict=True))
    named: list[tuple[str, Path | Document | InputError]] = []
    for source in dict.fromkeys(found):
        parts = expand(source, column) if isinstance(source, Path) and is_collection(source) else [source]
        named += [(_id(part, ids), part) for part in parts]
    return named


def _id(source: Path | Document | InputError, ids: dict[Path, str]) -> str:
    """A path's own id, a document's, or the pattern that an error begins with."""
    if isinstance(source, Path):
        return ids[source]
    return source.id if isinstance(source, Document) else str(source).split(":")[0]


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
        turned_away=[claim.name for claim in result.turned_away],
        failures=len(result.failures),
        facts=result.facts.model_dump(mode="json") if result.facts else {},
        outline=packed(result.sections),
        narrow=[
            f"{one.start}–{one.end} {one.heading or document.text[one.start : one.end].strip()[:20]}"
            for one in narrow(result.sections)
        ],
    )
