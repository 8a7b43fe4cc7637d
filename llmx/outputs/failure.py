"""A failure is data: what failed, where, why, so that it can be run again alone."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from llmx.masking import shown


class Failure(BaseModel):
    """One input, chunk or file that did not go through: a line of failures.jsonl."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    report: str | None
    """The report's id; None where it could not be read."""
    source: str | None
    """The path or pattern as given."""
    stage: Literal["read", "extract", "write"]
    """What was being done."""
    start: int | None = None
    """Where the stretch that failed begins in the report's text; None where it is the whole report."""
    end: int | None = None
    """Where it ends, exclusive."""
    error: str
    """The error's class."""
    message: str
    """What happened, to which value, and what to do."""

    @classmethod
    def of(
        cls,
        error: Exception,
        *,
        report: str | None,
        source: str | None,
        stage: Literal["read", "extract", "write"],
        place: tuple[int | None, int | None] = (None, None),
    ) -> Failure:
        """The failure that an error is."""
        return cls(
            report=report,
            source=source,
            stage=stage,
            start=place[0],
            end=place[1],
            error=type(error).__name__,
            message=shown(str(error)),
        )
