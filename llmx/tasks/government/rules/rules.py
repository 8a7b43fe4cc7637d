"""From a chunk to a Reading, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from llmx.sections import Chunk
from llmx.sentences import sentences
from llmx.tasks.government.claims import FigureClaim, ProblemClaim, ProjectClaim, RecognitionClaim, ReportReading
from llmx.tasks.government.rules.domains import domain_of
from llmx.tasks.government.rules.indicators import indicators
from llmx.tasks.government.rules.mark import Mark
from llmx.tasks.government.rules.problems import problems
from llmx.tasks.government.rules.projects import projects
from llmx.tasks.government.rules.recognitions import recognitions
from llmx.tasks.government.rules.sentences import clauses
from llmx.tasks.government.structure.headings import is_table

# A flattened table (专栏): a line that is nothing but a short label names the rows after it.
_ROW_LABEL = re.compile(r"[^\d，。；：、\n]{2,16}$")
_ITEM = re.compile(r"\s*[（(]?[一二三四五六七八九十]{1,3}[）)、是要]")
"""What a line begins with that ends a table."""


class Rules:
    """General rules of the language, each with its reason, in this folder; reads any chunk, never fails."""

    name = "rules"

    def read(self, chunk: Chunk) -> ReportReading:
        """Say what a chunk claims; see `llmx.models.Model`."""
        if chunk.section.role == "problems":
            return self._admitted(chunk)
        return self._reported(chunk)

    def _reported(self, chunk: Chunk) -> ReportReading:
        """Targets or achievements, recognitions and projects, by whether the section plans or reports."""
        text, planned = chunk.text, chunk.section.planned
        figures: list[FigureClaim] = []
        honours: list[RecognitionClaim] = []
        works: list[ProjectClaim] = []
        for begin, end, marks, label in _sentences(chunk):
            bounds = clauses(text, begin, end)
            built = projects(text, bounds, marks, planned)
            amounts = {claim.amount for claim in built}
            named = indicators(text, begin, end, marks, label) if marks else []
            figures += [
                FigureClaim(figure=mark.number, type="target" if planned else "achievement", indicator=name)
                for mark, name in zip(marks, named, strict=True)
                if name and mark.number not in amounts
            ]
            honours += recognitions(text, bounds, marks, named, planned)
            works += built
        return ReportReading(figures=tuple(figures), recognitions=tuple(honours), projects=tuple(works))

    def _admitted(self, chunk: Chunk) -> ReportReading:
        """Problems, those with a figure by their figure."""
        text, listing = chunk.text, False
        figures: list[FigureClaim] = []
        stated: list[ProblemClaim] = []
        for begin, end, marks, _ in _sentences(chunk):
            for mark, name in zip(marks, indicators(text, begin, end, marks), strict=True):
                domain = domain_of(name or text[begin:end])
                figures.append(FigureClaim(figure=mark.number, type="problem", indicator=name, domain=domain))
            claims, listing = problems(text, begin, end, marks, listing)
            stated += claims
        return ReportReading(figures=tuple(figures), problems=tuple(stated))


def _sentences(chunk: Chunk) -> Iterator[tuple[int, int, Sequence[Mark], str]]:
    """Each sentence's bounds in the chunk's text, its measuring figures, and the row label over it."""
    marks = [
        Mark(number, figure.start - chunk.start, figure.end - chunk.start, figure.unit, figure.measure)
        for number, figure in enumerate(chunk.figures, 1)
        if figure.reason is None
    ]
    at, label = 0, ""
    tabled = is_table(chunk.section.heading)
    for begin, end in sentences(chunk.text, 0, len(chunk.text)):
        tabled = (tabled and not _ITEM.match(chunk.text, begin)) or is_table(chunk.text[begin:end].strip())
        label = _row_label(chunk.text, begin, end, label, tabled)
        first = at
        while at < len(marks) and marks[at].start < end:
            at += 1
        yield begin, end, marks[first:at], label


def _row_label(text: str, begin: int, end: int, label: str, tabled: bool) -> str:
    """The row label that holds from this sentence on.

    Args:
        text, begin, end: the sentence.
        label: the one that held before it.
        tabled: whether it stands in a table, whose lines are cells also where no tab says so, as in a PDF.
    """
    line = text[begin:end].strip("\n")
    if line.startswith("\t") or tabled:
        return line.strip() if _ROW_LABEL.match(line.strip()) else label
    opens_line = begin == 0 or text[begin - 1] == "\n" or text[begin] == "\n"
    return "" if opens_line else label
