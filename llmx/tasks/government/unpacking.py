"""An answer becomes a reading: numbers to figures, quotes checked against the chunk, lists of projects unfolded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from llmx.grounding import Span, find_quote
from llmx.prompting import Question, unmarked
from llmx.tasks.government.answer import Answer
from llmx.tasks.government.bearing import ReportBearing
from llmx.tasks.government.claims import FigureClaim, ProblemClaim, ProjectClaim, RecognitionClaim, ReportReading
from llmx.tasks.government.records import Domain
from llmx.tasks.government.unfold import unfold


def reading_of(answer: Answer, question: Question) -> ReportReading:
    """What an answer claims of its chunk.

    Args:
        answer: what the model answered.
        question: what it was asked; numbers that it did not mark are ignored.

    Returns:
        The claims, each list in the order of the answer; those whose own words the chunk does not bear out are doubted.
    """
    unpacking = _Unpacking(answer, question)
    problems = unpacking.problems()
    return ReportReading(
        figures=tuple(unpacking.figures(problems)),
        recognitions=tuple(unpacking.recognitions()),
        projects=tuple(unpacking.projects()),
        problems=tuple(unpacking.bare(problems)),
    )


class _Unpacking:
    """One answer with its chunk, and what of it could not be found there."""

    def __init__(self, answer: Answer, question: Question) -> None:
        self.answer = answer
        self.marks = question.marks
        self.chunk = question.chunk
        self.text = question.chunk.text
        self.bearing = ReportBearing(question.chunk)
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
            doubted = next((words for words in (indicator, scope) if words and not self.bearing.numbers(words)), "")
            yield FigureClaim(
                figure=self._order[figure.start],
                type="problem" if domain else (other and other.type) or self._tense(figure.start - self.chunk.start),
                indicator=indicator,
                year=other.year if other and self.bearing.year(other.year) else None,
                scope=scope,
                domain=domain,
                doubted=doubted,
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
            doubted = "" if self.bearing.numbers(one.indicator) else indicator
            type = self._tense(span.start if span else 0)
            yield RecognitionClaim(type=type, quote=quote, indicator=indicator, doubted=doubted)

    def projects(self) -> Iterator[ProjectClaim]:
        """The projects, one claim a name."""
        for one in self.answer.projects:
            quote, span = self._find(one.quote)
            planned = self._planned(span.start if span else 0)
            for name, part in unfold(quote, one.names):
                yield ProjectClaim(
                    name=name,
                    quote=part,
                    stage=one.stage,
                    status="planned" if planned else "reported",
                    amount=self._amount(name, span),
                    doubted="" if self.bearing.name(name) else name,
                )

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
            found.append((span, ProblemClaim(quote=quote, domain=one.domain)))
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
