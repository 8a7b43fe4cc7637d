"""Standard output and error as they are: in a code page that lacks characters, or a pipe that nobody reads any more."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import TextIO

import typer


def bear_any_code_page() -> None:
    """Show what a console or pipe cannot (𠮷 in GBK, all Chinese in cp1252) as ? instead of raising."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def json_lines() -> TextIO:
    """Standard output for JSON lines: UTF-8 and \\n whatever the code page, since another program reads them."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    return sys.stdout


def say(line: str) -> None:
    """Print a line on standard error; once nobody reads there any more, nothing is said and the work goes on."""
    try:
        typer.echo(line, err=True)
    except OSError:
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
