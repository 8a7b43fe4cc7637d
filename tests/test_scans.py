"""Scans: pages without text are recognised; records say where on the page they stand and how surely they were read."""

from __future__ import annotations

import csv
import io
import re
import zlib
from importlib.util import find_spec
from pathlib import Path

import pypdfium2
import pytest
from test_readers import as_pdf

import llmx
from llmx.documents import Document, told_of_pages
from llmx.documents.document import Scanned
from llmx.documents.readers import kinds, pdf
from llmx.documents.readers.marks import MISREAD, mended
from llmx.documents.readers.textlayer import is_lacking
from llmx.errors import NoTextInput, UnreadableInput

needs_ocr = pytest.mark.skipif(
    find_spec("rapidocr") is None, reason="text recognition is not installed: llmx-extract[ocr]"
)
SCAN = Path(__file__).parent / "files" / "scan.tif"
"""A page as a scanner gives it, in black and white, at 200 dots an inch."""
TEXT = """青石县人民政府工作报告
2025年1月8日
一、2024年工作回顾
地区生产总值达到186.4亿元、增长6.2%；粮食产量稳定在21.7万吨以上，城镇新增就业3580人。清河大桥建成通车，获评省级卫生县城。
工业经济稳中向好。规上工业增加值增长8.9%，新培育规上企业12家，技改投资突破4.5亿元；森林火灾受害率控制在0.3‰以内。
二、2025年工作安排
今年发展的主要预期目标是：地区生产总值增长6.5%左右，一般公共预算收入增长5%，居民人均可支配收入增长7%以上。
开工建设城西水厂，改造老旧小区36个，新建农村公路120公里。
"""
MARK = (0.99, 1.0, 2.0, 3.0, 4.0)


def page(turned: int = 0, format: str = "PNG", **options: object) -> bytes:
    """The page as a picture of another kind, turned to the left."""
    from PIL import Image

    file = io.BytesIO()
    with Image.open(SCAN) as picture:
        picture.convert("L").rotate(turned, expand=True).save(file, format, **options)
    return file.getvalue()


def fields(document: Document) -> list[tuple[object, ...]]:
    names = ("type", "indicator", "name", "value", "unit", "comparator", "year")
    return [tuple(getattr(record, name, None) for name in names) for record in llmx.extract(document)]


@needs_ocr
def test_a_scan_gives_the_records_of_its_text_with_their_boxes_and_its_page_in_the_view(tmp_path: Path) -> None:
    scan = llmx.read(SCAN)
    assert scan.text == TEXT
    assert fields(scan) == fields(llmx.read_text(TEXT))
    record = next(one for one in llmx.extract(scan) if getattr(one, "value", None) == 186.4)
    assert record.confidence
    assert record.confidence > 0.9
    found = re.fullmatch(r"p\. 1, box (\d+) (\d+) (\d+) (\d+)", record.location or "")
    assert found
    left, top, right, bottom = map(int, found.groups())
    assert 310 < left < 330, "地 begins two characters in"
    assert 560 < top < bottom < 630, "the fourth line"
    assert 870 < right < 900
    view = llmx.view([llmx.extract(scan)], out=tmp_path / "view.html")
    assert '"pages":{"1":{"url":"data:image/webp;base64,' in view.path.read_text("utf-8")


@needs_ocr
def test_a_page_on_its_side_is_turned_and_boxes_are_those_of_the_file() -> None:
    side = llmx.read(page(90, "JPEG", quality=40))
    assert side.text == TEXT
    at = TEXT.index("186.4亿元")
    (left, top, right, bottom), (x, y, to, low) = (one.boxes(at, at + 7)[0][1] for one in (llmx.read(SCAN), side))
    width = 1654
    assert (x, y, to, low) == pytest.approx((top, width - right, bottom, width - left), abs=12)


@needs_ocr
def test_a_pdf_is_recognised_where_its_text_is_lacking_page_by_page() -> None:
    with_text = (
        "一、2024年工作回顾\n财政收入增长4%，粮食产量达到20万吨，新增企业30家，改造道路50公里，完成投资3亿元。\n"
    )
    both = pypdfium2.PdfDocument(as_pdf(with_text))
    scanned = pypdfium2.PdfDocument(page(format="PDF", resolution=200))
    both.import_pages(scanned)
    file = io.BytesIO()
    both.save(file)
    told: list[tuple[str, int, int]] = []
    token = told_of_pages.set(lambda *page: told.append(page))
    try:
        document = llmx.read(file.getvalue(), id="两页")
    finally:
        told_of_pages.reset(token)
    assert told == [("两页", 0, 1), ("两页", 1, 1)]
    assert document.text.replace("\n", "").endswith((with_text + TEXT).replace("\n", ""))
    first, second = document.text.index("财政"), document.text.index("粮食产量稳定")
    assert (document.place(first), document.confidence(first, first + 9)) == ("p. 1", None)
    assert document.confidence(second, second + 9)
    assert re.fullmatch(r"p\. 2, box \d+ 20\d \d+ 22\d", document.place(second, second + 2) or ""), "in points"


def test_what_reads_scans_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (kinds, pdf):
        monkeypatch.setattr(module, "installed", lambda name: name not in ("rapidocr", "onnxruntime"))
    with pytest.raises(NoTextInput, match=r"a picture; .*llmx-extract\[ocr\]"):
        llmx.read(SCAN)
    with pytest.raises(UnreadableInput, match=r"a\.pdf: a scanned PDF; .*llmx-extract\[ocr\]"):
        pdf.parse(page(format="PDF"), "a.pdf")


@needs_ocr
def test_pictures_without_text_broken_or_too_large_are_refused_by_name(tmp_path: Path) -> None:
    from PIL import Image

    blank = io.BytesIO()
    Image.new("L", (600, 800), 255).save(blank, "PNG")
    long = io.BytesIO()
    Image.new("L", (300, 9000), 255).save(long, "PNG")
    huge = page()[:16] + (30_000).to_bytes(4, "big") * 2 + page()[24:]
    checked = huge[:29] + zlib.crc32(huge[12:29]).to_bytes(4, "big") + huge[33:]
    for name, data, error, message in (
        ("blank.png", blank.getvalue(), NoTextInput, "no text is found"),
        ("huge.png", checked, UnreadableInput, "30000 by 30000 pixels"),
        ("long.png", long.getvalue(), UnreadableInput, "cut it into pages"),
        ("cut.jpg", page(format="JPEG")[:2000], UnreadableInput, "broken"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(error, match=rf"{name}: .*{message}"):
            llmx.read(tmp_path / name)


def test_what_was_not_surely_read_is_said() -> None:
    marks = [(1.0, number * 10.0, 100.0, number * 10.0 + 10, 110.0) for number in range(8)]
    marks[5] = (0.5, *marks[5][1:])
    text = "一、2024年工作回顾\n粮食增产12%。"
    document = Document("甲", text, scanned=(Scanned(text.index("粮食"), 3, tuple(marks)),))
    (record,) = llmx.extract(document)
    assert (record.confidence, record.location) == (0.5, "p. 3, box 0 100 70 110")
    assert record.model_dump(mode="json", exclude_none=True)["confidence"] == 0.5


def test_a_run_warns_of_it_and_its_table_has_it(tmp_path: Path) -> None:
    text = "一、2024年工作回顾\n粮食增产12%。"
    unsure = Document(
        "甲",
        text,
        scanned=(Scanned(text.index("粮食"), 3, (MARK, MARK, MARK, MARK, (0.4, *MARK[1:]), MARK, MARK, MARK)),),
    )
    run = llmx.run([unsure, Document("乙", text)], tmp_path / "run", formats="csv")
    (warning,) = run.manifest.warnings
    assert warning.startswith("甲: 1 of 1 records")
    assert "p. 3, box" in warning
    assert [record.confidence for record in run.records()] == [0.4, None]
    with open(tmp_path / "run" / "records.csv", encoding="utf-8-sig", newline="") as file:
        assert [row["confidence"] for row in csv.DictReader(file)] == ["0.4", ""]


@pytest.mark.parametrize("row", MISREAD, ids=lambda row: row.example[0])
def test_what_is_misread_is_put_right(row: object) -> None:
    read, right = row.example  # type: ignore[attr-defined]
    text, marks = mended(read, [MARK] * len(read))
    assert text == right
    assert len(marks) == len(text)
    assert mended(right, [MARK] * len(right))[0] == right


def test_blanks_are_kept_between_latin_words_alone() -> None:
    assert mended("达到 12 亿元 of GDP ", [MARK] * 15)[0] == "达到12亿元of GDP"


@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        ("粮食产量稳定增长，全县的经济发展再上台阶，人民生活持续改善。" * 5, False),
        ("La croissance économique a été soutenue et le chômage a reculé." * 3, False),
        ("ÖÐ¹ú¾­¼Ã·¢Õ¹±¨¸æ" * 5, True),
        ("\ue001\ue002\ue003增长\ue004\ue005" * 10, True),
        ("壹贰叁肆伍陆柒捌玖拾佰仟萬億兆" * 20, True),
    ],
)
def test_text_that_cannot_be_read_is_told(text: str, lacking: bool) -> None:
    page = pypdfium2.PdfDocument(as_pdf("增长6%。"))[0]
    assert is_lacking(page, text) is lacking
