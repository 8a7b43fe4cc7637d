"""What a run's folder holds of an earlier run, so that only its failures are asked again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Self

from pydantic import ValidationError

from llmx.errors import InputError, UsageError
from llmx.outputs.failure import Failure
from llmx.outputs.lines import read_records
from llmx.outputs.manifest import Manifest
from llmx.records import Record


class Earlier:
    """Records and failures of an earlier run, by report."""

    def __init__(self, reports: Collection[str], records: dict[str, list[Record]], failures: list[Failure]) -> None:
        whole = {failure.report for failure in failures if failure.start is None}
        self._done = set(reports) - whole
        self._records = records
        self._places: defaultdict[str | None, list[tuple[int, int]]] = defaultdict(list)
        for failure in failures:
            if failure.start is not None and failure.end is not None:
                self._places[failure.report].append((failure.start, failure.end))

    @classmethod
    def of(cls, folder: Path) -> Self:
        """Read a folder.

        Raises:
            UsageError: it holds no finished run.
            InputError: a line of it is broken.
        """
        summary, failures = folder / "run.json", folder / "failures.jsonl"
        try:
            manifest = Manifest.model_validate_json(summary.read_bytes())
            lines = failures.read_bytes().splitlines()
        except OSError as error:
            raise UsageError(f"{folder}: no run to retry: {error.strerror}: {error.filename}") from error
        except ValidationError as error:
            raise InputError(f"{summary}: no manifest: {error.errors()[0]['msg']}; run the extraction again") from error
        records: defaultdict[str, list[Record]] = defaultdict(list)
        for record in read_records(folder / "records.jsonl"):
            records[record.report].append(record)
        return cls(
            [one.report for one in manifest.inputs], records, [Failure.model_validate_json(line) for line in lines]
        )

    def has(self, report: str) -> bool:
        """Whether a report was read, at least in part."""
        return report in self._done

    def places(self, report: str) -> Sequence[tuple[int, int]]:
        """Bounds of the stretches of a report that failed."""
        return self._places[report]

    def records(self, report: str) -> Sequence[Record]:
        """What was found in the rest of it."""
        return self._records.get(report, [])
