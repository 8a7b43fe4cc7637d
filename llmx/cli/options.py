"""The options of language models, once for all commands that take them.

A test holds that each is one of `ModelOptions` and that its help names that one's default: pydantic, which knows both,
would cost `llmx --help` a tenth of a second.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

if TYPE_CHECKING:
    from llmx.documents import Kind, Known
    from llmx.models import ModelOptions


def option(kind: Any, help: str, *names: str, **more: Any) -> Any:
    """An option that a command may be given."""
    return Annotated[kind | None, typer.Option(*names, help=help, show_default=False, **more)]


_PAIRS = {"metavar": "NAME=VALUE"}

ANSWER: dict[str, Any] = {
    "base_url": option(str, "An OpenAI-compatible endpoint of your own."),
    "mode": option(
        str, "How the schema travels: json_schema, tools, json, markdown. Else as the provider's table says."
    ),
    "temperature": option(str, "Sampling temperature; none sends none. Else as the provider's table says."),
    "top_p": option(float, "Share of the likeliest tokens that are sampled."),
    "seed": option(int, "For samples that repeat, where the endpoint can."),
    "reasoning_effort": option(str, "How much a reasoning model thinks: none, minimal, low, medium, high."),
    "chunk": option(
        int, "Characters of text in a question at most, filled over borders; else as the provider's table says."
    ),
    "max_tokens": option(int, "The most tokens an answer may have."),
    "extra_body": option(list[str], "A field to add to each request, VALUE in JSON; may be repeated.", **_PAIRS),
    "extra_headers": option(list[str], "A HTTP header to add; may be repeated.", **_PAIRS),
    "query": option(list[str], "To add to the address, such as api-version=2024-10-21; may be repeated.", **_PAIRS),
    "stream": option(bool, "For models that only stream.", "--stream/--no-stream"),
    "system": option(bool, "Whether the model knows a system role.", "--system/--no-system"),
    "config": option(Path, "A llmx.toml with providers, settings and prices, which is trusted."),
    "cache": option(Path, "Where answers are kept (the user's cache folder)."),
}
"""What an answer depends on, and where it is kept."""

PACE: dict[str, Any] = {
    "fallback": option(str, "PROVIDER/MODEL that is asked for what the first refuses or fails."),
    "check": option(str, "What else reads each chunk, for the second look; the task's own reader unless given."),
    "passes": option(int, "1: one question a chunk; 2: a second look where it pays (2)."),
    "concurrency": option(int, "The most calls at once (64)."),
    "rpm": option(int, "Requests a minute, never exceeded."),
    "tpm": option(int, "Tokens a minute, never exceeded."),
    "attempts": option(int, "HTTP attempts a call (6)."),
    "patience": option(float, "Seconds a call may take with all attempts (600)."),
    "timeout": option(float, "Seconds one attempt may take (120)."),
    "reasks": option(int, "How often an answer that breaks the schema is asked again (2)."),
    "budget": option(str, "The most the run may spend: 5USD, 20CNY, 200000tokens."),
}
"""How calls are made and paid."""


YEAR: Any = option(int, "The year that the reports plan, where you know it; else as their texts say.")
KIND: Any = option(str, "work_report, plan_report or other, where you know it.")
PLACE: Any = option(str, "Whose government reports, where you know it.")
TASK = Annotated[
    str,
    typer.Option(help="What is extracted: a task's folder, or module:NAME.", show_default="government reports"),
]


def known(year: int | None, kind: str | None, place: str | None) -> Known:
    """What the caller says of the reports.

    Raises:
        UsageError: a year or kind that no report has.
    """
    from llmx.documents import Known

    return Known(year, cast("Kind | None", kind), place)


def takes_options(options: dict[str, Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command options of language models, after its own; it gets those given as a mapping, `asked`."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = [one for one in inspect.signature(command, eval_str=True).parameters.values() if one.name != "asked"]
        taken = [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
            for name, kind in options.items()
        ]

        @wraps(command)
        def taking(**given: Any) -> None:
            asked = {name: given.pop(name) for name in options}
            command(**given, asked={name: value for name, value in asked.items() if value is not None})

        kept = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own]
        taking.__signature__ = inspect.Signature([*kept, *taken])  # type: ignore[attr-defined]
        taking.__annotations__ = {one.name: one.annotation for one in [*kept, *taken]}
        return taking

    return decorate


def model_options(asked: dict[str, Any]) -> ModelOptions:
    """The options that a command was given.

    Raises:
        UsageError: one is of the wrong type or range.
    """
    from llmx.models import ModelOptions

    given = dict(asked)
    if "temperature" in given:
        given["temperature"] = _number(given["temperature"])
    for name in ("extra_headers", "query"):
        if name in given:
            given[name] = {key: str(value) for key, value in pairs(name, given[name])}
    if "extra_body" in given:
        given["extra_body"] = {key: _json(value) for key, value in pairs("extra_body", given["extra_body"])}
    return ModelOptions(**given)


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def pairs(name: str, given: Iterable[str]) -> list[tuple[str, str]]:
    """What NAME=VALUE says, one after the other.

    Raises:
        UsageError: one is no such pair.
    """
    from llmx.errors import UsageError

    pairs = []
    for number, one in enumerate(given, 1):
        key, equals, value = one.partition("=")
        if not equals or not key.strip():
            # Not shown: a header may be a key.
            raise UsageError(
                f"--{name.replace('_', '-')} number {number} is no NAME=VALUE; write for instance name=value"
            )
        pairs.append((key.strip(), value.strip()))
    return pairs


def _json(text: str) -> Any:
    """A value as JSON, or as the text that it is."""
    import json

    try:
        return json.loads(text)
    except ValueError:
        return text
