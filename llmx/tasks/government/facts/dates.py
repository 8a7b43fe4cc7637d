"""Dates and years of a report's front matter, in figures or in Chinese numerals."""

from __future__ import annotations

import datetime
import re

from llmx.tasks.government.facts.meetings import Meeting

_YEAR = r"(?P<year>(?:19|20)\d\d|[一二三四五六七八九〇零]{4})年"
_MONTH = r"\n?(?P<month>\d{1,2}|十?[一二三四五六七八九十])月"
_DAY = r"\n?(?P<day>\d{1,2}|[二三]?十?[一二三四五六七八九十])日"
_FULL = re.compile(rf"(?P<date>{_YEAR}{_MONTH}{_DAY})(?!\d{{1,2}}[时:：点])")
_YEAR_MONTH = re.compile(_YEAR + _MONTH)
_YEAR_ALONE = re.compile(_YEAR)
_AT_A_MEETING = re.compile(r"[，,]?\n?在")
# A date on a line of its own, as under a title: （2011年1月16日）. GB/T 9704-2012 7.3.5.4 writes no zero before a month,
# web pages do; and they say what their date is: 发布时间：2011年1月20日.
_ALONE = re.compile(rf"^(?:[（(—―–－-]*){_FULL.pattern}(?=[）)]*$)", re.MULTILINE)
_PADDED = re.compile(r"年0|月0")
_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0}


def number(written: str) -> int:
    """2026, 二〇二六, 二十七 as a number."""
    if written.isdecimal():
        return int(written)
    if "十" in written:
        tens, _, ones = written.partition("十")
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return int("".join(str(_DIGITS[char]) for char in written))


def find_date(words: str, meeting: Meeting | None) -> re.Match[str] | None:
    """The date of a meeting or speech; None where there is no full one.

    Args:
        words: a folded title.
        meeting: the meeting in it; the date before it on its line is the meeting's.

    Returns:
        A match with the groups date, year, month and day.
    """
    return next((match for match in _dates(words, meeting) if as_date(match)), None)


def _dates(words: str, meeting: Meeting | None) -> list[re.Match[str]]:
    full = list(_FULL.finditer(words))
    said = [match for match in full if _AT_A_MEETING.match(words, match.end())]
    of_meeting = [match for match in full if meeting and meeting.start - 2 <= match.end() <= meeting.end]
    alone = [match for match in _ALONE.finditer(words) if not _PADDED.search(match.group())]
    return of_meeting + said + alone


def as_date(match: re.Match[str]) -> datetime.date | None:
    """A match's date; None for a 31 February."""
    try:
        return datetime.date(number(match["year"]), number(match["month"]), number(match["day"]))
    except ValueError:
        return None


def find_month(words: str) -> re.Match[str] | None:
    """The first year with a month, for a report that names no day: 二〇〇八年一月."""
    return _YEAR_MONTH.search(words)


def years_in(words: str) -> list[re.Match[str]]:
    """Every year written in a stretch of folded words."""
    return list(_YEAR_ALONE.finditer(words))
