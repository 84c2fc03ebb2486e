"""Articles to features, from a cache where it has them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from joblib import Memory, Parallel, delayed

from reportedly.annotation.pipeline import annotate_each
from reportedly.datamodel import Document
from reportedly.datamodel.arrays import Bools, Floats, Ints
from reportedly.reading.disguises import as_it_looks
from reportedly.risk.learning.linear import on_one_thread
from reportedly.risk.learning.source_digest import source_digest
from reportedly.risk.ngrams import headline_forms
from reportedly.risk.signal_features import dense_row, documented, scored_forms, unverified_forms
from reportedly.signals import SIGNALS

if TYPE_CHECKING:
    from reportedly.annotation.pipeline import Detectors


ShowProgress = Callable[[Sequence[Any], str], Iterator[Any]]

LONGEST_ARTICLE = 15_000
"""Code points of an article that training reads: enough for every rate, and a bound on time."""
_KEPT: dict[str, Detectors] = {}
"""The detectors of this process, by fingerprint."""
_CHUNK = 100
"""Articles of one cached piece of work."""


@dataclass(frozen=True, slots=True, weakref_slot=True)  # a cluster is sent it once, by reference
class Extracted:
    """The features of a frame of articles, row by row.

    `signals` holds the signals' scores; `sentences` the number of scored sentences; `forms` the scored
    words of each article, one string each; `unverified` which of them stand in an unverified claim; `titles` the words
    of its headline.
    """

    frame: pd.DataFrame
    forms: tuple[str, ...]
    titles: tuple[str, ...]
    unverified: tuple[Bools, ...]
    dense: Floats
    signals: Floats
    sentences: Floats

    @property
    def labels(self) -> Floats:
        """1.0 unreliable, 0.0 reliable, NaN neither."""
        labels: Floats = self.frame["label"].to_numpy(dtype=np.float64)
        return labels

    def words(self, rows: Ints) -> list[list[str]]:
        """Return the words of the articles in `rows`."""
        return [self.forms[i].split("\n") if self.forms[i] else [] for i in rows.tolist()]

    def headlines(self, rows: Ints) -> list[list[str]]:
        """Return the words of the headlines of the articles in `rows`; none where there is none."""
        return [self.titles[i].split("\n") if self.titles[i] else [] for i in rows.tolist()]


def extract(
    frame: pd.DataFrame,
    detectors: Detectors,
    *,
    cache: Path | None = None,
    jobs: int = 1,
    progress: ShowProgress | None = None,
) -> Extracted:
    """Return the features of every article of `frame`, from the cache where it has them."""
    memory = Memory(cache, verbose=0)
    work = memory.cache(_extract, ignore=["detectors"])
    version = _fingerprint(detectors)
    titles, texts = frame["title"].tolist(), [t[:LONGEST_ARTICLE] for t in frame["text"].tolist()]
    starts = range(0, len(texts), _CHUNK)
    steps = progress(starts, "features") if progress else iter(starts)
    pieces = Parallel(
        n_jobs=jobs, max_nbytes=None
    )(  # detectors write into their arrays: no maps
        delayed(on_one_thread)(
            work, titles[s : s + _CHUNK], texts[s : s + _CHUNK], version, detectors
        )
        for s in steps
    )
    forms = tuple(form for piece in pieces for form in piece[0])
    headlines = tuple(words for piece in pieces for words in piece[1])
    unverified = tuple(marked for piece in pieces for marked in piece[2])
    rows = np.concatenate([piece[3] for piece in pieces])
    wide = len(documented())
    return Extracted(
        frame, forms, headlines, unverified, rows[:, :wide], rows[:, wide:-1], rows[:, -1]
    )


def _extract(
    titles: list[str], texts: list[str], version: str, detectors: Detectors
) -> tuple[list[str], list[str], list[Bools], Floats]:
    """Return the scored words, those of the headline, which are unverified, and the numbers of some articles.

    `version` keys the cache.

    A process keeps the first detectors of a version that it is sent, with what they learn of words.
    """
    detectors = _KEPT.setdefault(version, detectors)
    documents = [
        as_it_looks(Document(text, title)) for title, text in zip(titles, texts, strict=True)
    ]
    forms, headlines, unverified, rows = [], [], [], []
    for annotated in annotate_each(documents, detectors):
        forms.append("\n".join(scored_forms(annotated.segmented)))
        headlines.append("\n".join(headline_forms(annotated.segmented)))
        unverified.append(unverified_forms(annotated))
        scores = [signal.measure(annotated).score for signal in SIGNALS]
        scored = sum(not s.furniture for s in annotated.segmented.sentences)
        rows.append([*dense_row(annotated), *scores, scored])
    return forms, headlines, unverified, np.array(rows)


def _fingerprint(detectors: Detectors) -> str:
    """Return a digest of the detectors, the features and the code: what cached features depend on."""
    digest = hashlib.sha256(repr([f.name for f in documented()]).encode())
    digest.update(source_digest().encode())
    for part in (getattr(detectors, f.name) for f in fields(detectors)):
        if part is None:
            continue
        for name, array in sorted(part.to_arrays().items()):
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]
