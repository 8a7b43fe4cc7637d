"""Labels out to annotation tools and spreadsheets, in again, and checked against their report."""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

import llmx
from llmx.errors import InputError, UsageError
from llmx.labels import check_labels, export_labels, import_labels
from llmx.labels.sheets import HEADINGS

ROOT = Path(__file__).parent.parent
REPORTS, LABELS = ROOT / "tests" / "reports", ROOT / "tests" / "labels"
QIANJIANG = REPORTS / "qianjiang-2025.txt"
ENDS = ("jsonl", "json", "doccano.jsonl", "csv", "xlsx")

TEXT = "一、2024年工作回顾\n\ue000𠮷林镇工作有力。全年生产总值256.9亿元、增长5.5%，税收增长5.5%。𠮷林水库开工建设，获评全国文明镇。\n"


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def write(path: Path, labels: list[dict]) -> Path:
    path.write_text("".join(json.dumps(label, ensure_ascii=False) + "\n" for label in labels), "utf-8")
    return path


def label(quote: str, figure: str | None = None, **fields: object) -> dict:
    """A label of TEXT; of several equal figures the first in the quote."""
    start = TEXT.index(quote)
    made = {
        "report": "r",
        "type": "achievement",
        "quote": quote,
        "start": start,
        "end": start + len(quote),
        "year": 2024,
    }
    if figure:
        at = TEXT.index(figure, start)
        made |= {"kind": "quantified", "figure": figure, "figure_start": at, "figure_end": at + len(figure)}
    return made | fields


def growth(quote: str, indicator: str) -> dict:
    return label(quote, "5.5%", indicator=indicator, value=5.5, unit="%", measure="growth", comparator="=")


def some() -> list[dict]:
    return [
        growth("生产总值256.9亿元、增长5.5%", "生产总值"),
        growth("税收增长5.5%", "税收"),
        label("𠮷林水库开工建设", type="project", name="𠮷林水库", stage="started", status="reported"),
        label("获评全国文明镇", kind="recognition", indicator="𠮷林镇获评全国文明镇"),
    ]


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "r.txt"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("name", [path.stem for path in sorted(LABELS.glob("*.jsonl"))])
def test_a_labelled_report_goes_out_and_comes_back_whole(name: str, end: str, tmp_path: Path) -> None:
    out, back = tmp_path / f"out.{end}", tmp_path / "back.jsonl"
    exported = export_labels(LABELS / f"{name}.jsonl", out, report=REPORTS)
    imported = import_labels(out, REPORTS / f"{name}.txt", back)
    assert not exported.findings
    assert not imported.findings
    assert lines(back) == lines(LABELS / f"{name}.jsonl")


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("between", ["\r\n", "\x0b=1+1", "'=1", "\u2028"])
def test_odd_characters_inside_quotes_come_back(between: str, end: str, tmp_path: Path) -> None:
    quote = f"=税收{between}增长5.5%"
    (tmp_path / "r.txt").write_bytes(f"一、2024年工作回顾\n{quote}。\n".encode())
    at = len("一、2024年工作回顾\n")
    figure = {"figure": "5.5%", "figure_start": at + len(quote) - 4, "figure_end": at + len(quote), "value": 5.5}
    read = {
        "unit": "%",
        "measure": "growth",
        "comparator": "=",
        "indicator": "税收",
        "kind": "quantified",
        "year": 2024,
    }
    made = {"report": "r", "type": "achievement", "quote": quote, "start": at, "end": at + len(quote), **figure, **read}
    write(tmp_path / "l.jsonl", [made])
    export_labels(tmp_path / "l.jsonl", tmp_path / f"out.{end}", report=tmp_path / "r.txt")
    import_labels(tmp_path / f"out.{end}", tmp_path / "r.txt", tmp_path / "back.jsonl")
    assert lines(tmp_path / "back.jsonl") == [made]


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


def sheet_rows(path: Path) -> list[dict]:
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_blank_sheet_lists_every_figure_and_every_word_of_the_report(tmp_path: Path) -> None:
    export_labels(QIANJIANG, tmp_path / "blank.csv")
    rows = sheet_rows(tmp_path / "blank.csv")
    text = llmx.read(QIANJIANG).text
    listed = [int(row[HEADINGS["figure_start"]]) for row in rows if row[HEADINGS["figure"]]]
    assert sorted(listed) == [figure.start for figure in llmx.find_figures(text)]
    assert not any(row[HEADINGS["type"]] for row in rows)
    sentences = dict.fromkeys(row[HEADINGS["sentence"]] for row in rows)
    assert "".join("".join(sentences).split()) == "".join(text.split())


def fill(path: Path, figure: str, **cells: str) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    columns = [next(name for name, shown in HEADINGS.items() if shown == cell.value) for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[columns.index("figure")].value == figure)
    for name, value in cells.items():
        row[columns.index(name)].value = value
    book.save(path)


def test_a_person_fills_in_a_workbook(report: Path, tmp_path: Path) -> None:
    export_labels(report, tmp_path / "s.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "s.xlsx").worksheets[0]
    lists = {str(one.formula1) for one in sheet.data_validations.dataValidation if one.type == "list"}
    assert '"target,achievement,project,problem"' in lists
    fill(tmp_path / "s.xlsx", "5.5%", type="achievement", indicator="生产总值")
    fill(tmp_path / "s.xlsx", "256.9亿元", left_out="已在别处统计")
    imported = import_labels(tmp_path / "s.xlsx", report, tmp_path / "l.jsonl")
    assert lines(tmp_path / "l.jsonl") == [growth("生产总值256.9亿元、增长5.5%", "生产总值")]
    assert [(one.figure, one.reason) for one in imported.left_out] == [("256.9亿元", "已在别处统计")]
    unlabelled = [str(one) for one in check_labels(tmp_path / "l.jsonl", report)]
    assert len(unlabelled) == 1
    assert "5.5%" in unlabelled[0]


def test_a_sheet_as_excel_saves_it_on_a_chinese_windows(report: Path, tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    export_labels(write(tmp_path / "l.jsonl", [growth("税收增长5.5%", "税收")]), path, report=report)
    text = path.read_text("utf-8-sig").replace("\ue000𠮷", "??")
    table = [
        [cell.replace("5.5%", "5.50%") if cell == "5.5%" else cell for cell in row]
        for row in csv.reader(text.splitlines())
    ]
    with open(path, "w", encoding="gbk", newline="", errors="replace") as file:
        csv.writer(file, delimiter=";").writerows(table)
    imported = import_labels(path, report, tmp_path / "back.jsonl")
    assert lines(tmp_path / "back.jsonl") == [growth("税收增长5.5%", "税收")], imported.findings


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("=HYPERLINK(“x”)税收增长5.5%。\n", "utf-8")
    export_labels(tmp_path / "r.txt", tmp_path / "s.csv")
    export_labels(tmp_path / "r.txt", tmp_path / "s.xlsx")
    assert not any(
        cell.startswith("=HY") for row in csv.reader((tmp_path / "s.csv").read_text().splitlines()) for cell in row
    )
    cells = [cell for row in openpyxl.load_workbook(tmp_path / "s.xlsx").worksheets[0] for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_nothing_that_was_filled_in_is_passed_over_in_silence(report: Path, tmp_path: Path) -> None:
    headings = [HEADINGS["type"], HEADINGS["quote"], "Notes"]
    (tmp_path / "s.csv").write_text(",".join(headings) + "\n,税收增长5.5%,\n,,why\n", "utf-8")
    said = [str(finding) for finding in import_labels(tmp_path / "s.csv", report).findings]
    assert any("'Notes' is not known" in one for one in said)
    assert any("row 2: error: refused: no type" in one for one in said)
    assert len(said) == 2


def test_a_link_may_be_drawn_from_the_figure(report: Path, tmp_path: Path) -> None:
    export_labels(write(tmp_path / "l.jsonl", some()), tmp_path / "t.json", report=report)
    tasks = json.loads((tmp_path / "t.json").read_text("utf-8"))
    for result in (one for task in tasks for one in task["annotations"][0]["result"] if one["type"] == "relation"):
        result["from_id"], result["to_id"] = result["to_id"], result["from_id"]
    (tmp_path / "t.json").write_text(json.dumps(tasks), "utf-8")
    import_labels(tmp_path / "t.json", report, tmp_path / "back.jsonl")
    assert lines(tmp_path / "back.jsonl") == sorted(some(), key=lambda one: one["start"])


def test_what_is_off_is_found_again_and_what_is_not_there_is_refused(report: Path, tmp_path: Path) -> None:
    off, on = growth("税收增长5.5%", "税收"), label("获评全国文明镇", kind="recognition", indicator="获评")
    for name in ("start", "end", "figure_start", "figure_end"):
        off[name] += 7
    bad = [
        on | {"quote": "获评全国卫生镇"},
        on | {"type": "honour"},
        on | {"report": "s"},
        on | {"start": 10**6, "end": 10**6 + 7},
        growth("税收增长5.5%", "税收") | {"figure": "6.5%"},
    ]
    path = write(tmp_path / "l.jsonl", [off, *bad])
    path.write_text(path.read_text("utf-8") + '{"quote": \n', "utf-8")
    imported = import_labels(path, report, tmp_path / "back.jsonl")
    assert lines(tmp_path / "back.jsonl") == [growth("税收增长5.5%", "税收"), on]
    said = [str(finding) for finding in imported.findings]
    for number, words in [
        (1, "moved"),
        (2, "获评全国卫生镇"),
        (3, "honour"),
        (4, "report 's'"),
        (5, "moved"),
        (6, "6.5%"),
        (7, "no JSON"),
    ]:
        assert any(f"line {number}:" in one and words in one for one in said), (number, said)


def test_a_phrase_that_recurs_is_found_nearest_to_where_it_was(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("一、2024年工作回顾\n" + "税收增长5.5%。完成投资。" * 9, "utf-8")
    text = (tmp_path / "r.txt").read_text("utf-8")
    at = [index for index in range(len(text)) if text.startswith("税收", index)]
    made = {"report": "r", "type": "achievement", "quote": "税收增长5.5%", "indicator": "税收", "start": at[5] + 2}
    (found,) = import_labels(write(tmp_path / "l.jsonl", [made]), tmp_path / "r.txt").labels
    assert (found.start, found.figure_start, found.value) == (at[5], at[5] + 4, 5.5)


@pytest.mark.parametrize("name", [path.stem for path in sorted(LABELS.glob("*.jsonl"))])
def test_the_label_files_hold_no_errors(name: str) -> None:
    findings = check_labels(LABELS / f"{name}.jsonl", REPORTS / f"{name}.txt")
    assert not [str(one) for one in findings if one.level == "error"]


@pytest.mark.parametrize(
    ("change", "level", "words"),
    [
        ({"quote": "税收增长5.6%"}, "error", "税收增长5.5%"),
        ({"value": 55}, "error", "value 55"),
        ({"value": -5.5}, "warning", "code reads 5.5"),
        ({"unit": "个百分点"}, "warning", "个百分点"),
        ({"measure": "rate"}, "error", "level, growth, change"),
        ({"indicator": None}, "error", "without indicator"),
        ({"stage": "started"}, "error", "with stage"),
        ({"kind": "recognition"}, "error", "recognition with figure"),
        ({"end": 10**6}, "error", "characters"),
        ({"figure_start": 1, "figure_end": 5}, "error", "figure '5.5%'"),
        ({"values": 3}, "error", "unknown field 'values'"),
        ({"report": "other"}, "error", "'other'"),
    ],
)
def test_check_names_line_and_fault(change: dict, level: str, words: str, report: Path, tmp_path: Path) -> None:
    wrong = {name: value for name, value in (growth("税收增长5.5%", "税收") | change).items() if value is not None}
    path = write(tmp_path / "l.jsonl", [some()[0], wrong])
    found = [one for one in check_labels(path, report) if one.place.endswith("line 2")]
    assert any(one.level == level and words in one.message for one in found), found


def test_check_finds_duplicates_disorder_and_figures_held_twice(report: Path, tmp_path: Path) -> None:
    first, second, *_ = some()
    path = write(tmp_path / "l.jsonl", [second, first, first, first | {"indicator": "总值"}])
    said = [str(one) for one in check_labels(path, report)]
    assert any("line 2: warning: out of text order" in one for one in said)
    assert any("line 3: error: the same label as line 2" in one for one in said)
    assert any("line 4: error: figure '5.5%'" in one and "held by line 2" in one for one in said)
    assert any("256.9亿元" in one and "no label" in one for one in said)


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "llmx", "labels", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120, check=False)


def test_the_command_line_exports_imports_and_checks(tmp_path: Path) -> None:
    name, back = LABELS / "qianjiang-2025.jsonl", tmp_path / "back.jsonl"
    assert run("export", name, "--report", REPORTS, "--to", tmp_path / "t.json").returncode == 0
    done = run("import", tmp_path / "t.json", "--report", QIANJIANG, "--out", back)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert f"{len(lines(name))} labels in {back}" in done.stderr
    assert run("check", back, QIANJIANG).returncode == 0
    write(back, [*lines(back), {"type": "honour"}])
    done = run("check", back, QIANJIANG)
    assert done.returncode == 1
    assert f"{back}, line {len(lines(back))}: error:" in done.stdout


def test_wrong_usage_is_said_in_a_line(tmp_path: Path) -> None:
    for arguments in [
        ("export", LABELS / "qianjiang-2025.jsonl", "--to", tmp_path / "t.json"),
        ("export", QIANJIANG, "--to", tmp_path / "t.docx"),
        ("import", tmp_path / "none.csv", "--report", QIANJIANG, "--out", tmp_path / "l.jsonl"),
        ("check", tmp_path / "none.jsonl", QIANJIANG),
    ]:
        done = run(*arguments)
        assert done.returncode == 2
        assert done.stderr.startswith("Error: ")
        assert len(done.stderr.splitlines()) == 1


def test_files_of_other_kinds_are_refused_by_name(report: Path, tmp_path: Path) -> None:
    (tmp_path / "min.json").write_text('[{"text": "a", "label": []}]')
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 no zip")
    for name, words in [("min.json", "JSON-MIN"), ("a.csv", "Type"), ("a.xlsx", "workbook")]:
        with pytest.raises(InputError, match=words) as error:
            import_labels(tmp_path / name, report)
        assert name in str(error.value)
    with pytest.raises(UsageError, match="label-studio"):
        import_labels(report, report)


@pytest.mark.parametrize("end", ENDS)
def test_a_partly_labelled_report_stays_partly_labelled(end: str, tmp_path: Path) -> None:
    name, report = LABELS / "qianjiang-2025.jsonl", REPORTS / "qianjiang-2025.txt"
    text = llmx.read(report).text
    stretch = [text.index("一、2024年工作回顾"), text.index("二、2025年工作安排")]
    inside = [one for one in lines(name) if stretch[0] <= one["start"] < stretch[1]]
    whole = [{"report": "qianjiang-2025", "labelled": [stretch]}, *inside]
    part = write(tmp_path / "part.jsonl", whole)
    export_labels(part, tmp_path / f"out.{end}", report=report)
    import_labels(tmp_path / f"out.{end}", report, tmp_path / "back.jsonl")
    first, *rest = lines(tmp_path / "back.jsonl")
    assert rest == inside
    ((start, stop),) = first["labelled"]
    assert text[start:stop].strip() == text[slice(*stretch)].strip()
    before = [str(one) for one in check_labels(part, report)]
    assert not [one for one in before if "error" in one]
    assert len(before) < 3, "figures outside the labelled part are not missed"


def test_passages_without_an_annotation_were_not_labelled(tmp_path: Path) -> None:
    export_labels(LABELS / "qianjiang-2025.jsonl", tmp_path / "t.json", report=QIANJIANG)
    tasks = json.loads((tmp_path / "t.json").read_text("utf-8"))
    del tasks[3]["annotations"]
    (tmp_path / "t.json").write_text(json.dumps(tasks), "utf-8")
    imported = import_labels(tmp_path / "t.json", QIANJIANG)
    (before, after) = imported.stretches["qianjiang-2025"]
    start = tasks[3]["data"]["start"]
    assert (before[0], before[1], after[0]) == (0, start, start + len(tasks[3]["data"]["text"]))


def test_what_was_left_out_survives_a_way_through_another_tool(report: Path, tmp_path: Path) -> None:
    export_labels(report, tmp_path / "s.xlsx")
    fill(tmp_path / "s.xlsx", "5.5%", type="achievement", indicator="生产总值")
    fill(tmp_path / "s.xlsx", "256.9亿元", left_out="已在别处统计")
    path = tmp_path / "l.jsonl"
    import_labels(tmp_path / "s.xlsx", report, path)
    for end in ENDS:
        export_labels(path, tmp_path / f"again.{end}", report=report)
        import_labels(tmp_path / f"again.{end}", report, path)
    assert not [str(one) for one in check_labels(path, report) if "256.9亿元" in str(one)]
