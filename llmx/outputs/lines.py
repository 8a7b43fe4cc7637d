"""Records as lines of JSON: to text, to an open stream, and back."""

from __future__ import annotations

import json
import reprlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from pydantic import BaseModel, ValidationError
from pydantic_core import PydanticSerializationError

from llmx.errors import InputError, UnreadableInput
from llmx.outputs.failure import Failure
from llmx.outputs.files import writing
from llmx.outputs.manifest import InputSummary, Manifest
from llmx.records import Record
from llmx.task import Task, open_task, values_of
from llmx.task.fields import compound


def record_json(record: Record) -> str:
    """A record as one line of JSON, in the order of the data contract, without the fields that do not apply.

    Chinese stands as it is, not as escapes; the line has no line end. 2 µs a record, a tenth of what json.dumps takes.
    """
    if not compound(type(record)):
        return record.model_dump_json(exclude_none=True)
    return json.dumps(
        {name: value for name, value in values_of(record).items() if value is not None},
        ensure_ascii=False,
        separators=(",", ":"),
    )


def lines_of(records: Iterable[Record]) -> tuple[bytes, ...]:
    """Records as the lines of a records.jsonl."""
    return tuple(f"{record_json(record)}\n".encode() for record in records)


def any_json(model: BaseModel, indent: int | None = None, leave_out: set[str] | None = None) -> str:
    """A failure or manifest as JSON, with nulls.

    It may name a file whose name is no UTF-8 (GBK, unpacked from an old archive), which Python holds as lone
    surrogates. pydantic refuses them; here they become `\\udcXX`, which JSON readers turn back into the same name.
    """
    try:
        return model.model_dump_json(indent=indent, exclude=leave_out)
    except PydanticSerializationError:
        text = json.dumps(model.model_dump(exclude=leave_out), ensure_ascii=False, indent=indent, default=str)
        return text.encode("utf-8", "backslashreplace").decode()


def read_records(path: Path, task: Task | None = None) -> Iterator[Record]:
    """Read a records.jsonl back, one record at a time.

    Args:
        path: the file.
        task: what its records are of; the government task unless given.

    Raises:
        UnreadableInput: the file is not there or may not be read.
        InputError: a line is no record; the message names file, line and fault.
    """
    try:
        task, file = open_task(task), open(path, "rb")  # noqa: SIM115 (closed by the with below)
    except OSError as error:
        raise UnreadableInput(f"{path}: cannot be read: {error.strerror}; give a run's records.jsonl") from error
    with file:
        for number, line in enumerate(file, 1):
            yield record_of(line, path, f"line {number}", task)


def record_of(line: bytes, path: Path, where: str, task: Task) -> Record:
    """The record that a line is.

    Raises:
        InputError: it is none; the message names file, place and fault.
    """
    try:
        return task.record_of_json(line)
    except ValueError as error:
        raise InputError(
            f"{path}, {where}: no record: {fault(error)}; correct the line or run the extraction again"
        ) from error


def fault(error: ValueError) -> str:
    """What is wrong with a line: the first field at fault, or what is no JSON in it."""
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where + ': ' * bool(where)}{first['msg']}; got {reprlib.repr(first['input'])}"


class Lines:
    """Takes records as a RunFolder does and writes each to a stream at once; failures and reports are kept for the caller.

    Args:
        stream: an open text stream; it is not closed.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.failures: list[Failure] = []
        self.reports: list[InputSummary] = []

    def take(self, report: str, lines: Sequence[bytes]) -> None:  # noqa: ARG002 (as a RunFolder does)
        """Write the records of one report, as `lines_of` makes them.

        Raises:
            OutputError: the stream takes no more.
        """
        with writing("the output stream"):
            self.stream.write(b"".join(lines).decode())
            self.stream.flush()

    def add_failure(self, failure: Failure) -> None:
        """Keep a failure."""
        self.failures.append(failure)

    def report(self, summary: InputSummary) -> None:
        """Keep what is known of a report."""
        self.reports.append(summary)

    def keep(self, report: str) -> None:
        """Nothing is kept: a stream holds no earlier run."""

    def finish(self, manifest: Manifest) -> list[Path]:
        """Nothing is left to write."""
        manifest.inputs = self.reports
        return []
