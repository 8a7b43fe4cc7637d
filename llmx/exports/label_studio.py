"""Tasks of Label Studio with a run's records as predictions; the room of labels writes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Any

from llmx.errors import UsageError
from llmx.exports.texts import ReportTexts
from llmx.records import Record


def check_label_studio() -> None:
    """Make sure that the room of labels is there.

    Raises:
        UsageError: this version has none.
    """
    if find_spec("llmx.labels") is None:
        raise UsageError("this version of llmx writes no tasks for Label Studio; export .jsonl, or install a newer one")


def write_label_studio(records: Iterable[Record], texts: ReportTexts, path: Path) -> None:
    """Write the tasks, and beside them the labelling configuration.

    Args:
        records: those to show as predictions, report by report; one without a place in its text is left out.
        texts: the reports' texts; a report without is left out and noted there.
        path: the file to write.

    Raises:
        OutputError: it cannot be written.
    """
    import_module("llmx.labels.label_studio").write_label_studio(_labelled(records, texts), path)


def _labelled(records: Iterable[Record], texts: ReportTexts) -> Iterator[Any]:
    labelled, label = import_module("llmx.labels.passages").Labelled, import_module("llmx.labels.label").Label
    for report, own in groupby(records, key=lambda record: record.report):
        placed = [record for record in own if record.start is not None]
        document = texts.of(report)[1]
        if document and placed:
            yield labelled(document, tuple(map(label.of, placed)), placed[0].model)
