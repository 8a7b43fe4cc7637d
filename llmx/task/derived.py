"""What follows from the kinds of a task's fields: the form of an answer, the words that ask for it, records of claims."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from llmx.claims import Claim, Reading, Rejected
from llmx.documents import Clean, Document
from llmx.errors import TaskError
from llmx.figures import Figure, base_quantity, find_figures, script_of
from llmx.grounding import Span, find_quote
from llmx.prompting import (
    Asking,
    Bearing,
    Fault,
    Message,
    Prompt,
    Question,
    Unusable,
    changed,
    kept,
    load_prompt,
    mark,
    marked,
    quoted,
    said,
    shipped,
    unmarked,
)
from llmx.records import Record, proved
from llmx.sections import section_at
from llmx.task.fields import Figured, Kind, Quoted, kinds_of, plural

if TYPE_CHECKING:
    from llmx.analysis import Analysis
    from llmx.sections import Chunk
    from llmx.task.task import Task

FILES = ("system.md", "chunk.md", "second_look.md", "json.md")
_NEVER = ("date", "ordinal", "document number", "contact", "list marker", "reference")
"""Reasons of figures that no task asks about."""
_YEARS = range(1000, 3000)
_QUOTE = "The shortest contiguous stretch of the text that holds the record's words and its numbers, verbatim."
_HINTS = {"figure": "the number of its mark", "quote": "verbatim", "date": "as YYYY-MM-DD"}
_ALL = "All records of the types below."


@dataclass(frozen=True)
class Example:
    """A text with all records that are to be found in it.

    In a record a figure is written as the text has it (`2.5万元`), or, where that stands there twice, within its quote.
    """

    text: str
    """Invented, or the task's own; short."""
    records: Sequence[Mapping[str, Any]]
    """Values by field, with `quote`; with `type` where the task has several."""


def own_prompt(texts: Mapping[str, str] | None = None, folder: str = "") -> Prompt:
    """llmx's own words around a task's, with some of its files replaced.

    Args:
        texts: words of a task's own by the name of the file that they stand for: see FILES.
        folder: where these come from, for messages.

    Raises:
        TaskError: there is no file of that name.
    """
    own = load_prompt(shipped("task"), FILES)
    if strange := sorted((texts or {}).keys() - set(FILES)):
        raise TaskError(f"no template {strange[0]!r}; there are {', '.join(FILES)}")
    return Prompt({**own.texts, **texts}, folder or own.folder) if texts else own


class Numbered(NamedTuple):
    """A figure of a claim, by its number in the chunk."""

    n: int


class RecordClaim(Claim):
    """A record of a type, with the values of its fields; figures by their numbers."""

    type: str
    """The record type."""
    values: dict[str, Any]
    """By field."""

    @property
    def numbers(self) -> list[int]:
        """The numbers of the figures that it holds."""
        return [one.n for one in _numbered(self.values)]

    def shifted(self, by: int) -> Self:
        """The claim with its figures' numbers raised."""
        return self.model_copy(update={"values": _mapped(self.values, lambda one: Numbered(one.n + by))})


class RecordReading(Reading):
    """All that a reader claims of a chunk."""

    records: tuple[RecordClaim, ...] = ()
    """In text order."""


def _numbered(value: Any) -> Iterator[Numbered]:
    if isinstance(value, Numbered):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _numbered(one)


def _mapped(value: Any, change: Any) -> Any:
    if isinstance(value, Numbered):
        return change(value)
    if isinstance(value, dict):
        return {name: _mapped(one, change) for name, one in value.items()}
    return [_mapped(one, change) for one in value] if isinstance(value, list) else value


class _Item(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    quote: str = Field(description=_QUOTE)


class DerivedAsking(Asking):
    """Questions and answers of record types, by the kinds of their fields.

    Args:
        types: the record types by name.
        instructions: what counts as a record.
        examples: worked examples.
        prompt: the words around these; llmx's own unless given.

    Raises:
        TaskError: a field is of no kind, or an example is not borne out by its text.
    """

    def __init__(
        self,
        types: Mapping[str, type[Record]],
        instructions: str = "",
        examples: Iterable[Example] = (),
        prompt: Prompt | None = None,
    ) -> None:
        self.kinds = {name: kinds_of(kind) for name, kind in types.items()}
        self.lists = {plural(name): name for name in types}
        self.described = self._described(types)
        """The types and their fields in words: their docstrings."""
        lists: dict[str, Any] = {
            many: (list[_item(types[name], self.kinds[name])], Field(description=_words(types[name].__doc__)))  # type: ignore[misc]
            for many, name in self.lists.items()
        }
        base = prompt or own_prompt()
        wanted = instructions.strip() or _ALL
        filled = base.fill("system.md", instructions=wanted, types=self.described)
        self.examples = tuple(examples)
        worked = json.dumps([[one.text, list(map(dict, one.records))] for one in self.examples], default=str)
        super().__init__(
            create_model("Answer", __config__=ConfigDict(frozen=True, extra="forbid"), **lists),
            Prompt({**base.texts, "system.md": filled, "examples": worked}, base.folder),
        )

    def _described(self, types: Mapping[str, type[Record]]) -> str:
        parts = []
        for many, name in self.lists.items():
            lines = [f"## {many}: {_words(types[name].__doc__)}"]
            lines += [f"- {one.name}: {_described(one)}" for one in self.kinds[name]]
            parts.append("\n".join(lines))
        return "\n\n".join(parts)

    @cached_property
    def opening(self) -> tuple[Message, ...]:
        """Instructions, then worked examples."""
        messages: list[Message] = [{"role": "system", "content": self.prompt.texts["system.md"]}]
        for number, example in enumerate(self.examples, 1):
            text, answer = self.worked(example, f"example {number}")
            asked = self.prompt.fill("chunk.md", path=self.unstated, text=text)
            messages += [
                {"role": "user", "content": asked},
                {"role": "assistant", "content": answer.model_dump_json()},
            ]
        return tuple(messages)

    def worked(self, example: Example, where: str) -> tuple[str, BaseModel]:
        """An example's text with marks, and its answer.

        Raises:
            TaskError: they contradict each other; the message begins with `where`.
        """
        text = example.text.strip("\n")
        marks = self.marks(find_figures(text))
        lists: dict[str, Any] = {many: [] for many in self.lists}
        for number, record in enumerate(example.records, 1):
            place = f"{where}, record {number}"
            name = self._type_of(record, place)
            item = self._answered(record, name, text, marks, place)
            try:
                lists[plural(name)].append(self.parts[plural(name)].model_validate(item))
            except ValidationError as error:
                first = error.errors(include_url=False)[0]
                at = ".".join(map(str, first["loc"]))
                raise TaskError(f"{place}, {at}: {first['msg']}; got {first['input']!r:.80}") from None
        return mark(text, 0, marks), self.answer.model_construct(None, **lists)

    def _type_of(self, record: Any, where: str) -> str:
        """The type of a record of an example."""
        if not isinstance(record, Mapping):
            raise TaskError(f"{where}: {record!r:.80} is no record; write its values by field")
        name = str(record.get("type") or (next(iter(self.kinds)) if len(self.kinds) == 1 else ""))
        if not name:
            raise TaskError(f"{where}: no type; give type, one of {', '.join(self.kinds)}")
        if name not in self.kinds:
            raise TaskError(f"{where}: no type {name!r}; there are {', '.join(self.kinds)}")
        return name

    def _answered(
        self, record: Mapping[str, Any], name: str, text: str, marks: Mapping[int, Figure], where: str
    ) -> dict[str, Any]:
        """A record of an example as an item of an answer."""
        known = {"type", "quote", *(one.name for one in self.kinds[name])}
        if strange := sorted(record.keys() - known):
            raise TaskError(f"{where}, {strange[0]}: {name} has no such field; it has {', '.join(sorted(known))}")
        quote = str(record.get("quote", ""))
        at = text.find(quote) if quote else -1
        if at < 0:
            raise TaskError(f"{where}: its quote {quote!r} is not in its text; copy it from there")
        near = Span(at, at + len(quote))
        given = {
            one.name: _given(one, record.get(one.name), text, marks, near, f"{where}, {one.name}")
            for one in self.kinds[name]
        }
        return {"quote": quote, **given}

    def marks(self, figures: Iterable[Figure]) -> dict[int, Figure]:
        """All but what is no quantity whatever the task: a task may want durations, thresholds, and what has no unit."""
        return dict(enumerate((figure for figure in figures if figure.reason not in _NEVER), 1))

    def sifted(self, answer: Any, marks: Mapping[int, object]) -> tuple[Any, list[Fault]]:
        """The items of an answer that can be used, and what is wrong with the others."""
        faults: list[Fault] = []
        fit: dict[str, Any] = {
            many: list(kept(many, getattr(answer, many), partial(_fit, self.kinds[name], marks), faults))
            for many, name in self.lists.items()
        }
        return self.answer.model_construct(None, **fit), faults

    def unpacked(self, answer: Any, question: Question) -> RecordReading:
        """What an answer claims of its chunk."""
        bearing = Bearing(question.chunk)
        order = {figure.start: number for number, figure in enumerate(question.chunk.figures, 1)}
        numbers = {number: order[figure.start] for number, figure in question.marks.items()}
        claims = [
            self._claim(name, item, question, numbers, bearing)
            for many, name in self.lists.items()
            for item in getattr(answer, many)
        ]
        return RecordReading(records=tuple(claims))

    def _claim(
        self, name: str, item: Any, question: Question, numbers: Mapping[int, int], bearing: Bearing
    ) -> RecordClaim:
        text = question.chunk.text
        quote = _stored(text, item.quote, question)
        given = {one.name: _claimed(one, getattr(item, one.name), question, numbers) for one in self.kinds[name]}
        doubted = next((d for one in self.kinds[name] for d in _doubted(one, given[one.name], text, bearing)), "")
        return RecordClaim(type=name, quote=quote, values=given, doubted=doubted)

    def about(self, item: Any) -> object:
        """All that it says."""
        return item.model_dump_json()

    def settled_figures(self, answer: Any, whole: frozenset[str], marks: Mapping[int, Figure]) -> list[Figure]:
        """All, where all lists are whole; else those that the items name."""
        named = {
            one.n
            for many, name in self.lists.items()
            for item in getattr(answer, many)
            for kind in self.kinds[name]
            for one in _numbered(_claimed(kind, getattr(item, kind.name), None, dict(zip(marks, marks, strict=True))))
        }
        return [figure for number, figure in marks.items() if whole >= self.holding or number in named]


def _words(docstring: str | None) -> str:
    return " ".join((docstring or "").split())


def _described(kind: Kind) -> str:
    """A field in words: its docstring, and what its kind asks for."""
    one = kind.inner[0] if kind.sort == "list" else kind
    hint = _HINTS.get(one.sort, "")
    choices = f"one of {', '.join(one.choices)}" if one.choices else ""
    units = f"in {', '.join(one.units)}" if one.units else ""
    parts = f"of these: {'; '.join(f'{part.name}: {_described(part)}' for part in one.inner)}" if one.group else ""
    none = "null where there is none" if kind.optional else ""
    said = [kind.description or one.description, hint, choices, units, parts, none]
    return "; ".join(words.strip(" .。;；") for words in said if words)


def _item(record: type[Record], kinds: Iterable[Kind]) -> type[BaseModel]:
    fields: dict[str, Any] = {one.name: (_asked(one), Field(description=_described(one))) for one in kinds}
    return create_model(record.__name__, __base__=_Item, **fields)


def _asked(kind: Kind) -> Any:
    """What a model answers for a field."""
    if kind.sort == "list":
        asked: Any = list[_asked(kind.inner[0])]  # type: ignore[misc]
    elif kind.sort == "group":
        asked = _group(kind)
    elif kind.sort == "choice":
        asked = Literal[kind.choices]
    else:
        asked = {"figure": int, "year": int, "flag": bool}.get(kind.sort, str)
    return asked | None if kind.optional else asked


def _group(kind: Kind) -> type[BaseModel]:
    """What a model answers for a group."""
    assert kind.group is not None
    fields: dict[str, Any] = {one.name: (_asked(one), Field(description=_described(one))) for one in kind.inner}
    config = ConfigDict(frozen=True, extra="forbid")
    return create_model(kind.group.__name__, __config__=config, __doc__=_words(kind.group.__doc__), **fields)


def _fit(kinds: Iterable[Kind], marks: Mapping[int, object], item: Any) -> Any:
    """An item that can be used; None for one that quotes nothing."""
    quote = quoted(item.quote)
    if not quote:
        if any(getattr(item, one.name) for one in kinds):
            raise Unusable("quote: empty")
        return None
    return changed(item, quote=quote, **{one.name: _fits(one, getattr(item, one.name), marks) for one in kinds})


def _fits(kind: Kind, value: Any, marks: Mapping[int, object]) -> Any:
    if value is None or (kind.optional and value == ""):
        return None
    if kind.sort == "list":
        return [_fits(kind.inner[0], one, marks) for one in value]
    if kind.sort == "group":
        return changed(value, **{one.name: _fits(one, getattr(value, one.name), marks) for one in kind.inner})
    if kind.sort == "figure":
        return _marked(kind, value, marks)
    if kind.sort == "year" and value not in _YEARS:
        raise Unusable(f"{kind.name}: {value} is no year")
    if kind.sort == "date":
        return _day(kind, value)
    if kind.sort == "quote":
        return quoted(value) or said(value, kind.name)
    return said(value, kind.name) if kind.sort == "words" else value


def _marked(kind: Kind, n: int, marks: Mapping[int, object]) -> int:
    """A figure's mark; a record may have lost nothing but the number of it, and is asked for again."""
    try:
        return marked(n, marks)
    except Unusable as error:
        raise Unusable(f"{kind.name}: {error.why}") from None


def _day(kind: Kind, value: str) -> str:
    try:
        return datetime.date.fromisoformat(value.strip()).isoformat()
    except ValueError as error:
        raise Unusable(f"{kind.name}: {value[:20]!r} is no date as YYYY-MM-DD") from error


def _given(kind: Kind, value: Any, text: str, marks: Mapping[int, Figure], near: Span, where: str) -> Any:
    """A value of an example as a model would answer it.

    Raises:
        TaskError: the text does not bear it out.
    """
    if value is None and kind.sort == "list":
        value = []
    if value is None:
        if not kind.optional:
            raise TaskError(f"{where}: missing; give a value, or let the field be None")
        return None
    if kind.sort == "list":
        if not isinstance(value, list | tuple):
            raise TaskError(f"{where}: {value!r} is no list; write [...]")
        return [_given(kind.inner[0], one, text, marks, near, where) for one in value]
    if kind.sort == "group":
        _check_parts(kind, value, where)
        return {
            one.name: _given(one, value.get(one.name), text, marks, near, f"{where}.{one.name}") for one in kind.inner
        }
    if kind.sort == "figure":
        return _number(str(value), marks, near, where)
    if kind.sort == "quote" and str(value) not in text:
        raise TaskError(f"{where}: {value!r} is not in its text; copy it from there")
    if kind.sort == "choice" and value not in kind.choices:
        raise TaskError(f"{where}: {value!r}; give one of {', '.join(kind.choices)}")
    return value.isoformat() if isinstance(value, datetime.date) else value


def _check_parts(kind: Kind, value: Any, where: str) -> None:
    names = [one.name for one in kind.inner]
    if not isinstance(value, Mapping):
        raise TaskError(f"{where}: {value!r:.80} is no group; give its fields by name: {', '.join(names)}")
    if strange := sorted(value.keys() - set(names)):
        raise TaskError(f"{where}: no field {strange[0]!r}; it has {', '.join(names)}")


def _number(written: str, marks: Mapping[int, Figure], near: Span, where: str) -> int:
    """The mark of a figure that an example writes out."""
    found = [number for number, figure in marks.items() if _bare(figure.text) == _bare(written)]
    inside = [number for number in found if near.start <= marks[number].start < near.end]
    if not found:
        known = ", ".join(figure.text for figure in marks.values()) or "none"
        raise TaskError(f"{where}: no figure {written!r} in its text; code finds {known}")
    return (inside or found)[0]


def _bare(words: str) -> str:
    return "".join(words.split())


def _stored(text: str, quote: str, question: Question) -> str:
    """A quote as the text has it; as the model has it where it is not there."""
    bare = unmarked(quote, tuple(question.marks))
    for words in (quote, bare):
        if span := find_quote(text, words, 0, len(text)):
            return text[span.start : span.end]
    return bare


def _claimed(kind: Kind, value: Any, question: Question | None, numbers: Mapping[int, int]) -> Any:
    """A value of an answer as one of a claim."""
    if value is None:
        return None
    if kind.sort == "list":
        return [_claimed(kind.inner[0], one, question, numbers) for one in value]
    if kind.sort == "group":
        return {one.name: _claimed(one, getattr(value, one.name), question, numbers) for one in kind.inner}
    if kind.sort == "figure":
        return Numbered(numbers[value])
    if kind.sort == "quote" and question:
        return _stored(question.chunk.text, value, question)
    return value


def _doubted(kind: Kind, value: Any, text: str, bearing: Bearing) -> Iterator[str]:
    """What of a value the chunk does not bear out."""
    if value is None:
        return
    if kind.sort == "list":
        for one in value:
            yield from _doubted(kind.inner[0], one, text, bearing)
    elif kind.sort == "group":
        for one in kind.inner:
            yield from _doubted(one, value[one.name], text, bearing)
    elif (
        (kind.sort == "quote" and find_quote(text, value, 0, len(text)) is None)
        or (kind.sort == "words" and not bearing.numbers(value))
        or (kind.sort == "year" and not bearing.year(value))
        or (kind.sort == "date" and not bearing.year(int(value[:4])))
    ):
        yield str(value)


class _Wrong(Exception):
    """A figure that its field does not take."""


class _Missing(Exception):
    """A value that is not where its record is."""


_FAR = 600
"""How far a quote is stretched at most to hold its record's figures, in characters."""


def finish(
    task: Task, reading: Reading, chunk: Chunk, analysis: Analysis, model: str
) -> tuple[list[Record], list[Rejected]]:
    """Records of a chunk's claims; see `llmx.Task.finish`."""
    records, rejected = list[Record](), list[Rejected]()
    after = dict.fromkeys(task.types, chunk.start)  # each list of an answer is in text order, not all of them together
    for claim in reading.claims:
        if any(number > len(chunk.figures) for number in claim.numbers):
            continue
        if reason := task.rejects(claim, chunk):
            rejected.append(Rejected(claim, reason))
            continue
        span = find_quote(analysis.reading.text, claim.quote, chunk.start, chunk.end, after[claim.type])
        after[claim.type] = span.start if span else after[claim.type]
        try:
            records.append(_record(task, claim, span, chunk, analysis, model))
        except _Wrong as error:
            rejected.append(Rejected(claim, str(error)))
    return sorted(records, key=task.order), rejected


def _record(task: Task, claim: RecordClaim, span: Span | None, chunk: Chunk, analysis: Analysis, model: str) -> Record:
    kind, document = task.types[claim.type], analysis.reading
    figures = [chunk.figures[number - 1] for number in claim.numbers]
    span = None if claim.doubted or span is None else _stretched(span, figures)
    try:
        given = {one.name: _valued(one, claim.values.get(one.name), span, chunk, document) for one in kinds_of(kind)}
    except _Missing:
        span = None
        given = {one.name: _valued(one, claim.values.get(one.name), None, chunk, document) for one in kinds_of(kind)}
    start, end = (span.start, span.end) if span else (None, None)
    quote = document.text[start:end] if span else claim.quote
    section = section_at(analysis.sections, start if start is not None else chunk.start)
    return proved(
        kind,
        given
        | {
            "id": _identity(document.id, claim, quote, start, figures),
            "report": document.id,
            "type": claim.type,
            "quote": quote,
            "start": start,
            "end": end,
            "section": section.path,
            "grounding": span.grounding if span else "missing",
            "model": model,
            "location": document.place(start) if start is not None and document.places else None,
        },
    )


def _identity(report: str, claim: RecordClaim, quote: str, start: int | None, figures: Iterable[Figure]) -> str:
    """The same claim of the same text has the same id, whichever model made it."""
    what = [[figure.start for figure in figures], _mapped(claim.values, lambda _: None)]
    return blake2b(f"{report}\0{claim.type}\0{start}\0{quote}\0{what}".encode(), digest_size=8).hexdigest()


def _stretched(span: Span, figures: Iterable[Figure]) -> Span | None:
    """A quote that holds its record's figures; None where they stand too far away to be told by it."""
    start = min([span.start, *(figure.start for figure in figures)])
    end = max([span.end, *(figure.end for figure in figures)])
    if (start, end) == (span.start, span.end):
        return span
    return Span(start, end, span.grounding) if end - start <= max(_FAR, span.end - span.start) else None


def _valued(kind: Kind, value: Any, span: Span | None, chunk: Chunk, document: Document) -> Any:
    """The value of a record's field.

    Raises:
        _Wrong: a figure of a unit that the field does not take.
        _Missing: words that are verbatim and stand nowhere in the chunk.
    """
    if value is None:
        return None
    if kind.sort == "list":
        return kind.container(_valued(kind.inner[0], one, span, chunk, document) for one in value)
    if kind.sort == "group":
        assert kind.group is not None
        inner = {one.name: _valued(one, value.get(one.name), span, chunk, document) for one in kind.inner}
        return kind.group.model_construct(**inner)
    if kind.sort == "figure":
        return _figured(kind, chunk.figures[value.n - 1], document.text)
    if kind.sort == "quote":
        return _quoted(value, span, chunk, document.text)
    return datetime.date.fromisoformat(value) if kind.sort == "date" else value


@cache
def _taken(units: tuple[str, ...]) -> frozenset[str]:
    """Units that a field takes, as written and as code calls them: dollars is USD."""
    return frozenset(units) | {figure.unit for unit in units for figure in find_figures(f"1 {unit}") if figure.unit}


def _figured(kind: Kind, figure: Figure, text: str) -> Figured:
    base_value, base_unit = base_quantity(figure.value, figure.unit, script_of(text))
    if kind.units and not _taken(kind.units) & {figure.unit, base_unit}:
        raise _Wrong(f"{kind.name}: {figure.text!r} is in {figure.unit or 'no unit'!r}, not in {', '.join(kind.units)}")
    return Figured(
        figure.text,
        figure.start,
        figure.end,
        figure.value,
        figure.value_max,
        figure.unit,
        figure.measure,
        figure.comparator,
        figure.modifier,
        base_value,
        base_unit,
    )


def _quoted(words: str, span: Span | None, chunk: Chunk, text: str) -> Quoted:
    """Verbatim words with their place: in the record's quote, else the nearest in the chunk before it."""
    if span is None:
        return Quoted(words)
    found = find_quote(text, words, span.start, span.end)
    if found is None:
        at = text.rfind(words, chunk.start, span.end)
        found = Span(at, at + len(words)) if at >= 0 else find_quote(text, words, chunk.start, chunk.end)
    if found is None:
        raise _Missing
    return Quoted(text[found.start : found.end], found.start, found.end)


def restored(record: Record, analysis: Analysis) -> Record:
    """A record found in the copy that is read, with offsets and words of the document as stored."""
    clean, text = analysis.clean, analysis.document.text
    if clean is None:
        return record
    own = {one.name: _put_back(one, getattr(record, one.name), clean, text) for one in kinds_of(type(record))}
    place: dict[str, Any] = {"section": tuple(map(clean.words, record.section))}
    if record.start is not None and record.end is not None:
        start, end = clean.stored(record.start, record.end)
        place |= {"start": start, "end": end, "quote": text[start:end], "location": analysis.document.place(start)}
    return record.model_copy(update=own | place)


def _put_back(kind: Kind, value: Any, clean: Clean, text: str) -> Any:
    """A value with offsets and words of the text as stored; a choice is the task's own word."""
    if value is None or kind.sort == "choice":
        return value
    if kind.sort == "list":
        return kind.container(_put_back(kind.inner[0], one, clean, text) for one in value)
    if kind.sort == "group":
        parts = {one.name: _put_back(one, getattr(value, one.name), clean, text) for one in kind.inner}
        return value.model_copy(update=parts)
    if isinstance(value, Quoted | Figured) and value.start is not None and value.end is not None:
        start, end = clean.stored(value.start, value.end)
        return replace(value, text=text[start:end], start=start, end=end)
    return clean.words(value) if isinstance(value, str) else value
