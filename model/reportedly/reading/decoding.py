"""Decode an article: UTF-8 (with or without a mark), UTF-16 or Windows-1252, and say which.

Only line ends are normalised. The Encoding Standard (WHATWG) gives the order: a byte order mark
decides; without one, text that is valid UTF-8 is UTF-8; UTF-16 shows by its zero bytes; what is
left is read as Windows-1252, unless it holds what no text holds.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from reportedly.datamodel import Document
from reportedly.errors import InvalidDocument

MAX_CHARACTERS = 6_000_000
"""Longest text that is read; a newspaper's whole edition has about one million code points."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LINE_END = re.compile(r"\r\n?")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_BINARY = "got binary data, expected text in UTF-8, UTF-16 or Windows-1252"
_MOST_CONTROLS = 0.005
"""Share of control characters above which bytes are taken for something else than text."""


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


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of `data` and the name of its encoding.

    Raises
    ------
    InvalidDocument
        When the bytes are no text in any of the encodings.
    """
    if not data:
        raise InvalidDocument("got 0 bytes, expected an article")
    encoding = _detect(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidDocument(
            f"got bytes that are no {encoding} text at offset {error.start}; "
            "save the article as UTF-8"
        ) from None
    sample = text[:100_000]
    if len(_CONTROL.findall(sample)) > _MOST_CONTROLS * len(sample):
        raise InvalidDocument(_BINARY)
    return text, encoding


def _detect(data: bytes) -> str:
    """Return the name of the encoding that `data` is most likely in."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if b"\0" not in data[:4096]:
            return "utf-8"
    sample = data[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if half and odd > 0.4 * half > even:
        return "utf-16-le"
    if half and even > 0.4 * half > odd:
        return "utf-16-be"
    if b"\0" in sample:
        raise InvalidDocument(_BINARY)
    return "cp1252"
