"""From a file to a Document: its text exactly as stored, and where it came from."""

from llmx.documents.document import Document
from llmx.documents.inputs import STANDARD_INPUT, find_inputs, report_ids
from llmx.documents.reading import read, read_text

__all__ = ["STANDARD_INPUT", "Document", "find_inputs", "read", "read_text", "report_ids"]
