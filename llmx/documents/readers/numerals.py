"""Automatic numbers, written out as word processors show them."""

from __future__ import annotations

_DIGITS = "〇一二三四五六七八九"
_CIRCLED = 0x2460


def written(number: int, style: str) -> str:
    """A number in one of Word's styles.

    Args:
        number: from 1.
        style: ECMA-376's ST_NumberFormat; those without a rule here are written in digits.
    """
    if style in ("bullet", "none"):
        return ""
    if style.startswith(("chinese", "japanese", "ideograph", "taiwanese")) and "Zodiac" not in style:
        return chinese(number)
    if style.startswith("decimalEnclosedCircle") and number <= 20:
        return chr(_CIRCLED + number - 1)
    if style in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26)
        return letter.upper() if style == "upperLetter" else letter
    return str(number)


def chinese(number: int) -> str:
    """A number under 100 in Chinese numerals: 十二, 二十; digits from 100 on."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else _DIGITS[tens]) + ("十" if tens else "") + (_DIGITS[ones] if ones else "")
