"""The error report: one HTML page that shows what a report holds and runs none of it."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import llmx
from llmx.evaluation import Alignment, Label, Match, Scores, Span, align, read_labels
from llmx.evaluation.page import page, write_page

VOID = {"meta", "input", "br", "link", "img", "hr"}
HOSTILE = (
    "税收</script><script>alert(1)</script><!-- <img src=x onerror=alert(2)> ]]> & \u2028 {{title}} {{data}} 增长5%𠮷。"
)


class Reader(HTMLParser):
    """Takes a page apart: elements in order, the text of scripts, and whether every element that opens closes."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.open: list[str] = []
        self.inside: dict[str, str] = {}

    def handle_starttag(self, tag: str, attributes: list) -> None:
        self.elements.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, (tag, self.getpos())

    def handle_data(self, words: str) -> None:
        key = self.elements[-1][1].get("id") or self.elements[-1][0] if self.open else "after"
        self.inside[key] = self.inside.get(key, "") + words


def read(text: str) -> tuple[Reader, dict]:
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert not reader.open
    return reader, json.loads(reader.inside["data"])


def label(**fields: object) -> Label:
    made = {"report": "<b>报告</b>", "type": "achievement", "quote": HOSTILE[:20], "start": 0, "end": 20}
    return Label.of(made | fields)


def made(title: str = "t") -> str:
    gold = label(indicator=HOSTILE, kind="recognition")
    matches = (
        Match(label(indicator="</script>"), gold, "wrong indicator", ("indicator",)),
        Match(None, label(type="problem", domain="finance"), "missed"),
        Match(label(type="target"), label(type="target"), "agreed"),
    )
    return page(Scores((Alignment("<b>报告</b>", matches, (Span(0, 30),), HOSTILE),)), title)


def test_the_page_is_well_formed_and_holds_everything_as_it_is() -> None:
    _, data = read(made())
    assert data["reports"] == [{"id": "<b>报告</b>", "text": HOSTILE, "stretches": [[0, 30]]}]
    assert data["rows"][0]["predicted"]["indicator"] == "</script>"
    assert data["rows"][0]["gold"]["quote"] == HOSTILE[:20]
    assert data["rows"][0]["differ"] == ["indicator"]
    assert data["rows"][1]["predicted"] is None
    assert data["classes"] == ["missed", "wrong indicator", "agreed"]
    assert data["types"] == ["target", "achievement", "problem"]


def test_nothing_that_a_report_holds_becomes_an_element() -> None:
    hostile, plain = read(made('"><script>alert(3)</script>{{data}}'))[0], read(made())[0]
    assert [tag for tag, _ in hostile.elements] == [tag for tag, _ in plain.elements]
    assert hostile.inside["h1"].strip().startswith('"><script>alert(3)')


def test_the_script_never_takes_text_for_html() -> None:
    script = read(made())[0].inside["script"]
    for danger in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function("):
        assert danger not in script


def test_the_page_loads_nothing() -> None:
    reader, _ = read(made())
    assert not [attributes for _, attributes in reader.elements if {"src", "href", "action"} & set(attributes)]
    assert "url(" not in made()
    assert "@import" not in made()
    (policy,) = [one["content"] for _, one in reader.elements if one.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")


def test_every_control_has_a_name_for_those_who_do_not_see_it() -> None:
    reader, _ = read(made())
    named = {one.get("id") for _, one in reader.elements if one.get("aria-label") or one.get("aria-live")}
    assert {"text", "rows", "count"} <= named


def test_every_record_of_a_real_report_is_on_the_page(report: Path, tmp_path: Path) -> None:
    result = llmx.extract(report)
    gold = read_labels(report.parent.parent / "labels" / f"{report.stem}.jsonl")
    matches = align([Label.of(record) for record in result.records], gold)
    scores = Scores((Alignment(result.document.id, tuple(matches), None, result.document.text),))
    _, data = read(write_page(scores, tmp_path / "new" / "page.html").read_text("utf-8"))
    assert data["reports"][0]["text"] == result.document.text
    assert sum(row["gold"] is not None for row in data["rows"]) == len(gold)
    assert sum(row["predicted"] is not None for row in data["rows"]) == len(result.records)
    assert {row["class"] for row in data["rows"]} == set(data["classes"])
    assert data["scores"][0][1][-1] == str(sum(label.figure is not None for label in gold))
