"""What a model is, and how one is had by name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from llmx.batch import Desk, Post
from llmx.cache import AnswerCache, CacheKey
from llmx.calls import Cost, Usage
from llmx.claims import Reading
from llmx.errors import ModelError, UnknownModel, UsageError
from llmx.models.options import ModelOptions, chosen
from llmx.prompting import Question
from llmx.sections import Chunk, Section
from llmx.task import Task, open_task


class SyncModel(Protocol):
    """A model that answers at once. Everything after the Reading is shared by all models."""

    @property
    def name(self) -> str:
        """What records carry in their field `model`."""

    def read(self, chunk: Chunk) -> Reading:
        """Say what a chunk claims.

        Args:
            chunk: whole sentences of one section, with their figures.

        Returns:
            The claims: figures by their number in `chunk.figures` (from 1), all else by verbatim quote.

        Raises:
            ModelError: the model cannot answer; the chunk becomes a failure and the rest goes on.
        """


@runtime_checkable
class AsyncModel(Protocol):
    """A model that is waited for, so that many chunks are asked at once."""

    @property
    def name(self) -> str:
        """What records carry in their field `model`."""

    @property
    def concurrency(self) -> int:
        """The most chunks worth asking at once."""

    async def aread(self, chunk: Chunk, report: str = "") -> Reading | Divided:
        """Say what a chunk of a report claims; as `SyncModel.read`."""

    def stop(self) -> None:
        """Ask nothing more; what is under way is finished. Chunks not asked raise `Stopped`."""

    async def aclose(self) -> None:
        """Close the running loop's connections."""

    def close(self) -> None:
        """Let go of files."""


@runtime_checkable
class Estimating(AsyncModel, Protocol):
    """A model that can say what asking will take."""

    @property
    def cache(self) -> AnswerCache | None:
        """Where answers are kept."""

    def key(self, chunk: Chunk) -> CacheKey:
        """The cache key of a chunk's first question."""

    def estimate(self, chunk: Chunk) -> tuple[bool, Usage]:
        """Whether a chunk's answer is known, and about how many tokens asking takes."""

    def price(self, usage: Usage) -> Cost | None:
        """What so many tokens cost; None where the price is not known."""


@runtime_checkable
class Batched(AsyncModel, Protocol):
    """A model whose questions can travel in batches."""

    def send_by(self, post: Post) -> None:
        """Ask by post from now on: a question without an answer yet raises `Awaited`.

        Raises:
            UsageError: it keeps no answers.
        """

    def desk(self) -> Desk:
        """Where its batches go; to be asked from the running loop.

        Raises:
            UsageError: its endpoint takes no batches, as far as is known.
        """

    def batch_price(self, usage: Usage) -> Cost | None:
        """What so many tokens cost in batches; None where there are none, or the price is not known."""


@runtime_checkable
class Settling(AsyncModel, Protocol):
    """A model that can say what of a report's structure code decided by little."""

    async def asettle(self, text: str, sections: Sequence[Section], report: str = "") -> Sequence[Section]:
        """The sections of a text with those settled that were decided by little; as they are where all is plain."""


@runtime_checkable
class Answering(AsyncModel, Protocol):
    """A model that can be asked a question of its task's own, about no chunk."""

    async def aanswer(self, question: Question, report: str = "") -> Any:
        """The whole answer to a question, as the task's asking sifts it.

        Raises:
            ModelError: there is no answer, or not all of it.
        """


@runtime_checkable
class Rereading(AsyncModel, Protocol):
    """A model that can be asked once more about what stayed open."""

    @property
    def passes(self) -> int:
        """1 where it is not to be asked again."""

    async def areread(self, chunk: Chunk, reading: Any, wanted: Collection[int], report: str = "") -> Reading:
        """Ask again about a chunk that was read.

        Args:
            chunk: what was read.
            reading: what it claimed then; what is doubtful in it is asked about again.
            wanted: where figures begin that it left out and another reader claims.
            report: the report's id.

        Returns:
            All that is claimed now: the doubtful claims that were given anew are replaced.

        Raises:
            ModelError: there is no answer.
        """


Model = SyncModel | AsyncModel


@dataclass(frozen=True, slots=True)
class Lost:
    """A stretch of a chunk without an answer."""

    start: int
    """Where it begins in the document."""
    end: int
    """Where it ends, exclusive."""
    error: ModelError
    """Why."""
    figure: int | None = None
    """Of an item of an answer that could not be used, where the figure begins that it names."""
    quote: str = ""
    """And what it quotes, in short."""

    @property
    def is_item(self) -> bool:
        """Whether the rest of the stretch was answered."""
        return getattr(self.error, "kind", "") == "item"


@dataclass(frozen=True, slots=True)
class Part:
    """What one of several models says of a chunk, or of a stretch of it."""

    chunk: Chunk
    answer: Reading | ModelError
    model: str
    """What records carry in their field `model`."""


@dataclass(frozen=True, slots=True)
class Divided:
    """A chunk that more than one model read."""

    parts: tuple[Part, ...]


class Unanswered(ModelError):
    """Some of a chunk has no answer.

    Args:
        reading: what the rest of it claims.
        lost: each stretch without an answer.
    """

    def __init__(self, reading: Reading, lost: tuple[Lost, ...]) -> None:
        super().__init__("; ".join(str(one.error) for one in lost))
        self.reading = reading
        self.lost = lost


_FOR_ALL = {"hooks", "cache", "config", "again"}
"""Options that a model which asks nobody is given as well: by a command that serves all models alike."""


def open_model(
    model: str | Model, options: ModelOptions | None = None, task: Task | None = None, **given: Any
) -> Model:
    """The model of a name; a model passes through.

    Args:
        model: PROVIDER/MODEL, the name of a reader that the task has, or a Model.
        options: how a language model is asked; a task's own reader takes none, and a Model has its own.
        task: what is asked for; the government task unless given.
        given: single options by name, over `options`.

    Raises:
        UnknownModel: no model has that name.
        UsageError: options that do not fit the model, or the language models' libraries are not installed.
    """
    task = open_task(task)
    settings = chosen(options, given)
    unfit = sorted(settings.given.keys() - _FOR_ALL)
    if not isinstance(model, str):
        if unfit:
            raise UsageError(
                f"{type(model).__name__} is a ready model, but {unfit} are given; set them when you make it"
            )
        return model
    if reader := task.reader(model):
        if unfit:
            raise UsageError(f"{model!r} takes no options, but {unfit} are given; name a language model with them")
        return reader
    try:
        from llmx.models.openai import LanguageModel
    except ImportError as error:
        if "/" not in model and not settings.base_url:
            raise _unknown(model, task) from error
        raise UsageError(f"{model!r} needs {error.name}; install it with: pip install 'llmx-extract[llm]'") from error
    if "/" not in model and not settings.base_url:
        raise _unknown(model, task)
    asked = LanguageModel(model, settings, task=task)
    if settings.fallback is None:
        return asked
    from llmx.models.fallback import Fallback

    second = LanguageModel(settings.fallback, settings.of_fallback(), task=task, beside=asked)
    return Fallback(asked, second, checker_of(task, settings))


def checker_of(task: Task, settings: ModelOptions) -> Model | None:
    """What checks a language model: the one that the options name, else the task's own reader."""
    if settings.check is not None:
        return settings.check if not isinstance(settings.check, str) else open_model(settings.check, task=task)
    return task.reader(task.checker) if task.checker else None


def _unknown(model: str, task: Task) -> UnknownModel:
    own = f"the task {task.name!r} has " + (", ".join(map(repr, task.readers)) or "no model of its own")
    return UnknownModel(f"no model named {model!r}; {own}; a language model is PROVIDER/MODEL")
