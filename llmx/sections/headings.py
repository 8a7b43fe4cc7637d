"""Where headings stand, and how deep.

The numbering of official documents (GB/T 9704-2012, 7.3.3: 一、 （一） 1. （1）) gives the upper levels; below them
come 一是, dashes, bold leads and short sentences that open a paragraph's topic.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

_CHINESE = "一二三四五六七八九十百"
_NUMBERED = re.compile(
    rf"^[ \t\u3000\ufeff*#]{{0,20}}(?:\[[^\]\n]{{1,30}}\][ \t\u3000*]{{0,20}})?(?:"
    rf"(?P<part>第[{_CHINESE}]{{1,3}}(?:部分|章|篇|编))"
    rf"|(?P<one>[{_CHINESE}]{{1,3}}(?:、|[.．](?!\d)))"
    rf"|(?P<two>[（(][{_CHINESE}]{{1,3}}[）)])"
    rf"|(?P<three>\d{{1,2}}(?:、|[.．](?!\d)))"
    rf"|(?P<four>[（(]\d{{1,2}}[）)])"
    rf"|(?P<dash>——|--|―|–—|● |• ))",
    re.MULTILINE,
)
_LEVELS = {"part": 1, "one": 2, "two": 3, "three": 4, "four": 5, "dash": 5}
_LISTED = re.compile(
    rf"(?:(?<=[。；：:\n])|^)[ \t\u3000*]*[{_CHINESE}]{{1,3}}是(?=[^，。；\n]{{2,40}}[，。；：])", re.MULTILINE
)
_BOLD = re.compile(
    r"(?:(?<=[。；：:\n”])|^)[ \t\u3000]*[^*\n。，；]{0,8}\*\*(?=[^*\n]{1,29}[^是为：:*\n][：:。]?\*\*)", re.MULTILINE
)
# A topic sentence: a noun and what became of it, no mark, no figure, and detail after it.
_LEAD = re.compile(
    r"(?:(?<=[。\n*])|^)[ \t\u3000]*(?=[一-龥“”（）()]{5,18}。[^。\n]{10})"
    r"(?!完成|建成|开工|竣工|投产|储备|签约|新建|新增|实现)(?![一-龥“”]{0,4}(?:各位|我们|同志|对此|主要是|同时|让我们|谢谢))",
    re.MULTILINE,
)
# A line by itself without number or mark is a heading where its words tell of a role: 2024年工作回顾.
_PLAIN = re.compile(
    r"^[ \t\u3000*]*(?=[^\n。；，：！,;:]{4,32}$)(?![^\n]*(?:报告|大会|会议|代表|草案[）)]?)[*]*$)", re.MULTILINE
)
_FIRST_PART = re.compile(r"^[ \t\u3000*]*(?:一、|第一部分)", re.MULTILINE)
_FRONT = 800
_LEVEL_LISTED, _LEVEL_BOLD, _LEVEL_LEAD = 6, 7, 8
_GLOSSARY = re.compile(
    r"^[ \t\u3000*#]*(?:附件?[\d一二三四]*[:：]?[ \t]*)?(?:《?[^\n《》，。]{0,12}报告》?)?(?:有关|相关|部分|中的?)?"
    r"(?:名词|用语|术语|词语|缩略语|名词术语)?(?:解释|注释|说明|注解)[ \t\u3000*：:]*$",
    re.MULTILINE,
)
_LONGEST = 60
_MARK_END = re.compile(r"[。；：:！!\n]")
_CLEAN = re.compile(r"[*#\n]+|\[[^\]\n]{1,30}\]")


class Heading(NamedTuple):
    """A heading's place, depth and words."""

    start: int
    level: int
    text: str
    glossary: bool = False


def find_headings(text: str, tells: Callable[[str], bool]) -> list[Heading]:
    """The headings of a text, in text order, each at the start of its line or sentence.

    Args:
        text: the document's text.
        tells: whether words tell what a section is for; a line without a number is a heading only if they do.
    """
    found: dict[int, Heading] = {}
    for heading in _candidates(text, tells):
        found.setdefault(heading.start, heading)
    return _without_contents([found[start] for start in sorted(found)])


def _candidates(text: str, tells: Callable[[str], bool]) -> Iterator[Heading]:
    for match in _GLOSSARY.finditer(text):
        yield Heading(match.start(), 1, _words(text, match.start()), True)
    for match in _NUMBERED.finditer(text):
        kind = match.lastgroup or ""
        if kind == "dash" and not _introduces(text, match.end()):
            continue
        yield Heading(match.start(), _LEVELS[kind], _words(text, match.start()))
    yield from _plain(text, tells)
    for pattern, level in ((_LISTED, _LEVEL_LISTED), (_BOLD, _LEVEL_BOLD), (_LEAD, _LEVEL_LEAD)):
        for match in pattern.finditer(text):
            if not _in_mid_sentence(text, match.start()):
                yield Heading(match.start(), level, _words(text, match.start()))


def _plain(text: str, tells: Callable[[str], bool]) -> Iterator[Heading]:
    """Lines by themselves that tell of a role: parts of a report that numbers none, else parts of a numbered part."""
    address = text.find("各位代表", 0, _FRONT)
    level = _LEVELS["three"] if _FIRST_PART.search(text) else _LEVELS["one"]
    for match in _PLAIN.finditer(text, max(0, address)):
        words = _words(text, match.start())
        if tells(words):
            yield Heading(match.start(), level, words)


def _introduces(text: str, at: int) -> bool:
    """Whether a dash opens an item (——经济发展再上新台阶。…) and not a subtitle (——2025年2月在…会议上)."""
    end = text.find("\n", at)
    line = text[at : end if end >= 0 else len(text)]
    return len(line) > 30 and "会议上" not in line


def _in_mid_sentence(text: str, start: int) -> bool:
    """Whether layout broke a line just before: 社⏎⏎会保障不断加强。"""
    before = text[max(0, start - 4) : start].rstrip("\n \t\u3000*")
    return (
        text[start - 1 : start] == "\n"
        and bool(before)
        and before[-1] not in "。！？；：:!?;”）)*"
        and _long_line(text, start)
    )


def _long_line(text: str, start: int) -> bool:
    """Whether the line before ends in the middle of running text; headings and titles stand in short lines."""
    end = (
        len(text[:start].rstrip("\n \t\u3000"))
        if start < 400
        else start - len(text[start - 400 : start]) + len(text[start - 400 : start].rstrip("\n \t\u3000"))
    )
    begin = text.rfind("\n", max(0, end - 400), end) + 1
    return "。" in text[begin:end] or end - begin >= 40


def _words(text: str, start: int) -> str:
    """The heading's words: its line if short, else up to the first mark that ends a clause."""
    line_end = text.find("\n", start + 1 if text[start : start + 1] == "\n" else start)
    line = _CLEAN.sub("", text[start : line_end if line_end >= 0 else len(text)][: _LONGEST * 3])
    mark = _MARK_END.search(line, 3)
    whole = mark is None or (len(line) <= _LONGEST and mark.end() == len(line.rstrip()))
    words = line if whole or mark is None else line[: mark.start()]
    if len(words) > _LONGEST:
        words = re.split("[，,]", words)[0][:_LONGEST]
    return words.strip(" 　\t。；：:")


def _without_contents(headings: list[Heading]) -> list[Heading]:
    """Leave out a table of contents: the same first-level headings, once close together and once again later."""
    words = [heading.text.rstrip("0123456789.…· ") for heading in headings]
    repeated = {word for word in words if word and words.count(word) > 1} if len(words) < 500 else set()
    kept, dropped = [], set()
    for at, (heading, word) in enumerate(zip(headings, words, strict=True)):
        following = headings[at + 1].start if at + 1 < len(headings) else heading.start + 10_000
        if (
            word in repeated
            and word not in dropped
            and heading.level <= 3
            and following - heading.start < len(heading.text) + 12
        ):
            dropped.add(word)
            continue
        kept.append(heading)
    return kept
