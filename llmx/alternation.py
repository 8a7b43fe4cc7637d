"""Many words as one regular expression."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping


def any_of(words: Iterable[str] | str, not_before: Mapping[str, str] | None = None) -> str:
    """A regular expression that matches any of the words, longest first, grouped by first character.

    Grouping lets the engine skip a position by its first character: a flat alternation of 100 words costs over a
    microsecond a character.

    Args:
        words: the words, or a string of them with blanks between.
        not_before: for some of the words, a pattern of what may not follow.
    """
    split = words.split() if isinstance(words, str) else list(words)
    groups: dict[str, list[str]] = {}
    for word in sorted(set(split), key=lambda word: (-len(word), word)):
        guard = f"(?!{not_before[word]})" if not_before and word in not_before else ""
        groups.setdefault(word[0], []).append(re.escape(word[1:]) + guard)
    return "(?:" + "|".join(re.escape(first) + "(?:" + "|".join(rest) + ")" for first, rest in groups.items()) + ")"
