"""How many calls are under way at once: what the endpoint bears, found while it is asked.

The limit starts low and doubles each round while all is well; a 429 halves it and from then on it grows by one a round
(additive increase, multiplicative decrease: Chiu and Jain 1989, as in TCP); a 5xx stops its growth for a while, since
it says that the endpoint is ill, not that it is asked too often. Retry-After, rate-limit headers and given rates hold
back every call.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple

from llmx.models.allowance import Allowance, Share

START = 4
"""Calls at once before anything is known of the endpoint."""

_CUT = 0.5
_NAP = 0.25
"""Seconds between looks whether the run was stopped."""
_REST = 5.0
"""Seconds without growth after a server error."""


class Turn(NamedTuple):
    """A call's turn."""

    closed: float
    """Seconds that the endpoint wants no calls, where they are more than the patience: don't call. Else 0."""
    waited: float
    """Seconds that it wanted none and that were waited for."""


class AdaptiveLimit:
    """Slots for calls. Belongs to one event loop.

    Args:
        most: the limit never grows beyond it.
        share: what it may use of the rates that all loops and processes have together; all of them unless given.
        endpoint: whose rates.
        rpm, tpm: requests and tokens a minute that are never exceeded; None for no bound.
        stopped: whether nothing more will be sent, so that nobody need wait.
    """

    def __init__(
        self,
        most: int,
        share: Share | None = None,
        endpoint: str = "",
        rpm: int | None = None,
        tpm: int | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.most = most
        self.limit = float(min(START, most))
        self._share, self._endpoint = share or Allowance(), endpoint
        self._rates = rpm, tpm
        self._stopped = stopped
        self._clock = asyncio.get_running_loop().time
        self._active = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._doubling = True
        self._cut = self._rest = 0.0

    def now(self) -> float:
        """The loop's clock, in seconds."""
        return self._clock()

    @asynccontextmanager
    async def slot(self, tokens: int, patience: float, ahead: bool = False) -> AsyncIterator[Turn]:
        """Hold a slot for one call of about so many tokens, once the limit and the rates allow it.

        Args:
            tokens: of prompt and answer.
            patience: seconds that a pause may last.
            ahead: whether it comes before others that wait, so that a question is finished before another is begun.
        """
        await self._enter(ahead)
        try:
            closed = self._share.closed(self._endpoint)
            if closed <= patience:
                await self._pace(tokens)
            yield Turn(closed, 0.0) if closed > patience else Turn(0.0, closed)
        finally:
            self._active -= 1
            self._wake()

    def used(self, tokens: int) -> None:
        """A call took so many tokens more than its slot was held for; fewer where negative."""
        if self._rates[1]:
            self._share.used(self._endpoint, tokens)

    def succeeded(self) -> None:
        """A call went well: the limit grows, unless it is resting."""
        if self._clock() < self._rest:
            return
        self.limit = min(self.most, self.limit + (1 if self._doubling else 1 / self.limit))
        self._wake()

    def limited(self, began: float, seconds: float | None) -> None:
        """The endpoint said 429 to a call.

        Args:
            began: when that call was sent, on the loop's clock; calls sent before the last cut don't cut again.
            seconds: how long it wants no calls, where it says so.
        """
        if began >= self._cut:
            self.limit = max(1.0, self.limit * _CUT)
            self._cut = self._clock()
            self._doubling = False
        self.pause(seconds or 0)

    def failed(self) -> None:
        """The endpoint said 5xx or broke the connection: no growth for a while."""
        self._rest = self._clock() + _REST

    def pause(self, seconds: float) -> None:
        """Send nothing for so long, from no process."""
        self._share.pause(self._endpoint, seconds)

    async def rest(self, seconds: float) -> None:
        """Sleep, but no longer than until the run is stopped."""
        until = self._clock() + seconds
        while (left := until - self._clock()) > 0 and not self._stopped():
            await asyncio.sleep(min(left, _NAP))

    async def _enter(self, ahead: bool) -> None:
        if self._active < int(self.limit) and not self._waiting:
            self._active += 1
            return
        turn = asyncio.get_running_loop().create_future()
        (self._waiting.appendleft if ahead else self._waiting.append)(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # the slot was given before the waiting was given up
                self._active -= 1
                self._wake()
            raise

    def _wake(self) -> None:
        while self._waiting and self._active < int(self.limit):
            turn = self._waiting.popleft()
            if not turn.done():
                self._active += 1
                turn.set_result(None)

    async def _pace(self, tokens: int) -> None:
        """Wait out a pause and the rates."""
        start = self._clock() + self._share.turn(self._endpoint, tokens, *self._rates)
        while (wait := max(start - self._clock(), self._share.closed(self._endpoint))) > 0 and not self._stopped():
            await self.rest(wait)
