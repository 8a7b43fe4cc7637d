"""The command line: parse, call one library function, print, exit.

The only module that prints, reads standard input or exits. The library is imported inside the commands, so that
`llmx --help` starts at once.
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from llmx.documents import Document
    from llmx.errors import InputError
    from llmx.outputs import Manifest
    from llmx.results import Result
    from llmx.sections import Section

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Turn Chinese government reports into typed records, each with its verbatim quote and place.",
)

OK, SOME_FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


@app.callback(invoke_without_command=True)
def _llmx(version: Annotated[bool, typer.Option("--version", help="Print the version and exit.")] = False) -> None:
    if version:
        from llmx import __version__

        typer.echo(__version__)
        raise typer.Exit(OK)


@app.command(epilog="Example: llmx extract reports/ --out outputs/first --format jsonl,csv")
def extract(
    paths: Annotated[
        list[str], typer.Argument(help="Files, folders, globs, or - for standard input.", show_default=False)
    ],
    out: Annotated[
        str,
        typer.Option(
            help="Folder to write; - writes records to standard output.", show_default="outputs/<time>-<model>"
        ),
    ] = "",
    model: Annotated[str, typer.Option(help="What reads the reports; `rules` needs no key and no network.")] = "rules",
    format: Annotated[str, typer.Option(help="Any of jsonl, csv, parquet, xlsx, separated by commas.")] = "jsonl",
) -> None:
    """Extract targets, achievements, projects and problems."""
    from llmx.errors import LlmxError, OutputError

    try:
        manifest = _run(paths, out, model, [name.strip() for name in format.split(",") if name.strip()])
    except OutputError as error:
        raise _stop(error, SOME_FAILED) from error
    except LlmxError as error:
        raise _stop(error, WRONG_USAGE) from error
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    raise typer.Exit(INTERRUPTED if manifest.interrupted else SOME_FAILED if manifest.failures else OK)


def _run(paths: list[str], out: str, model: str, formats: list[str]) -> Manifest:
    """Run into a folder or onto standard output, with progress and the end table on standard error."""
    from llmx.models import open_model
    from llmx.outputs import Lines, RunFolder
    from llmx.runs import run_into

    opened = open_model(model)
    settings = {"paths": paths, "model": model, "formats": formats}
    inputs = [_standard_input() if path == "-" else path for path in dict.fromkeys(paths)]
    progress = _Progress()
    if out == "-":
        with progress:
            manifest = run_into(Lines(sys.stdout), inputs, opened, settings, progress)
    else:
        folder = Path(out or f"outputs/{datetime.now():%Y%m%d-%H%M%S}-{opened.name}")
        with RunFolder(folder, formats) as sink, progress:
            manifest = run_into(sink, inputs, opened, settings, progress)
    _print_summary(manifest)
    if out != "-":
        typer.echo(f"Records are in {folder}", err=True)
    return manifest


def _standard_input() -> Document | InputError:
    """Standard input as a document, or why it cannot be read: the run writes that down and goes on."""
    from llmx.documents import read
    from llmx.errors import InputError

    try:
        return read(sys.stdin.buffer.read(), id="stdin")
    except InputError as error:
        return error


def _stop(error: Exception, code: int) -> typer.Exit:
    typer.echo(f"Error: {error}", err=True)
    return typer.Exit(code)


class _Progress:
    """A bar on a terminal, a line a report elsewhere; failures are said at once in both."""

    def __init__(self) -> None:
        self.bar: Any = None
        self.total = self.at = 0

    def __enter__(self) -> _Progress:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.bar:
            self.bar.stop()

    def begin(self, total: int) -> None:
        self.total = total
        if self.bar:
            self.task = self.bar.add_task("reports", total=total)

    def step(self, name: str, result: Result) -> None:
        self.at += 1
        for failure in result.failures:
            self.say(f"Failed: {failure.message}")
        if result.document is not None and not result.records:
            self.say(f"{name}: no records found; is it a government report?")
        elif result.facts is not None and result.facts.kind == "other":
            self.say(f"{name}: does not look like a work report or plan report; records may be few or wrong")
        if self.bar:
            self.bar.update(self.task, advance=1, description=name)
        elif result.document is not None:
            typer.echo(f"[{self.at}/{self.total}] {name}: {len(result.records)} records", err=True)

    def say(self, line: str) -> None:
        if self.bar:
            self.bar.console.print(line, markup=False, highlight=False)
        else:
            typer.echo(line, err=True)


_LISTED = 50
"""Reports listed one by one in the end table; of more, only the totals."""


def _print_summary(manifest: Manifest) -> None:
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


@app.command(epilog="Example: llmx sections tests/reports/qianjiang-2025.txt --chunks")
def sections(
    path: Annotated[str, typer.Argument(help="A report.", show_default=False)],
    chunks: Annotated[bool, typer.Option("--chunks", help="Also print the chunks that a model reads.")] = False,
) -> None:
    """Print a report's heading tree with offsets, years and lengths."""
    from llmx.documents import read
    from llmx.errors import LlmxError
    from llmx.facts import report_facts
    from llmx.figures import find_figures
    from llmx.sections import split_chunks, split_sections

    try:
        document = read(sys.stdin.buffer.read(), id="stdin") if path == "-" else read(Path(path))
    except LlmxError as error:
        raise _stop(error, SOME_FAILED) from error
    tree = split_sections(document.text, report_facts(document).year)
    for section in tree:
        typer.echo(_line(section, document.text))
    for number, chunk in enumerate(split_chunks(document.text, tree, find_figures(document.text)) if chunks else (), 1):
        typer.echo(
            f"\n── chunk {number}: {chunk.start}–{chunk.end}, {chunk.section.role}, {len(chunk.figures)} figures"
        )
        typer.echo(chunk.text.strip("\n"))


def _line(section: Section, text: str) -> str:
    tense = "planned" if section.planned else "reported"
    words = section.heading or f"({' '.join(text[section.start : section.end].split())[:20]}…)"
    place = f"{section.start:>6}–{section.end:<6} {section.end - section.start:>6}"
    return f"{place}  {section.year or '    '}  {section.role:<12} {tense:<8}  {'  ' * section.level}{words}"


@app.command(epilog="Example: llmx schemas --out schemas")
def schemas(out: Annotated[Path, typer.Option(help="Folder to write.")] = Path("schemas")) -> None:
    """Write the JSON Schema of the reading and of each record type."""
    from llmx.schema import write_schemas

    for path in write_schemas(out):
        typer.echo(str(path))


def main() -> None:
    """Run the command line."""
    app()
