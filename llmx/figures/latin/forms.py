"""The forms of numbers in a text: patterns of its language, and of the numerals that it has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from llmx.alternation import any_of
from llmx.figures.latin.locales import Lexicon, lexicon
from llmx.figures.latin.numerals import FRACTIONS, NUMBER
from llmx.figures.latin.rows import DIALLED, MOVES
from llmx.figures.latin.units import PREFIXED

if TYPE_CHECKING:
    from llmx.figures.reasons import Reason

YEAR = r"(?:1[5-9]|20|21)\d\d"
_GAP = r"[ \u00a0\u202f\u2009]?(?:\r?\n[ ]{0,2})?"
_NO_WORD = r"(?![\w²³])"
_WORDS_TOO = frozenset("ALL TOP CUP TRY SDG COP PEN MAD GEL MOP BAM SOS ANG".split())
"""Codes of currencies that stand before numbers as words: COP 28, TOP 10, SDG 13."""
_RATES = {
    "points": r"percentage[ -]points?|percent(?:age)? pts?|ppts?|pps?|p\.p\.|Prozentpunkte?n?|points? de pourcentage|puntos porcentuales|punti percentuali",
    "basis": r"basis[ -]points?|bps|bp",
    "percent": r"%|per[ -]?cent|pct\.?|Prozent|pour cent|por ciento|per cento|procent",
    "fold": r"fold",
    "times": r"times(?! per| a | in | since)",
}
_RATE_NAMES = {
    "points": "percentage points",
    "basis": "basis points",
    "percent": "%",
    "fold": "fold",
    "times": "times",
    "x": "x",
}


@dataclass(frozen=True)
class Forms:
    """Patterns of a text's numbers."""

    lexicon: Lexicon
    candidate: re.Pattern[str]
    """Where a number may begin."""
    number: re.Pattern[str]
    ratio: re.Pattern[str]
    words: re.Pattern[str]
    fraction: re.Pattern[str]
    dialled: re.Pattern[str]
    month_before: re.Pattern[str]
    after_month: re.Pattern[str]
    formed: re.Pattern[str]
    reasons: dict[str, Reason]
    """Group of `formed` → what it is."""
    currency_before: re.Pattern[str]
    currency_ends: frozenset[str]
    currency_at: re.Pattern[str]
    currency_after: re.Pattern[str]
    rate: re.Pattern[str]
    rate_names: dict[str, str]
    scale: re.Pattern[str]
    letter: re.Pattern[str]
    unit: re.Pattern[str]
    counted: re.Pattern[str]
    per: re.Pattern[str]
    dash: re.Pattern[str]
    between: re.Pattern[str]
    starting: re.Pattern[str]


@lru_cache(maxsize=32)
def forms(language: str, numerals: frozenset[str]) -> Forms:
    """The forms of a language's numbers, and of the numerals that a text has.

    Raises:
        UsageError: Babel is not installed.
    """
    known = lexicon(language)
    number = NUMBER["," if known.decimal == "," else "."]
    counting = sorted(word for word in numerals if word not in known.scales)
    words = any_of(counting) if counting else ""
    return Forms(known, **_of_language(language), **_of_numerals(words), number=re.compile(number))


def _of_numerals(words: str) -> dict[str, Any]:
    """Patterns in which numbers in words take part."""
    parts = any_of(FRACTIONS)
    one = rf"(?:{words}(?:-{words})?|\d{{1,5}})" if words else r"\d{1,5}"
    start = (
        rf"|(?<![\w’'-])(?:{_both(words)}|[Hh]alf|[Dd]ozen|[Aa]n? (?=dozen|hundred|thousand|[mbt]r?illion|{parts}))"
        if words
        else (rf"|(?<![\w’'-])(?:[Hh]alf|[Aa]n? (?=dozen|hundred|thousand|[mbt]r?illion|{parts}))")
    )
    following = r"(?=\s+(?:of|more|less|higher|lower|fewer)\b|[.,;)]|\Z)"
    return {
        "candidate": re.compile(r"\d" + start),
        "fraction": re.compile(
            rf"(?P<half>half(?=\s+(?:of|the|its|their|all|these|those|our)\b))"
            rf"|(?:(?P<article>a|an)\s+|(?P<above>{one})(?:[ -]|\s+(?:in|out of)\s+(?:every\s+)?|(?P<slash>/)))"
            rf"(?:(?P<name>{parts})(?![\w-])(?:(?<=s)|(?<!s){following})|(?<!a )(?<!an )(?<![ -](?<!in )(?<!of )(?<!every ))(?P<below>{one})(?![\w/.,-]\d|[\w/]))",
            re.IGNORECASE,
        ),
        "words": re.compile(
            rf"(?:(?P<many>{words or '(?!)'}|an?|half a)\s+)?(?P<dozen>dozen)\b"
            rf"|(?P<scaled>half an?|an?)(?=\s+(?:hundred|thousand|[mbt]r?illion)\b)"
            rf"|(?P<run>{words or '(?!)'}(?:(?:[ -]|\s+and\s+){words or '(?!)'}){{0,12}})(?![\w])",
            re.IGNORECASE,
        ),
    }


def _both(words: str) -> str:
    """The words with a small or a capital first letter."""
    return rf"(?:(?i:{words}))(?![\w])"


@lru_cache(maxsize=8)
def _of_language(language: str) -> dict[str, Any]:
    """Patterns of a language alone."""
    known = lexicon(language)
    return _dates(known) | _money(known) | _units(known) | _ranges(known)


def _dates(known: Lexicon) -> dict[str, Any]:
    """Forms that say by themselves that a number measures nothing."""
    months = any_of(known.months)
    reasons: dict[str, Reason] = {
        "date": "date",
        "time": "date",
        "decade": "date",
        "years": "date",
        "ordinal": "ordinal",
        "version": "name",
        "act": "document number",
        "serial": "document number",
    }
    formed = (
        rf"(?P<date>\d{{1,2}}(?:st|nd|rd|th|\.)?(?:\s?[-–/]\s?\d{{1,2}}\.?)?(?: of| de)? (?:{months})(?!\w)(?:,? (?:de )?{YEAR})?"
        rf"|{YEAR}-\d\d-\d\d(?!\d)|\d{{1,2}}([/.])\d{{1,2}}\2(?:{YEAR}|\d\d)(?!\d|\.\d))"
        rf"|(?P<time>\d{{1,2}}(?:[:.]\d\d)? ?[ap](?:\.m\.|m\b)|(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![\d:]|\.\d))"
        rf"|(?P<decade>(?:{YEAR[:-4]}\d0|\d0)[’']?s(?!\w))"
        rf"|(?P<years>{YEAR}(?:[–-]{YEAR}|[–/-]\d\d)(?![\d/%]|[.,]\d))"
        rf"|(?P<act>{YEAR}/\d{{1,5}}(?:/[A-Z]{{2,4}})?(?!\d)|\d{{2,5}}/{YEAR}(?!\d))"
        r"|(?P<ordinal>\d{1,4}(?:st|nd|rd|th|ème|er|e)(?![\w]))"
        r"|(?P<version>\d{1,4}(?:\.\d{1,4}){2,5}(?![\d,]))"
    )
    return {
        "formed": re.compile(
            formed
            if known.decimal == "."
            else formed.replace(r"\d{1,4}(?:\.\d{1,4}){2,5}", r"\d{1,4}(?:\.\d{1,2}){2,5}")
        ),
        "reasons": reasons,
        "month_before": re.compile(rf"(?<!\w){months}\s$"),
        "after_month": re.compile(
            rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?:\s?[-–]\s?\d{{1,2}})?(?:,? {YEAR})?|{YEAR}(?:[–/-](?:{YEAR}|\d\d))?)(?![\d%]|[.,]\d)"
        ),
        "dialled": re.compile(
            r"\+\d{1,3}[ -]?(?:\(0?\d{0,4}\)[ -]?)?\d{1,4}(?:[ -]?\d{2,4}){1,4}(?!\d)|\(?\d{3}\)?[ .-]\d{3}[.-]\d{4}(?!\d)"
        ),
        "ratio": re.compile(r"(?P<first>\d{1,5}(?:\.\d{1,4})?)(?P<rest>(?::\d{1,5}(?:\.\d{1,4})?){1,4})(?![\d:])"),
    }


def _money(known: Lexicon) -> dict[str, Any]:
    """Currencies before and after a number."""
    signs = {sign for sign in known.symbols if sign not in _WORDS_TOO}
    before = rf"(?P<sign>(?<![A-Za-z$]){any_of(signs)})"
    names = sorted(
        set(known.currencies) | {name[:1].upper() + name[1:] for name in known.currencies if " " not in name}
    )
    return {
        "currency_before": re.compile(before + r"[ \u00a0\u202f]?$"),
        "currency_ends": frozenset(sign[-1] for sign in signs),
        "currency_at": re.compile(before + r"[ \u00a0\u202f]?"),
        "currency_after": re.compile(
            rf"{_GAP}(?:d['’]|de |of )?(?P<name>{any_of(signs)}(?![\w])|(?i:{any_of(names)})(?!\w))"
        ),
    }


def _units(known: Lexicon) -> dict[str, Any]:
    """What may follow a number."""
    rates = "|".join(f"(?P<{name}>{words})" for name, words in _RATES.items())
    measured = {unit for unit in known.units if known.units[unit] not in ("%",)}
    compound = rf"{PREFIXED}[²³23]?(?:/(?:[TGMkhdcmµμn]?(?:m|l|L|g|s|h|d|ha|kg|km|yr))[²³23]?)?"
    return {
        "rate": re.compile(rf"{_GAP}-?(?:{rates})(?![\w])|(?P<x>[x×])(?![\w])"),
        "rate_names": _RATE_NAMES,
        "scale": re.compile(rf"{_GAP}-?(?P<scale>(?i:{any_of(known.scales)}))(?![\w])"),
        "letter": re.compile(rf"[ \u00a0\u202f]?(?P<letter>{any_of(known.letters)})(?![\w/'’])"),
        "unit": re.compile(
            rf"{_GAP}(?:-(?=\w)|de |d['’])?(?P<unit>{any_of(measured)}(?![\w²³/])|{compound}(?![\w²³/])|TEU|[kMG]?tCO2e?|{any_of(measured)}(?![\w²³]))"
        ),
        "counted": re.compile(r"[ \u00a0](?P<noun>[a-z]{3,24})(?![\w'’])"),
        "per": re.compile(
            r"(?:\s+per\s+|/)(?:(?P<many>1[,. ]?000(?:[,. ]?000)?|10{1,2}[,. ]?000|100|million(?! )|thousand(?! ))|(?P<word>(?!cent\b|mille\b|annum\b)[a-zA-Z]{1,12}))(?![\w-])"
        ),
    }


def _ranges(known: Lexicon) -> dict[str, Any]:
    """What stands between the ends of a range."""
    verbs = any_of(word for row in MOVES if row.language in ("en", known.language) for word in row.words.split())
    return {
        "dash": re.compile(r"(?P<dash>\s?[–—-]\s?|\s(?:to|bis|à|a|through)\s|\s(?P<and>and|und|et|y)\s)(?=[\w$€£¥])"),
        "between": re.compile(r"(?i:\b(?:between|zwischen|entre))\s(?:about\s|around\s|roughly\s)?$"),
        "starting": re.compile(
            rf"\b(?:{verbs}|went|goes|go|moved|came|changed|brought|shifted)\b(?:[^.;]{{0,40}}\bfrom|[^.;]{{0,30}}\bby)\s(?:about\s|around\s|just\s|over\s|under\s|some\s){{0,2}}$",
            re.IGNORECASE,
        ),
    }


DIALLING = re.compile(rf"\b{any_of(DIALLED)}:?\s[\d() -]{{0,12}}$", re.IGNORECASE)
"""Words before a telephone number."""
