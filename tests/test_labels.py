"""Labels out to files and spreadsheets and in again: nothing is lost, nothing is believed."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest
from labelled import ENDS, HEADINGS, LABELS, QIANJIANG, REPORTS, TEXT, fill, growth, label, lines, write

import llmx
from llmx.labels import check_labels, export_labels, import_labels


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
