"""A task of a user's own, from its classes to records, against a real endpoint on 127.0.0.1."""

from __future__ import annotations

import asyncio
import datetime
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pytest
from endpoint import Endpoint, Reply, question_of
from typer.testing import CliRunner

import llmx
from llmx.claims import Reading
from llmx.cli.app import app
from llmx.errors import EndpointError, TaskError
from llmx.sections import Chunk
from llmx.task import RecordClaim, RecordReading, columns_of, values_of
from llmx.task.derived import Numbered


class Part(llmx.Group):
    """A part of a penalty."""

    amount: llmx.Figured
    """How much of it."""
    due: datetime.date | None = None
    """By which day."""
    payer: llmx.Quoted | None = None
    """Who pays it."""


class Penalty(llmx.Record):
    """Who was fined for what, and how much."""

    party: llmx.Quoted
    """Who was fined, by name."""
    fine: llmx.Figured | None = llmx.figured(None, units=("元", "万元"))
    """The fine itself."""
    ground: llmx.Chosen[Literal["water", "building"]]
    """What was done wrong."""
    law: llmx.Said | None = None
    """The law that was broken."""
    year: llmx.Year | None = None
    """The year of the penalty."""
    decided: datetime.date | None = None
    """The day of the decision."""
    final: bool
    """Whether it can be appealed no more."""
    others: list[llmx.Quoted] = []  # noqa: RUF012 (pydantic copies it)
    """Who else is named."""
    main: Part | None = None
    """The part to be paid first."""
    parts: tuple[Part, ...] = ()
    """All its parts."""


class Inspection(llmx.Record):
    """An inspection of many."""

    count: llmx.Figured
    """How many were inspected."""


TEXT = """一、处罚情况

2024年3月5日，市环境局对甲化工厂处以罚款25万元，因其违反水法排放污水，乙公司作证。其中先缴10万元，2024年4月1日前缴清。
丙建筑公司违规施工，被罚款3万元至5万元。

二、检查情况

全年检查企业120家。
"""
Answering = Callable[[dict[str, Any]], dict[str, Any]]


def mark_of(body: dict[str, Any], words: str) -> int:
    """The number of the mark that words have in a question."""
    return int(re.search(rf"\[(\d+)\]{re.escape(words)}", question_of(body))[1])


def penalty(body: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The first penalty of the text as a language model would answer it."""
    fine, first = mark_of(body, "25万元"), mark_of(body, "10万元")
    part = {"amount": first, "due": "2024-04-01", "payer": "甲化工厂"}
    return {
        "quote": "对甲化工厂处以罚款25万元，因其违反水法排放污水",
        "party": "甲化工厂",
        "fine": fine,
        "ground": "water",
        "law": "水法",
        "year": 2024,
        "decided": "2024-03-05",
        "final": True,
        "others": ["乙公司"],
        "main": part,
        "parts": [part, {"amount": fine, "due": None, "payer": None}],
    } | changes


def whole(body: dict[str, Any]) -> dict[str, Any]:
    """All records of the text, each in its own question."""
    asked = question_of(body)
    inspections = [{"quote": "检查企业120家", "count": mark_of(body, "120家")}] if "120家" in asked else []
    return {"penalties": [penalty(body)] if "甲化工厂" in asked else [], "inspections": inspections}


def answering(answer: Answering) -> Endpoint:
    return Endpoint(lambda body, number: Reply(text=json.dumps(answer(body), ensure_ascii=False)))


def extracted(answer: Answering, task: llmx.Task, text: str = TEXT, **options: Any) -> tuple[llmx.Result, Endpoint]:
    with answering(answer) as endpoint:
        given = {"base_url": endpoint.url, "api_key": "none", "cache": None} | options
        document = text if isinstance(text, llmx.Document) else llmx.read_text(text, id="notice")
        return llmx.extract(document, "m", task=task, **given), endpoint


TASK = llmx.Task("penalties", [Penalty, Inspection], "Penalties and inspections.")


def test_every_kind_of_field_comes_back_as_code_reads_it() -> None:
    result, _ = extracted(whole, TASK)
    assert not result.failures
    assert not result.missing
    (found,) = result.of(Penalty)
    text = result.document.text
    assert (
        found.quote
        == text[found.start : found.end]
        == "对甲化工厂处以罚款25万元，因其违反水法排放污水，乙公司作证。其中先缴10万元"
    )
    assert text[found.party.start : found.party.end] == found.party.text == "甲化工厂"
    assert (found.fine.text, found.fine.value, found.fine.unit, found.fine.comparator) == ("25万元", 25, "万元", "=")
    assert text[found.fine.start : found.fine.end] == "25万元"
    assert (found.ground, found.law, found.year, found.final) == ("water", "水法", 2024, True)
    assert found.decided == datetime.date(2024, 3, 5)
    assert [text[one.start : one.end] for one in found.others] == ["乙公司"]
    assert found.main == Part(amount=found.parts[0].amount, due=datetime.date(2024, 4, 1), payer=found.parts[0].payer)
    assert isinstance(found.parts, tuple)
    assert isinstance(found.others, list)
    assert found.parts[1] == Part(amount=found.fine)
    assert found.section == ("一、处罚情况",)
    assert [one.count.value for one in result.inspections] == [120]
    Penalty.model_validate(found.model_dump())


def test_a_saved_run_holds_the_same_records_and_is_taken_up(tmp_path: Path) -> None:
    source = tmp_path / "notice.txt"
    source.write_text(TEXT, "utf-8")
    with answering(whole) as endpoint:
        options = {"base_url": endpoint.url, "api_key": "none", "cache": None, "task": TASK}
        saved = llmx.run(source, tmp_path / "run", "m", formats="jsonl,csv", **options)
        fresh = llmx.extract(source, "m", **options)
        sent = len(endpoint.bodies)
        again = llmx.run(source, tmp_path / "run", "m", formats="jsonl,csv", **options)
        assert len(endpoint.bodies) == sent
        changed = llmx.Task("penalties", [Penalty, Inspection], "Others.")
        with pytest.raises(llmx.UsageError):
            llmx.run(source, tmp_path / "run", "m", **options | {"task": changed})
    assert list(saved.records()) == list(again.records()) == list(fresh.records)
    assert saved.manifest.records == {"penalty": 1, "inspection": 1}
    assert "fine_value" in (tmp_path / "run" / "records.csv").read_text("utf-8-sig").splitlines()[0]
    assert [values_of(one)["main_amount"] for one in fresh.of(Penalty)] == ["10万元"]


def test_the_docstrings_are_on_the_wire_in_the_schema_and_in_the_prompt() -> None:
    _, endpoint = extracted(whole, TASK)
    body = endpoint.bodies[0]
    system = body["messages"][0]["content"]
    schema = json.dumps(body["response_format"], ensure_ascii=False)
    words = [kind.__doc__ for kind in (Penalty, Inspection)]
    words += [
        one.description for kind in (Penalty, Inspection, Part) for one in kind.model_fields.values() if one.description
    ]
    own = [word.rstrip(".") for word in words if word not in _of_every_record()]
    assert len(own) == 16
    for word in own:
        assert word in system, word
        assert word in schema, word
    assert Part.__doc__ in schema
    assert "Penalties and inspections." in system


def _of_every_record() -> set[str | None]:
    return {one.description for one in llmx.Record.model_fields.values()}


def test_a_figure_of_another_unit_is_turned_away_with_its_reason() -> None:
    result, _ = extracted(
        lambda body: (
            {"penalties": [penalty(body, fine=mark_of(body, "120家"))] if "120家" in question_of(body) else []}
            | {"inspections": []}
        ),
        llmx.Task("penalties", [Penalty, Inspection], split="whole"),
    )
    assert not result.records
    (away,) = result.turned_away
    assert "fine" in away.reason
    assert "'家'" in away.reason
    assert "万元" in away.reason


@pytest.mark.parametrize(
    ("unit", "taken"), [("dollars", True), ("USD", True), ("billion USD", True), ("EUR", False), ("tonnes", False)]
)
def test_a_unit_is_taken_as_written_or_as_what_it_is_a_multiple_of(unit: str, taken: bool) -> None:
    class Cost(llmx.Record):
        """A cost."""

        amount: llmx.Figured = llmx.figured(units=unit)
        """How much."""

    text = "Northgate paid $3.2 billion for it."
    result, _ = extracted(
        lambda body: {"costs": [{"quote": "paid $3.2 billion", "amount": mark_of(body, "$3.2 billion")}]},
        llmx.Task("costs", [Cost]),
        text,
    )
    assert len(result.costs) == taken
    assert len(result.turned_away) == 1 - taken


def test_a_range_has_both_ends() -> None:
    task = llmx.Task("inspections", [Inspection], split="whole")
    result, _ = extracted(
        lambda body: {"inspections": [{"quote": "被罚款3万元至5万元", "count": mark_of(body, "3万元至5万元")}]}, task
    )
    (one,) = result.records
    assert (one.count.value, one.count.value_max, one.count.comparator) == (3, 5, "range")


@pytest.mark.parametrize(
    ("field", "value"),
    [("law", "第99号令"), ("year", 2011), ("decided", "2011-01-01"), ("party", "丁公司"), ("others", ["丁公司"])],
)
def test_what_the_text_does_not_bear_out_is_asked_about_again_and_then_kept_apart(field: str, value: Any) -> None:
    def answer(body: dict[str, Any]) -> dict[str, Any]:
        return {"penalties": [penalty(body, **{field: value})]}

    result, endpoint = extracted(answer, llmx.Task("penalties", [Penalty], split="whole"))
    said = value[0] if isinstance(value, list) else str(value)
    assert len(endpoint.bodies) == 2
    assert said in question_of(endpoint.bodies[1])
    assert not result.records
    (missing,) = result.missing
    assert missing.grounding == "missing"
    assert missing.start is None


def test_a_second_look_mends_an_invented_number() -> None:
    def answer(body: dict[str, Any]) -> dict[str, Any]:
        law = "水法" if "第99号令" in question_of(body) else "第99号令"
        return {"penalties": [penalty(body, law=law)]}

    result, _ = extracted(answer, llmx.Task("penalties", [Penalty], split="whole"))
    assert not result.missing
    assert [one.law for one in result.of(Penalty)] == ["水法"]


@pytest.mark.parametrize("bad", [{"ground": "air"}, {"fine": 99}, {"decided": "5 March"}, {"year": 12}, {"party": ""}])
def test_an_item_that_cannot_be_used_is_asked_for_again(bad: dict[str, Any]) -> None:
    def script(body: dict[str, Any], number: int) -> Reply:
        changes = bad if number == 0 else {}
        asked = next(m for m in body["messages"] if "甲化工厂" in str(m["content"]) and m["role"] == "user")
        items = [penalty({"messages": [asked]}, **changes)]
        return Reply(text=json.dumps({"penalties": items}, ensure_ascii=False))

    with Endpoint(script) as endpoint:
        task = llmx.Task("penalties", [Penalty], split="whole")
        result = llmx.extract(
            llmx.read_text(TEXT), "m", task=task, base_url=endpoint.url, api_key="none", cache=None, passes=1
        )
    assert len(endpoint.bodies) == 2
    assert len(result.records) == 1
    assert not result.failures


def test_records_that_share_quote_and_figure_are_both_kept() -> None:
    def answer(body: dict[str, Any]) -> dict[str, Any]:
        return {"penalties": [penalty(body), penalty(body, party="乙公司")]}

    result, _ = extracted(answer, llmx.Task("penalties", [Penalty], split="whole"))
    assert sorted(one.party.text for one in result.of(Penalty)) == ["乙公司", "甲化工厂"]


def test_a_quote_that_stands_twice_is_the_types_own_first() -> None:
    class Later(llmx.Record):
        """Something."""

    class Sooner(llmx.Record):
        """Something else."""

    text = "甲乙丙。戊己庚。甲乙丙。"
    result, _ = extracted(
        lambda body: {"laters": [{"quote": "戊己庚"}, {"quote": "甲乙丙"}], "sooners": [{"quote": "甲乙丙"}]},
        llmx.Task("two", [Later, Sooner]),
        text,
        passes=1,
    )
    assert [one.start for one in result.sooners] == [0]
    assert [one.start for one in result.laters] == [4, 8]


class Counts:
    """An embedded reader: every figure in 家 is an inspection."""

    name = "counts"

    def read(self, chunk: Chunk) -> Reading:
        numbers = [number for number, figure in enumerate(chunk.figures, 1) if figure.unit == "家"]
        claims = [
            RecordClaim(type="inspection", quote=chunk.figures[n - 1].text, values={"count": Numbered(n)})
            for n in numbers
        ]
        return RecordReading(records=tuple(claims))


def embedded() -> llmx.Task:
    return llmx.Task("inspections", [Inspection], readers={"counts": Counts}, checker="counts")


def test_an_embedded_reader_needs_no_network() -> None:
    result = llmx.extract(llmx.read_text(TEXT, id="n"), "counts", task=embedded())
    (one,) = result.inspections
    assert (one.quote, one.count.value, one.model) == ("120家", 120, "counts")


@pytest.mark.parametrize("named", [True, False])
def test_another_reader_makes_the_second_look_where_a_figure_was_left_out(named: bool) -> None:
    def answer(body: dict[str, Any]) -> dict[str, Any]:
        second = "extracted so far" in question_of(body) or len(body["messages"]) == 1
        item = {"quote": "检查企业120家", "count": mark_of(body, "120家")} if second else None
        return {"inspections": [item] if item else []}

    plain = llmx.Task("inspections", [Inspection])
    options = {"check": Counts()} if named else {}
    result, _ = extracted(answer, plain if named else embedded(), **options)
    assert [one.count.value for one in result.inspections] == [120]


def test_the_cache_has_it_a_dry_run_counts_it_and_a_failure_is_asked_again(tmp_path: Path) -> None:
    failing = {"on": True}

    def script(body: dict[str, Any], number: int) -> Reply:
        if failing["on"] and "120家" in question_of(body):
            return Reply(status=500, body={"error": {"message": "oops"}})
        return Reply(text=json.dumps(whole(body), ensure_ascii=False))

    source = tmp_path / "notice.txt"
    source.write_text(TEXT, "utf-8")
    with Endpoint(script) as endpoint:
        options = {
            "base_url": endpoint.url,
            "api_key": "none",
            "cache": tmp_path / "cache",
            "attempts": 1,
            "task": TASK,
        }
        first = llmx.run(source, tmp_path / "run", "m", chunk=100, **options)
        assert first.manifest.failures == 1
        assert first.manifest.records["penalty"] == 1
        failing["on"] = False
        told = llmx.estimate(source, "m", chunk=100, **options)
        assert (told.chunks, told.cached) == (2, 1)
        assert told.usage.prompt > 300
        before = len(endpoint.bodies)
        second = llmx.run(source, tmp_path / "run", "m", chunk=100, retry_failed=True, **options)
        assert len(endpoint.bodies) == before + 1
        assert second.manifest.failures == 0
        assert [one.type for one in second.records()] == ["penalty", "inspection"]
        lines = list(llmx.explain_cache(source, "m", chunk=100, **options))
    assert all("hit" in line for line in lines)


def test_a_cassette_replays_a_task_without_network(tmp_path: Path) -> None:
    from llmx.cassettes import opened

    tape = tmp_path / "tape.yaml"
    with opened(tape, record=True):
        first, endpoint = extracted(whole, TASK)
    again = llmx.extract(llmx.read_text(TEXT, id="notice"), task=TASK, cassette=tape)
    assert again.records == first.records
    assert len(endpoint.bodies) == 2
    other = llmx.Task("penalties", [Penalty, Inspection], "Something else.")
    changed = llmx.extract(llmx.read_text(TEXT, id="notice"), task=other, cassette=tape)
    assert changed.failures
    assert not changed.records


@pytest.mark.parametrize(
    "text", [TEXT.replace("处以罚款", "处以罚\n\n— 3 —\n\n款"), TEXT.replace("处以罚款", "处以罚\u200b款")]
)
def test_offsets_are_those_of_the_text_as_stored(text: str) -> None:
    result, _ = extracted(
        lambda body: {"penalties": [{**penalty(body), "others": [], "main": None, "parts": []}]},
        llmx.Task("penalties", [Penalty], split="whole"),
        text,
        passes=1,
    )
    (one,) = result.of(Penalty)
    stored = result.document.text
    assert stored == text
    for held in (one.party, one.fine):
        assert stored[held.start : held.end] == held.text
    assert stored[one.start : one.end] == one.quote
    assert one.fine.value == 25


def test_a_traditional_text_is_read_and_its_records_have_its_own_words() -> None:
    pytest.importorskip("opencc")

    class Fine(llmx.Record):
        """罰款。"""

        party: llmx.Quoted
        """被罰的人。"""
        kind: llmx.Chosen[Literal["环保", "建筑"]]
        """Why."""
        more: list[Part] = []  # noqa: RUF012 (pydantic copies it)
        """Parts."""
        said: llmx.Said
        """Law."""

    text = "處罰情況\n\n二〇二四年，環境局對華龍化工廠處以罰款25萬元，該廠違反國家環境保護條例，應當繳納罰款並整頓業務，經營場所關閉。"

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        n = mark_of(body, "25万元")
        item = {"quote": "对华龙化工厂处以罚款25万元", "party": "华龙化工厂", "kind": "环保", "said": "环境保护条例"}
        return {"fines": [item | {"more": [{"amount": n, "due": None, "payer": "华龙化工厂"}]}]}

    result, _ = extracted(answer, llmx.Task("fines", [Fine], split="whole"), text)
    (one,) = result.of(Fine)
    assert text[one.start : one.end] == one.quote == "對華龍化工廠處以罰款25萬元"
    assert one.party.text == one.more[0].payer.text == text[one.party.start : one.party.end] == "華龍化工廠"
    assert one.more[0].amount.text == "25萬元"
    assert one.kind == "环保"
    assert one.said == "環境保護條例"


ENGLISH = """# Report

1. Penalties

The Authority fined Northgate Shipping $3.2 billion, up 12.5 percent on 2023.

1.1 Further penalties

Eastline paid 25,000 dollars.

Outlook for the coming year

Inspections will rise to 40 ships.
"""


class Fine(llmx.Record):
    """A fine."""

    amount: llmx.Figured
    """How much."""


def fines(body: dict[str, Any]) -> dict[str, Any]:
    found = re.findall(r"\[(\d+)\](\$3\.2 billion|25,000 dollars|40 ships)", question_of(body))
    return {"fines": [{"quote": words, "amount": int(number)} for number, words in found]}


@pytest.mark.parametrize(
    ("split", "paths"),
    [
        ("headings", [("Report", "1. Penalties"), ("Report", "1. Penalties", "1.1 Further penalties")]),
        ("whole", [(), ()]),
    ],
)
def test_an_english_document_is_split_as_the_task_says(split: Any, paths: list[tuple[str, ...]]) -> None:
    result, _ = extracted(fines, llmx.Task("fines", [Fine], split=split), ENGLISH)
    assert [one.amount.value for one in result.fines] == [3.2, 25000, 40]
    assert [one.section for one in result.fines[:2]] == paths
    plain = "Outlook for the coming year"
    assert (plain in result.fines[2].section) == (split == "headings")


def test_a_document_is_split_by_its_pages() -> None:
    first, second = "The Authority fined Northgate $3.2 billion.\n", "Eastline paid 25,000 dollars.\n"
    document = llmx.Document("pages", first + second, places=((0, "p. 1"), (len(first), "p. 2")))
    result, _ = extracted(fines, llmx.Task("fines", [Fine], split="page"), document)
    assert [one.section for one in result.fines] == [("p. 1",), ("p. 2",)]
    assert [one.location for one in result.fines] == ["p. 1", "p. 2"]


FOLDER = {
    "task.toml": 'name = "fines"\nsplit = "whole"\n[words]\nfine = "Fine"\n',
    "records.py": (
        "from __future__ import annotations\n"
        "from llmx import Figured, Group, Record, Said\n\n\n"
        "class _Base(Record):\n    by: Said | None = None\n    '''Who imposed it.'''\n\n\n"
        "class Fine(_Base):\n    '''A fine.'''\n\n    amount: Figured\n    '''How much.'''\n"
    ),
    "prompt.md": "Fines.\n",
    "examples.toml": (
        "[[examples]]\ntext = 'Westgate was fined 300 dollars.'\n"
        "[[examples.records]]\nquote = 'fined 300 dollars'\namount = '300 dollars'\n"
    ),
}
SCHEMA = {
    "title": "Fine",
    "description": "A fine.",
    "type": "object",
    "properties": {
        "amount": {"x-llmx": "figure", "description": "How much.", "x-units": ["USD"]},
        "by": {"type": ["string", "null"], "description": "Who imposed it."},
        "day": {"type": "string", "format": "date"},
        "sort": {"enum": ["high", "low", None]},
        "payers": {"type": "array", "items": {"type": "string", "x-llmx": "quote"}},
        "place": {"x-llmx": "quote"},
    },
    "required": ["amount"],
}


def folder_of(path: Path, **changes: str | None) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    files = FOLDER | {name.replace("__", "."): text for name, text in changes.items()}
    for name, text in files.items():
        if text is not None:
            (path / name).write_text(text, "utf-8")
    return path


@pytest.fixture
def english(tmp_path: Path) -> Path:
    source = tmp_path / "report.txt"
    source.write_text(ENGLISH, "utf-8")
    return source


def test_a_folder_and_a_module_are_tasks_on_the_command_line(
    tmp_path: Path, english: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(tmp_path / "fines")
    (tmp_path / "my_fines.py").write_text(
        "import llmx\n\n\nclass Fine(llmx.Record):\n    '''A fine.'''\n\n    amount: llmx.Figured\n    '''How much.'''\n\n\n"
        "FINES = llmx.Task('fines', [Fine])\n",
        "utf-8",
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        by = {"by": None} if '"by"' in json.dumps(body["response_format"]) else {}
        return {"fines": [one | by for one in fines(body)["fines"]]}

    with answering(answer) as endpoint:
        for number, name in enumerate([str(folder), str(folder / "task.toml"), "my_fines:FINES"]):
            out = tmp_path / f"run{number}"
            command = ["extract", str(english), "--out", str(out), "--task", name, "--model", "m", "-q"]
            done = CliRunner().invoke(app, [*command, "--base-url", endpoint.url, "--cache", str(tmp_path / "cache")])
            assert done.exit_code == 0, done.output
            saved = llmx.open_run(out)
            assert [one.amount.value for one in saved.records()] == [3.2, 25000, 40]
            assert saved.task.word("fine") == ("Fine" if number < 2 else "fine")


def test_a_json_schema_is_a_task(tmp_path: Path) -> None:
    schema = SCHEMA | {"properties": {name: one for name, one in SCHEMA["properties"].items() if name != "place"}}
    folder = folder_of(tmp_path / "fines", records__py=None, schema__json=json.dumps(schema))
    task = llmx.open_task(folder)
    assert [(one.name, one.sort, one.optional) for one in _kinds(task)] == [
        ("amount", "figure", False),
        ("by", "words", True),
        ("day", "date", True),
        ("sort", "choice", True),
        ("payers", "list", True),
    ]

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        rest = {"by": "Authority", "day": None, "sort": "high", "payers": ["Eastline"]}
        return {"fines": [one | rest for one in fines(body)["fines"] if "dollars" in one["quote"]]}

    result, endpoint = extracted(answer, task, ENGLISH)
    (one,) = result.fines
    assert (one.amount.value, one.by, one.sort, one.payers[0].text) == (25000, "Authority", "high", "Eastline")
    assert "Who imposed it" in endpoint.bodies[0]["messages"][0]["content"]


def _kinds(task: llmx.Task) -> Any:
    from llmx.task import kinds_of

    return kinds_of(next(iter(task.types.values())))


def test_a_schema_that_pydantic_wrote_is_read_with_its_parts(tmp_path: Path) -> None:
    from pydantic import BaseModel

    class Money(BaseModel):
        """An amount."""

        payer: str
        """Who pays."""

    class Fine(BaseModel):
        """A fine."""

        money: Money
        further: Money | None = None
        law: str | None = None

    folder = folder_of(
        tmp_path / "fines", records__py=None, examples__toml=None, schema__json=json.dumps(Fine.model_json_schema())
    )
    assert [(one.name, one.sort, one.optional) for one in _kinds(llmx.open_task(folder))] == [
        ("money", "group", False),
        ("further", "group", True),
        ("law", "words", True),
    ]


def test_a_folder_may_have_words_of_its_own(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "fines", chunk__md="Unter: $path\n\nText: $text\n", json__md="So: $schema\n")
    _, endpoint = extracted(lambda body: {"fines": []}, llmx.open_task(folder), ENGLISH, mode="json")
    assert question_of(endpoint.bodies[0]).startswith("Unter: (no heading)\n\nText: # Report")
    assert "\n\nSo: {" in endpoint.bodies[0]["messages"][0]["content"]


EXAMPLE = "[[examples]]\ntext = 'Westgate was fined 300 dollars.'\n[[examples.records]]\n"
CLASS = "from llmx import *\nfrom typing import *\nimport datetime\n\n\nclass Fine(Record):\n    '''A fine.'''\n\n"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"records__py": CLASS + "    amount: Figured | Said\n"}, ["records.py", "Fine.amount", "strict"]),
        ({"records__py": CLASS + "    amount: float\n"}, ["records.py", "Fine.amount", "float", "Figured"]),
        ({"records__py": CLASS + "    amount: dict[str, str]\n"}, ["records.py", "Fine.amount", "no kind of field"]),
        ({"records__py": CLASS + "    amount: Literal[1, 2]\n"}, ["records.py", "Fine.amount", "choice"]),
        ({"records__py": CLASS + "    amount: list[list[Said]]\n"}, ["records.py", "Fine.amount", "list of lists"]),
        ({"records__py": CLASS + "    amount: tuple[Said, Year]\n"}, ["records.py", "Fine.amount", "one kind"]),
        ({"records__py": CLASS + "    amount: Said = figured(units='元')\n"}, ["records.py", "Fine.amount", "units"]),
        ({"records__py": CLASS + "    location: Quoted\n"}, ["records.py", "Fine.location", "every record"]),
        ({"records__py": CLASS + "    inner: Self | None = None\n"}, ["records.py", "Fine.inner"]),
        (
            {"records__py": CLASS + "    fine: Figured\n    fine_unit: Said\n"},
            ["records.py", "Fine.fine_unit", "'fine_unit'", "fine too"],
        ),
        (
            {
                "records__py": "from llmx import *\n\n\nclass Node(Group):\n    '''A node.'''\n\n    next: 'Node | None' = None\n\n\n"
                "class Fine(Record):\n    '''A fine.'''\n\n    node: Node\n"
            },
            ["records.py", "Fine.node.next", "holds itself"],
        ),
        (
            {"records__py": CLASS + "    amount: Figured\n\n\nclass Other(Record):\n    type: str = 'fine'\n"},
            ["two types", "'fine'", "Fine", "Other"],
        ),
        ({"records__py": "import nowhere_to_be_found\n"}, ["records.py", "nowhere_to_be_found"]),
        ({"records__py": "x = 1\n"}, ["records.py", "no record type"]),
        ({"records__py": None}, ["neither records.py nor schema.json"]),
        ({"chunk__md": "Heading: $path\n"}, ["chunk.md", "text", "$name"]),
        ({"system__md": "$instructions $types 5 $\n"}, ["system.md", "$$"]),
        ({"json__md": "None.\n"}, ["json.md", "schema"]),
        (
            {"examples__toml": EXAMPLE + "quote = 'fined 400 dollars'\namount = '300 dollars'\n"},
            ["examples.toml", "example 1, record 1", "fined 400 dollars"],
        ),
        (
            {"examples__toml": EXAMPLE + "quote = 'fined 300 dollars'\namount = '400 dollars'\n"},
            ["examples.toml", "example 1, record 1, amount", "300 dollars"],
        ),
        ({"examples__toml": EXAMPLE + "quote = 'fined 300 dollars'\n"}, ["example 1, record 1, amount", "missing"]),
        (
            {"examples__toml": EXAMPLE + "quote = 'fined 300 dollars'\namount = '300 dollars'\nsize = 2\n"},
            ["examples.toml", "example 1, record 1, size"],
        ),
        (
            {"examples__toml": EXAMPLE + "quote = 'fined 300 dollars'\namount = '300 dollars'\nby = ['x']\n"},
            ["examples.toml", "example 1, record 1, by"],
        ),
        (
            {"examples__toml": EXAMPLE + "type = 'penalty'\nquote = 'fined'\n"},
            ["examples.toml", "record 1", "'penalty'"],
        ),
        ({"examples__toml": "examples = 3\n"}, ["examples.toml", "examples"]),
        ({"task__toml": "name = 'a b'\n"}, ["task.toml", "name", "a b"]),
        ({"task__toml": "name = 'a'\nspilt = 'page'\n"}, ["task.toml", "spilt"]),
        ({"task__toml": "name = \n"}, ["task.toml", "no TOML"]),
    ],
)
def test_a_faulty_folder_is_told_by_file_class_and_field(
    changes: dict[str, str | None], words: list[str], tmp_path: Path
) -> None:
    folder = folder_of(tmp_path / "fines", **changes)
    with Endpoint() as endpoint:
        with pytest.raises(TaskError) as told:
            llmx.extract(ENGLISH, "m", task=folder, base_url=endpoint.url, api_key="none", cache=None)
        assert not endpoint.bodies
    for word in words:
        assert word in str(told.value), told.value


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"amount": {"type": "number"}}, ["Fine.amount", "x-llmx"]),
        ({"amount": {"anyOf": [{"type": "string"}, {"type": "boolean"}]}}, ["Fine.amount", "strict"]),
        ({"amount": {"type": ["string", "boolean"]}}, ["Fine.amount", "strict"]),
        ({"amount": {"$ref": "#/$defs/Fine"}}, ["Fine.amount", "$ref"]),
        ({"amount": {"x-llmx": "sum"}}, ["Fine.amount", "sum"]),
        ({"amount": {"type": "object"}}, ["Fine.amount", "properties"]),
        ({"quote me": {"type": "string"}}, ["Fine.quote me", "no name"]),
        ({"model": {"type": "string"}}, ["Fine.model", "no name"]),
        ({"amount": {"x-llmx": "figure"}, "by": {"type": "string", "x-scored": "roughly"}}, ["roughly"]),
    ],
)
def test_a_faulty_schema_is_told_by_file_and_field(change: dict[str, Any], words: list[str], tmp_path: Path) -> None:
    schema = {"title": "Fine", "type": "object", "properties": change}
    folder = folder_of(tmp_path / "fines", records__py=None, examples__toml=None, schema__json=json.dumps(schema))
    with pytest.raises(TaskError) as told:
        llmx.open_task(folder)
    for word in words:
        assert word in str(told.value), told.value


def test_a_schema_that_holds_itself_is_told(tmp_path: Path) -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}
    schema = {"title": "Fine", "properties": {"node": {"$ref": "#/$defs/Node"}}, "$defs": {"Node": node}}
    folder = folder_of(tmp_path / "fines", records__py=None, examples__toml=None, schema__json=json.dumps(schema))
    with pytest.raises(TaskError, match=r"schema\.json: Fine\.node\.next: Node holds itself"):
        llmx.open_task(folder)


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ("nowhere", ["no task 'nowhere'", "llmx init"]),
        ("nowhere:TASK", ["nowhere", "cannot be imported"]),
        ("llmx.errors:TASK", ["llmx.errors", "'TASK'"]),
        ("llmx.records:Record", ["llmx.Task("]),
        (Penalty, ["records=[Penalty]"]),
    ],
)
def test_a_task_that_is_not_there_is_told(task: Any, words: list[str]) -> None:
    with pytest.raises(TaskError) as told:
        llmx.extract("text", task=task)
    for word in words:
        assert word in str(told.value)


def test_a_module_that_raises_is_told_with_what_it_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken_task.py").write_text("1 / 0\n", "utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(TaskError, match="broken_task cannot be imported: ZeroDivisionError"):
        llmx.open_task("broken_task:TASK")


def test_records_alone_are_a_task_and_a_class_alone_is_taken_for_a_list() -> None:
    assert llmx.open_task(records=Inspection).types == {"inspection": Inspection}
    assert llmx.open_task(records=[Penalty, Inspection]).plurals == {
        "penalties": "penalty",
        "inspections": "inspection",
    }
    for wrong in ([], [int], [Penalty, Penalty]):
        with pytest.raises(TaskError):
            llmx.open_task(records=wrong)
    with pytest.raises(TaskError, match="instructions without records"):
        llmx.open_task(instructions="All fines.")


def test_a_schema_too_large_for_a_provider_is_told_before_it_is_sent() -> None:
    many = tuple(f"choice {number}" for number in range(1001))

    class Wide(llmx.Record):
        """Something."""

        sort: llmx.Chosen[Literal[many]]  # type: ignore[valid-type]
        """Which."""

    task = llmx.Task("wide", [Wide])
    with pytest.raises(TaskError, match=r"wides\[\]\.sort.*1,001"):
        llmx.extract("text", "openai/gpt-x", task=task, api_key="none", cache=None)
    result, _ = extracted(lambda body: {"wides": []}, task)
    assert not result.failures


def test_a_wrong_key_is_told_for_a_task_as_for_any(tmp_path: Path) -> None:
    refused = {"error": {"message": "Incorrect API key", "code": "invalid_api_key"}}
    with Endpoint(lambda body, number: Reply(status=401, body=refused)) as endpoint, pytest.raises(EndpointError):
        llmx.extract(TEXT, "m", task=TASK, base_url=endpoint.url, api_key="none", cache=None)


def test_the_digest_changes_with_all_that_records_depend_on() -> None:
    example = llmx.Example("Westgate was fined 300 dollars.", [{"quote": "fined 300 dollars", "amount": "300 dollars"}])
    tasks = [
        llmx.Task("fines", [Fine]),
        llmx.Task("fines", [Fine], "Fines."),
        llmx.Task("fines", [Fine], examples=[example]),
        llmx.Task("fines", [Fine], split="whole"),
        llmx.Task("fines", [Fine], templates={"chunk.md": "At: $path\n\n$text"}),
        llmx.Task("fines", [Fine, Inspection]),
        llmx.Task("other", [Fine]),
    ]
    assert len({task.digest for task in tasks}) == len(tasks)
    assert llmx.Task("fines", [Fine]).digest == tasks[0].digest


def test_columns_follow_the_class() -> None:
    assert [name for name in columns_of(Penalty) if name.startswith(("party", "main_due", "others", "year"))] == [
        "party",
        "party_start",
        "party_end",
        "year",
        "others",
        "main_due",
    ]


def test_the_code_of_the_guide_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = Path(__file__).parent.parent
    guide = (root / "docs" / "tasks.md").read_text("utf-8")
    assert len(guide.splitlines()) < 150
    monkeypatch.chdir(tmp_path)
    code = "\n".join(re.findall("```python\n(.*?)```", guide, re.DOTALL))
    (tmp_path / "guide.py").write_text(code, "utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    import guide as told

    def answer(body: dict[str, Any]) -> dict[str, Any]:
        n = mark_of(body, "25,000 dollars")
        item = {
            "quote": "fined Northgate 25,000 dollars",
            "party": "Northgate",
            "fine": n,
            "ground": "tax",
            "law": None,
        }
        return {"penalties": [item]}

    (tmp_path / "notice.txt").write_text(told.EXAMPLE.text, "utf-8")
    with answering(answer) as endpoint:
        options = {"base_url": endpoint.url, "api_key": "none", "cache": None}
        assert told.penalties("notice.txt", "deepseek/deepseek-chat", **options).penalties[0].fine.value == 25000
        estimated, again, saved = told.many(["notice.txt"], options)
        assert (estimated.chunks, saved.manifest.records) == (1, {"penalty": 1})
        assert list(again.records()) == list(asyncio.run(told.awaited(["notice.txt"], options)).records())
