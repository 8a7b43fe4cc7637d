"""A sentence cut into what stands before and after each of its figures.

建成|39 个|乡镇级物流配送点、|152 个|村级电商服务站   head 建成, tail 乡镇级物流配送点
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from llmx.tasks.government.rules.edges import TRAILING
from llmx.tasks.government.rules.mark import Mark
from llmx.tasks.government.rules.sentences import protect

_HARD = re.compile(r"[，,；;。！？—：:](?:(?!\d)|(?<![—：:])|(?<=—)(?<!\d—))")  # 3—5 and 1:2 are no marks
_LAID = r"\s*＊_①-⑳㉑-㉟㊱-㊿"
_LAYOUT = re.compile(f"[{_LAID}]+")
"""White space, emphasis and the marks of notes: 省瞪羚企业⑤ 23家."""
_BARE = re.compile(f"[{_LAID}、和及与以]*")
_AFTER_FIGURE = re.compile(
    r"(?:多(?=[，。；、）])|以上|以下|以内|之内|左右|上下|以外|及以上|及以下|大关|新?台阶|关口|的)+"
)
# 增至21个|、居全国第1位: what goes on after 、 speaks of the figure and is no part of what it measures.
_CONTINUED = re.compile(
    r"、(?=(?:数量|总量|总?规模|增速|增量|占比)?[均稳跃]*居|位?[居列]?全[国省市州县区球][第前首]|[居列]全|位[居列]|数量排|排[名全]|从|由|较|比|占|同比|连续|增长|下降|超|突破|达|创)"
)
# A bracket after what is counted is a remark, unless it goes on (县（市、区）通过验收).
_REMARK = re.compile(r"[（(](?![一-龥、]{1,6}[）)][^（(，、])")
_OTHER_UNIT = re.compile(r"^[（(][一-龥][）)]")  # 100条（个）幸福河湖
_DOING = re.compile(
    r"(?<=.{2})(?:[共已均]|分别)?(?:累计)?(?:完成|实现|惠及)(?=.{2}|$)|(?<=.{2})(?:分别|均)$"
)  # 158个|重点项目|完成投资|189亿元
_AIM = re.compile("(?<=[^、]{6})、(?=力争|确保)")  # 建设标准厂房、|力争入驻率超60%
_FUNDS = re.compile("^([一-龥]{0,8}(?:资金|贷款|债券|补助))(?:实施|建设|投入|推进).*$")  # 统筹3亿元衔接资金|实施项目
# 200吨红橙出口新加坡、泰国等国家, 98项做法在全国、全省交流: the list goes on with the same thing.
_GOES_ON = re.compile("[一-龥]{0,12}等[一-龥]|全[国省市州县区](?![第前首最各])")
_SHORT = 6
_LEVEL = re.compile(r"(?:国家|[省市县州区乡镇]|\d*[十百千万亿]+元?)级")
_JOINED_LAST = re.compile(r"(?:以及|[和与]|(?<![惠普涉触波])及)\s*$")


@dataclass(slots=True)
class Place:
    """A figure's surroundings within its sentence."""

    figure: Mark
    head: str
    tail: str
    new_clause: bool
    parted: bool
    """A semicolon stands between the figure before and this one."""
    bare: bool
    """Nothing but a list mark stands between the figure before and this one."""
    lead: str = ""
    """The clause before the figure's own, if no figure stands in it."""
    opening: str = ""
    """The first clause of the sentence, if no figure stands in it or in the figure's own."""


def places_of(text: str, begin: int, end: int, figures: Sequence[Mark]) -> list[Place]:
    """Cut a sentence into heads and tails.

    Args:
        text: the chunk's text.
        begin, end: the sentence's bounds.
        figures: those of its figures that measure something, in text order.

    Returns:
        One place a figure.
    """
    sentence = protect(text[begin:end])
    places: list[Place] = []
    before = begin
    for figure in figures:
        gap, raw = sentence[before - begin : figure.start - begin], text[before : figure.start]
        marks = list(_HARD.finditer(gap))
        if marks:
            tail, head = _CONTINUED.split(raw[: marks[0].start()])[0], raw[marks[-1].end() :]
        elif places and not gap.strip("、和及与以 \n"):
            tail, head = "", ""
        elif places and "、" in gap:
            tail, head = raw[: gap.index("、")], raw[gap.index("、") + 1 :]
        elif places and (joint := _JOINED_LAST.search(gap)):
            tail, head = raw[: joint.start()], ""
        else:
            tail, head = (_DOING.split(_before_figure(raw))[0], raw) if places else ("", raw)
        if places:
            places[-1].tail = _tail(tail)
        if not places and (aim := _AIM.search(head)):
            head = head[aim.end() :]
        opening = raw[: marks[0].start()] if marks and not places else ""
        lead = raw[marks[-2].end() : marks[-1].start()] if len(marks) > 1 else opening
        bare = _BARE.fullmatch(gap) is not None
        parted = any(mark.group() in "；;。" for mark in marks)
        places.append(
            Place(figure, _plain(head), "", bool(marks) or not places, parted, bare, _plain(lead), _plain(opening))
        )
        before = figure.end + _suffix_length(text, figure.end)
    if places:
        rest = sentence[before - begin :]
        mark = _HARD.search(rest)
        stop = mark.start() if mark else len(rest)
        places[-1].tail = _tail(_item(text[before : before + stop], rest[:stop]))
    for place, following in pairwise(places):
        level = _LEVEL.match(following.tail)
        if level and _LEVEL.fullmatch(place.tail):  # 74项国家级、94项省级|改革试点
            place.tail += following.tail[level.end() :]
    return places


def _item(words: str, protected: str) -> str:
    """The first item of what follows a sentence's last figure, with those that say more of the same thing."""
    if _GOES_ON.match(protected, protected.rfind("、") + 1):
        return words
    end = protected.find("、")
    while end >= 0 and _GOES_ON.match(protected, end + 1):
        end = protected.find("、", end + 1)
    return words[:end] if end >= 0 else words


def _suffix_length(text: str, at: int) -> int:
    match = _AFTER_FIGURE.match(text, at)
    return match.end() - at if match else 0


def _plain(text: str) -> str:
    return text if text.isalpha() else _LAYOUT.sub("", text)  # most words are letters alone: four times as fast


def _tail(text: str) -> str:
    plain = _OTHER_UNIT.sub("", _plain(text)).removeprefix("人民币")
    match = _AFTER_FIGURE.match(plain)
    plain = (plain[match.end() :] if match else plain).lstrip("”’」》")
    plain = _FUNDS.sub(r"\1", plain) if len(plain) > _SHORT else plain
    return "" if plain.startswith(tuple("（(）)")) else _REMARK.split(plain)[0].rstrip("。！？；")


def _before_figure(text: str) -> str:
    """The words between two figures without those that lead to the second: 116个|国家和地区|近|4000名."""
    trailing = TRAILING.match(text[::-1])
    return text[: -trailing.end()] if trailing else text
