"""A task tried before any money is spent: its examples, its templates, its schema, and what would be sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from os import PathLike
from typing import Any

from llmx.analysis import analyse
from llmx.documents import Document, read, read_text
from llmx.errors import PromptError
from llmx.models.schemas import STRICT, answer_schema, schema_faults
from llmx.models.tokens import estimated_tokens
from llmx.pipeline import LANGUAGE_MODEL_BUDGET, Plan, Source, assemble
from llmx.prompting import Message, Question, first_question, measuring
from llmx.results import Result
from llmx.task import Example, Task, kinds_of, open_task
from llmx.task.derived import DerivedAsking

_WHOLE = 1_000_000
_SAMPLE = "…"


@dataclass(frozen=True, slots=True)
class Trial:
    """What was found out about a task."""

    task: Task
    """The task."""
    faults: tuple[str, ...]
    """What will not work, or not as it was meant: each names type and field, or example, and what to do."""
    notes: tuple[str, ...]
    """What works, and might be better."""
    messages: tuple[Message, ...]
    """What a language model would be sent: instructions, examples, one question."""
    schema: Mapping[str, Any]
    """The JSON Schema of an answer."""
    shared_tokens: int
    """About how many tokens every question carries besides its text: instructions, examples and schema."""
    question_tokens: int
    """About how many the question shown has."""
    examples: tuple[Result, ...]
    """Each example as it would come out of a run whose model answers as the example says."""


def check_task(task: Task | str | PathLike[str] | None = None, document: Source | None = None) -> Trial:
    """Try a task as a run would use it, and send nothing.

    Args:
        task: a Task, a folder, module:NAME; the government task unless given.
        document: what the question shown is about; the task's first example unless given.

    Raises:
        TaskError: it cannot be used at all; the message names file, class and field.
        InputError: the document cannot be read.
    """
    task = open_task(task)
    try:
        task.asking.check()
    except PromptError as error:
        return Trial(task, (str(error),), (), (), {}, 0, 0, ())
    schema = answer_schema(task.asking.answer)
    faults = [f"{one} (a limit of OpenAI's strict mode)" for one in schema_faults(schema, STRICT)]
    tried = [_tried(task, example, number) for number, example in enumerate(task.examples, 1)]
    faults += [fault for _, found in tried for fault in found]
    question = _question(task, document)
    shared = "".join(message["content"] for message in question.opening)
    return Trial(
        task,
        tuple(faults),
        tuple(_notes(task)),
        tuple(question.messages),
        schema,
        estimated_tokens(shared) + estimated_tokens(str(schema)),
        estimated_tokens("".join(message["content"] for message in question.closing)),
        tuple(result for result, _ in tried),
    )


def _tried(task: Task, example: Example, number: int) -> tuple[Result, list[str]]:
    """An example as it would come out of a run whose model answers as it says, and what of it would be lost."""
    analysis = analyse(read_text(example.text.strip("\n"), id=f"example-{number}"), task)
    chunk = analysis.chunks(_WHOLE, across=True)[0]
    assert isinstance(task.asking, DerivedAsking)
    question = Question(chunk, measuring(chunk.figures), (), ())
    answer, faults = task.asking.sifted(task.asking.worked(example, f"example {number}")[1], question.marks)
    reading = task.asking.unpacked(answer, question)
    result = assemble(Plan(analysis, [chunk]), [reading], "example")
    where = f"example {number}"
    found = [f"{where}: {fault}" for fault in faults]
    found += [
        f"{where}, {claim.quote!r}: {claim.doubted!r} is not what the text says; say it with the text's words and numbers"
        for claim in reading.claims
        if claim.doubted
    ]
    found += [f"{where}, {one.claim.quote!r}: turned away: {one.reason}" for one in result.turned_away]
    if not found and (lost := len(example.records) - len(result.records)):
        found.append(
            f"{where}: {lost} of its records would be lost: a quote too far from its figures, or a record twice"
        )
    return result, found


def _question(task: Task, document: Source | None) -> Question:
    """The question shown."""
    if document is None:
        text = task.examples[0].text.strip("\n") if task.examples else _SAMPLE
        asked = read_text(text, id="example")
    else:
        asked = document if isinstance(document, Document) else read(document)
    chunk = analyse(asked, task).chunks(LANGUAGE_MODEL_BUDGET, across=True)[0]
    return first_question(task.asking, chunk)


def _notes(task: Task) -> Iterator[str]:
    """What a model is not told."""
    if not isinstance(task.asking, DerivedAsking):
        return
    if not task.instructions.strip():
        yield "no instructions: say what counts as a record and what does not"
    if not task.examples:
        yield "no examples: one or two short ones with their records teach a model more than rules"
    for kind in task.types.values():
        if not (kind.__doc__ or "").strip():
            yield f"{kind.__name__}: no docstring; a model is told nothing of it"
        for field in kinds_of(kind):
            if not field.description:
                yield f"{kind.__name__}.{field.name}: no docstring; a model is told nothing of it"
