"""Bytes to text: the encodings that Chinese reports come in, strictly."""

from __future__ import annotations

import codecs
import re
from itertools import islice

from llmx.errors import NoTextInput, UndecodableInput

# The longer mark first: UTF-16's begins UTF-32's. By their plain codecs, so that offsets count from the file's start.
_MARKS: list[tuple[bytes, str, str]] = [
    (codecs.BOM_UTF8, "utf-8", "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16"),
]
# The characters that make up most of any modern Chinese text; mojibake has few of them.
_COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形"
    "相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展"
    "省市区县镇乡村府报告五六七八九〇届企项目投资亿万元增长率农推设服务城环保教医疗收入省委领导革创"
    "發國產業會經濟農區縣鎮鄉億萬與為實現動開對點進個務設達資項電園學協議書錄報來時這們於過種後長體當質條應關"
    "，。、；：“”（）％《》！？—\u3000"
)
# Measured on 34 reports: read rightly they have 0.57 and more, read in a wrong encoding 0.01.
_PLAUSIBLE = 0.3
_SAMPLE = 5_000
# What the UTF-8 of the most frequent Chinese characters and marks looks like in GBK and in Latin-1, and what stands for
# bytes that were lost.
_GARBLED = re.compile(
    "[锛銆鐨涓鏄浜鍦鏈鍜澶鏀绔鍙闀鎴灞鍏宸閲绾璁]|锟斤拷|\ufffd|[äåæçèéï][\x80-\xbf\u2013-\u203a\u20ac\u02c6\u02dc\u0152-\u017e\u0192\u2122]"
)
_FEWEST_GARBLED = 5
_FIRST, _GLANCE = 100, 400
# Six characters of three UTF-8 bytes in a row: in GBK or Big5 text, chance makes that once in 10^11 bytes.
_UTF8_RUN = re.compile(rb"(?:[\xe3-\xe9\xef][\x80-\xbf]{2}){6}")


def decode(data: bytes, name: str) -> tuple[str, str]:
    """Decode a file's bytes.

    A byte order mark decides; else UTF-8 wins where it is valid; else what is valid as GB18030 or Big5 and reads
    most like Chinese.

    Args:
        data: the bytes.
        name: what messages call the file.

    Returns:
        The text without byte order mark, line ends as they are, and the encoding's name.

    Raises:
        NoTextInput: nothing but blanks, or a binary file.
        UndecodableInput: no encoding reads all of it; the message names the offset of the first bad byte. Or the bytes
            were read in a wrong encoding before and stored so.
    """
    text, encoding = _decode(data, name)
    if _is_garbled(text):
        text, encoding = _restored(text, encoding, name)
    if not text or text.isspace():
        raise NoTextInput(f"{name}: the file is empty; give one that holds the text of a report")
    if "\0" in text:
        raise NoTextInput(f"{name}: the file is binary (byte 0 at offset {data.index(0)}); give a text file")
    return text, encoding


def _decode(data: bytes, name: str) -> tuple[str, str]:
    for mark, codec, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, codec, name, skip=len(mark)), encoding
    if b"\0" in data:
        wide = _utf16_without_mark(data)
        return (_strictly(data, wide, name), wide) if wide else (data.decode("latin-1"), "binary")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        return _legacy(data, name, error)


def _is_garbled(text: str) -> bool:
    """Whether a text was read in a wrong encoding and stored so: 鏀垮簻 or æ”¿åºœ for 政府, 锟斤拷 for what was lost."""
    middle = len(text) // 2
    for glance in (text[:_GLANCE], text[middle : middle + _GLANCE]):
        if _plausible(glance[:_FIRST]) < _PLAUSIBLE:
            found = len(_GARBLED.findall(glance))
            if found > _FEWEST_GARBLED and found * 20 > sum(char > "\x7f" for char in glance):
                return True
    return False


def _restored(text: str, encoding: str, name: str) -> tuple[str, str]:
    """The text as it was before it was read in a wrong encoding, where no byte of it is lost.

    Raises:
        UndecodableInput: some are.
    """
    for wrong in ("gb18030", "latin-1", "cp1252"):
        try:
            found = text.encode(wrong).decode("utf-8")
        except UnicodeError:
            continue
        if _plausible(found) >= _PLAUSIBLE:
            return found, f"utf-8 read as {wrong}, stored as {encoding}"
    match = _GARBLED.search(text)
    shown = text[match.start() :][:8] if match else ""
    raise UndecodableInput(
        f"{name}: read in a wrong encoding and stored so ({shown!r}), with characters lost; get the file anew from where "
        "it came from"
    )


def _strictly(data: bytes, codec: str, name: str, skip: int = 0) -> str:
    try:
        return data[skip:].decode(codec)
    except UnicodeDecodeError as error:
        raise UndecodableInput(_fault(name, data, codec, error.start + skip)) from error


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 by its line feeds and ASCII, whose other byte is zero; no text in another encoding holds zeros."""
    readings = {codec: data[:_SAMPLE].decode(codec, "ignore") for codec in ("utf-16-le", "utf-16-be")}
    best = max(readings, key=lambda codec: _plausible(readings[codec]))
    return best if "\0" not in readings[best] and _plausible(readings[best]) >= _PLAUSIBLE else None


def _legacy(data: bytes, name: str, utf8: UnicodeDecodeError) -> tuple[str, str]:
    """GB18030 or Big5, whichever reads all of it and most like Chinese.

    Args:
        data: bytes that are not UTF-8.
        name: what messages call the file.
        utf8: why they are not.
    """
    # GB18030 reads nearly any bytes as something, so UTF-8 with a bad byte must not get there.
    run = _UTF8_RUN.search(data)
    if run:
        later = f" (UTF-8 again from offset {run.start()})" if run.start() > utf8.start else ""
        raise UndecodableInput(_fault(name, data, "utf-8", utf8.start, later)) from utf8
    readings = {codec: data.decode(codec, "replace") for codec in ("gb18030", "big5", "big5hkscs")}
    best = max(readings, key=lambda codec: _plausible(readings[codec]))
    text = _strictly(data, best, name)
    if _plausible(text) < _PLAUSIBLE:
        raise UndecodableInput(_fault(name, data, "utf-8", utf8.start)) from utf8
    return text, best


def is_chinese(text: str) -> bool:
    """Whether a text reads like Chinese, and not like Chinese that was read in a wrong encoding."""
    return _plausible(text) >= _PLAUSIBLE


def _plausible(text: str) -> float:
    """Share of common Chinese characters among a text's first characters beyond ASCII."""
    sample = list(islice((char for char in text if char > "\x7f"), _SAMPLE))
    return sum(char in _COMMON for char in sample) / len(sample) if sample else 0.0


def _fault(name: str, data: bytes, codec: str, at: int, more: str = "") -> str:
    return (
        f"{name}: byte {data[at]:#04x} at offset {at} is no {codec}{more}, and no other encoding reads the whole file; "
        "is it of mixed encodings or cut off? Save it as UTF-8"
    )
