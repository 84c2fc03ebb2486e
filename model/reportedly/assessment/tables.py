"""Assess whole tables of articles: in parallel, in constant memory, resumable, on a cluster.

A table is cut into chunks of rows. Each chunk is scored by one call of :func:`score_chunk`, from rows to
the bytes of an Arrow file, in this process, in another one or on a Dask cluster, so the output is the same
everywhere. The number of chunks in progress is bounded. :mod:`reportedly.assessment.checkpoints` keeps what is
done; :mod:`reportedly.assessment.cluster` knows Dask.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from reportedly.assessment.checkpoints import (
    WRITERS,
    checkpoints_folder,
    finished_run,
    note_finished,
    open_checkpoints,
)
from reportedly.assessment.scoring import BundleScorer, Chunk, ScorerFactory, output_schema
from reportedly.assessment.workers import bounded, open_workers
from reportedly.datamodel.columns import Duplicates
from reportedly.errors import InvalidRequest
from reportedly.reading.formats.tables import Row, open_table

CHUNK_ROWS = 256
"""Rows of one chunk: about a second of work."""

_CHUNK_CHARACTERS = 8_000_000
"""The most characters of a chunk, so that a chunk of huge articles fits in memory."""

_AHEAD = 2
"""Chunks in progress per worker: one that it works on and one in its queue."""


@dataclass(frozen=True, slots=True)
class TableColumns:
    """The names of the input's columns; for None the usual names are tried. The columns in `keep` are copied into the output."""

    text: str | None = None
    title: str | None = None
    id: str | None = None
    keep: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a batch: rows done, and how many of them by an earlier run."""

    done: int
    resumed: int


@dataclass(frozen=True, slots=True)
class TableCounts:
    """The result of a batch: rows in the output, and how many of them were done by earlier runs, have an error, or repeat an earlier row's text.

    `finished` is true if an earlier run had done everything.
    """

    rows: int
    resumed: int
    errors: int
    duplicates: int = 0
    finished: bool = False


def assess_table(
    source: str | Path,
    output: str | Path,
    *,
    columns: TableColumns | None = None,
    scorer: ScorerFactory | None = None,
    jobs: int | None = None,
    scheduler: str | None = None,
    resume: bool = False,
    restart: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
    chunk_rows: int = CHUNK_ROWS,
) -> TableCounts:
    """Assess every row of the table `source` and write the table `output`.

    Parameters
    ----------
    source
        A CSV, JSON or Parquet file, or a folder of Parquet files or of articles.
    output
        The file to write; the suffix ``.parquet``, ``.csv`` or ``.jsonl`` sets its format.
    jobs
        Processes on this machine; one per core if None. With 1, this process does the work.
    scheduler
        Address of a Dask scheduler whose workers do the work instead.
    resume, restart
        Continue where a killed run stopped, or delete what it did and start again.

    Returns
    -------
    TableCounts
        Rows written and rows with an error. A row without an article gets an ``error`` and no scores.

    Raises
    ------
    InvalidRequest
        When the input has no such column, the output cannot be written, or there are parts of another run.
    """
    source, output, scorer = Path(source), Path(output), scorer or BundleScorer()
    columns = columns or TableColumns()
    _check_output(source, output)
    table = open_table(source, columns.text, columns.title, columns.id, columns.keep)
    _check_kept(columns.keep)
    depends_on = _depends_on(source, columns, scorer, chunk_rows)
    if resume and (record := finished_run(output, depends_on)):
        return TableCounts(
            record["rows"], record["rows"], record["errors"], record["duplicates"], finished=True
        )
    parts = open_checkpoints(output, depends_on, resume=resume, restart=restart)
    finished = parts.finished()
    resumed = sum(stop - start for start, stop in finished.items())
    rows, done, seen = 0, resumed, Duplicates()
    report = on_progress or _say_nothing
    report(Progress(done, resumed))

    def unfinished() -> Iterator[Chunk]:
        nonlocal rows
        for chunk in row_chunks(table.batches(chunk_rows), chunk_rows):
            rows, chunk = chunk.stop, _marked(chunk, seen)  # noqa: PLW2901 - the same rows
            if finished.get(chunk.start) != chunk.stop:
                yield chunk

    with open_workers(scorer, jobs, scheduler) as (submit, workers):
        for chunk, data in bounded(unfinished(), submit, _AHEAD * workers):
            parts.write(chunk.start, chunk.stop, data)
            done += len(chunk.rows)
            report(Progress(done, resumed))
    errors = parts.assemble(output, output_schema(kept=columns.keep))
    parts.remove()
    note_finished(output, depends_on, {"rows": rows, "errors": errors, "duplicates": seen.count})
    return TableCounts(rows, resumed, errors, seen.count)


def _marked(chunk: Chunk, seen: Duplicates) -> Chunk:
    """Return the chunk with each row that repeats an earlier row's text marked with that row."""
    rows = (
        replace(row, duplicate_of=seen.first_with(row.text, row.id)) if row.error is None else row
        for row in chunk.rows
    )
    return Chunk(chunk.start, tuple(rows))


def _check_kept(keep: Sequence[str]) -> None:
    """Raise InvalidRequest if a column to keep would be twice in the output."""
    own = set(output_schema().names)
    for name in keep:
        if name in own or name.startswith("feature_"):
            raise InvalidRequest(
                f"--keep {name}: the output has a column of that name; rename it in the input"
            )


def row_chunks(batches: Iterable[list[Row]], most_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Cut rows into chunks of `most_rows` rows, fewer if articles are huge.

    The cuts depend only on the rows, so that a second run makes the same ones.
    """
    start, waiting, characters = 0, [], 0
    for batch in batches:
        for row in batch:
            waiting.append(row)
            characters += len(row.text)
            if len(waiting) == most_rows or characters >= _CHUNK_CHARACTERS:
                yield Chunk(start, tuple(waiting))
                start, waiting, characters = start + len(waiting), [], 0
    if waiting:
        yield Chunk(start, tuple(waiting))


def count_rows(source: str | Path, columns: TableColumns | None = None) -> int:
    """Return the number of rows of a table by reading it once, which is fast compared with assessing it."""
    columns = columns or TableColumns()
    table = open_table(source, columns.text, columns.title, columns.id, columns.keep)
    return table.rows if table.rows is not None else sum(map(len, table.batches(4096)))


def _depends_on(
    source: Path, columns: TableColumns, scorer: ScorerFactory, chunk_rows: int
) -> dict[str, Any]:
    """Return everything that the parts depend on; if any of it differs, they are parts of another run."""
    return {
        "input": {"name": source.name, "files": _fingerprints(source)},
        "columns": asdict(columns) | {"keep": list(columns.keep)},
        "scorer": scorer.identity(),
        "chunk_rows": chunk_rows,
        "version": version("reportedly"),
    }


def _fingerprints(source: Path) -> list[list[Any]]:
    """Return name, size, modification time and a digest of the first and last bytes of each input file."""
    paths = sorted(p for p in source.rglob("*") if p.is_file()) if source.is_dir() else [source]
    return [[p.name, p.stat().st_size, p.stat().st_mtime_ns, _ends_digest(p)] for p in paths]


def _ends_digest(path: Path, size: int = 65_536) -> str:
    """Return a digest of the first and last bytes of a file, fast for files of any size."""
    with path.open("rb") as file:
        head = file.read(size)
        file.seek(max(0, path.stat().st_size - size))
        return hashlib.sha256(head + file.read(size)).hexdigest()


def _check_output(source: Path, output: Path) -> None:
    """Raise InvalidRequest if `output` cannot be written, or must not be."""
    if output.suffix.lower() not in WRITERS:
        raise InvalidRequest(
            f"{output}: expected a name that ends in {', '.join(WRITERS)}, got {output.suffix or 'no suffix'!r}"
        )
    if output.is_dir():
        raise InvalidRequest(f"{output}: is a directory, expected a file name to write to")
    if not output.parent.is_dir():
        raise InvalidRequest(f"{output.parent}: no such directory")
    within = {output.resolve(), *output.resolve().parents}
    if source.resolve() in within:
        raise InvalidRequest(f"{output}: is inside the input {source}; write it elsewhere")
    if checkpoints_folder(output).is_file():
        raise InvalidRequest(
            f"{checkpoints_folder(output)}: is a file, expected a folder or nothing"
        )


def _say_nothing(progress: Progress) -> None:
    del progress
