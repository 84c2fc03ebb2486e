"""Compute the features of articles, or take them from a cache."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from joblib import Memory, Parallel, delayed

from reportedly.annotation.pipeline import annotate_each
from reportedly.datamodel import Document
from reportedly.datamodel.arrays import Floats
from reportedly.reading.disguises import as_it_looks
from reportedly.risk.learning.folds import ShowProgress
from reportedly.risk.learning.linear import on_one_thread
from reportedly.risk.learning.source_digest import source_digest
from reportedly.risk.records import ArticleRecord, record_of
from reportedly.risk.signal_features import documented
from reportedly.signals import SIGNALS

if TYPE_CHECKING:
    from reportedly.annotation.pipeline import Detectors


LONGEST_ARTICLE = 15_000
"""The most code points of an article that training reads: enough for every rate, and a bound on time."""
_KEPT: dict[str, Detectors] = {}
"""The detectors of this process, by fingerprint."""
_CHUNK = 100
"""Articles per cached chunk."""


@dataclass(frozen=True, slots=True, weakref_slot=True)  # sent to a cluster once, by reference
class Extracted:
    """The features of a frame of articles, row by row.

    `records` are the pipeline's input instead of the articles, an array of :class:`ArticleRecord`; `signals` holds the
    signals' scores, `sentences` the number of scored sentences.
    """

    frame: pd.DataFrame
    records: npt.NDArray[Any]
    signals: Floats
    sentences: Floats

    @property
    def labels(self) -> Floats:
        """1.0 for unreliable, 0.0 for reliable, NaN for neither."""
        labels: Floats = self.frame["label"].to_numpy(dtype=np.float64)
        return labels

    @property
    def dense(self) -> Floats:
        """The features of signals and style, shape (articles, features)."""
        rows = [np.concatenate([record.signals, record.style]) for record in self.records]
        return np.array(rows).reshape(len(rows), len(documented()))

    @property
    def kin(self) -> pd.DataFrame:
        """The group, publisher, corpus, family and contrast pair of each article, for folds and training.

        The two articles of a pair, of the project's own corpus, differ only in their sourcing.
        """
        columns = ["label", "corpus", "family", "role", "group", "source"]
        weight = self.frame.get("weight", 1.0)
        own = self.frame["corpus"] == "reportedly"
        return self.frame[columns].assign(
            pair=np.where(own, self.frame["group"], -1), weight=weight
        )


def extract(
    frame: pd.DataFrame,
    detectors: Detectors,
    *,
    cache: Path | None = None,
    jobs: int = 1,
    progress: ShowProgress | None = None,
) -> Extracted:
    """Return the features of every article of `frame`, from the cache if it has them."""
    memory = Memory(cache, verbose=0)
    work = memory.cache(_extract, ignore=["detectors"])
    version = _fingerprint(detectors)
    titles, texts = frame["title"].tolist(), [t[:LONGEST_ARTICLE] for t in frame["text"].tolist()]
    starts = range(0, len(texts), _CHUNK)
    steps = progress(starts, "features") if progress else iter(starts)
    pieces = Parallel(
        n_jobs=jobs, max_nbytes=None
    )(  # detectors write into their arrays, so they must not be memory-mapped
        delayed(on_one_thread)(
            work, titles[s : s + _CHUNK], texts[s : s + _CHUNK], version, detectors
        )
        for s in steps
    )
    records = np.empty(len(frame), dtype=object)
    records[:] = [record for piece in pieces for record in piece[0]]
    rows = np.concatenate([piece[1] for piece in pieces])
    return Extracted(frame, records, rows[:, :-1], rows[:, -1])


def _extract(
    titles: list[str], texts: list[str], version: str, detectors: Detectors
) -> tuple[list[ArticleRecord], Floats]:
    """Return the records of some articles, with the signals' scores and the number of scored sentences of each.

    `version` is part of the cache key. A process keeps the first detectors that it gets of a version, to reuse
    their caches.
    """
    detectors = _KEPT.setdefault(version, detectors)
    documents = [
        as_it_looks(Document(text, title)) for title, text in zip(titles, texts, strict=True)
    ]
    records, rows = [], []
    for annotated in annotate_each(documents, detectors):
        records.append(record_of(annotated))
        scores = [signal.measure(annotated).score for signal in SIGNALS]
        rows.append([*scores, sum(not s.furniture for s in annotated.segmented.sentences)])
    return records, np.array(rows)


def _fingerprint(detectors: Detectors) -> str:
    """Return a digest of the detectors, the features and the code, which cached features depend on."""
    digest = hashlib.sha256(repr([f.name for f in documented()]).encode())
    digest.update(source_digest().encode())
    for part in (getattr(detectors, f.name) for f in fields(detectors)):
        if part is None:
            continue
        for name, array in sorted(part.to_arrays().items()):
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]
