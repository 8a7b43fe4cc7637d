"""What all loops of one model share: its money, and what its answers so far say of those to come."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from llmx.errors import EndpointError, ModelError
from llmx.models.openai.money import Budget

ALIKE = 12
"""So many failures of one kind without a single good answer end the run: what is wrong is wrong with all of it."""
_REFUSED = 3
"""So many refusals of every call end a run that went well before: fewer may be a server's passing fault."""


@dataclass
class Spending:
    """What is spent, and whether more should be."""

    budget: Budget
    dead: EndpointError | None = None
    """Set once no further call makes sense: none is sent after it."""
    stopped: bool = False
    """Set on Ctrl-C: nothing more is sent."""
    good: int = 0
    """Whole answers so far."""
    _failed: Counter[str] = field(default_factory=Counter)
    _refused: int = 0
    _went: bool = False
    _depths: dict[int, tuple[int, int]] = field(default_factory=dict)

    def succeeded(self) -> None:
        """A call went through."""
        self._refused, self._went = 0, True

    def answered(self, depth: int) -> None:
        """A question was answered whole; at which depth of halving."""
        self.good += 1
        good, bad = self._depths.get(depth, (0, 0))
        self._depths[depth] = good + 1, bad

    def refused(self, error: EndpointError) -> bool:
        """The endpoint refused a call as it would refuse all; whether that is to be believed.

        Before any call went well it is, at once, and so is always that there is no money; a single 401 or 403 after
        calls that went well may be a fault of the moment.
        """
        self._refused += 1
        if error.kind != "money" and self._went and self._refused < _REFUSED:
            return False
        self.dead = self.dead or error
        return True

    def failed(self, error: ModelError, depth: int = 0) -> None:
        """A question has no usable answer: where all fail alike from the first on, nothing more is sent."""
        good, bad = self._depths.get(depth, (0, 0))
        self._depths[depth] = good, bad + 1
        kind = f"{type(error).__name__} {getattr(error, 'kind', '')}"
        self._failed[kind] += 1
        if not self.good and not self.dead and self._failed[kind] >= ALIKE:
            self.dead = EndpointError(f"the first {ALIKE} answers all failed alike, so no more is asked: {error}")

    def worth_halving(self, depth: int) -> bool:
        """Whether to ask for the halves of what failed, which are of this depth.

        Once for each chunk; deeper only where the model has answered something whole, and not where halves of that
        depth never were.
        """
        good, bad = self._depths.get(depth, (0, 0))
        return not self.dead and (good > 0 or bad < ALIKE) and (depth == 1 or self.good > 0)
