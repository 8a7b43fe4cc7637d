"""Predicted records against hand labels: from two sides to scores."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from llmx.analysis import analyse
from llmx.documents import Document, Paths
from llmx.errors import InputError
from llmx.evaluation.alignment import Alignment, align
from llmx.evaluation.bootstrap import RESAMPLES
from llmx.evaluation.labels import Label
from llmx.evaluation.scores import Scores
from llmx.evaluation.sides import Given, Named, Side, listed, open_side, opened
from llmx.evaluation.texts import check_gold, check_places, find_texts, within
from llmx.sections import Section, unpacked
from llmx.task import Scoring, Task


def evaluate(
    predicted: Given,
    gold: Given,
    *,
    task: Named = None,
    reports: Paths | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Scores:
    """Score predicted records against hand labels.

    A labelled report that the prediction read and found nothing in, or failed on, is all missed; one that it never read
    is not scored and is named in `unscored`. Where labels cover a part of a report, only what lies there counts.

    Args:
        predicted: a run or its folder, a file of records, a folder of them, Results, or records.
        gold: a label file, a folder of them, or labels. A run's folder will do, to measure one run by another.
        task: what they are records of, where neither a run nor a Result tells; the government task unless given.
        reports: the labelled reports' texts: files, folders, globs or documents. Without them they are looked for
            beside the labels and where run.json says; a report without a text is scored, but not by section, and
            without intervals.
        resamples: draws of the bootstrap; 0 for no intervals.
        seed: of the draws.

    Returns:
        The scores, with tables as dataframes.

    Raises:
        UnreadableInput: a file is not there.
        InputError: a line is no label of the task, labels contradict each other or do not stand in their report, the two sides
            have no report in common, or there are no labels; the message names file and line.
        UsageError: scipy is not installed, or there is no such task.
    """
    (predicted, gold), found = opened((predicted, gold), task)
    theirs, ours = open_gold(gold, task=found), open_side(predicted, "predicted", found)
    return score_sides(ours, theirs, read_texts(theirs, [ours], reports), resamples, seed)


def open_gold(gold: Given, name: str = "gold", task: Task | None = None) -> Side:
    """Labels, checked.

    Args:
        gold: as for `evaluate`.
        name: what messages call them if they have no path.
        task: what they are labels of; else as for `open_side`.

    Raises:
        InputError: they cannot be scored against.
    """
    side = open_side(gold, name, task)
    if side.run:  # of a report in which it found nothing, or on which it failed, a run says nothing to measure by
        side.labels = {report: labels for report, labels in side.labels.items() if labels}
    check_gold(side)
    return side


def read_texts(gold: Side, predicted: Sequence[Side], reports: Paths | None) -> dict[str, Document]:
    """The labelled reports' texts, as far as they are found, with every label and record checked against them.

    Raises:
        InputError: one does not stand in its text.
    """
    texts: dict[str, Document] = {}
    for side in predicted:
        texts |= {id: text for id, text in find_texts(gold, side, reports).items() if id not in texts}
    for side in (gold, *predicted):
        check_places(side, texts)
    return texts


def score_sides(
    predicted: Side, gold: Side, texts: dict[str, Document], resamples: int = RESAMPLES, seed: int = 0
) -> Scores:
    """Score two sides that are read and checked.

    Raises:
        InputError: they have no report in common.
    """
    seen = [report for report in gold.labels if predicted.saw(report)]
    if not seen:
        raise InputError(
            f"{gold.name}: labels of {listed(gold.labels)}, but {predicted.name} is of {listed(predicted.labels)}; "
            "give the records and the labels of one report, under one name"
        )
    return Scores(
        alignments=tuple(_alignment(report, predicted, gold, texts.get(report)) for report in seen),
        unscored=tuple(report for report in gold.labels if report not in seen),
        unlabelled=tuple(report for report in predicted.labels if report not in gold.labels),
        digest=digest(gold),
        resamples=resamples,
        seed=seed,
        task=gold.task,
    )


def _alignment(report: str, predicted: Side, gold: Side, document: Document | None) -> Alignment:
    stretches = gold.stretches.get(report)
    scoring = gold.task.scoring
    ours = [one for one in _resolved(predicted, report, scoring) if within(one, stretches)]
    theirs = _resolved(gold, report, scoring)
    return Alignment(
        report=report,
        matches=tuple(align(ours, theirs, scoring)),
        stretches=stretches,
        text=document.text if document else None,
        sections=_sections(predicted, document) if document else (),
    )


def _resolved(side: Side, report: str, scoring: Scoring) -> list[Label]:
    """A report's labels, with what they refer to by its words and place: ids are each side's own."""
    labels = [one.label for one in side.labels.get(report, ())]
    if not any(name in label.values for label in labels for name in scoring.references):
        return labels
    named = {one.id: f"{one.figure or one.quote} @ {one.anchor and one.anchor.start}" for one in labels if one.id}
    return [replace(label, values=_with_names(label.values, scoring.references, named)) for label in labels]


def _with_names(values: Mapping[str, Any], references: Sequence[str], named: Mapping[str, str]) -> dict[str, Any]:
    return {**values, **{name: named.get(values[name], values[name]) for name in references if name in values}}


def _sections(predicted: Side, document: Document) -> tuple[Section, ...]:
    """As the run saw them that made the records, else as one would."""
    seen = unpacked(predicted.outlines.get(document.id, ()), len(document.text))
    return seen or analyse(document, predicted.task).outline


def digest(gold: Side) -> str:
    """SHA-256 of the labels and of what was labelled, in an order of its own."""
    lines = [
        json.dumps(one.label.values, ensure_ascii=False, separators=(",", ":"))
        for labels in gold.labels.values()
        for one in labels
    ]
    lines += [f"{report} {[tuple(one) for one in stretches]}" for report, stretches in gold.stretches.items()]
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()
