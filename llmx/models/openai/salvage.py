"""What can be kept of an answer that was cut."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import jiter
from pydantic import ValidationError

from llmx.prompting import Answer
from llmx.prompting.answer import PARTS


@dataclass(frozen=True, slots=True)
class Salvage:
    """The complete items of a cut answer."""

    answer: Answer
    whole: frozenset[str]
    """The lists that were closed before the cut; nothing is missing from them."""


def salvage(text: str) -> Salvage:
    """Keep the complete items of an answer's text.

    Args:
        text: JSON cut anywhere; what is no JSON at all gives nothing.

    Returns:
        Items that satisfy the schema. The last item of the list that the cut is in is left out: it may lack words.
    """
    try:
        found = jiter.from_json(text.encode(), partial_mode="trailing-strings")
    except ValueError:
        found = {}
    lists = {name: value for name, value in found.items() if name in PARTS} if isinstance(found, dict) else {}
    last = next(reversed(lists), None)
    kept = {name: _valid(name, items[:-1] if name == last else items) for name, items in _lists(lists)}
    answer = Answer.model_validate({name: kept.get(name, []) for name in PARTS})
    return Salvage(answer, frozenset(lists.keys() - {last}))


def _lists(found: dict[str, Any]) -> list[tuple[str, list[Any]]]:
    return [(name, value) for name, value in found.items() if isinstance(value, list)]


def _valid(name: str, items: list[Any]) -> list[Any]:
    """The items that satisfy the schema."""
    valid = []
    for item in items:
        try:
            valid.append(PARTS[name].model_validate(item))
        except ValidationError:
            continue
    return valid
