"""One shard, done: its files in a folder of their own, then the marker."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from llmx import __version__
from llmx.calls import Call
from llmx.errors import InputError, LlmxError, Stopped
from llmx.extractor import Job
from llmx.keeping import Keeping
from llmx.outputs import Earlier, Failure, Manifest, RunFolder
from llmx.outputs.files import remove
from llmx.outputs.folder import LEDGER
from llmx.outputs.marker import SHARDS, Entry, Marker, marker_name
from llmx.outputs.store import Store
from llmx.processes import Dead
from llmx.results import Result
from llmx.resume import Planned
from llmx.shards.planning import Item, Shard
from llmx.taking import Elsewhere, Recipe, Taken, ended


@dataclass(frozen=True, slots=True)
class Begun:
    """Told before a report of a shard is read: what a process was on when it died."""

    shard: int
    report: str


@dataclass(frozen=True, slots=True)
class Step:
    """Told after a report of a shard is read."""

    report: str
    taken: Taken
    """Without its records."""


class _Stopped(Exception):
    """The shard was not finished."""


def do_shard(
    shard: Shard,
    recipe: Recipe,
    tell: Callable[[Any], object] = lambda _: None,
    begun: Callable[[Elsewhere], object] = lambda _: None,
) -> Marker | None:
    """Read the reports of a shard, write its files, and then the marker that makes them count.

    It may run in any process on any machine that sees the inputs and the root, and be killed anywhere: what it wrote
    counts only with the marker, and what it paid is in the cache. Done twice, the second marker counts.

    Args:
        shard: what is to be done.
        recipe: how reports are read.
        tell: called with each `Begun`, `Step` and `Call`, in the process that does it.
        begun: called with what takes the reports; its `stop` ends the shard.

    Returns:
        The marker; None where it was stopped before all reports were read.

    Raises:
        OutputError: the store cannot be written.
    """
    store, name = Store(shard.root), f"{shard.number:05}-{secrets.token_hex(4)}"
    try:
        with store.filling(f"{SHARDS}/{name}") as folder:
            _bring_ledger(store, shard, folder)
            with _paid_stays(folder):
                manifest = _fill(folder, shard, recipe, tell, begun)
            read = {one.report: one.sha256 for one in manifest.inputs}
            files = {path.name: (path.stat().st_size, _digest(path)) for path in sorted(folder.iterdir())}
    except _Stopped:
        return None
    marker = _marker(shard, name, recipe, manifest, read, files)
    store.put(marker_name(shard.number), marker.model_dump_json().encode())
    return marker


def _fill(
    folder: Path, shard: Shard, recipe: Recipe, tell: Callable[[Any], object], begun: Callable[[Elsewhere], object]
) -> Manifest:
    """Read the reports into a folder.

    Raises:
        _Stopped: not all of them were.
    """
    warnings: list[str] = []
    with RunFolder(folder, shard.formats, task=recipe.task) as sink:

        def hear(what: Call | list[str]) -> None:
            if isinstance(what, Call):
                sink.ledger(what)
                tell(what)
            else:
                warnings.extend(what)

        taker = recipe(hear)
        begun(taker)
        try:
            manifest = Manifest(
                version=__version__,
                model=taker.model,
                task=recipe.task.reference,
                given=dict(recipe.task.given),
                settings=recipe.settings,
                started=_now(),
            )
            _take(Keeping(sink, manifest, Earlier(folder)), shard, taker, tell)
        finally:
            taker.close()
        manifest.finished = _now()
        manifest.warnings += warnings
        sink.finish(manifest)
    return manifest


def _take(keeping: Keeping, shard: Shard, taker: Elsewhere, tell: Callable[[Any], object]) -> None:
    def jobs() -> Iterator[Job]:
        for item in shard.items:
            tell(Begun(shard.number, item.entry.id))
            yield _job(item, item.entry.id in shard.deadly)

    with closing(taker.work(jobs())) as found:
        for item in shard.items:
            taken = next(found, None)
            if taken is None or any(one.error == Stopped.__name__ for one in taken.failures):
                raise _Stopped
            keeping.take(Planned(item.part, item.entry.id, None, lambda: Job("")), taken)
            tell(Step(item.entry.id, replace(taken, lines=())))


def _job(item: Item, deadly: bool) -> Job:
    given = item.part.called(item.entry.id)
    if deadly:
        return Job(Result.failed(ended(item.entry.source, Dead("ended"))), item.entry.id)
    if isinstance(given, InputError):
        failure = Failure.of(given, report=None, source=item.entry.source, stage="read")
        return Job(Result.failed(failure), item.entry.id)
    return Job(given, item.entry.id, names=item.part.names)


@contextmanager
def _paid_stays(folder: Path) -> Iterator[None]:
    """Of a shard that is not finished leave the calls alone, which whoever does it next adds to its own."""
    try:
        yield
    except BaseException:
        for path in folder.iterdir():
            if path.name != LEDGER:
                remove(path)
        raise


def _bring_ledger(store: Store, shard: Shard, folder: Path) -> None:
    """What earlier attempts have paid, as far as it was written down; each may have brought that of those before it."""
    lines: dict[bytes, None] = {}
    # An attempt of this very command, whose process was killed, is known by its folder alone.
    here = sorted((store.local / SHARDS).glob(f"{shard.number:05}-*")) if store.local else []
    for name in dict.fromkeys([*shard.before, *(path.name for path in here)]):
        with suppress(LlmxError, OSError):
            lines |= dict.fromkeys(store.path(f"{SHARDS}/{name}/{LEDGER}").read_bytes().splitlines(keepends=True))
    if lines:
        (folder / LEDGER).write_bytes(b"".join(line for line in lines if line.endswith(b"\n")))


def _marker(
    shard: Shard,
    folder: str,
    recipe: Recipe,
    manifest: Manifest,
    read: dict[str, str | None],
    files: dict[str, tuple[int, str]],
) -> Marker:
    return Marker(
        shard=shard.number,
        folder=folder,
        version=manifest.version,
        settings=digest_of(recipe.settings),
        inputs=tuple(
            Entry(one.entry.id, one.entry.source, one.entry.size, one.entry.mtime, read.get(one.entry.id))
            for one in shard.items
        ),
        files=files,
        finished=manifest.finished or "",
        **{name: getattr(manifest, name) for name in _COUNTED},
    )


_COUNTED = (
    *("reports", "records", "figures_claimed", "figures_unclaimed", "failures", "missing"),
    *("warnings", "usage", "ledger"),
)


def digest_of(settings: dict[str, Any]) -> str:
    """The SHA-256 of what records depend on."""
    return hashlib.sha256(json.dumps(settings, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _digest(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Working:
    """What a pool's process, or this one, does shards with."""

    recipe: Recipe

    def __call__(self, tell: Callable[[Any], object]) -> Worker:
        """Make it."""
        return Worker(self.recipe, tell)


class Worker:
    """Does shards, one after another."""

    def __init__(self, recipe: Recipe, tell: Callable[[Any], object]) -> None:
        self._recipe, self._tell = recipe, tell
        self._taker: Elsewhere | None = None
        self._stopped = False

    def work(self, shards: Iterable[Shard]) -> Iterator[Marker | None]:
        """Each shard's marker; None for one that `stop` came before or into."""
        for shard in shards:
            yield None if self._stopped else do_shard(shard, self._recipe, self._tell, self._note)

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopped = True
        if self._taker:
            self._taker.stop()

    def close(self) -> None:
        """Nothing is left open."""

    def _note(self, taker: Elsewhere) -> None:
        self._taker = taker
        if self._stopped:
            taker.stop()
