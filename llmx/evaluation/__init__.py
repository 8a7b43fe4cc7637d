"""How right the records are: predicted records against hand labels."""

from llmx.evaluation.alignment import OUTCOMES, Match, Outcome, align
from llmx.evaluation.fields import FIELDS
from llmx.evaluation.labels import Label, Span, Stretches, read_labels, read_lines
from llmx.evaluation.scores import MEASURES, Alignment, Measure, Score, Scores, score

__all__ = [
    "FIELDS",
    "MEASURES",
    "OUTCOMES",
    "Alignment",
    "Label",
    "Match",
    "Measure",
    "Outcome",
    "Score",
    "Scores",
    "Span",
    "Stretches",
    "align",
    "read_labels",
    "read_lines",
    "score",
]
