"""The question about promises that words do not settle: which of these results says what became of which."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict

from llmx.errors import ModelError
from llmx.figures import Figure
from llmx.models import Answering, ModelOptions, open_model
from llmx.prompting import Asking, Fault, Message, Question, Unusable, kept, load_prompt, marked, shipped, shortened
from llmx.sections import Chunk, Section
from llmx.task import Task
from llmx.tasks.government.assigning import Joined, Pair
from llmx.tasks.government.records import Achievement, Project, Target

MOST_PROMISES, MOST_RESULTS = 30, 6
"""Promises of one question, and results that are shown for each, likeliest first."""


class Match(BaseModel):
    """One pair."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    promise: int
    """承诺的编号"""
    result: int
    """结果的编号"""


class Matches(BaseModel):
    """What a model answers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pairs: list[Match]


class MatchAsking(Asking):
    """The words of the question, and the form of its answer."""

    purpose = "承诺与结果的对应"
    opening: tuple[Message, ...] = ()

    def __init__(self) -> None:
        super().__init__(Matches, load_prompt(shipped(), ("match.md", "json.md")))

    def check(self) -> None:
        """Make sure that the words have their variables."""
        self.prompt.fill("match.md", promises="", results="")
        self.prompt.fill("json.md", schema="")

    def sifted(self, answer: Matches, marks: Mapping[int, object]) -> tuple[Matches, list[Fault]]:
        """The pairs whose numbers were asked about; a number in two pairs counts in the first."""
        faults: list[Fault] = []
        taken: set[int] = set()

        def fit(one: Match) -> Match:
            if {marked(one.promise, marks), marked(one.result, marks)} & taken:
                raise Unusable("a number of it is in another pair", lost=False)
            taken.update((one.promise, one.result))
            return one

        return Matches(pairs=list(kept("pairs", answer.pairs, fit, faults))), faults


class MatchTask(Task):
    """What a model is asked that settles pairs."""

    @cached_property
    def asking(self) -> Asking:
        """The question."""
        return MatchAsking()


class Open(NamedTuple):
    """A promise that is not settled."""

    joined: Joined[Any, Any]
    """What it is one of."""
    pairs: Sequence[Pair[Any, Any]]
    """What may be it, likeliest first."""


def settle(open: Mapping[str, Sequence[Joined[Any, Any]]], model: str, options: ModelOptions) -> tuple[str, ...]:
    """Ask a language model about all promises that words left open, and enter what it says.

    Args:
        open: what was joined, by the id of the report that promises.
        model: PROVIDER/MODEL.
        options: how it is asked.

    Returns:
        Why promises stay open, by report: questions without an answer.

    Raises:
        UnknownModel: no model has that name.
        UsageError: options that do not fit it.
    """
    asked = open_model(model, options, MatchTask("follow", (Target, Achievement, Project)))
    assert isinstance(asked, Answering)  # the task has no reader of its own
    try:
        with ThreadPoolExecutor(1) as pool:  # the caller's thread may have a loop of its own
            running = pool.submit(asyncio.run, _ask(asked, MatchAsking(), open))
            try:
                return tuple(filter(None, running.result()))
            except BaseException:
                asked.stop()
                raise
    finally:
        asked.close()


async def _ask(model: Answering, asking: MatchAsking, open: Mapping[str, Sequence[Joined[Any, Any]]]) -> list[str]:
    """Ask all at once; the model's own limits hold."""
    questions = [
        _settle(model, asking, report, left[at : at + MOST_PROMISES])
        for report, joined in open.items()
        for left in [list(_open(joined))]
        for at in range(0, len(left), MOST_PROMISES)
    ]
    try:
        return await asyncio.gather(*questions)
    finally:
        await model.aclose()


def _open(joined: Iterable[Joined[Any, Any]]) -> Iterator[Open]:
    for one in joined:
        for pairs in list(one.doubtful.values()):
            yield Open(one, pairs[:MOST_RESULTS])


async def _settle(model: Answering, asking: MatchAsking, report: str, open: Sequence[Open]) -> str:
    """Ask about some promises of a report and enter the answer; why there is none, else an empty text."""
    results = {pair.result.id: pair.result for one in open for pair in one.pairs}
    numbers = {id: len(open) + at for at, id in enumerate(results, 1)}
    try:
        answer = await model.aanswer(_question(asking, open, results, numbers), report)
    except ModelError as error:
        return f"{report}: {len(open)} promises stay doubtful: {error}"
    told, ids = {one.promise: one.result for one in answer.pairs}, {number: id for id, number in numbers.items()}
    for at, one in enumerate(open, 1):
        if at not in told or told[at] in ids:
            one.joined.decide(one.pairs[0].promise.id, ids[told[at]] if at in told else None)
    return ""


def _question(
    asking: MatchAsking, open: Sequence[Open], results: Mapping[str, Any], numbers: Mapping[str, int]
) -> Question:
    """The question; its marks are the numbers of promises and results."""
    promises = "\n".join(
        f"{_line(asking, at, one.pairs[0].promise)}　可能："
        + "".join(f"[{numbers[pair.result.id]}]" for pair in one.pairs)
        for at, one in enumerate(open, 1)
    )
    listed = "\n".join(_line(asking, numbers[id], result) for id, result in results.items())
    asked = asking.prompt.fill("match.md", promises=promises, results=listed)
    spans = [(one.pairs[0].promise.start or 0, one.pairs[0].promise.end or 0) for one in open]
    start, end = min(span[0] for span in spans), max(span[1] for span in spans)
    chunk = Chunk(start, end, "", Section(start, end, 0, "", (), "other", None, False), ())
    marks = {number: Figure(start, start, "", 0, "") for number in (*range(1, len(open) + 1), *numbers.values())}
    return Question(chunk, marks, (), ({"role": "user", "content": asked},))


def _line(asking: MatchAsking, number: int, record: Any) -> str:
    """A promise or result: what it is of, its figure, its words, and the heading over them."""
    what = getattr(record, "name", None) or getattr(record, "indicator", None) or ""
    said = [what, getattr(record, "figure", None) or "", f"“{shortened(record.quote)}”", *record.section[-1:]]
    return f"[{number}] {asking.escaped('｜'.join(filter(None, said)))}"
