"""`llmx init` and `llmx check`: a task to start from, and a task tried before any money is spent."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import llmx
from llmx.cli.app import app
from llmx.models.schemas import STRICT, Limits, answer_schema, schema_faults


def called(*command: str | Path) -> Any:
    return CliRunner().invoke(app, [str(part) for part in command])


@pytest.fixture(params=[False, True], ids=["classes", "schema"])
def begun(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A task that `llmx init` wrote."""
    folder = tmp_path / "penalties"
    done = called("init", folder, *(["--schema"] if request.param else []))
    assert done.exit_code == 0, done.output
    assert (folder / "schema.json").is_file() == request.param
    return folder


def test_a_new_task_says_what_to_do_next_and_its_own_test_passes(begun: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(Path(llmx.__file__).parent.parent)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(begun)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=begun, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout


def test_nothing_is_overwritten(begun: Path) -> None:
    before = {path: path.read_bytes() for path in begun.iterdir()}
    done = called("init", begun)
    assert done.exit_code == 2
    assert "penalties" in done.output
    assert {path: path.read_bytes() for path in begun.iterdir()} == before


@pytest.mark.parametrize("name", ["a,b", "x" * 61, "."])
def test_a_name_that_is_none_is_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").write_text("")
    done = called("init", name)
    assert done.exit_code == 2
    assert list(tmp_path.iterdir()) == [tmp_path / "there"]


def test_check_shows_the_prompt_the_tokens_and_what_is_in_order(begun: Path) -> None:
    done = called("check", "--task", begun)
    assert done.exit_code == 0, done.output
    assert "── system\n" in done.output
    assert "[1]25,000" in done.output
    assert "Who was penalised, as the text names it" in done.output
    assert "examples: 2 with 1 records" in done.output
    assert "Note" not in done.output
    assert int(re.search(r"about: ([\d,]+) with every", done.output)[1].replace(",", "")) > 300
    assert "\nin order\n" in done.output


def test_check_shows_the_question_about_a_document_and_the_schema(begun: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    report.write_text("Southgate was fined 7,000 dollars.", "utf-8")
    done = called("check", report, "--task", begun, "--schema")
    assert "Southgate was fined [1]7,000 dollars." in done.output
    schema = json.loads(re.search(r"── schema\n(.*?\n})\n", done.output, re.DOTALL)[1])
    assert list(schema["properties"]) == ["penalties"]
    assert "Southgate" not in called("check", report, "--task", begun, "--quiet").output


def test_check_without_a_task_tries_the_one_for_government_reports() -> None:
    done = called("check", "tests/reports/qianjiang-2025.txt", "--quiet")
    assert done.exit_code == 0, done.output
    assert "task government: target, achievement, project, problem" in done.output


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "words"),
    [
        ("examples.toml", '"25,000 dollars"', '"35,000 dollars"', 2, "example 1, record 1, fine"),
        ("examples.toml", 'party = "North', 'party = "Fourth', 2, "example 1, record 1, party"),
        (
            "examples.toml",
            'law = "Clean',
            'law = "Act 99 Clean',
            1,
            "'Act 99 Clean Water Act' is not what the text says",
        ),
        ("task.toml", 'split = "headings"', 'split = "chapters"', 2, "split"),
        ("prompt.md", None, "", 0, "no instructions"),
        ("examples.toml", None, "", 0, "no examples"),
    ],
)
def test_check_says_what_is_wrong_with_a_code(
    begun: Path, file: str, old: str | None, new: str, code: int, words: str
) -> None:
    text = (begun / file).read_text("utf-8")
    assert old is None or old in text
    (begun / file).write_text(text.replace(old, new) if old else new, "utf-8")
    done = called("check", "--task", begun)
    assert done.exit_code == code, done.output
    assert words in done.output


def test_an_example_whose_figure_is_of_another_unit_is_told(tmp_path: Path) -> None:
    class Fine(llmx.Record):
        """A fine."""

        amount: llmx.Figured = llmx.figured(units="EUR")
        """How much."""

    record = {"quote": "fined 300 dollars", "amount": "300 dollars"}
    trial = llmx.check_task(llmx.Task("fines", [Fine], "x", [llmx.Example("They were fined 300 dollars.", [record])]))
    (fault,) = trial.faults
    assert "example 1" in fault
    assert "turned away" in fault
    assert "EUR" in fault


def test_a_document_that_is_not_there_and_a_task_that_is_not_there(begun: Path) -> None:
    assert called("check", "nowhere.txt", "--task", begun).exit_code == 1
    assert called("check", "--task", "nowhere").exit_code == 2


def test_what_has_no_docstring_is_noted() -> None:
    class Bare(llmx.Record):
        name: llmx.Said

    notes = llmx.check_task(llmx.Task("bare", [Bare])).notes
    assert [note.split(":")[0] for note in notes] == ["no instructions", "no examples", "Bare", "Bare.name"]


def nested(depth: int) -> dict[str, Any]:
    inner: dict[str, Any] = {"type": "string"}
    for _ in range(depth - 1):
        inner = strict({"a": inner})
    return strict({"a": inner})


def strict(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


@pytest.mark.parametrize(
    ("schema", "limits", "words"),
    [
        (nested(10), STRICT, None),
        (nested(11), STRICT, "a.a.a.a.a.a.a.a.a.a.a: 11 levels"),
        (strict({f"n{n}": {"type": "string"} for n in range(5001)}), STRICT, "n5000: the 5,001th field"),
        (strict({"a": {"enum": [str(n) for n in range(1001)]}}), STRICT, "a: with its 1,001 choices"),
        (strict({"a": {"enum": ["x" * 61 + str(n) for n in range(251)]}}), STRICT, "a: 251 choices of 15,9"),
        (strict({"a": {"enum": ["x" * 100 + str(n) for n in range(250)]}}), STRICT, None),
        (strict({"n" * 120_001: {"type": "string"}}), STRICT, "names and choices"),
        ({**strict({"a": {"type": "string"}}), "required": []}, STRICT, "a: not required"),
        ({**strict({"a": {"type": "string"}}), "additionalProperties": True}, STRICT, "open to further"),
        (
            strict({"a": {"$ref": "#/$defs/A"}}) | {"$defs": {"A": strict({"b": {"$ref": "#/$defs/A"}})}},
            STRICT,
            "a.b: it holds itself",
        ),
        (nested(3), Limits(5000, 2, 120_000, 1000, 250, 15_000), "a.a.a: 3 levels"),
    ],
)
def test_a_schema_is_held_against_a_providers_limits(schema: dict[str, Any], limits: Limits, words: str | None) -> None:
    faults = schema_faults(schema, limits)
    assert (words is None) == (faults == [])
    assert words is None or any(words in fault for fault in faults), faults


def test_no_reference_in_a_schema_has_words_beside_it() -> None:
    class Part(llmx.Group):
        """A part."""

        name: llmx.Said
        """Its name."""

    class Thing(llmx.Record):
        """A thing."""

        first: Part
        """The first part."""
        others: list[Part]
        """The other parts."""

    schema = answer_schema(llmx.Task("things", [Thing]).asking.answer)
    assert schema["$defs"]["Thing"]["properties"]["first"]["description"].startswith("The first part")
    assert not schema_faults(schema)

    def references(part: Any) -> None:
        if isinstance(part, dict):
            assert "$ref" not in part or set(part) == {"$ref"}
            for one in part.values():
                references(one)
        elif isinstance(part, list):
            for one in part:
                references(one)

    references(schema)
