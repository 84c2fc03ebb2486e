"""The student: a network that reads a batch of articles once and answers every question of the reader.

Words are read by the dilated convolution of :mod:`reportedly.annotation.tokens.network`. The maximum and the mean of
the states of a sentence make its vector; a few more convolutions over sentence vectors let a sentence see its
neighbours. Questions about sentences are answered from there, questions about words from the states of words and of
their sentence. The teacher trained it (:mod:`reportedly.annotation.reader.learning`); inference is NumPy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportedly.annotation.reader.labels import (
    HEDGES,
    NINE_SUPPORTS,
    POINTER_REACH,
    TAGS,
    WORDS,
    YES_NO,
)
from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.tokens.doc_batch import DocBatch, neighbours
from reportedly.annotation.tokens.network import Network
from reportedly.annotation.tokens.token_features import KIND, PLACE, Places, token_features
from reportedly.annotation.tokens.word_features import logistic
from reportedly.datamodel.arrays import Arrays, Floats, Floats32, Ints, arrays_under
from reportedly.errors import InvalidBundle

TOKEN_HEADS: Mapping[str, slice] = {
    "tags": slice(0, len(TAGS)),
    "words": slice(len(TAGS), len(TAGS) + len(WORDS)),
    "hedges": slice(len(TAGS) + len(WORDS), len(TAGS) + len(WORDS) + len(HEDGES)),
    "voice": slice(len(TAGS) + len(WORDS) + len(HEDGES), len(TAGS) + len(WORDS) + len(HEDGES) + 1),
}
"""The columns of each head among the scores of a word."""

TOKEN_SCORES = TOKEN_HEADS["voice"].stop
_SLICE, _SENTENCES = 1 << 16, 1 << 12
"""How many words' probabilities, and how many sentences' vectors, are computed at once."""

POINTERS = 2 * POINTER_REACH + 3
"""Answers of the pointer head: a sentence within reach, none, a farther one."""

SENTENCE_DILATIONS = (1, 2, 4)
SENTENCE_FEATURES = 18


def sentence_features(layout: DocBatch, place: Places) -> Floats32:
    """Return features of the position and layout of each sentence, ``(sentences, SENTENCE_FEATURES)``.

    They are: page furniture by rule; paragraph edges; position from either end of the article; length; the quoted
    share; and whether the sentence begins and ends in a quotation.
    """
    number, left = layout.number, layout.end - layout.begin - 1 - layout.number
    size = (layout.last - layout.first).astype(np.float32)
    quoted = place[:, PLACE["quote"]] > 0
    share = np.add.reduceat(quoted.astype(np.float32), layout.first) / size
    columns = [
        layout.furniture, layout.opening, layout.closing, *(number == n for n in range(4)),
        *(left == n for n in range(3)), np.minimum(number, 40) / 40, np.minimum(left, 40) / 40,
        np.log(size) / 3, share, share > 0.95, quoted[layout.first], quoted[layout.last - 1],
        size < 4,
    ]  # fmt: skip
    return np.column_stack(columns).astype(np.float32)


@dataclass(frozen=True)
class BatchReading:
    """The student's reading of the documents of `layout`.

    `place` and `kinds` are the columns of the tokens and the kinds of reporting words; `scores` ``(tokens, TAGS)`` are
    those of the tags of words; `readings` are the probabilities, one per document.
    """

    layout: DocBatch
    place: Places
    kinds: Ints
    scores: Floats32
    readings: tuple[Reading, ...]


class Student:
    """A trained student.

    Parameters
    ----------
    network
        Reads words; its labels are the columns of ``TOKEN_HEADS``.
    parameters
        ``A``, ``Ac``, ``a`` (sentence vectors in), ``V0``, ``v0``, … (convolutions over sentences), ``answers``, ``support``,
        ``asks``, ``replies``, ``own`` and their biases ``*_b`` (heads), ``down`` (from sentences to words).
    """

    def __init__(self, network: Network, parameters: Mapping[str, NDArray[Any]]) -> None:
        self.network = network
        self._parameters = {n: np.asarray(w, np.float32) for n, w in parameters.items()}

    @property
    def transitions(self) -> Floats32:
        """How likely one tag of a word follows another, as scores, ``(tags, tags)``."""
        return self.network.transitions

    def read(self, layout: DocBatch) -> BatchReading:
        """Return the student's reading of the documents of `layout`."""
        place, kinds = self.tables(layout)
        scores, vectors = self._words(layout, place)
        context = self._context(vectors, layout, place)
        del vectors  # the most that a text of short sentences takes
        by_sentence = self._sentences(context, layout)
        by_token = _with_context(scores, context @ self._parameters["down"], layout.sentence)
        scores = np.ascontiguousarray(scores[:, TOKEN_HEADS["tags"]])
        readings = tuple(
            Reading(
                **{n: rows[a:b] for n, rows in by_sentence.items()},
                **{n: rows[c:d] for n, rows in by_token.items()},
            )
            for (a, b), (c, d) in zip(
                pairwise(layout.sentences), pairwise(layout.tokens), strict=True
            )
        )
        return BatchReading(layout, place, kinds, scores, readings)

    def tables(self, layout: DocBatch) -> tuple[Places, Ints]:
        """Return the columns of the tokens of `layout` and the kinds of reporting words, which need no reading."""
        classes = self.network.classes(layout.words)
        return token_features(layout, classes), classes[:, KIND].astype(np.int64)

    def _words(self, layout: DocBatch, place: Places) -> tuple[Floats32, Floats]:
        """Return the scores of each word by itself, and each sentence's greatest and mean states.

        The states of a whole text are never in memory at once: those of a sentence are pooled as soon as it is read.
        """
        scores = np.empty((len(layout.words), TOKEN_SCORES), np.float32)
        vectors = np.empty((len(layout.first), 2 * self.network.width))
        waiting: list[Floats32] = []
        done = begun = 0
        for read, own, states in self.network.read(layout.words, place, layout.tokens):
            scores[read] = own
            waiting.append(states)
            ready = int(np.searchsorted(layout.last, read.stop, side="right"))
            if ready > done:
                rows = np.concatenate(waiting)
                first, last = layout.first[done:ready] - begun, layout.last[done:ready] - begun
                vectors[done:ready] = _pooled(rows[: last[-1]], first, last)
                waiting = [rows[last[-1] :].copy()]
                done, begun = ready, begun + int(last[-1])
        return scores, vectors

    def _context(self, vectors: Floats, layout: DocBatch, place: Places) -> Floats32:
        """Return the vector of each sentence in the context of its neighbours, ``(sentences, width)``."""
        features, reach = sentence_features(layout, place), sum(SENTENCE_DILATIONS)
        found = []
        for low in range(0, len(vectors), _SENTENCES):
            first = max(low - reach, 0)
            seen = slice(first, low + _SENTENCES + reach)
            rows = self._beside(vectors[seen], features[seen], layout.document[seen])
            found.append(rows[low - first :][:_SENTENCES])
        return np.concatenate(found)

    def _beside(self, vectors: Floats, features: Floats32, document: Ints) -> Floats32:
        """Return the vectors in context of some of the sentences given, which may be of several documents."""
        p = self._parameters
        given = vectors @ p["A"] + features @ p["Ac"] + p["a"]
        rows: Floats32 = np.maximum(given, 0).astype(np.float32)
        for number, dilation in enumerate(SENTENCE_DILATIONS):
            before, after = (neighbours(rows, by, document) for by in (-dilation, dilation))
            window = np.concatenate([before, rows, after], axis=1)
            rows = rows + np.maximum(window @ p[f"V{number}"] + p[f"v{number}"], 0)
        return rows

    def _sentences(self, context: Floats32, layout: DocBatch) -> Arrays:
        """Return the probabilities of the heads of sentences."""
        p = self._parameters
        asks, replies = context @ p["asks"], context @ p["replies"]
        own = context @ p["own"] + p["own_b"]
        pointer = pointer_scores(asks, replies, own, layout.begin, layout.end)
        return {
            "answers": logistic(context @ p["answers"] + p["answers_b"]),
            "support": softmax(context @ p["support"] + p["support_b"]),
            "pointer": softmax(pointer),
        }

    def to_arrays(self) -> Arrays:
        """Return the student as plain arrays."""
        arrays = {f"network_{n}": a for n, a in self.network.to_arrays().items()}
        arrays |= {f"sentence_{n}": w.astype(np.float16) for n, w in self._parameters.items()}
        questions = "\n".join([*YES_NO, "", *NINE_SUPPORTS]).encode()
        arrays["questions"] = np.frombuffer(questions, np.uint8).copy()
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Student:
        """Return the student from the arrays of :meth:`to_arrays`.

        Raises
        ------
        InvalidBundle
            When it answers other questions than this version asks, or an array is missing.
        """
        asked = "\n".join([*YES_NO, "", *NINE_SUPPORTS]).encode()
        if "questions" not in arrays or arrays["questions"].tobytes() != asked:
            raise InvalidBundle(
                "reader: trained for other questions than this version asks; train it again"
            )
        network = Network.from_arrays(arrays_under("network_", arrays))
        student = cls(network, arrays_under("sentence_", arrays))
        expected = {"A", "Ac", "a", "down", "answers", "support", "asks", "replies", "own"}
        if not expected <= student._parameters.keys() or len(network.labels) != TOKEN_SCORES:
            raise InvalidBundle("reader: incomplete arrays; train it again")
        return student


_NOWHERE = -1e4


def pointer_scores(
    asks: Floats32, replies: Floats32, own: Floats32, begin: Ints | int, end: Ints | int
) -> Floats32:
    """Return for each sentence the scores of the sentences within reach, of none, and of a farther one.

    `own` ``(sentences, POINTERS)`` are the scores by relative position. The product of a sentence's query and another's
    key is added where the other is in ``[begin, end)``, the same article or window; elsewhere the score is very low.
    """
    scores = own.copy()
    here = np.arange(len(own))
    for column, offset in enumerate(range(-POINTER_REACH, POINTER_REACH + 1)):
        other = here + offset
        there = (other >= begin) & (other < end)
        near = np.einsum("ij,ij->i", asks, replies[np.where(there, other, here)])
        near *= asks.shape[1] ** -0.5
        scores[:, column] = np.where(there, scores[:, column] + near, _NOWHERE)
    return scores


def token_names() -> list[str]:
    """Return a name for each column of the scores of a word; the tags come first, under their own names."""
    return [
        *TAGS, *(f"word:{n}" for n in WORDS), *(f"hedge:{n}" for n in HEDGES), "voice:source",
    ]  # fmt: skip


def _pooled(states: Floats32, first: Ints, last: Ints) -> Floats:
    """Return the maximum and the mean of the states of each sentence at rows ``[first, last)``, side by side."""
    means = np.add.reduceat(states, first) / (last - first)[:, None]
    return np.concatenate([np.maximum.reduceat(states, first), means], axis=1)


def _with_context(scores: Floats32, by_sentence: Floats32, sentence: Ints) -> Arrays:
    """Add each sentence's scores to those of its words and return the probabilities, computed in slices of words."""
    found: Arrays = {}
    for low in range(0, len(scores), _SLICE):
        own = scores[low : low + _SLICE]
        own += by_sentence[sentence[low : low + _SLICE]]
        for name, rows in token_probabilities(own).items():
            if name not in found:
                found[name] = np.empty_like(rows, shape=(len(scores), rows.shape[1]))
            found[name][low : low + _SLICE] = rows
    return found


def token_probabilities(scores: Floats32) -> Arrays:
    """Return the probabilities of the heads of words from their scores."""
    found: Arrays = {}
    for name, columns in TOKEN_HEADS.items():
        own = np.ascontiguousarray(scores[:, columns])
        found[name] = softmax(own) if name in {"tags", "hedges"} else logistic(own)
    return found


def softmax(scores: Floats32) -> Floats32:
    """Return the probabilities of each row of scores."""
    columns: Floats32 = np.ascontiguousarray(scores.T)  # NumPy is slow on many short rows
    columns -= columns.max(axis=0)
    np.exp(columns, out=columns)
    columns /= columns.sum(axis=0)
    return columns.T
