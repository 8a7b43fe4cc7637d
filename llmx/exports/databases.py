"""Records as a database of one file: SQLite, which comes with Python, and DuckDB."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from llmx.errors import OutputError, UsageError
from llmx.exports.reports import report_columns, report_row
from llmx.outputs import InputSummary, record_json
from llmx.outputs.columns import RowColumns, joined, typed_row
from llmx.outputs.files import hidden_name, remove
from llmx.records import Record
from llmx.task import Task
from llmx.task.fields import INTEGER, NUMBER, PATH, TEXT

DUCKDB_TYPES = {TEXT: "VARCHAR", INTEGER: "BIGINT", NUMBER: "DOUBLE", PATH: "VARCHAR[]"}
"""The types of DuckDB, by kind of column."""
_MARK = "written by llmx"
"""Stands in the definition of each table that is llmx's own; without it, a table of the very same columns is."""


def write_sqlite(
    records: Iterable[Record], reports: Iterable[InputSummary], path: Path, task: Task, *, force: bool = False
) -> None:
    """Tables `records` and `reports`; a record's section is its heading path, joined with ` / `.

    Args:
        records: read once, in order.
        reports: those that they were taken from.
        path: a new file, or a database: its other tables stay, and all of it does where something fails.
        task: what they are records of.
        force: whether tables of these names that llmx did not write are replaced.

    Raises:
        OSError: the file cannot be written.
        OutputError: it is no database, or has such tables.
    """
    types = {TEXT: "TEXT", INTEGER: "INTEGER", NUMBER: "REAL", PATH: "TEXT"}
    reports = list(reports)
    beside = RowColumns.of_reports(reports, task)
    told = report_columns(task, beside)
    tables = {
        "records": {name: types[kind] for name, kind in {**task.columns, **beside.columns}.items()},
        "reports": {name: "TEXT PRIMARY KEY" if name == "report" else "" for name in told},
    }
    rows: dict[str, Iterable[list[Any]]] = {
        "records": (_flat_row(record, task.columns, beside) for record in records),
        "reports": (report_row(one, task, beside) for one in reports),
    }
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as base:
            base.execute("BEGIN IMMEDIATE")
            for name, columns in tables.items():
                _make_room(base, path, name, columns, force)
                base.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})", rows[name])
            first = next(iter(task.shown.values()))
            if first.names and first.year:
                name = first.names[0]
                base.execute(f'CREATE INDEX IF NOT EXISTS "records_by_{name}" ON records ("{name}", "{first.year}")')
            base.execute("COMMIT")
    except sqlite3.OperationalError as error:
        raise OSError(f"{error}") from error
    except sqlite3.DatabaseError as error:
        raise OutputError(f"{path}: {error}; give another file, or --force to replace it") from error


def _make_room(base: sqlite3.Connection, path: Path, name: str, columns: Mapping[str, str], force: bool) -> None:
    """An empty table: the one that an earlier export left, so that indexes on it stay, or a new one."""
    found = base.execute("SELECT type, sql FROM sqlite_master WHERE name = ?", [name]).fetchone()
    if found:
        same = [row[1] for row in base.execute(f"PRAGMA table_info({name})")] == list(columns)
        _check_own(path, name, same or _MARK in (found[1] or ""), force)
        if same and found[0] == "table":
            base.execute(f"DELETE FROM {name}")
            return
        base.execute(f"DROP {found[0]} {name}")
    defined = ", ".join(f"{named(column)} {type}" for column, type in columns.items())
    base.execute(f"CREATE TABLE {name} (/* {_MARK} */ {defined})")


def _check_own(path: Path, name: str, own: bool, force: bool) -> None:
    if not own and not force:
        raise OutputError(
            f"{path}: has a table {name!r} that llmx did not write; rename it, give another file, or --force to replace it"
        )


def _flat_row(record: Record, columns: Mapping[str, str], beside: RowColumns) -> list[Any]:
    row = typed_row(record, columns, beside)
    return [joined(tuple(value)) if isinstance(value, list) else value for value in row]


def write_duckdb(
    records: Iterable[Record], reports: Iterable[InputSummary], path: Path, task: Task, *, force: bool = False
) -> None:
    """The same two tables; a record's section is a list of headings.

    Args, and errors raised, as for `write_sqlite`, and:

    Raises:
        UsageError: duckdb is not installed.
    """
    try:
        import duckdb
    except ImportError as error:
        raise UsageError(
            'a .duckdb file needs duckdb; install it: pip install "llmx-extract[duckdb]", or write .sqlite'
        ) from error
    reports = list(reports)
    beside = RowColumns.of_reports(reports, task)
    told = {name: DUCKDB_TYPES[kind] for name, kind in report_columns(task, beside).items()}
    lines = hidden_name(path.with_name(f"{path.name}.jsonl"))
    try:
        # By way of a file: DuckDB loads 40,000 records from one in 0.2 s, row by row they take it minutes.
        with open(lines, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{record_json(record)}\n" for record in records)
        with closing(duckdb.connect(str(path))) as base:
            base.begin()
            _clear_duckdb(base, path, {"records": [*task.columns, *beside.columns], "reports": list(told)}, force)
            base.execute(f"CREATE TABLE reports ({', '.join(f'{named(name)} {type}' for name, type in told.items())})")
            rows = [report_row(one, task, beside) for one in reports]
            if rows:
                base.executemany(f"INSERT INTO reports VALUES ({', '.join('?' * len(told))})", rows)
            read = with_reports(f"FROM {read_lines([lines], task)}", beside)
            base.execute(f"CREATE TABLE records AS {read}")
            for name in ("records", "reports"):
                base.execute(f"COMMENT ON TABLE {name} IS '{_MARK}'")
            base.commit()
    except duckdb.IOException as error:
        if "not a valid DuckDB" in str(error):
            raise OutputError(f"{path}: no DuckDB database; give another file, or --force to replace it") from error
        raise OSError(str(error)) from error
    finally:
        remove(lines)


def read_lines(paths: Iterable[Path], task: Task) -> str:
    """The SQL by which DuckDB reads records.jsonl of one run, with the types of the task's columns."""
    columns = ", ".join(f"{named(name)}: '{DUCKDB_TYPES[kind]}'" for name, kind in task.columns.items())
    return f"read_json({listed(paths)}, columns = {{{columns}}}, format = 'newline_delimited')"


def with_reports(records: str, beside: RowColumns, keys: str = "report") -> str:
    """The SQL of records with what the input table says of their reports.

    Args:
        records: a query.
        beside: the further columns, which the table `reports` has.
        keys: the columns that say whose a record is.
    """
    if not beside.columns:
        return records
    repeated = ", ".join(f"reports.{named(name)}" for name in beside.columns)
    return f"SELECT read.*, {repeated} FROM ({records}) read LEFT JOIN reports USING ({keys})"


def named(column: str) -> str:
    """A column as SQL names it."""
    return '"' + column.replace('"', '""') + '"'


def listed(paths: Iterable[Path]) -> str:
    """Files as SQL names them."""
    return f"[{', '.join(quoted(str(path)) for path in paths)}]"


def quoted(text: str) -> str:
    """A text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


def _clear_duckdb(base: Any, path: Path, tables: Mapping[str, list[str]], force: bool) -> None:
    """Take away the tables that an earlier export left."""
    for name, columns in tables.items():
        found = base.execute("SELECT comment FROM duckdb_tables() WHERE table_name = ?", [name]).fetchone()
        if found:
            same = [row[0] for row in base.execute(f"DESCRIBE {name}").fetchall()] == columns
            _check_own(path, name, same or found[0] == _MARK, force)
            base.execute(f"DROP TABLE {name}")


DATABASES = {".sqlite": write_sqlite, ".db": write_sqlite, ".duckdb": write_duckdb}
"""What writes a database, by the file's suffix."""


def is_database(path: Path) -> bool:
    """Whether a file is a database of the kind that its suffix says, by its first bytes.

    Raises:
        OSError: it cannot be read.
    """
    with open(path, "rb") as file:
        head = file.read(16)
    return head[8:12] == b"DUCK" if path.suffix.lower() == ".duckdb" else head in (b"", b"SQLite format 3\0")
