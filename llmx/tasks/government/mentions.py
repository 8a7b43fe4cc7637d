"""Where a report's account names a promise that no record of it meets: in words without a number, or a project's name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from llmx.documents import Document
from llmx.records import Record
from llmx.sections import Section
from llmx.tasks.government.panel.absence import said_without_number
from llmx.tasks.government.records import Project

_CLAUSE = re.compile(r"[^，,；;。！？\n]+")
_SHORTEST = 4
"""Characters of a name that is looked for: shorter ones stand in others."""
_SILENT = ("glossary", "problems", "other")


class Mention(NamedTuple):
    """Words of a report."""

    quote: str
    start: int
    end: int


class Mentions:
    """What the account of a report says of promises in words alone.

    Args:
        read: the report's text with its outline; None where the text is not at hand, which then names nothing.
        region: whose report it is.
    """

    def __init__(self, read: Callable[[], tuple[Document, Sequence[Section]] | None], region: str | None) -> None:
        self._read, self._region = read, region

    def of(self, promise: Record) -> Mention | None:
        """The first clause that names a project, or tells an indicator's result without a number."""
        if isinstance(promise, Project):
            return next(self._clauses(promise.name), None) if len(promise.name) >= _SHORTEST else None
        return self._said.get((getattr(promise, "indicator_id", None), getattr(promise, "measure", None)))

    @cached_property
    def _text(self) -> tuple[Document, Sequence[Section]] | None:
        return self._read()

    def _clauses(self, name: str) -> Iterator[Mention]:
        if self._text is None:
            return
        document, sections = self._text
        for section in sections:
            if section.planned or section.role in _SILENT or document.text.find(name, section.start, section.end) < 0:
                continue
            for clause in _CLAUSE.finditer(document.text, section.start, section.end):
                if name in clause.group():
                    yield Mention(clause.group(), clause.start(), clause.end())

    @cached_property
    def _said(self) -> dict[Any, Mention]:
        """Results in words, by indicator and measure."""
        found: dict[Any, Mention] = {}
        for said in said_without_number(*self._text, self._region) if self._text else ():
            if said.type == "achievement":
                mention = Mention(said.quote, said.start, said.start + len(said.quote))
                for measure in (said.measure,) if said.measure else ("level", "growth", "change"):
                    found.setdefault((said.indicator, measure), mention)
        return found
