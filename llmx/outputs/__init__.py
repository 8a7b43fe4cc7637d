"""Records to files and dataframes, failures and the manifest of a run."""

from llmx.outputs.earlier import Earlier, read_failures
from llmx.outputs.failure import Failure
from llmx.outputs.folder import RunFolder
from llmx.outputs.frames import to_pandas, to_polars
from llmx.outputs.ledger import Ledger
from llmx.outputs.lines import Lines, lines_of, read_records, record_json
from llmx.outputs.manifest import MANIFEST, InputSummary, Manifest, read_manifest
from llmx.outputs.tables import FORMATS, check_formats

__all__ = [
    "FORMATS",
    "MANIFEST",
    "Earlier",
    "Failure",
    "InputSummary",
    "Ledger",
    "Lines",
    "Manifest",
    "RunFolder",
    "check_formats",
    "lines_of",
    "read_failures",
    "read_manifest",
    "read_records",
    "record_json",
    "to_pandas",
    "to_polars",
]
