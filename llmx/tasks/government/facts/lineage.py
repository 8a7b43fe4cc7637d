"""Which division continues another: renamed, raised in rank or merged."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import NamedTuple

from llmx.tasks.government.facts.changes import CONTINUED, ENDED


class Continued(NamedTuple):
    """The division that a report of a later year speaks for."""

    code: str
    """Its code in the later year."""
    moved: bool
    """Whether its boundary is another: it took in others, or was taken in."""


@lru_cache(maxsize=1)
def _taken_in() -> dict[str, set[str]]:
    """For each code those that it continues."""
    found: dict[str, set[str]] = defaultdict(set)
    for old, new in CONTINUED.items():
        found[new].add(old)
    return dict(found)


def continued(code: str, year: int, later: int) -> Continued:
    """The division of a later year that continues one of an earlier.

    Args:
        code: the code in the report of `year`.
        year, later: the years that the two reports plan. One of January 2021 speaks of what stood at the end of 2020.

    Returns:
        The code itself where nothing changed between them.
    """
    new = code
    while new in ENDED and new in CONTINUED and ENDED[new] < later - 1 and CONTINUED[new] != new:
        new = CONTINUED[new]
    olds = {old for old in _taken_in().get(new, ()) if year - 1 <= ENDED.get(old, 0) < later - 1}
    stood = code == new or code in olds
    return Continued(new, bool(olds) and (len(olds) > 1 or code not in olds) if stood else new != code)
