"""What the words of a project claim say that nothing is being built: a position, a purpose, a plan on paper.

The labelling guide counts works and facilities that are built, changed or prepared, not what a place is to become, nor
what exists already. A language model told so still claims some; of 514 labelled projects these rules turn away none.
"""

from __future__ import annotations

import re

from llmx.grounding import Span

_POSITION = re.compile(
    r"(?:产业|经济|旅游|风景|景观|城镇|发展|创新|生态|美丽|最美)[一-龥]{0,4}带$|高地|目的地|增长极|名片$"
)
"""打造沿江最美风景带, 康养高地: what a place is to become."""
_GROWN = re.compile(r"(?:做强|做优|做大|做精|擦亮|叫响)(?:做[强优大精])?$")
"""做强食材产业园: what exists already is to thrive."""
_PURPOSE = re.compile(r"(?:围绕|着眼|立足|聚焦)[^，。；：、,;:\n]{0,12}$")
"""围绕打造食材产业园，策划一批项目: the reason for something else."""
_ON_PAPER = re.compile(
    r"(?:建设|改造|实施)?(?:总体|详细|专项|实施|工作|初步)?(?:方案|规划(?!建设|编制)|计划|导则|指南|清单)"
)
"""编制城中村改造项目|方案: a document about it; 规划建设 and 规划编制 are how far it is."""
_REACH = 24


def unbuilt(text: str, span: Span, name: str, start: int = 0) -> str | None:
    """Why a claimed project is none, by its name and the words around it; None for one.

    Args:
        text: the text.
        span: where the claim's quote stands in it.
        name: the project's name; one with distributed words is looked for by its first two characters.
        start: where the chunk begins: what stands before it is not read.
    """
    at = text.find(name, span.start, span.end)
    end = at + len(name)
    if at < 0:
        at, end = text.find(name[:2], span.start, span.end), span.end
    before = text[max(start, at - _REACH) : at] if at >= 0 else ""
    if _POSITION.search(name):
        return "what a place is to become"
    if _GROWN.search(before):
        return "what exists already"
    if _PURPOSE.search(before):
        return "the reason for something else"
    return "a document about it" if _ON_PAPER.match(text, end) else None
