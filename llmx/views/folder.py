"""A large run as a folder: a page a report, and what the page over all of them reads when it is asked for.

view.html               all reports: a list, a search, a comparison
view_files/reports/     a page a report, whole in itself
view_files/data/        the same reports for the search, several a file, and what is compared
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from llmx.documents import Document
from llmx.errors import InputError, OutputError
from llmx.outputs import InputSummary
from llmx.outputs.files import hidden_name, make_folder, whole, writing
from llmx.records import Record
from llmx.task import Task
from llmx.views.compared import Cell, Cells
from llmx.views.page import Frame, data_file, data_json
from llmx.views.report_data import report_data, search_data

_SHARE = 1_000_000
"""Characters of a data file: a tenth of a second of reading."""
_CELLS = 5_000
"""Figures of a file of what is compared, if they are of several things."""
_PARTS = ("reports", "data")
_KEPT = frozenset("-_.()（）《》·")
_DEVICES = {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(1, 10))}
"""Names that Windows gives no file, whatever the suffix."""


def folder_of(path: Path) -> Path:
    """The folder that goes with a page; Windows moves and deletes a folder of such a name together with its page."""
    return path.with_name(f"{path.stem}_files")


def check_folder(folder: Path) -> None:
    """Make sure that the place is free, or holds what an earlier view wrote.

    Raises:
        OutputError: something else stands there.
    """
    with writing(folder):
        if folder.exists() and not (folder.is_dir() and {one.name for one in folder.iterdir()} <= set(_PARTS)):
            raise OutputError(
                f"{folder}: holds what llmx view did not write; move it away, or give another file with --out"
            )


def remove_folder(path: Path) -> None:
    """Take away what an earlier view left beside a page, and nothing else.

    Raises:
        OutputError: it cannot be taken away.
    """
    folder = folder_of(path)
    with writing(folder):
        if folder.is_dir() and {one.name for one in folder.iterdir()} == set(_PARTS):
            shutil.rmtree(folder)


def page_names(reports: Sequence[str]) -> list[str]:
    """A file name for the page of each report, without the suffix: its id where a file can have that name everywhere."""
    names, taken = [], set()
    for report in reports:
        plain = "".join(char if char.isalnum() or char in _KEPT else "_" for char in report)[:60].strip(". ") or "_"
        plain = f"_{plain}" if plain.casefold().split(".")[0] in _DEVICES else plain
        name, number = plain, 1
        while name.casefold() in taken:
            number += 1
            name = f"{plain}-{number}"
        taken.add(name.casefold())
        names.append(name)
    return names


@dataclass(frozen=True, slots=True)
class Made:
    """A report on its way into a page."""

    summary: InputSummary
    records: Sequence[Record]
    document: Document | None
    fault: InputError | None
    told: dict[str, Any]
    """What the page says of it before its own data is read."""


Share = tuple[list[dict[str, Any]], list[tuple[str, InputError]], Cells]
"""What is told of the reports of a share, the faults of those without text, and what is compared in them."""


def write_folder(
    path: Path, run: dict[str, Any], summaries: Sequence[InputSummary], make: Callable[[InputSummary], Made], task: Task
) -> dict[str, InputError]:
    """Write the pages of a run.

    Args:
        path: the page over all reports; the folder stands beside it.
        run: what is known of the run, without `reports`.
        summaries: its reports.
        make: what reads one of them.
        task: what its records are of.

    Returns:
        The faults of reports without text, by their ids.

    Raises:
        OutputError: a file cannot be written.
    """
    folder = folder_of(path)
    check_folder(folder)
    hidden = hidden_name(folder)
    writer = _Writer(hidden, f"../../{path.name}", run, summaries, make, task)
    told, faults, cells = [], [], Cells(task)
    try:
        for part in _PARTS:
            make_folder(hidden / part)
        for some, amiss, found in side_by_side(writer.share, len(writer.shares)):
            told += some
            faults += amiss
            cells.merge(found)
        packs = [_write_pack(hidden, at, pack) for at, pack in enumerate(cells.packed(_CELLS))]
        index = run | {"folder": folder.name, "shares": writer.shares, "compared": cells.about(packs), "reports": told}
        with writing(folder):
            if folder.exists():
                shutil.rmtree(folder)
            hidden.rename(folder)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
    with whole(path) as partial:
        _write(partial, Frame.of(run, beside=True).page(run["name"], data_json(index), ""))
    return dict(faults)


class _Writer:
    """Writes pages and data, a share of the reports at a time."""

    def __init__(
        self,
        folder: Path,
        index: str,
        run: dict[str, Any],
        summaries: Sequence[InputSummary],
        make: Callable[[InputSummary], Made],
        task: Task,
    ) -> None:
        self.folder, self.summaries, self.make, self.task = folder, summaries, make, task
        self.names = page_names([one.report for one in summaries])
        self.frame, self.common = Frame.of(run), data_json(run | {"index": index})[:-1]
        self.shares = [0]
        """The number of the report that each begins with."""
        length = 0
        for number, one in enumerate(summaries):
            if length > _SHARE / 3:  # with what is found in it a text is about three times as long
                self.shares.append(number)
                length = 0
            length += one.characters

    def share(self, at: int) -> Share:
        """Write one share."""
        cells, told, data = Cells(self.task), [], []
        faults: list[tuple[str, InputError]] = []
        for number in range(*[*self.shares, len(self.summaries)][at : at + 2]):
            one = self.make(self.summaries[number])
            cells.add(number, one.records)
            data.append(data_json(search_data(one.records, one.document, self.task)))
            told.append(one.told | {"page": self.names[number]})
            self._page(number, one)
            if one.fault:
                faults.append((one.summary.report, one.fault))
        _write(self.folder / "data" / f"reports-{at}.js", data_file(f"[{','.join(data)}]"))
        return told, faults, cells

    def _page(self, number: int, one: Made) -> None:
        before = self.names[number - 1] if number else None
        after = self.names[number + 1] if number + 1 < len(self.names) else None
        run = f'{self.common},"reports":[{data_json(one.told | {"before": before, "after": after})}]}}'
        data = data_json(report_data(one.records, one.document, self.task, one.summary))
        _write(self.folder / "reports" / f"{self.names[number]}.html", self.frame.page(one.told["title"], run, data))


def side_by_side(work: Callable[[int], Share], count: int) -> Iterator[Share]:
    """The results of work in order, done by as many processes as there are cores.

    By forks, which start at once with all that is read, so only where that is safe: on Linux, from a process without
    threads. Elsewhere one does it all.
    """
    processes = min(len(os.sched_getaffinity(0)), count) if sys.platform == "linux" else 1
    if processes < 2 or len(os.listdir("/proc/self/task")) > 1:
        yield from map(work, range(count))
        return
    with multiprocessing.get_context("fork").Pool(processes, _hold, (work,)) as pool:
        yield from pool.imap(_work, range(count))


_held: list[Callable[[int], Share]] = []


def _hold(work: Callable[[int], Share]) -> None:
    _held[:] = [work]


def _work(at: int) -> Share:
    return _held[0](at)


def _write_pack(folder: Path, at: int, pack: dict[str, list[Cell]]) -> list[str]:
    _write(folder / "data" / f"cells-{at}.js", data_file(data_json(pack)))
    return list(pack)


def _write(path: Path, text: str) -> None:
    """Write a page. A name that is no UTF-8 (GBK, unpacked from an old archive) shows as question marks."""
    with writing(path):
        path.write_bytes(text.encode("utf-8", "replace"))
