"""Clauses of a sentence, with quotes and brackets kept whole."""

from __future__ import annotations

import re
from functools import lru_cache

Bounds = tuple[int, int]

# Patterns of marks begin with one set of them all: the engine passes over the rest at once, twice as fast as with branches.
_CLAUSE_MARKS = re.compile(r"[，,；;。！？:：](?:(?!\d)|(?<![:：]))")
_SHORTEST = 4


def clauses(text: str, begin: int, end: int) -> list[Bounds]:
    """Bounds of a sentence's clauses, in order, without their marks; quotes and brackets are kept whole.

    Args:
        text: the chunk's text.
        begin, end: the sentence's bounds.
    """
    sentence = protect(text[begin:end])
    found, at = [], begin
    for match in _CLAUSE_MARKS.finditer(sentence):
        stop = begin + match.start()
        if stop - at >= _SHORTEST:
            found.append((at, stop))
        at = stop + 1
    if end - at >= _SHORTEST:
        found.append((at, end))
    return found


def items(text: str, start: int, stop: int) -> list[Bounds]:
    """Bounds of a list's items, split at 、 only: 和 and 及 also join words of one name."""
    protected = protect(text[start:stop])
    found, at = [], 0
    for piece in protected.split("、"):
        if piece.strip():
            found.append((start + at, start + at + len(piece)))
        at += len(piece) + 1
    return found


_PROTECTED = re.compile(r"“[^”\n]{0,60}”|《[^》\n]{0,60}》|（[^）\n]{0,60}）|\([^)\n]{0,60}\)|「[^」\n]{0,60}」")


def protect(text: str) -> str:
    """The same length of text with every separator inside quotes and brackets made a plain letter.

    Clauses are cut on the protected text, and read from the text itself.
    """
    if not ("“" in text or "（" in text or "(" in text or "《" in text or "「" in text):
        return text
    return _protected(text)


@lru_cache(maxsize=64)  # a sentence is protected for its clauses and again for its figures
def _protected(text: str) -> str:
    return _PROTECTED.sub(_letters, text)


_SEPARATORS = str.maketrans(dict.fromkeys("，,、；;：:。和及与等—", "〇"))


def _letters(match: re.Match[str]) -> str:
    return match.group().translate(_SEPARATORS)
