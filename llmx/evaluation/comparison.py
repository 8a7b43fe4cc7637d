"""Runs side by side: what each scores, how sure the difference is, and the records on which they differ.

The runs are scored on the same labels, and each draw of the bootstrap takes the same sections for all of them. What is
hard in a section is hard for every run, so that the difference of two runs moves less than their scores do.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llmx.documents import Paths
from llmx.errors import InputError, UsageError
from llmx.evaluation.alignment import Match, align
from llmx.evaluation.bootstrap import RESAMPLES, Interval, intervals
from llmx.evaluation.files import check_name, write_csv, write_lines
from llmx.evaluation.frames import pandas_frame, polars_frame
from llmx.evaluation.labels import Label
from llmx.evaluation.scores import Scores, said
from llmx.evaluation.scoring import open_gold, read_texts, score_sides
from llmx.evaluation.sides import Given, Named, listed, open_side, opened
from llmx.evaluation.tally import Row
from llmx.task import Scoring

if TYPE_CHECKING:
    import pandas
    import polars


@dataclass(frozen=True, slots=True)
class Difference:
    """How much better a run is than the first one."""

    measure: str
    run: str
    f1: float | None
    """The run's F1."""
    first: float | None
    """The first run's F1."""
    difference: float | None
    """The run's less the first one's."""
    interval: Interval | None
    """Of 95 %, by paired bootstrap; a difference whose interval holds 0 may be chance."""
    better: float | None
    """The share of draws in which the run is better than the first one, ties counted half."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A record on which the runs differ: a label, or what some run found without one."""

    report: str
    label: Label
    """The label, or the prediction where there is none."""
    labelled: bool
    rows: dict[str, Match | None]
    """What came of it in each run; None where the run rightly has nothing."""
    shown: Sequence[str]
    """The columns that are shown of it."""

    def as_dict(self) -> dict[str, Any]:
        """For a line of JSON: the label, and each run's outcome, differences and record."""
        runs = {name: _line(row, self.shown) for name, row in self.rows.items()}
        return {"report": self.report, "gold": said(self.label, self.shown) if self.labelled else None, "runs": runs}

    def as_row(self) -> dict[str, Any]:
        """For a table: one level of names and values."""
        label = self.label
        row: dict[str, Any] = {"report": self.report, "type": label.type, "labelled": self.labelled}
        row |= {name: getattr(label, name) for name in ("start", "end", "quote", "figure")} | {"of": label.naming}
        for name, match in self.rows.items():
            row[name] = match.outcome if match else "nothing"
            row[f"{name}: differs"] = _told(match)
        return row


def _line(match: Match | None, shown: Sequence[str]) -> dict[str, Any] | None:
    if match is None:
        return None
    predicted = said(match.predicted, shown) if match.predicted else None
    return {"outcome": match.outcome, "differences": list(match.differences), "predicted": predicted}


def _told(match: Match | None) -> str | None:
    """What a prediction says otherwise than the label: `year: 2025, indicator: …`."""
    if match is None or match.predicted is None or not match.differences:
        return None
    return ", ".join(f"{name}: {match.predicted.values.get(name)}" for name in match.differences)


@dataclass(frozen=True)
class Comparison:
    """Two or more runs on the same labels."""

    scores: dict[str, Scores]
    """By run, in the order given, each on the reports that all runs read."""
    unscored: tuple[str, ...] = ()
    """Labelled reports that not all runs read: they count nowhere."""

    @cached_property
    def differences(self) -> list[Difference]:
        """Each run against the first, measure by measure."""
        first, *others = self.scores
        return [one for name in others for one in self._against(self.scores[first], name)]

    def _against(self, first: Scores, name: str) -> list[Difference]:
        """All measures of one run against the first."""
        other = self.scores[name]
        drawn = (other.drawn - first.drawn)[..., 2]
        pairs = enumerate(zip(other.measures, first.measures, strict=True))
        return [_difference(name, ours, theirs, drawn[:, at]) for at, (ours, theirs) in pairs]

    @cached_property
    def records(self) -> list[Disagreement]:
        """The records on which the runs differ, report by report, in text order."""
        reports = next(iter(self.scores.values())).alignments
        return [one for at in range(len(reports)) for one in self._disagreements(at)]

    def _disagreements(self, at: int) -> list[Disagreement]:
        """Those of the report with this number."""
        alignments = {name: scores.alignments[at] for name, scores in self.scores.items()}
        scoring = next(iter(self.scores.values())).task.scoring
        of = {name: {match.gold: match for match in one.matches if match.gold} for name, one in alignments.items()}
        rows: list[tuple[Label, bool, dict[str, Match | None]]] = [
            (label, True, {name: of[name][label] for name in of}) for label in next(iter(of.values()))
        ]
        spurious = {name: [one for one in scored.matches if one.gold is None] for name, scored in alignments.items()}
        rows += [(label, False, found) for label, found in _joined(spurious, scoring)]
        report = next(iter(alignments.values())).report
        found = [
            Disagreement(report, *row, scoring.shown)
            for row in rows
            if len({_key(match) for match in row[2].values()}) > 1
        ]
        return sorted(found, key=lambda one: one.label.anchor or (len(rows), 0))

    def as_dict(self) -> dict[str, Any]:
        """Each run's tables, the differences, and the records on which the runs differ, for JSON."""
        return {
            "runs": {name: scores.as_dict() for name, scores in self.scores.items()},
            "unscored": list(self.unscored),
            "differences": self.table("differences"),
            "records": [one.as_dict() for one in self.records],
        }

    def write_records(self, path: Path) -> int:
        """Write the records on which the runs differ, as .jsonl or .csv.

        Returns:
            How many there are.

        Raises:
            UsageError: the file's name says no format.
            OutputError: it cannot be written.
        """
        check_name(path)
        if path.suffix.lower() == ".csv":
            write_csv(self.table("records"), path)
        else:
            write_lines([one.as_dict() for one in self.records], path)
        return len(self.records)

    def to_pandas(self, name: str = "differences") -> pandas.DataFrame:
        """`differences` or `records` as a pandas DataFrame.

        Raises:
            UsageError: there is no such table, or pandas is not installed.
        """
        return pandas_frame(self.table(name))

    def to_polars(self, name: str = "differences") -> polars.DataFrame:
        """`differences` or `records` as a polars DataFrame.

        Raises:
            UsageError: there is no such table, or polars is not installed.
        """
        return polars_frame(self.table(name))

    def table(self, name: str) -> list[dict[str, Any]]:
        """`differences` or `records` as lines of names and values.

        Raises:
            UsageError: there is no such table.
        """
        if name == "records":
            return [one.as_row() for one in self.records]
        if name != "differences":
            raise UsageError(f"no table named {name!r}; there are differences and records")
        return [
            {**asdict(replace(one, interval=None)), "low": one.interval and one.interval.low}
            | {"high": one.interval and one.interval.high}
            for one in self.differences
        ]


def compare(
    predicted: Mapping[str, Given],
    gold: Given,
    *,
    task: Named = None,
    reports: Paths | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Comparison:
    """Score runs side by side.

    Args:
        predicted: two or more, by name; the others are compared with the first. Each is as for `evaluate`.
        gold: as for `evaluate`.
        task: as for `evaluate`; all runs are of one task.
        reports: as for `evaluate`.
        resamples: draws of the bootstrap; 0 for no intervals.
        seed: of the draws.

    Returns:
        Scores of the reports that all runs read (or failed on), differences, and the records on which the runs differ.

    Raises:
        UsageError: fewer than two runs, or scipy is not installed.
        InputError: as for `evaluate`, or no labelled report was read by all runs.
    """
    if len(predicted) < 2:
        raise UsageError(f"{len(predicted)} run to compare; give two or more with different names")
    (labels, *runs), found = opened((gold, *predicted.values()), task)
    theirs = open_gold(labels, task=found)
    sides = {name: open_side(one, name, found) for name, one in zip(predicted, runs, strict=True)}
    texts = read_texts(theirs, list(sides.values()), reports)
    scores = {name: score_sides(side, theirs, texts, resamples, seed) for name, side in sides.items()}
    read = [report for report in theirs.labels if all(side.saw(report) for side in sides.values())]
    if not read:
        raise InputError(
            f"{theirs.name}: labels of {listed(theirs.labels)}, and none of them was read by all of {listed(sides)}; "
            "give runs of the same reports"
        )
    return Comparison(
        {name: one.only(read) for name, one in scores.items()},
        tuple(report for report in theirs.labels if report not in read),
    )


def _difference(run: str, ours: Row, first: Row, drawn: Any) -> Difference:
    """One measure; of the draws only where both scores have an interval of their own."""
    (interval,) = intervals(drawn[:, None]) if ours.f1_interval and first.f1_interval else (None,)
    defined = drawn[drawn == drawn]  # NaN is not itself
    better = float(((defined > 0) + (defined == 0) / 2).mean()) if interval else None
    difference = None if ours.f1 is None or first.f1 is None else ours.f1 - first.f1
    return Difference(ours.measure, run, ours.f1, first.f1, difference, interval, better)


def _key(match: Match | None) -> Hashable:
    """Rows that come out alike: the same outcome and, where fields differ, the same values in them."""
    if match is None:
        return None
    values = tuple(match.predicted and match.predicted.values.get(name) for name in match.differences)
    return match.outcome, match.differences, values


def _joined(spurious: Mapping[str, list[Match]], scoring: Scoring) -> Iterable[tuple[Label, dict[str, Match | None]]]:
    """What runs found without a label, one row where several found the same."""
    rows: dict[Label, dict[str, Match | None]] = {}
    for name, matches in spurious.items():
        ours = {match.label: match for match in matches}
        pairs = {pair.predicted: pair.gold for pair in align(list(ours), list(rows), scoring) if pair.aligned}
        for label, match in ours.items():
            rows.setdefault(pairs.get(label) or label, dict.fromkeys(spurious))[name] = match
    return rows.items()
