"""Recognise the kind of a file by its name or first bytes, and say what to do with files that are not read."""

from __future__ import annotations

import re
from functools import cache
from pathlib import PurePath
from typing import Literal

from reportedly.errors import InvalidDocument
from reportedly.lexicons.loader import Entry, load

FileKind = Literal["plain", "marked", "page", "docx", "pdf"]
TableFormat = Literal["csv", "json", "jsonl", "parquet"]

ARTICLE_SUFFIXES: dict[str, FileKind] = {
    ".txt": "plain",
    ".text": "plain",
    ".md": "marked",
    ".markdown": "marked",
    ".html": "page",
    ".htm": "page",
    ".xhtml": "page",
    ".docx": "docx",
    ".pdf": "pdf",
}
"""File name endings of the formats with one article per file."""

TABLE_SUFFIXES: dict[str, TableFormat] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
}
"""File name endings of tables; all but Parquet's may be followed by ``.gz``."""

_HEAD = 4096
_PDF_WITHIN = 1024
"""The first line of a PDF is within this many bytes, as PDF readers accept it."""
_MAIL = re.compile(
    rb"\A(?:[A-Za-z][A-Za-z0-9-]{0,60}: [^\n]{0,998}\n|[ \t][^\n]{0,998}\n){0,60}?MIME-Version: ",
    re.IGNORECASE,
)


def table_format(name: str | PurePath) -> TableFormat | None:
    """Return the table format of a file's name, packed or not; None if it is not a table's name."""
    suffixes = [suffix.lower() for suffix in PurePath(name).suffixes[-2:]]
    if suffixes[-1:] == [".gz"]:
        packed = TABLE_SUFFIXES.get(suffixes[0]) if len(suffixes) == 2 else None
        return None if packed == "parquet" else packed
    return TABLE_SUFFIXES.get(suffixes[-1]) if suffixes else None


def article_kind(name: str | PurePath) -> FileKind | None:
    """Return the kind of article of a file's name, or None."""
    return ARTICLE_SUFFIXES.get(PurePath(name).suffix.lower())


def file_kind(data: bytes, name: str = "") -> FileKind:
    """Return how to read the bytes of a file called `name`: the bytes count before the name.

    Raises
    ------
    InvalidDocument
        When they are of an unsupported kind; the message says what to do with it.
    """
    if data.startswith(b"PK\x03\x04") and b"word/document.xml" in data:
        return "docx"
    if b"%PDF-" in data[:_PDF_WITHIN]:
        return "pdf"
    named = article_kind(name)
    if foreign := _foreign(data, name, named):
        raise InvalidDocument(f"{foreign.attributes['what']}: {foreign.attributes['advice']}")
    if named in {"docx", "pdf"}:
        raise InvalidDocument(
            f"its name ends in {PurePath(name).suffix.lower()}, but its content has another format: "
            "save it again, or rename it"
        )
    if named is None and _looks_like_html(data):
        return "page"
    return named or "plain"


def _foreign(data: bytes, name: str, named: FileKind | None) -> Entry | None:
    """Return the lexicon's entry for an unsupported file; None for a supported one."""
    if named is None and (entry := foreign_kind(name)):
        return entry
    if named == "page":
        return None
    if _MAIL.match(data[:_HEAD].replace(b"\r\n", b"\n")):
        return foreign_kind("raw.eml")
    return _by_bytes(data)


def foreign_kind(name: str | PurePath) -> Entry | None:
    """Return the lexicon's entry for an unsupported file by its name's ending; None if there is none."""
    return _endings().get(PurePath(name).suffix.lower().removeprefix("."))


def _by_bytes(data: bytes) -> Entry | None:
    """Return the lexicon's entry for an unsupported file by its first bytes; None if there is none."""
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    for signs, entry in _signatures():
        if head.startswith(signs):
            return entry
    return None


def _looks_like_html(data: bytes) -> bool:
    from reportedly.reading.formats.pages import looks_like_html  # noqa: PLC0415 - that room asks this one

    return looks_like_html(data)


@cache
def _endings() -> dict[str, Entry]:
    return {term: entry for entry in load("file_kinds").entries for term in entry.terms}


@cache
def _signatures() -> tuple[tuple[tuple[bytes, ...], Entry], ...]:
    return tuple(
        (tuple(map(bytes.fromhex, entry.attributes["begins"])), entry)
        for entry in load("file_kinds").entries
        if "begins" in entry.attributes
    )
