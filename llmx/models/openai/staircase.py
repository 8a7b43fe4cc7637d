"""A question goes down the staircase: cached → reasked → retried → adjusted → limited → attempted → once.

Where a run is asked in batches, `posted` comes before `retried` and mostly in its place.

Each step has one concern. Waiting between attempts holds no slot, so that a call that backs off leaves its place to
another; that is why the limit stands under the retries.
"""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakValueDictionary

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type
from tenacity.wait import wait_random_exponential

from llmx.batch import Post
from llmx.cache import AnswerCache, CacheKey, Entry
from llmx.calls import Listeners, Purpose, Usage, now
from llmx.errors import AnswerError, Awaited, BudgetError, CutError, EndpointError, ModelError, OverloadError, Stopped
from llmx.models.openai.endpoints import Endpoint
from llmx.models.openai.judging import Answered, cut_silently, judged, noted, remembered, said
from llmx.models.openai.keys import Keys
from llmx.models.openai.limits import AdaptiveLimit
from llmx.models.openai.modes import Shape
from llmx.models.openai.posting import Posting
from llmx.models.openai.replies import Reply
from llmx.models.openai.spending import Spending
from llmx.models.openai.telling import Telling
from llmx.models.openai.wire import Adjusted, Transient, Wire
from llmx.models.options import ModelOptions
from llmx.models.tokens import TOKENS_A_BYTE, estimated_tokens
from llmx.prompting import Asking, Message, Question

_BACKOFF = wait_random_exponential(multiplier=0.5, max=30)
_AGAIN = frozenset({"empty", "prose", "schema"})
"""Kinds of faults that another answer may not have."""
_MOST_ODD = 3
_ROUNDS = 5
_LEAST = 0.05
"""Seconds of patience that are worth no further attempt."""
_GRACE = 8.0
"""Seconds that calls under way have left once the run is interrupted."""


@dataclass
class _Trial:
    """What a call has used up of its attempts and of its patience; waiting for its turn is neither."""

    most: int
    patience: float
    failed: int = 0
    spent: float = 0.0

    @property
    def left(self) -> float:
        """Seconds."""
        return self.patience - self.spent

    def over(self, state: RetryCallState) -> bool:
        """Whether no further attempt is made: a limit is waited out however often it is met, as patience allows."""
        error = state.outcome.exception() if state.outcome else None
        self.failed += not getattr(error, "limited", False)
        # What says 200 and is no completion seldom passes: it has three attempts, as a bad answer has.
        most = min(self.most, _MOST_ODD) if getattr(error, "status", None) == 200 else self.most
        return self.failed >= most or state.upcoming_sleep > self.left or self.left < _LEAST

    def wait(self, state: RetryCallState) -> float:
        """As long as the endpoint wants, or else exponentially longer each time, at random."""
        error = state.outcome.exception() if state.outcome else None
        after = getattr(error, "after", None)
        backoff = float(_BACKOFF(state))
        if after is None:
            return min(backoff, 0.9 * max(self.left, 0.0))
        # What it wants is believed for some rounds; then it is less than it needs.
        return float(after) + (min(backoff, 1.0) * 0.1 if state.attempt_number <= _ROUNDS else backoff)


class Staircase:
    """Asks questions of one endpoint from one event loop."""

    def __init__(
        self,
        endpoint: Endpoint,
        asking: Asking,
        shape: Shape,
        options: ModelOptions,
        keys: Keys,
        cache: AnswerCache | None,
        spending: Spending,
        listeners: Listeners,
        post: Post | None = None,
    ) -> None:
        self.endpoint = endpoint
        self.asking = asking
        self.shape = shape
        self.cache = cache
        self.spending = spending
        self.options = options
        self.listeners = listeners
        self.limit = AdaptiveLimit(
            options.concurrency,
            spending.budget.share,
            endpoint.name,
            options.rpm,
            options.tpm,
            lambda: spending.stopped,
        )
        self.wire = Wire(endpoint, shape, options)
        self.posting = Posting(post, self.wire, spending, self._may_send) if post else None
        self.keys = keys
        self._alone: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._deadlines: set[asyncio.Timeout] = set()

    async def ask(self, question: Question, purpose: Purpose, report: str, depth: int = 0) -> Answered:
        """The answer to a question: from the cache, else from the endpoint.

        Args:
            question: what is asked.
            purpose: what for.
            report: the report's id, for listeners.
            depth: how often the text was halved before.

        Raises:
            AnswerError: no usable answer came.
            ModelError: any other reason why there is no answer.
        """
        key = self.keys.of(question)
        told = Telling(self.endpoint, self.listeners, question, purpose, report, key)
        # One at a time for the same question: the second finds the first one's answer instead of paying again.
        async with self._alone.setdefault(key.digest, asyncio.Lock()), AsyncExitStack() as turn:
            if found := self._cached(key, question, told):
                return found
            # Another process may have kept it since we looked, also where it was not waited for.
            if self.cache:
                await turn.enter_async_context(self.cache.turns.take(key.digest, self.options.patience, self._may_send))
                if found := self._cached(key, question, told):
                    return found
            told.say("start")
            try:
                answered = await self._reasked(key, question, told)
            except ModelError as error:
                self._failed(key, error, depth)
                if not isinstance(error, Awaited):
                    told.say("failure", error=f"{type(error).__name__}: {error}")
                raise
            self._learnt(answered, question, purpose, depth)
            return answered

    def _cached(self, key: CacheKey, question: Question, told: Telling) -> Answered | None:
        entry = self.cache.get(key) if self.cache else None
        if entry is None or (self.options.again and entry.finish == "failed"):
            return None
        try:
            found = remembered(entry, question, self.asking)
        except AnswerError as error:
            told.say("failure", error=f"{type(error).__name__}: {error}")
            raise
        if found is None or (self.options.again and found.lost):
            return None
        told.say("hit", usage=entry.usage, finish=entry.finish)
        return found

    def _learnt(self, answered: Answered, question: Question, purpose: Purpose, depth: int) -> None:
        """What an answer tells of those to come: none without an item is a good one where figures are marked."""
        if answered.cut:
            self.spending.failed(CutError("the answer was cut at its length limit; raise --max-tokens"), depth)
        elif answered.blank and question.marks and purpose == "first":
            self.spending.failed(AnswerError("the answer is empty, but the text has figures", "blank"), depth)
        elif not answered.blank:  # of a text without figures it says nothing of the model
            self.spending.answered(depth)

    def _failed(self, key: CacheKey, error: ModelError, depth: int) -> None:
        """What a failure tells of those to come; what will fail again is noted, so that it is not paid for again."""
        if isinstance(error, AnswerError):
            self._keep(key, noted(error), "failed", Usage())
        if not isinstance(error, EndpointError | BudgetError | Stopped | Awaited):
            self.spending.failed(error, depth)

    async def _reasked(self, key: CacheKey, question: Question, told: Telling) -> Answered:
        """Ask; show an answer that breaks the schema its error and ask again; keep the best of what came."""
        messages, first = self.shape.messages(question.messages), told.purpose == "first"
        spent, best, waiting = Usage(), None, None
        reasks = self.options.reasks if first else min(1, self.options.reasks)
        for left in range(reasks, -1, -1):
            try:
                reply = self._posted(messages, told) or await self._retried(messages, told)
            except Awaited:
                raise
            except ModelError:
                if best is None:
                    raise
                break  # what is good of the first answer is not lost by asking for the rest
            spent = _added(spent, reply.usage)
            answered, error = self._judged(reply, question, messages)
            doubtful = answered is not None and (answered.lost or (answered.blank and first and question.marks))
            if answered and (best is None or answered.replaces(best)):
                best, last = answered, not doubtful or not left or told.purpose == "reask"
                kept = (reply.text, "length" if answered.cut else "stop", spent)
                # What a batch brought is not lost; kept before it is asked again, it would be taken for the end.
                waiting = kept if reply.posted and not last else None
                if last or (answered.items and not waiting):
                    self._keep(key, *kept)
            elif answered and best:
                best = best.with_more_of(answered, self.asking)
            # Told after it is kept: a kill between the two costs a line of the ledger, not a second payment.
            faults = [str(fault) for fault in answered.faults[:20]] if answered and answered.faults else None
            self._tell(told, reply, status=200, usage=reply.usage, finish=reply.finish, faults=faults)
            if not left or (error and error.kind not in _AGAIN) or (answered and not doubtful):
                break
            if best and told.purpose == "reask":
                break
            if not reply.silent:  # what said nothing is asked the same again
                messages = self.shape.reasked(messages, reply.completion, _shown(answered, error))
            told.purpose = "reask"
        if best is None:
            assert error is not None
            raise _final(error, told.purpose)
        if waiting:
            self._keep(key, *waiting)
        self.limit.succeeded()
        told.say("usage", usage=spent, finish=reply.finish)
        return best

    def _posted(self, messages: list[Message], told: Telling) -> Reply | None:
        """What a batch brought; None where none did and the question is asked live."""
        if self.posting is None:
            return None
        return self.posting.reply(messages, told, lambda: self._estimate(messages, told.question))

    def _tell(self, told: Telling, reply: Reply, **fields: Any) -> None:
        if reply.posted and self.posting:
            self.posting.tell(told, reply.posted, reply.usage, **fields)
        else:
            told.attempt(reply.seconds, **fields)

    def _judged(
        self, reply: Reply, question: Question, messages: list[Message]
    ) -> tuple[Answered | None, AnswerError | None]:
        """A reply as an answer, or what is wrong with it."""
        if cut := cut_silently(self.endpoint, reply.usage, self._estimate(messages, question)):
            return None, cut
        try:
            return judged(reply, question, self.asking), None
        except AnswerError as error:
            return None, error

    def _keep(self, key: CacheKey, text: str, finish: Any, usage: Usage) -> None:
        if self.cache:
            self.cache.put(key, Entry(parts=dict(key.parts), answer=text, finish=finish, usage=usage, date=now()))

    def knows(self, question: Question) -> bool:
        """Whether a question was asked before."""
        key = self.keys.of(question)
        return bool((self.cache and self.cache.get(key)) or (self.posting and self.posting.post.known(key.digest)))

    def keep_split(self, question: Question) -> None:
        """Note that a question that was refused is answered through its halves, so that it is not asked again."""
        self._keep(self.keys.of(question), "", "split", Usage())

    async def _retried(self, messages: list[Message], told: Telling) -> Reply:
        """Try until an answer comes, within the budgets of attempts and time."""
        trial = _Trial(self.options.attempts, self.options.patience)

        async def pause(seconds: float) -> None:
            trial.spent += seconds
            await self.limit.rest(seconds)

        retrying = AsyncRetrying(
            retry=retry_if_exception_type(Transient), stop=trial.over, wait=trial.wait, sleep=pause, reraise=True
        )
        try:
            return await retrying(self._adjusted, messages, told, trial)
        except Transient as error:
            rest = f" and wants no calls for {error.after:,.0f} s" if error.after and error.after > trial.left else ""
            raise OverloadError(
                f"{self.endpoint.host} gave no answer in {told.attempts} attempts: {error}{rest}; run the same command "
                "again, or with more --attempts or --patience"
            ) from None

    async def _adjusted(self, messages: list[Message], told: Telling, trial: _Trial) -> Reply:
        """One attempt; a refusal that only changed what is sent with a question counts as none."""
        while True:
            try:
                return await self._limited(messages, told, trial)
            except Adjusted:
                continue

    async def _limited(self, messages: list[Message], told: Telling, trial: _Trial) -> Reply:
        """One attempt, once a slot is free and the budget covers it."""
        estimate = self._estimate(messages, told.question)
        tokens = (estimate.prompt or 0) + (estimate.completion or 0)
        async with self.limit.slot(tokens, trial.left, ahead=told.purpose == "reask") as turn:
            trial.spent += turn.waited
            if turn.closed:
                raise Transient(f"the endpoint wants no calls for {turn.closed:,.0f} s", 429, turn.closed, limited=True)
            self._may_send()
            booked = self.spending.budget.book(self.endpoint, estimate)
            began = self.limit.now()
            usage = None
            try:
                reply, closed = await self._attempted(messages, trial)
                usage = reply.usage
            except Transient as error:
                usage = Usage(prompt=0, completion=0)
                self._learn(error, began)
                told.attempt(self.limit.now() - began, error=str(error), status=error.status)
                raise
            except ModelError as error:
                usage = Usage(prompt=0, completion=0)
                told.attempt(self.limit.now() - began, error=str(error))
                if isinstance(error, EndpointError) and not self.spending.refused(error):
                    raise Transient(str(error)) from None
                raise
            finally:
                trial.spent += self.limit.now() - began
                self.spending.budget.settle(booked, self.endpoint, estimate, usage)
                self._correct(tokens, usage)
        self.spending.succeeded()
        self.limit.pause(closed)
        return replace(reply, seconds=self.limit.now() - began)

    def _correct(self, tokens: int, usage: Usage | None) -> None:
        """Book the tokens that a call took, where it tells, for those that it was thought to take."""
        if usage and usage.prompt is not None and usage.completion is not None:
            self.limit.used(usage.prompt + usage.completion - tokens)

    async def _attempted(self, messages: list[Message], trial: _Trial) -> tuple[Reply, float]:
        """One request, from the first byte sent to the last received within its time."""
        seconds = min(self.options.timeout, trial.left) if trial.left > 0 else self.options.timeout
        deadline = asyncio.timeout(seconds)
        try:
            async with deadline:
                self._deadlines.add(deadline)
                return await self.wire.once(messages)
        except TimeoutError:
            if self.spending.stopped:
                raise Stopped("broken off: the run was interrupted; run the same command again to go on") from None
            raise Transient(f"no answer within {seconds:.2g} s") from None
        finally:
            self._deadlines.discard(deadline)

    def hasten(self) -> None:
        """Leave calls under way a little time, and no more."""
        soon = self.limit.now() + _GRACE
        for deadline in self._deadlines:
            if (when := deadline.when()) is not None and when > soon:
                deadline.reschedule(soon)

    def _may_send(self) -> None:
        if self.spending.stopped:
            raise Stopped("not asked: the run was interrupted; run the same command again to go on")
        if self.spending.dead:
            raise self.spending.dead

    def _learn(self, error: Transient, began: float) -> None:
        """What a failed attempt tells of the endpoint."""
        if error.limited and error.status == 429:
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


def _final(error: AnswerError, purpose: Purpose) -> AnswerError:
    """A fault of an answer as it is told when no other answer is waited for."""
    if error.kind not in ("prose", "schema"):
        return error
    also = ", also when asked again" if purpose == "reask" else ""
    return AnswerError(f"the answer breaks the schema{also}: {error}", error.kind)


def _shown(answered: Answered | None, error: AnswerError | None) -> str:
    """What a model is told of its answer."""
    if answered is None:
        return str(error)
    return said(answered.lost) or "the answer has no item, but the text has marked figures: give the records of all"


def _added(a: Usage, b: Usage) -> Usage:
    """Tokens of two calls; None where neither says."""
    return Usage(
        prompt=_sum(a.prompt, b.prompt), completion=_sum(a.completion, b.completion), cached=_sum(a.cached, b.cached)
    )


def _sum(a: int | None, b: int | None) -> int | None:
    return None if a is None and b is None else (a or 0) + (b or 0)
