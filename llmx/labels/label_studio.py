"""Label Studio: tasks with predictions or annotations out, annotations in.

The format: https://labelstud.io/guide/task_format and https://labelstud.io/guide/predictions. What one region says in
several controls has one id. Label Studio counts code points since its frontend's pull request 308 of 2021 and counted
UTF-16 code units before; both are read, told apart by the words that it writes beside the offsets.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from llmx.documents import Document
from llmx.errors import InputError
from llmx.labels.label import Finding, Read, typed, written
from llmx.labels.label_studio_config import TEXT, TYPES, config, control, field
from llmx.labels.lines import EMPTY, text_of
from llmx.labels.passages import Labelled, Passage, passages
from llmx.labels.regions import Region, claims_of, code_point, links_of, regions_of, units_before, unlinked
from llmx.labels.reports import place_of, report_of
from llmx.labels.stretches import Bounds
from llmx.outputs.files import whole
from llmx.task import Labelling, Task


def write_label_studio(reports: Iterable[Labelled], path: Path, task: Task) -> list[Path]:
    """Write tasks, one a passage, and beside them the labelling configuration.

    What a person labelled goes out as annotations, what a model predicted as predictions.

    Raises:
        OutputError: they cannot be written.
    """
    passed = [_task(passage, labelled.model) for labelled in reports for passage in passages(labelled)]
    beside = path.with_suffix(".config.xml")
    for file, text in (
        (path, json.dumps(passed, ensure_ascii=False, indent=1) + "\n"),
        (beside, config(task.labelling)),
    ):
        with whole(file) as partial:
            partial.write_text(text, encoding="utf-8", newline="\n")
    return [path, beside]


def _task(passage: Passage, model: str | None) -> dict[str, Any]:
    data = {"text": passage.text, "report": passage.report, "start": passage.start, "heading": passage.heading}
    regions = regions_of(passage)
    result = [one for region in regions for one in _results(region, passage)]
    if passage.labelled:
        return {"data": data, "annotations": [{"result": result, "ground_truth": True}]}
    return {"data": data, "predictions": [{"result": result, "model_version": model or "figures"}]}


def _results(region: Region, passage: Passage) -> Iterator[dict[str, Any]]:
    """A region as Label Studio writes it: its type, then each field in a control of its own, then its links."""
    span = {"start": region.start, "end": region.end}
    head = {"id": region.id, "to_name": TEXT}
    words = {"text": passage.text[region.start : region.end]}
    yield {**head, "from_name": TYPES, "type": "labels", "value": {**span, **words, "labels": [region.type]}}
    for name, value in region.fields.items():
        chosen = bool(passage.labelling.columns[name].offered)
        held = {"choices": [written(value)]} if chosen else {"text": [str(written(value))]}
        kind = "choices" if chosen else "textarea"
        yield {**head, "from_name": control(name), "type": kind, "value": {**span, **words, **held}}
    for name, to in region.links.items():
        link = {"from_id": region.id, "to_id": to, "direction": "right", "labels": [name]}
        yield {"type": "relation", **link}


def read_label_studio(
    path: Path, reports: Mapping[str, Document], labelling: Labelling, annotator: str | None = None
) -> Read:
    """Read the annotations of an export in Label Studio's JSON format.

    Args:
        path: the export.
        reports: the texts, by id.
        labelling: what labels may say.
        annotator: take the annotations that this person made (number, e-mail or name); without it, of several of a
            task the newest.

    Raises:
        InputError: the file cannot be read or is no such export.
    """
    found, bare, tasks = Read(), 0, _tasks(path)
    people = _people(tasks)
    if annotator and annotator.lower() not in {name for names in people.values() for name in names}:
        there = "; ".join(", ".join(sorted(names)) for names in people.values()) or "nobody"
        raise InputError(f"{path}: no annotation by {annotator!r}; there are those of {there}")
    for number, task in enumerate(tasks, 1):
        place = f"{path}, task {task.get('id', number)}"
        chosen = [one for one in _annotations(task) if not annotator or annotator.lower() in people[_number(one)]]
        bare += not chosen
        fault = _read_task(task, chosen[-1], place, reports, labelling, found) if chosen else None
        if fault:
            found.findings.append(Finding(place, f"refused: {fault}"))
        elif len(chosen) > 1 and not annotator:
            several = f"{len(chosen)} annotations; took the newest; name an annotator to choose"
            found.findings.append(Finding(place, several, "warning"))
    if bare:
        whose = f"by {annotator!r}" if annotator else "(predictions are taken for labels only once submitted)"
        found.findings.append(Finding(str(path), f"{bare} of {len(tasks)} tasks not annotated {whose}", "warning"))
    return found


def _tasks(path: Path) -> list[dict[str, Any]]:
    try:
        tasks = json.loads(text_of(path))
    except ValueError as error:
        raise InputError(f"{path}: no JSON: {error}; export it from Label Studio as JSON") from error
    if tasks == []:
        raise InputError(f"{path}: no task in it; {EMPTY}")
    if isinstance(tasks, list) and all(isinstance(one, dict) and "data" in one for one in tasks):
        return tasks
    raise InputError(f"{path}: no tasks of Label Studio; export as JSON, not JSON-MIN, which drops what links fields")


def _read_task(
    task: dict[str, Any],
    annotation: dict[str, Any],
    place: str,
    reports: Mapping[str, Document],
    labelling: Labelling,
    found: Read,
) -> str | None:
    """Add the claims of a task's annotation to what was found; returns what is wrong with the task."""
    data = task["data"] if isinstance(task["data"], dict) else {}
    text, document = data.get("text"), report_of(data.get("report"), reports)
    if not isinstance(text, str):
        return "its data has no text; label with the configuration that was exported"
    if isinstance(document, str):
        return document
    try:
        regions, words = _regions(annotation.get("result") or [], text, labelling)
    except (AttributeError, KeyError, TypeError) as error:
        return f"its annotation is not Label Studio's ({error!r}); export it again as JSON"
    for one in annotation.get("result") or []:
        if one.get("type") == "labels" and not _is_mark(one):
            found.findings.append(Finding(place, f"refused: a stretch without bounds or type: {one.get('value')!r}"))
    found.findings += [Finding(place, fault, "warning") for fault in unlinked(regions, words, labelling)]
    bounds = place_of(text, data.get("start"), document)
    found.add(document.id, bounds, claims_of(regions, words, document, bounds[0], place, labelling), place)
    return None


def _annotations(task: dict[str, Any]) -> list[dict[str, Any]]:
    """A task's annotations that were not cancelled, the newest last."""
    held = task.get("annotations")
    given = [one for one in held if isinstance(one, dict)] if isinstance(held, list) else []
    given = [one for one in given if not one.get("was_cancelled")]
    return sorted(given, key=lambda one: str(one.get("updated_at") or one.get("created_at") or ""))


def _people(tasks: Iterable[dict[str, Any]]) -> dict[str, set[str]]:
    """What each annotator may be called, by number.

    Exports give a number, or an object with number, e-mail and names (data_export/serializers.py); some say beside the
    number `created_username`: "NAME E-MAIL, NUMBER".
    """
    people: dict[str, set[str]] = {}
    for one in (one for task in tasks for one in _annotations(task)):
        person, said = one.get("completed_by"), str(one.get("created_username") or "")
        given = person if isinstance(person, dict) else {}
        full = " ".join(str(given.get(name) or "") for name in ("first_name", "last_name")).strip()
        names = [_number(one), given.get("email"), given.get("username"), full, *said.rpartition(",")[0].split()[-1:]]
        people.setdefault(_number(one), set()).update(str(name).lower() for name in names if name)
    return people


def _number(annotation: dict[str, Any]) -> str:
    """Whose annotation it is."""
    person = annotation.get("completed_by")
    number = (person.get("id") or person.get("email")) if isinstance(person, dict) else person
    return "" if number is None else str(number)


def _regions(result: list[Any], text: str, labelling: Labelling) -> tuple[list[Region], dict[str, str]]:
    """The regions of an annotation and the words of each."""
    marks = [one for one in result if isinstance(one, dict) and _is_mark(one)]
    said = [_words(one["value"].get("text")) for one in marks]
    given = [(one["value"]["start"], one["value"]["end"]) for one in marks]
    spans = _code_points(text, given, said)
    fields = _fields(result, labelling)
    drawn = [(one.get("from_id"), one.get("to_id"), _called(one)) for one in result if one.get("type") == "relation"]
    links = links_of(drawn, {one["id"]: one["value"]["labels"][0] for one in marks}, labelling)
    regions = [
        Region(one["id"], one["value"]["labels"][0], *span, fields.get(one["id"], {}), links.get(one["id"], {}))
        for one, span in zip(marks, spans, strict=True)
    ]
    return regions, {
        one["id"]: words or text[slice(*span)] for one, words, span in zip(marks, said, spans, strict=True)
    }


def _called(relation: dict[str, Any]) -> str | None:
    """What a link is called."""
    labels = relation.get("labels")
    return str(labels[0]) if isinstance(labels, list) and labels else None


def _code_points(text: str, spans: list[Bounds], said: list[str | None]) -> list[Bounds]:
    """Spans in code points; they came in UTF-16 code units if the words said beside them fit better then."""
    units = units_before(text)
    converted = [(code_point(units, start), code_point(units, end)) for start, end in spans]
    return max(
        (spans, converted),
        key=lambda tried: sum(text[slice(*span)] == words for span, words in zip(tried, said, strict=True)),
    )


def _is_mark(one: dict[str, Any]) -> bool:
    """Whether a result marks a stretch with a type."""
    value = one.get("value")
    if one.get("type") != "labels" or not isinstance(value, dict) or not value.get("labels") or "id" not in one:
        return False
    return isinstance(value.get("start"), int) and isinstance(value.get("end"), int)


def _words(text: Any) -> str | None:
    """The words of a stretch; Label Studio writes a line end in them as a backslash and an n."""
    return text.replace("\\n", "\n") if isinstance(text, str) else None


def _fields(result: list[Any], labelling: Labelling) -> dict[str, dict[str, Any]]:
    """What the controls say, by region."""
    controls = {name for name, _, _ in labelling.controls}
    fields: dict[str, dict[str, Any]] = {}
    for one in result:
        name, value = field(str(one.get("from_name"))), one.get("value")
        if name not in controls or not isinstance(value, dict):
            continue
        held = value.get({"choices": "choices", "textarea": "text"}.get(one.get("type", ""), ""))
        first = held[0] if isinstance(held, list) and held else held
        fields.setdefault(one.get("id", ""), {})[name] = typed(labelling.columns[name], first)
    return fields
