"""What a report says of indicators that it gives no value for: in words only, in a place where no value was found, or nothing."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from llmx.alternation import any_of
from llmx.documents import Document
from llmx.sections import Section
from llmx.tasks.government.indicators import Vocabulary, in_use, indicator_of, plain
from llmx.tasks.government.rules.distribution import distribute

_DATA: dict[str, Any] = tomllib.loads(Path(__file__).with_name("unnumbered.toml").read_text(encoding="utf-8"))
_FORMS = tuple((re.compile(row["pattern"]), row.get("measure")) for row in _DATA["words"])
_AROUND = any_of(word for row in _DATA["around"] for word in row["words"])
_BEFORE, _AFTER = re.compile(rf"{_AROUND}+"), re.compile(rf"{_AROUND}+$")
_HINT = re.compile("同步|一致|相适应|[高快低慢]于|增长|稳|持续扩大|持平|区间|范围|水平|完成|达到|控制在|第")
"""What every form has, for a quick look."""
_CLAUSE = re.compile(r"[^，,；;。！？：:\n]{4,120}")
_LINE = re.compile(r"[^\n]+")
_RANK = re.compile(r"第\d{1,3}")
_JOINTS = re.compile("、|以及|及|和|与")
_SILENT = ("glossary", "problems")
"""What these sections say is neither aimed at nor reached."""
_MOST = 12
"""Things that one clause may be about; a longer list is none of goals."""


class Said(NamedTuple):
    """Words of a report about an indicator that give no value."""

    indicator: str
    """Its id."""
    type: str
    """target or achievement."""
    measure: str | None
    """What they are about, where they tell."""
    words: str
    """The indicator's words."""
    quote: str
    """The clause, verbatim."""
    start: int
    """Where it begins."""
    section: Section


def said_without_number(document: Document, sections: Iterable[Section], region: str | None = None) -> Iterator[Said]:
    """Each clause that says of an indicator how it is to be, or was, without a number: 居民收入与经济增长同步.

    Args:
        document: the report.
        sections: its outline, as stored.
        region: whose it is: its name before an indicator's is taken off.
    """
    for section in sections:
        if section.role not in _SILENT:
            for match in _CLAUSE.finditer(document.text, section.start, section.end):
                if _HINT.search(match.group()):
                    yield from _of_clause(match, section, region)


def _of_clause(match: re.Match[str], section: Section, region: str | None) -> Iterator[Said]:
    clause = _RANK.sub("第一", plain(match.group()))
    form, measure = next(
        ((found, measure) for pattern, measure in _FORMS if (found := pattern.search(clause))), (None, None)
    )
    if form is None or any(one.isdigit() for one in clause):
        return
    subject = _AFTER.sub("", clause[: form.start()])
    for words, indicator in _subjects(subject, region):
        yield _said(match, section, indicator, _type(section), measure, words)


def _subjects(subject: str, region: str | None) -> Iterator[tuple[str, str]]:
    """The indicators that a clause is about; words that they share are given to each."""
    first = _BEFORE.match(subject)
    subject = subject[first.end() :] if first else subject
    parts = 1 + len(_JOINTS.findall(subject))
    if (whole := _named(subject, region)) or parts > _MOST:
        yield from [(subject, whole)] if whole else []
        return
    for words in distribute(subject, parts) if parts > 1 else ():
        if indicator := _named(words, region):
            yield words, indicator


def _named(words: str, region: str | None) -> str | None:
    """The indicator of words about growth, or of a share that has a level alone."""
    growing = indicator_of(words, "growth", "%", region=region)
    return growing or indicator_of(words, "level", "%", region=region)


def _type(section: Section) -> str:
    return "target" if section.planned else "achievement"


def named_in(
    document: Document, sections: Iterable[Section], wanted: Iterable[tuple[str, str]], read: Iterable[int]
) -> Mapping[tuple[str, str], Said]:
    """Where a report first names indicators.

    Args:
        document: the report.
        sections: its outline, as stored.
        wanted: ids, each with target, to look for it where plans are told, or achievement, where results are.
        read: where the figures begin that were read as some indicator's. What their clauses name is settled: in
            城乡居民收入分别增长5%、7% there is no figure of all residents.
    """
    left, found, settled = set(wanted), dict[tuple[str, str], Said](), sorted(read)
    for section in sections:
        type = _type(section)
        if section.role in _SILENT or not any(one == type for _, one in left):
            continue
        for line in _LINE.finditer(document.text, section.start, section.end):
            here = {(indicator, type): words for words, indicator in _mentions(plain(line.group()))}
            for key in left & here.keys():
                if clause := _open_clause(line, here[key], settled):
                    found[key] = _said(clause, section, *key, None, here[key])
            left -= found.keys()
    return found


def _open_clause(line: re.Match[str], words: str, settled: Sequence[int]) -> re.Match[str] | None:
    """The first clause of a line that names an indicator and has no figure that was read."""
    for clause in _CLAUSE.finditer(line.string, line.start(), line.end()):
        is_open = bisect_left(settled, clause.start()) == bisect_left(settled, clause.end())
        if is_open and words in plain(clause.group()):
            return clause
    return None


def _said(clause: re.Match[str], section: Section, indicator: str, type: str, measure: str | None, words: str) -> Said:
    quote = clause.group().strip()
    return Said(indicator, type, measure, words, quote, clause.start() + clause.group().index(quote), section)


def _mentions(words: str) -> Iterator[tuple[str, str]]:
    """The indicators that plain words name, each with its name there."""
    pattern, ids = _names(in_use())
    for match in pattern.finditer(words):
        for indicator in ids.get(match.group(), ()):
            yield match.group(), indicator


@lru_cache(maxsize=8)
def _names(vocabulary: Vocabulary) -> tuple[re.Pattern[str], Mapping[str, Sequence[str]]]:
    """All names, and what is taken for one and is another thing, the longest first; with the ids of those that are names."""
    ids: dict[str, list[str]] = {}
    others = set[str]()
    for indicator in vocabulary:
        for words in indicator.names():
            ids.setdefault(plain(words), []).append(indicator.id)
        others.update(map(plain, indicator.confused))
    return re.compile(any_of({*ids, *others})), ids
