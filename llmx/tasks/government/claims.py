"""What a reader claims of a chunk of a report."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from llmx.claims import Claim, Reading
from llmx.task import RecordClaim
from llmx.tasks.government.records import Domain, Stage, Status


class FigureClaim(Claim):
    """One figure of the chunk is a record."""

    figure_fields: ClassVar[tuple[str, ...]] = ("figure",)

    figure: int = Field(ge=1)
    """The figure's number in the chunk, counted from 1 in text order."""
    type: Literal["target", "achievement", "problem"]
    """target: committed to or expected; achievement: reached; problem: part of an admitted shortcoming."""
    indicator: str
    """What the figure measures, shared words distributed, without the figure."""
    year: int | None = None
    """The year the figure speaks of, where it is not the section's."""
    scope: str | None = None
    """Whose figure it is, only where it is not the reporting government's own."""
    domain: Domain | None = None
    """The field of policy, for a problem."""


class RecognitionClaim(Claim):
    """An honour, rank, accreditation or named status won, or to be won."""

    type: Literal["target", "achievement"]
    """achievement: won; target: to be won."""
    quote: str
    """Verbatim words that hold whose it is and what it is."""
    indicator: str
    """The status, with whose it is where the text says so."""
    year: int | None = None
    """The year, where it is not the section's."""


class ProjectClaim(Claim):
    """A named physical or investment project."""

    figure_fields: ClassVar[tuple[str, ...]] = ("amount",)

    name: str
    """The project's name, shared words distributed."""
    quote: str
    """Verbatim words that hold the name and the words of its stage."""
    stage: Stage
    """preparation, started, ongoing or completed."""
    status: Status
    """reported: has happened; planned: promised."""
    year: int | None = None
    """The year, where it is not the section's."""
    amount: int | None = Field(default=None, ge=1)
    """The number of the figure that is the investment in this very project."""


class ProblemClaim(Claim):
    """A shortcoming, difficulty or risk that the report admits, without a figure."""

    quote: str
    """The verbatim statement."""
    domain: Domain
    """The field of policy."""


class ReportReading(Reading):
    """All that a reader claims of one chunk, each list in text order."""

    figures: tuple[FigureClaim, ...] = ()
    """Figures that are records."""
    recognitions: tuple[RecognitionClaim, ...] = ()
    """Recognitions."""
    projects: tuple[ProjectClaim, ...] = ()
    """Projects."""
    problems: tuple[ProblemClaim, ...] = ()
    """Problems without a figure."""
    records: tuple[RecordClaim, ...] = ()
    """Records of further types."""
