"""Named physical and investment projects, with stage and status.

`project_lists` parses a clause into groups of items, `project_stages` tells how far they are by the words around them,
`project_names` what of them is a project's name. A name is verbatim in its quote, or an item with the words that the
end of its list says for all: 荷花、幸福、柳园|水库.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from llmx.models.rules.mark import Mark
from llmx.models.rules.project_lists import Group, goes_on, groups, more
from llmx.models.rules.project_names import Said, class_of, is_phase, is_position, is_road, project_name, specific
from llmx.models.rules.sentences import Bounds
from llmx.reading import ProjectClaim


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
        if last and goes_on(text, start, stop):
            found = list(more(text, start, stop, last))
        else:
            found = list(groups(text, start, stop, planned))
        made = [claim for group in found for claim in _claims(text, group, planned)]
        claims += made
        last = found[-1] if made else None
    for figure in figures if claims else ():
        if text.startswith("的", figure.end) and text.endswith("投资", 0, figure.start):
            claims = [_funded(claim, text, figure) for claim in claims]
    return claims


def _funded(claim: ProjectClaim, text: str, figure: Mark) -> ProjectClaim:
    """The claim with its amount, if its name follows the figure: 总投资8亿元的|三坝溪大桥."""
    follows = text[figure.end + 1 :].lstrip().startswith(claim.name)
    return claim.model_copy(update={"amount": figure.number}) if follows else claim


def _claims(text: str, group: Group, planned: bool) -> Iterator[ProjectClaim]:
    """A claim for each item of a group that is a project's name."""
    items = [text[start:stop] for start, stop in group.items]
    if not items or _PURSUED.search(items[-1]) or not (group.kind or any(map(class_of, items)) or is_road(items[-1])):
        return
    whole = group.stop or (group.end if group.kind or group.done else None)
    shared = "" if group.kind else _shared(items)
    listed = len(items) > 1 and any(map(specific, items))
    for item, (start, stop) in zip(items, group.items, strict=True):
        if group.verb is not None and not group.done and is_position(item):
            continue
        name, distributed = project_name(item, Said(group.kind, shared, group.built, group.firm, listed))
        if name is None:
            continue
        end = whole or (group.end if distributed else stop)
        quote = text[start if group.verb is None else group.verb : end]
        yield ProjectClaim(name=name, quote=quote, stage=group.stage, status="planned" if planned else "reported")


_PURSUED = re.compile("争创|申报|创建|入选|申请|评为|升级为|打造成|融入|转型为")
"""推动甲、乙|争创5A级景区: they are to become something, nothing is built."""
_OWN_PLACE = re.compile(r"^[一-龥]{1,6}?(?<![集城建制地])(?:街道|[镇乡]|[区县市](?![域政场委级]))(?=..)")


def _shared(items: Sequence[str]) -> str:
    """What the last of a list says for those before it that have no class: 荷花、幸福、柳园|水库.

    As much of it as stands behind its own words, which are as long as those of the others or end in a place's class:
    赫章、织金、黔西|技工学校, 云阳镇、洞鹿乡|天然气管网.
    """
    classed = [bool(class_of(item)) for item in items]
    if len(items) < 2 or not classed[-1] or all(classed):
        return ""
    last = "".join(items[-1].split())
    kind = class_of(last)
    if is_phase(kind):
        return ""
    place = _OWN_PLACE.match(last)
    if place and place.end() <= len(last) - len(kind):
        return last[place.end() :]
    lengths = {len(item.strip()) for item, has in zip(items, classed, strict=True) if not has}
    own = lengths.pop() if len(lengths) == 1 else 0
    return last[own:] if 2 <= own <= min(6, len(last) - len(kind)) else kind
