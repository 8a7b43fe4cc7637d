"""From headings and telling passages to sections that tile the text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from llmx.sections.headings import DEEPEST_NUMBER, FOUR, LISTED, ONE, Heading, find_headings
from llmx.sections.passages import (
    GOALS,
    LOOKS_BACK,
    admissions,
    closing,
    paragraph_end,
    paragraph_start,
    plan_opening,
    problems_end,
    sentence_start,
)
from llmx.sections.roles import Meaning, Turn, meaning_of, turn_of
from llmx.sections.section import Chunk, Section
from llmx.sections.years import Years, plan_end, planned_year, report_years

_REPORTING = ("review", "own_building", "other")
_PLAN_FROM = 0.15
"""The plan of a report without telling headings begins after this share of its text."""


class _Mark(NamedTuple):
    """Where a section begins: a heading, or a passage without one (empty text) whose meaning is known."""

    heading: Heading
    meaning: Meaning | None = None
    end: int = 0
    """Where a passage ends; topic sentences in it are no headings."""


class _Part(NamedTuple):
    """A section in the making: its bounds and the headings above it, its own last."""

    start: int
    end: int
    trail: tuple[Heading, ...]
    meaning: Meaning


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
    headings = find_headings(text, lambda words: meaning_of(words, None, Years(None, None)) is not None)
    years = report_years(text, year if year is not None else planned_year(text) or _named_year(headings))
    admitted = list(admissions(text))
    outline = _Outline(text, years, admitted, headings)
    marks = [_Mark(heading) for heading in headings]
    turned = _added(marks, [*_turns(text, outline.parts(marks), years), *outline.opening])
    parts = outline.parts(turned)
    passages = [*_problems(text, parts, headings, admitted), *_goals(text, parts, headings)]
    passages += _looks_back(text, parts, headings, years)
    return [_section(part) for part in outline.parts(_added(turned, [*passages, *_closing(text, parts, headings)]))]


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


def _named_year(headings: list[Heading]) -> int | None:
    """The year that the headings plan, or the one after the year that they review."""
    meanings = [meaning_of(heading.text, None, Years(None, None)) for heading in headings if heading.level <= ONE]
    planned = [one.year for one in meanings if one and one.planned and one.year]
    reviewed = [one.year + 1 for one in meanings if one and one.role == "review" and one.year]
    return min(planned, default=None) or max(reviewed, default=None)


def _section(part: _Part) -> Section:
    path = tuple(heading.text for heading in part.trail if heading.text)
    heading = part.trail[-1].text if part.trail else ""
    level = len(path) + (part.trail != () and not heading)
    return Section(part.start, part.end, level, heading, path, *part.meaning)


class _Outline:
    """Says what each section of a text is for, with what is known of the whole text."""

    def __init__(self, text: str, years: Years, admitted: list[int], headings: list[Heading]) -> None:
        self.length = len(text)
        self.years = years
        told = [heading for heading in headings if heading.level <= DEEPEST_NUMBER and not heading.glossary]
        self.telling = any(meaning_of(heading.text, None, years) for heading in told)
        top = [heading.start for heading in told if heading.level <= ONE]
        opening = plan_opening(text, max(int(len(text) * _PLAN_FROM), admitted[0] if admitted else 0))
        # A report whose headings tell nothing turns to its plan after the problems, or where a paragraph says so.
        self.turns = admitted or ([opening] if opening is not None and not self.telling else [])
        opens = opening is not None and not self.telling and not top
        plan = Meaning("plan", years.planned, True)
        self.opening = [_Mark(Heading(opening or 0, ONE, ""), plan)] if opens else []
        """The plan of a report without any upper heading, if it has one."""

    def parts(self, marks: list[_Mark]) -> list[_Part]:
        """One part a mark, and one for what stands before the first; empty ones left out."""
        review = Meaning("review", self.years.reviewed, False)
        front = Meaning("other", None, False) if self.telling or self._has_top(marks) else review
        first = marks[0].heading.start if marks else self.length
        parts = [_Part(0, first, (), front)]
        stack: list[tuple[_Mark, Meaning]] = []
        told = (0, front)
        for at, mark in enumerate(marks):
            heading = mark.heading
            while stack and not _holds(stack[-1][0], heading):
                stack.pop()
            meaning = mark.meaning or self._meaning(heading, stack[-1][1] if stack else None, told)
            if not stack and heading.text and meaning is not told[1]:
                told = heading.start, meaning
            elif mark.meaning and not mark.end and meaning.role != "other":
                told = told[0], meaning
            stack.append((mark, meaning))
            end = marks[at + 1].heading.start if at + 1 < len(marks) else self.length
            parts.append(_Part(heading.start, end, tuple(above.heading for above, _ in stack), meaning))
        return [part for part in parts if part.end > part.start]

    def _has_top(self, marks: list[_Mark]) -> bool:
        return any(mark.heading.level <= ONE and mark.heading.text for mark in marks)

    def _meaning(self, heading: Heading, parent: Meaning | None, told: tuple[int, Meaning]) -> Meaning:
        """What a section is for: by its own heading, else its parent's, else the last part's that told."""
        if heading.glossary:
            return Meaning("glossary", None, False)
        own = None
        if heading.level <= DEEPEST_NUMBER and heading.text:
            own = meaning_of(heading.text, parent or told[1], self.years, parent is not None)
        return own or parent or self._untold(heading, told)

    def _untold(self, heading: Heading, told: tuple[int, Meaning]) -> Meaning:
        """A part whose heading says nothing: as the last one, but after a review's problems comes the plan."""
        since, meaning = told
        if meaning.planned or heading.level > ONE:
            return meaning
        turn = bisect_left(self.turns, since)
        if turn < len(self.turns) and self.turns[turn] < heading.start:
            return Meaning("plan", self.years.planned, True)
        return Meaning("review", self.years.reviewed, False) if self.turns or not self.telling else meaning


def _holds(above: _Mark, heading: Heading) -> bool:
    """Whether a heading stands in the section of one before it: deeper, and before the end of a passage."""
    return above.heading.level < heading.level and not 0 < above.end <= heading.start


def _added(marks: list[_Mark], passages: list[_Mark]) -> list[_Mark]:
    """Marks and passages in text order; a passage that begins where a heading stands gives it its meaning."""
    by_start = {mark.heading.start: mark for mark in marks}
    for passage in passages:
        held = by_start.get(passage.heading.start)
        if held is None or not held.heading.text:
            by_start[passage.heading.start] = passage
        elif passage.meaning:
            by_start[passage.heading.start] = _Mark(held.heading, passage.meaning, passage.end)
    kept, end = [], 0
    for start in sorted(by_start):
        mark = by_start[start]
        if start >= end or mark.heading.level <= LISTED:
            kept.append(mark)
        end = max(end, mark.end)
    return kept


def _turns(text: str, parts: list[_Part], years: Years) -> Iterator[_Mark]:
    """Where a part whose heading names two things turns to the second."""
    for at, part in enumerate(parts):
        heading = part.trail[-1] if part.trail else None
        turn = turn_of(heading.text, years) if heading and heading.level <= DEEPEST_NUMBER and heading.text else None
        if heading and turn:
            later = islice(parts, at + 1, None)
            end = next((other.start for other in later if other.trail[-1].level <= heading.level), len(text))
            start = _turning_paragraph(text, part.start + len(heading.text), end, turn)
            if start is not None:
                yield _Mark(Heading(start, heading.level + 0.25, ""), turn.meaning)


def _turning_paragraph(text: str, start: int, end: int, turn: Turn) -> int | None:
    while 0 <= (start := text.find("\n", start, end)) < end:
        start += 1
        if turn.cue.match(text, start, end):
            return start
    return None


def _problems(text: str, parts: list[_Part], headings: list[Heading], admitted: list[int]) -> Iterator[_Mark]:
    """The passage of problems of each part that reports, if it has one without a heading."""
    upper = [heading.start for heading in headings if heading.level <= DEEPEST_NUMBER]
    for start, part in _last_admissions(text, parts, admitted):
        most = _next(upper, start, len(text))
        end = problems_end(text, start, most)
        trail = part.trail[:1] if paragraph_start(text, start) else part.trail
        level = (trail[-1].level if trail else ONE) + 0.5
        yield _Mark(Heading(start, level, ""), Meaning("problems", part.meaning.year, False), end)
        if end < most:
            yield _Mark(Heading(end, level, ""))


def _last_admissions(text: str, parts: list[_Part], admitted: list[int]) -> Iterator[tuple[int, _Part]]:
    """For each upper part that reports, the first admission of its last paragraph that has one: others are asides."""
    starts = [part.start for part in parts]
    chosen: tuple[int, _Part] | None = None
    for offset in admitted:
        part = parts[bisect_right(starts, offset) - 1]
        if part.meaning.planned or part.meaning.role not in (_REPORTING if part.trail else ("review",)):
            continue
        if chosen and chosen[1].trail[:1] == part.trail[:1] and "\n" not in text[chosen[0] : offset]:
            continue
        if chosen and chosen[1].trail[:1] != part.trail[:1]:
            yield chosen
        chosen = offset, part
    if chosen:
        yield chosen


def _goals(text: str, parts: list[_Part], headings: list[Heading]) -> Iterator[_Mark]:
    """The paragraph of goals in each numbered section of a plan, if it has one."""
    starts = [part.start for part in parts]
    bounds = [heading.start for heading in headings if heading.level <= LISTED]
    seen: set[tuple[Heading, ...]] = set()
    for match in GOALS.finditer(text):
        part = parts[bisect_right(starts, match.start()) - 1]
        numbered = tuple(heading for heading in part.trail if heading.level < FOUR + 1)
        if part.meaning.role != "plan" or numbered in seen:
            continue
        seen.add(numbered)
        most = _next(bounds, match.start(), len(text))
        end = paragraph_end(text, match.end(), most)
        level = (numbered[-1].level if numbered else ONE) + 0.5
        start = sentence_start(text, match.start(), part.start)
        yield _Mark(Heading(start, level, ""), Meaning("goals", part.meaning.year, True), end)
        if end < most:
            yield _Mark(Heading(end, level, ""))


def _looks_back(text: str, parts: list[_Part], headings: list[Heading], years: Years) -> Iterator[_Mark]:
    """The paragraphs of an outlook on five years that tell what the last five brought."""
    starts = [part.start for part in parts]
    bounds = [heading.start for heading in headings if heading.level <= LISTED]
    for match in LOOKS_BACK.finditer(text):
        part = parts[bisect_right(starts, match.start()) - 1]
        year, nth = part.meaning.year, match.group("nth")
        if not part.meaning.planned or year is None or years.planned is None or year <= years.planned:
            continue
        if nth is None or plan_end(nth) < year:
            most = _next(bounds, match.start(), len(text))
            end = paragraph_end(text, match.end(), most)
            level = (part.trail[-1].level if part.trail else ONE) + 0.5
            yield _Mark(Heading(match.start(), level, ""), Meaning("review", years.reviewed, False), end)
            if end < most:
                yield _Mark(Heading(end, level, ""))


def _closing(text: str, parts: list[_Part], headings: list[Heading]) -> Iterator[_Mark]:
    """The appeal at the end of the plan."""
    bounds = [heading.start for heading in headings if heading.level <= FOUR]
    start = closing(text, [*bounds, len(text) + 1])
    if start is None:
        return
    part = parts[bisect_right([part.start for part in parts], start) - 1]
    if part.meaning.planned:
        level = min((heading.level for heading in headings if heading.start < start), default=ONE)
        yield _Mark(Heading(start, min(level, ONE), ""), Meaning("other", part.meaning.year, True))


def _next(bounds: list[int], after: int, end: int) -> int:
    """The first bound after an offset."""
    at = bisect_right(bounds, after)
    return bounds[at] if at < len(bounds) else end
