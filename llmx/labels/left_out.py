"""The figures that a person knowingly left out of a label file: a file beside it, since a label holds none of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from llmx.errors import InputError
from llmx.labels.label import LeftOut
from llmx.outputs.files import whole


def left_out_path(labels: Path) -> Path:
    """Where they stand: `NAME.left-out.json` beside `NAME.jsonl`."""
    return labels.with_suffix(".left-out.json")


def write_left_out(left_out: Sequence[LeftOut] | None, labels: Path) -> None:
    """Write those of a label file, or take an earlier file away that no longer holds; None leaves it as it is.

    Raises:
        OutputError: it cannot be written.
    """
    path = left_out_path(labels)
    if left_out is None:
        return
    if not left_out:
        path.unlink(missing_ok=True)
        return
    with whole(path) as partial:
        text = json.dumps([asdict(one) for one in left_out], ensure_ascii=False, indent=1)
        partial.write_text(text + "\n", encoding="utf-8", newline="\n")


def read_left_out(labels: Path) -> list[LeftOut]:
    """The figures that were left out of a label file; none if there is no such file.

    Raises:
        InputError: the file is broken.
    """
    path = left_out_path(labels)
    try:
        return [LeftOut(**one) for one in json.loads(path.read_bytes())] if path.is_file() else []
    except (ValueError, TypeError) as error:
        raise InputError(f"{path}: not as llmx writes it ({error!r}); import the labels again or remove it") from error
