"""Commitment and approximation of a figure, and figures that go beyond others."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from llmx.figures import find_figures
from llmx.tasks.government import wording
from llmx.tasks.government.wording import FIRMNESS, Wording, stretch_of, wording_of

DATA = tomllib.loads(Path(wording.__file__).with_suffix(".toml").read_text(encoding="utf-8"))
STRETCHES = [(text, which) for row in DATA["stretch"] for text, which in row["examples"]]


def beyond(text: str) -> dict[str, str]:
    """By its words each figure that goes beyond another, and that one."""
    figures = [figure for figure in find_figures(text) if figure.reason is None]
    named = {figure.start: figure.text for figure in figures}
    return {named[high]: named[low] for high, low in stretch_of(text, figures).items()}


@pytest.mark.parametrize("row", DATA["commitment"], ids=lambda row: row["firmness"])
def test_every_word_of_commitment_has_a_reason_and_its_examples_split(row):
    assert row["reason"]
    for modifier, commitment, approximation in row["examples"]:
        assert wording_of(modifier) == (commitment or None, approximation or None)
        assert FIRMNESS[commitment] == row["firmness"]


@pytest.mark.parametrize(
    ("modifier", "expected"),
    [
        (None, Wording(None, None)),
        ("", Wording(None, None)),
        ("以上", Wording(None, "以上")),
        ("超过…余", Wording(None, "超过…余")),
        ("控制在…以内", Wording(None, "控制在…以内")),
        ("力争…突破…以上", Wording("力争", "突破…以上")),
    ],
)
def test_a_modifier_splits(modifier, expected):
    assert wording_of(modifier) == expected


@pytest.mark.parametrize(
    "text", ["力争规上工业增加值增长9%以上", "确保失业率控制在5.5%以内", "预计增长6%左右", "超过300余家"]
)
def test_what_figures_are_found_with_loses_no_word(text):
    for figure in find_figures(text):
        split = wording_of(figure.modifier)
        words = [word for part in split if part for word in part.split("…")]
        assert sorted(words) == sorted((figure.modifier or "").split("…"))


@pytest.mark.parametrize(("text", "which"), STRETCHES)
def test_every_stretch_does_what_its_examples_say(text, which):
    marked = [part.split("⟧")[0] for part in text.split("⟦")[1:]]
    high, low = (marked[1], marked[0]) if which == 2 else (marked[0], marked[1])
    assert beyond(text.replace("⟦", "").replace("⟧", "")) == {high: low}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("增长7%以上、力争8%以上、冲刺9%", {"8%": "7%", "9%": "8%"}),
        ("增长7%以上，力争固定资产投资增长8%", {}),
        ("增长7%、8%", {}),
        ("增长7%，力争突破500亿元", {}),
        ("增长7%。力争新增企业8家", {}),
        ("增长 7% 以上，\n力争达到 8%", {"8%": "7%"}),
        ("确保增长7%、力争7.5%；一般公共预算收入确保增长6%、力争8%", {"7.5%": "7%", "8%": "6%"}),
    ],
)
def test_which_figure_goes_beyond_which(text, expected):
    assert beyond(text) == expected
