"""Whose report it is: the place that meeting, title, speaker or opening words name, with its level and code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from llmx.tasks.government.facts.divisions import Division, Level, find_divisions, only, outer_names
from llmx.tasks.government.facts.front import Folded, Front, Span
from llmx.tasks.government.facts.meetings import Meeting

NATION = "全国"
"""The place of the State Council's reports, as in 第十四届全国人民代表大会."""

_HAN = r"[一-龥〇]"
_YEAR = r"\n?(?:(?:19|20)\d\d年度?)?"
_OFFICE = "人民政府|政府|行政公署|行署|管理委员会|管委会|办事处"
_BUREAU = "(?:发展和?改革|发改|发展计划|计划|经济)(?:委员会|[委局])"
# 2026年上海市政府工作报告, 陕西省2026年政府工作报告, 阿里地区行署工作报告
_TITLE = re.compile(rf"(?P<run>{_HAN}{{1,30}}?){_YEAR}\n?(?:{_OFFICE})?{_YEAR}工作报告")
# 关于北京市2024年国民经济…, 云阳县发展和改革委员会关于2024年国民经济…
_PLAN = re.compile(
    rf"(?P<run>{_HAN}{{1,30}}?)(?:(?:{_OFFICE}|{_BUREAU})(?:\n?关于|(?=\n)))?{_YEAR}(?:上半年|度)?\n?国\n?民\n?经\n?济"
)
# 重庆市黔江区人民政府代理区长, 广东省省长, 云阳县发展和改革委员会主任
_SPEAKER = re.compile(
    rf"(?P<run>{_HAN}{{2,30}}?)(?:{_OFFICE}|{_BUREAU})?(?:代理|代)?(?:[省市区县州盟旗乡镇局]长|主席|主任|专员)"
)
_OPENING = re.compile(rf"(?:代表|受)(?P<run>{_HAN}{{2,30}}?)(?:{_OFFICE}|{_BUREAU})")
# A title over two lines, 长寿区人民政府 / 2019年政府工作报告, or the name of a web site.
_ALONE = re.compile(rf"^(?P<run>{_HAN}{{2,30}}?)(?:{_OFFICE})(?:办公[厅室]|门户网站|网站?)?$", re.MULTILINE)
# 镇 in 景德镇市 and 州 in 贵州省 end no name; a name that the table does not know must not be one of the words for all.
_UNKNOWN = re.compile(
    rf"(?!(?:我|本|全|各|该|首|{_HAN}?市辖)){_HAN}{{1,14}}?(?:自治[州县旗]|民族乡|地区|林区|新区|开发区|街道|苏木|"
    rf"[县旗盟镇乡区市](?!{_HAN}))"
)
# What may stand before a place without a mark: 关于印发黔江区…; 城区 in 主城区 and 新城区 in 临江新城区 are no places.
_LEAD = re.compile(r"(?:.*(?:[年日在的]|关于|印发|转发|代表|委托))?")
_ENDS = tuple("省市县区州盟旗乡镇道木")
_NO_PLACE = re.compile(r"[的与及]|人民|政府|工作|公开|新闻|首页|发布|大会|会议")
_GENERIC: list[tuple[re.Pattern[str], Level]] = [
    (re.compile(r"(?:省|自治区)$"), "province"),
    (re.compile(r"(?:自治州|盟|州)$"), "prefecture"),
    (re.compile(r"(?:县|旗)$"), "county"),
    (re.compile(r"(?:乡|镇|街道|苏木)$"), "township"),
]
# 开发区, 新区 and the like are run by committees and have no rank in the table; 林区 and 矿区 in it have.
_ZONE = re.compile(r"(?:开发|高新|产业园|工业园|新|示范|保税|管理|风景名胜|度假|试验|合作|园)区$")


class Place(NamedTuple):
    """A place as a report writes it."""

    name: str
    span: Span
    """Where it stands in the document's text."""


def find_place(front: Front, meeting: Meeting | None) -> Place | None:
    """The place that a report is of.

    The meeting is the surest: a page of a city's web site may name the city, too. Where other words give the same
    place with the divisions above it, they are taken.

    Args:
        front: the front matter.
        meeting: the meeting in its title.

    Returns:
        The place; None where none is named in full, as in 县第十八届人民代表大会.
    """
    if meeting and meeting.national is not None:
        return Place(NATION, front.title.span(meeting.national, meeting.national + 2))
    places = [place for folded, run, at in _runs(front, meeting) if (place := _place_in(folded, run, at))]
    # A meeting in 县第十八届人民代表大会 is of no 市.
    kind = meeting.place[-1:] if meeting else ""
    places = [place for place in places if place.name.endswith(kind)]
    if not places:
        return None
    fuller = [place for place in places if place.name.endswith(places[0].name)]
    return max(fuller, key=lambda place: len(place.name))


def _runs(front: Front, meeting: Meeting | None) -> Iterator[tuple[Folded, str, int]]:
    """Stretches of words that may end in the place, the surest first, each with where it begins."""
    if meeting:
        yield front.title, meeting.place, meeting.start
    searched = [(front.title, _TITLE), (front.title, _PLAN), (front.title, _SPEAKER)]
    for folded, pattern in [*searched, (front.opening, _OPENING), (front.title, _ALONE)]:
        for match in pattern.finditer(folded.words):
            yield folded, match["run"], match.start("run")


def _place_in(folded: Folded, run: str, base: int) -> Place | None:
    """The longest place that a stretch of words ends in, with nothing but a lead before it."""
    starts = [at for at in range(len(run) - 1) if run.endswith(_ENDS) and _LEAD.fullmatch(run, 0, at)]
    for is_place in (_in_table, _looks_like_a_place):
        for at in starts:
            if is_place(run[at:]):
                return Place(run[at:], folded.span(base + at, base + len(run)))
    return None


def _in_table(words: str) -> bool:
    return bool(find_divisions(words)) or (_below_known(words) and not _NO_PLACE.search(words))


def _looks_like_a_place(words: str) -> bool:
    return _UNKNOWN.fullmatch(words) is not None and not _NO_PLACE.search(words)


def _below_known(words: str) -> bool:
    """Whether words are a division of the table and then one that it does not know: 云阳县凤鸣镇, 成都市高新区."""
    known = next((size for size in range(len(words) - 2, 1, -1) if find_divisions(words[:size])), None)
    return known is not None and _UNKNOWN.fullmatch(words, known) is not None


def find_rank(
    place: Place | None, front: Front, meeting: Meeting | None, year: int | None
) -> tuple[Level | None, Span | None, str | None]:
    """Level and code of a place.

    Args:
        place: the place, if one is named in full.
        front: the front matter, whose other names tell one 朝阳区 from another.
        meeting: the meeting, whose 县 or 镇 tells the level where no place is named.
        year: the report's year; without it no code is given.

    Returns:
        The level and where its words stand, None where nothing tells it; and the six-digit code, None where the place
        has none in that year.
    """
    if place is None:
        level = _level(meeting.place) if meeting else None
        return level, front.title.span(meeting.start, meeting.end) if meeting and level else None, None
    level, code = _rank(place.name, front, year)
    return level, place.span if level else None, code


def _rank(name: str, front: Front, year: int | None) -> tuple[Level | None, str | None]:
    if name == NATION:
        return "national", None
    division = _one(find_divisions(name, year), front) if year is not None else None
    if division is not None:
        return division.level, division.code
    # Without a year, or under a name of another year: no code, but the level that it has had all along.
    levels = {one.level for one in find_divisions(name)}
    return levels.pop() if len(levels) == 1 else _level(name), None


def _one(divisions: list[Division], front: Front) -> Division | None:
    """The division, if there is one; of several, the one of whose province and prefecture most is named, too."""
    named = {
        one: sum(any(name in front.title.words for name in names) for names in outer_names(one)) for one in divisions
    }
    most = max(named.values(), default=0)
    if most == 0:
        return only(divisions)
    return only(one for one in divisions if named[one] == most)


def _level(words: str) -> Level | None:
    """The level that a name's last words have; 市 is of three."""
    if words.endswith("区") and not _ZONE.search(words) and not words.endswith(("自治区", "地区")):
        return "county"
    return next((level for pattern, level in _GENERIC if pattern.search(words)), None)
