"""A mail as Outlook keeps it (.msg): its own text, and what is attached. Source: MS-OXMSG."""

from __future__ import annotations

import io
from collections.abc import Iterator

import olefile

from llmx.documents.readers.mail import is_cover
from llmx.documents.readers.member import Member
from llmx.errors import UnreadableInput

_HTML, _BODY, _DATA = "1013", "1000", "3701"
_NAMES = ("3707", "3704")
"""Long and short name of an attachment."""
_ATTACHED = "__attach_version1.0_"
_DEEPEST = 8
"""Storages inside each other in which messages are looked for: two a message."""
_INNER = "__substg1.0_3701000D"
"""A message that is attached, which is no file of its own."""


def members(data: bytes, where: str) -> Iterator[Member]:
    """What a mail holds; see `mail.members`.

    Raises:
        UnreadableInput: there is neither a text nor something attached.
    """
    with olefile.OleFileIO(io.BytesIO(data)) as file:
        found = list(_message(file, [], ""))
    if not found:
        raise UnreadableInput(f"{where}: a mail whose text is not to be had; save it as .txt or .eml and give that")
    yield from found


def _message(file: olefile.OleFileIO, at: list[str], name: str) -> Iterator[Member]:
    """The text and what is attached of a message that stands somewhere in a file.

    Args:
        file: the file.
        at: the storage that it stands in.
        name: what its text is called.
    """
    attached = [one for folder in _folders(file, at) for one in _attached(file, [*at, folder], name)]
    own = _text(file, at, _HTML) or _text(file, at, _BODY)
    if own.strip() and not (attached and is_cover(own)):
        yield Member.of(name, own)
    yield from attached


def _folders(file: olefile.OleFileIO, at: list[str]) -> list[str]:
    """The storages of what is attached to a message, in order."""
    depth = len(at)
    inside = (path for path in file.listdir() if path[:depth] == at and len(path) > depth + 1)
    return sorted({path[depth] for path in inside if path[depth].startswith(_ATTACHED)})


def _attached(file: olefile.OleFileIO, at: list[str], above: str) -> Iterator[Member]:
    names = [_text(file, at, name).decode("utf-8", "replace") for name in _NAMES]
    name = next(filter(None, names), at[-1].removeprefix(_ATTACHED))
    name = f"{above}/{name}" if above else name
    if file.exists([*at, _INNER]):
        if len(at) < _DEEPEST:
            yield from _message(file, [*at, _INNER], name)
    else:
        yield Member.of(name, _stream(file, [*at, f"__substg1.0_{_DATA}0102"]))


def _text(file: olefile.OleFileIO, folder: list[str], number: str) -> bytes:
    """A property that is text: in Unicode as UTF-8, in an older code page or a page's own as it is."""
    wide = _stream(file, [*folder, f"__substg1.0_{number}001F"])
    if wide:
        return wide.decode("utf-16-le", "replace").strip("\0").encode()
    return (
        _stream(file, [*folder, f"__substg1.0_{number}0102"]) or _stream(file, [*folder, f"__substg1.0_{number}001E"])
    ).strip(b"\0")


def _stream(file: olefile.OleFileIO, path: list[str]) -> bytes:
    if not file.exists(path):
        return b""
    data: bytes = file.openstream(path).read()
    return data
