"""What a row of a table measures: its name without numbers and marks, with the words that it shares with the rows above."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from llmx.figures.units import POINTS, RATES
from llmx.records import Measure
from llmx.tasks.government.indicators import indicator_of
from llmx.tasks.government.tables.heads import WORDS, Units, bracketed, squeezed

_ENDS = tuple((re.compile(f"(?:{row['pattern']})$"), row["falls"]) for row in WORDS["end"])
_RATE = tuple(re.compile(row["pattern"]) for row in WORDS["rate"])
_WHOLE = tuple(re.compile(row["pattern"]) for row in WORDS["whole"])
_PARTS = tuple((row["of"], re.compile(row["parts"]), row["head"]) for row in WORDS["part"])
_NUMBER = re.compile(
    r"[（(](?:[一二三四五六七八九十]{1,3}|[0-9]{1,2})[）)]|(?:[一二三四五六七八九十]{1,3}|[0-9]{1,2})(?:[、．]|\.(?![0-9]))|[①-⑳]"
)
_MARK = re.compile(r"其中[:：]?|[#＃]{1,2}|[—–\-－·]{1,2}(?![0-9])")
_STAR = re.compile(r"[*＊★☆▲△※]{1,2}")
_REMARK = re.compile(r"[（(][^（）()]{0,40}[）)]$")
_TOTAL = re.compile("(?:合|总|小|共)计")
_SHORTEST = 2
"""Characters that a part's name and the whole's share at least: 城镇|居民| and |居民|人均可支配收入."""


@dataclass(frozen=True, slots=True)
class Name:
    """What a row says that it measures."""

    words: str
    """The name, without number, mark, unit and remark."""
    units: Units | None
    """The unit that it says in brackets."""
    is_part: bool
    """Whether it is marked as a part of a row above: 其中, #."""
    opens: bool
    """Whether parts without a mark may follow: 其中 is said once, # of each."""
    numbered: bool
    """Whether it has a number of its own: 2．"""


class Told(NamedTuple):
    """What a name says of figures with a unit."""

    indicator: str
    measure: Measure
    falls: bool


def name_of(words: str) -> Name:
    """Read the cell that names a row."""
    bare = "".join(words.split())
    numbered = _NUMBER.match(bare)
    bare = bare[numbered.end() :] if numbered else bare
    starred = _STAR.match(bare)
    bare = bare[starred.end() :] if starred else bare
    marked = _MARK.match(bare)
    bare = bare[marked.end() :].lstrip(":：") if marked else bare
    bare, units = bracketed(bare)
    bare = _STAR.sub("", bare).rstrip(":：，,")
    while remark := _REMARK.search(bare):
        bare = bare[: remark.start()]
    opens = marked is not None and marked.group().startswith("其中")
    return Name(bare, units, marked is not None, opens, numbered is not None and numbered.group()[0] not in "（(")


def is_total(name: str) -> bool:
    """Whether a row adds up the others."""
    return _TOTAL.fullmatch(name) is not None


def is_whole(name: str) -> bool:
    """Whether a name stands alone: it ends with what is measured."""
    return any(pattern.search(_bare(name)) for pattern in _WHOLE)


def goes_on(name: str, whole: str) -> bool:
    """Whether an unmarked name after a part of the whole is another part of it: 第二产业 after 其中：第一产业."""
    return not is_whole(name) and (_added(name, _bare(whole)) is not None or not _is_known(name))


def _is_known(name: str) -> bool:
    return any(
        indicator_of(name, measure, unit) for measure, unit in (("level", "亿元"), ("level", "%"), ("growth", "%"))
    )


def _bare(name: str) -> str:
    """A name without the words that only say that its shares are rates."""
    found = _ended(name)
    return name[: found[0].start()] if found else name


def _ended(name: str) -> tuple[re.Match[str], bool] | None:
    found = ((match, falls) for pattern, falls in _ENDS if (match := pattern.search(name)) and match.start())
    return next(found, None)


def _added(part: str, whole: str) -> str | None:
    return next((head for of, parts, head in _PARTS if whole.endswith(of) and parts.fullmatch(part)), None)


def joined(part: str, whole: str) -> str:
    """A part's name with the words that it shares with the whole's: 城镇居民 of 居民人均可支配收入."""
    whole = _bare(whole)
    if is_whole(part):
        return part
    if head := _added(part, whole):
        return part + head
    for size in range(min(len(part), len(whole)), _SHORTEST - 1, -1):
        at = whole.find(part[-size:])
        if at >= 0:
            return part + whole[at + size :]
    return part if _is_known(part) else part + whole


def with_aspect(indicator: str, aspect: str) -> str:
    """What a column's figures measure of what a row names: 原煤 and 产量; a name that ends so needs no more."""
    return indicator if not aspect or indicator.endswith((aspect, aspect[-1])) else indicator + aspect


def told_of(name: str, unit: str, measure: Measure | None) -> Told:
    """What a name measures with figures of a unit.

    Args:
        name: the row's name.
        unit: the figure's unit.
        measure: what the cell or its column says; None where they say nothing.
    """
    of_rate = unit in RATES or unit in POINTS
    found = _ended(name)
    if found and of_rate:
        return Told(name[: found[0].start()], measure or ("change" if unit in POINTS else "growth"), found[1])
    if measure:
        return Told(name, measure, False)
    if unit in POINTS:
        return Told(name, "change", False)
    return Told(name, "growth" if unit in RATES and not _is_rate(name, unit) else "level", False)


def _is_rate(name: str, unit: str) -> bool:
    """Whether a share of this name is a level: by its name, else by the vocabulary."""
    plain = squeezed(name)
    if any(pattern.search(plain) for pattern in _RATE):
        return True
    return indicator_of(name, "level", unit) is not None and indicator_of(name, "growth", unit) is None
