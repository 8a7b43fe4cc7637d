"""Turns Chinese government reports into typed records, each with its verbatim quote and place in the text.

import llmx

result = llmx.extract("reports/qianjiang-2025.txt")
for target in result.targets:
    print(target.indicator, target.value, target.unit, target.quote)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from llmx.analysis import Analysis, analyse
    from llmx.calls import Call
    from llmx.documents import Document, Known, read, read_text
    from llmx.errors import InputError, LlmxError, ModelError, OutputError, UsageError
    from llmx.evaluation import Scores, agreement, compare, evaluate
    from llmx.exports import export
    from llmx.extractor import Extractor, aextract, extract, extract_many
    from llmx.facts import ReportFacts
    from llmx.figures import Figure, find_figures
    from llmx.labels import check_labels, export_labels, import_labels
    from llmx.models import Model, ModelOptions
    from llmx.reading import Reading
    from llmx.records import Achievement, Problem, Project, Record, Target
    from llmx.results import Result
    from llmx.runs import run
    from llmx.saved import SavedRun, Selection, open_run
    from llmx.sections import Chunk, Section
    from llmx.views import view

__version__ = "0.1.0"

# Loaded when first asked for: `llmx --help` needs none of them, and pydantic's models take a tenth of a second.
_HOMES = {
    "analysis": "Analysis analyse",
    "calls": "Call",
    "documents": "Document Known read read_text",
    "errors": "InputError LlmxError ModelError OutputError UsageError",
    "evaluation": "Scores agreement compare evaluate",
    "exports": "export",
    "extractor": "Extractor aextract extract extract_many",
    "facts": "ReportFacts",
    "figures": "Figure find_figures",
    "labels": "check_labels export_labels import_labels",
    "models": "Model ModelOptions",
    "reading": "Reading",
    "records": "Achievement Problem Project Record Target",
    "results": "Result",
    "runs": "run",
    "saved": "SavedRun Selection open_run",
    "sections": "Chunk Section",
    "views": "view",
}
_HOME = {name: home for home, names in _HOMES.items() for name in names.split()}

__all__ = [
    "Achievement",
    "Analysis",
    "Call",
    "Chunk",
    "Document",
    "Extractor",
    "Figure",
    "InputError",
    "Known",
    "LlmxError",
    "Model",
    "ModelError",
    "ModelOptions",
    "OutputError",
    "Problem",
    "Project",
    "Reading",
    "Record",
    "ReportFacts",
    "Result",
    "SavedRun",
    "Scores",
    "Section",
    "Selection",
    "Target",
    "UsageError",
    "aextract",
    "agreement",
    "analyse",
    "check_labels",
    "compare",
    "evaluate",
    "export",
    "export_labels",
    "extract",
    "extract_many",
    "find_figures",
    "import_labels",
    "open_run",
    "read",
    "read_text",
    "run",
    "view",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'llmx' has no attribute {name!r}")
    return getattr(import_module(f"llmx.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
