"""One report as the page's script reads it: text, headings, records, figures that nobody claimed.

Offsets stay code points of the text; the script, whose strings are UTF-16, maps them where a text needs it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from llmx.analysis import Analysis, analyse
from llmx.audit import audit
from llmx.documents import Document, page_pictures
from llmx.outputs.columns import as_float
from llmx.records import Record
from llmx.sections import Section, unpacked
from llmx.task import Task, values_of
from llmx.task.fields import INTEGER, NUMBER


def fields_of(task: Task) -> list[str]:
    """The fields of a record in the page, in order; the report is the one that holds them."""
    return [name for name in task.columns if name != "report"]


_BLANK = " \t\r\n\u3000*#"


def report_data(
    records: Sequence[Record],
    document: Document | None,
    task: Task,
    outline: Sequence[Sequence[Any]] = (),
) -> dict[str, Any]:
    """What the page needs of one report.

    Args:
        records: its records, in text order.
        document: the report; None where its text is not at hand, and records then stand by their quotes alone.
        task: what they are records of.
        outline: its sections as the run kept them.

    Returns:
        Plain data for JSON. `records` are lists in the order of `fields_of`, with the section as a number in `paths` and
        `quote` and `figure` None where the text gives them back from their offsets; `unclaimed` holds start, end and
        reason; `claimed` counts the figures in records; `groups` and `headlines` are the task's; `pages`
        holds the pictures of a scan's pages by their numbers.
    """
    text = document.text if document else ""
    decided = unpacked(outline, len(text)) if text else ()
    analysis = analyse(document, task, decided=decided) if document else None
    paths: dict[tuple[str, ...], int] = {}
    held = {start for record in records for start in task.held(record)}
    more = task.page(records, analysis)
    return {
        "text": text,
        "sections": [_section(section, text) for section in (analysis.outline if analysis else ())],
        "records": [_row(record, text, paths, task.columns) for record in records],
        "paths": [list(path) for path in paths],
        "unclaimed": _unclaimed(analysis, held),
        "claimed": len(held),
        "groups": more["groups"],
        "headlines": more["headlines"],
        "pages": _pages(records, document) if document else {},
    }


def _pages(records: Sequence[Record], document: Document) -> dict[int, dict[str, Any]]:
    """The pages of a scan that records stand on."""
    spans = [(one.start, one.end) for one in records if one.start is not None and one.end is not None]
    return page_pictures(document, {page for span in spans for page, _ in document.boxes(*span)[:1]})


def _unclaimed(analysis: Analysis | None, held: set[int]) -> list[list[Any]]:
    if analysis is None:
        return []
    unclaimed = audit(analysis.stored_figures, held, analysis.notes)
    return [[one.figure.start, one.figure.end, one.reason] for one in unclaimed]


def _row(record: Record, text: str, paths: dict[tuple[str, ...], int], columns: Mapping[str, str]) -> list[Any]:
    """A record's values in the order of the columns, without null ones at the end."""
    held = values_of(record)
    values = {name: held.get(name) for name in columns if name != "report"}
    values["section"] = paths.setdefault(record.section, len(paths))
    for name in [name for name in values if name == "quote" or columns.get(f"{name}_end") == INTEGER]:
        start, end = ("start", "end") if name == "quote" else (f"{name}_start", f"{name}_end")
        if values[name] is not None and values[name] == text[values[start] or 0 : values[end] or 0]:
            values[name] = None
    return [as_float(value) if columns[name] == NUMBER else value for name, value in values.items()]


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
