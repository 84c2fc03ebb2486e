"""A PDF -> the text in it, one line per printed line; needs the extra ``pdf`` (pypdf).

A PDF has no paragraphs, only marks on pages: lines are rebuilt as printed, running heads and page numbers left
out, and words divided at a line's end joined. Offsets of the document refer to that text; its encoding is ``pdf``. The
headline is the title among the file's properties if it is on the first page, else the large type at the top of that page.
"""

from __future__ import annotations

import logging
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

from reportedly.datamodel import Document
from reportedly.errors import InvalidDocument
from reportedly.reading.documents import MAX_CHARACTERS, read_text
from reportedly.reading.formats.word import said

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MAX_PAGES = 200
"""The most pages of a file; longer ones are books and reports, not articles."""

MAX_SECONDS = 20.0
"""The most seconds for a file; a page of a newspaper takes a few tenths of a second."""

_SILENT = logging.NullHandler()
_MOST_UNPACKED = 8_000_000
_LARGE = 1.2
"""How many times larger than the page's most frequent type a headline is."""
_LONGEST_HEADLINE = 300
_DIVIDED = re.compile(r"(?<=[a-z])-\n(?=[a-z])")
_NUMBER = re.compile(r"(?i)\A(?:page)?\W*+\d[\W\d]*+(?:of\s*+\d++)?\Z")
_DIGITS = re.compile(r"\d+")
_NOT_A_WORD = re.compile(r"\W+")
_LEAST_PAGES = 3
"""In a file of at least this many pages, a line at the top of most of them is a running head."""
_LIMITS: dict[str, Any] = dict.fromkeys(
    (
        "maximum_declared_stream_length", "array_based_stream_maximum_output_length", "zlib_maximum_output_length",
        "lzw_maximum_output_length", "run_length_maximum_output_length", "image_maximum_buffer_size",
    ),
    _MOST_UNPACKED,
) | {"stream_decoding_work_maximum_length": 4 * _MOST_UNPACKED, "stream_parsing_work_maximum_count": 500_000}  # fmt: skip
"""The most that pypdf may unpack and parse of one stream: far more than a page of text needs, far less than its default."""


class _TooSlow(Exception):
    """Raised when the time for a file is over."""


@dataclass
class _Type:
    """The pieces of a page's text in order, each with its type size."""

    pieces: list[tuple[str, float]] = field(default_factory=list)

    def note(self, text: str, page: Any, place: Any, font: Any, size: Any) -> None:  # noqa: ANN401 - pypdf's values
        """Keep a piece of text; called by pypdf."""
        del font
        try:
            height = abs(float(size)) * abs(float(place[3]) or 1.0) * abs(float(page[3]) or 1.0)
        except (TypeError, ValueError, IndexError):
            return
        if text.strip():
            self.pieces.append((" ".join(text.split()), round(height, 1)))

    def opening(self) -> str:
        """Return the text in large type at the top of the page; empty if there is none."""
        letters: Counter[float] = Counter()
        for text, size in self.pieces:
            letters[size] += len(text)
        if len(letters) < 2:
            return ""
        common = letters.most_common(1)[0][0]
        large: list[str] = []
        for text, size in self.pieces:
            if size >= _LARGE * common:
                large.append(text)
            elif large:
                break
        words = " ".join(large)
        return words if len(words) <= _LONGEST_HEADLINE else ""


def read_pdf(data: bytes, *, title: str = "", id: str = "") -> Document:  # noqa: A002
    """Return the article in a PDF; its headline is `title`, else the file's own.

    Raises
    ------
    InvalidDocument
        When the extra is missing, or the file is damaged, locked, too long, or has only pictures of text.
    """
    first = _Type()
    try:
        pages, properties = _content(data, first)
    except _TooSlow:
        raise InvalidDocument(
            f"a PDF that takes more than {MAX_SECONDS:g} seconds; save its text as .txt"
        ) from None
    except InvalidDocument:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a parser makes of a hostile file
        raise InvalidDocument(
            f"the PDF cannot be read ({type(error).__name__}); save its text as .txt"
        ) from None
    text = _joined(pages)
    if not text.strip():
        raise InvalidDocument(
            "a PDF without text, only pictures of pages; recognise its text (OCR), and save that as .txt"
        )
    own = _headline(properties["title"], first.opening(), text)
    document = read_text(text, title=title or own, id=id, encoding="pdf")
    return replace(document, author=properties["author"], date=properties["date"])


def _content(data: bytes, first: _Type) -> tuple[list[list[str]], dict[str, str]]:
    """Return the lines of each page and the properties of a file, within limits; `first` collects the first page's type."""
    try:
        import pypdf  # noqa: PLC0415 - an extra, and only PDFs pay
    except ImportError:
        raise InvalidDocument(
            "a PDF, which needs the extra `pdf`: pip install 'reportedly[pdf]'; or save its text as .txt"
        ) from None
    deadline = time.monotonic() + MAX_SECONDS
    logging.getLogger("pypdf").addHandler(_SILENT)  # we report its warnings ourselves
    with pypdf.apply_configuration(**_LIMITS):
        reader = pypdf.PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InvalidDocument("a PDF that is locked with a password; save its text as .txt")
        if (number := len(reader.pages)) > MAX_PAGES:
            raise InvalidDocument(
                f"a PDF of {number:,} pages, expected one article of at most {MAX_PAGES}"
            )
        kinds = [first, *[None] * (number - 1)]
        pages = [
            _page(page, deadline, kind) for page, kind in zip(reader.pages, kinds, strict=False)
        ]
        return pages, _properties(reader)


def _page(page: PageObject, deadline: float, kinds: _Type | None) -> list[str]:
    """Return the lines of a page."""

    def tick(*_: Any) -> None:  # noqa: ANN401 - pypdf's values
        if time.monotonic() > deadline:
            raise _TooSlow

    tick()
    visitor: Callable[..., None] | None = kinds.note if kinds else None
    text = page.extract_text(visitor_operand_before=tick, visitor_text=visitor)
    tick()
    return [
        line
        for line in (" ".join(raw.split()) for raw in text[:MAX_CHARACTERS].split("\n"))
        if line
    ]


def _joined(pages: Sequence[list[str]]) -> str:
    """Return the lines of all pages, without page numbers and lines at the top or bottom of most pages."""
    edges = Counter(_DIGITS.sub("#", line) for page in pages for line in {*page[:1], *page[-1:]})
    running = {
        line
        for line, count in edges.items()
        if len(pages) >= _LEAST_PAGES and 2 * count > len(pages)
    }
    kept = []
    for page in pages:
        while page and _is_edge(page[0], running):
            page = page[1:]  # noqa: PLW2901 - what is left of it
        while page and _is_edge(page[-1], running):
            page = page[:-1]  # noqa: PLW2901
        kept += page
    return _DIVIDED.sub("", "\n".join(kept))


def _is_edge(line: str, running: set[str]) -> bool:
    return _DIGITS.sub("#", line) in running or _NUMBER.fullmatch(line) is not None


def _properties(reader: PdfReader) -> dict[str, str]:
    """Return title, author and date from the file's properties; empty if a program filled them in."""
    found = reader.metadata
    if found is None:
        return {"title": "", "author": "", "date": ""}
    try:
        made = found.creation_date
    except Exception:  # noqa: BLE001 - a date in no form
        made = None
    return {
        "title": said(found.title),
        "author": said(found.author),
        "date": made.date().isoformat() if made else "",
    }


def _headline(title: str, large: str, text: str) -> str:
    """Return the headline: the title if the text opens with it, else the large type that it opens with, else the title."""
    opening = _NOT_A_WORD.sub("", text[:3000].casefold())
    if title and _NOT_A_WORD.sub("", title.casefold()) in opening:
        return title
    return large or title
