"""What goes into a request beside its question, and what an endpoint's refusals change of it.

Endpoints differ in what they know. Those that say so are asked again with what they want (refusals.toml has their words),
so that the first call is refused and not the run; what the user asked for is never changed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

import httpx2

from llmx.errors import UsageError
from llmx.models.openai.endpoints import Endpoint
from llmx.models.openai.modes import Shape
from llmx.models.openai.refusals import BOUNDS, Refusal, Row, rows
from llmx.prompting import Message


class Request:
    """What is sent to one endpoint with each question.

    Args:
        endpoint: where, and with which settings.
        shape: how the schema travels.
        max_tokens: the most tokens an answer may have.
    """

    def __init__(self, endpoint: Endpoint, shape: Shape, max_tokens: int | None) -> None:
        self.endpoint, self.shape, self.max_tokens = endpoint, shape, max_tokens
        self.asked = endpoint.asked
        self.changes = 0
        """How often a refusal changed it; a call that was sent before a change may be sent again."""
        self.headers, self.query = _headers(endpoint), endpoint.asked.query
        self._without: frozenset[str] = frozenset()
        self._left = [row for row in rows() if row.touched]
        self._bound = _bound(endpoint)

    def body(self, messages: Sequence[Message]) -> dict[str, Any]:
        """The request's body for a question's messages."""
        kept = messages if self.asked.system is not False else _without_system(messages)
        return {**self._fields(), "messages": list(kept)}

    def _fields(self) -> dict[str, Any]:
        """The body but for its messages."""
        asked, endpoint = self.asked, self.endpoint
        settings = {
            "temperature": None if asked.temperature == "none" else asked.temperature,
            "top_p": asked.top_p,
            "seed": asked.seed,
            "reasoning_effort": asked.reasoning_effort,
            self._bound: self.max_tokens,
            "stream": asked.stream or None,
            # Without it no usage is reported, and no price.
            "stream_options": {"include_usage": True} if asked.stream else None,
        }
        given = {name: value for name, value in settings.items() if value is not None}
        fields = {"model": endpoint.model, **self.shape.body, **given, **asked.extra_body}
        return {name: value for name, value in fields.items() if name not in self._without}

    def changed(self, why: Refusal, since: int) -> bool:
        """Whether a refusal is answered by sending something else, or something else is sent since then anyway.

        Args:
            why: what the endpoint says.
            since: `changes` when the refused call was sent.
        """
        row = why.row
        if row is None or not row.touched:
            return False
        if row not in self._left or row.touched & self.endpoint.insisted or not self._differs(row):
            return self.changes > since
        self._left.remove(row)
        self.changes += 1
        self.asked = row.set.over(self.asked)
        self._without |= frozenset(row.without)
        if row.means == "bound":
            self._bound = next(name for name in BOUNDS if name != self._bound)
        return True

    def _differs(self, row: Row) -> bool:
        """Whether anything else would be sent by a row than was refused."""
        left_out = {*row.without, self._bound} if row.means == "bound" else row.without
        return row.set.over(self.asked) != self.asked or not self._fields().keys().isdisjoint(left_out)


def _bound(endpoint: Endpoint) -> str:
    """The field that bounds an answer: max_completion_tokens is OpenAI's own, and other servers pass over it."""
    return endpoint.max_tokens if endpoint.is_own_address or endpoint.provider != "openai" else "max_tokens"


def _headers(endpoint: Endpoint) -> dict[str, str]:
    """The key's header and those added; of an account's organisation and project only to OpenAI itself."""
    key, name = endpoint.key.get_secret_value(), endpoint.key_header
    headers = {name: f"Bearer {key}" if name == "Authorization" else key}
    if endpoint.host == "api.openai.com" or endpoint.host.endswith(".api.openai.com"):
        headers |= {name: value for name, value in openai_headers().items() if value}
    added = endpoint.asked.extra_headers
    replaced = {name.lower() for name in added}
    return {name: value for name, value in headers.items() if name.lower() not in replaced} | added


def openai_headers() -> dict[str, str]:
    """The headers that OpenAI's client takes from the environment."""
    lines = os.environ.get("OPENAI_CUSTOM_HEADERS", "").splitlines()
    custom = {name.strip(): value.strip() for name, colon, value in (line.partition(":") for line in lines) if colon}
    return {
        "OpenAI-Organization": os.environ.get("OPENAI_ORG_ID", ""),
        "OpenAI-Project": os.environ.get("OPENAI_PROJECT_ID", ""),
        **custom,
    }


def _without_system(messages: Sequence[Message]) -> Iterator[Message]:
    """Messages with a system's words at the head of the user's next one."""
    held: list[str] = []
    for message in messages:
        if message["role"] == "system":
            held.append(message["content"])
        else:
            yield {**message, "content": "\n\n".join([*held, message["content"]])} if held else message
            held = []


def check_client(client: Any) -> None:
    """Make sure that a http client is one.

    Raises:
        UsageError: it is none that openai's client can use.
    """
    known = isinstance(client, httpx2.AsyncClient) or type(client).__module__.split(".")[0] == "httpx"
    if client is not None and not (known and hasattr(client, "aclose")):
        raise UsageError(f"http_client is a {type(client).__name__}; give an httpx2.AsyncClient")
