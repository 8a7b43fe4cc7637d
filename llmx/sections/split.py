"""From headings and telling sentences to sections that tile the text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from llmx.sections.headings import Heading, find_headings
from llmx.sections.roles import (
    CLOSING,
    GOALS,
    NEXT_PLAN,
    PLAN_OPENS,
    PROBLEMS,
    Meaning,
    meaning_of,
    plan_end,
    planned_year,
)
from llmx.sections.section import Chunk, Role, Section

_DEEPEST_ROLE = 4
"""Headings below this level say nothing of roles: 一是政府自身建设不断加强 stands in a review."""


def split_sections(text: str, year: int | None = None) -> list[Section]:
    """Cut a text into sections.

    Args:
        text: the document's text.
        year: the year that the report plans, where the caller knows it; else it is taken from the front matter.

    Returns:
        Sections in text order that tile the text: joined, they give it back character by character. At least one
        for any text but the empty one.
    """
    if not text:
        return []
    year = year if year is not None else planned_year(text)
    headings = find_headings(text, lambda words: meaning_of(words, None, year) is not None)
    sections = _outlined(text, headings, year)
    return _refined(text, sections, year)


def section_at(sections: Sequence[Section], offset: int) -> Section:
    """The section that holds an offset.

    Raises:
        IndexError: there is no section.
    """
    return sections[max(0, bisect_right(sections, offset, key=lambda section: section.start) - 1)]


def sections_of(sections: Sequence[Section], chunk: Chunk) -> Sequence[Section]:
    """The sections that a chunk is part of: few, so that looking up among them is quick."""
    first = bisect_right(sections, chunk.start, key=lambda section: section.start) - 1
    last = bisect_right(sections, chunk.end - 1, key=lambda section: section.start)
    return sections[max(0, first) : last]


def _outlined(text: str, headings: list[Heading], year: int | None) -> list[Section]:
    """One section a heading, with the meaning of the headings above it."""
    first = headings[0].start if headings else len(text)
    front = _front(headings, year)
    sections = [Section(0, first, 0, "", (), front.role, front.year, front.planned)] if first else []
    stack: list[tuple[Heading, Meaning]] = []
    told = before = front
    turn: int | None = None
    for at, heading in enumerate(headings):
        while stack and stack[-1][0].level >= heading.level:
            stack.pop()
        parent = stack[-1][1] if stack else None
        meaning = _meaning(heading, parent, told, before, year)
        if parent is None and meaning is front and heading.level <= _DEEPEST_ROLE:
            turn = _turn(text) if turn is None else turn
            meaning = _placed(heading, turn, year) if first < turn else meaning
        elif parent is None:
            told = meaning
        before = meaning if parent is None else before
        stack.append((heading, meaning))
        end = headings[at + 1].start if at + 1 < len(headings) else len(text)
        path = tuple(above.text for above, _ in stack)
        sections.append(Section(heading.start, end, len(stack), heading.text, path, *meaning))
    return sections


def _turn(text: str) -> int:
    """Where a report turns from what was to what is to come: after the last passage of problems; -1 without one."""
    return max((match.start() for match in PROBLEMS.finditer(text)), default=-1)


def _placed(heading: Heading, turn: int, year: int | None) -> Meaning:
    """What a part is for whose heading does not tell, by which side of the turn it stands on."""
    if heading.start < turn:
        return Meaning("review", None if year is None else year - 1, False)
    return Meaning("plan", year, True)


def _front(headings: list[Heading], year: int | None) -> Meaning:
    """Front matter tells nothing; but a report without any telling heading is read as a review from its start."""
    telling = any(meaning_of(heading.text, None, year) for heading in headings if heading.level <= _DEEPEST_ROLE)
    return Meaning("other" if telling else "review", None if telling or year is None else year - 1, False)


def _meaning(heading: Heading, parent: Meaning | None, told: Meaning, before: Meaning, year: int | None) -> Meaning:
    """What a section is for: by its own heading, else its parent's, else the last part's whose heading told."""
    if heading.glossary:
        return Meaning("glossary", None, False)
    own = None
    if heading.level <= _DEEPEST_ROLE:
        own = meaning_of(heading.text, parent or before, year, parent is not None)
    return own or parent or told


def _refined(text: str, sections: list[Section], year: int | None) -> list[Section]:
    """Cut out what has no heading of its own: the problems, the goals, the beginning of the plan, the closing."""
    plan = _plan_start(text, sections)
    closing = _closing_start(text, sections)
    outlook: tuple[int, int, int] | None = None
    refined: list[Section] = []
    problems_until = 0
    for section in sections:
        if plan is not None and section.end > plan and section.role == "review":
            refined += _cut(section, max(plan, section.start), Meaning("plan", year, True), len(text))
            continue
        if section.start < problems_until and section.role in ("review", "own_building"):
            refined += _cut(section, section.start, Meaning("problems", section.year, False), problems_until)
            continue
        outlook = _outlook(text, sections, section, year) or outlook
        if outlook and section.role in ("review", "own_building") and outlook[0] < section.end <= outlook[1]:
            refined += _cut(section, max(outlook[0], section.start), Meaning("plan", outlook[2], True), section.end)
            continue
        found = _passage(text, section)
        if found is None:
            refined.append(section)
            continue
        start, end, role = found
        problems_until = end if role == "problems" else problems_until
        refined += _cut(section, start, Meaning(role, section.year, role == "goals"), end)
    return [part for section in refined for part in _cut_closing(section, closing)]


def _outlook(text: str, sections: list[Section], section: Section, year: int | None) -> tuple[int, int, int] | None:
    """Where a part that looks back turns to the next five-year plan: start, end of the part, the plan's last year."""
    if section.level != 1 or section.role != "review" or year is None:
        return None
    end = next((other.start for other in sections if other.start > section.start and other.level == 1), len(text))
    for match in NEXT_PLAN.finditer(text, section.start + len(section.heading) + 4, end):
        last = plan_end(match.group("nth"))
        if last > year:
            return match.start(), end, last
    return None


def _plan_start(text: str, sections: list[Section]) -> int | None:
    """Where the plan begins in a report whose headings tell of none."""
    if any(section.planned for section in sections):
        return None
    match = None
    for match in PLAN_OPENS.finditer(text):
        if match.start() > len(text) * 0.15:
            return match.start()
    return None


def _closing_start(text: str, sections: list[Section]) -> int:
    """Where the appeal at the end begins: the last 各位代表 that opens a paragraph under the last heading."""
    end = next((section.start for section in sections if section.role == "glossary"), len(text))
    least = max(end - max(end // 10, _APPEAL), max((s.start for s in sections if s.level and s.start < end), default=0))
    starts = [match.start() for match in CLOSING.finditer(text, least, end)]
    return starts[-1] if starts else len(text)


_APPEAL = 300
"""An appeal has about so many characters; in a long report it stands in the last tenth."""


def _passage(text: str, section: Section) -> tuple[int, int, Role] | None:
    """A passage of a role of its own within a section: start, end, role."""
    if section.role in ("review", "own_building", "other") and not section.planned:
        match = _admission(text, section)
        if match:
            return _sentence_start(text, match.start(), section.start), _passage_end(text, match.end()), "problems"
    if section.role == "plan":
        match = GOALS.search(text, section.start, section.end)
        if match:
            return _sentence_start(text, match.start(), section.start), _paragraph_end(text, match.end()), "goals"
    return None


def _admission(text: str, section: Section) -> re.Match[str] | None:
    """The first telling sentence of the last paragraph that has one: earlier ones are asides."""
    chosen = None
    for match in PROBLEMS.finditer(text, section.start, section.end):
        if chosen is None or "\n" in text[chosen.end() : match.start()]:
            chosen = match
    return chosen


def _sentence_start(text: str, at: int, least: int) -> int:
    return max(least, max(text.rfind(mark, least, at) for mark in "。！？\n") + 1)


def _paragraph_end(text: str, at: int) -> int:
    """The end of the paragraph, over line ends that only break a sentence."""
    while True:
        end = text.find("\n", at)
        if end < 0:
            return len(text)
        if (
            text[:end].rstrip(" \t*")[-1:] in "。！？"
            if end - at < 4
            else text[max(0, end - 3) : end].rstrip(" \t*")[-1:] in "。！？"
        ):
            return end + 1
        at = end + 1


def _passage_end(text: str, at: int) -> int:
    """The end of a list of problems: its paragraph, and the paragraphs of 一是…, 二是… after it."""
    end = _paragraph_end(text, at)
    while end < len(text):
        line = text[end : text.find("\n", end) if text.find("\n", end) >= 0 else len(text)].lstrip(" \t\u3000*")
        if not line:
            end += 1
        elif line[:2] in ("一是", "二是", "三是", "四是", "五是", "六是", "七是", "八是") or line.startswith(
            ("——", "对此", "对这些")
        ):
            end = _paragraph_end(text, end + 1)
        else:
            return end
    return end


def _cut(section: Section, start: int, meaning: Meaning, end: int) -> list[Section]:
    """The section before, within and after text[start:end], the middle with the meaning given; empty parts left out."""
    end = min(end, section.end)
    before = Section(
        section.start, start, section.level, section.heading, section.path, section.role, section.year, section.planned
    )
    within = Section(start, end, section.level + 1, "", section.path, *meaning)
    after = Section(end, section.end, section.level + 1, "", section.path, section.role, section.year, section.planned)
    if before.end <= before.start:
        within = Section(start, end, section.level, section.heading, section.path, *meaning)
    return [part for part in (before, within, after) if part.end > part.start]


def _cut_closing(section: Section, closing: int) -> list[Section]:
    if section.end <= closing or section.role == "glossary":
        return [section]
    return _cut(section, max(section.start, closing), Meaning("other", section.year, section.planned), section.end)
