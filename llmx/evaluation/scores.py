"""How right predicted records are: tables of precision, recall and F1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from llmx.errors import UsageError
from llmx.evaluation.alignment import Alignment, Match
from llmx.evaluation.bootstrap import RESAMPLES
from llmx.evaluation.frames import pandas_frame, polars_frame
from llmx.evaluation.labels import Label
from llmx.evaluation.measures import OVERALL, Measure, Score, counting, measuring_field, of_types, pooled
from llmx.evaluation.tally import Row, Tally, averaged
from llmx.task import Task, open_task

if TYPE_CHECKING:
    import pandas
    import polars

MICRO = "micro"

TABLES = ("measures", "types", "fields", "roles", "reports", "errors", "records")
"""The tables of Scores."""


@dataclass(frozen=True)
class Scores:
    """How right predicted records are, of one or more reports.

    A score is None, shown as a dash, where there is nothing to divide by; that is not 0.
    """

    alignments: tuple[Alignment, ...]
    """The reports that were scored, in the order of the gold."""
    unscored: tuple[str, ...] = ()
    """Labelled reports that the prediction never saw: they count nowhere."""
    unlabelled: tuple[str, ...] = ()
    """Reports of the prediction that have no labels."""
    digest: str = ""
    """SHA-256 of the gold, whatever its files are called and however their lines are ordered."""
    resamples: int = RESAMPLES
    """Draws of the bootstrap."""
    seed: int = 0
    """Of the draws."""
    task: Task = field(default_factory=open_task)
    """What the records are of."""

    @property
    def matches(self) -> list[Match]:
        """The rows of all reports: labels with what was paired with them, and what was not."""
        return self.tally.matches

    def score(self, measure: str) -> Score:
        """One measure, pooled over all reports.

        Args:
            measure: one of the task's: `scores.task.scoring.measures`.
        """
        return pooled(self._measures[measure], self.matches)

    @cached_property
    def _measures(self) -> dict[str, Measure]:
        """The task's measures, and those of all records."""
        return {name: counting(one) for name, one in self.task.scoring.measures.items()} | OVERALL

    def only(self, reports: Sequence[str]) -> Scores:
        """The same of some of the reports; the rest becomes unscored."""
        kept = tuple(one for one in self.alignments if one.report in reports)
        left = tuple(one.report for one in self.alignments if one.report not in reports)
        return replace(self, alignments=kept, unscored=self.unscored + left)

    @cached_property
    def tally(self) -> Tally:
        """The rows by section, and the draws of the bootstrap."""
        return Tally(self.alignments, self.resamples, self.seed)

    @cached_property
    def _counts(self) -> Any:
        """The measures of each row."""
        return self.tally.count(self._measures.values())

    @cached_property
    def measures(self) -> list[Row]:
        """The measures, pooled over all reports."""
        return self.tally.rows([(MICRO, name) for name in self._measures], self.tally.by_section(self._counts))

    @cached_property
    def drawn(self) -> Any:
        """Precision, recall and F1 of the measures in each draw of the bootstrap: draws × measure × 3."""
        return self.tally.drawn(self.tally.by_section(self._counts))

    @cached_property
    def types(self) -> list[Row]:
        """Each record type, found and typed, and right in all fields; all pooled; and the mean over the types."""
        typed = of_types(self.task.types)
        counts = self.tally.by_section(self.tally.count(typed.values()))
        totals, drawn = counts.sum(axis=0), self.tally.drawn(counts)
        means = []
        for measure in OVERALL:
            columns = [at for at, (_, name) in enumerate(typed) if name == measure]
            means.append(averaged(measure, totals[columns], [drawn[:, at] for at in columns]))
        pooled = [row for row in self.measures if row.measure in OVERALL]
        return [*self.tally.rows(list(typed), counts), *pooled, *means]

    @cached_property
    def fields(self) -> list[Row]:
        """Each field, on aligned records whose label has it."""
        fields = self.task.scoring.fields
        counts = self.tally.by_section(self.tally.count(map(measuring_field, fields)))
        return self.tally.rows([(one.name, "on aligned records") for one in fields], counts)

    @cached_property
    def roles(self) -> list[Row]:
        """The measures by what a section is for; empty where no text is known, or all sections are for one thing."""
        rows: list[Row] = []
        named = self.task.scoring.roles
        found = dict.fromkeys((*named, *filter(None, self.tally.roles)))
        for role in found if named or len(found) > 1 else ():
            chosen = [at for at, one in enumerate(self.tally.roles) if one == role]
            counts = self.tally.by_section(self._counts, chosen)
            rows += self.tally.rows([(role, measure) for measure in self._measures], counts) if chosen else []
        return rows

    @cached_property
    def reports(self) -> list[Row]:
        """The measures by report, and their means over the reports."""
        rows, totals, drawn = [], [], []
        for number, one in enumerate(self.alignments):
            tally = Tally([one], self.resamples, self.seed, first=number)
            counts = tally.by_section(tally.count(self._measures.values()))
            rows += tally.rows([(one.report, measure) for measure in self._measures], counts)
            totals.append(counts.sum(axis=0))
            drawn.append(tally.drawn(counts))
        return rows + [
            averaged(measure, [one[at] for one in totals], [one[:, at] for one in drawn])
            for at, measure in enumerate(self._measures)
        ]

    @property
    def errors(self) -> list[dict[str, Any]]:
        """How many rows of each type came out how; a wrong type is counted under the label's."""
        counted = Counter((match.label.type, match.outcome) for match in self.matches)
        return [
            {"type": type, **{outcome: counted[type, outcome] for outcome in self.task.scoring.outcomes}}
            for type in self.task.types
        ]

    @property
    def records(self) -> list[dict[str, Any]]:
        """Every row: what came of it, which fields differ, and both sides' fields."""
        names = [one.report for one in self.alignments]
        return [
            {"report": names[report], "role": role, **_sides(match, self.task.scoring.shown)}
            for match, report, role in zip(self.matches, self.tally.reports, self.tally.roles, strict=True)
        ]

    def table(self, name: str) -> list[dict[str, Any]]:
        """A table as lines of names and values.

        Args:
            name: one of TABLES.

        Raises:
            UsageError: there is no such table.
        """
        if name not in TABLES:
            raise UsageError(f"no table named {name!r}; there are {', '.join(TABLES)}")
        rows = [row.as_dict() if isinstance(row, Row) else row for row in getattr(self, name)]
        if name == "fields":
            return [line | _apart(row) for line, row in zip(rows, self.fields, strict=True)]
        return rows

    def as_dict(self) -> dict[str, Any]:
        """All tables and what they are of, for JSON."""
        return {
            "reports": [one.report for one in self.alignments],
            "unscored": list(self.unscored),
            "unlabelled": list(self.unlabelled),
            "digest": self.digest,
            "resamples": self.resamples,
            "seed": self.seed,
            **{name: self.table(name) for name in TABLES if name != "reports"},
            "by_report": self.table("reports"),
        }

    def to_pandas(self, name: str = "measures") -> pandas.DataFrame:
        """A table as a pandas DataFrame.

        Args:
            name: one of TABLES.

        Raises:
            UsageError: there is no such table, or pandas is not installed.
        """
        return pandas_frame(self.table(name))

    def to_polars(self, name: str = "measures") -> polars.DataFrame:
        """A table as a polars DataFrame.

        Args:
            name: one of TABLES.

        Raises:
            UsageError: there is no such table, or polars is not installed.
        """
        return polars_frame(self.table(name))


def said(label: Label, shown: Sequence[str]) -> dict[str, Any]:
    """The columns of a label that a row shows, as far as it has them."""
    return {name: value for name, value in label.values.items() if name in shown}


def _apart(row: Row) -> dict[str, Any]:
    return {part: row.score and getattr(row.score, part) for part in ("none", "wrong")}


def _sides(match: Match, shown: Sequence[str]) -> dict[str, Any]:
    sides: dict[str, Any] = {"type": match.label.type, "outcome": match.outcome}
    sides["differences"] = " ".join(match.differences)
    for side, label in (("gold", match.gold), ("predicted", match.predicted)):
        sides |= {f"{side}_{name}": label.values.get(name) if label else None for name in shown}
    return sides
