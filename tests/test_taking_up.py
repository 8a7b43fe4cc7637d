"""Whatever happens to a run and its inputs, no record is wrong, lost or doubled: random sequences of what users do.

More of them than a test has time for: SEQUENCES=20000 pytest tests/test_taking_up.py
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import os
import shutil
import signal
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

import llmx
from llmx.errors import ModelError, OutputError, UnreadableInput, UsageError
from llmx.locks import Lock
from llmx.outputs import RunFolder, read_failures
from llmx.sections import Chunk
from llmx.tasks.government.claims import FigureClaim, Reading
from llmx.tasks.government.records import Record

NAMES = ("甲.txt", "乙.txt", "县/甲.txt", "集.zip")
TEXTS = tuple(
    f"2025年某县政府工作报告\n一、2024年工作回顾\n地区生产总值增长{n}.5%，新建公路{n}8公里。\n"
    f"二、2025年工作安排\n城镇新增就业{n}000人以上，植树{n}3万株。\n"
    for n in (3, 4, 5, 6)
)
TEXT_OF = {hashlib.sha256(text.encode()).hexdigest(): text for text in TEXTS}
FIGURES = {
    text: [figure.start for figure in llmx.find_figures(text) if figure.reason is None] for text in TEXT_OF.values()
}


def source_of(path: Path) -> str:
    """Where a report comes from, as a run notes it."""
    return f"{path}#甲.txt" if path.suffix == ".zip" else str(path)


def sha256_of(path: Path) -> str:
    """SHA-256 of a report as it is now; empty where it is not there."""
    if not path.exists():
        return ""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            return hashlib.sha256(archive.read("甲.txt")).hexdigest()
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Killed(BaseException):
    """The process dies here."""


class Fate:
    """When a process dies, and what it hears before."""

    def __init__(self, die_at: int = 0, fail_at: int = 0, signal_at: int = 0, number: int = signal.SIGINT) -> None:
        self.die_at, self.fail_at, self.signal_at, self.number = die_at, fail_at, signal_at, number
        self.dead = False

    def again(self) -> Fate:
        """The same, for another process."""
        return Fate(self.die_at, self.fail_at, self.signal_at, self.number)

    def moment(self) -> None:
        """One at which it may die, or the disk fail."""
        self.fail_at -= 1
        if self.fail_at == 0:
            raise OSError(5, "Input/output error")
        self.die_at -= 1
        if self.die_at == 0:
            self.dead = True
            raise Killed

    def read(self) -> None:
        """A chunk is asked about."""
        self.fail_at += 1  # which is no matter of the disk
        self.moment()
        self.signal_at -= 1
        if self.signal_at == 0:
            signal.raise_signal(self.number)

    @contextlib.contextmanager
    def met(self) -> Iterator[None]:
        """Renames and syncs are moments too; the dead clear nothing away, but the system takes their locks."""
        replace, sync, abort = os.replace, os.fsync, RunFolder.abort

        def replaces(*paths: Path) -> None:
            self.moment()
            replace(*paths)

        def leaves(folder: RunFolder) -> None:
            if not self.dead:
                return abort(folder)
            os.close(folder._lock._file)
            for file in [*folder._files, *filter(None, [folder._records._new])]:
                file.close()
            return None

        os.replace, os.fsync, RunFolder.abort = replaces, lambda _: self.moment(), leaves
        try:
            yield
        finally:
            os.replace, os.fsync, RunFolder.abort = replace, sync, abort


class Claimant:
    """A model that claims every figure, but for those of chunks that hold a word which it cannot stand."""

    def __init__(self, name: str, temperature: float, ill: str, fate: Fate) -> None:
        self.name, self.settings, self.ill, self.fate = name, {"temperature": temperature}, ill, fate

    def read(self, chunk: Chunk) -> Reading:
        self.fate.read()
        if self.ill and self.ill in chunk.text:
            raise ModelError("ill")
        type = "target" if "安排" in str(chunk.section) else "achievement"
        claims = [
            FigureClaim(figure=number, indicator="指标", type=type)
            for number, figure in enumerate(chunk.figures, 1)
            if figure.reason is None
        ]
        return Reading(figures=tuple(claims))


Held = dict[str, tuple[str, frozenset[str]]]
"""SHA-256 and ids of the records of each report of a folder, by its source."""

some = st.sets(st.sampled_from(NAMES), min_size=1)
fates = st.one_of(
    st.just(Fate()),
    st.builds(Fate, die_at=st.integers(1, 25)),
    st.builds(Fate, fail_at=st.integers(1, 12)),
    st.builds(Fate, signal_at=st.integers(1, 5), number=st.sampled_from([signal.SIGINT, signal.SIGTERM])),
)


class Folder(RuleBasedStateMachine):
    """A folder of reports, a folder of a run, and what users and machines do to them."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp())
        self.out = self.root / "run"
        self.model, self.temperature, self.ill = "a", 0.0, ""
        for name, text in zip(NAMES, TEXTS, strict=True):
            self.write(name, text)

    def teardown(self) -> None:
        shutil.rmtree(self.root)

    def path(self, name: str) -> Path:
        return self.root / "reports" / name

    @rule(name=st.sampled_from(NAMES), text=st.sampled_from(TEXTS))
    def write(self, name: str, text: str) -> None:
        self.path(name).parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".zip"):
            with zipfile.ZipFile(self.path(name), "w") as archive:
                archive.writestr("甲.txt", text)
        else:
            self.path(name).write_text(text, encoding="utf-8")

    @rule(name=st.sampled_from(NAMES))
    def remove(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)

    @rule(old=st.sampled_from(NAMES), new=st.sampled_from(NAMES))
    def rename(self, old: str, new: str) -> None:
        if self.path(old).exists() and self.path(old).suffix == self.path(new).suffix:
            self.path(old).replace(self.path(new))

    @rule(ill=st.sampled_from(["", "公路", "植树", "增长"]))
    def sicken(self, ill: str) -> None:
        self.ill = ill

    @rule(model=st.sampled_from("ab"), temperature=st.sampled_from([0.0, 0.5]))
    def choose(self, model: str, temperature: float) -> None:
        self.model, self.temperature = model, temperature

    @rule(names=some, flag=st.sampled_from(["", "", "retry_failed", "force"]), fate=fates, table=st.booleans())
    def run(self, names: set[str], flag: str, fate: Fate, table: bool) -> None:
        """`llmx extract`, `--retry-failed` or `--force`, undisturbed, interrupted or killed."""
        before, fate = self.held(), fate.again()
        model = Claimant(self.model, self.temperature, self.ill, fate)
        paths = [self.path(name) for name in sorted(names)]
        flags, asked = {flag: True} if flag else {}, frozenset(map(source_of, paths))
        try:
            with fate.met():
                manifest = llmx.run(paths, self.out, model, ["csv"] if table else ["jsonl"], **flags).manifest
        except UsageError:
            assert self.held() == before, "a run that was refused changed the folder"
            return
        except (Killed, OutputError):
            self.check(self.held(), before, asked, replacing=flag == "force", dropping=flag == "force")
            return
        after, dropping = self.held(), flag == "force" and not manifest.interrupted
        self.check(after, before, asked, replacing=flag == "force", dropping=dropping)
        failed = {one.source for one in read_failures(self.out / "failures.jsonl")}
        for path in paths:
            assert {str(path), source_of(path)} & failed or after[source_of(path)][0] == sha256_of(path)
        assert not [path for path in self.out.iterdir() if path.name.startswith(".")]

    @rule(names=some)
    def second_process(self, names: set[str]) -> None:
        """Another run is writing the folder."""
        if not self.out.exists():
            return
        before, lock = self.held(), Lock.take(self.out / ".lock")
        assert lock, "the lock of a dead run was not taken over"
        try:
            llmx.run([self.path(name) for name in names], self.out, Claimant("a", 0.0, "", Fate()))
            raise AssertionError("two runs in one folder")
        except OutputError:
            assert self.held() == before
        finally:
            lock.free()

    def check(self, after: Held, before: Held, asked: frozenset[str], *, replacing: bool, dropping: bool) -> None:
        """Nothing that was there is missing, unless its report has changed or it was given up on demand."""
        for source, (sha256, ids) in before.items():
            if source not in after:
                moved = any(sha256 == other and ids <= found for other, found in after.values())
                assert dropping or moved, f"{source} is gone"
            elif after[source][0] == sha256:
                assert ids <= after[source][1] or (replacing and source in asked), f"records of {source} are gone"
            else:
                assert source in asked, f"{source} was not named and is another"

    def held(self) -> Held:
        """What the folder holds, whole and right."""
        try:
            saved = llmx.open_run(self.out)
        except UnreadableInput:
            return {}
        records: dict[str, list[Record]] = {one.report: [] for one in saved.reports}
        for record in saved.records():
            records[record.report].append(record)
        ids = Counter(record.id for found in records.values() for record in found)
        assert max(ids.values(), default=1) == 1, "two records of one id"
        assert len(records) == len(saved.reports), "two reports of one id"
        if (self.out / "records.csv").exists():
            with open(self.out / "records.csv", encoding="utf-8-sig", newline="") as table:
                assert [row["id"] for row in csv.DictReader(table)] == list(ids)
        stretches: dict[str | None, list[tuple[int, int]]] = {}
        for failure in read_failures(self.out / "failures.jsonl"):
            if failure.start is not None and failure.end is not None:
                stretches.setdefault(failure.report, []).append((failure.start, failure.end))
        for one in saved.reports:
            self.whole(TEXT_OF[one.sha256 or ""], records[one.report], stretches.get(one.report, []))
        return {
            one.source or "": (one.sha256 or "", frozenset(record.id for record in records[one.report]))
            for one in saved.reports
        }

    @staticmethod
    def whole(text: str, records: list[Record], failed: list[tuple[int, int]]) -> None:
        """Every quote is at its place, and every figure in a record or a failure."""
        for record in records:
            assert text[record.start : record.end] == record.quote
            assert text[record.figure_start : record.figure_end] == record.figure
        claimed = {record.figure_start for record in records}
        for start in FIGURES[text]:
            assert start in claimed or any(a <= start < b for a, b in failed), f"figure at {start}"


TestFolder = Folder.TestCase
TestFolder.settings = settings(
    max_examples=int(os.environ.get("SEQUENCES", "500")),
    stateful_step_count=8,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
