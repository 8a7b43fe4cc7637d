"""The texts of labelled reports, and whether labels and records stand in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from llmx.documents import Document, Paths, read, read_reports
from llmx.documents.inputs import SUFFIXES
from llmx.errors import InputError
from llmx.evaluation.labels import Label, Span
from llmx.evaluation.sides import Placed, Side, listed


def find_texts(gold: Side, predicted: Side, reports: Paths | None = None) -> dict[str, Document]:
    """The texts of the labelled reports, by report, as far as they can be found.

    A text is looked for among the reports given; in Results; beside the label file, as NAME.txt or NAME.md for the
    report NAME; in the folder `reports` beside the label file's folder; and where run.json says that it was read.

    Raises:
        InputError: reports are given, and one cannot be read or a labelled report is not among them.
    """
    given = read_reports(reports) if reports is not None else {}
    missing = [report for report in gold.labels if report not in given]
    if reports is not None and missing:
        raise InputError(
            f"{gold.name}: labels of the report {missing[0]!r}, but the reports given are {listed(given)}; "
            "give its text too, under the name that the labels give it"
        )
    found = {**predicted.documents, **gold.documents, **given}
    for report in gold.labels:
        path = (
            None if report in found else next((one for one in _places(report, gold, predicted) if one.is_file()), None)
        )
        if path:
            found[report] = read(path, id=report)
    return {report: found[report] for report in gold.labels if report in found}


def _places(report: str, gold: Side, predicted: Side) -> Iterator[Path]:
    """Where the text of a report may be, likeliest first."""
    for folder in dict.fromkeys(file.parent for file in gold.files):
        for suffix in SUFFIXES:
            yield folder / f"{report}{suffix}"
            yield folder.parent / "reports" / f"{report}{suffix}"
    for side in (gold, predicted):
        if report in side.sources:
            yield side.sources[report]


def check_places(side: Side, texts: dict[str, Document]) -> None:
    """Make sure that every quote and figure stands in the text where it is said to.

    Raises:
        InputError: one does not; the message names its file and line, what stands there, and how many more are off.
    """
    for report, document in texts.items():
        faults = [
            f"{one.place}: {fault}"
            for one in side.labels.get(report, ())
            for fault in _faults(one.label, document.text)
        ]
        if faults:
            more = f", and {len(faults) - 1} more like it" if len(faults) > 1 else ""
            raise InputError(
                f"{faults[0]}{more}; these are of another text than {document.source or document.id}: give the text "
                "that they were made from, or have them placed anew by `llmx labels import`"
            )


def _faults(label: Label, text: str) -> Iterator[str]:
    for name, words, span in label.verbatim:
        if text[span.start : span.end] != words:
            yield _fault(name, words, span, text)


def _fault(name: str, words: str, span: Span, text: str) -> str:
    if span.end > len(text):
        return f"the {name} {words!r} ends at {span.end}, past the end of the text ({len(text)} characters)"
    return f"at {span.start} stands {text[span.start : span.end]!r}, not the {name} {words!r}"


def check_gold(gold: Side) -> None:
    """Make sure that labels can be scored against: there are some, each has a place, and no two are of one thing.

    Raises:
        InputError: they cannot; the message names files and lines.
    """
    if not gold.labels:
        raise InputError(f"{gold.name}: no labels in it; give a label file, or a folder of them")
    for report, labels in gold.labels.items():
        if not labels and report not in gold.stretches:
            raise InputError(
                f"{gold.name}: no labels of the report {report!r}; if it holds no record, write a line that says what "
                f'was looked at: {{"report": "{report}", "labelled": [[0, LENGTH]]}}'
            )
        _check_once(labels)
        for one in labels:
            _check_place(one, gold.stretches.get(report))


def _check_place(one: Placed, stretches: tuple[Span, ...] | None) -> None:
    anchor = one.label.anchor
    if anchor is None:
        raise InputError(f"{one.place}: the quote {one.label.quote!r} has no start and end; give its offsets")
    if not within(one.label, stretches):
        shown = ", ".join(f"{start}–{end}" for start, end in stretches or ())
        raise InputError(
            f"{one.place}: stands at {anchor.start}, outside what is said to be labelled ({shown or 'nothing'}); "
            "extend `labelled`, or remove the label"
        )


def _check_once(labels: Iterable[Placed]) -> None:
    """One figure is one record, and what has no figure is labelled once."""
    seen: dict[object, Placed] = {}
    for one in labels:
        label = one.label
        key = label.figure_span or (label.quote_span, label.type, label.naming)
        first = seen.setdefault(key, one)
        if first is one:
            continue
        what = (
            f"the {label.figure_column} {label.figure!r}"
            if label.figure_span
            else f"the {label.type} {label.naming or label.quote!r}"
        )
        same = "again, as" if replace(label, id=None) == replace(first.label, id=None) else "otherwise than"
        raise InputError(f"{one.place}: labels {what} {same} in {first.place}; keep one of the two")


def within(label: Label, stretches: tuple[Span, ...] | None) -> bool:
    """Whether the middle of a label's figure, or of its quote, lies in what was labelled; None is the whole report.

    What has no place lies in no stretch.
    """
    if stretches is None:
        return True
    return label.anchor is not None and any(one.start <= label.anchor.middle < one.end for one in stretches)
