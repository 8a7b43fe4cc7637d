"""Files, folders and patterns to the files that they name."""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from llmx.errors import InputError, UnreadableInput

SUFFIXES = (".txt", ".md")
"""What is taken from a folder; a file named outright is read whatever its suffix."""

STANDARD_INPUT = "-"


def find_inputs(patterns: Sequence[str]) -> Iterator[Path | InputError]:
    """The files that paths, folders and globs name, each once, in the order given.

    Args:
        patterns: files, folders (searched below, hidden ones left out), globs (`**` too), or `-`.

    Yields:
        A path, or the error of a pattern that names nothing; `-` comes back as `Path("-")`.
    """
    seen: set[Path] = set()
    for pattern in patterns:
        found = _named(pattern)
        if isinstance(found, InputError):
            yield found
            continue
        for path in found:
            if path.resolve() not in seen:
                seen.add(path.resolve())
                yield path


def _named(pattern: str) -> list[Path] | InputError:
    path = Path(pattern)
    if pattern == STANDARD_INPUT or path.is_file():
        return [path]
    if path.is_dir():
        return _below(path) or UnreadableInput(
            f"{pattern}: no report in this folder; it is searched for {' and '.join(SUFFIXES)} files"
        )
    if glob.has_magic(pattern):
        matched = [Path(name) for name in sorted(glob.glob(pattern, recursive=True))]
        files = [file for one in matched for file in (_below(one) if one.is_dir() else [one])]
        return files or UnreadableInput(
            f"{pattern}: no file matches this pattern; check it, and quote it for the shell"
        )
    return UnreadableInput(f"{pattern}: no such file or folder; check the path")


def _below(folder: Path) -> list[Path]:
    """The reports below a folder, sorted, without hidden ones."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES
        and path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def report_ids(paths: Sequence[Path]) -> list[str]:
    """An id for each path, all different: the file's name without suffix, with its folder's where two are the same.

    Args:
        paths: in the order of a run.
    """
    stems = Counter(path.stem for path in paths)
    taken: Counter[str] = Counter()
    ids = []
    for path in paths:
        name = path.stem if path != Path(STANDARD_INPUT) else "stdin"
        if stems[path.stem] > 1 and path.parent.name:
            name = f"{path.parent.name}-{path.stem}"
        taken[name] += 1
        ids.append(name if taken[name] == 1 else f"{name}-{taken[name]}")
    return ids
