"""One HTTP request: the only place that talks to an endpoint, and that tells what may be tried again from what not."""

from __future__ import annotations

import json
import ssl
from collections.abc import Sequence
from typing import Any

import httpx2
import openai

from llmx.errors import EndpointError, ModelError, RefusalError, RequestError, TooLongError
from llmx.masking import shown
from llmx.models.openai.connection import Connection, TooLarge
from llmx.models.openai.endpoints import Endpoint
from llmx.models.openai.modes import Shape
from llmx.models.openai.refusals import FOR_EVERY_CALL, Refusal, refusal
from llmx.models.openai.replies import Reply, reply_of
from llmx.models.openai.request import Request, openai_headers
from llmx.models.openai.waits import exhausted
from llmx.models.options import ModelOptions
from llmx.prompting import Message

_READ = 100_000
"""Characters of an endpoint's message that are looked at."""
_LONGEST = 300
"""Characters of an endpoint's message that are passed on."""
_CONNECT = 30.0
"""Seconds until a connection stands."""


class Transient(Exception):
    """A call that failed in transport and may be tried again.

    Args:
        reason: what happened.
        status: the HTTP status; None where no answer came.
        after: seconds that the endpoint wants to be left alone, where it says so.
        limited: whether it was one too many, so that it counts as no attempt.
    """

    def __init__(
        self, reason: str, status: int | None = None, after: float | None = None, limited: bool = False
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.after = after
        self.limited = limited


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
        self._client = Connection(
            api_key=endpoint.key.get_secret_value(),
            base_url=endpoint.base_url,
            max_retries=0,  # retries are made in one place
            # The whole attempt has a deadline, which these cannot defeat; a connection must stand sooner.
            timeout=httpx2.Timeout(options.timeout, connect=min(options.timeout, _CONNECT), pool=None),
            http_client=options.http_client
            or openai.DefaultAsyncHttpxClient(
                limits=httpx2.Limits(max_connections=most, max_keepalive_connections=most)
            ),
        )

    async def once(self, messages: Sequence[Message]) -> tuple[Reply, float]:
        """Send one request.

        Returns:
            What came back, and for how many seconds nothing more should be sent.

        Raises:
            Adjusted: it is to be sent again at once, as the endpoint wants it.
            Transient: it may be tried again.
            RefusalError: the endpoint filtered the content.
            TooLongError: the request is too long for the model's context.
            EndpointError: no request to this endpoint can work.
            RequestError: this request cannot work.
        """
        body, changes = self.request.body(messages), self.request.changes
        # What a model said may hold half a surrogate pair, which UTF-8 has no bytes for.
        data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        response = await self._sent(data)
        status = response.status_code
        if 200 <= status < 300 and (reply := reply_of(response.content)):
            return reply, exhausted(response.headers, self.endpoint)
        if 300 <= status < 400:
            raise self._redirected(status, response.headers.get("location", ""))
        why = refusal(200 if status < 300 else status, response.content, response.headers)
        if self.request.changed(why, changes):
            raise Adjusted(f"HTTP {why.status}: {self._clean(why.said)}", why.status)
        raise self._refused(why)

    async def _sent(self, data: bytes) -> httpx2.Response:
        """What comes back, whatever it is."""
        try:
            # The bare response, not the SDK's model of it: 0.9 ms of CPU a call instead of 2.1.
            return await self._client.post(
                "/chat/completions", cast_to=httpx2.Response, content=data, options=self._options
            )
        except openai.APIStatusError as error:
            return error.response
        except openai.APITimeoutError as error:
            raise Transient(f"no answer in time ({type(error.__cause__).__name__})") from None
        except Exception as error:  # also what a proxy or a recording in between raises
            raise self._broken(error) from None

    def _redirected(self, status: int, location: str) -> Exception:
        return EndpointError(
            f"{self.endpoint.host} answered {status} for {self.endpoint.name}: it redirects to "
            f"{self._clean(location)!r}, where the key is not sent; give the right address with --base-url"
        )

    def _broken(self, error: Exception) -> Exception:
        """What a connection that does not come about, or breaks, means."""
        causes: list[BaseException] = [error]
        while (cause := causes[-1].__cause__ or causes[-1].__context__) and cause not in causes:
            causes.append(cause)
        if large := next((one for one in causes if isinstance(one, TooLarge)), None):
            return Transient(str(large))
        said = self._clean(next((one for one in map(str, reversed(causes)) if one), type(error).__name__))
        host = self.endpoint.host
        if any(isinstance(one, ssl.SSLCertVerificationError) for one in causes):
            advice = "if it is your own, name the authority's certificate in SSL_CERT_FILE"
            return EndpointError(f"the certificate of {host} is not trusted: {said}; {advice}")
        if any(isinstance(one, ssl.SSLError) for one in causes) and ("WRONG_VERSION" in said or "RECORD_LAYER" in said):
            return EndpointError(f"{host} speaks no TLS: {said}; write http:// in the base URL")
        if any(isinstance(one, httpx2.RemoteProtocolError) for one in causes) and "illegal request line" in said:
            return EndpointError(f"{host} does not speak HTTP, it may speak TLS: write https:// in the base URL")
        if any(isinstance(one, _UNSENDABLE) for one in causes):
            return EndpointError(f"no request can be sent to {host}: {said}; check the base URL and the key")
        return Transient(f"connection failed: {said}")

    def _refused(self, why: Refusal) -> Exception:
        """The error that a refusal means."""
        said, where = self._clean(why.said), f"{self.endpoint.host} answered {why.status} for {self.endpoint.name}"
        if why.means == "rate":
            return Transient(f"HTTP {why.status}: {said}", 429, why.after, limited=True)
        if why.status == 200 and why.means in ("busy", "none"):
            return Transient(f"the endpoint's reply is no chat completion: {said!r}", 200, why.after)
        if why.means == "busy":
            return Transient(f"HTTP {why.status}: {said}", why.status, why.after)
        message = f"{where}: {said}; {why.advice or 'see what the endpoint says of the request'}"
        if why.means in FOR_EVERY_CALL:
            return EndpointError(message, why.means)
        kinds: dict[str, type[ModelError]] = {"filter": RefusalError, "length": TooLongError}
        return kinds.get(why.means, RequestError)(message)

    def _clean(self, what: object) -> str:
        """A message in one line, as it may be shown."""
        return " ".join(shown(str(what)[:_READ]).split())[:_LONGEST]

    async def close(self) -> None:
        """Close the connections, unless they are the caller's."""
        if self._own_client:
            await self._client.close()


_UNSENDABLE = (httpx2.UnsupportedProtocol, httpx2.InvalidURL, httpx2.LocalProtocolError)
