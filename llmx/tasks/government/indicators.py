"""Which indicator of the vocabulary a record's words name; what the vocabulary does not have has no id."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, get_args

from llmx.alternation import any_of
from llmx.errors import UsageError
from llmx.figures.units import POINTS, RATES
from llmx.records import Measure, Number

_BUILT_IN = Path(__file__).with_name("indicators.toml")
_FRAMING = Path(__file__).with_name("framing.toml")
_MEASURES = frozenset(get_args(Measure))
_ID = re.compile("[a-z][a-z0-9_]{0,27}")
"""A name that Stata takes, with four characters left for what a table adds."""
_REQUIRED = {"id": str, "name": str, "english": str, "dimension": str, "measures": list, "units": list}
_LISTS = {"measures", "units", "aliases", "aliases_of_growth"}
_TABLES = {"usual", "not"}
_OPTIONAL = {"usual", "aliases", "aliases_of_growth", "not", "nbs", "successor"}
_RATED = frozenset(("share", "index"))
"""Dimensions whose change is given in points."""

_DROPPED = dict.fromkeys(map(ord, "*_“”‘’\"'「」『』《》〈〉\u200b\u200c\u200d\ufeff \t\r\n\u3000\u00a0"))
_MULTIPLIERS = "十百千万亿"
_WEIGHTS = re.compile("千(?=瓦|克|米)")
"""千 that belongs to a unit's name: 千瓦时."""


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

    def fits(self, measure: str | None, unit: str | None) -> bool:
        """Whether a figure of this measure and unit can be one of it: GDP is no number of firms."""
        measure = measure or "level"
        if measure not in self.measures:
            return False
        if measure == "growth":
            return unit in RATES
        if measure == "change" and self.dimension in _RATED and unit in POINTS:
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
        return base in self.units or (not base and unit != "" and self.dimension in ("count", "people"))


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


class Vocabulary:
    """Indicators and the words for them.

    Args:
        indicators: the rows; each with where it was written down.

    Raises:
        UsageError: two rows have one id, or one alias that both could be.
    """

    def __init__(self, indicators: Iterable[tuple[Indicator, str]]) -> None:
        self._rows: dict[str, Indicator] = {}
        self._where: dict[str, str] = {}
        self._named: dict[str, list[tuple[Indicator, bool]]] = {}
        for indicator, where in indicators:
            self._add(indicator, where)

    @classmethod
    def of(cls, *paths: str | Path) -> Vocabulary:
        """The built-in indicators and those of the files.

        Args:
            paths: TOML files of the form of `indicators.toml`: one `[[indicator]]` a row.

        Raises:
            UsageError: a file cannot be read, a row lacks a field or has an unknown one, a measure is unknown, an id or
                an alias stands twice; the message names the file, the row and the value.
        """
        return cls(row for path in (_BUILT_IN, *map(Path, paths)) for row in _read(path))

    def __iter__(self) -> Iterator[Indicator]:
        return iter(self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, id: object) -> bool:
        return id in self._rows

    def __getitem__(self, id: str) -> Indicator:
        return self._rows[id]

    def named(self, words: str, measure: str | None, unit: str | None, bare: bool = True) -> Indicator | None:
        """The indicator that has exactly these plain words as a name and fits measure and unit.

        Args:
            words: plain words, as `plain` makes them.
            measure, unit: the figure's.
            bare: whether the words stand as they were written; else what a count ends with was taken off.
        """
        for indicator, of_growth in self._named.get(words, ()):
            if of_growth and measure != "growth":
                continue
            if indicator.fits(measure, unit) and (bare or indicator.dimension in _COUNTED):
                return indicator
        return None

    def _add(self, indicator: Indicator, where: str) -> None:
        if indicator.id in self._rows:
            raise UsageError(
                f"The id {indicator.id!r} of {where} is that of {self._where[indicator.id]} already. Choose another."
            )
        self._rows[indicator.id] = indicator
        self._where[indicator.id] = where
        for words in _expanded((indicator.name, *indicator.aliases)):
            self._name(words, indicator, of_growth=False)
        for words in _expanded(indicator.aliases_of_growth):
            self._name(words, indicator, of_growth=True)

    def _name(self, words: str, indicator: Indicator, of_growth: bool) -> None:
        holders = self._named.setdefault(plain(words), [])
        if any(held is indicator for held, _ in holders):
            return
        for held, _ in holders:
            if _alike(held, indicator):
                raise UsageError(
                    f"The alias {words!r} of {self._where[indicator.id]} ({indicator.id!r}) is one of {held.id!r} "
                    f"({self._where[held.id]}) already. Remove one of them."
                )
        holders.append((indicator, of_growth))


def _alike(one: Indicator, other: Indicator) -> bool:
    """Whether one figure could be of both, by measure and unit."""
    shared = set(one.measures) & set(other.measures)
    points = one.dimension in _RATED and other.dimension in _RATED and "change" in shared
    return "growth" in shared or points or (bool(shared) and bool(set(one.units) & set(other.units)))


_BRACES = re.compile(r"\{([^{}]*)\}")


def _expanded(aliases: Iterable[str]) -> Iterator[str]:
    """Each alias that a pattern stands for: 新建{和|及}改造高标准农田 is two."""
    for alias in aliases:
        match = _BRACES.search(alias)
        if match is None:
            yield alias
            continue
        head, tail = alias[: match.start()], alias[match.end() :]
        yield from _expanded(head + choice + tail for choice in match.group(1).split("|"))


def _read(path: Path) -> Iterator[tuple[Indicator, str]]:
    """The indicators of a file, each with where it stands."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"Cannot read the vocabulary {str(path)!r}: {error}. Check the path.") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"The vocabulary {str(path)!r} is no TOML: {error}.") from error
    rows = table.get("indicator")
    if set(table) != {"indicator"} or not isinstance(rows, list):
        raise UsageError(f"The vocabulary {str(path)!r} has {sorted(table)!r}; write each row as [[indicator]].")
    for number, row in enumerate(rows, 1):
        where = _Row(str(path), number)
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


@lru_cache(maxsize=1)
def built_in() -> Vocabulary:
    """The indicators that llmx knows, read once."""
    return Vocabulary.of()


class _Framing(NamedTuple):
    """What may stand around an indicator's words."""

    remarks: re.Pattern[str]
    same: re.Pattern[str]
    meant: Mapping[str, str]
    before: re.Pattern[str]
    after: tuple[str, ...]
    counts: tuple[str, ...]
    growing: frozenset[str]


@lru_cache(maxsize=1)
def _framing() -> _Framing:
    rows = tomllib.loads(_FRAMING.read_text(encoding="utf-8"))
    meant = {words: row["as"] for row in rows["same"] for words in row["words"]}
    remarks = (words for row in rows["remark"] for words in row["words"])
    after = [(words, row) for row in rows["after"] for words in row["words"]]
    return _Framing(
        remarks=re.compile(rf"\({any_of(remarks)}\)"),
        same=re.compile(any_of(meant)),
        meant=meant,
        before=re.compile("|".join(f"(?:{row['pattern']})" for row in rows["before"])),
        after=_longest_first(words for words, row in after if "dimensions" not in row),
        counts=_longest_first(words for words, row in after if "dimensions" in row),
        growing=frozenset(words for words, row in after if row.get("measure") == "growth"),
    )


_COUNTED = frozenset(("count", "people"))


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(words), key=len, reverse=True))


def plain(words: str) -> str:
    """Words to compare: one width, without blanks, quotes and remarks, one form for what is written in several."""
    framing = _framing()
    words = unicodedata.normalize("NFKC", words).translate(_DROPPED).upper()
    if "(" in words:
        words = framing.remarks.sub("", words)
    return framing.same.sub(lambda match: framing.meant[match.group()], words)


def indicator_of(
    words: str,
    measure: str | None,
    unit: str | None,
    *,
    scope: str | None = None,
    region: str | None = None,
    lead: str = "",
    vocabulary: Vocabulary | None = None,
) -> str | None:
    """The id of the indicator that a record's words name.

    Args:
        words: the record's indicator: 全市地区生产总值.
        measure: level, growth or change; None is a level.
        unit: the figure's unit, as written.
        scope: whose figure it is where it is not the reporting government's as a whole; these words are taken off.
        region: the reporting government's place, which its own indicators may begin with: 重庆市.
        lead: the words right before the figure, where they are at hand: 81家、增加|5家 is by how many, not how many.
        vocabulary: the indicators to know; None for the built-in ones.

    Returns:
        The id of the row that has exactly these words as a name, once what only frames them is off (全市, 全年, 实现,
        增速, remarks in brackets), and that measure and unit fit. None for everything else: an id is never guessed.
    """
    known = vocabulary or built_in()
    words = plain(words)
    if lead and _is_difference(lead, words, measure):
        return None
    for front in _fronts(words, scope, region):
        if (found := _ended(known, front, measure, unit)) is not None:
            return found.id
    return None


_DIFFERENCE = re.compile(r"(增加|净增|减少|多增|少增|(?<![新净多少])增|减)了?[约近]?\s{0,3}$")


def _is_difference(lead: str, words: str, measure: str | None) -> bool:
    """Whether a level is by how much something rose or fell, which its words do not say."""
    match = _DIFFERENCE.search(lead, max(0, len(lead) - 8)) if measure in (None, "level") else None
    return match is not None and match.group(1) not in words


def _fronts(words: str, scope: str | None, region: str | None) -> Iterator[str]:
    """The words, and what is left of them as frames are taken off their beginning."""
    yield words
    for owner in (scope and plain(scope), *(_short(region) if region else ())):
        if owner and words.startswith(owner) and len(words) > len(owner):
            words = words[len(owner) :]
            yield words
    framing = _framing()
    while (match := framing.before.match(words)) and match.end() < len(words):
        words = words[match.end() :]
        yield words


_PEOPLES = (
    "壮 回 维吾尔 蒙古 藏 苗 彝 土家 布依 侗 瑶 白 哈尼 傣 黎 傈僳 羌 朝鲜 满 畲 土 景颇 哈萨克 柯尔克孜 佤 拉祜 水 东乡 纳西 撒拉 "
    "毛南 仫佬 仡佬 锡伯 布朗 塔吉克 普米 怒 独龙 裕固 保安 达斡尔 鄂伦春 鄂温克 各"
)
_KIND_OF_PLACE = re.compile(
    rf"(?<=[一-龥]{{2}})(?:{any_of(_PEOPLES)}族?){{0,4}}(?:自治[区州县旗]|特别行政区)$|(?:地区|[省市县区州盟旗])$"
)


@lru_cache(maxsize=512)
def _short(region: str) -> tuple[str, ...]:
    """The names that a region goes by in its own report: 重庆市, 重庆."""
    short = _KIND_OF_PLACE.sub("", region)
    return (region, short) if len(short) > 1 else (region,)


def _ended(known: Vocabulary, words: str, measure: str | None, unit: str | None) -> Indicator | None:
    """The indicator of the words, as they end or with frames off their end."""
    if found := known.named(words, measure, unit):
        return found
    framing = _framing()
    while words.endswith(framing.after):
        end = next(end for end in framing.after if words.endswith(end))
        words = words[: -len(end)]
        if end in framing.growing and measure not in ("growth", "change"):
            return None
        if found := known.named(words, measure, unit):
            return found
    if words.endswith(framing.counts):
        end = next(end for end in framing.counts if words.endswith(end))
        return known.named(words[: -len(end)], measure, unit, bare=False)
    return None
