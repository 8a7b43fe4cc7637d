"""What a language model is asked about a chunk, and how its answer is read: the seam between a task and any endpoint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_args

from pydantic import BaseModel

from llmx.claims import Reading
from llmx.figures import Figure
from llmx.prompting.items import Fault
from llmx.prompting.marks import escaped, labels_of, measuring
from llmx.prompting.prompt import Message, Prompt
from llmx.sections import Chunk, Section


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


class Asking:
    """The words of the questions and the form of the answers; a task may have a subclass of its own.

    Args:
        answer: the model of an answer: every field a list of items, each item a model whose fields are all required, so
            that the strict mode of endpoints takes its schema. What code can prove is not to be asked for.
        prompt: the words; chunk.md, second_look.md and json.md among them.
    """

    purpose = "The extracted records."
    """What an answer is, where it is the argument of a call."""
    unstated = "(no heading)"
    """What stands for the heading path of what has none."""

    def __init__(self, answer: type[BaseModel], prompt: Prompt) -> None:
        self.answer, self.prompt = answer, prompt
        self.parts: dict[str, type[BaseModel]] = {
            name: get_args(field.annotation)[0] for name, field in answer.model_fields.items()
        }
        self._labels = labels_of(prompt.texts.get("chunk.md", ""))
        self.nothing = answer.model_construct(**{name: [] for name in self.parts})  # type: ignore[arg-type]

    @property
    def holding(self) -> frozenset[str]:
        """The lists of an answer that hold records."""
        return frozenset(self.parts)

    @cached_property
    def opening(self) -> tuple[Message, ...]:
        """Instructions and worked examples: the same for every chunk of every document.

        Raises:
            PromptError: an example contradicts its text.
        """
        raise NotImplementedError

    def check(self) -> None:
        """Make sure that the words fit together, before anything is sent.

        Raises:
            PromptError: a template lacks a variable or has one too many, or an example contradicts its text.
        """
        _ = self.opening
        place = dict.fromkeys(self.place(_NOWHERE), "")
        self.prompt.fill("chunk.md", **place, text="")
        self.prompt.fill("second_look.md", **place, open="", text="")
        self.prompt.fill("json.md", schema="")

    def place(self, chunk: Chunk) -> dict[str, str]:
        """What a question says of where its chunk stands: variables of chunk.md and second_look.md."""
        return {"path": self.escaped(" > ".join(chunk.section.path)) or self.unstated}

    def marks(self, figures: Iterable[Figure]) -> dict[int, Figure]:
        """The figures of a chunk that are marked in its text, by their numbers."""
        return measuring(figures)

    def escaped(self, text: str) -> str:
        """A text in which nothing looks like a mark or like the lines above it in a question."""
        return escaped(text, self._labels)

    def sifted(self, answer: Any, marks: Mapping[int, object]) -> tuple[Any, list[Fault]]:
        """The items of an answer that can be used, and what is wrong with the others.

        Args:
            answer: items that satisfy the schema.
            marks: the numbers that the question's text is marked with.
        """
        raise NotImplementedError

    def unpacked(self, answer: Any, question: Question) -> Reading:
        """What an answer claims of its chunk; numbers that the question did not mark are ignored."""
        raise NotImplementedError

    def about(self, item: Any) -> object:
        """What an item is about, by which it is known again in a further answer."""
        return item

    def settled_figures(self, answer: Any, whole: frozenset[str], marks: Mapping[int, Figure]) -> list[Figure]:
        """The figures that a cut answer has dealt with, and that need not be asked about again.

        Args:
            answer: its complete items.
            whole: the lists that lack nothing.
            marks: the figures that were asked about.
        """
        raise NotImplementedError

    def unclaimed(self, numbers: Iterable[int]) -> str:
        """The point of a second look about figures that nobody claimed, by their marks."""
        marks = ", ".join(f"[{number}]" for number in numbers)
        return f"- {marks}: not extracted so far. Give its record if it belongs to one, else leave it out."

    def unborne(self, words: str) -> str:
        """The point of a second look about words that hold a number or a name that the text does not have."""
        return (
            f"“{words}” holds a number or a name that the text does not have. Give the item again as the text has it."
        )

    def unfound(self, quote: str) -> str:
        """The point of a second look about a quote that is not in the text."""
        return f"The text has no “{quote}”. Give the item again with its quote copied character for character."

    def outline_question(self, text: str, sections: Sequence[Section]) -> Question | None:
        """The question about what of a document's structure was decided by little; None where nothing is to be asked."""
        return None

    def outlined(self, answer: Any, question: Question, sections: Sequence[Section]) -> Sequence[Section]:
        """The sections as the answer to an outline's question settles them."""
        return sections


_NOWHERE = Chunk(0, 0, "", Section(0, 0, 0, "", (), "other", None, False), ())
