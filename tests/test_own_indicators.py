"""A user's own indicators go through a run, its settings and its panel, whatever reads the reports."""

from __future__ import annotations

import json
import pickle
import re
from pathlib import Path

import pytest
from endpoint import Endpoint, Reply
from typer.testing import CliRunner

import llmx
from llmx.cli import app
from llmx.errors import TaskError, UsageError

REPORT = """重庆市渝北区人民政府工作报告
一、2025年工作回顾
地区生产总值达到300亿元。茶山总面积达到12万亩、增长5%。
二、2026年工作安排
茶山面积达到13万亩以上。
"""
ROW = """[[indicator]]
id = "tea_hills"
name = "茶山面积"
english = "Tea hills"
dimension = "area"
measures = ["level", "growth"]
units = ["亩"]
aliases = ["茶山总面积"]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "district.txt").write_text(REPORT, "utf-8")
    (tmp_path / "own.toml").write_text(ROW, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("llmx.cli.extract.collect_seldom", lambda: None)  # it is for a process of its own
    return tmp_path


def ids(records: object) -> list[tuple[str | None, str | None]]:
    return [(one.figure, one.indicator_id) for one in records if getattr(one, "figure", None)]


OWN = [("300亿元", "gdp"), ("12万亩", "tea_hills"), ("5%", "tea_hills"), ("13万亩", "tea_hills")]
BUILT_IN = [("300亿元", "gdp"), ("12万亩", None), ("5%", None), ("13万亩", None)]


def test_a_task_is_given_them_and_the_task_itself_stays(folder: Path) -> None:
    task = llmx.open_task("government", indicators="own.toml")
    assert ids(llmx.extract("district.txt", task=task)) == OWN
    assert ids(llmx.extract("district.txt")) == BUILT_IN
    again = pickle.loads(pickle.dumps(task))
    assert (again.settings, again.vocabulary["tea_hills"].name) == (task.settings, "茶山面积")
    assert ids(llmx.extract("district.txt", task=again)) == OWN


def test_a_run_keeps_them_for_its_panel_and_its_selections(folder: Path) -> None:
    llmx.run("district.txt", "out", task=llmx.open_task(indicators="own.toml"))
    (folder / "own.toml").unlink()
    run = llmx.open_run("out")
    assert len(list(run.select(indicator="茶山面积"))) == len(list(run.select(indicator="tea_hills"))) == 3
    frame = llmx.panel(run, "panel.xlsx", indicators=["茶山面积", "gdp"])
    tea = frame[frame["indicator_id"] == "tea_hills"]
    assert list(tea["indicator_name"].unique()) == ["茶山面积"]
    assert sorted(tea["base_value"].dropna()) == [5, 120000, 130000]
    assert llmx.panel(run, wide=True)["tea_hills_lr"].dropna().tolist() == [120000]
    with pytest.raises(UsageError, match="no indicator named"):
        llmx.panel(llmx.extract("district.txt"), indicators="tea_hills")


def test_another_vocabulary_makes_records_anew_and_the_same_does_not(folder: Path) -> None:
    def ran(*options: str) -> tuple[int, list]:
        done = CliRunner().invoke(app, ["extract", "district.txt", "--out", "out", *options])
        assert done.exit_code == 0, done.output
        run = llmx.open_run("out")
        return run.manifest.taken_up, ids(run.records())

    assert ran() == (0, BUILT_IN)
    assert ran("--indicators", "own.toml") == (0, OWN)
    (folder / "copy.toml").write_text(f"# the same rows\n{ROW}", "utf-8")
    assert ran("--indicators", "copy.toml") == (1, OWN)
    (folder / "llmx.toml").write_text('[indicators]\nfile = "own.toml"\n', "utf-8")
    assert ran() == (1, OWN)
    (folder / "own.toml").write_text(ROW.replace('["茶山总面积"]', "[]"), "utf-8")
    assert ran() == (0, [OWN[0], BUILT_IN[1], BUILT_IN[2], OWN[3]])


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (ROW.replace("units", "unit"), "own.toml, indicator 1 .'tea_hills'. has no 'units'"),
        ("x", "own.toml' is no TOML"),
    ],
)
def test_a_fault_is_told_before_anything_is_read(folder: Path, own: str, said: str) -> None:
    (folder / "own.toml").write_text(own, "utf-8")
    done = CliRunner().invoke(app, ["extract", "district.txt", "--out", "out", "--indicators", "own.toml"])
    assert (done.exit_code, (folder / "out").exists()) == (2, False)
    assert re.search(said, done.stderr)
    (folder / "llmx.toml").write_text('[indicators]\npath = "own.toml"\n', "utf-8")
    done = CliRunner().invoke(app, ["extract", "district.txt", "--out", "out"])
    assert (done.exit_code, "write [indicators] with file" in done.stderr) == (2, True)


def test_a_task_that_takes_none_says_so(folder: Path) -> None:
    class Fine(llmx.Record):
        """A fine."""

        party: llmx.Said
        """Who."""

    with pytest.raises(TaskError, match="is given 'indicators'; it takes none"):
        llmx.Task("fines", [Fine]).with_(indicators="own.toml")
    with pytest.raises(TaskError, match="is given 'vocabulary'; it takes indicators"):
        llmx.open_task("government", vocabulary="own.toml")


def test_a_language_model_s_figures_are_known_by_them_too(folder: Path) -> None:
    figures = [{"n": 2, "indicator": "茶山总面积"}, {"n": 1, "indicator": "茶山的事"}]
    text = json.dumps({"figures": figures, "recognitions": [], "projects": [], "problems": [], "exceptions": []})
    with Endpoint(lambda body, count: Reply(text=text)) as endpoint:
        options = {"base_url": endpoint.url, "api_key": "none", "cache": None, "passes": 1}
        found = llmx.extract("district.txt", "m", task=llmx.open_task(indicators="own.toml"), **options)
    assert ("12万亩", "tea_hills") in ids(found)
    assert ("300亿元", None) in ids(found)


def test_the_guide_runs(folder: Path) -> None:
    guide = (Path(__file__).parent.parent / "docs" / "indicators.md").read_text("utf-8")
    (folder / "tea.toml").write_text(re.search("```toml\n(.*?)```", guide, re.DOTALL)[1], "utf-8")
    (folder / "report.txt").write_text(REPORT, "utf-8")
    found: dict = {"llmx": llmx}
    exec(re.search("```python\n(.*?)```", guide, re.DOTALL)[1], found)
    assert ids(found["result"]) == ids(found["saved"].records()) == OWN
