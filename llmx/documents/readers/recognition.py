"""Text recognition: the picture of a page to its lines, each character with its box and how surely it was read. The only
importer of rapidocr, whose models come with it: nothing is fetched, and the same picture gives the same text."""

from __future__ import annotations

import math
import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from itertools import islice, pairwise
from statistics import median
from typing import Any, NamedTuple

import cv2
import numpy as np
from rapidocr import RapidOCR
from rapidocr.main import RapidOCRError

from llmx.documents.document import Mark
from llmx.documents.readers.apart import allow, heard
from llmx.documents.readers.drawn import Drawn
from llmx.documents.readers.layout import Line, Page, in_columns
from llmx.documents.readers.marks import mended

_DETECTED = 1280
"""Pixels of the longer side in which lines are looked for. 1.2 s less a page than with 1,600, and no other text; with 960
and less, neighbouring lines get into each other's boxes."""
_AT_ONCE = max(1, min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1))
"""Pages at once; each takes one core and 0.3 GB."""
_MEMORY, _MEMORY_A_PAGE = 2 << 30, 1 << 30
"""Bytes of addresses asked for; about a third of them are used."""
_LEAST = 0.5
"""A line that is read less surely is none: a picture, a seal's rim."""
_TURNED, _SURE = 1.5, 0.9
"""A line is upright that is so much higher than wide; and how surely one must stand on its head."""
_TRIED = 6
"""Lines, the widest of a page, by which one tells whether it stands on its head."""
_RED, _FEW = 50, 2_000
"""How much redder than green and blue a seal's ink is, and of how many red pixels a picture is looked at for seals."""
_SEAL = (0.08, 0.25)
"""Of a page's longer side, between which a seal's is: 38 to 45 mm of 297."""
_TELLING, _NEAR = 6, 0.7
"""Characters from whose width their size is told; and how near to a page's usual size a shorter line's height is taken for
it."""
_A4 = 842.0

Picture = np.ndarray[Any, Any]


class _Found(NamedTuple):
    """The lines found on a picture that stands upright, and by how many quarters it was turned to the left for that."""

    pixels: Picture
    quads: list[Picture]
    crops: list[Picture]
    quarters: int


def recognised(pictures: Iterable[Drawn], of: int) -> Iterator[Page]:
    """The pages of pictures, in order; few are held at a time.

    Args:
        pictures: drawn when they are asked for, in this thread: pdfium bears no other.
        of: how many they are.
    """
    heard(0, of)
    _engine()  # made once, before threads ask for it
    under_way: deque[Future[Page]] = deque()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        left = iter(pictures)
        for done in range(1, of + 1):
            under_way.extend(pool.submit(_page, one) for one in islice(left, _AT_ONCE + 1 - len(under_way)))
            page = under_way.popleft().result()
            heard(done, of)
            yield page


@cache
def _engine() -> RapidOCR:
    allow(_MEMORY + _AT_ONCE * _MEMORY_A_PAGE)
    cv2.setNumThreads(1)
    options = {
        "Global.log_level": "critical",
        "Global.use_preprocess_img": False,  # lines are cut from the whole picture, whatever they are looked for in
        "Global.use_vertical_padding": False,
        "Det.limit_type": "max",
        "Det.limit_side_len": _DETECTED,
        "Rec.rec_batch_num": 1,  # with 6, lines are filled up to the longest: a quarter slower, and 0.2 GB more
    }
    threads = dict.fromkeys(("intra_op_num_threads", "inter_op_num_threads"), 1)
    engine = RapidOCR(params=options | {f"EngineConfig.onnxruntime.{name}": one for name, one in threads.items()})
    engine.return_word_box = True
    return engine


def _page(drawn: Drawn) -> Page:
    """A page's lines in reading order, in points as if it were as high as A4, or as wide."""
    found = _upright(_without_seals(drawn.pixels))
    height, width = found.pixels.shape[:2]
    scale = _A4 / max(height, width)
    if not found.crops:
        return Page([], height * scale)
    slope = _slope(found.quads)
    read: Any = _engine().recognize_txt(found.crops)
    lines = []
    for quad, text, score, word in zip(found.quads, read.txts, read.scores, read.word_results, strict=True):
        if score >= _LEAST and text.strip():
            boxes = zip(word.confs, _boxes(quad, text, word), strict=True)
            marks = [_mark(sure, box, found, drawn.unit) for sure, box in boxes]
            lines.append(_line(_level(quad, slope, found.pixels) * scale, height * scale, *mended(text, marks)))
    return Page(in_columns(_sized(lines), width * scale), height * scale)


def _upright(pixels: Picture) -> _Found:
    """The picture turned so that its lines run from left to right."""
    found = _detected(pixels, 0)
    if sum(map(_is_high, found.quads)) * 2 > len(found.quads):
        found = _detected(pixels, 1)
    widest = sorted(found.crops, key=lambda crop: -crop.shape[1])[:_TRIED]
    if widest:
        told: Any = _engine().cls_and_rotate(widest)[1].cls_res
        if sum(label == "180" and score > _SURE for label, score in told) * 2 > len(told):
            found = _detected(pixels, found.quarters + 2)
    return found


def _detected(pixels: Picture, quarters: int) -> _Found:
    """The lines of a picture that is turned by so many quarters to the left."""
    turned = np.ascontiguousarray(np.rot90(pixels, quarters))
    found: Any
    try:
        crops, found = _engine().detect_and_crop(turned, {})
    except RapidOCRError:  # there are none
        return _Found(turned, [], [], quarters)
    quads = list(found.boxes)
    if len(quads) > 1:
        size = median(min(crop.shape[:2]) for crop in crops)
        # A single 1 is higher than wide, which the library takes for a line on its side.
        single = [_is_high(quad) and max(crop.shape[:2]) < 2 * size for quad, crop in zip(quads, crops, strict=True)]
        crops = [np.rot90(crop, -1) if one else crop for crop, one in zip(crops, single, strict=True)]
    return _Found(turned, quads, crops, quarters)


def _is_high(quad: Picture) -> bool:
    return bool(np.linalg.norm(quad[0] - quad[3]) >= _TURNED * np.linalg.norm(quad[0] - quad[1]))


def _slope(quads: list[Picture]) -> float:
    """The angle at which most lines fall to the right, in radians."""
    widest = sorted(quads, key=lambda quad: quad[0][0] - quad[1][0])[: len(quads) // 2 + 1]
    return median(math.atan2(float(quad[1][1] - quad[0][1]), float(quad[1][0] - quad[0][0])) for quad in widest)


def _level(quad: Picture, slope: float, pixels: Picture) -> Picture:
    """A line's corners as they were if the picture did not slope."""
    middle = np.array(pixels.shape[1::-1]) / 2
    turn = np.array([[math.cos(slope), -math.sin(slope)], [math.sin(slope), math.cos(slope)]])
    return np.asarray((quad - middle) @ turn + middle)


def _line(quad: Picture, height: float, text: str, marks: list[Mark]) -> Line:
    (left, top), (right, bottom) = quad.min(axis=0).tolist(), quad.max(axis=0).tolist()
    return Line(text, left, right, height - top, height - bottom, marks=tuple(marks))


def _sized(lines: list[Line]) -> list[Line]:
    """Lines as high as their characters are wide: a box is drawn around the ink, and by more around a short line."""
    sizes = [_size(line) for line in lines]
    usual = median(size for size in sizes if size) if any(sizes) else 0.0
    made = []
    for line, size in zip(lines, sizes, strict=True):
        near = usual if _NEAR * usual < line.height < usual / _NEAR else line.height
        middle, half = (line.top + line.bottom) / 2, (size or near) / 2
        made.append(line._replace(top=middle + half, bottom=middle - half))
    return made


def _size(line: Line) -> float:
    """A character's size by the width of a line that is long enough to tell; 0 of any other."""
    ems = sum(0.5 if char.isascii() else 1.0 for char in line.text)
    if ems < _TELLING:
        return 0.0
    return min(max((line.right - line.left) / (ems + 0.5), 0.75 * line.height), 1.25 * line.height)


def _boxes(quad: Picture, text: str, word: Any) -> Iterator[Picture]:
    """The corners of each character of a line, halfway to its neighbours' middles."""
    middles = iter([(column + 0.5) / word.line_txt_len for columns in word.word_cols for column in columns])
    known = [0.0 if char.isspace() else next(middles, 1.0) for char in text]  # a blank has no column of its own
    at = [middle or (known[number - 1] if number else 0.0) for number, middle in enumerate(known)]
    edges = [(one + other) / 2 for one, other in pairwise(at)]
    first = 2 * at[0] - edges[0] if edges else 0.0
    last = 2 * at[-1] - edges[-1] if edges else 1.0
    upper, lower = quad[1] - quad[0], quad[2] - quad[3]
    for begin, end in pairwise([max(0.0, first), *edges, min(1.0, last)]):
        corners = [quad[0] + begin * upper, quad[0] + end * upper, quad[3] + end * lower, quad[3] + begin * lower]
        yield quad if _is_high(quad) else np.array(corners)


def _mark(sure: float, box: Picture, found: _Found, unit: float) -> Mark:
    """How surely a character was read, and its box on the page as it stands in the file, from its upper left."""
    height, width = found.pixels.shape[:2]
    x, y = box[:, 0], box[:, 1]
    for _ in range(found.quarters % 4):  # back to the right, a quarter at a time
        x, y, height, width = height - y, x, width, height
    left, top, right, bottom = (round(float(edge) * unit, 1) for edge in (x.min(), y.min(), x.max(), y.max()))
    return round(sure, 3), left, top, right, bottom


def _without_seals(pixels: Picture) -> Picture:
    """The picture with the red of its seals taken out: what is round, red and as large as a seal; a red title stays."""
    blue, green, red = cv2.split(pixels)
    reddish = (cv2.subtract(red, cv2.max(blue, green)) > _RED).astype(np.uint8)
    if cv2.countNonZero(reddish) < _FEW:
        return pixels
    side = max(pixels.shape[:2])
    joined = cv2.morphologyEx(reddish, cv2.MORPH_CLOSE, np.ones((side // 60, side // 60), np.uint8))
    _, _, boxes, _ = cv2.connectedComponentsWithStats(joined)
    for left, top, width, height, _ in boxes[1:].tolist():
        if _SEAL[0] * side < min(width, height) and max(width, height) < _SEAL[1] * side:
            part = pixels[top : top + height, left : left + width]
            # In its red alone a seal is nearly as light as the paper; with more contrast it is gone.
            part[...] = cv2.convertScaleAbs(part[:, :, 2], alpha=1.5, beta=-80)[:, :, np.newaxis]
    return pixels
