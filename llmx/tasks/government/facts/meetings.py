"""The congress that a report was given to."""

from __future__ import annotations

import re
from typing import NamedTuple

from llmx.tasks.government.facts.front import Front

_NTH = r"[一二三四五六七八九十百〇零\d]{1,4}"
_CONGRESS = r"(?:人\n?民\n?代\n?表\n?大\n?会|人大)(?:常\n?务\n?委\n?员\n?会|常委会)?"
_MEETING = re.compile(
    rf"(?P<run>[一-龥〇]{{0,40}}?)(?P<name>第?\n?{_NTH}届\n?(?P<national>全\n?国)?\n?{_CONGRESS}"
    rf"(?:\n?第?{_NTH}次(?:\n?全体)?\n?会\n?议)?)"
)
# 2025年1月13日在县第十八届…, 二〇〇八年一月十日重庆市第三届…: what stands before the place.
_LEAD = re.compile(r".*在|[年月日]|.*月[一二三四五六七八九十]{1,3}日")


class Meeting(NamedTuple):
    """A meeting in a folded title."""

    place: str
    """What stands before its number: 重庆市黔江区, 县, or nothing."""
    start: int
    """Where the place begins in the folded title."""
    end: int
    national: int | None
    """Where 全国 stands in 第十四届全国人民代表大会, or None."""


def find_meeting(front: Front) -> Meeting | None:
    """The congress that a report was given to.

    Args:
        front: the front matter.

    Returns:
        The meeting at which (…上) something was said, else the first named; None where none is. Where nothing shows
        that the body has not begun, the first kind only: a body speaks of earlier meetings.
    """
    words = front.title.words
    found = list(_MEETING.finditer(words))
    said = [match for match in found if words[match.end() : match.end() + 2].lstrip("\n").startswith("上")]
    match = next(iter(said if said or not front.delimited else found), None)
    if match is None:
        return None
    lead = _LEAD.match(match["run"])
    start = match.start("run") + (lead.end() if lead else 0)
    national = match.start("national") if match["national"] else None
    return Meeting(words[start : match.start("name")], start, match.end(), national)
