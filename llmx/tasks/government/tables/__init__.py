"""Tables of targets, results and projects: what a cell says by its row, its column and what stands over the table."""

from llmx.tasks.government.tables.reading import read_tables
from llmx.tasks.government.tables.records import table_records

__all__ = ["read_tables", "table_records"]
