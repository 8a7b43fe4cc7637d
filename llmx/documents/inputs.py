"""Files, folders and patterns to the files that they name."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from llmx.documents.readers.kinds import SHELVED, SUFFIXES, TOLD, is_certain
from llmx.errors import InputError, UnreadableInput

__all__ = [
    "SHELVED",
    "STANDARD_INPUT",
    "SUFFIXES",
    "TOLD",
    "find_inputs",
    "free_name",
    "path_of",
    "report_id",
    "safe_name",
    "shown",
]

STANDARD_INPUT = "-"
_TAKEN = (*SHELVED, *TOLD)
_OF_A_RUN = (".txt", ".md")
_HIDDEN = (".", "~$")
"""How the names of hidden files begin, and of those that Word keeps beside an open one."""
_ESCAPED = re.compile(rb"\\x([89a-f][0-9a-f])")


def find_inputs(patterns: Sequence[str]) -> Iterator[Path | InputError]:
    """The files that paths, folders and globs name, each once, in the order given.

    Only what a name in a folder does not tell is looked into. A run's own folder may stand among the reports: pages and tables in it are not taken for some.

    Args:
        patterns: files, folders (searched below, hidden ones left out), globs (`**` too), or `-`.

    Yields:
        A path, or the error of a pattern that names nothing or of a folder that cannot be listed; `-` comes back as
        `Path("-")`.
    """
    seen: set[str] = set()
    for pattern in patterns:
        for found in _named(pattern):
            if isinstance(found, InputError):
                yield found
            elif (real := os.path.realpath(found)) not in seen:
                seen.add(real)
                yield found


def _named(pattern: str) -> Iterator[Path | InputError]:
    path = Path(pattern)
    if pattern == STANDARD_INPUT:
        yield path
    elif os.path.isdir(path):
        wanted = f"no report in this folder; it is searched for {', '.join(SUFFIXES)} files"
        yield from _some(_reports_in(path), f"{shown(path)}: {wanted}")
    elif os.path.exists(path):
        yield path
    elif glob.has_magic(pattern):
        wanted = "no file matches this pattern; check it, and quote it for the shell"
        yield from _some(_matching(pattern), f"{shown(path)}: {wanted}")
    else:
        yield UnreadableInput(f"{shown(path)}: no such file or folder, or no permission to look; check the path")


def _some(found: Iterator[Path | InputError], wanted: str) -> Iterator[Path | InputError]:
    """What is found, or the error that nothing was."""
    empty = True
    for one in found:
        empty = False
        yield one
    if empty:
        yield UnreadableInput(wanted)


def _matching(pattern: str) -> Iterator[Path | InputError]:
    for name in sorted(glob.glob(pattern, recursive=True)):
        if os.path.isdir(name):
            yield from _reports_in(Path(name))
        else:
            yield Path(name)


def find_passed_over(patterns: Sequence[str]) -> list[Path]:
    """The files of the folders among some patterns that `find_inputs` does not take: neither hidden ones nor those of a
    run or of a saved page."""
    found = []
    for folder in patterns:
        for base, names in _listed(Path(folder), []) if os.path.isdir(folder) else ():
            if "run.json" not in names and not _is_beside_page(base):
                found += [Path(base, name) for name in names if not _is_taken(base, name, _TAKEN)]
    return found


def _reports_in(folder: Path) -> Iterator[Path | InputError]:
    """The reports of a folder and then of those below it, sorted, without hidden ones; then what could not be listed."""
    closed: list[OSError] = []
    for base, names in _listed(folder, closed):
        wanted = _OF_A_RUN if "run.json" in names else SUFFIXES if _is_beside_page(base) else _TAKEN
        yield from (Path(base, name) for name in names if _is_taken(base, name, wanted))
    for error in closed:
        where = shown(Path(os.fsdecode(error.filename)))
        yield UnreadableInput(f"{where}: cannot be listed: {error.strerror}; check its permissions")


def _listed(folder: Path, closed: list[OSError]) -> Iterator[tuple[str, list[str]]]:
    """A folder and those below it, each with the names of its files, sorted; hidden ones are left out."""
    for base, folders, files in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield base, [name for name in sorted(files) if not name.startswith(_HIDDEN)]


def _is_taken(base: str, name: str, wanted: tuple[str, ...]) -> bool:
    """Whether a file is taken from a folder: by its name, or by its content where that tells a report for certain."""
    return name.lower().endswith(wanted) or (wanted is _TAKEN and is_certain(Path(base, name)))


def _is_beside_page(folder: str) -> bool:
    """Whether a folder holds the pictures of a page that a browser saved, which are no reports."""
    return folder.endswith(("_files", ".files"))


def shown(path: Path) -> str:
    """A path as messages and records write it: bytes in its name that are no UTF-8 as `\\xab`; `path_of` goes back."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def path_of(name: str) -> Path:
    """The path that `shown` wrote, where such a file is there; else the name as a path."""
    if os.path.lexists(name) or "\\x" not in name:
        return Path(name)
    raw = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), name.encode("utf-8", "surrogateescape"))
    return Path(os.fsdecode(raw))


def report_id(path: Path) -> str:
    """The id of a report that stands alone: its file's name without suffix and outer blanks; `stdin` for `-`."""
    return safe_name(path.stem) if str(path) != STANDARD_INPUT else "stdin"


def safe_name(name: str) -> str:
    """A name that prints on one line, otherwise as it is."""
    printable = (
        char if char.isprintable() or char == "\u3000" else "_"
        for char in os.fsencode(name).decode("utf-8", "replace").strip()
    )
    return "".join(printable) or "report"


def free_name(name: str, taken: set[str]) -> str:
    """The name, or the name with the first number that makes it new; noted as taken."""
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}-{number}"
    taken.add(free)
    return free
