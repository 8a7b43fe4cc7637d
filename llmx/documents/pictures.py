"""The pages of a scan as small pictures, for those who compare its text with them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from typing import Any

from llmx.documents.document import Document
from llmx.documents.inputs import path_of
from llmx.documents.readers.apart import bytes_apart
from llmx.documents.reading import read_bytes
from llmx.errors import InputError

_SECONDS = 20.0
"""A page takes a tenth of one."""


def page_pictures(document: Document, pages: Collection[int]) -> dict[int, dict[str, Any]]:
    """Pages of a scan as pictures.

    Args:
        document: what was read from a file of its own; one out of an archive has no pictures.
        pages: their numbers, from 1.

    Returns:
        By number: `url`, a data: address; `width` and `height`, in what the document's boxes count. Nothing where the file
        is not there any more, or is another.
    """
    if not pages or not document.scanned or document.source is None:
        return {}
    try:
        data = read_bytes(path_of(document.source))
        if hashlib.sha256(data).hexdigest() != document.sha256:
            return {}
        task = f"small:pictures:{','.join(map(str, sorted(pages)))}"
        made = bytes_apart(task, data, document.source, _SECONDS)
    except InputError:
        return {}
    return {int(number): page for number, page in json.loads(made).items()}
