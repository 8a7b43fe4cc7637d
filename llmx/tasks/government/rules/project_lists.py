"""The lists in which a clause names projects, parsed once: verbs, items, what closes them, how far they are.

开工建设|三坝溪大桥、…停车场及综合交通枢纽工程        verbs, then items
长松大道、龙普路、龙耀路|竣工通车                    items, then how far they are
推动|柳河大桥|开工、|梅溪水库|投产                   items, each with its own words
加快|龙口、柳坪|等|2座抽水蓄能电站|建设              what stands after 等 or a count is shared
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from llmx.tasks.government.records import Stage
from llmx.tasks.government.rules.project_classes import CLASSES, class_of, is_road
from llmx.tasks.government.rules.project_names import LAYOUT, changes_one
from llmx.tasks.government.rules.project_stages import BEGINS_AFTER, Ending, Verbs, ending, opening, verbs_before
from llmx.tasks.government.rules.sentences import Bounds, protect


class Group(NamedTuple):
    """Items that share their verbs, their stage and what closes them; offsets are the chunk's."""

    items: tuple[Bounds, ...]
    kind: str
    """What 等 or a count says that they are: 商品房项目; empty without."""
    end: int
    """Where the items end with their kind and with 建设."""
    verb: int | None
    """Where the verbs before them begin."""
    stop: int | None
    """Where the words after them that say how far they are end."""
    stage: Stage
    firm: bool
    """Whether works began or came to an end."""
    built: bool
    """Whether the words say that something is built, not only that it is supported."""
    done: bool
    """Whether 建设 or 实施 closes them."""
    strong: bool
    """Whether the verb itself says that something is built."""


# A list is also joined by 和, where a name is complete before it.
_JOINT = re.compile(
    r"、|(?<=”)(?=“)|以及|(?<=[A-Z]\d)[和及]|(?<=[A-Z]\d{2})[和及]|(?<=[A-Z]\d{3})[和及]"
    r"|(?<=[”）工项改整搬迁建园路院校馆站港区城目程期廊理治段铁速线桥场厂心造复纽库楼部学级修\d])和(?!美)(?=[^、]{2})|(?<=建设)[和及]|(?<=更新|加固|扩容|修缮|扩能|基地)和|及(?=\d)|和(?=\d+[个座条所处家])"
)
_JOINS = re.compile("[、和及“]")
_LISTED = re.compile("[、和及“等]")
# 生猪、蛋鸡、10万吨食用菌|和|饲料养蚕等项目
_LAST_AND = re.compile(r"[^和及与等]{4,20}和(?!美)(?=[^和及与]{3,}等)")
_ETC = re.compile(r"(?:(?<![高中初同平对均优特])|(?<=[高初一二三四五六七八九十]中)|(?=等\d))等(?!离子|[级第待候腰保])")
_CHINESE = "两二三四五六七八九十"
# 格尔木、德令哈|3座|光热电站, 甲、乙|两条|高速: a count closes a list as 等 does.
_COUNTED_KIND = re.compile(
    rf"(?<=[一-龥”）A-Za-z\d])(?<!第)(?:(?<!\d)\d+(?:个|座|条|所|处|项|家|宗)|[{_CHINESE}]+(?:个|条|座|所|处|项|大|家|段)|[{_CHINESE}](?=高速|高铁|铁路|水库|桥))(?=[^、]{{2,24}}$)"
)
_NUMERAL = re.compile(rf"[\d{_CHINESE}]")
_COUNT = re.compile(
    rf"^[\s*]*(?:一批|多个|一系列|系列)?(?:近|超|约)?(?:(?:\d+(?:\.\d+)?|[{_CHINESE}]+)\s*[万亿]?(?:余|多)?(?:个|条|所|座|处|家|项(?!目)|大|宗|栋|段|类|件|(?=项目)))?[\s*]*(?:总投资[\d.]+[万亿]+元的)?"
)
_COUNTED_LAST = re.compile(
    r"\s*\d+(?:\.\d+)?\s*(?:余|多)?[万亿]?(?:个|项|座|条|家|所|处|公里|千米|米|亩|平方米|平方公里|万?方|套|户|间|栋|台|辆|张|件|批|次|吨|千瓦|公顷|株)(?:以上|左右)?$"
)
_SLOGAN = re.compile(rf"(?:[{_CHINESE}]|\d)大(?:工程|项目|中心|基地|平台|行动)$")  # 科技创新、人才引育三大工程
_COUNT_LENGTH = 16
_KIND_DONE = re.compile(r"(?:建设|实施|开发建设)$")
_MARKED = re.compile(r"[\s*“（(《「%]")
_BROKEN = re.compile(r"[\s*—]")
_ALSO = re.compile(r"[\s*]*(?:以及|和|及|、)")


# Every item that becomes a project's name ends in a class or a thing, or its list in one or in 等; what stands behind an
# item begins with one of few characters. The last character is looked for, then what is behind it, then the word: four
# times as fast as looking for the words.
_BEHIND = re.escape("".join(sorted({*"、和及以等“”（）()『』「」…—〇在的两二三四五六七八九十力今明", *BEGINS_AFTER})))
_LENGTHS = sorted({len(word) for word in CLASSES})
_CLASS = "|".join(f"(?<={'|'.join(word for word in CLASSES if len(word) == length)})" for length in _LENGTHS)
_MAY_NAME = re.compile(
    rf"[等·GSXY{''.join(sorted({word[-1] for word in CLASSES}))}]"
    rf"(?:(?![^\s\d{_BEHIND}])(?:{_CLASS})|(?<=等)(?=[^、]{{0,24}}$)|(?<=·)|(?<=[GSXY])(?=\d))"
)


def may_name(text: str, start: int, stop: int) -> bool:
    """Whether a clause may hold a project's name: of three in four it is all that they cost."""
    if _MAY_NAME.search(text, start, stop):
        return True
    return bool(_BROKEN.search(text, start, stop) and _MAY_NAME.search(LAYOUT.sub("", text[start:stop])))


def groups(text: str, start: int, stop: int, planned: bool) -> list[Group]:
    """The groups of items in one clause, in text order.

    Args:
        text: the chunk's text.
        start, stop: the clause's bounds.
        planned: whether the section speaks of what is to come.
    """
    clause = _Clause(text, start, stop)
    return [group for run in _runs(clause.words, planned) for group in _groups(clause, run)]


def more(text: str, start: int, stop: int, before: Group) -> list[Group]:
    """The groups of a clause that goes on with the verb of the clause before: …等水利工程，|以及乙大桥等交通项目."""
    clause = _Clause(text, start, stop)
    also = _ALSO.match(clause.words)
    at = also.end() if also else 0
    run = _Run(at, len(clause.words), len(clause.words), stage=before.stage, firm=before.firm)
    return list(_groups(clause, run))


def goes_on(text: str, start: int, stop: int) -> bool:
    """Whether a clause goes on with the list of the clause before."""
    return bool(_ALSO.match(text, start, stop))


class _Clause:
    """A clause without its layout and with the marks inside quotes and brackets made plain."""

    __slots__ = ("_places", "words")

    def __init__(self, text: str, start: int, stop: int) -> None:
        self._places: Sequence[int] = range(start, stop)
        self.words = raw = text[start:stop]
        if not _MARKED.search(raw):
            return
        if gaps := [match.span() for match in LAYOUT.finditer(raw)]:
            ends = [0, *(end for _, end in gaps)]
            starts = [*(start for start, _ in gaps), len(raw)]
            self._places = [start + at for a, b in zip(ends, starts, strict=True) for at in range(a, b)]
            raw = LAYOUT.sub("", raw)
        self.words = protect(raw).replace("%、", "%〇")  # 分别完成31%、78%: no list of names

    def start(self, at: int) -> int:
        """Where in the chunk's text the word at `at` begins."""
        return self._places[at]

    def end(self, at: int) -> int:
        """Where in the chunk's text the words before `at` end."""
        return self._places[at - 1] + 1


@dataclass(slots=True)
class _Run:
    """A stretch of a clause whose items share a verb and a stage; offsets are the clause's."""

    start: int
    stop: int
    closed: int
    """Where the words that close it end."""
    verb: int | None = None
    stage: Stage = "ongoing"
    firm: bool = False
    built: bool = True
    strong: bool = True
    told: bool = False
    """Whether words after the items say how far they are."""
    done: bool = False
    """Whether 建设 or 实施 closes them."""


def _runs(clause: str, planned: bool) -> Iterator[_Run]:
    """Stretches of a clause, each with the verbs and the closing words that hold for its items."""
    verbs = verbs_before(clause)
    begin = verbs.end if verbs else 0
    closing = ending(clause, max(begin, clause.rfind("、") + 1), planned)
    if not verbs:
        if not (closing and closing.stage) and clause[-1] not in _RATED and "、" not in clause:
            return
        begin = opening(clause, 0)
    if not _LISTED.search(clause, begin):
        named = clause[begin : closing.start if closing else len(clause)]
        if class_of(named) or is_road(named) or changes_one(_uncounted(named)):
            yield _run(begin, len(clause), verbs, closing)
        return
    pieces = _pieces(clause, begin)
    last = len(pieces) - 1
    for at, (start, stop) in enumerate(pieces):
        piece = clause[start:stop]
        again = verbs_before(piece) if at else None
        if again and not again.weak:
            if verbs:
                yield _run(begin, start - 1, verbs, None)
            verbs, begin = again._replace(start=start, end=start + again.end), start + again.end
        if at == last:
            if verbs or (closing and closing.stage):
                yield _run(begin, stop, verbs, closing)
            return
        words = ending(piece, max(begin - start, 0), planned) if not verbs or verbs.weak else None
        if words and (words.firm or (words.stage == "preparation" and (verbs or closing))):
            yield _run(begin, stop, verbs, words._replace(start=start + words.start))
            verbs, begin = verbs if verbs and verbs.weak else None, stop + 1


_RATED = frozenset("%％个项")  # 甲、乙等项目开工、|开工率93%


def _pieces(clause: str, begin: int) -> list[Bounds]:
    """Bounds of what stands between the 、 of a clause."""
    pieces = []
    while (mark := clause.find("、", begin)) >= 0:
        pieces.append((begin, mark))
        begin = mark + 1
    return [*pieces, (begin, len(clause))]


def _run(start: int, stop: int, verbs: Verbs | None, words: Ending | None) -> _Run:
    """A stretch with what its verbs and its closing words say; the latter win where they tell more."""
    run = _Run(start, words.start if words else stop, stop)
    if verbs:
        run.verb, run.stage, run.built = verbs.start, verbs.stage, not verbs.weak
        run.strong = run.built
        run.firm = verbs.stage in ("started", "completed")
    if words and words.stage:
        run.stage, run.firm, run.built, run.told = words.stage, words.firm, True, True
    elif words:
        run.done = run.built = True
    return run


def _groups(clause: _Clause, run: _Run) -> Iterator[Group]:
    """Items up to each 等 with its kind, and those after the last."""
    stretch = clause.words[run.start : run.stop]
    bare = _uncounted(stretch)
    counted, stretch = len(bare) < len(stretch), bare
    done = _KIND_DONE.search(stretch, max(0, len(stretch) - 4))
    body = stretch[: done.start()] if done else stretch
    run.done = run.done or bool(done)
    run.built = run.built or run.done
    items: list[Bounds] = []
    pieces = _items(body)
    skipped = -1
    for at, (start, stop) in enumerate(pieces):
        if at <= skipped:
            continue
        closing = _closing(body[start:stop], bool(items))
        if not closing:
            items.append((start, stop))
            continue
        if closing[0]:
            items.append((start, start + closing[0]))
        kind, end = _kind(body[start + closing[1] : stop]), stop
        if _SLOGAN.search(body, start + closing[0], stop):
            items = []
            continue
        if not class_of(kind) and at + 1 < len(pieces) and class_of(follows := _kind(body[slice(*pieces[at + 1])])):
            kind, end, skipped = follows, pieces[at + 1][1], at + 1  # 等交通、|水利工程
        yield _group(clause, run, items, kind or ("项目" if run.done else ""), end, end == len(body))
        items = []
    if counted and items and items[-1][1] == len(body) and not changes_one(body[slice(*items[-1])]):
        items.pop()  # 新建水库3座; but 柳河水库扩容200万方
    if items:
        yield _group(clause, run, items, "", len(body), True)


def _uncounted(words: str) -> str:
    """Words without the count at their end: 水库|3座."""
    counted = _COUNTED_LAST.search(words, max(0, len(words) - _COUNT_LENGTH))
    return words[: counted.start()] if counted else words


def _group(clause: _Clause, run: _Run, items: Sequence[Bounds], kind: str, end: int, last: bool) -> Group:
    """Items of a run with offsets of the chunk; `last` where nothing follows them but 建设 and how far they are."""
    end = run.closed if last and run.done else run.start + end
    return Group(
        items=tuple((clause.start(run.start + a), clause.end(run.start + b)) for a, b in items),
        kind=kind,
        end=clause.end(end),
        verb=None if run.verb is None else clause.start(run.verb),
        stop=clause.end(run.closed) if run.told and (last or run.verb is None) else None,
        stage=run.stage,
        firm=run.firm,
        built=run.built,
        done=run.done,
        strong=run.strong,
    )


def _items(body: str) -> list[Bounds]:
    """Bounds of the items: split at 、, at 和 behind a complete name, and at the 和 before a list's last item."""
    if not _JOINS.search(body):
        return [(0, len(body))] if body.strip() else []
    found, at = [], 0
    for match in _JOINT.finditer(body):
        if body[at : match.start()].strip():
            found.append((at, match.start()))
        at = match.end()
    if found and (and_ := _LAST_AND.match(body, at)):
        found.append((at, and_.end() - 1))
        at = and_.end()
    if body[at:].strip():
        found.append((at, len(body)))
    return found


def _closing(piece: str, listed: bool) -> Bounds | None:
    """Where 等 or, after a first item, a count closes a list within its last piece."""
    etc = None
    for match in _ETC.finditer(piece) if "等" in piece else ():
        etc = match
    if etc:
        return etc.start(), etc.end()
    counted = _COUNTED_KIND.search(piece) if listed and _NUMERAL.search(piece) else None
    return (counted.start(), counted.end()) if counted else None


_SAID_OF = re.compile(r"^.*的(?=(?:重点|重大|标志性|优质)[一-龥]{0,4}项目$)")
"""等一批|打基础、利长远的|重大项目"""
_PLACES = re.compile(r"^地(?=[一-龥]{3})(?![下铁质面方热震区标块表])")  # 龙口、柳坪等|地|锂渣消纳场
_HOLDERS = re.compile(r"^.*企业(?=..)")


def _kind(words: str) -> str:
    """What follows 等, without its count: 12所学校配套设施项目."""
    kind = _PLACES.sub("", "".join(_COUNT.sub("", words, count=1).split()).replace("*", ""))
    return _SAID_OF.sub("", _HOLDERS.sub("", _KIND_DONE.sub("", kind)))
