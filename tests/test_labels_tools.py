"""Labels out to Label Studio and doccano, and what comes back from them."""

from __future__ import annotations

import json
import random
from pathlib import Path
from xml.etree import ElementTree

import pytest
from labelled import LABELS, QIANJIANG, REPORTS, TEXT, growth, lines, some, write

import llmx
from llmx.labels import export_labels, import_labels


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "r.txt"
    path.write_text(TEXT, "utf-8")
    return path


def utf16(text: str, at: int) -> int:
    return len(text[:at].encode("utf-16-le")) // 2


def test_label_studio_offsets_may_count_utf16(report: Path, tmp_path: Path) -> None:
    made = sorted(some(), key=lambda one: one["start"])
    export_labels(write(tmp_path / "l.jsonl", made), tmp_path / "t.json", report=report)
    tasks = json.loads((tmp_path / "t.json").read_text("utf-8"))
    for task in tasks:
        for result in task["annotations"][0]["result"]:
            value = result.get("value", {})
            for bound in {"start", "end"} & set(value):
                value[bound] = utf16(task["data"]["text"], value[bound])
    (tmp_path / "t.json").write_text(json.dumps(tasks), "utf-8")
    assert not import_labels(tmp_path / "t.json", report, tmp_path / "back.jsonl").findings
    assert lines(tmp_path / "back.jsonl") == made


def test_label_studio_gets_a_configuration_with_a_control_for_every_field(tmp_path: Path) -> None:
    export_labels(LABELS / "qianjiang-2025.jsonl", tmp_path / "t.json", report=REPORTS)
    view = ElementTree.parse(tmp_path / "t.config.xml").getroot()
    controls = {one.get("name") for one in view.iter() if one.get("toName") == "text"}
    used = {
        result["from_name"]
        for task in json.loads((tmp_path / "t.json").read_text("utf-8"))
        for result in task["annotations"][0]["result"]
        if result["type"] != "relation"
    }
    assert used <= controls
    assert {one.get("value") for one in view.iter("Choice")} >= {"recognition", "preparation", ">=", "finance"}


def test_a_run_goes_out_as_predictions_and_these_are_no_labels(tmp_path: Path) -> None:
    llmx.run(QIANJIANG, tmp_path / "run")
    exported = export_labels(tmp_path / "run", tmp_path / "t.json")
    tasks = json.loads((tmp_path / "t.json").read_text("utf-8"))
    assert exported.labels == len(lines(tmp_path / "run" / "records.jsonl"))
    assert all(task["predictions"][0]["model_version"] == "rules" and "annotations" not in task for task in tasks)
    imported = import_labels(tmp_path / "t.json", QIANJIANG)
    assert not imported.labels
    assert "not annotated" in str(imported.findings[0])


def test_of_several_annotations_the_newest_or_the_named_ones(report: Path, tmp_path: Path) -> None:
    span = {
        "start": TEXT.index("获评"),
        "end": TEXT.index("获评") + 7,
        "text": "获评全国文明镇",
        "labels": ["achievement"],
    }
    mark = {"id": "a", "from_name": "type", "to_name": "text", "type": "labels", "value": span}
    kind = {**mark, "from_name": "kind", "type": "choices", "value": {"choices": ["recognition"]}}
    annotations = [
        {"result": [], "completed_by": 1, "created_at": "2026-01-02", "was_cancelled": False},
        {"result": [mark, kind], "completed_by": {"id": 2, "email": "b@x.cn"}, "created_at": "2026-01-01"},
        {"result": [mark], "completed_by": 3, "created_at": "2026-01-03", "was_cancelled": True},
    ]
    (tmp_path / "t.json").write_text(json.dumps([{"data": {"text": TEXT}, "annotations": annotations}]), "utf-8")
    newest = import_labels(tmp_path / "t.json", report)
    assert not newest.labels
    assert "2 annotations" in str(newest.findings[0])
    (named,) = import_labels(tmp_path / "t.json", report, annotator="b@x.cn").labels
    assert (named.kind, named.quote, named.year) == ("recognition", "获评全国文明镇", 2024)


def test_a_drawn_stretch_gets_what_code_reads_off_its_figure(report: Path, tmp_path: Path) -> None:
    quote = "税收增长5.5%"
    span = {"start": TEXT.index(quote), "end": TEXT.index(quote) + len(quote), "labels": ["achievement"]}
    mark = {"id": "a", "from_name": "type", "to_name": "text", "type": "labels", "value": span}
    words = {**mark, "from_name": "indicator", "type": "textarea", "value": {"text": ["税收"]}}
    task = {"data": {"text": TEXT}, "annotations": [{"result": [mark, words]}]}
    (tmp_path / "t.json").write_text(json.dumps([task]), "utf-8")
    import_labels(tmp_path / "t.json", report, tmp_path / "back.jsonl")
    assert lines(tmp_path / "back.jsonl") == [growth(quote, "税收")]


def test_doccano_gives_new_ids_and_another_order(tmp_path: Path) -> None:
    name = LABELS / "youyang-2025.jsonl"
    export_labels(name, tmp_path / "out.doccano.jsonl", report=REPORTS)
    shuffle = random.Random(4)
    exported = lines(tmp_path / "out.doccano.jsonl")
    for line in exported:
        ids = shuffle.sample(range(10_000, 99_999), len(line["entities"]))
        new = {one["id"]: id for one, id in zip(line["entities"], ids, strict=True)}
        for one in line["entities"]:
            one["id"] = new[one["id"]]
        for number, one in enumerate(line["relations"]):
            one |= {"id": number, "from_id": new[one["from_id"]], "to_id": new[one["to_id"]]}
        shuffle.shuffle(line["relations"])
        line |= {"id": shuffle.randrange(10**6), "Comments": []}
    shuffle.shuffle(exported)
    import_labels(write(tmp_path / "export.jsonl", exported), REPORTS / "youyang-2025.txt", tmp_path / "back.jsonl")
    assert lines(tmp_path / "back.jsonl") == lines(name)


def test_what_was_changed_in_doccano_is_taken_and_the_rest_kept(report: Path, tmp_path: Path) -> None:
    export_labels(write(tmp_path / "l.jsonl", some()), tmp_path / "o.doccano.jsonl", report=report)
    exported = lines(tmp_path / "o.doccano.jsonl")
    spans = [one for line in exported for one in line["entities"]]
    project = next(one for one in spans if one["label"].startswith("project"))
    project |= {"label": "project.completed.reported", "end_offset": project["end_offset"] - 2}
    next(one for one in spans if one["label"] == "achievement.recognition")["label"] = "target.recognition"
    imported = import_labels(write(tmp_path / "e.doccano.jsonl", exported), report)
    changed = {one.type: one for one in imported.labels if one.kind != "quantified"}
    assert (changed["project"].name, changed["project"].stage) == ("𠮷林水库", "completed")
    assert changed["project"].quote == "𠮷林水库开工"
    assert changed["target"].indicator == "𠮷林镇获评全国文明镇"


def test_a_link_may_be_drawn_from_the_figure(report: Path, tmp_path: Path) -> None:
    export_labels(write(tmp_path / "l.jsonl", some()), tmp_path / "t.json", report=report)
    tasks = json.loads((tmp_path / "t.json").read_text("utf-8"))
    for result in (one for task in tasks for one in task["annotations"][0]["result"] if one["type"] == "relation"):
        result["from_id"], result["to_id"] = result["to_id"], result["from_id"]
    (tmp_path / "t.json").write_text(json.dumps(tasks), "utf-8")
    import_labels(tmp_path / "t.json", report, tmp_path / "back.jsonl")
    assert lines(tmp_path / "back.jsonl") == sorted(some(), key=lambda one: one["start"])


def test_passages_without_an_annotation_were_not_labelled(tmp_path: Path) -> None:
    export_labels(LABELS / "qianjiang-2025.jsonl", tmp_path / "t.json", report=QIANJIANG)
    tasks = json.loads((tmp_path / "t.json").read_text("utf-8"))
    del tasks[3]["annotations"]
    (tmp_path / "t.json").write_text(json.dumps(tasks), "utf-8")
    imported = import_labels(tmp_path / "t.json", QIANJIANG)
    (before, after) = imported.stretches["qianjiang-2025"]
    start = tasks[3]["data"]["start"]
    assert (before[0], before[1], after[0]) == (0, start, start + len(tasks[3]["data"]["text"]))
