"""How long an endpoint wants to be left alone: by its headers, by the words of its error."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from llmx.models.openai.endpoints import Endpoint

_PASSED_ON = "llm_provider-"
"""Before a header's name: litellm's proxy so passes on what the provider behind it said."""
_SPAN = re.compile(r"(\d{1,12}(?:\.\d{1,12})?)(ms|s|m|h|d)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_SAID = re.compile(
    r"(?:retry.?delay\W{1,6}|(?:try again|retry)(?: it)? (?:in|after) (?:about )?|retry.?after\W{1,6})"
    r"(\d{1,6}(?:\.\d{1,12})?) ?(ms|milliseconds?|s|sec\w{0,4}|m(?:in\w{0,4})?|h(?:ours?)?)?(\d{1,2}(?:\.\d{1,12})?s)?",
    re.IGNORECASE,
)
"""retryDelay: "0.5s" (Google), Please try again in 6m0s (OpenAI), Please retry after 26 seconds (Azure)."""
_MOMENT = 1e9
"""A number beyond this is no span but a moment: seconds since 1970, or milliseconds."""


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds of retry-after-ms or Retry-After (RFC 9110, 10.2.3: seconds or a date); None without one."""
    for before in ("", _PASSED_ON):
        if value := headers.get(f"{before}retry-after-ms"):
            return _number(value, 0.001)
        if value := headers.get(f"{before}retry-after"):
            return _number(value, 1.0)
    return None


def said_after(words: str) -> float | None:
    """Seconds that the words of an error name; None where they name none."""
    found = _SAID.search(words)
    if not found:
        return None
    unit = (found[2] or "s").lower()
    scale = 0.001 if unit.startswith(("ms", "milli")) else _UNITS[unit[0]]
    return float(found[1]) * scale + (float(found[3][:-1]) if found[3] else 0.0)


def exhausted(headers: Mapping[str, str], endpoint: Endpoint) -> float:
    """Seconds until an allowance that the headers say is used up is renewed; 0 where there is some left."""
    names, wait = endpoint.rate_headers, 0.0
    for left, reset in (
        (names.remaining_requests, names.reset_requests),
        (names.remaining_tokens, names.reset_tokens),
    ):
        for before in ("", _PASSED_ON):
            if headers.get(before + left, "").strip() == "0":
                wait = max(wait, _seconds(headers.get(before + reset, "")))
    return wait


def _number(value: str, scale: float) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return _until(value)
    if not 0 <= number < 1e15:  # also what is no number at all
        return None
    if number > _MOMENT:
        return max(0.0, (number / 1000 if number > 1000 * _MOMENT else number) - time.time())
    return number * scale


def _until(date: str) -> float | None:
    try:
        return max(0.0, (parsedate_to_datetime(date) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        pass
    try:
        moment = datetime.fromisoformat(date.strip())
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _seconds(span: str) -> float:
    """1s, 6m0s, 250ms, bare seconds, a date, or the second since 1970 when it ends."""
    span = span.strip()[:64]
    parts = _SPAN.findall(span)
    if parts and _SPAN.sub("", span) == "":
        return float(sum(float(number) * _UNITS[unit] for number, unit in parts))
    return _number(span, 1.0) or 0.0
