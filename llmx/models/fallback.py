"""Two models, the second for what the first does not answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from llmx.batch import Desk, Post
from llmx.cache import AnswerCache, CacheKey
from llmx.calls import Cost, Usage
from llmx.claims import Reading
from llmx.errors import AnswerError, EndpointError, ModelError, OverloadError, RequestError, UsageError
from llmx.models.checking import read_checked
from llmx.models.model import Batched, Divided, Estimating, Lost, Model, Part, Settling, Unanswered
from llmx.prompting import Question
from llmx.sections import Chunk, Section, part_of

_HELPED = (AnswerError, RequestError, OverloadError, EndpointError)
"""What another model may do better. A budget is that of both, and after Ctrl-C neither is asked."""


class Fallback:
    """A model that hands on what it does not answer; its name and estimates are the first one's.

    Args:
        first: is asked.
        second: is asked for the stretches that the first refuses or fails.
        checker: what else reads a chunk, for the second look of each.
    """

    def __init__(self, first: Estimating, second: Estimating, checker: Model | None = None) -> None:
        self.first, self.second, self.checker = first, second, checker

    @property
    def name(self) -> str:
        """The first model's name; records carry that of the one that made them."""
        return self.first.name

    @property
    def chunk(self) -> int | None:
        """The most characters of text in a question; None where llmx chooses."""
        return getattr(self.first, "chunk", None)

    async def asettle(self, text: str, sections: Sequence[Section], report: str = "") -> Sequence[Section]:
        """As the first model settles them."""
        return await self.first.asettle(text, sections, report) if isinstance(self.first, Settling) else sections

    async def aanswer(self, question: Question, report: str = "") -> Any:
        """The first model's answer, or the second's where the first has none."""
        first: Any = self.first
        second: Any = self.second
        try:
            return await first.aanswer(question, report)
        except _HELPED:
            return await second.aanswer(question, report)

    @property
    def concurrency(self) -> int:
        """The most chunks worth asking at once."""
        return self.first.concurrency

    @property
    def cache(self) -> AnswerCache | None:
        """Where answers are kept, both models' alike."""
        return self.first.cache

    @property
    def settings(self) -> dict[str, Any]:
        """What the manifest says of how both are asked."""
        own: dict[str, Any] = getattr(self.first, "settings", {})
        return own | {"fallback": {"model": self.second.name, **getattr(self.second, "settings", {})}}

    @property
    def warnings(self) -> list[str]:
        """What did not fail but should be known."""
        return list(dict.fromkeys(one for model in (self.first, self.second) for one in getattr(model, "warnings", ())))

    async def aread(self, chunk: Chunk, report: str = "") -> Reading | Divided:
        """Say what a chunk claims: the first model, and the second of what the first leaves.

        Raises:
            Unanswered: neither says anything of what the first leaves.
        """
        try:
            return await read_checked(self.first, self.checker, chunk, report)
        except Unanswered as error:
            handed = [one for one in error.lost if isinstance(one.error, _HELPED)]
            if not handed:
                raise
            parts = await asyncio.gather(*(self._part(chunk, one, report) for one in handed))
            left = [one for one in error.lost if one not in handed]
            if not any(map(_helps, parts)):
                raise Unanswered(error.reading, (*left, *(one for part in parts for one in _lost(part)))) from None
            return self._divided(chunk, error.reading, left, parts)

    def _divided(self, chunk: Chunk, reading: Reading, left: list[Lost], parts: Sequence[Part]) -> Divided:
        """What both say; where the second read all of a chunk, the first one's claims of it would say the same twice."""
        if any(part.chunk == chunk and isinstance(part.answer, Reading) for part in parts):
            reading = Reading()
        own: Reading | ModelError = Unanswered(reading, tuple(left)) if left else reading
        return Divided((Part(chunk, own, self.first.name), *parts))

    async def _part(self, chunk: Chunk, lost: Lost, report: str) -> Part:
        """What the second model says of a stretch."""
        stretch = part_of(chunk, lost.start, lost.end)
        try:
            answer: Reading | ModelError = _plain(await read_checked(self.second, self.checker, stretch, report))
        except Unanswered as error:
            both = tuple(Lost(one.start, one.end, self._both(lost.error, one.error)) for one in error.lost)
            answer = Unanswered(error.reading, both)
        return Part(stretch, answer, self.second.name)

    def _both(self, first: ModelError, second: ModelError) -> ModelError:
        """The first model's error with what the second said after it."""
        return type(first)(f"{first}; nor did the fallback answer, {self.second.name}: {second}")

    def key(self, chunk: Chunk) -> CacheKey:
        """The cache key of a chunk's first question to the first model."""
        return self.first.key(chunk)

    def estimate(self, chunk: Chunk) -> tuple[bool, Usage]:
        """Whether the first model's answer is known, and about how many tokens asking it takes."""
        return self.first.estimate(chunk)

    def price(self, usage: Usage) -> Cost | None:
        """What so many tokens of the first model cost."""
        return self.first.price(usage)

    def send_by(self, post: Post) -> None:
        """Ask the first model by post; what it leaves goes to the second live."""
        _batched(self.first).send_by(post)

    def desk(self) -> Desk:
        """Where the first model's batches go."""
        return _batched(self.first).desk()

    def batch_price(self, usage: Usage) -> Cost | None:
        """What so many tokens of the first model cost in batches."""
        return _batched(self.first).batch_price(usage)

    def stop(self) -> None:
        """Ask nothing more of either."""
        self.first.stop()
        self.second.stop()

    async def aclose(self) -> None:
        """Close the running loop's connections."""
        await self.first.aclose()
        await self.second.aclose()

    def close(self) -> None:
        """Let go of files."""
        self.first.close()
        self.second.close()


def _batched(model: Estimating) -> Batched:
    if not isinstance(model, Batched):
        raise UsageError(f"{model.name!r} cannot be asked in batches")
    return model


def _plain(answer: Reading | Divided) -> Reading:
    assert isinstance(answer, Reading)  # a fallback has none of its own
    return answer


def _lost(part: Part) -> tuple[Lost, ...]:
    return part.answer.lost if isinstance(part.answer, Unanswered) else ()


def _helps(part: Part) -> bool:
    """Whether anything came of a part."""
    if isinstance(part.answer, Unanswered):
        return any(part.answer.reading.claims)
    return isinstance(part.answer, Reading)
