"""The whole flow on one screen: a document goes in, records come out.

file → Document → Analysis → Chunks → Model.read → Reading → Task.finish → Task.merged → audit → Result
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from typing import TypeVar

from llmx.analysis import Analysis, analyse
from llmx.audit import audit
from llmx.claims import Reading, Rejected
from llmx.documents import Document, read
from llmx.errors import InputError, ModelError
from llmx.models import AsyncModel, Divided, Lost, Model, Settling, SyncModel, Unanswered
from llmx.outputs import Failure
from llmx.records import Record
from llmx.results import Result
from llmx.sections import BUDGET, Chunk, narrow, part_of
from llmx.task import Task

Source = Document | str | PathLike[str]
T = TypeVar("T")
Answer = Reading | Divided | ModelError
"""What came back for a chunk: what it claims, of one model or several, or why that is not known."""

LANGUAGE_MODEL_BUDGET = 2500
"""Characters in a chunk for a language model that names no size of its own: each chunk carries its instructions, which
cost as much as 4,000 more, and what stands behind an address of one's own may have a small context. Chunks of a named
size are filled over borders of role, year and tense: on two reports with one strong model, all records were as right with
6,000 characters as with 2,500."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A document made ready to be asked about."""

    analysis: Analysis
    """What code knows of it."""
    chunks: list[Chunk]
    """What is put before a model; a glossary and a chunk of nothing but blanks are not."""

    @property
    def document(self) -> Document:
        """The report, as stored."""
        return self.analysis.document


def plan(
    document: Document, model: Model, task: Task | None = None, only: Collection[tuple[int, int]] | None = None
) -> Plan:
    """Split a document into what a model is asked.

    Args:
        document: the report.
        model: what will be asked.
        task: what is to be extracted; the government task unless given.
        only: bounds of the stretches to ask about, each within a chunk; all of the report unless given.
    """
    return _planned(analyse(document, task), model, only)


async def settled(plan: Plan, model: AsyncModel, only: Collection[tuple[int, int]] | None = None) -> Plan:
    """A plan whose structure the model has settled, where code decided it by little; arguments as for `plan`."""
    analysis = plan.analysis
    if not isinstance(model, Settling) or not narrow(analysis.sections):
        return plan
    sections = await model.asettle(analysis.reading.text, analysis.sections, plan.document.id)
    return _planned(replace(analysis, sections=tuple(sections)), model, only)


def _planned(analysis: Analysis, model: Model, only: Collection[tuple[int, int]] | None) -> Plan:
    named = getattr(model, "chunk", None)
    least = LANGUAGE_MODEL_BUDGET if isinstance(model, AsyncModel) else BUDGET
    chunks = analysis.chunks(named or least, across=named is not None)
    asked = [chunk for chunk in chunks if chunk.section.role != "glossary" and chunk.text.strip()]
    if only is not None:
        clean = analysis.clean
        places = sorted(clean.copied(*bounds) if clean else bounds for bounds in only)
        asked = [part_of(chunk, *bounds) for chunk in asked for bounds in places if _within(bounds, chunk)]
    return Plan(analysis, asked)


def _within(bounds: tuple[int, int], chunk: Chunk) -> bool:
    return chunk.start <= bounds[0] < bounds[1] <= chunk.end


def assemble(plan: Plan, answers: Iterable[Answer], model: str, earlier: Iterable[Record] = ()) -> Result:
    """Make the records of a document from what a model said of its chunks.

    Args:
        plan: the document with its chunks.
        answers: one for each chunk, in order.
        model: the name that records carry as what produced them.
        earlier: records of the same document that are kept.
    """
    analysis, task = plan.analysis, plan.analysis.task
    records = [record for table in analysis.tables for record in task.tabled(table, analysis)]
    lost, rejected = list[Lost](), list[Rejected]()
    for chunk, answer, reader in _parts(plan.chunks, answers, model):
        reading, failed = _told(answer, chunk)
        lost += failed
        if reading is not None:
            made, away = task.finish(reading, chunk, analysis, reader)
            records += made
            rejected += away
    if clean := analysis.clean:
        records = [task.restored(record, analysis) for record in records]
        bounds = [clean.stored(one.start, one.end) for one in lost]
        lost = [replace(one, start=start, end=end) for one, (start, end) in zip(lost, bounds, strict=True)]
    merged = task.merged([*earlier, *(record for record in records if record.grounding != "missing")])
    if plan.document.scanned:
        merged = list(_seen(merged, analysis))
    held = {start for record in merged for start in task.held(record)}
    return Result(
        analysis.document,
        analysis.facts,
        tuple(merged),
        tuple(audit(analysis.stored_figures, held, analysis.notes)),
        tuple(rejected),
        tuple(_failure(analysis.document, one) for one in lost),
        analysis.outline,
        tuple(record for record in records if record.grounding == "missing"),
        task,
    )


def _seen(records: Iterable[Record], analysis: Analysis) -> Iterator[Record]:
    """Records with the boxes that their words have on a scan, and how surely they were read."""
    document, ends = analysis.document, {figure.start: figure.end for figure in analysis.stored_figures}
    for record in records:
        if record.start is None or record.end is None:
            yield record
            continue
        spans = [(start, ends[start]) for start in analysis.task.held(record) if start in ends]
        sure = [document.confidence(*span) for span in spans or [(record.start, record.end)]]
        place = document.place(record.start, record.end)
        least = min((one for one in sure if one is not None), default=None)
        yield record.model_copy(update={"location": place, "confidence": least})


def _parts(
    chunks: Iterable[Chunk], answers: Iterable[Answer], model: str
) -> Iterator[tuple[Chunk, Reading | ModelError, str]]:
    """Each stretch with what was said of it and the model that said it."""
    for chunk, answer in zip(chunks, answers, strict=True):
        if isinstance(answer, Divided):
            yield from ((part.chunk, part.answer, part.model) for part in answer.parts)
        else:
            yield chunk, answer, model


def _told(answer: Reading | ModelError, chunk: Chunk) -> tuple[Reading | None, Sequence[Lost]]:
    """What is known of a chunk, and the stretches of which nothing is."""
    if isinstance(answer, Unanswered):
        return answer.reading, answer.lost
    if isinstance(answer, ModelError):
        return None, [Lost(chunk.start, chunk.end, answer)]
    return answer, []


def _failure(document: Document, lost: Lost) -> Failure:
    place = (lost.start, lost.end)
    return Failure.of(lost.error, report=document.id, source=document.source, stage="extract", place=place)


def answer(model: SyncModel, chunk: Chunk) -> Answer:
    """What a model says of a chunk, or why it does not."""
    try:
        return model.read(chunk)
    except ModelError as error:
        return error


def opened(source: Source, id: str | None = None) -> Document | Result:
    """A document, or the Result that says why it cannot be read.

    Args:
        source: a Document, a path, or a text.
        id: what records call the report, where it is yet to be read.
    """
    try:
        return source if isinstance(source, Document) else read(source, id=id)
    except InputError as error:
        return Result.failed(Failure.of(error, report=None, source=str(source), stage="read"))


def guarded(document: Document, make: Callable[[], T]) -> T | Result:
    """What is made, or the failure of a report of a batch: a fault of ours in one must not cost the others."""
    try:
        return make()
    except Exception as error:
        where = document.source or document.id
        return Result.failed(Failure.of(error, report=document.id, source=where, stage="extract"))
