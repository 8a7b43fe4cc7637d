"""An answer becomes a Reading: numbers to figures, quotes checked against the chunk, lists of projects unfolded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from llmx.figures import Figure
from llmx.grounding import Span, find_quote
from llmx.prompting.answer import Answer
from llmx.prompting.bearing import Bearing
from llmx.prompting.items import shortened
from llmx.prompting.marks import unmarked
from llmx.prompting.question import Question
from llmx.prompting.unbuilt import unbuilt
from llmx.prompting.unfold import unfold
from llmx.reading import FigureClaim, ProblemClaim, ProjectClaim, Reading, RecognitionClaim
from llmx.records import Domain

Quoted = RecognitionClaim | ProjectClaim | ProblemClaim


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a model claimed and the chunk does not bear out: it is in the Reading too, and without a better answer its
    record has grounding `missing`."""

    quote: str = ""
    """What the model quoted; empty for a figure."""
    claims: tuple[Quoted, ...] = ()
    """The claims made by that quote."""
    words: str = ""
    """Words that hold a number or a name that the chunk does not have; empty where it is the quote that is not there."""
    figure: Figure | None = None
    """The figure that such words were said of."""

    @property
    def point(self) -> str:
        """What is to be looked at again, in the words of the second question."""
        if self.words:
            return f"“{shortened(self.words)}”里有原文没有的数字或名称。如确有此条，照原文重答该条。"
        return f"原文中没有“{shortened(self.quote)}”这段引文。如确有此条，逐字重抄并重答该条。"


def reading_of(answer: Answer, question: Question) -> tuple[Reading, list[Doubt]]:
    """What an answer claims of its chunk.

    Args:
        answer: what the model answered.
        question: what it was asked; numbers that it did not mark are ignored.

    Returns:
        The claims, each list in the order of the answer, and those whose quotes were not found.
    """
    unpacking = _Unpacking(answer, question)
    problems = unpacking.problems()
    figures = list(unpacking.figures(problems))
    projects, turned_away = unpacking.projects()
    amounts = {claim.amount for claim in projects if claim.amount}
    reading = Reading(
        figures=tuple(claim for claim in figures if claim.figure not in amounts),
        recognitions=tuple(unpacking.recognitions()),
        projects=tuple(projects),
        problems=tuple(unpacking.bare(problems)),
        turned_away=tuple(turned_away),
    )
    return reading, unpacking.doubts


class _Unpacking:
    """One answer with its chunk, and what of it could not be found there."""

    def __init__(self, answer: Answer, question: Question) -> None:
        self.answer = answer
        self.marks = question.marks
        self.chunk = question.chunk
        self.text = question.chunk.text
        self.bearing = Bearing(question.chunk)
        self.doubts: list[Doubt] = []
        self._places: dict[str, Span | None] = {}
        self._order = {figure.start: number for number, figure in enumerate(self.chunk.figures, 1)}

    def figures(self, problems: Sequence[tuple[Span | None, ProblemClaim]]) -> Iterator[FigureClaim]:
        """The figures claimed, each once, by their place among all of the chunk."""
        exceptions = {one.n: one for one in self.answer.exceptions}
        for number, indicator in {one.n: one.indicator for one in self.answer.figures}.items():
            if number not in self.marks:
                continue
            figure, other = self.marks[number], exceptions.get(number)
            domain = self._domain(figure.start - self.chunk.start, problems) if problems else None
            scope = (other.scope or None) if other else None
            words = next((words for words in (indicator, scope) if not self.bearing.numbers(words)), None)
            if words:
                self.doubts.append(Doubt(words=words, figure=figure))
            yield FigureClaim(
                figure=self._order[figure.start],
                type="problem" if domain else (other and other.type) or self._tense(figure.start - self.chunk.start),
                indicator=indicator,
                year=other.year if other and self.bearing.year(other.year) else None,
                scope=scope,
                domain=domain,
                doubted=words is not None,
            )

    def _tense(self, place: int) -> Literal["target", "achievement"]:
        """What a figure or recognition is by its section: what is planned is a target."""
        return "target" if self._planned(place) else "achievement"

    def _planned(self, place: int) -> bool:
        """Whether the part that holds a place of the chunk's text speaks of what is to come."""
        return self.chunk.part_at(self.chunk.start + place).planned

    @staticmethod
    def _domain(place: int, problems: Sequence[tuple[Span | None, ProblemClaim]]) -> Domain | None:
        return next((one.domain for span, one in problems if span and span.start <= place < span.end), None)

    def recognitions(self) -> Iterator[RecognitionClaim]:
        """The recognitions."""
        for one in self.answer.recognitions:
            quote, span = self._find(one.quote)
            indicator = one.indicator or "".join(quote.split())
            doubted = not self.bearing.numbers(one.indicator)
            type = self._tense(span.start if span else 0)
            claim = RecognitionClaim(type=type, quote=quote, indicator=indicator, doubted=doubted)
            self._doubt(span, claim, words=indicator if doubted else "")
            yield claim

    def projects(self) -> tuple[list[ProjectClaim], list[ProjectClaim]]:
        """The projects, one claim a name, and those of which nothing is being built."""
        kept, turned_away = list[ProjectClaim](), list[ProjectClaim]()
        for one in self.answer.projects:
            quote, span = self._find(one.quote)
            planned = self._planned(span.start if span else 0)
            claims = [
                ProjectClaim(
                    name=name,
                    quote=part,
                    stage=one.stage,
                    status="planned" if planned else "reported",
                    amount=self._amount(name, span),
                    doubted=not self.bearing.name(name),
                )
                for name, part in unfold(quote, one.names)
            ]
            away = [claim for claim in claims if span and unbuilt(self.text, span, claim.name)]
            for claim in claims:
                self._doubt(span, claim, words=claim.name if claim.doubted else "")
            kept += [claim for claim in claims if claim not in away]
            turned_away += away
        return kept, turned_away

    def _amount(self, name: str, span: Span | None) -> int | None:
        """The number of the figure that is this project's investment: 总投资[3]8亿元的|清河大桥."""
        at = self.text.find(name, span.start) if span else -1
        for figure in self.marks.values() if at >= 0 else ():
            start, end = figure.start - self.chunk.start, figure.end - self.chunk.start
            if self.text[end:at].strip() == "的" and self.text.endswith("投资", 0, start):
                return self._order[figure.start]
        return None

    def problems(self) -> list[tuple[Span | None, ProblemClaim]]:
        """The problems with the places of their quotes."""
        found = []
        for one in self.answer.problems:
            quote, span = self._find(one.quote)
            claim = ProblemClaim(quote=quote, domain=one.domain)
            self._doubt(span, claim)
            found.append((span, claim))
        return found

    def bare(self, problems: Sequence[tuple[Span | None, ProblemClaim]]) -> Iterator[ProblemClaim]:
        """The problems without a figure; those with one are told by their figures."""
        numbers = {one.n for one in self.answer.figures} & self.marks.keys()
        places = [self.marks[number].start - self.chunk.start for number in numbers]
        for span, claim in problems:
            if span is None or not any(span.start <= place < span.end for place in places):
                yield claim

    def _find(self, quote: str) -> tuple[str, Span | None]:
        """A quote as the text has it, and where in the chunk's text; as the model has it where it is not there."""
        bare = unmarked(quote, tuple(self.marks))
        # The report's own [2] is as good as ours where the quote is there with it.
        span = next((found for words in (quote, bare) if (found := self._place(words))), None)
        return (self.text[span.start : span.end] if span else bare), span

    def _place(self, quote: str) -> Span | None:
        if quote not in self._places:
            self._places[quote] = find_quote(self.text, quote, 0, len(self.text))
        return self._places[quote]

    def _doubt(self, span: Span | None, claim: Quoted, words: str = "") -> None:
        if span is None:
            self.doubts.append(Doubt(claim.quote, (claim,)))
        elif words:
            self.doubts.append(Doubt(claim.quote, (claim,), words))
