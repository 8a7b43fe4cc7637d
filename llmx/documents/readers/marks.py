"""What text recognition writes otherwise than it stands on the page: blanks and the width of marks."""

from __future__ import annotations

from llmx.documents.document import Mark


def mended(text: str, marks: list[Mark]) -> tuple[str, list[Mark]]:
    """A line's text and marks without what was read into it."""
    kept = [number for number in range(len(text)) if not _is_blank(text, number)]
    return "".join(text[number] for number in kept), [marks[number] for number in kept]


def _is_blank(text: str, at: int) -> bool:
    """Whether a blank stands where none is: beside anything but Latin words."""
    before, after = text[at - 1 : at] or " ", text[at + 1 : at + 2] or " "
    return text[at].isspace() and not (before.isascii() and before.isalnum() and after.isascii() and after.isalnum())
