"""A small dilated convolution under a linear-chain CRF: the tagger where context decides.

Each token starts as the sum of what its form says (a row per word, fused from word vectors, affixes
and word classes, plus a row for its shape) and what its place says (a row per value of each column,
see :mod:`reportedly.attribution`). A few residual convolutions of growing dilation spread that over
the neighbourhood, across sentence ends (Strubell et al. 2017, Fast and accurate entity recognition
with iterated dilated convolutions, EMNLP); a CRF over the labels of a sentence has the last word.

Inference is NumPy: a layer is one matrix product over the tokens of a document. Training is PyTorch's,
see :mod:`reportedly.network_training`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reportedly.errors import InvalidBundle
from reportedly.tagger import Forms, normal, shape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

_CACHE_LIMIT = 100_000
"""Word forms kept before the cache starts anew: about 30 MB."""

AFFIXES: dict[str, Callable[[str], str]] = {
    "suffix3": lambda word: word[-3:],
    "suffix2": lambda word: word[-2:],
    "prefix3": lambda word: word[:3],
}
"""What is known of a word that nothing else is known of."""

_BLOCK = 2048
"""Tokens that are read at once: 2 MB of windows."""

_TABLE = 2048
"""Rows of a table of columns' values, at most: 640 kB."""


@dataclass(frozen=True)
class Labelled:
    """A document to learn from: `columns` ``(n, columns)``, one label id a token."""

    forms: Sequence[str]
    columns: Ints
    sequences: Sequence[tuple[int, int]]
    labels: Ints
    weight: float = 1.0


@dataclass(frozen=True)
class Unlabelled:
    """A text without labels to learn from: its word forms and columns ``(n, columns)``."""

    forms: Sequence[str]
    columns: Ints


@dataclass(frozen=True)
class Settings:
    """Size and training of a network; the defaults are those of the shipped attribution model.

    `runs` trainings from the same start, each in another order, are averaged (Wortsman et al. 2022,
    Model soups, ICML). `hidden_words` is the number of words that pretraining tells apart, `hidden` the share of tokens
    hidden from it, `pretraining_tokens` the size of its batches.
    """

    width: int = 64
    dilations: tuple[int, ...] = (1, 2, 4, 8, 16)
    runs: int = 2
    epochs: int = 14
    batch: int = 6
    rate: float = 2e-3
    decay: float = 1e-2
    dropout: float = 0.4
    input_dropout: float = 0.3
    vector_dropout: float = 0.1
    word_dropout: float = 0.2
    hidden_words: int = 8000
    hidden: float = 0.15
    pretraining_tokens: int = 8000
    seed: int = 0


@dataclass(frozen=True)
class Words:
    """What is known of words before training.

    `vectors` holds a row per word of `vector_words`; `classes` gives small integers per word (a
    value of 0 is none), each a feature; all words are spelt as :func:`reportedly.tagger.normal` does.
    """

    vector_words: Sequence[str]
    vectors: Floats
    classes: Mapping[str, tuple[int, ...]]
    class_sizes: tuple[int, ...]


class Network:
    """A trained network: give it forms and columns, it gives label scores.

    Parameters
    ----------
    labels
        Names of the labels, in the order of their ids.
    words, rows, classes
        Known words, their input rows ``(words, width)`` and their classes ``(words, kinds)``.
    affixes
        Affix name → (values, rows); row 0 is for a value that is not listed.
    shapes
        (values, rows), the same way.
    column_sizes
        How many values each column has.
    parameters
        ``C`` (rows of all column values), ``W0``, ``b0``, …, ``Wo``, ``bo``, ``T`` (transitions).
    dilations
        One number a layer.
    """

    def __init__(
        self,
        labels: Sequence[str],
        words: Sequence[str],
        rows: Floats,
        classes: NDArray[np.uint8],
        affixes: Mapping[str, tuple[Sequence[str], Floats]],
        shapes: tuple[Sequence[str], Floats],
        column_sizes: Sequence[int],
        parameters: Mapping[str, NDArray[Any]],
        dilations: Sequence[int],
    ) -> None:
        self.labels = tuple(labels)
        self.transitions: Floats = parameters["T"].astype(np.float32)
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
            np.concatenate(
                [self._parameters[f"W{i}"].T, self._parameters[f"b{i}"][:, None]], axis=1
            )
            for i in range(len(dilations))
        ]
        self._outer = np.concatenate(np.split(self._parameters["Wo"], 3), axis=1)
        self._forget()

    def types(self, forms: Sequence[str]) -> Ints:
        """Return the cache row of every word form, ``(n,)``; new forms are added."""
        if len(self._types) > _CACHE_LIMIT:
            self._forget()
        types = self._types.numbers(forms)
        if self._types.fresh:
            self._learn(self._types.fresh)
        return types

    def classes(self, types: Ints) -> NDArray[np.uint8]:
        """Return the classes of the words in the cache rows `types`, ``(n, kinds)``."""
        return self._type_classes.take(types, axis=0)

    def scores(self, types: Ints, columns: Ints) -> Floats:
        """Return the score of every label for every token, ``(n, labels)``.

        `columns` holds one small integer a token and column, ``(n, columns)``.
        """
        return self.read(types, columns)[0]

    def read(self, types: Ints, columns: Ints) -> tuple[Floats, Floats, Floats]:
        """Return what :meth:`scores` gives, and each token's first and last state ``(n, width)``.

        A long text is read in blocks that overlap as far as a state sees, so that the work stays in
        the processor's cache; the blocks' inner parts are what the whole would give.
        """
        count, width = len(types), self._word_rows.shape[1]
        scores = np.empty((count, len(self.labels)), np.float32)
        first, last = (np.empty((count, width), np.float32) for _ in range(2))
        sight = sum(self._dilations) + 1
        for low in range(0, count, _BLOCK):
            high = min(low + _BLOCK, count)
            left, right = max(low - sight, 0), min(high + sight, count)
            inner = slice(low - left, high - left)
            given = self._inputs(types[left:right], columns[left:right])
            states = self._states(given)
            scores[low:high] = self._outputs(states)[inner]
            first[low:high], last[low:high] = given[inner], states[inner]
        return scores, first, last

    def _inputs(self, types: Ints, columns: Ints) -> Floats:
        """Return each token's first state: the rows of its form and of its columns' values, summed."""
        rows = self._type_rows.take(types, axis=0)
        values = np.minimum(columns, self._sizes - 1).astype(np.float32)
        places = (values @ self._steps).astype(np.intp)  # whole numbers below 2**24: exact
        for number, table in enumerate(self._tables):
            rows += table.take(places[:, number], axis=0)
        return rows

    def _states(self, given: Floats) -> Floats:
        """Return each token's last state: `given` after all layers."""
        count, width = given.shape
        window = np.ones((3 * width + 1, count), np.float32)  # before, here, after, 1 for the bias
        before, here, after = (window[i * width : (i + 1) * width] for i in range(3))
        here[:] = given.T  # a column a token: shifting is then copying long rows
        update = np.empty_like(here)
        for weights, dilation in zip(self._layers, self._dilations, strict=True):
            before[:, :dilation] = 0
            before[:, dilation:] = here[:, :-dilation]
            after[:, -dilation:] = 0
            after[:, :-dilation] = here[:, dilation:]
            np.matmul(weights, window, out=update)
            np.maximum(update, 0, out=update)
            here += update
        return here.T

    def _outputs(self, states: Floats) -> Floats:
        """Return the label scores of each token from its state and those of its two neighbours."""
        count = len(self.labels)
        parts = states @ self._outer
        scores: Floats = parts[:, count : 2 * count] + self._parameters["bo"]
        scores[1:] += parts[:-1, :count]
        scores[:-1] += parts[1:, 2 * count :]
        return scores

    def _forget(self) -> None:
        """Empty the cache of word forms."""
        self._types = Forms()
        self._type_rows = np.zeros((4096, self._word_rows.shape[1]), np.float32)
        self._type_classes = np.zeros((4096, self._word_classes.shape[1]), np.uint8)

    def _learn(self, forms: Sequence[str]) -> None:
        """Add the rows of `forms`, the last that were numbered, to the cache; room doubles."""
        needed = len(self._types)
        if needed > len(self._type_rows):
            room = max(2 * needed, 4096) - len(self._type_rows)
            self._type_rows = np.pad(self._type_rows, ((0, room), (0, 0)))
            self._type_classes = np.pad(self._type_classes, ((0, room), (0, 0)))
        for place, form in enumerate(forms, needed - len(forms)):
            word = normal(form)
            known = self._words.get(word)
            row = self._shape_rows[self._shapes.get(shape(form), 0)].copy()
            if known is not None:
                row += self._word_rows[known]
                self._type_classes[place] = self._word_classes[known]
            else:
                for name, (values, table) in self._affixes.items():
                    row += table[values.get(AFFIXES[name](word), 0)]
            self._type_rows[place] = row

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
        """Return the network that :meth:`to_arrays` gave.

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
                {name[2:]: array for name, array in arrays.items() if name.startswith("p_")},
                head["dilations"],
            )
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise InvalidBundle(
                f"The network's arrays are incomplete or malformed ({error}): train it anew."
            ) from error


def indicators(columns: Ints, sizes: Ints, starts: Ints) -> Floats:
    """Return the columns' values as indicator rows ``(n, values of all columns)``.

    A value that training did not see counts as the column's greatest.
    """
    indicator = np.zeros((len(columns), int(starts[-1])), np.float32)
    places = np.minimum(columns, sizes - 1) + starts[:-1]
    places += (np.arange(len(columns)) * indicator.shape[1])[:, None]
    indicator.ravel()[places.ravel()] = 1
    return indicator


def _joint_tables(rows: Floats, sizes: Ints) -> tuple[Floats, list[Floats]]:
    """Return tables of the summed rows of neighbouring columns, one row a combination of their values.

    One look-up for a few columns at once is cheaper than one each, or the product with their indicators.
    With them come the steps that lead there: ``columns @ steps`` is the row of every table.
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
