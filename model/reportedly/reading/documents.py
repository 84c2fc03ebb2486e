"""Make a Document from text, or from bytes that are text; only line ends are normalised."""

from __future__ import annotations

import re

from reportedly.datamodel import Document
from reportedly.errors import InvalidDocument
from reportedly.reading.encodings import decode

MAX_CHARACTERS = 6_000_000
"""The longest text that is read, in code points; a whole edition of a newspaper has about one million."""

_LINE_END = re.compile(r"\r\n?")

_SURROGATE = re.compile(r"[\ud800-\udfff]")


def read_text(text: str, *, title: str = "", id: str = "", encoding: str = "str") -> Document:  # noqa: A002
    r"""Return `text` as a Document: line ends become ``\n``, lone surrogates U+FFFD, nothing else changes.

    Raises
    ------
    InvalidDocument
        When the text is empty, too long, or not a string.
    """
    if not isinstance(text, str):
        raise InvalidDocument(f"expected the article's text, got {type(text).__name__}")
    if len(text) > MAX_CHARACTERS:
        raise InvalidDocument(
            f"got {len(text):,} characters, expected one article of at most {MAX_CHARACTERS:,}; "
            "split the file, or use `reportedly batch` for many articles"
        )
    if not text.strip():
        raise InvalidDocument("got only white space, expected an article")
    if "\r" in text:
        text = _LINE_END.sub("\n", text)
    return Document(
        text=_SURROGATE.sub("\ufffd", text),
        title=_SURROGATE.sub("\ufffd", title),
        id=_SURROGATE.sub("\ufffd", id),  # a file name may hold bytes that are not text
        encoding=encoding,
    )


def read_bytes(data: bytes, *, title: str = "", id: str = "") -> Document:  # noqa: A002
    """Return the article in `data`, decoded.

    Raises
    ------
    InvalidDocument
        When the bytes are empty, too many, or not text.
    """
    text, encoding = decode(data)
    return read_text(text, title=title, id=id, encoding=encoding)
