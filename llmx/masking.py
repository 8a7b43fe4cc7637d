"""Keys are kept out of everything that is shown or written: one function for messages, one for data.

A key is known from the moment that it is read (`keep_secret`); from then on no form of it leaves the process: as it is,
escaped, percent-encoded, or in base64 as basic authentication sends it.
"""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from html import escape
from typing import NamedTuple

_SHORTEST = 6
"""Characters that a key has at least; `none`, `EMPTY` and `123456` stand for none, and stand in reports besides."""

_HIDDEN = "***"


class _Secret(NamedTuple):
    """A key as it may stand in a text."""

    hint: str
    """The longest word in it, which most ways of writing leave as it is."""
    written: re.Pattern[str]
    encoded: tuple[str, ...]
    """Inside base64."""


_secrets: dict[str, _Secret] = {}

# What looks like a key although nobody named it as one: in a URL, after its usual names, or by its prefix.
_LOOKS_SECRET = re.compile(
    r"(?P<url>\b[a-z][a-z0-9+.-]{1,20}://)(?:[^\s/@]{1,300}|[^\s/@:]{0,300}:[^\s@]{1,300})@"
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
    word, number = value.isalpha() and len(value) < 12, value.isdigit() and len(value) < 16
    if len(value) >= _SHORTEST and not word and not number:
        _secrets.setdefault(value, _secret_of(value))


def _secret_of(value: str) -> _Secret:
    encoded = {_inside_base64(value.encode(), before) for before in range(3)}
    encoded |= {one.replace("+", "-").replace("/", "_") for one in encoded}
    hint = max(re.findall(r"[A-Za-z0-9]+", value) or [""], key=len)
    return _Secret(hint, re.compile("".join(map(_character, value))), tuple(encoded))


def _character(character: str) -> str:
    """One character of a key however often the text around it was escaped: \\/, %2F, \\u002f, &#x2f;."""
    code = f"{ord(character):02x}"
    plain = re.escape(character) if character.isalnum() else rf"\\{{0,8}}{re.escape(character)}"
    entity = "" if character.isalnum() else rf"|{re.escape(escape(character))}"
    return rf"(?:{plain}|(?i:%(?:25){{0,3}}{code}|\\{{1,8}}u00{code}|&#x0{{0,4}}{code};){entity})"


def _inside_base64(value: bytes, before: int) -> str:
    """The part of a longer text's base64 that a value alone determines, with so many bytes (of three) before it."""
    text = base64.b64encode(bytes(before) + value).decode()
    return text[-(-before * 8 // 6) : (before + len(value)) * 8 // 6]


def masked(text: str) -> str:
    """A text, answer or file without any known key in it; all else as it is."""
    for secret in _secrets.values():
        # Looked for by its longest word first: a pattern for every answer would take as long as reading its JSON.
        if secret.hint in text or "u00" in text:
            text = secret.written.sub(_HIDDEN, text)
        for form in secret.encoded:
            if form in text:
                text = text.replace(form, _HIDDEN)
    return text


def shown(text: str) -> str:
    """A text as a message may carry it: without control characters, known keys, or what looks like one."""
    return _LOOKS_SECRET.sub(_without_value, masked(_CONTROL.sub("", text)))


def _without_value(match: re.Match[str]) -> str:
    if match["url"]:
        return f"{match['url']}{_HIDDEN}@"
    return f"{match['name'] or match['scheme'] or ''}{_HIDDEN}"


@lru_cache(maxsize=256)
def names_secret(name: str) -> bool:
    """Whether a header, a query's name or a field is one that carries a key."""
    return bool(re.search(r"auth|api[-_]?key|subscription-key|token|secret|password|cookie|^key$|^sig$", name, re.I))
