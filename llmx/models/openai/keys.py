"""The cache key of a question: what changes the answer, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from llmx.cache import CacheKey, digest_of
from llmx.masking import names_secret
from llmx.models.openai.endpoints import Endpoint
from llmx.models.openai.modes import Shape
from llmx.prompting import Message, Question


@dataclass
class Keys:
    """Keys for one endpoint; what all questions share is hashed once.

    Neither the API key, nor a header or query that carries one, nor how a call is paced or retried is part of a key.
    """

    endpoint: Endpoint
    shape: Shape
    max_tokens: int | None
    _openings: dict[int, tuple[tuple[Message, ...], str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        asked = self.endpoint.asked
        sampling = {
            "temperature": self.endpoint.temperature,
            "top_p": asked.top_p,
            "seed": asked.seed,
            "reasoning_effort": asked.reasoning_effort,
            "max_tokens": self.max_tokens,
            "system": None if asked.system else asked.system,
        }
        # As a digest: what a user adds may hold what nobody else is to read.
        extra = [asked.extra_body, _open(asked.extra_headers), _open(asked.query)]
        self.extra = digest_of(extra) if any(extra) else ""
        self._fixed = {
            "model": self.endpoint.model,
            "address": self.endpoint.address,
            "mode": self.endpoint.mode,
            "schema": digest_of(self.shape.schema),
            "sampling": json.dumps({name: value for name, value in sampling.items() if value is not None}),
            "extra": self.extra,
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


def _open(pairs: Mapping[str, str]) -> dict[str, str]:
    """Headers or a query without those that carry a key."""
    return {name.lower(): value for name, value in pairs.items() if not names_secret(name)}
