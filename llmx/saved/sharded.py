"""A run that was cut into shards, opened again: each shard is a run's folder, and its marker says which."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from llmx.outputs import InputSummary
from llmx.outputs.manifest import REPORTS, read_summaries
from llmx.outputs.marker import Marker, files_of, markers_of
from llmx.outputs.store import Store
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

    def files(self, name: str) -> list[Path]:
        """The files of a name, one a shard."""
        return files_of(self.store, name) if self.markers else []
