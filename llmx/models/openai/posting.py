"""The step of the staircase that stands in for the wire where a run is asked in batches.

    answered → read as the wire reads it;  not yet → noted for the next batch;  in vain → live, where that is wanted

A reply that a batch brought means what it means live: limited or ill is asked again, a setting that is refused is left
out, a filter or a length is an error of the question. The ledger has each reply once, however often it is read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from llmx.batch import Post
from llmx.batch import Question as Posted
from llmx.cache import digest_of
from llmx.calls import Usage
from llmx.errors import EndpointError, ModelError
from llmx.models.openai.replies import Reply
from llmx.models.openai.spending import Spending
from llmx.models.openai.telling import Telling
from llmx.models.openai.wire import Adjusted, Transient, Wire
from llmx.prompting import Message

_STREAMED = ("stream", "stream_options")
"""Fields that no batch knows: its answers are files."""
_NOTHING = Usage(prompt=0, completion=0)


class Posting:
    """Asks by post what the wire would ask.

    Args:
        post: the run's.
        wire: what makes requests, and knows what replies mean.
        spending: the run's money.
        may_send: raises what keeps questions from being asked.
    """

    def __init__(self, post: Post, wire: Wire, spending: Spending, may_send: Callable[[], None]) -> None:
        self.post, self.wire, self.spending, self._may_send = post, wire, spending, may_send
        self.endpoint = wire.endpoint.in_batches
        """At the price of its batches."""

    def reply(self, messages: Sequence[Message], told: Telling, estimate: Callable[[], Usage]) -> Reply | None:
        """What a batch brought for a question; None where it is to be asked live.

        Args:
            messages: what is asked.
            told: who hears of it.
            estimate: gives about what it will take.

        Raises:
            Awaited: its answer is yet to come.
            ModelError: it has none, and why.
        """
        id = told.key.digest if not told.attempts else digest_of([told.key.digest, told.attempts, list(messages)])
        known = self.post.known(id)
        if known and known.status and (reply := self._read(known, messages, told)):
            return reply
        if not self.post.is_live(self.post.known(id), follows=told.attempts > 0):
            self._may_send()
            book = partial(self.spending.budget.book, self.endpoint)
            self.post.want(id, lambda: self._body(messages), estimate, book)
        return None

    def _body(self, messages: Sequence[Message]) -> bytes:
        body = {name: value for name, value in self.wire.request.body(messages).items() if name not in _STREAMED}
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")

    def _read(self, known: Posted, messages: Sequence[Message], told: Telling) -> Reply | None:
        """What came for a question as a reply; None where it is to be asked again."""
        try:
            reply = self.wire.received(known.status, {}, known.reply, self._changes(known, messages))
        except Adjusted as error:
            self.tell(told, known, None, error=str(error), status=known.status)
            self.post.store.add(known.id, self._body(messages), known.prompt, known.completion)
            return None
        except Transient as error:
            self._failed(known, told, error)
            return None
        except ModelError as error:
            if isinstance(error, EndpointError) and not self.spending.refused(error):
                self._failed(known, told, error)
                return None
            self.tell(told, known, _NOTHING, error=str(error), status=known.status)
            raise
        self.spending.succeeded()
        return replace(reply, seconds=None, posted=known)

    def _changes(self, known: Posted, messages: Sequence[Message]) -> int:
        """`changes` of the request when a question was sent, or less where something else would be sent today."""
        if 200 <= known.status < 300:
            return self.wire.request.changes
        return self.wire.request.changes - (self.post.store.body(known.id) != self._body(messages))

    def _failed(self, known: Posted, told: Telling, error: Exception) -> None:
        self.tell(told, known, _NOTHING, error=str(error), status=known.status)
        self.post.store.failed(known.id)

    def tell(self, told: Telling, known: Posted, paid: Usage | None, **fields: Any) -> None:
        """Tell of a reply, unless it was told of in an earlier round.

        Args:
            told: who hears of it.
            known: the question that it came for.
            paid: what it took; None where that stays set aside, since the same is asked again.
            fields: what the ledger says of it.
        """
        if known.told:
            told.attempts += 1
            return
        if paid is not None:
            estimate = Usage(prompt=known.prompt, completion=known.completion)
            self.spending.budget.settle_estimate(self.endpoint, estimate, paid)
        # Noted before it is told: a kill between the two costs a line of the ledger, and none stands in it twice.
        self.post.tell(known, paid)
        told.attempt(None, self.endpoint, batch=known.remote or None, **fields)
