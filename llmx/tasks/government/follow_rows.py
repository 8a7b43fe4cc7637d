"""A row of `follow`: a promise, what was said of it, and how it went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from llmx.records import Comparator, Group, Measure, Number, Record
from llmx.tasks.government.assigning import JoinedBy, Pair
from llmx.tasks.government.facts import Level
from llmx.tasks.government.judging import Outcome, Verdict, judged, stage_judged, status_judged
from llmx.tasks.government.mentions import Mention
from llmx.tasks.government.records import Achievement, Project, Stage, Target

OUTCOMES: dict[str, str] = {
    "met": "完成",
    "exceeded": "超额完成",
    "missed": "未完成",
    "not_mentioned": "未提及",
    "not_comparable": "不可比",
    "doubtful": "待核对",
}
"""What an office calls each outcome."""


_MENTIONED = "原文提及，没有可比的数值或进度"


class Followed(Group):
    """A promise and its outcome."""

    region: str | None = None
    """Whose government promised."""
    code: str | None = None
    """Its six-digit division code in the earlier report."""
    level: Level | None = None
    """Its level."""
    year: int | None = None
    """The year that the earlier report plans."""
    kind: Literal["quantified", "recognition", "project"]
    """quantified: a figure; recognition: a status to be won; project: something to be built."""
    section: tuple[str, ...] = ()
    """Headings over the promise, outermost first."""
    indicator: str
    """What is promised: the indicator, the status or the project's name."""
    indicator_id: str | None = None
    """The vocabulary's id; null where it has none."""
    measure: Measure | None = None
    """level, growth or change."""
    due: int | None = None
    """The year that the promise is for."""
    comparator: Comparator | None = None
    """How the promise bounds the value."""
    commitment: str | None = None
    """How firmly it is promised: 力争, 确保."""
    value: Number | None = None
    """The value promised, as written."""
    value_max: Number | None = None
    """The upper end of a range."""
    unit: str | None = None
    """Its unit."""
    stage: Stage | None = None
    """The stage that a project is to reach."""
    result: Number | None = None
    """The value reported, as written."""
    result_unit: str | None = None
    """Its unit."""
    result_indicator: str | None = None
    """What the later report calls it."""
    result_stage: Stage | None = None
    """The stage that a project has reached."""
    outcome: Outcome
    """met, exceeded, missed, not_mentioned, not_comparable (other period, scope or boundary, or not due yet), or doubtful:
    the later report has something like it, and words alone do not decide."""
    completion: float | None = None
    """Result over promise; null under a ceiling, where less is better."""
    score: float | None = None
    """How alike the words are: 1 for the same indicator."""
    joined_by: JoinedBy | None = None
    """What joined promise and result: words (the same indicator or name), likeness (words that no other name has, and a
    value that lies near), or model (a language model's answer)."""
    note: str = ""
    """What must be known: why nothing is compared, ties, candidates in doubt."""
    quote: str
    """The promise, verbatim."""
    start: int | None = None
    """Where it begins in the earlier report."""
    end: int | None = None
    """Where it ends, exclusive."""
    result_quote: str | None = None
    """The result, verbatim."""
    result_start: int | None = None
    """Where it begins in the later report."""
    result_end: int | None = None
    """Where it ends, exclusive."""
    report: str
    """The earlier report's id."""
    later_report: str
    """The later report's id."""
    target_id: str
    """The promise's record."""
    result_id: str | None = None
    """The result's record."""
    stretch_of: str | None = None
    """The promise that this one goes beyond; both are judged by one result."""
    repeats: str | None = None
    """The promise that this one says again, word for word or not; both have one result."""


def row_of(
    promise: Record,
    pair: Pair[Any, Any] | None,
    *,
    year: int | None,
    later: Any,
    moved: bool,
    doubtful: Sequence[Pair[Any, Any]],
    dismissed: Sequence[Pair[Any, Any]],
    mention: Mention | None,
    ties: Sequence[Achievement | Project],
    repeats: str | None,
) -> Followed:
    """The row of a promise.

    Args:
        promise: a target or planned project.
        pair: what it met; None where nothing was found.
        year: the year that the earlier report plans.
        later: the later report.
        moved: whether the place has another boundary by then.
        doubtful: what may be it, where nothing was found for sure.
        dismissed: what a language model says not to be it.
        mention: what the later report says of it without a record of it, where nothing else was found.
        ties: results as good as the one taken.
        repeats: the promise that this one repeats.
    """
    verdict = _verdict(promise, pair, year, moved, bool(doubtful or mention))
    notes = [
        verdict.why,
        _MENTIONED if mention else "",
        *_said_of(doubtful if pair is None else (), dismissed, ties, repeats),
        *_again(promise, pair, later),
    ]
    result = pair.result if pair else None
    return Followed(
        **_promised(promise, year),
        **(_resulted(result) if result is not None else _mentioned(mention)),
        outcome=verdict.outcome,
        completion=None if verdict.completion is None else round(verdict.completion, 4),
        score=round(pair.score, 3) if pair else None,
        joined_by=pair.by if pair else None,
        note="；".join(filter(None, notes)),
        later_report=later.report,
        repeats=repeats,
    )


def _mentioned(mention: Mention | None) -> dict[str, Any]:
    if mention is None:
        return {}
    return {"result_quote": mention.quote, "result_start": mention.start, "result_end": mention.end}


def _verdict(promise: Record, pair: Pair[Any, Any] | None, year: int | None, moved: bool, doubted: bool) -> Verdict:
    due = getattr(promise, "year", None)
    waits = due is not None and year is not None and due > year
    if pair is None:
        if waits:
            return Verdict("not_comparable", None, f"期限为{due}年，尚未到期")
        return Verdict("doubtful" if doubted else "not_mentioned")
    if isinstance(promise, Project):
        verdict = stage_judged(promise, pair.result)
        return Verdict("not_comparable", None, f"期限为{due}年") if waits and verdict.outcome == "missed" else verdict
    if moved:
        return Verdict("not_comparable", None, "行政区划有调整，范围不同")
    if promise.kind == "recognition":  # type: ignore[attr-defined]
        return status_judged(pair.result)
    if not pair.comparable:
        return Verdict("not_comparable", None, f"期限为{due}年，尚未到期" if waits else _unlike(promise, pair.result))
    return judged(promise, pair.result)  # type: ignore[arg-type]


def _unlike(target: Any, result: Achievement) -> str:
    """Why a result of the same indicator cannot be compared."""
    if result.indicator_id and target.indicator_id and result.indicator_id != target.indicator_id:
        return f"口径不同：结果为{result.indicator}"
    if target.scope != result.scope and (target.scope or result.scope):
        return f"范围不同：目标为{target.scope or '全域'}，结果为{result.scope or '全域'}"
    span = "—".join(filter(None, dict.fromkeys((result.period_start, result.period_end))))
    return f"时段不同：结果为{span or '另一时段'}"


def _said_of(
    doubtful: Sequence[Pair[Any, Any]],
    dismissed: Sequence[Pair[Any, Any]],
    ties: Sequence[Achievement | Project],
    repeats: str | None,
) -> list[str]:
    said = [f"疑似：{one.result.quote}" for one in doubtful[:2]]
    said += [f"模型判为另一事项：{one.result.quote}" for one in dismissed[:2]]
    said += [f"另有：{one.quote}" for one in ties[:2]]
    return [*said, *(["报告中重复出现"] if repeats else [])]


def _again(promise: Record, pair: Pair[Any, Any] | None, later: Any) -> list[str]:
    """Whether what nothing is said of is promised again."""
    if pair is not None:
        return []
    name = _name(promise)
    again = any(
        isinstance(one, Target) or (isinstance(one, Project) and one.status == "planned")
        for one in later.records
        if one.type == promise.type and _name(one) == name and _name(one)
    )
    return ["下一年报告再次列为任务"] if again else []


def _name(record: Record) -> str:
    return getattr(record, "name", None) or getattr(record, "indicator", None) or record.quote


def _promised(promise: Any, year: int | None) -> dict[str, Any]:
    same = ("region", "code", "level", "section", "quote", "start", "end", "report")
    figure = (
        "indicator_id",
        "measure",
        "comparator",
        "commitment",
        "value",
        "value_max",
        "unit",
        "stretch_of",
        "stage",
    )
    is_project = isinstance(promise, Project)
    return {
        **{name: getattr(promise, name, None) for name in (*same, *figure)},
        "year": year,
        "kind": "project" if is_project else promise.kind,
        "indicator": _name(promise),
        "due": promise.year,
        "target_id": promise.id,
    }


def _resulted(result: Any) -> dict[str, Any]:
    return {
        "result": getattr(result, "value", None),
        "result_unit": getattr(result, "unit", None),
        "result_indicator": _name(result),
        "result_stage": getattr(result, "stage", None),
        "result_quote": result.quote,
        "result_start": result.start,
        "result_end": result.end,
        "result_id": result.id,
    }
