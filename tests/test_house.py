"""The house: what may know what, held by reading the source."""

from __future__ import annotations

import ast
import hashlib
import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import llmx

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "llmx"
TASK = PACKAGE / "tasks" / "government"
HAN = re.compile("[\u3400-\u9fff]")
KNOWN = {
    "documents/clean.py": "traditional characters, radicals, page marks of Chinese files",
    "documents/decode.py": "which bytes are Chinese",
    "documents/readers/layout.py": "page marks and numbers of lines",
    "documents/readers/marks.py": "what text recognition takes a dash for",
    "documents/readers/numerals.py": "numbers that a word processor leaves out",
    "documents/readers/odt.py": "names that OpenDocument gives to Chinese numbering",
    "documents/readers/raised.py": "marks of notes",
    "documents/readers/tables.py": "headings of columns that say year and place",
    "documents/readers/textlayer.py": "the most frequent characters, which text that cannot be read has not",
    "grounding.py": "variants of characters, numerals of lists",
    "sections/outline.py": "numbers of headings (GB/T 9704)",
}
"""Files outside the task and figures/ that may hold Chinese characters, and why; none of it is the task's."""


def _literals(source: str) -> Iterator[str]:
    """The text literals of a module, docstrings left out."""
    tree = ast.parse(source)
    bodies = [body for node in ast.walk(tree) if isinstance(body := getattr(node, "body", None), list)]
    told = {id(one.value) for body in bodies for one in body if isinstance(one, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def _modules() -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*.py")):
        if TASK not in path.parents and PACKAGE / "figures" not in path.parents:
            yield path


def test_no_room_but_the_task_s_and_figures_holds_chinese_words() -> None:
    found = {
        str(path.relative_to(PACKAGE))
        for path in _modules()
        if any(HAN.search(text) for text in _literals(path.read_text("utf-8")))
    }
    assert found == set(KNOWN)


def test_the_task_imports_public_names_alone() -> None:
    for path in sorted(TASK.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("llmx"):
                continue
            if (node.module or "").startswith("llmx.tasks"):
                continue
            module = importlib.import_module(str(node.module))
            for name in node.names:
                assert not name.name.startswith("_"), f"{path}: {name.name}"
                assert not any(part.startswith("_") for part in str(node.module).split(".")), path
                assert hasattr(module, name.name), f"{path}: {node.module}.{name.name}"


SINCE_0_1 = {
    "qianjiang-2025": "a41db65e6abaff51",
    "youyang-2025": "9e2a0205f12932c6",
    "yunyang-2024": "973848390d61e507",
}
"""Digests of what 0.1 said of each record of a report and 0.2 says still; they change where the reading of reports is
bettered on purpose, and at no other time."""
FIELDS = (
    "id type kind quote start end year indicator figure value value_max unit measure comparator name stage status amount "
    "domain"
).split()


@pytest.mark.parametrize("report", SINCE_0_1)
def test_records_are_what_they_were(report: str) -> None:
    assert digest(ROOT / "tests" / "reports" / f"{report}.txt") == SINCE_0_1[report]


def digest(path: Path) -> str:
    """Of the fields of all records of a report."""
    rows = [[getattr(record, name, None) for name in FIELDS] for record in llmx.extract(path)]
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()[:16]
