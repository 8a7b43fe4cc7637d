"""Figures marked by number in a text: 增长[3]6.2%."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from llmx.figures import Figure

_MARK = re.compile(r"\[\d+\]")
_OWN = re.compile(r"\[(\d{1,9})\]")
_LABEL = re.compile(r"^([^\s$:：]{1,20})[:：][ \t]*\$", re.MULTILINE)
_OTHER = {":": "：", "：": ":"}


def measuring(figures: Iterable[Figure]) -> dict[int, Figure]:
    """The figures that a model is asked about, by the number of their mark, from 1 in text order.

    What a date, name, rank or ordinal is, code proves (0 of 1,047 labelled figures had such a reason): a mark there
    would cost tokens and invite claims.
    """
    return dict(enumerate((figure for figure in figures if figure.reason is None), 1))


def mark(text: str, offset: int, marks: Mapping[int, Figure]) -> str:
    """A text with marks before figures.

    Args:
        text: the text, which begins at `offset` of the document.
        offset: what the figures' offsets count from, in code points.
        marks: the figures to mark, by number, in text order.
    """
    pieces: list[str] = []
    at = 0
    for number, figure in marks.items():
        start = figure.start - offset
        pieces += [text[at:start], f"[{number}]"]
        at = start
    return "".join([*pieces, text[at:]])


def labels_of(template: str) -> re.Pattern[str]:
    """What finds, in a text, lines that begin as those do that a template fills in: `标题：$path`."""
    names = "|".join(map(re.escape, _LABEL.findall(template))) or "(?!)"
    return re.compile(rf"^([ \t\u3000]{{0,9}}(?:{names}))([:：])", re.MULTILINE)


def escaped(text: str, labels: re.Pattern[str]) -> str:
    """A text in which nothing looks like a mark or a heading of ours, each character in its place.

    Brackets around a number become full-width ones, the colon after a label at a line's start one of the other width; to
    what looks for quotes both are the same.
    """
    return labels.sub(lambda found: found[1] + _OTHER[found[2]], _OWN.sub(r"［\1］", text))


def unmarked(quote: str, numbers: Sequence[int]) -> str:
    """A quote without the marks that a model copied although it was told not to.

    Args:
        quote: what the model quoted.
        numbers: the numbers that the text was marked with; other bracketed numbers are the report's own.
    """
    return _MARK.sub(lambda found: "" if int(found.group()[1:-1]) in numbers else found.group(), quote)
