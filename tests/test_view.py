"""A run as one page: what is in it, and what is said of reports whose text is not at hand."""

from __future__ import annotations

import colorsys
import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from penalties import PENALTIES, TEXT, Note, Penalty
from test_cli import llmx as command

import llmx
from llmx.errors import TaskError, UsageError
from llmx.tasks.government import GOVERNMENT
from llmx.tasks.government.headlines import headlines
from llmx.views.report_data import fields_of, report_data
from llmx.views.types import COLOURS

FIELDS = fields_of(GOVERNMENT)
REPORTS = Path(__file__).parent / "reports"
STYLE = Path(llmx.__file__).parent / "views" / "assets" / "page.css"
HOSTILE = """</script><script>document.title = "run"</script> & <!-- 政府工作报告
一、2024年工作回顾
全年地区生产总值256.9亿元、增长5.5%，<b>𠮷林</b>产值突破40亿元。\u2028<img src=x onerror=alert(1)>引进企业30家。
"""


class Page(HTMLParser):
    """A page as a browser reads it: its tags, what they point to, and its data."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.links: list[str] = []
        self.data: dict[str, dict] = {}
        self.inside: str | None = None
        self.feed(path.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "srcset", "action")]
        self.inside = dict(attrs).get("id") if tag == "script" else None

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.data[self.inside] = json.loads(data)
            self.inside = None


@pytest.fixture
def run(tmp_path: Path) -> Path:
    shutil.copytree(REPORTS, tmp_path / "reports")
    llmx.run(tmp_path / "reports", tmp_path / "run")
    return tmp_path / "run"


def test_the_page_holds_texts_records_and_unclaimed_figures(run: Path) -> None:
    written = llmx.view(run)
    assert written.path == run / "view.html"
    assert written.faults == ()
    page = Page(written.path)
    for number, path in enumerate(sorted(REPORTS.glob("*.txt"))):
        result, data = llmx.extract(path), page.data[f"report-{number}"]
        assert data["text"] == result.document.text
        assert [row[FIELDS.index("id")] for row in data["records"]] == [record.id for record in result.records]
        assert data["unclaimed"] == [[one.figure.start, one.figure.end, one.reason] for one in result.unclaimed]
        for row, record in zip(data["records"], result.records, strict=True):
            assert tuple(data["paths"][row[FIELDS.index("section")]]) == record.section
            assert row[FIELDS.index("value")] == getattr(record, "value", None)


def test_the_page_asks_for_nothing_from_anywhere(run: Path) -> None:
    path = llmx.view(run).path
    assert Page(path).links == ["#rows"]
    assert "url(" not in path.read_text("utf-8")


def test_a_report_is_never_read_as_markup(tmp_path: Path) -> None:
    plain, hostile = tmp_path / "plain.txt", tmp_path / "hostile.txt"
    hostile.write_text(HOSTILE, "utf-8")
    plain.write_text(HOSTILE.translate({ord(char): "x" for char in "<>&"}), "utf-8")
    pages = []
    for path in (plain, hostile):
        llmx.run(path, tmp_path / path.stem)
        pages.append(Page(llmx.view(tmp_path / path.stem).path))
    assert pages[1].tags == pages[0].tags
    assert pages[1].data["report-0"]["text"] == HOSTILE


def test_every_heading_ends_behind_its_words(report: Path) -> None:
    result = llmx.extract(report)
    text = result.document.text
    for start, _, words, end, *_ in report_data(result.records, result.document, GOVERNMENT)["sections"]:
        if end > start:
            assert re.sub(r"\[.*?\]|[\s*。：:]", "", text[start:end]) == re.sub(r"[\s*。：:]", "", words)


def test_a_report_that_has_moved_is_found_by_its_content(run: Path, tmp_path: Path) -> None:
    (tmp_path / "reports").rename(tmp_path / "moved")
    (tmp_path / "moved" / "qianjiang-2025.txt").rename(tmp_path / "moved" / "renamed.md")
    written = llmx.view(run)
    assert len(written.faults) == 3
    assert all("--reports FOLDER" in str(fault) for fault in written.faults)
    assert llmx.view(run, reports=tmp_path / "moved").faults == ()


def test_a_run_is_viewed_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(REPORTS, tmp_path / "reports")
    monkeypatch.chdir(tmp_path)
    llmx.run("reports", "outputs/run")
    monkeypatch.chdir(tmp_path.parent)
    assert llmx.view(tmp_path / "outputs" / "run").faults == ()


def test_a_report_from_standard_input_is_found_by_its_content(tmp_path: Path) -> None:
    report = REPORTS / "qianjiang-2025.txt"
    command("extract", "-", "--out", tmp_path / "run", stdin=report.read_bytes())
    assert "it was read from no file" in str(llmx.view(tmp_path / "run").faults[0])
    assert llmx.view(tmp_path / "run", reports=REPORTS).faults == ()


def test_a_report_that_has_changed_is_shown_by_its_quotes(run: Path, tmp_path: Path) -> None:
    changed = tmp_path / "reports" / "qianjiang-2025.txt"
    changed.write_text(changed.read_text("utf-8") + "。", "utf-8")
    done = command("view", run, "--no-open")
    assert done.returncode == 1
    assert "qianjiang-2025.txt: the file has changed since the run" in done.stderr.decode()
    data = Page(run / "view.html").data
    quotes = [row[FIELDS.index("quote")] for row in data["report-0"]["records"]]
    assert quotes == [record.quote for record in llmx.open_run(run).records() if record.report == "qianjiang-2025"]
    assert data["report-0"]["text"] == ""
    assert data["report-1"]["text"]


def test_quotes_that_no_longer_stand_in_the_text_are_noticed(run: Path) -> None:
    lines = (run / "records.jsonl").read_text("utf-8").splitlines(keepends=True)
    first = json.loads(lines[0])
    first["start"] += 1
    (run / "records.jsonl").write_text("".join([json.dumps(first, ensure_ascii=False) + "\n", *lines[1:]]), "utf-8")
    faults = llmx.view(run).faults
    assert len(faults) == 1
    assert first["id"] in str(faults[0])


def test_a_run_without_reports_has_a_page(tmp_path: Path) -> None:
    llmx.run(tmp_path / "none", tmp_path / "run")
    page = Page(llmx.view(tmp_path / "run", out=tmp_path / "page.html").path)
    assert page.data["run"]["reports"] == []


@pytest.mark.parametrize("content", [None, "{", '{"version": 1}'])
def test_what_is_no_run_is_said(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "run.json").write_text(content)
    done = command("view", tmp_path, "--no-open")
    assert done.returncode == 2
    assert "run.json" in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_a_page_is_made_of_results(report: Path, tmp_path: Path) -> None:
    result = llmx.extract(report)
    with pytest.raises(UsageError, match="out="):
        llmx.view(result)
    page = Page(llmx.view([result], tmp_path / "page.html").path)
    assert page.data["report-0"]["text"] == result.document.text
    assert [row[FIELDS.index("id")] for row in page.data["report-0"]["records"]] == [one.id for one in result]
    assert page.data["run"]["name"] == report.stem


def test_a_users_page_holds_its_types_words_and_values(tmp_path: Path) -> None:
    result = llmx.extract(llmx.read_text(TEXT, id="dale"), "clerk", task=PENALTIES)
    page = Page(llmx.view(result, tmp_path / "page.html").path)
    penalty, note = page.data["run"]["types"]
    assert (penalty["name"], penalty["class"], penalty["many"]) == ("penalty", "penalty", "penalties")
    assert (note["class"], note["colour"]) == ("type-1", "#b8322a")  # the page's style has a .note
    assert page.data["run"]["words"]["zh"]["fine"] == "罚款"
    facets = {name: set(values) for name, values in page.data["run"]["facets"]}
    assert facets == {"case_ground": {"water", "air"}, "weight": {"light", "grave"}}
    fields, data = page.data["run"]["fields"], page.data["report-0"]
    assert data["claimed"] == 3
    assert [row[fields.index("fine")] for row in data["records"]] == [None] * 4  # the text gives the words back
    for row, record in zip(data["records"], result, strict=True):
        start, end = row[fields.index("party_start")], row[fields.index("party_end")]
        assert data["text"][start:end] == str(record.party)


@pytest.mark.parametrize("colour", ["red; } body { display: none", "url(x)", ""])
def test_a_colour_that_is_none_is_said(colour: str, tmp_path: Path) -> None:
    task = llmx.Task("x", [Penalty, Note], colours={"penalty": colour}, readers=PENALTIES.readers)
    with pytest.raises(TaskError, match="give #rrggbb"):
        llmx.view(llmx.extract(llmx.read_text(TEXT, id="dale"), "clerk", task=task), tmp_path / "page.html")
    with pytest.raises(TaskError, match="a colour for 'fine'"):
        llmx.Task("x", [Penalty], colours={"fine": "red"})


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"note": "Warning"}, ("Warning", "Warning")),
        ({"zh": {"note": "警告"}}, ("警告", "note")),
        (None, ("note", "note")),
    ],
)
def test_words_are_for_all_languages_or_for_each(words: dict, told: tuple[str, str]) -> None:
    task = llmx.Task("x", [Note], words=words)
    assert (task.word("note", "zh"), task.word("note", "en")) == told


def test_a_folder_in_the_way_is_said(run: Path, tmp_path: Path) -> None:
    done = command("view", run, "--no-open", "--out", tmp_path)
    assert done.returncode == 1
    assert "a folder stands where a file is needed" in done.stderr.decode()


def test_headline_indicators_are_the_reports_own(report: Path) -> None:
    result = llmx.extract(report)
    year = result.facts.year
    found = headlines(result.records, year, [])
    assert {line.name for line in found} >= {"地区生产总值", "规上工业增加值", "固定资产投资", "社会消费品零售总额"}
    for line in found:
        for type, due, side in (("target", year, line.aimed), ("achievement", year - 1, line.achieved)):
            for measure, number in side.items():
                record = result.records[number]
                assert (record.type, record.year, record.measure, record.scope in (None, "规上")) == (
                    type,
                    due,
                    measure,
                    True,
                )


def test_growth_over_five_years_is_no_headline(tmp_path: Path) -> None:
    text = "某市人民政府工作报告\n2026年1月10日\n一、2025年工作回顾\n五年来，地区生产总值增长34.3%。\n去年，地区生产总值增长5.1%。\n"
    (tmp_path / "report.txt").write_text(text, "utf-8")
    result = llmx.extract(tmp_path / "report.txt")
    found = headlines(result.records, 2026, [])
    assert [result.records[at].value for line in found for at in line.achieved.values()] == [5.1]


def test_every_column_of_a_table_is_in_the_page() -> None:
    assert {*FIELDS, "report"} == set(GOVERNMENT.columns)


def _themes() -> dict[str, dict[str, str]]:
    style = STYLE.read_text("utf-8")
    light = style[style.index(":root {") : style.index("@media")]
    dark = style[style.index(':root[data-theme="dark"]') : style.index(':root[data-theme="light"] {')]
    return {
        name: dict(re.findall(r"--([\w-]+): (#\w{6})\b", words)) for name, words in (("light", light), ("dark", dark))
    }


def _luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_stand_out_in_both_themes(theme: str) -> None:
    colours = _themes()[theme]
    types = [f"c{number}" for number in range(1, COLOURS + 1)]
    grounds = ["card", "paper", "hover", *(f"{type}-{ground}" for type in types for ground in ("tint", "here"))]
    for ground in grounds:
        assert _contrast(colours["ink"], colours[ground]) >= 4.5, ground
    for colour in ("soft", "accent", *types):
        assert _contrast(colours[colour], colours["card"]) >= 4.5, colour


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_types_differ_in_hue(theme: str) -> None:
    colours = _themes()[theme]
    hues = []
    for type in ("c1", "c2", "c3", "c4"):
        parts = [int(colours[type][at : at + 2], 16) / 255 for at in (1, 3, 5)]
        hues.append(colorsys.rgb_to_hls(*parts)[0])
    assert min(abs(a - b) for a in hues for b in hues if a != b) > 0.08
