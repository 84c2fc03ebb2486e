"""A file, or bytes from standard input -> the article in it, in any supported format."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Protocol

from reportedly.datamodel import Document
from reportedly.errors import InvalidDocument, did_you_mean
from reportedly.reading.documents import MAX_CHARACTERS, read_bytes
from reportedly.reading.formats.kinds import FileKind, file_kind

MAX_FILE_BYTES = 32_000_000
"""The largest file that is read, in bytes; a Word file or PDF of one article with its pictures has a few million."""

_MOST_NEAR = 1000
"""How many names beside a missing file are searched for the nearest one."""
_MOST_TEXT = 4 * MAX_CHARACTERS


class _Reader(Protocol):
    """A function that reads the bytes of one kind of file."""

    def __call__(self, data: bytes, *, title: str = "", id: str = "") -> Document:  # noqa: A002
        """Return the article."""


def read_file(path: str | Path, *, title: str = "") -> Document:
    """Return the article in the file `path`: text, Markdown, HTML, Word or PDF; its id is the path as given.

    No more is read than an article may have, so that an endless device or pipe is refused too.

    Raises
    ------
    InvalidDocument
        When there is no such file, it cannot be read, or it holds no article.
    """
    data = _bytes_of(path)
    try:
        return read_any(data, name=str(path), title=title)
    except InvalidDocument as error:
        raise InvalidDocument(f"{path}: {error}") from None


def read_any(data: bytes, *, name: str = "", title: str = "") -> Document:
    """Return the article in the bytes of a file called `name`, which is the document's id.

    Raises
    ------
    InvalidDocument
        When they hold no article, or are of an unsupported kind.
    """
    kind = file_kind(data, name)
    if kind in {"plain", "marked"} and len(data) > _MOST_TEXT:
        raise InvalidDocument(
            f"more than {_MOST_TEXT:,} bytes, expected one article of at most "
            f"{MAX_CHARACTERS:,} characters; use `reportedly batch` for many articles"
        )
    if len(data) > MAX_FILE_BYTES:
        raise InvalidDocument(f"more than {MAX_FILE_BYTES:,} bytes, expected one article")
    return _reader(kind)(data, title=title, id=name)


def files_below(folder: str | Path) -> Iterator[Path]:
    """Yield the files in a folder and its subfolders, sorted by name, without hidden files, pipes and devices."""
    for place, below, names in os.walk(folder):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in sorted(names):
            path = Path(place) / name
            # Reading a pipe or device in a folder might never end.
            if not name.startswith(".") and path.is_file():
                yield path


def _reader(kind: FileKind) -> _Reader:
    """Return the function that reads files of a kind; each imports its own libraries."""
    if kind == "page":
        from reportedly.reading.formats.pages import read_html  # noqa: PLC0415

        return read_html
    if kind == "marked":
        from reportedly.reading.formats.markdown import read_markdown  # noqa: PLC0415

        return read_markdown
    if kind == "docx":
        from reportedly.reading.formats.word import read_word  # noqa: PLC0415

        return read_word
    if kind == "pdf":
        from reportedly.reading.formats.pdf import read_pdf  # noqa: PLC0415

        return read_pdf
    return read_bytes


def _bytes_of(path: str | Path) -> bytes:
    """Return the content of a file, reading no more than the limit."""
    try:
        with Path(path).open("rb") as opened:
            return opened.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        raise InvalidDocument(f"{path}: no such file{nearest_name(path)}") from None
    except IsADirectoryError:
        raise InvalidDocument(f"{path}: is a directory, expected a file") from None
    except (OSError, ValueError) as error:  # ValueError: an impossible file name
        reason = getattr(error, "strerror", None) or error
        raise InvalidDocument(f"{path}: cannot be read ({reason})") from None


def nearest_name(path: str | Path) -> str:
    """Return the suggestion of the nearest name beside a missing file."""
    try:
        names = list(islice((entry.name for entry in os.scandir(Path(path).parent)), _MOST_NEAR))
    except OSError:
        return ""
    return did_you_mean(Path(path).name, names)
