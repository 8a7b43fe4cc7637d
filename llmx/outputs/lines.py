"""Records as lines of JSON on an open stream."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from llmx.outputs.columns import record_json
from llmx.outputs.failure import Failure
from llmx.outputs.manifest import Manifest
from llmx.records import Record


class Lines:
    """Takes records as a RunFolder does and writes each to a stream at once; failures are kept for the caller.

    Args:
        stream: an open text stream; it is not closed.
    """

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.failures: list[Failure] = []

    def add(self, records: Iterable[Record]) -> None:
        """Write the records of one report."""
        self.stream.writelines(record_json(record) + "\n" for record in records)
        self.stream.flush()

    def add_failure(self, failure: Failure) -> None:
        """Keep a failure."""
        self.failures.append(failure)

    def finish(self, manifest: Manifest) -> list[Path]:  # noqa: ARG002 - as RunFolder.finish takes it
        """Nothing is left to write."""
        return []
