"""A small dilated convolution under a linear-chain CRF: the tagger where context decides.

Each token starts as the sum of what its form says (a row per word, fused from word vectors, affixes
and word classes, plus a row for its shape) and what its place says (a row per value of each column,
see :mod:`reportedly.attribution`). A few residual convolutions of growing dilation spread that over
the neighbourhood, across sentence ends (Strubell et al. 2017, Fast and accurate entity recognition
with iterated dilated convolutions, EMNLP); a CRF over the labels of a sentence has the last word.

Training and inference are NumPy: a layer is one matrix product over all tokens of a document.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reportedly.errors import InvalidBundle
from reportedly.tagger import normal, shape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Parameters = dict[str, Floats]

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

_GAP = 40
"""Empty tokens between the documents of a training batch, more than the widest dilation."""


@dataclass(frozen=True)
class Labelled:
    """A document to learn from: `columns` ``(n, columns)``, one label id a token."""

    forms: Sequence[str]
    columns: Ints
    sequences: Sequence[tuple[int, int]]
    labels: Ints
    weight: float = 1.0


@dataclass(frozen=True)
class Settings:
    """Size and training of a network; the defaults are those of the shipped attribution model."""

    width: int = 80
    dilations: tuple[int, ...] = (1, 1, 2, 4, 8, 16)
    epochs: int = 14
    batch: int = 6
    rate: float = 2e-3
    decay: float = 1e-2
    dropout: float = 0.4
    input_dropout: float = 0.3
    vector_dropout: float = 0.1
    word_dropout: float = 0.2
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
        fresh = set(forms).difference(self._types)
        if fresh:
            if len(self._types) + len(fresh) > _CACHE_LIMIT:
                self._forget()
                fresh = set(forms)
            self._learn(sorted(fresh))
        return np.fromiter(map(self._types.__getitem__, forms), np.int64, len(forms))

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
        self._types: dict[str, int] = {}
        self._type_rows = np.zeros((4096, self._word_rows.shape[1]), np.float32)
        self._type_classes = np.zeros((4096, self._word_classes.shape[1]), np.uint8)

    def _learn(self, forms: Sequence[str]) -> None:
        """Add `forms` to the cache; room doubles."""
        first = len(self._types)
        needed = first + len(forms)
        if needed > len(self._type_rows):
            room = max(2 * needed, 4096) - len(self._type_rows)
            self._type_rows = np.pad(self._type_rows, ((0, room), (0, 0)))
            self._type_classes = np.pad(self._type_classes, ((0, room), (0, 0)))
        for place, form in enumerate(forms, first):
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
            self._types[form] = place

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


def _window(hidden: Floats, dilation: int) -> Floats:
    """Return each token's row beside those of the tokens `dilation` before and after it."""
    count, width = hidden.shape
    window = np.zeros((count, 3 * width), np.float32)
    window[dilation:, :width] = hidden[:-dilation]
    window[:, width : 2 * width] = hidden
    window[:-dilation, 2 * width :] = hidden[dilation:]
    return window


def _unwindow(gradient: Floats, dilation: int) -> Floats:
    """Return the gradient of :func:`_window`'s argument from that of its result."""
    width = gradient.shape[1] // 3
    inner = gradient[:, width : 2 * width].copy()
    inner[:-dilation] += gradient[dilation:, :width]
    inner[dilation:] += gradient[:-dilation, 2 * width :]
    return inner


# -- training -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Inventory:
    """Ids of everything a word form can show: the rows of the feature matrix, section by section."""

    words: Mapping[str, int]
    vector_ids: Mapping[str, int]
    affixes: Mapping[str, Mapping[str, int]]
    shapes: Mapping[str, int]
    known: Words
    starts: Mapping[str, int]
    size: int

    def features(self, form: str) -> tuple[int, list[int]]:
        """Return a form's vector id and its rows in the feature matrix."""
        word = normal(form)
        places = [self.starts["word"] + self.words.get(word, 0)]
        places += [
            self.starts[name] + values.get(AFFIXES[name](word), 0)
            for name, values in self.affixes.items()
        ]
        places.append(self.starts["shape"] + self.shapes.get(shape(form), 0))
        classes = self.known.classes.get(word, (0,) * len(self.known.class_sizes))
        places += [self.starts[f"class{i}"] + value for i, value in enumerate(classes)]
        return self.vector_ids.get(word, 0), places


@dataclass
class _Batch:
    """Some documents end to end, with gaps, as arrays."""

    vectors: Ints
    features: Any
    types: Ints
    columns: Floats
    mask: Floats
    labels: Ints
    weights: Floats
    starts: Ints
    lengths: Ints


@dataclass
class _Trace:
    """What the backward pass needs of the forward pass."""

    vectors: Floats
    features: Any
    gate: Floats
    layers: list[tuple[Floats, Floats]] = field(default_factory=list)
    window: Floats | None = None


def train(
    documents: Sequence[Labelled],
    labels: Sequence[str],
    known: Words,
    settings: Settings,
    say: Callable[[str], None] = lambda _: None,
) -> Network:
    """Learn a network by AdamW (Loshchilov & Hutter 2019) on the CRF's likelihood.

    The weights returned are a running average of the last steps' weights. `say` hears of each epoch.
    """
    rng = np.random.default_rng(settings.seed)
    inventory = _take_inventory(documents, known)
    sizes = np.max([d.columns.max(axis=0) for d in documents if len(d.forms)], axis=0) + 1
    vectors = np.concatenate([np.zeros_like(known.vectors[:1]), known.vectors])
    parameters = _initial(
        rng, settings, vectors.shape[1], inventory.size, int(sizes.sum()), len(labels)
    )
    average = {name: value.copy() for name, value in parameters.items()}
    moments = tuple({n: np.zeros_like(v) for n, v in parameters.items()} for _ in range(2))
    memory: dict[str, tuple[int, list[int]]] = {}
    steps = -(-len(documents) // settings.batch) * settings.epochs
    step = 0
    for epoch in range(settings.epochs):
        order = rng.permutation(len(documents))
        loss = tokens = 0.0
        for first in range(0, len(documents), settings.batch):
            step += 1
            chosen = [documents[i] for i in order[first : first + settings.batch]]
            batch = _batch(chosen, inventory, sizes, memory)
            lost, gradient = _gradient(parameters, batch, vectors, inventory, settings, rng)
            count = float(batch.mask.sum())
            loss, tokens = loss + lost, tokens + count
            _step(parameters, gradient, moments, average, step, steps, count, settings)
        say(f"epoch {epoch + 1} of {settings.epochs}: loss {loss / tokens:.4f} a token")
    return _fused(labels, inventory, known, vectors, average, sizes, settings)


def _take_inventory(documents: Sequence[Labelled], known: Words) -> _Inventory:
    """Return the ids of words, affixes and shapes that occur often enough to be learnt."""
    forms: Counter[str] = Counter()
    for document in documents:
        forms.update(document.forms)

    def listed(value: Callable[[str], str], least: int) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for form, count in forms.items():
            counts[value(form)] += count
        return {v: i for i, v in enumerate(sorted(v for v, c in counts.items() if c >= least), 1)}

    words = listed(normal, 3)
    affixes = {}
    for name, cut in AFFIXES.items():
        affixes[name] = listed(partial(_affix, cut), 10)
    shapes = listed(shape, 5)
    starts, size = {}, 0
    for name, length in (
        ("word", len(words) + 1),
        *((name, len(values) + 1) for name, values in affixes.items()),
        ("shape", len(shapes) + 1),
        *((f"class{i}", length) for i, length in enumerate(known.class_sizes)),
    ):
        starts[name] = size
        size += length
    vector_ids = {word: i for i, word in enumerate(known.vector_words, 1)}
    return _Inventory(words, vector_ids, affixes, shapes, known, starts, size)


def _affix(cut: Callable[[str], str], form: str) -> str:
    """Return an affix of a form's normal spelling."""
    return cut(normal(form))


def _initial(
    rng: np.random.Generator,
    settings: Settings,
    depth: int,
    features: int,
    columns: int,
    labels: int,
) -> Parameters:
    """Return small random weights."""
    width = settings.width

    def normal_(scale: float, *size: int) -> Floats:
        return rng.normal(0, scale, size).astype(np.float32)

    parameters = {
        "P": normal_(0.1, depth, width),
        "F": normal_(0.03, features, width),
        "C": normal_(0.05, columns, width),
        "Wo": normal_(0.05, 3 * width, labels),
        "bo": np.zeros(labels, np.float32),
        "T": np.zeros((labels, labels), np.float32),
    }
    for layer in range(len(settings.dilations)):
        parameters[f"W{layer}"] = normal_((3 * width) ** -0.5, 3 * width, width)
        parameters[f"b{layer}"] = np.zeros(width, np.float32)
    return parameters


def _batch(
    documents: Sequence[Labelled],
    inventory: _Inventory,
    sizes: Ints,
    memory: dict[str, tuple[int, list[int]]],
) -> _Batch:
    """Lay `documents` end to end; `memory` keeps the features of forms between batches."""
    starts = np.r_[0, np.cumsum(sizes)]
    ids: dict[str, int] = {"": 0}
    types, columns, mask, labels, weights, sequences = [], [], [], [], [], []
    at = 0
    for document in documents:
        count = len(document.forms)
        types += [ids.setdefault(form, len(ids)) for form in document.forms] + [0] * _GAP
        columns += [
            indicators(document.columns, sizes, starts),
            np.zeros((_GAP, starts[-1]), np.float32),
        ]
        mask += [np.ones(count, np.float32), np.zeros(_GAP, np.float32)]
        labels += [document.labels, np.zeros(_GAP, np.int64)]
        weights += [np.full(count + _GAP, document.weight, np.float32)]
        sequences += [
            (at + first, last - first) for first, last in document.sequences if first < last
        ]
        at += count + _GAP
    described = []
    for form in ids:
        if form not in memory:
            memory[form] = inventory.features(form)
        described.append(memory[form])
    places = np.array([rows for _, rows in described])
    from scipy import sparse  # noqa: PLC0415 - training alone needs it

    features = sparse.csr_matrix(
        (
            np.ones(places.size, np.float32),
            places.ravel(),
            np.arange(0, places.size + 1, places.shape[1]),
        ),
        (len(places), inventory.size),
    )
    ranges = np.array(sorted(sequences, key=lambda pair: -pair[1]), np.int64)
    return _Batch(
        np.array([vector for vector, _ in described]), features, np.array(types), np.concatenate(columns),
        np.concatenate(mask)[:, None], np.concatenate(labels), np.concatenate(weights),
        ranges[:, 0], ranges[:, 1],
    )  # fmt: skip


def _drop(rng: np.random.Generator, size: tuple[int, ...], rate: float) -> Floats:
    """Return a dropout mask, kept entries scaled up."""
    kept: Floats = (rng.random(size, dtype=np.float32) >= rate).astype(np.float32)
    kept /= 1 - rate
    return kept


def _gradient(
    parameters: Parameters,
    batch: _Batch,
    vectors: Floats,
    inventory: _Inventory,
    settings: Settings,
    rng: np.random.Generator,
) -> tuple[float, Parameters]:
    """Return the negative log-likelihood of a batch under dropout, and its gradient."""
    scores, trace = _forward(parameters, batch, vectors, inventory, settings, rng)
    loss, up, transitions = likelihood(
        scores, parameters["T"], batch.starts, batch.lengths, batch.labels, batch.weights
    )
    gradient = _backward(parameters, batch, trace, up, settings)
    gradient["T"] = transitions
    return loss, gradient


def _forward(
    parameters: Parameters,
    batch: _Batch,
    vectors: Floats,
    inventory: _Inventory,
    settings: Settings,
    rng: np.random.Generator,
) -> tuple[Floats, _Trace]:
    """Return label scores under dropout, and what the way back needs."""
    seen = (
        vectors[batch.vectors] * (rng.random(len(batch.vectors)) > settings.vector_dropout)[:, None]
    )
    seen = seen.astype(np.float32)
    words = batch.features.indices < inventory.starts["suffix3"]
    kept = rng.random(batch.features.nnz) >= np.where(
        words, settings.word_dropout, min(0.02, settings.word_dropout)
    )
    from scipy import sparse  # noqa: PLC0415 - training alone needs it

    features = sparse.csr_matrix(
        (batch.features.data * kept, batch.features.indices, batch.features.indptr),
        batch.features.shape,
    )
    rows = seen @ parameters["P"] + features @ parameters["F"]
    hidden = rows[batch.types] + batch.columns @ parameters["C"]
    gate = _drop(rng, hidden.shape, settings.input_dropout) * batch.mask
    hidden *= gate
    trace = _Trace(seen, features, gate)
    for layer, dilation in enumerate(settings.dilations):
        window = _window(hidden, dilation)
        update = window @ parameters[f"W{layer}"] + parameters[f"b{layer}"]
        np.maximum(update, 0, out=update)
        kept_ = _drop(rng, update.shape, settings.dropout) * batch.mask
        kept_ *= update > 0
        trace.layers.append((window, kept_))
        hidden = hidden + update * kept_
    trace.window = _window(hidden, 1)
    return trace.window @ parameters["Wo"] + parameters["bo"], trace


def _backward(
    parameters: Parameters, batch: _Batch, trace: _Trace, up: Floats, settings: Settings
) -> Parameters:
    """Return the gradient of all weights but the transitions from that of the scores."""
    assert trace.window is not None
    gradient: Parameters = {"Wo": trace.window.T @ up, "bo": up.sum(axis=0)}
    down = _unwindow(up @ parameters["Wo"].T, 1) * batch.mask
    for layer in range(len(settings.dilations) - 1, -1, -1):
        window, kept = trace.layers[layer]
        inner: Floats = down * kept
        gradient[f"W{layer}"] = window.T @ inner
        gradient[f"b{layer}"] = inner.sum(axis=0)
        through: Floats = inner @ parameters[f"W{layer}"].T
        down = (down + _unwindow(through, settings.dilations[layer])) * batch.mask
    down *= trace.gate
    gradient["C"] = batch.columns.T @ down
    count = len(batch.types)
    from scipy import sparse  # noqa: PLC0415 - training alone needs it

    spread = sparse.csr_matrix(
        (np.ones(count, np.float32), batch.types, np.arange(count + 1)), (count, len(batch.vectors))
    )
    rows = spread.T @ down
    gradient["P"] = trace.vectors.T @ rows
    gradient["F"] = np.asarray(trace.features.T @ rows)
    return gradient


def likelihood(
    scores: Floats, transitions: Floats, starts: Ints, lengths: Ints, labels: Ints, weights: Floats
) -> tuple[float, Floats, Floats]:
    """Return the CRF's negative log-likelihood and its gradients by scores and transitions.

    `starts` and `lengths` tell the sequences, longest first; `weights` one factor a token, the same
    throughout a sequence.
    """
    ended = np.bincount(lengths, minlength=int(lengths[0]) + 1).cumsum()
    running = (len(lengths) - ended[:-1]).tolist()
    factor = np.exp(scores - scores.max(axis=1, keepdims=True))
    links = np.exp(transitions)
    forward: list[Floats] = []
    norms: list[Floats] = []
    for step, live in enumerate(running):
        here = factor[starts[:live] + step]
        if step:
            here = here * (forward[-1][:live] @ links)
        norms.append(here.sum(axis=1, keepdims=True))
        forward.append(here / norms[-1])
    inside = np.zeros(len(scores), bool)
    expected = np.zeros_like(scores)
    pairs = np.zeros_like(transitions)
    backward: Floats | None = None
    for step in range(len(running) - 1, -1, -1):
        live = running[step]
        behind = np.ones((live, scores.shape[1]), np.float32)
        if backward is not None:
            later = len(backward)
            ahead = factor[starts[:later] + step + 1] * backward / norms[step + 1]
            scaled = ahead * weights[starts[:later]][:, None]
            pairs += forward[step][:later].T @ scaled
            behind[:later] = ahead @ links.T
        expected[starts[:live] + step] = forward[step] * behind
        inside[starts[:live] + step] = True
        backward = behind
    pairs *= links
    at = np.flatnonzero(inside)
    heads = np.zeros(len(scores), bool)
    heads[starts] = True
    follow = at[~heads[at]]
    total = sum(
        float((np.log(norm[:, 0]) * weights[starts[: len(norm)]]).sum()) for norm in norms
    ) + float((scores.max(axis=1)[at] * weights[at]).sum())
    gold = float((scores[at, labels[at]] * weights[at]).sum())
    gold += float((transitions[labels[follow - 1], labels[follow]] * weights[follow]).sum())
    expected[at, labels[at]] -= 1
    expected *= weights[:, None]
    np.subtract.at(pairs, (labels[follow - 1], labels[follow]), weights[follow])
    return total - gold, expected, pairs


def _step(
    parameters: Parameters,
    gradient: Parameters,
    moments: Sequence[Parameters],
    average: Parameters,
    step: int,
    steps: int,
    tokens: float,
    settings: Settings,
) -> None:
    """Take one AdamW step in place, on a cosine schedule after a warm-up, and update the average."""
    norm = np.sqrt(sum(float((g * g).sum()) for g in gradient.values())) / tokens
    scale = np.float32(min(1.0, 0.5 / norm) / tokens)
    rate = settings.rate * min(1.0, step / 100) * (0.49 * (1 + np.cos(np.pi * step / steps)) + 0.02)
    keep = min(0.997, (1 + step) / (10 + step)) ** 4
    first, second = moments
    for name, weights in parameters.items():
        slope = gradient[name] * scale
        first[name] += np.float32(0.1) * (slope - first[name])
        second[name] += np.float32(0.01) * (slope * slope - second[name])
        if name not in {"T", "bo"}:
            np.multiply(weights, np.float32(1 - rate * settings.decay), out=weights)
        spread = np.sqrt(second[name] / np.float32(1 - 0.99**step)) + np.float32(1e-8)
        np.subtract(weights, np.float32(rate / (1 - 0.9**step)) * first[name] / spread, out=weights)
        if step % 4 == 0:
            average[name] += np.float32(1 - keep) * (weights - average[name])


def _fused(
    labels: Sequence[str],
    inventory: _Inventory,
    known: Words,
    vectors: Floats,
    parameters: Parameters,
    sizes: Ints,
    settings: Settings,
) -> Network:
    """Return the network with all that hangs on a word's spelling summed to one row a word."""
    table, starts = parameters["F"], inventory.starts
    words = sorted({*inventory.words, *inventory.vector_ids, *known.classes} - {""})
    shape_size = len(inventory.shapes) + 1
    unknown = table[starts["word"]] + sum(
        table[starts[f"class{i}"]] for i in range(len(known.class_sizes))
    )
    rows = np.empty((len(words), settings.width), np.float32)
    nothing = (0,) * len(known.class_sizes)
    for i, word in enumerate(words):
        vector, places = inventory.features(word)
        places = [p for p in places if not starts["shape"] <= p < starts["shape"] + shape_size]
        rows[i] = table[places].sum(axis=0) + vectors[vector] @ parameters["P"]
    affixes = {}
    for number, (name, values) in enumerate(inventory.affixes.items()):
        part = table[starts[name] : starts[name] + len(values) + 1].copy()
        affixes[name] = (list(values), part + unknown if number == 0 else part)
    shapes = table[starts["shape"] : starts["shape"] + shape_size].copy()
    kept = {n: v for n, v in parameters.items() if n not in {"P", "F"}}
    return Network(
        labels,
        words,
        rows,
        np.array([known.classes.get(word, nothing) for word in words], np.uint8),
        affixes,
        (list(inventory.shapes), shapes),
        sizes.tolist(),
        kept,
        settings.dilations,
    )
