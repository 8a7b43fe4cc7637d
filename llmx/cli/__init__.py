"""The command line: parse, call one library function, print, exit; one command a file.

The only room that prints, reads standard input or exits. The library is imported inside the commands, so that
`llmx --help` starts at once.
"""

from llmx.cli import agreement, evaluate, extract, labels, schemas, sections
from llmx.cli.app import app

__all__ = ["agreement", "evaluate", "extract", "labels", "main", "schemas", "sections"]


def main() -> None:
    """Run the command line."""
    app()
