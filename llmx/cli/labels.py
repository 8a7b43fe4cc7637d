"""`llmx labels`: export, import, check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from llmx.cli.app import OK, SOME_FAILED, WRONG_USAGE, app, stop
from llmx.cli.options import TASK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from llmx.labels import Finding

labels = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Take labels to Label Studio, doccano or a spreadsheet and back, and check them against their report.",
)
app.add_typer(labels, name="labels")

_FORMAT = typer.Option(
    help="jsonl, label-studio, doccano, csv or xlsx.", show_default="by the file's name: .jsonl .json .doccano.jsonl …"
)


@labels.command(epilog="Example: llmx labels export tests/reports/qianjiang-2025.txt --to to-label.xlsx")
def export(
    source: Annotated[
        str,
        typer.Argument(
            help="A report to label from scratch, a run's folder to correct, or a label file.", show_default=False
        ),
    ],
    to: Annotated[Path, typer.Option(help="File to write.", show_default=False)],
    report: Annotated[
        list[str] | None,
        typer.Option(help="Report or folder of reports that the labels are of.", metavar="PATH", show_default=False),
    ] = None,
    format: Annotated[str, _FORMAT] = "",
    task: TASK = "",
) -> None:
    """Write labels, a run's records or a blank report for a tool that people annotate with.

    A run's records go to Label Studio as predictions, labels as annotations; its labelling configuration is written
    beside. A spreadsheet lists every figure of the text with its sentence; those without a label have cells to fill in.
    For doccano, make a project of sequence labelling with relations, allow overlapping spans, and leave "Count grapheme
    clusters as one character" off.
    """
    from llmx.errors import LlmxError
    from llmx.labels import export_labels

    try:
        done = export_labels(source, to, report, format or None, task or None)
    except LlmxError as error:
        raise _stop(error) from error
    _show(done.findings)
    paths = " and ".join(map(str, done.paths))
    typer.echo(f"{_count(done.labels, 'label')} of {_count(done.reports, 'report')} in {paths}", err=True)
    raise typer.Exit(SOME_FAILED if any(one.level == "error" for one in done.findings) else OK)


@labels.command("import", epilog="Example: llmx labels import done.xlsx --report report.txt --out labels.jsonl")
def import_(
    file: Annotated[
        Path,
        typer.Argument(
            help="Export of Label Studio (JSON) or doccano (JSONL, or its .zip), or a spreadsheet.", show_default=False
        ),
    ],
    report: Annotated[list[str], typer.Option(help="Report or folder of reports.", metavar="PATH", show_default=False)],
    out: Annotated[Path, typer.Option(help="Label file to write.", show_default=False)],
    format: Annotated[str, _FORMAT] = "",
    annotator: Annotated[
        str,
        typer.Option(
            help="Whose annotations: number, e-mail or name in Label Studio, a member's name in doccano's .zip.",
            show_default="the newest",
        ),
    ] = "",
    task: TASK = "",
) -> None:
    """Read what people annotated, with every quote checked against the text and found again where its offset is off."""
    from llmx.errors import LlmxError
    from llmx.labels import import_labels

    try:
        done = import_labels(file, report, out, format or None, annotator or None, task or None)
    except LlmxError as error:
        raise _stop(error) from error
    _show(done.findings)
    refused = sum(one.level == "error" for one in done.findings)
    left = f", {_count(len(done.left_out), 'figure')} left out knowingly" if done.left_out else ""
    typer.echo(f"{_count(len(done.labels), 'label')} in {out}{left}, {refused} refused", err=True)
    raise typer.Exit(SOME_FAILED if refused else OK)


@labels.command(epilog="Example: llmx labels check tests/labels/qianjiang-2025.jsonl tests/reports/qianjiang-2025.txt")
def check(
    file: Annotated[Path, typer.Argument(help="Label file.", show_default=False)],
    report: Annotated[list[str], typer.Argument(help="Report or folder of reports.", show_default=False)],
    task: TASK = "",
) -> None:
    """Check a label file against its report: verbatim, allowed, as the figures say, complete, in order."""
    from llmx.errors import LlmxError
    from llmx.labels import check_labels

    try:
        findings = check_labels(file, report, task or None)
    except LlmxError as error:
        raise _stop(error) from error
    _show(findings, err=False)
    errors = sum(one.level == "error" for one in findings)
    typer.echo(f"{_count(errors, 'error')}, {_count(len(findings) - errors, 'warning')}", err=True)
    raise typer.Exit(SOME_FAILED if errors else OK)


def _stop(error: Exception) -> typer.Exit:
    from llmx.errors import OutputError

    return stop(error, SOME_FAILED if isinstance(error, OutputError) else WRONG_USAGE)


def _show(findings: Iterable[Finding], err: bool = True) -> None:
    for finding in findings:
        typer.echo(str(finding), err=err)


def _count(number: int, name: str) -> str:
    return f"{number:,} {name}{'s' * (number != 1)}"
