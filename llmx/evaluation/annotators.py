"""How far two annotators of the same text agree.

How many records both found is told by precision, recall and F1, each annotator once taken for the gold: of what neither
labelled there is no count, so that a coefficient corrected for chance cannot be had (Hripcsak and Rothschild, Agreement,
the F-Measure, and Reliability in Information Retrieval, JAMIA 12, 2005). On what both found, types and fields are
compared by Krippendorff's alpha.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from llmx.documents import Paths
from llmx.evaluation.alignment import Match
from llmx.evaluation.bootstrap import RESAMPLES
from llmx.evaluation.fields import agrees, value_of
from llmx.evaluation.frames import pandas_frame, polars_frame
from llmx.evaluation.scores import Scores
from llmx.evaluation.scoring import open_gold, read_texts, score_sides
from llmx.evaluation.sides import Given, Named, opened
from llmx.task import ScoredField

if TYPE_CHECKING:
    import pandas
    import polars


@dataclass(frozen=True, slots=True)
class Coefficient:
    """How far two annotators agree on a field of the records that both found."""

    field: str
    pairs: int
    """Records on which at least one of them filled it in."""
    same: float | None
    """The share of them on which they agree; words agree if they are alike. None without any."""
    alpha: float | None
    """Krippendorff's alpha, nominal: 1 is perfect, 0 is chance. None for free text, and where nothing varies."""


@dataclass(frozen=True)
class Agreement:
    """Two annotators on the same text."""

    first: Scores
    """The second annotator's labels against the first's as gold."""
    second: Scores
    """The first annotator's labels against the second's as gold."""

    @cached_property
    def coefficients(self) -> list[Coefficient]:
        """The type, of all records that both found, and each field, of those that have one type."""
        matches = self.first.matches
        paired = [match for match in matches if match.aligned or match.outcome == "wrong type"]
        aligned = [match for match in matches if match.aligned]
        scoring = self.first.task.scoring
        fields = (*scoring.beside, *scoring.fields)
        return [_coefficient(ScoredField("type"), paired), *(_coefficient(field, aligned) for field in fields)]

    def as_dict(self) -> dict[str, Any]:
        """The scores both ways and the coefficients, for JSON."""
        return {"first": self.first.as_dict(), "second": self.second.as_dict(), "coefficients": self._rows()}

    def to_pandas(self) -> pandas.DataFrame:
        """The coefficients as a pandas DataFrame.

        Raises:
            UsageError: pandas is not installed.
        """
        return pandas_frame(self._rows())

    def to_polars(self) -> polars.DataFrame:
        """The coefficients as a polars DataFrame.

        Raises:
            UsageError: polars is not installed.
        """
        return polars_frame(self._rows())

    def _rows(self) -> list[dict[str, Any]]:
        return [asdict(one) for one in self.coefficients]


def agreement(
    first: Given,
    second: Given,
    *,
    task: Named = None,
    reports: Paths | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Agreement:
    """Compare the labels of two annotators.

    Args:
        first: a label file, a folder of them, or labels.
        second: the other's, of the same reports.
        task: what they are labels of, as for `evaluate`.
        reports: the reports' texts, as for `evaluate`.
        resamples: draws of the bootstrap; 0 for no intervals.
        seed: of the draws.

    Returns:
        Scores both ways, and a coefficient for the type and each field.

    Raises:
        UnreadableInput: a file is not there.
        InputError: as for `evaluate`; both sides are checked as gold.
        UsageError: scipy is not installed.
    """
    (first, second), found = opened((first, second), task)
    a, b = open_gold(first, "first", found), open_gold(second, "second", found)
    texts = read_texts(a, [b], reports)
    return Agreement(score_sides(b, a, texts, resamples, seed), score_sides(a, b, texts, resamples, seed))


def _coefficient(field: ScoredField, matches: Sequence[Match]) -> Coefficient:
    both = [(match.gold, match.predicted) for match in matches if match.gold and match.predicted]
    pairs = [pair for pair in both if any(value_of(field, one) is not None for one in pair)]
    share = sum(agrees(field, a, b) for a, b in pairs) / len(pairs) if pairs else None
    values = [(value_of(field, a), value_of(field, b)) for a, b in pairs]
    return Coefficient(field.name, len(pairs), share, None if field.alike else krippendorff_alpha(values))


def krippendorff_alpha(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Krippendorff's alpha of two observers on nominal data, without missing values.

    1 - D_o / D_e from the coincidence matrix: Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011, sections A
    and B. The packages that offer it are under the GPL, or bring much else.

    Args:
        pairs: what the two said of each thing.

    Returns:
        Alpha, or None where fewer than two values occur: then there is nothing to tell apart.
    """
    totals = Counter(value for pair in pairs for value in pair)
    size = sum(totals.values())
    expected = size * size - sum(count * count for count in totals.values())
    observed = 2 * sum(a != b for a, b in pairs)
    return 1 - (size - 1) * observed / expected if expected else None
