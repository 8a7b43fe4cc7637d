"""A panel as a file: Excel with a codebook, csv with a data package, Stata with Chinese labels, parquet."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from llmx.errors import OutputError, UsageError
from llmx.outputs.files import check_place, make_folder, whole, writing
from llmx.outputs.tables import csv_line
from llmx.outputs.workbook import WRITTEN_BY, excel_text
from llmx.tasks.government.panel.codebook import Column, indicator_table

if TYPE_CHECKING:
    import pandas

DESCRIPTOR = "datapackage.json"
_INDICATORS = "indicators"
"""The resource of a data package that holds rows of the vocabulary."""
_NEEDED = {".xlsx": "xlsxwriter", ".parquet": "pyarrow", ".csv": None, ".dta": None}
_MAX_ROWS = 1_048_576
_LABEL = 80
"""Characters that Stata takes in a label."""
_LONG_TEXTS = ("quote", "section", "without_value", "conflicts", "other_units", "reports", "note")
"""Texts that Stata keeps apart (strL), so that the longest one does not widen every row."""
_TYPES = {"text": "string", "integer": "integer", "number": "number", "flag": "boolean"}


class Panel(NamedTuple):
    """A panel in both forms."""

    long: pandas.DataFrame
    wide: pandas.DataFrame
    long_columns: Sequence[Column]
    wide_columns: Sequence[Column]

    def form(self, wide: bool) -> tuple[pandas.DataFrame, Sequence[Column]]:
        """One form of it, with its columns."""
        return (self.wide, self.wide_columns) if wide else (self.long, self.long_columns)

    @property
    def indicators(self) -> list[dict[str, str | None]]:
        """The rows of the vocabulary that it has."""
        return indicator_table(self.long["indicator_id"].dropna().unique())


def check_file(path: Path, force: bool = False) -> None:
    """Make sure that a panel can be written here, before it is made.

    Raises:
        UsageError: the suffix is not known, or its library is not installed.
        OutputError: it cannot be written, or llmx did not write what is there.
    """
    suffix = path.suffix.lower()
    if suffix not in _NEEDED:
        raise UsageError(f"{path}: a panel is written as {', '.join(_NEEDED)}; give a file that ends so")
    library = _NEEDED[suffix]
    if library and find_spec(library) is None:
        raise UsageError(f'{suffix} needs {library}; install it: pip install "llmx-extract[panel]"')
    for one in (path, path.with_name(DESCRIPTOR)) if suffix == ".csv" else (path,):
        check_place(one)
        with writing(one):
            foreign = not force and one.is_file() and not _is_own(one)
        if foreign:
            raise OutputError(
                f"{one}: llmx did not write this file; give another place, or force (--force) to overwrite it"
            )


def write_panel(panel: Panel, path: Path, wide: bool) -> None:
    """Write a panel; what stood there before stays until all of it is written.

    Raises:
        OutputError: it cannot be written.
    """
    make_folder(path.parent)
    with whole(path) as hidden:
        _WRITERS[path.suffix.lower()](panel, hidden, wide)
    if path.suffix.lower() == ".csv":
        with whole(path.with_name(DESCRIPTOR)) as hidden:
            text = json.dumps(_descriptor(panel, path, wide), ensure_ascii=False, indent=2)
            hidden.write_text(text + "\n", encoding="utf-8")


def _is_own(path: Path) -> bool:
    """Whether llmx may have written a file; an empty one holds nothing to lose."""
    with open(path, "rb") as file:
        head = file.read(4096)
    if not head or path.suffix.lower() in (".csv", ".json", ".dta"):
        begins = csv_line(["region", "code", "level", "year"]).strip().encode()
        return not head or head.removeprefix(b"\xef\xbb\xbf").startswith(begins) or WRITTEN_BY.encode() in head
    if path.suffix.lower() == ".xlsx":
        return _is_own_workbook(path)
    import pyarrow.parquet

    try:
        return list(pyarrow.parquet.read_schema(path).names)[:4] == ["region", "code", "level", "year"]
    except (OSError, ValueError):
        return False


def _is_own_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as book:
            return WRITTEN_BY.encode() in book.read("docProps/core.xml")
    except (zipfile.BadZipFile, KeyError):
        return False


def _rows(frame: pandas.DataFrame) -> Iterator[tuple[Any, ...]]:
    """Its rows with None for what is null."""
    columns = (frame[name].astype(object).where(frame[name].notna(), None) for name in frame)
    return zip(*columns, strict=True)


# -------- csv


def _write_csv(panel: Panel, path: Path, wide: bool) -> None:
    """UTF-8 with byte order mark, so that Excel reads Chinese; no cell that it would run."""
    frame, _ = panel.form(wide)
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        file.write(csv_line(frame.columns))
        for row in _rows(frame):
            file.write(csv_line(str(cell).lower() if isinstance(cell, bool) else cell for cell in row))


def _descriptor(panel: Panel, path: Path, wide: bool) -> dict[str, Any]:
    """A data package (https://datapackage.org) of the file, of other panels beside it that the last one described, and of
    the vocabulary's rows that they use."""
    beside = _beside(path)
    indicators = {row["indicator_id"]: row for row in (*beside.pop(_INDICATORS, {}).get("data", ()), *panel.indicators)}
    names = list(next(iter(indicators.values()), {"indicator_id": None}))
    return {
        "name": "panel",
        "title": "Targets and results of government reports",
        "description": f"Regions by years by indicators, {WRITTEN_BY}.",
        "profile": "data-package",
        "resources": [
            *beside.values(),
            _resource(panel, path, wide, _free_name(path.stem, beside)),
            {
                "name": _INDICATORS,
                "profile": "tabular-data-resource",
                "data": list(indicators.values()),
                "schema": {"fields": [{"name": name, "type": "string"} for name in names]},
            },
        ],
    }


def _beside(path: Path) -> dict[str, dict[str, Any]]:
    """The resources that the descriptor beside a file has already, but for that file and those that are gone."""
    descriptor = path.with_name(DESCRIPTOR)
    if not (descriptor.is_file() and _is_own(descriptor)):
        return {}
    try:
        resources = json.loads(descriptor.read_text(encoding="utf-8"))["resources"]
    except (ValueError, KeyError):  # cut short, or empty
        return {}
    kept = (one for one in resources if one["name"] == _INDICATORS or one["path"] != path.name)
    return {one["name"]: one for one in kept if "path" not in one or path.with_name(one["path"]).is_file()}


def _free_name(stem: str, taken: Mapping[str, Any]) -> str:
    """A resource's name: small letters, digits, - and _."""
    plain = re.sub("[^a-z0-9_]+", "-", stem.lower()).strip("-") or "panel"
    names = (plain, *(f"{plain}-{number}" for number in range(2, len(taken) + 4)))
    return next(name for name in names if name not in taken and name != _INDICATORS)


def _resource(panel: Panel, path: Path, wide: bool, name: str) -> dict[str, Any]:
    """One file of a data package."""
    _, columns = panel.form(wide)
    schema: dict[str, Any] = {"fields": [_field(column) for column in columns], "missingValues": [""]}
    if not wide:
        reference = {"resource": _INDICATORS, "fields": "indicator_id"}
        schema["foreignKeys"] = [{"fields": "indicator_id", "reference": reference}]
    return {
        "name": name,
        "path": path.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "profile": "tabular-data-resource",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": _TYPES[column.kind], "title": column.label}
    field["description"] = _described(column)
    if column.values:
        field["constraints"] = {"enum": list(column.values)}
    return field


def _described(column: Column) -> str:
    values = "; ".join(f"{value} {label}" for value, label in (column.values or {}).items())
    unit = f"Unit: {column.unit}." if column.unit else ""
    return " ".join(filter(None, [column.meaning, unit, values and f"Values: {values}."]))


# -------- Excel


def _write_xlsx(panel: Panel, path: Path, _: bool) -> None:
    """Sheets long, wide and codebook; heads frozen, filters on.

    Raises:
        OutputError: there are more rows than Excel takes.
        OSError: it cannot be written.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    if len(panel.long) >= _MAX_ROWS:
        raise OutputError(
            f"{len(panel.long):,} rows; Excel takes {_MAX_ROWS - 1:,}. Write .parquet, .dta or .csv instead."
        )
    with TemporaryDirectory(dir=path.parent, prefix=f"{path.name}.rows.", ignore_cleanup_errors=True) as rows:
        book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": rows, "use_zip64": True})
        book.set_properties({"comments": WRITTEN_BY})
        bold = book.add_format({"bold": True, "bottom": 1})
        for name, frame in (("long", panel.long), ("wide", panel.wide)):
            _sheet(book.add_worksheet(name), list(frame.columns), _rows(frame), bold)
        _codebook(book.add_worksheet("codebook"), panel, bold)
        try:
            book.close()
        except FileCreateError as error:  # it hides what the operating system said
            raise error.args[0] from error


def _sheet(sheet: Any, heads: Sequence[str], rows: Iterator[tuple[Any, ...]], bold: Any) -> None:
    count = 0
    sheet.freeze_panes(1, 0)
    for at, head in enumerate(heads):
        sheet.set_column(at, at, 40 if head in _LONG_TEXTS else max(10, len(head) + 3))
    _line(sheet, 0, heads, bold)
    for count, row in enumerate(rows, 1):
        _line(sheet, count, row)
    sheet.autofilter(0, 0, count, len(heads) - 1)


def _line(sheet: Any, at: int, cells: Sequence[Any], style: Any = None) -> None:
    """Text as text and numbers as numbers: write() would guess, and run `=…`."""
    for column, cell in enumerate(cells):
        if isinstance(cell, bool):
            sheet.write_boolean(at, column, cell, style)
        elif isinstance(cell, int | float):
            sheet.write_number(at, column, cell, style)
        elif cell is not None:
            sheet.write_string(at, column, excel_text(str(cell)), style)


def _codebook(sheet: Any, panel: Panel, bold: Any) -> None:
    """The columns of both sheets, then the indicators, each under a head of its own."""
    for column, width in enumerate((28, 34, 60, 40, 14, 10)):
        sheet.set_column(column, column, width)
    at = 0
    for head, rows in _codes(panel):
        _line(sheet, at, head, bold)
        for number, row in enumerate(rows, 1):
            _line(sheet, at + number, row)
        at += len(rows) + 2


def _codes(panel: Panel) -> Iterator[tuple[Sequence[str], list[list[Any]]]]:
    """The tables of the codebook, with their heads."""
    for title, columns in (("long", panel.long_columns), ("wide", panel.wide_columns)):
        yield (f"field ({title})", "名称", "meaning", "values", "unit", "type"), [_code(one) for one in columns]
    heads = ("indicator_id", "规范名", "English", "dimension", "units", "NBS code")
    yield heads, [list(row.values()) for row in panel.indicators]


def _code(column: Column) -> list[Any]:
    values = "; ".join(f"{value} {label}" for value, label in (column.values or {}).items())
    return [column.name, column.label, column.meaning, values or None, column.unit, _TYPES[column.kind]]


# -------- Stata and parquet


def _write_dta(panel: Panel, path: Path, wide: bool) -> None:
    """Stata 14 and later, with Chinese labels of variables and values."""
    frame, columns = panel.form(wide)
    long_texts = [name for name in _LONG_TEXTS if name in frame]
    _stata(frame, columns).to_stata(
        path,
        write_index=False,
        version=118,
        data_label=f"llmx panel, {WRITTEN_BY}",
        variable_labels={column.name: column.label[:_LABEL] for column in columns},
        convert_strl=long_texts,
    )


def _stata(frame: pandas.DataFrame, columns: Sequence[Column]) -> pandas.DataFrame:
    """The frame with the types that Stata has, and its values named in Chinese."""
    import pandas as pd

    made: dict[str, Any] = {}
    for column in columns:
        values = frame[column.name]
        if column.values:
            made[column.name] = values.cat.rename_categories(dict(column.values))
        elif column.name == "indicator_name":
            made[column.name] = values.astype("category")
        elif column.kind == "flag":
            made[column.name] = values.astype("int8")
        elif column.kind in ("number", "integer"):
            whole = column.kind == "integer" and values.notna().all()
            made[column.name] = values.astype("int32" if whole else "float64")
        else:
            made[column.name] = values.astype(object).where(values.notna(), "")
    return pd.DataFrame(made)


def _write_parquet(panel: Panel, path: Path, wide: bool) -> None:
    panel.form(wide)[0].to_parquet(path, index=False, engine="pyarrow")


Write = Callable[[Panel, Path, bool], None]
_WRITERS: Mapping[str, Write] = {
    ".csv": _write_csv,
    ".xlsx": _write_xlsx,
    ".dta": _write_dta,
    ".parquet": _write_parquet,
}
