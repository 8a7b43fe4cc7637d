"""Which years a report reviews and plans: what its title, its headings and its sentences say is weighed together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from llmx.figures.numbers import read_worded
from llmx.tasks.government.structure.headings import ONE, THREE, Heading

YEAR = re.compile(r"((?:19|20)(?<!\d..)\d\d)(?= ?年|[—–\-－至])")
FIVE_YEAR = re.compile(r"十([一二三四五六七])(?:五|个五年)(?!年)")
_CHINESE_YEAR = re.compile("[一二三四五六七八九〇零○ＯO0]{4}(?=年)")
_NAMES_YEAR = re.compile("年(?<=[一二三四五六七八九〇零○ＯO0]{4}年)")
_DIGITS = str.maketrans("一二三四五六七八九〇零○ＯO０１２３４５６７８９", "12345678900000" + "0123456789")
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
_IS_WIDE = re.compile("[０-９]")
_NTH = {char: at for at, char in enumerate("一二三四五六七八九", 11)}

_MEETING = re.compile(r"((?:19|20)\d\d) ?年 ?(\d{1,2}) ?月")
_HELD = re.compile(_MEETING.pattern + r"[^\n]{0,8}在[^\n]{0,60}(?:大会|会议)")
_MID_YEAR = re.compile("上半年|半年|前三季度|[一二三]季度|年中")
_FRONT = 800
_SENTENCE = re.compile("各位代表|[。，；！]")
_TITLED = re.compile("报告|公报|计划|大会|会议")


class Years(NamedTuple):
    """The year that a report reviews and the year that it plans; None where the text does not tell."""

    reviewed: int | None
    planned: int | None


class Witness(NamedTuple):
    """Words that tell the planned year."""

    year: int
    """The year planned, by what they say."""
    weight: float
    """How much they are worth."""
    start: int = 0
    end: int = 0
    """Where they stand in the text; 0 and 0 for what no single place tells."""


_TITLE, _HEADING, _LOWER_HEADING = 6.0, 4.0, 2.0
# What stands around a year, and what it tells: how far the planned year is from it, and how much that is worth.
_SAID: tuple[tuple[re.Pattern[str], re.Pattern[str], int, float], ...] = (
    # 刚刚过去的2023年, 回顾2023年
    (re.compile(r"(?:过去的|回顾|总结)$"), re.compile(""), 1, 3.0),
    # 做好2024年工作, 2024年政府工作的总体要求, 2024年经济社会发展主要预期目标
    (re.compile(r"(?:做好|抓好|谋划|展望|部署|迎接)$"), re.compile(""), 0, 3.0),
    (
        re.compile(""),
        re.compile(
            r"年(?:全[省市县区镇乡州]|我[省市县区镇乡州])?(?:国民)?(?:经济社会发展|经济和社会发展|政府工作|工作)的?"
            r"(?:总体|指导|思路|重点|主要|预期|任务|目标|安排|建议|打算|计划)"
        ),
        0,
        3.0,
    ),
    (
        re.compile(""),
        re.compile(r"年(?:全[省市县区镇乡州]|我[省市县区镇乡州])?(?:政府)?工作(?:回顾|总结|情况|成效)"),
        1,
        3.0,
    ),
)
# 2024年是…关键一年 opens a plan, 2023年是…开局之年 a review: where it stands tells which.
_KEY_YEAR = re.compile(r"年，?是[^。\n]{0,60}(?:之年|一年|年份)")
_KEY_YEAR_WORTH, _REVIEW_BEGINS = 2.0, 0.2
# Years that are known by what falls into them; each with the year before the first anniversary or period.
_KNOWN_BY = re.compile("周年|开局之年|收官之年|最后一年")
_ANNIVERSARY = re.compile(
    r"(?:(?P<state>新中国|中华人民共和国|建国)|(?P<party>建党|共产党)|(?P<reform>改革开放))(?:成立)?"
    r"(?P<nth>\d{1,3}|[一二三四五六七八九十百]{1,5})周年$"
)
_ANNIVERSARIES = {"state": 1949, "party": 1921, "reform": 1978}
_STAGE = re.compile(
    r"(?:十(?P<plan>[一二三四五六七])五|党的(?P<congress>十[六七八九]|二十[一二]?)大)[^，。\n]{0,10}?(?P<stage>开局|收官|最后)[之一]年$"
)
_CONGRESSES = {"十六": 2002, "十七": 2007, "十八": 2012, "十九": 2017, "二十": 2022, "二十一": 2027, "二十二": 2032}
_LOOKING_BACK, _NOW = re.compile("过去|去年|一年来"), re.compile("今年|新的一年")
_SENTENCE_REACH = 60
"""How far before such words 今年 or 过去一年 may stand in their sentence."""
_NAMED_OFTEN = 1.0


def plan_end(nth: str) -> int:
    """The last year of the 十N五 plan, from its second character: the tenth ended in 2005, each has five years."""
    return 1955 + 5 * _NTH[nth]


def plain_years(words: str) -> str:
    """Words to compare, without spaces and with years in digits: 二○○八 年 is 2008年. Never for offsets."""
    words = "".join(words.split()).translate(_WIDE)
    return _CHINESE_YEAR.sub(lambda match: match.group().translate(_DIGITS), words)


def plain_digits(text: str) -> str:
    """A text with its years in half-width digits, character for character."""
    text = text.translate(_WIDE) if _IS_WIDE.search(text) else text
    if _NAMES_YEAR.search(text) is None:  # most texts: 0.1 ms a hundred thousand characters, where to replace takes 0.9
        return text
    return _CHINESE_YEAR.sub(lambda match: match.group().translate(_DIGITS), text)


def report_years(text: str, planned: int | None) -> Years:
    """Both years of a report whose planned year is known; a mid-year report reviews the year that it plans."""
    if planned is None:
        return Years(None, None)
    return Years(planned if _MID_YEAR.search(_title(text)) else planned - 1, planned)


def likely_years(said_by: Iterable[Witness]) -> list[tuple[int, float]]:
    """The years that a text may plan, by its witnesses, likeliest first, each with what speaks for it."""
    worth: Counter[int] = Counter()
    for witness in said_by:
        worth[witness.year] += witness.weight  # type: ignore[assignment]
    return sorted(worth.items(), key=lambda item: (-item[1], item[0]))


def witnesses(text: str, headings: Sequence[Heading], told: int | None) -> Iterator[Witness]:
    """All that tells the planned year of a text.

    Args:
        text: the text, with years in half-width digits.
        headings: its headings, in text order.
        told: the year that its front matter tells, where it is known.
    """
    title = told if told is not None else _titled(text)
    if title is not None:
        yield Witness(title, _TITLE)
    yield from _in_headings(headings)
    named = list(YEAR.finditer(text))
    for match in named:
        yield from _around(text, match)
    yield from _events(text)
    yield from _most_named(text, named)


def _events(text: str) -> Iterator[Witness]:
    """What is known to fall into a year: 今年是新中国成立75周年, 过去一年是“十三五”收官之年."""
    for match in _KNOWN_BY.finditer(text):
        before = text[max(0, match.start() - _SENTENCE_REACH) : match.end()]
        sentence = before[max(before.rfind(end) for end in "。！\n") + 1 :]
        if anniversary := _ANNIVERSARY.search(sentence):
            year = _anniversary(anniversary)
        elif stage := _STAGE.search(sentence):
            year = _stage(stage)
        else:
            continue
        back, now = _LOOKING_BACK.search(sentence), _NOW.search(sentence)
        reviewing = bool(back) if back or now else match.start() < _REVIEW_BEGINS * len(text)
        yield Witness(year + reviewing, _KEY_YEAR_WORTH, *match.span())


def _anniversary(match: re.Match[str]) -> int:
    nth = match["nth"]
    since = next(year for name, year in _ANNIVERSARIES.items() if match[name])
    return since + int(read_worded(nth) if not nth.isascii() else nth)


def _stage(match: re.Match[str]) -> int:
    """The first or last year of a plan; the first year in the spirit of a congress is the one after it."""
    if match["congress"]:
        return _CONGRESSES[match["congress"]] + 1
    return plan_end(match["plan"]) - (4 if match["stage"] == "开局" else 0)


def _in_headings(headings: Sequence[Heading]) -> Iterator[Witness]:
    for heading in headings:
        if heading.level > THREE or heading.glossary:
            continue
        words = plain_years(heading.text)
        years = [int(year) for year in YEAR.findall(words)]
        if len(set(years)) != 1:
            continue
        weight = _HEADING if heading.level <= ONE else _LOWER_HEADING
        at = heading.start, heading.start + len(heading.text)
        if _REVIEWS.search(words):
            yield Witness(years[0] + 1, weight, *at)
        elif _PLANS.search(words):
            yield Witness(years[0], weight, *at)


_REVIEWS = re.compile("回顾|总结|(?:完成|执行|进展|运行|落实|工作|发展)情况|成绩|成就|成效")
_PLANS = re.compile("要求|思路|安排|建议|部署|打算|考虑|重点|目标|任务|举措|措施|计划|实事")


def _around(text: str, match: re.Match[str]) -> Iterator[Witness]:
    """What the words around a year tell."""
    before, after = text[max(0, match.start() - 4) : match.start()], text[match.end() : match.end() + 80].lstrip(" ")
    year = int(match.group(1))
    for ahead, behind, distance, weight in _SAID:
        if ahead.search(before) and behind.match(after):
            yield Witness(year + distance, weight, *match.span())
            return
    if _KEY_YEAR.match(after):
        reviewing = match.start() < _REVIEW_BEGINS * len(text)
        yield Witness(year + reviewing, _KEY_YEAR_WORTH, *match.span())


def _most_named(text: str, named: Sequence[re.Match[str]]) -> Iterator[Witness]:
    """A report names the year that it reviews in its first half and the year that it plans in its second."""
    for reviewing in (True, False):
        half = Counter(match.group(1) for match in named if (2 * match.start() < len(text)) == reviewing)
        if half:
            yield Witness(int(half.most_common(1)[0][0]) + reviewing, _NAMED_OFTEN)


def _titled(text: str) -> int | None:
    """The year that a title tells.

    A plan report names it in its title (2023年…执行情况及2024年计划草案); a work report is given in its first months,
    or in the last two of the year before.
    """
    title = _title(text)
    met = _meeting_year(title)
    if "计划" in title and "执行情况" in title:
        return max([*map(int, YEAR.findall(plain_years(title))), *([met] if met else [])], default=None)
    if met:
        return met
    named = YEAR.search(plain_years(title)) if _TITLED.search(title) else None
    return int(named.group(1)) if named else None


def _title(text: str) -> str:
    """What comes before the first sentence: of a text without a title, next to nothing."""
    return _SENTENCE.split(text[:_FRONT], maxsplit=1)[0].translate(_WIDE)


def _meeting_year(title: str) -> int | None:
    match = _HELD.search(title) or _MEETING.search(title)
    return int(match.group(1)) + (int(match.group(2)) >= 11) if match else None
