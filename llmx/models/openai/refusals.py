"""What an endpoint means where it gives no answer: its status, codes and words, held against refusals.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from llmx.models.openai.streaming import completion_of
from llmx.models.openai.waits import retry_after, said_after
from llmx.models.options import RequestOptions

Meaning = Literal[
    "rate",
    "busy",
    "money",
    "key",
    "access",
    "model",
    "address",
    "mode",
    "bound",
    "parameter",
    "filter",
    "length",
    "none",
]
FOR_EVERY_CALL = frozenset({"money", "key", "access", "model", "address", "mode", "parameter", "bound"})
"""What keeps every call from working, not this one alone."""

_ADVICE: dict[Meaning, str] = {
    "money": "the account has no money or its quota is used up: top it up or wait for its renewal",
    "key": "check the API key",
    "access": "check what the key may do, and from where",
    "model": "check the model's name and the base URL",
    "address": "is /v1 missing in the base URL? Check it",
    "mode": "this server does not take the schema so: try another --mode (json_schema, tools, json, markdown)",
    "parameter": "take out or change the setting that it does not take",
    "length": "the request is too long for the model's context: raise the server's context length",
    "filter": "the endpoint filtered the content",
}
BOUNDS = ("max_tokens", "max_completion_tokens")
"""The two names that the bound of an answer has."""
_CODES = frozenset({"code", "type", "status", "status_code", "error_code", "errorcode", "reason", "error"})
_DEEPEST = 6
_MOST_WORDS = 8_000
"""Characters of a body that are looked at; an error says what it is at once."""
_TAGS = re.compile(r"<(?:script|style)\b.{0,20000}?</(?:script|style)>|<[^>]{0,2000}>", re.IGNORECASE | re.DOTALL)
_HTML = re.compile(r"\s{0,100}(?:<!doctype html|<html|<head|<body)", re.IGNORECASE)


class Row(BaseModel):
    """One row of refusals.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))

    provider: str
    status: frozenset[int] = frozenset()
    code: str = ""
    says: str = ""
    means: Meaning
    set: RequestOptions = RequestOptions()
    """What is sent from then on."""
    without: tuple[str, ...] = ()
    """Fields of the body that are left out from then on."""
    advice: str = ""
    example: str = ""
    source: str

    @cached_property
    def _words(self) -> re.Pattern[str]:
        return re.compile(self.says, re.IGNORECASE)

    @property
    def touched(self) -> frozenset[str]:
        """The settings and fields that are sent otherwise from then on; none where nothing is."""
        names = {name for name in self.set.model_fields_set if name != "extra_body"}
        bound = BOUNDS if self.means == "bound" else ()
        return frozenset({*names, *self.set.extra_body, *self.without, *bound})

    def fits(self, status: int, codes: frozenset[str], words: str) -> bool:
        """Whether all that the row names is there."""
        if self.status and status not in self.status:
            return False
        if self.code and self.code.lower() not in codes:
            return False
        return not self.says or bool(self._words.search(words))


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no answer."""

    status: int
    """The HTTP status; the one that the body tells where HTTP says that all is well."""
    means: Meaning
    said: str
    """The endpoint's own words."""
    advice: str
    """What to do; empty where there is nothing but to try again."""
    after: float | None
    """Seconds that the endpoint wants to be left alone, where it says so."""
    row: Row | None = None
    """What it was known by."""


def refusal(status: int, body: bytes, headers: Mapping[str, str]) -> Refusal:
    """What a reply without an answer means.

    Args:
        status: the HTTP status.
        body: what came, as it came.
        headers: the reply's headers.
    """
    text = body[: 4 * _MOST_WORDS].decode("utf-8", "replace")
    parsed = _parsed(body)
    if parsed is None and _HTML.match(text):
        return _page(status, text)
    fields = list(_fields(parsed)) if parsed is not None else []
    codes = frozenset(value.lower() for name, value in fields if name.lower() in _CODES)
    words = ("\n".join(f"{name}: {value}" for name, value in fields) or text)[:_MOST_WORDS]
    if status == 200:
        status = next((int(code) for code in sorted(codes) if re.fullmatch("[45][0-9][0-9]", code)), 200)
    row = next((row for row in rows() if row.fits(status, codes, words)), None)
    means: Meaning = row.means if row else ("busy" if status < 400 else "none")
    advice = (row and row.advice) or _ADVICE.get(means, "")
    after = retry_after(headers)
    return Refusal(status, means, _said(fields) or text, advice, said_after(words) if after is None else after, row)


def _page(status: int, text: str) -> Refusal:
    """A web page instead of an answer: the address is not that of the protocol, or a proxy is ill."""
    words = " ".join(_TAGS.sub(" ", text).split())[:200]
    row = next((row for row in rows() if row.fits(status, frozenset(), text[:_MOST_WORDS])), None)
    means: Meaning = row.means if row else "address"
    if row and row.says and means in ("model", "filter", "length", "mode"):  # a page's words, and no endpoint's
        means, row = "address", None
    advice = (row and row.advice) or _ADVICE.get(means, "")
    return Refusal(status, means, f"a web page: {words}", advice, None)


@lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """The rows of refusals.toml, in order."""
    tables = tomllib.loads((Path(__file__).parent / "refusals.toml").read_text("utf-8"))["refusal"]
    return tuple(Row.model_validate(table) for table in tables)


def _parsed(body: bytes) -> Any:
    try:
        return completion_of(body.decode("utf-8", "replace")) if len(body) <= 1_000_000 else None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):  # also odd pieces of a stream
        return None


def _fields(value: Any, name: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Names and values of a body, however it is wrapped."""
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _fields(inner, str(key), depth + 1)
    elif isinstance(value, list):
        for inner in value[:20]:
            yield from _fields(inner, name, depth + 1)
    elif value is not None and not isinstance(value, bool):
        yield name, str(value)[:2000]


def _said(fields: list[tuple[str, str]]) -> str:
    """The endpoint's own words, with its error code."""
    first: dict[str, str] = {}
    for name, value in fields:
        first.setdefault(name.lower(), value)
    message = next((first[name] for name in ("message", "msg", "error_msg", "detail", "error") if first.get(name)), "")
    code = first.get("code") or first.get("type") or ""
    return f"{code}: {message}" if code and message else message or code
