"""One HTTP request: the only place that talks to an endpoint, and that tells what may be tried again from what not.

It is sent with httpx2 and not with openai's client, which reads whatever comes and follows redirects with the key; made to
do neither, that client takes 2.1 ms of CPU a call, this 1.5 (openai's own calls in the same run: 3.5 to 4.6).
"""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO
from urllib.parse import urlsplit

import httpx2

from llmx.errors import EndpointError, ModelError, RefusalError, RequestError, TooLongError
from llmx.masking import shown
from llmx.models.openai.endpoints import Endpoint
from llmx.models.openai.modes import Shape
from llmx.models.openai.refusals import FOR_EVERY_CALL, Refusal, refusal
from llmx.models.openai.replies import Reply, reply_of
from llmx.models.openai.request import Request
from llmx.models.openai.waits import exhausted
from llmx.models.options import ModelOptions
from llmx.prompting import Message

_LONGEST = 300
"""Characters of an endpoint's message that are passed on."""
_LARGEST = 8_000_000
"""Bytes of a reply that are read: an answer about a chunk has some ten thousand."""
_LARGEST_FILE = 4_000_000_000
"""Bytes of a file of answers: a batch of 50,000 has some hundred million."""
_READ = 100_000
"""Characters of an endpoint's message that are looked at."""
_CONNECT = 30.0
"""Seconds until a connection stands."""
_MOVED = frozenset({307, 308})
"""Redirects that keep the method and the body."""
_ELSEWHERE = frozenset({301, 302, 303, 307, 308})


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
        self._url = str(httpx2.URL(f"{endpoint.base_url}/chat/completions").copy_merge_params(self.request.query))
        # The whole attempt has a deadline, which these cannot defeat; a connection must stand sooner.
        most, connect = options.concurrency, min(options.timeout, _CONNECT)
        self._timeout = httpx2.Timeout(options.timeout, connect=connect, pool=None)
        self._own_client = options.http_client is None
        self._client = options.http_client or httpx2.AsyncClient(
            limits=httpx2.Limits(max_connections=most, max_keepalive_connections=most)
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
        changes = self.request.changes
        status, headers, body = await self._sent(self.request.body(messages))
        return self.received(status, headers, body, changes), exhausted(headers, self.endpoint)

    def received(self, status: int, headers: Mapping[str, str], body: bytes, changes: int) -> Reply:
        """What came back, live or in a batch.

        Args:
            status: the HTTP status.
            headers: the reply's headers.
            body: what came.
            changes: `changes` of the request when it was sent.

        Raises:
            ModelError, Transient: as `once` does.
        """
        if 200 <= status < 300 and (reply := reply_of(body)):
            return reply
        why = self._why(status, headers, body)
        if self.request.changed(why, changes):
            raise Adjusted(f"HTTP {why.status}: {self._clean(why.said)}", why.status)
        raise self._refused(why)

    def _why(self, status: int, headers: Mapping[str, str], body: bytes) -> Refusal:
        if 300 <= status < 400:
            raise self._redirected(status, headers.get("location", ""))
        return refusal(200 if status < 300 else status, body, headers)

    async def call(self, method: str, path: str, seconds: float, into: BinaryIO | None = None, **sent: Any) -> bytes:
        """Call something else of the endpoint.

        Args:
            method: GET or POST.
            path: what follows the base URL.
            seconds: how long it may take.
            into: what the reply is written to, however large it is; it is given back unless given.
            sent: what is sent, as httpx2's `build_request` takes it.

        Raises:
            Transient: it may be tried again; it may have been done all the same.
            EndpointError, RequestError: it cannot work.
        """
        url = str(httpx2.URL(f"{self.endpoint.base_url}/{path}").copy_merge_params(self.request.query))
        try:
            async with asyncio.timeout(seconds):
                status, headers, body = await self._exchanged(method, url, self.request.headers, into, **sent)
                if status in _ELSEWHERE and into is not None:  # a store of files, by an address that is a key itself
                    there = str(httpx2.URL(url).join(headers.get("location", "")))
                    status, headers, body = await self._exchanged(method, there, {}, into)
        except (TimeoutError, httpx2.TimeoutException) as error:
            raise Transient(f"no answer in time ({type(error).__name__})") from None
        except Exception as error:
            raise self._broken(error) from None
        if not 200 <= status < 300:
            raise self._refused(self._why(status, headers, body))
        return body

    async def _sent(self, body: Mapping[str, Any]) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and body of what comes back."""
        data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        try:
            status, headers, content = await self._posted(self._url, data)
            if status in _MOVED and self._own(where := headers.get("location", "")):
                status, headers, content = await self._posted(str(httpx2.URL(self._url).join(where)), data)
        except httpx2.TimeoutException as error:
            raise Transient(f"no answer in time ({type(error).__name__})") from None
        except asyncio.CancelledError:
            raise
        except Exception as error:  # also what a proxy or a recording in between raises
            raise self._broken(error) from None
        return status, headers, content

    async def _posted(self, url: str, data: bytes) -> tuple[int, Mapping[str, str], bytes]:
        headers = {"content-type": "application/json", **self.request.headers}
        return await self._exchanged("POST", url, headers, content=data)

    async def _exchanged(
        self, method: str, url: str, headers: Mapping[str, str], into: BinaryIO | None = None, **sent: Any
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Status, headers and body of what comes back; a body that is written elsewhere is not given back."""
        headers = {"accept": "application/json", **headers}
        request = self._client.build_request(method, url, headers=headers, timeout=self._timeout, **sent)
        # A key must not follow a redirect.
        response = await self._client.send(request, stream=True, follow_redirects=False)
        kept = into if response.status_code == 200 else None
        most = _LARGEST_FILE if kept else _LARGEST
        try:
            found, size = list[bytes](), 0
            async for piece in response.aiter_bytes(65_536):
                size += len(piece)
                if size > most:
                    raise Transient(f"the reply has more than {most // 1_000_000} MB, which no answer has")
                kept.write(piece) if kept else found.append(piece)
        finally:
            await response.aclose()
        return response.status_code, response.headers, b"".join(found)

    def _own(self, location: str) -> bool:
        """Whether a redirect stays at the endpoint's own host and does not give up TLS."""
        here, there = urlsplit(self._url), urlsplit(str(httpx2.URL(self._url).join(location)))
        same = (here.hostname, here.port) == (there.hostname, there.port)
        return same and (there.scheme == here.scheme or there.scheme == "https")

    def _redirected(self, status: int, location: str) -> Exception:
        return EndpointError(
            f"{self.endpoint.host} answered {status} for {self.endpoint.name}: it redirects to "
            f"{self._clean(location)!r}, where the key is not sent; give the right address with --base-url"
        )

    def _broken(self, error: Exception) -> Exception:
        """What a connection that does not come about, or breaks, means."""
        if isinstance(error, Transient):
            return error
        causes = [error]
        while (cause := causes[-1].__cause__ or causes[-1].__context__) and cause not in causes:
            causes.append(cause)  # type: ignore[arg-type]
        said = self._clean(next((one for one in map(str, reversed(causes)) if one), type(error).__name__))
        host = self.endpoint.host
        if any(isinstance(one, ssl.SSLCertVerificationError) for one in causes):
            advice = "if it is your own, name the authority's certificate in SSL_CERT_FILE"
            return EndpointError(f"the certificate of {host} is not trusted: {said}; {advice}")
        if any(isinstance(one, ssl.SSLError) for one in causes) and ("WRONG_VERSION" in said or "RECORD_LAYER" in said):
            return EndpointError(f"{host} speaks no TLS: {said}; write http:// in the base URL")
        if isinstance(error, httpx2.RemoteProtocolError) and "illegal request line" in said:  # h11 of bytes, not text
            return EndpointError(f"{host} does not speak HTTP, it may speak TLS: write https:// in the base URL")
        if isinstance(error, httpx2.UnsupportedProtocol | httpx2.InvalidURL | httpx2.LocalProtocolError):
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
            await self._client.aclose()
