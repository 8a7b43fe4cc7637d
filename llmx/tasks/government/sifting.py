"""The items of an answer about a report, one by one: what no mark has, what is empty, what has no bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from llmx.prompting import Fault, Unusable, changed, kept, marked, plain, quoted, said
from llmx.tasks.government.answer import Answer, AnsweredException, AnsweredFigure, AnsweredProjects

_LONGEST_SCOPE = 60
_MOST_NAMES = 100
FIRST_YEAR, LAST_YEAR = 1949, 2100
"""Years that a report of the People's Republic may speak of."""


def sifted(answer: Answer, marks: Mapping[int, object]) -> tuple[Answer, list[Fault]]:
    """The items of an answer that can be used, and what is wrong with the others.

    Args:
        answer: items that satisfy the schema.
        marks: the numbers that the question's text is marked with.
    """
    faults: list[Fault] = []
    fit = Answer.model_construct(
        figures=list(kept("figures", answer.figures, lambda one: _figure(one, marks), faults)),
        recognitions=list(kept("recognitions", answer.recognitions, _quoted, faults)),
        projects=list(kept("projects", answer.projects, _projects, faults)),
        problems=list(kept("problems", answer.problems, _quoted, faults)),
        exceptions=list(kept("exceptions", answer.exceptions, lambda one: _exception(one, marks), faults)),
    )
    return fit, faults


def _figure(one: AnsweredFigure, marks: Mapping[int, object]) -> AnsweredFigure:
    marked(one.n, marks)
    return changed(one, indicator=said(one.indicator, "indicator"))


def _quoted(one: Any) -> Any:
    """A recognition or a problem; None where it quotes nothing."""
    quote = quoted(one.quote)
    if not quote:
        return None
    if not hasattr(one, "indicator"):
        return changed(one, quote=quote)
    return changed(one, quote=quote, indicator=said(one.indicator, "indicator") if one.indicator else None)


def _projects(one: AnsweredProjects) -> AnsweredProjects | None:
    """Projects under one quote; None where it quotes nothing or names none."""
    names = dict.fromkeys(said(name, "name") for name in one.names[: _MOST_NAMES + 1] if plain(name[:999]).strip())
    if len(names) > _MOST_NAMES:
        raise Unusable(f"more than {_MOST_NAMES} names under one quote")
    quote = quoted(one.quote)
    return changed(one, quote=quote, names=list(names)) if quote and names else None


def _exception(one: AnsweredException, marks: Mapping[int, object]) -> AnsweredException:
    marked(one.n, marks)
    year = one.year if one.year is not None and FIRST_YEAR <= one.year <= LAST_YEAR else None
    scope = plain(one.scope[: 2 * _LONGEST_SCOPE]).strip() if one.scope else ""
    return changed(one, year=year, scope=scope if 0 < len(scope) <= _LONGEST_SCOPE else None)
