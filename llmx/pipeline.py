"""The whole flow on one screen: a document goes in, records come out.

file → Document → Sections → Chunks → Model.read → Reading → ground → merge → audit → Result
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from os import PathLike

from llmx.documents import Document, read
from llmx.errors import InputError, ModelError
from llmx.facts import ReportFacts, report_facts
from llmx.figures import find_figures
from llmx.models import Model, open_model
from llmx.outputs import Failure
from llmx.records import Record
from llmx.results import Result
from llmx.sections import Chunk, Section, split_chunks, split_sections
from llmx.tasks import audit, ground, merge


def extract(document: Document | str | PathLike[str], model: str | Model = "rules") -> Result:
    """Extract the records of one report.

    Args:
        document: a Document, a path, or a text (see `read`).
        model: a model's name, or a Model.

    Returns:
        The records in text order, what was left unclaimed, and the chunks that failed.

    Raises:
        InputError: the document cannot be read.
        UnknownModel: no model has that name.
    """
    document = document if isinstance(document, Document) else read(document)
    model = open_model(model)
    facts = report_facts(document)
    sections = split_sections(document.text, year=facts.year)
    figures = find_figures(document.text)
    records: list[Record] = []
    failures: list[Failure] = []
    for chunk in split_chunks(document.text, sections, figures):
        try:
            records += _read(document, facts, sections, chunk, model)
        except ModelError as error:
            failures.append(Failure.of(error, report=document.id, source=document.source, stage="extract"))
    merged = merge(records)
    return Result(document, facts, tuple(merged), tuple(audit(figures, merged)), tuple(failures))


def _read(document: Document, facts: ReportFacts, sections: list[Section], chunk: Chunk, model: Model) -> list[Record]:
    """The records of one chunk; a glossary and a chunk of nothing but blanks are not put before a model."""
    if chunk.section.role == "glossary" or not chunk.text.strip():
        return []
    return ground(model.read(chunk), chunk, document, sections, model.name, facts.level)


def extract_many(documents: Iterable[Document | str | PathLike[str]], model: str | Model = "rules") -> Iterator[Result]:
    """Extract many reports, one Result each, in order; only the one at hand is in memory.

    A report that cannot be read yields a Result without document or records that carries the failure, and the
    rest goes on.

    Raises:
        UnknownModel: no model has that name.
    """
    opened = open_model(model)
    return (extract_or_fail(document, opened) for document in documents)


def extract_or_fail(source: Document | str | PathLike[str], model: Model, id: str | None = None) -> Result:
    """Extract one report of a batch: what goes wrong with it is its Result, so that the rest goes on.

    Args:
        source: a Document, a path, or a text.
        model: what reads it.
        id: what records call the report, where it is yet to be read.
    """
    where = source.source or source.id if isinstance(source, Document) else str(source)
    try:
        document = source if isinstance(source, Document) else read(source, id=id)
    except InputError as error:
        return Result.failed(Failure.of(error, report=None, source=where, stage="read"))
    try:
        return extract(document, model)
    except Exception as error:  # a fault of ours in one report must not cost the others
        return Result.failed(Failure.of(error, report=document.id, source=where, stage="extract"))
