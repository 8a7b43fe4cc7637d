"""The texts that an export needs, one report after the other."""

from __future__ import annotations

from llmx.documents import Document
from llmx.errors import InputError
from llmx.outputs import InputSummary
from llmx.saved import SavedRun, Texts


class ReportTexts:
    """Summaries and texts of a run's reports; what keeps a text from being had is noted, and the rest goes on.

    Args:
        saved: the run.
        texts: what finds the texts.
    """

    def __init__(self, saved: SavedRun, texts: Texts) -> None:
        self.faults: list[InputError] = []
        self._texts = texts
        self._summaries = {one.report: one for one in saved.reports}

    def of(self, report: str) -> tuple[InputSummary, Document | None]:
        """A report's summary, and its text where it is at hand."""
        summary = self._summaries[report]
        try:
            return summary, self._texts.find(summary)
        except InputError as error:
            self.faults.append(error)
            return summary, None
