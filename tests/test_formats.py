"""The formats that people have: each file is read rightly, or refused by name with what to do."""

from __future__ import annotations

import gzip
import io
import random
import shutil
import subprocess
import tarfile
import time
from pathlib import Path

import docx
import made
import pytest
from docx.oxml import parse_xml
from made import TEXT, W, packed
from test_damage import damaged
from test_readers import QIANJIANG, as_docx, as_pdf, as_portal, keys

import llmx
from llmx.documents import expand, find_inputs, is_collection
from llmx.errors import InputError, UnreadableInput

FILES = Path(__file__).parent / "files"
LINES = QIANJIANG.splitlines()
PARAGRAPHS = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in LINES)


def flat(data: bytes) -> bytes:
    """A .docx whose parts stand in one XML."""
    import base64
    import zipfile

    space = "http://schemas.microsoft.com/office/2006/xmlPackage"
    parts = []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        types = package.read("[Content_Types].xml").decode()
        for name in package.namelist():
            kind = types.partition(f'PartName="/{name}" ContentType="')[2].partition('"')[0] or "application/xml"
            content = package.read(name)
            if name.endswith((".xml", ".rels")) and name != "[Content_Types].xml":
                tree = content.decode().partition("?>")[2]
                body = f"<pkg:xmlData>{tree}</pkg:xmlData>"
            elif name != "[Content_Types].xml":
                body = f"<pkg:binaryData>{base64.b64encode(content).decode()}</pkg:binaryData>"
            else:
                continue
            parts.append(f'<pkg:part pkg:name="/{name}" pkg:contentType="{kind}">{body}</pkg:part>')
    return f'<?xml version="1.0" standalone="yes"?><pkg:package xmlns:pkg="{space}">{"".join(parts)}</pkg:package>'.encode()


def strict(data: bytes) -> bytes:
    """A .docx with the names of ISO 29500 Strict, and its main part under another name."""
    import zipfile

    names = [
        (b"http://schemas.openxmlformats.org/officeDocument/2006/relationships", b"http://purl.oclc.org/ooxml/officeDocument/relationships"),
        (b"http://schemas.openxmlformats.org/wordprocessingml/2006/main", b"http://purl.oclc.org/ooxml/wordprocessingml/main"),
        (b"word/document.xml", b"word/report1.xml"),
    ]  # fmt: skip
    members = {}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            content = package.read(name)
            for usual, other in names if name.endswith((".xml", ".rels")) else ():
                content = content.replace(usual, other)
            members[name.replace("document.xml", "report1.xml")] = content
    return packed(members)


FORMATS = {
    "rtf in GBK": made.as_rtf(QIANJIANG),
    "rtf in Unicode": made.as_rtf(QIANJIANG, font=False),
    "odt": made.as_odt("".join(f"<text:p>{line}</text:p>" for line in LINES)),
    "ofd": made.laid_out(QIANJIANG),
    "epub": made.as_epub(
        *("".join(f"<p>{line}</p>" for line in LINES[at : at + 20]) for at in range(0, len(LINES), 20))
    ),
    "mhtml": made.as_mhtml(as_portal(QIANJIANG).decode().replace("utf-8", "gb2312").encode("gb18030")),
    "eml": made.as_mail(QIANJIANG),
    "msg": made.as_msg(QIANJIANG),
    "Word 2003 XML": made.as_word_2003(PARAGRAPHS),
    "Word's parts in one XML": flat(as_docx(QIANJIANG)),
    "strict docx, its part named otherwise": strict(as_docx(QIANJIANG)),
    "gz": gzip.compress(QIANJIANG.encode("gb18030")),
}


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_report_gives_the_same_records_whatever_people_have_it_in(name: str, tmp_path: Path) -> None:
    # Under a name that says something else: a file is told by its content.
    (tmp_path / "report.txt").write_bytes(FORMATS[name])
    expected, found = keys(llmx.read_text(QIANJIANG, id="q")), keys(llmx.read(tmp_path / "report.txt", id="q"))
    assert sum((expected & found).values()) >= 0.99 * max(sum(expected.values()), sum(found.values()))


OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize(
    "kind", ["doc", "rtf", "odt", "fodt", "epub", "xml:MS Word 2003 XML", "html", "docx:Office Open XML Text"]
)
def test_what_libreoffice_writes_is_read_as_it_shows_it(kind: str, tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    (tmp_path / "report.docx").write_bytes(as_docx(QIANJIANG))
    command = [OFFICE, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", kind]
    subprocess.run(
        [*command, "--outdir", tmp_path / "made", tmp_path / "report.docx"],
        check=True,
        capture_output=True,
        timeout=120,
    )
    (file,) = (tmp_path / "made").iterdir()
    assert [line for line in llmx.read(file).text.splitlines() if line.strip()] == [
        line for line in LINES if line.strip()
    ]


PLAN = (
    "2024年某县政府工作报告\n一、2023年工作回顾\n粮食产量12[3]万吨，绿地5km2，新建校舍3所。\n指标\t单位\t2023年完成\n"
    "地区生产总值\t亿元\t256.9\n二、2024年工作安排\n粮食产量增长6.2%。\n"
)


def test_an_old_word_document_is_read_without_what_it_hides_and_marks_of_notes_join_no_figure() -> None:
    document = llmx.read(FILES / "plan.doc")
    assert document.text == PLAN
    assert document.place(document.text.index("256.9")) == "table 1, row 2"


@pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_reads_a_doc_that_resists(monkeypatch: pytest.MonkeyPatch) -> None:
    from llmx.documents.readers import doc

    def resists(*_: object) -> None:
        raise UnreadableInput("plan.doc: a broken old Word file")

    monkeypatch.setattr(doc, "parsed_apart", resists)
    assert llmx.read(FILES / "plan.doc").text == PLAN


def test_a_word_document_that_word_wrote_is_read() -> None:
    assert (
        "Three hyperlinks: the first one here, the second one, and the third.\n"
        in llmx.read(FILES / "hyperlinks.docx").text
    )


def in_word(*blocks: str) -> str:
    document, file = docx.Document(), io.BytesIO()
    for block in reversed(blocks):
        document.element.body.insert(0, parse_xml(block))
    document.save(file)
    return llmx.read(file.getvalue()).text


def run(text: str, format: str = "") -> str:
    return f"<w:r><w:rPr>{format}</w:rPr><w:t>{text}</w:t></w:r>"


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (run("产量") + run("隐藏9", "<w:vanish/>") + run("7万吨。", '<w:vanish w:val="0"/>'), "产量7万吨。"),
        (f"<w:moveFrom>{run('移走9万吨。')}</w:moveFrom><w:moveTo>{run('移来7万吨。')}</w:moveTo>", "移来7万吨。"),
        (f"<w:del><w:r><w:delText>删去</w:delText></w:r></w:del><w:ins>{run('加上7万吨。')}</w:ins>", "加上7万吨。"),
        (f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('单击此处输入文字9')}</w:sdtContent></w:sdt>" + run("7万吨。"), "7万吨。"),
        (f"<w:sdt><w:sdtContent>{run('产量7')}</w:sdtContent></w:sdt>" + run("万吨。"), "产量7万吨。"),
        (run("产量12") + run("1,2", '<w:vertAlign w:val="superscript"/>') + run("万吨。"), "产量12[1,2]万吨。"),
        (run("产量12") + run("3", '<w:position w:val="6"/>') + run("万吨。"), "产量12[3]万吨。"),
        (run("GDP") + run("1", '<w:vertAlign w:val="superscript"/>') + run("增长7%。"), "GDP[1]增长7%。"),
        (run("蓄水2亿m") + run("3", '<w:vertAlign w:val="superscript"/>') + run("。"), "蓄水2亿m3。"),
        ("<w:r><w:ruby><w:rt><w:r><w:t>yu</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>渝</w:t></w:r></w:rubyBase></w:ruby></w:r>", "渝"),
    ],
)  # fmt: skip
def test_a_word_document_says_what_is_shown(inner: str, text: str) -> None:
    assert in_word(f"<w:p {W}>{inner}</w:p>") == f"{text}\n"


def test_what_is_hidden_by_a_style_or_deleted_with_its_row_or_line_end_is_not_counted() -> None:
    row = "<w:tr>{}<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc></w:tr>"
    table = f"<w:tbl {W}>{row.format('', '留下')}{row.format('<w:trPr><w:del/></w:trPr>', '删去')}</w:tbl>"
    first = f"<w:p {W}><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('增长6.')}</w:p>"
    assert in_word(first, f"<w:p {W}>{run('2%。')}</w:p>", table) == "增长6.2%。\n留下\n"
    document, file = docx.Document(), io.BytesIO()
    document.styles["Quote"].font.hidden = True
    document.add_paragraph("隐藏9万吨。", style="Quote")
    document.add_paragraph("产量7万吨。")
    document.save(file)
    assert llmx.read(file.getvalue()).text == "产量7万吨。\n"


def test_word_2003_writes_numbers_notes_and_deletions_beside_the_text() -> None:
    number = '<w:pPr><w:listPr><wx:t wx:val="一、"/></w:listPr></w:pPr>'
    note = "<w:r><w:footnote><w:p><w:r><w:t>初步统计。</w:t></w:r></w:p></w:footnote></w:r>"
    gone = '<aml:annotation w:type="Word.Deletion"><aml:content><w:r><w:delText>9</w:delText></w:r></aml:content></aml:annotation>'
    body = f"<w:p>{number}{run('回顾')}</w:p><w:p>{run('产量7')}{note}{gone}{run('万吨。')}</w:p>"
    assert llmx.read(made.as_word_2003(body)).text == "一、回顾\n产量7[1]万吨。\n[1] 初步统计。\n"


RTF = r"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fnil\fcharset134 SimSun;}{\f1\fcharset0 Arial;}}\f0 %s}"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (r"12{\super 3}\'cd\'f2\'b6\'d6\par", "12[3]万吨\n"),
        (r"2m{\super 3}\nosupersub\par", "2m3\n"),
        (r"7{\v 9}{\deleted 8}\v 6\v0 5\par", "75\n"),
        (r"{\pntext\f0 \'d2\'bb\'a1\'a2}\'bb\'d8\'b9\'cb\par", "一、回顾\n"),
        (r"7{\footnote \'b3\'f5\'b2\'bd.}%\par", "7[1]%\n[1] 初步.\n"),
        (r"{\trowd a\cell b\cell\row}c\par", "a\tb\nc\n"),
        (r"{\uc2\u20140\'d2\'bb\u-10179?x\u-9072?x}\par", "京\U0001f490\n"),
        (r"{\f1\'bb\'d8\'b9\'cb}\par", "»Ø¹Ë\n"),
        (r"{\*\shpinst{\sp{\sn x}{\sv 9}}{\shptxt \'bf\'f2\par}}a\par", "框\na\n"),
        (r"{\field{\*\fldinst HYPERLINK x}{\fldrslt link}} {\pict\bin3 }}}}\par", "link \n"),
    ],
)
def test_a_rich_text_file_says_what_is_shown(body: str, text: str) -> None:
    assert llmx.read((RTF % body).encode("latin-1")).text == text


def test_chinese_in_a_rich_text_file_that_names_no_encoding_is_chinese() -> None:
    named = made.as_rtf(TEXT)
    unnamed = named.replace(b"\\ansicpg936", b"").replace(b"\\fcharset134", b"")
    assert llmx.read(b"\xef\xbb\xbf" + unnamed).text == TEXT
    assert llmx.read(rb"{\rtf1\ansi caf\'e9\par}").text == "café\n"


def test_what_stands_before_a_pdf_and_a_zip_of_one_do_no_harm() -> None:
    assert llmx.read(b"\r\n" + as_pdf(TEXT)).text == llmx.read(as_pdf(TEXT)).text
    assert llmx.read(packed({"a.txt": TEXT})).text == TEXT


def test_a_rich_text_file_that_is_cut_off_or_nests_without_end_is_refused() -> None:
    with pytest.raises(UnreadableInput, match="cut off"):
        llmx.read(made.as_rtf(TEXT)[:-2])
    with pytest.raises(UnreadableInput, match="without end"):
        llmx.read(b"{\\rtf1 " + b"{" * 100_000)


def test_an_opendocument_text_says_what_is_shown() -> None:
    styles = (
        '<style:style style:name="U"><style:text-properties style:text-position="super 58%"/></style:style>'
        '<style:style style:name="V" style:parent-style-name="H"/>'
        '<style:style style:name="H"><style:text-properties text:display="none"/></style:style>'
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..." '
        'style:num-suffix="、"/></text:list-style>'
    )
    body = (
        '<text:tracked-changes><text:p>删去9</text:p></text:tracked-changes><text:list text:style-name="L">'
        "<text:list-item><text:p>回顾</text:p></text:list-item><text:list-item><text:p>安排</text:p></text:list-item></text:list>"
        '<text:p>产量12<text:span text:style-name="U">3</text:span>万吨<text:span text:style-name="V">隐藏9</text:span>，蓄水\n '
        '2m<text:span text:style-name="U">3</text:span><text:note><text:note-citation>1</text:note-citation><text:note-body>'
        "<text:p>初步。</text:p></text:note-body></text:note><text:s text:c=\"2\"/>完</text:p>"
        "<table:table><table:table-row><table:table-cell><text:p>甲</text:p></table:table-cell><table:table-cell><text:p>7</text:p>"
        "</table:table-cell></table:table-row></table:table>"
    )  # fmt: skip
    text = "一、回顾\n二、安排\n产量12[3]万吨，蓄水 2m3[1]  完\n甲\t7\n[1] 初步。\n"
    assert llmx.read(made.as_odt(body, styles)).text == text


def test_an_opendocument_text_under_a_password_says_so() -> None:
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    manifest = f'<m:manifest xmlns:m="{space}"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'.encode()
    with pytest.raises(UnreadableInput, match="password"):
        llmx.read(made.repacked(made.as_odt(""), {"META-INF/manifest.xml": manifest}))


def test_an_ofd_is_read_by_its_lines_whatever_order_they_are_drawn_in() -> None:
    pieces = [
        (33.0, 70.0, 4.0, "绿地5km"),
        (33.0, 50.0, 4.0, "粮食产量12"),
        (53.2, 48.5, 2.4, "3"),
        (54.6, 50.0, 4.0, "万吨。"),
        (47.0, 70.0, 4.0, "²。"),
    ]
    page = [*pieces, (33.0, 50.0, 4.0, "粮食产量12"), (100.0, 285.0, 4.0, "— 1 —")]
    assert llmx.read(made.as_ofd([page])).text == "粮食产量12[3]万吨。\n绿地5km²。\n"
    with pytest.raises(UnreadableInput, match="text recognition"):
        llmx.read(made.as_ofd([[]]))


def test_a_pdfs_line_holds_together_where_a_figure_is_set_in_another_font() -> None:
    from reportlab.pdfgen.canvas import Canvas

    as_pdf(TEXT)  # which registers the font
    file = io.BytesIO()
    canvas = Canvas(file)
    for font, left, words in (("STSong-Light", 60, "推进"), ("STSong-Light", 90, "十四五"), ("STSong-Light", 132, "规划，投资"),
                              ("STSong-Light", 206, "亿元。"), ("Helvetica", 84, "“"), ("Helvetica", 126, "”"), ("Helvetica", 192, "12.5")):  # fmt: skip
        canvas.setFont(font, 12)
        canvas.drawString(left, 700, words)
    canvas.save()
    assert "".join(llmx.read(file.getvalue()).text.split()) == "推进“十四五”规划，投资12.5亿元。"


def test_an_epubs_chapters_are_read_in_their_order() -> None:
    document = llmx.read(made.as_epub("<h1>一、回顾</h1><p>产量7万吨。</p>", "<p>二、安排</p>"))
    assert document.text == "一、回顾\n产量7万吨。\n二、安排\n"
    assert document.place(document.text.index("二")) == "chapter 2, paragraph 1"


def reports(path: Path, column: str | None = None) -> list[tuple[str, str]]:
    """Sources of what is read of a collection, and its texts or errors."""
    found = list(expand(path, column))
    return [("", str(one)) if isinstance(one, InputError) else (str(one.source), one.text) for one in found]


@pytest.mark.parametrize("write", [made.as_mail, made.as_msg])
def test_what_is_attached_to_a_mail_is_read_and_the_mail_that_covers_it_is_not(write, tmp_path: Path) -> None:
    path = tmp_path / "来信.eml"
    path.write_bytes(write("请查收附件。", ("报告.docx", as_docx(TEXT)), ("表.zip", packed({"乙.txt": TEXT}))))
    assert is_collection(path)
    assert [source.removeprefix(str(path)) for source, _ in reports(path)] == ["#报告.docx", "#表.zip#乙.txt"]
    path.write_bytes(write(QIANJIANG, ("附件.txt", QIANJIANG.encode())))
    assert [source.removeprefix(str(path)) for source, _ in reports(path)] == ["", "#附件.txt"]
    with pytest.raises(UnreadableInput, match="llmx extract"):
        llmx.read(path)


def test_a_mail_in_a_mail_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "转发.eml"
    path.write_bytes(made.as_mail("转发", ("内.eml", made.as_mail("见附件", ("报告.txt", TEXT.encode())))))
    assert reports(path) == [(f"{path}#内.eml#报告.txt", TEXT)]


def test_archives_in_archives_are_opened_and_bounded_in_depth(tmp_path: Path) -> None:
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        for name in ("甲.txt", "script.js"):
            entry = tarfile.TarInfo(name)
            entry.size = len(TEXT.encode())
            archive.addfile(entry, io.BytesIO(TEXT.encode()))
    path = tmp_path / "all.bin"
    path.write_bytes(packed({"内.zip": packed({"b.tgz": gzip.compress(tar.getvalue()), "c.docx": as_docx(TEXT)})}))
    assert [source.removeprefix(str(path)) for source, _ in reports(path)] == [
        "#内.zip#b.tgz#b.tar#甲.txt",
        "#内.zip#c.docx",
    ]
    deep = packed({"a.txt": TEXT})
    for _ in range(6):
        deep = packed({"a.zip": deep})
    path.write_bytes(deep)
    ((_, message),) = reports(path)
    assert "deep; unpack them by hand" in message
    assert message.startswith(str(path))


def test_an_archive_of_large_members_ends_soon_and_a_bomb_fills_no_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.zip"
    path.write_bytes(packed({f"{number}.txt": b"1" * (49 << 20) for number in range(10)}))
    begun = time.monotonic()
    found = reports(path)
    assert time.monotonic() - begun < 30
    assert len(found) == 10
    assert all("49 MiB of text" in message for _, message in found)
    path.write_bytes(packed({f"{number}.pdf": bytes(90 << 20) for number in range(7)}))
    assert "unfolds to more than 500 MiB" in reports(path)[-1][1]
    path.write_bytes(gzip.compress(bytes(300 << 20)))
    assert "more than 100 MiB" in reports(path)[0][1]


def test_an_archive_that_takes_too_long_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from llmx.documents import collections

    clock = iter(range(0, 10_000, 20))
    monkeypatch.setattr(collections, "monotonic", lambda: next(clock))
    path = tmp_path / "slow.zip"
    path.write_bytes(packed({f"{number}.txt": TEXT for number in range(50)}))
    found = reports(path)
    assert "takes more than" in found[-1][1]
    assert 0 < len(found) < 50


def test_rar_and_7z_are_opened(tmp_path: Path) -> None:
    libarchive = pytest.importorskip("libarchive", reason="the system has no libarchive", exc_type=Exception)
    path = tmp_path / "a.7z"
    with libarchive.file_writer(str(path), "7zip") as archive:
        archive.add_file_from_memory("甲.txt", len(TEXT.encode()), TEXT.encode())
    assert reports(path) == [(f"{path}#甲.txt", TEXT)]
    for name in ("rar3-subdirs.rar", "rar5-subdirs.rar"):
        assert sorted(text for _, text in reports(FILES / name)) == ["file\n", "file1\n", "file2\n", "long fn\n"]
    assert "protected by a password" in reports(FILES / "rar5-hpsw.rar")[0][1]
    for name in ("rar3-volume.rar", "rar5-volume.rar"):
        assert "one volume of several" in reports(FILES / name)[0][1]


def test_a_workbook_with_a_column_of_text_gives_its_rows(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (["地区", "年份", "正文"], ["甲县", 2024, TEXT], ["乙县", 2025, "长" * 32_767], ["丙县", "明年", TEXT]):
        book.active.append(row)
    path = tmp_path / "panel.xlsx"
    book.save(path)
    first, cut, odd = list(expand(path, "正文"))
    assert (first.text, first.known.place, first.known.year) == (TEXT, "甲县", 2024)
    assert "cut off at the 32,767" in str(cut)
    assert "year '明年'" in str(odd)
    for column, message in ((None, "which column holds the text?"), ("text", "no column 'text'")):
        ((_, told),) = reports(path, column)
        assert message in told
        assert "['地区', '年份', '正文']" in told


def test_a_table_whose_column_is_not_named_tells_its_columns(tmp_path: Path) -> None:
    (tmp_path / "panel.csv").write_text("place,text\nx,y\n")
    assert "it has ['place', 'text']" in reports(tmp_path / "panel.csv")[0][1]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.xls", made.as_ole({"Workbook": b"x"}), "an old Excel file; save it as .xlsx"),
        ("a.ppt", made.as_ole({"PowerPoint Document": b"x"}), "slides"),
        ("a.doc", made.as_ole({"EncryptedPackage": b"x"}), "protected by a password"),
        ("a.doc", made.as_ole({"Contents": b"x"}), "an old Office file that is no Word document"),
        ("a.doc", made.as_ole({"WordDocument": b"x"}), "broken old Word"),
        ("a.docx", packed({"[Content_Types].xml": "presentationml", "ppt/x": ""}), "llmx extract"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "a picture"),
        ("a.caj", b"CAJ\0", "save it as a PDF"),
        ("a.eml", b"From: a@b\nContent-Type: image/png\n\nx", "a mail without text"),
    ],
)
def test_what_is_not_read_is_refused_by_name_with_what_to_do(
    name: str, data: bytes, message: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=message) as raised:
        llmx.read(tmp_path / name)
    assert str(raised.value).startswith(str(tmp_path / name))


@pytest.mark.parametrize(
    ("library", "extra", "data"),
    [
        ("docx", "docx", as_docx(TEXT)),
        ("ofdkit", "ofd", made.laid_out(TEXT)),
        ("olefile", "doc", made.as_msg(TEXT)),
        ("doc2docx", "doc", (FILES / "plan.doc").read_bytes()),
        ("lxml", "odt", made.as_odt("")),
        ("lxml", "epub", made.as_epub("x")),
        ("lxml", "html", as_portal(TEXT)),
        ("libarchive", "archives", b"7z\xbc\xaf\x27\x1c"),
    ],
)
def test_a_library_that_is_missing_is_named_with_its_extra(
    library: str, extra: str, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(llmx.UsageError, match=rf"llmx-extract\[{extra}\]"):
        llmx.read(data)


def test_a_reader_that_hangs_or_dies_costs_one_file() -> None:
    import os
    import signal

    from llmx.documents.readers import apart

    worker = apart._take()
    os.kill(worker._process.pid, signal.SIGSTOP)
    apart._idle.append(worker)
    with pytest.raises(UnreadableInput, match=r"a\.pdf: was not read within 1 s"):
        apart.parsed_apart("pdf:parse", as_pdf(TEXT), "a.pdf", 1.0)
    worker = apart._take()
    worker._process.kill()
    apart._idle.append(worker)
    with pytest.raises(UnreadableInput, match=r"b\.pdf: broke what reads it"):
        apart.parsed_apart("pdf:parse", as_pdf(TEXT), "b.pdf", 1.0)
    assert "粮食产量" in llmx.read(as_pdf(TEXT)).text


def test_a_folder_is_taken_as_it_was_collected(tmp_path: Path) -> None:
    files = {
        "甲.doc": b"x", "乙.wps": b"x", "丙.ofd": b"x", "丁.7z": b"x", "扫描.jpg": b"x", "无名": as_pdf(TEXT), "戊.PDF.tmp": as_pdf(TEXT),
        "~$甲.docx": b"x", "table.csv": b"a,b", "notes.json": b"{}", "页.html": b"x", "页_files/logo.png": b"x", "页_files/frame.html": b"x",
    }  # fmt: skip
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    found = {str(Path(str(path)).relative_to(tmp_path)) for path in find_inputs([str(tmp_path)])}
    assert found == {
        "甲.doc",
        "乙.wps",
        "丙.ofd",
        "丁.7z",
        "扫描.jpg",
        "无名",
        "戊.PDF.tmp",
        "页.html",
        "页_files/frame.html",
    }


def test_what_is_given_twice_and_what_is_passed_over_are_said(tmp_path: Path) -> None:
    for name in ("a/甲县.txt", "a/乙县.txt", "a/丙县.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TEXT + ("丙" if "丙" in name else ""), encoding="utf-8")
    (tmp_path / "a" / "index.csv").write_text("x")
    manifest = llmx.run(tmp_path / "a", tmp_path / "run").manifest
    assert len(manifest.inputs) == 3
    twice, over = manifest.warnings
    assert "甲县.txt and in" in twice or "乙县.txt and in" in twice
    assert "counted 2 times" in twice
    assert "丙县" not in twice
    assert "index.csv" in over


def test_a_run_over_a_collected_folder_is_whole_and_taken_up_again(tmp_path: Path) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "甲.doc").write_bytes((FILES / "plan.doc").read_bytes())
    (folder / "乙.eml").write_bytes(made.as_mail("见附件", ("报告.rtf", made.as_rtf(TEXT))))
    (folder / "丙.mht").write_bytes(made.as_mhtml(as_portal(TEXT + "绿地5公顷。\n")))
    (folder / "丁.zip").write_bytes(packed({"内.zip": packed({"戊.ofd": made.laid_out(TEXT + "蓄水8亿立方米。\n")})}))
    (folder / "扫描.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    first = llmx.run(folder, tmp_path / "run").manifest
    assert {one.report for one in first.inputs} == {"丙", "戊", "报告", "甲"}
    assert first.failures == 1
    assert not llmx.view(tmp_path / "run").faults, "a text was not found again"
    second = llmx.run(folder, tmp_path / "run").manifest
    assert second.taken_up == 4


GOOD = {
    **FORMATS,
    "doc": (FILES / "plan.doc").read_bytes(),
    "nested": packed({"a.zip": packed({"b.txt": QIANJIANG, "c.docx": as_docx(TEXT)})}),
    "rar": (FILES / "rar5-subdirs.rar").read_bytes(),
}


@pytest.mark.parametrize("name", GOOD)
def test_damaged_files_are_refused_by_name_or_read_within_bounds(name: str, tmp_path: Path) -> None:
    dice = random.Random(7)
    for number in range(8):
        path = tmp_path / f"{number}.bin"
        path.write_bytes(damaged(GOOD[name], dice))
        begun = time.monotonic()
        try:
            found = list(expand(path)) if is_collection(path) else [llmx.read(path)]
        except InputError as error:
            found = [error]
        assert time.monotonic() - begun < 25
        assert all(str(one).startswith(str(path)) for one in found if isinstance(one, InputError))


LAUGHS = "<!DOCTYPE a [<!ENTITY a0 'ha'>{}]>".format(
    "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
)


@pytest.mark.parametrize(
    "data",
    [
        made.repacked(made.as_odt(""), {"content.xml": f"<?xml version='1.0'?>{LAUGHS}<a>&a11;</a>".encode()}),
        made.repacked(made.laid_out(TEXT), {"OFD.xml": f"<?xml version='1.0'?>{LAUGHS}<a>&a11;</a>".encode()}),
        made.repacked(made.as_epub("x"), {"O/b.opf": f"<?xml version='1.0'?>{LAUGHS}<a>&a11;</a>".encode()}),
        made.repacked(as_docx(TEXT), {"word/document.xml": f"<?xml version='1.0'?>{LAUGHS}<a>&a11;</a>".encode()}),
        made.as_word_2003("&a11;").replace(b"<?mso", LAUGHS.encode() + b"<?mso"),
    ],
    ids=["odt", "ofd", "epub", "docx", "Word 2003 XML"],
)
def test_entities_that_unfold_without_end_are_not_unfolded(data: bytes) -> None:
    begun = time.monotonic()
    with pytest.raises(InputError):
        llmx.read(data)
    assert time.monotonic() - begun < 5
