"""What an endpoint of batches does, and within which limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Protocol

from pydantic import BaseModel, ConfigDict, Field


class Limits(BaseModel):
    """What a provider takes in a batch: the table `batch` of a provider in providers.toml or llmx.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    endpoint: str = "/v1/chat/completions"
    """What each request is addressed to."""
    requests: Annotated[int, Field(ge=1)] = 50_000
    """The most requests of a batch."""
    bytes: Annotated[int, Field(ge=1)] = 200_000_000
    """The most bytes of its file."""
    tokens: Annotated[int, Field(ge=1)] | None = None
    """The most prompt tokens of all batches under way; found out where it is not given."""
    price: Annotated[float, Field(ge=0, le=1)] = 1.0
    """What a request costs in a batch, as a share of what it costs live."""
    window: str = "24h"
    """How long a batch may take."""
    id_length: Annotated[int, Field(ge=16)] = 64
    """The most characters of a request's custom_id."""
    upload: str = "files"
    """Where files are sent to, after the base URL."""
    purpose: str = "batch"
    """What a file is said to be for."""
    form: dict[str, str] = {}
    """Further fields of the form that a file is sent with; {name} stands for the file's name."""


class Busy(Exception):
    """The endpoint could not be asked, or did not say how it went: what was asked for may have been done all the same.

    Args:
        reason: what happened.
        after: seconds that it wants to be left alone, where it says so.
    """

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


@dataclass(frozen=True, slots=True)
class Remote:
    """A batch as its endpoint tells of it."""

    id: str
    status: str
    """validating, failed, in_progress, finalizing, completed, expired, cancelling or cancelled."""
    output: str = ""
    """The file of its answers; empty where there is none."""
    errors: str = ""
    """The file of the requests that failed; empty where there is none."""
    done: int = 0
    """Requests that are done, well or not."""
    faults: tuple[tuple[int | None, str, str], ...] = ()
    """What is wrong with its file: the line, where it is known, a code and words."""

    @property
    def ended(self) -> bool:
        """Whether nothing more comes of it."""
        return self.status in ("failed", "completed", "expired", "cancelled")

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Remote:
        """A batch of an endpoint's JSON."""
        counts, errors = _table(told.get("request_counts")), _table(told.get("errors"))
        data = errors.get("data")
        faults = [_table(one) for one in data[:100_000]] if isinstance(data, list) else []
        return cls(
            _text(told.get("id")),
            _text(told.get("status")).lower(),
            _text(told.get("output_file_id")),
            _text(told.get("error_file_id")),
            sum(count for name in ("completed", "failed") if isinstance(count := counts.get(name), int)),
            tuple((_line(one.get("line")), _text(one.get("code")), _text(one.get("message"))) for one in faults),
        )


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _line(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


class Desk(Protocol):
    """An endpoint of batches. Whatever may have been done although it failed raises `Busy`."""

    @property
    def limits(self) -> Limits:
        """What it takes."""

    async def upload(self, path: Path, label: str) -> str:
        """Send a file under a name; its id."""

    async def create(self, file: str, label: str) -> Remote:
        """Begin a batch of a file's requests."""

    async def find_file(self, label: str) -> str | None:
        """The id of the file of that name; None where there is none."""

    async def find_batch(self, label: str, file: str) -> Remote | None:
        """The batch of that label or file; None where there is none."""

    async def batch(self, id: str) -> Remote:
        """How a batch goes."""

    async def cancel(self, id: str) -> Remote:
        """Ask for a batch to be ended."""

    async def download(self, file: str, to: Path) -> None:
        """Write a file's content to the disk."""
