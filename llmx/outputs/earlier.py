"""What a run's folder holds of an earlier run, so that nothing of it is lost and nothing is asked twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Self

from pydantic import ValidationError

from llmx.errors import InputError, UnreadableInput
from llmx.outputs.failure import Failure
from llmx.outputs.lines import fault, record_of
from llmx.outputs.manifest import MANIFEST, InputSummary, Manifest, read_manifest
from llmx.records import Record
from llmx.task import Task, open_task

RECORDS, FAILURES = "records.jsonl", "failures.jsonl"
Span = tuple[int, int]

_REPORT = re.compile(rb'\{"id":"[^"\\\\]*","report":("(?:[^"\\\\]|\\\\.)*")')
"""How a line of records.jsonl begins as llmx writes it: 0.3 µs, where all of a line's JSON takes 5."""


@dataclass(frozen=True)
class Earlier:
    """Reports of an earlier run, where their records stand, and its failures."""

    folder: Path
    manifest: Manifest | None = None
    """What was done; None where the folder holds no run."""
    failures: tuple[Failure, ...] = ()
    task: Task | None = None
    """What its records are of, where it cannot be opened by name."""
    reports: dict[str, InputSummary] = field(init=False)
    """By id."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "reports", {one.report: one for one in self.manifest.inputs} if self.manifest else {})

    @classmethod
    def of(cls, folder: Path, task: Task | None = None) -> Self:
        """Read a folder.

        Raises:
            InputError: what it holds is no run that can be taken up; the message says what to do.
        """
        if not (folder / MANIFEST).exists() and not (folder / RECORDS).exists():
            return cls(folder)
        manifest = read_manifest(folder)
        if manifest.shards:
            raise InputError(
                f"{folder}: holds a run of {manifest.shards} shards; leave out --shards, or give another --out"
            )
        return cls(folder, manifest, tuple(read_failures(folder / FAILURES)), task)

    def failed(self, report: str) -> list[Failure]:
        """The failures of a report."""
        return self._failures.get(report, [])

    def records(self, report: str) -> list[Record]:
        """The records of a report.

        Raises:
            InputError: a line is no record.
        """
        found, task = [], self.task or open_task(self.manifest.task if self.manifest else None)
        with open(self.folder / RECORDS, "rb") as file:
            for start, end in self.spans.get(report, ()):
                file.seek(start)
                found += [
                    record_of(line, self.folder / RECORDS, report, task) for line in file.read(end - start).splitlines()
                ]
        return found

    @cached_property
    def _failures(self) -> dict[str, list[Failure]]:
        found: dict[str, list[Failure]] = {}
        for one in self.failures:
            if one.report is not None:
                found.setdefault(one.report, []).append(one)
        return found

    @cached_property
    def spans(self) -> dict[str, list[Span]]:
        """Where the records of each report stand in records.jsonl, in bytes.

        Their sizes say so, unless someone has changed the file since.
        """
        path, at = self.folder / RECORDS, 0
        found: dict[str, list[Span]] = {}
        for id, one in self.reports.items():
            found[id] = [(at, at + one.size)] if one.size else []
            at += one.size
        if path.is_file() and path.stat().st_size != at:
            return _looked_up(path)
        return found


def _looked_up(path: Path) -> dict[str, list[Span]]:
    """Where each report's lines stand, by reading all of them."""
    found: dict[str, list[Span]] = {}
    at = 0
    with open(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            spans = found.setdefault(_report_of(line, path, number), [])
            if spans and spans[-1][1] == at:
                spans[-1] = (spans[-1][0], at + len(line))
            else:
                spans.append((at, at + len(line)))
            at += len(line)
    return found


def _report_of(line: bytes, path: Path, number: int) -> str:
    """The report that a record is of.

    Raises:
        InputError: the line is no record.
    """
    if begun := _REPORT.match(line):
        return str(json.loads(begun[1]))
    try:
        return str(json.loads(line)["report"])
    except (ValueError, LookupError, TypeError) as error:
        raise InputError(
            f"{path}, line {number}: no record: {error}; correct the line or run the extraction again"
        ) from error


def read_failures(path: Path) -> Iterator[Failure]:
    """The lines of a failures.jsonl; none where it is not there.

    Raises:
        UnreadableInput: it may not be read.
        InputError: a line is no failure.
    """
    try:
        lines = path.read_bytes().split(b"\n") if path.exists() else []
    except OSError as error:
        raise UnreadableInput(f"{path}: cannot be read: {error.strerror}; check its permissions") from error
    for number, line in enumerate(lines, 1):
        try:
            if line.strip():
                yield Failure.model_validate(json.loads(line))
        except ValidationError as error:
            raise InputError(f"{path}, line {number}: no failure: {fault(error)}; remove the line") from error
        except ValueError as error:
            raise InputError(f"{path}, line {number}: no failure: {error}; remove the line") from error
