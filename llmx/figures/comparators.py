"""At least, about, under: what the words around a number make of its value."""

from __future__ import annotations

import re
from typing import NamedTuple

from llmx.records import Comparator

_BEFORE: dict[Comparator, str] = {
    # 站上600亿元台阶: the step is reached, where 突破 passes it.
    ">=": "不低于 不少于 不得低于 不得少于 不小于 不下于 不亚于 至少 站上 迈上 跃上 登上 踏上 跨上 攀上",
    "<=": "不超过 不高于 不多于 不大于 不突破 不得超过 不得高于 控制在 严控在 最多 至多",
    ">": "超过 超出 超越 超 突破 逾 高于 多于 大于 跨越 跨过 迈过 跃过 越过 冲破 攻破 破 过",
    "<": "低于 不到 不足 少于 小于 未超过 未达 未达到 不满",
    "~": "大约 约为 约占 约达 约 将近 接近 临近 逼近 近 大概 大致 估计",
}
_AFTER: dict[Comparator, str] = {
    ">=": "以上 及以上 之上",
    "<=": "以内 之内 以里",
    "<": "以下 及以下 之下",
    "~": "左右 上下",
}
# Where a short word ends another one: 签约30个, 侦破5起, 附近3公里.
_ENDS_ANOTHER = {
    "约": "签节制公条",
    "约为": "签节",
    "约达": "签节",
    "约占": "签节",
    "破": "打侦",
    "近": "附最靠远邻",
    "超": "赶",
    "过": "经通不胜去见来路度",
}
_BEFORE_WORDS = {word: comparator for comparator, words in _BEFORE.items() for word in words.split()}
_AFTER_WORDS = {word: comparator for comparator, words in _AFTER.items() for word in words.split()}


def _any(words: dict[str, Comparator]) -> str:
    """An alternation of the words, longest first."""
    guarded = (f"(?<![{_ENDS_ANOTHER[word]}]){word}" if word in _ENDS_ANOTHER else word for word in words)
    return "|".join(sorted(guarded, key=lambda word: len(word.split(")")[-1]), reverse=True))


_PRECEDING = re.compile(rf"({_any(_BEFORE_WORDS)})[了到]?[\s*]*$")
# What such a match may end with; most numbers follow something else, and need no search.
_LEADING = frozenset(word[-1] for word in _BEFORE_WORDS) | frozenset("了到*")
_FOLLOWING = re.compile(rf"[\s*]{{0,4}}({_any(_AFTER_WORDS)})(?!游|联动|班|楼)")
_STEPPED = "站迈跃登踏跨攀越突"
_STEPS = re.compile("个[一-龥]{0,4}(?:台阶|大关)")
_COMMITMENT = re.compile("力争|确保|争取|努力|预计|预期(?!寿命)|保证|力保|有望")
_CLAUSE_END = re.compile("[，。；：！？,;:\n]")  # 预期目标是：… governs the whole list, not its first figure
_REACH = 8
"""How many characters before a number may hold the comparing word; the longest is four, with spaces and 了."""
_CLAUSE = 24
"""How far back a clause is searched for words of commitment."""


class Compared(NamedTuple):
    """What the words around a number make of it, and where they stand."""

    comparator: Comparator
    modifier: str | None
    """The words that made the comparator or the commitment, joined by … in text order (力争…以上); None without any."""
    before: int
    """How many characters before the number the first of them begins."""
    after: int
    """How many characters after the number the last of them ends."""


PLAIN = Compared("=", None, 0, 0)


def compare(text: str, start: int, end: int, more: str) -> Compared:
    """Comparator and modifier of the number at text[start:end].

    Args:
        text: the text around it.
        start, end: the bounds of the number with its unit.
        more: 余 or 多 where it stands within the number, else empty.
    """
    committed, preceding, following = _committed(text, start), _preceding(text, start, end), _FOLLOWING.match(text, end)
    if not (committed or preceding or following or more):
        return PLAIN
    before, after = preceding.group(1) if preceding else "", following.group(1) if following else ""
    words = [word for word in (committed.group() if committed else "", before, more, after) if word]
    first = min((match.start() for match in (committed, preceding) if match), default=start)
    last = following.end() if following else end
    return Compared(_comparator(before, after, more), "…".join(words) or None, start - first, last - end)


def _preceding(text: str, start: int, end: int) -> re.Match[str] | None:
    """The comparing word before the number; in 跨越4个万亿元台阶 the steps are counted, not passed."""
    last = text[start - 1 : start]
    match = _PRECEDING.search(text, max(0, start - _REACH), start) if last in _LEADING or last.isspace() else None
    return None if match and match.group(1)[0] in _STEPPED and _STEPS.match(text, end - 1) else match


def _comparator(before: str, after: str, more: str) -> Comparator:
    """A suffix says it plainest (突破40亿元以上 is at least), then 余, then what stands before."""
    if after:
        return _AFTER_WORDS[after]
    if more:
        return ">"
    return _BEFORE_WORDS[before] if before else "="


def _committed(text: str, start: int) -> re.Match[str] | None:
    """The word of commitment nearest before the number in its clause."""
    found = list(_COMMITMENT.finditer(text, max(0, start - _CLAUSE), start))
    return found[-1] if found and not _CLAUSE_END.search(text, found[-1].end(), start) else None
