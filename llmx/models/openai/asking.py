"""A question goes down the staircase: cached → reasked → retried → limited → once.

Each step has one concern. Waiting between attempts holds no slot, so that a call that backs off leaves its place to
another; that is why the limit stands under the retries.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakValueDictionary

from pydantic import ValidationError
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt, stop_before_delay
from tenacity.wait import wait_random_exponential

from llmx.cache import AnswerCache, CacheKey, Entry
from llmx.calls import Call, Listeners, Purpose, Usage, now
from llmx.errors import AnswerError, EndpointError, ModelError, OverloadError, Stopped
from llmx.models.openai.endpoints import Endpoint
from llmx.models.openai.keys import Keys
from llmx.models.openai.limits import AdaptiveLimit
from llmx.models.openai.modes import Shape
from llmx.models.openai.money import TOKENS_A_BYTE, Budget, cost_of, estimated_tokens
from llmx.models.openai.salvage import Salvage, salvage
from llmx.models.openai.wire import Adjusted, Reply, Transient, Wire, exhausted
from llmx.models.options import ModelOptions
from llmx.prompting import Answer, Message, Question
from llmx.prompting.answer import PARTS
from llmx.prompting.claims import strange_numbers

_BACKOFF = wait_random_exponential(multiplier=0.5, max=30)
_WHOLE = frozenset(PARTS)


@dataclass(frozen=True, slots=True)
class Answered:
    """An accepted answer."""

    answer: Answer
    whole: frozenset[str] = _WHOLE
    """The lists that lack nothing: not all where the answer was cut, none where its halves were asked instead."""

    @property
    def cut(self) -> bool:
        """Whether something is missing."""
        return self.whole != _WHOLE


@dataclass
class Spending:
    """What all loops of one model share."""

    budget: Budget
    dead: EndpointError | None = None
    """Set once the endpoint refuses every call: none is sent after it."""
    stopped: bool = False
    """Set on Ctrl-C: nothing more is sent."""


class Staircase:
    """Asks questions of one endpoint from one event loop."""

    def __init__(
        self,
        endpoint: Endpoint,
        shape: Shape,
        options: ModelOptions,
        keys: Keys,
        cache: AnswerCache | None,
        spending: Spending,
        listeners: Listeners,
    ) -> None:
        self.endpoint = endpoint
        self.shape = shape
        self.cache = cache
        self.spending = spending
        self.options = options
        self.listeners = listeners
        self.limit = AdaptiveLimit(options.concurrency, options.rpm, options.tpm, lambda: spending.stopped)
        self.wire = Wire(endpoint, shape, options)
        self.keys = keys
        self._alone: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def ask(self, question: Question, purpose: Purpose, report: str) -> Answered:
        """The answer to a question: from the cache, else from the endpoint.

        Raises:
            AnswerError: no usable answer came.
            ModelError: any other reason why there is no answer.
        """
        key = self.keys.of(question)
        told = _Telling(self, question, purpose, report, key)
        # One at a time for the same question: the second finds the first one's answer instead of paying again.
        async with self._alone.setdefault(key.digest, asyncio.Lock()):
            if found := self._cached(key, question, told):
                return found
            told.say("start")
            try:
                return await self._reasked(key, question, told)
            except ModelError as error:
                told.say("failure", error=f"{type(error).__name__}: {error}")
                raise

    def _cached(self, key: CacheKey, question: Question, told: _Telling) -> Answered | None:
        entry = self.cache.get(key) if self.cache else None
        if entry is None:
            return None
        told.say("hit", usage=entry.usage, finish=entry.finish)
        if entry.finish == "split":
            return Answered(_NOTHING, frozenset())
        if entry.finish == "length":
            return _cut(salvage(entry.answer))
        answer, _ = _checked(entry.answer, question)
        return Answered(answer) if answer else None

    async def _reasked(self, key: CacheKey, question: Question, told: _Telling) -> Answered:
        """Ask; show an answer that breaks the schema its error and ask again."""
        messages = self.shape.messages(question.messages)
        spent = Usage()
        for left in range(self.options.reasks, -1, -1):
            reply = await self._retried(messages, told)
            spent = _added(spent, reply.usage)
            accepted, fault = self._accepted(key, question, reply, spent)
            # Told after it is kept: a kill between the two costs a line of the ledger, not a second payment.
            told.attempt(reply.seconds, status=200, usage=reply.usage, finish=reply.finish)
            if accepted:
                told.say("usage", usage=spent, finish=reply.finish)
                return accepted
            if reply.finish in ("refusal", "content_filter"):
                raise AnswerError(f"the model answered with a {reply.finish}: {reply.text[:200]!r}")
            if not reply.text:
                raise AnswerError("the model's answer is empty")
            if left:
                messages = self.shape.reasked(messages, reply.completion, fault)
                told.purpose = "reask"
        raise AnswerError(f"the answer breaks the schema, also when asked again: {fault}")

    def _accepted(self, key: CacheKey, question: Question, reply: Reply, spent: Usage) -> tuple[Answered | None, str]:
        """A reply as an answer, kept in the cache, or what is wrong with it and can be asked again."""
        if reply.finish == "length":
            self._keep(key, reply.text, "length", spent)
            return _cut(salvage(reply.text)), ""
        if reply.finish in ("refusal", "content_filter") or not reply.text:
            return None, ""
        answer, fault = _checked(reply.text, question)
        if answer is None:
            return None, fault
        self._keep(key, reply.text, "stop", spent)
        return Answered(answer), ""

    def _keep(self, key: CacheKey, text: str, finish: Any, usage: Usage) -> None:
        if self.cache:
            self.cache.put(key, Entry(parts=dict(key.parts), answer=text, finish=finish, usage=usage, date=now()))

    def keep_split(self, question: Question) -> None:
        """Note that a question that was refused is answered through its halves, so that it is not asked again."""
        self._keep(self.keys.of(question), "", "split", Usage())

    async def _retried(self, messages: list[Message], told: _Telling) -> Reply:
        """Try until an answer comes, within the budgets of attempts and time."""
        retrying = AsyncRetrying(
            retry=retry_if_exception_type(Transient),
            stop=stop_after_attempt(self.options.attempts) | stop_before_delay(self._patience),
            wait=_wait,
            sleep=self.limit.rest,
            reraise=True,
        )
        try:
            return await retrying(self._adjusted, messages, told)
        except Transient as error:
            raise OverloadError(
                f"{self.endpoint.host} gave no answer in {told.attempts} attempts: {error}; run the same command again, "
                "or with more --attempts"
            ) from None

    async def _adjusted(self, messages: list[Message], told: _Telling) -> Reply:
        """One attempt; a refusal that only changed what is sent with a question counts as none."""
        while True:
            try:
                return await self._limited(messages, told)
            except Adjusted:
                continue

    async def _limited(self, messages: list[Message], told: _Telling) -> Reply:
        """One attempt, once a slot is free and the budget covers it."""
        estimate = self._estimate(messages, told.question)
        async with self.limit.slot((estimate.prompt or 0) + (estimate.completion or 0), self._patience) as closed:
            if closed:
                raise Transient(f"the endpoint wants no calls for {closed:,.0f} s", 429, closed)
            self._may_send()
            booked = self.spending.budget.book(self.endpoint, estimate)
            began = self.limit.now()
            usage = None
            try:
                reply = await self.wire.once(messages)
                usage = reply.usage
            except Transient as error:
                usage = Usage(prompt=0, completion=0)
                self._learn(error, began)
                told.attempt(self.limit.now() - began, error=str(error), status=error.status)
                raise
            except ModelError as error:
                usage = Usage(prompt=0, completion=0)
                if isinstance(error, EndpointError):
                    self.spending.dead = error
                told.attempt(self.limit.now() - began, error=str(error))
                raise
            finally:
                self.spending.budget.settle(booked, self.endpoint, estimate, usage)
        self.limit.succeeded()
        self.limit.pause(exhausted(reply.headers, self.endpoint))
        return replace(reply, seconds=self.limit.now() - began)

    @property
    def _patience(self) -> float:
        return self.options.patience

    def _may_send(self) -> None:
        if self.spending.stopped:
            raise Stopped("not asked: the run was interrupted; run the same command again to go on")
        if self.spending.dead:
            raise self.spending.dead

    def _learn(self, error: Transient, began: float) -> None:
        """What a failed attempt tells of the endpoint."""
        if error.status == 429:
            self.limit.limited(began, error.after)
        elif not isinstance(error, Adjusted):
            self.limit.failed()

    def _estimate(self, messages: list[Message], question: Question) -> Usage:
        """About what a call will take: the prompt by its bytes, the answer by its figures and length."""
        shared = sum(estimated_tokens(message["content"] or "") for message in messages)
        return Usage(prompt=shared, completion=estimated_answer(question))

    async def close(self) -> None:
        """Close the connections."""
        await self.wire.close()


def estimated_answer(question: Question) -> int:
    """About how many tokens the answer to a question has: 14 a figure, and a fifth of the text's for the rest."""
    text = sum(len(message["content"].encode()) for message in question.closing) * TOKENS_A_BYTE
    return round(20 + 14 * len(question.marks) + 0.2 * text)


_NOTHING = Answer(figures=[], recognitions=[], projects=[], problems=[], exceptions=[])


def _cut(kept: Salvage) -> Answered:
    return Answered(kept.answer, kept.whole)


def _checked(text: str, question: Question) -> tuple[Answer | None, str]:
    """The answer that a text is, or what is wrong with it in words that the model can act on."""
    try:
        answer = Answer.model_validate_json(text)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        return None, "; ".join(f"{'.'.join(map(str, fault['loc'])) or 'JSON'}: {fault['msg']}" for fault in faults[:5])
    if strange := strange_numbers(answer, question):
        return None, f"figures: the text has no mark {strange}"
    return answer, ""


def _added(a: Usage, b: Usage) -> Usage:
    """Tokens of two calls; None where neither says."""
    return Usage(
        prompt=_sum(a.prompt, b.prompt), completion=_sum(a.completion, b.completion), cached=_sum(a.cached, b.cached)
    )


def _sum(a: int | None, b: int | None) -> int | None:
    return None if a is None and b is None else (a or 0) + (b or 0)


def _wait(state: RetryCallState) -> float:
    """As long as the endpoint wants, or else exponentially longer each time, at random."""
    error = state.outcome.exception() if state.outcome else None
    after = getattr(error, "after", None)
    backoff = float(_BACKOFF(state))
    return backoff if after is None else float(after) + min(backoff, 1.0) * 0.1


class _Telling:
    """Tells listeners of one question's calls."""

    def __init__(self, stairs: Staircase, question: Question, purpose: Purpose, report: str, key: CacheKey) -> None:
        self.stairs, self.question, self.purpose, self.report, self.key = stairs, question, purpose, report, key
        self.attempts = 0

    def attempt(self, seconds: float, **fields: Any) -> None:
        """A HTTP request ended; the first event of it is the ledger's line."""
        self.attempts += 1
        usage = fields.get("usage")
        cost = cost_of(self.stairs.endpoint, usage) if usage else None
        self.say("attempt", seconds=round(seconds, 4), cost=cost, **fields)

    def say(self, kind: Any, **fields: Any) -> None:
        """Tell of an event."""
        if not self.stairs.listeners:
            return
        chunk = self.question.chunk
        call = Call(
            kind=kind,
            time=now(),
            model=self.stairs.endpoint.name,
            report=self.report,
            start=chunk.start,
            end=chunk.end,
            purpose=self.purpose,
            key=self.key.digest[:16],
            attempt=self.attempts,
            **fields,
        )
        self.stairs.listeners.tell(call)
