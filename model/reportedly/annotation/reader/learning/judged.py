"""Pair readings of annotated articles with their annotation, to choose decision rules and to measure them.

A document may be split into sentences differently from its annotation: of the sentences that overlap an annotated
one, the most probable answer counts.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from reportedly.annotation.reader.labels import POINTER_REACH, YES_NO, sentence_labels
from reportedly.annotation.reader.learning.articles import ReaderArticle, pointer_bits
from reportedly.annotation.reader.reading import BY_SENTENCE, BY_TOKEN, Reading
from reportedly.datamodel import Segmented
from reportedly.datamodel.arrays import Arrays, Ints


def judged(
    articles: Sequence[ReaderArticle],
    documents: Sequence[Segmented],
    readings: Mapping[str, Reading],
) -> tuple[Arrays, Arrays]:
    """Return the annotation of `articles` and their readings, as :mod:`reportedly.annotation.reader.decisions` expects them."""
    given: list[Arrays] = []
    found: list[Arrays] = []
    for article, document in zip(articles, documents, strict=True):
        of = _sentences_of(article, document)
        given.append(_annotated(article, document))
        found.append(_found(readings[article.id], of, given[-1]))
    packed = {n: np.concatenate([one[n] for one in given]) for n in given[0]}
    lengths = packed.pop("lengths")
    packed["sentence_pieces"] = np.r_[0, np.cumsum(lengths)]
    return packed, {n: np.concatenate([one[n] for one in found]) for n in found[0]}


def _sentences_of(article: ReaderArticle, document: Segmented) -> list[range]:
    """Return the sentences of the document that overlap each annotated one."""
    ends, starts = [s.end for s in document.sentences], [s.start for s in document.sentences]
    return [
        range(bisect_left(ends, a + 1), max(bisect_left(ends, a + 1), bisect_left(starts, b)))
        for a, b in article.sentences
    ]


def _annotated(article: ReaderArticle, document: Segmented) -> Arrays:
    """Return the annotation of an article; its pieces are the tokens that begin in each annotated sentence."""
    targets = sentence_labels(article.records or ())
    ranges = _token_ranges(article, document)
    return {
        "answers": np.array([t.answers for t in targets], np.int8).reshape(-1, len(YES_NO)),
        "support": np.array([t.support for t in targets], np.int16),
        "pointer": np.array([pointer_bits(n, t) for n, t in enumerate(targets)], np.int32),
        "lengths": ranges[:, 1] - ranges[:, 0],
        "tokens": np.concatenate([np.arange(a, b) for a, b in ranges] or [np.zeros(0, np.int64)]),
    }


def _token_ranges(article: ReaderArticle, document: Segmented) -> Ints:
    """Return the tokens ``[first, last)`` that begin in each annotated sentence, ``(sentences, 2)``."""
    edges = np.array(article.sentences, np.int64).reshape(-1, 2)
    ranges: Ints = np.searchsorted(np.array(document.tokens.starts), edges)
    return ranges


def _found(reading: Reading, of: Sequence[range], given: Arrays) -> Arrays:
    """Return the reader's probabilities on annotated sentences."""
    rows: dict[str, list[Any]] = {name: [] for name in BY_SENTENCE}
    best = [_best(places, reading) for places in of]
    annotated_at = {place: n for n, place in reversed(list(enumerate(best))) if place is not None}
    for number, (places, place) in enumerate(zip(of, best, strict=True)):
        if place is None:
            for name in BY_SENTENCE:
                rows[name].append(np.zeros(getattr(reading, name).shape[1], np.float32))
            continue
        rows["answers"].append(reading.answers[list(places)].max(axis=0))
        rows["support"].append(reading.support[place])
        rows["pointer"].append(_pointer(reading, place, number, annotated_at))
    found: Arrays = {name: np.array(rows[name], np.float32) for name in BY_SENTENCE}
    for name in BY_TOKEN:
        found[name] = getattr(reading, name)[given["tokens"]]
    return found


def _best(places: range, reading: Reading) -> int | None:
    """Return the sentence that is most likely a claim."""
    if not places:
        return None
    column = YES_NO.index("checkworthy")
    return max(places, key=lambda place: float(reading.answers[place, column]))


def _pointer(reading: Reading, place: int, number: int, annotated_at: Mapping[int, int]) -> Any:  # noqa: ANN401
    """Return the pointer of a sentence in terms of annotated sentences."""
    row = reading.pointer[place]
    moved = np.zeros_like(row)
    moved[-2:] = row[-2:]
    for column, chance in enumerate(row[:-2].tolist()):
        other = annotated_at.get(place + column - POINTER_REACH)
        if other is None:
            continue
        shift = other - number + POINTER_REACH
        if 0 <= shift < len(row) - 2:
            moved[shift] = max(moved[shift], chance)
        else:
            moved[-1] += chance
    return moved
