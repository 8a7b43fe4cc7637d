"""Named physical and investment projects, with stage and status.

A clause names projects in one of two orders:

    开工建设|三坝溪大桥、…停车场及综合交通枢纽工程        a verb of building, then the names
    长松大道、龙普路、龙耀路|竣工通车                    the names, then how far they are

The names must be facilities or works (大桥, 水库, 改造), and more than their class: 新建幼儿园 names none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from llmx.models.rules import project_words as words
from llmx.models.rules.mark import Mark
from llmx.models.rules.sentences import Bounds, protect
from llmx.reading import ProjectClaim
from llmx.records import Stage


@dataclass(frozen=True, slots=True)
class _List:
    """The names in a clause: where they stand, and the class that they share after 等."""

    start: int
    stop: int
    end: int
    """Where the list ends with what follows 等 and with 建设."""
    kind: str
    """What follows 等: 商品房项目; empty without 等."""
    done: bool
    """Whether 建设 or 实施 closes the list."""
    counted: bool = False
    """Whether the last thing is counted (供水保障项目7个): it is many, and no name."""


def projects(text: str, clauses: Sequence[Bounds], figures: Sequence[Mark], planned: bool) -> list[ProjectClaim]:
    """The projects that one sentence names.

    Args:
        text: the chunk's text.
        clauses: bounds of the sentence's clauses, in order.
        figures: its figures that measure something; 总投资8亿元的… gives the project its amount.
        planned: whether the section speaks of what is to come.

    Returns:
        One claim a name, in text order.
    """
    claims: list[ProjectClaim] = []
    for start, stop in clauses:
        also = words.ALSO.match(text, start, stop)
        if also and claims:
            names = _list(text, also.end(), start + len(text[start:stop].rstrip(" \t\n*")))
            claims += _claims(text, names, None, None, claims[-1].stage, planned, True)
        else:
            claims += _clause(text, start, stop, planned)
    for figure in figures if claims else ():
        if text.startswith("的", figure.end) and text.endswith("投资", 0, figure.start):
            claims = [_funded(claim, text, figure) for claim in claims]
    return claims


def _funded(claim: ProjectClaim, text: str, figure: Mark) -> ProjectClaim:
    """The claim with its amount, if its name follows the figure: 总投资8亿元的|三坝溪大桥."""
    follows = text[figure.end + 1 :].lstrip().startswith(claim.name)
    return claim.model_copy(update={"amount": figure.number}) if follows else claim


def _clause(text: str, start: int, stop: int, planned: bool) -> Iterator[ProjectClaim]:
    """The projects of a clause, by whichever of the two orders it is in."""
    stop = start + len(text[start:stop].rstrip(" \t\n*"))
    clause = text[start:stop]
    building = words.BUILDING.match(clause)
    if building:
        verb, ending = building.group("verb"), _ending(clause, building.end())
        body_stop = start + ending[0] if ending else stop
        names = _list(text, start + building.end(), body_stop)
        stage: Stage = ending[1] if ending else "completed" if building["done"] else words.STAGE[verb]
        built = bool(ending) or verb not in words.WEAK
        yield from _claims(text, names, start + building.start("verb"), stop if ending else None, stage, planned, built)
        return
    if not words.MAY_PREDICATE.search(clause, max(0, len(clause) - words.REACH)):
        return
    for pattern, stage in words.PREDICATE:
        match = pattern.search(clause, max(words.SHORTEST, len(clause) - words.REACH))
        if match is None:
            continue
        if stage == "ongoing" and pattern is words.PREDICATE[-1][0] and not words.STEADIED.search(match.group()):
            continue
        yield from _claims(text, _list(text, start, start + match.start()), None, stop, stage, planned, True)
        return


def _ending(clause: str, after: int) -> tuple[int, Stage] | None:
    """Where words at the clause's end set the stage, and which."""
    if not words.MAY_END.search(clause, max(after, len(clause) - words.REACH)):
        return None
    for pattern, stage in words.ENDINGS:
        match = pattern.search(clause, max(after, len(clause) - words.REACH))
        if match:
            return match.start(), stage
    return None


def _claims(
    text: str, names: _List, verb: int | None, quote_stop: int | None, stage: Stage, planned: bool, built: bool
) -> Iterator[ProjectClaim]:
    """A claim for each name of a list that is a project's."""
    items = list(_items(text, names))[: -1 if names.counted else None]
    last = text[names.start : names.stop].rpartition("、")[2]
    if not (names.kind or _class_of(text[names.start : names.stop]) or words.ROAD.match(last)):
        return
    whole = quote_stop or (names.end if names.kind or names.done else None)
    firm = stage in ("started", "completed")
    classes = [_class_of(text[start:stop]) for start, stop in items]
    for at, (start, stop) in enumerate(items):
        shared = next((found for found in classes[at:] if found), "")
        shared = "" if words.PHASE.match(shared) else shared
        if verb is not None and not names.done and words.POSITION.search(text[start:stop]):
            continue
        name, distributed = _name(text[start:stop], names.kind, shared, built or names.done, firm)
        if name is None:
            continue
        end = whole or (names.end if distributed else stop)
        quote = text[start if verb is None else verb : end]
        yield ProjectClaim(name=name, quote=quote, stage=stage, status="planned" if planned else "reported")


def _list(text: str, start: int, stop: int) -> _List:
    """The names in a stretch, without 建设 and a count at its end: …等项目83个, …中心建设."""
    stretch = text[start:stop]
    counted = words.COUNTED_LAST.search(stretch)
    end = start + (counted.start() if counted else len(stretch))
    stretch = text[start:end]
    done = words.DONE.search(stretch)
    closing = _closing(protect(stretch))
    if closing:
        kind = words.COUNT.sub("", "".join(words.DONE.sub("", stretch[closing.end() :]).split()))
        kind = words.HOLDERS.sub("", kind)
        own = words.NEXT_COUNT.sub("", kind)
        kind = own if _class_of(own) else _class_of(kind) or own or ("项目" if done else "")
        return _List(start, start + closing.start(), end, kind, bool(done))
    stop = end - len("建设") if stretch.endswith("建设") else end
    return _List(start, stop, end, "", bool(done), bool(counted))


def _closing(stretch: str) -> re.Match[str] | None:
    """What closes a list of names before their class: 等 or, after two names and more, a count."""
    etcs = list(words.ETC.finditer(stretch))
    if etcs:
        return etcs[-1]
    return words.COUNTED_KIND.search(stretch) if "、" in stretch else None


def _items(text: str, names: _List) -> Iterator[tuple[int, int]]:
    protected = protect(text[names.start : names.stop])
    at = 0
    for match in [*words.LIST.finditer(protected), None]:
        stop = match.start() if match else len(protected)
        if protected[at:stop].strip():
            yield names.start + at, names.start + stop
        at = match.end() if match else stop


def _class_of(last: str) -> str:
    """What the last of a list shares with those before it: 荷花、幸福、柳园|水库."""
    last = "".join(last[-words.REACH :].split())
    if last.endswith("之路"):  # 21世纪海上丝绸之路 is none to be built
        return ""
    for pattern in (words.NAMES_WORKS, words.NAMES_FACILITY, words.NAMES_PROJECT):
        match = pattern.search(last)
        if match:
            return last[match.start() :]
    return ""


def _name(item: str, kind: str, shared: str, built: bool, firm: bool) -> tuple[str | None, bool]:
    """A project's name, complete enough to be found again, and whether words were distributed to it.

    None where the item names no project.
    """
    name = words.INVESTED.sub("", words.LAYOUT.sub("", item)).removesuffix("的")
    if len(name) < 2 or words.NOT_A_NAME.search(name) or _no_class(kind):
        return None, False
    if words.ROAD.match(name) and (kind or firm):
        return name, bool(kind)
    if kind:
        if not (firm or _specific(name)):
            return None, False
        if not _class_of(kind):
            return None, False
        return name if _says_kind(name, kind) else _with(name, kind), True
    if _class_of(name):
        return (name, False) if _counts_as_project(name, built, firm) else (None, False)
    if not (shared and built):
        return None, False
    return (name, False) if words.ZONE.search(name) else (_with(name, shared), True)


def _no_class(kind: str) -> bool:
    """Whether what follows 等 says that the list is of no projects: 济南、青岛等市, 钢铁、煤炭等10个传统产业提质升级."""
    return bool(kind and (words.NOT_A_NAME.search(kind) or words.NOT_A_KIND.search(kind)))


def _says_kind(name: str, kind: str) -> bool:
    """Whether a name needs no class from 等: 桃源大厦等|房地产项目, 实验小学扩容等|学校项目; but 外环大道等|提升工程 does."""
    if words.NAMES_WORKS.search(name) or words.NAMES_PROJECT.search(name):
        return True
    if words.WORKS_KIND.search(kind):
        return False
    plain = words.PLAIN_KIND.match(kind) and not words.NAMES_FACILITY.search(kind.removesuffix("项目"))
    return bool(plain or words.NAMES_FACILITY.search(name))


def _with(name: str, kind: str) -> str:
    return name if name.endswith(kind) else name + kind


def _counts_as_project(name: str, built: bool, firm: bool) -> bool:
    """Whether a name of a facility or of works is a project's, `firm` where it was begun or finished."""
    if not _specific(name):
        return False
    if words.NAMES_PROJECT.search(name) or words.NAMES_WORKS.search(name):
        return bool(
            name.endswith("项目")
            or (firm and name.endswith("工程"))
            or words.PLACED.search(words.GENERIC_WORDS.sub("", name))
            or words.WORKS_ON_ONE.search(name)
            or (built and words.NAMES_FACILITY.search(name))
        )
    return built or bool(words.ALWAYS_BUILT.search(name))


def _specific(name: str) -> bool:
    """Whether a name says more than its class: not 老旧小区改造, 污水管网."""
    rest = words.CLASS.sub("", name)
    said = len(words.GENERIC_WORDS.sub("", rest))
    return said >= 2 or bool(words.CODE.search(rest)) or (said == 1 and bool(words.ALWAYS_BUILT.search(name)))
