"""Hand labels: one JSON object a line, with the field names of the records."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from llmx.errors import InputError
from llmx.records import Domain, Kind, Measure, Number, Record, RecordType, Stage, Status


class Label(BaseModel):
    """What scoring looks at, of a hand label or of a predicted record."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    report: str
    type: RecordType
    quote: str
    start: int
    end: int
    kind: Kind | None = None
    indicator: str | None = None
    figure_start: int | None = None
    figure_end: int | None = None
    value: Number | None = None
    measure: Measure | None = None
    name: str | None = None
    stage: Stage | None = None
    status: Status | None = None
    domain: Domain | None = None
    year: int | None = None

    @classmethod
    def of(cls, record: Record) -> Label:
        """A predicted record as a label; the record must have a place."""
        return cls.model_validate(record.model_dump())


def read_labels(path: Path) -> list[Label]:
    """Read a label file.

    Raises:
        InputError: a line is no label; the message names file, line and fault.
    """
    labels = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            labels.append(Label.model_validate(json.loads(line)))
        except (ValueError, ValidationError) as error:
            raise InputError(f"{path}, line {number}: no label: {error}; correct the line or remove it") from error
    return labels
