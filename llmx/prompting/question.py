"""A chunk as the question that a language model is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from llmx.figures import Figure
from llmx.prompting.marks import escaped, mark, measuring
from llmx.prompting.prompt import Message, Prompt
from llmx.sections import Chunk, Role, part_of, pieces_of

_ROLES: dict[Role, str] = {
    "review": "工作回顾",
    "problems": "存在问题",
    "goals": "目标",
    "plan": "工作安排",
    "own_building": "政府自身建设",
    "glossary": "名词解释",
    "other": "其他",
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of one chunk, or of a part of one."""

    chunk: Chunk
    """The chunk asked about."""
    marks: Mapping[int, Figure]
    """The figures that are marked in the text, by number."""
    opening: tuple[Message, ...]
    """Messages that every question shares, for the provider's prefix cache."""
    closing: tuple[Message, ...]
    """The messages of this question alone."""

    @property
    def messages(self) -> list[Message]:
        """All messages, as they are sent."""
        return [*self.opening, *self.closing]


def first_question(prompt: Prompt, chunk: Chunk, claimed: Iterable[Figure] = ()) -> Question:
    """Ask for all records of a chunk.

    Args:
        prompt: the words.
        chunk: what is asked about.
        claimed: figures that an earlier, cut answer already claimed; they are not marked again.
    """
    held = {figure.start for figure in claimed}
    marks = {number: figure for number, figure in measuring(chunk.figures).items() if figure.start not in held}
    pieces = pieces_of(chunk)
    words = [prompt.fill("chunk.md", **_place(piece), text=_marked(piece, marks)) for piece in pieces]
    return Question(chunk, marks, prompt.opening, ({"role": "user", "content": "\n\n".join(words)},))


def _marked(chunk: Chunk, marks: Mapping[int, Figure]) -> str:
    """A chunk's text with those of the marks that are in it."""
    within = {number: figure for number, figure in marks.items() if chunk.start <= figure.start < chunk.end}
    return mark(escaped(chunk.text), chunk.start, within).strip("\n")


_MOST_POINTS = 20
"""Doubts that are asked about again at most; more are not the slip of an answer but its habit."""


def second_question(prompt: Prompt, chunk: Chunk, open: Mapping[int, Figure], doubts: Sequence[str]) -> Question:
    """Ask once more about what stayed open.

    Args:
        prompt: the words.
        chunk: what the first question was about.
        open: figures that nobody claimed and that look like records, by the number of their mark.
        doubts: what else of the first answer is to be looked at again, a sentence each.
    """
    points = []
    if open:
        numbers = "、".join(f"[{number}]" for number in open)
        points.append(f"- {numbers}：第一遍没有提取。是记录就写进figures，不是就不写。")
    points += [f"- {point}" for point in list(dict.fromkeys(doubts))[:_MOST_POINTS]]
    places = [figure.start for figure in open.values()]
    start, end = (chunk.start, chunk.end) if doubts else sentences(chunk, min(places), max(places))
    first, *others = pieces_of(part_of(chunk, start, end))
    words = [_marked(first, open)]
    words += [prompt.fill("chunk.md", **_place(piece), text=_marked(piece, open)) for piece in others]
    asked = prompt.fill("second_look.md", open="\n".join(points), **_place(first), text="\n\n".join(words))
    return Question(chunk, open, (), ({"role": "user", "content": asked},))


def _place(chunk: Chunk) -> dict[str, str]:
    """Heading path, role with tense, and year, as the prompt names them."""
    section = chunk.section
    tense = "" if section.role == "problems" else "（计划）" if section.planned else "（已发生）"
    path = escaped(" > ".join(section.path)) or "（无标题）"
    return {"path": path, "role": _ROLES[section.role] + tense, "year": str(section.year or "未知")}


def sentences(chunk: Chunk, first: int, last: int) -> tuple[int, int]:
    """Bounds, in the document, of the stretch of whole sentences that holds two of its places."""
    before = max(chunk.text.rfind(end, 0, first - chunk.start) for end in "。；\n")
    after = [at for at in (chunk.text.find(end, last - chunk.start) for end in "。；\n") if at >= 0]
    return chunk.start + before + 1, chunk.start + (min(after) + 1 if after else len(chunk.text))
