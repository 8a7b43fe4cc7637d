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
    from llmx.claims import Claim, Reading, Rejected
    from llmx.documents import Document, Known, read, read_text
    from llmx.errors import InputError, LlmxError, ModelError, OutputError, TaskError, UsageError
    from llmx.evaluation import Scores, agreement, compare, evaluate
    from llmx.exports import export, query  # type: ignore[no-redef]
    from llmx.extractor import Extractor, aextract, aextract_many, extract, extract_many
    from llmx.facts import Facts
    from llmx.figures import Figure, find_figures
    from llmx.labels import check_labels, export_labels, import_labels
    from llmx.models import Model, ModelOptions
    from llmx.records import Group, Record
    from llmx.results import Result
    from llmx.rows import Extract
    from llmx.runs import arun, estimate, explain_cache, run
    from llmx.saved import SavedRun, Selection, open_run, save
    from llmx.sections import Chunk, Section
    from llmx.task import Chosen, Example, Figured, Quoted, Said, Task, Year, figured, open_task, scored
    from llmx.tasks.government import Achievement, Problem, Project, ReportFacts, Target, follow
    from llmx.tasks.government.panel import panel
    from llmx.trial import Trial, check_task
    from llmx.views import view  # type: ignore[no-redef]

__version__ = "0.3.0"

# Loaded when first asked for: `llmx --help` needs none of them, and pydantic's models take a tenth of a second.
_HOMES = {
    "analysis": "Analysis analyse",
    "calls": "Call",
    "claims": "Claim Reading Rejected",
    "documents": "Document Known read read_text",
    "errors": "InputError LlmxError ModelError OutputError TaskError UsageError",
    "evaluation": "Scores agreement compare evaluate",
    "exports": "export query",
    "extractor": "Extractor aextract aextract_many extract extract_many",
    "facts": "Facts",
    "figures": "Figure find_figures",
    "labels": "check_labels export_labels import_labels",
    "models": "Model ModelOptions",
    "records": "Group Record",
    "results": "Result",
    "rows": "Extract",
    "runs": "arun estimate explain_cache run",
    "saved": "SavedRun Selection open_run save",
    "sections": "Chunk Section",
    "task": "Chosen Example Figured Quoted Said Task Year figured open_task scored",
    "tasks.government": "Achievement Problem Project ReportFacts Target follow",
    "trial": "Trial check_task",
    "tasks.government.panel": "panel",
    "views": "view",
}
_HOME = {name: home for home, names in _HOMES.items() for name in names.split()}

__all__ = [
    "Achievement",
    "Analysis",
    "Call",
    "Chosen",
    "Chunk",
    "Claim",
    "Document",
    "Example",
    "Extract",
    "Extractor",
    "Facts",
    "Figure",
    "Figured",
    "Group",
    "InputError",
    "Known",
    "LlmxError",
    "Model",
    "ModelError",
    "ModelOptions",
    "OutputError",
    "Problem",
    "Project",
    "Quoted",
    "Reading",
    "Record",
    "Rejected",
    "ReportFacts",
    "Result",
    "Said",
    "SavedRun",
    "Scores",
    "Section",
    "Selection",
    "Target",
    "Task",
    "TaskError",
    "Trial",
    "UsageError",
    "Year",
    "aextract",
    "aextract_many",
    "agreement",
    "analyse",
    "arun",
    "check_labels",
    "check_task",
    "compare",
    "estimate",
    "evaluate",
    "explain_cache",
    "export",
    "export_labels",
    "extract",
    "extract_many",
    "figured",
    "find_figures",
    "follow",
    "import_labels",
    "open_run",
    "open_task",
    "panel",
    "query",
    "read",
    "read_text",
    "run",
    "save",
    "scored",
    "view",
]


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module 'llmx' has no attribute {name!r}")
    return getattr(import_module(f"llmx.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
