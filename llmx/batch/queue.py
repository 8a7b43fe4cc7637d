"""Batches on their way: cut, sent as the allowance has room, looked at, collected. No step is done twice.

    cut → (file) upload → (id) create → (id) look … → collect

In brackets what is written down before the next step. A step that may have been done without its end being written down,
for a process was killed or a connection broke, is looked for at the endpoint before it is done again.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from llmx.batch.collecting import answers_of
from llmx.batch.desk import Busy, Desk, Remote
from llmx.batch.store import Sent, Store
from llmx.errors import EndpointError, OverloadError

T = TypeVar("T")
_SHARE = 4
"""Batches that an allowance is cut into, so that it is full while some of them end."""
_OUTAGE = 3600.0
"""Seconds that an endpoint may be out of reach."""
_TOKENS = frozenset({"token_limit_exceeded", "batch_queue_full"})
"""Codes that say that the allowance is smaller."""


class Queue:
    """Takes a run's questions to an endpoint of batches and back.

    Args:
        store: the questions.
        desk: the endpoint.
        wait: runs what is asynchronous to its end.
        say: told what happens, in words.
        again: whether what a batch left without an answer goes into the next one.
    """

    def __init__(
        self,
        store: Store,
        desk: Desk,
        wait: Callable[[Coroutine[Any, Any, Any]], Any],
        say: Callable[[str], object] = lambda _: None,
        again: bool = True,
    ) -> None:
        self.store, self.desk, self._wait, self._say, self._again = store, desk, wait, say, again
        self._allowed = desk.limits.tokens
        self._doubtful = {one.number for one in store.batches(open=True) if one.remote is None}
        self.cancelled = False
        """Whether somebody had a batch ended: then nothing more is sent."""
        self._shut = 0.0
        self._failing: float | None = None

    @property
    def shut(self) -> float:
        """Seconds that the endpoint wants to be left alone."""
        return max(0.0, self._shut - time.monotonic())

    @property
    def idle(self) -> bool:
        """Whether nothing is on its way."""
        return not self.store.batches(open=True) and not self.store.unsent

    def send(self) -> int:
        """Send what waits, as far as the allowance goes; how many batches were begun.

        Raises:
            EndpointError: the endpoint takes no batches of this key, model or address.
            RequestError: it does not take this one.
            OverloadError: it is out of reach for too long.
        """
        begun = 0
        try:
            for batch in self.store.batches(open=True):
                begun += batch.remote is None and self._push(batch)
            while not self.shut and (room := self._room()) is not None:
                if (cut := self.store.cut(self.desk.limits, room)) is None:
                    break
                begun += self._push(cut)
        except Busy as error:
            self._failed(error)
        return begun

    def cancel(self) -> int:
        """Ask for all batches to be ended; how many go on until they are. What was not begun is not begun any more."""
        asked = 0
        for batch in self.store.batches(open=True):
            remote = batch.remote
            if remote is None and (found := self._wait(self.desk.find_batch(batch.label, batch.file or ""))):
                remote = found.id
            if remote is None:
                self.store.end(batch.number, "cancelled", "", False, False)
                continue
            self.store.note(batch.number, remote=remote, status=self._wait(self.desk.cancel(remote)).status)
            asked += 1
        return asked

    def _room(self) -> float | None:
        """Tokens that the next batch may have; None while the allowance is used up."""
        if self._allowed is None:
            return float("inf")
        under_way, share = self.store.under_way, max(1, self._allowed // _SHARE)
        if under_way and under_way + share > self._allowed:
            return None
        return share

    def _push(self, batch: Sent) -> bool:
        """Take a batch to the endpoint."""
        if self.shut:
            return False
        doubtful, file, remote = batch.number in self._doubtful, batch.file, None
        self._doubtful.add(batch.number)
        if file is None:
            file = self._wait(self.desk.find_file(batch.label)) if doubtful else None
            if file is None:
                path = self.store.restore(batch, self.desk.limits)
                file = self._wait(self.desk.upload(path, batch.label))
            self.store.note(batch.number, file=file)
        if doubtful:
            remote = self._wait(self.desk.find_batch(batch.label, file))
        remote = remote or self._wait(self.desk.create(file, batch.label))
        self.store.note(batch.number, remote=remote.id, status=remote.status)
        self.store.path(batch.number).unlink(missing_ok=True)
        self._failing = None
        self._say(f"batch {remote.id}: {batch.requests:,} requests sent")
        return True

    def look(self) -> int:
        """Ask how batches go and collect those that have ended; how many had.

        Raises:
            EndpointError: the endpoint refused a batch as it would refuse all.
            OverloadError: it is out of reach for too long.
        """
        ended = 0
        try:
            for batch in self.store.batches(open=True):
                if batch.remote is None:
                    continue
                remote = self._wait(self.desk.batch(batch.remote))
                self._failing = None
                if remote.ended:
                    self._collect(batch, remote)
                    ended += 1
                elif (remote.status, remote.done) != (batch.status, batch.done):
                    self.store.note(batch.number, status=remote.status, done=remote.done)
        except Busy as error:
            self._failed(error)
        return ended

    def glance(self) -> None:
        """Ask how batches go, and collect nothing.

        Raises:
            Busy: the endpoint is out of reach.
        """
        for batch in self.store.batches(open=True):
            if batch.remote is not None:
                remote = self._wait(self.desk.batch(batch.remote))
                self.store.note(batch.number, status=remote.status, done=remote.done)

    def _collect(self, batch: Sent, remote: Remote) -> None:
        """Bring home what came of a batch."""
        if remote.status == "failed":
            self._refused(batch, remote)
            return
        self.cancelled = self.cancelled or remote.status == "cancelled"
        counts: Counter[str] = Counter()
        paths = []
        for kind, file in (("output", remote.output), ("errors", remote.errors)):
            if file:
                path = self.store.folder / f"{batch.number:05d}.{kind}.jsonl"
                self._wait(self.desk.download(file, path))
                counts += self.store.take(batch.number, answers_of(path, counts))
                paths.append(path)
        told = "; ".join(_WORDS[name].format(counts[name]) for name in _WORDS if counts[name])
        left = self.store.end(batch.number, remote.status, told, self._again, remote.status != "cancelled")
        for path in paths:
            path.unlink(missing_ok=True)
        words = [f"{counts['new']:,} answers", *([f"{left:,} without one"] if left else []), *([told] if told else [])]
        self._say(f"batch {remote.id} {remote.status}: {', '.join(words)}")

    def _refused(self, batch: Sent, remote: Remote) -> None:
        """A batch was not taken: its faulty lines are failures, the rest goes into another.

        Raises:
            EndpointError: no line is at fault, and that was so before.
        """
        said = "; ".join(dict.fromkeys(f"{code}: {words}" for _, code, words in remote.faults))[:300]
        full = any(code in _TOKENS for _, code, _ in remote.faults)
        if full:
            self._allowed = self.store.under_way - batch.tokens or max(1, batch.tokens // 2)
        lines = {
            line: json.dumps({"error": {"code": code, "message": words}}).encode()
            for line, code, words in remote.faults
            if line is not None and not full
        }
        faulty, tried = self.store.refuse(batch.number, lines), self.store.tries(batch.number)
        counted = not faulty and not (full and batch.requests > 1)
        self.store.end(batch.number, "failed", said, True, counted)
        self._say(f"batch {remote.id} failed: {said}")
        if counted and tried and not full:
            raise EndpointError(
                f"the endpoint does not take batches of these requests: {said}; see what it says of them"
            )

    def _failed(self, error: Busy) -> None:
        """The endpoint was out of reach."""
        now = time.monotonic()
        self._failing = self._failing or now
        if now - self._failing > _OUTAGE:
            raise OverloadError(
                f"the endpoint of batches is out of reach since {_OUTAGE / 60:.0f} minutes: {error}; what is sent goes on "
                "there: run the same command again later"
            )
        self._shut = now + (error.after or 0.0)
        self._say(f"{error}; tried again in a while")


_WORDS = {
    "twice": "{:,} answers came twice, the first counts",
    "unknown": "{:,} answers to questions that were not asked, not used",
    "spoilt": "{:,} lines that cannot be read",
}
