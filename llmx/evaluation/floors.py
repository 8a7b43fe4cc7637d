"""A gate: scores must not fall under pinned floors.

A file of floors holds an F1 score a measure and the digest of the labels that they were measured on: floors mean
nothing for other labels.

    {"digest": "4936…", "f1": {"projects": 0.827}}
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from llmx.errors import InputError, UnreadableInput, UsageError
from llmx.evaluation.scores import Scores
from llmx.evaluation.sides import Named, listed
from llmx.outputs.files import whole
from llmx.outputs.lines import fault
from llmx.task import open_task

SLACK = 0.005
"""How far under the measured score a floor is set, so that a change of a record or two does not stop work."""


class Floors(BaseModel):
    """What a file of floors holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: str
    f1: dict[str, float]


def read_floors(path: Path, task: Named = None) -> Floors:
    """Read a file of floors.

    Args:
        path: the file.
        task: whose measures they are of; the government task's unless given.

    Raises:
        UnreadableInput: there is none.
        InputError: it is broken, or names a measure that there is not.
    """
    try:
        floors = Floors.model_validate_json(path.read_bytes())
    except OSError as error:
        raise UnreadableInput(f"{path}: cannot be read: {error.strerror}; make it with --update-floors") from error
    except ValidationError as error:
        raise InputError(f"{path}: no floors: {fault(error)}; correct it, or remove it and --update-floors") from error
    measures = open_task(task).scoring.measures
    unknown = [name for name in floors.f1 if name not in measures]
    if unknown:
        raise InputError(f"{path}: no measure named {unknown[0]!r}; there are {', '.join(measures)}")
    return floors


def under_floors(scores: Scores, path: Path) -> list[str]:
    """What fell under its floor, in words; nothing if all is well.

    Raises:
        InputError: the floors are broken, or were set for other labels.
    """
    floors = read_floors(path, scores.task)
    if floors.digest != scores.digest:
        raise InputError(
            f"{path}: these floors were set for other labels than those given; give the labels they were set for, or "
            "set them anew with --update-floors"
        )
    fallen = [f"{listed(scores.unscored)} labelled, but not among the predicted reports"] if scores.unscored else []
    for name, floor in floors.f1.items():
        f1 = scores.score(name).f1
        if _under(f1, floor):
            fallen.append(f"{name}: F1 {_shown(f1)} is under its floor of {floor}{_by_report(scores, name)}")
    return fallen


def _under(f1: float | None, floor: float) -> bool:
    return f1 is None or f1 < floor


def _floor(f1: float) -> float:
    return max(round(f1 - SLACK, 3), 0)


def _by_report(scores: Scores, measure: str) -> str:
    """The reports' own scores, where there are several."""
    rows = [row for row in scores.reports if row.measure == measure and row.name != "macro"]
    return " (" + ", ".join(f"{row.name} {_shown(row.f1)}" for row in rows) + ")" if len(rows) > 1 else ""


def _shown(f1: float | None) -> str:
    return "–" if f1 is None else f"{f1:.3f}"


def update_floors(scores: Scores, path: Path, lower: bool = False) -> Floors:
    """Set the floors that the scores allow: each a little under its score (SLACK), and none lower than it is.

    Args:
        scores: what was measured.
        path: the file of floors; it is made if it is not there.
        lower: whether floors may be lowered; then all are set anew.

    Returns:
        What was written.

    Raises:
        UsageError: a floor would be lowered, or a labelled report was not scored, and nothing was written.
        OutputError: the file cannot be written.
    """
    if scores.unscored:
        raise UsageError(f"{path}: {listed(scores.unscored)} labelled, but not predicted; floors need all reports")
    old = read_floors(path, scores.task).f1 if path.exists() else {}
    measured = {name: scores.score(name).f1 for name in scores.task.scoring.measures}
    fallen = [
        f"{name}: {_shown(measured[name])} < {floor}" for name, floor in old.items() if _under(measured[name], floor)
    ]
    if fallen and not lower:
        raise UsageError(f"{path}: these floors would be lowered, which takes --lower-floors: {', '.join(fallen)}")
    kept = {} if lower else old
    new = {name: max(_floor(f1), kept.get(name, 0)) for name, f1 in measured.items() if f1 is not None}
    floors = Floors(digest=scores.digest, f1=new)
    with whole(path) as partial:
        partial.write_text(floors.model_dump_json(indent=2) + "\n", encoding="utf-8", newline="\n")
    return floors
