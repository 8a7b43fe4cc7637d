"""Where the unit after a number ends, and what base quantity the two make."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from math import prod

from llmx.alternation import any_of
from llmx.figures import inventory
from llmx.figures.latin.units import latin_base
from llmx.figures.numbers import GAP
from llmx.figures.script import Script
from llmx.records import Number

MULTIPLIER = r"(?:[十万亿]|百(?!分点|帕)|千(?!瓦|米|克(?!拉)|卡|伏))"
"""千 of 千瓦 and 百 of 百分点 are no multipliers; 千 of 千吨 is one."""

_UNITS = frozenset(
    f"{inventory.SHARES} {inventory.MONEY} {inventory.LENGTH} {inventory.AREA} {inventory.VOLUME} {inventory.MASS} {inventory.ENERGY} {inventory.SCALES} {inventory.TIME} {inventory.PEOPLE} {inventory.TIMES} {inventory.COUNTS} {inventory.PLACES} {inventory.GRADES}".split()
)
COUNTED = frozenset(f"{inventory.PEOPLE} {inventory.TIMES} {inventory.COUNTS} {inventory.PLACES}".split())
"""Units that count things one by one."""
EXTENTS = frozenset(["亩", "公里", "千米", "公顷", "平方米", "平方公里", "立方米", "吨", "载重吨", "斤", "公斤"])
"""Units of what is built, grown or handled; with a verb of change they too say how much, not by how much."""
RATES = frozenset(["%", "‰", "倍", "成"])
"""Units of a share or a multiple."""
POINTS = frozenset(["个百分点", "百分点", "个基点", "基点", "BP", "bp", "个点", "个千分点"])
"""Units of a difference between two shares."""


# 人次 wins over 人; a word that its next character fuses with is no unit.
_UNIT = any_of(_UNITS, inventory.FUSED)
# 元/月, 万吨/日, 人/百亿元, 台（套）: a rate per unit, or two classifiers for one count.
_WHOLE = rf"{_UNIT}(?:/{MULTIPLIER}*{_UNIT})?(?:（(?:套|部|次|架|间|户|所)）)?"
QUANTITY = (
    rf"(?:[余多几来]?{MULTIPLIER}*[余多]?{GAP}{_WHOLE}"
    rf"|[余多几来]?{MULTIPLIER}+[余多]?{MULTIPLIER}*"
    rf"|[余多](?=[\u4e00-\u9fff]))"
)
"""What stands after a number as its unit: 万余平方米, 多万, 余件. A multiplier alone is a unit (2.3万脱贫人口)."""

_LATIN = re.compile("[A-Za-z]")
_SPACES = re.compile(r"[\s*\u3000\u00a0]+")
_MORE = str.maketrans("％", "%", "余多几来")
_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_LEADING = re.compile(rf"{MULTIPLIER}*")
_SAME = {
    "百分点": "个百分点",
    "平米": "平方米",
    "㎡": "平方米",
    "m²": "平方米",
    "m2": "平方米",
    "km": "公里",
    "㎞": "公里",
    "千米": "公里",
    "㏊": "公顷",
    "㎥": "立方米",
    "m³": "立方米",
    "㎏": "公斤",
}


@lru_cache(maxsize=1024)  # a report has few units
def unit_of(written: str) -> str:
    """The unit as labels write it: `万余 平方米` gives 万平方米."""
    return _SPACES.sub("", written).translate(_MORE)


_ALONE = re.compile(rf"{MULTIPLIER}*(?:{_WHOLE})|{MULTIPLIER}+")


def is_unit(words: str) -> bool:
    """Whether words are a unit and nothing else: 亿元, 万人次, %; 万 of what is counted."""
    return _ALONE.fullmatch(words) is not None


def more_in(written: str) -> str:
    """余 or 多 where it stands in the figure (3000余件, 100多万), else nothing."""
    return "余" if "余" in written else "多" if "多" in written else ""


def base_quantity(value: Number, unit: str, script: Script | None = None) -> tuple[Number, str]:
    """The same quantity without the multiplier that its unit begins with.

    Args:
        value: the number as written.
        unit: as written after the number: 亿元, 万人次, 千瓦; or as `find_figures` gives it for Latin script: billion USD.
        script: that of the text. Without it a unit that Chinese reports have too (km, MW) is taken as theirs, and any
            other in Latin letters as Latin script's.

    Returns:
        Value and unit, exact in decimal arithmetic, an int where whole: (256.9, "亿元") gives (25690000000, "元");
        a unit that is nothing but a multiplier (200万) gives an empty unit. Names of one unit are made one
        (平米 and ㎡ to 平方米, 千米 to 公里), units of different size are left apart. In Latin script prefixes of SI are
        taken off too: (3.2, "billion USD") gives (3200000000, "USD"), (45, "MW") gives (45000000, "W").

    Raises:
        UsageError: the unit is Latin script's and Babel is not installed.
    """
    if script == "latin" or (script is None and unit not in _UNITS and _LATIN.match(unit)):
        return latin_base(value, unit)
    factor, base = _parted(unit)
    if factor == 1:
        return value, base
    if isinstance(value, int):
        return value * factor, base
    exact = Decimal(str(value)) * factor
    return (int(exact) if exact == int(exact) else float(exact)), base


@lru_cache(maxsize=1024)  # a report has few units
def _parted(unit: str) -> tuple[int, str]:
    """What a unit multiplies by, and the base unit."""
    match = _LEADING.match(unit)
    leading = match.group() if match else ""
    base = unit[len(leading) :]
    return prod(_POWERS[char] for char in leading), _SAME.get(base, base)
