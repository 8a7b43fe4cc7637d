"""A language model behind an OpenAI-compatible endpoint reads a chunk.

    read → look → (a cut or refused answer: look at its halves) → look again where something stayed open

What has no answer in the end is not passed over: `Unanswered` carries what the rest claims and each place that failed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakKeyDictionary

from llmx.cache import AnswerCache, CacheKey
from llmx.calls import Cost, Listeners, Usage
from llmx.errors import AnswerError, CutError, ModelError, RefusalError, TooLongError
from llmx.figures import Figure
from llmx.models.model import Lost, Unanswered
from llmx.models.openai.asking import Staircase, estimated_answer
from llmx.models.openai.endpoints import Endpoint, find_endpoint
from llmx.models.openai.judging import Answered
from llmx.models.openai.keys import Keys
from llmx.models.openai.mending import Spoilt, joined, settled, shifted, spoilt_by, unmended
from llmx.models.openai.modes import Shape, shape_of
from llmx.models.openai.money import Budget, cost_of, estimated_tokens
from llmx.models.openai.request import check_client
from llmx.models.openai.spending import Spending
from llmx.models.openai.surroundings import check_surroundings
from llmx.models.options import ModelOptions, chosen
from llmx.models.rules import Rules
from llmx.prompting import Doubt, Question, first_question, load_prompt, reading_of, second_question
from llmx.prompting.marks import measuring
from llmx.prompting.outline import outline_question
from llmx.prompting.outline import settled as settled_outline
from llmx.reading import Reading
from llmx.sections import Chunk, Section, halves, pieces_of

_DEEPEST = 4
"""How often a chunk is halved at most: 2,000 characters come down to sentences."""


@dataclass
class _Look:
    """What was learnt of a chunk so far."""

    readings: list[Reading] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    spoilt: list[Spoilt] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)

    def add(self, other: _Look) -> None:
        self.readings += other.readings
        self.doubts += other.doubts
        self.spoilt += other.spoilt
        self.lost += other.lost


class LanguageModel:
    """One model of one endpoint, with its cache, limits and budget; may be used from several event loops.

    Args:
        name: PROVIDER/MODEL.
        options: how it is asked.
        given: single options by name, over `options`; see `ModelOptions`.
        beside: a model that this one is the fallback of: they share cache, budget and listeners.

    Raises:
        UnknownModel: no provider has that name.
        UsageError: a key is missing or options do not fit together.
        CacheError: the cache's folder cannot be used.
        PromptError: the prompt contradicts itself.
    """

    def __init__(
        self, name: str, options: ModelOptions | None = None, *, beside: LanguageModel | None = None, **given: Any
    ) -> None:
        options = chosen(options, given)
        check_client(options.http_client)
        if options.http_client is None:
            check_surroundings()
        self.listeners: Listeners = beside.listeners if beside else Listeners(options.hooks)
        self.options = options
        self.endpoint: Endpoint = find_endpoint(name, options)
        self.prompt = load_prompt()
        self.shape: Shape = shape_of(self.endpoint.mode, self.prompt)
        self.spending = Spending(_shared_budget(options.budget, self.endpoint, beside))
        self.cache: AnswerCache | None = (
            beside.cache if beside else AnswerCache(options.cache) if options.cache else None
        )
        self.keys = Keys(self.endpoint, self.shape, options.max_tokens)
        self._rules = Rules()
        self._stairs: WeakKeyDictionary[asyncio.AbstractEventLoop, Staircase] = WeakKeyDictionary()

    @property
    def name(self) -> str:
        """Provider and model: what records carry."""
        return self.endpoint.name

    @property
    def settings(self) -> dict[str, Any]:
        """What the manifest says of how this model is asked, all that answers depend on: no secrets, but a digest."""
        asked = self.endpoint.asked
        settings = {
            "endpoint": self.endpoint.address,
            "mode": self.endpoint.mode,
            "temperature": self.endpoint.temperature,
            "prompt": self.prompt.sha256,
            "passes": self.passes,
        }
        further = {
            **{name: getattr(asked, name) for name in ("top_p", "seed", "reasoning_effort", "stream", "system")},
            **{name: sorted(getattr(asked, name)) or None for name in ("extra_body", "extra_headers", "query")},
            "max_tokens": self.options.max_tokens,
            "extra": self.keys.extra[:16] or None,
        }
        return settings | {name: value for name, value in further.items() if value is not None}

    @property
    def warnings(self) -> list[str]:
        """What did not fail but should be known: a listener that raised, a cache that could not be read or written."""
        return [*self.listeners.faults, *([self.cache.fault] if self.cache and self.cache.fault else [])]

    @property
    def passes(self) -> int:
        """1, or 2 with a second look."""
        return self.options.passes

    @property
    def chunk(self) -> int | None:
        """The most characters of text in a question: as asked for, or as the provider's table says of its own address."""
        return self.options.chunk or (self.endpoint.asked.chunk if self.endpoint.is_own_address else None)

    @property
    def concurrency(self) -> int:
        """The most calls under way at once."""
        return self.options.concurrency

    async def aread(self, chunk: Chunk, report: str = "") -> Reading:
        """Say what a chunk claims; see `llmx.models.Model`.

        Raises:
            Unanswered: some or all of the chunk has no answer; it carries what the rest claims.
        """
        stairs = self._stairs_here()
        look = await self._look(stairs, chunk, report)
        if self.passes > 1 and not look.lost:
            look.add(await self._look_again(stairs, chunk, report, look))
        reading = joined(look.readings)
        if lost := [*look.lost, *unmended(look.spoilt, reading, chunk)]:
            raise Unanswered(reading, tuple(lost))
        return reading

    async def asettle(self, text: str, sections: Sequence[Section], report: str = "") -> Sequence[Section]:
        """Settle what of a report's structure was decided by little; see `llmx.models.Settling`.

        Without an answer it stays as it was decided: no record is lost by that.
        """
        question = outline_question(self.prompt, text, sections) if self.passes > 1 else None
        if question is None:
            return sections
        try:
            answered = await self._stairs_here().ask(question, "outline", report)
        except ModelError:
            return sections
        return settled_outline(answered.answer, question, sections)

    async def _look(
        self, stairs: Staircase, chunk: Chunk, report: str, claimed: Iterable[Figure] = (), depth: int = 0
    ) -> _Look:
        """Ask for all records of a chunk, of its halves where the answer is cut or refused."""
        question = first_question(self.prompt, chunk, claimed)
        try:
            answered = await stairs.ask(question, "first", report, depth)
        except (CutError, RefusalError, TooLongError) as error:
            return await self._look_at_halves(stairs, question, report, None, depth, error)
        except ModelError as error:
            return _Look(lost=[Lost(chunk.start, chunk.end, error)])
        if answered.cut:
            fault = CutError("the answer was cut at its length limit; raise --max-tokens")
            return await self._look_at_halves(stairs, question, report, answered, depth, fault)
        return _looked(answered, question)

    async def _look_at_halves(
        self,
        stairs: Staircase,
        question: Question,
        report: str,
        kept: Answered | None,
        depth: int,
        error: AnswerError,
    ) -> _Look:
        """Keep the complete items and ask for the rest, a half at a time."""
        chunk = question.chunk
        look = _looked(kept, question) if kept else _Look()
        if kept and kept.whole >= {"figures", "recognitions", "projects", "problems"}:
            return look
        # What is refused as too long is not paid for; what was cut in silence is.
        refused = isinstance(error, TooLongError) and error.kind != "silent"
        free = refused or (kept is not None and kept.split)
        worth = free or stairs.spending.worth_halving(depth + 1)
        parts = halves(chunk) if depth < _DEEPEST and worth else None
        if parts is None:
            look.lost.append(Lost(chunk.start, chunk.end, error))
            return look
        numbers = {one.n for one in kept.answer.figures} if kept else set()
        everything = kept is not None and "figures" in kept.whole
        claimed = [figure for number, figure in question.marks.items() if everything or number in numbers]
        hidden = [figure for figure in measuring(chunk.figures).values() if figure not in question.marks.values()]
        looks = await asyncio.gather(
            *(self._look(stairs, part, report, [*claimed, *hidden], depth + 1) for part in parts)
        )
        for part, found in zip(parts, looks, strict=True):
            before = sum(figure.start < part.start for figure in chunk.figures)
            look.add(replace(found, readings=[shifted(reading, before) for reading in found.readings]))
        if not look.lost and kept is None:
            stairs.keep_split(question)
        return look

    async def _look_again(self, stairs: Staircase, chunk: Chunk, report: str, look: _Look) -> _Look:
        """One short further question about figures that `rules` would claim, and quotes that are not in the text."""
        said = {doubt.figure.start for doubt in look.doubts if doubt.figure}
        open = self._open(chunk, look.readings, said)
        quoted = [doubt.point for doubt in look.doubts if not doubt.figure]
        if not open and not quoted:
            return _Look()
        question = second_question(self.prompt, chunk, open, quoted)
        try:
            answered = await stairs.ask(question, "second", report)
        except ModelError as error:
            return _Look(lost=[Lost(chunk.start, chunk.end, error)])
        again = _looked(answered, question)
        look.readings = settled(look.readings, look.doubts, again.readings)
        return again

    def _open(self, chunk: Chunk, readings: Sequence[Reading], doubted: Set[int]) -> dict[int, Figure]:
        """The figures that stayed unclaimed and that `rules` would claim, and those of which something was said that is
        not in the text, by the number of their mark."""
        claimed = {claim.figure for reading in readings for claim in reading.figures if not claim.doubted}
        claimed |= {claim.amount for reading in readings for claim in reading.projects if claim.amount}
        order = {figure.start: number for number, figure in enumerate(chunk.figures, 1)}
        open = {mark: figure for mark, figure in measuring(chunk.figures).items() if order[figure.start] not in claimed}
        if not open:
            return {}
        wanted = doubted | {
            piece.figures[claim.figure - 1].start
            for piece in pieces_of(chunk)
            for claim in self._rules.read(piece).figures
        }
        return {mark: figure for mark, figure in open.items() if figure.start in wanted}

    def _stairs_here(self) -> Staircase:
        """The staircase of the running loop: connections and waiting calls belong to one."""
        loop = asyncio.get_running_loop()
        if loop not in self._stairs:
            self._stairs[loop] = Staircase(
                self.endpoint, self.shape, self.options, self.keys, self.cache, self.spending, self.listeners
            )
        return self._stairs[loop]

    def estimate(self, chunk: Chunk) -> tuple[bool, Usage]:
        """Whether the cache has a chunk's first answer, and about what asking it takes."""
        question = first_question(self.prompt, chunk)
        words = "".join(message["content"] for message in self.shape.messages(question.messages))
        usage = Usage(prompt=estimated_tokens(words), completion=estimated_answer(question))
        return self.cache is not None and self.cache.get(self.keys.of(question)) is not None, usage

    def key(self, chunk: Chunk) -> CacheKey:
        """The cache key of a chunk's first question."""
        return self.keys.of(first_question(self.prompt, chunk))

    def price(self, usage: Usage) -> Cost | None:
        """What so many tokens cost; None where the price is not known."""
        return cost_of(self.endpoint, usage)

    def stop(self) -> None:
        """Send nothing more; calls under way are finished, if they are within seconds."""
        self.spending.stopped = True
        for loop, stairs in list(self._stairs.items()):
            if not loop.is_closed():
                loop.call_soon_threadsafe(stairs.hasten)

    async def aclose(self) -> None:
        """Close the running loop's connections."""
        stairs = self._stairs.pop(asyncio.get_running_loop(), None)
        if stairs:
            await stairs.close()

    def close(self) -> None:
        """Let go of the cache's files."""
        if self.cache:
            self.cache.close()


def _shared_budget(text: str | None, endpoint: Endpoint, beside: LanguageModel | None) -> Budget:
    """A model's budget; that of the model beside it, in whose unit its own price must be known too."""
    budget = Budget.parse(text, endpoint)
    return beside.spending.budget if beside else budget


def _looked(answered: Answered, question: Question) -> _Look:
    reading, doubts = reading_of(answered.answer, question)
    spoilt = [spoilt_by(fault, question) for fault in answered.lost]
    return _Look([reading], doubts, spoilt)
