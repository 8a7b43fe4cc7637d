"""The types of a task as the page has them: words, colours, and what is shown of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from llmx.errors import TaskError
from llmx.task import LANGUAGES, Task

COLOURS = 8
"""Colours that the style has, told apart in every common colour blindness as far as their underlines go with them."""
_UNDERLINES = ("solid", "dotted 2px", "dashed", "wavy 1px")
_CLASS = re.compile(r"[a-z][a-z0-9_-]*", re.ASCII)
_COLOUR = re.compile(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?|[a-zA-Z]+")


def type_data(task: Task, taken: frozenset[str]) -> list[dict[str, Any]]:
    """What the page's script knows of each type.

    Args:
        task: the task.
        taken: classes that the page's style has a meaning for; a type of such a name gets another.
    """
    plurals = {name: several for several, name in task.plurals.items()}
    data = []
    for at, (name, shown) in enumerate(task.shown.items()):
        own = name if _CLASS.fullmatch(name) and name not in taken else f"type-{at}"
        data.append({"name": name, "class": own, "many": plurals[name].replace("_", " "), **asdict(shown)})
    return data


def type_style(classes: Sequence[tuple[str, str | None]]) -> str:
    """The colours of types as style.

    Args:
        classes: each type's class with the colour that the task gives it, if any.
    """
    return "".join(_rules(at, name, colour) for at, (name, colour) in enumerate(classes))


def classes_of(style: str) -> frozenset[str]:
    """The classes that a style has a meaning for."""
    return frozenset(re.findall(r"\.([a-zA-Z][\w-]*)", style))


def words_of(task: Task) -> dict[str, Mapping[str, str]]:
    """The task's words in each language of the page."""
    return {language: task.words_in(language) for language in LANGUAGES}


def colour_of(task: Task, type: str) -> str | None:
    """The colour that a task gives a type.

    Raises:
        TaskError: it is none: #rrggbb or a colour's name.
    """
    colour = task.colours.get(type)
    if colour is not None and not _COLOUR.fullmatch(colour):
        raise TaskError(
            f"task {task.name!r}: colour {colour!r} of {type!r}; give #rrggbb or a colour's name, such as teal"
        )
    return colour


def _rules(at: int, name: str, colour: str | None) -> str:
    """A type's colour on words and lines, behind words, behind words that are selected, and in charts."""
    line, _, thick = _UNDERLINES[at % len(_UNDERLINES)].partition(" ")
    named = f"--c{at % COLOURS + 1}"
    own = [f"var({named})", f"var({named}-tint)", f"var({named}-here)", f"var({named}-fill)"]
    if colour:
        own = [f"color-mix(in srgb, {colour} {share}%, var({ground}))" for share, ground in _MIXED] + [colour]
    parts = (
        dict(zip(("own", "tint", "here", "fill"), own, strict=True))
        | {"under": line}
        | ({"thick": thick} if thick else {})
    )
    rules = "; ".join(f"--{part}: {value}" for part, value in parts.items())
    return f".{name} {{ {rules} }}\n.and-{name} {{ --also: {own[1]} }}\n"


_MIXED = ((65, "--ink"), (16, "--card"), (40, "--card"))
"""How much of a task's own colour there is in words, behind words, and behind words that are selected."""
