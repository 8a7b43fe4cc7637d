"""Labels as annotation tools hold them: stretches of a passage, and links from a record to the words that it names."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from llmx.documents import Document
from llmx.labels.label import Claim, Label
from llmx.labels.passages import Passage
from llmx.task import Labelling
from llmx.task.labelling import SHARED


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of a passage; offsets count its code points."""

    id: str
    type: str
    """A record type, or what the spans of figures or of other words are called."""
    start: int
    end: int
    fields: dict[str, Any] = field(default_factory=dict)
    """What a label says beside its stretches."""
    links: dict[str, str] = field(default_factory=dict)
    """The regions of the words that it names, by column."""


def regions_of(passage: Passage) -> list[Region]:
    """The labels of a passage, all its figures and what else labels name as regions, in text order."""
    labelling = passage.labelling
    spans = {(one.start, one.end, labelling.mark) for one in passage.figures}
    spans |= {(start, end, labelling.span(anchor)) for label in passage.labels for anchor, start, end in label.anchors}
    ids = {span: f"{span[2]}-{span[0]}-{span[1]}" for span in sorted(spans)}
    words = [Region(id, name, start - passage.start, end - passage.start) for (start, end, name), id in ids.items()]
    records = [_record(number, label, passage, ids) for number, label in enumerate(passage.labels, 1)]
    return sorted([*records, *words], key=lambda region: region.start)


def _record(number: int, label: Label, passage: Passage, ids: dict[tuple[int, int, str], str]) -> Region:
    anchors, labelling = list(label.anchors), passage.labelling
    said = {*SHARED, *(column for one, _, _ in anchors for column in (one.name, one.start, one.end))}
    fields = {name: value for name, value in label.values.items() if name not in said}
    links = {one.name: ids[start, end, labelling.span(one)] for one, start, end in anchors}
    start, end = label.start - passage.start, label.end - passage.start
    return Region(f"{label.type}-{passage.start}-{number}", label.type, start, end, fields, links)


def claims_of(
    regions: Sequence[Region], words: dict[str, str], document: Document, base: int, place: str, labelling: Labelling
) -> list[Claim]:
    """What the regions of a passage claim.

    Args:
        regions: those of one passage.
        words: the words of each region, by its id.
        document: the report.
        base: where the passage begins in the report's text.
        place: file and task, as messages name it.
        labelling: what labels may say.
    """
    by_id = {region.id: region for region in regions}
    claims = []
    for region in regions:
        if is_words(region.type, labelling):
            continue
        fields = {"report": document.id, "type": region.type, **region.fields, "quote": words[region.id]}
        fields["start"] = base + region.start
        for name, id in region.links.items():
            fields |= {name: words[id], labelling.anchors[name].start: base + by_id[id].start}
        claims.append(Claim(f"{place}, {region.type} {words[region.id][:20]!r}", fields))
    return claims


def is_words(type: str, labelling: Labelling) -> bool:
    """Whether a span is of a figure or of other words, not of a record."""
    return type not in labelling.forms and type in labelling.spans


def unlinked(regions: Sequence[Region], words: Mapping[str, str], labelling: Labelling) -> Iterator[str]:
    """What is to be said of words that were marked and are linked to no record; figures are marked all."""
    linked = {id for region in regions for id in region.links.values()}
    for one in regions:
        if is_words(one.type, labelling) and one.type != labelling.mark and one.id not in linked:
            yield f"{one.type} {words[one.id]!r} is linked to no record; draw a link, or it is left out"


def links_of(
    drawn: Iterable[tuple[Any, Any, str | None]], types: Mapping[Any, str], labelling: Labelling
) -> dict[Any, dict[str, Any]]:
    """The words that each record is linked to, by their ids and columns; a link may have been drawn from either end.

    Args:
        drawn: the ids at the ends of each link, and what it is called; links between other things mean nothing.
        types: the type of each region, by its id.
        labelling: what labels may say.
    """
    links: dict[Any, dict[str, Any]] = {}
    for start, to, called in drawn:
        record, words = (to, start) if is_words(types.get(start, ""), labelling) else (start, to)
        if record not in types or is_words(types[record], labelling) or not is_words(types.get(words, ""), labelling):
            continue
        held = links.setdefault(record, {})
        fitting = _fitting(types[record], types[words], labelling)
        free = [name for name in fitting if name not in held]
        if name := called if called in fitting else next(iter([*free, *fitting]), None):
            held[name] = words
    return links


def _fitting(type: str, span: str, labelling: Labelling) -> list[str]:
    """The columns of a type that words in a span may stand in; of a type without any, those of others."""
    form = labelling.form_of(type)
    own = [one.name for one in form.anchors if labelling.span(one) == span] if form else []
    return own or [one.name for one in labelling.anchors.values() if labelling.span(one) == span]


def units_before(text: str) -> list[int]:
    """How many UTF-16 code units, which JavaScript counts, stand before each code point of a text, and in all of it."""
    return list(accumulate((1 + (char > "\uffff") for char in text), initial=0))


def code_point(units: Sequence[int], at: int) -> int:
    """The code point that an offset in UTF-16 code units is in.

    Args:
        units: those of the text.
        at: the offset; past the end stands for the end.
    """
    return bisect_right(units, max(at, 0)) - 1
