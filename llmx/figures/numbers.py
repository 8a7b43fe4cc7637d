"""Numerals: how a number is written, and its value."""

from __future__ import annotations

from llmx.records import Number

WIDE = str.maketrans("０１２３４５６７８９．％﹪－", "0123456789.%%-")
"""Full-width digits and marks to half-width, one character for one, so that offsets stay those of the text as stored."""

GAP = r"[ \t\u3000\u00a0*]{0,3}(?:\r?\n){0,2}[ \t\u3000\u00a0*]{0,3}"
"""What real reports have between a number and its unit: spaces, bold marks, a line or page end. Bounded, so linear."""

_DIGITS = r"\d{1,40}+(?!\d)"
# A line or a page ends inside a number: 6.⏎2%, 1,25⏎0万吨. Words before it in its line and a unit behind it tell it from
# two cells of a table.
_LINE = r"[ \t\u3000\u00a0]{0,4}(?:\r?\n){1,2}[ \t\u3000\u00a0]{0,4}"
_BROKEN = (
    rf"(?<=[^\n]{{5}}[一-龥 ])(?!(?:19|20)\d\d\D)\d{{1,4}}(?:\.?{_LINE}\d{{1,4}}(?!\d)(?:\.\d{{1,4}}(?!\d))?|{_LINE}\.\d{{1,4}}(?!\d))"
    r"(?=[ \u00a0]?[十百千万亿元%个家户人吨亩公])"
)
_THOUSANDS = rf"\d{{1,3}}(?:[,，](?:\d{{3}}|\d{_LINE}\d\d|\d\d{_LINE}\d)){{1,5}}(?![\d,，])"
# 8 000 人: groups of three before a unit; S305 120公里 is a road and its length.
_BLANK = "[ \u00a0\u2009\u202f]"
_GROUPS = (
    rf"(?<![A-Za-z.])[1-9]\d{{0,2}}(?:{_BLANK}\d{{3}}){{1,4}}(?!\d|{_BLANK}\d)"
    rf"(?=\.\d|{_BLANK}?[十百千万亿元%个家户人名次吨亩公头辆套件])"
)
# 7 4 7 7 2 亿元: only before a unit or a point, for single digits in a row are else the cells of a table.
_SPACED = r"\d(?: \d){2,9}(?= ?[十百千万亿元%个家户人]| ?\. ?\d)"
# 20.2026年 is item 20 of a list and a year.
_FRACTION = r"(?: ?\. ?\d(?: \d){0,3}(?! ?\d)|\.(?!(?:19|20)\d\d年)\d{1,20}+(?!\d))?"
NUMBER = rf"(?:{_THOUSANDS}{_FRACTION}|{_GROUPS}{_FRACTION}|{_SPACED}{_FRACTION}|{_BROKEN}|{_DIGITS}{_FRACTION})"
"""A number in Arabic digits. More than 40 digits in a row are no number of anything."""

WORDED = r"(?:\d{1,9}(?:\.\d{1,9})?|百|[零〇一二两三四五六七八九十百]{1,8}(?:点[零〇一二三四五六七八九]{1,6})?)"
"""What may follow 百分之 and 千分之."""

_CHINESE = {char: digit for digit, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_MARKS = str.maketrans("", "", " ,，\t\r\n\u3000\u00a0\u2009\u202f")


def read_number(written: str) -> Number:
    """Value of a number in Arabic digits: `1,234.5`, `1，234`, `8 000`, `7 4 7 7 2`; an int where written as an integer."""
    plain = written.translate(_MARKS)
    return float(plain) if "." in plain else int(plain)


def read_worded(written: str) -> Number:
    """Value of a numeral up to 999 in Chinese or Arabic digits, as it follows 百分之: `五点三`, `三十五`, `5.3`, `百`."""
    if written[0].isascii():
        return read_number(written)
    whole, _, fraction = written.partition("点")
    total = digit = 0
    for char in whole:
        if char in "十百":
            total, digit = total + (digit or 1) * (10 if char == "十" else 100), 0
        else:
            digit = _CHINESE[char]
    decimals = "".join(str(_CHINESE[char]) for char in fraction)
    return float(f"{total + digit}.{decimals}") if decimals else total + digit
