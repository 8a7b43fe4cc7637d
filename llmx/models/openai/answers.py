"""The one object in a reply that is an answer, wherever it stands, and what of it can be used.

A small model or a server of its own habits writes words around the JSON, twice, as the text of a call, in a fence, after
a thought with brackets; it leaves out lists that are empty, adds fields, spoils one item of sixty. Whatever can be used
is kept; an item that cannot is named.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

import jiter
from pydantic import BaseModel, ValidationError

from llmx.prompting import Asking, Fault

_LARGEST = 400_000
"""Characters of a text that are looked at: sixty items have some four thousand."""
_WORK = 4 * _LARGEST
"""Characters that may be read in vain while the object is looked for."""
_MOST_ITEMS = 2_000
"""Items of a list that are looked at."""
_WRAPPED = 4
"""How deep in other objects an answer may stand: {"name": "Answer", "arguments": "{…}"}."""
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Found:
    """What an answer's texts hold."""

    answer: Any
    """The items that can be used, as the task's model of an answer has them."""
    whole: frozenset[str]
    """The lists that lack nothing: not all where the text was cut."""
    faults: tuple[Fault, ...] = ()
    """The items that cannot be used."""
    ended: bool = True
    """Whether the text goes on to the object's end, or at least to a fault in it."""

    @property
    def items(self) -> int:
        """How many items can be used."""
        return items_in(self.answer)


def items_in(answer: BaseModel) -> int:
    """How many items an answer has."""
    return sum(len(getattr(answer, name)) for name in type(answer).model_fields)


def find_answer(texts: Sequence[Any], marks: Mapping[int, object], asking: Asking) -> Found | None:
    """The answer in what a model said.

    Args:
        texts: texts, or objects that a server has parsed, likeliest first.
        marks: the numbers that the question's text is marked with.
        asking: what was asked, and the form of its answer.

    Returns:
        The last object that satisfies the schema; without one, the one with most items that do; without any, the
        complete items of an object that was cut; None where no text holds any of that.
    """
    looking = _Looking(marks, asking)
    for said in texts:
        if isinstance(said, str) and (found := looking.at_once(said)):
            return found
    for said in texts:
        if found := looking.best(said) or looking.cut(said):
            return found
    return None


@dataclass(frozen=True, slots=True)
class _Looking:
    """The form of an answer, and the marks of its question."""

    marks: Mapping[int, object]
    asking: Asking

    def at_once(self, text: str) -> Found | None:
        """The answer that a text is, and nothing else."""
        if len(text) > _LARGEST:
            return None
        try:
            answer = self.asking.answer.model_validate_json(text)
        except ValidationError:
            return None
        return self._sifted(answer, frozenset(self.asking.parts), ())

    def best(self, said: Any) -> Found | None:
        """The best of a text's objects: whole before faulty, full before empty, late before early."""
        whole = frozenset(self.asking.parts)
        found = [self._found(one, whole) for one in _objects(said, whole)]
        return max(reversed(found), key=lambda one: (one.items > 0, not one.faults, one.items), default=None)

    def cut(self, said: Any) -> Found | None:
        """The complete items of an object that was cut anywhere, or spoilt at some place; None where there are none.

        The last item of the list that the cut is in is left out: it may lack words.
        """
        key = re.compile(r'"(?:' + "|".join(map(re.escape, self.asking.parts)) + r')"\s{0,20}:')
        if not isinstance(said, str) or not (first := key.search(said, 0, _LARGEST)):
            return None
        begin = said.rfind("{", 0, first.start())
        given, ended = _partial(said[max(begin, 0) : _LARGEST])
        lists = {name: value for name, value in given.items() if name in self.asking.parts and isinstance(value, list)}
        last = next(reversed(lists), None)
        if last is None and ended:
            return None
        kept = {name: items[:-1] if name == last else items for name, items in lists.items()}
        return replace(self._found(kept, frozenset(lists.keys() - {last})), ended=ended)

    def _found(self, given: Mapping[str, Any], whole: frozenset[str]) -> Found:
        """What of an object can be used; a list that is left out or null has nothing in it."""
        faults, kept = list[Fault](), dict[str, list[BaseModel]]()
        for name, part in self.asking.parts.items():
            items = given.get(name)
            items = [] if items is None else items if isinstance(items, list) else [items]
            kept[name] = list(self._valid(name, part, items[:_MOST_ITEMS], faults))
            if len(items) > _MOST_ITEMS:
                faults.append(Fault(name, f"{len(items):,} items, of which {_MOST_ITEMS:,} are looked at"))
        return self._sifted(self.asking.answer.model_construct(**kept), whole, faults)  # type: ignore[arg-type]

    def _sifted(self, answer: BaseModel, whole: frozenset[str], faults: Sequence[Fault]) -> Found:
        kept, more = self.asking.sifted(answer, self.marks)
        return Found(kept, whole, (*faults, *more))

    def _valid(
        self, name: str, part: type[BaseModel], items: Sequence[Any], faults: list[Fault]
    ) -> Iterator[BaseModel]:
        """The items of a list that satisfy the schema, without fields that it does not have."""
        for number, item in enumerate(items):
            if not isinstance(item, dict):
                faults.append(Fault.of(f"{name}.{number}", item, "no object"))
                continue
            try:
                known = {at: item.get(at) for at in part.model_fields if at in item or _nullable(part, at)}
                yield part.model_validate(known)
            except ValidationError as error:
                first = error.errors(include_url=False, include_context=False)[0]
                fault = Fault.of(".".join(map(str, (name, number, *first["loc"]))), item, first["msg"])
                faults.append(fault if fault.n is None or fault.n in self.marks else replace(fault, lost=False))


def _nullable(part: type[BaseModel], field: str) -> bool:
    return type(None) in get_args(part.model_fields[field].annotation)


def _objects(said: Any, lists: frozenset[str]) -> Iterator[Mapping[str, Any]]:
    """The objects in a text, or in an object, that have a list of an answer; as far as the work allows."""
    if not isinstance(said, str):
        yield from _unwrapped(said, lists)
        return
    text, at, work = said[:_LARGEST], 0, 0
    if text.lstrip()[:1] == '"':  # encoded twice
        yield from _unwrapped(_loaded(text), lists)
    while work < _WORK and (at := text.find("{", at)) >= 0:
        try:
            value, end = _DECODER.raw_decode(text, at)
        except json.JSONDecodeError as error:
            work += max(error.pos - at, 64)
            at += 1
        except (ValueError, RecursionError):  # a number of thousands of digits, objects in objects without end
            return
        else:
            yield from _unwrapped(value, lists)
            work += 64
            at = end


def _unwrapped(value: Any, lists: frozenset[str], depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """The answers in a value: itself, or what it wraps."""
    if depth > _WRAPPED:
        return
    if isinstance(value, dict) and (value.keys() & lists or not (value or depth)):  # {}: all lists left out
        yield value
    elif isinstance(value, dict | list):
        for inner in list(value.values() if isinstance(value, dict) else value)[:_MOST_ITEMS]:
            yield from _unwrapped(inner, lists, depth + 1)
    elif isinstance(value, str) and value.lstrip()[:1] in ("{", '"'):
        yield from _unwrapped(_loaded(value), lists, depth + 1)


def _loaded(text: str) -> Any:
    try:
        return json.loads(text) if len(text) <= _LARGEST else None
    except (ValueError, RecursionError):
        return None


_LAST = 5
"""Characters before a text's end: a fault there, in the middle of a word like false, is the end itself."""


def _partial(text: str) -> tuple[dict[str, Any], bool]:
    """What stands in a text of JSON up to where it ends or is spoilt, and whether it goes on to there."""
    ended = True
    try:
        _DECODER.raw_decode(text)
    except json.JSONDecodeError as error:
        # A fault inside the text, such as a bare quotation mark, is where reading ends; its item is the last one.
        ended = not error.msg.startswith("Unterminated") and error.pos < len(text.rstrip()) - _LAST
        text = text[: error.pos]
    except (ValueError, RecursionError):
        return {}, True
    try:
        found = jiter.from_json(text.encode("utf-8", "replace"), partial_mode="trailing-strings")
    except ValueError:
        return {}, ended
    return found if isinstance(found, dict) else {}, ended
