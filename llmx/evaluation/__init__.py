"""How right the records are: predicted records against hand labels."""

from llmx.evaluation.labels import Label, read_labels
from llmx.evaluation.scores import MEASURES, Score, score

__all__ = ["MEASURES", "Label", "Score", "read_labels", "score"]
