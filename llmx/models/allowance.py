"""What all processes of one run may use together: calls and tokens a minute, money, and when an endpoint wants no calls.

One `Allowance` is the account. In a run of one process it is the model's own; else all processes reach one (`serving`),
of which each takes blocks (`Leased`), so that few calls wait for another process, and gives back what it did not use.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any, Protocol, cast

from llmx.cache import AnswerCache

_BLOCK = 0.25
"""Seconds of an endpoint's rates that a process takes at once; what it holds when it is killed passes unused."""
_FRESH = 0.25
"""Seconds that a process believes what it last heard of an endpoint's pauses."""
_CALLS, _PLENTY = 8, 8
"""Calls whose money a process sets aside at once, while that is less than an eighth of what is left."""


class Share(Protocol):
    """What a model asks before each call: an Allowance, or what a process has leased of one."""

    def turn(self, endpoint: str, tokens: int, rpm: int | None, tpm: int | None) -> float:
        """Seconds until a call of about so many tokens may start; later turns start after it."""

    def used(self, endpoint: str, tokens: int) -> None:
        """A call took so many tokens more than its turn was for; fewer where negative."""

    def closed(self, endpoint: str) -> float:
        """Seconds that an endpoint still wants no calls."""

    def pause(self, endpoint: str, seconds: float) -> None:
        """An endpoint wants no calls for so long."""

    def set_aside(self, amount: float, most: float) -> bool:
        """Set money aside for a call; False where a budget of `most` does not cover it beside all else."""

    def settle(self, aside: float, spent: float) -> None:
        """Replace what was set aside for a call by what it cost."""

    def spent(self) -> float:
        """What all calls cost so far."""

    def factor(self) -> float:
        """How much more than estimated calls have cost so far; never under 1."""

    def learn(self, factor: float) -> None:
        """A call cost so much more than estimated."""

    def give_back(self) -> None:
        """Give back what was taken and not used."""


class _Rate:
    """Evenly spaced starts: so many units a minute, none in advance."""

    def __init__(self, per_minute: int | None) -> None:
        self.per_minute = per_minute
        self.next = float("-inf")

    def seconds(self, amount: float) -> float:
        """How long so many units take."""
        return 60 * amount / self.per_minute if self.per_minute else 0.0

    def book(self, now: float, amount: float) -> float:
        """When a call of this amount may start; later calls start after it."""
        start = max(now, self.next)
        self.next = start + self.seconds(amount)
        return start


class Allowance:
    """The account of a run; may be used from several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._rates: dict[str, tuple[_Rate, _Rate]] = {}
        self._open: dict[str, float] = {}
        self._spent = self._aside = 0.0
        self._factor = 1.0

    def turn(self, endpoint: str, tokens: int, rpm: int | None, tpm: int | None) -> float:
        """As `Share.turn`."""
        return self.block(endpoint, 1, tokens, rpm, tpm)

    def block(self, endpoint: str, calls: int, tokens: int, rpm: int | None, tpm: int | None) -> float:
        """Seconds until the first of some calls may start that have so many tokens together."""
        with self._lock:
            now = self._clock()
            rates = self._rates.setdefault(endpoint, (_Rate(rpm), _Rate(tpm)))
            # What waits for tokens books its calls for then, and takes none from others meanwhile.
            start = max(now, *(rate.next for rate in rates))
            for rate, amount in zip(rates, (calls, tokens), strict=True):
                rate.book(start, amount)
            return start - now

    def used(self, endpoint: str, tokens: int) -> None:
        """As `Share.used`."""
        self.return_block(endpoint, 0, -tokens)

    def return_block(self, endpoint: str, calls: int, tokens: int) -> None:
        """Take back what of a block was not used."""
        with self._lock:
            for rate, amount in zip(self._rates.get(endpoint, ()), (calls, tokens), strict=False):
                rate.next -= rate.seconds(amount)

    def closed(self, endpoint: str) -> float:
        """As `Share.closed`."""
        return max(0.0, self._open.get(endpoint, 0.0) - self._clock())

    def pause(self, endpoint: str, seconds: float) -> None:
        """As `Share.pause`."""
        with self._lock:
            self._open[endpoint] = max(self._open.get(endpoint, 0.0), self._clock() + seconds)

    def set_aside(self, amount: float, most: float) -> bool:
        """As `Share.set_aside`."""
        return self.advance(amount, amount, most) is not None

    def advance(self, least: float, wanted: float, most: float) -> float | None:
        """Set money aside: what is wanted while there is plenty, else the least; None where not even that is covered."""
        with self._lock:
            left = most - self._spent - self._aside
            if least > left:
                return None
            given = wanted if wanted * _PLENTY <= left else least
            self._aside += given
            return given

    def settle(self, aside: float, spent: float) -> None:
        """As `Share.settle`."""
        with self._lock:
            self._aside -= aside
            self._spent += spent

    def spent(self) -> float:
        """As `Share.spent`."""
        return self._spent

    def factor(self) -> float:
        """As `Share.factor`."""
        return self._factor

    def learn(self, factor: float) -> None:
        """As `Share.learn`."""
        with self._lock:
            self._factor = max(self._factor, factor)

    def give_back(self) -> None:
        """Nothing: what is taken of it is used at once."""


@dataclass
class _Block:
    """What a process has taken of one endpoint's rates, and what it last heard of it."""

    rates: tuple[_Rate, _Rate]
    calls: int = 0
    tokens: int = 0
    until: float = 0.0
    closed: float = 0.0
    heard: float = field(default=float("-inf"))

    @classmethod
    def of(cls, rpm: int | None = None, tpm: int | None = None) -> _Block:
        return cls((_Rate(rpm), _Rate(tpm)))

    def begin(self, start: float, calls: int, tokens: int) -> None:
        """Take up a block; what is not begun by its end is no longer used, since others have what comes after."""
        self.calls, self.tokens = calls, tokens
        lengths = [rate.seconds(amount) for rate, amount in zip(self.rates, (calls, tokens), strict=True)]
        self.until = start + max(*lengths, _BLOCK)
        for rate in self.rates:
            rate.next = start

    def take(self, now: float, tokens: int) -> float:
        """When one call of it may start."""
        self.calls -= 1
        self.tokens -= tokens
        return max(rate.book(now, amount) for rate, amount in zip(self.rates, (1, tokens), strict=True))


class Leased:
    """What one process takes of an Allowance that stands in another; for one thread.

    Args:
        allowance: what passes calls on to it.
    """

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._blocks: dict[str, _Block] = {}
        self._purse = 0.0
        self._factor, self._heard = 1.0, float("-inf")

    def turn(self, endpoint: str, tokens: int, rpm: int | None, tpm: int | None) -> float:
        """As `Share.turn`."""
        if rpm is None and tpm is None:
            return 0.0
        now = time.monotonic()
        block = self._blocks.get(endpoint)
        if block is None or block.rates[0].per_minute != rpm or block.rates[1].per_minute != tpm:
            block = self._blocks[endpoint] = _Block.of(rpm, tpm)
        if block.calls < 1 or block.tokens < tokens or now > block.until:
            self._return(endpoint, block)
            calls = max(1, int((rpm or 60) * _BLOCK / 60))
            many = max(tokens, int(tpm * _BLOCK / 60)) if tpm else calls * tokens
            wait = self._allowance.block(endpoint, calls, many, rpm, tpm)
            now = time.monotonic()  # the answer took its time: a block begins no earlier than it was told to
            block.begin(now + wait, calls, many)
        return block.take(now, tokens) - now

    def used(self, endpoint: str, tokens: int) -> None:
        """As `Share.used`."""
        if tokens:
            self._allowance.used(endpoint, tokens)

    def closed(self, endpoint: str) -> float:
        """As `Share.closed`."""
        block, now = self._blocks.setdefault(endpoint, _Block.of()), time.monotonic()
        if now - block.heard > _FRESH:
            block.closed, block.heard = now + self._allowance.closed(endpoint), now
        return max(0.0, block.closed - now)

    def pause(self, endpoint: str, seconds: float) -> None:
        """As `Share.pause`."""
        block = self._blocks.setdefault(endpoint, _Block.of())
        block.closed = max(block.closed, time.monotonic() + seconds)
        if seconds:
            self._allowance.pause(endpoint, seconds)

    def set_aside(self, amount: float, most: float) -> bool:
        """As `Share.set_aside`."""
        if amount > self._purse:
            given = self._allowance.advance(amount - self._purse, _CALLS * amount, most)
            if given is None:
                return False
            self._purse += given
        self._purse -= amount
        return True

    def settle(self, aside: float, spent: float) -> None:
        """As `Share.settle`."""
        held = min(spent, aside + self._purse)  # what a call took beyond that was never set aside
        self._purse += aside - held
        self._allowance.settle(held, spent)

    def spent(self) -> float:
        """As `Share.spent`."""
        return self._allowance.spent()

    def factor(self) -> float:
        """As `Share.factor`."""
        if (now := time.monotonic()) - self._heard > _FRESH:
            self._factor, self._heard = max(self._factor, self._allowance.factor()), now
        return self._factor

    def learn(self, factor: float) -> None:
        """As `Share.learn`."""
        if factor > self._factor:
            self._factor = factor
            self._allowance.learn(factor)

    def give_back(self) -> None:
        """As `Share.give_back`."""
        for endpoint, block in self._blocks.items():
            self._return(endpoint, block)
        purse, self._purse = self._purse, 0.0
        self._allowance.settle(purse, 0.0)

    def _return(self, endpoint: str, block: _Block) -> None:
        """Give back what is left of a block that is not over."""
        if block.calls + block.tokens > 0 and time.monotonic() < block.until:
            self._allowance.return_block(endpoint, block.calls, max(block.tokens, 0))
        block.calls = block.tokens = 0


class Reach(Protocol):
    """Where the allowance of a run is found: small, and may be sent to another process."""

    def lease(self) -> Share:
        """What this process takes of it."""

    def answers(self, folder: Path) -> AnswerCache:
        """The answers that all processes keep together, which the run has in a folder."""


_EXPOSED = frozenset(
    ("block", "return_block", "used", "closed", "pause", "advance", "settle", "spent", "factor", "learn")
)


class _Line:
    """Passes calls on to an Allowance in another process of this machine."""

    def __init__(self, address: tuple[str, int], key: bytes) -> None:
        self._connection = Client(address, authkey=key)
        self._lock = threading.Lock()

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return partial(self._call, name)

    def _call(self, name: str, *given: Any) -> Any:
        with self._lock:
            self._connection.send((name, given))
            return self._connection.recv()


@dataclass(frozen=True, slots=True)
class Served:
    """An allowance that a process of this machine serves."""

    address: tuple[str, int]
    key: bytes

    def lease(self) -> Leased:
        """As `Reach.lease`."""
        return Leased(cast(Allowance, _Line(self.address, self.key)))

    def answers(self, folder: Path) -> AnswerCache:
        """As `Reach.answers`: several processes of one machine may share the folder."""
        return AnswerCache(folder)


@contextmanager
def serving(allowance: Allowance) -> Iterator[Served]:
    """Let other processes of this machine reach an allowance, for as long as the block lasts."""
    key, ended = secrets.token_bytes(32), threading.Event()
    listener = Listener(("127.0.0.1", 0), authkey=key)
    address = cast(tuple[str, int], listener.address)

    def accept() -> None:
        while not ended.is_set():
            # Who does not know the key, or has gone, is none of ours.
            with suppress(OSError, EOFError, AuthenticationError):
                line = listener.accept()
                threading.Thread(target=_answer, args=(line, allowance), name="llmx allowance", daemon=True).start()

    thread = threading.Thread(target=accept, name="llmx allowance", daemon=True)
    thread.start()
    try:
        yield Served(address, key)
    finally:
        ended.set()
        with suppress(OSError):  # nothing else wakes who waits for a connection
            Client(address, authkey=key).close()
        thread.join()
        listener.close()


def _answer(line: Connection[Any, Any], allowance: Allowance) -> None:
    """Answer one process until it has gone."""
    with line, suppress(EOFError, OSError):
        while True:
            name, given = line.recv()
            line.send(getattr(allowance, name)(*given) if name in _EXPOSED else None)
