"""What a call to a language model costs and how it went: told to listeners, written to the ledger."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from llmx.masking import shown


class Usage(BaseModel):
    """Tokens of one call as the endpoint reported them; None where it did not."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    prompt: int | None = None
    """Tokens of the prompt, cached ones included."""
    completion: int | None = None
    """Tokens of the answer, reasoning included."""
    cached: int | None = None
    """Tokens of the prompt that the provider's prefix cache held."""


class Cost(BaseModel):
    """What a call cost."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    amount: float
    """In whole units of the currency."""
    currency: str
    """ISO 4217: USD, CNY."""


Purpose = Literal["first", "second", "reask", "outline", "match"]


class Call(BaseModel):
    """One event of a call. Events of kind `attempt` are the lines of ledger.jsonl: one a HTTP request."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    kind: Literal["start", "hit", "attempt", "usage", "failure"]
    """start: a question is about to be asked; hit: the cache had its answer; attempt: a HTTP request ended, well or
    not; usage: an answer was accepted; failure: the question stays unanswered."""
    time: str
    """When: ISO 8601 with zone."""
    model: str
    """Provider and model."""
    report: str
    """The report's id."""
    start: int
    """Where the stretch asked about begins in the report, in code points."""
    end: int
    """Where it ends, exclusive."""
    purpose: Purpose
    """first: all records of the stretch; second: what stayed open; reask: an answer that broke the schema;
    outline: which parts of the report are reported and which planned; match: which items of two lists are one thing."""
    key: str
    """The question's cache key, its first 16 hexadecimal digits."""
    attempt: int = 0
    """Number of the HTTP request for this question, from 1."""
    status: int | None = None
    """HTTP status; None where no answer came."""
    finish: str | None = None
    """Why the answer ended, as the endpoint says: stop, length, content_filter, refusal."""
    seconds: float | None = None
    """How long it took."""
    usage: Usage | None = None
    """Tokens, where reported; a hit carries those of the call that was paid."""
    cost: Cost | None = None
    """Price, where the model's is known; never 0 for unknown."""
    error: str | None = None
    """What went wrong."""
    batch: str | None = None
    """The batch that the request travelled in, by its id at the endpoint; the request is then a line of its file."""
    faults: list[str] | None = None
    """Items of the answer that cannot be used, and why."""


class Totals(BaseModel):
    """What many calls came to."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    requests: int = 0
    """HTTP requests, failed ones included."""
    failed_requests: int = 0
    """Those that brought no answer: limited, refused, broken off."""
    reasks: int = 0
    """Those that showed an answer its error."""
    hits: int = 0
    """Questions that the cache answered."""
    prompt: int = 0
    """Tokens of prompts, as far as endpoints reported them."""
    completion: int = 0
    """Tokens of answers."""
    cached: int = 0
    """Tokens of prompts that providers' prefix caches held."""
    cost: dict[str, float] = {}
    """Cost by currency, of the requests whose price is known."""
    unpriced: int = 0
    """Answered requests whose price is not known: the cost above is without them."""

    def add(self, call: Call) -> None:
        """Count an event."""
        if call.kind == "hit":
            self.hits += 1
        if call.kind != "attempt":
            return
        self.requests += 1
        self.failed_requests += call.error is not None
        self.reasks += call.purpose == "reask"
        if call.usage:
            self.prompt += call.usage.prompt or 0
            self.completion += call.usage.completion or 0
            self.cached += call.usage.cached or 0
        if call.cost:
            self.cost[call.cost.currency] = self.cost.get(call.cost.currency, 0.0) + call.cost.amount
        else:
            self.unpriced += call.error is None


Hook = Callable[[Call], None]
"""Called with each event, from the thread that does the calls; it must be quick. What it raises costs nothing."""

LOG = logging.getLogger("llmx")
"""What runs say: failures and what else should be known as warnings, results as info. Silent unless someone listens."""
LOG.addHandler(logging.NullHandler())


class Listeners:
    """Hooks, of which none can stop a run: one that raises is reported the first time, and called again all the same.

    Args:
        hooks: called in this order.
    """

    def __init__(self, hooks: Sequence[Hook]) -> None:
        self._hooks = hooks
        self._faulty: dict[int, str] = {}

    def __bool__(self) -> bool:
        return bool(self._hooks)

    @property
    def faults(self) -> list[str]:
        """What each hook raised first."""
        return list(self._faulty.values())

    def tell(self, call: Call) -> None:
        """Tell all of an event."""
        for number, hook in enumerate(self._hooks):
            try:
                hook(call)
            except Exception as error:
                if number not in self._faulty:
                    name = getattr(hook, "__qualname__", type(hook).__qualname__)
                    self._faulty[number] = shown(
                        f"the hook {name} raised {type(error).__name__}: {error}; the run went on"
                    )
                    LOG.warning(self._faulty[number], exc_info=True)


def now() -> str:
    """The time as events and cache entries carry it."""
    return datetime.now().astimezone().isoformat(timespec="milliseconds")
