"""A model made ready once and used for many reports, one at a time or many chunks at once."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable, Collection, Coroutine, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager, ExitStack, aclosing
from dataclasses import dataclass, field, replace
from os import PathLike
from typing import Any, Self, TypeVar

from llmx.calls import LOG
from llmx.documents import Document, Known, read
from llmx.errors import Awaited, EndpointError, ModelError, UsageError
from llmx.models import AsyncModel, Model, ModelOptions, checker_of, chosen, open_model, read_checked
from llmx.outputs import Failure
from llmx.pipeline import Answer, Plan, Source, answer, assemble, guarded, opened, plan, settled
from llmx.records import Record
from llmx.results import Result
from llmx.sections import Chunk
from llmx.task import Task, open_task

T = TypeVar("T")
Given = Task | str | PathLike[str] | None
"""How a task is named: see `llmx.task.open_task`."""

_AHEAD = 4
"""Chunks made ready for each that may be under way, so that a slow one holds up none of the others."""
_HELD = 256
"""Reports begun and not yet handed out at most; they are handed out in order."""


@dataclass(frozen=True, slots=True)
class Job:
    """One report of a batch."""

    source: Source | Result
    """What to read, or the Result that is known already."""
    id: str | None = None
    """What records call it; its own name unless given."""
    only: Collection[tuple[int, int]] | None = None
    """Bounds of the stretches to ask about; all of it unless given."""
    earlier: Sequence[Record] = ()
    """Records of it that are kept."""
    failures: Sequence[Failure] = ()
    """Failures of it that stand until their stretch is asked again."""
    sha256: str | None = None
    """The bytes that bounds, records and failures are of; where the file has changed since, all of it is read anew."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What the report is kept under, by what that is: file name, folder, place column."""


class Extractor:
    """Extracts records with one model.

    Use it as a context manager, or call `close`. Language models share connections, limits, cache and budget over all
    calls of one Extractor.

    Args:
        model: `rules`, PROVIDER/MODEL, or a Model (which is not closed with the Extractor).
        options: how a language model is asked.
        known: what is known of every report: its year, kind or place; what a document knows of itself goes before it.
        task: what is extracted: a Task, a folder, module:NAME; the government task unless given.
        records: record types of your own, instead of a task.
        instructions: what counts as a record of these.
        cassette: recorded answers to replay: no key, no network; `rules` stands for the model that was recorded.
        given: single options by name, over `options`; see `ModelOptions`.

    Raises:
        UnknownModel: no model has that name.
        UsageError: options that do not exist, do not fit, or are out of their range.
        TaskError: the task contradicts itself; the message names file, class and field.
        CacheError: the cache's folder cannot be used.
        CassetteError: the cassette is none.
    """

    def __init__(
        self,
        model: str | Model = "rules",
        options: ModelOptions | None = None,
        known: Known | None = None,
        *,
        task: Given = None,
        records: Sequence[type[Record]] = (),
        instructions: str = "",
        cassette: str | PathLike[str] | None = None,
        **given: Any,
    ) -> None:
        self.task = open_task(task, records, instructions)
        settings = chosen(options, given)
        self.known = known or Known()
        self.made = (model, settings, self.known, self.task, cassette)
        """What another one is made of that is as this one."""
        self._tape = ExitStack()
        with self._tape as tape:
            if cassette is not None:
                model, settings = tape.enter_context(_replayed(cassette, model, settings))
            self.model = open_model(model, settings, self.task)
            self.checker = checker_of(self.task, settings)
            self._tape = tape.pop_all()
        self._waited = self.model if isinstance(self.model, AsyncModel) else None
        self.is_waited = self._waited is not None
        """Whether the model is one that is waited for: a language model."""
        self._owned = isinstance(model, str)
        self._loop: _Loop | None = None
        self._pulse = _Pulse()
        self._stopped = False

    def extract(self, source: Source) -> Result:
        """Extract the records of one report.

        Args:
            source: a Document, a path, or a text (see `read`).

        Returns:
            The records in text order, what was left unclaimed, and the stretches that failed.

        Raises:
            InputError: the document cannot be read.
            EndpointError: no call to the endpoint can work: wrong key, model or address.
        """
        ready = self.prepare(source if isinstance(source, Document) else read(source))
        if self._waited:
            return self._result(*self._background().run(read_all(self._waited, ready, checker=self.checker)).result())
        return self._result(ready, self._told(ready))

    def prepare(self, document: Document, only: Collection[tuple[int, int]] | None = None) -> Plan:
        """What the model would be asked of a document; see `llmx.pipeline.plan`."""
        known = document.known.over(self.known)
        return plan(
            document if known == document.known else replace(document, known=known), self.model, self.task, only
        )

    async def aextract(self, source: Source) -> Result:
        """As `extract`, without blocking the running loop while a language model is waited for."""
        ready = self.prepare(source if isinstance(source, Document) else read(source))
        if self._waited:
            return self._result(*await read_all(self._waited, ready, checker=self.checker))
        return self._result(ready, self._told(ready))

    def extract_many(self, sources: Iterable[Source] | Source) -> Iterator[Result]:
        """Extract many reports, one Result each, in order, as few in memory as keep a language model busy.

        One path or Document alone is taken for a list of one.

        A report that cannot be read yields a Result without document or records that carries the failure, and the rest
        goes on.
        """
        return self.work(Job(source) for source in _listed(sources))

    async def aextract_many(self, sources: Iterable[Source] | Source) -> AsyncGenerator[Result, None]:
        """As `extract_many`, without blocking the running loop: `async for result in extractor.aextract_many(paths)`.

        Who leaves the loop early closes it with `contextlib.aclosing`, or when the generator is dropped; what is under
        way is then called off.
        """
        left, closing = iter(_listed(sources)), threading.Event()
        jobs = (Job(source) for source in left if not closing.is_set())
        window: deque[_Begun] = deque()
        more = True
        thread: asyncio.Future[Any] | None = None
        try:
            while True:
                if more:
                    thread = asyncio.ensure_future(asyncio.to_thread(self._fill, window, jobs))
                    more = await asyncio.shield(thread)
                if not window:
                    return
                thread = asyncio.ensure_future(asyncio.to_thread(self._step, window, more))
                if result := await asyncio.shield(thread):
                    yield result
        finally:
            closing.set()
            await _called_off(window, thread)

    def _step(self, window: deque[_Begun], more: bool) -> Result | None:
        """The result of the first report of a window, once it is done; None where there is room for another before."""
        if not window[0].done:
            self._wait(window, more)
            return None
        return self._finish(window.popleft())

    def work(self, jobs: Iterable[Job]) -> Iterator[Result]:
        """As `extract_many`, of jobs."""
        left = iter(jobs)
        window: deque[_Begun] = deque()
        more = True
        try:
            while (more := more and self._fill(window, left)) or window:
                if window[0].done:
                    yield self._finish(window.popleft())
                else:
                    self._wait(window, more)
        finally:
            for begun in window:
                begun.cancel()

    def _fill(self, window: deque[_Begun], left: Iterator[Job]) -> bool:
        """Begin reports until enough is under way; whether there may be more to begin."""
        while not self._full(window):
            job = None if self._stopped else next(left, None)
            if job is None:
                return False
            window.append(self._begin(job))
        return True

    def _full(self, window: deque[_Begun]) -> bool:
        """Whether enough is under way: for a model that answers at once, one report."""
        if not self._waited:
            return bool(window)
        return self._pulse.waiting >= _AHEAD * self._waited.concurrency or len(window) >= _HELD

    def _wait(self, window: deque[_Begun], more: bool) -> None:
        """Until the first report is done or, where there are more, there is room for one."""
        with self._pulse.changed:
            while not window[0].done and (not more or self._full(window)):
                self._pulse.changed.wait()

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Run something on the loop that asks the model, to its end."""
        return self._background().run(work).result()

    def stop(self) -> None:
        """Begin no more reports and send no more calls; what is under way is finished."""
        self._stopped = True
        if self._waited:
            self._waited.stop()

    def close(self) -> None:
        """Close connections and files."""
        with self._tape:
            self._close()

    def _close(self) -> None:
        if self._loop and self._waited:
            self._loop.run(self._waited.aclose()).result()
            self._loop.close()
            self._loop = None
        if self._owned and self._waited:
            self._waited.close()

    async def aclose(self) -> None:
        """As `close`, also for the connections of the running loop."""
        if self._waited:
            await self._waited.aclose()
        self.close()

    def _told(self, ready: Plan) -> list[Answer]:
        """What a model that answers at once says of each chunk."""
        assert not isinstance(self.model, AsyncModel)
        return [answer(self.model, chunk) for chunk in ready.chunks]

    def _result(self, ready: Plan, answers: list[Answer]) -> Result:
        refused = [one for one in answers if isinstance(one, ModelError)]
        if refused and len(refused) == len(answers):
            for lost in getattr(refused[0], "lost", ()):
                if isinstance(lost.error, EndpointError):
                    raise lost.error
        return _told_of(assemble(ready, answers, self.model.name))

    def _begin(self, job: Job) -> _Begun:
        """Make a report ready and, with a language model, begin to ask."""
        document = job.source if isinstance(job.source, Result) else _opened(job)
        if isinstance(document, Result):
            return _Begun(job, document)
        if job.sha256 and job.sha256 != document.sha256:
            job = Job(job.source, job.id)
        ready = guarded(document, lambda: self.prepare(document, job.only))
        if isinstance(ready, Result):
            return _Begun(job, ready)
        if self._waited:
            self._pulse.add(len(ready.chunks))
            asking = read_all(self._waited, ready, job.only, self._pulse, self.checker)
            future = self._background().run(asking)
            future.add_done_callback(self._pulse.note)
            return _Begun(job, ready, future)
        return _Begun(job, ready)

    def _finish(self, begun: _Begun) -> Result:
        ready = begun.ready
        if isinstance(ready, Result):
            return _told_of(ready)

        def made() -> Result:
            read = begun.answers.result() if begun.answers else (ready, self._told(ready))
            result = assemble(*read, self.model.name, begun.job.earlier)
            return replace(result, failures=(*result.failures, *_unasked(begun.job, read[0])))

        return _told_of(guarded(ready.document, made))

    def _background(self) -> _Loop:
        if self._loop is None:
            self._loop = _Loop()
        return self._loop

    def __reduce__(self) -> tuple[Any, ...]:
        """An extractor as what it is made of, without keys; in another process it finds them as it did here."""
        return _remade, self.made

    def __repr__(self) -> str:
        return f"<Extractor {self.model.name!r} of {self.task!r}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _told_of(result: Result) -> Result:
    """A result whose failures the logger has been told."""
    for failure in result.failures:
        if failure.error != Awaited.__name__:
            LOG.warning("%s", failure.message)
    if result.document is not None:
        LOG.info("%r", result)
    return result


def _listed(sources: Iterable[Source] | Source) -> Iterable[Source]:
    return [sources] if isinstance(sources, (str, PathLike, Document)) else sources


def _replayed(
    cassette: str | PathLike[str], model: str | Model, settings: ModelOptions
) -> AbstractContextManager[tuple[str, ModelOptions]]:
    """A cassette to be replayed; the libraries that it needs are imported here alone."""
    if not isinstance(model, str):
        raise UsageError(
            f"{type(model).__name__} is a ready model, but a cassette is given; give the model's name with it"
        )
    try:
        from llmx.cassettes import replayed
    except ImportError as error:
        raise UsageError(f"a cassette needs {error.name}; install it with: pip install 'llmx-extract[llm]'") from error
    return replayed(cassette, model, settings)


def _remade(
    model: str | Model,
    settings: ModelOptions,
    known: Known,
    task: Task,
    cassette: str | PathLike[str] | None,
) -> Extractor:
    return Extractor(model, settings, known, task=task, cassette=cassette)


async def _called_off(window: deque[_Begun], thread: asyncio.Future[Any] | None) -> None:
    """Nothing of a window goes on, and no thread is left."""
    for _ in range(2):  # the thread may have begun one more meanwhile
        for begun in list(window):
            begun.cancel()
        if thread and not thread.done():
            await asyncio.wait([thread])


def _opened(job: Job) -> Document | Result:
    """A job's document; a library that is missing costs its reports, not those of other kinds."""
    assert not isinstance(job.source, Result)
    try:
        return opened(job.source, job.id)
    except UsageError as error:
        return Result.failed(Failure.of(error, report=None, source=str(job.source), stage="read"))


def _unasked(job: Job, ready: Plan) -> list[Failure]:
    """Failures whose stretch is in no chunk that was asked: they stay."""
    asked = {(chunk.start, chunk.end) for chunk in ready.chunks}
    if ready.analysis.clean:
        asked = {ready.analysis.clean.stored(*bounds) for bounds in asked}
    return [one for one in job.failures if (one.start, one.end) not in asked]


@dataclass(frozen=True, slots=True)
class _Begun:
    """A report under way."""

    job: Job
    ready: Plan | Result
    answers: Future[tuple[Plan, list[Answer]]] | None = None

    @property
    def done(self) -> bool:
        return self.answers is None or self.answers.done()

    def cancel(self) -> None:
        if self.answers:
            self.answers.cancel()


class _Pulse:
    """Chunks begun and not yet answered, and who waits for their number to change."""

    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.waiting = 0

    def add(self, chunks: int) -> None:
        with self.changed:
            self.waiting += chunks

    def beat(self) -> None:
        with self.changed:
            self.waiting -= 1
            self.changed.notify_all()

    def note(self, _: object) -> None:
        with self.changed:
            self.changed.notify_all()


async def read_all(
    model: AsyncModel,
    ready: Plan,
    only: Collection[tuple[int, int]] | None = None,
    pulse: _Pulse | None = None,
    checker: Model | None = None,
) -> tuple[Plan, list[Answer]]:
    """What a model says of a document: of its structure where that is in doubt, and then of each chunk, in order."""
    begun = len(ready.chunks)
    ready = await settled(ready, model, only)
    pulse = pulse or _Pulse()
    pulse.add(len(ready.chunks) - begun)
    return ready, await ask_all(model, ready.chunks, ready.document.id, pulse.beat, checker)


async def ask_all(
    model: AsyncModel,
    chunks: Sequence[Chunk],
    report: str,
    answered: Callable[[], None] = lambda: None,
    checker: Model | None = None,
) -> list[Answer]:
    """What a model says of each chunk, in order; asked by workers, so that a long report makes no crowd of tasks."""
    answers: dict[int, Answer] = {}
    left = iter(enumerate(chunks))

    async def work() -> None:
        for number, chunk in left:
            try:
                answers[number] = await read_checked(model, checker, chunk, report)
            except ModelError as error:
                answers[number] = error
            except Exception as error:  # a fault of ours in one chunk must not cost the others
                answers[number] = ModelError(f"{type(error).__name__}: {error}")
            answered()

    async with asyncio.TaskGroup() as workers:
        for _ in range(min(len(chunks), 2 * model.concurrency)):
            workers.create_task(work())
    return [answers[number] for number in range(len(chunks))]


class _Loop:
    """An event loop in a thread of its own, so that a notebook's or a server's own loop is not in the way."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="llmx", daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Begin work on the loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def close(self) -> None:
        """Stop the loop and its thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def extract(
    document: Document | str | PathLike[str],
    model: str | Model = "rules",
    options: ModelOptions | None = None,
    known: Known | None = None,
    *,
    task: Given = None,
    records: Sequence[type[Record]] = (),
    instructions: str = "",
    cassette: str | PathLike[str] | None = None,
    **given: Any,
) -> Result:
    """Extract the records of one report; see `Extractor` and, for the options, `ModelOptions`."""
    wanted = open_task(task, records, instructions)
    with Extractor(model, options, known, task=wanted, cassette=cassette, **given) as extractor:
        return extractor.extract(document)


async def aextract(
    document: Document | str | PathLike[str],
    model: str | Model = "rules",
    options: ModelOptions | None = None,
    known: Known | None = None,
    *,
    task: Given = None,
    records: Sequence[type[Record]] = (),
    instructions: str = "",
    cassette: str | PathLike[str] | None = None,
    **given: Any,
) -> Result:
    """As `extract`, to be awaited; see `Extractor.aextract`."""
    wanted = open_task(task, records, instructions)
    async with Extractor(model, options, known, task=wanted, cassette=cassette, **given) as extractor:
        return await extractor.aextract(document)


def extract_many(
    documents: Iterable[Document | str | PathLike[str]] | Document | str | PathLike[str],
    model: str | Model = "rules",
    options: ModelOptions | None = None,
    known: Known | None = None,
    *,
    task: Given = None,
    records: Sequence[type[Record]] = (),
    instructions: str = "",
    cassette: str | PathLike[str] | None = None,
    **given: Any,
) -> Iterator[Result]:
    """Extract many reports, one Result each, in order; see `Extractor.extract_many`.

    Raises:
        UnknownModel: no model has that name; at once, not with the first Result.
    """
    wanted = open_task(task, records, instructions)
    extractor = Extractor(model, options, known, task=wanted, cassette=cassette, **given)

    def results() -> Iterator[Result]:
        with extractor:
            yield from extractor.extract_many(documents)

    return results()


def aextract_many(
    documents: Iterable[Document | str | PathLike[str]] | Document | str | PathLike[str],
    model: str | Model = "rules",
    options: ModelOptions | None = None,
    known: Known | None = None,
    *,
    task: Given = None,
    records: Sequence[type[Record]] = (),
    instructions: str = "",
    cassette: str | PathLike[str] | None = None,
    **given: Any,
) -> AsyncGenerator[Result, None]:
    """As `extract_many`, for `async for`; see `Extractor.aextract_many`."""
    wanted = open_task(task, records, instructions)
    extractor = Extractor(model, options, known, task=wanted, cassette=cassette, **given)

    async def results() -> AsyncGenerator[Result, None]:
        async with extractor, aclosing(extractor.aextract_many(documents)) as found:
            async for result in found:
                yield result

    return results()
