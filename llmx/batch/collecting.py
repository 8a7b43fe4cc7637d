"""The lines of a batch's files of answers, one at a time, however long the file is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from llmx.masking import masked

_LONGEST = 8_000_000
"""Bytes of a line: an answer about a chunk has some ten thousand."""
_LEFT = frozenset({"batch_expired", "batch_cancelled", "batch_canceled"})
"""Codes of requests that were not asked."""


def answers_of(path: Path, counts: Counter[str]) -> Iterator[tuple[str, int, bytes]]:
    """Id, HTTP status and body of each request that was asked.

    Args:
        path: a file of answers or of errors.
        counts: lines that cannot be read are counted in it as `spoilt`.
    """
    with open(path, "rb") as file:
        while line := file.readline(_LONGEST):
            if len(line) == _LONGEST and not line.endswith(b"\n"):
                _skip(file)
                counts["spoilt"] += 1
            elif line.strip():
                answer = _answer(line)
                counts["spoilt"] += answer is None
                if answer and answer[1]:
                    yield answer


def _skip(file: Any) -> None:
    """Pass over what is left of a line."""
    while (rest := file.readline(_LONGEST)) and not rest.endswith(b"\n"):
        pass


def _answer(line: bytes) -> tuple[str, int, bytes] | None:
    """A line's id, status and body; status 0 where it was not asked, None where the line is none."""
    try:
        told = json.loads(masked(line.decode("utf-8", "replace")))
        id, response, error = told["custom_id"], told.get("response"), told.get("error")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    if not isinstance(id, str):
        return None
    if isinstance(error, dict) and error.get("code") in _LEFT:
        return id, 0, b""
    if isinstance(response, dict) and response.get("body") is not None:
        status = response.get("status_code")
        status = status if isinstance(status, int) and 100 <= status <= 599 else 200
        return id, status, json.dumps(response["body"], ensure_ascii=False).encode("utf-8", "replace")
    return id, 500, json.dumps({"error": error}, ensure_ascii=False).encode("utf-8", "replace")
