"""Whose report it is, of which kind and year, from its front matter; absent is None, never guessed."""

from __future__ import annotations

import datetime
import re

from pydantic import BaseModel, ConfigDict

from llmx.documents import Document, Kind
from llmx.facts import Evidence, Facts
from llmx.tasks.government.facts.dates import as_date, find_date
from llmx.tasks.government.facts.divisions import Level, division_of
from llmx.tasks.government.facts.elsewhere import Named, place_of_file
from llmx.tasks.government.facts.front import Folded, Front, Span, read_front
from llmx.tasks.government.facts.meetings import find_meeting
from llmx.tasks.government.facts.places import Place, find_place, find_rank
from llmx.tasks.government.facts.years import find_year


class _Told(BaseModel):
    """What the front matter tells."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    place: str | None = None
    """Whose government reports, as written but for blanks: 重庆市黔江区; 全国 for the State Council's."""
    place_from: Named | None = None
    """What names the place, where neither the text nor the caller does."""
    code: str | None = None
    """Six-digit administrative division code (GB/T 2260), where one exists in the report's year."""
    level: Level | None = None
    """national, province, prefecture, county or township."""
    kind: Kind = "other"
    """work_report (政府工作报告), plan_report (国民经济和社会发展计划…报告) or other."""
    year: int | None = None
    """The year whose work the report plans: 2025 for a report of January 2025."""
    meeting: str | None = None
    """The congress it was given to, as written but for blanks: 重庆市黔江区第五届人民代表大会第六次会议."""
    date: datetime.date | None = None
    """The day it was given; None where no full date is said."""
    speaker: str | None = None
    """Who gave it, without blanks: 骆高燕."""


class ReportFacts(Facts, _Told):
    """What a report says of itself; the words behind its code are those of its place."""


_YEAR = r"(?:(?:19|20)\d\d年)?"
_FRONT = 2000
_WORK = re.compile(rf"政\n?府\n?{_YEAR}工\n?作\n?报\n?告")
# A plan for the year, reported on or the plan itself, not 国民经济和社会发展第十四个五年规划 or 第十个五年计划.
_PLAN = re.compile(
    rf"{_YEAR}[一-龥]{{0,20}}\n?{_YEAR}(?:上半年|度)?\n?国\n?民\n?经\n?济\n?[和与、及]?\n?社\n?会\n?发\n?展\n?"
    r"(?!第|[“\"]?十[一二三四五六]五)[^。，\n]{0,6}?\n?计\n?划"
    r"(?:[^。]{0,80}?报\n?告|(?:[（(]草案[）)])?(?:的通知)?(?=\n|$))"
)
# Courts and standing committees report their work to the same congress.
_WORK_GIVEN = re.compile(
    r"(?:代表|受)[^，。]{0,30}(?:政府|国务院|行署|行政公署|管委会|管理委员会|办事处)(?:委托)?，?[^。]{0,20}?报告(?:政府)?工作|作政府工作报告"
)
_PLAN_GIVEN = re.compile(r"国民经济[和与]社会发展计划[^。]{0,60}?(?:报告|提请)")
_NATIONAL = re.compile(r"国务院总理|代表国务院|受国务院委托|国家发展(?:和改革|计划)委员会")
_SPEAKER = re.compile(
    r"(?:[省市区县州盟旗乡镇局]长|主席|总理|主任|专员)[ \t\u3000]*"
    r"(?P<name>[一-龥][ \t\u3000]+[一-龥]|[一-龥]{2,4}|[一-龥]{1,8}(?:[·•][一-龥]{1,8})+)[ \t\u3000]*\r?$",
    re.MULTILINE,
)
# 县长作政府工作报告 ends no name.
_NO_NAME = re.compile(r"[的在向和]|报告|讲话|致辞|会议")


def report_facts(document: Document) -> ReportFacts:
    """Read a report's front matter.

    Args:
        document: the report; only its first 2,000 characters are looked at, so that time does not grow with length.
            What a caller knows of it stands in place of what the text says, and has no words for evidence.

    Returns:
        The facts, each with its words under `evidence`.
    """
    text, known = document.text, document.known
    front = read_front(text)
    kind, kind_at, plan = _kind(front)
    meeting = find_meeting(front)
    date = find_date(front.title.words, meeting)
    year, year_at = find_year(front, plan, date) if kind != "other" or meeting else (None, None)
    year, kind = known.year or year, known.kind or kind
    place = Place(known.place, (0, 0)) if known.place else find_place(front, meeting)
    filed = None if place or known.code else place_of_file(document.source, text[:_FRONT], year)
    level, level_at, code = find_rank(place, front, meeting, year)
    if filed:
        place, level, level_at, code = Place(filed[0].name, (0, 0)), filed[0].level, None, filed[0].code
    coded = division_of(known.code, year) if known.code else None
    if coded:
        name, division = coded
        place = place if place and (known.place or code == division.code) else Place(name, (0, 0))
        level, level_at, code = division.level, None, division.code
    if level is None:
        level, level_at = _national(front)
    speaker = _speaker(text[: front.title.places[-1]])
    spans = {
        "place": place and place.span,
        "code": place.span if place and code else None,
        "level": level_at,
        "kind": kind_at,
        "year": year_at,
        "meeting": meeting and front.title.span(meeting.start, meeting.end),
        "date": date and front.title.span(*date.span("date")),
        "speaker": speaker and speaker.span("name"),
    }
    told = {name for name, value in (("year", known.year), ("kind", known.kind), ("place", known.place)) if value}
    told |= {"code", "level"} if known.place or coded or filed else set()
    told |= {"place"} if place and place.span == (0, 0) else set()
    evidence = {name: _evidence(text, span) for name, span in spans.items() if span and name not in told}
    return ReportFacts(
        place=place and place.name,
        place_from=filed and filed[1],
        code=code,
        level=level,
        kind=kind,
        year=year,
        meeting=_plain(evidence.get("meeting")),
        date=date and as_date(date),
        speaker=_plain(evidence.get("speaker")),
        evidence=evidence,
    )


def _evidence(text: str, span: Span) -> Evidence:
    start, end = span
    return Evidence(quote=text[start:end], start=start, end=end)


def _plain(evidence: Evidence | None) -> str | None:
    return re.sub(r"\s+", "", evidence.quote) if evidence else None


def _kind(front: Front) -> tuple[Kind, Span | None, re.Match[str] | None]:
    """The kind, its words, and a plan report's title: from the title, else from what the opening says is given."""
    plan = _PLAN.search(front.title.words)
    if plan:
        return "plan_report", front.title.span(*plan.span()), plan
    searched: list[tuple[Kind, Folded, re.Pattern[str]]] = [
        ("work_report", front.title, _WORK),
        ("plan_report", front.opening, _PLAN_GIVEN),
        ("work_report", front.opening, _WORK_GIVEN),
    ]
    for kind, folded, pattern in searched:
        match = pattern.search(folded.words)
        if match:
            return kind, folded.span(*match.span()), None
    return "other", None, None


def _national(front: Front) -> tuple[Level | None, Span | None]:
    """The State Council and its ministries speak for the nation where no meeting is named."""
    for folded in (front.title, front.opening):
        match = _NATIONAL.search(folded.words)
        if match:
            return "national", folded.span(*match.span())
    return None, None


def _speaker(title: str) -> re.Match[str] | None:
    return next((match for match in _SPEAKER.finditer(title) if not _NO_NAME.search(match["name"])), None)
