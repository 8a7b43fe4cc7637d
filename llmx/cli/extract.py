"""`llmx extract`."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from llmx.cli.app import INTERRUPTED, OK, SOME_FAILED, WRONG_USAGE, app, stop
from llmx.cli.collector import collect_seldom
from llmx.cli.options import given_options

if TYPE_CHECKING:
    from llmx.calls import Hook
    from llmx.cli.progress import Log, Progress
    from llmx.documents import Document
    from llmx.errors import InputError
    from llmx.models import ModelOptions
    from llmx.outputs import Manifest


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
    model: Annotated[
        str,
        typer.Option(help="What reads the reports: `rules`, which needs no key and no network, or PROVIDER/MODEL."),
    ] = "rules",
    format: Annotated[str, typer.Option(help="Any of jsonl, csv, parquet, xlsx, separated by commas.")] = "jsonl",
    column: Annotated[
        str | None, typer.Option(help="Column of a .csv, or element of an .xml, that holds a report's text.")
    ] = None,
    base_url: Annotated[str | None, typer.Option(help="An OpenAI-compatible endpoint of your own.")] = None,
    mode: Annotated[
        str | None,
        typer.Option(
            help="How the schema travels: json_schema, tools, json, markdown. Else as the provider's table says."
        ),
    ] = None,
    temperature: Annotated[float | None, typer.Option(help="Sampling temperature.")] = None,
    max_tokens: Annotated[int | None, typer.Option(min=16, help="The most tokens an answer may have.")] = None,
    passes: Annotated[
        int | None,
        typer.Option(min=1, max=2, help="1: one question a chunk; 2: a second look where it pays (default)."),
    ] = None,
    concurrency: Annotated[int | None, typer.Option(min=1, help="The most calls at once (64).")] = None,
    rpm: Annotated[int | None, typer.Option(min=1, help="Requests a minute, never exceeded.")] = None,
    tpm: Annotated[int | None, typer.Option(min=1, help="Tokens a minute, never exceeded.")] = None,
    attempts: Annotated[int | None, typer.Option(min=1, help="HTTP attempts a call (6).")] = None,
    patience: Annotated[
        float | None, typer.Option(min=0, help="Seconds a call may take with all attempts (600).")
    ] = None,
    timeout: Annotated[float | None, typer.Option(min=0.1, help="Seconds one attempt may take (120).")] = None,
    budget: Annotated[str | None, typer.Option(help="The most the run may spend: 5USD, 20CNY, 200000tokens.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how many calls and tokens the run will take, and send nothing.")
    ] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="Keep the folder's records and ask only for its failures again.")
    ] = False,
    cache: Annotated[Path | None, typer.Option(help="Where answers are kept (the user's cache folder).")] = None,
    config: Annotated[Path | None, typer.Option(help="A llmx.toml with providers and prices of your own.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say failures alone.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Also say each call of a language model.")] = False,
    log_file: Annotated[
        Path | None, typer.Option(help="Append each event of the run to this file, as JSON lines.")
    ] = None,
    cassette: Annotated[
        Path | None, typer.Option(help="Replay recorded answers from this file: no key, no network.")
    ] = None,
) -> None:
    """Extract targets, achievements, projects and problems.

    A run is a folder: the same command goes on where it stopped, and asks only what has no answer yet.
    """
    from llmx.cli.progress import Log, Progress
    from llmx.errors import LlmxError, OutputError

    given = given_options(locals())
    formats = [name.strip() for name in format.split(",") if name.strip()]
    try:
        with ExitStack() as stack:
            if cassette:
                from llmx.cassettes import replayed

                model, given = stack.enter_context(replayed(cassette, model, given))
            if dry_run:
                return _dry_run(paths, model, given)
            log = stack.enter_context(Log(log_file)) if log_file else None
            progress = Progress(quiet, verbose)
            manifest = _run(paths, out, model, formats, retry_failed, column, given, progress, log)
    except OutputError as error:
        raise stop(error, SOME_FAILED) from error
    except LlmxError as error:
        raise stop(error, WRONG_USAGE) from error
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    raise typer.Exit(INTERRUPTED if manifest.interrupted else SOME_FAILED if manifest.failures else OK)


def _run(
    paths: list[str],
    out: str,
    model: str,
    formats: list[str],
    retry_failed: bool,
    column: str | None,
    options: ModelOptions,
    progress: Progress,
    log: Log | None,
) -> Manifest:
    """Run into a folder or onto standard output, with progress and the end table on standard error."""
    from llmx.cli.progress import Both, print_summary
    from llmx.errors import UsageError
    from llmx.extractor import Extractor
    from llmx.outputs import Earlier, Lines, RunFolder
    from llmx.runs import run_into

    if retry_failed and (not out or out == "-"):
        raise UsageError("--retry-failed needs the folder of the run whose failures it asks again: --out FOLDER")
    settings = {"paths": paths, "formats": formats}
    inputs = _inputs(paths)
    with ExitStack() as stack:
        folder = Path(out or f"outputs/{datetime.now():%Y%m%d-%H%M%S}-{model.replace('/', '-')}")
        earlier = Earlier.of(folder) if retry_failed else None
        hooks: list[Hook] = [progress.call, *([log.call] if log else [])]
        sink: Any = Lines(sys.stdout)
        if out != "-":
            Extractor(model, **options).close()  # a wrong name or option leaves no folder behind
            sink = stack.enter_context(RunFolder(folder, formats))
            hooks.append(sink.ledger)
        extractor = stack.enter_context(Extractor(model, **options | {"hooks": hooks, "again": retry_failed}))
        stack.enter_context(progress)
        collect_seldom()
        manifest = run_into(
            sink, inputs, extractor, settings, Both(progress, log) if log else progress, earlier, column
        )
    if not progress.quiet:
        print_summary(manifest)
    if out != "-" and not progress.quiet:
        typer.echo(f"Records are in {folder}", err=True)
    return manifest


def _dry_run(paths: list[str], model: str, options: ModelOptions) -> None:
    from llmx.cli.progress import print_dry_run
    from llmx.runs import estimate

    print_dry_run(estimate(_inputs(paths), model, **options))


def _inputs(paths: list[str]) -> list[str | Document | InputError]:
    return [_standard_input() if path == "-" else path for path in dict.fromkeys(paths)]


def _standard_input() -> Document | InputError:
    """Standard input as a document, or why it cannot be read: the run writes that down and goes on."""
    from llmx.documents import read
    from llmx.errors import InputError

    try:
        return read(sys.stdin.buffer.read(), id="stdin")
    except InputError as error:
        return error
