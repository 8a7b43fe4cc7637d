"""An answer's items, one by one: what no mark has, what is empty, what has no bounds costs that item alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from llmx.prompting.plain import plain

LONGEST_QUOTE = 600
"""Characters of a quote: a record's evidence is a clause or two, and what is longer is none."""
LONGEST_WORDS = 200
"""Characters of a reader's own words."""
_SHOWN = 80
PartT = TypeVar("PartT", bound=BaseModel)


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


class Unusable(Exception):
    """An item that cannot be used.

    Args:
        why: what is wrong with it.
        lost: whether it may stand for a record.
    """

    def __init__(self, why: str, lost: bool = True) -> None:
        super().__init__(why)
        self.why, self.lost = why, lost


def kept(part: str, items: Iterable[Any], check: Callable[[Any], Any], faults: list[Fault]) -> Iterator[Any]:
    """The items of a list that can be used.

    Args:
        part: the list's name.
        items: its items.
        check: what makes an item fit; None where it says nothing.
        faults: where the faults of the others are added.
    """
    for item in items:
        try:
            if (fit := check(item)) is not None:
                yield fit
        except Unusable as error:
            faults.append(Fault.of(part, item.model_dump(), error.why, error.lost))


def marked(n: int, marks: Mapping[int, object]) -> int:
    """A number that the text is marked with.

    Raises:
        Unusable: it is none.
    """
    if n not in marks:
        raise Unusable(f"the text has no mark [{n if abs(n) < 10**9 else '…'}]", lost=False)
    return n


def said(words: str, name: str) -> str:
    """A reader's own words, without what no text has.

    Raises:
        Unusable: they are none, or beyond any name or indicator.
    """
    found = plain(words[: 4 * LONGEST_WORDS]).strip()
    if not found:
        raise Unusable(f"{name}: empty")
    if len(found) > LONGEST_WORDS:
        raise Unusable(f"{name}: more than {LONGEST_WORDS} characters")
    return found


def quoted(words: str) -> str:
    """A quote, without what no text has.

    Raises:
        Unusable: it is longer than evidence is.
    """
    if len(words) > 2 * LONGEST_QUOTE or len(found := plain(words).strip()) > LONGEST_QUOTE:
        raise Unusable(f"quote: more than {LONGEST_QUOTE} characters")
    return found


def changed(one: PartT, **fields: Any) -> PartT:
    """An item with other words; itself where they are the same."""
    new = {name: value for name, value in fields.items() if getattr(one, name) != value}
    return one.model_copy(update=new) if new else one
