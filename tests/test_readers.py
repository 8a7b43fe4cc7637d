"""The same report as text, Word document, web page and PDF; archives and tables of reports; files that are none."""

from __future__ import annotations

import html
import io
import zipfile
from collections import Counter
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph

import llmx
from llmx.errors import NoTextInput, UnreadableInput

REPORTS = Path(__file__).parent / "reports"
QIANJIANG = (REPORTS / "qianjiang-2025.txt").read_text("utf-8")
FRAMES = {"one": [Frame(60, 60, 470, 720)], "two": [Frame(50, 60, 240, 720), Frame(305, 60, 240, 720)]}


def as_docx(text: str) -> bytes:
    document, file = docx.Document(), io.BytesIO()
    for line in text.splitlines():
        document.add_paragraph(line)
    document.save(file)
    return file.getvalue()


def as_portal(text: str) -> bytes:
    paragraphs = "".join(
        f'<p style="text-indent:2em"><span>{html.escape(line)}</span></p>\n' for line in text.splitlines()
    )
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>政府工作报告</title><script>var a="增长1%。";</script></head>
<body><div class="top"><ul><li><a href="/">首页</a></li><li><a>政务公开</a></li></ul></div>
<div>当前位置：<a>首页</a> &gt; <a>政务公开</a></div><div><h1>政府工作报告</h1><div>发布时间：2025-03-05 浏览次数：1024</div>
<div class="TRS_Editor">{paragraphs}</div><div>分享到：<a>微信</a><a>微博</a></div></div>
<div class="footer">主办：某区人民政府办公室，ICP备12345号。</div></body></html>""".encode()


def as_pdf(text: str, columns: str = "one") -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("body", fontName="STSong-Light", fontSize=10, leading=16, firstLineIndent=20, wordWrap="CJK")
    file = io.BytesIO()

    def furniture(canvas, page) -> None:
        canvas.setFont("STSong-Light", 9)
        canvas.drawString(70, 810, "某区人民政府公报 2025年第3期")
        canvas.drawString(280, 20, f"— {page.page} —")

    pages = BaseDocTemplate(file, pagesize=A4)
    pages.addPageTemplates(PageTemplate(frames=FRAMES[columns], onPage=furniture))
    pages.build([Paragraph(html.escape(line), style) for line in text.splitlines() if line.strip()])
    return file.getvalue()


def keys(document: llmx.Document) -> Counter:
    return Counter(
        (
            record.type,
            getattr(record, "indicator", None) or getattr(record, "name", record.quote),
            getattr(record, "value", None),
        )
        for record in llmx.extract(document).records
    )


@pytest.mark.parametrize(
    "data",
    [as_docx(QIANJIANG), as_portal(QIANJIANG), as_pdf(QIANJIANG), as_pdf(QIANJIANG, "two")],
    ids=["docx", "html", "pdf", "pdf in two columns"],
)
def test_the_same_report_gives_the_same_records_whatever_file_it_comes_in(data: bytes) -> None:
    expected, found = keys(llmx.read_text(QIANJIANG, id="q")), keys(llmx.read(data, id="q"))
    assert sum((expected & found).values()) >= 0.98 * max(sum(expected.values()), sum(found.values()))


def test_records_say_where_in_the_file_they_stand() -> None:
    pages = {record.location for record in llmx.extract(llmx.read(as_pdf(QIANJIANG), id="q")).records}
    assert {"p. 1", "p. 2", "p. 5"} <= pages
    word = llmx.extract(llmx.read(as_docx("一、2023年工作回顾\n地区生产总值增长6%。"), id="w"))
    assert [record.location for record in word.records] == ["paragraph 2"]
    assert {record.location for record in llmx.extract(llmx.read_text(QIANJIANG)).records} == {None}


def test_a_pages_furniture_is_gone_and_a_portals_words_too() -> None:
    assert "公报" not in llmx.read(as_pdf(QIANJIANG)).text
    assert "— 3 —" not in llmx.read(as_pdf(QIANJIANG)).text
    page = llmx.read(as_portal(QIANJIANG)).text
    assert not any(word in page for word in ("首页", "分享到", "ICP备", "浏览次数", "var a"))


def test_a_word_documents_numbers_tables_text_boxes_and_notes_are_written_out() -> None:
    document, file = docx.Document(), io.BytesIO()
    for heading in ("工作回顾", "工作安排"):
        document.add_paragraph(heading, style="List Number")
    table = document.add_table(2, 2)
    for cell, text in zip(
        [*table.rows[0].cells, *table.rows[1].cells], ["指标", "目标", "地区生产总值", "增长6%"], strict=True
    ):
        cell.text = text
    box = parse_xml(
        f"<w:r {nsdecls('w')}><w:txbxContent><w:p><w:r><w:t>文本框里的话</w:t></w:r></w:p></w:txbxContent></w:r>"
    )
    document.add_paragraph("正文").runs[0]._r.addnext(box)
    deleted = parse_xml(f"<w:del {nsdecls('w')}><w:r><w:delText>删去的话</w:delText></w:r></w:del>")
    document.paragraphs[-1]._p.append(deleted)
    document.save(file)
    text = llmx.read(file.getvalue()).text
    assert "1.工作回顾\n2.工作安排\n" in text
    assert "指标\t目标\n地区生产总值\t增长6%\n" in text
    assert "正文\n文本框里的话\n" in text
    assert "删去的话" not in text


def test_chinese_automatic_numbers_are_counted_as_word_shows_them() -> None:
    from llmx.documents.readers.numbering import written

    assert [written(n, "chineseCounting") for n in (1, 10, 12, 20, 99)] == ["一", "十", "十二", "二十", "九十九"]
    assert [written(3, style) for style in ("decimal", "upperLetter", "decimalEnclosedCircle", "bullet")] == [
        "3",
        "C",
        "③",
        "",
    ]


def test_a_web_page_named_docx_is_read_by_its_content(tmp_path: Path) -> None:
    (tmp_path / "report.docx").write_bytes(as_portal(QIANJIANG))
    (tmp_path / "gbk.doc").write_bytes(as_portal(QIANJIANG).decode().replace("utf-8", "gb2312").encode("gb18030"))
    assert llmx.read(tmp_path / "report.docx").text == llmx.read(tmp_path / "gbk.doc").text
    assert "地区生产总值393.5亿元" in llmx.read(tmp_path / "report.docx").text


def test_an_archive_and_tables_give_their_reports(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "reports.zip", "w") as archive:
        archive.writestr("2025/甲县.txt", QIANJIANG)
        archive.writestr("2025/乙县.docx", as_docx(QIANJIANG))
        archive.writestr("2025/丙县.pdf", b"%PDF-1.7 broken")
        archive.writestr("2025/丁县.png", b"\x89PNG")
        archive.writestr("2025/丁县_files/logo.png", b"\x89PNG")
        archive.writestr("2025/style.css", "p {}")
    row = QIANJIANG.replace('"', '""')
    (tmp_path / "panel.csv").write_text(f'place,text\n甲,"{row}"\n乙,"{row}"\n', encoding="utf-8")
    escaped = html.escape(QIANJIANG)
    (tmp_path / "all.xml").write_text(f"<all><report><body>{escaped}</body></report></all>", encoding="utf-8")
    manifest = llmx.run([tmp_path / "reports.zip", tmp_path / "panel.csv"], tmp_path / "run", column="text").manifest
    assert [one.report for one in manifest.inputs] == ["甲县", "乙县", "panel-1", "panel-2"]
    assert len({tuple(one.records.values()) for one in manifest.inputs}) == 1
    assert manifest.failures == 2
    failed = (tmp_path / "run" / "failures.jsonl").read_text("utf-8")
    assert "丙县.pdf: a PDF that is broken" in failed
    assert "丁县.png: a picture" in failed
    assert not llmx.view(tmp_path / "run").faults, "a text was not found again"
    xml = llmx.run(tmp_path / "all.xml", tmp_path / "run2", column="body").manifest
    assert xml.inputs[0].records == manifest.inputs[0].records


def packed(**files: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), data)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"%PDF-1.7\nnonsense", "broken"),
        (b"PK\x03\x04nonsense", "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a broken old Office file"),
        (packed(word__document_xml=b"<w/>", word__vbaProject_bin=b"x"), "macros"),
        (packed(word__document_xml=b"0" * (201 << 20)), "MiB"),
        (packed(xl__workbook_xml=b"<x/>", b_txt=b"x"), "unpack it"),
        (packed(word__document_xml=b"<broken"), "broken"),
        (b"{\\rtf1 text", "RTF file that is cut off"),
        (b"BZh91AY&SY", "unpack it"),
        (b"II*\0", "picture"),
        (b"", "empty"),
        (b"<html><body></body></html>", "no text"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name_with_what_to_do(data: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "报告.docx"
    path.write_bytes(data)
    with pytest.raises((UnreadableInput, NoTextInput), match=message) as raised:
        llmx.read(path)
    assert "报告.docx" in str(raised.value)


def test_a_file_without_end_is_refused_by_name(tmp_path: Path) -> None:
    with open(tmp_path / "endless.txt", "wb") as file:
        file.truncate((200 << 20) + 1)
    with pytest.raises(UnreadableInput, match=r"endless\.txt: 200 MiB"):
        llmx.read(tmp_path / "endless.txt")


def test_a_pdf_without_text_says_so() -> None:
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.rect(50, 50, 300, 300, fill=1)
    canvas.save()
    with pytest.raises(UnreadableInput, match="no text is found"):
        llmx.read(file.getvalue())


def test_a_pdf_under_a_password_says_so() -> None:
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, encrypt="secret")
    canvas.drawString(50, 50, "text")
    canvas.save()
    with pytest.raises(UnreadableInput, match="password"):
        llmx.read(file.getvalue())


@pytest.mark.parametrize(
    ("name", "data", "column", "message"),
    [
        ("a.csv", b"place,text\nx,y\n", None, "--column"),
        ("a.csv", b"place,text\nx,y\n", "body", "no column 'body'"),
        ("a.xml", b"<all><p>x</p></all>", "q", "no element 'q'"),
        ("a.xml", b'<!DOCTYPE a [<!ENTITY b "x"><!ENTITY c "&b;&b;">]><a><p>&c;</p></a>', "p", "entities"),
        ("a.xml", b"<all><p>x</all>", "p", "broken XML"),
        ("a.zip", b"PK\x03\x04nonsense", None, "broken packed"),
        ("a.zip", packed(a_png=b"x"), None, "no report"),
    ],
)
def test_a_collection_that_cannot_be_read_is_a_failure_and_the_batch_goes_on(
    name: str, data: bytes, column: str | None, message: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    manifest = llmx.run([tmp_path / name, REPORTS / "qianjiang-2025.txt"], tmp_path / "run", column=column).manifest
    assert (manifest.failures, len(manifest.inputs)) == (1, 1)
    assert message in (tmp_path / "run" / "failures.jsonl").read_text("utf-8").replace("\\'", "'")


def test_a_missing_library_is_named_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    monkeypatch.delitem(sys.modules, "llmx.documents.readers.pdf", raising=False)
    with pytest.raises(llmx.UsageError, match=r"llmx-extract\[pdf\]"):
        llmx.read(as_pdf("一、回顾\n增长6%。"))
