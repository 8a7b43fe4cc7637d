"""What a run takes from each input, written down and counted, and what stays of an earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Protocol

from llmx.errors import Stopped, UsageError
from llmx.outputs import MANIFEST, Earlier, Failure, InputSummary, Manifest
from llmx.outputs.commits import settle
from llmx.outputs.files import writing
from llmx.outputs.store import Store
from llmx.resume import Planned, Schedule, Unnamed, listed, source_of
from llmx.taking import Taken


class Sink(Protocol):
    """Where a run's records go: a RunFolder, or Lines on a stream."""

    def take(self, report: str, lines: Sequence[bytes]) -> None:
        """Take the records of one report, as lines."""

    def keep(self, report: str) -> None:
        """Keep the records of a report that an earlier run left here."""

    def report(self, summary: InputSummary) -> None:
        """Take what is known of a report, after its records."""

    def add_failure(self, failure: Failure) -> None:
        """Take a failure."""

    def finish(self, manifest: Manifest) -> list[Path]:
        """Make everything whole; return the files written."""


class Keeping:
    """Writes down what is taken and counts it.

    Args:
        sink: where it goes.
        manifest: where it is counted.
        earlier: what the sink holds of an earlier run.
    """

    def __init__(self, sink: Sink, manifest: Manifest, earlier: Earlier) -> None:
        self.sink, self.manifest, self.earlier = sink, manifest, earlier
        self._failed: set[Failure] = set()

    def take(self, one: Planned, taken: Taken | None) -> None:
        """One input, and what was taken from it; None where there was nothing to do, or where the run was stopped before."""
        if taken is None and one.job:
            taken = Taken(failures=(_not_read(one),))
        if taken and taken.summary:
            self._add(one, taken, taken.summary)
            return
        for failure in taken.failures if taken else ():
            named = {} if failure.report else {"source": one.part.source}
            self._fail(failure.model_copy(update=named))
        if one.held:
            self._keep(one.held.model_copy(update={"source": one.part.source}) if one.held.source else one.held)

    def leave(self, plan: Schedule, unnamed: Unnamed) -> None:
        """What the folder holds of other inputs; a run that was interrupted drops nothing."""
        dropping = unnamed == "dropped" and not self.manifest.interrupted
        for summary in [*plan.closed, *([] if dropping else plan.unnamed)]:
            self._keep(summary)
        if dropping and plan.unnamed:
            names = [one.source or one.report for one in plan.unnamed]
            self.manifest.warnings.append(f"{listed(names)} of other inputs dropped")
        if unnamed == "kept" or self.manifest.interrupted:
            for failure in self.earlier.failures:
                if failure.report not in self.earlier.reports and source_of(failure) not in plan.sources:
                    self._fail(failure)

    def _add(self, one: Planned, taken: Taken, summary: InputSummary) -> None:
        self.sink.take(summary.report, taken.lines)
        for failure in taken.failures:
            self._fail(failure)
        if one.again and one.held and one.held.sha256 == summary.sha256:
            before = dict.fromkeys([*one.held.turned_away, *summary.turned_away])
            missing = [*one.held.missing, *summary.missing]
            summary = summary.model_copy(update={"turned_away": list(before), "missing": missing})
        self._count(summary)

    def _keep(self, summary: InputSummary) -> None:
        """A report as the folder holds it, with its failures."""
        self.sink.keep(summary.report)
        for failure in self.earlier.failed(summary.report):
            self._fail(failure)
        self._count(summary)
        self.manifest.taken_up += 1

    def _count(self, summary: InputSummary) -> None:
        self.sink.report(summary)
        self.manifest.reports += 1
        self.manifest.figures_claimed += summary.figures_claimed
        self.manifest.figures_unclaimed += summary.figures_unclaimed
        self.manifest.missing += len(summary.missing)
        for type, count in summary.records.items():
            self.manifest.records[type] = self.manifest.records.get(type, 0) + count

    def _fail(self, failure: Failure) -> None:
        if failure not in self._failed:
            self._failed.add(failure)
            self.sink.add_failure(failure)
            self.manifest.failures += 1


def _not_read(one: Planned) -> Failure:
    error = Stopped("not read: the run was interrupted; run the same command again to go on")
    return Failure.of(error, report=None, source=one.part.source, stage="read")


def unnamed_of(folder: str | PathLike[str], retry_failed: bool, force: bool) -> Unnamed:
    """What may become of reports that a folder holds and that are not among a run's inputs.

    Raises:
        UsageError: there is no run whose failures could be asked again.
    """
    if retry_failed:
        store = Store(folder)
        if store.local:
            with writing(store.local):
                settle(store.local)
        if not store.read([MANIFEST]):
            raise UsageError(f"{folder}: no run to retry; leave out --retry-failed, or give the --out of a run")
    return "dropped" if force else "kept" if retry_failed else "refused"
