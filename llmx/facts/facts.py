"""Whose report it is, of which kind and year, from its front matter; absent is None, never guessed."""

from __future__ import annotations

import datetime
import re
from typing import Literal

from pydantic import BaseModel, ConfigDict

from llmx.documents import Document
from llmx.facts.divisions import Level, split_place
from llmx.sections import planned_year

Kind = Literal["work_report", "plan_report", "other"]
_FRONT = 1200


class Evidence(BaseModel):
    """The words that a fact was taken from."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    quote: str
    """Verbatim: `text[start:end]`."""
    start: int
    """Where the quote begins, in code points of the document's text."""
    end: int
    """Where it ends, exclusive."""


class ReportFacts(BaseModel):
    """What a report says of itself."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    place: str | None = None
    """Whose government reports, as written: 重庆市黔江区."""
    code: str | None = None
    """Six-digit administrative division code, where one exists in the report's year."""
    level: Level | None = None
    """national, province, prefecture, county or township."""
    kind: Kind = "other"
    """work_report (政府工作报告), plan_report (国民经济和社会发展计划…报告) or other."""
    year: int | None = None
    """The year whose work the report plans."""
    meeting: str | None = None
    """The congress it was given to: 重庆市黔江区第五届人民代表大会第六次会议."""
    date: datetime.date | None = None
    """The day it was given."""
    evidence: dict[str, Evidence] = {}
    """The words behind each fact, by its name."""


_ORDINAL = r"[一二三四五六七八九十百零〇\d]{1,4}"
# 州 in 贵州省 and 镇 in 景德镇市 end no name; 在 and the 日 of 28日在 stand before one.
_NAME = (
    r"(?:(?!日在|在|年)[一-龥]){1,14}?(?:特别行政区|自治区|自治州|自治县|自治旗|省|市|地区|盟|州(?![省市区县])|区|县|旗|"
    r"(?:乡|镇|街道)(?![一-龥]{0,2}[市县区州]))"
)
_MEETING = re.compile(
    rf"(?P<place>(?:{_NAME})*)[省市县区州旗乡镇]?第?{_ORDINAL}届\s?人民代\s?表大会(?:常务委员会)?(?:第?{_ORDINAL}次\s?会议)?"
)
_WORK = re.compile(r"(?P<place>(?:[一-龥]{1,18}?)?)(?P<year>(?:19|20)\d\d年)?(?:人民)?政府工作报告")
_PLAN = re.compile(
    r"(?:关于)?(?P<place>[一-龥]{0,18}?)(?:(?:19|20)\d\d年)?(?:上半年)?国民经济\s?[和与]\s?社会发展\s?(?:第[一-龥]{2,4}个五年规划|计划)"
)
_DATE = re.compile(
    r"(?P<year>(?:19|20)\d\d)\s?年\s?(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?日(?!\s*\d{1,2}\s?[时:：])"
)
_CHINESE_DATE = re.compile(
    r"(?P<year>[一二三四五六七八九〇零○]{4})年(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[一二三四五六七八九十]{1,3})日"
)
_OF_MEETING = re.compile(r"\s?在[^\n]{0,30}(?:大会|会议)")
_DIGITS = {**{char: at for at, char in enumerate("零一二三四五六七八九")}, "〇": 0, "○": 0}
_NATIONAL = re.compile(r"国务院总理|第?[一二三四五六七八九十]{1,3}届全国人民代表大会")
_PLACE = re.compile(rf"^(?:{_NAME})+")
_LEVELS: list[tuple[str, Level]] = [
    ("(?:省|自治区|特别行政区)$", "province"),
    ("(?:自治州|地区|盟|[^治]州)$", "prefecture"),
    ("(?:乡|镇|街道)$", "township"),
    ("(?:县|旗|区)$", "county"),
]


def report_facts(document: Document) -> ReportFacts:
    """Read a report's front matter.

    Args:
        document: the report; only its first lines are looked at.

    Returns:
        The facts, each with its words under `evidence`.
    """
    front = document.text[:_FRONT].split("各位代表")[0]
    evidence: dict[str, Evidence] = {}
    meeting = _noted(evidence, "meeting", _MEETING.search(front))
    date = _date(front, evidence)
    kind = _kind(front, evidence)
    year = planned_year(document.text) if kind != "other" or meeting else None
    place, level, code = _place(front, year, evidence)
    if year is not None and "date" in evidence:
        evidence.setdefault("year", evidence["date"])
    return ReportFacts(
        place=place, code=code, level=level, kind=kind, year=year, meeting=_plain(meeting), date=date, evidence=evidence
    )


def _noted(evidence: dict[str, Evidence], name: str, match: re.Match[str] | None, group: int | str = 0) -> str | None:
    """A match's words, noted as evidence."""
    if match is None or not match.group(group):
        return None
    evidence[name] = Evidence(quote=match.group(group), start=match.start(group), end=match.end(group))
    return match.group(group)


def _plain(words: str | None) -> str | None:
    return re.sub(r"\s+", "", words) if words else None


def _kind(front: str, evidence: dict[str, Evidence]) -> Kind:
    if _noted(evidence, "kind", _PLAN.search(front)):
        return "plan_report"
    return "work_report" if _noted(evidence, "kind", _WORK.search(front)) else "other"


def _date(front: str, evidence: dict[str, Evidence]) -> datetime.date | None:
    """The date said of the meeting, else the first full date; in figures or in Chinese numerals."""
    dates = sorted(
        (match for pattern in (_DATE, _CHINESE_DATE) for match in pattern.finditer(front)),
        key=lambda match: match.start(),
    )
    match = next((found for found in dates if _OF_MEETING.match(front, found.end())), dates[0] if dates else None)
    if match is None:
        return None
    numbers = [_numeral(match.group(part)) for part in ("year", "month", "day")]
    try:
        date = datetime.date(*numbers)
    except ValueError:
        return None
    _noted(evidence, "date", match)
    return date


def _numeral(written: str) -> int:
    """2026, 二〇二六, 二十七 as numbers."""
    if written.isdigit() and written.isascii():
        return int(written)
    if "十" in written:
        tens, _, ones = written.partition("十")
        return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)
    return int("".join(str(_DIGITS[char]) for char in written))


def _place(front: str, year: int | None, evidence: dict[str, Evidence]) -> tuple[str | None, Level | None, str | None]:
    """Place, level and code: the meeting's words are the fullest, then the title's."""
    if _noted(evidence, "level", _NATIONAL.search(front)):
        return None, "national", None
    candidates = []
    for pattern in (_MEETING, _WORK, _PLAN):
        for match in pattern.finditer(front):
            named = _PLACE.match(match.group("place").removeprefix("关于"))
            if named:
                start = match.start("place") + match.group("place").index(named.group())
                candidates.append((named.group(), start))
    if not candidates:
        return None, None, None
    known = [candidate for candidate in candidates if _resolved(candidate[0], year)[1]]
    place, start = max(known or candidates, key=lambda candidate: len(candidate[0]))
    evidence["place"] = Evidence(quote=place, start=start, end=start + len(place))
    return place, *_resolved(place, year)


def _resolved(place: str, year: int | None) -> tuple[Level | None, str | None]:
    division = split_place(place, year) if year is not None else None
    if division is not None:
        return division.level, division.code
    return next((level for pattern, level in _LEVELS if re.search(pattern, place)), None), None
