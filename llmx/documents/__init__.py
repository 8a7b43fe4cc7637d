"""From a file to a Document: its text exactly as stored, and where it came from."""

from llmx.documents.batch import (
    Given,
    Part,
    Paths,
    ids_of,
    parts_of,
    passed_over,
    read_reports,
    report_ids,
    same_twice,
)
from llmx.documents.clean import Clean, cleaned
from llmx.documents.collections import expand, is_collection
from llmx.documents.document import Document, Kind, Known
from llmx.documents.inputs import STANDARD_INPUT, find_inputs
from llmx.documents.pictures import page_pictures
from llmx.documents.readers.apart import told_of_pages
from llmx.documents.reading import read, read_text
from llmx.documents.tables import Cell, Table, tables_of

__all__ = [
    "STANDARD_INPUT",
    "Cell",
    "Clean",
    "Document",
    "Given",
    "Kind",
    "Known",
    "Part",
    "Paths",
    "Table",
    "cleaned",
    "expand",
    "find_inputs",
    "ids_of",
    "is_collection",
    "page_pictures",
    "parts_of",
    "passed_over",
    "read",
    "read_reports",
    "read_text",
    "report_ids",
    "same_twice",
    "tables_of",
    "told_of_pages",
]
