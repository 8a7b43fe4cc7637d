"""`llmx evaluate`: one run against labels, or several side by side."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from llmx.cli.app import OK, SOME_FAILED, WRONG_USAGE, app, stop

if TYPE_CHECKING:
    from llmx.evaluation import Comparison, Scores

Reports = Annotated[
    list[str] | None,
    typer.Option(
        help="Texts of the labelled reports: files, folders or globs.",
        metavar="PATH",
        show_default="beside the labels, or where run.json says",
    ),
]
Of = Annotated[
    str,
    typer.Option(
        help="What the records are of: a task's folder, or module:NAME.",
        metavar="TASK",
        show_default="as the run says, else government reports",
    ),
]
Resamples = Annotated[int, typer.Option(help="Draws of the bootstrap; 0 for no intervals.", min=0)]
Seed = Annotated[int, typer.Option(help="Of the draws.", min=0)]
Json = Annotated[Path | None, typer.Option(help="Also write all tables as JSON.", metavar="FILE")]


@app.command(epilog="Example: llmx evaluate outputs/sample tests/labels/qianjiang-2025.jsonl")
def evaluate(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PREDICTED GOLD",
            help="A run's folder or records.jsonl, and a label file or a folder of them; with --gold, one or more runs.",
            show_default=False,
        ),
    ],
    gold: Annotated[str, typer.Option(help="Labels, where several runs are compared.", metavar="PATH")] = "",
    task: Of = "",
    reports: Reports = None,
    html: Annotated[
        Path | None, typer.Option(help="Write a page with the texts and every error in place.", metavar="FILE")
    ] = None,
    json: Json = None,
    differences: Annotated[
        Path | None, typer.Option(help="Write the records on which runs differ: .jsonl or .csv.", metavar="FILE")
    ] = None,
    floors: Annotated[
        Path | None, typer.Option(help="Exit with 1 if a score is under its floor.", metavar="FILE")
    ] = None,
    update_floors: Annotated[bool, typer.Option("--update-floors", help="Raise the floors to these scores.")] = False,
    lower_floors: Annotated[bool, typer.Option("--lower-floors", help="With --update-floors: lower them too.")] = False,
    resamples: Resamples = 1000,
    seed: Seed = 0,
) -> None:
    """Score records against hand labels, or compare runs on the same labels.

    A label file may say which part of a report was labelled; only records there count:
    {"report": "NAME", "labelled": [[0, 5600]]}. A dash is no zero: there was nothing to score.
    """
    from llmx.errors import LlmxError, UsageError

    try:
        runs, labels = _split(paths, gold)
        several = len(runs) > 1
        unfit = _unfit(several, {"--html": html, "--floors": floors}, {"--differences": differences})
        if unfit:
            raise UsageError(unfit)
        if (update_floors or lower_floors) and not (floors and update_floors):
            raise UsageError("--update-floors takes --floors FILE, and --lower-floors takes --update-floors")
        settings: dict[str, Any] = {"task": task or None, "reports": reports, "resamples": resamples, "seed": seed}
        if several:
            raise typer.Exit(_compare(runs, labels, settings, json, differences))
        scores = _score(runs[0], labels, settings, json, html)
        raise typer.Exit(_gate(scores, floors, update_floors, lower_floors) if floors else OK)
    except LlmxError as error:
        raise stop(error, _code(error)) from error


def _code(error: Exception) -> int:
    from llmx.errors import OutputError

    return SOME_FAILED if isinstance(error, OutputError) else WRONG_USAGE


def _split(paths: list[str], gold: str) -> tuple[list[str], str]:
    """The runs and the labels."""
    from llmx.errors import UsageError

    if gold:
        return paths, gold
    if len(paths) != 2:
        raise UsageError(
            f"{len(paths)} path{'s' * (len(paths) != 1)} given; give PREDICTED and GOLD, or runs with --gold LABELS"
        )
    return paths[:1], paths[1]


def _unfit(several: bool, one: dict[str, object], more: dict[str, object]) -> str:
    """What is wrong with options that are for one run alone, or for several."""
    for name, given in (one if several else more).items():
        if given is not None:
            return f"{name} is for {'one run' if several else 'several runs; name the labels with --gold'}"
    return ""


def _score(run: str, labels: str, settings: dict[str, Any], json: Path | None, html: Path | None) -> Scores:
    """Score, print and write."""
    from llmx.cli.scores import print_notes, print_scores
    from llmx.evaluation import evaluate, write_json, write_page

    scores = evaluate(run, labels, **settings)
    print_scores(scores)
    print_notes(scores)
    if json:
        write_json(scores.as_dict(), json)
    if html:
        write_page(scores, html, f"{run} against {labels}")
    return scores


def _compare(
    runs: list[str], labels: str, settings: dict[str, Any], json: Path | None, differences: Path | None
) -> int:
    """Compare, print and write."""
    from llmx.cli.scores import print_comparison
    from llmx.evaluation import check_name, compare, write_json

    if differences:
        check_name(differences)
    comparison: Comparison = compare({run: run for run in runs}, labels, **settings)
    print_comparison(comparison)
    if json:
        write_json(comparison.as_dict(), json)
    if differences:
        typer.echo(f"{comparison.write_records(differences)} records differ; they are in {differences}", err=True)
    return OK


def _gate(scores: Scores, floors: Path, update: bool, lower: bool) -> int:
    """Hold the scores against the floors, or set these."""
    from llmx.evaluation import under_floors, update_floors

    if update:
        set_to = update_floors(scores, floors, lower).f1
        typer.echo(f"Floors in {floors}: " + ", ".join(f"{name} {floor}" for name, floor in set_to.items()), err=True)
        return OK
    fallen = under_floors(scores, floors)
    for line in fallen:
        typer.echo(f"Under the floor: {line}", err=True)
    return SOME_FAILED if fallen else OK
