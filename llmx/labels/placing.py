"""Claims to labels: every quote and figure is checked against the text and found again where its offset is off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isclose
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from llmx.analysis import analyse
from llmx.documents import Document
from llmx.figures import Figure, find_figures, script_of
from llmx.grounding import Clauses, find_quote, quote_figure
from llmx.labels.label import (
    Claim,
    Finding,
    Label,
    comma_readings,
    faults,
    foreign,
    label_json,
    text_order,
)
from llmx.sections import section_at
from llmx.task import Anchor, Task
from llmx.task.fields import NUMBER

_NEAR = 600
"""How far around a given offset a quote is looked for before the whole text is: a paragraph or so."""


class _Unplaced(Exception):
    """A claim that no place of the text bears out."""


class Placed(NamedTuple):
    """What became of claims about a report."""

    labels: list[Label]
    """In text order."""
    findings: list[Finding]
    moves: list[tuple[int, int]]
    """Where each label was said to begin, and where it does, in the order of the claims."""


def place(document: Document, claims: Sequence[Claim], task: Task) -> Placed:
    """The labels that claims about a report make.

    Where a claim leaves out what code can read off its figure, or what its task completes, code fills it in. What cannot be
    placed, or is no label, is left out with a finding.

    Args:
        document: the report.
        claims: what a file says of it.
        task: what the labels are of.
    """
    figures = [one for one in task.labelling.anchors.values() if one.read]
    named = (claim.fields.get(one.start) for claim in claims for one in figures)
    placer = _Placer(document, {start for start in named if isinstance(start, int)}, task)
    placed = Placed([], [], [])
    for claim in claims:
        given = claim.fields.get("start")
        label, found = placer.place(claim)
        placed.findings.extend(found)
        if label:
            placed.labels.append(label)
            placed.moves.extend([(given, label.start)] if isinstance(given, int) else [])
    placed.labels.sort(key=text_order)
    return placed


class _Placer:
    """Places the claims of one report, one after the other.

    Args:
        document: the report.
        taken: where figures begin that a claim names by offset; others are not given to them.
        task: what the labels are of.
    """

    def __init__(self, document: Document, taken: set[int], task: Task) -> None:
        self.document, self.text, self.labelling = document, document.text, task.labelling
        analysis = analyse(document, task)
        self.figures = analysis.stored_figures
        self._by_start = {figure.start: figure for figure in self.figures}
        self._sections = analysis.outline
        self._clauses = Clauses(self.text, 0, len(self.text))
        self._taken = taken
        self._holders: dict[int, str] = {}
        """Which claim each figure is held by."""
        self._after = 0

    def place(self, claim: Claim) -> tuple[Label | None, list[Finding]]:
        """The label that a claim makes, or None if it is refused, with what was found on the way."""
        given = {name: value for name, value in claim.fields.items() if value is not None}
        fields = {name: value for name, value in given.items() if name not in self.labelling.derived}
        findings: list[Finding] = []
        type = fields.get("type")
        dropped = {name: fields.pop(name) for name in foreign(self.labelling, type, fields)}
        if said := [f"{name} {value!r}" for name, value in dropped.items() if not self._is_filled_in(name, claim)]:
            findings.append(Finding(claim.place, f"{type} has no {', '.join(said)}; left out", "warning"))
        try:
            findings += [Finding(claim.place, note, "warning") for note in self._settle(fields, claim)]
            label = Label.read(self.labelling, fields)
            label_json(label)
        except _Unplaced as fault:
            return None, [*findings, Finding(claim.place, f"refused: {fault}")]
        except ValidationError as error:
            return None, [
                *findings,
                Finding(claim.place, f"refused: {faults(error, self.labelling, type)}; correct it"),
            ]
        except PydanticSerializationError:
            return None, [*findings, Finding(claim.place, "refused: it holds half of a surrogate pair; correct it")]
        self._after = label.start
        return label, [*findings, *(Finding(claim.place, note, "warning") for note in self._notes(label, claim))]

    def _is_filled_in(self, name: str, claim: Claim) -> bool:
        """Whether code fills in a field of a claim before a person says its type: those of a figure's row in a sheet."""
        figure = self.labelling.figure
        return bool(claim.columns) and figure is not None and name in figure.columns

    def _notes(self, label: Label, claim: Claim) -> Iterator[str]:
        """What is to be said of a label that was placed: what it lacks, and whether its figure is another's too."""
        if lacking := self.labelling.lacking(label.type, label.values):
            yield f"{label.type} without {', '.join(lacking)}; fill in"
        for anchor, start, _ in label.anchors:
            if not anchor.read:
                continue
            self._taken.add(start)
            holder = self._holders.setdefault(start, claim.place)
            if holder != claim.place and self.labelling.exclusive:
                words = label.values.get(anchor.name)
                yield f"{anchor.name} {words!r} at {start} is held by {holder}; one label a figure"

    def _settle(self, fields: dict[str, Any], claim: Claim) -> Iterator[str]:
        """Put quote and words in their places and fill what is blank; yields what was off."""
        given, form = fields.get("start"), self.labelling.form_of(fields.get("type"))
        start, end = self._quote(fields, claim)
        if isinstance(given, int) and given != start:
            yield f"quote {_short(self.text[start:end])} stands at {start}, not at {given}; moved"
        fields |= {"quote": self.text[start:end], "start": start, "end": end}
        if form and form.figure and form.figure.name not in fields and form.figure.start not in fields:
            fields |= self._only_figure(fields, form.figure, start, end)
        moved = start - given if isinstance(given, int) else 0
        for anchor in form.anchors if form else ():
            if anchor.name in fields or anchor.start in fields:
                find = self._figure if anchor.read else self._words
                at, stop = find(anchor, fields, start, end, moved)
                if fields.get(anchor.start, at) not in (at, at - moved):
                    told = fields[anchor.start]
                    yield f"{anchor.name} {fields.get(anchor.name)!r} stands at {at}, not at {told}; moved"
                fields |= {anchor.name: self.text[at:stop], anchor.start: at, anchor.end: stop}
        self._numbers(fields, claim)
        self._fill(fields)

    def _words(self, anchor: Anchor, fields: Mapping[str, Any], start: int, end: int, moved: int) -> tuple[int, int]:
        """Bounds of words that a claim names: where it says, else in its quote, else nearest before it, else after it."""
        written, given = fields.get(anchor.name), fields.get(anchor.start)
        if isinstance(written, str) and written.strip():
            for at in (given, given + moved) if isinstance(given, int) else ():
                if at >= 0 and self.text.startswith(written, at):
                    return at, at + len(written)
            before = self.text.rfind(written, 0, end)
            near = (before, before + len(written)) if before >= 0 else None
            if found := self._within(written, start, end) or near or self._within(written):
                return found
        raise _Unplaced(f"{anchor.name} {written!r} is not in report {self.document.id!r}; copy it from the text")

    def _numbers(self, fields: dict[str, Any], claim: Claim) -> None:
        """Read numbers with a comma as the figures of the quote bear out, and refuse those of a sheet that none does.

        Spreadsheets of a locale with decimal commas write 393.5 as 393,5.
        """
        form = self.labelling.form_of(fields.get("type"))
        read = {name: (anchor, part) for anchor in (form.anchors if form else ()) for name, part in anchor.read.items()}
        columns = form.columns if form else self.labelling.columns
        near = [one for one in self.figures if fields["start"] <= one.start and one.end <= fields["end"]]
        for name in [name for name, one in columns.items() if one.holds == NUMBER and name in fields]:
            anchor, part = read.get(name, (None, ""))
            figure = self._by_start.get(fields.get(anchor.start, -1)) if anchor else None
            own, written = getattr(figure, part, None), fields[name]
            comma = isinstance(written, str) and "," in written
            readings = comma_readings(written) if comma else [written]
            proof = [abs(one.value) for one in near] if own is None else [abs(own)]
            fitting = [one for one in readings if any(_same(one, known) for known in proof)]
            if len(fitting) == 1:
                fields[name] = int(fitting[0]) if float(fitting[0]).is_integer() else fitting[0]
            elif comma or (claim.columns and own is not None):
                called = f"column {claim.columns[name]!r}" if name in claim.columns else name
                borne = (
                    "no figure of the quote bears it out"
                    if own is None or figure is None
                    else f"the figure {figure.text!r} says {own}"
                )
                raise _Unplaced(
                    f"{called} is {written!r}, but {borne}; write it with a decimal point, or leave it blank"
                )

    def _quote(self, fields: Mapping[str, Any], claim: Claim) -> tuple[int, int]:
        """Bounds of the claim's quote: where it says, else nearest to there, else next in the text."""
        quote, start = fields.get("quote"), fields.get("start")
        if not isinstance(quote, str) or not quote.strip():
            return self._quote_of_figure(fields)
        if isinstance(start, int) and start >= 0 and self.text.startswith(quote, start):
            return start, start + len(quote)
        found = self._nearest(quote, start) if isinstance(start, int) else self._next(quote, claim.sentence)
        if found is None:
            raise _Unplaced(f"quote {quote!r} is not in report {self.document.id!r}; copy it from the text")
        return found

    def _quote_of_figure(self, fields: Mapping[str, Any]) -> tuple[int, int]:
        """The shortest stretch with a figure and its indicator's words, where a claim names these and no quote."""
        form = self.labelling.form_of(fields.get("type"))
        about = form.figure if form else None
        figure = self._by_start.get(fields.get(about.start, -1)) if about else None
        said = next((str(fields[name]) for name in (form.telling if form else ()) if name in fields), None)
        if figure is None or said is None:
            named = " and ".join(["a figure of it", *(f"its {name}" for name in (form.telling[:1] if form else ()))])
            raise _Unplaced(f"it has no quote; give the words of the report, or {named}")
        span = quote_figure(self.text, figure, said, self._clauses.around(figure.start, figure.end))
        return span.start, span.end

    def _nearest(self, quote: str, start: int) -> tuple[int, int] | None:
        """Where the quote stands nearest to an offset; letter by letter, else but for width of marks and blanks."""
        start = min(max(start, 0), len(self.text))
        before = self.text.rfind(quote, 0, start + len(quote))
        after = self.text.find(quote, start)
        places = [at for at in (before, after) if at >= 0]
        if places:
            at = min(places, key=lambda at: abs(at - start))
            return at, at + len(quote)
        return self._within(quote, max(0, start - _NEAR), start + len(quote) + _NEAR) or self._within(quote)

    def _next(self, quote: str, sentence: tuple[int, int] | None) -> tuple[int, int] | None:
        """Where the quote stands in its sentence, else first after the label before, else first in the text."""
        return (sentence and self._within(quote, *sentence)) or self._within(quote, after=self._after)

    def _within(
        self, quote: str, start: int = 0, end: int | None = None, after: int | None = None
    ) -> tuple[int, int] | None:
        span = find_quote(self.text, quote, start, len(self.text) if end is None else end, after)
        return (span.start, span.end) if span else None

    def _figure(self, anchor: Anchor, fields: Mapping[str, Any], start: int, end: int, moved: int) -> tuple[int, int]:
        """Bounds of a figure of the claim.

        Args:
            anchor: which.
            fields: the claim's.
            start, end: the quote's bounds.
            moved: how far the quote was from where the claim said.
        """
        written, given = fields.get(anchor.name), fields.get(anchor.start)
        told = given + moved if isinstance(given, int) else None
        if isinstance(written, str) and written.strip():
            for at in (given, told):
                if isinstance(at, int) and at >= 0 and self.text.startswith(written, at):
                    return at, at + len(written)
            found = self._figure_like(written, start, end, told)
            if found:
                return found
        elif isinstance(told, int) and told in self._by_start:
            return told, self._by_start[told].end
        raise _Unplaced(
            f"{anchor.name} {written!r} is not in the quote {_short(self.text[start:end])}; copy it from the quote"
        )

    def _figure_like(self, written: str, start: int, end: int, told: int | None) -> tuple[int, int] | None:
        """A figure of the quote written so, else the same words anywhere in it, else one of the same value.

        Excel turns 5.4% into 5.40% when it saves a csv, hence the value.
        """
        inside = [one for one in self.figures if start <= one.start and one.end <= end]
        same = [one for one in inside if one.text == written]
        if not same and (span := self._within(written, start, end)):
            return span
        chosen = self._choice(same or [one for one in inside if _same_value(one, written, self.text)], told)
        return (chosen.start, chosen.end) if chosen else None

    def _choice(self, figures: list[Figure], told: int | None) -> Figure | None:
        """Of several figures the one nearest to an offset, else the first that no label holds yet."""
        if told is not None:
            return min(figures, key=lambda one: abs(one.start - told), default=None)
        return next((one for one in figures if one.start not in self._taken), figures[0] if figures else None)

    def _only_figure(self, fields: Mapping[str, Any], anchor: Anchor, start: int, end: int) -> dict[str, Any]:
        """The figure of a label that names none and has or may have one: the only free one of its quote."""
        needed, otherwise = self.labelling.needs_figure(fields), self.labelling.otherwise
        if needed is False:
            return {}
        inside = [one for one in self.figures if start <= one.start and one.end <= end and one.reason is None]
        free = [one for one in inside if one.start not in self._taken]
        if len(free) == 1:
            return {anchor.name: free[0].text, anchor.start: free[0].start}
        if inside and not free and needed is None:
            raise _Unplaced(
                f"quote {_short(self.text[start:end])} has no figure that no other label holds "
                f"({', '.join(one.text for one in inside)}); one label a figure: name another{otherwise} if it is one"
            )
        if free or needed:
            written = ", ".join(one.text for one in inside) or "none"
            raise _Unplaced(
                f"quote {_short(self.text[start:end])} does not say which figure it is about (there: {written}); "
                f"name the figure{otherwise}"
            )
        return {}

    def _fill(self, fields: dict[str, Any]) -> None:
        """Fill in what the claim leaves blank: what its figures say, and what its task completes by its section."""
        form = self.labelling.form_of(fields.get("type"))
        if form is None:
            return
        for anchor in form.anchors:
            figure, upper = self._by_start.get(fields.get(anchor.start, -1)), "value" not in _said(anchor, fields)
            names = anchor.read.items() if figure else ()
            read = {name: getattr(figure, part) for name, part in names if part != "value_max" or upper}
            fields |= {name: value for name, value in read.items() if value is not None and name not in fields}
        fields |= self.labelling.completed(fields, section_at(self._sections, fields["start"]))


def _said(anchor: Anchor, fields: Mapping[str, Any]) -> set[str]:
    """What of a figure a claim says itself."""
    return {part for name, part in anchor.read.items() if name in fields}


def _same(number: Any, known: float) -> bool:
    """Whether what was read is a number of this size; a fall may be written without its sign."""
    return isinstance(number, (int, float)) and isclose(abs(number), known)


def _same_value(figure: Figure, written: str, text: str) -> bool:
    found = find_figures(written, script=script_of(text))
    return any(abs(one.value) == abs(figure.value) and one.unit == figure.unit for one in found)


def _short(quote: str) -> str:
    """A quote as messages show it."""
    return repr(quote if len(quote) <= 40 else f"{quote[:20]}…{quote[-19:]}")
