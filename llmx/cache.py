"""Answers on disk, so that nothing is paid for twice. The only importer of diskcache.

An entry is JSON text under a key that hashes what changes the answer and nothing else. Nothing is pickled: a cache that
someone else wrote cannot run code. Several processes may share one cache (SQLite does the locking). A cache that somebody
holds locked (a backup, a virus scanner, a network drive) is a miss, and what it should keep waits in memory.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, ValidationError

from llmx.calls import Usage
from llmx.errors import CacheError, UsageError
from llmx.turns import Turns

if TYPE_CHECKING:
    import diskcache


@dataclass(frozen=True)
class CacheKey:
    """What changes the answer to a question, part by part; each part a short text or a digest."""

    parts: Mapping[str, str]

    @cached_property
    def digest(self) -> str:
        """SHA-256 over all parts."""
        return digest_of(dict(self.parts))


def digest_of(value: object) -> str:
    """SHA-256 of a value's JSON, with sorted keys."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Entry(BaseModel):
    """An answer as it was given."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    parts: dict[str, str]
    """The parts of its key."""
    answer: str
    """The text of the answer; empty where the question was answered through its halves."""
    finish: Literal["stop", "length", "split", "failed"]
    """stop: whole; length: cut, its complete items count; split: answered through the halves of its text; failed: no
    usable answer came, and the same question would have none again."""
    usage: Usage
    """What it cost when it was asked."""
    date: str
    """When it was asked."""


_PATIENCE = 1.0
"""Seconds that a locked cache is waited for; the event loop stands still for so long."""
_PAUSE = 15.0
"""Seconds until a cache that was locked is tried again."""
_LAST = 2
"""How often it is tried once more at the end."""


def default_cache() -> Path:
    """The user's own folder for answers, shared by all runs."""
    return Path(platformdirs.user_cache_dir("llmx")) / "answers"


class AnswerCache:
    """A folder of answers.

    Args:
        folder: made if it is not there.

    Raises:
        CacheError: the folder cannot be written or is no cache.
        UsageError: diskcache is not installed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fault: str | None = None
        """Why an entry could not be read or written, the last time that one could not."""
        self.turns = Turns(folder / "turns")
        """Who asks what at the moment."""
        self._held: dict[str, str] = {}
        self._shut = 0.0
        self._threads: set[int] = set()
        self._disk: diskcache.Cache | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not os.access(folder, os.W_OK):
                raise PermissionError(13, "Permission denied")
            self._disk = self._here()
        except (OSError, sqlite3.Error) as error:
            raise CacheError(
                f"{folder}: no cache can be kept here: {error}; name another folder with --cache"
            ) from error

    @classmethod
    def existing(cls, folder: Path) -> AnswerCache:
        """The cache in a folder that has one; none is made.

        Raises:
            CacheError: there is none.
        """
        if not (folder / "cache.db").is_file():
            raise CacheError(f"{folder}: no answers are kept here; name their folder with --cache")
        return cls(folder)

    def get(self, key: CacheKey) -> Entry | None:
        """The answer under a key; None where there is none, or where it is corrupted or locked, which `fault` then says."""
        try:
            text = self._held.get(key.digest)
            if text is None and (disk := self._here()) is not None:
                text = disk.get(key.digest)
            return None if text is None else self._valid(key, text)
        except _faults() as error:
            if not self._locked(error):
                self.fault = f"{self.folder}: entry {key.digest[:16]} cannot be read ({error}); it is asked anew"
            return None

    def _here(self) -> diskcache.Cache | None:
        """The open cache; None while somebody holds it locked."""
        if time.monotonic() < self._shut:
            return None
        if (me := threading.get_ident()) not in self._threads:
            try:
                self._probe()
            except sqlite3.OperationalError as error:
                if self._locked(error):
                    return None
                raise
            self._threads.add(me)
        if self._disk is None:
            self._disk = _open(self.folder)
        return self._disk

    def _probe(self) -> None:
        """Fail soon where the cache is locked: a thread's first use makes diskcache wait a minute for each statement."""
        base = self.folder / "cache.db"
        if base.exists():
            with closing(sqlite3.connect(base, _PATIENCE, isolation_level=None)) as connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")

    def _locked(self, error: Exception) -> bool:
        """Whether an error says that somebody holds the cache; it is then left alone for a while."""
        if not isinstance(error, _faults()[-1]) and not re.search("locked|busy", str(error)):
            return False
        self._shut = time.monotonic() + _PAUSE
        self.fault = (
            f"{self.folder}: another process holds the cache; answers are used all the same, but may be asked anew, and "
            f"{len(self._held)} wait to be kept: end that process, or name another --cache"
        )
        return True

    def _valid(self, key: CacheKey, text: object) -> Entry:
        """An entry that is whole and is the key's own.

        Raises:
            ValueError: it is not.
        """
        if not isinstance(text, str):
            raise ValueError("no text")
        try:
            entry = Entry.model_validate_json(text)
        except ValidationError as error:
            raise ValueError(f"corrupted: {error.errors()[0]['msg']}") from error
        if entry.parts != dict(key.parts):
            raise ValueError("corrupted: it is another question's")
        return entry

    def put(self, key: CacheKey, entry: Entry) -> None:
        """Keep an answer; where the disk takes no more, `fault` says so and the answer is used all the same."""
        try:
            self._held[key.digest] = entry.model_dump_json()
            self._write()
        except _faults() as error:
            if not self._locked(error):
                self._held.pop(key.digest, None)
                self.fault = f"{self.folder}: answers are no longer kept: {error}; make room or name another --cache"

    def _write(self) -> None:
        """Put what waits in memory onto the disk."""
        disk = self._here()
        while disk is not None and self._held:
            digest, text = next(iter(self._held.items()))
            disk.set(digest, text)
            del self._held[digest]

    def _whole(self) -> diskcache.Cache:
        disk = self._here()
        if disk is None:
            raise CacheError(f"{self.folder}: another process holds the cache; end it, or try again later")
        return disk

    def entries(self) -> Iterator[tuple[str, Entry]]:
        """All whole entries with the digests of their keys.

        Raises:
            CacheError: another process holds the cache.
        """
        disk = self._whole()
        for digest in disk:
            try:
                yield digest, Entry.model_validate_json(disk.get(digest) or "")
            except (OSError, sqlite3.Error, ValueError):
                continue

    def nearest(self, key: CacheKey) -> tuple[Entry, list[str]] | None:
        """The entry that shares most parts with a key, and the names of the parts that differ."""
        best: tuple[Entry, list[str]] | None = None
        for _, entry in self.entries():
            names = sorted(entry.parts.keys() | key.parts.keys())
            differing = [name for name in names if entry.parts.get(name) != key.parts.get(name)]
            if best is None or len(differing) < len(best[1]):
                best = entry, differing
        return best

    def info(self) -> dict[str, Any]:
        """Number of entries, bytes on disk, dates of the first and last, tokens they hold."""
        count = prompt = completion = 0
        dates: list[str] = []
        for _, entry in self.entries():
            count += 1
            dates.append(entry.date)
            prompt += entry.usage.prompt or 0
            completion += entry.usage.completion or 0
        return {
            "folder": str(self.folder),
            "entries": count,
            "bytes": self._whole().volume(),
            "first": min(dates, default=None),
            "last": max(dates, default=None),
            "prompt_tokens": prompt,
            "completion_tokens": completion,
        }

    def clear(self) -> int:
        """Remove all entries and return how many there were.

        Raises:
            CacheError: there are entries that llmx did not write, and nothing is removed; or another process holds the
                cache.
        """
        disk = self._whole()
        try:
            own = all(re.fullmatch(r"[0-9a-f]{64}", str(digest)) for digest in disk)
        except ValueError:
            own = False
        if not own:
            raise CacheError(f"{self.folder}: another program keeps its data here; nothing was removed")
        return int(disk.clear())

    def close(self) -> None:
        """Keep what still waits, as far as the cache takes it, and let go of the files."""
        for _ in range(_LAST if self._held else 0):
            self._shut = 0.0
            try:
                self._write()
            except _faults() as error:
                self._locked(error)
        if self._disk is not None:
            self._disk.close()


def _faults() -> tuple[type[Exception], ...]:
    """What a cache fails with; last diskcache's error for a lock that is not given up."""
    import diskcache

    return OSError, sqlite3.Error, ValueError, diskcache.Timeout


def _open(folder: Path) -> diskcache.Cache:
    try:
        import diskcache
    except ImportError as error:
        raise UsageError("a cache needs diskcache; install it with: pip install 'llmx-extract[llm]'") from error

    class TextDisk(diskcache.Disk):  # type: ignore[misc]  # diskcache has no types
        """Stores and fetches text alone; what was pickled is refused, not loaded."""

        def fetch(self, mode: int, filename: str | None, value: object, read: bool) -> object:
            if mode == diskcache.core.MODE_PICKLE:
                raise ValueError("pickled data, which llmx never writes")
            if filename is not None and not self._holds(filename):
                raise ValueError("a file outside the cache")
            return super().fetch(mode, filename, value, read)

        def remove(self, file_path: str) -> None:
            if self._holds(file_path):
                super().remove(file_path)

        def _holds(self, filename: str) -> bool:
            """Whether a file is in the cache's folder, wherever its table says that it is."""
            inside = os.path.realpath(folder)
            return os.path.commonpath([inside, os.path.realpath(os.path.join(folder, filename))]) == inside

        def get(self, key: object, raw: bool) -> object:
            if not raw:
                raise ValueError("a pickled key, which llmx never writes")
            return super().get(key, raw)

    # An answer is kept until it is cleared: eviction would mean to pay for it twice.
    return diskcache.Cache(str(folder), _PATIENCE, TextDisk, eviction_policy="none", cull_limit=0)
