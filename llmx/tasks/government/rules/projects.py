"""Named physical and investment projects, with stage and status.

`project_lists` parses a clause into groups of items, `project_stages` tells how far they are by the words around them,
`project_names` what of them is a project's name. A name is verbatim in its quote, or an item with the words that the
end of its list says for all: 荷花、幸福、柳园|水库.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from llmx.tasks.government.claims import ProjectClaim
from llmx.tasks.government.rules.mark import Mark
from llmx.tasks.government.rules.project_classes import class_of, cuts_word, is_phase, is_road, shape_of
from llmx.tasks.government.rules.project_lists import Group, goes_on, groups, may_name, more
from llmx.tasks.government.rules.project_names import Said, changes_one, is_position, project_name, specific
from llmx.tasks.government.rules.project_stages import may_tell
from llmx.tasks.government.rules.sentences import Bounds


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
    last: Group | None = None
    for start, stop in clauses:
        on = last if last and goes_on(text, start, stop) else None
        if not (on or may_tell(text[start:stop])) or not may_name(text, start, stop):
            last = None
            continue
        found = more(text, start, stop, on) if on else groups(text, start, stop, planned)
        made = len(claims)
        for group in found:
            claims += _claims(text, group, planned, claims[-1].name if len(claims) > made else "")
        last = found[-1] if len(claims) > made else None
    for figure in figures if claims else ():
        if text.startswith("的", figure.end) and text.endswith("投资", 0, figure.start):
            claims = [_funded(claim, text, figure) for claim in claims]
    return claims


def _funded(claim: ProjectClaim, text: str, figure: Mark) -> ProjectClaim:
    """The claim with its amount, if its name follows the figure: 总投资8亿元的|三坝溪大桥."""
    follows = text[figure.end + 1 :].lstrip().startswith(claim.name)
    return claim.model_copy(update={"amount": figure.number}) if follows else claim


def _claims(text: str, group: Group, planned: bool, before: str) -> Iterator[ProjectClaim]:
    """A claim for each item of a group that is a project's name; `before` is the clause's last name so far."""
    items = [text[start:stop] for start, stop in group.items]
    if (
        not items
        or _PURSUED.search(items[-1])
        or _MANY.match(items[0])
        or (not group.firm and _SOUGHT.match(group.kind))
        or not (group.kind or any(map(class_of, items)) or is_road(items[-1]))
    ):
        return
    whole = group.stop or (group.end if group.kind or group.done else None)
    shares = [""] * len(items) if group.kind else _shared(items)
    built = group.built or (len(items) > 1 and changes_one("".join(items[-1].split())))
    works = _works(text, group, items)
    listed = len(items) > 1 and any(class_of(item) and specific(item) for item in items)
    for item, shared, (start, stop) in zip(items, shares, group.items, strict=True):
        if group.verb is not None and not group.done and group.stage != "started" and is_position(item):
            continue
        name, distributed = project_name(item, Said(group.kind, shared, built, group.strong, group.firm, listed))
        if name is None and _PHASE.match(item) and (phased := _PHASED.match(before)):
            name, distributed = phased[1] + item, True
        if name is None:
            continue
        if works and stop < group.items[-1][1] and not distributed and shape_of(name).facility:
            name, distributed = name + works, True
        before = name
        end = whole or (group.end if distributed else stop)
        begin = start if group.verb is None or start - group.verb > _FAR else group.verb
        quote = text[begin : stop if end - stop > _FAR else end]
        yield ProjectClaim(name=name, quote=quote, stage=group.stage, status="planned" if planned else "reported")


def _works(text: str, group: Group, items: Sequence[str]) -> str:
    """What the last item says is done to all: 完成|柳河路、梅园街|改造; with 建成 or 建设 the others are built."""
    changed = _CHANGED.search(items[-1])
    if not changed or group.verb is None or group.kind or group.done or any(map(_told, items[:-1])):
        return ""
    return changed.group() if not group.strong or "完成" in text[group.verb : group.items[0][0]] else ""


def _told(name: str) -> bool:
    shape = shape_of(name)
    return bool(shape.works or shape.project) or name.endswith("建设")


_CHANGED = re.compile("(?:综合)?(?:改造|整治|治理|迁建|改扩建|改建|扩建|提档升级|业态升级)(?:工程|项目)?$")
_PHASE = re.compile("[二三四五六]期(?:项目|工程)?$")
_PHASED = re.compile("(.{2,}?)[一二三四五]期(?:项目|工程)?$")
"""龙口新材料一期|投产、|二期|开工: the second phase of the same."""
_FAR = 400
"""A verb or a stage so far away is left out of a quote, so that a list of thousands costs no more than its length."""
_PURSUED = re.compile("争创|申创|申报|创建|入选|申请|评为|升级为|打造成|融入|转型为")
"""推动甲、乙|争创5A级景区: they are to become something, nothing is built."""
_SOUGHT = re.compile("(?:优质|精?深?加工|好|大好高|高端|关联|配套|上下游)(?:产业)?项目$")
"""招引|新型电池、智能家电等优质项目: kinds of project that are looked for; but 甲厂等一批好项目|建成投产 are named."""
_MANY = re.compile("以(?!工代)|一批|若干|更多|一系列|多个|各类")
_OWN_PLACE = re.compile(
    r"^[一-龥]{1,6}?(?:街道|(?<![集城小制])[镇乡]|(?<![园社库灌景校院矿厂片城地林山牧超夜集])[区县市](?![域政场委级]))(?=..)"
)


def _shared(items: Sequence[str]) -> list[str]:
    """What an item of a list says for each of those right before it that have no class: 荷花、幸福、柳园|水库."""
    names = ["".join(item.split()) for item in items]
    shares = [""] * len(names)
    bare: list[int] = []
    for at, name in enumerate(names):
        last = at + 1 == len(names)
        if not (_classed(name) or last):
            bare.append(at)
            continue
        words = _closing_words(name, [names[other] for other in bare], last) if bare else ""
        for other in bare:
            shares[other] = words
        bare = []
    return shares


def _closing_words(name: str, others: Sequence[str], last: bool) -> str:
    """As much of a name as stands behind its own words, which are as long as the others or end in a place's class.

    赫章、织金、黔西|技工学校, 云阳镇、洞鹿乡|天然气管网. Within a list the class alone must stand there: 万黔、黔吉|高铁.
    """
    kind = class_of(name)
    longest = len(name) - len(kind)
    lengths = set(map(len, others))
    if not longest or "的" in name or is_phase(kind) or "“" in name + others[0] or (not last and lengths != {longest}):
        return ""
    place = _OWN_PLACE.match(name)
    if place and place.end() <= longest:
        return name[place.end() :]
    own = lengths.pop() if len(lengths) == 1 else 0
    if (
        len(others) == 1
        and own >= _SHORT
        and not (shape_of(name).works or "至" in others[0].split("（")[0] or others[0].endswith("千伏"))
    ):
        return ""
    if not 2 <= own <= min(_OWN, longest) or longest - own == 1:
        return kind
    return "" if cuts_word(name, own) else name[own:]


_OWN = 6
_SHORT = 4
_OTHERS = frozenset("区院所会办室队网圈带台系统局部")
"""Last characters of names that are whole, though nothing that is built."""


def _classed(name: str) -> bool:
    """Whether a name has a class of its own; 大河坝 may be a village."""
    kind = class_of(name)
    return len(kind) > 1 or (bool(kind) and len(name) > 3) or (len(name) > _SHORT and name[-1] in _OTHERS)
