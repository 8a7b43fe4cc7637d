"""Labels as real tools hand them back: offsets in UTF-16, decimal commas, stale fields, several people, empty files.

`test_labels_files/` was written by the tools' own code, of the labels of `every()`: LibreOffice 7.4 with a German
locale, doccano 1.8.5's writer of JSON lines and Label Studio SDK 2.1.2's converter.
"""

from __future__ import annotations

import csv
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from labelled import HEADINGS, TEXT, fill, growth, label, lines, some, write

from llmx.errors import InputError, UsageError
from llmx.labels import check_labels, export_labels, import_labels

FILES = Path(__file__).parent / "test_labels_files"
LEVEL = {"indicator": "生产总值", "value": 256.9, "unit": "亿元", "measure": "level", "comparator": "="}


def every() -> list[dict]:
    made = [*some(), label("生产总值256.9亿元", "256.9亿元", **LEVEL)]
    return sorted(made, key=lambda one: (one["start"], one.get("figure_start", -1)))


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "r.txt"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return write(tmp_path / "made.jsonl", every())


def back(file: Path, report: Path, **options: str) -> tuple[list[dict], list[str]]:
    """The label file that an import writes, and what it says."""
    out = file.with_suffix(".back.jsonl")
    imported = import_labels(file, report, out, **options)
    return lines(out), [str(one) for one in imported.findings]


# doccano


def words_on_the_page(text: str, start: int, end: int) -> str:
    """What JavaScript shows between two offsets."""
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")


def doccano(made: Path, report: Path) -> tuple[Path, list[dict]]:
    path = report.with_name("o.doccano.jsonl")
    export_labels(made, path, report=report)
    return path, lines(path)


def entity(line: dict, label: str) -> dict:
    return next(one for one in line["entities"] if one["label"].startswith(label))


def in_code_points(line: dict) -> dict:
    """An example as earlier versions wrote it: code points, and no column that says so."""
    text = line["text"]

    def code_point(at: int) -> int:
        return len(words_on_the_page(text, 0, at))

    for one in line["entities"]:
        one |= {name: code_point(one[name]) for name in ("start_offset", "end_offset")}
    for one in line["records"]:
        one |= {name: code_point(one[name]) for name in ("start", "end", "figure_start") if name in one}
    del line["offset_unit"]
    return line


def test_doccanos_page_shows_the_labelled_words_after_a_rare_character(made: Path, report: Path) -> None:
    _, (line,) = doccano(made, report)
    assert line["offset_unit"] == "utf-16"
    shown = {words_on_the_page(line["text"], one["start_offset"], one["end_offset"]) for one in line["entities"]}
    assert shown == {one["quote"] for one in every()} | {one["figure"] for one in every() if "figure" in one}


def test_a_span_drawn_on_doccanos_page_keeps_its_words(made: Path, report: Path) -> None:
    path, (line,) = doccano(made, report)
    start = len(TEXT[: TEXT.index("工作有力")].encode("utf-16-le")) // 2
    line["entities"].append({"id": 99, "start_offset": start, "end_offset": start + 4, "label": "problem"})
    found, said = back(write(path, [line]), report)
    assert [one["quote"] for one in found if one["type"] == "problem"] == ["工作有力"]
    assert not [one for one in said if "moved" in one or "refused" in one]


@pytest.mark.parametrize("rare", ["🎉", "👩‍👩‍👧", "𠮷", "é"])
def test_files_without_the_unit_are_read_in_code_points(rare: str, tmp_path: Path) -> None:
    text = TEXT.replace("𠮷", rare)
    report = tmp_path / "r.txt"
    report.write_text(text, "utf-8")
    source = write(
        tmp_path / "l.jsonl", [{"report": "r", "type": "achievement", "quote": "税收增长5.5%", "indicator": "税收"}]
    )
    export_labels(source, tmp_path / "o.doccano.jsonl", report=report)
    new, new_said = back(tmp_path / "o.doccano.jsonl", report)
    path = write(tmp_path / "old.doccano.jsonl", [in_code_points(one) for one in lines(tmp_path / "o.doccano.jsonl")])
    assert back(path, report) == (new, new_said)
    assert [(one["quote"], one["start"]) for one in new] == [("税收增长5.5%", text.index("税收增长"))]


def test_a_passage_without_rare_characters_is_the_same_in_both_units(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text(TEXT.replace("𠮷", "吉"), "utf-8")
    source = write(tmp_path / "l.jsonl", [{"report": "r", "type": "problem", "domain": "economy", "quote": "工作有力"}])
    export_labels(source, tmp_path / "o.doccano.jsonl", report=tmp_path / "r.txt")
    (line,) = lines(tmp_path / "o.doccano.jsonl")
    spans = [(one["start_offset"], one["end_offset"]) for one in line["entities"]]
    assert spans == [(one["start_offset"], one["end_offset"]) for one in in_code_points(line)["entities"]]


def test_a_span_drawn_in_a_file_without_the_unit_is_said_with_both_readings(made: Path, report: Path) -> None:
    path, (line,) = doccano(made, report)
    line = in_code_points(line)
    start = TEXT.index("工作有力") + 1
    line["entities"].append({"id": 99, "start_offset": start, "end_offset": start + 4, "label": "problem"})
    found, said = back(write(path, [line]), report)
    assert [one["quote"] for one in found if one["type"] == "problem"] == ["作有力。"]
    (one,) = [one for one in said if "problem" in one and "may be" in one]
    assert "'作有力。'" in one
    assert "'工作有力'" in one


def test_a_mark_drawn_again_where_it_was_exported_is_known_by_its_place(made: Path, report: Path) -> None:
    path, (line,) = doccano(made, report)
    line = in_code_points(line)
    project = entity(line, "project")
    # The page counts the two 𠮷: one before the project, one in it.
    project |= {"start_offset": project["start_offset"] + 1, "end_offset": project["end_offset"] + 2}
    assert back(write(path, [line]), report) == (every(), [])


def test_half_of_a_character_is_said_and_an_unknown_unit_refused(made: Path, report: Path) -> None:
    path, (line,) = doccano(made, report)
    entity(line, "project")["start_offset"] += 1
    assert any("cuts a character in two" in one for one in back(write(path, [line]), report)[1])
    line["offset_unit"] = "bytes"
    found, said = back(write(path, [line]), report)
    assert not found
    assert "'bytes'" in said[0]


def test_a_project_without_relations_has_its_spans_under_label(made: Path, report: Path) -> None:
    path, (line,) = doccano(made, report)
    line["label"] = [
        [one["start_offset"], one["end_offset"], one["label"]] for one in line["entities"] if one["label"] != "figure"
    ]
    line["label"] = [one for one in line["label"] if not one[2].startswith("project")]
    found, _ = back(write(path, [line]), report)
    assert [one["quote"] for one in found] == [one["quote"] for one in every() if one["type"] != "project"]


def test_doccanos_zip_is_read_by_member(report: Path, tmp_path: Path) -> None:
    zipped = tmp_path / "doccano.zip"
    zipped.write_bytes((FILES / "doccano.zip").read_bytes())
    assert back(zipped, report, annotator="anna") == (every(), [])
    assert back(zipped, report, annotator="bo") == ([one for one in every() if one["type"] != "project"], [])
    with pytest.raises(InputError, match=r"anna, bo; name one as the annotator"):
        import_labels(zipped, report)
    with pytest.raises(InputError, match=r"'cy'.*anna, bo"):
        import_labels(zipped, report, annotator="cy")


def test_doccanos_zip_of_one_file_needs_no_name(made: Path, report: Path, tmp_path: Path) -> None:
    path, _ = doccano(made, report)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(path, "all.jsonl")
    assert back(tmp_path / "all.zip", report) == (every(), [])


@pytest.mark.parametrize(("held", "words"), [({"all.jsonl": ""}, "no passage"), ({"all.csv": "a"}, "no .jsonl")])
def test_a_zip_without_passages_says_what_is_missing(held: dict[str, str], words: str, report: Path) -> None:
    with zipfile.ZipFile(report.with_name("a.zip"), "w") as archive:
        for name, text in held.items():
            archive.writestr(name, text)
    with pytest.raises(InputError, match=words):
        import_labels(report.with_name("a.zip"), report)


@pytest.mark.parametrize("name", ["e.jsonl", "e.doccano.jsonl", "e.json", "e.csv"])
def test_an_empty_file_says_so(name: str, report: Path, tmp_path: Path) -> None:
    (tmp_path / name).write_text("\n")
    with pytest.raises(InputError, match=r"empty.*export again"):
        import_labels(tmp_path / name, report)


# Label Studio


def label_studio(made: Path, report: Path) -> tuple[Path, list[dict]]:
    path = report.with_name("o.json")
    export_labels(made, path, report=report)
    return path, json.loads(path.read_text("utf-8"))


def save(path: Path, tasks: list[dict]) -> Path:
    path.write_text(json.dumps(tasks), "utf-8")
    return path


def test_an_export_without_tasks_and_a_short_one_are_told_apart(report: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no task in it"):
        import_labels(save(tmp_path / "e.json", []), report)
    with pytest.raises(InputError, match="JSON-MIN"):
        import_labels(FILES / "label-studio-min.json", report)


def retyped(tasks: list[dict], quote: str, type: str) -> None:
    """Choose another type for a region, as a person does in Label Studio: the controls keep what they held."""
    for one in tasks[0]["annotations"][0]["result"]:
        if one["type"] == "labels" and one["value"]["text"] == quote:
            one["value"]["labels"] = [type]


@pytest.mark.parametrize(
    ("quote", "type", "gone"),
    [
        ("税收增长5.5%", "project", {"kind", "indicator", "figure", "value", "unit", "measure", "comparator"}),
        ("税收增长5.5%", "problem", {"kind", "year", "measure", "comparator"}),
        ("𠮷林水库开工建设", "achievement", {"name", "stage", "status"}),
    ],
)
def test_a_retyped_region_loses_the_old_types_fields(
    quote: str, type: str, gone: set[str], made: Path, report: Path
) -> None:
    path, tasks = label_studio(made, report)
    retyped(tasks, quote, type)
    found, said = back(save(path, tasks), report)
    (changed,) = [one for one in found if one["quote"] == quote]
    assert changed["type"] == type
    assert not gone & changed.keys()
    (dropped,) = [one for one in said if "left out" in one]
    assert all(f"{name} " in dropped for name in gone)
    assert [one for one in found if one["quote"] != quote] == [one for one in every() if one["quote"] != quote]
    assert not [one for one in check_labels(path.with_suffix(".back.jsonl"), report) if " with " in one.message]


PEOPLE = [
    {"completed_by": 2, "created_username": "Bo Li b@x.cn, 2"},
    {"completed_by": {"id": 2, "email": "b@x.cn", "first_name": "Bo", "last_name": "Li"}},
]


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("name", ["2", "b@x.cn", "B@X.cn"])
def test_an_annotator_is_known_by_number_and_by_e_mail(name: str, person: dict, made: Path, report: Path) -> None:
    path, tasks = label_studio(made, report)
    mine = tasks[0]["annotations"][0] | person | {"created_at": "2026-01-01"}
    tasks[0]["annotations"] = [
        mine,
        {"result": [], "completed_by": {"id": 1, "email": "a@x.cn"}, "created_at": "2026-01-02"},
    ]
    assert back(save(path, tasks), report, annotator=name) == (every(), [])


def test_a_number_in_one_task_and_an_object_in_another_are_one_person(made: Path, report: Path) -> None:
    path, tasks = label_studio(made, report)
    tasks[0]["annotations"][0] |= {"completed_by": 2}
    other = {"data": {"text": "𠮷林镇", "report": "r", "start": 11}, "annotations": [{"result": [], **PEOPLE[1]}]}
    assert back(save(path, [*tasks, other]), report, annotator="b@x.cn")[0] == every()
    with pytest.raises(InputError, match=r"'c@x\.cn'.*2, b@x\.cn"):
        import_labels(path, report, annotator="c@x.cn")


@pytest.mark.parametrize("name", ["made.jsonl", "s.csv", "o.doccano.jsonl"])
def test_an_annotator_of_a_file_that_names_none_is_refused(name: str, made: Path, report: Path, tmp_path: Path) -> None:
    if name != "made.jsonl":
        export_labels(made, tmp_path / name, report=report)
    with pytest.raises(UsageError, match="who annotated what"):
        import_labels(tmp_path / name, report, annotator="anna")


# Any tool


@pytest.mark.parametrize("end", ["json", "doccano.jsonl"])
def test_the_same_passage_twice_is_said(end: str, made: Path, report: Path, tmp_path: Path) -> None:
    path = tmp_path / f"o.{end}"
    export_labels(made, path, report=report)
    load = (lambda: json.loads(path.read_text("utf-8"))) if end == "json" else (lambda: lines(path))
    store = save if end == "json" else write
    found, said = back(store(path, load() * 2), report)
    assert found == every()
    assert len(said) == 1
    assert "the same passage and labels as" in said[0]
    first, second = load()
    held = second["annotations"][0]["result"] if end == "json" else second["entities"]
    held.remove(next(one for one in held if "project" in str(one)))
    found, said = back(store(path, [first, second]), report)
    assert found == every()
    assert any("error: refused: the passage of" in one for one in said)


@pytest.mark.parametrize("end", ["jsonl", "json", "doccano.jsonl", "csv", "xlsx"])
def test_an_incomplete_label_is_named(end: str, report: Path, tmp_path: Path) -> None:
    lacking = [label("获评全国文明镇", kind="recognition"), label("𠮷林水库开工建设", type="project", name="𠮷林水库")]
    export_labels(write(tmp_path / "l.jsonl", lacking), tmp_path / f"o.{end}", report=report)
    found, said = back(tmp_path / f"o.{end}", report)
    assert len(found) == 2
    assert any("warning: achievement without indicator" in one for one in said)
    assert any("warning: project without stage, status" in one for one in said)


FRONT, INSIDE = "本报告由县长作。\n县人大会议听取了它。\n", "全县上下同心。旅游收入增长9.5%。"


@pytest.mark.parametrize("end", ["jsonl", "json", "doccano.jsonl", "csv", "xlsx"])
@pytest.mark.parametrize("change", ["front", "inside"])
def test_the_labelled_stretch_moves_with_a_changed_report(change: str, end: str, tmp_path: Path) -> None:
    rest = "二、2025年工作安排\n今年税收增长6%。\n新建𠮷林公园。\n"
    part, report = [TEXT.index("\ue000"), len(TEXT)], tmp_path / "r.txt"
    report.write_text(TEXT + rest, "utf-8")
    source = write(tmp_path / "l.jsonl", [{"report": "r", "labelled": [part]}, *every()])
    export_labels(source, tmp_path / f"o.{end}", report=report)
    cut = TEXT.index("𠮷林水库开工")
    text = FRONT + TEXT if change == "front" else TEXT[:cut] + INSIDE + TEXT[cut:]
    report.write_text(text + rest, "utf-8")
    (head, *found), said = back(tmp_path / f"o.{end}", report)
    labelled = "".join((text + rest)[start:stop] for start, stop in head["labelled"])
    assert labelled.strip().startswith("\ue000𠮷林镇工作有力")
    assert labelled.strip().endswith("获评全国文明镇。")
    assert [one["quote"] for one in found] == [one["quote"] for one in every()]
    assert not [one for one in said if "error" in one]


def test_an_export_of_labels_of_a_changed_report_moves_the_stretch_too(report: Path, tmp_path: Path) -> None:
    rest = "二、2025年工作安排\n今年税收增长6%。\n"
    source = write(tmp_path / "l.jsonl", [{"report": "r", "labelled": [[0, len(TEXT)]]}, *every()])
    report.write_text(FRONT + TEXT + rest, "utf-8")
    said = export_labels(source, tmp_path / "o.jsonl", report=report).findings
    assert lines(tmp_path / "o.jsonl")[0]["labelled"] == [[len(FRONT), len(FRONT + TEXT)]]
    assert any("the text has changed" in str(one) for one in said)


# Sheets


def test_a_csv_of_libreoffice_with_decimal_commas_comes_back_whole(report: Path, tmp_path: Path) -> None:
    path = tmp_path / "de.csv"
    path.write_bytes((FILES / "libreoffice-de.csv").read_bytes())
    assert "256,9;" in path.read_text("utf-8")
    assert back(path, report) == (every(), [])


def sheet(made: Path, report: Path, change: dict[str, str], delimiter: str = ";") -> Path:
    """A csv whose row of the level is changed."""
    path = report.with_name("s.csv")
    export_labels(made, path, report=report)
    head, *rows = csv.reader(path.read_text("utf-8-sig").splitlines())
    row = next(row for row in rows if row[head.index(HEADINGS["value"])] == "256.9")
    for name, value in change.items():
        row[head.index(HEADINGS[name])] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([head, *rows])
    return path


@pytest.mark.parametrize("written", ["256,9", "256,90", "256.9", ""])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_number_that_its_figure_bears_out_is_recognised(
    written: str, delimiter: str, made: Path, report: Path
) -> None:
    assert back(sheet(made, report, {"value": written}, delimiter), report) == (every(), [])


@pytest.mark.parametrize("written", ["2569", "2.569", "256,8", "2,569", "25,69", "256;9", "1,2,3"])
def test_a_number_that_its_figure_contradicts_is_refused(written: str, made: Path, report: Path) -> None:
    found, said = back(sheet(made, report, {"value": written}), report)
    assert not [one for one in found if one.get("value") not in (5.5, None)]
    (refused,) = said
    for words in (
        "row 4",
        "'Value 数值'",
        repr(written) if "," in written or ";" in written else written,
        "256.9",
        "point",
    ):
        assert words in refused, words


@pytest.mark.parametrize(("written", "value"), [("1,234", 1234), ("1.234", None), ("1,234.0", 1234), ("1.234,0", 1234)])
def test_thousands_are_told_from_decimals_by_the_figure(written: str, value: int | None, tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text("一、2024年工作回顾\n接待游客1234万人次。\n", "utf-8")
    head = "Type,Quote 引文,Indicator,Value 数值\n"
    (tmp_path / "s.csv").write_text(
        f'{head}achievement,接待游客1234万人次,游客,"{written}"\n'.replace("Type", "type").replace(
            "Indicator", "indicator"
        ),
        "utf-8",
    )
    found, said = back(tmp_path / "s.csv", tmp_path / "r.txt")
    assert [one["value"] for one in found] == ([value] if value else [])
    assert bool(said) == (value is None)


def test_an_amount_that_no_figure_bears_out_is_refused(report: Path, tmp_path: Path) -> None:
    project = label("𠮷林水库开工建设", type="project", name="𠮷林水库", stage="started", status="reported")
    (tmp_path / "r.txt").write_text(TEXT + "总投资12.5亿元的𠮷林公园开工。\n", "utf-8")
    head = ["type", "quote", "name", "stage", "status", "amount", "amount_unit"]
    said = ["project", project["quote"], "𠮷林水库", "started", "reported", "12,5", "亿元"]
    borne = ["project", "总投资12.5亿元的𠮷林公园开工", "𠮷林公园", "started", "reported", "12,5", "亿元"]
    with (tmp_path / "s.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([head, said, borne])
    found, findings = back(tmp_path / "s.csv", report)
    assert [(one["name"], one["amount"]) for one in found] == [("𠮷林公园", 12.5)]
    assert len(findings) == 1
    assert "row 2: error" in findings[0]
    assert "'Amount 投资额' is '12,5'" in findings[0]


def test_a_second_row_for_one_figure_is_no_recognition(made: Path, report: Path) -> None:
    path = report.with_name("s.xlsx")
    export_labels(made, path, report=report)
    book = openpyxl.load_workbook(path)
    rows = book.worksheets[0]
    columns = [next(name for name, shown in HEADINGS.items() if shown == cell.value) for cell in rows[1]]
    added = {"type": "achievement", "quote": "税收增长5.5%", "indicator": "税收收入"}
    rows.append([added.get(name) for name in columns])
    again = next(row for row in rows.iter_rows(values_only=True) if row[columns.index("value")] == 256.9)
    rows.append(again)
    book.save(path)
    found, said = back(path, report)
    assert [one for one in found if one["quote"] != "生产总值256.9亿元"] == [
        one for one in every() if one["quote"] != "生产总值256.9亿元"
    ]
    assert any("error" in one and "no figure that no other label holds (5.5%)" in one for one in said)
    assert any("256.9亿元" in one and "is held by" in one and "one label a figure" in one for one in said)


def test_a_recognition_that_is_called_one_may_have_a_figure_in_its_quote(report: Path, tmp_path: Path) -> None:
    quote = "税收增长5.5%。𠮷林水库开工建设，获评全国文明镇"
    both = [label(quote, kind="recognition", indicator="全国文明镇"), growth("税收增长5.5%", "税收")]
    export_labels(write(tmp_path / "l.jsonl", both), tmp_path / "s.csv", report=report)
    assert back(tmp_path / "s.csv", report) == (both, [])


def test_a_figure_that_becomes_a_project_is_taken_without_a_word_about_what_code_filled_in(
    report: Path, tmp_path: Path
) -> None:
    export_labels(report, tmp_path / "s.xlsx")
    cells = {
        "type": "project",
        "quote": "𠮷林水库开工建设",
        "name": "𠮷林水库",
        "stage": "started",
        "status": "reported",
    }
    fill(tmp_path / "s.xlsx", "256.9亿元", **cells)
    found, said = back(tmp_path / "s.xlsx", report)
    assert found == [label("𠮷林水库开工建设", type="project", name="𠮷林水库", stage="started", status="reported")]
    assert not said
    fill(tmp_path / "s.xlsx", "256.9亿元", indicator="投资")
    assert "project has no indicator '投资'; left out" in back(tmp_path / "s.xlsx", report)[1][0]


def test_an_ods_is_refused_by_name(report: Path, tmp_path: Path) -> None:
    for call in (
        lambda: import_labels(FILES / "libreoffice.ods", report),
        lambda: export_labels(report, tmp_path / "s.ods"),
    ):
        with pytest.raises(UsageError, match=r"\.ods is neither read nor written; save the sheet as \.xlsx"):
            call()


def test_a_row_that_was_not_labelled_and_is_not_in_the_report_is_said(report: Path, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text(
        "Sentence 原句,type,quote,Left out because 不计原因\n去年大旱。,,,not labelled\n", "utf-8"
    )
    assert "'去年大旱。' is not in 'r'" in back(tmp_path / "s.csv", report)[1][0]
