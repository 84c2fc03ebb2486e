"""A Word file (.docx) -> the article in it: its paragraphs, with tracked changes accepted.

mammoth converts Word's XML to HTML, including insertions, deletions, footnotes and text boxes; it is imported only when
a Word file is read. Offsets of the document refer to the extracted text; its encoding is ``docx``. The headline
is the heading that the text opens with, else the title among the file's properties.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple
from zipfile import BadZipFile, ZipFile

from reportedly.datamodel import Document
from reportedly.errors import InvalidDocument
from reportedly.lexicons.loader import load
from reportedly.reading.documents import read_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAX_XML_BYTES = 12_000_000
"""The most bytes of unpacked XML of one file; an article has less than 1 MB."""

MAX_TAGS = 200_000
"""The most XML tags of one file: each takes about 2 KB of memory; an article of 2,000 words has about 10,000."""

_CHUNK = 1 << 20
_CORE = "docProps/core.xml"
_STYLES = """
p[style-name='Title'] => h1.title:fresh
p[style-name='Headline'] => h1:fresh
p[style-name='Subtitle'] => h2:fresh
comment-reference =>
"""
_NAMES = {
    "title": "{http://purl.org/dc/elements/1.1/}title",
    "author": "{http://purl.org/dc/elements/1.1/}creator",
    "date": "{http://purl.org/dc/terms/}created",
}


class Properties(NamedTuple):
    """A file's properties; empty if nobody filled them in."""

    title: str = ""
    author: str = ""
    date: str = ""


def read_word(data: bytes, *, title: str = "", id: str = "") -> Document:  # noqa: A002
    """Return the article in a Word file; its headline is `title`, else the file's own.

    Raises
    ------
    InvalidDocument
        When the file is damaged, unpacks to too much, or holds no text.
    """
    properties = _opened(data)
    tree = _tree(data)
    blocks = list(_blocks(tree))
    headed = blocks[0][0] if blocks and blocks[0][1] else ""
    document = read_text(
        "\n\n".join(text for text, _ in blocks),
        title=title or " ".join(headed.split()) or properties.title,
        id=id,
        encoding="docx",
    )
    return replace(document, author=properties.author, date=properties.date)


def said(text: object) -> str:
    """Return a property of a file as one line; empty if a program, not a person, wrote it."""
    words = " ".join(str(text or "").split())[:1000]
    written = any(entry.matcher().search(words) for entry in load("file_titles").entries)
    return "" if written else words


def _opened(data: bytes) -> Properties:
    """Return the properties of a Word file after checking that it is not damaged and not too large when unpacked."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            _check_size(archive)
            with suppress(KeyError):
                return _properties(archive.read(_CORE))
    except (BadZipFile, NotImplementedError, OSError, EOFError, ValueError, RuntimeError) as error:
        raise InvalidDocument(
            f"a damaged or locked Word file ({error}); save it again, or as plain text"
        ) from None
    return Properties()


def _check_size(archive: ZipFile) -> None:
    """Raise InvalidDocument if the XML unpacks to more than an article has."""
    parts = [i for i in archive.infolist() if i.filename.lower().endswith((".xml", ".rels"))]
    tags = 0
    if sum(part.file_size for part in parts) <= MAX_XML_BYTES:
        for part in parts:
            with archive.open(part) as opened:  # no more is read than the checked size
                tags += sum(chunk.count(b"<") for chunk in iter(lambda: opened.read(_CHUNK), b""))
        if tags <= MAX_TAGS:
            return
    raise InvalidDocument(
        "a Word file that unpacks to far more than one article; save the article as plain text"
    )


def _properties(xml: bytes) -> Properties:
    """Return the properties in ``docProps/core.xml``."""
    from lxml import etree  # noqa: PLC0415 - only Word files pay

    try:
        root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return Properties()
    found = {name: said(root.findtext(tag)) for name, tag in _NAMES.items()}
    return Properties(**found | {"date": found["date"].partition("T")[0]})


def _tree(data: bytes) -> HtmlElement:
    """Return a Word file as a tree of HTML, without pictures, footnote marks and its own style maps."""
    import mammoth  # noqa: PLC0415 - only Word files pay

    from reportedly.reading.formats.fragments import parse_fragment  # noqa: PLC0415

    try:
        html = mammoth.convert_to_html(
            BytesIO(data),
            style_map=_STYLES,
            include_embedded_style_map=False,
            convert_image=_no_picture,
        ).value
    except Exception as error:  # noqa: BLE001 - whatever a parser makes of a hostile file
        raise InvalidDocument(
            f"the Word file cannot be read ({type(error).__name__}); save it again, or as plain text"
        ) from None
    tree = parse_fragment(html)
    for mark in tree.xpath(
        "//sup[a[starts-with(@href, '#footnote') or starts-with(@href, '#endnote')]]"
        " | //a[starts-with(@href, '#footnote-ref') or starts-with(@href, '#endnote-ref')]"
    ):
        mark.drop_tree()
    return tree


def _no_picture(image: Any) -> list[Any]:  # noqa: ANN401 - mammoth's own type
    del image
    return []


def _blocks(tree: HtmlElement) -> Iterator[tuple[str, bool]]:
    """Yield the text of each non-empty block of the file, and whether it is a heading."""
    from reportedly.reading.formats.fragments import lines_of  # noqa: PLC0415

    for block in tree:
        if text := "\n".join(lines_of(block)):
            yield text, block.tag in {"h1", "h2"}
