"""A web page: the report's text, without navigation, share bars and the portal's words around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import lxml.html
from lxml import etree

from llmx.documents.decode import decode
from llmx.documents.readers.parsed import Parsed, Parts
from llmx.documents.readers.raised import raised
from llmx.documents.tables import MOST_CELLS, as_rows
from llmx.errors import UndecodableInput, UnreadableInput

_DROPPED = "script|style|noscript|template|nav|header|footer|aside|form|button|select|iframe|svg|figcaption|title"
_BLOCKS = frozenset(
    "address article blockquote body br center dd div dl dt fieldset h1 h2 h3 h4 h5 h6 hr li main ol p pre section table "
    "tbody tfoot thead tr ul".split()
)
_CELLS = frozenset(["td", "th"])
_LARGEST_SPAN = 200
"""Columns or rows that a cell reaches over."""
_LONGEST_CELL = 300
"""Characters of a cell with several paragraphs; where there are more, a page is laid out by the table."""
_TAB = re.compile(r" {0,3}\t(?!\s*\n)")
"""A tab that begins a paragraph, as word processors write it; where a line end stands beside it, it only sets the markup
off."""
_SENTENCE = re.compile("[。；，！？]")
_OF_A_LINE = frozenset("a b em font h1 h2 h3 h4 h5 h6 i li p span strong u".split())
_FEWEST = 10
"""Sentence marks that such an element holds where all of a report stands in it; with fewer its headings stand beside it."""
_SHARE = 0.9
"""The report's element holds at least so much of a page's sentence marks; what is around it are lists of links."""
_FIGURE = re.compile(r"[-−]?(?:[0-9,]{1,20}\.[0-9]{1,6}[%％]?|[0-9]{1,6}[%％])")
"""A cell with a decimal or a share: no day of a calendar and no number of a page."""
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*(?:gb2312|gbk|gb18030)", re.IGNORECASE)
_TAG_OF_BLOCK = re.compile(rf"<(?:{'|'.join(sorted(_BLOCKS))})[\s>/]", re.IGNORECASE)
_BLANKS = re.compile(r"[ \r\f\v]+")
_LONGEST_HIDDEN = 2_000
"""Characters of what is left out because it is not shown."""
_LARGEST_LOSS = 0.001
"""The share of bytes that a page may have that its encoding does not know; more is another encoding."""
_UP = re.compile(r"vertical-align\s*:\s*(?:super|text-top|top)", re.IGNORECASE)
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def parse(data: bytes, where: str) -> Parsed:
    """Read a page.

    Args:
        data: its bytes.
        where: what messages call it.

    Returns:
        Its text, a line a paragraph or table row (cells separated by tabs); places are `paragraph N`.

    Raises:
        UnreadableInput: it cannot be parsed.
        UndecodableInput: it is in no encoding that is read.
    """
    parts = Parts()
    for number, line in enumerate(lines_of(data, where), 1):
        parts.add(line, f"paragraph {number}")
    return parts.parsed()


def lines_of(data: bytes, where: str, whole: bool = False) -> list[str]:
    """The lines of a page's report, or of all of it; other arguments and errors as for `parse`."""
    text = _decoded(data, where)
    if not text.lstrip().startswith("<") or not _TAG_OF_BLOCK.search(text):
        text = re.sub(r"\r\n?|\n", "<br>", text)  # a text in which some tags stand: its lines are its own
    try:
        page = lxml.html.document_fromstring(
            text.encode(), parser=lxml.html.HTMLParser(encoding="utf-8", huge_tree=False)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableInput(f"{where}: no page that can be read: {error}; save its text and give that") from error
    for element in page.xpath("|".join(f"//{name}" for name in _DROPPED.split("|"))):
        if element.getparent() is not None:
            element.drop_tree()
    for element in page.xpath("//*[@style or @hidden or self::sup]"):
        style = element.get("style") or ""
        if (element.get("hidden") is not None or _UNSEEN.search(style)) and _is_aside(element):
            element.drop_tree()
        elif element.tag == "sup" or _UP.search(style):
            _write_out(element)
    return list(_lines(page if whole else _report(page)))


def _decoded(data: bytes, where: str) -> str:
    """A page's text: what it is in, whatever it declares, and by what it declares where a few bytes are damaged."""
    try:
        return decode(data, where)[0]
    except UndecodableInput:
        if not _CHARSET.search(data[:4096]):
            raise
        text = data.decode("gb18030", "replace")
        if text.count("\ufffd") > len(data) * _LARGEST_LOSS:
            raise
        return text


def _is_aside(element: lxml.html.HtmlElement) -> bool:
    """Whether what is not shown may be left out: a page may hide all of its text until a script shows it."""
    return element.getparent() is not None and len(element.text_content()) < _LONGEST_HIDDEN


def _write_out(element: lxml.html.HtmlElement) -> None:
    """A raised note's mark, set apart from the figure before it."""
    above, before = element.getparent(), element.getprevious()
    if above is None:
        return
    stands = above.text if before is None else before.tail or before.xpath("string()")
    text = element.text_content()
    written = raised(stands or "", text)
    if written != text:
        for child in list(element):
            element.remove(child)
        element.text = written


def _report(page: lxml.html.HtmlElement) -> lxml.html.HtmlElement:
    """The smallest element that holds the page's sentences."""
    body = page.find("body")
    element = page if body is None else body
    wanted = _sentences(element) * _SHARE
    while True:
        inner = next((child for child in element if isinstance(child.tag, str) and _sentences(child) >= wanted), None)
        if inner is None or not wanted or (inner.tag in _OF_A_LINE and _sentences(inner) < _FEWEST):
            return element
        if any(child is not inner and _holds_figures(child) for child in element):
            return element
        element = inner


def _holds_figures(element: lxml.html.HtmlElement) -> bool:
    """Whether a table of figures stands in an element: it is no list of links."""
    return any(_FIGURE.fullmatch(cell) for table in element.iter("table") for row in _grid(table) for cell in row)


def _sentences(element: lxml.html.HtmlElement) -> int:
    return len(_SENTENCE.findall(element.text_content()))


def _lines(element: lxml.html.HtmlElement) -> Iterator[str]:
    """Paragraphs and rows, with blanks as a browser shows them."""
    text = "".join(_pieces(element))
    for line in text.split("\n"):
        yield _BLANKS.sub(" ", line).strip(" ")


def _pieces(element: lxml.html.HtmlElement) -> Iterator[str]:
    """Text with a line end around each block and a tab after each cell; line ends of the source are blanks."""
    if not isinstance(element.tag, str):
        return
    if element.tag == "table" and (rows := _grid(element)):
        yield from (f"\n{line}" for line in as_rows(rows))
        yield "\n"
        return
    block = element.tag in _BLOCKS
    if block:
        yield "\n"
    if element.tag == "p" and element.text and _TAB.match(element.text):
        yield "\t"
    yield _blanks(element.text)
    for child in element:
        yield from _pieces(child)
        yield _blanks(child.tail)
    if block:
        yield "\n"
    if element.tag in _CELLS:
        yield "\t"


def _grid(table: lxml.html.HtmlElement) -> list[list[str]]:
    """The words of a table's cells, a blank for each place that one reaches over; none where a page is only laid out by it:
    one column, tables in its cells, or cells of several paragraphs."""
    rows = list(table.iter("tr"))
    if max(map(len, rows), default=0) < 2 or next(table.iterdescendants("table"), None) is not None:
        return []
    grid: list[list[str]] = []
    reached: dict[int, int] = {}
    left = MOST_CELLS
    for row in rows:
        line, spans, column = dict[int, str](), dict[int, int](), 0
        for cell in row.iterchildren("td", "th"):
            while column in reached:
                column += 1
            line[column] = "".join(_pieces(cell)).strip(" \n\t")
            wide = _span(cell, "colspan")
            if column + wide > left or (len(line[column]) > _LONGEST_CELL and "\n" in line[column]):
                return []
            spans |= dict.fromkeys(range(column, column + wide), _span(cell, "rowspan"))
            column += wide
        left -= max(spans, default=0)
        if left < 0:
            return []
        grid.append([line.get(at, "") for at in range(max(spans, default=-1) + 1)])
        reached = {at: rows - 1 for at, rows in (reached | spans).items() if rows > 1}
    return grid


def _span(cell: lxml.html.HtmlElement, name: str) -> int:
    """How many columns or rows a cell reaches over."""
    told = cell.get(name, "1").strip()
    return min(max(int(told), 1), _LARGEST_SPAN) if told.isascii() and told.isdigit() and len(told) < 9 else 1


def _blanks(text: str | None) -> str:
    if not text:
        return ""
    text = re.sub(r"[\n\t]+", " ", text) if "\n" in text or "\t" in text else text
    return text.replace("\xa0", " ")
