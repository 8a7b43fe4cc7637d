"""What a run notes of one report beside its records."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from llmx.documents import Document
from llmx.outputs import InputSummary, record_json
from llmx.results import Result
from llmx.sections import narrow, packed
from llmx.task import Task


def summary_of(document: Document, result: Result, settings: dict[str, Any], task: Task) -> InputSummary:
    """A report's line in reports.jsonl.

    Args:
        document: the report.
        result: what was found in it.
        settings: what it was read with, as far as records depend on it.
        task: what was looked for.
    """
    counts: Counter[str] = Counter(record.type for record in result.records)
    unexplained = sum(one.reason is None for one in result.unclaimed)
    return InputSummary(
        report=document.id,
        source=document.source,
        sha256=document.sha256,
        encoding=document.encoding,
        characters=len(document.text),
        records={type: counts[type] for type in task.types},
        figures_claimed=sum(len(task.held(record)) for record in result.records),
        figures_unclaimed=unexplained,
        figures_explained=len(result.unclaimed) - unexplained,
        unclaimed=[(one.figure.start, one.figure.end, one.reason) for one in result.unclaimed],
        turned_away=[claim.name for claim in result.turned_away],
        missing=[json.loads(record_json(record)) for record in result.missing],
        failures=len(result.failures),
        row=dict(document.row),
        facts=result.facts.model_dump(mode="json") if result.facts else {},
        outline=packed(result.sections),
        narrow=[
            f"{one.start}–{one.end} {one.heading or document.text[one.start : one.end].strip()[:20]}"
            for one in narrow(result.sections)
        ],
        settings=settings,
    )
