"""Records as a database of one file: SQLite, which comes with Python, and DuckDB."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from llmx.errors import UsageError
from llmx.outputs import COLUMNS, InputSummary, record_json
from llmx.outputs.columns import INTEGER, NUMBER, PATH, TEXT, joined, typed_row
from llmx.records import Record

_REPORTS = ("report", "source", "sha256", "characters", "place", "code", "level", "kind", "year", "meeting", "date")
"""Columns of the table of reports: what was read, and what it says of itself."""


def write_sqlite(records: Iterable[Record], reports: Iterable[InputSummary], path: Path) -> None:
    """Tables `records` and `reports`; a record's section is its heading path, joined with ` / `.

    Raises:
        OSError: the file cannot be written.
    """
    types = {TEXT: "TEXT", INTEGER: "INTEGER", NUMBER: "REAL", PATH: "TEXT"}
    columns = ", ".join(f'"{name}" {types[kind]}' for name, kind in COLUMNS.items())
    marks = ", ".join("?" * len(COLUMNS))
    try:
        with closing(sqlite3.connect(path)) as base, base:
            base.execute(f"CREATE TABLE records ({columns})")
            base.executemany(f"INSERT INTO records VALUES ({marks})", map(_flat_row, records))
            base.execute(f"CREATE TABLE reports ({', '.join(_REPORTS)}, PRIMARY KEY (report))")
            base.executemany(
                f"INSERT INTO reports VALUES ({', '.join('?' * len(_REPORTS))})", map(_report_row, reports)
            )
            base.execute("CREATE INDEX records_by_indicator ON records (indicator, year)")
    except sqlite3.OperationalError as error:
        raise OSError(f"{error}") from error


def _flat_row(record: Record) -> list[Any]:
    row = typed_row(record)
    return [joined(tuple(value)) if isinstance(value, list) else value for value in row]


def _report_row(summary: InputSummary) -> list[Any]:
    return [getattr(summary, name, None) or summary.facts.get(name) for name in _REPORTS]


def write_duckdb(records: Iterable[Record], reports: Iterable[InputSummary], path: Path) -> None:
    """The same two tables; a record's section is a list of headings.

    Raises:
        UsageError: duckdb is not installed.
        OSError: the file cannot be written.
    """
    try:
        import duckdb
    except ImportError as error:
        raise UsageError(
            'a .duckdb file needs duckdb; install it: pip install "llmx-extract[duckdb]", or write .sqlite'
        ) from error
    types = {TEXT: "VARCHAR", INTEGER: "BIGINT", NUMBER: "DOUBLE", PATH: "VARCHAR[]"}
    columns = {name: types[kind] for name, kind in COLUMNS.items()}
    lines = path.with_name(f"{path.name}.jsonl")
    try:
        # By way of a file: DuckDB loads 40,000 records from one in 0.2 s, row by row they take it minutes.
        with open(lines, "w", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{record_json(record)}\n" for record in records)
        with closing(duckdb.connect(str(path))) as base:
            base.read_json(str(lines), columns=columns, format="newline_delimited").to_table("records")
            base.execute(f"CREATE TABLE reports ({', '.join(f'{name} VARCHAR' for name in _REPORTS)})")
            base.execute("ALTER TABLE reports ALTER characters TYPE BIGINT")
            base.execute("ALTER TABLE reports ALTER year TYPE BIGINT")
            rows = list(map(_report_row, reports))
            if rows:
                base.executemany(f"INSERT INTO reports VALUES ({', '.join('?' * len(_REPORTS))})", rows)
    except duckdb.IOException as error:
        raise OSError(str(error)) from error
    finally:
        lines.unlink(missing_ok=True)


WRITERS = {".sqlite": write_sqlite, ".db": write_sqlite, ".duckdb": write_duckdb}
"""By the file's suffix."""
