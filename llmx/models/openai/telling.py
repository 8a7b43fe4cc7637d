"""What listeners are told of one question's calls."""

from __future__ import annotations

from typing import Any

from llmx.cache import CacheKey
from llmx.calls import Call, Listeners, Purpose, now
from llmx.models.openai.endpoints import Endpoint
from llmx.models.openai.money import cost_of
from llmx.prompting import Question


class Telling:
    """Tells listeners of one question's calls."""

    def __init__(
        self,
        endpoint: Endpoint,
        listeners: Listeners,
        question: Question,
        purpose: Purpose,
        report: str,
        key: CacheKey,
    ) -> None:
        self.endpoint, self.listeners, self.question, self.key = endpoint, listeners, question, key
        self.purpose, self.report = purpose, report
        self.attempts = 0
        """HTTP requests so far."""

    def attempt(self, seconds: float | None, endpoint: Endpoint | None = None, **fields: Any) -> None:
        """A HTTP request ended, or a line of a batch; the first event of it is the ledger's line.

        Args:
            seconds: how long it took, where that is known.
            endpoint: whose price counts; that of a live call unless given.
            fields: what else is known.
        """
        self.attempts += 1
        usage = fields.get("usage")
        cost = cost_of(endpoint or self.endpoint, usage) if usage else None
        self.say("attempt", seconds=None if seconds is None else round(seconds, 4), cost=cost, **fields)

    def say(self, kind: Any, **fields: Any) -> None:
        """Tell of an event."""
        if not self.listeners:
            return
        chunk = self.question.chunk
        call = Call(
            kind=kind,
            time=now(),
            model=self.endpoint.name,
            report=self.report,
            start=chunk.start,
            end=chunk.end,
            purpose=self.purpose,
            key=self.key.digest[:16],
            attempt=self.attempts,
            **fields,
        )
        self.listeners.tell(call)
