"""The inputs of a command -> articles: files, folders, tables, web pages, standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from reportedly.cli.output import tell
from reportedly.datamodel import Document
from reportedly.datamodel.corrections import (
    CORRECTIONS_SUFFIX,
    read_corrections,
)
from reportedly.errors import InvalidDocument, InvalidRequest, ReportedlyError
from reportedly.reading import read_file
from reportedly.reading.formats.files import MAX_FILE_BYTES, files_below, read_any
from reportedly.reading.formats.kinds import (
    ARTICLE_SUFFIXES,
    TABLE_SUFFIXES,
    article_kind,
    foreign_kind,
    table_format,
)

if TYPE_CHECKING:
    from reportedly.reading.formats.tables import Table

_ROWS = 64
_MOST_NAMED = 3
"""How many of the files skipped in a folder are listed by name."""


@dataclass(frozen=True, slots=True)
class InputOptions:
    """How inputs are to be read."""

    title: str = ""
    text_column: str | None = None
    title_column: str | None = None
    id_column: str | None = None
    allow_private: bool = False
    no_corrections: bool = False


def documents(names: tuple[str, ...], how: InputOptions) -> Iterator[Document | ReportedlyError]:
    """Yield every article of the inputs; for one that cannot be read, the error.

    A folder stands for the texts, pages and tables in it and in its subfolders, sorted by name; hidden
    ones are skipped. A table stands for its rows.
    """
    for name in names:
        try:
            yield from _one(name, how)
        except ReportedlyError as error:
            yield error


def several(names: tuple[str, ...]) -> bool:
    """Tell whether the inputs may be more than one article."""
    return len(names) != 1 or _is_table(names[0]) or (names[0] != "-" and Path(names[0]).is_dir())


def count_articles(names: tuple[str, ...]) -> int | None:
    """Return the number of articles in the inputs; None if there is a table whose rows are not counted."""
    total = 0
    for name in names:
        found = files_below(name) if name != "-" and Path(name).is_dir() else [Path(name)]
        for path in found:
            if _is_table(str(path)):
                return None
            total += path == Path(name) or article_kind(path) is not None
    return total


def read_input(name: str, how: InputOptions) -> Document:
    """Return the one article that an input names.

    Raises
    ------
    InvalidDocument
        When it cannot be read.
    InvalidRequest
        When the input holds several articles.
    """
    if several((name,)):
        raise InvalidRequest(
            f"{name}: holds several articles, expected one; save the one that is meant to a file"
        )
    return _single(name, how)


def _one(name: str, how: InputOptions) -> Iterator[Document | ReportedlyError]:
    if _is_table(name):
        yield from _rows(name, how)
    elif name != "-" and Path(name).is_dir():
        yield from _folder(name, how)
    else:
        yield _single(name, how)


def _single(name: str, how: InputOptions) -> Document:
    """Return the article that an input names, with the corrections kept beside its file."""
    document = _uncorrected(name, how)
    beside = corrections_path(name)
    if how.no_corrections or not beside.is_file():
        return document
    return replace(document, corrections=read_corrections(beside))


def corrections_path(name: str | Path) -> Path:
    """Return the path of the corrections of the article in a file."""
    return Path(f"{name}{CORRECTIONS_SUFFIX}")


def _uncorrected(name: str, how: InputOptions) -> Document:
    """Return the article on standard input, at a URL, or in a file."""
    if name == "-":
        if sys.stdin.isatty():
            tell(
                "reading from the keyboard: paste the article, then press Ctrl-D on a new line; or give a file"
            )
        return read_any(sys.stdin.buffer.read(MAX_FILE_BYTES + 1), name="-", title=how.title)
    if name.lower().startswith(("http://", "https://")):
        from reportedly.reading.formats.web import FetchLimits, read_url  # noqa: PLC0415 - only addresses pay

        return read_url(name, title=how.title, limits=FetchLimits(allow_private=how.allow_private))
    return read_file(name, title=how.title)


def _is_table(name: str) -> bool:
    if name.lower().startswith(("http://", "https://")):
        return False
    path = Path(name)
    return _is_data_set(path) if path.is_dir() else table_format(path) is not None


def _is_data_set(folder: Path) -> bool:
    """Tell whether a folder has Parquet files, and nothing else that is read: it is then one table."""
    if not any(folder.glob("*.parquet")):
        return False
    forms = (table_format(path) or article_kind(path) for path in files_below(folder))
    return all(form in {None, "parquet"} for form in forms)


def _folder(name: str, how: InputOptions) -> Iterator[Document | ReportedlyError]:
    """Yield the articles in a folder and its subfolders; report files that may hold an article but cannot be read, without counting them."""
    found, passed = 0, []
    for path in files_below(name):
        if article_kind(path) or table_format(path):
            found += 1
            yield from documents((str(path),), how)
        elif (kind := foreign_kind(path)) and kind.attributes.get("told"):
            passed.append(f"{path} ({kind.attributes['what']}: {kind.attributes['advice']})")
    _tell_passed(name, passed)
    if not found:
        endings = ", ".join((*ARTICLE_SUFFIXES, *TABLE_SUFFIXES))
        raise InvalidDocument(f"{name}: has no file whose name ends in {endings}")


def _tell_passed(name: str, passed: list[str]) -> None:
    """Report the files of a folder that look like articles and were skipped."""
    if passed:
        more = f"; and {len(passed) - _MOST_NAMED:,} more" if len(passed) > _MOST_NAMED else ""
        tell(f"{name}: {_files(len(passed))} skipped: {'; '.join(passed[:_MOST_NAMED])}{more}")


def tell_left_out(name: str) -> None:
    """Report the files of a folder that `batch` leaves out: beside Parquet files all others, beside articles the tables."""
    if not Path(name).is_dir():
        return
    wanted = "Parquet files" if any(Path(name).glob("*.parquet")) else "articles"
    out = [path for path in files_below(name) if _left_out(path, wanted)]
    if out:
        shown = ", ".join(map(str, out[:_MOST_NAMED])) + (", …" if len(out) > _MOST_NAMED else "")
        tell(
            f"{name}: only its {wanted} are read; left out: {_files(len(out))} ({shown}); "
            "give each table on its own, or use `reportedly score`, which reads any mixture"
        )


def _left_out(path: Path, wanted: str) -> bool:
    """Tell whether a file could be read, but not as one of the `wanted`."""
    form = table_format(path)
    if wanted == "articles":
        return form is not None
    return form not in {None, "parquet"} or article_kind(path) is not None


def _files(number: int) -> str:
    return f"{number:,} file" + ("" if number == 1 else "s")


def tell_columns(table: Table, text: str | None, title: str | None) -> None:
    """Report which columns of a table were taken for text and headline, if no option names them."""
    if table.names and (text is None or title is None):
        headline = repr(table.columns.title) if table.columns.title else "none (--title-column)"
        tell(f"{table.path}: text from column {table.columns.text!r}, headline from {headline}")


def _rows(name: str, how: InputOptions) -> Iterator[Document | ReportedlyError]:
    """Yield the articles of a table; ids are the table's name and the row's id."""
    from reportedly.reading.formats.tables import open_table  # noqa: PLC0415 - only tables pay

    table = open_table(name, how.text_column, how.title_column, how.id_column)
    tell_columns(table, how.text_column, how.title_column)
    for batch in table.batches(_ROWS):
        for row in batch:
            if row.error is not None:
                yield InvalidDocument(f"{name}: row {row.index + 1} ({row.id}): {row.error}")
            else:
                document = row.document()
                shown = name.encode(
                    "utf-8", "replace"
                ).decode()  # a file name may hold bytes that are not text
                yield replace(document, id=f"{shown}#{row.id}", encoding="table")
