"""The year whose work a report plans, and the words that say so."""

from __future__ import annotations

import re

from llmx.tasks.government.facts.dates import find_month, number, years_in
from llmx.tasks.government.facts.front import Folded, Front, Span

# 一、2024年工作回顾: what follows is planned for the year after. 十四五 or 2016—2020年 may stand before.
_REVIEWED = re.compile(
    r"^[^，。；\n]{0,24}?(?P<year>(?:19|20)\d\d)年[^，。；\n]{0,14}?(?:回顾|总结|完成情况|执行情况|工作情况|成就|成效)"
    r"|过去的(?P<past>(?:19|20)\d\d)年?",
    re.MULTILINE,
)
# Half a year's report plans the rest of the same year.
_HALF = re.compile(r"上半年|1[—\-－至]6月|前三季度")
_ANY_YEAR = r"(?:(?:19|20)\d\d|[一二三四五六七八九〇零]{4})年"
# 2026年上海市政府工作报告, 政府工作报告（2006年）
_TITLED = re.compile(rf"{_ANY_YEAR}(?=[^\n]{{0,30}}工作报告)|(?<=工作报告[（(]){_ANY_YEAR}(?=度?[）)])")
_FIRST_HALF, _LAST_MONTH_FOR_THE_SAME_YEAR = 6, 10
Dated = tuple[int, Span]
Found = Dated | tuple[None, None]


def find_year(front: Front, plan: re.Match[str] | None, date: re.Match[str] | None) -> Found:
    """The year that a report plans.

    A plan report names it in its title. A work report is given in the first months of the year, or in the last two of
    the year before; where it has no date, its first heading says which year it looks back on, or its title names it.

    Args:
        front: the front matter.
        plan: the match of a plan report's title, if it is one.
        date: the match of the date, or None.

    Returns:
        The year, and where its words stand in the document's text; None and None where nothing tells.
    """
    return (
        (plan and _from_plan(front.title, plan))
        or (date and _from_date(date, front))
        or _from_review(front.opening)
        or _from_month(front)
        or _from_title(front.title)
        or (None, None)
    )


def _from_plan(folded: Folded, title: re.Match[str]) -> Dated | None:
    """The last year of a title: 2023年…计划执行情况及2024年计划草案. One that only looks back plans a year unnamed."""
    years = years_in(title.group())
    looks_back = "执行情况" in re.sub(r"\s", "", title.group()) and not _HALF.search(title.group())
    if not years or (looks_back and len(years) == 1):
        return None
    last = max(years, key=lambda year: number(year["year"]))
    return number(last["year"]), folded.span(title.start() + last.start(), title.start() + last.end())


def _from_date(date: re.Match[str], front: Front) -> Dated:
    """The year of a date; the next where the date is late, or is in the year whose work is looked back on."""
    year, month = number(date["year"]), number(date["month"])
    reviewed = _from_review(front.opening)
    if month > _LAST_MONTH_FOR_THE_SAME_YEAR:
        year += 1
    elif month > _FIRST_HALF and reviewed and reviewed[0] == year + 1:
        return reviewed
    return year, front.title.span(date.start("year"), date.end())


def _from_review(folded: Folded) -> Dated | None:
    """The year after the one that is looked back on."""
    found = _REVIEWED.search(folded.words)
    if found is None:
        return None
    group = "year" if found["year"] else "past"
    return int(found[group]) + 1, folded.span(found.start(group), found.end())


def _from_month(front: Front) -> Dated | None:
    """A month without a day, where the title is known to end: 二〇〇八年一月."""
    month = find_month(front.title.words) if front.delimited else None
    return _from_date(month, front) if month else None


def _from_title(folded: Folded) -> Dated | None:
    """The year that the title of a work report names."""
    titled = _TITLED.search(folded.words)
    return (number(titled.group().removesuffix("年")), folded.span(*titled.span())) if titled else None
