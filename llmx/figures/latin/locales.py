"""What Unicode's locale data (CLDR, through Babel) knows of a language: marks of numbers, months, currencies, units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from llmx.errors import UsageError

if TYPE_CHECKING:
    from babel import Locale

_BASES = {"en": ("en_GB", "en")}
"""Locales of a language, the first for its marks; both for its words: metres and meters."""
_KINDS = "area digital duration electric energy frequency length mass power pressure speed temperature volume concentr".split()
"""The kinds of unit in CLDR that reports use."""
# What CLDR writes short and prose means otherwise, or what measures nothing in a report (chains, drops, points).
_OTHERWISE = frozenset(
    "in st rd c ch ct em fur gr pm mil mils pc sr fw tn a A C F G H K N R S T c. d s b light part parts point points item "
    "items fun sun to cup cups chain chains rod rods stone stones drop drops dot dots of degree degrees quarter quarters "
    "CD grain grains pinch pinches knot knots link pt qt ac bu au no on o p d. s. j m. ch al te Ta Pr. Quart.".split()
)
_SCALES = {3: "thousand", 6: "million", 9: "billion", 12: "trillion"}
_PRESS = {
    written: name
    for name, forms in {
        "million": "mn mln mio",
        "billion": "bn bln mrd",
        "trillion": "tn trn",
        "lakh": "lakh lakhs",
        "crore": "crore crores",
    }.items()
    for written in forms.split()
}
"""Powers of ten as the press and statistical offices write them, in whatever language; CLDR has the others."""
POWERS = {name: power for power, name in _SCALES.items()} | {"lakh": 5, "crore": 7}
"""What a scale multiplies by, as a power of ten. Lakh and crore are India's English."""
_PLAIN_CURRENCIES = {
    "dollar": "USD",
    "dollars": "USD",
    "US$": "USD",
    "C$": "CAD",
    "S$": "SGD",
    "Rs": "INR",
    "RMB": "CNY",
}
"""Names of currencies that CLDR does not give: a dollar without its country is taken as `$` is."""


_NO_MONEY = frozenset("real mark marks sum som rand lari pula dram drams cedi kip vatu gold sol soles".split())
"""Names of currencies that are words of prose, or of another measure: real problems, the sum."""


@dataclass(frozen=True)
class Lexicon:
    """What a language's numbers are written with."""

    language: str
    decimal: str
    """The decimal mark."""
    scales: dict[str, str]
    """Words for powers of ten, in lower case → their English name: Millionen → million."""
    letters: dict[str, str]
    """The same for single letters, which are scales only beside a currency or a unit: m, bn, k."""
    symbols: dict[str, str]
    """Signs and codes of currencies → code: $ → USD."""
    currencies: dict[str, str]
    """Names of currencies in lower case → code: pounds sterling → GBP."""
    units: dict[str, str]
    """Units as written → their symbol: kilometres → km."""
    durations: frozenset[str]
    """Units of time, as written."""
    months: frozenset[str]
    """Names of months, whole and short."""


def locales(language: str) -> list[Locale]:
    """Babel's locales of a language, with those of English, whose symbols reports in every language use.

    Raises:
        UsageError: Babel is not installed.
    """
    try:
        from babel import Locale
    except ImportError as error:
        raise UsageError(
            "the text is in Latin script, and its figures need Babel: pip install 'llmx-extract[latin]'"
        ) from error
    names = [*_BASES.get(language, (language,)), *(() if language == "en" else _BASES["en"])]
    return [Locale.parse(name) for name in names]


@lru_cache(maxsize=8)
def lexicon(language: str) -> Lexicon:
    """What a language's numbers are written with; read once, in some 30 ms.

    Raises:
        UsageError: Babel is not installed.
    """
    known = locales(language)
    units: dict[str, str] = {}
    durations: set[str] = set()
    for locale in reversed(known):
        for written, symbol, kind in _units(locale):
            units[written] = symbol
            if kind == "duration":
                durations.add(written)
    words, letters = _scales(known)
    return Lexicon(
        language,
        known[0].number_symbols["latn"]["decimal"],
        words,
        letters,
        _symbols(known),
        _currencies(known),
        units,
        frozenset(durations),
        frozenset(_months(known[0])),
    )


def _units(locale: Locale) -> Iterator[tuple[str, str, str]]:
    """A locale's units: as written, the English symbol, the kind."""
    from babel.units import format_unit

    for name in map(str, locale.unit_display_names):
        kind = name.split("-", 1)[0]
        if kind not in _KINDS:
            continue
        try:
            symbol = format_unit(2, name, length="short", locale="en")[1:].strip()
            forms = {format_unit(n, name, length=length, locale=locale) for n in (1, 2) for length in ("long", "short")}
        except (KeyError, ValueError):  # CLDR names it and has no pattern for it
            continue
        for form in forms:
            written = form[1:].strip() if form[0] in "12" else ""
            if written and written not in _OTHERWISE and not re.search(r"[\[\d]|^of |^de ", written):
                yield written, symbol, kind


def _scales(known: list[Locale]) -> tuple[dict[str, str], dict[str, str]]:
    """Words and single letters for powers of ten."""
    words: dict[str, str] = {}
    letters = {"K": "thousand"}
    for locale in reversed(known):
        for length in ("long", "short"):
            for patterns in locale.compact_decimal_formats[length].values():
                for power, name in _SCALES.items():
                    pattern = patterns.get(str(10**power))
                    written = (
                        re.sub("[\xa0\u202f]", " ", re.sub("[0']", "", pattern.pattern)).strip() if pattern else ""
                    )
                    if len(written) == 1 and locale.language == "en":
                        letters[written] = name
                    elif len(written) > 1:
                        words[written.lower()] = name
    return words | _PRESS, letters


def _symbols(known: list[Locale]) -> dict[str, str]:
    """Signs and codes of currencies; where a sign means several, the one that English means by it."""
    found: dict[str, str] = {}
    for locale in known:
        for code, sign in locale.currency_symbols.items():
            if code != "XXX":
                found[code] = code
                found.setdefault(sign.replace("\u202f", " "), code)
    named = {sign: code for sign, code in _PLAIN_CURRENCIES.items() if not sign.islower()}
    return found | {"$": "USD"} | named


def _currencies(known: list[Locale]) -> dict[str, str]:
    """Names of currencies, singular and plural; those of today alone: no Latvian roubles."""
    from babel.numbers import get_currency_name, list_currencies

    current = known[-1].currency_symbols.keys() & list_currencies(known[0])
    found = {name: code for name, code in _PLAIN_CURRENCIES.items() if name.islower()}
    for locale in known:
        for code in sorted(current):
            for count in (1, 2):
                found.setdefault(get_currency_name(code, count=count, locale=locale).lower(), code)
    return _short_names(found) | found


def _short_names(currencies: dict[str, str]) -> dict[str, str]:
    """Last words that one currency alone has: yuan, yen, zlotys; dollars and pounds are many countries'."""
    codes: dict[str, set[str]] = {}
    for name, code in currencies.items():
        if " " in name and name[-1] != ")":
            codes.setdefault(name.split()[-1], set()).add(code)
    return {word: min(of) for word, of in codes.items() if len(of) == 1 and word not in _NO_MONEY and len(word) > 2}


def _months(locale: Locale) -> Iterator[str]:
    for width in ("wide", "abbreviated"):
        for name in locale.months["format"][width].values():
            yield name
            yield name.rstrip(".")
            if width == "abbreviated" and len(name) == 3:
                yield name + "."
