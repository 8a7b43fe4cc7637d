"""The error report: one self-contained HTML page with the text, gold and predicted records, and where they differ."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from llmx.documents import Document
from llmx.records import RECORD_TYPES

_PLACEHOLDER = re.compile(r"\{\{(title|data)\}\}")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the page: a gold record, a predicted one, or the two that were aligned."""

    report: str
    """The report's id."""
    type: str
    """The record type, of the gold record where there is one."""
    error: str
    """`agreed`, `missed`, `spurious`, or in what an aligned pair differs: wrong value, …"""
    gold: Mapping[str, Any] | None
    """Its fields; offsets count code points of the report's text."""
    predicted: Mapping[str, Any] | None


def page(title: str, documents: Iterable[Document], rows: Sequence[Row], scores: Sequence[Sequence[str]]) -> str:
    """The page as HTML; it loads nothing and runs from a file.

    Args:
        title: what stands above it.
        documents: the reports, in the order of the page's list.
        rows: what was aligned, missed and spurious.
        scores: a table, its first row the headings.
    """
    listed = list(documents)
    places = {document.id: number for number, document in enumerate(listed)}
    data = {
        "reports": [{"id": document.id, "text": document.text} for document in listed],
        "rows": [_line(row, places[row.report]) for row in rows],
        "classes": sorted({row.error for row in rows}, key=_class_order),
        "types": sorted({row.type for row in rows}, key=list(RECORD_TYPES).index),
        "scores": [list(line) for line in scores],
    }
    filled = {"title": html.escape(title), "data": _script_json(data)}
    template = resources.files("llmx.evaluation").joinpath("page.html").read_text("utf-8")
    return _PLACEHOLDER.sub(lambda found: filled[found[1]], template)


def _class_order(name: str) -> tuple[int, str]:
    """Missed and spurious first, what differs next, agreed last."""
    return {"missed": 0, "spurious": 1, "agreed": 3}.get(name, 2), name


def _line(row: Row, report: int) -> dict[str, Any]:
    return {"report": report, "type": row.type, "class": row.error, "gold": row.gold, "predicted": row.predicted}


def _script_json(data: Any) -> str:
    """JSON that can stand in a script element: there `<` alone could end it, or open a comment."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
