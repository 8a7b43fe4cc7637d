"""The command line: parse, call one library function, print, exit; one command a file.

The only room that prints, reads standard input or exits. The library is imported inside the commands, so that
`llmx --help` starts at once.
"""

from llmx.cli import (
    agreement,
    batch,
    cache,
    check,
    evaluate,
    export,
    extract,
    follow,
    init,
    labels,
    panel,
    query,
    schemas,
    sections,
    table,
    view,
)
from llmx.cli.app import app
from llmx.cli.streams import bear_any_code_page

__all__ = [
    "agreement",
    "batch",
    "cache",
    "check",
    "evaluate",
    "export",
    "extract",
    "follow",
    "init",
    "labels",
    "main",
    "panel",
    "query",
    "schemas",
    "sections",
    "table",
    "view",
]


def main() -> None:
    """Run the command line."""
    bear_any_code_page()
    app()
