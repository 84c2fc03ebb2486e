"""Rows of a table (CSV, TSV, JSON lines or array, Parquet file or data set) as articles; in constant memory, except JSON arrays.

Tables of text may be packed by gzip (``.csv.gz``); one that unpacks to far more than text does is refused.

A bad row becomes a row with an error and does not affect others: a wrong number of fields, a quotation
mark that never closes, a line that is not JSON, a null, a number, a damaged row group.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import IO, Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq

from reportedly.datamodel import Document
from reportedly.errors import InvalidCorpus, InvalidDocument, InvalidRequest, did_you_mean
from reportedly.reading.documents import MAX_CHARACTERS, read_text
from reportedly.reading.encodings import decode
from reportedly.reading.formats.files import files_below, nearest_name, read_file
from reportedly.reading.formats.kinds import (
    ARTICLE_SUFFIXES,
    TABLE_SUFFIXES,
    TableFormat,
    article_kind,
    table_format,
)
from reportedly.reading.formats.packed import open_unpacked
from reportedly.reading.headlines import title_column as title_column_of

TEXT_NAMES = (
    "text", "article_text", "body", "article_body", "content", "article", "maintext", "full_text",
    "fulltext", "story",
)  # fmt: skip
ID_NAMES = ("id", "article_id", "doc_id", "document_id", "uid", "uuid", "guid", "url", "link")

_LONGEST_LINE = 2 * MAX_CHARACTERS
_RECOVERIES = 100
"""How often a broken CSV record is read again from its second line; bounds the time on hostile files."""
_PARQUET_BATCH = 64
"""Rows decoded together; few, since articles are long."""
_SAMPLE = 65_536
_NEAR = 1000
"""How many columns are searched for the nearest to a wrong name."""
_SHOWN = 100
"""How many objects at the beginning of a JSON table determine its columns."""
_LONGEST_ARRAY = 200_000_000
"""The most bytes of a JSON array, which is read as a whole."""
_PAGE = re.compile(r"<(?:html|body)[\s>]", re.IGNORECASE)
_TAG = re.compile(r"</[A-Za-z]|<[bB][rR]|&lt;/[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its position from 0, and an article, or the reason why there is none.

    `id` is the row's position if the table has no id column, or no id for this row. `kept` are its values in the
    columns that are copied into the output, and `duplicate_of` is the id of an earlier row with the same text.
    """

    index: int
    id: str
    text: str = ""
    title: str = ""
    error: str | None = None
    kept: tuple[tuple[str, str | None], ...] = ()
    duplicate_of: str | None = None

    def document(self) -> Document:
        """Return the row's article.

        Raises
        ------
        InvalidDocument
            When the row has none; the message is `error`.
        """
        if self.error is not None:
            raise InvalidDocument(self.error)
        return read_text(self.text, title=self.title, id=self.id)


@dataclass(frozen=True, slots=True)
class ColumnNames:
    """The names of the columns that are read; title and id may be missing."""

    text: str
    title: str | None = None
    id: str | None = None
    keep: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table of articles that is read from front to back, any number of times.

    `rows` is the number of rows if the format gives it (Parquet), else None; `names` are all
    columns that the beginning of the table shows.
    """

    path: Path
    format: TableFormat | Literal["folder"]
    columns: ColumnNames
    names: tuple[str, ...]
    rows: int | None = None

    def batches(self, size: int, *, start: int = 0) -> Iterator[list[Row]]:
        """Yield the rows from number `start` on, `size` at a time; the last batch may be shorter.

        Raises
        ------
        InvalidCorpus
            When the file disappears or can no longer be read; the rows before it were yielded.
        """
        rows = self._rows()
        try:
            rows = islice(rows, start, None) if start else rows
            while batch := list(islice(rows, size)):
                yield batch
        except OSError as error:
            raise InvalidCorpus(f"{self.path}: cannot be read ({error.strerror})") from error

    def _rows(self) -> Iterator[Row]:
        if self.format == "folder":
            yield from _file_rows(self.path)
            return
        read = {
            "csv": _csv_records,
            "json": _array_records,
            "jsonl": _jsonl_records,
            "parquet": _parquet_records,
        }
        for index, record in enumerate(read[self.format](self)):
            yield _row(index, record, self.columns)


Record = dict[str, Any] | str
"""A row's values by column, or why it could not be read."""


def is_table(path: str | Path) -> bool:
    """Tell whether the name is that of a table, or a folder is a Parquet data set."""
    file = Path(path)
    if table_format(file):
        return True
    return file.is_dir() and any(file.glob("*.parquet"))


def open_table(
    path: str | Path,
    text_column: str | None = None,
    title_column: str | None = None,
    id_column: str | None = None,
    keep: Sequence[str] = (),
) -> Table:
    """Return the table in the file, Parquet data set or folder of articles `path`; columns are recognised by their usual names.

    `keep` names the columns whose values are kept with each row. A folder's rows are its files and those in subfolders, named by
    their paths in it; it has no columns.

    Raises
    ------
    InvalidCorpus
        When there is no such file, or it is not a table.
    InvalidRequest
        When a column does not exist, or the text column cannot be recognised.
    """
    file = Path(path)
    _check_there(file)
    form = "parquet" if file.is_dir() else table_format(file)
    if file.is_dir() and not is_table(file):
        return _folder_table(file, [text_column, title_column, id_column, *keep])
    if form is None:
        raise InvalidCorpus(
            f"{path}: expected a table whose name ends in {', '.join(TABLE_SUFFIXES)}, "
            "or a folder of Parquet files or articles"
        )
    try:
        names, textual, rows = _look(file, form)
    except OSError as error:
        raise InvalidCorpus(f"{path}: cannot be read ({error.strerror or error})") from None
    columns = ColumnNames(
        text=_choose(path, "text", text_column, TEXT_NAMES, names, textual) or "",
        title=_choose(path, "title", title_column, (), names, textual) or title_column_of(textual),
        id=_choose(path, "id", id_column, ID_NAMES, names, names),
        keep=tuple(keep),
    )
    for name in keep:
        _choose(path, "keep", name, (), names, names)
    if columns.text not in textual:
        raise InvalidRequest(f"{path}: column {columns.text!r} holds no text")
    return Table(file, form, columns, tuple(names), rows)


def _check_there(path: Path) -> None:
    """Raise `InvalidCorpus` if there is no such file or folder."""
    try:
        if not path.exists():
            raise InvalidCorpus(f"{path}: no such file{nearest_name(path)}")
        odd = not (path.is_file() or path.is_dir())
    except OSError as error:
        raise InvalidCorpus(f"{path}: cannot be read ({error.strerror or error})") from None
    if odd:
        raise InvalidCorpus(f"{path}: a pipe or device, expected a file: a table is read twice")


def _choose(
    path: str | Path,
    role: str,
    asked: str | None,
    usual: Sequence[str],
    names: Sequence[str],
    candidates: Sequence[str],
) -> str | None:
    """Return the column for `role`: the one asked for, else the one with a usual name."""
    if asked is not None:
        if asked not in names:
            raise InvalidRequest(
                f"{path}: no column {asked!r}; there are {_listed(names)}{did_you_mean(asked[:80], names[:_NEAR])}"
            )
        return asked
    by_name = {name.strip().lower(): name for name in reversed(candidates)}
    found = next((by_name[name] for name in usual if name in by_name), None)
    if found is None and role == "text":
        if len(names) == 1 and candidates:
            return candidates[0]
        raise InvalidRequest(
            f"{path}: cannot tell which column holds the text; there are "
            f"{_listed(names)}; give --text-column NAME"
        )
    return found


def _listed(names: Sequence[str], most: int = 20) -> str:
    """Return the first names of columns as a message shows them, and how many more there are."""
    shown = ", ".join(repr(name[:80]) for name in names[:most])
    return shown + (f" and {len(names) - most:,} more" if len(names) > most else "")


def _look(file: Path, form: TableFormat) -> tuple[list[str], list[str], int | None]:
    """Return a table's columns, those that may hold text, and its number of rows if known."""
    if form == "csv":
        names = _csv_header(file)
        return names, names, None
    if form == "jsonl":
        return _jsonl_names(file)
    if form == "json":
        return _array_names(file)
    return _parquet_schema(file)


def _row(index: int, record: Record, columns: ColumnNames) -> Row:
    """Return a record as a row; a problem goes into its `error`."""
    if isinstance(record, str):
        return Row(index, str(index), error=record, kept=tuple((c, None) for c in columns.keep))
    key = _cell(record.get(columns.id)) if columns.id else ""
    name = key or str(index)
    kept = tuple((column, _kept(record.get(column))) for column in columns.keep)
    return replace(_article(index, name, record, columns), kept=kept)


def _article(index: int, name: str, record: dict[str, Any], columns: ColumnNames) -> Row:
    """Return a record as a row called `name`, without the kept columns."""
    title = _cell(record.get(columns.title)) if columns.title else ""
    value = record.get(columns.text)
    if value is None:
        return Row(index, name, title=title, error=f"no value in column {columns.text!r}")
    try:
        text = decode(value)[0] if isinstance(value, bytes) else value
        document = read_text(_seen(text) if isinstance(text, str) else text, title=title, id=name)
    except InvalidDocument as error:
        return Row(index, name, title=title, error=str(error))
    return Row(index, name, document.text, document.title)


def _seen(text: str) -> str:
    """Return the visible text of a cell: the article of a web page, the text of an HTML fragment, other text unchanged."""
    if len(text) > MAX_CHARACTERS or not _TAG.search(text):
        return text
    # Imported only for cells with tags.
    from reportedly.reading.formats.boxes import drop_boxes  # noqa: PLC0415
    from reportedly.reading.formats.fragments import plain_text  # noqa: PLC0415
    from reportedly.reading.formats.pages import read_html  # noqa: PLC0415

    if _PAGE.search(text[:_SAMPLE]):
        with suppress(InvalidDocument):
            return read_html(text.encode("utf-8", "replace"), charset="utf-8").text
    return plain_text(text, drop_boxes)


def _kept(value: object) -> str | None:
    """Return a kept value as text; a list or mapping as JSON."""
    if value is None or isinstance(value, str):
        return None if value is None else value.encode("utf-8", "replace").decode()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


def _cell(value: object) -> str:
    """Return a title or id as one string; a value that is neither text nor number counts as missing."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8").strip()[:10_000]
    if isinstance(value, int | float) and not isinstance(value, bool) and value == value:  # noqa: PLR0124 - NaN
        return str(value)
    return ""


# --- Folders of articles ----------------------------------------------------------------------


def _folder_table(folder: Path, columns: Sequence[str | None]) -> Table:
    """Return a folder of articles as a table."""
    if any(column is not None for column in columns):
        raise InvalidRequest(f"{folder}: a folder of articles has no columns")
    number = sum(1 for _ in _articles(folder))
    if not number:
        raise InvalidCorpus(
            f"{folder}: holds no Parquet files, and no articles ({', '.join(ARTICLE_SUFFIXES)})"
        )
    return Table(folder, "folder", ColumnNames(""), (), number)


def _articles(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder whose names are those of articles."""
    return (path for path in files_below(folder) if article_kind(path))


def _file_rows(folder: Path) -> Iterator[Row]:
    """Yield one row per file; a file that cannot be read gives an error."""
    for index, path in enumerate(_articles(folder)):
        name = str(path.relative_to(folder)).encode("utf-8", "replace").decode()
        try:
            document = read_file(path)
        except InvalidDocument as error:
            yield Row(index, name, error=str(error))
        else:
            yield Row(index, name, document.text, document.title)


# --- CSV -------------------------------------------------------------------------------------


class _Lines:
    """The lines of a file; the lines of the last record can be handed back and read again."""

    def __init__(self, file: IO[str]) -> None:
        self.file = file
        self.record: list[str] = []
        self.back: list[str] = []
        self.cut = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.back.pop() if self.back else self.file.readline(_LONGEST_LINE)
        if not line:
            raise StopIteration
        if len(line) >= _LONGEST_LINE and not line.endswith("\n"):
            self.cut = True
            while (more := self.file.readline(_LONGEST_LINE)) and not more.endswith("\n"):
                pass
        self.record.append(line)
        return line

    def begin(self) -> None:
        """Forget the lines of the record before."""
        self.record, self.cut = [], False

    def hand_back(self) -> None:
        """Hand back the record's lines except the first, to be read again."""
        self.back += reversed(self.record[1:])


def _open_text(file: Path) -> IO[str]:
    """Open a table as UTF-8, or as UTF-16 by its mark; invalid UTF-8 becomes surrogates, invalid UTF-16 U+FFFD."""
    with open_unpacked(file) as raw:
        marked = raw.read(2) in {b"\xff\xfe", b"\xfe\xff"}
    encoding, errors = ("utf-16", "replace") if marked else ("utf-8-sig", "surrogateescape")
    return TextIOWrapper(open_unpacked(file), encoding=encoding, errors=errors, newline="")


def _csv_reader(lines: Iterable[str], delimiter: str, *, strict: bool) -> Iterator[list[str]]:
    # The limit is a global of the csv module; it is only raised here.
    if csv.field_size_limit() < _LONGEST_LINE:
        csv.field_size_limit(_LONGEST_LINE)
    return csv.reader(lines, delimiter=delimiter, strict=strict)


def _delimiter(file: Path, line: str) -> str:
    """Return the field separator: the most frequent candidate in the header."""
    if ".tsv" in map(str.lower, file.suffixes[-2:]):
        return "\t"
    return max(",;\t", key=line.count)


def _csv_header(file: Path) -> list[str]:
    with _open_text(file) as opened:
        line = opened.readline(_SAMPLE)
    if not line.strip():
        raise InvalidCorpus(f"{file}: expected a header line with the columns' names")
    names = next(_csv_reader([line], _delimiter(file, line), strict=False))
    if len(set(names)) < len(names):
        raise InvalidCorpus(f"{file}: two columns have the same name; rename one")
    return names


def _csv_records(table: Table) -> Iterator[Record]:
    """Yield the records of a CSV file; blank lines are skipped."""
    with _open_text(table.path) as opened:
        first = opened.readline(_SAMPLE)
        delimiter = _delimiter(table.path, first)
        lines, recoveries = _Lines(opened), 0
        reader = _csv_reader(lines, delimiter, strict=True)
        while True:
            lines.begin()
            try:
                fields = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                fields = _sloppy(lines, delimiter, len(table.names))
                if not fields:
                    yield f"not a CSV record ({error})"
                    if recoveries < _RECOVERIES and len(lines.record) > 1:
                        recoveries += 1
                        lines.hand_back()
                    continue
            if lines.cut:
                yield f"line longer than {_LONGEST_LINE:,} characters"
            elif fields and len(fields) != len(table.names):
                yield f"got {len(fields)} fields, expected {len(table.names)}"
            elif fields:
                yield {n: _as_read(v) for n, v in zip(table.names, fields, strict=True)}


def _sloppy(lines: _Lines, delimiter: str, expected: int) -> list[str]:
    """Return the fields of a one-line record that only a lenient reader accepts; otherwise an empty list."""
    if len(lines.record) != 1 or lines.record[0].count('"') % 2:
        return []
    try:
        fields = next(_csv_reader(lines.record, delimiter, strict=False), [])
    except csv.Error:
        return []
    return fields if len(fields) == expected else []


def _as_read(value: str) -> str | bytes | None:
    """Return a CSV cell: None if it is empty, bytes if it is not UTF-8."""
    if not value:
        return None
    if value.isascii():
        return value
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogateescape" if _escaped_only(value) else "replace")
    return value


def _escaped_only(value: str) -> bool:
    """Tell whether all surrogates in `value` stand for bytes that were not UTF-8."""
    return not any("\ud800" <= c <= "\udc7f" or "\udd00" <= c <= "\udfff" for c in value)


# --- JSON lines --------------------------------------------------------------------------------


def _jsonl_names(file: Path) -> tuple[list[str], list[str], None]:
    """Return the keys of the first objects, and those whose values are text."""
    with open_unpacked(file) as opened:
        records = islice(map(_parse_json, _json_lines(opened)), _SHOWN)
        names = _keys(records)
    if not names:
        raise InvalidCorpus(f"{file}: expected lines that each hold a JSON object")
    return list(names), [name for name, textual in names.items() if textual], None


def _keys(records: Iterable[Record]) -> dict[str, bool]:
    """Return the keys of records, in order, and whether any has text there."""
    names: dict[str, bool] = {}
    for record in records:
        if isinstance(record, dict):
            for name, value in record.items():
                names[name] = names.get(name, False) or isinstance(value, str)
    return names


def _json_lines(opened: IO[bytes]) -> Iterator[bytes | None]:
    """Yield the lines that are not blank; None for a line that is too long."""
    longest = 4 * _LONGEST_LINE
    while line := opened.readline(longest):
        if len(line) >= longest and not line.endswith(b"\n"):
            while (more := opened.readline(longest)) and not more.endswith(b"\n"):
                pass
            yield None
        elif line.strip():
            yield line


def _parse_json(line: bytes | None) -> Record:
    """Return the object in `line`, or the reason why there is none."""
    if line is None:
        return "line too long"
    try:
        value = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return f"not UTF-8 at byte {error.start}"
    except json.JSONDecodeError as error:
        return f"not JSON ({error.msg} at character {error.pos})"
    except (RecursionError, ValueError) as error:
        return f"no JSON ({error})"
    return value if isinstance(value, dict) else _no_object(value)


def _jsonl_records(table: Table) -> Iterator[Record]:
    with open_unpacked(table.path) as opened:
        for line in _json_lines(opened):
            yield _parse_json(line)


# --- JSON arrays -------------------------------------------------------------------------------


def _array_names(file: Path) -> tuple[list[str], list[str], int]:
    """Return the keys of an array's first objects, those whose values are text, and the number of its items."""
    records = _array(file)
    names = _keys(records[:_SHOWN])
    if not names:
        raise InvalidCorpus(f"{file}: expected a JSON array of objects, one per article")
    return list(names), [name for name, textual in names.items() if textual], len(records)


def _array_records(table: Table) -> Iterator[Record]:
    yield from _array(table.path)


def _array(file: Path) -> list[Record]:
    """Return the items of a JSON array, of one within an object (``{"articles": […]}``), or the one object."""
    with open_unpacked(file) as opened:
        data = opened.read(_LONGEST_ARRAY + 1)
    if len(data) > _LONGEST_ARRAY:
        raise InvalidCorpus(
            f"{file}: more than {_LONGEST_ARRAY:,} bytes; write one object per line (.jsonl) instead"
        )
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InvalidCorpus(f"{file}: not JSON ({_line(error)})") from None
    if isinstance(value, dict):
        lists = [inner for inner in value.values() if isinstance(inner, list)]
        inner = lists[0] if len(lists) == 1 else []
        value = inner if any(isinstance(item, dict) for item in inner) else [value]
    if not isinstance(value, list):
        value = []
    return [x if isinstance(x, dict) else _no_object(x) for x in value]


def _no_object(value: object) -> str:
    """Return the message for a JSON value that is not a row."""
    return f"expected a JSON object, got {type(value).__name__}"


# --- Parquet -----------------------------------------------------------------------------------


def _parts(path: Path) -> list[Path]:
    """Return the files of a Parquet data set, sorted by name, or the one file."""
    if not path.is_dir():
        return [path]
    parts = sorted(part for part in path.rglob("*.parquet") if not part.name.startswith((".", "_")))
    if not parts:
        raise InvalidCorpus(f"{path}: a folder without Parquet files")
    return parts


def _open_parquet(part: Path) -> pq.ParquetFile:
    try:
        opened = pq.ParquetFile(part)
        opened.schema_arrow.names  # noqa: B018 - names that are no UTF-8 show when they are asked for
    except (pa.ArrowException, OSError, UnicodeError) as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise InvalidCorpus(f"{part}: not a Parquet file ({_line(error)})") from None
    return opened


def _parquet_schema(path: Path) -> tuple[list[str], list[str], int]:
    """Return the columns of the first part, those that hold text, and the rows of all parts."""
    names: list[str] = []
    textual: list[str] = []
    rows = 0
    for number, part in enumerate(_parts(path)):
        with _open_parquet(part) as opened:
            rows += opened.metadata.num_rows
            if number == 0:
                schema = opened.schema_arrow
                names = list(schema.names)
                textual = [field.name for field in schema if _textual(field.type)]
    return names, textual, rows


def _textual(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    checks = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    more = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_null)
    return any(check(kind) for check in (*checks, *more))


def _parquet_records(table: Table) -> Iterator[Record]:
    """Yield the records; each remaining row of a damaged row group is an error."""
    wanted = [
        c
        for c in (table.columns.text, table.columns.title, table.columns.id, *table.columns.keep)
        if c is not None
    ]
    wanted = list(dict.fromkeys(wanted))
    for part in _parts(table.path):
        with _open_parquet(part) as opened:
            present = [name for name in wanted if name in opened.schema_arrow.names]
            for group in range(opened.metadata.num_row_groups):
                yield from _group_records(opened, group, present, part.stat().st_size)


def _group_records(
    opened: pq.ParquetFile, group: int, names: list[str], size: int
) -> Iterator[Record]:
    """Yield the records of one row group of a file of `size` bytes; for a damaged one at most as many rows as the file has bytes."""
    expected, seen = min(opened.metadata.row_group(group).num_rows, size), 0
    try:
        for batch in opened.iter_batches(_PARQUET_BATCH, row_groups=[group], columns=names):
            columns = {name: _values(batch.column(name)) for name in names}
            for number in range(batch.num_rows):
                yield {name: column[number] for name, column in columns.items()}
                seen += 1
    except (pa.ArrowException, OSError) as error:
        for _ in range(expected - seen):
            yield f"damaged Parquet row group {group} ({_line(error)})"


def _values(column: pa.Array) -> list[Any]:
    """Return a column's values; as bytes if they are not UTF-8."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    try:
        values: list[Any] = column.to_pylist()
    except UnicodeDecodeError:
        values = column.cast(pa.large_binary()).to_pylist()
    return values


def _line(error: Exception) -> str:
    """Return the first line of an error's message."""
    return str(error).strip().split("\n", 1)[0][:200]
