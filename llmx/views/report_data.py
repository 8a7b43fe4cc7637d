"""One report as the page's script reads it: text, headings, records, figures that nobody claimed.

Offsets stay code points of the text; the script, whose strings are UTF-16, maps them where a text needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from llmx.analysis import Analysis, analyse
from llmx.documents import Document
from llmx.models.rules.domains import telling_domain
from llmx.outputs.columns import COLUMNS, NUMBER, as_float
from llmx.records import Record
from llmx.sections import Section, unpacked
from llmx.tasks import audit
from llmx.views.headline import headlines

FIELDS = [name for name in COLUMNS if name != "report"]
"""The fields of a record in the page, in order; the report is the one that holds them."""

_BLANK = " \t\r\n\u3000*#"


def report_data(
    records: Sequence[Record],
    document: Document | None,
    year: int | None,
    outline: Sequence[Sequence[Any]] = (),
) -> dict[str, Any]:
    """What the page needs of one report.

    Args:
        records: its records, in text order.
        document: the report; None where its text is not at hand, and records then stand by their quotes alone.
        year: the year that the report plans.
        outline: its sections as the run kept them.

    Returns:
        Plain data for JSON. `records` are lists in the order of FIELDS, with the section as a number in `paths` and
        `quote` and `figure` None where the text gives them back from their offsets; `fields` is the field of policy
        of each record; `unclaimed` holds start, end and reason.
    """
    text = document.text if document else ""
    decided = unpacked(outline, len(text)) if text else ()
    analysis = analyse(document, decided) if document else None
    sections = list(analysis.outline) if analysis else []
    paths: dict[tuple[str, ...], int] = {}
    return {
        "text": text,
        "sections": [_section(section, text) for section in sections],
        "records": [_row(record, text, paths) for record in records],
        "fields": [policy_field(record) for record in records],
        "paths": [list(path) for path in paths],
        "unclaimed": _unclaimed(analysis, records),
        "headlines": _headlines(records, text, sections, year),
    }


def policy_field(record: Record) -> str:
    """The field of policy that a record belongs to: a problem's domain, else what its words and its heading's tell.

    The embedded model's words for problems serve, but for 项目, which of a problem says economy and of a target only
    that something is built. Other where no word tells.
    """
    domain = getattr(record, "domain", None)
    words = (record.quote, "".join(record.section[-1:]))
    return domain or next(filter(None, (telling_domain(text.replace("项目", "")) for text in words if text)), "other")


def _headlines(records: Sequence[Record], text: str, sections: list[Section], year: int | None) -> list[Any]:
    goals = [(section.start, section.end) for section in sections if section.role == "goals"]
    return [list(line) for line in headlines(records, text, year, goals)]


def _unclaimed(analysis: Analysis | None, records: Iterable[Record]) -> list[list[Any]]:
    if analysis is None:
        return []
    unclaimed = audit(analysis.stored_figures, records, analysis.notes)
    return [[one.figure.start, one.figure.end, one.reason] for one in unclaimed]


def _row(record: Record, text: str, paths: dict[tuple[str, ...], int]) -> list[Any]:
    """A record's values in the order of FIELDS, without null ones at the end."""
    values = {name: getattr(record, name, None) for name in FIELDS}
    values["section"] = paths.setdefault(record.section, len(paths))
    for name, start, end in (("quote", "start", "end"), ("figure", "figure_start", "figure_end")):
        if values[name] is not None and values[name] == text[values[start] or 0 : values[end] or 0]:
            values[name] = None
    return [as_float(value) if COLUMNS[name] == NUMBER else value for name, value in values.items()]


def _section(section: Section, text: str) -> list[Any]:
    """Start, level, the heading's words and where they end in the text, role, year."""
    words, end = section.heading, section.start
    for word in "".join(words.split()):
        at = text.find(word, end, section.end)
        if at < 0:
            break
        end = at + 1
    while end > section.start and end < section.end and text[end] in "*。：:":
        end += 1
    if not words:
        words = text[section.start : section.start + 2 * _OPENING].strip(_BLANK)[:_OPENING].split("\n")[0]
    return [section.start, section.level, words, end, section.role, section.year]


_OPENING = 16
"""Characters that stand for a section without a heading in the heading tree."""
