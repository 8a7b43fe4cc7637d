"""Why a number in Latin script measures nothing, from its own surroundings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from llmx.alternation import any_of
from llmx.figures.latin.forms import DIALLING, YEAR
from llmx.figures.latin.rows import EXACT, ISSUING, LEADING_ON, NAMING, RANKING, REFERRING
from llmx.figures.latin.scan import Token

if TYPE_CHECKING:
    from llmx.figures.reasons import Reason

_BACK, _AHEAD = 60, 28
_YEAR = re.compile(YEAR)
_TWENTIETH = re.compile(r"(?:19|20)\d\d")
_DATING = frozenset(
    "in by since from to until till of during after before for the and fy early mid late end year years through between "
    "throughout than with ending ended beyond around circa über seit bis im jahr jahre en año depuis dès til its 's".split()
)
"""Words before a year that is followed by what could be counted."""
_YEARLY = re.compile(
    r"\s(?:levels?|prices?|figures?|elections?|targets?|data|results|terms|rates|estimates|values|dollars|goals|budgets?)\b"
)
_TITLED = frozenset(word for word in (*NAMING, *REFERRING, *ISSUING))
_REFERS = frozenset(REFERRING)
_NAMES = frozenset(NAMING)
_ISSUED = frozenset(ISSUING)
_LISTED = re.compile(r"(?:^|\n)[ \t*#]{0,8}\(?$")
_MARKER = re.compile(r"[.)](?=\s)")
_AGED = re.compile(
    r"\b(?:aged|age|ages|over|under|those|people|children)(?:\sof|\sthan)?\s(?:between\s|over\s|under\s|about\s)?$",
    re.IGNORECASE,
)
_AGE_AFTER = re.compile(
    r"\s?(?:years?[ -]old|years of age|-year-old|s\b|and over|or over|and older|or older|and under)"
)
_UNDER = re.compile(r"\b(?:under|over)[- ]?$", re.IGNORECASE)
_SPENT = re.compile(
    r"\b(?:expectancy|age|lifespan|schooling|wait|time|delay|term|sentence|takes?|took|lasts?|lasted|by|average|within|under|below)\b[^.;,]{0,24}$|\byears to\s$",
    re.IGNORECASE,
)
_LONG = re.compile(
    r"(?:year|month|week|decade|centur|quarter|yr|fortnight|night|day|Jahr|Monat|an\b|ans|mois|año|mes)", re.IGNORECASE
)
_RANKS = re.compile(rf"\b{any_of(RANKING)}\b[^.;,]{{0,12}}$", re.IGNORECASE)
_BASE = re.compile(
    r"\b(?:(?:up|down|higher|lower|rose|fell|rise|risen|fallen|increase[ds]?|halved|doubled|tripled|decrease[ds]?|decline[ds]?|drop|dropped|grew|grown|compared|changed|recovered|improved|eased|slowed|widened|narrowed|growth|fall|cut|raised|reduced|went|moved|came)\b(?:[^.;]|\.\d){0,40}?\bfrom|compared (?:with|to)|(?:as )?against|versus|vs\.?)\s(?:(?:about|around|just|over|only|under|the)\s){0,2}$",
    re.IGNORECASE,
)
_WEB = re.compile(r"(?:https?://|www\.|doi:|doi\.org)\S{0,120}$|@\S{0,40}$")
_QUANTIFYING = re.compile(
    rf"(?:\b(?:to|at|of|was|is|were|are|be|by|{any_of(EXACT)})|[:=])\s(?:\w+ly\s)?$", re.IGNORECASE
)
_ISSUED_BEFORE = re.compile(
    rf"\b{any_of([word for word in ISSUING if word[-1].isalpha()])}\b\.?(?:\s(?:No|no|Nos|nr|Nr)\.?|\s?\([A-Z]{{2,5}}\))*\s?$",
    re.IGNORECASE,
)


def reason_of(text: str, token: Token, compared: bool, moved: bool) -> Reason | None:
    """Why a number measures nothing; None if it measures.

    Args:
        text: the text.
        token: the number.
        compared: whether words compare it: more than 2000.
        moved: whether it is a change: rose by 3.
    """
    before = text[max(0, token.start - _BACK) : token.start]
    after = text[token.end : token.end + _AHEAD]
    if token.reason:
        return _of_form(token.reason, before)
    if token.part:
        return None
    kind = token.tail.kind
    if kind == "money" and token.start == token.digits and _IN_DOLLARS_OF.search(text[token.digits : token.end]):
        return "date"
    if kind in ("money", "rate", "points", "ratio", "per"):
        return "base" if not moved and kind != "ratio" and _BASE.search(before) else None
    return (
        _embedded(text, token, before)
        or _dated(text, token, before, compared)
        or _numbered(token, before, after)
        or _lasting(token, before, after)
        or ("base" if not moved and _BASE.search(before) and (token.tail.unit or not token.worded) else None)
        or _unquantified(token, before, after, compared, moved)
    )


_IN_DOLLARS_OF = re.compile(r"^(?:19|20)\d\d dollars$")
"""In 2021 dollars: prices of a year."""


def _of_form(reason: Reason, before: str) -> Reason:
    """An ordinal after words of ranking is a rank; a number with points after Section is a reference."""
    word = _word(before)
    if reason == "ordinal" and _RANKS.search(before):
        return "rank"
    return "reference" if reason == "name" and word in _REFERS else reason


def _word(before: str) -> str:
    """The word right before a number, in lower case."""
    words = before[-24:].split()
    return words[-1].strip("([\"“'").lower() if words and (before[-1:].isspace() or before[-1:] in "#№/") else ""


_DATED_WITH = re.compile(r"\b(?:end|mid|early|late|pre|post)[-–]$", re.IGNORECASE)


def _embedded(text: str, token: Token, before: str) -> Reason | None:
    """Numbers within a word, a web address or a telephone number: G20, COVID-19, 5G."""
    last, first = before[-1:], text[token.end : token.end + 1]
    if _WEB.search(before):
        return "name"
    if DIALLING.search(before) and not token.tail.unit:
        return "contact"
    if token.start == token.digits and (last.isalpha() or last == "_" or (last in "-–." and before[-2:-1].isalpha())):
        if before.endswith(("FY", "Q", "H")) and not token.tail.unit:
            return "date"
        if _DATED_WITH.search(before) and _YEAR.fullmatch(text[token.digits : token.end]):
            return "date"
        return "threshold" if before.lower().endswith(("under-", "over-")) else "name"
    if (first.isalpha() or first == "_") and not token.tail.unit and not token.worded:
        return "threshold" if first == "s" and _UNDER.search(before) else "name"
    return None


def _dated(text: str, token: Token, before: str, compared: bool) -> Reason | None:
    """Years: 2030, in 2019 prices; 2000 people and more than 2000 are no years."""
    digits = text[token.digits : token.digits + 4]
    whole = token.digits + 4 == (token.tail.begin or token.end)
    if token.worded or not whole or not _YEAR.fullmatch(digits) or token.high is not None or token.tail.scale:
        return None
    written = text[token.digits + 4 : token.digits + 16]
    if _YEARLY.match(written) and _TWENTIETH.fullmatch(digits):
        return "date"
    word = _word(before)
    if token.tail.kind == "unit" or compared or word in ("no.", "number"):
        return None
    if _ISSUED_BEFORE.search(before):
        return "document number"
    if token.tail.kind == "count":
        return "date" if word in _DATING and word not in ("to", "of", "for", "with", "and", "the") else None
    return "date" if _TWENTIETH.fullmatch(digits) or word in _DATING else None


def _numbered(token: Token, before: str, after: str) -> Reason | None:
    """Numbers of items, notes, parts of a text, documents, and of what is named with one."""
    if token.worded:
        return None
    if before[-1:] == "[" and after[:1] in ("]", ","):
        return "reference"
    if (
        not token.tail.unit
        and _MARKER.match(after)
        and (_LISTED.search(before) or (len(before) < 2 and before in ("", "(")))
    ):
        return "list marker"
    word = _word(before)
    plain = token.tail.kind in ("", "count") and token.high is None
    if _ISSUED_BEFORE.search(before) and not token.tail.unit:
        return "document number"
    if word in _REFERS and token.tail.kind in ("", "count"):
        return "reference"
    if (
        plain
        and word in _NAMES
        and (token.tail.kind == "" or word not in ("list", "group", "number", "target", "rule", "field"))
    ):
        return "name"
    return "name" if plain and not token.tail.unit and _titled(before, after) else None


_TITLE = re.compile(r"(?:^|[^.!?:;\n\s]\s)(?P<word>[A-Z][A-Za-z]*[A-Za-z])\s$")

_ACRONYM = re.compile(r"(?:^|\W)[A-Z]{2,8}\s$")


def _titled(before: str, after: str) -> bool:
    """Boeing 787, ISO 9001: a capital word within a sentence or an abbreviation, then a number that counts nothing."""
    following = re.match(r"\s([a-z]{3,})", after)
    if following and following.group(1) not in LEADING_ON:
        return False
    if _ACRONYM.search(before):
        return True
    match = _TITLE.search(before)
    return match is not None and match.start() > 0 and match["word"].lower() not in LEADING_ON


_OF_AN_AGE = re.compile(r"[ -](?:age[ds]?|year[- ]olds?)\b")


def _lasting(token: Token, before: str, after: str) -> Reason | None:
    """Spans of time that frame a result, and ages that bound a group."""
    if token.tail.kind == "duration":
        if re.match("[ -](?:old|of age)", after):
            return "threshold"
        long = _LONG.match(token.tail.thing)
        return "duration" if long and not _SPENT.search(before) else None
    if before.endswith("per "):
        return "threshold"
    if token.tail.unit and token.tail.kind != "count":
        return None
    if _AGED.search(before) and (_AGE_AFTER.match(after) or "age" in before[-14:].lower()):
        return "threshold"
    if _OF_AN_AGE.match(after):
        return "threshold"
    ranked = not token.tail.unit and before.rstrip().endswith(("number", "No.", "ranked"))
    return "rank" if ranked and _RANKS.search(before) else None


_NAMED_COUNT = re.compile(r"[ \u00a0](?:[A-Z][\w’'-]{1,20}\s[a-z]{3,20}s\b|of (?:the|these|those|its|our|all|them)\b)")
"""27 EU ambassadors, 12 of the 50 states: a name may stand before what is counted, and a number counts some of all."""


def _unquantified(token: Token, before: str, after: str, compared: bool, moved: bool) -> Reason | None:
    """A bare number that no word makes a quantity."""
    if token.tail.unit or compared or moved or token.high is not None:
        return None
    following = re.match(r"[ \u00a0]([^\W\d_][\w'’-]*)", after)
    word = following.group(1) if following else ""
    if word and word.lower() not in LEADING_ON and (word[0].islower() or token.worded):
        return None
    if _NAMED_COUNT.match(after):
        return None
    return None if _QUANTIFYING.search(before) else "no unit"
