"""Which indicator of the vocabulary a record's words name; what the vocabulary does not have has no id."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

from llmx.alternation import any_of
from llmx.errors import UsageError
from llmx.tasks.government.indicator import COUNTED, RATED, Indicator, expanded, indicators_of, read_rows

_BUILT_IN = Path(__file__).with_name("indicators.toml")
_FRAMING = Path(__file__).with_name("framing.toml")
_DROPPED = dict.fromkeys(map(ord, "*_“”‘’\"'「」『』《》〈〉\u200b\u200c\u200d\ufeff \t\r\n\u3000\u00a0"))


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
        self.own: tuple[Mapping[str, Any], ...] = ()
        """The rows that a user gave, as they were written."""
        for indicator, where in indicators:
            self._add(indicator, where)

    @classmethod
    def of(cls, *own: str | PathLike[str] | Sequence[Mapping[str, Any]]) -> Vocabulary:
        """The built-in indicators and those of the user's own, which stand for those of the same id before them.

        Args:
            own: TOML files of the form of `indicators.toml`: one `[[indicator]]` a row; or such rows.

        Raises:
            UsageError: a file cannot be read, a row lacks a field or has an unknown one, a measure is unknown, an alias
                stands twice, or an id in one file; the message names the file, the row and the value.
        """
        rows = {
            indicator.id: (indicator, where) for indicator, where in indicators_of(read_rows(_BUILT_IN), "built-in")
        }
        given: dict[str, Mapping[str, Any]] = {}
        for source in own:
            file = str(source) if isinstance(source, str | PathLike) else "indicators"
            listed = read_rows(Path(source)) if isinstance(source, str | PathLike) else source
            found = list(indicators_of(listed, file))
            cls(found)  # what one file says twice is a mistake
            rows |= {indicator.id: (indicator, where) for indicator, where in found}
            given |= {row["id"]: row for row in listed}
        made = cls(rows.values())
        made.own = tuple(given.values())
        return made

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
            if indicator.fits(measure, unit) and (bare or indicator.dimension in COUNTED):
                return indicator
        return None

    def _add(self, indicator: Indicator, where: str) -> None:
        if indicator.id in self._rows:
            raise UsageError(
                f"The id {indicator.id!r} of {where} is that of {self._where[indicator.id]} already. Choose another."
            )
        self._rows[indicator.id] = indicator
        self._where[indicator.id] = where
        for words in indicator.names():
            self._name(words, indicator, of_growth=False)
        for words in expanded(indicator.aliases_of_growth):
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
    points = one.dimension in RATED and other.dimension in RATED and "change" in shared
    return "growth" in shared or points or (bool(shared) and bool(set(one.units) & set(other.units)))


@lru_cache(maxsize=1)
def built_in() -> Vocabulary:
    """The indicators that llmx knows, read once."""
    return Vocabulary.of()


_IN_USE: ContextVar[Vocabulary | None] = ContextVar("vocabulary", default=None)


def in_use() -> Vocabulary:
    """The indicators that what is under way knows: those that `using` gave, else the built-in ones."""
    return _IN_USE.get() or built_in()


@contextmanager
def using(vocabulary: Vocabulary) -> Iterator[None]:
    """Let what is done in the block know these indicators."""
    before = _IN_USE.set(vocabulary)
    try:
        yield
    finally:
        _IN_USE.reset(before)


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
        vocabulary: the indicators to know; None for those in use.

    Returns:
        The id of the row that has exactly these words as a name, once what only frames them is off (全市, 全年, 实现,
        增速, remarks in brackets), and that measure and unit fit. None for everything else: an id is never guessed.
    """
    vocabulary = vocabulary or in_use()
    words = plain(words)
    if lead and _is_difference(lead, words, measure):
        return None
    for front in _fronts(words, scope, region):
        if (found := _ended(vocabulary, front, measure, unit)) is not None:
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


def _ended(vocabulary: Vocabulary, words: str, measure: str | None, unit: str | None) -> Indicator | None:
    """The indicator of the words, as they end or with frames off their end."""
    if found := vocabulary.named(words, measure, unit):
        return found
    framing = _framing()
    while words.endswith(framing.after):
        end = next(end for end in framing.after if words.endswith(end))
        words = words[: -len(end)]
        if end in framing.growing and measure not in ("growth", "change"):
            return None
        if found := vocabulary.named(words, measure, unit):
            return found
    if words.endswith(framing.counts):
        end = next(end for end in framing.counts if words.endswith(end))
        return vocabulary.named(words[: -len(end)], measure, unit, bare=False)
    return None
