"""Choose the thresholds of a reader's probabilities on annotated articles, the same way for every reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from reportedly.annotation.reader.decisions import GRID, choose_rules, f1, smoothed
from reportedly.annotation.reader.labels import YES_NO
from reportedly.annotation.reader.learning.articles import ReaderArticle
from reportedly.annotation.reader.learning.judged import judged
from reportedly.annotation.reader.pair import Reader
from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.corpora.gold import GoldArticle, carry
from reportedly.datamodel import Document, Segmented
from reportedly.reading.furniture import find_furniture
from reportedly.reading.headlines import without_headline
from reportedly.reading.segmentation import segment


class Thresholds(NamedTuple):
    """The least probability at which a sentence counts as reporting somebody's words, and as page furniture."""

    reports: float
    furniture: float


_ReadBody = tuple[GoldArticle, Segmented, Reading]
"""An annotated article, its text as the detectors read it, and its reading."""


def reader_thresholds(
    reader: Reader,
    held: Sequence[ReaderArticle],
    gold: Sequence[GoldArticle],
    own: Sequence[GoldArticle],
) -> Thresholds:
    """Return the thresholds of a reader.

    `held` are annotated articles that did not train it, `gold` the same with their annotation by sentence; both
    thresholds are chosen on them. `own` articles, of the project's own corpus, have more furniture and help to
    choose its threshold.
    """
    bodies = _read_bodies(reader, gold)
    readings = {article.id: reading for article, _, reading in bodies}
    told = [a for a in held if a.id in readings]
    rules = choose_rules(*judged(told, [body for _, body, _ in bodies], readings), ("sentence",))
    sets = [bodies, _read_bodies(reader, own)]
    return Thresholds(rules["attributed"].least, furniture_threshold([s for s in sets if s]))


def furniture_threshold(sets: Sequence[Sequence[_ReadBody]]) -> float:
    """Return the threshold for page furniture: the one with the best mean F1 over sets of annotated articles.

    Sentences that the rules call furniture are furniture whatever their probability.
    """
    column, scores = YES_NO.index("furniture"), []
    for articles in sets:
        likely = np.concatenate([reading.answers[:, column] for _, _, reading in articles])
        ruled = np.array([s.furniture for _, body, _ in articles for s in body.sentences])
        carried = [carry(a, [s.span for s in body.sentences])[0] for a, body, _ in articles]
        truth = np.array([s.furniture for article in carried for s in article.sentences])
        scores.append([f1(truth, (likely >= least) | ruled) for least in GRID])
    return float(GRID[int(smoothed(np.mean(scores, axis=0)).argmax())])


def read_body(document: Document) -> Segmented:
    """Return a document as the detectors read it."""
    return without_headline(segment(document, find_furniture))


def read_each(reader: Reader, documents: Sequence[Segmented]) -> Iterator[Reading]:
    """Yield the reading of each document by a reader."""
    for low in range(0, len(documents), 16):
        yield from reader.read(DocBatch.of(*documents[low : low + 16])).readings


def _read_bodies(reader: Reader, articles: Sequence[GoldArticle]) -> list[_ReadBody]:
    """Return annotated articles as a reader reads them; those without sentences are left out."""
    told = [(a, body) for a in articles if (body := read_body(a.document)).sentences]
    readings = read_each(reader, [body for _, body in told])
    return [(a, body, reading) for (a, body), reading in zip(told, readings, strict=True)]
