"""How firmly a figure is promised, how near its value is, and which figure goes beyond which."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from llmx.figures import Figure

_DATA: dict[str, list[dict[str, Any]]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
FIRMNESS: dict[str, str] = {word: row["firmness"] for row in _DATA["commitment"] for word in row["words"]}
"""For each word of commitment how firm it is: ensured, expected or striven."""

_JOIN = "…"
_FARTHEST = 24
"""How far behind a figure the one beyond it may stand."""
_GAP = str.maketrans("", "", " *\t\r\n\u3000\u00a0")
_STRETCHES = tuple((re.compile(row["pattern"]), row["beyond"] == "later") for row in _DATA["stretch"])


class Wording(NamedTuple):
    """What the words around a figure say of it besides its value."""

    commitment: str | None
    """How firmly it is promised: 力争, 确保, 预期; None without such a word."""
    approximation: str | None
    """What made the comparator: 左右, 以上, 控制在…以内; None without such a word."""


@lru_cache(maxsize=1024)  # a report has few modifiers
def wording_of(modifier: str | None) -> Wording:
    """Split a figure's joined modifier: 力争…以上 is 力争 and 以上.

    Args:
        modifier: the words joined by … in text order, as a figure has them; None or empty without any.
    """
    words = (modifier or "").split(_JOIN)
    committed = [word for word in words if word in FIRMNESS]
    near = [word for word in words if word and word not in FIRMNESS]
    return Wording(_JOIN.join(committed) or None, _JOIN.join(near) or None)


def stretch_of(text: str, figures: Sequence[Figure]) -> dict[int, int]:
    """Which figure goes beyond which: of 增长7%以上，力争达到8% the second beyond the first.

    Args:
        text: the text that the figures stand in.
        figures: figures of a clause or of more, in text order.

    Returns:
        For the start of each figure that goes beyond another the start of that one. Only figures of one
        unit with different values, between which nothing but words of effort stands.
    """
    found: dict[int, int] = {}
    for first, second in _neighbours(figures):
        if (later := _beyond(text[first.end : second.start])) is not None:
            higher, lower = (second, first) if later else (first, second)
            found[higher.start] = lower.start
    return found


def _neighbours(figures: Sequence[Figure]) -> Iterator[tuple[Figure, Figure]]:
    """Figures that may be two targets of one thing."""
    for first, second in pairwise(figures):
        near = first.end < second.start <= first.end + _FARTHEST
        # 增长7%，奋斗目标为8%: what moves the second one stands with the first, so it may look like a level.
        alike = first.unit == second.unit and second.measure in (first.measure, "level")
        if near and alike and first.value != second.value:
            yield first, second


def _beyond(between: str) -> bool | None:
    """Whether by the words between two figures the later one goes beyond the earlier; None where neither does."""
    words = between.translate(_GAP)
    return next((later for pattern, later in _STRETCHES if pattern.fullmatch(words)), None)
