"""A task of a user's own, with an embedded model that needs no network: fines and notices of an agency."""

from __future__ import annotations

import re
from typing import Literal

import llmx
from llmx.claims import Reading
from llmx.records import Group
from llmx.sections import Chunk
from llmx.task import Chosen, Figured, Quoted, RecordClaim, RecordReading, Said, Year
from llmx.task.derived import Numbered

TEXT = """Enforcement in the Dale
1. Water
In 2023 the agency fined Northfield Dairy $1.2 million for discharge into the river. The firm has appealed.
In 2024 the agency fined Sedge & <b>Sons</b> $350,000 for late reports.
2. Air
In 2024 the agency fined Kiln Works $2.4 million for dust above the limit.
In 2024 the agency warned Harrow Quarry of works without a permit.
Inspections rose to 412 in the year.
"""
SENTENCE = re.compile(
    r"In (\d{4}) the agency (fined|warned) (.+?) (?:(\$[\d.,]+(?: million)?) for|of) ([^.]+)\.( The firm has appealed)?"
)


class Case(Group):
    """What a fine is about."""

    ground: Chosen[Literal["water", "air"]]
    """What was harmed."""


class Penalty(llmx.Record):
    """A fine that the agency set."""

    party: Quoted
    """Who is fined."""
    fine: Figured
    """How much."""
    case: Case
    """What it is about."""
    year: Year
    """When it was set."""
    reason: Said
    """Why, in a few words."""
    appealed: bool
    """Whether the firm appealed."""
    duties: list[Said] | None = None
    """What the firm must do."""


class Note(llmx.Record):
    """A warning without a fine; its name is one that the page's own style has, too."""

    party: Quoted
    """Who is warned."""
    weight: Chosen[Literal["light", "grave"]]
    """How grave it is."""


class Clerk:
    """Reads each sentence of the one form that there is."""

    name = "clerk"

    def read(self, chunk: Chunk) -> Reading:
        return RecordReading(records=tuple(_claim(match, chunk) for match in SENTENCE.finditer(chunk.text)))


def _claim(match: re.Match[str], chunk: Chunk) -> RecordClaim:
    year, verb, party, _, reason, appeal = match.groups()
    if verb == "warned":
        return RecordClaim(type="note", quote=match[0], values={"party": party, "weight": "grave"})
    at = chunk.start + match.start(4)
    number = next(n for n, one in enumerate(chunk.figures, 1) if one.start <= at < one.end)
    values = {
        "party": party,
        "fine": Numbered(number),
        "case": {"ground": "air" if "dust" in reason else "water"},
        "year": int(year),
        "reason": reason,
        "appealed": bool(appeal),
        "duties": ["pay", "report"],
    }
    return RecordClaim(type="penalty", quote=match[0], values=values)


WORDS = {
    "zh": {
        "penalty": "处罚",
        "note": "警告",
        "party": "当事人",
        "fine": "罚款",
        "case_ground": "事由",
        "water": "水",
        "air": "大气",
        "reason": "理由",
        "appealed": "是否申诉",
    },
    "en": {
        "penalty": "Penalty",
        "note": "Warning",
        "party": "Party",
        "fine": "Fine",
        "case_ground": "Ground",
        "water": "Water",
        "air": "Air",
    },
}
PENALTIES = llmx.Task(
    "penalties",
    [Penalty, Note],
    "Fines and warnings.",
    readers={"clerk": Clerk},
    words=WORDS,
    colours={"note": "#b8322a"},
    source="penalties:PENALTIES",
)
