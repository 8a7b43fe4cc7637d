"""A large run as a folder: a page a report, and what the page over all of them reads when it is asked for.

view.html               all reports: a list, a search, a comparison
view_files/reports/     a page a report, whole in itself
view_files/data/        the same reports for the search, several a file, and what is compared
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from llmx.documents import Document
from llmx.errors import InputError, OutputError
from llmx.outputs import InputSummary
from llmx.outputs.files import hidden_name, make_folder, whole, writing
from llmx.records import Record
from llmx.views.compared import Cells
from llmx.views.page import Frame, data_file, data_json
from llmx.views.report_data import report_data, search_data

_SHARE = 1_000_000
"""Characters of a data file: a tenth of a second of reading."""
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


class Made(NamedTuple):
    """A report on its way into the folder."""

    summary: InputSummary
    records: Sequence[Record]
    document: Document | None
    fault: InputError | None
    told: dict[str, Any]
    """What the page says of it before its own data is read."""


def write_folder(path: Path, run: dict[str, Any], made: Iterator[Made], names: Sequence[str], cells: Cells) -> None:
    """Write the pages of a run.

    Args:
        path: the page over all reports; the folder stands beside it.
        run: what is known of the run, without `reports`.
        made: its reports, one at a time.
        names: the name of each one's page.
        cells: gathers what is compared.

    Raises:
        OutputError: a file cannot be written.
    """
    folder = folder_of(path)
    check_folder(folder)
    hidden = hidden_name(folder)
    try:
        for part in _PARTS:
            make_folder(hidden / part)
        told, shares = _write_reports(hidden, path.name, run, made, names, cells)
        packs = [_write_pack(hidden, at, pack) for at, pack in enumerate(cells.packed(_SHARE))]
        index = run | {"folder": folder.name, "shares": shares, "compared": cells.about(packs), "reports": told}
        with writing(folder):
            if folder.exists():
                shutil.rmtree(folder)
            hidden.rename(folder)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)
    with whole(path) as partial:
        _write(partial, Frame.of(run, beside=True).page(run["name"], data_json(index), ""))


def _write_reports(
    folder: Path, index: str, run: dict[str, Any], made: Iterator[Made], names: Sequence[str], cells: Cells
) -> tuple[list[dict[str, Any]], list[int]]:
    """The pages, and the files of data; what is told of each report, and the number that each file begins with."""
    frame, common = Frame.of(run), data_json(run | {"index": f"../../{index}"})[:-1]
    told: list[dict[str, Any]] = []
    held: list[str] = []
    shares = [0]
    for number, one in enumerate(made):
        if sum(map(len, held)) > _SHARE:
            _write_share(folder, len(shares) - 1, held)
            shares.append(number)
            held = []
        data = data_json(report_data(one.records, one.document, cells.task, one.summary))
        cells.add(number, one.records)
        held.append(data_json(search_data(one.records, one.document, cells.task)))
        told.append(one.told | {"page": names[number]})
        beside = {
            "before": names[number - 1] if number else None,
            "after": names[number + 1] if number + 1 < len(names) else None,
        }
        own = f'{common},"reports":[{data_json(one.told | beside)}]}}'
        _write(folder / "reports" / f"{names[number]}.html", frame.page(one.told["title"], own, data))
    _write_share(folder, len(shares) - 1, held)
    return told, shares


def _write_share(folder: Path, at: int, reports: list[str]) -> None:
    _write(folder / "data" / f"reports-{at}.js", data_file(f"[{','.join(reports)}]"))


def _write_pack(folder: Path, at: int, pack: dict[str, list[str]]) -> list[str]:
    _write(folder / "data" / f"cells-{at}.js", data_file(cells_json(pack)))
    return list(pack)


def cells_json(pack: dict[str, list[str]]) -> str:
    """The cells of several things."""
    return "{" + ",".join(f"{data_json(thing)}:[{','.join(cells)}]" for thing, cells in pack.items()) + "}"


def _write(path: Path, text: str) -> None:
    """Write a page. A name that is no UTF-8 (GBK, unpacked from an old archive) shows as question marks."""
    with writing(path):
        path.write_bytes(text.encode("utf-8", "replace"))
