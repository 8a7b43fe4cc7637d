"""Whether the text of a PDF's page is the page's text: a scanner's page has none, and some programs write text that can be
looked at but not be read."""

from __future__ import annotations

import re

import pypdfium2

_FEW = 40
"""Characters of a page that has all but none: a number, a stamp of the scanner's program."""
_COVERED = 0.5
"""Of a page: what a picture covers that is the page."""
# Codes that say nothing: private ones, controls, the replacement character, halves of pairs.
_UNMAPPED = re.compile("[\ue000-\uf8ff\ufffd\x00-\x08\x0e-\x1f\ufffe]")
# Bytes of GBK taken for Latin: ÖÐ¹ú for 中国.
_MISTAKEN = re.compile("[\xa1-\xff]")
_HAN = re.compile("[\u3400-\u9fff]")
_FREQUENT = frozenset(
    "的一和发展业工年建设大政人全生产民中国市公区新经济以在会化实力服务理行地为高加进个重增长了体安不有十二三上动"
)
_READABLE, _CHINESE, _NEEDED = 0.9, 0.02, 200
"""Of a page's characters, how many must say something; of its Chinese ones, how many are among the most frequent, which
are a third of any text; and from how many on that is asked."""


def is_lacking(page: pypdfium2.PdfPage, text: str) -> bool:
    """Whether a page's text must be recognised.

    Args:
        page: the page.
        text: its text layer, without blanks.

    Returns:
        True where there is none on a page that shows something, or where what there is says nothing.
    """
    if len(text) < _FEW:
        return _shows(page, text)
    odd = len(_UNMAPPED.findall(text)) + len(_MISTAKEN.findall(text))
    if odd > (1 - _READABLE) * len(text) and not _is_latin(text):
        return True
    chinese = _HAN.findall(text)
    return len(chinese) >= _NEEDED and sum(char in _FREQUENT for char in chinese) < _CHINESE * len(chinese)


def _is_latin(text: str) -> bool:
    """Whether a text has the accents of a language, not those of bytes taken for letters."""
    return len(_MISTAKEN.findall(text)) * 4 < sum(char.isascii() and char.isalpha() for char in text)


def _shows(page: pypdfium2.PdfPage, text: str) -> bool:
    """Whether a page without text shows a picture of one; one with some, whether a picture covers it."""
    width, height = page.get_size()
    for one in page.get_objects(filter=(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE,), max_depth=3):
        left, bottom, right, top = one.get_bounds()
        if (right - left) * (top - bottom) > _COVERED * width * height:
            return True
    return not text and any(True for _ in page.get_objects(max_depth=1))
