"""What a run writes down of each report, made here or in other processes: the same either way."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from os import PathLike
from typing import Any, Literal, Protocol, Self

from llmx.calls import LOG, Call, Listeners
from llmx.documents import Known
from llmx.errors import ProcessError, UsageError
from llmx.extractor import Extractor, Job
from llmx.models import AsyncModel, Model, ModelOptions
from llmx.models.allowance import Allowance, Reach, serving
from llmx.outputs import Failure, InputSummary, lines_of
from llmx.processes import Dead, Pool, processes_of
from llmx.results import Result
from llmx.saved import summary_of
from llmx.task import Task

_WAITED_AHEAD = 256
"""Reports that a process with a language model is given ahead: as many as it has under way at most."""

UNSURE = 0.9
"""Confidence in the reading of a scan below which a run's warnings say so."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What is written down of one report."""

    lines: tuple[bytes, ...] = ()
    """Its records, a line of JSON each."""
    summary: InputSummary | None = None
    """Its line in reports.jsonl; None where it could not be read."""
    failures: tuple[Failure, ...] = ()
    """What of it failed."""
    warnings: tuple[str, ...] = ()
    """What did not fail but should be known of it."""
    doubt: str = ""
    """What a person is told of it where it may be no report of the task; else empty."""

    def __len__(self) -> int:
        return sum(self.summary.records.values()) if self.summary else 0

    def __bool__(self) -> bool:
        return True


def taken_of(result: Result, settings: dict[str, Any], task: Task, names: Mapping[str, str]) -> Taken:
    """What is written down of a result.

    Args:
        result: what was found in a report.
        settings: what it was read with, as far as records depend on it.
        task: what was looked for.
        names: what the report is kept under; see `Job.names`.
    """
    if result.document is None:
        return Taken(failures=result.failures)
    empty = not result.records and not result.failures
    doubt = task.doubts(result.facts, empty) if result.facts else ""
    summary = summary_of(result.document, result, settings, task)
    if result.facts and (misplaced := task.misplaced(result.document, result.facts, names)):
        summary = summary.model_copy(update={"misplaced": misplaced})
    return Taken(lines_of(result.records), summary, result.failures, _unsure(result), doubt)


def _unsure(result: Result) -> tuple[str, ...]:
    """That a scan was not surely read, where records hold what was not."""
    assert result.document is not None
    unsure = [one for one in result.records if one.confidence is not None and one.confidence < UNSURE]
    if not unsure:
        return ()
    return (
        f"{result.document.id}: {len(unsure)} of {len(result)} records hold a figure or words that were not surely read from "
        f"the scan (confidence below {UNSURE}), the first on {unsure[0].location}; compare them with the page",
    )


class Taker(Protocol):
    """What takes reports."""

    @property
    def warnings(self) -> list[str]:
        """What did not fail but should be known, once all is taken."""

    def work(self, jobs: Iterable[Job]) -> Iterator[Taken | None]:
        """What is written down of each job, in order; None for one that was not begun before `stop`."""

    def stop(self) -> None:
        """Begin no more reports and send no more calls; what is under way is finished."""


def taker_of(extractor: Extractor, settings: dict[str, Any], jobs: int | Literal["auto"] = 1) -> Taker:
    """What takes reports, with an extractor that stays its owner's.

    Args:
        extractor: what reads them.
        settings: what they are read with, as far as records depend on it.
        jobs: in how many processes; 0 for one a core.

    Raises:
        UsageError: the extractor cannot be had in another process; the message says why.
    """
    processes = processes_of(jobs)
    return Here(extractor, settings) if processes == 1 else Spread(extractor, settings, processes)


class Here:
    """Takes reports in this process; see `taker_of`."""

    def __init__(self, extractor: Extractor, settings: dict[str, Any]) -> None:
        self._extractor, self._settings = extractor, settings
        self.stop, self.model = extractor.stop, extractor.model.name

    @property
    def warnings(self) -> list[str]:
        """As `Taker.warnings`."""
        return list(getattr(self._extractor.model, "warnings", []))

    def work(self, jobs: Iterable[Job]) -> Generator[Taken | None, None, None]:
        """As `Taker.work`."""
        begun: deque[Job] = deque()
        for result in self._extractor.work(_noted(jobs, begun)):
            yield taken_of(result, self._settings, self._extractor.task, begun.popleft().names)


@dataclass(frozen=True, slots=True)
class Recipe:
    """An extractor as another process makes it, with the keys that its options hold: it is never written down.

    The seam for all that works elsewhere. Calls at once are cut into even shares; rates and budget are one account, which
    the processes reach by `options`.
    """

    task: Task
    """First: where it is a folder, opening it makes the classes that the others may name."""
    model: str | Model
    options: dict[str, Any]
    """Of `ModelOptions`, those that were given."""
    known: Known
    settings: dict[str, Any]
    """What records depend on."""
    cassette: str | PathLike[str] | None = None
    """For one process alone."""

    @classmethod
    def of(cls, extractor: Extractor, settings: dict[str, Any], processes: int, reach: Reach | None = None) -> Self:
        """What makes an extractor for one of several processes.

        Args:
            extractor: what is made there.
            settings: what records depend on.
            processes: how many there are.
            reach: where they find the rates and the budget that they have together; see `sharing`.

        Raises:
            UsageError: it uses what is of this process alone.
        """
        model, options, known, task, cassette = extractor.made
        if (processes > 1 or reach) and (cassette is not None or options.http_client is not None):
            raise UsageError(
                f"jobs {processes}: a cassette, or a http_client, is of one process; leave out jobs and engine"
            )
        given = {name: value for name, value in options.given.items() if name != "hooks"}  # they stay here
        if reach and isinstance(extractor.model, AsyncModel):
            share = {"allowance": reach, "concurrency": max(1, extractor.model.concurrency // processes)}
            if isinstance(model, str):
                given |= share
            elif hasattr(model, "with_"):
                model = model.with_(**share)
        return cls(task, model, given, known, settings, cassette)

    def __call__(self, tell: Callable[[Any], None]) -> Elsewhere:
        """Make it; each of its calls is told, and at the end its warnings."""
        options = ModelOptions(**self.options)
        heard = options.heard_by(tell)
        extractor = Extractor(self.model, heard, self.known, task=self.task, cassette=self.cassette)
        return Elsewhere(extractor, self.settings, tell)


@contextmanager
def sharing(extractor: Extractor, processes: int) -> Iterator[Reach | None]:
    """Have the processes of this machine keep the rates and the budget of a language model together, for as long as the
    block lasts.

    Args:
        extractor: what they make.
        processes: how many there are.

    Returns:
        What `Recipe.of` takes; None where nothing is shared.
    """
    if processes == 1 or not extractor.is_waited:
        yield None
        return
    with serving(Allowance()) as reach:
        yield reach


class Elsewhere(Here):
    """Takes reports in a process of its own."""

    def __init__(self, extractor: Extractor, settings: dict[str, Any], tell: Callable[[Any], None]) -> None:
        super().__init__(extractor, settings)
        self._tell = tell

    def close(self) -> None:
        """Let go of connections and files, and say what should be known."""
        self._tell(self.warnings)
        self._extractor.close()


class Spread:
    """Takes reports in several processes, with extractors made as one is; see `taker_of`."""

    def __init__(self, extractor: Extractor, settings: dict[str, Any], processes: int) -> None:
        self._listeners = Listeners(extractor.made[1].hooks)
        self._warnings: list[str] = []
        ahead = _WAITED_AHEAD if extractor.is_waited else 2
        self._shared = ExitStack()
        reach = self._shared.enter_context(sharing(extractor, processes))
        self._pool = Pool(Recipe.of(extractor, settings, processes, reach), processes, ahead, self._hear)
        self.stop = self._pool.stop

    @property
    def warnings(self) -> list[str]:
        """As `Taker.warnings`."""
        return [*dict.fromkeys([*self._listeners.faults, *self._warnings])]

    def work(self, jobs: Iterable[Job]) -> Iterator[Taken | None]:
        """As `Taker.work`; a report that ends its process twice fails, and the others go on."""
        given: deque[Job] = deque()
        with self._shared:
            for done in self._pool.work(_noted(jobs, given)):
                job = given.popleft()
                taken = Taken(failures=(ended(_named(job), done),)) if isinstance(done, Dead) else done
                for failure in taken.failures if taken else ():
                    LOG.warning("%s", failure.message)
                yield taken

    def _hear(self, what: Call | list[str]) -> None:
        if isinstance(what, list):
            self._warnings += what
        else:
            self._listeners.tell(what)


def _noted(jobs: Iterable[Job], begun: deque[Job]) -> Iterator[Job]:
    """Jobs as they are, each kept where it is begun, for results come in the same order."""
    for job in jobs:
        begun.append(job)
        yield job


def _named(job: Job) -> str:
    return str(getattr(job.source, "source", None) or job.id or job.source)


def ended(source: str, dead: Dead) -> Failure:
    """The failure of a report that ended the processes which read it."""
    error = ProcessError(
        f"{source}: the process that read it was {dead.reason}, twice; give fewer --jobs where memory is short, or open "
        "the file, save it anew and give that"
    )
    return Failure.of(error, report=None, source=source, stage="read")
