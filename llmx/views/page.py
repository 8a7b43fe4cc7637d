"""The page's HTML: a frame with style and script in it, and the data, which is never read as markup."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from typing import Any, NamedTuple

from llmx.views.types import type_style

_SCRIPTS = (
    *("words", "data", "across", "filters", "text", "table", "scan", "details", "charts", "download", "keys"),
    *("reports", "find", "compare", "plot", "main"),
)
"""The parts of the page's script, in the order in which they stand in it."""


def page_pieces(run: dict[str, Any], reports: Iterable[str], cells: str = "") -> Iterator[str]:
    """The page that holds all of a run, piece by piece.

    The script stands behind the first report, so that the page answers while a browser still reads the others.

    Args:
        run: what is known of the run; `reports` lists them.
        reports: the data of each as JSON, in the same order.
        cells: what is compared, as JSON.
    """
    frame = Frame.of(run)
    yield frame.opening(run["name"])
    yield _data("run", data_json(run))
    if cells:
        yield _data("cells-0", cells)
    for number, report in enumerate(reports):
        yield _data(f"report-{number}", report)
        if number == 0:
            yield frame.script
    if not run["reports"]:
        yield frame.script
    yield frame.foot


class Frame(NamedTuple):
    """What stands around the data of a page."""

    head: str
    """Up to the title."""
    body: str
    """From the title to the data."""
    script: str
    """The script's element."""
    foot: str
    """Behind all."""

    @classmethod
    def of(cls, run: dict[str, Any], beside: bool = False) -> Frame:
        """The frame of a run's pages.

        Args:
            run: what is known of the run.
            beside: whether the page's script reads further data from files beside it.
        """
        style, script = page_style() + type_style([(one["class"], one["colour"]) for one in run["types"]]), _script()
        # Only this very style and script run: were anything of a report ever taken for markup, it could do nothing. Of
        # a file 'self' is no origin in every browser, and file: is.
        more = " 'self' file:" if beside else ""
        policy = (
            f"default-src 'none'; img-src data:; style-src {_hashed(style)}; script-src {_hashed(script)}{more}; "
            "base-uri 'none'; form-action 'none'"
        )
        whole, foot = _asset("page.html").split("<!-- data -->")
        head, body = Template(whole).substitute(title="\0", policy=escape(policy), style=style).split("\0")
        return cls(head, body, f"<script>{script}</script>\n", foot)

    def opening(self, title: str) -> str:
        """All before the data."""
        return f"{self.head}{escape(title)}{self.body}"

    def page(self, title: str, run: str, report: str) -> str:
        """A page of one report, or of none.

        Args:
            title: what it is called.
            run: what is known of the run, as JSON; `reports` lists the one.
            report: its data as JSON; empty without one.
        """
        parts = [
            self.opening(title),
            _data("run", run),
            _data("report-0", report) if report else "",
            self.script,
            self.foot,
        ]
        return "".join(parts)


def page_style() -> str:
    """The page's style, but for the colours of types."""
    return _asset("page.css")


def data_json(value: Any) -> str:
    """A value as JSON that stands in a script element as it is. In it a browser looks for nothing but `</script` and
    `<!--`, and finds no `<`.

    An HTML file cannot hold byte 0 or a lone carriage return as such, JSON escapes both.
    """
    text = _ENCODER.encode(value)
    for char in "<>&\u2028\u2029":
        if char in text:
            text = text.replace(char, f"\\u{ord(char):04x}")
    return text


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=str)


def data_file(text: str) -> str:
    """JSON as a script file: a page that is opened from a folder may read no other kind of file beside it."""
    quoted = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"llmx('{quoted}')\n"


def _data(name: str, text: str) -> str:
    """A script element that holds data."""
    return f'<script type="application/json" id="{name}">{text}</script>\n'


def _hashed(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


@cache
def _script() -> str:
    """The parts in one function, so that their names stay clear of the browser's."""
    return "(() => {\n" + "\n".join(_asset(f"{name}.js") for name in _SCRIPTS) + "})();\n"


@cache
def _asset(name: str) -> str:
    return files("llmx.views").joinpath("assets", name).read_text("utf-8")
