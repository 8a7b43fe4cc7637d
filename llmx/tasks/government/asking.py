"""What a language model is asked about a report: the words of prompts/, and answers without what code can prove."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Any

from pydantic import ValidationError, create_model

from llmx.errors import PromptError
from llmx.figures import Figure, find_figures
from llmx.prompting import Asking, Fault, Message, Prompt, Question, load_prompt, mark, measuring, shipped
from llmx.records import Record
from llmx.sections import Chunk, Section
from llmx.task import DerivedAsking
from llmx.tasks.government.answer import OWN, Answer
from llmx.tasks.government.claims import ReportReading
from llmx.tasks.government.settling import outline_question, outlined
from llmx.tasks.government.sifting import sifted
from llmx.tasks.government.unpacking import reading_of

FILES = ("system.md", "examples.toml", "chunk.md", "second_look.md", "outline.md", "json.md")

_ROLES: dict[str, str] = {
    "review": "工作回顾",
    "problems": "存在问题",
    "goals": "目标",
    "plan": "工作安排",
    "own_building": "政府自身建设",
    "glossary": "名词解释",
    "other": "其他",
}


class ReportAsking(Asking):
    """The questions about a report; see `llmx.prompting.Asking`.

    Args:
        further: record types beyond the four; they are asked for by the kinds of their fields, as any task's are.
        prompt: the words; those of prompts/ unless given.
    """

    purpose = "提取的记录"
    unstated = "（无标题）"
    holding = frozenset(("figures", "recognitions", "projects", "problems"))

    def __init__(
        self, further: Mapping[str, type[Record]] = MappingProxyType({}), prompt: Prompt | None = None
    ) -> None:
        prompt = prompt or load_prompt(shipped(), FILES)
        self.further = DerivedAsking(further) if further else None
        if self.further is None:
            super().__init__(Answer, prompt)
            return
        lists: dict[str, Any] = {many: (list[part], ...) for many, part in self.further.parts.items()}  # type: ignore[valid-type]
        system = "\n\n".join((prompt.texts["system.md"].strip(), self.further.described))
        super().__init__(create_model("Answer", __base__=Answer, **lists), prompt.with_text("system.md", system))
        self.holding = self.holding | self.further.holding

    @cached_property
    def opening(self) -> tuple[Message, ...]:
        """Instructions, then worked examples."""
        messages: list[Message] = [{"role": "system", "content": self.prompt.texts["system.md"].strip()}]
        for number, example in enumerate(_examples(self.prompt.texts["examples.toml"]), 1):
            text, answer = _checked(example, f"{self.prompt.folder}/examples.toml, example {number}")
            place = {name: example[name] for name in ("path", "role", "year")}
            asked = self.prompt.fill("chunk.md", **place, text=text)
            full = self.answer.model_construct(**{name: [] for name in self.parts} | dict(answer))
            messages += [{"role": "user", "content": asked}, {"role": "assistant", "content": full.model_dump_json()}]
        return tuple(messages)

    def check(self) -> None:
        """As for any task, and the question about an outline."""
        super().check()
        self.prompt.fill("outline.md", outline="")

    def place(self, chunk: Chunk) -> dict[str, str]:
        """Heading path, role with tense, and year."""
        section = chunk.section
        tense = "" if section.role == "problems" else "（计划）" if section.planned else "（已发生）"
        return super().place(chunk) | {"role": _ROLES[section.role] + tense, "year": str(section.year or "未知")}

    def sifted(self, answer: Answer, marks: Mapping[int, object]) -> tuple[Answer, list[Fault]]:
        """See `llmx.tasks.government.sifting`; what a further type has is sifted by the kinds of its fields."""
        own, faults = sifted(answer, marks)
        if self.further is None:
            return own, faults
        more, others = self.further.sifted(answer, marks)
        lists = {**dict(own), **dict(more)}
        return self.answer.model_construct(**lists), [*faults, *others]  # type: ignore[return-value]

    def unpacked(self, answer: Answer, question: Question) -> ReportReading:
        """See `llmx.tasks.government.unpacking`."""
        own = reading_of(answer, question)
        if self.further is None:
            return own
        return own.model_copy(update={"records": self.further.unpacked(answer, question).records})

    def about(self, item: object) -> object:
        """Its figure's number, or its quote; of a further type all that it says."""
        own = isinstance(item, OWN)
        return (
            (getattr(item, "n", None) or getattr(item, "quote", None))
            if own
            else self.further and self.further.about(item)
        )

    def settled_figures(self, answer: Answer, whole: frozenset[str], marks: Mapping[int, Figure]) -> list[Figure]:
        """All, where the list of figures is whole; else those that it names."""
        named = {one.n for one in answer.figures}
        return [figure for number, figure in marks.items() if "figures" in whole or number in named]

    def unclaimed(self, numbers: Iterable[int]) -> str:
        """About figures that nobody claimed."""
        marks = "、".join(f"[{number}]" for number in numbers)
        return f"- {marks}：第一遍没有提取。是记录就写进figures，不是就不写。"

    def unborne(self, words: str) -> str:
        """About words that hold a number or a name that the text does not have."""
        return f"“{words}”里有原文没有的数字或名称。如确有此条，照原文重答该条。"

    def unfound(self, quote: str) -> str:
        """About a quote that is not in the text."""
        return f"原文中没有“{quote}”这段引文。如确有此条，逐字重抄并重答该条。"

    def outline_question(self, text: str, sections: Sequence[Section]) -> Question | None:
        """Whether the narrowly decided parts are reported or planned."""
        return outline_question(self, text, sections)

    def outlined(self, answer: Answer, question: Question, sections: Sequence[Section]) -> Sequence[Section]:
        """The sections with the tense that the answer gives them."""
        return outlined(answer, question, sections)


def _examples(text: str) -> list[dict[str, str]]:
    try:
        examples = tomllib.loads(text)["examples"]
        fields = {"path", "role", "year", "text", "answer"}
        if wrong := next((number for number, one in enumerate(examples, 1) if set(one) != fields), None):
            raise PromptError(f"prompts/examples.toml, example {wrong}: its fields must be {sorted(fields)}")
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise PromptError(f"prompts/examples.toml: no list of examples: {error}") from error
    return list(examples)


def _checked(example: dict[str, str], where: str) -> tuple[str, Answer]:
    """An example's marked text and its answer, once they agree."""
    text = example["text"].strip("\n")
    figures = find_figures(text)
    try:
        answer = Answer.model_validate_json(example["answer"])
    except ValidationError as error:
        raise PromptError(f"{where}: the answer breaks the schema: {error}") from error
    numbers = {one.n for one in answer.figures} | {one.n for one in answer.exceptions}
    if strange := numbers - set(range(1, len(measuring(figures)) + 1)):
        raise PromptError(f"{where}: the answer names figures {sorted(strange)}, which the text does not have")
    quotes = [part.quote for parts in (answer.recognitions, answer.projects, answer.problems) for part in parts]
    if lost := next((quote for quote in quotes if quote not in text), None):
        raise PromptError(f"{where}: {lost!r} is not in its text")
    return mark(text, 0, measuring(figures)), answer
