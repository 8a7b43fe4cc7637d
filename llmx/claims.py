"""What a reader says of a chunk: its claims, before code has found their places in the text.

A reader decides only what needs judgement. Figures are named by their number in the chunk, so none can be invented;
what has no figure is quoted, so that code can find it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict


class Claim(BaseModel):
    """Something of the chunk is a record. A task's own claims are subclasses."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    figure_fields: ClassVar[tuple[str, ...]] = ()
    """The fields that hold a figure's number in the chunk, counted from 1 in text order."""

    quote: str = ""
    """Verbatim words of the chunk; empty where a figure stands for them."""
    doubted: str = ""
    """Words of it that hold what the text does not bear out; its record's grounding is then missing."""

    @property
    def numbers(self) -> list[int]:
        """The numbers of the figures that it holds."""
        return [number for name in self.figure_fields if (number := getattr(self, name))]

    def shifted(self, by: int) -> Self:
        """The claim with its figures' numbers raised, where its chunk turns out to be the end of a longer one."""
        held = {name: number + by for name in self.figure_fields if (number := getattr(self, name))}
        return self.model_copy(update=held) if held else self


@dataclass(frozen=True, slots=True)
class Rejected:
    """A claim that the task holds for no record."""

    claim: Claim
    """What was claimed."""
    reason: str
    """Why it is none."""

    @property
    def name(self) -> str:
        """What was claimed, in short."""
        return str(getattr(self.claim, "name", "") or self.claim.quote)


class Reading(BaseModel):
    """All that a reader claims of one chunk. Every field of a task's own readings is a list of claims, in text order."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    @property
    def claims(self) -> Iterator[Any]:
        """All claims, list by list."""
        for name in type(self).model_fields:
            yield from getattr(self, name)

    @property
    def numbers(self) -> set[int]:
        """The numbers of all figures that claims hold."""
        return {number for claim in self.claims for number in claim.numbers}

    def kept(self, keeps: Callable[[Any], bool]) -> Self:
        """The reading with those claims alone that a function keeps."""
        return self._each(lambda name: filter(keeps, getattr(self, name)))

    def shifted(self, by: int) -> Self:
        """A half's reading with the figures' numbers of the whole."""
        return self._each(lambda name: (claim.shifted(by) for claim in getattr(self, name)))

    def joined(self, others: list[Self]) -> Self:
        """All claims of this and further readings."""
        if not others:
            return self
        return self._each(lambda name: (claim for one in (self, *others) for claim in getattr(one, name)))

    def _each(self, claims: Callable[[str], Any]) -> Self:
        return self.model_copy(update={name: tuple(claims(name)) for name in type(self).model_fields})
