"""A file of a form of its own that a task makes of its records: a list of commitments, a form of an office."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llmx.documents import Document
from llmx.records import Record


@dataclass(frozen=True, slots=True)
class Listed:
    """One report of a run, with its records."""

    report: str
    """Its id."""
    facts: Any
    """What it says of itself: the task's own facts."""
    title: str
    """What it is called."""
    document: Document | None
    """Its text; None where it is not at hand."""
    records: Sequence[Record]
    """Those that the layout takes, in text order."""
    whole: bool = True
    """Whether these are all that there are, and not some that were asked for."""


@dataclass(frozen=True, slots=True)
class Layout:
    """A form that `llmx export --layout NAME` writes."""

    writers: Mapping[str, Callable[[Iterable[Listed], Path], None]]
    """What writes the reports to a path, by the suffix of the file."""
    takes: Callable[[Record], bool]
    """Whether a record goes into it."""
    beginning: bytes = b""
    """How its .csv files begin, by which one is known again."""
