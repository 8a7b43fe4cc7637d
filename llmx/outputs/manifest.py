"""What a run did: run.json."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from llmx.calls import Totals
from llmx.records import RecordType


class InputSummary(BaseModel):
    """One report of a run."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    report: str
    """The report's id."""
    source: str | None
    """The path it was read from."""
    sha256: str | None
    """SHA-256 of its bytes."""
    encoding: str | None
    """How its bytes were decoded."""
    characters: int
    """Length of its text."""
    records: dict[RecordType, int]
    """Records by type."""
    figures_claimed: int
    """Figures that a record holds."""
    figures_unclaimed: int
    """Figures without a record that nothing explains."""
    figures_explained: int
    """Figures without a record that have a reason: dates, names, ranks, …"""
    turned_away: list[str]
    """Names of projects that the model claimed and code holds for none."""
    failures: int
    """Stretches of it that failed."""
    facts: dict[str, Any]
    """Place, level, kind, year, meeting and date, with their words."""
    outline: list[list[Any]] = []
    """Its sections, as `llmx.sections.packed` writes them."""
    narrow: list[str] = []
    """Its sections whose tense was decided by little, by place and heading: worth a look."""


class Manifest(BaseModel):
    """All that is needed to know what a run's records are of."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    version: str
    """llmx's version."""
    model: str
    """What read the reports."""
    settings: dict[str, Any]
    """The options that the run was given."""
    started: str
    """When it began: ISO 8601 with zone."""
    finished: str | None = None
    """When it ended."""
    seconds: float | None = None
    """How long it took."""
    interrupted: bool = False
    """Whether it was stopped before all inputs were read."""
    inputs: list[InputSummary] = []
    """The reports read, in order."""
    records: dict[RecordType, int] = {}
    """Records by type, over all reports."""
    failures: int = 0
    """Lines of failures.jsonl."""
    warnings: list[str] = []
    """What did not fail but should be known: a cache that could not be read or written."""
    usage: Totals | None = None
    """What a language model's calls of this run came to."""
    ledger: Totals | None = None
    """What all calls in this folder came to, those of earlier runs included: the sum of ledger.jsonl."""
