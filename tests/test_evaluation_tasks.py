"""A task of one's own is scored like any: its fields, measures and floors follow from its record types."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from typer.testing import CliRunner

import llmx
from llmx import Chosen, Figured, Quoted, Said, Year
from llmx.cli import app
from llmx.errors import InputError
from llmx.evaluation import Label, Score, align, read_floors, read_labels, under_floors, update_floors
from llmx.evaluation.page import page
from llmx.sections import Chunk
from llmx.task import RecordClaim, RecordReading
from llmx.task.derived import Numbered

LABELS = Path(__file__).parent / "labels"
EXAMPLES = Path(__file__).parent.parent / "docs" / "examples"


class Penalty(llmx.Record):
    """Who was fined, how much, why."""

    party: Quoted
    fine: Figured | None = None
    ground: Chosen[Literal["water", "air"]]
    law: Said | None = None
    year: Year


class Warning(llmx.Record):
    """Who was warned, for what and when."""

    party: Quoted
    reasons: list[Said]
    on: datetime.date | None = None


TEXT = """Penalties

Alder Works was fined $40,000 in 2023 for air under the Clean Air Act.
Birch Mill was fined $2.5 million in 2024 for water under the River Law.
Cedar Farm was rebuked in 2024 for water under the River Law.
Dune Port was fined $900 in 2022 for air under the Clean Air Act.
"""
LINE = re.compile(r"(\w+ \w+) was (?:fined (\S+(?: million)?)|rebuked) in (\d+) for (\w+) under the (.+?)\.")


class Lines:
    """A made-up reader: a sentence of one shape is a penalty."""

    name = "lines"

    def read(self, chunk: Chunk) -> RecordReading:
        return RecordReading(records=tuple(self._claims(chunk)))

    def _claims(self, chunk: Chunk) -> Iterator[RecordClaim]:
        for found in LINE.finditer(chunk.text):
            party, fine, year, ground, law = found.groups()
            values = {"party": party, "fine": None, "year": int(year), "ground": ground, "law": law}
            if fine:
                at = chunk.start + found.start(2)
                values["fine"] = Numbered(next(n for n, one in enumerate(chunk.figures, 1) if one.end > at))
            yield RecordClaim(quote=found[0], type="penalty", values=values)


PENALTIES = llmx.Task("penalties", [Penalty, Warning], "Penalties and warnings.", readers={"lines": Lines})
MODULE = "from test_evaluation_tasks import PENALTIES\n"


def penalty(party: str, /, **fields: object) -> dict:
    """A hand label of TEXT, right in all fields unless told otherwise."""
    (found,) = [one for one in LINE.finditer(TEXT) if one[1] == party]
    made = {"report": "r", "type": "penalty", "quote": found[0], "start": found.start(), "end": found.end()}
    made |= {"party": party, "party_start": found.start(1), "party_end": found.end(1)}
    made |= {"year": int(found[3]), "ground": found[4], "law": found[5]}
    if found[2]:
        number, unit = (
            float(found[2].strip("$").split()[0].replace(",", "")),
            "million USD" if " " in found[2] else "USD",
        )
        made |= {"fine": found[2], "fine_start": found.start(2), "fine_end": found.end(2), "fine_value": number}
        made |= {"fine_unit": unit, "fine_comparator": "=", "fine_measure": "level"}
    return made | fields


def gold(**change: object) -> list[dict]:
    """Labels of all of TEXT, the first changed."""
    return [penalty("Alder Works", **change), *map(penalty, ("Birch Mill", "Cedar Farm", "Dune Port"))]


def written(path: Path, labels: list[dict]) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in labels), "utf-8")
    return path


@pytest.fixture(scope="module")
def result() -> llmx.Result:
    return llmx.extract(llmx.read_text(TEXT, id="r"), "lines", task=PENALTIES)


def test_fields_and_measures_follow_from_the_kinds() -> None:
    scoring = PENALTIES.scoring
    assert {one.name: (one.alike, one.error) for one in scoring.fields} == {
        "party": (True, "words"),
        "fine_value": (False, "value"),
        "fine_unit": (False, "value"),
        "fine_comparator": (False, "value"),
        "fine_measure": (False, "value"),
        "ground": (False, "field"),
        "law": (True, "words"),
        "year": (False, "field"),
        "reasons": (True, "field"),
        "on": (False, "field"),
    }
    assert list(scoring.measures) == ["figures found and typed", "figures fully right", "penalties", "warnings"]
    assert "fine_base_value" not in scoring.columns


def test_a_reader_that_is_right_is_scored_right(result: llmx.Result, tmp_path: Path) -> None:
    scores = llmx.evaluate(result, written(tmp_path / "r.jsonl", gold()), resamples=20)
    assert scores.task is PENALTIES
    assert [match.outcome for match in scores.matches] == ["agreed"] * 4
    assert {row.measure: row.f1 for row in scores.measures if row.f1 is not None} == {
        "figures found and typed": 1,
        "figures fully right": 1,
        "penalties": 1,
        "found and typed": 1,
        "right in all fields": 1,
    }
    assert {row.name: row.score.gold for row in scores.fields if row.score.gold} == {
        "party": 4,
        "law": 4,
        "year": 4,
        "ground": 4,
        **dict.fromkeys(("fine_value", "fine_unit", "fine_comparator", "fine_measure"), 3),
    }


@pytest.mark.parametrize(
    ("change", "outcome", "differences"),
    [
        ({"fine_value": 41_000}, "wrong value", ("fine_value",)),
        ({"fine_value_max": 50_000}, "wrong value", ("fine_value",)),
        ({"fine_unit": "EUR"}, "wrong value", ("fine_unit",)),
        ({"party": "Elm & Sons"}, "wrong words", ("party",)),
        ({"law": "Clear Air Act"}, "agreed", ()),
        ({"ground": "water"}, "wrong field", ("ground",)),
        ({"year": 2020, "ground": "water", "fine_value": 1}, "wrong value", ("fine_value", "ground", "year")),
        ({"law": None}, "agreed", ()),
    ],
)
def test_a_difference_is_named_by_its_field(
    result: llmx.Result, change: dict, outcome: str, differences: tuple[str, ...]
) -> None:
    labels = [Label.of(one, PENALTIES) for one in gold(**change)]
    first, *others = llmx.evaluate(list(result.records), labels, task=PENALTIES, resamples=0).matches
    assert (first.outcome, first.differences) == (outcome, differences)
    assert {match.outcome for match in others} == {"agreed"}


def test_a_figure_that_was_left_out_is_a_wrong_value() -> None:
    whole, bare = penalty("Birch Mill"), penalty("Birch Mill")
    bare = {name: value for name, value in bare.items() if not name.startswith("fine")}
    pair = [Label.of(one, PENALTIES) for one in (bare, whole)]
    (match,) = align(pair[:1], pair[1:], PENALTIES.scoring)
    assert match.outcome == "wrong value"


def test_words_tell_apart_what_shares_a_quote() -> None:
    quote = {"report": "r", "type": "warning", "quote": "x" * 40, "start": 0, "end": 40, "party": "Alder Works"}
    labels = [
        Label.of(quote | {"party": party, "reasons": ["dust", "noise"]}, PENALTIES)
        for party in ("Birch Mill", "Cedar Farm", "Dune Port")
    ]
    matches = align(labels[::-1], labels, PENALTIES.scoring)
    assert all(match.predicted.naming == match.gold.naming for match in matches)


@pytest.mark.parametrize(
    ("reasons", "on", "differences"),
    [
        (["dust", "noise at night"], "2024-05-01", ()),
        (["dust", "noise at nights"], "2024-05-01", ()),
        (["noise at night", "dust"], "2024-05-01", ("reasons",)),
        (["dust"], "2024-05-01", ("reasons",)),
        (["dust", "noise at night"], "2024-05-02", ("on",)),
    ],
)
def test_lists_are_compared_item_by_item_and_days_exactly(reasons: list, on: str, differences: tuple) -> None:
    line = {"report": "r", "type": "warning", "quote": "warned", "start": 0, "end": 6, "party": "Alder Works"}
    ours, theirs = (
        Label.of(line | {"reasons": listed, "on": day}, PENALTIES)
        for listed, day in ((reasons, on), (["dust", "noise at night"], "2024-05-01"))
    )
    (match,) = align([ours], [theirs], PENALTIES.scoring)
    assert match.differences == differences
    assert hash(ours) == hash(Label.of(line | {"reasons": reasons, "on": on}, PENALTIES))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"type": "pardon"}, ["type", "'pardon'", "'penalty', 'warning'"]),
        ({"colour": "red"}, ["colour", "'red'"]),
        ({"on": "2024-05-01"}, ["on", "'2024-05-01'"]),
        ({"ground": "noise"}, ["ground", "'noise'"]),
        ({"fine_value": "much"}, ["fine_value", "'much'"]),
        ({"fine_comparator": "=="}, ["fine_comparator", "'=='"]),
        ({"year": "soon"}, ["year", "'soon'"]),
        ({"fine_start": 3, "fine_end": 5}, ["fine_start", "'$40,000'"]),
    ],
)
def test_a_line_that_is_no_label_of_the_task(
    result: llmx.Result, tmp_path: Path, change: dict, words: list[str]
) -> None:
    path = written(tmp_path / "r.jsonl", [penalty("Birch Mill"), penalty("Alder Works", **change)])
    with pytest.raises(InputError) as caught:
        llmx.evaluate(result, path, resamples=0)
    for word in (f"{path}, line 2: no label: ", *words):
        assert word in str(caught.value)


def test_words_that_do_not_stand_where_a_label_says(result: llmx.Result) -> None:
    labels = [Label.of(one, PENALTIES) for one in gold(party_start=1, party_end=12)]
    with pytest.raises(InputError, match="not the party 'Alder Works'"):
        llmx.evaluate(result, labels, resamples=0)


def test_records_of_another_task_are_refused(result: llmx.Result, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"'penalty' is none of the task 'government'.*task="):
        llmx.evaluate(list(result.records), LABELS, resamples=0)
    labels = written(tmp_path / "r.jsonl", gold())
    scores = llmx.evaluate(list(result.records), labels, task=PENALTIES, resamples=0)
    assert scores.score("penalties") == Score(4, 4, 4)


def test_two_annotators_of_a_task(result: llmx.Result) -> None:
    first = [Label.of(one, PENALTIES) for one in gold()]
    second = [Label.of(one, PENALTIES) for one in gold(ground="water", fine_value_max=5)[:3]]
    agreement = llmx.agreement(first, second, task=PENALTIES, resamples=0)
    assert agreement.first.score("penalties") == Score(3, 3, 4)
    fields = {one.field: one for one in agreement.coefficients}
    assert list(fields) == ["type", *(one.name for one in PENALTIES.scoring.fields)]
    assert (fields["fine_value"].pairs, fields["fine_value"].same) == (2, 1 / 2)
    # air-water, water-water, water-water: one of six values is another, 1 - 5·2/(36 - 1 - 25) = 0.
    assert (fields["ground"].pairs, fields["ground"].same, fields["ground"].alpha) == (3, 2 / 3, 0)
    assert (fields["party"].same, fields["party"].alpha) == (1, None)
    assert fields["reasons"].pairs == 0


def test_floors_of_a_task(result: llmx.Result, tmp_path: Path) -> None:
    labels, floors = [Label.of(one, PENALTIES) for one in gold()], tmp_path / "floors.json"
    update_floors(llmx.evaluate(result, labels, resamples=0), floors)
    assert set(read_floors(floors, PENALTIES).f1) == {"figures found and typed", "figures fully right", "penalties"}
    worse = llmx.evaluate(list(result.records)[1:], labels, task=PENALTIES, resamples=0)
    assert [line.split(":")[0] for line in under_floors(worse, floors)] == list(read_floors(floors, PENALTIES).f1)
    with pytest.raises(InputError, match="no measure named 'penalties'"):
        read_floors(floors)


def test_tables_comparison_and_page_of_a_task(result: llmx.Result) -> None:
    labels = [Label.of(one, PENALTIES) for one in gold(fine_value=1)]
    scores = llmx.evaluate(result, labels, resamples=10)
    assert list(scores.errors[0])[1:4] == ["agreed", "wrong value", "wrong words"]
    assert {row["type"] for row in scores.errors} == {"penalty", "warning"}
    for name in ("measures", "types", "fields", "reports", "errors", "records"):
        pandas, polars = scores.to_pandas(name), scores.to_polars(name)
        assert len(pandas) == len(polars) > 0
    assert scores.to_pandas("records")["predicted_fine_value"].notna().sum() == 3
    assert scores.roles == []
    shown = page(scores)
    data = json.loads(re.search(r'id="data">(.*?)</script>', shown, re.DOTALL)[1])
    assert data["columns"]["shown"] == [
        *("party", "fine", "fine_value", "fine_value_max", "fine_unit", "fine_measure", "fine_comparator"),
        *("ground", "law", "year", "reasons", "on"),
    ]
    assert data["languages"] == [""]
    assert data["rows"][0]["differ"] == ["fine_value"]
    comparison = llmx.compare({"a": result, "b": list(result.records)[:2]}, labels, task=PENALTIES, resamples=0)
    assert [one.label.values["party"] for one in comparison.records] == ["Cedar Farm", "Dune Port"]
    assert comparison.to_pandas("records")["b"].tolist() == ["missed", "missed"]


def test_a_run_is_scored_by_the_task_in_its_manifest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, result: llmx.Result
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r.txt").write_text(TEXT, "utf-8")
    labels = written(tmp_path / "gold.jsonl", gold(ground="water"))
    saved = llmx.run("r.txt", tmp_path / "run", "lines", task=PENALTIES)
    scores = llmx.evaluate(saved, labels, resamples=0)
    assert scores.matches == llmx.evaluate(result, labels, resamples=0).matches
    (tmp_path / "penalties_of_a_user.py").write_text(MODULE, "utf-8")
    named = "penalties_of_a_user:PENALTIES"
    done = CliRunner().invoke(app, ["evaluate", str(tmp_path / "run"), str(labels), "--task", named])
    assert done.exit_code == 0, done.output
    for words in ("penalties", "fine_comparator", "wrong words", "warning, found and typed"):
        assert words in done.stdout
    llmx.run("r.txt", tmp_path / "other", "lines", task=named)
    done = CliRunner().invoke(app, ["evaluate", str(tmp_path / "other"), str(labels)])
    assert done.exit_code == 0, done.output
    assert "penalties" in done.stdout
    done = CliRunner().invoke(app, ["agreement", str(labels), str(labels), "--task", named, "--resamples", "0"])
    assert done.exit_code == 0, done.output
    assert "fine_value" in done.stdout


class Item(llmx.Record):
    """A figure of a budget."""

    item: Said
    amount: Figured
    account: Said
    flow: Said
    basis: Said
    year: Year


class Commitment(llmx.Record):
    """A promise."""

    actor: Quoted | None = None
    action: Said
    amount: Figured | None = None
    due: Year | None = None
    strength: Chosen[Literal["firm", "intended", "conditional"]]


@pytest.mark.parametrize(
    ("example", "kind", "text"), [("budget", Item, "report.txt"), ("commitments", Commitment, "paper.txt")]
)
def test_labels_of_the_examples_stand_in_their_texts(example: str, kind: type[llmx.Record], text: str) -> None:
    path, task = EXAMPLES / example / "labels.jsonl", llmx.Task(example, [kind])
    scores = llmx.evaluate(path, path, task=task, reports=EXAMPLES / example / text, resamples=0)
    assert len(scores.matches) == len(read_labels(path, task)) > 80
    assert {match.outcome for match in scores.matches} == {"agreed"}
