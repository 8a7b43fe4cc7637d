"""At least, about, under: what the words around a number make of its value."""

from __future__ import annotations

import re

from llmx.records import Comparator

_BEFORE: list[tuple[str, Comparator]] = [
    ("站上 跃上 迈上 跨上 不低于 不少于 不得低于 不得少于 至少 不小于 最低 不下于 保底", ">="),
    ("不超过 不高于 不多于 不得超过 控制在 严控在 最多 至多 不突破", "<="),
    ("超过 超 突破 逾 多于 大于 高达 跨越 跨过 迈过 首破 破 越过 冲破 超出 攻破", ">"),
    ("低于 不到 不足 少于 小于 未超过 未达", "<"),
    ("约 近 接近 大约 约为 将近 大概 逼近 约占 约达", "~"),
]
_WORDS = {word: comparator for words, comparator in _BEFORE for word in words.split()}
_PRECEDING = re.compile(
    r"[\s*]*(?:了|约)?(?P<word>" + "|".join(sorted((re.escape(w)[::-1] for w in _WORDS), key=len, reverse=True)) + ")"
)
_AFTER: list[tuple[str, Comparator]] = [
    ("以上 及以上 之上", ">="),
    ("以内 之内 以里", "<="),
    ("以下 之下", "<"),
    ("左右 上下 前后", "~"),
]
_SUFFIXES = {word: comparator for words, comparator in _AFTER for word in words.split()}
_FOLLOWING = re.compile(r"[\s*]*(?P<word>" + "|".join(sorted(_SUFFIXES, key=len, reverse=True)) + ")")
_COMMITMENT = re.compile(r"(?:力争|确保|争取|努力|预计|预期|保证|保持|力保)(?=[^，。；、力确争努预保]*$)")
_CLAUSE = 24


def compare(text: str, start: int, end: int, more: bool) -> tuple[Comparator, str | None]:
    """Comparator and modifier of the number at text[start:end].

    Args:
        text: the text around it.
        start, end: the bounds of the number with its unit.
        more: whether 余 or 多 stands within it.

    Returns:
        The comparator, and the words that made it or the commitment, joined by … in text order; None without any.
    """
    preceding = _PRECEDING.match(text[max(0, start - 8) : start][::-1])
    following = _FOLLOWING.match(text, end)
    commitment = _COMMITMENT.search(text, max(0, start - _CLAUSE), start)
    before = preceding.group("word")[::-1] if preceding else None
    after = following.group("word") if following else None
    words = [commitment.group() if commitment else None, before, ("余" if "余" in text[start:end] else "多") if more else None, after]
    return _comparator(before, after, more), "…".join(word for word in words if word) or None


def _comparator(before: str | None, after: str | None, more: bool) -> Comparator:
    """A suffix says it plainest (突破40亿元以上 is at least), then 余, then what stands before."""
    if after:
        return _SUFFIXES[after]
    if more:
        return ">"
    return _WORDS[before] if before else "="
