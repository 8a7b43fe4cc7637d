"""`llmx follow`."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from llmx.cli.app import INTERRUPTED, SOME_FAILED, WRONG_USAGE, app, stop
from llmx.cli.options import ANSWER, PACE, model_options, takes_options

if TYPE_CHECKING:
    from llmx.tasks.government import Following

_OF_CHUNKS = {"chunk", "check", "passes"}
"""Options of how reports are read, which is over here."""
_OPTIONS = {name: option for name, option in (ANSWER | PACE).items() if name not in _OF_CHUNKS}


@app.command(epilog="Example: llmx follow outputs/2024 outputs/2025 --to outputs/follow.xlsx")
@takes_options(_OPTIONS)
def follow(
    earlier: Annotated[str, typer.Argument(help="Folder of a run with the reports that promise.", show_default=False)],
    later: Annotated[
        str,
        typer.Argument(help="Folder of a run with the reports of the year after; may be the same.", show_default=False),
    ],
    to: Annotated[
        str, typer.Option(help="File to write: .xlsx, .docx, .html, .csv, .jsonl or .parquet.", show_default=False)
    ],
    model: Annotated[
        str,
        typer.Option(
            help="PROVIDER/MODEL that is asked about promises which words leave doubtful.",
            show_default="nobody is asked",
        ),
    ] = "",
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that llmx did not write.")] = False,
    log_file: Annotated[
        Path | None, typer.Option(help="Append each call of a language model to this file, as JSON lines.")
    ] = None,
    cassette: Annotated[
        Path | None, typer.Option(help="Replay recorded answers from this file: no key, no network.")
    ] = None,
    *,
    asked: dict[str, Any],
) -> None:
    """Write what became of each target and planned project, by the reports of the year after."""
    from llmx.errors import LlmxError, OutputError

    try:
        found = _followed(earlier, later, to, model or None, force, log_file, cassette, asked)
    except OutputError as error:
        raise stop(error, SOME_FAILED) from error
    except LlmxError as error:
        raise stop(error, WRONG_USAGE) from error
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    for reason in found.alone:
        typer.echo(f"Not followed: {reason}", err=True)
    for reason in found.unanswered:
        typer.echo(f"No answer: {reason}", err=True)
    told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in found.counts.items())
    typer.echo(f"{len(found)} promises in {to}" + (f": {told}" if told else ""), err=True)
    if found.unanswered:
        raise typer.Exit(SOME_FAILED)


def _followed(
    earlier: str,
    later: str,
    to: str,
    model: str | None,
    force: bool,
    log_file: Path | None,
    cassette: Path | None,
    asked: dict[str, Any],
) -> Following:
    """Follow with or without a language model; what its calls came to is told."""
    import llmx
    from llmx.calls import Totals
    from llmx.cli.progress import Log, calls_told

    if model is None and not asked and cassette is None:
        return llmx.follow(earlier, later, to, force=force)
    with ExitStack() as stack:
        options, totals = model_options(asked), Totals()
        if cassette:
            from llmx.cassettes import replayed

            model, options = stack.enter_context(replayed(cassette, model or "rules", options))
        log = stack.enter_context(Log(log_file)) if log_file else None
        options = options.heard_by(totals.add, *([log.call] if log else []))
        found = llmx.follow(earlier, later, to, model, options, force=force)
    typer.echo(calls_told(totals), err=True)
    return found
