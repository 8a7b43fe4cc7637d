"""Passages of a role of their own that seldom have a heading: problems, goals, the turn to the plan, the closing."""

from __future__ import annotations

import re
from collections.abc import Iterator

# Who admits something notices it, or says that it is still there.
_NOTICED = re.compile(
    "认识到|看到|意识到|深知|正视|感到|存在|面临|不容(?:忽视|回避|乐观)|不可忽视|依然突出|仍然突出|仍较突出|还比较突出"
)
_TROUBLE = re.compile("问题|困难|挑战|不足|短板|矛盾|差距|风险|薄弱")
_TURNS = re.compile(
    "同时|当然|但|清醒|成绩|肯定|回顾|更要|各位代表|我们(?:也|还|深知|必须)|也(?:要|应|必须|深)|(?:还|也|更)(?:要|应|必须|需)"
)
_STILL = re.compile(r"(?:仍|还|依然|也|尚|然)[^，。]{0,4}$")
_LISTS = re.compile(r"[。：:]?[*\n\r \u3000]{0,6}(?:主要(?:是|表现|体现|有|集中)|一是|具体(?:是|表现)|突出表现)|[：:]")
_REACH = 100
"""How far around the telling word a sentence is looked at, in characters."""

GOALS = re.compile(
    r"(?:预期|主要|发展|奋斗|总体|增长|具体|约束性)[^，。：:\n]{0,8}目标(?:任务|指标)?(?:建议)?[*\s]{0,3}"
    r"(?:(?:初步|暂|拟)?(?:是|为|如下|安排(?:为|如下)|设定为|确定为)[:：]?|[:：])"
)
_PLAN_OPENS = re.compile(
    r"^[ \t\u3000*]{0,8}(?:各位代表[！!，,：:])?[ \t\u3000]{0,4}"
    r"(?:今年|明年|20\d\d ?年|下半年|下一步|下一阶段)(?:，?(?:是|的?(?:政府)?工作的?(?:总体|指导|思路|重点)"
    r"|我们要|我们将|要|全[省市县区镇乡]|我[省市县区镇乡])|经济社会发展的?(?:总体|主要|预期))",
    re.MULTILINE,
)
# A part on the next five years often begins with what the last five brought.
LOOKS_BACK = re.compile(
    r"^[ \t\u3000*]{0,8}(?:“?十(?P<nth>[一二三四五六七八九])五”?(?:时期|期间|以来)|过去五年|五年来)[，,]", re.MULTILINE
)
_CLOSING = re.compile(r"^[ \t\u3000*]{0,8}(?:各位代表|同志们)[！!，,：:；\u3000 ]", re.MULTILINE)
_APPEAL = re.compile("让我们|谢谢|奋斗|奋进|奋勇|携手|团结")
_CLOSING_REACH = 1500
# Paragraphs that go on with a list of problems, or say what will be done about them.
_GOES_ON = re.compile(
    r"[ \t\u3000*]{0,8}(?:[一二三四五六七八九十]{1,2}是|——|[（(]?\d{1,2}[）)、.．]|主要(?:是|表现|有)|"
    r"对(?:此|于?这些|上述|以上)|针对|面对(?:这些|困难|问题)|这些(?:问题|困难)|(?:以上|上述)(?:问题|困难))"
)
_ENDS = "。！？!?"


def admissions(text: str) -> Iterator[int]:
    """Where sentences begin that admit problems, in text order; earlier ones of a paragraph come first."""
    last = -1
    for match in _NOTICED.finditer(text):
        start = sentence_start(text, match.start(), max(0, match.start() - _REACH))
        if start == last:
            continue
        if _admits(text, start, match):
            last = start
            yield start


def _admits(text: str, start: int, match: re.Match[str]) -> bool:
    before = text[start : match.start()]
    after = text[match.end() : match.end() + _REACH]
    ends = re.search("[。！？\n]", after)
    rest = after[: ends.start()] if ends else after
    word = match.group()
    if word[-1] in "视避乐观出" and word not in ("正视",):
        return bool(_TROUBLE.search(before[-12:])) and len(before) <= 60
    if before.endswith(("清醒", "清醒地", "清醒的")):
        return True
    if not _TROUBLE.search(rest):
        return False
    if word in ("存在", "面临"):
        opens = text[start - 1 : start] in ("", "\n")
        listed = opens and _LISTS.search(after, len(rest), len(rest) + 12)
        return bool(_STILL.search(before)) and bool(_TURNS.search(before) or listed)
    return bool(_TURNS.search(before))


def plan_opening(text: str, after: int) -> int | None:
    """The first paragraph from an offset on that opens a plan: 今年工作的总体要求是…"""
    match = _PLAN_OPENS.search(text, after)
    return match.start() if match else None


def closing(text: str, bounds: list[int]) -> int | None:
    """Where the appeal at the end begins: the last 各位代表 that opens a short last paragraph of a part.

    Args:
        text: the document's text.
        bounds: where headings stand that end a part, ascending, with the text's end.
    """
    chosen = None
    at = 0
    for match in _CLOSING.finditer(text):
        while bounds[at] <= match.start():
            at += 1
        short = bounds[at] - match.start() <= _CLOSING_REACH
        if short and _APPEAL.search(text, match.end(), min(match.end() + 400, bounds[at])):
            chosen = match.start()
    return chosen if chosen is None or chosen > len(text) // 3 else None


def sentence_start(text: str, at: int, least: int) -> int:
    """Where the sentence begins that an offset stands in, no earlier than `least`."""
    return max(least, max(text.rfind(mark, least, at) for mark in "。！？\n") + 1)


def paragraph_start(text: str, at: int) -> bool:
    """Whether an offset stands at the start of a line."""
    return at == 0 or text[at - 1] == "\n" or not text[max(0, at - 12) : at].rpartition("\n")[2].strip()


def paragraph_end(text: str, at: int, most: int) -> int:
    """The end of the paragraph after an offset, over line ends that only break a sentence, `most` at most."""
    while True:
        end = text.find("\n", at, most)
        if end < 0:
            return most
        if text[max(0, end - 6) : end].rstrip(" \r\t\u3000*”）)")[-1:] in _ENDS:
            return end + 1
        at = end + 1


def problems_end(text: str, at: int, most: int) -> int:
    """The end of a list of problems: its paragraph, and those after it that go on with the list."""
    end = paragraph_end(text, at, most)
    while end < most:
        line_end = text.find("\n", end, most)
        line_end = most if line_end < 0 else line_end
        if not text[end:line_end].strip(" \r\t\u3000*"):
            end = line_end + 1
        elif _GOES_ON.match(text, end, line_end):
            end = paragraph_end(text, end, most)
        else:
            break
    return min(end, most)
