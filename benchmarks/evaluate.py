"""Speed of the alignment, and side by side with stickler-eval, as ratios measured in one run.

    python benchmarks/evaluate.py

Prints, on the labelled reports of the tests and what `rules` makes of them:
- time of aligning 500 with 500 and 2,000 with 2,000 records, over a bare comparison of every pair,
- the same where every 40 records share one quote, as lists of projects do,
- time of stickler-eval over ours on the same 100 records, and how many pairs are the same where both define them:
  labels that both give a partner, ours by overlap of half or more, theirs by a likeness of 0.7 or more.
  For this: pip install stickler-eval==1.0.0
"""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import llmx
from llmx.evaluation import Label, align, likeness, read_labels

TESTS = Path(__file__).parent.parent / "tests"

PLACES = ("start", "end", "figure_start", "figure_end")

Sides = tuple[list[Label], list[Label]]


def main() -> None:
    """Measure and print."""
    align(*records(10))  # scipy is imported at the first
    for size, limit in ((500, 0.2), (2_000, 2.0)):
        aligning(f"{size} with {size} records", records(size), limit)
        aligning(f"{size} with {size}, 40 to a quote", crowded(records(size)), limit)
    if find_spec("stickler"):
        side_by_side(*records(100))
    else:
        print("stickler-eval is not installed: pip install stickler-eval==1.0.0")


def records(size: int) -> Sides:
    """So many predicted and gold records of one long report: the labelled reports behind each other, over and over."""
    predicted: list[Label] = []
    gold: list[Label] = []
    offset = 0
    while min(len(predicted), len(gold)) < size:
        for path in sorted((TESTS / "labels").glob("*.jsonl")):
            result = llmx.extract(TESTS / "reports" / f"{path.stem}.txt")
            predicted += [shifted(Label.of(record), offset) for record in result.records]
            gold += [shifted(label, offset) for label in read_labels(path)]
            offset += len(result.document.text)
    return predicted[:size], gold[:size]


def shifted(label: Label, offset: int) -> Label:
    """The label so much further on, in a report of another name."""
    moved = {name: label.values[name] + offset for name in PLACES if name in label.values}
    return Label.of({**label.values, "report": "long", **moved})


def crowded(sides: Sides) -> Sides:
    """The same records as projects, every 40 of them under one quote."""
    return tuple([project(label, at // 40) for at, label in enumerate(side)] for side in sides)


def project(label: Label, group: int) -> Label:
    """A project of a group, named as the label is."""
    fields = {"report": label.report, "type": "project", "name": label.naming or label.quote, "quote": "某" * 50}
    return Label.of({**fields, "start": group * 100, "end": group * 100 + 50})


def best(call: Callable[[], object], times: int = 3) -> float:
    """The least of several runs, in seconds, each without what an earlier one remembered of likeness."""
    taken = []
    for _ in range(times):
        likeness.cache_clear()
        begin = time.perf_counter()
        call()
        taken.append(time.perf_counter() - begin)
    return min(taken)


def aligning(name: str, sides: Sides, limit: float) -> None:
    """Time of an alignment over the cheapest thing that could be done with every pair."""
    seconds = best(lambda: align(*sides))
    bare = best(lambda: [ours.type == theirs.type for ours in sides[0] for theirs in sides[1]])
    pairs = sum(match.aligned for match in align(*sides))
    print(f"{name}: {seconds:.3f} s, {pairs} aligned ({seconds / limit:.2f} of {limit} s; ", end="")
    print(f"{seconds / bare:.2f} times a bare comparison of every pair)")


def side_by_side(predicted: list[Label], gold: list[Label]) -> None:
    """stickler-eval on the same lists: time, and whether its pairs are ours."""
    lists, theirs = stickler(predicted, gold)
    ours = {id(match.gold): id(match.predicted) for match in align(predicted, gold) if match.aligned}
    matched = {gold_at: at for gold_at, at, score in theirs() if score >= 0.7}
    both = [at for at in matched if id(gold[at]) in ours]
    same = sum(ours[id(gold[at])] == id(predicted[matched[at]]) for at in both)
    seconds, other = best(lambda: align(predicted, gold)), best(lists, 1)
    print(f"stickler-eval at {len(gold)} records: {other / seconds:.0f} times our {seconds * 1000:.1f} ms; ", end="")
    print(f"{len(ours)} pairs of ours, {len(matched)} of theirs, {same} of {len(both)} the same where both have one")
    for at in islice((at for at in both if ours[id(gold[at])] != id(predicted[matched[at]])), 5):
        print(f"  {gold[at].quote!r} {gold[at].figure}: they pair {predicted[matched[at]].quote!r}")


def stickler(
    predicted: list[Label], gold: list[Label]
) -> tuple[Callable[[], object], Callable[[], list[tuple[int, int, float]]]]:
    """Two calls: one compares the lists as its users would, one gives its pairs with their likeness."""
    from stickler import ComparableField, ExactComparator, LevenshteinComparator, NumericComparator, StructuredModel
    from stickler.algorithms.hungarian import HungarianMatcher

    class Item(StructuredModel):
        type: str = ComparableField(comparator=ExactComparator(), weight=3.0)
        start: int = ComparableField(comparator=NumericComparator(absolute_tolerance=5), weight=3.0)
        figure: str = ComparableField(comparator=LevenshteinComparator(), weight=3.0)
        quote: str = ComparableField(comparator=LevenshteinComparator(), weight=1.0)
        naming: str = ComparableField(comparator=LevenshteinComparator(), weight=1.0)

    class Items(StructuredModel):
        items: list[Item] = ComparableField(weight=1.0)

    def made(labels: list[Label]) -> list[Item]:
        return [
            Item(
                type=one.type, start=one.anchor.start, figure=one.figure or "", quote=one.quote, naming=one.naming or ""
            )
            for one in labels
        ]

    ours, theirs = made(predicted), made(gold)
    whole = Items(items=theirs), Items(items=ours)
    matcher = HungarianMatcher(lambda a, b: a.compare(b))
    return (
        lambda: whole[0].compare_with(whole[1]),
        lambda: matcher.calculate_metrics(theirs, ours)["matched_pairs"],
    )


if __name__ == "__main__":
    main()
