"""Which years a report reviews and plans."""

from __future__ import annotations

import re
from typing import NamedTuple

YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?= ?年|[—–\-－至])")
_CHINESE_YEAR = re.compile("[一二三四五六七八九〇零○ＯO0]{4}(?=年)")
_DIGITS = str.maketrans("一二三四五六七八九〇零○ＯO０１２３４５６７８９", "12345678900000" + "0123456789")
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
_NTH = {char: at for at, char in enumerate("一二三四五六七八九", 11)}

_MEETING = re.compile(r"((?:19|20)\d\d) ?年 ?(\d{1,2}) ?月")
_HELD = re.compile(_MEETING.pattern + r"[^\n]{0,8}在[^\n]{0,60}(?:大会|会议)")
_MID_YEAR = re.compile("上半年|半年|前三季度|[一二三]季度|年中")
_FRONT = 800


class Years(NamedTuple):
    """The year that a report reviews and the year that it plans; None where the text does not tell."""

    reviewed: int | None
    planned: int | None


def plan_end(nth: str) -> int:
    """The last year of the 十N五 plan, from its second character: the tenth ended in 2005, each has five years."""
    return 1955 + 5 * _NTH[nth]


def plain_years(words: str) -> str:
    """Words to compare, without spaces and with years in digits: 二○○八 年 is 2008年. Never for offsets."""
    words = "".join(words.split()).translate(_WIDE)
    return _CHINESE_YEAR.sub(lambda match: match.group().translate(_DIGITS), words)


def planned_year(text: str) -> int | None:
    """The year whose work a report plans, from its front matter; None where it does not tell.

    A plan report names it in its title (2023年…执行情况及2024年计划草案); a work report is given in its first months,
    or in the last two of the year before.
    """
    title = _title(text)
    met = _meeting_year(title)
    if "计划" in title and "执行情况" in title:
        return max([*map(int, YEAR.findall(plain_years(title))), *([met] if met else [])], default=None)
    if met:
        return met
    named = YEAR.search(plain_years(title))
    return int(named.group(1)) if named else None


def report_years(text: str, planned: int | None) -> Years:
    """Both years of a report whose planned year is known; a mid-year report reviews the year that it plans."""
    if planned is None:
        return Years(None, None)
    return Years(planned if _MID_YEAR.search(_title(text)) else planned - 1, planned)


def _title(text: str) -> str:
    return text[:_FRONT].split("各位代表")[0].translate(_WIDE)


def _meeting_year(title: str) -> int | None:
    match = _HELD.search(title) or _MEETING.search(title)
    return int(match.group(1)) + (int(match.group(2)) >= 11) if match else None
