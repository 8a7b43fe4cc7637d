"""The headline indicators of a report: what was reached last year, what is aimed at this year."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from llmx.records import Record
from llmx.tasks.government.records import Achievement, Target

# The main expected targets (主要预期目标) of the yearly national plan and the headings of the National Bureau of
# Statistics' yearly communiqué, which local reports follow, each with the short forms in official use.
_INDICATORS: dict[str, str] = {
    "地区生产总值": r"(?:地区|国内)?生产总值|GDP",
    "规上工业增加值": r"规模?以?上工业(?:企业)?增加值|规上工业增加值",
    "固定资产投资": r"(?:全社会)?固定资产投资(?:\(不含农户\))?",
    "社会消费品零售总额": r"社会?消费品?零售?总?额?|社零(?:总额)?",
    "进出口总额": r"(?:外贸|货物|对外贸易)?(?:货物)?进出口(?:贸易)?(?:总额|总值)?",
    "一般公共预算收入": r"(?:地方)?(?:一般公共预算|财政)收入",
    "居民人均可支配收入": r"(?:全体|城乡)?(?:常住)?居民(?:人均可支配)?收入",
    "城镇居民人均可支配收入": r"城镇(?:常住)?居民(?:人均可支配)?收入",
    "农村居民人均可支配收入": r"农村(?:常住)?居民(?:人均可支配)?收入",
    "城镇新增就业": r"城镇新增就业(?:人数)?|新增城镇就业(?:人数)?",
    "城镇调查失业率": r"城镇(?:登记|调查)失业率",
    "居民消费价格": r"居民消费价格(?:总水平|指数)?(?:涨幅)?|CPI(?:涨幅)?",
    "粮食产量": r"粮食(?:总)?产量",
    "城镇化率": r"(?:常住)?(?:人口)?城镇化率",
}
_PATTERNS = {name: re.compile(pattern) for name, pattern in _INDICATORS.items()}
# What frames an indicator without making it another: whose it is, over which time, and that its growth is meant.
_BEFORE = re.compile(r"^(?:全[省市区县州盟旗国年](?!社会)|实现|完成)+")
_AFTER = re.compile(r"(?:年均|同比)?(?:增速|增长率|增幅|增长)$")


class Headline(NamedTuple):
    """What a report says of one headline indicator; each record by its number among the report's records."""

    name: str
    """The indicator's common name."""
    achieved: dict[str, int]
    """By measure (level, growth, change): the result of the year before the report's."""
    aimed: dict[str, int]
    """By measure: the target for the report's year."""


def headlines(
    records: Sequence[Record], text: str, year: int | None, goals: Iterable[tuple[int, int]]
) -> list[Headline]:
    """The headline indicators that a report has figures for.

    Args:
        records: the report's records, in text order.
        text: the report's text; empty where it is not at hand.
        year: the year that the report plans; without it every target and achievement counts, the first one winning.
        goals: bounds of the sections that list the year's main targets: a target there goes before others.

    Returns:
        One for each indicator found, in the order of the national plan.
    """
    bounds = list(goals)
    found: dict[str, Headline] = {}
    for number in sorted(range(len(records)), key=lambda at: not _within(records[at], bounds)):
        record = records[number]
        name = _name(record, year) if isinstance(record, (Target, Achievement)) else None
        if name and not _over_years(record, text):
            line = found.setdefault(name, Headline(name, {}, {}))
            measure = getattr(record, "measure", None) or "level"
            (line.aimed if isinstance(record, Target) else line.achieved).setdefault(measure, number)
    return [found[name] for name in _INDICATORS if name in found]


def _name(record: Target | Achievement, year: int | None) -> str | None:
    """The headline indicator that a record is about, if it is the reporting government's own and of the right year."""
    if record.value is None or record.scope:
        return None
    due = year if isinstance(record, Target) else year and year - 1
    return headline_name(record.indicator or "") if due in (None, record.year) else None


# A change over several years stands beside those of one year in the reports that open a five-year plan: 五年来…增长34.3%.
_YEARS = re.compile(r"[五三四两]年(?:来|间|间?累计)|过去五年|“?十[一二三四五六]五”?|年均|累计")
_ONE_YEAR = re.compile(r"20\d\d年|一年来|过去一年|去年|全年|同比")
_SENTENCE = re.compile(r"[。；\n]")
_FAR = 120
"""How far before a figure its sentence is read."""


def _over_years(record: Record, text: str) -> bool:
    """Whether a record gives a change over several years; a level is of its year however the sentence began."""
    if getattr(record, "measure", None) == "level" or record.start is None:
        return False
    sentence = _SENTENCE.split(text[max(0, record.start - _FAR) : record.end])[-1]
    return any(_YEARS.search(words) and not _ONE_YEAR.search(words) for words in (sentence, *record.section))


def headline_name(indicator: str) -> str | None:
    """The headline indicator that words name, None where they name another: 人均地区生产总值 is no 地区生产总值."""
    words = "".join(unicodedata.normalize("NFKC", indicator).split())
    words = _AFTER.sub("", _BEFORE.sub("", words))
    return next((name for name, pattern in _PATTERNS.items() if pattern.fullmatch(words)), None)


def _within(record: Record, bounds: list[tuple[int, int]]) -> bool:
    return record.start is not None and any(start <= record.start < end for start, end in bounds)
