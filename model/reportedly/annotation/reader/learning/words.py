"""Train a :mod:`reportedly.annotation.tokens.network` with PyTorch: batches, states, the CRF's likelihood.

The result is a plain :class:`~reportedly.annotation.tokens.network.Network`, which does not need PyTorch.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from reportedly.annotation.tokens.network import (
    AFFIXES,
    Labelled,
    Network,
    NetworkSettings,
    Words,
)
from reportedly.annotation.tokens.spelling import normal, shape
from reportedly.datamodel.arrays import Floats32, Ints
from reportedly.errors import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


try:
    import torch
    from torch import Tensor
    from torch.nn import functional
except ModuleNotFoundError:
    raise InvalidRequest(
        "training the reader needs PyTorch: pip install 'reportedly[train]'"
    ) from None

NetworkWeights = dict[str, Tensor]

TOKENS_APART = 40
"""Empty tokens between the documents of a batch, more than the widest dilation."""


@dataclass(frozen=True)
class Inventory:
    """Ids of every feature that a word form can have: the rows of the feature table, section by section.

    `vectors` holds a row of zeros, for a word without a vector, before the known ones.
    """

    words: Mapping[str, int]
    vector_ids: Mapping[str, int]
    affixes: Mapping[str, Mapping[str, int]]
    shapes: Mapping[str, int]
    known: Words
    starts: Mapping[str, int]
    size: int
    column_sizes: Ints
    vectors: Floats32
    memory: dict[str, tuple[int, list[int]]] = field(default_factory=dict)

    def features(self, form: str) -> tuple[int, list[int]]:
        """Return a form's vector id and its rows in the feature table; `memory` caches them."""
        if form in self.memory:
            return self.memory[form]
        word = normal(form)
        places = [self.starts["word"] + self.words.get(word, 0)]
        places += [
            self.starts[name] + values.get(AFFIXES[name](word), 0)
            for name, values in self.affixes.items()
        ]
        places.append(self.starts["shape"] + self.shapes.get(shape(form), 0))
        classes = self.known.classes.get(word, (0,) * len(self.known.class_sizes))
        places += [self.starts[f"class{i}"] + value for i, value in enumerate(classes)]
        self.memory[form] = self.vector_ids.get(word, 0), places
        return self.memory[form]


class Batch(NamedTuple):
    """Documents laid end to end with gaps: `vectors` and `features` have one row per word form, the rest one per token.

    `starts` and `lengths` are those of the sequences, longest first; `weights` has one factor for each.
    """

    vectors: Tensor
    features: Tensor
    types: Tensor
    columns: Tensor
    mask: Tensor
    labels: Tensor
    starts: Ints
    lengths: Ints
    weights: Tensor


# -- words ----------------------------------------------------------------------------------------


def take_inventory(documents: Sequence[Labelled], known: Words) -> Inventory:
    """Return the ids of words that have a vector, and of words, affixes and shapes frequent enough to be learnt."""
    forms: Counter[str] = Counter()
    for document in documents:
        forms.update(document.forms)

    def listed(value: Callable[[str], str], least: int) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for form, count in forms.items():
            counts[value(form)] += count
        return {v: i for i, v in enumerate(sorted(v for v, c in counts.items() if c >= least), 1)}

    words = listed(normal, 3)
    for word in known.vector_words:
        words.setdefault(word, len(words) + 1)
    affixes = {name: listed(partial(_affix, cut), 10) for name, cut in AFFIXES.items()}
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
    sizes = np.max([d.columns.max(axis=0) for d in documents if len(d.forms)], axis=0) + 1
    vectors = np.concatenate([np.zeros_like(known.vectors[:1]), known.vectors])
    return Inventory(
        words, vector_ids, affixes, shapes, known, starts, size, sizes.astype(np.int64), vectors
    )


def _affix(cut: Callable[[str], str], form: str) -> str:
    """Return an affix of a form's normal spelling."""
    return cut(normal(form))


def initial(inventory: Inventory, settings: NetworkSettings, labels: int) -> NetworkWeights:
    """Return small random weights."""
    width = settings.width

    def normal_(scale: float, *size: int) -> Tensor:
        return torch.randn(*size) * scale

    weights = {
        "P": normal_(0.1, inventory.known.vectors.shape[1], width),
        "F": normal_(0.03, inventory.size, width),
        "C": normal_(0.05, int(inventory.column_sizes.sum()), width),
        "Wo": normal_(0.05, 3 * width, labels),
        "bo": torch.zeros(labels),
        "T": torch.zeros(labels, labels),
    }
    for layer in range(len(settings.dilations)):
        weights[f"W{layer}"] = normal_((3 * width) ** -0.5, 3 * width, width)
        weights[f"b{layer}"] = torch.zeros(width)
    return weights


def lay_out(documents: Sequence[Labelled], inventory: Inventory) -> Batch:
    """Return `documents` laid end to end."""
    ids: dict[str, int] = {"": 0}
    types, columns, mask, labels, sequences, factors = [], [], [], [], [], []
    at = 0
    for document in documents:
        count = len(document.forms)
        types += [ids.setdefault(form, len(ids)) for form in document.forms] + [0] * TOKENS_APART
        columns.append(np.pad(document.columns, ((0, TOKENS_APART), (0, 0))))
        mask += [1.0] * count + [0.0] * TOKENS_APART
        labels.append(np.pad(document.labels, (0, TOKENS_APART)))
        found = [(at + a, b - a) for a, b in document.sequences if a < b]
        sequences += found
        factors += [document.weight] * len(found)
        at += count + TOKENS_APART
    described = [inventory.features(form) for form in ids]
    ranges = np.array(sequences, np.int64).reshape(-1, 2)
    order = np.argsort(-ranges[:, 1], kind="stable")
    return Batch(
        torch.from_numpy(inventory.vectors[[vector for vector, _ in described]]),
        torch.tensor([rows for _, rows in described]),
        torch.tensor(types),
        torch.from_numpy(np.concatenate(columns).astype(np.int64)),
        torch.tensor(mask)[:, None],
        torch.from_numpy(np.concatenate(labels).astype(np.int64)),
        ranges[order, 0],
        ranges[order, 1],
        torch.tensor(factors)[order],
    )


# -- the network ----------------------------------------------------------------------------------


def states(
    weights: NetworkWeights,
    batch: Batch,
    settings: NetworkSettings,
    inventory: Inventory,
    *,
    dropping: bool,
) -> tuple[Tensor, Tensor]:
    """Return each token's first and last state ``(n, width)``; `dropping` says whether under dropout."""
    known, chosen = batch.vectors, None
    if dropping:
        known = known * (torch.rand(len(known), 1) >= settings.vector_dropout)
        rates = torch.full(batch.features.shape, min(0.02, settings.word_dropout))
        rates[:, 0] = settings.word_dropout  # the word itself; affixes and shapes are more reliable
        chosen = (torch.rand(rates.shape) >= rates).float()
    rows = known @ weights["P"] + functional.embedding_bag(
        batch.features, weights["F"], mode="sum", per_sample_weights=chosen
    )
    sizes = torch.from_numpy(inventory.column_sizes)
    indicators = torch.zeros(len(batch.types), int(sizes.sum()))
    places = torch.minimum(batch.columns, sizes - 1) + sizes.cumsum(0) - sizes
    first = rows[batch.types] + indicators.scatter_(1, places, 1.0) @ weights["C"]
    last = functional.dropout(first, settings.input_dropout, dropping) * batch.mask
    for layer, dilation in enumerate(settings.dilations):
        window = beside(last, dilation)
        update = torch.relu(torch.addmm(weights[f"b{layer}"], window, weights[f"W{layer}"]))
        last = last + functional.dropout(update, settings.dropout, dropping) * batch.mask
    return first, last


def scores(weights: NetworkWeights, last: Tensor) -> Tensor:
    """Return the score of every label for every token, ``(n, labels)``."""
    return torch.addmm(weights["bo"], beside(last, 1), weights["Wo"])


def beside(rows: Tensor, dilation: int) -> Tensor:
    """Return each row concatenated with the rows `dilation` before and after it, zeros beyond the ends."""
    nothing = rows.new_zeros(min(dilation, len(rows)), rows.shape[1])
    before = torch.cat([nothing, rows[:-dilation]])
    return torch.cat([before, rows, torch.cat([rows[dilation:], nothing])], 1)


def likelihood(scores: Tensor, transitions: Tensor, batch: Batch) -> Tensor:
    """Return the CRF's negative log-likelihood of the batch's labels, weighted by sequence.

    The forward recursion runs over all sequences at once, longest first, so that those still running
    are a prefix; it is rescaled at every step (Rabiner 1989).
    """
    ended = np.bincount(batch.lengths, minlength=int(batch.lengths[0]) + 1).cumsum()
    running: list[int] = (len(batch.lengths) - ended[:-1]).tolist()
    starts = torch.from_numpy(batch.starts)
    at = torch.cat([starts[:live] + step for step, live in enumerate(running)])
    weight = torch.cat([batch.weights[:live] for live in running])
    top = scores.detach().amax(1, keepdim=True)
    factors = torch.exp(scores - top)[at].split(running)
    links = torch.exp(transitions)
    norms = [factors[0].sum(1, keepdim=True)]
    ahead = factors[0] / norms[0]
    for factor in factors[1:]:
        ahead = factor * (ahead[: len(factor)] @ links)
        norms.append(ahead.sum(1, keepdim=True))
        ahead = ahead / norms[-1]
    total = ((torch.log(torch.cat(norms)[:, 0]) + top[at, 0]) * weight).sum()
    gold = (scores[at, batch.labels[at]] * weight).sum()
    follow = at[running[0] :]
    steps = transitions[batch.labels[follow - 1], batch.labels[follow]]
    return total - gold - (steps * weight[running[0] :]).sum()


# -- the result -----------------------------------------------------------------------------------


def fused(
    labels: Sequence[str], inventory: Inventory, weights: NetworkWeights, settings: NetworkSettings
) -> Network:
    """Return the network with everything that depends on a word's spelling summed into one row per word."""
    arrays = {name: weight.numpy() for name, weight in weights.items()}
    table, starts, known = arrays["F"], inventory.starts, inventory.known
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
        rows[i] = table[places].sum(axis=0) + inventory.vectors[vector] @ arrays["P"]
    affixes = {}
    for number, (name, values) in enumerate(inventory.affixes.items()):
        part = table[starts[name] : starts[name] + len(values) + 1].copy()
        affixes[name] = (list(values), part + unknown if number == 0 else part)
    shapes = table[starts["shape"] : starts["shape"] + shape_size].copy()
    return Network(
        labels,
        words,
        rows,
        np.array([known.classes.get(word, nothing) for word in words], np.uint8),
        affixes,
        (list(inventory.shapes), shapes),
        inventory.column_sizes.tolist(),
        {n: v for n, v in arrays.items() if n not in {"P", "F"}},
        settings.dilations,
    )
