"""From a file to a Document: its text exactly as stored, and where it came from."""

from llmx.documents.clean import Clean, cleaned
from llmx.documents.collections import expand, is_collection
from llmx.documents.document import Document, Kind, Known
from llmx.documents.inputs import STANDARD_INPUT, find_inputs, report_ids
from llmx.documents.reading import read, read_text

__all__ = [
    "STANDARD_INPUT",
    "Clean",
    "Document",
    "Kind",
    "Known",
    "cleaned",
    "expand",
    "find_inputs",
    "is_collection",
    "read",
    "read_text",
    "report_ids",
]
