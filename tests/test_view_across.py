"""All reports of a run at a glance, in one page and in a folder of pages: listed, searched, compared."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Browser
from hypothesis import given
from hypothesis import strategies as st
from penalties import PENALTIES, TEXT
from test_view import FIELDS, HOSTILE, Page

import llmx
from llmx.errors import OutputError
from llmx.task import Compared
from llmx.views.folder import page_names
from llmx.views.report_data import report_data

DOCS = Path(__file__).parent.parent / "docs" / "view.md"
VIEW = sys.modules["llmx.views.view"]
EARLIER = """重庆市黔江区2024年政府工作报告
一、2023年工作回顾
地区生产总值增长5.1%，粮食产量稳定在25万吨。
二、2024年工作安排
地区生产总值增长6%以上，城镇调查失业率控制在5.5%以内。修建𠮷林水库。
“十四五”期间地区生产总值年均增长7%。
"""
LATER = """重庆市云阳县2024年政府工作报告
一、2023年工作回顾
地区生产总值增长4.8%。新建学校3所。
二、2024年工作安排
地区生产总值增长5%—5.5%，固定资产投资增长8%左右。建设新建村的水厂。
"""
THIRD = LATER.replace("云阳县", "酉阳土家族苗族自治县").replace("5%—5.5%", "6.5%左右").replace("4.8%", "9.9%")
TEXTS = {"qj": EARLIER, "yy": LATER, "third": THIRD}


def written(folder: Path, one_page: int) -> Path:
    """The view of a run of the three reports."""
    inputs = folder / "reports"
    inputs.mkdir()
    for name, text in TEXTS.items():
        (inputs / f"{name}.txt").write_text(text, "utf-8")
    llmx.run(inputs, folder / "run")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(VIEW, "ONE_PAGE", one_page)
        return llmx.view(folder / "run").path


@pytest.fixture(scope="module", params=["one page", "folder"])
def view(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("view"), 0 if request.param == "folder" else VIEW.ONE_PAGE)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    return written(tmp_path, 0)


@pytest.fixture
def page(browser: Browser) -> Iterator[Browser]:
    yield browser
    assert [line for line in browser.driver.get_log("browser") if line["level"] == "SEVERE"] == []


def show(page: Browser, path: Path, fragment: str, selector: str, width: int = 1366) -> None:
    """Open a pane over all reports."""
    page.driver.get("about:blank")
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    page.driver.get(path.as_uri() + fragment)
    page.wait(lambda: page.all(selector))


def record(**values: object) -> llmx.Record:
    """The one record of the three reports that has these values."""
    records = [one for name, text in TEXTS.items() for one in llmx.extract(llmx.read_text(text, id=name))]
    (found,) = [one for one in records if all(getattr(one, name, None) == value for name, value in values.items())]
    return found


def arrived(page: Browser, quote: str) -> None:
    """Make sure that a click has led to a record in its text."""
    page.wait(lambda: page.all("#text .m.here"))
    assert "".join(mark.text for mark in page.all("#text .m.here")) == quote
    assert page.text("#details blockquote") == quote
    assert page.seen("#text .m.here")


def test_a_search_finds_records_of_all_reports(page: Browser, view: Path) -> None:
    show(page, view, "#:find", "#find-query")
    page.press("失业率")
    page.wait(lambda: page.text("#find-count") == "1 份报告中 1 处")
    assert [one.text for one in page.all(".group .hit mark")] == ["失业率", "失业率"]
    page.click(".hit")
    arrived(page, record(indicator_id="unemployment_surveyed").quote)


def test_a_search_finds_words_of_the_texts(page: Browser, view: Path) -> None:
    show(page, view, "#:find/" + "%E6%96%B0%E5%BB%BA", ".hit")  # 新建
    page.click("#find-in_texts")
    page.wait(lambda: page.text("#find-count") == "2 份报告中 4 处")
    assert page.text(".hit.passage", 1) == "建设新建村的水厂。"
    page.driver.execute_script("document.querySelector('#find-query').value = ''")
    field = page.all("#find-query")[0]
    field.send_keys("二、 工作安排")
    page.wait(lambda: page.text("#find-count") == "3 份报告中 3 处")
    page.click(".hit.passage", 1)
    page.wait(lambda: page.all("#text .found"))
    assert page.text("#text .found") == "二、2024年工作安排"


def test_what_is_compared_shows_its_modifiers_and_leads_to_its_words(page: Browser, view: Path) -> None:
    show(page, view, "#:compare/gdp", "#plot a")
    told = {row.text.split()[0]: row.text.split()[1:] for row in page.all(".cells tbody tr")}
    assert told == {
        "重庆市黔江区": ["5.1%", "≥6%"],
        "重庆市云阳县": ["4.8%", "5%—5.5%"],
        "重庆市酉阳土家族苗族自治县": ["9.9%", "≈6.5%"],
    }
    assert len(page.all("#plot a.target.aimed")) == 3
    assert len(page.all("#plot a.achievement:not(.aimed)")) == 3
    assert len(page.all("#plot a rect.dot")) == 1
    assert [key.text for key in page.all(".plot .key span")] == ["成果", "目标", "不低于", "左右", "区间"]
    page.click(".cells a.target")
    arrived(page, record(indicator_id="gdp", value=6).quote)


def test_periods_are_never_mixed(page: Browser, view: Path) -> None:
    show(page, view, "#:compare/gdp", "#plot a")
    assert "7%" not in page.text(".cells")
    page.click("#apart-period button", 1)
    page.wait(lambda: page.text(".cells tbody").split() == ["重庆市黔江区", "7%"])
    page.click("#plot a .dot")
    arrived(page, record(period="average").quote)


def test_the_list_is_filtered_and_sorted(page: Browser, view: Path) -> None:
    show(page, view, "#:reports", "#sheet tbody tr")
    assert len(page.all("#sheet tbody tr")) == 3
    found = [one for name, text in TEXTS.items() for one in llmx.extract(llmx.read_text(text, id=name))]
    assert page.text("#sheet .tile.target b") == str(sum(one.type == "target" for one in found))
    page.click("#sheet thead .target")  # the most first
    counts = [int(cell.text) for cell in page.all("#sheet tbody td:nth-child(6)")]
    assert counts == sorted(counts, reverse=True)
    page.press("/")
    page.press("云阳")
    page.wait(lambda: page.text("#wanted-count") == "1 / 3 份报告")
    assert len(page.all("#sheet tbody tr")) == 1
    page.click("#sheet tbody a")
    page.wait(lambda: "云阳县" in page.text("#text h1"))


@pytest.mark.parametrize("width", [360, 1366])
def test_no_pane_is_wider_than_its_window(page: Browser, view: Path, width: int) -> None:
    for fragment, selector in (("#:reports", "#sheet tr"), ("#:find/5", ".hit"), ("#:compare/gdp", "#plot a")):
        show(page, view, fragment, selector, width)
        assert page.run(
            "[document.documentElement, document.querySelector('#across')].every(box => box.scrollWidth <= box.clientWidth)"
        ), fragment


def test_reports_lead_to_each_other(page: Browser, large: Path) -> None:
    page.open(large.parent / "view_files" / "reports" / "qj.html")
    page.press("]")
    page.wait(lambda: "酉阳" in page.text("#text h1"))
    page.click("#index")
    page.wait(lambda: len(page.all("#sheet tbody tr")) == 3)


@pytest.mark.parametrize("one_page", [0, VIEW.ONE_PAGE])
def test_a_users_reports_are_listed_and_searched_and_compared_by_what_they_say(
    page: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, one_page: int
) -> None:
    monkeypatch.setattr(VIEW, "ONE_PAGE", one_page)
    results = [llmx.extract(llmx.read_text(TEXT, id=name), "clerk", task=PENALTIES) for name in ("dale", "moor")]
    show(page, llmx.view(results, tmp_path / "plain.html").path, "#:find/Kiln", ".hit")
    assert [one.text for one in page.all(".panes-wide button")][-2:] == ["报告", "检索"]
    assert len(page.all(".hit")) == 2
    monkeypatch.setattr(PENALTIES, "compared", Compared(thing="party", amount="fine", year="year"))
    show(page, llmx.view(results, tmp_path / "compared.html").path, "#:compare/Kiln%20Works", "#plot a")
    assert [row.text.split("\n") for row in page.all(".cells tbody tr")] == [
        ["dale", "$2.4 million"],
        ["moor", "$2.4 million"],
    ]


def test_a_hostile_report_of_a_folder_is_shown_as_it_is(
    page: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(VIEW, "ONE_PAGE", 0)
    for name in ("plain", "it's \\ <b>"):
        (tmp_path / f"{name}.txt").write_text(HOSTILE, "utf-8")
    llmx.run(tmp_path / "*.txt", tmp_path / "run")
    path = llmx.view(tmp_path / "run").path
    show(page, path, "#:find/%F0%A0%AE%B7%E6%9E%97", ".hit")  # 𠮷林
    assert page.driver.title == "run · llmx"
    assert page.all("#sheet script, #sheet img") == []
    page.click(".hit")
    page.wait(lambda: page.all("#text .m.here"))
    assert page.text("#details blockquote") == "".join(mark.text for mark in page.all("#text .m.here"))


def test_every_report_has_a_page_of_its_own(large: Path) -> None:
    folder = large.parent / "view_files"
    assert {path.stem for path in folder.glob("reports/*.html")} == set(TEXTS)
    for name, text in TEXTS.items():
        result, page = llmx.extract(llmx.read_text(text, id=name)), Page(folder / "reports" / f"{name}.html")
        assert page.data["report-0"]["text"] == text
        assert [row[FIELDS.index("id")] for row in page.data["report-0"]["records"]] == [one.id for one in result]
        assert page.links == ["#rows"]
    assert set(Page(large).data) == {"run"}


def test_a_page_is_the_same_of_a_run_that_kept_less(large: Path) -> None:
    run = llmx.open_run(large.parent)
    records_of = run.by_report()
    for summary in run.reports:
        document, records = run.texts().find(summary), records_of(summary.report)
        earlier = summary.model_copy(update={"unclaimed": None})
        kept, found = (json.dumps(report_data(records, document, run.task, one)) for one in (summary, earlier))
        assert kept == found


def test_several_processes_write_what_one_writes(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(VIEW, "ONE_PAGE", 0)
    monkeypatch.setattr("llmx.views.folder._SHARE", 1)
    contents = []
    for cores in ({0}, {0, 1}):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, cores=cores: cores, raising=False)
        llmx.view(large.parent)
        files = [large, *(large.parent / "view_files").rglob("*.*")]
        contents.append({path: path.read_bytes() for path in files})
    assert contents[0] == contents[1]
    assert len(list(large.parent.glob("view_files/data/reports-*.js"))) == 3


def test_what_the_documentation_shows_runs(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(large.parent.parent)
    Path("outputs").mkdir()
    large.parent.rename("outputs/2025")
    for block in re.findall("```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL):
        names: dict = {"llmx": llmx}
        exec(block, names)
        assert names.get("Fines") or not names["written"].faults


def test_a_folder_that_is_not_ours_is_left_alone(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(VIEW, "ONE_PAGE", 0)
    other = large.parent / "notes_files"
    other.mkdir()
    (other / "letter.txt").write_text("mine")
    with pytest.raises(OutputError, match="did not write"):
        llmx.view(large.parent, large.parent / "notes.html")
    assert (other / "letter.txt").read_text() == "mine"
    monkeypatch.setattr(VIEW, "ONE_PAGE", 2_000_000)
    llmx.view(large.parent, large.parent / "notes.html")
    assert (other / "letter.txt").read_text() == "mine"


def test_a_run_that_became_small_leaves_no_pages_behind(large: Path) -> None:
    assert llmx.view(large.parent).path == large
    assert not (large.parent / "view_files").exists()


def test_a_report_without_text_is_said_in_the_list_and_in_its_page(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(VIEW, "ONE_PAGE", 0)
    shutil.move(large.parent.parent / "reports" / "yy.txt", large.parent.parent / "elsewhere.txt")
    assert [fault.args[0].count("--reports") for fault in llmx.view(large.parent).faults] == [1]
    listed = {one["id"]: one["fault"] for one in Page(large).data["run"]["reports"]}
    assert [name for name, fault in listed.items() if fault] == ["yy"]
    data = Page(large.parent / "view_files" / "reports" / "yy.html").data
    assert data["report-0"]["text"] == ""
    assert data["run"]["reports"][0]["fault"]


@given(st.lists(st.text(max_size=80), max_size=8))
def test_page_names_are_names_everywhere(reports: list[str]) -> None:
    names = page_names(reports)
    assert len({name.casefold() for name in names}) == len(reports)
    for name in names:
        assert not set(name) & set('/\\:*?"<>|\0')
        assert name.strip(". ") == name != ""
        assert len(name.encode("utf-8", "replace")) < 250


def test_page_names_of_usual_reports_are_their_ids() -> None:
    assert page_names(["黔江区-2025", "con", "a/b", "A_B", "a_b"]) == ["黔江区-2025", "_con", "a_b", "A_B-2", "a_b-3"]
