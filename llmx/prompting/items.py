"""An answer's items, one by one: what no mark has, what is empty, what has no bounds costs that item alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from llmx.prompting.answer import Answer, AnsweredException, AnsweredFigure, AnsweredProjects
from llmx.prompting.plain import plain

LONGEST_QUOTE = 600
"""Characters of a quote: a record's evidence is a clause or two, and what is longer is none."""
_LONGEST_NAME = 200
_LONGEST_SCOPE = 60
_MOST_NAMES = 100
_SHOWN = 80
PartT = TypeVar("PartT", bound=BaseModel)
FIRST_YEAR, LAST_YEAR = 1949, 2100
"""Years that a report of the People's Republic may speak of."""


@dataclass(frozen=True, slots=True)
class Fault:
    """An item of an answer that cannot be used."""

    part: str
    """The list that it is in, and where in it."""
    why: str
    """What is wrong with it."""
    shown: str = ""
    """The item in short."""
    n: int | None = None
    """The number that it names."""
    quote: str = ""
    """What it quotes, in short."""
    lost: bool = False
    """Whether it may stand for a record, which is to be asked for again."""

    @classmethod
    def of(cls, part: str, item: Any, why: str, lost: bool = True) -> Fault:
        """The fault of an item, with as much of it as may be shown."""
        given = item if isinstance(item, dict) else {}
        n, quote = given.get("n"), given.get("quote")
        return cls(
            part,
            why,
            shortened(
                item if isinstance(item, str) else json.dumps(item, ensure_ascii=False, default=str)[: 4 * _SHOWN]
            ),
            n if isinstance(n, int) and not isinstance(n, bool) else None,
            shortened(quote) if isinstance(quote, str) else "",
            lost,
        )

    def __str__(self) -> str:
        return f"{self.part}: {self.why}" + (f": {self.shown}" if self.shown else "")


def shortened(words: str) -> str:
    """The beginning of a text, in one line."""
    words = " ".join(plain(words[: 4 * _SHOWN]).split())
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"


def sifted(answer: Answer, marks: Mapping[int, object]) -> tuple[Answer, list[Fault]]:
    """The items of an answer that can be used, and what is wrong with the others.

    Args:
        answer: items that satisfy the schema.
        marks: the numbers that the question's text is marked with.
    """
    faults: list[Fault] = []
    kept = Answer.model_construct(
        figures=list(_kept("figures", answer.figures, lambda one: _figure(one, marks), faults)),
        recognitions=list(_kept("recognitions", answer.recognitions, _quoted, faults)),
        projects=list(_kept("projects", answer.projects, _projects, faults)),
        problems=list(_kept("problems", answer.problems, _quoted, faults)),
        exceptions=list(_kept("exceptions", answer.exceptions, lambda one: _exception(one, marks), faults)),
    )
    return kept, faults


class _Unusable(Exception):
    def __init__(self, why: str, lost: bool = True) -> None:
        super().__init__(why)
        self.why, self.lost = why, lost


def _kept(part: str, items: list[Any], check: Callable[[Any], Any], faults: list[Fault]) -> Iterator[Any]:
    for item in items:
        try:
            if (fit := check(item)) is not None:
                yield fit
        except _Unusable as error:
            faults.append(Fault.of(part, item.model_dump(), error.why, error.lost))


def _figure(one: AnsweredFigure, marks: Mapping[int, object]) -> AnsweredFigure:
    if one.n not in marks:
        raise _Unusable(f"the text has no mark [{_number(one.n)}]", lost=False)
    return _with(one, indicator=_words(one.indicator, "indicator"))


def _quoted(one: Any) -> Any:
    """A recognition or a problem; None where it quotes nothing."""
    quote = _quote(one.quote)
    if not quote:
        return None
    if not hasattr(one, "indicator"):
        return _with(one, quote=quote)
    return _with(one, quote=quote, indicator=_words(one.indicator, "indicator") if one.indicator else None)


def _projects(one: AnsweredProjects) -> AnsweredProjects | None:
    """Projects under one quote; None where it quotes nothing or names none."""
    names = dict.fromkeys(_words(name, "name") for name in one.names[: _MOST_NAMES + 1] if plain(name[:999]).strip())
    if len(names) > _MOST_NAMES:
        raise _Unusable(f"more than {_MOST_NAMES} names under one quote")
    quote = _quote(one.quote)
    return _with(one, quote=quote, names=list(names)) if quote and names else None


def _exception(one: AnsweredException, marks: Mapping[int, object]) -> AnsweredException:
    if one.n not in marks:
        raise _Unusable(f"the text has no mark [{_number(one.n)}]", lost=False)
    year = one.year if one.year is not None and FIRST_YEAR <= one.year <= LAST_YEAR else None
    scope = plain(one.scope[: 2 * _LONGEST_SCOPE]).strip() if one.scope else ""
    return _with(one, year=year, scope=scope if 0 < len(scope) <= _LONGEST_SCOPE else None)


def _words(words: str, name: str) -> str:
    found = plain(words[: 4 * _LONGEST_NAME]).strip()
    if not found:
        raise _Unusable(f"{name}: empty")
    if len(found) > _LONGEST_NAME:
        raise _Unusable(f"{name}: more than {_LONGEST_NAME} characters")
    return found


def _quote(words: str) -> str:
    if len(words) > 2 * LONGEST_QUOTE or len(found := plain(words).strip()) > LONGEST_QUOTE:
        raise _Unusable(f"quote: more than {LONGEST_QUOTE} characters")
    return found


def _number(n: int) -> str:
    return str(n) if abs(n) < 10**9 else "…"


def _with(one: PartT, **fields: Any) -> PartT:
    """An item with other words; itself where they are the same."""
    changed = {name: value for name, value in fields.items() if getattr(one, name) != value}
    return one.model_copy(update=changed) if changed else one
