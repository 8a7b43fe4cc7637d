"""Whether two quotes are the same in other words."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

_SAME = 0.5
"""From this share of common pairs of characters on, a quote given again is taken for the one that was not found."""


def alike(a: str, b: str) -> bool:
    """Whether two quotes have half of their pairs of characters in common; in time linear in their lengths."""
    pairs = [Counter(pairwise(words)) for words in (a, b)]
    total = sum(sum(one.values()) for one in pairs)
    return total > 0 and 2 * sum((pairs[0] & pairs[1]).values()) >= _SAME * total
