"""`llmx check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from llmx.cli.app import OK, SOME_FAILED, WRONG_USAGE, app, stop
from llmx.cli.options import TASK

if TYPE_CHECKING:
    from llmx.trial import Trial


@app.command(epilog="Example: llmx check tests/reports/qianjiang-2025.txt")
def check(
    path: Annotated[
        str | None,
        typer.Argument(
            help="A document to show the first question of; else an example of the task.", show_default=False
        ),
    ] = None,
    task: TASK = "",
    schema: Annotated[bool, typer.Option("--schema", help="Also print the JSON Schema of an answer.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print no prompt.")] = False,
) -> None:
    """Try a task without asking a model: examples, templates, schema, a prompt as it would be sent, tokens.

    Exit code 1 where something will not work as it was meant, 2 where the task cannot be used at all.
    """
    from llmx.errors import InputError, LlmxError
    from llmx.trial import check_task

    try:
        trial = check_task(task or None, path)
    except InputError as error:
        raise stop(error, SOME_FAILED) from error
    except LlmxError as error:
        raise stop(error, WRONG_USAGE) from error
    if not quiet:
        _print_prompt(trial)
    if schema:
        _print_schema(trial)
    _print_summary(trial)
    raise typer.Exit(SOME_FAILED if trial.faults else OK)


def _print_prompt(trial: Trial) -> None:
    for message in trial.messages:
        typer.echo(f"── {message['role']}\n{message['content']}\n")


def _print_schema(trial: Trial) -> None:
    import json

    typer.echo("── schema\n" + json.dumps(trial.schema, ensure_ascii=False, indent=2))


def _print_summary(trial: Trial) -> None:
    records = sum(len(result.records) for result in trial.examples)
    typer.echo(f"task {trial.task.name}: {', '.join(trial.task.types)}; split by {trial.task.split}")
    typer.echo(f"examples: {len(trial.examples)} with {records} records")
    typer.echo(
        f"tokens, about: {trial.shared_tokens:,} with every question, {trial.question_tokens:,} in the one shown"
    )
    for note in trial.notes:
        typer.echo(f"Note: {note}", err=True)
    for fault in trial.faults:
        typer.echo(f"Error: {fault}", err=True)
    typer.echo("not in order" if trial.faults else "in order")
