"""From a text and its headings to weighed stretches: the evidence of each, and what it costs to turn there."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from operator import add
from typing import NamedTuple

from llmx.alternation import any_of
from llmx.sections import Step
from llmx.tasks.government.structure.evidence import (
    ANYWHERE,
    CLOSING,
    FRONT,
    GLOSSARY,
    HEADING,
    OPENING,
    OUTLOOK,
    PLAN,
    PROBLEMS,
    REVIEW,
    STATES,
    UNTROUBLED,
    WEAK,
    WEAK_WORDS,
)
from llmx.tasks.government.structure.headings import ONE, THREE, TWO, Heading
from llmx.tasks.government.structure.turns import AT_HEADING, AT_LINE, INSIDE, UNANNOUNCED, UNMARKED_GLOSSARY
from llmx.tasks.government.structure.years import FIVE_YEAR, YEAR, Years, plain_years, plan_end

# One set first: the engine passes over all else at once, three times as fast as with two branches.
_SENTENCE_END = re.compile("[。！？!?\n](?:(?<=\n)\n*|[”’」』）)]*)")
_LEAD = re.compile(
    r"[\s*#]{0,8}(?:第?[（(]?[一二三四五六七八九十\d]{1,3}(?:[、.．）)]|部分|是)){0,2}[\s*]{0,8}"
    r"(?:各位代表[！!，,：:。]?)?[\s*]{0,4}"
)
_TITLE_LINE = re.compile(
    r"^[^\n，。；]{0,40}(?:政府工作报告|计划[^\n。]{0,30}报告|(?:大会|会议)上?)[*（）()草案讨论稿\s]{0,12}$",
    re.MULTILINE,
)
_FRONT_MATTER = 2000
"""Past so many characters a text is no front matter any more, but for some after a title that stands in it again."""
_SECOND_FRONT = 600
_OPENING = 14
"""How far into a sentence its opening words may stand, in characters."""
_DATED = 8
"""How far into a sentence a year may stand that the sentence opens with."""
_TROUBLED = 40
"""For how many sentences after an admission words for what is wrong are counted."""
_DISTINCT = 8
"""How many different words for what is wrong count in a sentence."""
_NAMED, _OPENS_WITH = 0.7, 1.5
"""What a year is worth that a sentence names, and that it opens with."""
_PERIOD = 4.0
"""What it is worth that a sentence opens with a five-year plan that is over, or new."""
_UPPER, _LOWER = 5.0, 2.5
"""What a heading is worth that names a year, by depth; (一) names it in passing."""
_ROLE = {True: (4.0, 4.0), False: (2.0, 1.0)}
"""What the words of a heading are worth: of an upper one, else of a line and of one with its number in brackets."""
_SETTLED = 8.0
"""What a heading is worth that can be nothing else: 名词解释."""
_TITLED, _ADDRESSED, _PAST_FRONT = 3.0, -0.3, -6.0
"""What a title is worth for front matter, and what speaks against it after the address and far into the text."""
_UNEXPLAINED, _NO_APPEAL = -0.3, -0.5
_STRONG = 2.0
"""A sentence with a row of so much weight is a place where a text may turn."""


class Stretch(NamedTuple):
    """Sentences between two places where a text may turn."""

    start: int
    """Where it begins in the text."""
    step: Step
    """What speaks for each state, and what it costs to turn here."""
    telling: tuple[tuple[int, int], ...] = ()
    """Bounds of sentences that announce goals so plainly that they outweigh what they stand in."""


class _Looked(NamedTuple):
    """A sign as it is looked for."""

    number: int
    weights: tuple[tuple[int, float], ...]
    strong: bool
    """Whether a text may turn where it stands."""
    opens: frozenset[int]
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    opening: bool


_ALL = [*OPENING, *ANYWHERE]
_WORDS: dict[str, list[_Looked]] = {}
for _at, _sign in enumerate(_ALL):
    _weights = tuple(_sign.weights.items())
    _opens = frozenset[int]() if _sign.opens is None else frozenset((_sign.opens,))
    _strong = bool(_opens) or any(weight >= _STRONG for _, weight in _weights)
    _before, _after = (re.compile(part) if part else None for part in (_sign.before, _sign.after))
    _looked = _Looked(_at, _weights, _strong, _opens, _before, _after, _at < len(OPENING))
    for _word in _sign.words.split():
        _WORDS.setdefault(_word, []).append(_looked)
# Nothing but literal words, so that the engine passes over all that none of them begins with.
_SIGNS = re.compile(any_of(_WORDS))
_WEAK = re.compile("|".join(WEAK_WORDS.split()))
_HEADS = [(row, re.compile(row.pattern)) for row in HEADING]
_GOALS = next(at for at, sign in enumerate(_ALL) if sign.name == "goals")
_ADMITS = frozenset(at for at, sign in enumerate(_ALL) if PROBLEMS in sign.weights)


_NOTHING = frozenset[int]()


class _Sentence:
    """One sentence's evidence in the making."""

    __slots__ = ("admits", "announced", "goals", "scores", "turning")

    def __init__(self) -> None:
        self.scores = [0.0] * len(STATES)
        self.announced: frozenset[int] = _NOTHING
        self.turning = False
        self.goals = False
        self.admits = False

    def add(self, sign: _Looked) -> None:
        for state, weight in sign.weights:
            self.scores[state] += weight
        if sign.strong:
            self.turning = True
            self.announced |= sign.opens

    def tells(self) -> bool:
        """Whether it announces goals, and nothing in it speaks of what was."""
        return self.goals and self.scores[PLAN] - self.scores[REVIEW] >= 1.5


class _Weighing:
    """The sentences of one text, by where they begin."""

    def __init__(self, text: str, headings: Sequence[Heading], years: Years) -> None:
        self.text = text
        self.years = years
        self.headings = {one.start: one for one in headings if one.level <= THREE or one.glossary}
        self.starts = _starts(text, self.headings)
        self.ends = [*self.starts[1:], len(text)]
        self.sentences: dict[int, _Sentence] = {}

    def at(self, number: int) -> _Sentence:
        """The evidence of a sentence, by its number."""
        found = self.sentences.get(number)
        if found is None:
            found = self.sentences[number] = _Sentence()
        return found

    def add_signs(self) -> list[int]:
        """Add the signs of each sentence, each once; the numbers of those that admit something come back."""
        text, ends = self.text, self.ends
        admitting: list[int] = []
        number, seen, opened = 0, set[int](), False
        for match in _SIGNS.finditer(text):
            start, end = match.span()
            if ends[number] <= start:
                number = bisect_right(ends, start, number)
                seen, opened = set(), False
            for sign in _WORDS[match.group()]:
                if (
                    sign.number in seen
                    or (sign.before and not sign.before.match(text, start))
                    or (sign.after and not sign.after.match(text, end))
                    or (sign.opening and (opened or start > self._opening(number)))
                ):
                    continue
                seen.add(sign.number)
                opened = opened or sign.opening
                sentence = self.at(number)
                sentence.add(sign)
                sentence.goals = sentence.goals or sign.number == _GOALS
                if sign.number in _ADMITS:
                    admitting.append(number)
                break
        return admitting

    def end_front(self) -> None:
        """The sentence after the address begins the review, be it in the same line."""
        for number in [number for number, one in self.sentences.items() if one.scores[FRONT] > 0]:
            following = self.at(number + 1)
            following.turning = True
            following.announced |= {REVIEW}

    def _opening(self, number: int) -> int:
        """How far into the text the opening words of a sentence may stand."""
        lead = _LEAD.match(self.text, self.starts[number])
        return (lead.end() if lead else self.starts[number]) + _OPENING

    def add_years(self) -> None:
        """Add the years that sentences name."""
        reviewed, planned = self.years
        if reviewed is None or planned is None:
            return
        number, seen = 0, set[int]()
        for match in YEAR.finditer(self.text):
            while self.ends[number] <= match.start():
                number += 1
                seen.clear()
            year = int(match.group(1))
            if year in seen or not reviewed <= year <= planned or reviewed == planned:
                continue
            seen.add(year)
            opening = match.start() - self.starts[number] <= _DATED
            sentence = self.at(number)
            state = PLAN if year == planned else REVIEW
            sentence.scores[state] += _OPENS_WITH + _NAMED if opening else _NAMED
            if opening:
                sentence.turning = True
                sentence.announced |= {PLAN} & {state}

    def add_periods(self) -> None:
        """Add the five-year plans that sentences speak of: one that is over looks back, a new one ahead."""
        reviewed, planned = self.years
        if reviewed is None or planned is None:
            return
        number = 0
        for match in FIVE_YEAR.finditer(self.text):
            while self.ends[number] <= match.start():
                number += 1
            end = plan_end(match[1])
            state = REVIEW if end <= reviewed else OUTLOOK if end - 4 >= planned else None
            if state is None:
                continue
            sentence = self.at(number)
            opening = match.start() - self.starts[number] <= _OPENING
            sentence.scores[state] += _PERIOD if opening else _NAMED
            if opening:
                sentence.turning = True
                sentence.announced |= {state}

    def add_headings(self) -> None:
        """Add what headings say."""
        for number, start in enumerate(self.starts):
            if heading := self.headings.get(start):
                self._add_heading(self.at(number), heading)

    def _add_heading(self, sentence: _Sentence, heading: Heading) -> None:
        sentence.turning = True
        if heading.glossary:
            sentence.scores[GLOSSARY] += _SETTLED
            return
        words = plain_years(heading.text)
        upper = heading.level <= ONE
        share = _ROLE[upper][words[:1] in "（("]
        row = next((row for row, pattern in _HEADS if pattern.search(words)), None)
        if state := self._named(words):
            sentence.scores[state] += _UPPER if upper else _LOWER
            sentence.announced |= {state}
        elif row:
            for one, weight in row.weights.items():
                sentence.scores[one] += share * weight
            if row.opens is not None:
                sentence.announced |= {row.opens}
            sentence.admits = PROBLEMS in row.weights

    def _named(self, words: str) -> int | None:
        """The state that the years of a heading tell."""
        reviewed, planned = self.years
        if reviewed is None or planned is None:
            return None
        named = [int(year) for year in YEAR.findall(words)]
        if named and reviewed != planned:
            return REVIEW if max(named) <= reviewed else PLAN if max(named) == planned else OUTLOOK
        period = FIVE_YEAR.search(words)
        if period:
            end = plan_end(period[1])
            return REVIEW if end <= reviewed else OUTLOOK if end - 4 >= planned else None
        return REVIEW if "去年" in words else None

    def add_weakness(self, admitting: Sequence[int]) -> None:
        """Count the words for what is wrong in the sentences after an admission."""
        counted = -1
        for first in admitting:
            for number in range(max(first, counted + 1), min(first + _TROUBLED, len(self.starts))):
                words = set(_WEAK.findall(self.text, self.starts[number], self.ends[number]))
                self.at(number).scores[PROBLEMS] += WEAK * min(len(words), _DISTINCT)
                counted = number

    def stretches(self) -> list[Stretch]:
        """The sentences put together between the places where the text may turn."""
        titles = deque(match.start() for match in _TITLE_LINE.finditer(self.text))
        found: list[Stretch] = []
        scores: list[float] = [0.0] * len(STATES)
        costs: Sequence[float] = [0.0] * len(STATES)
        begin, telling = 0, list[tuple[int, int]]()
        admitted = addressed = False
        title = -_SECOND_FRONT
        for number, start in enumerate(self.starts):
            sentence = self.sentences.get(number)
            while titles and titles[0] <= start:
                title = titles.popleft()
            if start in self.headings:
                admitted = sentence is not None and sentence.admits
            line = start == 0 or self.text[start - 1] == "\n"
            if number and (line or (sentence and sentence.turning)):
                found.append(Stretch(begin, Step(scores, costs), tuple(telling)))
                scores, begin, telling = [0.0] * len(STATES), start, []
                costs = self._costs(start, line, sentence)
            if sentence:
                scores = list(map(add, scores, sentence.scores))
            scores[PROBLEMS] += 0.0 if admitted else UNTROUBLED
            scores[CLOSING] += _NO_APPEAL
            scores[GLOSSARY] += _UNEXPLAINED
            scores[FRONT] += _TITLED if start == title else _ADDRESSED if addressed else 0.0
            addressed = addressed or (sentence is not None and sentence.scores[FRONT] > 0)
            if start > _FRONT_MATTER and start - title >= _SECOND_FRONT:
                scores[FRONT] += _PAST_FRONT
            if sentence and sentence.tells():
                telling.append((start, self.ends[number]))
        return [*found, Stretch(begin, Step(scores, costs), tuple(telling))]

    def _costs(self, start: int, line: bool, sentence: _Sentence | None) -> Sequence[float]:
        heading = self.headings.get(start)
        place = AT_HEADING if heading and heading.level < TWO else AT_LINE if line or heading else INSIDE
        return _entering(place, sentence.announced if sentence else _NOTHING, bool(heading and heading.glossary))


@cache  # a report has a dozen
def _entering(place: float, announced: frozenset[int], glossary: bool) -> Sequence[float]:
    """What it costs to enter each state at such a place."""
    costs = [place] * len(STATES)
    costs[CLOSING] = 0.0  # an appeal may end any paragraph
    for state in (PROBLEMS, OUTLOOK, PLAN):
        costs[state] += 0.0 if state in announced else UNANNOUNCED
    for state in (REVIEW, PROBLEMS):
        if state in announced:  # after the address; 但也要看到: turns in the middle of a paragraph
            costs[state] = min(place, AT_LINE)
    if not glossary:
        costs[GLOSSARY] += UNMARKED_GLOSSARY
    return costs


def _starts(text: str, headings: Mapping[int, Heading]) -> list[int]:
    """Where sentences begin: after each end that something but blanks follows, and at each heading."""
    cuts = {match.end() for match in _SENTENCE_END.finditer(text)} | headings.keys()
    ordered = sorted({0, *(cut for cut in cuts if cut < len(text))})
    return [
        cut for cut, end in pairwise([*ordered, len(text)]) if not cut or cut in headings or not text[cut:end].isspace()
    ]


def weighed(text: str, headings: Sequence[Heading], years: Years) -> list[Stretch]:
    """The stretches of a text with what speaks for each state.

    Args:
        text: the text, with half-width digits.
        headings: its headings, in text order.
        years: the years that it reviews and plans, as far as they are known.

    Returns:
        Stretches in text order, the first from the text's beginning; time grows linearly with the text.
    """
    weighing = _Weighing(text, headings, years)
    admitting = weighing.add_signs()
    weighing.end_front()
    weighing.add_years()
    weighing.add_periods()
    weighing.add_headings()
    weighing.add_weakness(admitting)
    return weighing.stretches()
