"""A mail (.eml) and a page saved in one file (.mht, .mhtml): its own text, and what is attached."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage

from llmx.documents.readers.member import Member
from llmx.errors import UnreadableInput

_LONGEST_COVER = 1_000
"""Bytes beyond ASCII of a mail's own text up to which it only covers what is attached."""
_BEYOND = re.compile(rb"[\x80-\xff]|&#")


def members(data: bytes, where: str) -> Iterator[Member]:
    """What a mail holds.

    Args:
        data: its bytes.
        where: what messages call it.

    Yields:
        Its own text under no name, but where it only covers what is attached; then what is attached.

    Raises:
        UnreadableInput: there is neither.
    """
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    attached = list(_attached(message))
    own = _own(message)
    if own and not (attached and is_cover(own)):
        yield Member.of("", own)
    elif not attached:
        raise UnreadableInput(f"{where}: a mail without text; save what is meant by itself and give that")
    yield from attached


def is_cover(text: bytes) -> bool:
    """Whether a mail's own text is so short that it only covers what is attached."""
    return len(_BEYOND.findall(text)) <= _LONGEST_COVER


def _attached(message: EmailMessage) -> Iterator[Member]:
    """What is attached: not the pictures and styles of a page, which stand beside it without being attachments."""
    number = 0
    for part in message.walk():
        if part.get_content_maintype() == "multipart":
            continue
        if part.get_content_type() == "message/rfc822":
            number += 1
            yield Member.of(f"message {number}.eml", part.get_payload(0).as_bytes())  # type: ignore[union-attr]
        elif name := _file_name(part):
            yield Member.of(name, _payload(part))


def _file_name(part: EmailMessage) -> str:
    """What an attachment is called; empty for what is none."""
    shown_in_page = part.get("Content-ID") or part.get("Content-Location")
    if part.get_content_disposition() == "attachment" or (part.get_filename() and not shown_in_page):
        return part.get_filename() or "attachment"
    return ""


def _own(message: EmailMessage) -> bytes:
    """The text of a mail: its page with the most text, else its plain text."""
    parts = [part for part in message.walk() if part.get_content_maintype() == "text" and not _file_name(part)]
    for kind in ("text/html", "text/plain"):
        found = [_payload(part) for part in parts if part.get_content_type() == kind]
        if any(one.strip() for one in found):
            return max(found, key=len)
    return b""


def _payload(part: EmailMessage) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""
