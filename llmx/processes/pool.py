"""Processes that take one job after another, and hand back what they make of them in the order of the jobs.

concurrent.futures breaks the whole pool when a process dies, and both it and multiprocessing import the user's script
anew in each process. Here a process is a Python that imports llmx alone; jobs and results are pickles through its pipes,
and a job whose process dies is given to another one once.
"""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any, Literal

from llmx.errors import UsageError

_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from llmx.processes.served import serve; serve()"
_TRIES = 2
"""Processes that one job may end: a kill from outside costs nothing, and what crashes each time is told."""
_LAST = 10.0
"""Seconds that a process may take to end after its last job."""


@dataclass(frozen=True, slots=True)
class Dead:
    """What comes back for a job that ended the processes it was given to."""

    reason: str
    """How the last one ended."""


def processes_of(jobs: int | Literal["auto"]) -> int:
    """How many processes are meant.

    Args:
        jobs: their number; 0 or "auto" for one a core.

    Raises:
        UsageError: it is no number, or below 0.
    """
    if jobs in (0, "auto"):
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if not isinstance(jobs, int) or jobs < 0:
        raise UsageError(f"jobs {jobs!r}: give a number of processes, or 0 for one a core")
    return jobs


class Pool:
    """Processes that do jobs; for one use of `work`.

    Args:
        make: called in each process, with a function that tells this one things; gives what works there: an object with
            `work(jobs)`, which gives a result for each job in order, `stop()` and `close()`. It is pickled, as jobs and
            results are.
        most: processes at most; no more are started than there are jobs for.
        ahead: jobs that a process is given before it has done the first; 2 keep one busy that does them one by one.
        heard: called with each thing told, by one thread at a time.

    Raises:
        UsageError: `make` cannot be pickled; the message says what of it.
    """

    def __init__(
        self, make: Callable[..., Any], most: int, ahead: int = 2, heard: Callable[[Any], object] = lambda _: None
    ) -> None:
        try:
            self._made = pickle.dumps(make)
        except Exception as error:  # whatever the objects of users raise
            raise UsageError(
                f"jobs {most}: {error}; other processes import what they use: put record types and models into a module "
                "of their own, name a task by its folder or as module:NAME, or leave out jobs"
            ) from error
        self._most, self._ahead, self._heard = most, ahead, heard
        self._held = most * max(2 * ahead, 32)  # with what waits for an earlier one: a slow job holds up few others
        self._changed, self._hearing = threading.Condition(), threading.Lock()
        self._processes: list[_Process] = []
        self._jobs: dict[int, Any] = {}
        """What was given out and not handed on, by its number."""
        self._again: list[int] = []
        self._done: dict[int, Any] = {}
        self._ended: Counter[int] = Counter()
        self._fault: Exception | None = None
        self._given = 0
        self._stopped = self._all = False

    def work(self, jobs: Iterable[Any]) -> Iterator[Any]:
        """What is made of each job, in order: `Dead` for one that ended two processes, None for one not begun before
        `stop`.

        Raises:
            UsageError: no process can be made ready; the message says why.
        """
        left, well = iter(jobs), False
        try:
            for number in count():
                with self._changed:
                    if not self._wait(number, left):
                        well = True
                        return
                    self._jobs.pop(number)
                    result = self._done.pop(number, None)
                yield result
        finally:
            self._close(well)

    def stop(self) -> None:
        """Begin no more jobs; those under way are finished. Signal handlers and other threads may call it."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()

    def _wait(self, number: int, left: Iterator[Any]) -> bool:
        """Until a job is done, or will not be; whether there is such a job."""
        while True:
            self._give(left)
            if self._fault:
                raise self._fault
            if number >= self._given:
                return False
            if number in self._done or (self._stopped and not any(number in one.jobs for one in self._processes)):
                return True
            self._changed.wait()

    def _give(self, left: Iterator[Any]) -> None:
        """Give out as many jobs as there is room for."""
        if self._stopped:
            for one in self._processes:
                one.stop()
            return
        while (len(self._jobs) < self._held or self._again) and (free := self._free()):
            number = self._next(left)
            if number is None:
                return
            self._process(free).give(number, self._jobs[number])

    def _next(self, left: Iterator[Any]) -> int | None:
        """The number of the job that is to be given out next; None where there is none."""
        if self._again:
            return self._again.pop(0)
        for job in left if not self._all else ():
            self._jobs[self._given] = job
            self._given += 1
            return self._given - 1
        self._all = True
        return None

    def _free(self) -> _Process | Literal["new"] | None:
        """Who takes the next job: who has least to do, or a new process while everyone has something."""
        least = min(self._processes, key=lambda one: len(one.jobs), default=None)
        if (least is None or least.jobs) and len(self._processes) < self._most:
            return "new"
        return least if least and len(least.jobs) < self._ahead else None

    def _process(self, free: _Process | Literal["new"]) -> _Process:
        if free != "new":
            return free
        started = _Process(self._made)
        self._processes.append(started)
        started.listen(self._listen)
        return started

    def _listen(self, process: _Process) -> None:
        """Take what a process says until it ends; in a thread of its own."""
        for kind, number, what in process.said():
            fault = self._hear(what) if kind == "told" else None
            with self._changed:
                self._fault = self._fault or fault
                self._note(process, kind, number, what)
                self._changed.notify_all()
        with self._changed:
            self._processes.remove(process)
            process.shut()
            self._bury(process)
            self._changed.notify_all()

    def _hear(self, what: Any) -> Exception | None:
        """Have something heard; what is raised then ends the work."""
        with self._hearing:
            try:
                self._heard(what)
            except Exception as error:
                return error
        return None

    def _note(self, process: _Process, kind: str, number: int, what: Any) -> None:
        if kind == "unfit":
            self._fault = UsageError(f"jobs {self._most}: another process cannot do this: {what}; leave out jobs")
        process.ready = True
        if kind == "begun":
            process.begun = number
        elif kind == "done":
            process.jobs.discard(number)
            self._done[number] = what
            self._jobs[number] = None  # its text need not be held any more

    def _bury(self, process: _Process) -> None:
        """Give the jobs of a process that has died to others, and blame the one that it began last."""
        if not process.jobs or self._stopped:
            return
        if not process.ready:
            self._fault = self._fault or UsageError(
                f"jobs {self._most}: a process was {process.end} before it was ready; leave out jobs, or give fewer"
            )
        if process.begun in process.jobs:
            self._ended[process.begun] += 1
            if self._ended[process.begun] == _TRIES:
                process.jobs.remove(process.begun)
                self._done[process.begun] = Dead(process.end)
        self._again = sorted([*self._again, *process.jobs])

    def _close(self, well: bool) -> None:
        """End the processes: after what they have to say still, or at once."""
        with self._changed:
            self._stopped, ending = True, list(self._processes)
        for one in ending:
            one.close(None if well else 0.0)


class _Process:
    """Another process, as this one sees it."""

    def __init__(self, made: bytes) -> None:
        self.jobs: set[int] = set()
        """Numbers of the jobs that it has."""
        self.begun, self.ready, self._stopped = -1, False, False
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START, json.dumps(sys.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is the run's to answer
        )
        self._say(made)

    def listen(self, listening: Callable[[_Process], None]) -> None:
        """Have a thread take what it says."""
        self._thread = threading.Thread(target=listening, args=(self,), name="llmx-listening", daemon=True)
        self._thread.start()

    def give(self, number: int, job: Any) -> None:
        """Give it a job."""
        self.jobs.add(number)
        self._say(pickle.dumps((number, job)))

    def stop(self) -> None:
        """Have it begin nothing more."""
        if not self._stopped:
            self._stopped = True
            self._say(pickle.dumps(None))

    def said(self) -> Iterator[tuple[str, int, Any]]:
        """What it says, until it ends."""
        assert self._process.stdout
        with suppress(EOFError, OSError, pickle.UnpicklingError):
            while True:
                yield pickle.load(self._process.stdout)
        self._process.wait()

    @property
    def end(self) -> str:
        """How it ended, in words."""
        code = self._process.returncode
        if code is None or code >= 0:
            return f"ended with code {code}"
        named = next((one.name for one in signal.Signals if one == -code), str(-code))
        return f"ended by {named}" + " (as it is where memory runs out)" * (named == "SIGKILL")

    def close(self, seconds: float | None) -> None:
        """End it, within some seconds; ten where None are named."""
        self._hang_up()
        try:
            self._process.wait(_LAST if seconds is None else seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._thread.join()

    def shut(self) -> None:
        """Close the pipes of one that has ended."""
        self._hang_up()
        if self._process.stdout:
            self._process.stdout.close()

    def _hang_up(self) -> None:
        with suppress(OSError):  # what could not be sent any more
            if self._process.stdin:
                self._process.stdin.close()

    def _say(self, data: bytes) -> None:
        assert self._process.stdin
        with suppress(OSError, ValueError):  # one that has died is noticed by who listens
            self._process.stdin.write(data)
            self._process.stdin.flush()
