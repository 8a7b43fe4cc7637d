"""The reports that labels are of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from llmx.documents import Document
from llmx.figures import script_of
from llmx.labels.stretches import Bounds
from llmx.sentences import sentences


def report_of(name: Any, reports: Mapping[str, Document]) -> Document | str:
    """The report that a label names; without a name, the only one given; else what is wrong, in words."""
    if name is None and len(reports) == 1:
        return next(iter(reports.values()))
    if name is None:
        return f"it does not say which report it is of; there are {', '.join(reports)}"
    found = reports.get(name) if isinstance(name, str) else None
    return found or f"it is of report {name!r}, but the text given is of {', '.join(reports)}; give its report too"


def sentences_of(text: str) -> Iterator[Bounds]:
    """Bounds of the sentences of a text, in order."""
    return sentences(text, 0, len(text), latin=script_of(text) == "latin")


def place_of(passage: str, told: Any, document: Document) -> Bounds:
    """Where a passage stands in its report: where it says, else where its text is found, else its first and last
    sentences that the report, which has changed, has once.
    """
    start: int = told if isinstance(told, int) and told >= 0 else 0
    text, length = document.text, len(passage)
    if not text.startswith(passage, start):
        found = text.find(passage)
        pieces = [] if found >= 0 else [(at, passage[at:end].strip()) for at, end in sentences_of(passage)]
        known = [(at, text.index(words)) for at, words in pieces if len(words) > _SHORT and text.count(words) == 1]
        if known:
            end = known[-1][1] + length - known[-1][0]
            start = known[0][1] - known[0][0]
            return max(start, 0), min(end, len(text))
        start = start if found < 0 else found
    return start, start + length


_SHORT = 6
"""Sentences of so few characters say too little of where they stand."""
