"""What text recognition writes otherwise than it stands on the page: blanks, the width of marks, and a few characters whose
neighbours prove that they are others."""

from __future__ import annotations

import re
from typing import NamedTuple

from llmx.documents.document import Mark


class Misread(NamedTuple):
    """Characters that are read for others."""

    pattern: re.Pattern[str]
    right: str
    """What stands on the page; as long as what is read, or shorter."""
    reason: str
    example: tuple[str, str]
    """A line as it is read, and as it stands."""


_WIDE_BESIDE = "[\u3000-\u9fff\uff00-\uffef“”]"
MISREAD = (
    *(
        Misread(
            re.compile(rf"(?<={_WIDE_BESIDE})\{narrow}|\{narrow}(?={_WIDE_BESIDE})"),
            wide,
            "beside a Chinese character a mark is as wide as one; 3,500 and (a) keep theirs",
            (f"一{narrow}二", f"一{wide}二"),
        )
        for narrow, wide in zip(",;:?!()", "，；：？！（）", strict=True)
    ),
    Misread(re.compile(r"(?<=\d)%[o0](?![\d.])"), "‰", "no letter follows a per cent sign", ("0.3%o以内", "0.3‰以内")),
    Misread(
        re.compile(r"(?<=\d)一(?=\d)"),
        "—",
        "the Chinese numeral one does not stand between digits, a dash does",
        ("2022一2023年", "2022—2023年"),
    ),
)


def mended(text: str, marks: list[Mark]) -> tuple[str, list[Mark]]:
    """A line's text and marks, without blanks but between Latin words, and with what was misread put right.

    Args:
        text: the line as it was read.
        marks: of each of its characters.
    """
    kept = [number for number in range(len(text)) if not _is_blank(text, number)]
    text, marks = "".join(text[number] for number in kept), [marks[number] for number in kept]
    for row in MISREAD:
        for found in reversed(list(row.pattern.finditer(text))):
            text = text[: found.start()] + row.right + text[found.end() :]
            del marks[found.start() + len(row.right) : found.end()]
    return text, marks


def _is_blank(text: str, at: int) -> bool:
    before, after = text[at - 1 : at] or " ", text[at + 1 : at + 2] or " "
    return text[at].isspace() and not (before.isascii() and before.isalnum() and after.isascii() and after.isalnum())
