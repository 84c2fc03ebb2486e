"""A small dilated convolution with a linear-chain CRF: the tagger.

Each token starts as the sum of rows for its form (a row per word, combined from word vectors, affixes
and word classes, plus a row for its shape) and rows for its place (a row per value of each column,
see :mod:`reportedly.annotation.attribution.detect`). A few residual convolutions of growing dilation combine these over
neighbouring tokens, across sentence ends (Strubell et al. 2017, Fast and accurate entity recognition
with iterated dilated convolutions, EMNLP); a CRF over the labels of a sentence decides.

Inference is NumPy: a layer is one matrix product over the tokens of a document. Training uses PyTorch,
see :mod:`reportedly.annotation.reader.learning.words`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reportedly.annotation.tokens.spelling import normal, shape
from reportedly.annotation.tokens.token_features import Places
from reportedly.annotation.tokens.vocabulary import TokenIds, WordCache
from reportedly.datamodel.arrays import Floats32, Ints, arrays_under
from reportedly.errors import InvalidBundle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


AFFIXES: dict[str, Callable[[str], str]] = {
    "suffix3": lambda word: word[-3:],
    "suffix2": lambda word: word[-2:],
    "prefix3": lambda word: word[:3],
}
"""The word whose row is used for unknown words."""

_BLOCK = 2048
"""Tokens read together: 2 MB of windows."""

_TABLE = 2048
"""The most rows of a joint table of columns' values: 640 kB."""


@dataclass(frozen=True)
class Labelled:
    """A training document: `columns` ``(n, columns)``, one label id per token."""

    forms: Sequence[str]
    columns: Places
    sequences: Sequence[tuple[int, int]]
    labels: Ints
    weight: float = 1.0


@dataclass(frozen=True)
class NetworkSettings:
    """Size of a network, and dropout in training."""

    width: int = 64
    dilations: tuple[int, ...] = (1, 2, 4, 8, 16)
    dropout: float = 0.4
    input_dropout: float = 0.3
    vector_dropout: float = 0.1
    word_dropout: float = 0.2


@dataclass(frozen=True)
class Words:
    """Pretrained vectors and classes of words.

    `vectors` holds a row per word of `vector_words`; `classes` gives small integers per word (a
    value of 0 means none), each a feature; all words are normalised by :func:`reportedly.annotation.tokens.spelling.normal`.
    """

    vector_words: Sequence[str]
    vectors: Floats32
    classes: Mapping[str, tuple[int, ...]]
    class_sizes: tuple[int, ...]


class Network:
    """A trained network: word forms and columns in, label scores out.

    Parameters
    ----------
    labels
        Names of the labels, in the order of their ids.
    words, rows, classes
        Known words, their input rows ``(words, width)`` and their classes ``(words, kinds)``.
    affixes
        Affix name → (values, rows); row 0 is for unlisted values.
    shapes
        (values, rows), as for affixes.
    column_sizes
        How many values each column has.
    parameters
        ``C`` (rows of all column values), ``W0``, ``b0``, …, ``Wo``, ``bo``, ``T`` (transitions).
    dilations
        One number per layer.
    """

    def __init__(
        self,
        labels: Sequence[str],
        words: Sequence[str],
        rows: Floats32,
        classes: NDArray[np.uint8],
        affixes: Mapping[str, tuple[Sequence[str], Floats32]],
        shapes: tuple[Sequence[str], Floats32],
        column_sizes: Sequence[int],
        parameters: Mapping[str, NDArray[Any]],
        dilations: Sequence[int],
    ) -> None:
        self.labels = tuple(labels)
        self.transitions: Floats32 = parameters["T"].astype(np.float32)
        self._words = {word: i for i, word in enumerate(words)}
        self._word_rows = rows
        self._word_classes = classes
        self._affixes = {
            name: ({value: i for i, value in enumerate(values, 1)}, table)
            for name, (values, table) in affixes.items()
        }
        self._shapes = {value: i for i, value in enumerate(shapes[0], 1)}
        self._shape_rows = shapes[1]
        self._sizes = np.array(column_sizes, np.int64)
        self._starts = np.r_[0, np.cumsum(self._sizes)]
        self._parameters = {k: v.astype(np.float32) for k, v in parameters.items()}
        layers = [f"{letter}{i}" for i in range(len(dilations)) for letter in "Wb"]
        for name in ("C", "Wo", "bo", *layers):
            self._parameters[name]
        self._dilations = tuple(dilations)
        self._steps, self._tables = _joint_tables(self._parameters["C"], self._sizes)
        self._layers = [
            (*np.split(self._parameters[f"W{i}"], 3), self._parameters[f"b{i}"])
            for i in range(len(dilations))
        ]
        self._outer = np.concatenate(np.split(self._parameters["Wo"], 3), axis=1)
        self._form_rows = WordCache(self._rows_of)
        self._form_classes = WordCache(self._classes_of)

    @property
    def width(self) -> int:
        """Numbers of a word's state."""
        return int(self._word_rows.shape[1])

    def classes(self, words: TokenIds) -> NDArray[np.uint8]:
        """Return the classes of the words, ``(n, kinds)``."""
        return self._form_classes.of(words)

    def read(
        self, words: TokenIds, columns: Places, edges: Sequence[int] | None = None
    ) -> Iterator[tuple[slice, Floats32, Floats32]]:
        """Yield ranges of tokens, in order, with their scores for every label and their last states, ``(n, …)``.

        `columns` has one small integer per token and column, ``(n, columns)``; `edges` are the starts of
        the documents, and the end. Between documents there are rows of zeros, as many as a layer
        spans. A range is read with as many tokens on either side as influence a state, so its answers are
        the same as for the whole document, in the memory of a range.
        """
        edges = edges or (0, len(words))
        margin, sight = max(self._dilations), sum(self._dilations) + 1
        place = np.arange(len(words)) + np.repeat(
            margin * np.arange(len(edges) - 1), np.diff(edges)
        )
        count = len(words) + margin * (len(edges) - 2)
        for low in range(0, count, _BLOCK):
            high = min(low + _BLOCK, count)
            left, right = max(low - sight, 0), min(high + sight, count)
            seen, read = (
                slice(*np.searchsorted(place, bounds)) for bounds in ((left, right), (low, high))
            )
            given = np.zeros((right - left, self._word_rows.shape[1]), np.float32)
            apart = np.ones(right - left, np.bool_)
            rows = place[seen] - left
            given[rows] = self._inputs(words[seen], columns[seen])
            apart[rows] = False
            states = self._states(given, np.flatnonzero(apart))
            inner = place[read] - left
            yield read, self._outputs(states).take(inner, axis=0), states.take(inner, axis=0)

    def _inputs(self, words: TokenIds, columns: Places) -> Floats32:
        """Return each token's first state: the rows of its form and of its columns' values, summed."""
        rows: Floats32 = self._form_rows.of(words)
        values = np.minimum(columns, self._sizes - 1).astype(np.float32)
        places = (values @ self._steps).astype(np.intp)  # whole numbers below 2**24: exact
        for number, table in enumerate(self._tables):
            rows += table.take(places[:, number], axis=0)
        return rows

    def _states(self, given: Floats32, apart: Ints) -> Floats32:
        """Return each row's last state: `given` after all layers; the rows between documents (`apart`) stay zero."""
        count, margin = len(given), max(self._dilations)
        rows = np.zeros((count + 2 * margin, given.shape[1]), np.float32)
        here = rows[margin : margin + count]
        here[:] = given
        update, part = np.empty_like(given), np.empty_like(given)
        nothing = np.zeros_like(given)  # an array: a plain 0 takes three times as long
        for (before, own, after, bias), dilation in zip(self._layers, self._dilations, strict=True):
            np.matmul(here, own, out=update)
            for weights, first in ((before, margin - dilation), (after, margin + dilation)):
                update += np.matmul(rows[first : first + count], weights, out=part)
            update += bias
            np.maximum(update, nothing, out=update)
            update[apart] = 0
            here += update
        return here

    def _outputs(self, states: Floats32) -> Floats32:
        """Return the label scores of each token from its state and those of its two neighbours."""
        count = len(self.labels)
        parts = states @ self._outer
        scores: Floats32 = parts[:, count : 2 * count] + self._parameters["bo"]
        scores[1:] += parts[:-1, :count]
        scores[:-1] += parts[1:, 2 * count :]
        return scores

    def _rows_of(self, forms: Sequence[str]) -> Floats32:
        """Return the input rows of word forms, ``(forms, width)``."""
        rows: Floats32 = self._shape_rows[[self._shapes.get(shape(form), 0) for form in forms]]
        words = list(map(normal, forms))
        known = np.array([self._words.get(word, -1) for word in words], np.int64)
        rows[known >= 0] += self._word_rows[known[known >= 0]]
        unknown = np.flatnonzero(known < 0)
        for name, (values, table) in self._affixes.items():
            affixes = [AFFIXES[name](words[place]) for place in unknown.tolist()]
            rows[unknown] += table[[values.get(affix, 0) for affix in affixes]]
        return rows

    def _classes_of(self, forms: Sequence[str]) -> NDArray[np.uint8]:
        """Return the classes of word forms, ``(forms, kinds)``; 0 for unknown words."""
        known = [self._words.get(normal(form), -1) for form in forms]
        classes = self._word_classes[known]
        classes[np.array(known, np.int64) < 0] = 0
        return classes

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the network as plain arrays, word rows rounded to 8 bits."""
        head = {
            "labels": self.labels,
            "words": list(self._words),
            "affixes": {name: list(values) for name, (values, _) in self._affixes.items()},
            "shapes": list(self._shapes),
            "sizes": self._sizes.tolist(),
            "dilations": self._dilations,
        }
        scale = np.abs(self._word_rows).max(axis=1, keepdims=True) / 127 + 1e-9
        arrays: dict[str, NDArray[Any]] = {
            "head": np.frombuffer(json.dumps(head, ensure_ascii=False).encode(), np.uint8),
            "rows": np.rint(self._word_rows / scale).astype(np.int8),
            "scale": scale.astype(np.float32),
            "classes": self._word_classes,
            "shape_rows": self._shape_rows.astype(np.float16),
        }
        for name, (_, table) in self._affixes.items():
            arrays[f"affix_{name}"] = table.astype(np.float16)
        for name, weights in self._parameters.items():
            arrays[f"p_{name}"] = weights.astype(np.float16 if name != "T" else np.float32)
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Network:
        """Return the network from the arrays of :meth:`to_arrays`.

        Raises
        ------
        InvalidBundle
            If an array is missing or malformed.
        """
        try:
            head = json.loads(arrays["head"].tobytes())
            return cls(
                head["labels"],
                head["words"],
                arrays["rows"].astype(np.float32) * arrays["scale"],
                arrays["classes"],
                {
                    name: (values, arrays[f"affix_{name}"].astype(np.float32))
                    for name, values in head["affixes"].items()
                },
                (head["shapes"], arrays["shape_rows"].astype(np.float32)),
                head["sizes"],
                arrays_under("p_", arrays),
                head["dilations"],
            )
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise InvalidBundle(
                f"The network's arrays are incomplete or malformed ({error}): train it again."
            ) from error


def indicators(columns: Ints, sizes: Ints, starts: Ints, more: int = 0) -> Floats32:
    """Return the columns' values as indicator rows of shape ``(n, values of all columns + more)``.

    A value not seen in training counts as the column's greatest; there is room for `more` columns of
    another kind, filled with 0.
    """
    indicator = np.zeros((len(columns), int(starts[-1]) + more), np.float32)
    places = np.minimum(columns, sizes - 1) + starts[:-1]
    places += (np.arange(len(columns)) * indicator.shape[1])[:, None]
    indicator.ravel()[places.ravel()] = 1
    return indicator


def _joint_tables(rows: Floats32, sizes: Ints) -> tuple[Floats32, list[Floats32]]:
    """Return tables of the summed rows of neighbouring columns, one row per combination of their values.

    One look-up for several columns is cheaper than one each, or than the product with their indicators.
    The steps to index them are returned as well: ``columns @ steps`` is the row in every table.
    """
    parts = np.split(rows, np.cumsum(sizes)[:-1])
    tables = [np.zeros((1, rows.shape[1]), np.float32)]
    steps = np.zeros((len(sizes), len(sizes)), np.float32)
    for number, part in enumerate(parts):
        if len(tables[-1]) * len(part) > _TABLE:
            tables.append(np.zeros((1, rows.shape[1]), np.float32))
        steps[:, len(tables) - 1] *= len(part)
        steps[number, len(tables) - 1] = 1
        tables[-1] = (tables[-1][:, None] + part).reshape(-1, rows.shape[1])
    return steps[:, : len(tables)], tables
