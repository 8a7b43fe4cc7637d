"""How right the records are: predicted records against hand labels."""

from llmx.evaluation.alignment import Alignment, Match, align
from llmx.evaluation.annotators import Agreement, Coefficient, agreement, krippendorff_alpha
from llmx.evaluation.comparison import Comparison, Difference, Disagreement, compare
from llmx.evaluation.fields import likeness
from llmx.evaluation.files import check_name, write_json
from llmx.evaluation.floors import Floors, read_floors, under_floors, update_floors
from llmx.evaluation.labels import Label, Span, Stretches, read_labels, read_lines
from llmx.evaluation.measures import Measure, Score
from llmx.evaluation.page import write_page
from llmx.evaluation.scores import TABLES, Scores
from llmx.evaluation.scoring import evaluate
from llmx.evaluation.tally import Row

__all__ = [
    "TABLES",
    "Agreement",
    "Alignment",
    "Coefficient",
    "Comparison",
    "Difference",
    "Disagreement",
    "Floors",
    "Label",
    "Match",
    "Measure",
    "Row",
    "Score",
    "Scores",
    "Span",
    "Stretches",
    "agreement",
    "align",
    "check_name",
    "compare",
    "evaluate",
    "krippendorff_alpha",
    "likeness",
    "read_floors",
    "read_labels",
    "read_lines",
    "under_floors",
    "update_floors",
    "write_json",
    "write_page",
]
