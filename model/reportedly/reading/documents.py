"""Make a Document of text, bytes or a file; of the text, only line ends are normalised."""

from __future__ import annotations

import re
from pathlib import Path

from reportedly.datamodel import Document
from reportedly.errors import InvalidDocument
from reportedly.reading.encodings import decode

MAX_CHARACTERS = 6_000_000
"""Longest text that is read; a newspaper's whole edition has about one million code points."""

_LINE_END = re.compile(r"\r\n?")

_SURROGATE = re.compile(r"[\ud800-\udfff]")


def read_text(text: str, *, title: str = "", id: str = "", encoding: str = "str") -> Document:  # noqa: A002
    r"""Return `text` as a Document: line ends become ``\n``, lone surrogates U+FFFD, nothing else changes.

    Raises
    ------
    InvalidDocument
        When the text is empty or too long, or is no string.
    """
    if not isinstance(text, str):
        raise InvalidDocument(f"expected the article's text, got {type(text).__name__}")
    if len(text) > MAX_CHARACTERS:
        raise InvalidDocument(
            f"got {len(text):,} characters, expected one article of at most {MAX_CHARACTERS:,}; "
            "split the file, or use `reportedly batch` for many articles"
        )
    if not text.strip():
        raise InvalidDocument("got no text but white space, expected an article")
    if "\r" in text:
        text = _LINE_END.sub("\n", text)
    return Document(
        text=_SURROGATE.sub("\ufffd", text),
        title=_SURROGATE.sub("\ufffd", title),
        id=_SURROGATE.sub("\ufffd", id),  # a file's name need not be text
        encoding=encoding,
    )


def read_bytes(data: bytes, *, title: str = "", id: str = "") -> Document:  # noqa: A002
    """Return the article in `data`, decoded.

    Raises
    ------
    InvalidDocument
        When the bytes are empty, too many, or no text.
    """
    text, encoding = decode(data)
    return read_text(text, title=title, id=id, encoding=encoding)


def read_file(path: str | Path, *, title: str = "") -> Document:
    """Return the article in the file `path`; its id is the path as given.

    No more is read than an article may have, so that a device or a pipe without end is refused too.

    Raises
    ------
    InvalidDocument
        When there is no such file, it cannot be read, or it holds no article.
    """
    file, most = Path(path), 4 * MAX_CHARACTERS
    try:
        with file.open("rb") as opened:
            data = opened.read(most + 1)
    except FileNotFoundError:
        raise InvalidDocument(f"{path}: no such file") from None
    except IsADirectoryError:
        raise InvalidDocument(f"{path}: is a directory, expected a file") from None
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = getattr(error, "strerror", None) or error
        raise InvalidDocument(f"{path}: cannot be read ({reason})") from None
    if len(data) > most:
        raise InvalidDocument(
            f"{path}: more than {most:,} bytes, expected one article of at most "
            f"{MAX_CHARACTERS:,} characters; use `reportedly batch` for many articles"
        )
    try:
        return read_bytes(data, title=title, id=str(path))
    except InvalidDocument as error:
        raise InvalidDocument(f"{path}: {error}") from None
