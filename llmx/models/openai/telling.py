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

    def attempt(self, seconds: float, **fields: Any) -> None:
        """A HTTP request ended; the first event of it is the ledger's line."""
        self.attempts += 1
        usage = fields.get("usage")
        cost = cost_of(self.endpoint, usage) if usage else None
        self.say("attempt", seconds=round(seconds, 4), cost=cost, **fields)

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
