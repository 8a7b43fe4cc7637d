"""How a run goes, and the table at its end, on standard error."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from llmx.calls import Totals, now
from llmx.cli.streams import say
from llmx.outputs.files import writing

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from llmx.calls import Call
    from llmx.outputs import Failure, Manifest
    from llmx.runs import Estimate
    from llmx.sizing import Duration
    from llmx.taking import Taken
    from llmx.task import Task


class Progress:
    """A live view on a terminal, a line a report elsewhere; failures are said at once in both.

    Args:
        quiet: say failures alone.
        verbose: also say each call of a language model.
    """

    def __init__(self, quiet: bool = False, verbose: bool = False) -> None:
        self.quiet, self.verbose = quiet, verbose
        self.bar: Any = None
        self.total = self.at = self.chunks = 0
        self.totals = Totals()
        self.failures: Counter[str] = Counter()
        self._began = time.monotonic()

    def __enter__(self) -> Progress:
        if sys.stderr.isatty() and not self.quiet:
            from rich import progress
            from rich.console import Console

            columns = (
                progress.TextColumn("{task.description}"),
                progress.BarColumn(bar_width=20),
                progress.MofNCompleteColumn(),
                progress.TimeRemainingColumn(),
                progress.TextColumn("{task.fields[calls]}"),
            )
            self.bar = progress.Progress(*columns, console=Console(stderr=True), transient=True)
            self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar:
            self.bar.stop()
        for error, count in self.failures.items():
            if count > 1:
                say(f"{error}: {count} stretches in all; failures.jsonl names each")

    def begin(self, total: int) -> None:
        """The run begins."""
        self.total = total
        if self.bar:
            self.task = self.bar.add_task("reports", total=total, calls="")

    def step(self, name: str, taken: Taken) -> None:
        """One report is done."""
        self.at += 1
        for failure in taken.failures:
            self._failed(failure)
        empty = taken.summary is not None and not len(taken) and not taken.failures
        if empty or taken.doubt:
            self.say(f"{name}: {'; '.join(filter(None, ('no records found' * empty, taken.doubt)))}")
        if self.bar:
            self.bar.update(self.task, advance=1, description=name)
        elif taken.summary is not None and not self.quiet:
            say(f"[{self.at}/{self.total}] {name}: {len(taken)} records")

    def page(self, name: str, done: int, total: int) -> None:
        """A page of a scan is read."""
        if self.bar:
            self.bar.update(self.task, description=f"{Path(name).name}: page {done} of {total}")
        elif not self.quiet and done and (done % _PAGES == 0 or done == total):
            say(f"{name}: page {done} of {total}")

    def _failed(self, failure: Failure) -> None:
        """Say a failure; of those with one reason in many places only the first."""
        self.failures[failure.error] += failure.start is not None
        if failure.start is None or self.failures[failure.error] == 1:
            self.say(f"Failed: {failure.message}")

    def call(self, call: Call) -> None:
        """A language model's call: counted for the live view, said if each is to be."""
        self.totals.add(call)
        self.chunks += call.purpose != "second" and call.kind in ("hit", "usage")
        if self.verbose and call.kind in ("hit", "attempt", "failure"):
            self.say(_told(call))
        if self.bar:
            rate = self.chunks / max(time.monotonic() - self._began, 0.001)
            self.bar.update(self.task, calls=f"{self.chunks} chunks, {rate:.1f}/s, {calls_told(self.totals)}")

    def say(self, line: str) -> None:
        """Print a line above the live view."""
        if self.bar:
            self.bar.console.print(line, markup=False, highlight=False)
        else:
            say(line)


def _told(call: Call) -> str:
    """A call in a line: whose, where, how it went, what it took."""
    usage = call.usage
    parts = [f"{call.report} {call.start}–{call.end}", call.purpose, call.kind]
    parts += [f"attempt {call.attempt}"] if call.kind == "attempt" else []
    parts += [str(part) for part in (call.status, call.finish, call.error) if part is not None]
    parts += [f"{usage.prompt} + {usage.completion} tokens"] if usage and usage.prompt is not None else []
    parts += [f"{call.seconds:.1f} s"] if call.seconds is not None else []
    return ", ".join(parts)


class Log:
    """A run's events as JSON lines: calls, reports done and failures, each with its time.

    Args:
        path: appended to.

    Raises:
        OutputError: it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        with writing(str(path)):
            self._file = open(path, "a", encoding="utf-8", newline="\n")  # noqa: SIM115 (closed on exit)

    def call(self, call: Call) -> None:
        """A language model's call."""
        self._write({"event": call.kind} | call.model_dump(mode="json", exclude={"kind"}, exclude_none=True))

    def begin(self, total: int) -> None:
        """The run begins."""
        self._write({"event": "begin", "time": now(), "reports": total})

    def step(self, name: str, taken: Taken) -> None:
        """One report is done."""
        for failure in taken.failures:
            self._write({"event": "failed", "time": now()} | failure.model_dump(mode="json", exclude_none=True))
        self._write({"event": "report", "time": now(), "report": name, "records": len(taken)})

    def page(self, name: str, done: int, total: int) -> None:
        """A page of a scan is read."""
        self._write({"event": "page", "time": now(), "source": name, "page": done, "pages": total})

    def _write(self, event: dict[str, Any]) -> None:
        text = json.dumps(event, ensure_ascii=False)
        self._file.write(text.encode("utf-8", "backslashreplace").decode() + "\n")
        self._file.flush()

    def __enter__(self) -> Log:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


class Both:
    """Two listeners as one."""

    def __init__(self, *listeners: Progress | Log) -> None:
        self.listeners = listeners

    def begin(self, total: int) -> None:
        """The run begins."""
        for one in self.listeners:
            one.begin(total)

    def step(self, name: str, taken: Taken) -> None:
        """One report is done."""
        for one in self.listeners:
            one.step(name, taken)

    def page(self, name: str, done: int, total: int) -> None:
        """A page of a scan is read."""
        for one in self.listeners:
            one.page(name, done, total)


_PAGES = 10
"""Of so many pages of a scan one is told of where there is no live view."""
_LISTED = 50
"""Reports listed one by one in the end table; of more, only the totals."""


def print_summary(manifest: Manifest, task: Task) -> None:
    """The end table: records by type a report, figures claimed and left unclaimed without a reason, failures."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("\nreport", overflow="fold")
    several = {type: name for name, type in task.plurals.items()}
    for header in (*(_folded(several[type]) for type in task.types), "figures\nclaimed", "un-\nclaimed", "\nfailures"):
        table.add_column(header, justify="right")
    for one in manifest.inputs if manifest.reports <= _LISTED else ():
        counts = (one.records.get(type, 0) for type in task.types)
        table.add_row(one.report, *map(str, (*counts, one.figures_claimed, one.figures_unclaimed, one.failures)))
    sums = [
        *(manifest.records.get(type, 0) for type in task.types),
        manifest.figures_claimed,
        manifest.figures_unclaimed,
    ]
    table.add_row(f"{manifest.reports} report{'s' * (manifest.reports != 1)}", *map(str, sums), str(manifest.failures))
    console = Console(stderr=True, width=None if sys.stderr.isatty() else 100)
    with console.capture() as written:
        _print_summary(console, table, manifest)
    say(written.get().rstrip("\n"))


_WIDE = 9
"""Letters that a head of the end table has at most in a line."""


def _folded(name: str) -> str:
    """A head in two lines: the words of its name or, of one long word, its parts."""
    words = name.replace("_", " ")
    if len(words) <= _WIDE:
        return f"\n{words}"
    first, blank, last = words.rpartition(" ")
    if blank:
        return f"{first}\n{last}"
    cut = next((at for at in range(min(_WIDE, len(words)) - 1, 3, -1) if words[at] not in _VOWELS), _WIDE - 1)
    return f"{words[:cut]}-\n{words[cut:]}"


_VOWELS = "aeiou"


def _print_summary(console: Console, table: Table, manifest: Manifest) -> None:
    console.print(table)
    if manifest.taken_up:
        console.print(f"{manifest.taken_up} of them were in the folder already.", markup=False, highlight=False)
    if manifest.missing:
        told = f"{manifest.missing} claims are not borne out by their text and no records; reports.jsonl has them."
        console.print(told, markup=False, highlight=False)
    if manifest.interrupted:
        console.print("Interrupted: what was read is written, the rest was left.", markup=False)
    for warning in manifest.warnings:
        console.print(f"Warning: {warning}", markup=False, highlight=False)
    if manifest.usage:
        console.print(calls_told(manifest.usage), markup=False, highlight=False)


def calls_told(totals: Totals) -> str:
    """What calls came to, in a line; a cost that is not known is not 0."""
    parts = [f"{totals.requests} requests", f"{totals.hits} hits"]
    parts += [f"{totals.failed_requests} failed"] if totals.failed_requests else []
    parts += [f"{totals.reasks} asked again"] if totals.reasks else []
    parts += [f"{totals.prompt:,} + {totals.completion:,} tokens"] if totals.prompt else []
    parts += [f"{amount:.4f} {currency}" for currency, amount in totals.cost.items()]
    parts += [f"price of {totals.unpriced} requests not known"] if totals.unpriced else []
    return ", ".join(parts)


def print_dry_run(estimate: Estimate, is_assumed: bool = False) -> None:
    """What a run will take.

    Args:
        estimate: what was counted.
        is_assumed: whether nobody said how long a call takes.
    """
    calls = estimate.chunks - estimate.cached
    typer.echo(f"{estimate.reports} reports, {estimate.chunks} chunks; the cache answers {estimate.cached}")
    if estimate.unreadable:
        typer.echo(f"{estimate.unreadable} inputs cannot be read")
    tokens = f"about {estimate.usage.prompt:,} tokens of prompt and {estimate.usage.completion:,} of answers"
    price = f"about {estimate.cost.amount:.4f} {estimate.cost.currency}" if estimate.cost else "price not known"
    if estimate.batch_cost:
        price += f" ({estimate.batch_cost.amount:.4f} in batches)"
    typer.echo(f"{calls} calls to {estimate.model}: {tokens}, {price}; a second look adds about a tenth")
    pace = estimate.pace
    limits = [f"{pace.concurrency} calls at once of {pace.latency:g} s" + " (assumed; say --latency)" * is_assumed]
    limits += [f"{pace.rpm:,} requests a minute"] if pace.rpm else []
    limits += [f"{pace.tpm:,} tokens a minute"] if pace.tpm else []
    typer.echo(f"Live {_hours_told(estimate.hours(1))} with {', '.join(limits)}")
    if pace.workers > 1:
        typer.echo(f"On {pace.workers} workers, which have these limits together, {_hours_told(estimate.hours())}")
    typer.echo("In batches at most 24 hours, and 24 more for second looks, where the provider has batches")


def _hours_told(duration: Duration) -> str:
    hours = duration.hours
    time = f"{hours:,.1f} hours" if hours >= 1 else f"{hours * 60:.1f} minutes"
    return f"about {time}, by {duration.bound}"
