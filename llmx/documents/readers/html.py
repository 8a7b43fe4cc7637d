"""A web page: the report's text, without navigation, share bars and the portal's words around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import lxml.html
from lxml import etree

from llmx.documents.decode import decode
from llmx.documents.readers.parsed import Parsed, Parts
from llmx.documents.readers.raised import raised
from llmx.errors import UnreadableInput

_DROPPED = "script|style|noscript|template|nav|header|footer|aside|form|button|select|iframe|svg|figcaption|title"
_BLOCKS = frozenset(
    "address article blockquote body br center dd div dl dt fieldset h1 h2 h3 h4 h5 h6 hr li main ol p pre section table "
    "tbody tfoot thead tr ul".split()
)
_CELLS = frozenset(["td", "th"])
_SENTENCE = re.compile("[。；，！？]")
_SHARE = 0.9
"""The report's element holds at least so much of a page's sentence marks; what is around it are lists of links."""
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*(?:gb2312|gbk|gb18030)", re.IGNORECASE)


def parse(data: bytes, where: str) -> Parsed:
    """Read a page.

    Args:
        data: its bytes.
        where: what messages call it.

    Returns:
        Its text, a line a paragraph or table row (cells separated by tabs); places are `paragraph N`.

    Raises:
        UnreadableInput: it cannot be parsed.
    """
    text = data.decode("gb18030", "replace") if _CHARSET.search(data[:4096]) else decode(data, where)[0]
    try:
        page = lxml.html.document_fromstring(
            text.encode(), parser=lxml.html.HTMLParser(encoding="utf-8", huge_tree=False)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableInput(f"{where}: no page that can be read: {error}; save its text and give that") from error
    for element in page.xpath("|".join(f"//{name}" for name in _DROPPED.split("|"))):
        if element.getparent() is not None:
            element.drop_tree()
    for element in page.iter("sup"):
        _write_out(element)
    parts = Parts()
    for number, line in enumerate(_lines(_report(page)), 1):
        parts.add(line, f"paragraph {number}")
    return parts.parsed()


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
        if inner is None or not wanted:
            return element
        element = inner


def _sentences(element: lxml.html.HtmlElement) -> int:
    return len(_SENTENCE.findall(element.text_content()))


def _lines(element: lxml.html.HtmlElement) -> Iterator[str]:
    """Paragraphs and rows, with blanks as a browser shows them."""
    text = "".join(_pieces(element))
    for line in text.split("\n"):
        yield re.sub(r"[ \r\f\v]+", " ", line).strip(" ")


def _pieces(element: lxml.html.HtmlElement) -> Iterator[str]:
    """Text with a line end around each block and a tab after each cell; line ends of the source are blanks."""
    if not isinstance(element.tag, str):
        return
    block = element.tag in _BLOCKS
    if block:
        yield "\n"
    yield _blanks(element.text)
    for child in element:
        yield from _pieces(child)
        yield _blanks(child.tail)
    if block:
        yield "\n"
    if element.tag in _CELLS:
        yield "\t"


def _blanks(text: str | None) -> str:
    return re.sub(r"[\n\t]+", " ", text or "").replace("\xa0", " ")
