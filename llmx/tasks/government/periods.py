"""What span a figure speaks of: one year, an average or a sum over several, a part of a year, since when, at which moment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from llmx.records import Measure
from llmx.tasks.government.period_words import (
    SPANNING,
    TOPICS,
    TimeWord,
    headed_by,
    opened_by,
    sentence_before,
    time_words,
)
from llmx.tasks.government.structure.years import plan_end

PeriodKind = Literal["annual", "average", "cumulative", "part_year", "since", "at_end"]


class Period(NamedTuple):
    """What span a figure speaks of."""

    kind: PeriodKind | None
    """None where no word tells of a span and the record has no year."""
    start: str | None
    """Its first year, or month (2024-01); the year compared with for `since`; None where the text does not tell."""
    end: str | None
    """Its last year, or month; None where the text does not tell."""


class _Span(NamedTuple):
    """Several years, of which the text may not tell the first."""

    first: int | None
    last: int | None


_BEHIND = 16
_AVERAGE_BEHIND = re.compile(r"[\d.]{1,8} ?[%％个百分点]{1,4}(?:左右|以上|以内)?的年均(?:增|速)")
"""5%左右的年均增速."""
_NUMERALS = {char: at for at, char in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_CONGRESSES = {"十八大": 2012, "十九大": 2017, "二十大": 2022}
"""The years of the congresses of the Party that spans are told by."""
_PARTS = {
    "前三季度": (1, 9), "前二季度": (1, 6), "前两季度": (1, 6), "一季度": (1, 3), "二季度": (4, 6), "三季度": (7, 9),
    "四季度": (10, 12), "上半年": (1, 6), "下半年": (7, 12),
}  # fmt: skip
_BESIDE = re.compile("[，,、；;]?(?:增速)?分?别?(?:[高快低慢]于|高出|领先)[^，,、；;。：\\d]{0,12}$")
"""年均增长5.9%，高于全国|0.5个百分点 is of the span that the 5.9% is of."""
_MULTIPLE = re.compile(r"[\d.]{1,12} ?(?:[%％‰]|倍)")
"""A share or a multiple of an earlier year: 2019年的|108%; 增加到2025年的|6000亿元 is 2025's own."""
_MARKS = re.compile("[，,；;：:。]")
_NUMBER = re.compile(r"(?<![\dA-Za-z.])\d[\d.,]*(?![\dA-Za-z.])")
_ITEM = re.compile("[、和及与]")
_OWN_VERB = re.compile(
    "达到?|突破|为|[增升降减扩]至|[高加长低少大小升]到|增长|下降|提高|提升|增加|减少|降低|占|居|新增|完成|实现|获|净增|超过"
)
_COMPARED = re.compile("达到?|突破|增长|下降|占|实现|分别")
_REACHED = re.compile(
    "(?:达到?|突破|超过?|为|站上|迈上|跃上|稳定在|保持在|维持在|控制在|占|[增升降减扩缩]至|[高加长低少大小升缩]到|余额|总量|总数|[比率])"
    r"(?:了|约|近|历史性)?[\s*]{0,3}$"
)
"""What leads to a level that was reached, not added up."""
_ADDS = re.compile(
    "新增|新建|新改|改扩建|建成|建设|完成|改造|实施|发放|投入|争取|引进|签约|开工|培育|治理|创建|化解|转移|培训|安置|压减|兑现|减免|净增"
    "|修复|整治|新开|落地|投产|开通|打造|种植|植树|招引|盘活|淘汰|办理|查处|帮助|惠及|减税|招商"
)
_SPAN_OF_DONE = re.compile("完成|实现|新增|接待|发放|新建|开工")


def period_of(
    text: str,
    start: int,
    *,
    measure: Measure | str | None,
    year: int | None,
    planned: int | None = None,
    headings: Sequence[str] = (),
) -> Period:
    """What span a figure speaks of, by the words before it in its sentence, else by its headings.

    Args:
        text: the document's text.
        start: where the figure begins in it.
        measure: level, growth or change; None is a level.
        year: the last year that the record speaks of.
        planned: the year that the report plans; None where it is not known.
        headings: the headings over the figure, outermost first.

    Returns:
        The period with its first and last year or month. A figure that nothing says more of is annual: of its year.
        At a moment both are that moment; a sum, an average or a change whose beginning the text does not tell has None
        as its start.
    """
    before = sentence_before(text, start)
    over = opened_by(text, start - len(before)) or (headed_by(tuple(headings)) if headings else None)
    if measure == "change" and (beside := _BESIDE.search(before)):
        before = before[: beside.start()] + "、"
    said = time_words(before, also=over is not None)
    averaged = text.find("年均", start, start + _BEHIND) >= 0 and _AVERAGE_BEHIND.match(text, start) is not None
    if not said and over is None and not averaged:
        return _annual(year)
    topic = next((word for word in reversed(said) if word.tells in TOPICS), None)
    own = next((word for word in reversed(said) if word.tells not in TOPICS and _holds(before, word, measure)), None)
    if own is not None and own.tells == "of" and not _MULTIPLE.match(text, start):
        own = None
    headed = topic is None and over is not None
    return _Reader(before, measure or "level", year, planned, headed).read(over if headed else topic, own, averaged)


def _holds(before: str, word: TimeWord, measure: str | None) -> bool:
    """Whether a word that speaks of one figure or a bare list speaks of the figure after these words."""
    between = before[word.end :]
    if _MARKS.search(between):
        return word.tells in ("year_end", "since") and _opens(before, word) and not re.search(r"\d", between)
    numbers = list(_NUMBER.finditer(between))
    if not numbers:
        return True
    rest = between[numbers[-1].end() :]
    if word.tells == "sum":
        return _ITEM.search(rest) is not None and _COMPARED.search(rest) is None
    if word.tells == "of" and measure != "level" and measure is not None:
        return False
    return _ITEM.search(rest) is not None and _OWN_VERB.search(rest) is None


def _opens(before: str, word: TimeWord) -> bool:
    """Whether a word opens its clause and is followed by a comma: 9月末，贷款余额."""
    return before[word.end : word.end + 1] in "，," and (word.start == 0 or before[word.start - 1] in "，,；;： *")


class _Reader:
    """Makes a period of the words that hold for a figure."""

    def __init__(
        self,
        before: str,
        measure: str,
        year: int | None,
        planned: int | None,
        headed: bool = False,
    ) -> None:
        self.before, self.measure, self.year, self.planned = before, measure, year, planned
        self.headed = headed

    def read(self, topic: TimeWord | None, own: TimeWord | None, averaged: bool) -> Period:
        """The period that a topic of the sentence and a word of the figure's own make.

        Args:
            topic: what the sentence, or else the heading, speaks of.
            own: what is said of the figure alone.
            averaged: whether words after the figure make an average of it.
        """
        if averaged or (own is not None and own.tells == "average"):
            return _period("average", *self._known(topic))
        if own is None:
            return self._by_topic(topic)
        if own.tells == "sum":
            return self._sum(topic)
        if own.tells == "year_end":
            return self._year_end(topic, own)
        if own.tells == "yearly":
            return self._part(topic) if topic is not None and topic.tells == "part" else self._annual()
        return self._since(topic, own)

    def _by_topic(self, topic: TimeWord | None) -> Period:
        if topic is None or topic.tells == "year":
            return self._annual()
        if topic.tells == "part":
            return self._part(topic)
        if topic.tells == "until" or _ends(topic):
            return self._until(topic)
        if topic.tells == "as_of":
            return self._as_of(topic)
        if topic.tells == "from" and self.measure != "level":
            return _period("since", *self._span(topic))
        return self._over(self._span(topic))

    def _annual(self) -> Period:
        return _annual(self.year)

    def _over(self, span: _Span) -> Period:
        """A figure of several years without a word of its own: what was reached is the last year's, what will be is at their end."""
        if self.measure == "level":
            clause = _MARKS.split(self.before)[-1]
            adds = _ADDS.search(clause)
            if _REACHED.search(clause) or (self.headed and not adds):
                ahead = span.last is not None and self.year is not None and span.last > self.year
                return _period("at_end", span.last, span.last) if ahead else self._annual()
        return _period("cumulative", *span)

    def _sum(self, topic: TimeWord | None) -> Period:
        if topic is not None and topic.tells == "year" and self.measure == "level" and self._of_year(topic):
            return self._annual()
        if "余额" in _MARKS.split(self.before)[-1]:  # a balance is added up by nature
            return self._annual()
        if topic is not None and topic.tells == "part":
            return self._part(topic)
        return _period("cumulative", *self._known(topic))

    def _of_year(self, topic: TimeWord) -> bool:
        """Whether a sum is that of the year just named: 全年累计, not 全年新增5座，累计."""
        between = self.before[topic.end : self.before.rfind("累")].lstrip("，, ")
        return not re.search(r"[，,；;\d]", between)

    def _since(self, topic: TimeWord | None, own: TimeWord) -> Period:
        groups = {name: value for name, value in own.match.groupdict().items() if value}
        base = _base(groups, self.year)
        of_share = own.tells != "of" or self._is_multiple()
        if not of_share or (self.year is not None and base == self.year - 1 and own.tells != "of"):
            return self._by_topic(topic)
        told = self.year is None or base is None or self.year > base  # 恢复到2019年的108%: 2019 is not its own year
        return _period("since", base, self.year if told else self.planned and self.planned - 1)

    def _year_end(self, topic: TimeWord | None, own: TimeWord) -> Period:
        if self.measure != "level" or _ADDS.search(_MARKS.split(self.before)[-1]):
            return self._by_topic(topic)
        return self._moment(own)

    def _known(self, topic: TimeWord | None) -> _Span:
        """The years that an average or a sum is over."""
        if topic is not None and topic.tells in ("until", "as_of"):
            named = _first(topic.match, "year", "year_end")
            return _Span(None, int(named) if named else self.year)
        if topic is not None and topic.tells in SPANNING:
            return self._span(topic)
        return _Span(None, self.year)

    def _span(self, topic: TimeWord) -> _Span:
        """First and last year of several."""
        groups = topic.match.groupdict()
        if topic.tells == "range":
            return _Span(int(groups["from"]), int(groups["to"]))
        if topic.tells == "from":
            named = _first(topic.match, "year", "from_year")
            return _Span(int(named) if named else _CONGRESSES[groups["congress"]], self.year)
        if topic.tells == "plan":
            return self._plan(groups)
        if groups.get("within") or groups.get("ahead"):
            first = self.planned or self.year
            return _Span(first, first + _number(groups.get("within") or groups["years"]) - 1 if first else None)
        count = _number(groups["years"])
        ahead = self.planned is not None and self.year is not None and self.year >= self.planned
        if ahead and not re.match("过去|近|这|最近", topic.match.group()) and "来" not in topic.match.group():
            return _Span(self.planned, self.planned + count - 1 if self.planned else None)
        last = min(self.year, self.planned - 1) if self.year and self.planned else self.year
        return _Span(last - count + 1 if last else None, last)

    def _plan(self, groups: dict[str, str | None]) -> _Span:
        """The years of a five-year plan, up to the year spoken of where it is not over."""
        last = plan_end(groups["nth"] or "")
        if groups.get("first"):
            return _Span(last - 4, last - 5 + _number(groups["first"] or ""))
        reviewed = self.year is not None and (groups["tail"] == "以来" or self.year < (self.planned or 0))
        return _Span(last - 4, min(last, self.year) if reviewed and self.year and self.year >= last - 4 else last)

    def _until(self, topic: TimeWord) -> Period:
        """到2027年: the state then, what is added until then, the change until then."""
        named = _first(topic.match, "year")
        last = int(named) if named else plan_end(topic.match["nth"])
        due = self.planned is not None and last <= self.planned
        if self.measure != "level":
            return _period("annual", last, last) if due else _period("since", None, last)
        if _ADDS.search(_MARKS.split(self.before)[-1]) and not self._reached():
            return _period("annual", last, last) if due else _period("cumulative", None, last)
        return _period("at_end", last, last)

    def _as_of(self, topic: TimeWord) -> Period:
        month = _first(topic.match, "month")
        if month is None:
            return self._moment(topic) if self.measure == "level" else self._annual()
        if self.measure == "level" and not _SPAN_OF_DONE.search(_MARKS.split(self.before)[-1]):
            return self._moment(topic)
        year = _first(topic.match, "year") or self.year
        return Period("part_year", f"{year}-01", f"{year}-{int(month):02}")

    def _moment(self, word: TimeWord) -> Period:
        year, month = _first(word.match, "year", "year_of", "year_end") or self.year, _first(word.match, "month")
        moment = f"{year}-{int(month):02}" if month else str(year)
        return Period("at_end", moment, moment) if year else Period("at_end", None, None)

    def _part(self, topic: TimeWord) -> Period:
        """Months or quarters of a year."""
        groups = topic.match.groupdict()
        year = groups.get("year") or groups.get("year_of") or self.year
        if groups.get("part"):
            first, last = _PARTS[(groups["part"] or "").removeprefix("第")]
        else:
            first, last = int(groups.get("from_month") or 1), int(groups.get("to_month") or groups.get("months") or 12)
        return (
            Period("part_year", f"{year}-{first:02}", f"{year}-{last:02}") if year else Period("part_year", None, None)
        )

    def _reached(self) -> bool:
        return _REACHED.search(self.before) is not None

    def _is_multiple(self) -> bool:
        """Whether nothing but figures stands between 2019年的 and the figure: what is of another year is a multiple of it."""
        return re.search(r"年的[\d.%倍、和\s*]*$|末的[\d.%倍、和\s*]*$", self.before) is not None


def _annual(year: int | None) -> Period:
    return Period("annual", str(year), str(year)) if year else Period(None, None, None)


def _ends(topic: TimeWord) -> bool:
    """Whether a plan's end is named, not its years: “十四五”末."""
    return topic.tells == "plan" and topic.match["tail"].endswith("末")


def _base(groups: dict[str, str], year: int | None) -> int | None:
    """The year that a figure is compared with."""
    if "year" in groups:
        return int(groups["year"])
    if "nth" in groups:
        return plan_end(groups["nth"])
    if census := groups.get("census") or groups.get("nth_census"):
        return 1998 + 5 * _NUMERALS[census]  # the third economic census was of 2013, each five years later
    return year - _number(groups["years"]) if year and "years" in groups else None


def _first(match: re.Match[str], *names: str) -> str | None:
    """The first of these groups that the pattern has and the text fills."""
    groups = match.groupdict()
    return next((groups[name] for name in names if groups.get(name)), None)


def _number(written: str) -> int:
    return int(written) if written.isascii() else _NUMERALS[written]


def _period(kind: PeriodKind, first: int | None, last: int | None) -> Period:
    return Period(kind, str(first) if first else None, str(last) if last else None)
