"""Damaged and odd files: each is a row of failures or read rightly, and the batch goes on."""

from __future__ import annotations

import io
import os
import random
import re
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from test_readers import as_docx, as_pdf, as_portal, packed

import llmx
from llmx.errors import UnreadableInput
from llmx.outputs import read_failures

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TEXT = "2024年某县政府工作报告\n一、2023年工作回顾\n粮食产量7.5万吨，新建校舍3所。\n"


def damaged(data: bytes, dice: random.Random) -> bytes:
    """Bits turned, an end cut off, a piece missing, members swapped, lost or broken."""
    how, at = dice.randrange(6), dice.randrange(1, len(data))
    if how == 0:
        return data[:at]
    if how == 1:
        return data[:at] + data[at + dice.randrange(1, 500) :]
    if how == 2 or not data.startswith(b"PK"):
        return bytes(byte ^ (1 << dice.randrange(8)) if dice.random() < 0.002 else byte for byte in data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    one, other = dice.choice(list(members)), dice.choice(list(members))
    if how == 3:
        members[one], members[other] = members[other], members[one]
    elif how == 4:
        del members[one]
    else:
        members[one] = members[one][: len(members[one]) // 2]
    return archived(members)


def archived(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def test_damaged_files_are_rows_of_failures_and_the_good_ones_are_read(tmp_path: Path) -> None:
    dice = random.Random(5)
    good = {
        "docx": as_docx(TEXT), "pdf": as_pdf(TEXT), "html": as_portal(TEXT), "txt": TEXT.encode(),
        "zip": archived({"甲.txt": TEXT.encode(), "乙.docx": as_docx(TEXT)}),
        "csv": f'a,text\n1,"{TEXT}"\n'.encode(), "xml": f"<a><text>{TEXT}</text></a>".encode(),
    }  # fmt: skip
    paths = [tmp_path / f"{number}.{kind}" for number in range(25) for kind in good]
    for path in paths:
        data = good[path.suffix[1:]]
        path.write_bytes(data if path.stem == "0" else damaged(data, dice))
    manifest = llmx.run(paths, tmp_path / "run", column="text").manifest
    read = [one.source.split("#")[0] for one in manifest.inputs]
    failed = [one.source.split("#")[0] for one in read_failures(tmp_path / "run" / "failures.jsonl")]
    assert {*read, *failed} == set(map(str, paths))
    assert {str(path) for path in paths if path.stem == "0"} <= set(read)
    assert len(failed) > 30


def test_styles_that_are_based_on_each_other_in_a_circle_end() -> None:
    document = docx.Document()
    document.add_paragraph("粮食产量7.5万吨。", style="Heading 1")
    file = io.BytesIO()
    document.save(file)
    with zipfile.ZipFile(file) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    styles = members["word/styles.xml"].decode()
    members["word/styles.xml"] = re.sub('basedOn w:val="[^"]*"', 'basedOn w:val="Heading1"', styles).encode()
    assert llmx.read(archived(members)).text == "粮食产量7.5万吨。\n"


def test_whatever_a_library_raises_names_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fails(*_: object) -> None:
        raise RecursionError("too deep")

    (tmp_path / "深.docx").write_bytes(as_docx(TEXT))
    monkeypatch.setattr("docx.Document", fails)
    with pytest.raises(UnreadableInput, match=r"深\.docx: a broken docx file \(RecursionError: too deep\)"):
        llmx.read(tmp_path / "深.docx")


PARAGRAPH = "<w:p><w:r><w:t>粮食产量7.5万吨。</w:t></w:r></w:p>"
ROW = f"<w:tr><w:tc>{PARAGRAPH}</w:tc></w:tr>"


@pytest.mark.parametrize(
    "block",
    [
        f"<w:sdt {W}><w:sdtContent><w:sdt><w:sdtContent>{PARAGRAPH}</w:sdtContent></w:sdt></w:sdtContent></w:sdt>",
        f'<w:customXml {W} w:element="x">{PARAGRAPH}</w:customXml>',
        f'<w:ins {W} w:id="1" w:author="a">{PARAGRAPH}</w:ins>',
        f"<w:tbl {W}><w:sdt><w:sdtContent>{ROW}</w:sdtContent></w:sdt></w:tbl>",
        f"<w:tbl {W}><w:tr><w:sdt><w:sdtContent><w:tc>{PARAGRAPH}</w:tc></w:sdtContent></w:sdt></w:tr></w:tbl>",
    ],
)
def test_what_stands_in_a_content_control_is_read(block: str) -> None:
    document, file = docx.Document(), io.BytesIO()
    document.element.body.insert(0, parse_xml(block))
    document.save(file)
    assert llmx.read(file.getvalue()).text == "粮食产量7.5万吨。\n"


def test_the_table_of_contents_that_word_makes_is_no_text() -> None:
    gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    document, file = docx.Document(), io.BytesIO()
    document.add_paragraph("一、回顾")
    document.element.body.insert(0, parse_xml(f"<w:sdt {W}>{gallery}<w:sdtContent>{PARAGRAPH}</w:sdtContent></w:sdt>"))
    document.save(file)
    assert llmx.read(file.getvalue()).text == "一、回顾\n"


@pytest.mark.parametrize(
    ("words", "mark", "rest", "text"),
    [
        ("粮食产量12", "3", "万吨。", "粮食产量12[3]万吨。"),
        ("新建校舍", "注2", "3所。", "新建校舍[2]3所。"),
        ("绿地5km", "2", "。", "绿地5km2。"),
        ("储量3×10", "8", "吨。", "储量3×108吨。"),
    ],
)
def test_a_raised_notes_mark_joins_no_figure(words: str, mark: str, rest: str, text: str) -> None:
    runs = [f"<w:t>{words}</w:t>", f'<w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>{mark}</w:t>']
    document, file = docx.Document(), io.BytesIO()
    inner = "".join(f"<w:r>{run}</w:r>" for run in [*runs, f"<w:t>{rest}</w:t>"])
    document.element.body.insert(0, parse_xml(f"<w:p {W}>{inner}</w:p>"))
    document.save(file)
    assert llmx.read(file.getvalue()).text == f"{text}\n"
    page = f'<html><meta charset="utf-8"><body><p>{words}<sup><a href="#n">{mark}</a></sup>{rest}</p></body></html>'
    assert llmx.read(page.encode()).text == f"{text}\n"


def test_a_raised_notes_mark_in_a_pdf_joins_no_figure() -> None:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    as_pdf(TEXT)  # which registers the font
    style, file = ParagraphStyle("b", fontName="STSong-Light", fontSize=12, leading=20, wordWrap="CJK"), io.BytesIO()
    SimpleDocTemplate(file).build([Paragraph("粮食产量12<super>3</super>万吨，校舍3所。", style)])
    assert llmx.read(file.getvalue()).text == "粮食产量12[3]万吨，校舍3所。\n"


def test_one_id_is_one_report_over_files_archives_and_rows(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_text(TEXT, encoding="utf-8")
    for name in ("a.zip", "b.zip"):
        (tmp_path / name).write_bytes(packed(r_txt=TEXT.encode()))
    (tmp_path / "r.csv").write_text(f'text\n"{TEXT}"\n', encoding="utf-8")
    (tmp_path / "r-1.txt").write_text(TEXT, encoding="utf-8")
    names = ("r.txt", "a.zip", "b.zip", "r.csv", "r-1.txt")
    manifest = llmx.run([tmp_path / name for name in names], tmp_path / "run", column="text").manifest
    ids = [one.report for one in manifest.inputs]
    assert len(set(ids)) == 5
    assert ids[1:3] == ["a-r", "b-r"]
    records = [record.id for record in llmx.open_run(tmp_path / "run").records()]
    assert len(records) == len(set(records)) == sum(manifest.records.values())


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no UTF-8")
def test_a_file_whose_name_is_no_utf8_is_found_again(tmp_path: Path) -> None:
    for name in (b"\xd5\xe3", b"\xd5\xe4"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name + b".txt")).write_text(TEXT, encoding="utf-8")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xd5\xe5.txt")).write_bytes(b"")
    first = llmx.run(tmp_path, tmp_path / "run").manifest
    assert (len(first.inputs), first.failures) == (2, 1)
    assert not llmx.view(tmp_path / "run").faults, "a text was not found again"
    second = llmx.run(tmp_path, tmp_path / "run").manifest
    assert (second.taken_up, second.failures, len({one.source for one in second.inputs})) == (2, 1, 2)
