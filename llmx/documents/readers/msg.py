"""A mail as Outlook keeps it (.msg): its own text, and what is attached. Source: MS-OXMSG."""

from __future__ import annotations

import io
from collections.abc import Iterator

import olefile

from llmx.documents.readers.mail import LONGEST_COVER
from llmx.documents.readers.member import Member
from llmx.errors import UnreadableInput

_HTML, _BODY, _DATA = "1013", "1000", "3701"
_NAMES = ("3707", "3704")
"""Long and short name of an attachment."""
_ATTACHED = "__attach_version1.0_"
_INNER = "__substg1.0_3701000D"
"""A message that is attached, which is no file of its own."""


def members(data: bytes, where: str) -> Iterator[Member]:
    """What a mail holds; see `mail.members`.

    Raises:
        UnreadableInput: there is neither a text nor something attached.
    """
    with olefile.OleFileIO(io.BytesIO(data)) as file:
        own = _text(file, [], _HTML) or _text(file, [], _BODY)
        folders = sorted({path[0] for path in file.listdir() if path[0].startswith(_ATTACHED)})
        attached = [_attached(file, folder, where) for folder in folders]
    if own and not (attached and len(own) <= LONGEST_COVER):
        yield Member.of("", own)
    elif not attached:
        raise UnreadableInput(f"{where}: a mail whose text is not to be had; save it as .txt or .eml and give that")
    yield from attached


def _attached(file: olefile.OleFileIO, folder: str, where: str) -> Member:
    names = [_text(file, [folder], name).decode("utf-8", "replace") for name in _NAMES]
    name = next(filter(None, names), folder)
    if file.exists([folder, _INNER]):

        def refuse(_: int) -> bytes:
            raise UnreadableInput(f"{where}#{name}: a mail inside a mail; save it by itself and give that")

        return Member(name, 0, refuse)
    return Member.of(name, _stream(file, [folder, f"__substg1.0_{_DATA}0102"]))


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
