"""A batch of documents: the places of their tokens and sentences, as arrays that the detectors read together.

A detector consists of some hundred array operations, and on one article most of the cost is in calling them. So
the detectors read any number of documents together; a single one is a batch of one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from reportedly.annotation.tokens.vocabulary import TokenIds, token_ids_each
from reportedly.datamodel import Segmented, Span
from reportedly.datamodel.arrays import Bools, Ints

_Scalar = TypeVar("_Scalar", bound=np.generic)


@dataclass(frozen=True)
class DocBatch:
    """Documents with sentences; their tokens and sentences are numbered across the batch.

    `tokens` and `sentences` are the number of each document's first token and sentence, and the total;
    `bases` is added to a document's offsets, so that they do not overlap. By token: the `words`, the offset where it
    `starts`, its `sentence`. By sentence: its `document`, its tokens ``[first, last)``, its `paragraph` in
    the document, and whether it is the `opening` or `closing` sentence of the paragraph, or `furniture`.
    """

    documents: tuple[Segmented, ...]
    tokens: list[int]
    sentences: list[int]
    bases: Ints
    words: TokenIds
    starts: Ints
    sentence: Ints
    document: Ints
    first: Ints
    last: Ints
    paragraph: Ints
    opening: Bools
    closing: Bools
    furniture: Bools

    @classmethod
    def of(cls, *documents: Segmented) -> DocBatch:
        """Return the batch of `documents`, all of which must have sentences."""
        tokens = [0, *accumulate(len(d.tokens) for d in documents)]
        sentences = [0, *accumulate(len(d.sentences) for d in documents)]
        bases = np.array([0, *accumulate(len(d.text) + 1 for d in documents)], np.int64)[:-1]
        document = np.repeat(np.arange(len(documents)), np.diff(sentences))
        parts = np.array(
            [(s.first, s.last, s.paragraph, s.furniture) for d in documents for s in d.sentences],
            np.int64,
        ).reshape(-1, 4)
        shift = np.array(tokens)[document]
        first, last, paragraph = parts[:, 0] + shift, parts[:, 1] + shift, parts[:, 2]
        opening, closing = np.ones((2, len(first)), np.bool_)
        opening[1:] = (paragraph[1:] != paragraph[:-1]) | (document[1:] != document[:-1])
        closing[:-1] = opening[1:]
        words = token_ids_each([d.tokens.forms for d in documents])
        starts = np.fromiter(chain.from_iterable(d.tokens.starts for d in documents), np.int64)
        return cls(
            documents,
            tokens,
            sentences,
            bases,
            TokenIds(words[0].known, np.concatenate([own.numbers for own in words])),
            starts + np.repeat(bases, np.diff(tokens)),
            np.repeat(np.arange(len(first)), last - first),
            document,
            first,
            last,
            paragraph,
            opening,
            closing,
            parts[:, 3] > 0,
        )

    def each(self) -> Iterator[TokenIds]:
        """Yield the words of each document."""
        for first, last in pairwise(self.tokens):
            yield self.words[first:last]

    @cached_property
    def quoted(self) -> Bools:
        """Which tokens are within quotation marks, including the marks."""
        return self.cover([[q.span for q in d.quotations] for d in self.documents])

    def cover(self, spans: Sequence[Iterable[Span]]) -> Bools:
        """Return which tokens begin inside any of `spans`; `spans` has one list per document."""
        edges = np.zeros(len(self.starts) + 1, np.int64)
        listed = [[(s.start, s.end) for s in own] for own in spans]
        bounds = np.array(list(chain.from_iterable(listed)), np.int64).reshape(-1, 2)
        bounds += np.repeat(self.bases, list(map(len, listed)))[:, None]
        places = np.searchsorted(self.starts, bounds)
        np.add.at(edges, places[:, 0], 1)
        np.add.at(edges, places[:, 1], -1)
        inside: Bools = np.cumsum(edges[:-1]) > 0
        return inside

    @cached_property
    def begin(self) -> Ints:
        """The first sentence of the document of each sentence."""
        return np.array(self.sentences)[self.document]

    @cached_property
    def end(self) -> Ints:
        """One more than the last sentence of the document of each sentence."""
        return np.array(self.sentences)[self.document + 1]

    @cached_property
    def number(self) -> Ints:
        """The number of each sentence in its document."""
        return np.arange(len(self.first)) - self.begin


def neighbours(rows: NDArray[_Scalar], by: int, document: Ints | None = None) -> NDArray[_Scalar]:
    """Return for each row the row `by` places on, or 0 if there is none in the same `document`."""
    moved = np.zeros_like(rows)
    if abs(by) >= len(rows):
        return moved
    here, there = (
        (slice(None, -by), slice(by, None)) if by > 0 else (slice(-by, None), slice(None, by))
    )
    moved[here] = rows[there]
    if document is not None:
        moved[here][document[here] != document[there]] = 0
    return moved
