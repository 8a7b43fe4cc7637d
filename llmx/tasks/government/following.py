"""Each promise of a report with what the report of the year after says of it: `llmx.follow`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from llmx.documents import Document
from llmx.errors import InputError, UsageError
from llmx.models import ModelOptions, chosen
from llmx.outputs import InputSummary
from llmx.records import Record
from llmx.saved import SavedRun, Texts, open_run
from llmx.sections import Section
from llmx.tasks.government.assigning import Joined
from llmx.tasks.government.commitments import commits
from llmx.tasks.government.facts import ReportFacts, continued
from llmx.tasks.government.follow_asking import settle
from llmx.tasks.government.follow_files import check_suffix, write_rows
from llmx.tasks.government.follow_rows import Followed, row_of
from llmx.tasks.government.joining import join_figures, join_projects, join_statuses, promises_of
from llmx.tasks.government.mentions import Mentions
from llmx.tasks.government.panel.sources import outline_of
from llmx.tasks.government.records import Achievement, Project, Target

if TYPE_CHECKING:
    import pandas

    from llmx.results import Result

    Given = str | PathLike[str] | SavedRun | Result


@dataclass(frozen=True, slots=True)
class Reported:
    """One report with its records."""

    report: str
    """Its id."""
    facts: ReportFacts
    """What it says of itself."""
    records: Sequence[Record]
    """All its records, in text order."""
    read: Callable[[], tuple[Document, Sequence[Section]] | None]
    """Its text with its outline; None where the text is not at hand."""


@dataclass(frozen=True, slots=True)
class Following:
    """The promises of earlier reports, each with what became of it."""

    rows: tuple[Followed, ...]
    """A row a promise, report by report and in text order."""
    alone: tuple[str, ...] = ()
    """Earlier reports that no later one follows, each with the reason."""
    unanswered: tuple[str, ...] = ()
    """Earlier reports about which a language model did not answer, each with the reason: their doubtful rows stay so."""

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Followed]:
        return iter(self.rows)

    @property
    def counts(self) -> dict[str, int]:
        """How many promises have each outcome."""
        return dict(Counter(row.outcome for row in self.rows))

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas DataFrame, a row a promise.

        Raises:
            UsageError: pandas is not installed.
        """
        try:
            import pandas
        except ModuleNotFoundError as error:
            raise UsageError('a DataFrame needs pandas; install it: pip install "llmx-extract[pandas]"') from error
        return pandas.DataFrame([row.model_dump() for row in self.rows], columns=list(Followed.model_fields))


def follow(
    earlier: Given | Sequence[Given],
    later: Given | Sequence[Given],
    to: str | PathLike[str] | None = None,
    model: str | None = None,
    options: ModelOptions | None = None,
    *,
    force: bool = False,
    **given: Any,
) -> Following:
    """Follow each promise of earlier reports into the reports of the year after: what `llmx follow` does.

    Args:
        earlier: runs, their folders, or results; they may hold many places and years.
        later: the same, with the reports of the year after each. Both may be one run that holds all years.
        to: a file to write: .xlsx (落实情况表, table and codebook), .csv or .html.
        model: PROVIDER/MODEL, which is asked about promises that words leave doubtful; nobody unless given.
        options: how it is asked.
        force: overwrite a file that llmx did not write.
        given: single options by name, over `options`; see `ModelOptions`.

    Returns:
        A row for each target and planned project, and which reports have none that follows them.

    Raises:
        InputError: a run cannot be read.
        OutputError: the file cannot be written, or is one that llmx did not write.
        UnknownModel: no model has that name.
        UsageError: the suffix is none of these, a result was not read, or options do not fit.
    """
    if model is None and (options is not None or given):
        raise UsageError(f"options of a language model are given, {sorted(given)}, but none to ask; give model=")
    if to is not None:
        check_suffix(Path(to))
    contexts, alone = _paired(_reports(earlier), _reports(later))
    unanswered: tuple[str, ...] = ()
    if model is not None:
        unanswered = settle({one.earlier.report: one.joined for one in contexts}, model, chosen(options, given))
    found = Following(tuple(row for one in contexts for row in one.rows()), tuple(alone), unanswered)
    if to is not None:
        write_rows(found.rows, Path(to), force)
    return found


def _reports(given: Any) -> list[Reported]:
    """The reports of runs, folders and results."""
    from llmx.results import Result

    several = [given] if isinstance(given, str | PathLike | Result | SavedRun) else list(given)
    return [
        one
        for each in several
        for one in (
            _of_result(each)
            if isinstance(each, Result)
            else _of_run(each if isinstance(each, SavedRun) else open_run(each))
        )
    ]


def _of_result(result: Result) -> list[Reported]:
    if result.document is None or not isinstance(result.facts, ReportFacts):
        raise UsageError(f"{result!r} holds no government report; give results of `llmx.extract` that were read")
    document, sections = result.document, result.sections
    return [Reported(document.id, result.facts, result.records, lambda: (document, sections))]


def _of_run(run: SavedRun) -> list[Reported]:
    if run.task.facts_type is not ReportFacts:
        raise UsageError(
            f"{run.folder} is a run of the task {run.task.name!r}; follow reads runs of government reports"
        )
    held: dict[str, list[Record]] = {summary.report: [] for summary in run.reports}
    for record in run.records():
        held[record.report].append(record)
    texts = Texts(run.folder, None, run.manifest.settings.get("column"))
    return [
        Reported(
            summary.report, cast(ReportFacts, run.facts(summary)), held[summary.report], partial(_read, texts, summary)
        )
        for summary in run.reports
    ]


def _read(texts: Texts, summary: InputSummary) -> tuple[Document, Sequence[Section]] | None:
    """A report of a run, read again."""
    try:
        document = texts.find(summary)
    except InputError:
        return None
    return document, outline_of(summary, document)


def _paired(earlier: Sequence[Reported], later: Sequence[Reported]) -> tuple[list[_Context], list[str]]:
    """Every earlier report with the later one of its place and the year after; and why others have none."""
    contexts: list[_Context] = []
    alone: list[str] = []
    by_place: dict[tuple[str | None, int | None], list[Reported]] = {}
    for one in later:
        for place in {one.facts.code, one.facts.place}:
            by_place.setdefault((place, one.facts.year), []).append(one)
    single = len(earlier) == len(later) == 1
    for one in earlier:
        found, moved = _later_of(one, by_place)
        if found is None and single and later[0] is not one and not _contradict(one.facts, later[0].facts):
            found = later[0]
        if found is None:
            alone.append(f"{one.report}: {_why_alone(one.facts)}")
        else:
            contexts.append(_joined(one, found, moved))
    return contexts, alone


def _contradict(one: ReportFacts, other: ReportFacts) -> bool:
    """Whether two reports say that they are of different places, or not of a year and the next."""
    if one.place and other.place and one.place != other.place:
        return True
    return one.year is not None and other.year is not None and other.year != one.year + 1


def _why_alone(facts: ReportFacts) -> str:
    if facts.place is None or facts.year is None:
        return "its place or year is not known; say it with --place and --year when it is extracted"
    return f"no report of {facts.place} for {facts.year + 1} among the later ones"


def _later_of(
    report: Reported, by_place: dict[tuple[str | None, int | None], list[Reported]]
) -> tuple[Reported | None, bool]:
    """The report that follows one, of its own kind before others, and whether its place has another boundary by then."""
    facts = report.facts
    if facts.year is None or (facts.code is None and facts.place is None):
        return None, False
    place, moved = facts.code, False
    if facts.code is not None:
        place, moved = continued(facts.code, facts.year, facts.year + 1)
    next_year = facts.year + 1
    found = by_place.get((place, next_year), []) if place else []
    found = found or (by_place.get((facts.place, next_year), []) if facts.place else [])
    found = [one for one in found if one is not report]
    return next((one for one in found if one.facts.kind == facts.kind), found[0] if found else None), moved


def _joined(earlier: Reported, later: Reported, moved: bool) -> _Context:
    """One report and the one that follows it, joined by words.

    Args:
        earlier: the report that promises.
        later: the report of the year after.
        moved: whether the place has another boundary by then, so that no figure can be compared.
    """
    year = earlier.facts.year
    targets = [one for one in earlier.records if isinstance(one, Target)]
    results = [one for one in later.records if isinstance(one, Achievement)]
    groups = promises_of([one for one in targets if one.value is not None and one.stretch_of is None])
    figures = join_figures([group[0] for group in groups], results, year)
    statuses = join_statuses([one for one in targets if one.kind == "recognition"], results)
    planned = [one for one in earlier.records if isinstance(one, Project) and one.status == "planned"]
    built = [one for one in later.records if isinstance(one, Project)]
    projects = join_projects(planned, [one for one in built if one.status == "reported"])
    firsts = {one.id: group[0].id for group in groups for one in group}
    return _Context(earlier, later, moved, firsts, (figures, statuses, projects))


@dataclass(frozen=True, slots=True)
class _Context:
    """Two reports and what was joined between them."""

    earlier: Reported
    later: Reported
    moved: bool
    firsts: dict[str, str]
    """For each target the id of the first that says the same promise."""
    joined: Sequence[Joined[Any, Any]]

    def rows(self) -> list[Followed]:
        """A row a promise, in text order."""
        mentions = Mentions(self.later.read, self.later.facts.place)
        return [self._row(one, mentions) for one in self.earlier.records if commits(one)]

    def _row(self, promise: Record, mentions: Mentions) -> Followed:
        """The row of a promise; a stretch is judged by what its floor met, a repetition by what the first met."""
        of = getattr(promise, "stretch_of", None) or promise.id
        of = self.firsts.get(of, of)
        pair = next((one.pairs[of] for one in self.joined if of in one.pairs), None)
        doubtful = [pair for one in self.joined for pair in one.told(of)]
        dismissed = [pair for one in self.joined for pair in one.dismissed.get(of, ())]
        ties: Iterable[Any] = next((one.ties[of] for one in self.joined if of in one.ties), ())
        repeats = self.firsts.get(promise.id)
        return row_of(
            promise,
            pair,
            year=self.earlier.facts.year,
            later=self.later,
            moved=self.moved,
            doubtful=doubtful,
            dismissed=dismissed,
            mention=mentions.of(promise) if pair is None and not doubtful else None,
            ties=list(ties),
            repeats=repeats if repeats != promise.id else None,
        )
