"""What says that a shard of a run is done: one small file, written last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from llmx.calls import Totals
from llmx.outputs.manifest import REPORTS, InputSummary, read_manifest, read_summaries
from llmx.outputs.store import Store

SHARDS = "shards"
"""The folder of a run that holds its shards: a marker and a run's folder each."""


class Entry(NamedTuple):
    """One input of a shard, as its marker notes it."""

    id: str
    """The report's id."""
    source: str
    """Where it comes from."""
    size: int | None
    """Bytes of its file; None where it was given as a document or could not be found."""
    mtime: int | None
    """When its file was changed last, in nanoseconds."""
    sha256: str | None
    """SHA-256 of its bytes; None where it could not be read."""


class Marker(BaseModel):
    """A shard that is done: `shards/00017.json`."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    shard: int
    """Its number, from 0."""
    folder: str
    """The folder beside the marker that holds its files; what else is there of the shard counts for nothing."""
    version: str
    """llmx's version."""
    settings: str
    """SHA-256 of what records depend on."""
    inputs: tuple[Entry, ...]
    """What it was made of."""
    reports: int
    """How many of them were read."""
    records: dict[str, int]
    """Records by type."""
    figures_claimed: int
    """Figures that a record holds."""
    figures_unclaimed: int
    """Figures without a record that nothing explains."""
    failures: int
    """Lines of its failures.jsonl."""
    missing: int
    """What a language model claimed and the texts do not bear out."""
    warnings: list[str] = []
    """What did not fail but should be known."""
    usage: Totals | None = None
    """What the calls of the process that made it came to."""
    ledger: Totals | None = None
    """What all calls for it came to, those of earlier attempts included."""
    files: dict[str, tuple[int, str]]
    """Bytes and SHA-256 of each file."""
    finished: str
    """When it was done."""

    @property
    def light(self) -> Self:
        """It without its inputs, which take half a kilobyte each."""
        return self.model_copy(update={"inputs": ()})


def marker_name(shard: int) -> str:
    """Where a shard's marker stands under the run's root."""
    return f"{SHARDS}/{shard:05}.json"


def read_markers(store: Store, names: Iterable[str]) -> dict[int, Marker]:
    """The markers among the names of a run's folder of shards; one that is damaged is none.

    Args:
        store: where the run is.
        names: what `store.names(SHARDS)` gives.
    """
    found = store.read([f"{SHARDS}/{name}" for name in names if name.endswith(".json")])
    markers = (_marker(data) for data in found.values())
    return {one.shard: one for one in markers if one}


def markers_of(store: Store) -> list[Marker]:
    """The markers of a run, in order."""
    found = read_markers(store, store.names(SHARDS))
    return [found[number] for number in sorted(found)]


def shard_files(store: Store, markers: Iterable[Marker], name: str) -> list[Path]:
    """Where the files of a name are, one a shard that has it."""
    return [store.path(f"{SHARDS}/{one.folder}/{name}") for one in markers if name in one.files]


def files_of(store: Store, name: str) -> list[Path]:
    """Where the files of a name are: one in a run's folder, one a shard where it is cut into shards."""
    markers = markers_of(store)
    return shard_files(store, markers, name) if markers else [store.path(name)]


def summaries_of(store: Store) -> Iterator[InputSummary]:
    """The reports of a run, in the order of its records.

    Raises:
        InputError: what a file says is damaged.
    """
    if markers := markers_of(store):
        for path in shard_files(store, markers, REPORTS):
            yield from read_summaries(path)
    elif store.local:
        yield from read_manifest(store.local).inputs


def _marker(data: bytes) -> Marker | None:
    try:
        return Marker.model_validate_json(data)
    except ValidationError:
        return None


def summed(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Counts by name, over all."""
    sums: dict[str, int] = {}
    for one in counts:
        for name, count in one.items():
            sums[name] = sums.get(name, 0) + count
    return sums


def totals(some: Iterable[Totals | None]) -> Totals | None:
    """What several totals come to; None where there are none."""
    given = [one.model_dump() for one in some if one]
    if not given:
        return None
    cost: Any = {}
    for one in given:
        for currency, amount in one.pop("cost").items():
            cost[currency] = cost.get(currency, 0.0) + amount
    return Totals(**summed(given), cost=cost)
