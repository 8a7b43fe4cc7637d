"""How a run goes, and the table at its end, on standard error."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import typer

from llmx.calls import Totals

if TYPE_CHECKING:
    from llmx.calls import Call
    from llmx.outputs import Failure, Manifest
    from llmx.results import Result
    from llmx.runs import Estimate


class Progress:
    """A bar on a terminal, a line a report elsewhere; failures are said at once in both."""

    def __init__(self) -> None:
        self.bar: Any = None
        self.total = self.at = 0
        self.totals = Totals()
        self.failures: Counter[str] = Counter()

    def __enter__(self) -> Progress:
        if sys.stderr.isatty():
            from rich import progress
            from rich.console import Console

            columns = (
                progress.TextColumn("{task.description}"),
                progress.BarColumn(),
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
                typer.echo(f"{error}: {count} stretches in all; failures.jsonl names each", err=True)

    def begin(self, total: int) -> None:
        """The run begins."""
        self.total = total
        if self.bar:
            self.task = self.bar.add_task("reports", total=total, calls="")

    def step(self, name: str, result: Result) -> None:
        """One report is done."""
        self.at += 1
        for failure in result.failures:
            self._failed(failure)
        if result.document is not None and not result.records and not result.failures:
            self.say(f"{name}: no records found; is it a government report?")
        elif result.facts is not None and result.facts.kind == "other":
            self.say(f"{name}: does not look like a work report or plan report; records may be few or wrong")
        if self.bar:
            self.bar.update(self.task, advance=1, description=name)
        elif result.document is not None:
            typer.echo(f"[{self.at}/{self.total}] {name}: {len(result.records)} records", err=True)

    def _failed(self, failure: Failure) -> None:
        """Say a failure; of those with one reason in many places only the first."""
        self.failures[failure.error] += failure.start is not None
        if failure.start is None or self.failures[failure.error] == 1:
            self.say(f"Failed: {failure.message}")

    def call(self, call: Call) -> None:
        """A language model's call; counted for the line under the bar."""
        self.totals.add(call)
        if self.bar:
            self.bar.update(self.task, calls=_calls(self.totals))

    def say(self, line: str) -> None:
        """Print a line above the bar."""
        if self.bar:
            self.bar.console.print(line, markup=False, highlight=False)
        else:
            typer.echo(line, err=True)


_LISTED = 50
"""Reports listed one by one in the end table; of more, only the totals."""


def print_summary(manifest: Manifest) -> None:
    """The end table: records by type a report, figures claimed and left unclaimed without a reason, failures."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("\nreport", overflow="fold")
    for header in (
        "\ntargets",
        "achieve-\nments",
        "\nprojects",
        "\nproblems",
        "figures\nclaimed",
        "un-\nclaimed",
        "\nfailures",
    ):
        table.add_column(header, justify="right")
    counts = {
        one.report: (*one.records.values(), one.figures_claimed, one.figures_unclaimed, one.failures)
        for one in manifest.inputs
    }
    for report, row in counts.items() if len(counts) <= _LISTED else ():
        table.add_row(report, *map(str, row))
    sums = [sum(column) for column in zip(*counts.values(), strict=True)][:-1] or [0] * (len(table.columns) - 2)
    table.add_row(f"{len(counts)} report{'s' * (len(counts) != 1)}", *map(str, sums), str(manifest.failures))
    console = Console(stderr=True, width=None if sys.stderr.isatty() else 100)
    console.print(table)
    if manifest.interrupted:
        console.print("Interrupted: what was read is written, the rest was left.", markup=False)
    for warning in manifest.warnings:
        console.print(f"Warning: {warning}", markup=False, highlight=False)
    if manifest.usage:
        console.print(_calls(manifest.usage), markup=False, highlight=False)


def _calls(totals: Totals) -> str:
    """What calls came to, in a line; a cost that is not known is not 0."""
    parts = [f"{totals.requests} requests", f"{totals.hits} hits"]
    parts += [f"{totals.failed_requests} failed"] if totals.failed_requests else []
    parts += [f"{totals.reasks} asked again"] if totals.reasks else []
    parts += [f"{totals.prompt:,} + {totals.completion:,} tokens"] if totals.prompt else []
    parts += [f"{amount:.4f} {currency}" for currency, amount in totals.cost.items()]
    parts += [f"price of {totals.unpriced} requests not known"] if totals.unpriced else []
    return ", ".join(parts)


def print_dry_run(estimate: Estimate) -> None:
    """What a run will take."""
    calls = estimate.chunks - estimate.cached
    typer.echo(f"{estimate.reports} reports, {estimate.chunks} chunks; the cache answers {estimate.cached}")
    if estimate.unreadable:
        typer.echo(f"{estimate.unreadable} inputs cannot be read")
    tokens = f"about {estimate.usage.prompt:,} tokens of prompt and {estimate.usage.completion:,} of answers"
    price = f"about {estimate.cost.amount:.4f} {estimate.cost.currency}" if estimate.cost else "price not known"
    typer.echo(f"{calls} calls to {estimate.model}: {tokens}, {price}; a second look adds about a tenth")
