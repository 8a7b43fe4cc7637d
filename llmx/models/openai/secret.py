"""A key as it is sent: stripped, known to the masking, and refused where no header can hold it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from llmx.errors import UsageError
from llmx.masking import keep_secret

_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060"
"""Marks that editors and web pages put around what is copied out of them."""
_NOT_ADDED = ("host", "content-length", "transfer-encoding", "connection")
"""With another Host a request, and its key, may go to another's server behind the same address."""
_QUOTES = "\"'`“”‘’«»„‟＂＇"


def check_headers(headers: Mapping[str, str]) -> None:
    """Make sure that HTTP can carry headers.

    Raises:
        UsageError: it cannot; the message has the name alone, since the value may be a key.
    """
    for name, value in headers.items():
        if name.lower() in _NOT_ADDED:
            raise UsageError(f"extra_headers: {name} is not for adding: it follows from the address and the request")
        if not re.fullmatch(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", name):
            raise UsageError(f"extra_headers: {name!r} is no name of a HTTP header")
        if not re.fullmatch(r"[!-~]([ -~\t]*[!-~])?", value):
            raise UsageError(
                f"extra_headers: the value of {name} is empty or has characters that no HTTP header can hold"
            )


def usable_key(given: str, where: str) -> str:
    """A key without the blanks around it; empty where there is none.

    Args:
        given: as it was found.
        where: the variable or option that it comes from, for the message.

    Raises:
        UsageError: no header can hold it, or it stands in quotation marks; the message does not have it.
    """
    key = given.strip().strip(_INVISIBLE).strip()
    keep_secret(key)
    keep_secret(key.strip(_QUOTES))
    if key and (key[0] in _QUOTES or key[-1] in _QUOTES):
        raise UsageError(f"the API key in {where} stands in quotation marks; set it without them")
    for place, character in enumerate(key, 1):
        if not "!" <= character <= "~":
            name = unicodedata.name(character, f"U+{ord(character):04X}")
            raise UsageError(
                f"the API key in {where} has {name} as its {place}. of {len(key)} characters, which no HTTP header can "
                "hold; set it anew"
            )
    return key
