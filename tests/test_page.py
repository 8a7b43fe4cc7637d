"""The error report: one HTML page that shows what a report holds and runs none of it."""

from __future__ import annotations

import json
from html.parser import HTMLParser

import llmx
from llmx.evaluation.page import Row, page

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


def made(title: str = "t") -> str:
    document = llmx.read_text(HOSTILE, id="<b>报告</b>")
    gold = {"type": "achievement", "quote": HOSTILE[:20], "start": 0, "end": 20, "indicator": HOSTILE}
    rows = [
        Row(document.id, "achievement", "wrong indicator", gold, gold | {"indicator": "</script>"}),
        Row(document.id, "problem", "missed", gold, None),
        Row(document.id, "target", "agreed", gold, gold),
    ]
    return page(title, [document], rows, [["type", "F1"], ["target", "1.00"]])


def test_the_page_is_well_formed_and_holds_everything_as_it_is() -> None:
    _, data = read(made())
    assert data["reports"] == [{"id": "<b>报告</b>", "text": HOSTILE}]
    assert data["rows"][0]["predicted"]["indicator"] == "</script>"
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
