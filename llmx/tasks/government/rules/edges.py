"""Words that stand between what is measured and its figure, and are no part of what is measured.

One row a word or a class of words, with an example that is its test: `地区生产总值|确保` reads 地区生产总值 in 地区生产总值确保6%.
A word is cut whole or not at all: 平均 stays where only 均达 is to go.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from llmx.alternation import any_of
from llmx.tasks.government.rules.lexicon import CHANGE, REACH


class Edge(NamedTuple):
    """Words that are cut from the end of what stands before a figure."""

    words: str
    """The words, with blanks between."""
    example: str
    """What stands before a figure, with | where the indicator ends."""
    within: str = ""
    """Characters that may not stand before the word: with them it is a part of another."""


_PER = "人户亩地县村日月平年"
EDGES = (
    # how firmly it is meant
    Edge("确保 力保 保证", "地区生产总值|确保"),
    Edge("保 争", "地区生产总值增速|保", "医社参环低担承投续确力竞战"),
    Edge("“保", "地区生产总值增速|“保"),
    Edge("力争 争取 努力 力求 奋力 全力 有望 可望", "规上工业增加值|奋力"),
    Edge("预计 预测 初步预计", "税收收入|预计"),
    Edge("预期", "地区生产总值|预期", "达及合超"),
    Edge("拟按 拟 按 按照 定在", "赤字率|拟按"),
    Edge("定为", "增长目标|定为", "设确规核评认"),
    # how and when
    Edge("分别 双双 各 率先 同比 可比 环比", "种植面积、产量|双双"),
    Edge("均", "起数、死亡人数|均", _PER),
    Edge("平均 人均达", "办理时限|平均"),
    Edge("累计 全年 今年 去年 当年 目前", "客运量|全年"),
    Edge("持续 稳步 总体 进一步 基本 再 又 还 也 仍 并", "群众满意度|持续", "合"),
    Edge("将 已 以 从 由", "森林覆盖率|将", "自理缘"),
    Edge("可", "年产值|可", "许认尚"),
    Edge("要 都要", "粮食产量|都要", "需主重必纪概摘提"),
    Edge("在", "失业率|在", "现存正所潜内"),
    # for how much of what
    Edge("每立方米 每升 每人每月 每人每年 每人 每月 每年", "二氧化硫浓度|每立方米"),
    # reaching and changing, in one character
    Edge("约 大约", "应急转贷|约", "签节制公条预邀"),
    Edge("达 超 近 为 是 至 到 有 共 逾", "存栏|达", "过抵"),
    Edge("过", "总产值|过", "通经越超不"),
    Edge("增 降 升 涨 减", "存栏|增", "新净扩缩削提"),
)
_REACHED = {
    word: f"[{_PER}]" if word.startswith("均") else "[最]" if word == "高达" else ""
    for word in f"{REACH} {CHANGE}".split()
    if len(word) > 1
}
_REACHED["提升"] = "(?:造改|固巩|治整|化优)"  # 改造提升|5000个
_EDGED = {word: f"[{edge.within}]" if edge.within else "" for edge in EDGES for word in edge.words.split()}
_GUARDS = {word[::-1]: guard for word, guard in (_REACHED | _EDGED).items()}
TRAILING = re.compile(  # on the reversed head, so that only its end is looked at
    "(?:"
    + any_of(_GUARDS, {word: guard for word, guard in _GUARDS.items() if guard})
    + r"|均人(?=[到至为达])|计累年[一二两三四五六七八九十]|年[一二两三四五六七八九十\d]前提|年[一二两三四五六七八九十\d]{1,2}续连)+"
)
"""The words as one expression, for `head[::-1]`."""

# 电商交易额突破百亿大关、|达108亿元; 固定资产投资近万亿元、|增长11%; 投资保持稳定增长、|力争3%
_WORDED = re.compile(
    r"(?:成功|首次|历史性)*(?:突破|超过?|达到?|近|接近|跨越|迈[上过]|站上|跃上|登上)"
    r"[一二两三四五六七八九十百千万亿几数]+[余多]?(?:元|美元|人次|大关|台阶|关口|吨|亩)*$"
    r"|(?:实现|保持|持续|稳定|稳步|平稳|较快|快速|大幅|高速)+(?:倍增|翻番|增长|提升|回升)?$"
)


def without_edge(head: str) -> tuple[str, bool]:
    """What stands before a figure without the words that lead to it, and whether there were any.

    Args:
        head: the words before a figure: 地区生产总值确保.
    """
    trailing = TRAILING.match(head[::-1])
    if trailing is None:
        return head, False
    head = head[: -trailing.end()]
    if head.endswith("、"):
        whole = head.rstrip("、")
        worded = _WORDED.search(whole)
        return without_edge(whole[: worded.start()] if worded else whole)[0], True
    return head, True


_PAIRS = (("（", "）"), ("(", ")"), ("“", "”"), ("《", "》"), ("「", "」"))

_MARKS = frozenset("（）()“”《》「」")


def balanced(name: str) -> str:
    """A name without brackets and quotation marks that have lost their other half.

    An open bracket takes the remark with it that it opened: 收入（含务工 is 收入.
    """
    if _MARKS.isdisjoint(name):
        return name
    for opening, closing in _PAIRS:
        if name.count(opening) == name.count(closing):
            continue
        first, last = name.find(closing), name.rfind(opening)
        if opening in "（(" and last > 1 and closing not in name[last:]:
            name = name[:last]
        elif first >= 0 and opening not in name[:first]:
            name = name[:first] + name[first + 1 :]
        elif last >= 0:
            name = name[:last] + name[last + 1 :]
    return name
