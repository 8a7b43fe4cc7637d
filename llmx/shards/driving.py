"""A run over many documents: cut into shards, done by as many processes as asked for, taken up from its markers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from os import PathLike, fspath
from typing import Any, Literal, NamedTuple

from llmx.calls import LOG, Call, Hook, Listeners
from llmx.documents import Document, Given
from llmx.documents.inputs import find_inputs
from llmx.errors import InputError, OutputError, UsageError
from llmx.extractor import Extractor
from llmx.listening import Halt, Interruption, Listener
from llmx.locks import Lock, owner
from llmx.models.allowance import Reach
from llmx.outputs import MANIFEST, Manifest, check_formats
from llmx.outputs.files import make_folder, writing
from llmx.outputs.folder import LEDGER, LOCK
from llmx.outputs.lines import any_json
from llmx.outputs.manifest import SHARDED, manifest_at
from llmx.outputs.marker import SHARDS, Marker, marker_name, read_markers, summed, totals
from llmx.outputs.store import Store, is_url
from llmx.processes import Dead, Pool, processes_of
from llmx.resume import Unnamed, deciding, listed, refused
from llmx.shards.cluster import Ray
from llmx.shards.planning import Item, Shard, cut, is_done, items_of, number_of, without
from llmx.shards.working import Begun, Step, Worker, Working, digest_of
from llmx.taking import Recipe, sharing

_GUESSED = 16
"""Workers that a run on an engine is cut for, where nobody says how many there are."""
AUTOMATIC = 5_000
"""Inputs above which a run into a new folder is cut into shards, where nobody says whether to."""


def shards_wanted(
    out: str | PathLike[str], inputs: Sequence[Given], shards: int | None, engine: str | None = None
) -> bool:
    """Whether a run is cut into shards.

    Args:
        out: where it goes: into shards behind a URL, and as it is where a run stands there already.
        inputs: what is read: into shards where they are more than 5,000 files.
        shards: into how many, if anyone says: 0 for one folder.
        engine: what does them, where it is not this machine alone: it needs shards.

    Raises:
        UsageError: the number is below 0, or does not fit what stands there; there is no such engine.
    """
    if engine not in (None, "ray"):
        raise UsageError(f"no engine {engine!r}; there is 'ray'")
    if engine and shards == 0:
        raise UsageError(f"engine {engine!r} does shards; leave out shards, or give their number")
    if shards is not None and shards < 0:
        raise UsageError(f"shards {shards}: give their number, or 0 for one folder")
    if is_url(out):
        if shards == 0:
            raise UsageError(f"{out}: one folder is written on this machine; leave out shards, or give a folder")
        return True
    store = Store(out)
    if store.read([MANIFEST]):
        try:
            cut = manifest_at(store).layout == SHARDED
        except InputError:  # who is to write there says it
            return bool(shards)
        if (shards is not None and bool(shards) != cut) or (engine and not cut):
            stands = "shards" if cut else "one folder"
            raise UsageError(f"{out}: holds a run in {stands}; leave out --shards and --engine, or give another --out")
        return cut
    return bool(shards) if shards is not None else engine is not None or _are_many(inputs)


def _are_many(inputs: Sequence[Given]) -> bool:
    given = [fspath(one) for one in inputs if not isinstance(one, (Document, InputError))]
    files = islice(find_inputs(given), AUTOMATIC + 1)
    return sum(1 for _ in files) + len(inputs) - len(given) > AUTOMATIC


def run_shards(
    root: str | PathLike[str],
    manifest: Manifest,
    inputs: Sequence[Given],
    extractor: Extractor,
    settings: dict[str, Any],
    formats: Sequence[str],
    listener: Listener | None = None,
    unnamed: Unnamed = "refused",
    column: str | None = None,
    halt: Halt | None = None,
    shards: int | None = None,
    jobs: int | Literal["auto"] = 1,
    engine: str | None = None,
) -> Store:
    """Extract into shards under a root; those that are done are not touched.

    Args:
        root: a folder or URL.
        manifest: the run as it begins; it is summed up over all shards that are done.
        inputs: as `run_into` takes them.
        extractor: says what reports are read with.
        settings: what records depend on.
        formats: what each shard's records are written as.
        listener: told of each report, in any order.
        unnamed: what becomes of reports that the run holds and that are not among the inputs; with `kept`, shards that
            have failures are done again.
        column: the column of a table that holds the text of a report.
        halt: what another thread calls to end it as Ctrl-C does.
        shards: into how many it is cut; one for 250 reports unless given, and as the run that stands there.
        jobs: how many processes do shards; on an engine, how many shards are done at once, 0 for one a CPU.
        engine: "ray" for a cluster's processes; this machine's unless given.

    Returns:
        Where the run is; `write_manifest` is the last thing of it.

    Raises:
        OutputError: the store cannot be written, or another process works on the run.
        UsageError: reports would be lost that nobody gave leave to lose.
    """
    check_formats(formats)
    store, workers = Store(root), _GUESSED if engine and jobs in (0, "auto") else processes_of(jobs)
    if (engine or workers > 1) and store.root.startswith("memory:"):
        raise UsageError(f"{store.root}: each process has a memory of its own; leave out jobs, or give another place")
    with _owned(store):
        plan = _planned(store, manifest, settings, inputs, formats, unnamed, column, shards, workers if engine else 1)
        markers = plan.markers
        _sum_up(manifest, markers.values())
        write_manifest(store, manifest)
        if listener:
            listener.begin(sum(len(one.items) for one in plan.shards))
        with _workers(extractor, jobs, engine if plan.shards else None) as (processes, reach, cluster):
            recipe = Recipe.of(extractor, settings, processes, reach)
            work = Work(recipe, processes, extractor.made[1].hooks, listener, cluster)
            with Interruption(work.stop) as interruption:
                if halt:
                    halt.attach(interruption)
                markers |= {one.shard: one for one in work.done(plan.shards)}
                manifest.interrupted = interruption.asked
        if not manifest.interrupted:
            _forget(store, markers, markers.keys() - plan.numbers)
        _sweep(store, markers, work.markers)
        _sum_up(manifest, markers.values())
        manifest.usage = totals(one.usage for one in work.markers)
        manifest.warnings += [*dict.fromkeys(work.warnings)]
    return store


@contextmanager
def _workers(
    extractor: Extractor, jobs: int | Literal["auto"], engine: str | None
) -> Iterator[tuple[int, Reach | None, Ray | None]]:
    """How many do shards, where they find what they share, and the cluster that they are on, if they are on one."""
    if engine is None:
        processes = processes_of(jobs)
        with sharing(extractor, processes) as reach:
            yield processes, reach, None
        return
    with Ray(extractor, jobs) as cluster:
        yield cluster.workers, cluster.reach, cluster


class _Plan(NamedTuple):
    markers: dict[int, Marker]
    """What is done, without its inputs."""
    shards: list[Shard]
    """What is to be done."""
    numbers: set[int]
    """All shards that have inputs."""


def _planned(
    store: Store,
    manifest: Manifest,
    settings: dict[str, Any],
    inputs: Sequence[Given],
    formats: Sequence[str],
    unnamed: Unnamed,
    column: str | None,
    shards: int | None,
    workers: int,
) -> _Plan:
    """What is done of a run and what is to be; the manifest is told into how many shards it is cut."""
    names = store.names(SHARDS)
    markers = read_markers(store, names)
    held = manifest_at(store) if store.read([MANIFEST]) else None
    manifest.layout, manifest.shards = SHARDED, _agreed(held, store.root, settings, shards, unnamed)
    formats = [*dict.fromkeys([*formats, *(held.settings.get("formats", ()) if held else ())])]
    manifest.settings["formats"] = formats
    if held and held.shards != manifest.shards:
        _forget(store, markers, set(markers))  # else a report could stand in two
    items = items_of(inputs, column, markers, unnamed)
    manifest.shards = manifest.shards or number_of(items, workers)
    by_shard = cut(items, manifest.shards)
    todo = _todo(by_shard, markers, settings, {f"records.{name}" for name in formats}, unnamed == "kept", manifest)
    before = {one: tuple(name for name in names if name.startswith(f"{one:05}-")) for one in todo}
    asked = [Shard(store.root, one, tuple(by_shard[one]), tuple(formats), before[one]) for one in todo]
    return _Plan({number: one.light for number, one in markers.items()}, asked, set(by_shard))


def _forget(store: Store, markers: dict[int, Marker], numbers: set[int]) -> None:
    """Take markers away, so that what they name counts no more."""
    for number in numbers:
        store.remove(marker_name(number))
        del markers[number]


def _todo(
    planned: dict[int, list[Item]],
    markers: dict[int, Marker],
    settings: dict[str, Any],
    wanted: set[str],
    again: bool,
    manifest: Manifest,
) -> list[int]:
    """The shards that are to be done: that are not, are of other inputs or settings, lack files that are wanted, or have
    failures to be asked again."""
    digest, todo = digest_of(settings), []
    for number, items in sorted(planned.items()):
        marker = markers.get(number)
        away = [item.entry.source for item in items if item.given is None]
        whole = marker and wanted <= marker.files.keys() and is_done(marker, items, digest)
        if marker and whole and not (again and marker.failures):
            manifest.taken_up += marker.reports
        elif away:
            manifest.warnings.append(f"shard {number} stays as it is: {listed(away)} not at hand; name their files too")
        else:
            todo.append(number)
    return todo


@contextmanager
def _owned(store: Store) -> Iterator[None]:
    """Hold the folder, so that no other process works on the run; a store behind a URL knows no locks.

    Raises:
        OutputError: another one does.
    """
    if store.local is None:
        yield
        return
    make_folder(store.local)
    with writing(store.local):
        lock = Lock.take(store.local / LOCK)
    if lock is None:
        raise OutputError(
            f"{store.root}: another run is writing here ({owner(store.local / LOCK)}); wait for it, or give another --out"
        )
    try:
        yield
    finally:
        lock.free()


def _agreed(held: Manifest | None, root: str, settings: dict[str, Any], shards: int | None, unnamed: Unnamed) -> int:
    """Into how many shards the run that stands there is cut, or is to be; 0 where nobody says.

    Raises:
        UsageError: it was read with other settings, or is cut otherwise, and nobody gave leave to replace it.
    """
    if held is None:
        return shards or 0
    if unnamed == "dropped":
        return shards or held.shards
    if shards and shards != held.shards:
        raise UsageError(f"{root}: is cut into {held.shards} shards, not {shards}; leave out --shards, or --force")
    if told := refused(deciding({"version": held.version, **held.settings}), settings):
        raise UsageError(
            f"{root}: was read with {told}; give the same, another --out, or --force to replace its records"
        )
    return held.shards


def write_manifest(store: Store, manifest: Manifest) -> None:
    """Write a run's manifest.

    Raises:
        OutputError: the store cannot be written.
    """
    store.put(MANIFEST, f"{any_json(manifest, indent=2, leave_out={'inputs'})}\n".encode())


def _sweep(store: Store, markers: dict[int, Marker], done: Collection[Marker]) -> None:
    """Take away what no marker names: folders of attempts that were killed, or that a later one has replaced; not those
    with calls that no later attempt has taken over."""
    named = {one.folder for one in markers.values()} | {f"{one:05}.json" for one in markers}
    replaced = {f"{one.shard:05}" for one in done}
    for name in store.names(SHARDS):
        if name not in named and (name[:5] in replaced or LEDGER not in store.names(f"{SHARDS}/{name}")):
            store.remove(f"{SHARDS}/{name}")


def _sum_up(manifest: Manifest, markers: Collection[Marker]) -> None:
    for name in ("reports", "figures_claimed", "figures_unclaimed", "failures", "missing"):
        setattr(manifest, name, sum(getattr(one, name) for one in markers))
    manifest.records = summed(one.records for one in markers)
    manifest.ledger = totals(one.ledger for one in markers)


class Work:
    """Has shards done, here or in other processes, and tells how it goes.

    Args:
        recipe: how reports are read.
        processes: how many do shards.
        hooks: called with each call of a language model.
        listener: told of each report.
        cluster: where they are done, if not on this machine.
    """

    def __init__(
        self,
        recipe: Recipe,
        processes: int,
        hooks: Sequence[Hook],
        listener: Listener | None,
        cluster: Ray | None = None,
    ) -> None:
        self._cluster = cluster
        self._recipe, self._processes, self._listener = recipe, processes, listener
        self._listeners = Listeners(hooks)
        self._begun: dict[int, str] = {}
        self._working: Worker | Pool | Ray | None = None
        self._stopped = False
        self.markers: list[Marker] = []
        """Of what was done."""

    @property
    def warnings(self) -> list[str]:
        """What did not fail but should be known."""
        return [*self._listeners.faults, *(said for one in self.markers for said in one.warnings)]

    def stop(self) -> None:
        """Begin nothing more; a shard that is under way counts for nothing."""
        self._stopped = True
        if self._working:
            self._working.stop()

    def done(self, shards: Sequence[Shard]) -> Iterator[Marker]:
        """The markers of shards as they are done; a report that ends its process twice is left out of the next try."""
        while shards and not self._stopped:
            ended = []
            for number, marker in enumerate(self._made(shards)):
                if isinstance(marker, Marker):
                    self.markers.append(marker.light)
                    yield self.markers[-1]
                elif isinstance(marker, Dead):
                    ended.append(shards[number])
            shards = [without(one, self._begun[one.number]) for one in ended if one.number in self._begun]

    def _made(self, shards: Sequence[Shard]) -> Iterator[Marker | Dead | None]:
        if self._cluster:
            self._working = self._cluster
            return self._cluster.work(shards, self._recipe, self._hear)
        if self._processes == 1:
            self._working = Worker(self._recipe, self._hear)
        else:
            self._working = Pool(Working(self._recipe), self._processes, ahead=1, heard=self._hear)
        if self._stopped:
            self._working.stop()
        return self._working.work(shards)

    def _hear(self, what: Begun | Step | Call) -> None:
        if isinstance(what, Begun):
            self._begun[what.shard] = what.report
        elif isinstance(what, Call):
            self._listeners.tell(what)
        else:
            for failure in what.taken.failures if self._processes > 1 or self._cluster else ():
                LOG.warning("%s", failure.message)
            if self._listener:
                self._listener.step(what.report, what.taken)
