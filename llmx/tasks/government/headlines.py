"""The headline indicators of a report: what was reached last year, what is aimed at this year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from llmx.records import Record
from llmx.tasks.government.records import Achievement, Target
from llmx.tasks.government.scope import PARTS

HEADLINES: dict[str, str] = {
    "gdp": "地区生产总值",
    "va_industry_above": "规上工业增加值",
    "fai": "固定资产投资",
    "retail": "社会消费品零售总额",
    "trade_goods": "进出口总额",
    "budget_revenue": "一般公共预算收入",
    "income": "居民人均可支配收入",
    "income_urban": "城镇居民人均可支配收入",
    "income_rural": "农村居民人均可支配收入",
    "urban_jobs_new": "城镇新增就业",
    "unemployment_surveyed": "城镇调查失业率",
    "unemployment_registered": "城镇登记失业率",
    "cpi": "居民消费价格",
    "grain": "粮食产量",
    "urbanisation": "城镇化率",
}
"""The main expected targets (主要预期目标) of the yearly national plan and the headings of the National Bureau of
Statistics' yearly communiqué, which local reports follow: the vocabulary's ids, with what the page calls them."""


class Headline(NamedTuple):
    """What a report says of one headline indicator; each record by its number among the report's records."""

    name: str
    """The indicator's common name."""
    achieved: dict[str, int]
    """By measure (level, growth, change): the result of the year before the report's."""
    aimed: dict[str, int]
    """By measure: the target for the report's year."""


def headlines(records: Sequence[Record], year: int | None, goals: Iterable[tuple[int, int]]) -> list[Headline]:
    """The headline indicators that a report has figures for.

    Args:
        records: the report's records, in text order.
        year: the year that the report plans; without it every target and achievement counts, the first one winning.
        goals: bounds of the sections that list the year's main targets: a target there goes before others.

    Returns:
        One for each indicator found, in the order of the national plan.
    """
    bounds = list(goals)
    found: dict[str, Headline] = {}
    named = [(at, name) for at, record in enumerate(records) if (name := _name(record, year))]
    for number, name in sorted(named, key=lambda one: not _within(records[one[0]], bounds)):
        record = records[number]
        if isinstance(record, Target | Achievement):
            line = found.setdefault(name, Headline(name, {}, {}))
            (line.aimed if isinstance(record, Target) else line.achieved).setdefault(record.measure or "level", number)
    return [found[name] for name in HEADLINES.values() if name in found]


def _name(record: Record, year: int | None) -> str | None:
    """The headline indicator that a record is about, if it is the reporting government's own, of the right year and of
    that year alone: in the reports that open a five-year plan 五年来…增长34.3% stands beside the change of one year."""
    if not isinstance(record, (Target, Achievement)) or record.indicator_id not in HEADLINES:
        return None
    alone = record.period in ("annual", "at_end") or record.measure == "level"
    if record.value is None or record.scope not in (None, *PARTS) or not alone:
        return None
    due = year if isinstance(record, Target) else year and year - 1
    return HEADLINES[record.indicator_id] if due in (None, record.year) else None


def _within(record: Record, bounds: list[tuple[int, int]]) -> bool:
    return record.start is not None and any(start <= record.start < end for start, end in bounds)
