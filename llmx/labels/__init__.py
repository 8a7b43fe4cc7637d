"""Labels out to the tools that people annotate with, in again, and checked against the text."""

from llmx.labels.check import check_labels
from llmx.labels.exchange import FORMATS, Exported, Imported, export_labels, import_labels
from llmx.labels.label import Finding, Label, LeftOut

__all__ = [
    "FORMATS",
    "Exported",
    "Finding",
    "Imported",
    "Label",
    "LeftOut",
    "check_labels",
    "export_labels",
    "import_labels",
]
