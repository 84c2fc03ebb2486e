"""The finished parts of a running batch: a folder from which a killed run continues.

Beside the output ``OUT`` is ``OUT.parts/`` with a journal, which says what the results depend on
(input, options, bundle, version), and one Arrow file for each finished range of rows. A part is
written under another name, synchronised and renamed, so that every part there is complete. At the end the
parts are streamed in order into one file, which is then renamed to the output's name.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from reportedly.datamodel.columns import FORMULA, PLAIN_NUMBER
from reportedly.datamodel.whole_files import UNFINISHED, whole_file, write_whole
from reportedly.errors import InvalidRequest

JOURNAL = "journal.json"
_PART = re.compile(r"rows-(\d{12})-(\d{12})-([0-9a-f]{12})\.arrow")
_GROUP_ROWS = 16_384
"""Rows collected before they are written: the size of the output's row groups."""


class _Writer(Protocol):
    """The interface of the writers of the three formats."""

    def write_table(self, table: pa.Table) -> None:
        """Append the rows of `table`."""


@dataclass(frozen=True, slots=True)
class Checkpoints:
    """The folder of a batch; `fingerprint` is in the name of each of its parts."""

    folder: Path
    fingerprint: str

    def path(self, start: int, stop: int) -> Path:
        """Return the path of the part that holds the rows ``[start, stop)``."""
        return self.folder / f"rows-{start:012d}-{stop:012d}-{self.fingerprint}.arrow"

    def finished(self) -> dict[int, int]:
        """Return the ranges of rows that are done, start -> stop, in order.

        A part that cannot be read, or lacks rows, is deleted, and its rows are done again.
        """
        found: dict[int, int] = {}
        for path in sorted(self.folder.iterdir()):
            match = _PART.fullmatch(path.name)
            if match is None or match[3] != self.fingerprint:
                continue
            start, stop = int(match[1]), int(match[2])
            if _rows(path) == stop - start:
                found[start] = stop
            else:
                path.unlink()
        return found

    def write(self, start: int, stop: int, data: bytes) -> None:
        """Write the part that holds the rows ``[start, stop)``, whole or not at all."""
        write_whole(self.path(start, stop), data)

    def assemble(self, output: Path, schema: pa.Schema) -> int:
        """Write all parts, in order, as the file `output`; return how many rows have an error.

        `schema` is that of an output without rows. The file appears whole or not at all.
        """
        ranges = self.finished()
        _check_whole(ranges)
        errors = 0
        tables = (_read(self.path(start, stop)) for start, stop in ranges.items())
        with (
            whole_file(output, within=self.folder) as part,
            _writer(part, output.suffix, _schema(self, ranges) or schema) as writer,
        ):
            for table in _grouped(tables):
                errors += len(table) - table["error"].null_count
                writer.write_table(table)
        return errors

    def remove(self) -> None:
        """Delete the folder and all that is in it, the journal last: a run killed meanwhile can be resumed."""
        for path in self.folder.iterdir():
            if path.name != JOURNAL:
                path.unlink()
        shutil.rmtree(self.folder)


def checkpoints_folder(output: Path) -> Path:
    """Return the folder of the parts of the output file `output`."""
    return output.with_name(f"{output.name}.parts")


def open_checkpoints(
    output: Path, depends_on: Mapping[str, Any], *, resume: bool = False, restart: bool = False
) -> Checkpoints:
    """Return the folder of parts of `output`; make it if there is none.

    Parameters
    ----------
    depends_on
        What the results depend on, as JSON values; compared with the journal.
    resume
        Continue from the parts of a killed run; without any, start.
    restart
        Delete such parts and start again.

    Raises
    ------
    InvalidRequest
        When parts are there and neither is asked for, or when they are of another input,
        other options or another bundle.
    """
    folder = checkpoints_folder(output)
    account = json.dumps(depends_on, sort_keys=True, indent=1, ensure_ascii=False)
    parts = Checkpoints(folder, hashlib.sha256(account.encode()).hexdigest()[:12])
    if folder.exists() and restart:
        shutil.rmtree(folder)
    if (folder / JOURNAL).exists():
        if not resume:
            raise InvalidRequest(
                f"{folder}: parts of an unfinished run; continue with --resume, or delete them with --restart"
            )
        _compare(folder, depends_on)
    else:
        _make(folder)
        write_whole(folder / JOURNAL, account.encode())
    for leftover in folder.glob(f"*{UNFINISHED}"):
        leftover.unlink()
    return parts


def _make(folder: Path) -> None:
    """Make the folder of parts, or use an existing one without journal, which has no parts yet."""
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise InvalidRequest(f"{folder}: cannot be made ({error.strerror})") from None
    if any(folder.glob("rows-*")):
        raise InvalidRequest(f"{folder}: holds parts and no {JOURNAL}; delete it with --restart")


_OPTIONS = {
    "columns.text": "--text-column",
    "columns.title": "--title-column",
    "columns.id": "--id-column",
    "columns.keep": "--keep",
    "scorer.prior": "--prior",
    "scorer.features": "--features",
    "scorer.bundle": "--bundle (another bundle)",
    "input.name": "the input's name",
    "input.files": "the input's files",
    "version": "the version of reportedly",
}
"""What results depend on, in the user's terms."""
_SHOWN = 60


def _compare(folder: Path, depends_on: Mapping[str, Any]) -> None:
    """Raise InvalidRequest if the journal in `folder` is of another run."""
    if changed := _changes(_json(folder / JOURNAL), depends_on):
        raise InvalidRequest(
            f"{folder}: parts of another run ({changed}); start again with --restart, or name another output"
        )


def _json(path: Path) -> dict[str, Any]:
    """Return the object in one of our JSON files; an empty one if it is damaged or missing."""
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _changes(then: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """Return in words which options differ between two runs, with their values; empty if none does."""
    old, new = _flat(then), _flat(json.loads(json.dumps(now)))
    found = []
    for key in sorted({*old, *new}):
        if old.get(key) != new.get(key):
            name = _OPTIONS.get(key, key)
            values = f" was {_short(old.get(key))}, is {_short(new.get(key))}"
            found.append(
                name
                + (
                    values
                    if name.startswith("--") and "(" not in name
                    else " differ"
                    if name.endswith("files")
                    else " differs"
                )
            )
    return "; ".join(found)


def _flat(account: Mapping[str, Any]) -> dict[str, Any]:
    """Return nested values as one dict with dotted names."""
    flat: dict[str, Any] = {}
    for key, value in account.items():
        inner = value if isinstance(value, dict) else {"": value}
        flat |= {f"{key}.{name}".rstrip("."): one for name, one in inner.items()}
    return flat


def _short(value: object) -> str:
    """Return an option's value as a short string."""
    if value in (None, [], False):
        return "not given"
    return (
        "given"
        if value is True
        else (",".join(map(str, value)) if isinstance(value, list) else str(value))[:_SHOWN]
    )


def _record_of(output: Path) -> Path:
    """Return the path of the record of how the output file `output` was made."""
    return output.with_name(f".{output.name}.run.json")


def note_finished(output: Path, depends_on: Mapping[str, Any], counts: Mapping[str, int]) -> None:
    """Record beside `output` what it depends on and how many rows it has, so that a later --resume knows that it is done."""
    size = output.stat().st_size
    record = {"depends_on": depends_on, "size": size, **counts}
    write_whole(_record_of(output), json.dumps(record, ensure_ascii=False, indent=1).encode())


def finished_run(output: Path, depends_on: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the record of a finished run whose output is still there; None if there is none.

    Raises
    ------
    InvalidRequest
        When the output is that of a run with another input or other options.
    """
    record = _json(_record_of(output))
    if checkpoints_folder(output).exists() or not record or not output.exists():
        return None
    if record.get("size") != output.stat().st_size:
        return None
    if changed := _changes(record["depends_on"], depends_on):
        raise InvalidRequest(
            f"{output}: finished by another run ({changed}); leave out --resume to write it again, or name another output"
        )
    return record


def _check_whole(ranges: Mapping[int, int]) -> None:
    """Check that the ranges follow each other without gap, so that every row is there exactly once."""
    expected = 0
    for start, stop in ranges.items():
        if start != expected:
            raise AssertionError(
                f"rows {expected} to {start} of the batch are missing or duplicated"
            )
        expected = stop


def _rows(path: Path) -> int | None:
    """Return how many rows the part `path` has; None if it is damaged."""
    try:
        return len(_read(path))
    except (pa.ArrowInvalid, OSError):
        return None


def _read(path: Path) -> pa.Table:
    with pa.OSFile(str(path)) as file:
        return pa.ipc.open_file(file).read_all()


def _schema(parts: Checkpoints, ranges: Mapping[int, int]) -> pa.Schema | None:
    """Return the schema of the parts; None if there are none."""
    for start, stop in ranges.items():
        return _read(parts.path(start, stop)).schema
    return None


def _grouped(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Yield the rows of `tables` in larger groups, in constant memory."""
    waiting: list[pa.Table] = []
    for table in tables:
        waiting.append(table)
        if sum(map(len, waiting)) >= _GROUP_ROWS:
            yield pa.concat_tables(waiting).combine_chunks()
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting).combine_chunks()


@contextlib.contextmanager
def _parquet(path: Path, schema: pa.Schema) -> Iterator[_Writer]:
    import pyarrow.parquet as pq  # noqa: PLC0415 - only this format pays for it

    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        yield writer


@contextlib.contextmanager
def _csv(path: Path, schema: pa.Schema) -> Iterator[_Writer]:
    from pyarrow import csv  # noqa: PLC0415 - only this format pays for it

    delimiter = "\t" if ".tsv" in path.suffixes else ","
    options = csv.WriteOptions(delimiter=delimiter)
    with csv.CSVWriter(path, schema, write_options=options) as writer:

        class Safe:
            def write_table(self, table: pa.Table) -> None:
                writer.write_table(_without_formulas(table))

        yield Safe()


def _without_formulas(table: pa.Table) -> pa.Table:
    """Return the table with text that a spreadsheet would run as a formula made safe, as `safe_cell` does."""
    import pyarrow.compute as pc  # noqa: PLC0415 - only these formats pay for it

    for index, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            cells = table.column(index)
            runs = pc.and_(
                pc.match_substring_regex(cells, FORMULA),
                pc.invert(pc.match_substring_regex(cells, PLAIN_NUMBER)),
            )
            marked = pc.binary_join_element_wise("'", cells, "")
            table = table.set_column(index, field, pc.if_else(runs, marked, cells))
    return table


@contextlib.contextmanager
def _jsonl(path: Path, schema: pa.Schema) -> Iterator[_Writer]:
    del schema
    with path.open("w", encoding="utf-8", newline="\n") as file:

        class Lines:
            def write_table(self, table: pa.Table) -> None:
                rows = table.to_pylist()
                file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)

        yield Lines()


WRITERS: Mapping[str, Callable[[Path, pa.Schema], AbstractContextManager[_Writer]]] = {
    ".parquet": _parquet,
    ".pq": _parquet,
    ".csv": _csv,
    ".tsv": _csv,
    ".jsonl": _jsonl,
    ".ndjson": _jsonl,
}
"""Suffix of the output -> function that opens a writer of that format."""


def _writer(path: Path, suffix: str, schema: pa.Schema) -> AbstractContextManager[_Writer]:
    return WRITERS[suffix.lower()](path, schema)
