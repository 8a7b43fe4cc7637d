"""The house: what Chinese stands where, what a task may reach for, and records that nobody changes without saying so."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import llmx

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "llmx"
TASKS = PACKAGE / "tasks"
GOVERNMENT = TASKS / "government"
HAN = re.compile("[\u3400-\u9fff]")

# Where Chinese stands outside the government task and the numbers and units of figures/, each with its reason. None of it
# is of any task: not what a record is, nor how one is told.
CHINESE = {
    "documents/clean.py": "page marks, spaced digits and look-alike characters of Chinese files",
    "documents/decode.py": "the commonest characters, by which encodings are told apart",
    "documents/readers/layout.py": "page marks, and numbered headings of a page's lines",
    "documents/readers/numerals.py": "the digits with which files number lists",
    "documents/readers/odt.py": "OpenDocument's own names of numbering formats",
    "documents/readers/raised.py": "a note's mark, 注1",
    "documents/readers/tables.py": "headers of tables that give year and place",
    "grounding.py": "variants of characters, numerals and joining words that a quote may have otherwise",
    "models/openai/refusals.toml": "the words with which endpoints refuse",
    "sections/outline.py": "numbers of headings, GB/T 9704",
    "views/assets/page.html": "the page's own words in both languages",
    "views/assets/words.js": "the page's own words in both languages",
}


def literals(source: str) -> Iterator[str]:
    """The string literals of a module, docstrings and the strings that stand for them left out."""
    tree = ast.parse(source)
    said = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def chinese(path: Path) -> bool:
    """Whether a file's strings, or the whole of one that is no module, hold a Han character."""
    text = path.read_text("utf-8")
    return any(map(HAN.search, literals(text) if path.suffix == ".py" else [text]))


def test_literals_are_found_and_docstrings_are_not() -> None:
    source = '"""县"""\nX = "区"\n"""镇"""\ndef f():\n    """村"""\n    return f"{X}乡"\n'
    assert "".join(literals(source)) == "区乡"


def test_chinese_of_the_government_task_stands_in_its_room_alone() -> None:
    suffixes = {".py", ".toml", ".js", ".html", ".css", ".json"}
    files = [path for path in PACKAGE.rglob("*") if path.suffix in suffixes]
    rooms = (GOVERNMENT, PACKAGE / "figures")
    outside = [path for path in files if not any(path.is_relative_to(room) for room in rooms)]
    assert len(files) > len(outside) > 100
    found = {path.relative_to(PACKAGE).as_posix() for path in outside if chinese(path)}
    assert found == set(CHINESE), "a word of the task belongs to its room; what is of no task needs a reason here"


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """What a file imports of llmx: module and name; the name is empty where it is the module."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: {node.lineno}: a relative import"
            yield from ((node.module or "", one.name) for one in node.names)
        elif isinstance(node, ast.Import):
            yield from ((one.name, "") for one in node.names)


def is_llmx(module: str) -> bool:
    """Whether a module is one of llmx."""
    return module.split(".")[0] == "llmx"


def is_of(module: str, room: str) -> bool:
    """Whether a module is a room or stands in it."""
    return module == room or module.startswith(f"{room}.")


def public(module: ModuleType, name: str) -> bool:
    """Whether a module shows a name: by its list of names where it has one."""
    return name in getattr(module, "__all__", vars(module)) and not name.startswith("_")


OWN = "llmx.tasks.government"
REACHED = sorted(
    {
        (module, name)
        for path in GOVERNMENT.rglob("*.py")
        for module, name in imports(path)
        if is_llmx(module) and not is_of(module, OWN)
    }
)


@pytest.mark.parametrize(("module", "name"), REACHED)
def test_the_government_task_imports_public_names_alone(module: str, name: str) -> None:
    assert name, f"import {module}: import the names"
    assert not any(part.startswith("_") for part in module.split("."))
    assert public(import_module(module), name), f"{module} does not show {name}"


def test_the_government_task_reaches_for_what_any_task_has() -> None:
    assert ("llmx.task", "Task") in REACHED
    assert len(REACHED) > 30


def test_nothing_else_imports_a_task() -> None:
    """Also not where only types are checked, which the contract of the layers leaves out; the root says where its names are."""
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if not path.is_relative_to(TASKS)
        for module, name in imports(path)
        if is_of(f"{module}.{name}", "llmx.tasks")
    }
    assert found == {"__init__.py"}


# SHA-256 of records.jsonl. They change only with a change that is meant to change records (of the rules, of figures, of a
# record's fields), which CHANGELOG.md then names: never with one that moves, tidies or speeds up code. That the government
# task became one task of several changed no byte; that figures say their period and indicator's id added fields to the
# same 1,766 and 361 records.
GOLDEN = {
    "rules": "efd5284b1805f3c514f94c39949f05f83b3470ff4bce1791e2a04c27ba094be7",
    "recorded": "44d8b3b88bce7592788fd044a913613228566b061eeb3b877b35825d9d0c3279",
}


def test_the_records_of_the_labelled_reports_are_byte_for_byte_what_they_were(tmp_path: Path) -> None:
    reports = sorted((ROOT / "tests" / "reports").glob("*.txt"))
    assert len(reports) == 3
    llmx.run(reports, tmp_path)
    assert hashlib.sha256((tmp_path / "records.jsonl").read_bytes()).hexdigest() == GOLDEN["rules"]


def test_the_records_of_the_recorded_model_are_byte_for_byte_what_they_were(tmp_path: Path) -> None:
    report = ROOT / "tests" / "reports" / "qianjiang-2025.txt"
    llmx.run(report, tmp_path, cassette=ROOT / "cassettes" / "qianjiang-2025.yaml")
    assert hashlib.sha256((tmp_path / "records.jsonl").read_bytes()).hexdigest() == GOLDEN["recorded"]
