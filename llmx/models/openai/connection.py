"""openai's client with bounds of our own: how much of a reply is read, and where a redirect may lead.

The client itself follows redirects wherever they lead and reads whatever comes. All requests and replies of it pass one
method, which is where both are bounded, also for a http client that the caller brings.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import httpx2
import openai

LARGEST = 8_000_000
"""Bytes of a reply that are read: an answer about a chunk has some ten thousand."""
_MOVED = frozenset({307, 308})
"""Redirects that keep the method and the body."""
_TRAVELLING = frozenset({"content-encoding", "content-length", "transfer-encoding"})
"""Headers of how a body travels, which say nothing of it once it is here."""


class TooLarge(Exception):
    """A reply that is larger than any answer."""


class Connection(openai.AsyncOpenAI):
    """A client whose replies are bounded, and whose key stays with the host that it is for.

    Raises:
        TooLarge: a reply has more than `LARGEST` bytes; as the cause of openai's APIConnectionError.
    """

    async def _send_request(
        self,
        request: httpx2.Request,
        *,
        stream: bool,  # noqa: ARG002 (all are read piece by piece)
        **given: Any,
    ) -> httpx2.Response:
        response = await self._bounded(request, **given)
        where = response.headers.get("location", "")
        if response.status_code in _MOVED and (there := _own(request.url, where)):
            again = self._client.build_request(request.method, there, headers=request.headers, content=request.content)
            response = await self._bounded(again, **given)
        return response

    async def _bounded(self, request: httpx2.Request, **given: Any) -> httpx2.Response:
        """A whole reply, read piece by piece."""
        response = await super()._send_request(request, stream=True, **given | {"follow_redirects": False})
        found, size = list[bytes](), 0
        try:
            async for piece in response.aiter_bytes():
                found.append(piece)
                size += len(piece)
                if size > LARGEST:
                    raise TooLarge(f"the reply has more than {LARGEST // 1_000_000} MB, which no answer has")
        finally:
            await response.aclose()
        headers = [one for one in response.headers.multi_items() if one[0].lower() not in _TRAVELLING]
        # Of the same class, since the caller's client may be one of httpx.
        return type(response)(response.status_code, headers=headers, content=b"".join(found), request=request)


def _own(url: httpx2.URL, location: str) -> str | None:
    """Where a redirect leads, if it stays at its own host and does not give up TLS."""
    target = str(httpx2.URL(str(url)).join(location))
    here, there = urlsplit(str(url)), urlsplit(target)
    same = (here.hostname, here.port) == (there.hostname, there.port)
    return target if same and (there.scheme == here.scheme or there.scheme == "https") else None
