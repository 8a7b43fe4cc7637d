"""Numbers in Latin script: how they are written, in digits and in words, and their value."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from llmx.errors import UsageError
from llmx.records import Number

THIN = "\u00a0\u202f\u2009"
"""Spaces that do not break, between groups of three and before units."""
_END = r"(?![\d])"
_COMMAS = r"\d{1,3}(?:,\d{3}){1,6}" + _END + r"(?:\.\d{1,12})?"
_POINTS = r"\d{1,3}(?:\.\d{3}){1,6}" + _END + r"(?:,\d{1,12})?"
_MARKS = rf"\d{{1,3}}(?:[{THIN}'’]\d{{3}}){{1,6}}" + _END + r"(?:[.,]\d{1,12})?"
# 1 234,5 and 1 234 millions: with plain blanks only where what follows shows that it is one number, not two cells.
_BLANKS = r"[1-9]\d{0,2}(?: \d{3}){1,4}(?:[.,]\d{1,2}(?!\d)|(?=[ \u00a0]?(?:[^\W\d_]{2,}|[%€$£])))" + _END
_PLAIN = r"\d{1,40}+(?:\.\d{1,12})?"
_PLAIN_COMMA = r"\d{1,40}+(?:[.,]\d{1,12})?"
# English writes 2019 000 for nothing, so there two numbers beside each other stay two: Table 3 120 homes.
NUMBER = {
    ".": rf"(?:{_COMMAS}|\d{{1,3}}(?:\.\d{{3}}){{2,6}}{_END}(?:,\d{{1,12}})?|\d{{1,3}}(?:\.\d{{3}}){{1,6}},\d{{1,12}}{_END}|{_MARKS}|{_PLAIN})",
    ",": rf"(?:{_POINTS}|\d{{1,3}}(?:,\d{{3}}){{1,6}}\.\d{{1,12}}{_END}|{_MARKS}|{_BLANKS}|{_PLAIN_COMMA})",
}
"""A number in digits, by the decimal mark of the text's language. The other's form is read too where it is plain."""

_BLANK = re.compile(rf"[{THIN} '’]")


def read_digits(written: str, decimal: str) -> Number:
    """Value of a number in digits, an int where written as an integer.

    Args:
        written: 1,234.5 · 1.234,5 · 1 234 · 12.
        decimal: the decimal mark of the text's language, for what could be read both ways (1.234).
    """
    plain = _BLANK.sub("", written)
    last = max(plain.rfind("."), plain.rfind(","))
    if last < 0:
        return int(plain)
    mark, both = plain[last], "." in plain and "," in plain
    groups = plain.count(mark) > 1 or (mark != decimal and len(plain) - last == 4 and not both)
    if groups:
        return int(plain.replace(mark, ""))
    whole = plain[:last].replace(",", "").replace(".", "")
    return float(f"{whole}.{plain[last + 1 :]}")


FRACTIONS = {
    name: below
    for below, names in {
        2: "half halves",
        3: "third thirds",
        4: "quarter quarters fourth fourths",
        5: "fifth fifths",
        6: "sixth sixths",
        7: "seventh sevenths",
        8: "eighth eighths",
        9: "ninth ninths",
        10: "tenth tenths",
        100: "hundredth hundredths",
    }.items()
    for name in names.split()
}
"""English names of parts; no library reads two thirds as a number."""
_NO_NUMERALS = frozenset("o oh zero hundreds thousands millions".split())
"""What text2num reads and prose means otherwise: net zero, hundreds of homes."""
ARTICLES = frozenset("one un une ein eine uno una um uma een".split())
"""One, which is an article or a pronoun: a number only before a scale, a unit or a part."""
_SUPPORTED = frozenset("en de fr es it pt nl".split())


@lru_cache(maxsize=50_000)
def read_words(words: str, language: str) -> int | None:
    """Value of a number in words: twenty-five, two hundred and fifty; None where it is none.

    Raises:
        UsageError: text2num is not installed.
    """
    try:
        from text_to_num import text2num
    except ImportError as error:
        raise UsageError(
            "the text is in Latin script, and its figures need text2num: pip install 'llmx-extract[latin]'"
        ) from error
    if language not in _SUPPORTED:
        return None
    try:
        return int(text2num(words, language))
    except ValueError:
        return None


def numerals(words: Iterable[str], language: str) -> frozenset[str]:
    """Those of a text's words, in lower case, that are numbers."""
    return frozenset(word for word in words if word not in _NO_NUMERALS and read_words(word, language) not in (None, 0))
