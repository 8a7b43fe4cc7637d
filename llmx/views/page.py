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
from typing import Any

from llmx.views.types import type_style

_SCRIPTS = ("words", "data", "filters", "text", "table", "scan", "details", "charts", "download", "keys", "main")
"""The parts of the page's script, in the order in which they stand in it."""


def page_pieces(run: dict[str, Any], reports: Iterable[dict[str, Any]]) -> Iterator[str]:
    """The page, piece by piece.

    The script stands behind the first report, so that the page answers while a browser still reads the others.

    Args:
        run: what is known of the run; `reports` lists them.
        reports: the data of each, in the same order.
    """
    style, script = page_style() + type_style([(one["class"], one["colour"]) for one in run["types"]]), _script()
    head, foot = _asset("page.html").split("<!-- data -->")
    # Only this very style and script run: were anything of a report ever taken for markup, it could do nothing.
    policy = f"default-src 'none'; img-src data:; style-src {_hashed(style)}; script-src {_hashed(script)}; base-uri 'none'; form-action 'none'"
    yield Template(head).substitute(title=escape(run["name"]), policy=escape(policy), style=style)
    yield _data("run", run)
    for number, report in enumerate(reports):
        yield _data(f"report-{number}", report)
        if number == 0:
            yield f"<script>{script}</script>\n"
    if not run["reports"]:
        yield f"<script>{script}</script>\n"
    yield foot


def page_style() -> str:
    """The page's style, but for the colours of types."""
    return _asset("page.css")


def _data(name: str, value: dict[str, Any]) -> str:
    """A script element that holds data. In it a browser looks for nothing but `</script` and `<!--`, and finds no `<`.

    An HTML file cannot hold byte 0 or a lone carriage return as such, JSON escapes both.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=str)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return f'<script type="application/json" id="{name}">{text}</script>\n'


def _hashed(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _script() -> str:
    """The parts in one function, so that their names stay clear of the browser's."""
    return "(() => {\n" + "\n".join(_asset(f"{name}.js") for name in _SCRIPTS) + "})();\n"


@cache
def _asset(name: str) -> str:
    return files("llmx.views").joinpath("assets", name).read_text("utf-8")
