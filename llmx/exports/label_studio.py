"""Tasks of Label Studio with a run's records as predictions; the room of labels writes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from llmx.exports.texts import ReportTexts
from llmx.labels.label import Label
from llmx.labels.label_studio import write_label_studio as write
from llmx.labels.passages import Labelled
from llmx.records import Record
from llmx.task import Task


def write_label_studio(records: Iterable[Record], texts: ReportTexts, path: Path, task: Task) -> None:
    """Write the tasks, and beside them the labelling configuration.

    Args:
        records: those to show as predictions, report by report; one without a place in its text is left out.
        texts: the reports' texts; a report without is left out and noted there.
        path: the file to write.
        task: what the records are of.

    Raises:
        OutputError: it cannot be written.
    """
    write(_labelled(records, texts, task), path, task)


def _labelled(records: Iterable[Record], texts: ReportTexts, task: Task) -> Iterator[Labelled]:
    for report, own in groupby(records, key=lambda record: record.report):
        placed = [record for record in own if record.start is not None]
        document = texts.of(report)[1]
        if document and placed:
            labels = tuple(Label.of(record, task.labelling) for record in placed)
            yield Labelled(document, labels, placed[0].model, task=task)
