"""The batches of an endpoint in OpenAI's format, which Azure, DashScope, GLM, SiliconFlow, Groq and Together speak too.

https://platform.openai.com/docs/api-reference/batch: a file of requests is sent, a batch begun with its id, looked at
until it has ended; its answers and failures are files. Where providers differ stands in providers.toml.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from llmx.batch import Busy, Limits, Remote
from llmx.errors import EndpointError, UsageError
from llmx.masking import shown
from llmx.models.openai.endpoints import Endpoint
from llmx.models.openai.wire import Transient, Wire

_FILES = 3600.0
"""Seconds that a file may take."""
_PAGES, _PAGE = 50, 100
"""Pages of a list that are looked through, and the entries of one."""


class BatchDesk:
    """An endpoint's batches; see `llmx.batch.Desk`.

    Args:
        endpoint: whose.
        wire: gives the connection of the running loop.
        timeout: seconds that a call may take that sends no file.

    Raises:
        UsageError: the provider takes no batches, as far as is known.
    """

    def __init__(self, endpoint: Endpoint, wire: Callable[[], Wire], timeout: float) -> None:
        if endpoint.batch is None:
            raise UsageError(
                f"{endpoint.provider} has no batches in OpenAI's format, as far as is known: ask live, or say in llmx.toml "
                f"what it takes, in a table [providers.{endpoint.provider}.batch]"
            )
        self.endpoint, self._limits, self._wire, self._timeout = endpoint, endpoint.batch, wire, timeout

    @property
    def limits(self) -> Limits:
        """What it takes."""
        return self._limits

    async def upload(self, path: Path, label: str) -> str:
        """Send a file of requests under a name; its id."""
        name = f"{label}.jsonl"
        form = {
            "purpose": self.limits.purpose,
            **{key: value.replace("{name}", name) for key, value in self.limits.form.items()},
        }
        with open(path, "rb") as file:
            files = {"file": (name, file, "application/jsonl")}
            told = await self._json("POST", self.limits.upload, _FILES, data=form, files=files)
        return self._id(told, "file")

    async def create(self, file: str, label: str) -> Remote:
        """Begin a batch of a file's requests."""
        body = {"input_file_id": file, "endpoint": self.limits.endpoint, "completion_window": self.limits.window}
        told = await self._json("POST", "batches", json=body | {"metadata": {"llmx": label}})
        self._id(told, "batch")
        return Remote.of(told)

    async def batch(self, id: str) -> Remote:
        """How a batch goes."""
        return Remote.of(await self._json("GET", f"batches/{quote(id, safe='')}"))

    async def cancel(self, id: str) -> Remote:
        """Ask for a batch to be ended."""
        return Remote.of(await self._json("POST", f"batches/{quote(id, safe='')}/cancel"))

    async def find_file(self, label: str) -> str | None:
        """The id of the file of a name; None where there is none."""
        found = await self._first("files", lambda one: one.get("filename") == f"{label}.jsonl")
        return self._id(found, "file") if found else None

    async def find_batch(self, label: str, file: str) -> Remote | None:
        """The batch of a label or file; None where there is none."""

        def is_ours(one: dict[str, Any]) -> bool:
            metadata = one.get("metadata")
            named = isinstance(metadata, dict) and metadata.get("llmx") == label
            return named or bool(file and one.get("input_file_id") == file)

        found = await self._first("batches", is_ours)
        return Remote.of(found) if found else None

    async def download(self, file: str, to: Path) -> None:
        """Write a file's content to the disk, piece by piece."""
        with open(to, "wb") as into:
            await self._called("GET", f"files/{quote(file, safe='')}/content", _FILES, into=into)

    async def _first(self, what: str, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any] | None:
        """The first entry of a list that is wanted; the newest stand first."""
        after: dict[str, str] = {}
        for _ in range(_PAGES):
            told = _parsed(await self._called("GET", f"{what}?{urlencode({'limit': _PAGE, **after})}"))
            page = list(_entries(told))
            if found := next(filter(wanted, page), None):
                return found
            last = page[-1].get("id") if page else None
            if not isinstance(last, str) or not (isinstance(told, dict) and told.get("has_more")):
                return None
            after = {"after": last}
        return None

    async def _json(self, method: str, path: str, seconds: float | None = None, **sent: Any) -> dict[str, Any]:
        """The object that a call gives; some providers wrap it."""
        told = _parsed(await self._called(method, path, seconds, **sent))
        if isinstance(told, dict):
            told = next((told[name] for name in ("job", "data") if isinstance(told.get(name), dict)), told)
        return told if isinstance(told, dict) else {}

    async def _called(self, method: str, path: str, seconds: float | None = None, **sent: Any) -> bytes:
        try:
            return await self._wire().call(method, path, seconds or self._timeout, **sent)
        except Transient as error:
            raise Busy(
                f"{self.endpoint.host}: {method} {path.split('/')[0].split('?')[0]}: {error}", error.after
            ) from None

    def _id(self, told: dict[str, Any], what: str) -> str:
        id = told.get("id")
        if not isinstance(id, str) or not id:
            raise EndpointError(
                f"{self.endpoint.host} gave no id of a {what}; check that it takes batches at this address"
            )
        return id


def _parsed(body: bytes) -> Any:
    """What a call gave; what is no JSON may be half of one, and what was asked for may have been done."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Busy(f"a reply that is no JSON: {shown(body[:100].decode('utf-8', 'replace'))!r}") from None


def _entries(told: Any) -> Iterator[dict[str, Any]]:
    """The objects of a list, bare or wrapped."""
    entries = told.get("data") if isinstance(told, dict) else told
    yield from (one for one in entries if isinstance(one, dict)) if isinstance(entries, list) else ()
