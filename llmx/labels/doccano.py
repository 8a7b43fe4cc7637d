"""doccano: JSON lines of passages with entities and relations, out and in.

The format is doccano's JSONL(Relation), of a sequence labelling project with relations and overlapping spans allowed
(backend/data_import and data_export of doccano 1.8). A span there has a name and nothing else, so the name says all that
has a few values (`achievement.quantified`, `project.started.planned`), and the rest rides along in a column of its own,
which doccano keeps as the passage's metadata. Spans get new ids there; they are known again by their places.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from llmx.documents import Document
from llmx.labels.label import CHOICES, Finding, Read
from llmx.labels.lines import json_lines
from llmx.labels.passages import Labelled, Passage, passages
from llmx.labels.regions import FIGURE, SPANS, Region, claims_of, code_points, links_of, regions_of
from llmx.labels.reports import place_of, report_of
from llmx.outputs.files import whole
from llmx.tasks.government.records import RECORD_TYPES

_NAMED = {"target": ("kind",), "achievement": ("kind",), "project": ("stage", "status"), "problem": ("domain",)}
"""The fields that a span's name says, by record type."""
_KEPT = "records"
"""The column of what spans cannot say."""


def write_doccano(reports: Iterable[Labelled], path: Path) -> list[Path]:
    """Write examples, one a passage.

    Raises:
        OutputError: the file cannot be written.
    """
    examples = (_example(passage, one.stretches is None) for one in reports for passage in passages(one))
    lines = [json.dumps(example, ensure_ascii=False) for example in examples]
    with whole(path) as partial:
        partial.write_text("".join(line + "\n" for line in lines), encoding="utf-8", newline="\n")
    return [path]


def _example(passage: Passage, whole_report: bool) -> dict[str, Any]:
    regions = regions_of(passage)
    numbers = {region.id: number for number, region in enumerate(regions)}
    return {
        "text": passage.text,
        "entities": [
            {"id": numbers[one.id], "start_offset": one.start, "end_offset": one.end, "label": _name(one)}
            for one in regions
        ],
        "relations": [
            {"from_id": numbers[one.id], "to_id": numbers[one.figure], "type": FIGURE} for one in regions if one.figure
        ],
        "report": passage.report,
        "start": passage.start,
        "heading": passage.heading,
        "labelled": whole_report or passage.labelled,
        _KEPT: [_kept(one, regions) for one in regions if one.type != FIGURE],
    }


def _name(region: Region) -> str:
    said = [region.fields[name] for name in _NAMED.get(region.type, ()) if name in region.fields]
    return ".".join([region.type, *said])


def _kept(region: Region, regions: Sequence[Region]) -> dict[str, Any]:
    """What is kept of a record beside its span: where it and its figure stand, its name and all fields."""
    figure = next((one for one in regions if one.id == region.figure), None)
    spans = {"start": region.start, "end": region.end} | ({"figure_start": figure.start} if figure else {})
    return {**spans, "label": _name(region), **region.fields}


def read_doccano(path: Path, reports: Mapping[str, Document]) -> Read:
    """Read a file that doccano exported.

    Every passage in it counts as labelled, so let doccano export the approved ones only; but for those that were not
    labelled when they went out and came back without a record.

    Args:
        path: JSON lines with entities and relations, or of a project without relations, with spans under `label`.
        reports: the texts, by id.

    Raises:
        InputError: the file cannot be read.
    """
    found = Read()
    for number, line in json_lines(path):
        place = f"{path}, line {number}"
        fault = line if isinstance(line, str) else _read_line(line, place, reports, found)
        if fault:
            found.findings.append(Finding(place, fault if isinstance(line, str) else f"refused: {fault}"))
    return found


def _read_line(line: dict[str, Any], place: str, reports: Mapping[str, Document], found: Read) -> str | None:
    """Add what a passage claims to what was found; returns what is wrong with it."""
    text, document = line.get("text"), report_of(line.get("report"), reports)
    if not isinstance(text, str):
        return "it has no text; export from doccano as JSONL"
    if isinstance(document, str):
        return document
    try:
        regions = _regions(line, text)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return f"its entities are not doccano's ({error!r}); export from doccano as JSONL"
    words = {region.id: text[region.start : region.end] for region in regions}
    base = place_of(text, line.get("start"), document)
    claims = claims_of(regions, words, document.id, base, place)
    if claims or line.get("labelled") is not False:
        found.stretches.setdefault(document.id, []).append((base, base + len(text)))
    found.claims += claims
    return None


def _regions(line: dict[str, Any], text: str) -> list[Region]:
    entities = line["entities"] if "entities" in line else [_entity(*one) for one in enumerate(line.get("label") or [])]
    kept = [one for one in line.get(_KEPT) or [] if isinstance(one, dict)]
    known = {(one["start"], one["end"]) for one in kept}
    given = [(int(one["start_offset"]), int(one["end_offset"])) for one in entities]
    spans = code_points(text, given, lambda _, start, end: (start, end) in known)
    drawn_links = [(one["from_id"], one["to_id"]) for one in line.get("relations") or [] if one["type"] == FIGURE]
    links = links_of(drawn_links, {one["id"]: one["label"].split(".")[0] for one in entities})
    starts = {one["id"]: start for one, (start, _) in zip(entities, spans, strict=True)}
    drawn = [
        _Drawn(str(one["id"]), one["label"], start, end, links.get(one["id"]), starts.get(links.get(one["id"])))
        for one, (start, end) in zip(entities, spans, strict=True)
    ]
    rest = _rest([one for one in drawn if one.type != FIGURE], kept)
    return [
        Region(one.id, one.type, one.start, one.end, rest.get(one.id, {}) | one.said, _id(one.link)) for one in drawn
    ]


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)


def _entity(number: int, span: Sequence[Any]) -> dict[str, Any]:
    """A span of a project without relations: `[start, end, name]`."""
    start, end, name = span
    return {"id": number, "start_offset": start, "end_offset": end, "label": name}


class _Drawn(NamedTuple):
    """A span as it stands in doccano."""

    id: str
    name: str
    start: int
    end: int
    link: int | None
    """The id of its figure's span."""
    figure: int | None
    """Where its figure begins."""

    @property
    def type(self) -> str:
        """What its name begins with."""
        return self.name.split(".")[0]

    @property
    def said(self) -> dict[str, str]:
        """The fields that its name says: `project.started.planned`, in any order after the type."""
        named = _NAMED.get(self.type, ())
        fields = {}
        for value in self.name.split(".")[1:] if named else ():
            fields[next((one for one in named if value in CHOICES[one]), named[0])] = value
        return fields

    def was(self, one: dict[str, Any]) -> int:
        """How sure it is that this is the record that was exported so; 0 if it is another."""
        if (one["start"], one["end"], one.get("figure_start")) == (self.start, self.end, self.figure):
            return 4 if one["label"] == self.name else 3
        if self.figure is not None:
            return 2 * (one.get("figure_start") == self.figure)
        same_type = bool(one["label"].split(".")[0] == self.type)
        return same_type and one["start"] < self.end and self.start < one["end"]


def _rest(drawn: list[_Drawn], kept: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What was kept of the records that spans are, by span id; a span may have been renamed, drawn anew, or be new."""
    rest: dict[str, dict[str, Any]] = {}
    for sure in (4, 3, 2, 1):
        for span in drawn:
            found = next((one for one in kept if span.id not in rest and span.was(one) == sure), None)
            if found:
                kept.remove(found)
                fields = RECORD_TYPES[span.type].model_fields if span.type in RECORD_TYPES else ()
                rest[span.id] = {name: value for name, value in found.items() if name in fields and name not in SPANS}
    return rest
