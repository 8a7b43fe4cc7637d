"""Whether a text is Chinese, as the scan of its figures asks."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

Script = Literal["han", "latin"]

_HAN = re.compile("[\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_SHARE = 20
"""One letter in so many is Han in a Chinese text: the densest table of English names has one in four, and an English
report that quotes its Chinese title fewer than one in a hundred."""


@lru_cache(maxsize=16)  # the texts in hand, asked for each of their pieces
def script_of(text: str) -> Script:
    """The script of a text, by its letters: `han` where one in twenty or more of them is Han, and where it has none.

    Args:
        text: a whole text; of a piece the script is that of its text, which `find_figures` takes.
    """
    if text.isascii():
        return "latin" if _LETTERS.search(text) else "han"
    han = 0
    for run in _HAN.finditer(text):
        han += run.end() - run.start()
        if han * _SHARE >= len(text):  # no text has more letters than characters: told by a Chinese one's first page
            return "han"
    letters = sum(map(len, _LETTERS.findall(text)))
    return "han" if han * _SHARE >= letters else "latin"
