"""The automatic numbers of a Word document's paragraphs, written out as Word shows them.

Source: ECMA-376 (Office Open XML), part 1, 17.9, numbering.
"""

from __future__ import annotations

import re
from typing import Any

from docx.oxml.ns import qn

from llmx.documents.readers.numerals import written


class Numbering:
    """Counts a document's numbered paragraphs, in order."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[tuple[str, int], Any] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._abstract: dict[str, str] = {}
        self._styles = {style.get(qn("w:styleId")): style for style in document.styles.element.findall(qn("w:style"))}
        try:
            element = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        for abstract in element.findall(qn("w:abstractNum")):
            for level in abstract.findall(qn("w:lvl")):
                self._levels[abstract.get(qn("w:abstractNumId")), int(level.get(qn("w:ilvl")))] = level
        for number in element.findall(qn("w:num")):
            target = number.find(qn("w:abstractNumId"))
            if target is not None:
                self._abstract[number.get(qn("w:numId"))] = target.get(qn("w:val"))

    def next(self, paragraph: Any) -> str:
        """The number that a paragraph begins with, counted on; empty where it has none."""
        reference = self._reference(paragraph)
        if reference is None:
            return ""
        kind, depth = reference
        level = self._levels.get((kind, depth))
        if level is None:
            return ""
        self._counts[kind, depth] = self._counts.get((kind, depth), _start(level) - 1) + 1
        for deeper in [key for key in self._counts if key[0] == kind and key[1] > depth]:
            del self._counts[deeper]
        text = _value(level, "w:lvlText") or ""
        return re.sub(r"%(\d)", lambda found: self._shown(kind, int(found[1]) - 1), text)

    def _reference(self, paragraph: Any) -> tuple[str, int] | None:
        """The list and level of a paragraph, its own or its style's."""
        properties, seen = paragraph.find(qn("w:pPr")), set[str]()
        while properties is not None:
            own = properties.find(qn("w:numPr"))
            if own is not None:
                number, depth = _value(own, "w:numId"), _value(own, "w:ilvl")
                kind = self._abstract.get(number or "")
                return (kind, int(depth or 0)) if kind is not None else None
            name = _value(properties, "w:pStyle") or _value(properties.getparent(), "w:basedOn") or ""
            style = self._styles.get(name) if name not in seen else None
            seen.add(name)  # in a damaged file styles are based on each other in a circle
            properties = style.find(qn("w:pPr")) if style is not None else None
        return None

    def _shown(self, kind: str, depth: int) -> str:
        level = self._levels.get((kind, depth))
        if level is None:
            return ""
        return written(self._counts.get((kind, depth), _start(level)), _value(level, "w:numFmt") or "decimal")


def _start(level: Any) -> int:
    return int(_value(level, "w:start") or 1)


def _value(element: Any, name: str) -> str | None:
    found = element.find(qn(name))
    return None if found is None else str(found.get(qn("w:val")))
