"""A web page -> the article in it, without navigation, advertisements and comments.

Extraction is trafilatura's, which leads the published comparisons of main-text extractors (Barbaresi,
2021, https://aclanthology.org/2021.acl-demo.15). It is imported only when a page is read. Offsets of
the document refer to the extracted text, not to the page; ``+html`` in its encoding says so, and
``+json-ld`` that the text is the page's own copy for search engines, of which it shows a part.
"""

from __future__ import annotations

import codecs
import logging
import re
from typing import TYPE_CHECKING

from reportedly.datamodel import Document
from reportedly.errors import InvalidDocument
from reportedly.reading.damage import repaired
from reportedly.reading.documents import read_text
from reportedly.reading.encodings import decode

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_META = re.compile(
    rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{1,40})", re.IGNORECASE
)
_TAG = re.compile(rb"<(?:!doctype\s+html|html|head|body|article)\b", re.IGNORECASE)
_PIECE = re.compile(r">\s*+[^<\s]")
_MOST_PIECES = 3000
"""Number of pieces of text between tags above which trafilatura's fallbacks are not used, one of which
(jusText) takes quadratic time; news pages have a few hundred."""
_SENTENCE = re.compile(r"^(?=[^\n]*?(?<!\S)(?:\S++ ){7})[^\n]*[.!?…][”\"’)]?$", re.MULTILINE)
"""A line that holds seven words in a row and ends as a sentence does."""
_HEAD = 4096
_SILENT = logging.NullHandler()

MAX_BYTES = 8_000_000
"""The largest page that is read, in bytes; the largest news pages have about 3 MB of HTML."""


def looks_like_html(data: bytes) -> bool:
    """Tell whether bytes of unknown kind begin like a web page."""
    return bool(_TAG.search(data[:_HEAD]))


def read_html(
    data: bytes,
    *,
    title: str = "",
    id: str = "",  # noqa: A002 - the field's name
    charset: str | None = None,
) -> Document:
    """Return the article in a web page, one line per paragraph.

    Parameters
    ----------
    data
        The page.
    title
        The headline; the page's own if none is given.
    id
        The document's id.
    charset
        The encoding that the server gave, which counts before the page's own (WHATWG).

    Raises
    ------
    InvalidDocument
        When the page is not text, too large, or holds no article.
    """
    if len(data) > MAX_BYTES:
        raise InvalidDocument(f"got more than {MAX_BYTES:,} bytes, expected one page")
    page, encoding = _decode(data, charset)
    text, headline, own = _extract(page)
    if not text:
        raise InvalidDocument(
            "found no article in the page; save the article's text to a file and score that"
        )
    return read_text(text, title=title or headline, id=id, encoding=f"{encoding}{own}+html")


def _decode(data: bytes, charset: str | None) -> tuple[str, str]:
    """Return the page as text: a byte order mark decides, then the server, then the page, then the bytes."""
    marked = data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    declared = _META.search(data[:_HEAD])
    named = charset or (declared[1].decode("ascii", "replace") if declared else None)
    name = None if marked else _text_codec(named)
    if name and (
        charset or not name.startswith("utf-16")
    ):  # a page that declares UTF-16 in ASCII is not UTF-16
        try:
            text = data.decode(name)
            return (text, name) if name != "cp1252" or text.isascii() else _as_utf_8(data, text)
        except UnicodeDecodeError:
            pass  # the bytes count before the declared encoding
    return decode(data)


def _as_utf_8(data: bytes, text: str) -> tuple[str, str]:
    """Return a page declared as Windows-1252 as UTF-8 if it is valid UTF-8, which other text is not by chance."""
    try:
        return data.decode(), "utf-8"
    except UnicodeDecodeError:
        return text, "cp1252"


def _text_codec(name: str | None) -> str | None:
    """Return Python's name of a text encoding, Windows-1252 for Latin-1 as browsers do, or None."""
    if not name:
        return None
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if not getattr(info, "_is_text_encoding", True) or info.name in {"idna", "punycode", "utf-7"}:
        return None
    return "cp1252" if info.name in {"iso8859-1", "ascii"} else info.name


def _extract(page: str) -> tuple[str, str, str]:
    """Return the article's text, the page's headline, which may be empty, and a mark of where the text was found."""
    # Imported only for pages.
    from trafilatura import extract_metadata, load_html  # noqa: PLC0415

    from reportedly.reading.formats.boxes import with_leads  # noqa: PLC0415
    from reportedly.reading.formats.structured import better, take_bodies  # noqa: PLC0415

    # We report broken pages ourselves; without a handler its warnings go to standard error.
    logging.getLogger("trafilatura").addHandler(_SILENT)
    page = page.replace("\0", "\ufffd")
    crowded = sum(1 for _ in _PIECE.finditer(page)) > _MOST_PIECES
    try:
        tree = load_html(page)
        if tree is None:
            return "", "", ""
        title = getattr(extract_metadata(tree, extensive=False), "title", None) or ""
        copies = take_bodies(tree)
        text = _main_text(tree, fast=crowded)
        best = better(text, tree, copies)
        if not _SENTENCE.search(
            best
        ):  # the boxes were the page: keep all but those that ask for something
            tree = load_html(page)
            best = text = _main_text(tree, fast=crowded, surest=True)
        whole = with_leads(tree, best)
    except Exception as error:  # noqa: BLE001 - whatever a parser makes of a hostile page
        raise InvalidDocument(
            f"the page cannot be parsed ({type(error).__name__}); save the article's text to a file and score that"
        ) from None
    return whole, repaired(" ".join(title.split())), "" if best == text else "+json-ld"


def _main_text(tree: HtmlElement, *, fast: bool, surest: bool = False) -> str:
    """Return the article's text in a page's tree after removing its boxes."""
    from trafilatura import bare_extraction  # noqa: PLC0415

    from reportedly.reading.formats.boxes import drop_boxes  # noqa: PLC0415

    drop_boxes(tree, surest=surest)
    found = bare_extraction(tree, include_comments=False, include_tables=False, fast=fast)
    return (getattr(found, "text", None) or "").strip()
