"""What goes into a request beside its question, and what an endpoint's refusals change of it.

Endpoints differ in what they know. Those that say so are asked again with what they want (adjustments.toml has their words),
so that the first call is refused and not the run; what the user asked for is never changed.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
from pydantic import BaseModel, ConfigDict

from llmx.errors import UsageError
from llmx.models.openai.endpoints import Endpoint
from llmx.models.openai.modes import Shape
from llmx.models.options import RequestOptions
from llmx.prompting import Message

_BOUNDS = ("max_tokens", "max_completion_tokens")


class Adjustment(BaseModel):
    """A row of adjustments.toml: words with which endpoints refuse a setting, and the one that they want."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    said: re.Pattern[str]
    """Found in the message, in any case."""
    set: RequestOptions = RequestOptions()
    """What is sent from then on."""
    without: tuple[str, ...] = ()
    """Fields of the body that are left out from then on."""
    example: str
    """A message that was seen."""
    source: str

    @property
    def touched(self) -> frozenset[str]:
        """The settings and fields that it changes."""
        names = {name for name in self.set.model_fields_set if name != "extra_body"}
        return frozenset(names | set(self.set.extra_body) | set(self.without))


@cache
def adjustments() -> tuple[Adjustment, ...]:
    """The rows, in their order."""
    rows = tomllib.loads((Path(__file__).parent / "adjustments.toml").read_text("utf-8"))["adjustment"]
    return tuple(
        Adjustment.model_validate(row | {"said": re.compile(row["said"], re.IGNORECASE | re.DOTALL)}) for row in rows
    )


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
        self._bound = _bound(endpoint)
        self._rebound = False
        self._without: frozenset[str] = frozenset()
        self._left = list(adjustments())

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

    def renamed(self, since: int) -> bool:
        """Whether the bound of an answer goes under its other name from now on, or does since then; as `changed`."""
        if self.changes > since:
            return True
        if self._rebound or self.max_tokens is None:
            return False
        self._bound = next(name for name in _BOUNDS if name != self._bound)
        self._rebound, self.changes = True, self.changes + 1
        return True

    def changed(self, said: str, since: int) -> bool:
        """Whether a refusal is answered by sending something else: by its words, or because of another one's since then.

        Args:
            said: the endpoint's message.
            since: `changes` when the refused call was sent.
        """
        if self.changes > since:
            return True
        for row in self._left:
            if row.said.search(said) and not row.touched & self.endpoint.insisted and self._differs(row):
                self._left.remove(row)
                self.asked = row.set.over(self.asked)
                self._without |= frozenset(row.without)
                self.changes += 1
                return True
        return False

    def _differs(self, row: Adjustment) -> bool:
        """Whether anything else would be sent by a row than was refused."""
        return row.set.over(self.asked) != self.asked or not self._fields().keys().isdisjoint(row.without)


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
