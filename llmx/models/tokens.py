"""How many tokens a text has, about."""

from __future__ import annotations

TOKENS_A_BYTE = 0.25
"""Tokens a byte of UTF-8, for estimates: a Chinese character has three bytes and takes 0.6 to 0.8 tokens, four letters
of Latin take about one."""


def estimated_tokens(text: str) -> int:
    """About how many tokens a text has."""
    return round(len(text.encode("utf-8", "replace")) * TOKENS_A_BYTE)
