"""doccano: JSON lines of passages with entities and relations, out and in.

The format is doccano's JSONL(Relation), of a sequence labelling project with relations and overlapping spans allowed
(backend/data_import and data_export of doccano 1.8). A span there has a name and nothing else, so the name says all that
has a few values (`achievement.quantified`, `project.started.planned`), and the rest rides along in a column of its own,
which doccano keeps as the passage's metadata. Spans get new ids there; they are known again by their places. Offsets
count UTF-16 code units, as doccano's page does where the project does not count grapheme clusters as one character.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import Any
from zipfile import BadZipFile, ZipFile, is_zipfile

from llmx.documents import Document
from llmx.errors import InputError, UsageError
from llmx.labels.label import Finding, Read
from llmx.labels.lines import EMPTY, json_lines, objects
from llmx.labels.passages import Labelled, Passage, passages
from llmx.labels.regions import Region, claims_of, code_point, is_words, links_of, regions_of, units_before, unlinked
from llmx.labels.reports import place_of, report_of
from llmx.labels.stretches import Bounds
from llmx.outputs.files import whole
from llmx.task import Anchor, Labelling, Task
from llmx.task.labelling import SHARED

_KEPT = "records"
"""The column of what spans cannot say."""
_UNIT, _UTF16 = "offset_unit", "utf-16"
"""The column of what the offsets of a passage count, and what stands in it: code units, as doccano's page counts."""


def write_doccano(reports: Iterable[Labelled], path: Path, _: Task) -> list[Path]:
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
    units, labelling = units_before(passage.text), passage.labelling
    regions = [replace(one, start=units[one.start], end=units[one.end]) for one in regions_of(passage)]
    numbers = {region.id: number for number, region in enumerate(regions)}
    return {
        "text": passage.text,
        "entities": [
            {"id": numbers[one.id], "start_offset": one.start, "end_offset": one.end, "label": _name(one, labelling)}
            for one in regions
        ],
        "relations": [
            {"from_id": numbers[one.id], "to_id": numbers[id], "type": name}
            for one in regions
            for name, id in one.links.items()
        ],
        "report": passage.report,
        "start": passage.start,
        "heading": passage.heading,
        "labelled": whole_report or passage.labelled,
        _UNIT: _UTF16,
        _KEPT: [_kept(one, regions, labelling) for one in regions if not is_words(one.type, labelling)],
    }


def _name(region: Region, labelling: Labelling) -> str:
    form = labelling.form_of(region.type)
    said = [region.fields[name] for name in (form.named if form else ()) if name in region.fields]
    return ".".join([region.type, *said])


def _kept(region: Region, regions: Sequence[Region], labelling: Labelling) -> dict[str, Any]:
    """What is kept of a record beside its span: where it and the words that it names stand, its name and all fields."""
    starts = {one.id: one.start for one in regions}
    links = {labelling.anchors[name].start: starts[id] for name, id in region.links.items()}
    return {
        "start": region.start,
        "end": region.end,
        **links,
        _called(labelling): _name(region, labelling),
        **region.fields,
    }


def _called(labelling: Labelling) -> str:
    """Where the name of a span is kept, beside the columns."""
    return "label" if "label" not in labelling.columns else "label of the span"


def read_doccano(
    path: Path, reports: Mapping[str, Document], labelling: Labelling, annotator: str | None = None
) -> Read:
    """Read what doccano exported: its .zip, or the .jsonl in it.

    Every passage in it counts as labelled, so let doccano export the approved ones only; but for those that were not
    labelled when they went out and came back without a record.

    Args:
        path: JSON lines with entities and relations, or of a project without relations, with spans under `label`.
        reports: the texts, by id.
        labelling: what labels may say.
        annotator: whose file of the .zip to take; doccano writes one a member unless they share annotations.

    Raises:
        InputError: the file cannot be read, or is a .zip of several members' files and none was named.
        UsageError: an annotator was named, but a .jsonl names none.
    """
    found = Read()
    zipped = is_zipfile(path)
    if annotator and not zipped:
        raise UsageError(f"{path}: does not say who annotated what; give doccano's .zip, or no annotator")
    source, lines = _of_zip(path, annotator) if zipped else (str(path), json_lines(path))
    for number, line in lines:
        place = f"{source}, line {number}"
        fault = line if isinstance(line, str) else _read_line(line, place, reports, labelling, found)
        if fault:
            found.findings.append(Finding(place, fault if isinstance(line, str) else f"refused: {fault}"))
    return found


def _of_zip(path: Path, annotator: str | None) -> tuple[str, Iterator[tuple[int, dict[str, Any] | str]]]:
    """The place and the lines of the one file of a .zip that is asked for."""
    try:
        with ZipFile(path) as archive:
            held = {
                PurePath(name).stem: archive.read(name)
                for name in sorted(archive.namelist())
                if name.endswith(".jsonl")
            }
        texts = {member: data.decode("utf-8-sig") for member, data in held.items() if data.strip()}
    except (BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise InputError(f"{path}: no .zip that can be read: {error}; export from doccano again") from error
    if not texts:
        raise InputError(f"{path}: {f'no passage in it; {EMPTY}' if held else 'no .jsonl in it; export as JSONL'}")
    if annotator is None and len(texts) > 1:
        raise InputError(f"{path}: files of {', '.join(texts)}; name one as the annotator")
    member = next(iter(texts)) if annotator is None else annotator
    if member not in texts:
        raise InputError(f"{path}: no labels by {member!r} in it; there are those of {', '.join(texts)}")
    return f"{path}, {member}.jsonl", objects(texts[member])


def _read_line(
    line: dict[str, Any], place: str, reports: Mapping[str, Document], labelling: Labelling, found: Read
) -> str | None:
    """Add what a passage claims to what was found; returns what is wrong with it."""
    text, document = line.get("text"), report_of(line.get("report"), reports)
    if not isinstance(text, str):
        return "it has no text; export from doccano as JSONL"
    if isinstance(document, str):
        return document
    if (unit := line.get(_UNIT)) not in (None, _UTF16):
        return f"{_UNIT} is {unit!r}; {_UTF16!r} is known, and code points if there is none"
    try:
        offsets = _Offsets(line, text, labelling)
        regions = _regions(line, offsets, labelling)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return f"its entities are not doccano's ({error!r}); export from doccano as JSONL"
    words = {region.id: text[region.start : region.end] for region in regions}
    bounds = place_of(text, line.get("start"), document)
    claims = claims_of(regions, words, document, bounds[0], place, labelling)
    if claims or line.get("labelled") is not False:
        found.add(document.id, bounds, claims, place)
    faults = [*offsets.faults, *unlinked(regions, words, labelling)]
    found.findings += [Finding(place, fault, "warning") for fault in faults]
    return None


class _Offsets:
    """The places of a passage's spans, in code points.

    doccano's page counts UTF-16 code units, unless its project counts grapheme clusters, and the rest of doccano keeps
    the numbers as they are. Files without the column of the unit were written in code points: what was not touched in
    them still is, what was drawn on the page is not, and the words tell only where they were exported before.
    """

    def __init__(self, line: dict[str, Any], text: str, labelling: Labelling) -> None:
        self.text, self.units, self.labelling = text, units_before(text), labelling
        self.said = line.get(_UNIT) == _UTF16
        self.kept = [self._kept(one) for one in line.get(_KEPT) or [] if isinstance(one, dict)]
        self._spans = {(one["start"], one["end"]) for one in self.kept}
        self._words = {(labelling.span(one), kept[one.start]) for one, kept in self._anchored()}
        self.faults: list[str] = []
        """Spans that may be meant to be others."""

    def _anchored(self) -> Iterator[tuple[Anchor, dict[str, Any]]]:
        return ((one, kept) for one in self.labelling.anchors.values() for kept in self.kept if one.start in kept)

    def _kept(self, one: dict[str, Any]) -> dict[str, Any]:
        bounds = {name: one[name] for name in sorted(self.labelling.offsets & one.keys())}
        return one | ({name: code_point(self.units, at) for name, at in bounds.items()} if self.said else bounds)

    def place(self, name: str, given: Bounds, used: bool) -> Bounds:
        """A span in code points; what is off about it is noted if it is used."""
        meant = code_point(self.units, given[0]), code_point(self.units, given[1])
        if self.said:
            if used and any(self.units[at] != unit for at, unit in zip(meant, given, strict=True)):
                cut = f"{name} at {given[0]}–{given[1]} cuts a character in two or ends after the text; draw it again"
                self.faults.append(cut)
            return meant
        if given == meant or not used or self._is_known(name, given):
            return given
        if self._is_known(name, meant):
            return meant
        words, others = (self.text[slice(*span)] for span in (given, meant))
        self.faults.append(
            f"{name} {words!r} was drawn in a passage with rare characters that does not say what its offsets count; "
            f"it may be {others!r}: look at it, or export the labels again and draw it there"
        )
        return given

    def _is_known(self, name: str, span: Bounds) -> bool:
        return (name, span[0]) in self._words if is_words(name, self.labelling) else span in self._spans


def _regions(line: dict[str, Any], offsets: _Offsets, labelling: Labelling) -> list[Region]:
    # A project without relations has its spans under `label` and keeps the entities that went in as metadata.
    old = line.get("label")
    entities = [_entity(*one) for one in enumerate(old)] if isinstance(old, list) else line["entities"]
    relations = [] if isinstance(old, list) else line.get("relations") or []
    lines = [(one["from_id"], one["to_id"], one["type"]) for one in relations if one["type"] in labelling.anchors]
    types = {one["id"]: _type(one["label"], labelling) for one in entities}
    links = links_of(lines, types, labelling)
    linked = {id for held in links.values() for id in held.values()}
    spans = [
        offsets.place(
            one["label"],
            (int(one["start_offset"]), int(one["end_offset"])),
            used=not is_words(types[one["id"]], labelling) or one["id"] in linked,
        )
        for one in entities
    ]
    starts = {one["id"]: start for one, (start, _) in zip(entities, spans, strict=True)}
    drawn = [
        _Drawn(one["label"], types[one["id"]], *span, links.get(one["id"], {}), starts, labelling)
        for one, span in zip(entities, spans, strict=True)
    ]
    rest = _rest([one for one in drawn if not is_words(one.type, labelling)], offsets.kept)
    return [
        Region(
            str(one["id"]),
            span.type,
            span.start,
            span.end,
            rest.get(id(span), {}) | span.said,
            {name: str(words) for name, words in span.links.items()},
        )
        for one, span in zip(entities, drawn, strict=True)
    ]


def _type(name: str, labelling: Labelling) -> str:
    """What the name of a span begins with."""
    return name if name in labelling.spans else name.split(".")[0]


def _entity(number: int, span: Sequence[Any]) -> dict[str, Any]:
    """A span of a project without relations: `[start, end, name]`."""
    start, end, name = span
    return {"id": number, "start_offset": start, "end_offset": end, "label": name}


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A span as it stands in doccano."""

    name: str
    type: str
    start: int
    end: int
    links: dict[str, int]
    """The spans of the words that it names, by column."""
    starts: Mapping[int, int]
    """Where the spans of the passage begin."""
    labelling: Labelling

    @property
    def said(self) -> dict[str, str]:
        """The fields that its name says: `project.started.planned`, in any order after the type."""
        form = self.labelling.form_of(self.type)
        if form is None or not form.named:
            return {}
        values = self.name.removeprefix(self.type).split(".")[1:]
        columns = form.columns
        return {
            next((one for one in form.named if value in columns[one].choices), form.named[0]): value for value in values
        }

    def was(self, one: dict[str, Any]) -> int:
        """How sure it is that this is the record that was exported so; 0 if it is another."""
        anchors = self.labelling.anchors
        places = {anchors[name].start: self.starts[id] for name, id in self.links.items()}
        kept = {name: one[name] for name in self.labelling.offsets - {"start", "end"} if name in one}
        if (one["start"], one["end"], kept) == (self.start, self.end, places):
            return 4 if one[_called(self.labelling)] == self.name else 3
        form = self.labelling.form_of(self.type)
        about = (form and form.figure) or self.labelling.figure
        if about and about.start in places:
            return 2 * (kept.get(about.start) == places[about.start])
        same_type = _type(one[_called(self.labelling)], self.labelling) == self.type
        return same_type and one["start"] < self.end and self.start < one["end"]


def _rest(drawn: list[_Drawn], kept: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    """What was kept of the records that spans are, by span; a span may have been renamed, drawn anew, or be new."""
    rest: dict[int, dict[str, Any]] = {}
    for sure in (4, 3, 2, 1):
        for span in drawn:
            found = next((one for one in kept if id(span) not in rest and span.was(one) == sure), None)
            if found:
                kept.remove(found)
                form = span.labelling.form_of(span.type)
                spans = {*SHARED, *span.labelling.anchors, *span.labelling.offsets}
                fields = (form.columns.keys() if form else set()) - spans
                rest[id(span)] = {name: value for name, value in found.items() if name in fields}
    return rest
