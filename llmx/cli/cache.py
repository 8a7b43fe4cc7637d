"""`llmx cache info|clear|explain`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from llmx.cli.app import SOME_FAILED, WRONG_USAGE, app, stop
from llmx.cli.options import ANSWER, model_options, takes_options

cache_app = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Answers on disk: what is there, and why not."
)
app.add_typer(cache_app, name="cache")

_FOLDER = Annotated[Path | None, typer.Option("--cache", help="The folder (the user's cache folder).")]


@cache_app.command(epilog="Example: llmx cache info")
def info(cache: _FOLDER = None) -> None:
    """Say how many answers the cache has, since when, and what they cost."""
    from llmx.cache import AnswerCache, default_cache
    from llmx.errors import LlmxError

    try:
        for name, value in AnswerCache.existing(cache or default_cache()).info().items():
            typer.echo(f"{name:<18} {value if value is not None else '-'}")
    except LlmxError as error:
        raise stop(error, SOME_FAILED) from error


@cache_app.command(epilog="Example: llmx cache clear --yes")
def clear(
    cache: _FOLDER = None, yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether to.")] = False
) -> None:
    """Remove all answers: what they cost will be paid again."""
    from llmx.cache import AnswerCache, default_cache
    from llmx.errors import LlmxError

    folder = cache or default_cache()
    try:
        answers = AnswerCache.existing(folder)
        if not yes:
            typer.confirm(f"Remove all answers in {folder}?", abort=True, err=True)
        typer.echo(f"{answers.clear()} answers removed")
    except LlmxError as error:
        raise stop(error, SOME_FAILED) from error


@cache_app.command(epilog="Example: llmx cache explain tests/reports/qianjiang-2025.txt --model ollama/qwen3")
@takes_options(ANSWER)
def explain(
    path: Annotated[str, typer.Argument(help="A report.", show_default=False)],
    model: Annotated[str, typer.Option(help="PROVIDER/MODEL.")],
    *,
    asked: dict[str, Any],
) -> None:
    """Say of each chunk whether its answer is there and, if not, in what it differs from the nearest that is."""
    from llmx.errors import LlmxError
    from llmx.runs import explain_cache

    try:
        for line in explain_cache(path, model, model_options(asked)):
            typer.echo(line)
    except LlmxError as error:
        raise stop(error, WRONG_USAGE) from error
