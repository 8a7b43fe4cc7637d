"""The error report: one self-contained HTML page with the text, gold and predicted records, and where they differ."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Any

from llmx.evaluation.alignment import Alignment, Match
from llmx.evaluation.labels import Label
from llmx.evaluation.scores import Scores
from llmx.evaluation.tally import Row
from llmx.figures import script_of
from llmx.outputs.files import make_folder, whole
from llmx.task import Scoring

_PLACEHOLDER = re.compile(r"\{\{(title|data)\}\}")


def write_page(scores: Scores, path: Path, title: str = "Predicted and gold records") -> Path:
    """Write the page.

    Args:
        scores: what was scored.
        path: the file.
        title: what stands above the page.

    Raises:
        OutputError: it cannot be written.
    """
    make_folder(path.parent)
    with whole(path) as partial:
        partial.write_text(page(scores, title), encoding="utf-8", newline="\n")
    return path


def page(scores: Scores, title: str = "Predicted and gold records") -> str:
    """The page as HTML; it loads nothing and runs from a file.

    Args:
        scores: what was scored; a report whose text was not found shows its rows alone.
        title: what stands above the page.
    """
    matches, scoring = scores.matches, scores.task.scoring
    outcomes, types = {match.outcome for match in matches}, {match.label.type for match in matches}
    data = {
        "reports": [_report(alignment) for alignment in scores.alignments],
        "languages": ["zh-Hans" if script_of(one.text or "") == "han" else "" for one in scores.alignments],
        "rows": [_row(match, at) for at, one in enumerate(scores.alignments) for match in one.matches],
        "classes": [outcome for outcome in _order(scoring.outcomes) if outcome in outcomes],
        "types": [type for type in scores.task.types if type in types],
        "columns": _columns(scoring),
        "scores": _tables(scores),
    }
    filled = {"title": html.escape(title), "data": _script_json(data)}
    template = resources.files("llmx.evaluation").joinpath("page.html").read_text("utf-8")
    return _PLACEHOLDER.sub(lambda found: filled[found[1]], template)


def _order(outcomes: Iterable[str]) -> list[str]:
    """How the filters stand: what is most wrong first."""
    return ["missed", "spurious", *(one for one in outcomes if one.startswith("wrong")), "agreed"]


def _columns(scoring: Scoring) -> dict[str, Any]:
    """Which columns are figures, name a record, are read off its figure, and belong to which field; and which are shown."""
    offsets = {f"{name}_{end}" for name in scoring.columns for end in ("start", "end")}
    return {
        "figures": scoring.figures,
        "naming": scoring.naming,
        "values": [name for one in scoring.fields if one.error == "value" for name in (one.name, *one.also)],
        "fields": {name: one.name for one in scoring.fields for name in (one.name, *one.also)},
        "shown": [name for name in scoring.columns if name not in offsets and name not in _OWN],
        "usual": sorted(scoring.usual),
    }


_OWN = ("report", "type", "quote", "start", "end")


def _report(alignment: Alignment) -> dict[str, Any]:
    return {"id": alignment.report, "text": alignment.text or "", "stretches": alignment.stretches}


def _row(match: Match, report: int) -> dict[str, Any]:
    return {
        "report": report,
        "type": match.label.type,
        "class": match.outcome,
        "gold": _record(match.gold),
        "predicted": _record(match.predicted),
        "differ": match.differences,
    }


def _record(label: Label | None) -> dict[str, Any] | None:
    if label is None:
        return None
    return {name: value for name, value in label.values.items() if name != "report"}


def _tables(scores: Scores) -> list[list[list[str]]]:
    """The scores of all reports pooled, of types and of fields, the headings of each first."""
    return [
        _table("all reports", ((row.measure, row) for row in scores.measures)),
        _table("by type", ((f"{row.name}, {row.measure}", row) for row in scores.types)),
        _table("by field, of aligned records", ((row.name, row) for row in scores.fields), ("none", "wrong")),
    ]


def _table(title: str, rows: Iterable[tuple[str, Row]], apart: tuple[str, ...] = ()) -> list[list[str]]:
    heading = [title, "precision", "recall", "F1", "95 % of F1", *apart, "labels"]
    return [heading, *([name, *_cells(row, (*apart, "gold"))] for name, row in rows)]


def _cells(row: Row, counts: tuple[str, ...]) -> list[str]:
    """Ratios to three places, a dash where there is none; a mean is of no number of labels."""
    shares = ["–" if share is None else f"{share:.3f}" for share in (row.precision, row.recall, row.f1)]
    between = "–".join(f"{end:.3f}" for end in row.f1_interval or ()) or "–"
    return [*shares, between, *(f"{getattr(row.score, one):,}" if row.score else "" for one in counts)]


def _script_json(data: Any) -> str:
    """JSON that can stand in a script element: there `<` alone could end it, or open a comment."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
