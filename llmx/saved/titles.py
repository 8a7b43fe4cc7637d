"""What a report is called, by what it says of itself."""

from __future__ import annotations

from llmx.outputs import InputSummary

_KINDS = {"work_report": "政府工作报告", "plan_report": "国民经济和社会发展计划报告"}


def report_title(summary: InputSummary) -> str:
    """A report's title from its facts, 重庆市黔江区2025年政府工作报告; its id where they do not tell."""
    kind = _KINDS.get(summary.facts.get("kind") or "")
    known = place_and_year(summary)
    return f"{known}{kind}" if kind and known else summary.report


def place_and_year(summary: InputSummary) -> str:
    """重庆市黔江区2025年, or what of it is known; empty where nothing is."""
    place, year = summary.facts.get("place"), summary.facts.get("year")
    return f"{place or ''}{f'{year}年' if year else ''}"
