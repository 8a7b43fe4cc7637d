"""Keys are kept out of everything that is shown or written: one function for messages, one for data.

A key is known from the moment that it is read (`keep_secret`); from then on no form of it leaves the process: as it is,
escaped, percent-encoded, or in base64 as basic authentication sends it.
"""

from __future__ import annotations

import base64
import json
import re
from functools import lru_cache
from html import escape
from urllib.parse import quote, quote_plus

_SHORTEST = 6
"""Characters that a key has at least; `none` and `EMPTY` stand for none and are words besides."""

_HIDDEN = "***"
_secrets: dict[str, tuple[str, ...]] = {}

# What looks like a key although nobody named it as one: in a URL, after its usual names, or by its prefix.
_LOOKS_SECRET = re.compile(
    r"(?P<url>\b[a-z][a-z0-9+.-]{1,20}://)[^\s/@]{1,300}@"
    r"|(?P<name>\b(?:authorization|proxy-authorization|(?:x-)?api[-_]?key|subscription-key|access[-_]?token|secret|password"
    r"|sig(?:nature)?|token|key)['\"]{0,2}\s{0,2}[=:]\s{0,2}['\"]{0,2}(?:bearer |basic )?)(?=[^\s,;&'\"]{0,300}\d)[^\s,;&'\"]{8,300}"
    r"|(?P<scheme>\b(?:bearer|basic)\s{1,3})(?=[^\s'\"]{0,300}\d)[\w.~+/=-]{8,300}"
    r"|\bsk-[A-Za-z0-9_-]{12,300}",
    re.IGNORECASE,
)
# Escape sequences of terminals, whole; then what is left of control characters, and marks that turn the writing round.
_CONTROL = re.compile(
    r"\x1b(?:\[[0-?]{0,30}[ -/]{0,10}[@-~]|\][^\x07\x1b]{0,2000}(?:\x07|\x1b\\)?|.)?"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def keep_secret(value: str) -> None:
    """Note a key or password, so that it is never shown."""
    value = value.strip()
    if len(value) >= _SHORTEST and not (value.isalpha() and len(value) < 2 * _SHORTEST):
        _secrets.setdefault(value, _forms(value))


def _forms(value: str) -> tuple[str, ...]:
    """How a value may stand in a text, the longest first."""
    quoted = {quote(value, safe=""), quote_plus(value), escape(value), json.dumps(value)[1:-1], repr(value)[1:-1]}
    quoted |= {value.replace("/", "\\/"), "".join(f"\\u{ord(one):04x}" for one in value)}
    quoted |= {one.lower() for one in quoted if "%" in one}
    encoded = {_inside_base64(value.encode(), before) for before in range(3)}
    encoded |= {one.replace("+", "-").replace("/", "_") for one in encoded}
    return tuple(sorted({value, *quoted, *encoded}, key=len, reverse=True))


def _inside_base64(value: bytes, before: int) -> str:
    """The part of a longer text's base64 that a value alone determines, with so many bytes (of three) before it."""
    text = base64.b64encode(bytes(before) + value).decode()
    return text[-(-before * 8 // 6) : (before + len(value)) * 8 // 6]


def masked(text: str) -> str:
    """A text, answer or file without any known key in it; all else as it is."""
    for forms in _secrets.values():
        for form in forms:
            if form in text:
                text = text.replace(form, _HIDDEN)
    return text


def shown(text: str) -> str:
    """A text as a message may carry it: without known keys, what looks like one, or control characters."""
    return _LOOKS_SECRET.sub(_without_value, _CONTROL.sub("", masked(text)))


def _without_value(match: re.Match[str]) -> str:
    if match["url"]:
        return f"{match['url']}{_HIDDEN}@"
    return f"{match['name'] or match['scheme'] or ''}{_HIDDEN}"


@lru_cache(maxsize=256)
def names_secret(name: str) -> bool:
    """Whether a header, a query's name or a field is one that carries a key."""
    return bool(re.search(r"auth|api[-_]?key|subscription-key|token|secret|password|cookie|^key$|^sig$", name, re.I))
