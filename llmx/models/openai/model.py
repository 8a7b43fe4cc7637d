"""A language model behind an OpenAI-compatible endpoint reads a chunk.

    read → look → (a cut or refused answer: look at its halves);  reread: a short question about what stayed open

What has no answer in the end is not passed over: `Unanswered` carries what the rest claims and each place that failed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakKeyDictionary

from llmx.batch import Post
from llmx.cache import AnswerCache, CacheKey
from llmx.calls import Cost, Listeners, Usage
from llmx.claims import Reading
from llmx.errors import AnswerError, Awaited, CutError, ModelError, RefusalError, TaskError, TooLongError, UsageError
from llmx.figures import Figure
from llmx.models.model import Lost, Unanswered
from llmx.models.openai.desk import BatchDesk
from llmx.models.openai.endpoints import Endpoint, find_endpoint
from llmx.models.openai.judging import Answered
from llmx.models.openai.keys import Keys
from llmx.models.openai.mending import settled, spoilt
from llmx.models.openai.modes import Shape, shape_of
from llmx.models.openai.money import Budget, cost_of
from llmx.models.openai.request import check_client
from llmx.models.openai.spending import Spending
from llmx.models.openai.staircase import Staircase, estimated_answer
from llmx.models.openai.surroundings import check_surroundings
from llmx.models.options import ModelOptions, chosen
from llmx.models.schemas import LIMITS, schema_faults
from llmx.models.tokens import estimated_tokens
from llmx.prompting import Question, doubts_of, first_question, second_question
from llmx.sections import Chunk, Section, halves
from llmx.task import Task, open_task

_DEEPEST = 4
"""How often a chunk is halved at most: 2,000 characters come down to sentences."""


@dataclass
class _Look:
    """What was learnt of a chunk so far."""

    readings: list[Reading] = field(default_factory=list)
    lost: list[Lost] = field(default_factory=list)

    def add(self, other: _Look) -> None:
        self.readings += other.readings
        self.lost += other.lost

    @property
    def reading(self) -> Reading:
        return self.readings[0].joined(self.readings[1:]) if self.readings else Reading()


class LanguageModel:
    """One model of one endpoint, with its cache, limits and budget; may be used from several event loops.

    Args:
        name: PROVIDER/MODEL.
        options: how it is asked.
        task: what it is asked for; the government task unless given.
        given: single options by name, over `options`; see `ModelOptions`.
        beside: a model that this one is the fallback of: they share cache, budget and listeners.

    Raises:
        UnknownModel: no provider has that name.
        UsageError: a key is missing or options do not fit together.
        CacheError: the cache's folder cannot be used.
        PromptError: the prompt contradicts itself.
    """

    def __init__(
        self,
        name: str,
        options: ModelOptions | None = None,
        *,
        task: Task | None = None,
        beside: LanguageModel | None = None,
        **given: Any,
    ) -> None:
        options = chosen(options, given)
        check_client(options.http_client)
        if options.http_client is None:
            check_surroundings()
        self.listeners: Listeners = beside.listeners if beside else Listeners(options.hooks)
        self.options = options
        self.endpoint: Endpoint = find_endpoint(name, options)
        self._given, self._task = name, open_task(task)
        self.asking = self._task.asking
        self.asking.check()
        self.shape: Shape = shape_of(self.endpoint.mode, self.asking)
        _check_schema(self.shape, self.endpoint)
        self.spending = Spending(_shared_budget(options, self.endpoint, beside))
        self.cache: AnswerCache | None = beside.cache if beside else _answers(options)
        self.keys = Keys(self.endpoint, self.shape, options.max_tokens)
        self._post: Post | None = None
        self._stairs: WeakKeyDictionary[asyncio.AbstractEventLoop, Staircase] = WeakKeyDictionary()

    def __reduce__(self) -> tuple[Any, ...]:
        """A model as what it is made of, without its key, which is found again by the provider's variable."""
        return _remade, (self._given, self.options, self._task)

    def with_(self, **changes: Any) -> LanguageModel:
        """Another one that is as this one, with some options changed."""
        return LanguageModel(self._given, self.options.with_(**changes), task=self._task)

    def __repr__(self) -> str:
        return f"<LanguageModel {self.name!r} at {self.endpoint.address}>"

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
            "prompt": self.asking.prompt.sha256,
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
        cache = [self.cache.fault] if self.cache and self.cache.fault else []
        return [*self.listeners.faults, *cache, *(self._post.warnings if self._post else [])]

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
        look = await self._look(self._stairs_here(), chunk, report)
        if look.lost:
            raise Unanswered(look.reading, tuple(look.lost))
        return look.reading

    async def areread(self, chunk: Chunk, reading: Reading, wanted: Collection[int], report: str = "") -> Reading:
        """Ask once more about what stayed open of a chunk; see `llmx.models.Rereading`."""
        doubts = doubts_of(reading, chunk, self.asking)
        open = self._open(chunk, reading, wanted)
        quoted = [point for point in doubts.values() if point]
        if not open and not quoted:
            return reading
        claims = [claim for at, claim in enumerate(reading.claims) if doubts.get(at)]
        held = {chunk.figures[number - 1].start for claim in claims for number in claim.numbers}
        marks = {mark: one for mark, one in self.asking.marks(chunk.figures).items() if one.start in held}
        question = second_question(self.asking, chunk, open, quoted, marks)
        answered = await self._stairs_here().ask(question, "second", report)
        again = self._looked(answered, question)
        reading = settled(reading, doubts, again.reading)
        if again.lost:
            raise Unanswered(reading, tuple(again.lost))
        return reading

    async def asettle(self, text: str, sections: Sequence[Section], report: str = "") -> Sequence[Section]:
        """Settle what of a report's structure was decided by little; see `llmx.models.Settling`.

        Without an answer it stays as it was decided: no record is lost by that.
        """
        question = self.asking.outline_question(text, sections) if self.passes > 1 else None
        if question is None:
            return sections
        try:
            answered = await self._stairs_here().ask(question, "outline", report)
        except Awaited:  # its chunks depend on the answer
            raise
        except ModelError:
            return sections
        return self.asking.outlined(answered.answer, question, sections)

    async def aanswer(self, question: Question, report: str = "") -> Any:
        """The whole answer to a question of the task's own; see `llmx.models.Answering`."""
        answered = await self._stairs_here().ask(question, "match", report)
        if answered.cut:
            raise CutError("the answer was cut at its length limit; raise --max-tokens")
        return answered.answer

    async def _look(
        self, stairs: Staircase, chunk: Chunk, report: str, claimed: Iterable[Figure] = (), depth: int = 0
    ) -> _Look:
        """Ask for all records of a chunk, of its halves where the answer is cut or refused."""
        question = first_question(self.asking, chunk, claimed)
        try:
            answered = await stairs.ask(question, "first", report, depth)
        except (CutError, RefusalError, TooLongError) as error:
            return await self._look_at_halves(stairs, question, report, None, depth, error)
        except ModelError as error:
            return _Look(lost=[Lost(chunk.start, chunk.end, error)])
        if answered.cut:
            fault = CutError("the answer was cut at its length limit; raise --max-tokens")
            return await self._look_at_halves(stairs, question, report, answered, depth, fault)
        return self._looked(answered, question)

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
        look = self._looked(kept, question) if kept else _Look()
        if kept and kept.whole >= self.asking.holding:
            return look
        claimed = self.asking.settled_figures(kept.answer, kept.whole, question.marks) if kept else []
        marks = question.marks.values()
        hidden = [figure for figure in self.asking.marks(chunk.figures).values() if figure not in marks]
        parts = halves(chunk) if depth < _DEEPEST else None
        # What is refused as too long is not paid for; what was cut in silence is. What was asked before is worth it.
        refused = isinstance(error, TooLongError) and error.kind != "silent"
        free = refused or (kept is not None and kept.split)
        worth = free or stairs.spending.worth_halving(depth + 1)
        if parts is None or not (worth or stairs.knows(first_question(self.asking, parts[0], [*claimed, *hidden]))):
            look.lost.append(Lost(chunk.start, chunk.end, error))
            return look
        looks = await asyncio.gather(
            *(self._look(stairs, part, report, [*claimed, *hidden], depth + 1) for part in parts)
        )
        for part, found in zip(parts, looks, strict=True):
            before = sum(figure.start < part.start for figure in chunk.figures)
            look.add(replace(found, readings=[reading.shifted(before) for reading in found.readings]))
        if not look.lost and kept is None:
            stairs.keep_split(question)
        return look

    def _looked(self, answered: Answered, question: Question) -> _Look:
        reading = self.asking.unpacked(answered.answer, question)
        return _Look([reading], [spoilt(fault, question) for fault in answered.lost])

    def _open(self, chunk: Chunk, reading: Reading, wanted: Collection[int]) -> dict[int, Figure]:
        """The figures that are wanted and stayed unclaimed, and those of which something was said that is not in the
        text, by the number of their mark."""
        bare = [claim for claim in reading.claims if claim.doubted and not claim.quote]
        doubted = {chunk.figures[number - 1].start for claim in bare for number in claim.numbers}
        sound = reading.kept(lambda claim: claim not in bare) if bare else reading
        claimed = {chunk.figures[number - 1].start for number in sound.numbers if number <= len(chunk.figures)}
        return {
            mark: figure
            for mark, figure in self.asking.marks(chunk.figures).items()
            if figure.start not in claimed and (figure.start in wanted or figure.start in doubted)
        }

    def _stairs_here(self) -> Staircase:
        """The staircase of the running loop: connections and waiting calls belong to one."""
        loop = asyncio.get_running_loop()
        if loop not in self._stairs:
            self._stairs[loop] = Staircase(
                self.endpoint,
                self.asking,
                self.shape,
                self.options,
                self.keys,
                self.cache,
                self.spending,
                self.listeners,
                self._post,
            )
        return self._stairs[loop]

    def send_by(self, post: Post) -> None:
        """Ask by post from now on; see `llmx.models.Batched`."""
        if self.cache is None:
            raise UsageError("batches need a cache, where their answers are kept; leave out cache=None")
        paid, under_way = (Usage(prompt=one, completion=other) for one, other in post.store.amounts())
        self.spending.budget.resume(self.endpoint.in_batches, paid, under_way)
        self._post = post

    def desk(self) -> BatchDesk:
        """The endpoint's batches."""
        return BatchDesk(self.endpoint, lambda: self._stairs_here().wire, self.options.timeout)

    def batch_price(self, usage: Usage) -> Cost | None:
        """What so many tokens cost in batches; None where there are none, or the price is not known."""
        return cost_of(self.endpoint.in_batches, usage) if self.endpoint.batch else None

    def estimate(self, chunk: Chunk) -> tuple[bool, Usage]:
        """Whether the cache has a chunk's first answer, and about what asking it takes."""
        question = first_question(self.asking, chunk)
        words = "".join(message["content"] for message in self.shape.messages(question.messages))
        usage = Usage(prompt=estimated_tokens(words), completion=estimated_answer(question))
        return self.cache is not None and self.cache.get(self.keys.of(question)) is not None, usage

    def key(self, chunk: Chunk) -> CacheKey:
        """The cache key of a chunk's first question."""
        return self.keys.of(first_question(self.asking, chunk))

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
        """Let go of the cache's files, and of what this process holds of a shared allowance."""
        self.spending.budget.share.give_back()
        if self.cache:
            self.cache.close()


def _remade(name: str, options: ModelOptions, task: Task) -> LanguageModel:
    return LanguageModel(name, options, task=task)


def _check_schema(shape: Shape, endpoint: Endpoint) -> None:
    """Make sure that a provider takes the schema of the answers, where it is to hold its model to it.

    Raises:
        TaskError: it does not; the message names the field.
    """
    limits = LIMITS.get(endpoint.provider) if endpoint.is_own_address else None
    if limits and shape.mode in ("json_schema", "tools") and (faults := schema_faults(shape.schema, limits)):
        raise TaskError(
            f"{endpoint.name} does not take the schema of the answers: {faults[0]}; or ask with mode='json'"
        )


def _answers(options: ModelOptions) -> AnswerCache | None:
    if options.cache is None:
        return None
    return options.allowance.answers(options.cache) if options.allowance else AnswerCache(options.cache)


def _shared_budget(options: ModelOptions, endpoint: Endpoint, beside: LanguageModel | None) -> Budget:
    """A model's budget; that of the model beside it, in whose unit its own price must be known too."""
    budget = Budget.parse(options.budget, endpoint, options.allowance.lease() if options.allowance else None)
    return beside.spending.budget if beside else budget
