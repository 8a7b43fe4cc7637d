"""What is to be extracted: record types, the words that ask for them, and what code knows of their documents.

A task of one's own is record types and instructions; everything else follows from the kinds of their fields. What a task
knows better it overrides: the government task does so with nothing but what is here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from hashlib import blake2b
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol, Union

from pydantic import Discriminator, Tag, TypeAdapter

from llmx.claims import Claim, Reading, Rejected
from llmx.documents import Document
from llmx.errors import PromptError, TaskError
from llmx.facts import Facts
from llmx.prompting import Asking
from llmx.records import Record
from llmx.sections import OUTLINES, Chunk, Section
from llmx.task.compared import Compared
from llmx.task.derived import DerivedAsking, Example, finish, own_prompt, restored
from llmx.task.fields import built, check_columns, columns_of, compound, figures_of, plural
from llmx.task.labelling import Labelling
from llmx.task.layout import Layout
from llmx.task.naming import by_name
from llmx.task.picking import Pick, picks_of
from llmx.task.scoring import Scoring, derived
from llmx.task.showing import Shown, choices_of, shown_of
from llmx.task.tabled import Tabled

if TYPE_CHECKING:
    from llmx.analysis import Analysis

_NAME = re.compile(r"[\w-]{1,60}")
Split = Literal["headings", "page", "whole"]
Words = Mapping[str, str] | Mapping[str, Mapping[str, str]]
LANGUAGES = ("zh", "en")
"""The languages that the page speaks."""


class Reader(Protocol):
    """An embedded model: it reads a chunk at once, without network."""

    name: str

    def read(self, chunk: Chunk) -> Reading:
        """What a chunk claims."""


class Task:
    """Record types with all that is needed to extract, check, show and measure them.

    Args:
        name: letters, digits, - and _; the manifest of a run names it.
        records: the record types: subclasses of `llmx.Record`, whose docstrings are descriptions.
        instructions: what counts as a record and what does not, in words for a model.
        examples: texts with the records that are to be found in them.
        split: how a document is cut into sections: by headings, by page, or not at all.
        readers: embedded models by name; each made when first asked for.
        checker: the reader whose figures are asked about again where a language model left them out.
        templates: words of its own instead of llmx's around them, by file name: see prompts/task.
        words: what the page calls types, fields and values, by their names; or that for each of its languages:
            {"zh": {"fine": "罚款"}, "en": {"fine": "Fine"}}. A name after `page.` is one of the page's own words.
        colours: the colour of a type on the page, as CSS has it; the page's own unless given.
        source: where the task came from: a folder, or module:NAME.

    Raises:
        TaskError: two types of one name, a field of no kind, an example that its text does not bear out, a template
            that lacks a variable; said when it is made, before anything is sent.
    """

    takes: tuple[str, ...] = ()
    """The names of what `with_` gives it."""

    given: Mapping[str, Any] = MappingProxyType({})
    """What `with_` gave it, as JSON has it; a run keeps it, so that it is opened again with that."""

    facts_type: type[Facts] = Facts
    """What `facts` returns."""

    layouts: Mapping[str, Layout] = MappingProxyType({})
    """Forms of its own that `llmx export` writes, by name."""

    heads: Mapping[str, str] = MappingProxyType({"name": "name", "value": "value", "aside": "choice"})
    """What `llmx table` writes over what records are about, their numbers, and what is said beside these."""

    charts: tuple[str, ...] = ("section", "year", "facets", "values")
    """The charts of the page: headlines, section, role, year, facets, values."""

    listed: tuple[str, ...] = ()
    """The facts that a list of documents has as columns, to be sorted and filtered by."""

    compared: Compared | None = None
    """How the page sets records of many documents side by side; None where nothing is to be compared."""

    def __init__(
        self,
        name: str,
        records: Sequence[type[Record]],
        instructions: str = "",
        examples: Iterable[Example] = (),
        *,
        split: Split = "headings",
        readers: Mapping[str, Callable[[], Reader]] | None = None,
        checker: str | None = None,
        templates: Mapping[str, str] | None = None,
        words: Words | None = None,
        colours: Mapping[str, str] | None = None,
        source: str | None = None,
    ) -> None:
        if not _NAME.fullmatch(name):
            raise TaskError(f"task {name!r}: no name for a task; use letters, digits, - and _, at most 60")
        self.name, self.instructions, self.examples = name, instructions, tuple(examples)
        self.types = by_name(name, records)
        self.templates = dict(templates or {})
        self.split: Split = split
        self.readers, self.checker = dict(readers or {}), checker
        self.words, self.colours, self.source = dict(words or {}), dict(colours or {}), source
        if strange := [type for type in self.colours if type not in self.types]:
            raise TaskError(f"task {name!r}: a colour for {strange[0]!r}; the types are {', '.join(self.types)}")
        if split not in OUTLINES:
            raise TaskError(f"task {name!r}: split {split!r}; give one of {', '.join(OUTLINES)}")
        self._opened: dict[str, Reader] = {}
        if type(self).asking is Task.asking:  # one that asks in its own words checks them before it asks
            self._check()

    def _check(self) -> None:
        """Make sure that types, examples and templates fit together.

        Raises:
            TaskError: they do not.
        """
        for kind in self.types.values():
            check_columns(kind)
        try:
            self.asking.check()
        except (PromptError, TaskError) as error:
            raise TaskError(f"task {self.name!r}: {error}") from None

    @cached_property
    def asking(self) -> Asking:
        """What a language model is asked."""
        prompt = own_prompt(self.templates, self.source or "templates")
        return DerivedAsking(self.types, self.instructions, self.examples, prompt)

    @cached_property
    def columns(self) -> dict[str, str]:
        """The columns of a table of its records, with the kind of their values: those of every type, in one order."""
        found: list[tuple[str, str]] = []
        for kind in self.types.values():
            columns = columns_of(kind)
            names = list(columns)
            known = {name for name, _ in found}
            for at, name in enumerate(names):
                if name in known:
                    continue
                later = [number for number, (other, _) in enumerate(found) if other in names[at + 1 :]]
                found.insert(later[0] if later else len(found), (name, columns[name]))
                known.add(name)
        return dict(found)

    @cached_property
    def plurals(self) -> dict[str, str]:
        """The types by what several of each are called: `result.penalties`."""
        return {plural(name): name for name in self.types}

    @cached_property
    def scoring(self) -> Scoring:
        """How its records are held against labels."""
        return derived(self.types, self.columns)

    @cached_property
    def labelling(self) -> Labelling:
        """How its records are labelled by hand."""
        return Labelling(self)

    @property
    def digest(self) -> str:
        """What tells this task from another of its name: a hash of all that its records depend on."""
        schemas = [self.asking.prompt.sha256, *(str(kind.model_json_schema()) for kind in self.types.values())]
        return blake2b("\0".join((self.name, self.split, *schemas)).encode(), digest_size=8).hexdigest()

    @property
    def settings(self) -> Mapping[str, Any]:
        """What a manifest says of it: all that records depend on and no model's settings say."""
        return {"task": self.name, "task_digest": self.digest, **self._given_settings()}

    def _given_settings(self) -> dict[str, str]:
        if not self.given:
            return {}
        told = json.dumps(self.given, ensure_ascii=False, sort_keys=True)
        return {"given": blake2b(told.encode(), digest_size=8).hexdigest()}

    def with_(self, **given: Any) -> Task:
        """This task with what a user gives it; the task itself stays as it is. A task that takes some overrides this.

        Raises:
            TaskError: it takes none of that name.
        """
        if strange := [name for name in given if name not in self.takes]:
            takes = f"it takes {', '.join(self.takes)}" if self.takes else "it takes none"
            raise TaskError(f"task {self.name!r} is given {strange[0]!r}; {takes}")
        return self

    def reader(self, name: str) -> Reader | None:
        """The embedded model of a name; None where the task has none."""
        if name not in self._opened and name in self.readers:
            self._opened[name] = self.readers[name]()
        return self._opened.get(name)

    def facts(self, document: Document) -> Facts:
        """What a document says of itself; offsets count in the text given."""
        return Facts()

    def outline(self, document: Document, facts: Facts) -> tuple[Sequence[Section], Facts]:
        """A document cut into sections, and the facts with what the text as a whole tells of them."""
        return OUTLINES[self.split](document), facts

    def tables(self, document: Document) -> Sequence[Tabled]:
        """The tables of a document, in text order, that code reads without any model; their words are put before none."""
        return ()

    def tabled(self, table: Tabled, analysis: Analysis) -> list[Record]:
        """The records of such a table; offsets count in the text that is read, as those of `finish` do."""
        return []

    def rejects(self, claim: Claim, chunk: Chunk) -> str | None:
        """Why a claim is no record, whoever made it; None for one that is."""
        return None

    def finish(
        self, reading: Reading, chunk: Chunk, analysis: Analysis, model: str
    ) -> tuple[list[Record], list[Rejected]]:
        """Records of a chunk's claims, in text order, and the claims that are none.

        Args:
            reading: what a reader claims of the chunk.
            chunk: the chunk that was read.
            analysis: the document it is part of.
            model: the name that records carry as what produced them.

        Returns:
            One record a claim. A quote that is not in the chunk, or a claim that is doubted, is kept with grounding
            `missing` and without a place; a figure's number that the chunk does not have yields nothing.
        """
        return finish(self, reading, chunk, analysis, model)

    def restored(self, record: Record, analysis: Analysis) -> Record:
        """A record that was found in the copy that is read, with offsets and words of the document as stored."""
        return restored(record, analysis)

    def held(self, record: Record) -> Sequence[int]:
        """Where the figures begin that a record holds."""
        return figures_of(record)

    def order(self, record: Record) -> tuple[int, int]:
        """Text order: by quote, then by figure; what has no place comes last."""
        return record.start if record.start is not None else 1 << 62, next(iter(self.held(record)), -1)

    def merged(self, records: Iterable[Record]) -> list[Record]:
        """Records without those claimed twice, in text order; the first claim stands."""
        kept: dict[str, Record] = {}
        for record in records:
            kept.setdefault(record.id, record)
        return sorted(kept.values(), key=self.order)

    def title(self, facts: Facts, report: str) -> str:
        """What a document is called."""
        return report

    @cached_property
    def shown(self) -> Mapping[str, Shown]:
        """What a line and the page show of a record, by type."""
        return {name: shown_of(kind) for name, kind in self.types.items()}

    @cached_property
    def picks(self) -> Mapping[str, Pick]:
        """By what records can be picked, by name: each column, `indicator` (what they are about) and `measure`."""
        return picks_of(self.types, self.shown, self.called)

    @cached_property
    def facets(self) -> Mapping[str, tuple[str, ...]]:
        """What the page filters and counts by beside type, year and section: values by column, in order."""
        found: dict[str, tuple[str, ...]] = {}
        for kind in self.types.values():
            for name, values in choices_of(kind).items():
                found[name] = tuple(dict.fromkeys((*found.get(name, ()), *values)))
        return found

    def page(self, records: Sequence[Record], analysis: Analysis | None) -> dict[str, Any]:
        """What the page shows of a document beside its text and records.

        Args:
            records: the document's records, in text order.
            analysis: the document; None where its text is not at hand.

        Returns:
            `groups`, for a facet that is no column the value of each record; and `headlines`: None, or the `types` and
            `years` that are set side by side and `lines`, each a name with, for each of the types, the numbers of its
            records by measure: {"level": 3, "growth": 4}.
        """
        return {"groups": {}, "headlines": None}

    def front(self, facts: Facts) -> list[str]:
        """What the page says of a document under its title."""
        return [str(value) for value in facts.told.values()]

    def doubts(self, facts: Facts, empty: bool) -> str:
        """What a person is told of a document that may be none of those the task is for; empty where it looks right.

        Args:
            facts: what it says of itself.
            empty: whether it was read whole and nothing was found in it.
        """
        return ""

    def misplaced(self, document: Document, facts: Facts, names: Mapping[str, str]) -> str:
        """What a person is told of a document that is kept under another's name; empty where it looks right.

        Args:
            document: the document, as stored.
            facts: what it says of itself, and what is known of it.
            names: what it is kept under, by what that is: file name, folder, column.
        """
        return ""

    def short(self, facts: Facts, report: str) -> str:
        """What a document is called where there is little room."""
        return report

    def thing_called(self, thing: str) -> Mapping[str, str]:
        """What a thing that is compared is called, by language; empty where its own name is all there is."""
        return {}

    def words_in(self, language: str) -> Mapping[str, str]:
        """What types, fields and values are called in a language, by their names."""
        nested = {name: words for name, words in self.words.items() if not isinstance(words, str)}
        return nested.get(language, {}) if nested else self.words  # type: ignore[return-value]

    def word(self, name: str, language: str = "en") -> str:
        """What the page calls a type, field or value."""
        return self.words_in(language).get(name, name.replace("_", " "))

    def called(self, name: str) -> list[str]:
        """All that a type, or a value of a choice, is called: its name and its words in each language."""
        words = [self.words_in(language).get(name, "") for language in LANGUAGES]
        return list(dict.fromkeys(filter(None, (name, *words))))

    def record(self, fields: Mapping[str, Any]) -> Record:
        """The record whose values are given by column.

        Raises:
            ValueError: they are none of any of its types.
        """
        kind = self.types.get(str(fields.get("type")))
        if kind is None:
            raise ValueError(f"type {fields.get('type')!r}; the task {self.name!r} has {', '.join(self.types)}")
        return kind.model_validate(fields) if not compound(kind) else built(kind, fields)

    def record_of_json(self, line: bytes) -> Record:
        """The record that a line of JSON is.

        Raises:
            ValueError: it is none of any of its types.
        """
        return self._lines[0].validate_json(line) if self._lines else self.record(json.loads(line))

    def records_of_json(self, lines: Sequence[bytes]) -> list[Record]:
        """The records that lines of JSON are; together they are read in two thirds of the time.

        Raises:
            ValueError: one is none of any of its types.
        """
        if self._lines is None:
            return [self.record(json.loads(line)) for line in lines]
        records: list[Record] = self._lines[1].validate_json(b"[" + b",".join(lines) + b"]")
        return records

    @cached_property
    def _lines(self) -> tuple[TypeAdapter[Any], TypeAdapter[Any]] | None:
        """What reads a line of its records, and many, in one step, where every field is one column."""
        kinds = self.types.values()
        if len(self.types) < 2 or any(compound(kind) or kind.model_fields["type"].is_required() for kind in kinds):
            return None
        tagged = tuple(Annotated[kind, Tag(name)] for name, kind in self.types.items())
        union: Any = Annotated[Union[tagged], Discriminator("type")]  # noqa: UP007
        return TypeAdapter(union), TypeAdapter(list[union])

    @property
    def reference(self) -> str:
        """What a run's manifest calls it: what opens it again, where anything does."""
        return self.source or self.name

    def __reduce__(self) -> tuple[Any, ...]:
        """A task that was opened by a name is opened again by it; another is made again of what it was made of."""
        if self.source:
            return _reopened, (self.source, dict(self.given))
        if type(self).__init__ is not Task.__init__:
            raise TypeError(f"{self!r} has no source, by which a pickle could name it; give it one: module:NAME")
        further = {name: getattr(self, name) for name in _FURTHER}
        return _remade, (type(self), self.name, tuple(self.types.values()), self.instructions, self.examples, further)

    def __repr__(self) -> str:
        return f"Task({self.name!r}, {list(self.types)})"


_FURTHER = ("split", "readers", "checker", "templates", "words", "colours")


def _reopened(source: str, given: Mapping[str, Any]) -> Task:
    from llmx.task.opening import open_task

    return open_task(source, **given)


def _remade(kind: type[Task], name: str, types: Any, instructions: str, examples: Any, further: dict[str, Any]) -> Task:
    return kind(name, types, instructions, examples, **further)
