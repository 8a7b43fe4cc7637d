"""What the page of a report shows beside its text: fields of policy, and the headline indicators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llmx.analysis import Analysis
from llmx.records import Record
from llmx.tasks.government.headlines import headlines
from llmx.tasks.government.rules.domains import telling_domain


def page_data(records: Sequence[Record], analysis: Analysis | None) -> dict[str, Any]:
    """The field of policy of each record, and a line a headline indicator."""
    sections = analysis.outline if analysis else ()
    goals = [(section.start, section.end) for section in sections if section.role == "goals"]
    year = getattr(analysis.facts, "year", None) if analysis else None
    return {
        "fields": [policy_field(record) for record in records],
        "headlines": [list(line) for line in headlines(records, year, goals)],
    }


def policy_field(record: Record) -> str:
    """The field of policy that a record belongs to: a problem's domain, else what its words and its heading's tell.

    The embedded model's words for problems serve, but for 项目, which of a problem says economy and of a target only
    that something is built. Other where no word tells.
    """
    domain = getattr(record, "domain", None)
    words = (record.quote, "".join(record.section[-1:]))
    return domain or next(filter(None, (telling_domain(text.replace("项目", "")) for text in words if text)), "other")
