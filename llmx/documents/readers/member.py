"""A file inside another: in an archive, or attached to a mail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """One file that another holds."""

    name: str
    """Its path in there; empty for the outer file's own text, as a mail has one."""
    size: int
    """How many bytes it says that it has; 0 where that is not known."""
    read: Callable[[int], bytes]
    """Gives its bytes, not more than so many."""

    @classmethod
    def of(cls, name: str, data: bytes) -> Member:
        """A member whose bytes are there already."""
        return cls(name, len(data), lambda most: data[:most])
