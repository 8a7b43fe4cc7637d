"""The cache key of a question: what changes the answer, and nothing else."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from llmx.cache import CacheKey, digest_of
from llmx.models.openai.endpoints import Endpoint
from llmx.models.openai.modes import Shape
from llmx.prompting import Message, Question


@dataclass
class Keys:
    """Keys for one endpoint; what all questions share is hashed once.

    Neither the API key nor how a call is paced or retried is part of a key; of the address only the host is.
    """

    endpoint: Endpoint
    shape: Shape
    max_tokens: int | None
    _openings: dict[int, tuple[tuple[Message, ...], str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sampling = {"temperature": self.endpoint.temperature, "max_tokens": self.max_tokens}
        self._fixed = {
            "model": self.endpoint.model,
            "host": self.endpoint.host,
            "mode": self.endpoint.mode,
            "schema": digest_of(self.shape.schema),
            "sampling": json.dumps(sampling),
        }

    def of(self, question: Question) -> CacheKey:
        """The key of a question."""
        own = {"instructions": self._opening(question.opening), "question": digest_of(question.closing)}
        return CacheKey({**self._fixed, **own})

    def _opening(self, opening: tuple[Message, ...]) -> str:
        held = self._openings.get(id(opening))
        if held is None:
            held = (opening, digest_of([*opening, self.shape.instruction]))  # held, so that its id stays its own
            self._openings[id(opening)] = held
        return held[1]
