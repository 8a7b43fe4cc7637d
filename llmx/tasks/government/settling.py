"""The outline of a report as a question: what of its structure was decided by little is settled by one short answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from llmx.figures import Figure
from llmx.prompting import Asking, Question
from llmx.sections import Chunk, Section, narrow
from llmx.tasks.government.answer import Answer

_MOST, _LINES, _WORDS = 12, 60, 24
"""Parts that are asked about, lines of an outline, and characters of a line at most."""
_DEEPEST = 2
"""Of parts that were decided plainly, headings down to this depth are shown."""


def outline_question(asking: Asking, text: str, sections: Sequence[Section]) -> Question | None:
    """Ask whether the narrowly decided parts of a report are reported or planned.

    Args:
        asking: the words.
        text: the text that the sections tile.
        sections: its outline.

    Returns:
        The question, whose marks stand at the beginnings of those parts; None where every part was decided plainly.
    """
    doubtful = [section for section in narrow(sections) if section.role != "glossary"][:_MOST]
    if not doubtful:
        return None
    shown = [section for section in sections if section in doubtful or 0 < section.level <= _DEEPEST]
    marks = {number: _mark(section) for number, section in enumerate(doubtful, 1)}
    numbers = {section.start: number for number, section in enumerate(doubtful, 1)}
    lines = [_line(asking, text, section, numbers.get(section.start)) for section in shown[:_LINES]]
    asked = asking.prompt.fill("outline.md", outline="\n".join(lines))
    first, last = doubtful[0], doubtful[-1]
    chunk = Chunk(first.start, last.end, text[first.start : last.end], first, ())
    return Question(chunk, marks, (), ({"role": "user", "content": asked},))


def outlined(answer: Answer, question: Question, sections: Sequence[Section]) -> list[Section]:
    """The sections, those that the answer settles as it says, with the margin of what is certain."""
    told = {question.marks[one.n].start: one for one in answer.exceptions if one.n in question.marks and one.type}
    return [
        _decided(section, told[section.start].type == "target", told[section.start].year, sections)
        if section.start in told
        else section
        for section in sections
    ]


def _decided(section: Section, planned: bool, year: int | None, sections: Sequence[Section]) -> Section:
    """A section of the tense and year told; without a year, that of the others of its tense."""
    if planned == section.planned and year in (None, section.year):
        return replace(section, margin=None)
    role = section.role if planned == section.planned else "plan" if planned else "review"
    alike = (one.year for one in sections if one.planned == planned and one.role == role and one.year)
    return replace(section, planned=planned, role=role, year=year or next(alike, section.year), margin=None)


def _mark(section: Section) -> Figure:
    """The number of a part, which stands at its beginning."""
    return Figure(section.start, section.start, "", 0, "")


def _line(asking: Asking, text: str, section: Section, number: int | None) -> str:
    words = section.heading or "".join(text[section.start : section.end].split())[:_WORDS]
    tense = "？" if number else "计划" if section.planned else "已发生"
    return (
        asking.escaped(f"{'　' * max(0, section.level - 1)}{words}")
        + f"（{tense}）"
        + (f"[{number}]" if number else "")
    )
