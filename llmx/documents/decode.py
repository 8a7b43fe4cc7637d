"""Bytes to text: the encodings that Chinese reports come in, strictly."""

from __future__ import annotations

import codecs

from llmx.errors import NoTextInput, UndecodableInput

_BOMS: list[tuple[bytes, str]] = [
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
]
_MAGIC: dict[bytes, str] = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a zip archive, as .docx, .xlsx and .zip files are",
    b"\xd0\xcf\x11\xe0": "an old Office file, as .doc and .xls files are",
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"{\\rtf": "an RTF file",
}
# The characters that make up most of any modern Chinese text; mojibake has few of them.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形"
    "相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展"
    "發國產業會經濟農區縣鎮鄉億萬與為實現動開對點進個務設達資億項萬電園學協議書錄"
    "，。、；：“”（）1234567890％%—《》！？\n"
)
_UTF16_SHARE = 0.3


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Decode a file's bytes.

    UTF-8 wins where it is valid; else what is valid as GB18030 or Big5 and reads most like Chinese.

    Args:
        data: the bytes.
        name: what messages call the file.

    Returns:
        The text without byte order mark, line ends as they are, and the encoding's name.

    Raises:
        NoTextInput: nothing but blanks, or a binary file.
        UndecodableInput: no encoding reads all of it; the message names the offset of the first bad byte.
    """
    text, encoding = _decode(data, name)
    if not text.strip():
        raise NoTextInput(f"{name}: the file is empty; give one that holds the text of a report")
    return text, encoding


def _decode(data: bytes, name: str) -> tuple[str, str]:
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            raise NoTextInput(f"{name}: the file is {kind}, not text; save it as plain text and give that")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strictly(data, encoding, name), encoding
    wide = _utf16_without_bom(data)
    if wide:
        return _strictly(data, wide, name), wide
    if b"\0" in data:
        raise NoTextInput(f"{name}: the file is binary (byte 0 at offset {data.index(0)}); give a text file")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        return _legacy(data, name, error)


def _strictly(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UndecodableInput(_fault(name, data, encoding, error)) from error


def _utf16_without_bom(data: bytes) -> str | None:
    """UTF-16 by its line feeds and ASCII, whose other byte is zero; no text in another encoding holds zeros."""
    head = data[:4096]
    if b"\0" not in head or len(data) % 2:
        return None
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        try:
            text = head[: len(head) // 2 * 2].decode(encoding)
        except UnicodeDecodeError:
            continue
        if zeros.count(0) and "\0" not in text and _plausible(text) >= _UTF16_SHARE:
            return encoding
    return None


def _legacy(data: bytes, name: str, utf8: UnicodeDecodeError) -> tuple[str, str]:
    """GB18030 or Big5, whichever reads all of it and most like Chinese; else the error that is nearest the truth."""
    read = {}
    faults = {"utf-8": utf8}
    for encoding in ("gb18030", "big5", "big5hkscs"):
        try:
            read[encoding] = data.decode(encoding)
        except UnicodeDecodeError as error:
            faults[encoding] = error
    # A text that is UTF-8 for a while and then is not is broken UTF-8; as GB18030 it would be mojibake.
    begins_as_utf8 = any(byte > 127 for byte in data[: utf8.start])
    best = max(read, key=lambda encoding: _plausible(read[encoding]), default=None)
    if best and not begins_as_utf8 and _plausible(read[best]) >= _UTF16_SHARE:
        return read[best], best
    nearest = "utf-8" if begins_as_utf8 else max(faults, key=lambda encoding: faults[encoding].start)
    raise UndecodableInput(_fault(name, data, nearest, faults[nearest]))


def _plausible(text: str) -> float:
    """Share of a sample's characters that are common in Chinese text."""
    sample = text[:20_000]
    return sum(char in _COMMON for char in sample) / len(sample) if sample else 0.0


def _fault(name: str, data: bytes, encoding: str, error: UnicodeDecodeError) -> str:
    return (
        f"{name}: byte {data[error.start]:#04x} at offset {error.start} is no {encoding.removesuffix('-sig')}, and no other "
        f"encoding reads the whole file; is it of mixed encodings or cut off? Save it as UTF-8"
    )
