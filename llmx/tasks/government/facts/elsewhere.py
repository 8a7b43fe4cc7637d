"""What a file's name and folder say of a report: whose it is where the text itself does not tell, and whether it is the
wrong document where the text tells otherwise."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Literal

from llmx.tasks.government.facts.divisions import STILL, Division, find_divisions, only
from llmx.tasks.government.facts.places import NATION

Named = Literal["file name", "folder"]
"""What a report is kept under."""
_HAN = re.compile("[一-龥〇]+")
# What file names say beside the place; of 杭州2024年政府工作报告 is left 杭州.
_REPORT_WORDS = re.compile(
    "关于|国民经济和社会发展|计划(?:执行情况)?|草案|的|政府工作报告|工作报告|人民政府|政府|报告|年度?|正文|全文|最终|定稿|扫描件"
)
_KINDS = ("省", "市", "区", "县", "自治区", "自治州", "自治县", "地区", "盟")
_COUNTRY = re.compile("全国|国务院|中央政府|中华人民共和国")


# What kind of place speaks, where it does not say its name: 我代表市人民政府; else one of those of 全州, 我省.
_SPEAKING = re.compile("代表(自治区|[省市州县区旗盟])")
_MEANT = re.compile("[全我本](自治区|[省市州县区旗盟])")


def place_of_file(source: str | None, text: str, year: int | None) -> tuple[Division, Named] | None:
    """The place that a file is named after, for a report that names none: 三亚.txt is 三亚市's, as a text of 我市 may be.

    Args:
        source: where the document comes from, as it says itself.
        text: its first words: a place of another kind than those that it speaks of is none of its own.
        year: the report's, for names have changed; that of the table where it is not known.

    Returns:
        The division, and `file name` or `folder`; the folder counts only where the file's name is of no place and the text
        says which kind of place speaks. None where the name is of no division, or of several.
    """
    path = PurePath((source or "").rpartition("#")[2])
    kinds = tuple(set(_SPEAKING.findall(text) or _MEANT.findall(text)))
    folder = path.parent.name if kinds else ""
    names: tuple[tuple[Named, str], ...] = (("file name", path.stem), ("folder", folder))
    for what, name in names:
        found = _place_of(name)
        if found == NATION:
            return None
        if found:
            standing = [one for one in _divisions(found, year) if year or one.last == STILL]
            own = only(one for one in standing if one.name.endswith(kinds or ""))
            return (own, what) if own else None
    return None


def wrong_document(place: str | None, names: Mapping[str, str]) -> str | None:
    """Say that a report is of another place than it is kept under.

    Args:
        place: the place that its text names as its own: 重庆市黔江区, or 全国.
        names: what it is kept under, by what that is: `{"file name": "杭州市2024", "folder": "浙江", "column": "杭州"}`.

    Returns:
        The warning, with both words; None where the places agree, one holds the report's, or nothing is to be told: a
        name that is of no division, or of several.
    """
    if place is None:
        return None
    for what, name in names.items():
        found = _place_of(name)
        if found and not _agree(place, found):
            return f"the text is of {place!r}, and its {what} says {found!r}; is it the right document?"
    return None


def _place_of(name: str) -> str | None:
    """The one place that a name tells: written in full, or all that is left of it without its ending."""
    if _COUNTRY.search(name):
        return NATION
    runs = [rest for run in _HAN.findall(name) for rest in _REPORT_WORDS.split(run) if len(rest) > 1]
    for run in runs:
        for at in range(len(run) - 1):
            size = next((size for size in range(len(run) - at, 1, -1) if find_divisions(run[at : at + size])), 0)
            if size:
                return run[at : at + size]
    return next((run for run in runs if any(find_divisions(run + kind) for kind in _KINDS)), None)


def _agree(place: str, name: str) -> bool:
    if NATION in (place, name):
        return place == name
    if name in place:
        return True
    own, named = find_divisions(place), _divisions(name)
    if not own:  # a township, which the table does not know
        return True
    return any(one.code == other.code or other.holds(one) for one in own for other in named)


def _divisions(name: str, year: int | None = None) -> list[Division]:
    return find_divisions(name, year) or [one for kind in _KINDS for one in find_divisions(name + kind, year)]
