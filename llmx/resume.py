"""What is to be done for each input of a run whose folder holds an earlier one.

A report is known again by its source, and by its SHA-256 where the file has moved. What is the same - bytes, version,
model and settings - is kept; stretches of it that failed are asked again; what has changed is read anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import PurePath
from typing import Any, Literal

from llmx.documents import Part, ids_of
from llmx.errors import InputError, UsageError
from llmx.extractor import Job
from llmx.outputs import Earlier, Failure, InputSummary
from llmx.results import Result

_NOT_OF_RECORDS = ("paths", "formats")
"""Settings of a run that no record depends on."""
_OF_THE_VERSION = ("version", "prompt")
"""What comes with llmx itself: where only these differ, a report is read anew without being asked for by --force."""
_LISTED = 5
Unnamed = Literal["refused", "kept", "dropped"]


@dataclass(frozen=True, slots=True)
class Planned:
    """One input of a run, and what is to be done for it."""

    part: Part
    id: str
    """What records call it."""
    held: InputSummary | None
    """What the folder holds of it."""
    job: Callable[[], Job] | None
    """Gives what is to be read or asked; None where all that the folder holds stays as it is."""
    again: bool = False
    """Whether only what failed of it is asked."""


@dataclass(frozen=True)
class Schedule:
    """All that a run is to do."""

    inputs: list[Planned]
    closed: list[InputSummary]
    """Reports that the folder holds of archives and tables that are among the inputs and cannot be opened any more."""
    unnamed: list[InputSummary]
    """Reports of the folder that are not among the inputs."""
    warnings: list[str]
    """What is done without being asked for."""

    @cached_property
    def sources(self) -> frozenset[str]:
        """Where the inputs come from."""
        return frozenset(one.part.source for one in self.inputs)

    @property
    def kept(self) -> int:
        """How many reports are not read again."""
        return sum(one.job is None for one in self.inputs)


def deciding(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What records depend on, as it comes back from a file: version, model, and how it is asked."""
    told = {name: value for name, value in settings.items() if name not in _NOT_OF_RECORDS}
    found: dict[str, Any] = json.loads(json.dumps(told, default=str))
    return found


def schedule(
    parts: Sequence[Part],
    earlier: Earlier,
    settings: Mapping[str, Any],
    unnamed: Unnamed = "refused",
) -> Schedule:
    """Decide what is to be done for each input.

    Args:
        parts: the inputs.
        earlier: what the folder holds.
        settings: what records depend on; see `deciding`.
        unnamed: what becomes of reports that the folder holds and that are not among the inputs; with `dropped`, those
            of another model or other settings are replaced too.

    Raises:
        UsageError: records would be lost that nobody gave leave to lose; the message says how to.
    """
    held = _known(parts, earlier)
    ids = ids_of(parts, {number: one.report for number, one in held.items()}, earlier.reports)
    named = {one.report for one in held.values()}
    broken = {part.source for part in parts if isinstance(part.given, InputError)}
    left = [one for id, one in earlier.reports.items() if id not in named]
    closed = [one for one in left if _files(one) & broken]
    left = [one for one in left if not _files(one) & broken]
    if unnamed == "refused" and left:
        raise UsageError(
            f"{earlier.folder}: holds {listed([_shown(one) for one in left])} of other inputs; "
            "give another --out, --retry-failed to keep them, or --force to drop them"
        )
    if unnamed != "dropped":
        _check_settings(earlier, [*held.values()], settings)
    inputs = [
        _planned(part, id, held.get(number), earlier, settings)
        for number, (part, id) in enumerate(zip(parts, ids, strict=True))
    ]
    return Schedule(inputs, closed, left, _warnings(inputs, settings))


def _known(parts: Sequence[Part], earlier: Earlier) -> dict[int, InputSummary]:
    """What the folder holds of each part, by its number: the same file, the same elsewhere, or another version of it."""
    found: dict[int, InputSummary] = {}
    left = list(earlier.reports.values())
    for key in (_same, _moved, _changed):
        waiting: dict[object, list[InputSummary]] = {}
        for one in left:
            waiting.setdefault(key(_shown(one), one.sha256), []).append(one)
        for number, part in enumerate(parts) if left else ():
            if number not in found and (some := waiting.get(key(part.source, part.sha256))):
                found[number] = some.pop(0)
        left = [one for some in waiting.values() for one in some]
    return found


def _same(source: str, sha256: str | None) -> object:
    return source, sha256


def _moved(source: str, sha256: str | None) -> object:
    return sha256 and (PurePath(source).name, sha256)


def _changed(source: str, _: str | None) -> object:
    return source


def _planned(part: Part, id: str, held: InputSummary | None, earlier: Earlier, settings: Mapping[str, Any]) -> Planned:
    """What is to be done for an input: all of it, what failed of it, or nothing."""
    given = part.called(id)
    if isinstance(given, InputError):
        failed = Result.failed(Failure.of(given, report=None, source=part.source, stage="read"))
        return Planned(part, id, held, lambda: Job(failed, id))
    anew = Planned(part, id, held, partial(_anew, part, id))  # a lambda takes twice the room
    if held is None or held.sha256 is None or held.sha256 != part.sha256 or _differing(held, settings):
        return anew
    failures = earlier.failed(id)
    if not failures:
        return Planned(part, id, held, None)
    places = [(one.start, one.end) for one in failures if one.start is not None and one.end is not None]
    if len(places) < len(failures):  # all of it failed
        return anew
    # Its records are read when its turn comes, so that no more than a few reports' are in memory.
    job = Job(given, id, places, failures=failures, sha256=held.sha256)
    return Planned(part, id, held, lambda: replace(job, earlier=earlier.records(id)), again=True)


def _anew(part: Part, id: str) -> Job:
    """All of an input, which can be read."""
    given = part.called(id)
    assert not isinstance(given, InputError)
    return Job(given, id)


def _differing(held: InputSummary, settings: Mapping[str, Any]) -> list[str]:
    """The settings that a report was not read with."""
    return differing(held.settings, settings)


def differing(held: Mapping[str, Any], settings: Mapping[str, Any]) -> list[str]:
    """The names of settings that are not the same."""
    return [name for name in dict.fromkeys([*held, *settings]) if held.get(name) != settings.get(name)]


def refused(held: Mapping[str, Any], settings: Mapping[str, Any]) -> str:
    """What settings differ, in words, that are not changed without being asked for; empty where none do."""
    names = [name for name in differing(held, settings) if name not in _OF_THE_VERSION]
    return ", ".join(f"{name} {held.get(name)!r}, now {settings.get(name)!r}" for name in names)


def _check_settings(earlier: Earlier, held: Sequence[InputSummary], settings: Mapping[str, Any]) -> None:
    """Make sure that no records are replaced by those of another model without leave.

    Raises:
        UsageError: they would be.
    """
    for one in held:
        if one.settings and (told := refused(one.settings, settings)):
            raise UsageError(
                f"{earlier.folder}: {one.report!r} in it was read with {told}; give the same, another --out, "
                "or --force to replace its records"
            )


def _warnings(inputs: Sequence[Planned], settings: Mapping[str, Any]) -> list[str]:
    """What is read anew though the folder holds it."""
    changed, other = [], []
    for one in inputs:
        if one.held and one.job and one.part.sha256:
            if one.held.sha256 != one.part.sha256:
                changed.append(one.id)
            elif _differing(one.held, settings):
                other.append(one.id)
    said = {"changed since": changed, "read by another version or with other settings before": other}
    return [f"{listed(ids)} {words}, and read anew" for words, ids in said.items() if ids]


def source_of(failure: Failure) -> str:
    """Where a failure comes from, as `Part.source` says it."""
    return failure.source or failure.report or ""


def _files(one: InputSummary) -> set[str]:
    """The archive or table that a report is of, if it is of any: all that its source may name, for a # may be a name's."""
    parts = _shown(one).split("#")
    return {"#".join(parts[:count]) for count in range(1, len(parts))}


def _shown(one: InputSummary) -> str:
    return one.source or one.report


def listed(names: Sequence[str]) -> str:
    """How many reports, and the first few of them."""
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return f"{len(names)} report{'s' * (len(names) != 1)} ({', '.join(names[:_LISTED])}{more})"
