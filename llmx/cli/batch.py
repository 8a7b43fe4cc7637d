"""`llmx batch submit|status|collect|cancel RUN`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from llmx.cli.app import INTERRUPTED, OK, SOME_FAILED, WRONG_USAGE, app, stop
from llmx.cli.options import ANSWER, KIND, PACE, PLACE, TASK, YEAR, known, model_options, takes_options
from llmx.cli.streams import say

if TYPE_CHECKING:
    from llmx.batch import Batching
    from llmx.orders import BatchState
    from llmx.saved import SavedRun

batch_app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="A run whose questions travel in batches, at the price of these: step by step, each by another process if need be.",
)
app.add_typer(batch_app, name="batch")

RUN = Annotated[Path, typer.Argument(help="The run's folder.", show_default=False)]
REST = Annotated[
    str, typer.Option(help="Where what a batch brought no answer to goes: into the next `batch`, or `live`.")
]


@batch_app.command(epilog="Example: llmx batch submit outputs/all reports/ --model openai/gpt-5-mini")
@takes_options(ANSWER | PACE)
def submit(
    run: RUN,
    paths: Annotated[list[str], typer.Argument(help="Files, folders or globs.", show_default=False)],
    model: Annotated[str, typer.Option(help="PROVIDER/MODEL.")],
    format: Annotated[str, typer.Option(help="Any of jsonl, csv, parquet, xlsx, separated by commas.")] = "jsonl",
    column: Annotated[
        str | None, typer.Option(help="Column of a .csv, or element of an .xml, that holds a report's text.")
    ] = None,
    task: TASK = "",
    year: YEAR = None,
    kind: KIND = None,
    place: PLACE = None,
    rest: REST = "batch",
    force: Annotated[
        bool,
        typer.Option("--force", help="Drop what the folder holds of other inputs, another model or other settings."),
    ] = False,
    *,
    asked: dict[str, Any],
) -> None:
    """Send what a run would ask in batches, and wait for nothing."""
    from llmx.errors import LlmxError
    from llmx.orders import submit

    try:
        told = known(year, kind, place)
        options = model_options(asked)
        how = batching(rest)
        done = submit(
            run,
            paths,
            model,
            batching=how,
            formats=format,
            column=column,
            task=task or None,
            known=told,
            force=force,
            options=options,
        )
    except LlmxError as error:
        raise stop(error, WRONG_USAGE) from error
    raise typer.Exit(_told(run, done))


@batch_app.command(epilog="Example: llmx batch status outputs/all")
def status(run: RUN) -> None:
    """Say how the batches of a run go; nothing is sent and nothing collected."""
    from llmx.errors import LlmxError
    from llmx.orders import status

    try:
        _told(run, status(run))
    except LlmxError as error:
        raise stop(error, WRONG_USAGE) from error


@batch_app.command(epilog="Example: llmx batch collect outputs/all --wait")
def collect(
    run: RUN,
    wait: Annotated[bool, typer.Option("--wait", help="Go on until all answers are here.")] = False,
    rest: Annotated[
        str | None, typer.Option(help="As for `submit`; as it was said there unless given.", show_default=False)
    ] = None,
) -> None:
    """Bring home what has come, send what follows from it, and write the run once all answers are here."""
    from llmx.errors import LlmxError
    from llmx.orders import collect

    try:
        how = batching(rest or "batch")
        done = collect(run, wait=wait, rest=how.rest if rest else None, batching=how)
    except LlmxError as error:
        raise stop(error, WRONG_USAGE) from error
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    raise typer.Exit(_told(run, done))


@batch_app.command(epilog="Example: llmx batch cancel outputs/all")
def cancel(run: RUN) -> None:
    """Have the batches of a run ended; what they have done is paid, and `collect` brings it home."""
    from llmx.errors import LlmxError
    from llmx.orders import cancel

    try:
        _told(run, cancel(run))
    except LlmxError as error:
        raise stop(error, WRONG_USAGE) from error


def batching(rest: str, tell: Callable[[str], None] | None = say) -> Batching:
    """How a run is asked in batches, told in words unless nobody is to be told.

    Raises:
        UsageError: no such word.
    """
    from llmx.batch import Batching
    from llmx.errors import UsageError

    if rest not in ("batch", "live"):
        raise UsageError(f"--rest {rest!r}: what has no answer goes into the next `batch`, or `live`")
    how = Batching(rest=rest)  # type: ignore[arg-type]
    return replace(how, say=tell) if tell else how


def _told(run: Path, done: BatchState | SavedRun) -> int:
    """Print how a run's batches go, or that it is done; the exit code."""
    from llmx.orders import BatchState

    if not isinstance(done, BatchState):
        failed = f", {done.manifest.failures:,} failures" if done.manifest.failures else ""
        typer.echo(f"all answers are here: {sum(done.manifest.records.values()):,} records in {run}{failed}")
        return SOME_FAILED if done.manifest.failures else OK
    for one in done.batches:
        status = "collected" if one.ended and not one.told else one.status or "not sent yet"
        typer.echo("  ".join(filter(None, (one.remote or "-", status, f"{one.done:,} of {one.requests:,}", one.told))))
    typer.echo(f"{len(done.open):,} batches under way, {done.unsent:,} questions wait; llmx batch collect {run}")
    return OK
