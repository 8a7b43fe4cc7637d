"""`llmx extract`."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from llmx.cli.app import INTERRUPTED, OK, SOME_FAILED, WRONG_USAGE, app, stop
from llmx.cli.options import ANSWER, KIND, PACE, PLACE, TASK, YEAR, known, model_options, takes_options
from llmx.cli.streams import json_lines, say
from llmx.processes import collect_seldom

if TYPE_CHECKING:
    from llmx.calls import Hook
    from llmx.cli.progress import Log, Progress
    from llmx.documents import Document, Known
    from llmx.errors import InputError
    from llmx.models import ModelOptions
    from llmx.outputs import Manifest


@app.command(epilog="Example: llmx extract reports/ --out outputs/first --format jsonl,csv")
@takes_options(ANSWER | PACE)
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
    task: TASK = "",
    year: YEAR = None,
    kind: KIND = None,
    place: PLACE = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how many calls and tokens the run will take, and send nothing.")
    ] = False,
    latency: Annotated[
        float, typer.Option(min=0, help="With --dry-run: seconds that a call takes.", show_default="20, assumed")
    ] = 0.0,
    retry_failed: Annotated[
        bool,
        typer.Option("--retry-failed", help="Keep also what the folder holds of inputs that are not named this time."),
    ] = False,
    force: Annotated[
        bool,
        typer.Option("--force", help="Drop what the folder holds of other inputs, another model or other settings."),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say failures alone.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Also say each call of a language model.")] = False,
    log_file: Annotated[
        Path | None, typer.Option(help="Append each event of the run to this file, as JSON lines.")
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs",
            "-j",
            help="Processes that read reports; 0 for one a core.",
            show_default="1; with --engine one a CPU that it has",
        ),
    ] = None,
    engine: Annotated[
        str | None,
        typer.Option(help="ray: do shards on a Ray, that of RAY_ADDRESS or one of this machine.", show_default="none"),
    ] = None,
    shards: Annotated[
        int | None,
        typer.Option(
            help="Parts that the run is cut into, each done by itself; 0 for one folder.",
            show_default="one for 250 reports, where --out is a URL or there are more than 5,000 files",
        ),
    ] = None,
    cassette: Annotated[
        Path | None, typer.Option(help="Replay recorded answers from this file: no key, no network.")
    ] = None,
    *,
    asked: dict[str, Any],
) -> None:
    """Extract targets, achievements, projects and problems.

    A run is a folder: the same command goes on where it stopped, reads what is new or has changed, and asks only what
    has no answer yet.
    """
    from llmx.cli.progress import Log, Progress
    from llmx.errors import LlmxError, OutputError

    formats = [name.strip() for name in format.split(",") if name.strip()]
    try:
        with ExitStack() as stack:
            options, told = model_options(asked), known(year, kind, place)
            if cassette:
                from llmx.cassettes import replayed

                model, options = stack.enter_context(replayed(cassette, model, options))
            if dry_run:
                return _dry_run(paths, model, options, told, task or None, latency, jobs or 1)
            log = stack.enter_context(Log(log_file)) if log_file else None
            progress = Progress(quiet, verbose)
            manifest = _run(
                paths,
                out,
                model,
                formats,
                retry_failed,
                force,
                column,
                told,
                task or None,
                options,
                progress,
                log,
                jobs,
                shards,
                engine,
            )
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
    force: bool,
    column: str | None,
    told: Known,
    task: str | None,
    options: ModelOptions,
    progress: Progress,
    log: Log | None,
    jobs: int | None,
    shards: int | None,
    engine: str | None,
) -> Manifest:
    """Run into a folder or onto standard output, with progress and the end table on standard error."""
    from llmx.cli.progress import Both, print_summary
    from llmx.documents.inputs import shown
    from llmx.errors import UsageError
    from llmx.extractor import Extractor
    from llmx.keeping import unnamed_of
    from llmx.outputs import Lines, RunFolder
    from llmx.runs import jobs_of, run_cut, run_into
    from llmx.shards import shards_wanted
    from llmx.task import open_task

    if retry_failed and (not out or out == "-"):
        raise UsageError("--retry-failed needs the folder of the run whose failures it asks again: --out FOLDER")
    settings = {"paths": [shown(Path(path)) for path in paths], "formats": formats}
    inputs, wanted, processes = _inputs(paths), open_task(task), jobs_of(jobs, engine)
    if engine and out == "-":
        raise UsageError(f"--engine {engine} writes shards; give --out a folder or URL")
    with ExitStack() as stack:
        place = out or f"outputs/{datetime.now():%Y%m%d-%H%M%S}-{model.replace('/', '-')}"
        hooks: list[Hook] = [progress.call, *([log.call] if log else [])]
        listener = Both(progress, log) if log else progress
        is_cut = out != "-" and shards_wanted(place, inputs, shards, engine)
        unnamed = unnamed_of(Path() if out == "-" else place, retry_failed, force)
        if out != "-":
            Extractor(model, options, task=wanted).close()  # a wrong name or option leaves no folder behind
        sink: Any = Lines(json_lines())
        if out != "-" and not is_cut:
            sink = stack.enter_context(RunFolder(Path(place), formats, task=wanted, force=force))
            hooks.append(sink.ledger)
        heard = options.heard_by(*hooks).with_(again=retry_failed)
        extractor = stack.enter_context(Extractor(model, heard, told, task=wanted))
        stack.enter_context(progress)
        collect_seldom()
        if is_cut:
            manifest = run_cut(
                place,
                inputs,
                extractor,
                settings,
                formats,
                listener,
                unnamed,
                column,
                shards=shards,
                jobs=processes,
                engine=engine,
            ).manifest
        else:
            earlier = sink.earlier if out != "-" else None
            manifest = run_into(sink, inputs, extractor, settings, listener, earlier, unnamed, column, jobs=processes)
    if not progress.quiet:
        print_summary(manifest, wanted)
    if out != "-" and not progress.quiet:
        say(f"Records are in {place}")
    return manifest


def _dry_run(
    paths: list[str], model: str, options: ModelOptions, told: Known, task: str | None, latency: float, workers: int
) -> None:
    from llmx.cli.progress import print_dry_run
    from llmx.runs import estimate
    from llmx.sizing import LATENCY

    found = estimate(_inputs(paths), model, options, told, task, latency=latency or LATENCY, workers=workers)
    print_dry_run(found, is_assumed=not latency)


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
