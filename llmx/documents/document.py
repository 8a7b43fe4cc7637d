"""A report's text, exactly as stored, with where it came from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """One report.

    Every offset that llmx gives counts Unicode code points of `text`, which is never rewritten:
    decoded bytes, line ends and all.
    """

    id: str
    """Names the report in records: the file name without its suffix, unless the caller names it."""
    text: str
    """The text as decoded, not normalised in any way."""
    source: str | None = None
    """The path the text was read from; None for a text given directly, '-' for standard input."""
    encoding: str | None = None
    """The encoding that the bytes were decoded with."""
    sha256: str | None = None
    """SHA-256 of the bytes read, in hex."""
