"""Rows of articles -> rows of scores; one call per chunk, in this process, another one or on a cluster."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from reportedly.datamodel import Annotated, Assessment, Document
from reportedly.datamodel.columns import DUPLICATE, article_columns, table_columns
from reportedly.errors import InvalidRequest, ReportedlyError
from reportedly.reading.formats.tables import Row
from reportedly.signals import SIGNALS

_TOGETHER = 16
"""Rows scored together."""

_TYPES = {str: pa.string(), int: pa.int64(), float: pa.float64()}


@dataclass(frozen=True, slots=True)
class Scorer:
    """The interface of what scores articles.

    `annotate` gives the annotation of each; `assess` gives its assessment, and `features` the values
    of `feature_names`, both from the same annotation.
    """

    annotate: Callable[[Iterable[Document]], Iterable[Annotated]]
    assess: Callable[[Annotated], Assessment]
    feature_names: tuple[str, ...] = ()
    features: Callable[[Annotated], Iterable[float]] | None = None


class ScorerFactory(Protocol):
    """Makes the scorer in each worker, once; hashable, and small to send."""

    def __call__(self) -> Scorer:
        """Return the scorer."""

    def __hash__(self) -> int:
        """Return the key under which a process keeps its scorer."""

    def identity(self) -> dict[str, Any]:
        """Return what its scores depend on, as JSON values."""


@dataclass(frozen=True, slots=True)
class BundleScorer:
    """Makes scorers from the bundle in the folder `bundle`, or from the one that ships."""

    bundle: str | None = None
    prior: float = 0.5
    with_features: bool = False

    def __call__(self) -> Scorer:
        """Return a scorer with the bundle loaded."""
        from reportedly.assessment.assessor import Assessor  # noqa: PLC0415 - workers pay, `--help` does not
        from reportedly.bundle import load_bundle  # noqa: PLC0415

        loaded = load_bundle(self.bundle) if self.bundle else None
        assessor = Assessor(loaded, prior=self.prior, reader="student")
        if not self.with_features:
            return Scorer(assessor.annotate_many, assessor.assess_annotated)
        from reportedly.risk.signal_features import dense_row, documented  # noqa: PLC0415

        names = tuple(f.name for f in documented())
        return Scorer(assessor.annotate_many, assessor.assess_annotated, names, dense_row)

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
class Chunk:
    """Consecutive rows of the input; the first has the number `start`."""

    start: int
    rows: tuple[Row, ...]

    @property
    def stop(self) -> int:
        """The number of the row after the last."""
        return self.start + len(self.rows)


def score_chunk(chunk: Chunk, scorer: Scorer) -> bytes:
    """Return the assessments of the rows of `chunk` as the bytes of an Arrow file."""
    records: list[dict[str, Any]] = []
    for start in range(0, len(chunk.rows), _TOGETHER):
        records += score_rows(chunk.rows[start : start + _TOGETHER], scorer)
    kept = dict(chunk.rows[0].kept) if chunk.rows else {}
    table = pa.Table.from_pylist(records, schema=output_schema(scorer.feature_names, kept))
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_file(sink, table.schema, options=options) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def output_schema(feature_names: Iterable[str] = (), kept: Iterable[str] = ()) -> pa.Schema:
    """Return the names and types of the output's columns.

    The row's number, the columns of every table of articles, the input's columns that are kept, features, and ``error``.
    """
    names = table_columns(signal.name for signal in SIGNALS)
    columns = [("row", pa.int64()), *((name, _TYPES[kind]) for name, kind in names.items())]
    own = [(name, pa.string()) for name in kept]
    features = [(f"feature_{name}", pa.float64()) for name in feature_names]
    return pa.schema([*columns, *own, *features, ("error", pa.string())])


def score_rows(rows: Sequence[Row], scorer: Scorer) -> list[dict[str, Any]]:
    """Return rows of the output: scores and counts, or an error.

    They are scored together; if one of them fails, the rows are split in halves, so that the others are still scored.
    """
    try:
        found = scorer.annotate([row.document() for row in rows])
        return [_scored(*pair, scorer) for pair in zip(rows, found, strict=True)]
    except Exception as error:  # noqa: BLE001 - one row in a million must not cost the others
        half = len(rows) // 2
        if half:
            return score_rows(rows[:half], scorer) + score_rows(rows[half:], scorer)
        told = isinstance(error, ReportedlyError)
        problem = str(error) if told else f"internal error, please report it: {error!r}"
        return [{**_known(rows[0]), "error": problem}]


def _known(row: Row) -> dict[str, Any]:
    """Return the columns of an output row that do not depend on its text."""
    known = {"row": row.index, "id": row.id, "title": row.title, DUPLICATE: row.duplicate_of}
    return known | dict(row.kept)


def _scored(row: Row, annotated: Annotated, scorer: Scorer) -> dict[str, Any]:
    """Return the output row of an annotated article."""
    found = article_columns(scorer.assess(annotated)) | _known(row)
    if scorer.features is not None:
        values = scorer.features(annotated)
        pairs = zip(scorer.feature_names, values, strict=True)
        found |= {f"feature_{name}": float(value) for name, value in pairs}
    return found
