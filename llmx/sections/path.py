"""The likeliest path through a sequence, with how surely each step was decided. Knows nothing of texts.

Viterbi's algorithm, and the same from behind: for each step the best path that takes it through another class of states
tells by how much the chosen class won (the max-marginals of a chain).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

Turns = Mapping[tuple[int, int], float]
"""What it costs to go from one state to another; a pair that is not there cannot follow. To stay costs nothing."""


class Step(NamedTuple):
    """One element of the sequence."""

    scores: Sequence[float]
    """What speaks for each state, by its number."""
    costs: Sequence[float]
    """What it costs to enter each state here, on top of the turn itself."""


class Path(NamedTuple):
    """The best path."""

    states: list[int]
    """The state of each step."""
    margins: list[float]
    """By how much the best path beats the best one that passes the step in another class; the infinite number where no
    path does."""
    total: float
    """What the path scores."""


_NEVER = float("-inf")


def best_path(steps: Sequence[Step], first: Sequence[float], turns: Turns, classes: Sequence[int]) -> Path:
    """The best path through the steps.

    Args:
        steps: the sequence.
        first: the cost of beginning in each state.
        turns: what turns cost.
        classes: the class of each state, between which the margin is measured.

    Returns:
        The path; time grows linearly with the number of steps. An empty path for no steps.
    """
    if not steps:
        return Path([], [], 0.0)
    size = len(first)
    into = [[(q, cost) for (q, t), cost in turns.items() if t == s] for s in range(size)]
    ahead, back = _forward(steps, first, into)
    state = max(range(size), key=ahead[-1].__getitem__)
    total = ahead[-1][state]
    states = [state]
    for came in reversed(back):
        state = came[state]
        states.append(state)
    states.reverse()
    return Path(states, _margins(ahead, _backward(steps, into), states, classes), total)


_Into = Sequence[Sequence[tuple[int, float]]]
"""For each state, those it may be entered from, with the turn's cost."""


def _forward(steps: Sequence[Step], first: Sequence[float], into: _Into) -> tuple[list[list[float]], list[list[int]]]:
    """The best score that ends in each state at each step, and from which state it came."""
    best = [score - cost for score, cost in zip(steps[0].scores, first, strict=True)]
    ahead, back = [best], list[list[int]]()
    for scores, costs in steps[1:]:
        row, came = best[:], list(range(len(best)))
        for state, entries in enumerate(into):
            most, at, dear = best[state], state, costs[state]
            for before, cost in entries:
                value = best[before] - cost - dear
                if value > most:
                    most, at = value, before
            row[state], came[state] = most + scores[state], at
        best = row
        ahead.append(best)
        back.append(came)
    return ahead, back


def _backward(steps: Sequence[Step], into: _Into) -> list[list[float]]:
    """The best score of what follows each step, by the state at the step."""
    rest = [0.0] * len(into)
    behind = [rest]
    for scores, costs in reversed(steps[1:]):
        row = [value + score for value, score in zip(rest, scores, strict=True)]
        following = row
        rest = following[:]
        for state, entries in enumerate(into):
            gain = following[state] - costs[state]
            for before, cost in entries:
                value = gain - cost
                if value > rest[before]:
                    rest[before] = value
        behind.append(rest)
    behind.reverse()
    return behind


def _margins(
    ahead: Sequence[Sequence[float]],
    behind: Sequence[Sequence[float]],
    states: Sequence[int],
    classes: Sequence[int],
) -> list[float]:
    members = {one: [state for state, its in enumerate(classes) if its == one] for one in set(classes)}
    others = {one: [state for state, its in enumerate(classes) if its != one] for one in members}
    total = ahead[-1][states[-1]]
    return [
        total - max((front[state] + rear[state] for state in others[classes[chosen]]), default=_NEVER)
        for front, rear, chosen in zip(ahead, behind, states, strict=True)
    ]
