"""One HTTP request: the only place that talks to an endpoint, and that tells what may be tried again from what not."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2
import openai

from llmx.calls import Usage
from llmx.errors import AnswerError, EndpointError, ModelError, RequestError
from llmx.masking import masked, shown
from llmx.models.openai.endpoints import Endpoint
from llmx.models.openai.modes import Shape
from llmx.models.openai.request import Request, openai_headers
from llmx.models.openai.streaming import completion_of
from llmx.models.options import ModelOptions
from llmx.prompting import Message

_RETRIED = {408, 409, 425, 429}
_FILTERED = re.compile(r"content_filter|content_policy|data_inspection_failed|sensitive", re.IGNORECASE)
_QUOTA = re.compile(r"insufficient_quota|insufficient balance|quota.{0,20}exceeded|Arrearage", re.IGNORECASE)
_READ = 100_000
"""Characters of an endpoint's message that are looked at."""
_LONGEST = 300
"""Characters of an endpoint's message that are passed on."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, not yet looked at as an answer."""

    completion: Mapping[str, Any]
    text: str
    """The JSON text of the answer."""
    finish: str
    """stop, length, content_filter, or refusal."""
    usage: Usage
    headers: Mapping[str, str]
    seconds: float = 0.0
    """How long it took."""


class Transient(Exception):
    """A call that failed in transport and may be tried again.

    Args:
        reason: what happened.
        status: the HTTP status; None where no answer came.
        after: seconds that the endpoint wants to be left alone, where it says so.
    """

    def __init__(self, reason: str, status: int | None = None, after: float | None = None) -> None:
        super().__init__(reason)
        self.status = status
        self.after = after


class Adjusted(Transient):
    """A call that the endpoint refused for a setting that it will be asked without: the same question goes again."""


class Wire:
    """A connection to one endpoint, for one event loop."""

    def __init__(self, endpoint: Endpoint, shape: Shape, options: ModelOptions) -> None:
        self.endpoint = endpoint
        self.shape = shape
        self.request = Request(endpoint, shape, options.max_tokens)
        # What openai's client would add of its own is left out, where it is not ours to send.
        unsent: dict[str, Any] = dict.fromkeys(("Authorization", *openai_headers()), openai.Omit())
        ours = {name.lower() for name in self.request.headers}
        self._options: Any = {
            "headers": {name: value for name, value in unsent.items() if name.lower() not in ours}
            | self.request.headers,
            "params": self.request.query,
        }
        most = options.concurrency
        self._own_client = options.http_client is None
        self._client = openai.AsyncOpenAI(
            api_key=endpoint.key.get_secret_value(),
            base_url=endpoint.base_url,
            max_retries=0,  # retries are made in one place
            timeout=options.timeout,
            http_client=options.http_client
            or openai.DefaultAsyncHttpxClient(
                limits=httpx2.Limits(max_connections=most, max_keepalive_connections=most)
            ),
        )

    async def once(self, messages: Sequence[Message]) -> Reply:
        """Send one request.

        Raises:
            Transient: it may be tried again.
            AnswerError: the endpoint filtered the content.
            EndpointError: no request to this endpoint can work.
            RequestError: this request cannot work.
        """
        body, changes = self.request.body(messages), self.request.changes
        try:
            # The bare response, not the SDK's model of it: 0.9 ms of CPU a call instead of 2.1.
            response = await self._client.post(
                "/chat/completions", cast_to=httpx2.Response, body=body, options=self._options
            )
        except openai.APIStatusError as error:
            if error.status_code in (400, 422) and self.request.changed(_said(error), changes):
                raise Adjusted(f"HTTP {error.status_code}: {self._clean(_said(error))}", error.status_code) from None
            raise self._refused(error) from None
        except openai.APITimeoutError:
            raise Transient(f"no answer within {self._client.timeout} s") from None
        except openai.APIConnectionError as error:
            raise Transient(f"connection failed: {self._clean(error.__cause__ or error)}") from None
        return self._reply(response)

    def _reply(self, response: httpx2.Response) -> Reply:
        try:
            completion = completion_of(masked(response.content.decode("utf-8", "replace")))
            choice = completion["choices"][0]
            message = choice["message"]
        except (ValueError, LookupError, TypeError):
            said = self._clean(response.text)
            raise Transient(f"the endpoint's reply is no chat completion: {said!r}", response.status_code) from None
        refused = message.get("refusal")
        return Reply(
            completion,
            str(refused) if refused else self.shape.text(message),
            "refusal" if refused else choice.get("finish_reason") or "stop",
            _usage(completion.get("usage") or {}),
            response.headers,
        )

    def _refused(self, error: openai.APIStatusError) -> Exception:
        """The error that a status means."""
        said, status, endpoint = self._clean(_said(error)), error.status_code, self.endpoint
        if status == 400 and _FILTERED.search(said):
            return AnswerError(f"the endpoint filtered the content: {said}")
        if (status in _RETRIED and not _QUOTA.search(said)) or status >= 500:
            return Transient(f"HTTP {status}: {said}", status, retry_after(error.response.headers))
        where = f"{endpoint.host} answered {status} for {endpoint.name}: {said}"
        advice = _ADVICE.get(429 if _QUOTA.search(said) else status, "see what the endpoint says of the request")
        kind: type[ModelError] = EndpointError if status in _ADVICE or _QUOTA.search(said) else RequestError
        if status == 400 and self.shape.mode != "markdown":
            advice += f"; it may not support --mode {self.shape.mode}: try json or markdown"
        return kind(f"{where}; {advice}")

    def _clean(self, what: object) -> str:
        """A message in one line, as it may be shown."""
        return " ".join(shown(str(what)[:_READ]).split())[:_LONGEST]

    async def close(self) -> None:
        """Close the connections, unless they are the caller's."""
        if self._own_client:
            await self._client.close()


_ADVICE = {
    401: "check the API key",
    402: "top up the account",
    403: "check what the key may do, and from where",
    404: "check the model's name and the base URL",
    429: "the account's quota is used up: top it up or wait for its renewal",
}


def _said(error: openai.APIStatusError) -> str:
    """The endpoint's own words, with its error code."""
    body = error.body if isinstance(error.body, dict) else {}
    words = [str(body[name]) for name in ("code", "message") if body.get(name)]
    return ": ".join(words) or error.response.text


def _usage(usage: Mapping[str, Any]) -> Usage:
    details = usage.get("prompt_tokens_details") or {}
    cached = details.get("cached_tokens", usage.get("prompt_cache_hit_tokens"))  # the latter is DeepSeek's
    return Usage(prompt=usage.get("prompt_tokens"), completion=usage.get("completion_tokens"), cached=cached)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds of retry-after-ms or Retry-After (RFC 9110, 10.2.3: seconds or a date); None without one."""
    if value := headers.get("retry-after-ms"):
        return _number(value, 0.001)
    value = headers.get("retry-after", "")
    return _number(value, 1.0) if value else None


def _number(value: str, scale: float) -> float | None:
    try:
        return float(value) * scale
    except ValueError:
        return _until(value)


def _until(date: str) -> float | None:
    from datetime import UTC, datetime
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, (parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


_SPAN = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)")
_EPOCH = 1e9
"""Seconds from 1970 to 2001; no endpoint wants to be left alone for 30 years."""
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}


def exhausted(headers: Mapping[str, str], endpoint: Endpoint) -> float:
    """Seconds until an allowance that the headers say is used up is renewed; 0 where there is some left."""
    names, wait = endpoint.rate_headers, 0.0
    for left, reset in (
        (names.remaining_requests, names.reset_requests),
        (names.remaining_tokens, names.reset_tokens),
    ):
        if headers.get(left, "").strip() == "0":
            wait = max(wait, _seconds(headers.get(reset, "")))
    return wait


def _seconds(span: str) -> float:
    """1s, 6m0s, 250ms, bare seconds, a date, or a moment as Unix time in seconds or milliseconds."""
    parts = _SPAN.findall(span)
    if parts and _SPAN.sub("", span).strip() == "":
        return float(sum(float(number) * _UNITS[unit] for number, unit in parts))
    number = _number(span, 1.0) or 0.0
    if number < _EPOCH:
        return number
    return max(0.0, (number / 1000 if number > 1000 * _EPOCH else number) - time.time())
