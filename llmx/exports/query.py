"""SQL over runs: DuckDB reads their records where they stand, and can read and write nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from llmx.documents.inputs import free_name
from llmx.errors import UnreadableInput, UsageError
from llmx.exports.answers import Answer
from llmx.exports.databases import DUCKDB_TYPES, listed, named, quoted, read_lines, with_reports
from llmx.exports.reports import report_columns, report_row, utf8
from llmx.outputs import Failure, read_failures
from llmx.outputs.columns import RowColumns, typed_row
from llmx.outputs.earlier import FAILURES, RECORDS
from llmx.outputs.tables import table_path
from llmx.results import Result
from llmx.saved import HeldRun, SavedRun, Source, taken
from llmx.task import Task, columns_of
from llmx.task.fields import INTEGER, TEXT

if TYPE_CHECKING:
    import duckdb

_FAILED = {name: INTEGER if name in ("start", "end") else TEXT for name in Failure.model_fields}
_OWN = ("records", "reports", "failures")
_SETTINGS: dict[str, Any] = {
    "python_enable_replacements": "false",  # else a query reads the variables of this program
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "temp_directory": "",
}


def query(runs: Source | Sequence[Source], sql: str) -> Answer:
    """Ask runs in SQL, as DuckDB speaks it: what `llmx query` does.

    Args:
        runs: the folder of a run, a run, results, or several runs of one task.
        sql: one SELECT over `records`, `reports`, `failures` and a view a type of record (`targets`), which also goes by
            its name and labels (`目标`); of several runs all have a column `run`.

    Returns:
        The answer: rows, a DataFrame, or a file; the query runs when it is asked for them.

    Raises:
        InputError: a run cannot be read.
        UsageError: duckdb is not installed, the runs are of several tasks, or the query is none; the message names the
            columns there are.
    """
    opened = _opened(runs)
    task = opened[0].task
    if strange := [one.task.name for one in opened if one.task.columns != task.columns]:
        raise UsageError(f"runs of several tasks, {task.name} and {strange[0]}; ask those of one")
    base = _base(opened, task)
    with asking(base):
        statements = base.extract_statements(sql)
        if len(statements) != 1 or statements[0].type.name != "SELECT":
            raise UsageError(f"{sql!r:.200} is no single SELECT; a query reads runs and changes nothing")
    return Answer(base, sql, lambda: asking(base))


def _opened(runs: Source | Sequence[Source]) -> list[SavedRun]:
    if isinstance(runs, str | PathLike | SavedRun | Result) or all(isinstance(one, Result) for one in runs):
        return [taken(runs)]  # type: ignore[arg-type]
    return [taken(one) for one in runs]


def _base(runs: Sequence[SavedRun], task: Task) -> duckdb.DuckDBPyConnection:
    """A database in memory with the views, which can neither be changed nor read anything else."""
    try:
        import duckdb
    except ImportError as error:
        raise UsageError('queries need duckdb; install it: pip install "llmx-extract[duckdb]"') from error
    base = duckdb.connect(":memory:", config=_SETTINGS)
    taken_names: set[str] = set()
    names = [free_name(one.name, taken_names) if len(runs) > 1 else None for one in runs]
    read = [_records(base, one, task) for one in runs]
    base.execute(f"SET allowed_paths = {listed([path for paths, _ in read for path in paths])}")
    beside = RowColumns.of_reports((one for run in runs for one in run.reports), task)
    reports = (
        (name, [report_row(one, task, beside) for one in run.reports]) for name, run in zip(names, runs, strict=True)
    )
    _fill(base, "reports", report_columns(task, beside), reports)
    selects = (f"SELECT {_as_run(name)} * FROM {sql}" for name, (_, sql) in zip(names, read, strict=True))
    base.execute(
        f"CREATE VIEW records AS {with_reports(' UNION ALL '.join(selects), beside, 'run, ' * (len(runs) > 1) + 'report')}"
    )
    _fill(base, "failures", _FAILED, ((name, _failures(run)) for name, run in zip(names, runs, strict=True)))
    _make_views(base, task, beside, "run, " * (len(runs) > 1))
    base.execute("SET enable_external_access = false")
    base.execute("SET lock_configuration = true")
    return base


def _records(base: duckdb.DuckDBPyConnection, run: SavedRun, task: Task) -> tuple[list[Path], str]:
    """The files that a run's records are read from, and what reads them: parquet, where each has all columns; of results no
    file, but a table."""
    if isinstance(run, HeldRun):
        name = f'held."{id(run)}"'
        base.execute("CREATE SCHEMA IF NOT EXISTS held")
        _fill(base, name, task.columns, [(None, [typed_row(record, task.columns) for record in run.records()])])
        return [], name
    paths = [path.resolve() for path in run.files(RECORDS)]
    tables = [table_path(path.parent, "parquet") for path in paths]
    if tables and all(table.is_file() and _has_all(base, table, task) for table in tables):
        return tables, f"(SELECT {', '.join(map(named, task.columns))} FROM read_parquet({listed(tables)}))"
    if (missing := [path for path in paths if not path.is_file()]) or not paths:
        raise UnreadableInput(
            f"{[*missing, run.folder / RECORDS][0]}: is not there; give a run's folder as llmx left it"
        )
    return paths, read_lines(paths, task)


def _has_all(base: duckdb.DuckDBPyConnection, table: Path, task: Task) -> bool:
    """Whether a table has all columns; one that an older llmx wrote may lack some, and one may be damaged."""
    import duckdb

    try:
        found = base.execute(f"DESCRIBE SELECT * FROM read_parquet({listed([table])})").fetchall()
    except duckdb.Error:
        return False
    return {name for name, *_ in found}.issuperset(task.columns)


def _fill(
    base: duckdb.DuckDBPyConnection,
    name: str,
    columns: Mapping[str, str],
    runs: Iterable[tuple[str | None, list[list[Any]]]],
) -> None:
    """A table of rows: column by column, since DuckDB takes rows one by one slowly."""
    types = {column: DUCKDB_TYPES[kind] for column, kind in columns.items()}
    first = True
    for run, rows in runs:
        values = ", ".join(f"unnest(?::{type}[]) AS {named(column)}" for column, type in types.items())
        verb = f"CREATE TABLE {name} AS" if first else f"INSERT INTO {name}"
        given = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in types]
        base.execute(f"{verb} SELECT {_as_run(run)} {values}", given)
        first = False


def _failures(run: SavedRun) -> list[list[Any]]:
    if isinstance(run, HeldRun):
        found = [one for result in run.results for one in result.failures]
    else:
        found = [one for path in run.files(FAILURES) for one in read_failures(path)]
    rows = ([getattr(one, name) for name in _FAILED] for one in found)
    return [[utf8(value) if isinstance(value, str) else value for value in row] for row in rows]


def _make_views(base: duckdb.DuckDBPyConnection, task: Task, beside: RowColumns, run: str) -> None:
    """A view a type, by its plural; and by its name and labels, as far as no other view has them."""
    made = set(_OWN)
    plurals = {type: plural for plural, type in task.plurals.items()}
    for names in ({type: [plural] for type, plural in plurals.items()}, {type: task.called(type) for type in plurals}):
        for type, called in names.items():
            columns = ", ".join(map(named, [*columns_of(task.types[type]), *beside.columns]))
            for name in called:
                if name.casefold() not in made:
                    made.add(name.casefold())
                    base.execute(
                        f"CREATE VIEW {named(name)} AS SELECT {run}{columns} FROM records WHERE type = {quoted(type)}"
                    )


@contextmanager
def asking(base: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Turn what DuckDB says into a UsageError with the columns there are."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        said = " ".join(str(error).split("\n\nLINE")[0].split())
        raise UsageError(f"{said}. {_columns(base)}") from error


def _columns(base: duckdb.DuckDBPyConnection) -> str:
    columns: dict[str, list[str]] = {}
    for table, column in base.execute(
        "SELECT table_name, column_name FROM duckdb_columns() "
        "WHERE NOT internal AND schema_name = 'main' ORDER BY table_oid, column_index"
    ).fetchall():
        columns.setdefault(table, []).append(column)
    told = "; ".join(f"{name} has {', '.join(columns[name])}" for name in _OWN)
    return f"{told}; a view a type: {', '.join(name for name in columns if name not in _OWN)}"


def _as_run(name: str | None) -> str:
    return "" if name is None else f"{quoted(name)} AS run,"
