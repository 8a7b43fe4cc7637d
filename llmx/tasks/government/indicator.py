"""One row of the vocabulary of indicators, and how rows are read from a file."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, get_args

from llmx.errors import UsageError
from llmx.figures.units import POINTS, RATES
from llmx.records import Measure, Number

_MEASURES = frozenset(get_args(Measure))
_ID = re.compile("[a-z][a-z0-9_]{0,27}")
"""A name that Stata takes, with four characters left for what a table adds."""
_REQUIRED = {"id": str, "name": str, "english": str, "dimension": str, "measures": list, "units": list}
_LISTS = {"measures", "units", "aliases", "aliases_of_growth"}
_TABLES = {"usual", "not"}
_OPTIONAL = {"usual", "aliases", "aliases_of_growth", "not", "nbs", "successor"}
RATED = frozenset(("share", "index"))
"""Dimensions whose change is given in points."""

COUNTED = frozenset(("count", "people"))
"""Dimensions of things counted one by one."""
_MULTIPLIERS = "十百千万亿"
_WEIGHTS = re.compile("千(?=瓦|克|米)")
"""千 that belongs to a unit's name: 千瓦时."""


_BRACES = re.compile(r"\{([^{}]*)\}")


def expanded(aliases: Iterable[str]) -> Iterator[str]:
    """Each alias that a pattern stands for: 新建{和|及}改造高标准农田 is two."""
    for alias in aliases:
        match = _BRACES.search(alias)
        if match is None:
            yield alias
            continue
        head, tail = alias[: match.start()], alias[match.end() :]
        yield from expanded(head + choice + tail for choice in match.group(1).split("|"))


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of the vocabulary."""

    id: str
    """Short ASCII name, one for ever."""
    name: str
    """规范名, the official name."""
    english: str
    """What it is in English."""
    dimension: str
    """What kind of quantity it is: money, people, count, share, …"""
    measures: tuple[Measure, ...]
    """The measures that a figure of it may have."""
    units: tuple[str, ...]
    """Its units without a multiplier; empty text where it may stand without a unit."""
    aliases: tuple[str, ...] = ()
    """Other words for it."""
    aliases_of_growth: tuple[str, ...] = ()
    """Words that are it only where growth is meant: 经济."""
    usual: Mapping[str, tuple[Number, Number]] = field(default_factory=dict)
    """By measure the widest usual range of a value, a level in its unit without multiplier."""
    confused: Mapping[str, str] = field(default_factory=dict)
    """Words that are taken for it and are another thing, each with what they are."""
    nbs: str | None = None
    """Its code in the yearly database of the National Bureau of Statistics; None where it is not known."""
    successor: str | None = None
    """The id of the series that continues it."""

    def names(self) -> Iterator[str]:
        """Its name and the other words for it, but those that are it only where growth is meant."""
        return expanded((self.name, *self.aliases))

    def fits(self, measure: str | None, unit: str | None) -> bool:
        """Whether a figure of this measure and unit can be one of it: GDP is no number of firms."""
        measure = measure or "level"
        if measure not in self.measures:
            return False
        if measure == "growth":
            return unit in RATES
        if measure == "change" and self.dimension in RATED and unit in POINTS:
            return True
        return self._counted_in(unit or "")

    def is_usual(self, measure: str, value: Number) -> bool:
        """Whether a value lies in the usual range of a measure; true where none is given.

        Args:
            measure: level, growth or change.
            value: a level in its unit without multiplier (`base_value`).
        """
        low, high = self.usual.get(measure, (value, value))
        return low <= value <= high

    def _counted_in(self, unit: str) -> bool:
        base = _base(unit)
        return base in self.units or (not base and unit != "" and self.dimension in COUNTED)


@lru_cache(maxsize=1024)  # a report has few units
def _base(unit: str) -> str:
    """A unit without its multiplier, in one width: 亿元 is 元, 万 is nothing, 千瓦 stays."""
    plain = unicodedata.normalize("NFKC", unit).replace("每", "/").replace("³", "3")
    while plain and plain[0] in _MULTIPLIERS and not _WEIGHTS.match(plain):
        plain = plain[1:]
    return plain


class _Row(NamedTuple):
    """Where an indicator was written down, for messages."""

    file: str
    number: int

    def __str__(self) -> str:
        return f"{self.file}, indicator {self.number}"


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a TOML file, as they stand there.

    Raises:
        UsageError: the file cannot be read, or holds something else.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"Cannot read the vocabulary {str(path)!r}: {error}. Check the path.") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"The vocabulary {str(path)!r} is no TOML: {error}.") from error
    rows = table.get("indicator")
    if set(table) != {"indicator"} or not isinstance(rows, list):
        raise UsageError(f"The vocabulary {str(path)!r} has {sorted(table)!r}; write each row as [[indicator]].")
    return rows


def indicators_of(rows: Iterable[Mapping[str, Any]], file: str) -> Iterator[tuple[Indicator, str]]:
    """The indicators of a file's rows, each with where it stands in words.

    Raises:
        UsageError: a row is wrong; the message names the file, the row and the value.
    """
    for number, row in enumerate(rows, 1):
        where = _Row(file, number)
        yield _indicator(row, where), str(where)


def _indicator(row: Mapping[str, Any], where: _Row) -> Indicator:
    """A row of a file, checked."""
    _check_fields(row, where)
    _check_values(row, where)
    given: dict[str, Any] = {
        key: tuple(value) if key in _LISTS else value for key, value in row.items() if key not in _TABLES
    }
    usual = {measure: (low, high) for measure, (low, high) in row.get("usual", {}).items()}
    return Indicator(**given, usual=usual, confused=row.get("not", {}))


def _check_fields(row: Mapping[str, Any], where: _Row) -> None:
    """Raises UsageError where a field is missing, unknown or of another type."""
    for key, kind in _REQUIRED.items():
        if key not in row:
            raise UsageError(f"{where} ({row.get('id', row.get('name'))!r}) has no {key!r}. Add it.")
        if not isinstance(row[key], kind) or not row[key]:
            raise UsageError(f"{where}: {key!r} is {row[key]!r}; it must be a {kind.__name__} and not empty.")
    for key, value in row.items():
        if key not in _REQUIRED and key not in _OPTIONAL:
            known = ", ".join([*_REQUIRED, *sorted(_OPTIONAL)])
            raise UsageError(f"{where} ({row['id']!r}) has the unknown field {key!r}. Known are {known}.")
        if key in _LISTS and not (isinstance(value, list) and all(isinstance(one, str) for one in value)):
            raise UsageError(f"{where}: {key!r} is {value!r}; it must be a list of words.")
        if key in _TABLES and not isinstance(value, dict):
            raise UsageError(f"{where}: {key!r} is {value!r}; it must be a table.")


def _check_values(row: Mapping[str, Any], where: _Row) -> None:
    """Raises UsageError where an id, a measure or a range cannot be used."""
    if not _ID.fullmatch(row["id"]):
        raise UsageError(f"{where}: the id {row['id']!r} must be 1 to 28 of a-z, 0-9 and _, a letter first.")
    for measure in (*row["measures"], *row.get("usual", {})):
        if measure not in _MEASURES:
            raise UsageError(f"{where} ({row['id']!r}): no measure {measure!r}. Use {', '.join(sorted(_MEASURES))}.")
    for measure, bounds in row.get("usual", {}).items():
        numbers = isinstance(bounds, list) and len(bounds) == 2 and all(isinstance(at, int | float) for at in bounds)
        if not numbers or bounds[0] > bounds[1]:
            raise UsageError(f"{where} ({row['id']!r}): usual {measure} is {bounds!r}; write [lowest, highest].")
