"""Commitments as tasks (任务分解表): what a supervision office takes from a report to follow it through the year.

A task is a sentence of the report that commits its government: a sentence is what one unit is made responsible for,
and 任务原文 quotes it whole. Its figures, recognitions and projects are items of the task, one a row, since progress is
reported figure by figure; a sentence without any is a measure. What of a plan promises nothing is counted.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeGuard

from llmx.analysis import analyse
from llmx.documents import Document
from llmx.records import Number, Record
from llmx.sections import Section, section_at
from llmx.sentences import sentences
from llmx.task import Listed
from llmx.tasks.government.promises import Other, no_promise
from llmx.tasks.government.records import Project, Target


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a task is measured by: a figure, a status to be won, or a project."""

    indicator: str
    """量化指标: what is measured; a change in % says 增速, so that it is not taken for a level."""
    goal: Number | str | None
    """目标值: a number where exactly that is aimed at, else with its sign (≥7, ≤5.5, 5–5.5); a project's stage."""
    unit: str | None
    """单位, as written."""
    due: str
    """时限: in the report's words where its clause has any, else the year."""
    record: str
    """The record's id."""


@dataclass(frozen=True, slots=True)
class Task:
    """One sentence of a report that commits its government."""

    report: str
    """The report's id."""
    section: tuple[str, ...]
    """Heading path, outermost first."""
    text: str
    """任务原文: the sentence, verbatim but for blanks; the record's quote where the text is not at hand."""
    lead: str | None
    """牵头单位: only where the text names one."""
    partner: str | None
    """配合单位: likewise."""
    basis: str
    """依据: the report's title and the headings above the sentence."""
    due: str
    """完成时限 of a measure: in the sentence's words where it has any, else the year of its section."""
    items: tuple[Item, ...]
    """None of a measure (举措), which has no figure, status or project."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A sentence of a plan that promises nothing."""

    kind: Other
    text: str


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One report taken apart: each sentence of its plan is a task or left out."""

    tasks: tuple[Task, ...]
    left_out: tuple[LeftOut, ...]
    """Empty where the text is not at hand or only some records were asked for."""
    quoted: bool
    """Whether the text was not at hand, so that quotes stand for sentences and measures are missing."""


def breakdown(report: Listed) -> Breakdown:
    """The tasks of a report in text order, and the sentences of its plan that are none.

    Args:
        report: the report with its targets and planned projects; without its text, or where only some of its records
            were asked for, only sentences with records are tasks, and nothing is left out.
    """
    held = list(_held(report))
    document = report.document
    if document is None or not report.whole:
        return Breakdown(tuple(task for _, task in held), (), document is None)
    spans = [span for span, _ in held]
    found, left = list(held), []
    for span, section, text in plan_sentences(document):
        if _taken(span, spans):
            continue
        if kind := _other(span, section, text, document.text):
            left.append(LeftOut(kind, text))
        else:
            found.append((span, _measure(report, section, span)))
    found.sort(key=lambda one: one[0])
    return Breakdown(tuple(task for _, task in found), tuple(left), False)


def plan_sentences(document: Document) -> Iterator[tuple[tuple[int, int], Section, str]]:
    """The sentences of a document that stand in what speaks of what is to come: bounds, section and words."""
    outline = analyse(document, "government").outline
    for start, end in _sentences(document.text):
        words = document.text[start:end]
        begin = start + len(words) - len(words.lstrip())
        section = section_at(outline, begin)
        if section.planned and section.role != "glossary" and _WORD.search(words):
            yield (start, end), section, "".join(words.split())


_WORD = re.compile(r"[一-龥A-Za-z0-9]")


def _taken(span: tuple[int, int], spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a sentence is within that of a task."""
    at = bisect_right(spans, span[0], key=lambda one: one[1])
    return at < len(spans) and spans[at][0] < span[1]


def _other(span: tuple[int, int], section: Section, words: str, text: str) -> Other | None:
    """What a sentence without records is if it is no task."""
    if section.role == "other":
        return "situation" if section.path else "closing"
    return "heading" if _is_heading(span, section, words, text) else no_promise(words)


def _is_heading(span: tuple[int, int], section: Section, words: str, text: str) -> bool:
    """Whether a sentence is its section's heading and has something under it; one alone may be a piece of work."""
    begin = span[0] + len(text[span[0] : span[1]]) - len(text[span[0] : span[1]].lstrip())
    heading = "".join(section.heading.split()).strip(_STOPS)
    own = heading and begin - section.start < _NEAR and words.replace("*", "").strip(_STOPS).endswith(heading)
    alone = begin == 0 or text[:begin].rstrip(" \t\u3000*")[-1:] in ("\n", "")
    return alone and (bool(own) or _is_numbered_line(words, text[span[1] :][:_NEXT]))


def _is_numbered_line(words: str, after: str) -> bool:
    """Whether （三）坚持… fills its line and the next line is text: a heading that the outline took for none."""
    if len(words) > _HEADING or not _NUMBERED.match(words) or after.lstrip(" \t")[:1] not in ("\n", ""):
        return False
    return bool(after.strip()) and not _NUMBERED.match(after.strip())


_NUMBERED = re.compile("[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}、")
_HEADING, _NEXT = 40, 60
_STOPS = "。：:；;！!，,*"
_NEAR = 3


def _measure(report: Listed, section: Section, span: tuple[int, int]) -> Task:
    """A sentence that commits without a record."""
    assert report.document
    text = report.document.text
    words = text[span[0] : span[1]]
    due = _due_of(words, f"{section.year}年" if section.year else "")
    return _task(report, section.path, words, text, span[1], due, ())


def _task(
    report: Listed, section: tuple[str, ...], words: str, text: str, end: int, due: str, items: tuple[Item, ...]
) -> Task:
    after = _bracket_after(text, end) if text else ""
    lead = lead_unit(words) or lead_unit(after)
    partner = partner_unit(words) or partner_unit(after)
    return Task(report.report, section, "".join(words.split()), lead, partner, _basis(report, section), due, items)


def tasks(report: Listed) -> Iterator[Task]:
    """The tasks of `breakdown`."""
    yield from breakdown(report).tasks


def _held(report: Listed) -> Iterator[tuple[tuple[int, int], Task]]:
    """The sentences that hold records, as tasks, in text order."""
    text = report.document.text if report.document else ""
    bounds = list(_sentences(text))
    for (start, end), own in _grouped([record for record in report.records if commits(record)], bounds):
        words = text[start:end] if report.document else _quotes(own)
        items = tuple(_item(record, words, start) for record in own)
        yield (start, end), _task(report, own[0].section, words, text, end, items[0].due, items)


def commits(record: Record) -> TypeGuard[Target | Project]:
    """Whether a record is a commitment: a target, or a project that is planned."""
    return isinstance(record, Target) or (isinstance(record, Project) and record.status == "planned")


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Whole sentences: a semicolon parts what one unit is given to do, and does not end it."""
    begin: int | None = None
    for start, end in sentences(text, 0, len(text)):
        begin = start if begin is None else begin
        if not text[begin:end].rstrip().endswith(("；", ";")) or "\n" in text[end - 1 : end]:
            yield begin, end
            begin = None
    if begin is not None:
        yield begin, len(text)


def _grouped(
    records: Iterable[Target | Project], bounds: Sequence[tuple[int, int]]
) -> Iterator[tuple[tuple[int, int], list[Target | Project]]]:
    """Records of one sentence together; a record over a line break joins the two sentences that it stands in."""
    group: list[Target | Project] = []
    span = (0, 0)
    for (start, end), record in sorted(((_span(record, bounds), record) for record in records), key=lambda one: one[0]):
        if group and start >= span[1]:
            yield span, group
            group = []
        span = (span[0], max(span[1], end)) if group else (start, end)
        group.append(record)
    if group:
        yield span, group


def _span(record: Record, bounds: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """Where the sentences begin and end that hold a record; without a text the record itself."""
    start, end = record.start or 0, record.end or 0
    first, last = (bisect_right(bounds, at, key=lambda bound: bound[1]) for at in (start, end - 1))
    return (bounds[first][0], bounds[last][1]) if last < len(bounds) else (start, end)


def _quotes(records: Sequence[Record]) -> str:
    """What the records of a sentence quote of it, each word once."""
    quotes = list(dict.fromkeys(record.quote for record in records))
    return "……".join(one for one in quotes if not any(one != other and one in other for other in quotes))


def _basis(report: Listed, section: tuple[str, ...]) -> str:
    return " ".join([f"《{report.title}》", *section])


def _due_of(words: str, year: str) -> str:
    """The first deadline that words say, with its year; else the year."""
    found = _DUE.search(words)
    return _dated(found.group(), year) if found else year


def _dated(words: str, year: str) -> str:
    return words if re.search(r"20\d\d", words) else year.rstrip("年") + words if words[0] == "年" else year + words


_STAGES = {"preparation": "完成前期工作", "started": "开工", "ongoing": "推进建设", "completed": "建成"}
_SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "~": "约"}
_TELLS_GROWTH = re.compile(r"增速|增长|增幅|涨幅|降幅|下降")


def _item(record: Target | Project, sentence: str, start: int) -> Item:
    due = _due(record, sentence, start)
    if isinstance(record, Project):
        amount = f"（投资{record.amount}{record.amount_unit or ''}）" if record.amount is not None else ""
        return Item(record.name + amount, _STAGES[record.stage], None, due, record.id)
    indicator = record.indicator or record.quote
    if record.measure == "growth" and not _TELLS_GROWTH.search(indicator):
        indicator += "增速"
    return Item(indicator, _goal(record), record.unit, due, record.id)


def _goal(record: Target) -> Number | str | None:
    value, most = record.value, record.value_max
    if value is None or record.comparator == "=":
        return value
    return f"{value}–{most}" if most is not None else f"{_SIGNS.get(record.comparator or '', '')}{value}"


_DAY = (
    r"(?:[\d一二三四五六七八九十]{1,3}月(?:\d{1,2}日|底|末|中旬|上旬|下旬|份)?|[一二三四]季度末?|上半年|年中|年底|年末)"
)
_DUE = re.compile(
    rf"(?:(?:到|至)?20\d\d年)?(?:{_DAY}(?:之前|以前|前)|年内|上半年|{_DAY}(?=[^，。；]{{0,4}}(?:建成|完工|投用|投产|完成|开工)))"
    r"|(?:到|至)20\d\d年(?:底|末)?|20\d\d年(?:底|末)?(?:之前|以前|前)"
)
_CLAUSE = re.compile(r"[，,；;。：:]")


def _due(record: Target | Project, sentence: str, start: int) -> str:
    """A deadline that the record's own clause says, or one that stands alone before it, with its year; else the year."""
    year = f"{record.year}年" if record.year else ""
    begin, end = max(0, (record.start or 0) - start), (record.end or 0) - start
    *before, clause = _CLAUSE.split(sentence[:begin])
    alone = _DUE.fullmatch(before[-1].strip()) if before else None
    found = _DUE.search(clause + sentence[begin:end]) or alone
    if not found:
        return year
    return _dated(found.group(), year)


_LEADS = [
    re.compile(r"(?:牵头|责任|主办|承办)(?:单位|部门)?[：:][ \t]*(?P<unit>[^）)。；;\n]{2,80})"),
    re.compile(r"[（(](?P<unit>[一-龥、和及与]{2,40}?)(?:牵头|负责)(?:[，,、；;][^（）()\n]{0,80})?[）)]"),
    re.compile(
        r"由(?P<unit>[一-龥、和及与]{1,30}?(?:委|局|办|厅|院|部|处|中心|公司|集团|街道|镇|乡|政府|委员会|办公室))(?:牵头|负责)"
    ),
]


def lead_unit(words: str) -> str | None:
    """The unit that words make responsible, verbatim: 牵头单位：市教委, （市教委牵头）, 由市教委牵头; None without one."""
    found = [match["unit"] for pattern in _LEADS if (match := pattern.search(words))]
    return "".join(found[0].split()) if found else None


_PARTNERS = [
    re.compile(r"(?:配合|协办|协同|参与)单位[：:][ \t]*(?P<unit>[^）)。；;\n]{2,80})"),
    re.compile(r"[，,、；;（(](?P<unit>[一-龥、和及与]{2,60}?)配合[）)]"),
]


def partner_unit(words: str) -> str | None:
    """The units that words make help, verbatim: 配合单位：市财政局, （市教委牵头，市财政局配合）; None without any."""
    found = [match["unit"] for pattern in _PARTNERS if (match := pattern.search(words))]
    return "".join(found[0].split()) if found else None


def _bracket_after(text: str, at: int) -> str:
    """A bracket that stands alone behind a sentence's end: …。（牵头单位：市教委）."""
    match = re.compile(r"\s*[（(][^（）()\n]{2,120}[）)]").match(text, at)
    return match.group() if match else ""
