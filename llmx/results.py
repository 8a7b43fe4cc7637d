"""What the extraction of one report gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from llmx.documents import Document
from llmx.facts import ReportFacts
from llmx.outputs import Failure, to_pandas, to_polars
from llmx.reading import ProjectClaim
from llmx.records import Achievement, Problem, Project, Record, Target
from llmx.sections import Section
from llmx.tasks import Unclaimed

if TYPE_CHECKING:
    import pandas
    import polars

RecordT = TypeVar("RecordT", Target, Achievement, Project, Problem)


@dataclass(frozen=True, slots=True)
class Result:
    """The records of one report, what was left unclaimed, and what failed."""

    document: Document | None
    """The report; None where it could not be read."""
    facts: ReportFacts | None
    """Place, level, kind, year, meeting and date; None where the report could not be read."""
    records: tuple[Record, ...] = ()
    """All records, in text order."""
    unclaimed: tuple[Unclaimed, ...] = ()
    """Every figure that no record holds, with its reason where there is one."""
    turned_away: tuple[ProjectClaim, ...] = ()
    """Projects that the model claimed and code holds for none: a position, a purpose, a plan on paper."""
    failures: tuple[Failure, ...] = ()
    """What could not be read or extracted, each with its reason."""
    sections: tuple[Section, ...] = ()
    """The report's outline: what each part of it is for, its year and how surely that was decided."""
    missing: tuple[Record, ...] = ()
    """What a language model claimed and the text does not bear out: quotes that are not in it, words with numbers that it
    does not have. Kept apart: none of it is evidence."""

    @classmethod
    def failed(cls, failure: Failure) -> Result:
        """The result of a report that could not be read."""
        return cls(document=None, facts=None, failures=(failure,))

    @property
    def targets(self) -> tuple[Target, ...]:
        """What the government commits to or expects."""
        return self._of(Target)

    @property
    def achievements(self) -> tuple[Achievement, ...]:
        """What it reports as reached."""
        return self._of(Achievement)

    @property
    def projects(self) -> tuple[Project, ...]:
        """Named physical and investment projects."""
        return self._of(Project)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Shortcomings that it admits."""
        return self._of(Problem)

    def _of(self, kind: type[RecordT]) -> tuple[RecordT, ...]:
        return tuple(record for record in self.records if isinstance(record, kind))

    def to_pandas(self) -> pandas.DataFrame:
        """All records as a pandas DataFrame.

        Raises:
            UsageError: pandas is not installed.
        """
        return to_pandas(self.records)

    def to_polars(self) -> polars.DataFrame:
        """All records as a polars DataFrame.

        Raises:
            UsageError: polars is not installed.
        """
        return to_polars(self.records)
