"""A run that was cut into shards, opened again: each shard is a run's folder, and its marker says which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from llmx.outputs import InputSummary
from llmx.outputs.earlier import RECORDS
from llmx.outputs.lines import record_of
from llmx.outputs.manifest import REPORTS, read_summaries
from llmx.outputs.marker import Marker, markers_of, shard_files
from llmx.outputs.store import Store
from llmx.records import Record
from llmx.saved.run import SavedRun


@dataclass(frozen=True, slots=True)
class ShardedRun(SavedRun):
    """What `llmx extract --shards` left in a folder or behind a URL; reports and records are in the order of shards."""

    store: Store = field(default_factory=lambda: Store("."))
    """Where it is."""

    @property
    def name(self) -> str:
        """What it is called: the last part of its folder or URL."""
        return self.store.name

    @property
    def markers(self) -> list[Marker]:
        """What says of each shard that it is done, in order."""
        return markers_of(self.store)

    @property
    def reports(self) -> list[InputSummary]:
        """The reports that were read; read from the store each time."""
        return [one for path in self.files(REPORTS) for one in read_summaries(path)]

    def by_report(self) -> Callable[[str], list[Record]]:
        """As `SavedRun.by_report`."""
        spans: dict[str, tuple[Path, int, int]] = {}
        for path, reports in zip(self.files(RECORDS), self.files(REPORTS), strict=True):
            at = 0
            for one in read_summaries(reports):
                spans[one.report], at = (path, at, at + one.size), at + one.size

        def records(report: str) -> list[Record]:
            path, start, end = spans[report]
            with open(path, "rb") as file:
                file.seek(start)
                return [record_of(line, path, report, self.task) for line in file.read(end - start).splitlines()]

        return records

    def files(self, name: str) -> list[Path]:
        """The files of a name, one a shard."""
        return shard_files(self.store, self.markers, name)
