"""What a run did: run.json, and a line a report in reports.jsonl."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar, overload

from pydantic import BaseModel, ConfigDict, ValidationError

from llmx.calls import Totals
from llmx.errors import InputError, UnreadableInput
from llmx.outputs.commits import settle
from llmx.outputs.files import writing
from llmx.outputs.store import Store
from llmx.task import DEFAULT

ModelT = TypeVar("ModelT", bound=BaseModel)

MANIFEST, REPORTS = "run.json", "reports.jsonl"
LAYOUT, SHARDED = 2, 3
"""The layout of a run's folder. 1: reports in run.json itself, until 0.1; 2: in reports.jsonl; 3: in shards, each a
folder of its own."""


class InputSummary(BaseModel):
    """One report of a run: a line of reports.jsonl."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)

    report: str
    """The report's id."""
    source: str | None
    """The path it was read from."""
    sha256: str | None
    """SHA-256 of its bytes."""
    encoding: str | None
    """How its bytes were decoded."""
    characters: int
    """Length of its text."""
    records: dict[str, int]
    """Records by type."""
    figures_claimed: int
    """Figures that a record holds."""
    figures_unclaimed: int
    """Figures without a record that nothing explains."""
    figures_explained: int
    """Figures without a record that have a reason: dates, names, ranks, …"""
    unclaimed: list[tuple[int, int, str | None]] | None = None
    """Figures without a record: start, end and reason; null in a run of before 0.3, which did not keep them."""
    turned_away: list[str]
    """Names of projects that the model claimed and code holds for none."""
    failures: int
    """Stretches of it that failed."""
    missing: list[dict[str, Any]] = []
    """What a language model claimed and the text does not bear out, as records without a place; they are in no other
    file."""
    misplaced: str = ""
    """Why it may be another document than the one that its name, folder or column says; empty where it looks right."""
    row: dict[str, str] = {}
    """Of a row of a table, what its other columns say, by heading."""
    facts: dict[str, Any]
    """Place, level, kind, year, meeting and date, with their words."""
    outline: list[list[Any]] = []
    """Its sections, as `llmx.sections.packed` writes them."""
    narrow: list[str] = []
    """Its sections whose tense was decided by little, by place and heading: worth a look."""
    settings: dict[str, Any] = {}
    """What it was read with, as far as records depend on it: version, model and the model's settings."""
    size: int = 0
    """Bytes of its lines in records.jsonl, which stand together, in the order of the reports."""


class Manifest(BaseModel):
    """All that is needed to know what a run's records are of."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    layout: int = LAYOUT
    """The layout of the run's folder."""
    version: str
    """llmx's version."""
    model: str
    """What read the reports."""
    task: str = DEFAULT
    """What was extracted: a name, a folder or module:NAME."""
    given: dict[str, Any] = {}
    """What the task was given besides: of government reports the user's own indicators."""
    settings: dict[str, Any]
    """The options that the run was given."""
    started: str
    """When it began: ISO 8601 with zone."""
    finished: str | None = None
    """When it ended."""
    seconds: float | None = None
    """How long it took."""
    interrupted: bool = False
    """Whether it was stopped before all inputs were read."""
    shards: int = 0
    """Into how many shards the run is cut; 0 for none."""
    inputs: Sequence[InputSummary] = []
    """The reports that the folder holds, in order; in reports.jsonl, not in run.json. Of a run that is cut into shards
    none is here: see `SavedRun.reports`."""
    reports: int = 0
    """How many they are."""
    figures_claimed: int = 0
    """Figures that a record holds, over all reports."""
    figures_unclaimed: int = 0
    """Figures without a record that nothing explains, over all reports."""
    taken_up: int = 0
    """How many of them it held already and were not read again."""
    records: dict[str, int] = {}
    """Records by type, over all reports."""
    failures: int = 0
    """Lines of failures.jsonl."""
    missing: int = 0
    """What a language model claimed and the texts do not bear out: see `missing` in reports.jsonl."""
    warnings: list[str] = []
    """What did not fail but should be known: a cache that could not be read, reports that were read anew."""
    usage: Totals | None = None
    """What a language model's calls of this run came to."""
    ledger: Totals | None = None
    """What all calls in this folder came to, those of earlier runs included: the sum of ledger.jsonl."""


def read_manifest(folder: Path) -> Manifest:
    """What a folder says of its run, with its reports.

    Raises:
        UnreadableInput: no run is there, or it may not be read.
        InputError: run.json or reports.jsonl is damaged, or of a layout that is not known yet.
    """
    path = folder / MANIFEST
    try:
        settle(folder)
        manifest = _checked(Manifest, path, path.read_bytes(), "the file")
        if manifest.layout == LAYOUT:
            path = folder / REPORTS
            manifest.inputs = list(read_summaries(path))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UnreadableInput(
            f"{folder}: no run in this folder ({path.name} is missing); give the --out of a run"
        ) from error
    except OSError as error:
        raise UnreadableInput(f"{path}: cannot be read: {error.strerror}; check its permissions") from error
    return manifest


def read_summaries(path: Path) -> Iterator[InputSummary]:
    """The reports of a reports.jsonl.

    Raises:
        InputError: a line is damaged.
        OSError: it cannot be read.
    """
    with open(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            yield _checked(InputSummary, path, line, f"line {number}")


class Reports(Sequence[InputSummary]):
    """The reports of a reports.jsonl, read one by one each time: a thousand take 10 MB.

    Args:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def __iter__(self) -> Iterator[InputSummary]:
        return read_summaries(self._path)

    def __len__(self) -> int:
        with open(self._path, "rb") as lines:
            return sum(1 for _ in lines)

    @overload
    def __getitem__(self, at: int) -> InputSummary: ...
    @overload
    def __getitem__(self, at: slice) -> list[InputSummary]: ...
    def __getitem__(self, at: int | slice) -> InputSummary | list[InputSummary]:
        return list(self)[at]


def manifest_at(store: Store) -> Manifest:
    """What a store says of its run.

    Raises:
        UnreadableInput: no run is there.
        InputError: run.json is damaged, or of a layout that is not known yet.
        OutputError: what a killed process has begun cannot be finished.
    """
    path = f"{store.root}/{MANIFEST}"
    if store.local:
        with writing(store.local):
            settle(store.local)
    for data in store.read([MANIFEST]).values():
        return _checked(Manifest, path, data, "the file")
    raise UnreadableInput(f"{store.root}: no run there ({MANIFEST} is missing); give the --out of a run")


def _checked(kind: type[ModelT], path: Path | str, data: bytes, where: str) -> ModelT:
    """What a file or a line of it says.

    By way of json: pydantic refuses the lone surrogates that a name which is no UTF-8 was written as.
    """
    try:
        fields = json.loads(data)
        layout = fields.get("layout", 1) if isinstance(fields, dict) else 1
        if kind is Manifest and isinstance(layout, int) and layout > SHARDED:
            raise InputError(
                f"{path}: layout {layout} of a newer llmx, this one reads up to {SHARDED}; "
                "upgrade llmx, or give another folder"
            )
        return kind.model_validate(fields if kind is InputSummary else {"layout": 1, **fields})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(map(str, first["loc"])) or where
        raise InputError(
            f"{path}: damaged at {where}: {first['msg']}; run the extraction again into another folder"
        ) from error
    except (ValueError, TypeError) as error:
        raise InputError(
            f"{path}: damaged at {where}: {error}; run the extraction again into another folder"
        ) from error
