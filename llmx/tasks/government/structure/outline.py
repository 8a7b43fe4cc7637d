"""From a text to sections that tile it: headings are found, the report is decided as a whole, and both are joined."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from math import inf
from typing import NamedTuple

from llmx.sections import Path, Section, best_path
from llmx.tasks.government.structure.evidence import AHEAD, CLOSING, GLOSSARY, OUTLOOK, PLAN, PROBLEMS, REVIEW
from llmx.tasks.government.structure.headings import FOUR, LISTED, Heading, find_headings, line_start
from llmx.tasks.government.structure.roles import promises, refined, telling, year_of
from llmx.tasks.government.structure.turns import CLASSES, FIRST, TURNS
from llmx.tasks.government.structure.weighing import Stretch, weighed
from llmx.tasks.government.structure.years import Witness, Years, likely_years, plain_digits, report_years, witnesses

_LEAST = 2.0
"""A year that less speaks for is a guess: one sentence that says it, or the most named years of both halves."""
_CLOSE = 1.0
"""Two years that are so near each other are both tried on the whole text."""
_LIKE = 0.5
"""Two years nearer than that are a tie, and a tie tells no year."""
_LONGEST_GOALS = 600
"""Characters of a passage of goals in a text without line ends."""
_BEGINNING = 60
"""Characters at the beginning of an outlook that may date it."""


class Outline(NamedTuple):
    """What a text is made of."""

    sections: list[Section]
    """In text order; joined, they give the text back character by character. None for the empty text."""
    years: Years
    """The years that it reviews and plans."""
    told: Told | None
    """The words of the body that tell the planned year best; None where none do, or the front matter did."""


class Told(NamedTuple):
    """Words that tell a year."""

    words: str
    start: int
    end: int


class _Decided(NamedTuple):
    """The report read with one pair of years."""

    years: Years
    stretches: list[Stretch]
    path: Path
    worth: float


def outline(text: str, told: int | None = None, known: bool = False) -> Outline:
    """Decide what each part of a text is for, and cut it into sections.

    Args:
        text: the document's text.
        told: the year that the report plans, as its front matter has it.
        known: whether that year is certain, since the caller knows it; else the text as a whole may outvote it.
    """
    if not text:
        return Outline([], Years(None, None), None)
    plain = plain_digits(text)
    headings = find_headings(text, telling)
    said_by = list(witnesses(plain, headings, told))
    decided = _decided(plain, headings, said_by, told, known)
    year = decided.years.planned
    said = None if year in (None, told) else _said(text, said_by, year)
    return Outline(list(_sections(text, headings, decided)), decided.years, said)


def _said(text: str, said_by: Iterable[Witness], year: int | None) -> Told | None:
    """The words that say most plainly that a text plans a year."""
    said = [one for one in said_by if one.year == year and one.end]
    best = max(said, key=lambda one: one.weight, default=None)
    return best and Told(text[best.start : best.end], best.start, best.end)


def _decided(
    plain: str, headings: Sequence[Heading], said_by: Iterable[Witness], told: int | None, known: bool
) -> _Decided:
    """The report read with the years that fit it best."""
    if known:
        return _read(plain, headings, told, 0.0)
    likely = likely_years(said_by)
    best = likely[0][1] if likely else 0.0
    near = [(year, worth) for year, worth in likely if worth >= _LEAST and best - worth < _CLOSE]
    tried = [_read(plain, headings, year, worth) for year, worth in near]
    tried.sort(key=lambda one: -one.worth)
    if not tried or (len(tried) > 1 and tried[0].worth - tried[1].worth < _LIKE):
        return _read(plain, headings, None, 0.0)
    return tried[0]


def _read(plain: str, headings: Sequence[Heading], year: int | None, worth: float) -> _Decided:
    years = report_years(plain, year)
    stretches = weighed(plain, headings, years)
    path = best_path([stretch.step for stretch in stretches], FIRST, TURNS, CLASSES)
    return _Decided(years, stretches, path, worth + path.total)


class _Part(NamedTuple):
    """A run of stretches in one state, or a passage of goals."""

    start: int
    state: int
    goals: bool = False


class _Cut(NamedTuple):
    """Where a section begins, and what it is."""

    start: int
    heading: Heading | None
    trail: tuple[str, ...]
    part: _Part


def _sections(text: str, headings: Sequence[Heading], decided: _Decided) -> Iterator[Section]:
    starts = [stretch.start for stretch in decided.stretches]
    cuts = list(_cuts(text, headings, decided))
    for cut, end in zip(cuts, [*(cut.start for cut in cuts[1:]), len(text)], strict=True):
        first, last = bisect_right(starts, cut.start) - 1, bisect_left(starts, end)
        margin = max(decided.path.margins[max(0, first) : last])
        yield _section(text, cut, end, None if margin == inf else round(margin, 1), decided.years)


def _section(text: str, cut: _Cut, end: int, margin: float | None, years: Years) -> Section:
    part, path = cut.part, tuple(words for words in cut.trail if words)
    role = "goals" if part.goals else refined(path, part.state)
    planned = part.state in AHEAD and not (role == "other" and part.state != CLOSING)
    state = part.state if planned or part.state not in AHEAD else REVIEW
    year = year_of(path, state, years, text[cut.start : min(end, cut.start + _BEGINNING)] if state == OUTLOOK else "")
    heading = cut.heading.text if cut.heading else ""
    level = len(path) + (bool(path) and not heading)
    return Section(cut.start, end, level, heading, path, role, year, planned, margin)


def _cuts(text: str, headings: Sequence[Heading], decided: _Decided) -> Iterator[_Cut]:
    """Where sections begin: at headings, and where the report turns."""
    parts = list(_with_goals(text, decided, headings))
    starts = [part.start for part in parts]
    held = {heading.start: heading for heading in headings}
    trail: list[Heading] = []
    before = parts[0]
    for start in sorted({*starts, *held}):
        part, heading = parts[bisect_right(starts, start) - 1], held.get(start)
        if heading and heading.level > LISTED and (part.goals or part.state == PROBLEMS):
            heading = None  # statements among others, no topics
        if part is not before and not (heading and heading.level <= LISTED):
            trail = _after_turn(text, trail, before, part)
        if heading:
            trail = [above for above in trail if above.level < heading.level] + [heading]
        if heading or part is not before or start == 0:
            yield _Cut(start, heading, tuple(above.text for above in trail), part)
        before = part


def _after_turn(text: str, trail: list[Heading], before: _Part, part: _Part) -> list[Heading]:
    """The headings that still stand above a text after it turned without one."""
    if (part.goals or before.goals) and part.state == before.state:
        return [above for above in trail if above.level <= FOUR]
    if part.state == PROBLEMS:
        return trail[:1] if line_start(text, part.start) else [above for above in trail if above.level < LISTED]
    if part.state in (CLOSING, GLOSSARY):
        return []
    parted = part.state in AHEAD and before.state not in AHEAD and not (trail and promises(trail[0].text))
    return [] if parted else trail[:1]


def _parts(decided: _Decided) -> Iterator[_Part]:
    """Runs of stretches in one state."""
    state = None
    for stretch, its in zip(decided.stretches, decided.path.states, strict=True):
        if its != state:
            yield _Part(stretch.start, its)
        state = its


def _with_goals(text: str, decided: _Decided, headings: Sequence[Heading]) -> Iterator[_Part]:
    """The runs with the passages of goals cut out of them: of a plan one a section, of any other run each sentence."""
    parts = list(_parts(decided))
    bounds = [*(heading.start for heading in headings if heading.level <= LISTED), len(text)]
    numbered = [heading.start for heading in headings if heading.level <= FOUR]
    telling = [span for stretch in decided.stretches for span in stretch.telling]
    for part, stop in zip(parts, [*(part.start for part in parts[1:]), len(text)], strict=True):
        yield part
        at, section = part.start, -1
        for start, end in telling[bisect_left(telling, (part.start, 0)) : bisect_left(telling, (stop, 0))]:
            own = bisect_right(numbered, start)
            if part.state in AHEAD and own != section:
                end = min(_paragraph_end(text, end), bounds[bisect_right(bounds, start)], stop)
            elif part.state not in (REVIEW, PROBLEMS):
                continue
            if start >= at:
                yield _Part(start, PLAN if part.state in (REVIEW, PROBLEMS) else part.state, True)
                at, section = end, own
                if end < stop:
                    yield _Part(end, part.state)


def _paragraph_end(text: str, at: int) -> int:
    """Where the paragraph that a sentence ends in ends; in a text without line ends, a sentence some way on."""
    end = text.find("\n", at - 1, at + _LONGEST_GOALS)
    if end >= 0 or at + _LONGEST_GOALS >= len(text):
        return end + 1 if end >= 0 else len(text)
    return max(at, text.rfind("。", at, at + _LONGEST_GOALS // 2) + 1)
