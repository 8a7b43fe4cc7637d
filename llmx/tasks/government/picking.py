"""By what records of reports are picked: a place by any part of its path, a code by its beginning, an indicator by its id."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from llmx.errors import UsageError
from llmx.task import Pick, holding
from llmx.tasks.government.facts.divisions import names_within
from llmx.tasks.government.indicators import Vocabulary, plain


def report_picks(derived: Mapping[str, Pick], vocabulary: Vocabulary) -> dict[str, Pick]:
    """What any task has, and what only reports say.

    Args:
        derived: what follows from the columns of the records.
        vocabulary: the indicators that go by their ids and names.
    """
    words = derived["indicator"].told
    return dict(derived) | {
        "place": Pick(_places, holding, listed=True),
        "code": Pick(lambda values: filter(None, [values.get("code")]), _beginning, listed=True),
        "indicator": Pick(
            lambda values: [(values.get("indicator_id"), " ".join(words(values)))],
            lambda asked: _indicator(asked, vocabulary),
        ),
    }


def _places(values: Mapping[str, Any]) -> Iterable[str]:
    region = values.get("region")
    return (_path(region, values.get("code")),) if region else ()


@lru_cache(maxsize=4096)
def _path(region: str, code: str | None) -> str:
    """A place with those that it lies in: 重庆市 黔江区."""
    above = names_within(code) if code else []
    return " ".join([*(name for name in above if name not in region), region])


def _beginning(asked: str) -> Callable[[Any], bool]:
    if not asked.isdecimal():
        raise UsageError(f"code {asked!r}: give a division code or its beginning: 500114, 50")
    return lambda told: told.startswith(asked)


def _indicator(asked: str, vocabulary: Vocabulary) -> Callable[[Any], bool]:
    """An id; a canonical name, with what has no id and holds its words; or words, also of a canonical name."""
    if asked in vocabulary:
        return lambda told: told[0] == asked
    named = next((one.id for one in vocabulary if plain(one.name) == plain(asked)), None)
    holds = holding(asked)
    if named:
        return lambda told: told[0] == named if told[0] else holds(told[1])
    return lambda told: holds(told[1]) or (told[0] in vocabulary and holds(vocabulary[told[0]].name))
