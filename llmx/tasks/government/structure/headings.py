"""Where headings stand, and how deep.

The numbering of official documents (GB/T 9704-2012, 7.3.3: 一、 （一） 1. （1）) gives the upper levels; below them
come dashes, 一是, bold leads and short sentences that open a paragraph's topic. Every pattern is bounded, so that
cost grows with the text's length and with nothing else.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import NamedTuple

_CHINESE = "一二三四五六七八九十百"
_NUMBERED = re.compile(
    rf"(?:\[[^\]\n]{{1,30}}\])?[ \t\u3000*]{{0,8}}(?:"
    rf"(?P<part>第[{_CHINESE}]{{1,3}}(?:部分|章|篇|编))"
    # Not a count of things: 一、二、三产业, 三、四线城市, 一、二季度.
    rf"|(?P<one>[{_CHINESE}]{{1,3}}(?:、(?![{_CHINESE}]{{1,2}}(?:、|线|季度|产业|级|类))|[.．](?!\d)))"
    rf"|(?P<two>[（(][{_CHINESE}]{{1,3}}[）)])"
    rf"|(?P<three>\d{{1,2}}(?:、|[.．](?!\d)))"
    rf"|(?P<four>[（(]\d{{1,2}}[）)]|[①-⑳])"
    rf"|(?P<dash>——|--|―|–—|● |• ))"
)
PART, ONE, TWO, THREE, FOUR = 1, 2, 3, 4, 5
_DASH, LISTED, _BOLD, _LEAD = 5, 6, 7, 8
PLAIN = 3.5
"""A line by itself under 一、: in a （一）, above its 1."""
_LEVELS = {"part": PART, "one": ONE, "two": TWO, "three": THREE, "four": FOUR, "dash": _DASH}
DEEPEST_NUMBER = THREE
"""Headings below this level say nothing of roles: 一是政府自身建设不断加强 stands in a review."""

# Numbers inside a line, where its line ends were lost; each begins with the mark before it, or with its own bracket. All
# begin with one set, by which the engine passes over the rest: four times as fast.
_INSIDE = re.compile(
    rf"[。！？!?；”\s（(](?:(?<![（(])(?:(?P<two>[（(][{_CHINESE}]{{1,3}}[）)])"
    rf"|(?P<one>[{_CHINESE}]{{1,3}}、(?![{_CHINESE}]{{1,2}}(?:、|线|季度|产业|级|类))))"
    r"|(?<=[^\s。！？!?；”第\]].)(?P<glued>一[）)]))"
)
_GLUED = 40
"""How far before a glued （一） the heading above it begins: 二、2024年工作安排（一）聚力产业升级。"""
_DIGIT = {char: at for at, char in enumerate("一二三四五六七八九", 1)}

_MARKS = " \t\u3000\ufeff*#"
# These three begin with the mark before the heading: the engine passes over all other characters at once.
_LIST_ITEM = re.compile(rf"[。；：:\n][ \t\u3000*]{{0,8}}[{_CHINESE}]{{1,3}}[是要](?=[^，。；\n]{{2,40}}[，。；：])")
# Bold, also where conversion split it wrongly (加强**污染防治**。): what is bold ends a clause.
_BOLD_LEAD = re.compile(
    r"[。；：:”\n][ \t\u3000]{0,8}[^*\n。，；]{0,8}\*\*"
    r"(?=[^*\n]{1,28}(?:[^是为：:*\n]\*\*[。：:，\n]|[^是为：:*\n][。：:]\*\*))"
)
# A topic sentence: a noun and what became of it, no mark, no figure, and detail after it.
_LEAD_SENTENCE = re.compile(
    r"[。\n][ \t\u3000]{0,8}(?=([一-龥“”（）()]{5,18})。[^。\n]{10})"
    r"(?!完成|建成|开工|竣工|投产|储备|签约|新建|新增|实现)"
    r"(?![一-龥“”]{0,4}(?:各位|我们|同志|对此|主要是|同时|让我们|谢谢))"
)
# What has happened once is a fact to report, no topic: 首家外商独资医院营业。
_EVENT = re.compile(r"(?:开工|竣工|投产|投用|投运|通车|营业|开业|运营|运行|上线|落户|翻番|出台|颁布|实施|揭牌|组建)$")
_DETAIL = 20
"""Characters that must follow a topic sentence before the next heading."""

_TABLE = re.compile(
    r"(?:专栏|附?表)[ \u3000]?[\d一二三四五六七八九十]{0,3}(?:[ \u3000：:\t]|(?=[“《]))(?=[^。\n]{2,40}$)"
)
_BARE = re.compile(r"\s*[^\d，。；：、\n]{2,16}[ \t\r\u3000]*(?:\n|$)")
"""A cell that a flattened table has on a line by itself."""
_ANNEX = re.compile(r"附(?:件|录)[ \u3000]?[\d一二三四五六七八九十]{0,2}[ \u3000]?[：:]?[^。；\n]{0,40}$")
_GLOSSARY = re.compile(
    r"[^，。；\n]{0,30}?(?:(?:名词|用语|术语|词语|缩略语|词汇)[^，。；\n]{0,6}(?:解释|注释|说明|注解|释义)|^注释|^注解|^注)"
    r"[ \t\u3000*：:]*$"
)
_TITLE = re.compile(r"(?:报告|大会|会议|代表|草案[）)]?)[*]{0,4}$")
_ADDRESS = re.compile(r"各位代表|现在，?我")
_FRONT = 800
_LONGEST = 60
_LONGEST_PLAIN = 32
_PARTED = re.compile(r"\S[^ \u3000。；：:]{5,30}(?=[ \u3000])")
_MARK_END = re.compile(r"[。；：:！!]")
_CLEAN = re.compile(r"[*#]+|\[[^\]\n]{1,30}\]")
_LINE = re.compile(r"[^\r\n]+")


class Heading(NamedTuple):
    """A heading's place, depth and words; what stands without words of its own has an empty text."""

    start: int
    level: float
    text: str
    glossary: bool = False


def find_headings(text: str, tells: Callable[[str], bool]) -> list[Heading]:
    """The headings of a text, in text order, each at the start of its line or sentence.

    Args:
        text: the document's text.
        tells: whether words tell what a section is for; a line without a number is a heading only if they do.
    """
    found: dict[int, Heading] = {}
    for heading in [*_in_lines(text, tells), *_in_paragraphs(text)]:
        found.setdefault(heading.start, heading)
    for heading in _inside_lines(text, sorted(start for start, one in found.items() if one.level <= TWO)):
        found.setdefault(heading.start, heading)
    headings = _without_contents([found[start] for start in sorted(found)])
    return _with_detail(_after_front(text, headings), len(text))


def _in_lines(text: str, tells: Callable[[str], bool]) -> Iterator[Heading]:
    """Headings that open a line: numbered, or a line by itself that tells of a role, a table, a glossary."""
    plain_level: float | None = None
    address, tabled = _address(text), False
    for line in _LINE.finditer(text):
        start = line.start()
        head = text[start : min(line.end(), start + 3 * _LONGEST)].lstrip(_MARKS)
        if not head:
            continue
        numbered = _NUMBERED.match(head)
        if numbered and numbered.lastgroup:
            if numbered.lastgroup == "dash" and not _introduces(head):
                continue
            level, tabled = _LEVELS[numbered.lastgroup], False
            if plain_level is None and level <= ONE:
                plain_level = PLAIN
            yield Heading(start, level, words_at(text, start))
        elif line.end() - start <= 2 * _LONGEST:
            marked = _named_line(head.rstrip(_MARKS), start)
            if marked:
                tabled = is_table(head)
                yield marked
            elif tabled and _BARE.match(text, line.end()):
                continue  # 发展目标 among 产业链 and 重点项目: the columns of a table
            elif start >= address and text[start] != "\t" and _plain(text, start, head, tells):
                # Where such a line comes before any 一、 it stands above them all; else it is a part of one.
                plain_level = plain_level or PART
                yield Heading(start, plain_level, words_at(text, start))


def _named_line(line: str, start: int) -> Heading | None:
    """A line that says itself what begins: a glossary, an annex, a table."""
    if _GLOSSARY.match(line):
        return Heading(start, PART, line.strip(" \t\u3000*：:"), True)
    if _ANNEX.match(line):
        return Heading(start, PART, line)
    if is_table(line):
        return Heading(start, _BOLD, line)
    return None


def is_table(line: str) -> bool:
    """Whether a heading is a table's: 专栏1 重点产业."""
    return bool(_TABLE.match(line))


def _plain(text: str, start: int, head: str, tells: Callable[[str], bool]) -> bool:
    """Whether a line without number or mark tells of a role: 2024年工作回顾."""
    line = head.rstrip(_MARKS)
    return (
        4 <= len(line) <= _LONGEST_PLAIN
        and not re.search("[。；，：！,;:]", line)
        and not _TITLE.search(line)
        and tells(line)
        and not _in_mid_sentence(text, start)
    )


def _in_paragraphs(text: str) -> Iterator[Heading]:
    """Headings that may stand inside a paragraph: list items, bold leads, topic sentences."""
    marked = "\n" + text  # a list may open a text; what a match begins with here stands one before the heading there
    for pattern, level, first in ((_LIST_ITEM, LISTED, 0), (_BOLD_LEAD, _BOLD, 1), (_LEAD_SENTENCE, _LEAD, 1)):
        if level == _BOLD and "**" not in text:
            continue
        for match in pattern.finditer(marked, first):
            if level == _LEAD and _EVENT.search(match.group(1)):
                continue
            if not _in_mid_sentence(text, match.start()):
                yield Heading(match.start(), level, words_at(text, match.start()))


def _inside_lines(text: str, known: list[int]) -> Iterator[Heading]:
    """Upper headings in the middle of a line: their numbers go on from one another."""
    last: dict[str, int] = {}
    above = -1
    for match in _INSIDE.finditer(text):
        glued = match.lastgroup == "glued"
        kind = "two" if glued else match.lastgroup or ""
        start = match.start() if glued else match.start(kind)
        number = _number(match[match.lastgroup or 0].strip("（()）、"))
        passed = bisect_left(known, start)
        above = max(above, known[passed - 1] if passed else -1)
        if glued and not 0 < start - above <= _GLUED:
            continue
        if line_start(text, start) or number not in (1, last.get(kind, 0) + 1):
            last[kind] = number if line_start(text, start) else last.get(kind, 0)
            continue
        last[kind] = number
        if kind == "one":
            above, last["two"] = start, 0
        yield Heading(start, _LEVELS[kind], words_at(text, start))


def _number(words: str) -> int:
    """The number of a heading: 十二 is 12; 0 for what is none."""
    tens, ten, ones = words.rpartition("十")
    return 10 * (_DIGIT.get(tens, 1) if ten else 0) + _DIGIT.get(ones, 0)


def _introduces(line: str) -> bool:
    """Whether a dash opens an item (——经济发展再上新台阶。…) and not a subtitle (——2025年2月在…会议上)."""
    return len(line) > 30 and "会议上" not in line


def _in_mid_sentence(text: str, start: int) -> bool:
    """Whether layout broke a line just before: 社⏎⏎会保障不断加强。"""
    if text[start - 1 : start] not in ("\n", "\r"):
        return False
    before = text[max(0, start - 400) : start].rstrip("\r\n \t\u3000*")
    if not before or before[-1] in "。！？；：:!?;”）)*":
        return False
    line = before[max(before.rfind("\n"), before.rfind("\r")) + 1 :]
    # Titles and headings stand in short lines without a full stop.
    return "。" in line or len(line) >= 40


def line_start(text: str, at: int) -> bool:
    """Whether an offset stands at the start of a line, be it after blanks."""
    return at == 0 or text[at - 1] == "\n" or not text[max(0, at - 12) : at].rpartition("\n")[2].strip()


def words_at(text: str, start: int) -> str:
    """The words of the heading at an offset: its line if short, else up to the first mark that ends a clause."""
    words = text[start : start + 3 * _LONGEST].lstrip("\r\n")
    whole = _LINE.match(words)
    line = whole.group() if whole else ""
    line = (_CLEAN.sub("", line) if "*" in line or "#" in line or "[" in line else line).lstrip(_MARKS)
    if whole and whole.end() == len(words) and (parted := _PARTED.match(line)):
        line = parted.group()  # a long line: a blank is what is left of the heading's line end
    mark = _MARK_END.search(line, 3)
    if mark and not (len(line) <= _LONGEST and mark.end() == len(line.rstrip())):
        line = line[: mark.start()]
    if len(line) > _LONGEST:
        line = re.split("[，,]", line, maxsplit=1)[0][:_LONGEST]
    return line.strip(" \u3000\t。；：:")


def _without_contents(headings: list[Heading]) -> list[Heading]:
    """Leave out a table of contents: the same upper headings, first close together and once again later."""
    words = [heading.text.rstrip("0123456789.…·（）() \t\u3000") for heading in headings]
    counts = Counter(words)
    followers = [*(heading.start for heading in headings[1:]), 1 << 62][: len(headings)]
    listed: set[str] = set()
    kept: list[Heading] = []
    within = False
    for heading, word, following in zip(headings, words, followers, strict=True):
        close = following - heading.start < len(heading.text) + 12
        repeated = counts[word] > 1 and word not in listed and heading.level <= DEEPEST_NUMBER
        within = bool(word) and repeated and (close or within)
        if within:
            listed.add(word)
        else:
            kept.append(heading)
    return kept


def _address(text: str) -> int:
    """Where the front matter's address to the meeting stands; 0 without one."""
    match = _ADDRESS.search(text, 0, _FRONT)
    return match.start() if match else 0


def _after_front(text: str, headings: list[Heading]) -> list[Heading]:
    """Leave out what looks like a topic sentence in the title, the portal's lines and the address."""
    address = _address(text)
    first = next((heading.start for heading in headings if heading.level <= ONE), 0)
    body = max(address, first if first < _FRONT else 0)
    return [heading for heading in headings if heading.start >= body or heading.level <= DEEPEST_NUMBER]


def _with_detail(headings: list[Heading], end: int) -> list[Heading]:
    """Leave out topic sentences that the next heading follows at once: they are statements among others."""
    last = Heading(end, 0, "")
    return [
        heading
        for heading, following in pairwise([*headings, last])
        if heading.level < _LEAD or following.start - heading.start - len(heading.text) >= _DETAIL
    ]
