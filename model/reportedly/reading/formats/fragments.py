"""HTML where text is expected (a table's cell, JSON-LD) -> its text, one line per paragraph."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, fragment_fromstring

_BLOCK_NAMES = (
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dd", "dt", "blockquote",
    "article", "section", "main", "header", "footer", "aside", "nav", "figure", "table", "tr", "td", "th",
    "body", "html", "pre",
)  # fmt: skip
_BLOCKS = frozenset(_BLOCK_NAMES)
_UNSEEN = frozenset(
    {"script", "style", "noscript", "template", "iframe", "svg", "head", "button", "form", "select",
     "figcaption", "object", "audio", "video", "textarea"}
)  # fmt: skip
_OPENED = re.compile(rf"<({'|'.join(_BLOCK_NAMES)})(?:\s[^<>]{{0,1000}})?>", re.IGNORECASE)
_CLOSED = re.compile(rf"</({'|'.join(_BLOCK_NAMES)})\s{{0,9}}>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s{0,9}/?>", re.IGNORECASE)
_LINK = re.compile(r"<a\s[^<>]{0,1000}href[^<>]{0,1000}>", re.IGNORECASE)
_INLINE = re.compile(
    r"</?(?:a|b|i|u|em|strong|span|small|sup|sub|mark|font|br|cite|q|s)(?:\s[^<>]{0,1000})?/?>",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"&lt;/(?:p|div|h[1-6]|li|blockquote)\s{0,9}&gt;", re.IGNORECASE)
_GAPS = re.compile(r"[^\S\n]+")
_LEAST_BREAKS = 2


def is_html(text: str) -> bool:
    """Tell whether `text` is HTML: a block element in it is opened and closed, or lines are broken by tags.

    “a < b” is not HTML, nor is a sentence that mentions ``<p>``.
    """
    if "<" not in text:
        return False
    opened = {match[1].lower() for match in _OPENED.finditer(text)}
    if opened and any(match[1].lower() in opened for match in _CLOSED.finditer(text)):
        return True
    breaks = sum(1 for _ in _BREAK.finditer(text))
    return breaks >= _LEAST_BREAKS


def plain_text(text: str, clean: Callable[[HtmlElement], None] | None = None) -> str:
    """Return the visible text of `text`: the paragraphs of HTML; other text unchanged, without the tags of links.

    `clean` is called with the tree of HTML and removes what is not wanted.
    """
    if "&lt;/" in text and _ESCAPED.search(text) and not is_html(text):
        text = unescape(text)
    if is_html(text):
        tree = parse_fragment(text)
        if clean is not None:
            clean(tree)
        return "\n".join(lines_of(tree))
    if "</a" in text and _LINK.search(text):
        return unescape(_INLINE.sub("", text))
    return text


def parse_fragment(text: str) -> HtmlElement:
    """Return a fragment as a tree, even if it is malformed."""
    page = text.replace("\0", "\ufffd")
    try:
        return fragment_fromstring(page, create_parent="div", parser=HTMLParser(recover=True))
    except (etree.LxmlError, ValueError, AssertionError):
        empty: HtmlElement = fragment_fromstring("<div></div>")
        return empty


def lines_of(node: HtmlElement) -> list[str]:
    """Return the text of an element, one line per block, without what a browser does not show as text."""
    text = "".join(_pieces(node))
    lines = (_GAPS.sub(" ", line).strip() for line in text.split("\n"))
    return [line for line in lines if line]


def _pieces(root: HtmlElement) -> Iterator[str]:
    """Yield the text of a tree in order, with line ends around blocks."""
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    unseen = 0
    for event, node in walk:
        tag = node.tag if isinstance(node.tag, str) else ""
        hidden = tag in _UNSEEN
        if event == "start":
            unseen += hidden
            if not unseen:
                yield "\n" if tag in _BLOCKS or tag == "br" else ""
                yield " ".join(_words(node.text))
        else:
            unseen -= hidden and event == "end"
            if not unseen and node is not root:
                yield "\n" if tag in _BLOCKS else ""
                yield " ".join(_words(node.tail))


def _words(text: str | None) -> list[str]:
    """Return text with line ends, which are only spaces in HTML, replaced."""
    return (text or "").split("\n")
