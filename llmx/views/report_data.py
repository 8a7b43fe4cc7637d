"""One report as the page's script reads it: text, headings, records, figures that nobody claimed.

Offsets stay code points of the text; the script, whose strings are UTF-16, maps them where a text needs it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from llmx.analysis import Analysis, analyse
from llmx.audit import audit
from llmx.documents import Document, page_pictures
from llmx.outputs import InputSummary
from llmx.outputs.columns import as_float
from llmx.records import Record
from llmx.sections import Section, unpacked
from llmx.task import Shown, Task, values_of
from llmx.task.fields import INTEGER, NUMBER, TEXT


def fields_of(task: Task) -> list[str]:
    """The fields of a record in the page, in order; the report is the one that holds them."""
    return [name for name in task.columns if name != "report"]


_BLANK = " \t\r\n\u3000*#"


def report_data(
    records: Sequence[Record], document: Document | None, task: Task, kept: InputSummary | None = None
) -> dict[str, Any]:
    """What the page needs of one report.

    Args:
        records: its records, in text order.
        document: the report; None where its text is not at hand, and records then stand by their quotes alone.
        task: what they are records of.
        kept: what the run noted of it; what that has is not worked out anew.

    Returns:
        Plain data for JSON. `records` are lists in the order of `fields_of`, with the section as a number in `paths` and
        None for what stands in `common` and for `quote` and `figure` where the text gives them back from their offsets;
        `common` holds the values that all records share; `unclaimed` holds start, end and reason; `claimed` counts the
        figures in records; `groups` and `headlines` are the task's; `pages` holds the pictures of a scan's pages by
        their numbers.
    """
    text = document.text if document else ""
    held = {start for record in records for start in task.held(record)}
    analysis, unclaimed = _known(document, task, kept, held) if document else (None, [])
    paths: dict[tuple[str, ...], int] = {}
    rows = _rows(records, text, paths, task.columns)
    more = task.page(records, analysis)
    return {
        "text": text,
        "sections": [_section(section, text) for section in (analysis.outline if analysis else ())],
        "common": _common(rows, task.columns),
        "records": rows,
        "paths": [list(path) for path in paths],
        "unclaimed": unclaimed,
        "claimed": len(held),
        "groups": more["groups"],
        "headlines": more["headlines"],
        "pages": _pages(records, document) if document else {},
    }


def _pages(records: Sequence[Record], document: Document) -> dict[int, dict[str, Any]]:
    """The pages of a scan that records stand on."""
    spans = [(one.start, one.end) for one in records if one.start is not None and one.end is not None]
    return page_pictures(document, {page for span in spans for page, _ in document.boxes(*span)[:1]})


def search_data(records: Sequence[Record], document: Document | None, task: Task) -> dict[str, Any]:
    """What a search over many reports needs of one.

    Args:
        records: its records, in text order.
        document: the report; None where its text is not at hand.
        task: what they are records of.

    Returns:
        Plain data for JSON: the text, and a list a record: id, type by its number, start, end, what it is about (None for
        its quote), its number in words, year, and its quote where the text does not give it back.
    """
    text = document.text if document else ""
    types = {name: number for number, name in enumerate(task.types)}
    return {
        "text": text,
        "records": [_found(record, text, types[record.type], task.shown[record.type]) for record in records],
    }


def _found(record: Record, text: str, type: int, shown: Shown) -> list[Any]:
    values = values_of(record)
    start, end, quote = record.start, record.end, record.quote
    name = shown.name(values) or None
    row = [
        record.id,
        type,
        start,
        end,
        None if name == quote else name,
        shown.amount(values) or 0,
        shown.year_of(values),
    ]
    return row if text and text[start:end] == quote else [*row, quote]


def _known(
    document: Document, task: Task, kept: InputSummary | None, held: set[int]
) -> tuple[Analysis, Sequence[Sequence[Any]]]:
    """The document with its outline, and its figures without a record: as the run kept them, which takes a tenth of the
    time, or of a run that did not as they are found now."""
    decided = unpacked(kept.outline, len(document.text)) if kept and document.text else ()
    if kept is not None and kept.unclaimed is not None:
        facts = task.facts_type.model_validate(kept.facts)
        return Analysis(task, document, document, None, facts, decided, ()), kept.unclaimed
    analysis = analyse(document, task, decided=decided)
    unclaimed = audit(analysis.stored_figures, held, analysis.notes)
    return analysis, [[one.figure.start, one.figure.end, one.reason] for one in unclaimed]


def _rows(
    records: Sequence[Record], text: str, paths: dict[tuple[str, ...], int], columns: Mapping[str, str]
) -> list[list[Any]]:
    """The values of each record in the order of the columns."""
    names = [name for name in columns if name != "report"]
    at = {name: number for number, name in enumerate(names)}
    spans = [
        (at[name], at[f"{name}_start"], at[f"{name}_end"]) for name in names if columns.get(f"{name}_end") == INTEGER
    ]
    spans.append((at["quote"], at["start"], at["end"]))
    numbers = [at[name] for name in names if columns[name] == NUMBER]
    rows = []
    for record in records:
        get = values_of(record).get
        row = [*map(get, names)]
        row[at["section"]] = paths.setdefault(record.section, len(paths))
        for words, start, end in spans:
            if row[words] is not None and row[words] == text[row[start] or 0 : row[end] or 0]:
                row[words] = None
        for number in numbers:
            if row[number] is not None:
                row[number] = as_float(row[number])
        rows.append(row)
    return rows


def _common(rows: list[list[Any]], columns: Mapping[str, str]) -> dict[str, Any]:
    """The words that several records have all in common, taken out of them: whose report it is, what read it."""
    found: dict[str, Any] = {}
    for at, name in enumerate(name for name in columns if name != "report"):
        first = rows[0][at] if len(rows) > 1 else None
        if first is None or columns[name] != TEXT or name == "quote" or f"{name}_end" in columns:
            continue
        if all(row[at] == first for row in rows):
            found[name] = first
            for row in rows:
                row[at] = None
    return found


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
