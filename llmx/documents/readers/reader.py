"""What is known of a format: how a file of it is told, what it is called, and what reads it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal

from llmx.documents.readers.content import Content
from llmx.errors import InputError, UnreadableInput, UsageError

Gives = Literal["text", "files", "rows"]


@dataclass(frozen=True, slots=True)
class Reader:
    """A format that is read.

    Its module in this room has `parse(data, where) -> Parsed`; that of one that gives files has
    `members(data, where) -> Iterator[Member]`, that of one that gives rows `rows(data, where, column)`.
    """

    name: str
    """What messages call it."""
    suffixes: tuple[str, ...]
    """What its files are called; a file is told by its content all the same."""
    sniff: Callable[[Content], bool]
    """Whether a file is of it; asked in the order of the table."""
    module: str = ""
    """The module that reads it; the name's own unless given."""
    extra: str | None = None
    """What `pip install 'llmx-extract[…]'` adds for it."""
    needs: tuple[str, ...] = ()
    """The libraries that it needs."""
    gives: Gives = "text"
    """The text of a report, files that are read in turn, or rows of a table."""
    textual: bool = False
    """Its files look like text, so that a script or a style may be taken for one."""
    seconds: float | None = None
    """It is read in a process of its own, which is ended when nothing is heard of it for so long: its library is not
    Python, or young. None where it is read in this one."""

    @property
    def home(self) -> str:
        """The module that reads it."""
        return self.module or self.name

    def load(self, where: str) -> Any:
        """That module, imported.

        Raises:
            UsageError: a library is not installed.
        """
        self.check(where)
        return import_module(f"llmx.documents.readers.{self.home}")

    def check(self, where: str) -> None:
        """Make sure that its libraries are there.

        Raises:
            UsageError: a library is not installed.
        """
        missing = next((name for name in self.needs if not installed(name)), None)
        if missing:
            raise UsageError(
                f"{where}: reading {self.name} needs {missing}; install it with: pip install 'llmx-extract[{self.extra}]'"
            )


@dataclass(frozen=True, slots=True)
class Refused:
    """A kind of file that is told only to be refused."""

    name: str
    suffixes: tuple[str, ...]
    sniff: Callable[[Content], bool]
    advice: str
    """What it is and what to do: goes on after the file's name."""
    error: type[InputError] = UnreadableInput
    """What is raised."""


def installed(name: str) -> bool:
    """Whether a library can be imported; nothing is."""
    try:
        return find_spec(name) is not None
    except ValueError:  # a stub without a spec: someone put it there on purpose
        return True
