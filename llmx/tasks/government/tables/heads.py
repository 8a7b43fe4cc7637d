"""The head of a table: what each column holds, by its words."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path
from typing import Any, Literal

from llmx.figures.units import POINTS, RATES, is_unit, unit_of
from llmx.records import Measure

Role = Literal["ordinal", "name", "class", "unit", "aside", "value", "other"]
Tense = Literal["outcome", "forecast", "plan"]

WORDS: Mapping[str, Any] = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
_ROLES = tuple((row["role"], re.compile(row["pattern"])) for row in WORDS["role"])
_SAID = tuple((row["tells"], re.compile(row["pattern"])) for row in WORDS["said"])
_MEASURES = tuple((row["measure"], re.compile(row["pattern"])) for row in WORDS["measure"])
_ASPECTS = tuple((re.compile(row["pattern"]), row.get("tense")) for row in WORDS["aspect"])
_YEARS = tuple((re.compile(row["words"]), row.get("after"), row.get("is")) for row in WORDS["year"])
_COMPARED = re.compile(
    "[比较](?:上年|去年|上一?年度|前年|(?:19|20)[0-9]{2}年)(?:同期|(?:执行|完成|预算|决算|预计|实际)数?)?"
)
_YEAR = re.compile("(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])")
_BRACKETS = re.compile(r"[（(]([^（）()]{1,20})[）)]")
_TOGETHER = re.compile("[、,，/;；和]")
_NOTE = re.compile(r"单位[:：]\s{0,2}([^\s，。；：）)]{1,20})")
_AVERAGE = "年均"
"""A column so called speaks of all years, not of the last one on its left."""
_APART = 3
"""Years between the two of a plan of several."""
_DASHES = "—–-－/ "


@dataclass(frozen=True, slots=True)
class Units:
    """Units that a row, a column or all of a table has."""

    level: str = ""
    """Of absolute figures."""
    growth: str = ""
    """Of rates of change."""


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds."""

    role: Role
    words: str
    """All of its head's words, from the top down."""
    tense: Tense | None = None
    year: int | None = None
    """The year that its words tell."""
    after: int | None = None
    """How many years after the one that the report plans; -1 is the year before."""
    measure: Measure | None = None
    """growth or change, where its words say so."""
    units: Units = Units()
    aspect: str = ""
    """What its figures measure of what the row names: 比重, 产量."""


def column_of(heads: Sequence[str]) -> Column:
    """What a column with these heads, from the top down, holds."""
    words = [squeezed(head) for head in heads]
    units = next((found for head in reversed(heads) if (found := bracketed(head)[1])), Units())
    bare = [squeezed(bracketed(head)[0]) for head in heads]
    for role, pattern in _ROLES:
        if any(pattern.fullmatch(head) for head in bare[-1:]):
            return Column(role, "".join(words), units=units)
    return _value("".join(bare), "".join(words), units)


def _value(bare: str, words: str, units: Units) -> Column:
    """A column of figures, or one that nothing is known of."""
    told = _COMPARED.sub("", bare)
    measure = next((measure for measure, pattern in _MEASURES if pattern.search(bare)), None)
    if measure == "growth" and units.level in POINTS:
        measure = "change"
    said = next((tells for tells, pattern in _SAID if pattern.search(told)), None)
    aspects = ((found.group(), tense) for pattern, tense in _ASPECTS if (found := pattern.search(told)))
    aspect, tense = next(aspects, ("", None))
    years = _YEAR.findall(told)
    after, year = next(((after, year) for pattern, after, year in _YEARS if pattern.search(told)), (None, None))
    year = int(years[-1]) if years else year
    known = measure or said or aspect or year or after is not None
    tense = tense or (None if said == "level" else said)
    after = None if year else after
    return Column("value" if known else "other", words, tense, year, after, measure, units, aspect)


def with_neighbours(columns: Sequence[Column]) -> list[Column]:
    """Columns of which those that say by how much go with the figures on their left: 2025年目标, 增长（%）; of years that lie
    apart (2020年, 2025年) the first is where a plan begins."""
    found: list[Column] = []
    bare = [column.year for column in columns if column.role == "value" and not (column.tense or column.measure)]
    years = sorted(year for year in bare if year)
    begins = years[0] if years and years[-1] - years[0] >= _APART else None
    for column in columns:
        if begins and column.year == begins and column.tense is None:
            column = replace(column, tense="outcome")
        if column.role == "value" and (column.measure or column.aspect):
            near = (one for one in reversed(found) if one.role == "value" and _together(one, column))
            column = _joined(next(near, None), column)
        found.append(column)
    return found


def _together(left: Column, column: Column) -> bool:
    same = column.year is None and column.after is None
    return left.measure is None and (same or (left.year, left.after) == (column.year, column.after))


def _joined(left: Column | None, column: Column) -> Column:
    if left is None:
        return column
    dated = column.year or column.after is not None
    return replace(
        column,
        words=column.words if _AVERAGE in column.words else left.words + column.words,
        tense=column.tense or left.tense,
        year=column.year if dated else left.year,
        after=column.after if dated else left.after,
        aspect=column.aspect or (left.aspect if column.measure else ""),
    )


def squeezed(words: str) -> str:
    """Words to compare: one width, without blanks."""
    return "".join(unicodedata.normalize("NFKC", words).split()).upper() if words else ""


def bracketed(words: str) -> tuple[str, Units | None]:
    """Words without the brackets that hold a unit, and that unit: 比上年增长（%）, 增长%, 投资（单位：亿元）."""
    for found in reversed(list(_BRACKETS.finditer(words))):
        for piece in (found[1], *_TOGETHER.split(found[1])):
            if (units := units_of(piece.removeprefix("单位").lstrip(":："))) and units != Units():
                return words[: found.start()] + words[found.end() :], units
    if words.rstrip().endswith(("%", "％")) and len(words.strip()) > 1:
        return words.rstrip()[:-1], units_of("%")
    return words, None


def units_of(words: str) -> Units | None:
    """Units as a cell has them: 亿元; 亿元、% are those of an amount and of its growth. None where it is none."""
    unit = unit_of("".join(words.split()))
    if is_unit(unit):
        return Units(unit, unit if unit in RATES or unit in POINTS else "")
    pieces = [unit_of(piece) for piece in _TOGETHER.split(unit)]
    if len(pieces) == 2 and all(map(is_unit, pieces)):
        rates = [piece for piece in pieces if piece in RATES]
        amounts = [piece for piece in pieces if piece not in RATES]
        return Units((amounts or rates)[0], "".join(rates[:1]))
    return None


def unit_in_row(words: str) -> Units | None:
    """What a column of units says: any words but a dash, known as a unit or not."""
    bare = "".join(words.split()).strip(_DASHES)
    return (units_of(bare) or Units(unit_of(bare))) if bare else None


def unit_noted(words: str) -> Units | None:
    """The unit that a note gives for all of a table: 单位：亿元、%."""
    found = _NOTE.search(words)
    return units_of(found[1]) if found else None


def heads_of(rows: Sequence[Sequence[str]], is_figure: Any) -> tuple[int, list[list[str]]]:
    """How many rows a table's head has, and for each column the words over it.

    A cell of the head that reaches over others is followed by blanks, which have words below them.

    Args:
        rows: the words of the table's rows, from the head on.
        is_figure: whether a cell holds a figure.
    """
    further = takewhile(lambda row: _goes_on(rows[0], row, is_figure), rows[1:4])
    head = [rows[0], *further]
    return len(head), [list(_over(head, column)) for column in range(len(rows[0]))]


def _goes_on(first: Sequence[str], row: Sequence[str], is_figure: Any) -> bool:
    """Whether a row is a further line of the head: words stand below blanks, and none below the first name."""
    named = next((at for at, words in enumerate(first) if words), 0)
    below = any(words and not first[at] for at, words in enumerate(row))
    return below and not row[named] and not any(is_figure(words) for words in row)


def _over(head: Sequence[Sequence[str]], column: int) -> Iterator[str]:
    for number, row in enumerate(head):
        at = column
        while not row[at] and at and any(line[at] for line in head[number + 1 :]):
            at -= 1
        if row[at]:
            yield row[at]
