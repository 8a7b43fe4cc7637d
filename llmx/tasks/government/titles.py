"""What a report is called, by what it says of itself."""

from __future__ import annotations

from llmx.tasks.government.facts import ReportFacts

_KINDS = {"work_report": "政府工作报告", "plan_report": "国民经济和社会发展计划报告"}


def report_title(facts: ReportFacts, report: str) -> str:
    """A report's title from its facts, 重庆市黔江区2025年政府工作报告; its id where they do not tell."""
    kind = _KINDS.get(facts.kind)
    known = place_and_year(facts)
    return f"{known}{kind}" if kind and known else report


def place_and_year(facts: ReportFacts) -> str:
    """重庆市黔江区2025年, or what of it is known; empty where nothing is."""
    return f"{facts.place or ''}{f'{facts.year}年' if facts.year else ''}"
