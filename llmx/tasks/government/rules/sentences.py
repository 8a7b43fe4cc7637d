"""Sentences and clauses of a chunk, with quotes and brackets kept whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

# A sentence ends at 。！？； or at a line end; but layout breaks lines in mid-sentence (社⏎⏎会保障): a line end
# after no closing mark, in a line longer than a heading, is no end.
_SENTENCE = re.compile(r"[^。！？；;\n]*(?:[。！？；;]+[”’」』）)]*|\n+|\Z)")
_HEADING_LENGTH = 40
_MARKS = "。！？；：:!?;”）)"
_OPENS_LINE = frozenset(("", *"\t　 —-（(●■◆★•►◇○▪※"))

Bounds = tuple[int, int]


def sentences(text: str, start: int, end: int) -> Iterator[Bounds]:
    """Bounds of the sentences of text[start:end], in order, blank ones left out.

    Args:
        text: the chunk's text.
        start, end: the stretch, in code points.
    """
    begin = start
    for match in _SENTENCE.finditer(text, start, end):
        stop = match.end()
        if stop == match.start():
            continue
        if text[stop - 1] == "\n" and _broken(text, begin, match, end):
            continue
        if text[begin:stop].strip():
            yield begin, stop
        begin = stop
    if text[begin:end].strip():
        yield begin, end


def _broken(text: str, begin: int, match: re.Match[str], end: int) -> bool:
    """Whether the line end after `match` only breaks a line that goes on."""
    line = text[begin : match.end()].rstrip()
    if not line.strip() or line[-1] in _MARKS:
        return False
    opens_line = begin == 0 or text[begin - 1] == "\n"
    if opens_line and len(line.strip()) < _HEADING_LENGTH:
        return False
    follows = text[match.end() : min(end, match.end() + 1)]
    return follows not in _OPENS_LINE


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
