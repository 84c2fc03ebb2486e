"""Assess whole tables of articles: in parallel, in constant memory, resumable, on a cluster.

A table is cut into chunks of rows. One chunk is scored by one call of :func:`score_chunk`, from rows to
the bytes of an Arrow file, whether here, in another process or on a Dask cluster; so the output is the same
everywhere. A bounded number of chunks is under way at any time. :mod:`reportedly.parts` keeps what is
done; :mod:`reportedly.cluster` knows Dask.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from reportedly.datamodel import SOURCE_CLASSES, Annotated, Assessment, Document
from reportedly.errors import InvalidRequest, ReportedlyError
from reportedly.parts import WRITERS, Parts, open_parts, parts_folder
from reportedly.reading.formats.tables import Row, open_table
from reportedly.signals import SIGNALS

CHUNK_ROWS = 256
"""Rows of one chunk: about a second of work."""

_CHUNK_CHARACTERS = 8_000_000
"""Characters after which a chunk ends early, so that huge articles do not add up in memory."""

_TOGETHER = 16
"""Rows that are scored together."""

_AHEAD = 2
"""Chunks under way for each worker: one that it works on and one that waits for it."""

_COLUMNS: tuple[tuple[str, pa.DataType], ...] = (
    ("row", pa.int64()),
    ("id", pa.string()),
    ("title", pa.string()),
    ("headline", pa.string()),
    ("risk", pa.float64()),
    ("band", pa.string()),
    ("interval_low", pa.float64()),
    ("interval_high", pa.float64()),
    ("abstained", pa.string()),
    *((s.name, pa.float64()) for s in SIGNALS),
    ("words", pa.int64()),
    ("sentences", pa.int64()),
    ("attributions", pa.int64()),
    *((f"sources_{name}", pa.int64()) for name in SOURCE_CLASSES),
    ("statements", pa.int64()),
    ("claims_checkworthy", pa.int64()),
    ("claims_unverified", pa.int64()),
    ("hedges", pa.int64()),
)
"""The columns of the output; the features follow where asked for, and ``error`` comes last."""


@dataclass(frozen=True, slots=True)
class Scorer:
    """What scores articles: `assess` gives the assessment of each, `features` the values of `feature_names`."""

    assess: Callable[[Iterable[Document]], Iterable[Assessment]]
    feature_names: tuple[str, ...] = ()
    features: Callable[[Annotated], Iterable[float]] | None = None


class ScorerFactory(Protocol):
    """What makes a scorer in each worker, once: hashable, and light to send there."""

    def __call__(self) -> Scorer:
        """Return the scorer."""

    def __hash__(self) -> int:
        """Return the hash under which a process keeps its scorer."""

    def identity(self) -> dict[str, Any]:
        """Return what its scores depend on, as values that JSON knows."""


@dataclass(frozen=True, slots=True)
class BundleScorer:
    """Makes scorers of the bundle in the folder `bundle`, or of the one that ships."""

    bundle: str | None = None
    prior: float = 0.5
    with_features: bool = False

    def __call__(self) -> Scorer:
        """Return a scorer with the bundle loaded."""
        from reportedly.assessment import Assessor  # noqa: PLC0415 - workers pay, `--help` does not
        from reportedly.bundle import load_bundle  # noqa: PLC0415

        loaded = load_bundle(self.bundle) if self.bundle else None
        assessor = Assessor(loaded, prior=self.prior)
        if not self.with_features:
            return Scorer(assessor.assess_many)
        from reportedly.risk.signal_features import dense_row, documented  # noqa: PLC0415

        return Scorer(assessor.assess_many, tuple(f.name for f in documented()), dense_row)

    def folder(self) -> Path:
        """Return the folder of the bundle."""
        from reportedly.bundle import shipped_folder  # noqa: PLC0415

        return Path(self.bundle) if self.bundle else shipped_folder()

    def identity(self) -> dict[str, Any]:
        """Return the bundle's digest (of its manifest, which holds the other digests), and options."""
        from reportedly.bundle.store import MANIFEST  # noqa: PLC0415

        try:
            manifest = (self.folder() / MANIFEST).read_bytes()
        except OSError as error:
            raise InvalidRequest(f"{self.folder()}: no bundle there ({error.strerror})") from None
        return {
            "bundle": hashlib.sha256(manifest).hexdigest(),
            "prior": self.prior,
            "features": self.with_features,
        }


@dataclass(frozen=True, slots=True)
class TableColumns:
    """The names of the input's columns; what is None is guessed from the usual names."""

    text: str | None = None
    title: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive rows of the input, the first of which has the number `start`."""

    start: int
    rows: tuple[Row, ...]

    @property
    def stop(self) -> int:
        """The number of the row after the last."""
        return self.start + len(self.rows)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch is: rows done, and those among them that an earlier run had done."""

    done: int
    resumed: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a batch did: rows in the output, those done by earlier runs, and those with an error."""

    rows: int
    resumed: int
    errors: int


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
) -> Outcome:
    """Assess every row of the table `source` and write the table `output`.

    Parameters
    ----------
    source
        A CSV, JSONL or Parquet file, or a folder of Parquet files.
    output
        The file to write; ``.parquet``, ``.csv`` or ``.jsonl`` tells its format.
    jobs
        Processes on this machine; all cores where None. One works without a second process.
    scheduler
        Address of a Dask scheduler whose workers do the work instead.
    resume, restart
        Carry on where a killed run stopped, or forget what it did.

    Returns
    -------
    Outcome
        Rows written and rows with an error. A row that is no article gets an ``error`` and no scores.

    Raises
    ------
    InvalidRequest
        When the input has no such column, the output cannot be written, or parts of another run lie there.
    """
    source, output, scorer = Path(source), Path(output), scorer or BundleScorer()
    columns = columns or TableColumns()
    _check_output(source, output)
    table = open_table(source, columns.text, columns.title, columns.id)
    depends_on = _depends_on(source, columns, scorer, chunk_rows)
    parts = open_parts(output, depends_on, resume=resume, restart=restart)
    finished = parts.finished()
    resumed = sum(stop - start for start, stop in finished.items())
    rows, done = 0, resumed
    report = on_progress or _say_nothing
    report(Progress(done, resumed))

    def unfinished() -> Iterator[Chunk]:
        nonlocal rows
        for chunk in chunks(table.batches(chunk_rows), chunk_rows):
            rows = chunk.stop
            if finished.get(chunk.start) != chunk.stop:
                yield chunk

    with _workers(scorer, jobs, scheduler) as (submit, workers):
        for chunk, data in _bounded(unfinished(), submit, _AHEAD * workers):
            parts.write(chunk.start, chunk.stop, data)
            done += len(chunk.rows)
            report(Progress(done, resumed))
    return _finish(parts, output, rows, resumed)


def score_chunk(chunk: Chunk, scorer: Scorer) -> bytes:
    """Return the assessments of the rows of `chunk` as the bytes of an Arrow file."""
    records: list[dict[str, Any]] = []
    for start in range(0, len(chunk.rows), _TOGETHER):
        records += score_rows(chunk.rows[start : start + _TOGETHER], scorer)
    table = pa.Table.from_pylist(records, schema=output_schema(scorer.feature_names))
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_file(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def output_schema(feature_names: Iterable[str] = ()) -> pa.Schema:
    """Return the names and types of the output's columns."""
    features = [(f"feature_{name}", pa.float64()) for name in feature_names]
    return pa.schema([*_COLUMNS, *features, ("error", pa.string())])


def score_rows(rows: Sequence[Row], scorer: Scorer) -> list[dict[str, Any]]:
    """Return rows of the output: scores and counts, or an error.

    They are scored together; where one of them fails, by halves, so that it costs the others nothing.
    """
    try:
        assessments = scorer.assess([row.document() for row in rows])
        return [_scored(*pair, scorer) for pair in zip(rows, assessments, strict=True)]
    except Exception as error:  # noqa: BLE001 - one row in a million must not cost the others
        half = len(rows) // 2
        if half:
            return score_rows(rows[:half], scorer) + score_rows(rows[half:], scorer)
        told = isinstance(error, ReportedlyError)
        problem = str(error) if told else f"internal error, please report it: {error!r}"
        return [{**_known(rows[0]), "error": problem}]


def _known(row: Row) -> dict[str, Any]:
    """Return what the output says of a row whatever its text."""
    return {"row": row.index, "id": row.id, "title": row.title}


def _scored(row: Row, assessment: Assessment, scorer: Scorer) -> dict[str, Any]:
    """Return the row of the output for an assessment."""
    found = _known(row) | summary_columns(assessment)
    if scorer.features is not None:
        values = scorer.features(assessment.annotated)
        pairs = zip(scorer.feature_names, values, strict=True)
        found |= {f"feature_{name}": float(value) for name, value in pairs}
    return found


def summary_columns(assessment: Assessment) -> dict[str, Any]:
    """Return an assessment as one flat row of scores and counts."""
    risk, annotated = assessment.risk, assessment.annotated
    low, high = risk.interval or (None, None)
    classes = [source.source_class for source in annotated.sources]
    headline = annotated.segmented.headline
    return {
        "headline": headline.text if headline else None,
        "risk": risk.score,
        "band": risk.band,
        "interval_low": low,
        "interval_high": high,
        "abstained": risk.abstained,
        **{signal.name: signal.score for signal in assessment.signals},
        "words": sum(form[0].isalnum() for form in annotated.segmented.tokens.forms),
        "sentences": len(annotated.segmented.sentences),
        "attributions": len(annotated.attributions),
        **{f"sources_{name}": classes.count(name) for name in SOURCE_CLASSES},
        "statements": sum(source.statements for source in annotated.sources),
        "claims_checkworthy": sum(claim.checkworthy for claim in annotated.claims),
        "claims_unverified": sum(claim.unverified for claim in annotated.claims),
        "hedges": len(annotated.hedges),
    }


def chunks(batches: Iterable[list[Row]], most_rows: int = CHUNK_ROWS) -> Iterator[Chunk]:
    """Cut rows into chunks of `most_rows` rows, fewer where articles are huge.

    The cuts depend on the rows alone, so that a second run makes the same ones.
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
    """Return the number of rows of a table, read through once: quick beside assessing them."""
    columns = columns or TableColumns()
    table = open_table(source, columns.text, columns.title, columns.id)
    return table.rows if table.rows is not None else sum(map(len, table.batches(4096)))


Submit = Callable[[Chunk], "Future[bytes]"]


def _bounded(chunks: Iterable[Chunk], submit: Submit, most: int) -> Iterator[tuple[Chunk, bytes]]:
    """Yield each chunk with its result as it is done, with at most `most` of them under way."""
    pending: dict[Future[bytes], Chunk] = {}
    for chunk in chunks:
        pending[submit(chunk)] = chunk
        if len(pending) >= most:
            yield from _done(pending)
    while pending:
        yield from _done(pending)


def _done(pending: dict[Future[bytes], Chunk]) -> Iterator[tuple[Chunk, bytes]]:
    """Wait for at least one of `pending`; take out and yield those that are done."""
    done, _ = wait(pending, return_when=FIRST_COMPLETED)
    for future in done:
        yield pending.pop(future), future.result()


@contextmanager
def _workers(
    scorer: ScorerFactory, jobs: int | None, scheduler: str | None
) -> Iterator[tuple[Submit, int]]:
    """Give the function that sends off a chunk, and the number of workers behind it."""
    jobs = jobs or available_cores()
    if scheduler is not None:
        from reportedly.cluster import cluster_workers  # noqa: PLC0415 - an extra

        with cluster_workers(scheduler, scorer) as found:
            yield found
    elif jobs == 1:
        yield _at_once(scorer), 1
    else:
        with _process_pool(scorer, jobs) as pool:
            yield (lambda chunk: pool.submit(_score_here, scorer, chunk)), jobs


def available_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _at_once(scorer: ScorerFactory) -> Submit:
    """Return a function that scores a chunk in this process, now."""

    def submit(chunk: Chunk) -> Future[bytes]:
        future: Future[bytes] = Future()
        future.set_result(_score_here(scorer, chunk))
        return future

    return submit


@contextmanager
def _process_pool(scorer: ScorerFactory, jobs: int) -> Iterator[Executor]:
    """Give a pool of fresh processes, ended at once where this block is left by an exception."""
    context = multiprocessing.get_context("spawn")  # a fork would inherit Arrow's threads and locks
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_prepare, initargs=(scorer,))
    try:
        yield pool
    except BrokenProcessPool:
        raise InvalidRequest(
            "a worker process died (out of memory?); carry on with --resume, perhaps with fewer --jobs"
        ) from None
    except BaseException:
        for process in list((pool._processes or {}).values()):  # noqa: SLF001 - no public way before Python 3.14
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _prepare(scorer: ScorerFactory) -> None:
    """Make a worker process ready: it loads the bundle, and ends when its parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _scorer_here(scorer)
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - workers alone need it

    threadpool_limits(1)  # the processes share the cores already


def _leave_with_parent() -> None:
    """End this process when its parent is gone, even by ``kill -9``."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@cache
def _scorer_here(scorer: ScorerFactory) -> Scorer:
    """Return the scorer of this process, made once."""
    return scorer()


def _score_here(scorer: ScorerFactory, chunk: Chunk) -> bytes:
    return score_chunk(chunk, _scorer_here(scorer))


def _finish(parts: Parts, output: Path, rows: int, resumed: int) -> Outcome:
    """Put the parts together as the output, and delete them."""
    errors = parts.assemble(output, output_schema())
    parts.remove()
    return Outcome(rows, resumed, errors)


def _depends_on(
    source: Path, columns: TableColumns, scorer: ScorerFactory, chunk_rows: int
) -> dict[str, Any]:
    """Return all that the parts depend on; what differs here makes them parts of another run."""
    return {
        "input": {"name": source.name, "files": _fingerprints(source)},
        "columns": asdict(columns),
        "scorer": scorer.identity(),
        "chunk_rows": chunk_rows,
        "version": version("reportedly"),
    }


def _fingerprints(source: Path) -> list[list[Any]]:
    """Return name, size, time and a digest of the two ends of each file of the input."""
    paths = sorted(p for p in source.rglob("*") if p.is_file()) if source.is_dir() else [source]
    return [[p.name, p.stat().st_size, p.stat().st_mtime_ns, _ends_digest(p)] for p in paths]


def _ends_digest(path: Path, size: int = 65_536) -> str:
    """Return a digest of the first and last bytes of a file: quick for a file of any size."""
    with path.open("rb") as file:
        head = file.read(size)
        file.seek(max(0, path.stat().st_size - size))
        return hashlib.sha256(head + file.read(size)).hexdigest()


def _check_output(source: Path, output: Path) -> None:
    """Raise InvalidRequest where `output` cannot be, or must not be, written."""
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
        raise InvalidRequest(f"{output}: lies in the input {source}; write it elsewhere")
    if parts_folder(output).is_file():
        raise InvalidRequest(f"{parts_folder(output)}: is a file, expected a folder or nothing")


def _say_nothing(progress: Progress) -> None:
    del progress
