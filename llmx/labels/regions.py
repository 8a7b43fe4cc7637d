"""Labels as annotation tools hold them: stretches of a passage, and links from a record to its figure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from llmx.labels.label import Claim, Label
from llmx.labels.passages import Passage

FIGURE = "figure"
"""What the stretch of a figure is called, and the link to it."""

SPANS = frozenset({"report", "quote", "start", "end", "figure", "figure_start", "figure_end"})
"""Fields of a label that stretches and links say."""


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of a passage; offsets count its code points."""

    id: str
    type: str
    """A record type, or FIGURE."""
    start: int
    end: int
    fields: dict[str, Any] = field(default_factory=dict)
    """What a label says beside its stretches."""
    figure: str | None = None
    """The region of the record's figure."""


def regions_of(passage: Passage) -> list[Region]:
    """The labels of a passage and all its figures as regions, in text order."""
    spans = {(one.start, one.end) for one in passage.figures}
    spans |= {(one.figure_start, one.figure_end or 0) for one in passage.labels if one.figure_start is not None}
    ids = {span: f"figure-{span[0]}-{span[1]}" for span in sorted(spans)}
    figures = [Region(id, FIGURE, start - passage.start, end - passage.start) for (start, end), id in ids.items()]
    records = [_record(number, label, passage, ids) for number, label in enumerate(passage.labels, 1)]
    return sorted([*records, *figures], key=lambda region: region.start)


def _record(number: int, label: Label, passage: Passage, ids: dict[tuple[int, int], str]) -> Region:
    fields = label.model_dump(exclude_none=True, exclude={*SPANS, "type"})
    figure = None if label.figure_start is None else ids[label.figure_start, label.figure_end or 0]
    start, end = label.start - passage.start, label.end - passage.start
    return Region(f"{label.type}-{passage.start}-{number}", label.type, start, end, fields, figure)


def claims_of(regions: Sequence[Region], words: dict[str, str], report: str, base: int, place: str) -> list[Claim]:
    """What the regions of a passage claim.

    Args:
        regions: those of one passage.
        words: the words of each region, by its id.
        report: the report's id.
        base: where the passage begins in the report's text.
        place: file and task, as messages name it.
    """
    figures = {region.id: region for region in regions if region.type == FIGURE}
    claims = []
    for region in regions:
        if region.type == FIGURE:
            continue
        fields = {"report": report, "type": region.type, **region.fields, "quote": words[region.id]}
        fields["start"] = base + region.start
        if figure := figures.get(region.figure or ""):
            fields |= {"figure": words[figure.id], "figure_start": base + figure.start}
        claims.append(Claim(f"{place}, {region.type} {words[region.id][:20]!r}", fields))
    return claims


def links_of(pairs: Iterable[tuple[Any, Any]], types: Mapping[Any, str]) -> dict[Any, Any]:
    """The figure that each record is linked to, by their ids; a link may have been drawn from either end.

    Args:
        pairs: the ids at the ends of each link; links between other things mean nothing.
        types: the type of each region, by its id.
    """
    ends = [(to, start) if types.get(start) == FIGURE else (start, to) for start, to in pairs]
    return {record: figure for record, figure in ends if types.get(figure) == FIGURE and types.get(record) != FIGURE}


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
