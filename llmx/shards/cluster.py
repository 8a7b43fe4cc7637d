"""Shards on a Ray cluster: tasks that do them, and one actor that owns what they have together. Only this knows Ray."""

from __future__ import annotations

import logging
import os
import secrets
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from llmx.cache import AnswerCache
from llmx.errors import LlmxError, ProcessError, UsageError
from llmx.extractor import Extractor
from llmx.models.allowance import Leased
from llmx.outputs.marker import Marker
from llmx.processes import Dead, collect_seldom, processes_of
from llmx.shards.desk import Account, Desk, DeskCache
from llmx.shards.planning import Shard
from llmx.shards.working import Begun, Worker
from llmx.taking import Recipe

_POLL = 0.25
"""Seconds between two looks of the driver at what was told."""
_TOLD = 0.25
"""Seconds that a worker gathers what it tells: a message takes the desk as long as some lines of a report take."""
_LOOK = 0.5
"""Seconds between two looks of a worker whether the run was stopped."""
_UNREADY = 3
"""Ends before the first report of a shard that tell that workers cannot work."""
_STORE = 100 * 2**20
"""Bytes of a Ray of our own for objects: markers and calls are all that it moves."""


class Ray:
    """A Ray: the one that RAY_ADDRESS names, the one that this process is in already, or one of this machine.

    Args:
        extractor: says where answers are kept: in a folder that the driver's machine sees.
        jobs: how many shards are done at once; 0 for one a CPU that Ray has when the run begins.

    Raises:
        UsageError: Ray is not installed, or cannot be reached.
    """

    def __init__(self, extractor: Extractor, jobs: int | Literal["auto"]) -> None:
        self._cache = extractor.made[1].cache if extractor.is_waited else None
        self._jobs = 0 if jobs == "auto" else processes_of(jobs) if jobs else 0
        self.workers = 0
        self._desk: Any = None
        self._stopped = self._own = False

    def __enter__(self) -> Self:
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
        os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
        try:
            import ray
        except ImportError as error:
            raise UsageError("engine 'ray' needs ray; install it with: pip install 'llmx-extract[ray]'") from error
        self._own = not ray.is_initialized()
        if self._own:
            _start(self._jobs)
        found: Any = ray.cluster_resources
        self.workers = self._jobs or max(1, int(found().get("CPU", 1)))
        here = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(
            ray.get_runtime_context().get_node_id(), soft=False
        )
        made = ray.remote(Desk).options(
            name=f"llmx-{secrets.token_hex(4)}", num_cpus=0, scheduling_strategy=here, max_concurrency=1
        )
        self._desk = made.remote(self._cache.absolute() if self._cache else None)
        self.reach = AtDesk(self._desk)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: BaseException | TracebackType | None) -> None:
        import ray

        with suppress(Exception):
            if kind is None:
                ray.get(self._desk.close.remote(), timeout=30)
            ray.kill(self._desk)
        if self._own:
            ray.shutdown()

    def stop(self) -> None:
        """Begin nothing more; a signal handler may call it."""
        self._stopped = True

    def work(self, shards: Sequence[Shard], recipe: Recipe, heard: Any) -> Iterator[Marker | Dead | None]:
        """As `Pool.work`.

        Raises:
            LlmxError: what a worker raised.
            ProcessError: workers cannot work, or the desk has died.
        """
        return _Work(self._desk, shards, recipe, heard, self.workers, lambda: self._stopped).markers()


def _start(jobs: int) -> None:
    """Reach a Ray, or start one here; without its dashboard, its log and its reports on how it is used."""
    import ray

    address = os.environ.get("RAY_ADDRESS") or "local"
    local: dict[str, Any] = {
        "num_cpus": jobs or processes_of(0),
        "object_store_memory": _STORE,
        "include_dashboard": False,
    }
    try:
        ray.init(address, log_to_driver=False, logging_level=logging.ERROR, **(local if address == "local" else {}))
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise UsageError(f"engine 'ray': {address!r} cannot be reached: {error}; look at RAY_ADDRESS") from error


class _Work:
    """Shards under way."""

    def __init__(
        self, desk: Any, shards: Sequence[Shard], recipe: Recipe, heard: Any, workers: int, stopped: Any
    ) -> None:
        self._desk, self._shards, self._recipe = desk, shards, recipe
        self._heard, self._workers, self._stopped = heard, workers, stopped
        self._left = deque(range(len(shards)))
        self._under_way: dict[Any, tuple[int, str]] = {}
        self._done: dict[int, Marker | Dead | None] = {}
        self._begun: dict[int, str] = {}
        self._blamed: dict[int, str] = {}
        self._ends: dict[int, int] = {}
        self._told_stop = False

    def markers(self) -> Iterator[Marker | Dead | None]:
        """What comes of each shard, in order."""
        import ray

        try:
            for number in range(len(self._shards)):
                while number not in self._done:
                    self._go_on()
                yield self._done.pop(number)
        except ray.exceptions.RayActorError as error:
            raise ProcessError(
                f"engine 'ray': what the workers share has died ({error}); the same call goes on"
            ) from None
        finally:
            for one in self._under_way:
                ray.cancel(one, force=True)

    def _go_on(self) -> None:
        import ray

        if self._stopped():
            self._done |= dict.fromkeys(self._left)
            self._left.clear()
            if not self._told_stop:
                self._told_stop = True
                ray.get(self._desk.stop.remote())
        while self._left and len(self._under_way) < self._workers:
            self._submit(self._left.popleft())
        ready, _ = ray.wait([*self._under_way], timeout=_POLL) if self._under_way else ([], [])
        for what in ray.get(self._desk.heard.remote()):
            if isinstance(what, Begun):
                self._begun[what.shard] = what.report
            self._heard(what)
        for one in ready:
            self._take(one, *self._under_way.pop(one))

    def _submit(self, number: int) -> None:
        import ray

        who, shard = secrets.token_hex(8), self._shards[number]
        task = ray.remote(_do).options(num_cpus=1, max_retries=0, name=f"llmx shard {shard.number}")
        try:
            made = task.remote(shard, self._recipe, self._desk, who, bool(self._ends.get(number)), os.getcwd())
        except TypeError as error:
            raise UsageError(f"engine 'ray': {error}") from error
        self._under_way[made] = number, who

    def _take(self, made: Any, number: int, who: str) -> None:
        import ray

        try:
            self._done[number] = ray.get(made)
        except ray.exceptions.RayTaskError as error:
            if isinstance(error.cause, LlmxError):
                raise error.cause from None
            raise ProcessError(
                f"engine 'ray': a worker failed: {error.cause!r}; each node needs the same llmx, and all that the task "
                "and the model import"
            ) from error
        except ray.exceptions.RayError as error:  # its process or node has died
            ray.get(self._desk.forget.remote(who))
            self._bury(number, str(error).partition("\n")[0], isinstance(error, ray.exceptions.NodeDiedError))

    def _bury(self, number: int, reason: str, innocent: bool) -> None:
        """Have a shard done again, unless the same report was under way at two ends in a row."""
        shard = self._shards[number].number
        report, self._ends[number] = self._begun.pop(shard, ""), self._ends.get(number, 0) + 1
        if report and report == self._blamed.get(number) and not innocent:
            self._done[number] = Dead(f"ended ({reason})")
            return
        if not report and self._ends[number] >= _UNREADY:
            raise ProcessError(f"engine 'ray': workers end before they are ready ({reason}); see the logs of Ray")
        self._blamed[number] = report
        self._left.appendleft(number)


def _do(shard: Shard, recipe: Recipe, desk: Any, who: str, at_once: bool, folder: str) -> Marker | None:
    """Do a shard, in a worker: what a task is."""
    global _who
    _who = who
    with suppress(OSError):  # a node that does not see it reads paths that are whole
        os.chdir(folder)
    _settle_in()
    telling, over = _Telling(desk, at_once), threading.Event()
    worker = Worker(recipe, telling)
    looking = threading.Thread(target=_look, args=(desk, worker, over), name="llmx looking", daemon=True)
    looking.start()
    try:
        return next(worker.work([shard]))
    finally:
        over.set()
        telling.flush(wait=True)


_settle_in = cache(collect_seldom)
_who = ""
"""The task that this process is on: it does one at a time."""


def _look(desk: Any, worker: Worker, over: threading.Event) -> None:
    """Stop a worker once the run is stopped."""
    while not over.wait(_LOOK):
        if _asked(desk, "stopped"):
            worker.stop()
            return


class _Telling:
    """Tells the desk things, some at once."""

    def __init__(self, desk: Any, at_once: bool) -> None:
        self._desk, self._at_once = desk, at_once
        self._waiting: list[Any] = []
        self._last, self._lock = time.monotonic(), threading.Lock()

    def __call__(self, what: Any) -> None:
        with self._lock:
            self._waiting.append(what)
        if self._at_once or time.monotonic() - self._last > _TOLD:
            self.flush(wait=self._at_once)

    def flush(self, wait: bool) -> None:
        """Send what waits."""
        with self._lock:
            told, self._waiting, self._last = self._waiting, [], time.monotonic()
        _asked(self._desk, "tell", told, wait=wait)


def _asked(desk: Any, name: str, *given: Any, wait: bool = True) -> Any:
    import ray

    made = getattr(desk, name).remote(*given)
    return ray.get(made) if wait else None


@dataclass(frozen=True, slots=True)
class AtDesk:
    """Where the workers of a cluster find what they share: as `Reach`."""

    desk: Any

    def lease(self) -> Leased:
        """As `Reach.lease`."""
        return Leased(Account(partial(_asked, self.desk)))  # type: ignore[arg-type]

    def answers(self, folder: Path) -> AnswerCache:
        """As `Reach.answers`: those of the desk, whatever stands under that name here."""
        return DeskCache(folder, partial(_asked, self.desk), _who)
