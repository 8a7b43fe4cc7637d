"""Which report is of which shard, and which shards are to be done."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from llmx.documents import Document, Given, Part, ids_of, parts_of
from llmx.documents.inputs import path_of, shown
from llmx.errors import InputError, UsageError
from llmx.outputs.marker import Entry, Marker
from llmx.resume import Unnamed, listed

REPORTS = 250
"""Reports of a shard, where nobody says how many shards there are: what a kill costs at most, and what a worker holds."""
_EACH = 4
"""Shards for each worker of a cluster at least."""
_MOST = 4096
"""Shards at most, where nobody says: a restart reads a marker of each."""


@dataclass(frozen=True, slots=True)
class Item:
    """One input of a shard; the others that it has are in its marker's words."""

    entry: Entry
    """What the marker will say of it; its SHA-256 only where that is known already."""
    given: str | Document | InputError | None
    """A path, a document, or why there is none; None for one that an earlier run had and that is not at hand."""

    @property
    def sha256(self) -> str | None:
        """SHA-256 of its bytes, read now where it is a file."""
        return self.entry.sha256 if isinstance(self.given, Document) else self.part.sha256

    @property
    def part(self) -> Part:
        """It, as a run takes it."""
        assert self.given is not None
        return Part(self.given, self.entry.source, self.entry.id)


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard that is to be done, and all that whoever does it must know beside how to read: it can be pickled."""

    root: str
    """Where the run is: a folder, the same for all who work on it, or a URL."""
    number: int
    """From 0."""
    items: tuple[Item, ...]
    """Its inputs, in the order of the run."""
    formats: tuple[str, ...] = ("jsonl",)
    """Any of jsonl, csv, parquet, xlsx."""
    before: tuple[str, ...] = ()
    """Folders of earlier attempts, whose calls have been paid."""
    deadly: frozenset[str] = frozenset()
    """Ids of reports that ended the processes which read them: they fail unread."""


def items_of(
    inputs: Sequence[Given], column: str | None, markers: Mapping[int, Marker], unnamed: Unnamed
) -> list[Item]:
    """The inputs of a run, with the ids that an earlier one gave them.

    A file that a marker knows, by size and time of change, is not opened.

    Args:
        inputs: paths, folders, globs, documents, or what kept one from being read.
        column: the column of a table that holds the text of a report.
        markers: what is done of an earlier run.
        unnamed: what becomes of reports that it had and that are not among the inputs.

    Raises:
        UsageError: reports would be lost that nobody gave leave to lose.
    """
    held = {entry.source: entry for marker in markers.values() for entry in marker.inputs}
    stats: dict[str, tuple[int, int]] = {}

    def is_known(path: Path) -> bool:
        name = shown(path)
        try:
            found = os.stat(path)
        except OSError:
            return False
        stats[name] = found.st_size, found.st_mtime_ns
        return name in held and (held[name].size, held[name].mtime) == stats[name]

    parts = parts_of(inputs, column, is_known)
    known = {number: held.pop(part.source).id for number, part in enumerate(parts) if part.source in held}
    if held and unnamed == "refused":
        raise UsageError(
            f"the run holds {listed([*held])} of other inputs; give another --out, --retry-failed to keep them, or "
            "--force to drop them"
        )
    kept = [_left(entry) for entry in held.values()] if unnamed == "kept" else []
    ids = ids_of(parts, known, {item.entry.id for item in kept})
    return [_item(part, id, *stats.get(part.source, (None, None))) for part, id in zip(parts, ids, strict=True)] + kept


def _item(part: Part, id: str, size: int | None, mtime: int | None) -> Item:
    if isinstance(part.given, str):
        return Item(Entry(id, part.source, size, mtime, None), part.given)
    given = part.called(id)
    assert not isinstance(given, Path)
    return Item(Entry(id, part.source, None, None, given.sha256 if isinstance(given, Document) else None), given)


def _left(entry: Entry) -> Item:
    path = path_of(entry.source)
    return Item(entry, os.fspath(path) if entry.size is not None and path.is_file() else None)


def cut(items: Iterable[Item], shards: int) -> dict[int, list[Item]]:
    """The items of each shard that has any."""
    found: dict[int, list[Item]] = {}
    for item in items:
        found.setdefault(shard_of(item.entry.id, shards), []).append(item)
    return found


def shard_of(id: str, shards: int) -> int:
    """The shard of a report: by a hash of its id, the same on every machine."""
    return int.from_bytes(hashlib.sha256(id.encode("utf-8", "surrogatepass")).digest()[:8]) % shards


def number_of(items: Sequence[Item], workers: int = 1) -> int:
    """Into how many shards a run is cut, where nobody says: several for each worker of a cluster, so that all end alike."""
    least = min(_EACH * workers if workers > 1 else 1, len(items))
    return min(_MOST, max(1, least, -(-len(items) // REPORTS)))


def is_done(marker: Marker | None, items: Sequence[Item], settings: str) -> bool:
    """Whether a shard is done: with the same settings, of the same inputs.

    Args:
        marker: what says so, if it is there.
        items: what it is to be made of.
        settings: the digest of what records depend on.
    """
    if marker is None or marker.settings != settings or len(marker.inputs) != len(items):
        return False
    made = {entry.id: entry for entry in marker.inputs}
    return all(_is_same(made.get(item.entry.id), item) for item in items)


def _is_same(made: Entry | None, item: Item) -> bool:
    """Whether an input is what it was: by size and time of change or, where these differ, by its bytes."""
    now = item.entry
    if made is None or made.source != now.source:
        return False
    if item.given is None or (now.size is not None and (made.size, made.mtime) == (now.size, now.mtime)):
        return True
    if isinstance(item.given, InputError):
        return made.sha256 is None and made.size is None
    return made.sha256 is not None and made.sha256 == item.sha256


def without(shard: Shard, id: str) -> Shard:
    """A shard in which one more report fails unread."""
    return replace(shard, deadly=shard.deadly | {id})
