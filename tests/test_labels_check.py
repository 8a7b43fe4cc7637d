"""Label files checked against their report, and the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from labelled import LABELS, QIANJIANG, REPORTS, ROOT, TEXT, growth, lines, some, write

from llmx.errors import InputError, UsageError
from llmx.labels import check_labels, import_labels


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "r.txt"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.mark.parametrize("name", [path.stem for path in sorted(LABELS.glob("*.jsonl"))])
def test_the_label_files_hold_no_errors(name: str) -> None:
    findings = check_labels(LABELS / f"{name}.jsonl", REPORTS / f"{name}.txt")
    assert not [str(one) for one in findings if one.level == "error"]


@pytest.mark.parametrize(
    ("change", "level", "words"),
    [
        ({"quote": "税收增长5.6%"}, "error", "税收增长5.5%"),
        ({"value": 55}, "error", "value 55"),
        ({"value": -5.5}, "warning", "code reads 5.5"),
        ({"unit": "个百分点"}, "warning", "个百分点"),
        ({"measure": "rate"}, "error", "level, growth, change"),
        ({"indicator": None}, "error", "without indicator"),
        ({"stage": "started"}, "error", "with stage"),
        ({"kind": "recognition"}, "error", "recognition with figure"),
        ({"end": 10**6}, "error", "characters"),
        ({"figure_start": 1, "figure_end": 5}, "error", "figure '5.5%'"),
        ({"values": 3}, "error", "unknown field 'values'"),
        ({"report": "other"}, "error", "'other'"),
    ],
)
def test_check_names_line_and_fault(change: dict, level: str, words: str, report: Path, tmp_path: Path) -> None:
    wrong = {name: value for name, value in (growth("税收增长5.5%", "税收") | change).items() if value is not None}
    path = write(tmp_path / "l.jsonl", [some()[0], wrong])
    found = [one for one in check_labels(path, report) if one.place.endswith("line 2")]
    assert any(one.level == level and words in one.message for one in found), found


def test_check_finds_duplicates_disorder_and_figures_held_twice(report: Path, tmp_path: Path) -> None:
    first, second, *_ = some()
    path = write(tmp_path / "l.jsonl", [second, first, first, first | {"indicator": "总值"}])
    said = [str(one) for one in check_labels(path, report)]
    assert any("line 2: warning: out of text order" in one for one in said)
    assert any("line 3: error: the same label as line 2" in one for one in said)
    assert any("line 4: error: figure '5.5%'" in one and "held by line 2" in one for one in said)
    assert any("256.9亿元" in one and "no label" in one for one in said)


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "llmx", "labels", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120, check=False)


def test_the_command_line_exports_imports_and_checks(tmp_path: Path) -> None:
    name, back = LABELS / "qianjiang-2025.jsonl", tmp_path / "back.jsonl"
    assert run("export", name, "--report", REPORTS, "--to", tmp_path / "t.json").returncode == 0
    done = run("import", tmp_path / "t.json", "--report", QIANJIANG, "--out", back)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert f"{len(lines(name))} labels in {back}" in done.stderr
    assert run("check", back, QIANJIANG).returncode == 0
    write(back, [*lines(back), {"type": "honour"}])
    done = run("check", back, QIANJIANG)
    assert done.returncode == 1
    assert f"{back}, line {len(lines(back))}: error:" in done.stdout


def test_wrong_usage_is_said_in_a_line(tmp_path: Path) -> None:
    for arguments in [
        ("export", LABELS / "qianjiang-2025.jsonl", "--to", tmp_path / "t.json"),
        ("export", QIANJIANG, "--to", tmp_path / "t.docx"),
        ("import", tmp_path / "none.csv", "--report", QIANJIANG, "--out", tmp_path / "l.jsonl"),
        ("check", tmp_path / "none.jsonl", QIANJIANG),
    ]:
        done = run(*arguments)
        assert done.returncode == 2
        assert done.stderr.startswith("Error: ")
        assert len(done.stderr.splitlines()) == 1


def test_files_of_other_kinds_are_refused_by_name(report: Path, tmp_path: Path) -> None:
    (tmp_path / "min.json").write_text('[{"text": "a", "label": []}]')
    (tmp_path / "a.csv").write_text("a,b\n1,2\n")
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 no zip")
    for name, words in [("min.json", "JSON-MIN"), ("a.csv", "Type"), ("a.xlsx", "workbook")]:
        with pytest.raises(InputError, match=words) as error:
            import_labels(tmp_path / name, report)
        assert name in str(error.value)
    with pytest.raises(UsageError, match="label-studio"):
        import_labels(report, report)
