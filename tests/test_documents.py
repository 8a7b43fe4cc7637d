"""Files of every encoding that reports come in are read exactly; what cannot be read says why and where."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from llmx.documents import find_inputs, read, read_text, report_ids
from llmx.errors import NoTextInput, UndecodableInput, UnreadableInput

REPORTS = Path(__file__).parent / "reports"
TEXT = "重庆市黔江区人民政府工作报告\r\n各位代表：\n地区生产总值增长5.5％，比全国高0.5个百分点。\r\n"
TRADITIONAL = "縣政府工作報告\n各位代表：我們實現生產總值增長百分之五，農業產業發展良好，社會經濟環境改善。\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8-sig"),
        (TEXT.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.encode("gbk"), "gb18030"),
        (TEXT.encode("gb18030"), "gb18030"),
    ],
)
def test_encodings_are_told_apart_and_line_ends_kept(data: bytes, encoding: str) -> None:
    document = read(data)
    assert (document.text, document.encoding) == (TEXT, encoding)


def test_big5_is_not_taken_for_gb18030() -> None:
    assert read(TRADITIONAL.encode("big5")).text == TRADITIONAL


def test_characters_beyond_gbk_survive_gb18030() -> None:
    text = "䶮家镇政府工作报告：𠮷祥街道完成投资3亿元。"
    assert read(text.encode("gb18030")).text == text


def test_gbk_whose_first_bytes_are_valid_utf8_is_still_gbk() -> None:
    # 联 (C1AA) and 通 (CDA8) are the pair that made this mistake known.
    text = "联通建设情况的报告\n全县经济社会发展良好，主要目标任务完成。"
    assert read(text.encode("gbk")).text == text


def test_every_real_report_reads_the_same_in_every_encoding() -> None:
    for path in REPORTS.glob("*.txt"):
        text = read(path).text
        assert text.encode() == path.read_bytes()
        for encoding in ("gb18030", "utf-16-le", "utf-8-sig"):
            assert read(text.encode(encoding)).text == text


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_one_bad_byte_in_utf8_is_named_by_its_offset(mark: bytes) -> None:
    data = mark + TEXT.encode()
    broken = data[:39] + b"\xff" + data[39:]
    with pytest.raises(UndecodableInput, match=r"0xff at offset 39\b"):
        read(broken)


def test_a_cut_off_file_is_named_by_its_offset() -> None:
    data = TEXT.strip().encode()[:-1]
    with pytest.raises(UndecodableInput, match=rf"offset {len(data) - 2}\b"):
        read(data)


def test_mixed_encodings_are_no_mojibake_but_an_error_where_they_change() -> None:
    utf8, gbk = TEXT.encode(), TEXT.encode("gbk")
    with pytest.raises(UndecodableInput, match=rf"offset {len(utf8)}\b"):
        read(utf8 + gbk)
    with pytest.raises(UndecodableInput, match=rf"UTF-8 again from offset {len(gbk)}\b"):
        read(gbk + utf8)


def test_bytes_of_no_encoding_are_refused() -> None:
    with pytest.raises(UndecodableInput, match="offset"):
        read(bytes(range(128, 256)) * 3)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        ("\ufeff".encode(), "empty"),
        ("\u3000\n".encode("utf-16"), "empty"),
        (b"\x7fELF\x02\x01\x01\x00\x00\x00", "binary"),
    ],
)
def test_what_holds_no_text_says_what_it_is(data: bytes, words: str) -> None:
    with pytest.raises(NoTextInput, match=words):
        read(data)


def test_a_path_or_a_text_may_be_given(tmp_path: Path) -> None:
    file = tmp_path / " 2024 报告.v2.txt"
    file.write_bytes(TEXT.encode())
    for source in (file, str(file)):
        document = read(source)
        assert (document.id, document.text, document.source) == ("2024 报告.v2", TEXT, str(file))
    assert read(file, id="黔江").id == "黔江"
    assert read(TEXT).text == TEXT
    assert read("全县" * 1000).text == "全县" * 1000
    assert len(read(file).sha256 or "") == 64


@pytest.mark.parametrize("source", ["no-such.txt", "各位代表：" * 100, "a\0b"])
def test_a_short_text_is_taken_for_a_path_and_told_so(source: str) -> None:
    with pytest.raises(UnreadableInput, match=r"no such file.*llmx\.read_text"):
        read(source)
    assert read_text(source, id="x").text == source


def test_a_folder_is_no_report(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="a folder"):
        read(tmp_path)


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(UndecodableInput, match="offset 2"):
        read_text("报告\udce6")


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("2024/report.txt", "2025/report.txt", "2025/b.MD", "2025/table.csv", ".git/x.txt", "2025/.y.txt"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("报告", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("patterns", "names"),
    [
        (["."], ["2024/report.txt", "2025/b.MD", "2025/report.txt"]),
        (["2025", "2024/report.txt"], ["2025/b.MD", "2025/report.txt", "2024/report.txt"]),
        (["*/*.txt", "2024", "./2024/report.txt"], ["2024/report.txt", "2025/report.txt"]),
        (["**/*.txt"], ["2024/report.txt", "2025/report.txt"]),
        (["202*"], ["2024/report.txt", "2025/b.MD", "2025/report.txt"]),
        (["**/2024"], ["2024/report.txt"]),
        (["2025/table.csv", "-"], ["2025/table.csv", "-"]),
    ],
)
@pytest.mark.usefixtures("shelf")
def test_files_folders_and_globs_name_each_file_once(patterns: list[str], names: list[str]) -> None:
    assert [Path(str(path)).as_posix() for path in find_inputs(patterns)] == names


def test_what_names_nothing_is_an_error_and_the_rest_goes_on(shelf: Path) -> None:
    (shelf / "empty").mkdir()
    found = list(find_inputs(["gone.txt", "empty", "*.pdf", "2024"]))
    assert [type(one) is UnreadableInput for one in found] == [True, True, True, False]
    messages = [str(one) for one in found]
    assert messages[0].startswith("gone.txt: no such file")
    assert messages[1].startswith("empty: no report in this folder")
    assert messages[2].startswith("*.pdf: no file matches")


@pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root sees all")
def test_a_closed_folder_is_said_and_not_passed_over(shelf: Path) -> None:
    (shelf / "2024").chmod(0)
    try:
        found = list(find_inputs(["."]))
    finally:
        (shelf / "2024").chmod(0o755)
    assert "cannot be listed" in str(found[-1])
    assert Path("2025/report.txt") in found


@pytest.mark.parametrize(
    ("paths", "ids"),
    [
        (["a/x.txt", "a/y.txt"], ["x", "y"]),
        (["2024/report.txt", "2025/report.txt"], ["2024-report", "2025-report"]),
        (["report.txt", "2025/report.md", "report.md"], ["report", "2025-report", "report-2"]),
        (["r-2.txt", "r.txt", "r.md"], ["r-2", "r", "r-3"]),
        (["-", "a/..txt"], ["stdin", "."]),
    ],
)
def test_reports_get_different_ids(paths: list[str], ids: list[str]) -> None:
    assert report_ids([Path(path) for path in paths]) == ids


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no UTF-8")
def test_a_name_in_gbk_gives_an_id_that_can_be_written(tmp_path: Path) -> None:
    file = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + "报告".encode("gbk") + b".txt"))
    file.write_bytes(TEXT.encode())
    document = read(file)
    assert (document.id + (document.source or "")).encode().strip()
    assert report_ids([file]) == [document.id]
