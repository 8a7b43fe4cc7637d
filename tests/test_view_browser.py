"""The page of `llmx view` in a real Chromium: clicked, typed into, downloaded from, looked at in several sizes."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import Browser
from penalties import PENALTIES, TEXT

import llmx
from llmx.exports import export

REPORTS = Path(__file__).parent / "reports"
HOSTILE = """<script>document.title = "run"</script>某区政府工作报告
一、2024年工作回顾
全年地区生产总值256.9亿元、增长5.5%，<b>𠮷林</b>产值突破40亿元。</script><img src=x onerror="document.title='run'">引进企业30家。
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    llmx.run(REPORTS, folder)
    llmx.view(folder)
    return folder


@pytest.fixture
def page(browser: Browser, run: Path) -> Iterator[Browser]:
    browser.open(run / "view.html")
    yield browser
    assert [line for line in browser.driver.get_log("browser") if line["level"] == "SEVERE"] == []


def result(name: str) -> llmx.Result:
    return llmx.extract(REPORTS / f"{name}.txt")


def test_a_click_on_a_row_leads_to_its_words(page: Browser) -> None:
    page.click("#types .target")
    quote = page.text("#rows .row:nth-child(3) small")
    page.click("#rows .row:nth-child(3)")
    assert "".join(mark.text for mark in page.all("#text .m.here")) == quote
    assert page.seen("#text .m.here")
    assert page.text("#details blockquote") == quote


def test_a_click_on_words_leads_to_their_row(page: Browser) -> None:
    page.click("#outline .entry", -3)
    page.wait(lambda: page.run("document.querySelector('#text').scrollTop > 3000"))
    mark = page.run("[...document.querySelectorAll('#text .m.fig.target')].pop()")
    mark.click()
    assert page.all("#text .m.here")
    row = page.all("#rows .row.here")
    assert len(row) == 1
    assert mark.text in row[0].text
    assert page.text("#details .tag") == "目标"


def test_words_of_several_records_lead_to_each(page: Browser) -> None:
    shared = page.run("[...document.querySelectorAll('#text .m')].find(mark => mark.rows.length > 1)")
    seen = set()
    for _ in range(len(page.run("arguments[0].rows.map(row => row.key)", shared))):
        shared.click()
        seen.add(page.text("#details dd:last-of-type"))
    assert seen == set(page.run("arguments[0].rows.map(row => row.key)", shared))


@pytest.mark.parametrize("name", sorted(path.stem for path in REPORTS.glob("*.txt")))
def test_marks_cover_exactly_the_quotes(page: Browser, run: Path, name: str) -> None:
    page.open(run / "view.html", f"#{name}")
    covered: dict[str, str] = {}
    script = "[...document.querySelectorAll('#text .m')].map(mark => [mark.textContent, mark.rows.map(row => row.key)])"
    for words, keys in page.run(script):
        for key in keys:
            covered[key] = covered.get(key, "") + words
    for record in result(name).records:
        assert "".join(covered[record.id].split()) == "".join(record.quote.split())


def test_search_filters_and_sorts(page: Browser) -> None:
    records = result("qianjiang-2025").records
    page.press("/")
    page.press("地区生产总值")
    found = [one for one in records if any("地区生产总值" in words for words in (one.quote, *one.section))]
    page.wait(lambda: page.text("#count").startswith(f"{len(found)} / "))
    page.press("\ue00c")  # Escape
    page.wait(lambda: page.text("#count") == f"共 {len(records)} 条")
    page.click("#types .problem")
    problems = [one for one in records if one.type == "problem"]
    assert page.text("#count") == f"{len(problems)} / {len(records)} 条"
    page.click("#clear")
    page.click("#heads .value")
    page.click("#heads .value")
    largest = max((getattr(one, "value", None) or getattr(one, "amount", None) or 0) for one in records)
    assert f"{largest:g}" in page.text("#rows .row:first-child .value").replace(",", "")


def test_the_keyboard_goes_through_the_records(page: Browser) -> None:
    keys = []
    for key in ("j", "j", "\ue015", "k"):  # \ue015: arrow down
        page.press(key)
        keys.append(page.run("decodeURIComponent(location.hash).split('/')[1]"))
    records = result("qianjiang-2025").records
    assert keys == [records[at].id for at in (0, 1, 2, 1)]
    page.press("4")
    assert page.text("#rows .row:first-child .type") == "问题"
    page.press("\ue00c")
    assert not page.all("#details:not([hidden])")
    page.press("]")
    assert "酉阳" in page.text("#text h1")
    page.press("?")
    assert page.all("dialog[open]")
    page.press("\ue00c")
    assert not page.all("dialog[open]")


def test_what_was_not_claimed_is_shown_with_its_reason(page: Browser) -> None:
    explained = [one for one in result("qianjiang-2025").unclaimed if one.reason]
    page.click("#types .explained")
    assert page.text("#count") == f"共 {len(explained)} 条"
    page.click("#rows .row:first-child")
    assert explained[0].figure.text in page.text("#details h3")
    assert "日期" in page.text("#details dl")
    assert page.text("#text .m.here") == explained[0].figure.text


def test_the_download_is_what_the_export_writes(page: Browser, run: Path, tmp_path: Path) -> None:
    page.click("#types .target")
    page.click("#download")
    file = page.downloads / "qianjiang-2025.csv"
    page.wait(file.is_file)
    selection = llmx.Selection(types=["target"], report="qianjiang-2025")
    export(run, tmp_path / "export.csv", selection=selection)
    rows = [
        list(csv.DictReader(path.read_text("utf-8-sig").splitlines(keepends=True)))
        for path in (file, tmp_path / "export.csv")
    ]
    assert len(rows[0]) == len(rows[1]) > 50
    for shown, written in zip(*rows, strict=True):
        assert list(shown) == list(written)
        for name in shown:
            if shown[name] != written[name]:
                assert float(shown[name]) == float(written[name]), name


def test_the_overview_counts_and_leads_to_records(page: Browser) -> None:
    records = result("qianjiang-2025").records
    page.click("[data-show=charts]")
    for type in ("target", "achievement", "project", "problem"):
        assert page.text(f".tile.{type} b") == str(sum(one.type == type for one in records))
    page.click(".headline .jump")
    first = next(one for one in records if getattr(one, "indicator", None) == "地区生产总值")
    assert page.text("#details blockquote") == first.quote
    page.click("[data-show=charts]")
    page.click(".by_section button.inner")
    counted = int(page.text(".by_section .line.here b"))
    assert page.text("#count") == f"{counted} / {len(records)} 条"


def test_all_reports_at_once(page: Browser, run: Path) -> None:
    page.open(run / "view.html", "#*")
    total = sum(llmx.open_run(run).manifest.records.values())
    page.wait(lambda: page.text("#count") == f"共 {total} 条")
    assert len(page.all("#rows .row")) < 60
    page.press("\ue010")  # End
    page.wait(lambda: "云阳" in page.text("#text h1"))
    assert page.seen("#text .m.here")


def test_a_link_to_a_record_leads_there(page: Browser, run: Path) -> None:
    record = result("yunyang-2024").records[200]
    page.open(run / "view.html", f"#yunyang-2024/{record.id}")
    page.wait(lambda: page.all("#details:not([hidden])"))
    assert page.text("#details blockquote") == record.quote
    assert page.seen("#text .m.here")


def test_a_hostile_report_is_shown_as_it_is(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text(HOSTILE, "utf-8")
    llmx.run(tmp_path / "report.txt", tmp_path / "run")
    browser.open(llmx.view(tmp_path / "run").path)
    body = browser.run("document.querySelector('#text .body').textContent")
    assert body == "".join(line.strip() for line in HOSTILE.splitlines())
    assert browser.driver.title == "run · llmx"
    assert browser.run("performance.getEntriesByType('resource').length") == 0
    browser.press("j", "j", "j")
    assert "𠮷林" in browser.text("#details blockquote")
    assert "".join(mark.text for mark in browser.all("#text .m.here")) == browser.text("#details blockquote")
    assert browser.all("#text img, #text b, #text script") == []


@pytest.mark.parametrize("width", [360, 768, 1366])
def test_nothing_is_wider_than_its_window(page: Browser, run: Path, width: int) -> None:
    page.open(run / "view.html", "#yunyang-2024", width=width, height=800)
    for pane in ("outline", "text", "records", "charts"):
        for button in page.all(f".panes [data-pane={pane}], [data-show={pane}]"):
            if button.is_displayed():
                button.click()
        script = "[document.documentElement, ...document.querySelectorAll('#text, #charts, #records')]"
        assert page.run(f"{script}.every(box => box.scrollWidth <= box.clientWidth)"), pane


def test_a_phone_shows_the_record_over_the_text(page: Browser, run: Path) -> None:
    page.open(run / "view.html", width=390, height=844)
    page.click(".panes [data-pane=records]")
    page.click("#rows .row:nth-child(4)")
    assert page.seen("#text .m.here")
    assert page.all("#details")[0].is_displayed()
    assert not page.all("#rows")[0].is_displayed()


def test_language_and_theme_change_in_place(page: Browser) -> None:
    page.press("j")
    ground = "getComputedStyle(document.querySelector('#text')).backgroundColor"
    light = page.run(ground)
    page.press("t")
    assert page.run(ground) != light
    page.press("t")
    page.click("#language")
    assert page.text("#details .tag") == "Achievement"
    assert page.run("document.documentElement.lang") == "en"
    page.click("#language")
    assert page.text("#details .tag") == "成果"


@pytest.fixture
def fines(browser: Browser, tmp_path: Path) -> Iterator[Browser]:
    (tmp_path / "dale.txt").write_text(TEXT, "utf-8")
    browser.open(llmx.view(llmx.run(tmp_path / "dale.txt", tmp_path / "run", "clerk", task=PENALTIES)).path)
    yield browser
    assert [line for line in browser.driver.get_log("browser") if line["level"] == "SEVERE"] == []


def test_a_users_records_are_marked_filtered_and_told(fines: Browser) -> None:
    records = list(llmx.extract(llmx.read_text(TEXT, id="dale"), "clerk", task=PENALTIES))
    assert [chip.text for chip in fines.all("#types .chip")] == ["处罚3", "警告1", "未认领1", "无须认领6"]
    for record in records:
        fines.press("j")
        marked = fines.run("[...document.querySelectorAll('#text .m.here')].map(mark => mark.textContent).join('')")
        assert marked == record.quote
    ground = "getComputedStyle(document.querySelector('#text .m.{}:not(.here)')).backgroundColor"
    assert fines.run(ground.format("penalty")) != fines.run(ground.format("explained"))
    fines.press("\ue011")  # Home
    told = dict(zip((one.text for one in fines.all("dt")), (one.text for one in fines.all("dd")), strict=True))
    assert told["当事人"] == "Northfield Dairy"
    assert told["罚款"] == "$1.2 million (1,200,000 USD)"
    assert (told["事由"], told["是否申诉"], told["Duties"]) == ("水", "是", "pay · report")
    fines.run(
        "(node => { node.value = 'air'; node.dispatchEvent(new Event('change')); })(document.querySelector('#facet-case_ground'))"
    )
    assert fines.text("#count") == "1 / 4 条"
    assert "Kiln Works" in fines.text("#rows .row:nth-child(1)")
    fines.click("#clear")
    fines.press("3")
    assert "412" in fines.text("#rows .row:nth-child(1)")


@pytest.mark.parametrize("width", [360, 1366])
def test_nothing_of_a_users_page_is_wider_than_its_window(fines: Browser, tmp_path: Path, width: int) -> None:
    fines.open(tmp_path / "run" / "view.html", width=width, height=800)
    for pane in ("text", "records", "charts"):
        for button in fines.all(f".panes [data-pane={pane}], [data-show={pane}]"):
            if button.is_displayed():
                button.click()
        script = "[document.documentElement, ...document.querySelectorAll('#text, #charts, #records')]"
        assert fines.run(f"{script}.every(box => box.scrollWidth <= box.clientWidth)"), pane


def test_a_users_overview_leads_to_its_records(fines: Browser) -> None:
    fines.click("[data-show=charts]")
    assert [fines.text(f".tile:nth-child({at}) b") for at in (1, 2)] == ["3", "1"]
    assert [one.text for one in fines.all(".by_value .line")] == [
        "Kiln Works\n$2.4 million",
        "Northfield Dairy\n$1.2 million",
        "Sedge & <b>Sons</b>\n$350,000",
    ]
    fines.click(".by_year .line:last-of-type")
    assert fines.text("#count") == "2 / 4 条"
    assert fines.all(".headline") == []
    fines.click(".by_value .line")
    assert fines.text("#details h3") == "Kiln Works$2.4 million"


def test_a_users_download_is_what_the_export_writes(fines: Browser, tmp_path: Path) -> None:
    fines.click("#download")
    fines.wait((fines.downloads / "dale.csv").is_file)
    written = export(llmx.open_run(tmp_path / "run", PENALTIES), tmp_path / "export.csv").path
    files = (fines.downloads / "dale.csv", written)
    shown, own = (list(csv.DictReader(path.read_text("utf-8-sig").splitlines(keepends=True))) for path in files)
    assert [list(row) for row in shown] == [list(row) for row in own]
    for row, other in zip(shown, own, strict=True):
        assert {name: row[name] for name in row if row[name] != other[name]} == {}
