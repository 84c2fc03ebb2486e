"""Decode an article: UTF-8 (with or without a mark), UTF-16 or Windows-1252, and say which.

The order is that of the Encoding Standard (WHATWG): a byte order mark decides; without one, valid UTF-8 is read as
UTF-8; UTF-16 is recognised by its zero bytes; the rest is read as Windows-1252, unless it has control characters that
text does not have.
"""

from __future__ import annotations

import codecs
import re

from reportedly.errors import InvalidDocument

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

_BINARY = "these bytes are not text in UTF-8, UTF-16 or Windows-1252; save the article as .txt, .md, .docx or .html"
_MOST_CONTROLS = 0.005
"""Share of control characters above which bytes are not taken for text."""


def decode(data: bytes) -> tuple[str, str]:
    """Return the text of `data` and the name of its encoding.

    Raises
    ------
    InvalidDocument
        When the bytes are not text in any of the encodings.
    """
    if not data:
        raise InvalidDocument("got 0 bytes, expected an article")
    encoding = _detect(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InvalidDocument(
            f"got bytes that are not {encoding} text at offset {error.start}; "
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
