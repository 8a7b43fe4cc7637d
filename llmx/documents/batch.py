"""The reports that a batch is made of, and what each is called: one id, one report."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from os import PathLike, fspath
from pathlib import Path, PurePosixPath

from llmx.documents.collections import expand, is_collection
from llmx.documents.document import Document
from llmx.documents.inputs import find_inputs, find_passed_over, free_name, report_id, safe_name, shown
from llmx.documents.reading import read
from llmx.errors import InputError

_NAMED = 5
Given = str | PathLike[str] | Document | InputError
Paths = str | PathLike[str] | Document | Sequence[str | PathLike[str] | Document]


@dataclass(frozen=True)
class Part:
    """One report of a batch, or what kept it from being one."""

    given: str | Document | InputError
    """A document, why there is none, or a path, as text: of many files, Paths would be half of what is in memory."""
    source: str
    """Where it comes from, as records of it say."""
    name: str
    """What it is called where nothing else is."""
    above: str = ""
    """What tells it from others of that name: its folder, or the archive that it is in."""

    @cached_property
    def sha256(self) -> str | None:
        """SHA-256 of its bytes; None where there are none."""
        if isinstance(self.given, Document):
            return self.given.sha256
        if isinstance(self.given, InputError):
            return None
        try:
            with open(self.given, "rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return None

    def called(self, id: str) -> Path | Document | InputError:
        """What was given, under an id."""
        if isinstance(self.given, str):
            return Path(self.given)
        return replace(self.given, id=id) if isinstance(self.given, Document) and self.given.id != id else self.given


def parts_of(
    inputs: Iterable[Given], column: str | None = None, single: Callable[[Path], bool] = lambda _: False
) -> list[Part]:
    """The reports of files, folders, globs and documents, those of archives and tables one by one.

    Args:
        inputs: what a caller gave; errors pass through.
        column: the column of a .csv, or the element of an .xml, that holds the text of a report.
        single: whether a file is known to be one report, so that it need not be looked into.
    """
    parts: list[Part] = []
    seen: set[str | Document | InputError] = set()
    for one in (one for given in inputs for one in _found(given)):
        if (key := str(one) if isinstance(one, Path) else one) in seen:
            continue
        seen.add(key)
        if isinstance(one, Path) and not single(one) and is_collection(one):
            parts += [_part(inner, one) for inner in expand(one, column)]
        else:
            parts.append(_part(one))
    return parts


def _found(given: Given) -> Iterable[Path | Document | InputError]:
    return [given] if isinstance(given, (Document, InputError)) else find_inputs([fspath(given)])


def _part(given: Path | Document | InputError, collection: Path | None = None) -> Part:
    if isinstance(given, Path):
        path, source = str(given), shown(given)
        above = sys.intern(safe_name(given.parent.name) if given.parent.name else "")
        return Part(path, path if source == path else source, report_id(given), above)  # the same words are held once
    above = safe_name(collection.stem) if collection else ""
    if isinstance(given, Document):
        return Part(given, given.source or given.id, given.id, above)
    source = _blamed(str(given), shown(collection) if collection else "")
    return Part(given, source, safe_name(PurePosixPath(source.rpartition("#")[2]).stem), above)


def _blamed(message: str, collection: str) -> str:
    """What a message says cannot be read: it begins with that, and goes on after a colon."""
    if collection and not message.startswith(f"{collection}#"):
        return collection
    return message[: len(collection)] + message[len(collection) :].split(": ")[0]


def ids_of(parts: Sequence[Part], known: Mapping[int, str], reserved: Collection[str] = ()) -> list[str]:
    """An id for each report of a batch, all different.

    Args:
        parts: the reports.
        known: ids that some have already, by their number in `parts`.
        reserved: ids of other reports.

    Returns:
        `report`; `2024-report` and `2025-report` where two are of one name, by folder or archive; `report` and `report-2`
        where that is the same too.
    """
    count = Counter(part.name for part in parts)
    taken = {*reserved, *known.values()}
    return [
        known[number]
        if number in known
        else free_name(f"{part.above}-{part.name}" if count[part.name] > 1 and part.above else part.name, taken)
        for number, part in enumerate(parts)
    ]


def same_twice(parts: Sequence[Part]) -> list[str]:
    """Say which reports of a batch are the same, byte for byte.

    Each is read as it was given, for one of two names may be the wrong one, and which is not to be told from the bytes:
    who has copies leaves some out, and who has a neighbour's report under another name gets the right one.
    """
    counts = Counter(part.sha256 for part in parts)
    alike: dict[str, list[str]] = {}
    for part in parts:
        if part.sha256 and counts[part.sha256] > 1:
            alike.setdefault(part.sha256, []).append(part.source)
    return [
        f"the same report stands in {' and in '.join(sources[:_NAMED])}"
        f"{f' and {len(sources) - _NAMED} more' if len(sources) > _NAMED else ''}: its records are counted "
        f"{len(sources)} times; leave all but one out, or get the right one"
        for sources in alike.values()
    ]


def passed_over(inputs: Iterable[Given]) -> list[str]:
    """Say which files of the folders given are not taken for reports: tables, data, scripts."""
    given = [fspath(one) for one in inputs if not isinstance(one, (Document, InputError))]
    names = [shown(path) for path in find_passed_over(given)]
    if not names:
        return []
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return [
        f"{len(names)} file{'s' * (len(names) != 1)} of the folders given passed over as no reports "
        f"({', '.join(names[:_NAMED])}{more}); name a table outright, with --column, or a text as .txt"
    ]


def report_ids(paths: Sequence[Path]) -> list[str]:
    """The ids of reports that stand in files of their own, in the order of the paths."""
    return ids_of([_part(path) for path in paths], {})


def read_reports(sources: Paths) -> dict[str, Document]:
    """Reports by id.

    Args:
        sources: files, folders, globs or documents.

    Raises:
        InputError: one cannot be read.
    """
    listed = [sources] if isinstance(sources, (str, PathLike, Document)) else list(sources)
    found = {one.id: one for one in listed if isinstance(one, Document)}
    paths: list[Path] = []
    for one in find_inputs([fspath(one) for one in listed if not isinstance(one, Document)]):
        if isinstance(one, InputError):
            raise one
        paths.append(one)
    return found | {id: read(path, id=id) for id, path in zip(report_ids(paths), paths, strict=True)}
