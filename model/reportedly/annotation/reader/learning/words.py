"""Learn a :mod:`reportedly.annotation.tokens.network` with PyTorch: what ``train.py attribution`` runs on annotated text.

Two steps. *Pretraining* needs no label: some words of running text are hidden, and the network tells
them from their neighbourhood (Devlin et al. 2019, BERT: pre-training of deep bidirectional
transformers, NAACL); it is optional. *Training* maximises the likelihood of annotated labels under
the CRF. What comes out is a plain :class:`~reportedly.annotation.tokens.network.Network`, which needs no PyTorch.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from reportedly.annotation.tokens.network import (
    AFFIXES,
    Labelled,
    Network,
    NetworkSettings,
    Unlabelled,
    Words,
)
from reportedly.annotation.tokens.spelling import normal, shape
from reportedly.datamodel.arrays import Floats32, Ints
from reportedly.errors import InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence


try:
    import torch
    from torch import Tensor
    from torch.nn import functional
except ModuleNotFoundError:
    raise InvalidRequest(
        "training the attribution network needs PyTorch: pip install 'reportedly[train]'"
    ) from None

NetworkWeights = dict[str, Tensor]

_GAP = 40
"""Empty tokens between the documents of a batch, more than the widest dilation."""

_PRETRAINING = (
    "width", "dilations", "rate", "decay", "hidden_words", "hidden", "pretraining_tokens", "seed",
)  # fmt: skip
"""The settings on which the pretrained weights depend."""

_PIECE = 2000
"""Tokens of a piece of unlabelled text."""


@dataclass(frozen=True)
class Inventory:
    """Ids of everything a word form can show: the rows of the feature table, section by section.

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
        """Return a form's vector id and its rows in the feature table; `memory` keeps them."""
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
    """Some documents end to end, with gaps: `vectors` and `features` a row per type, the rest per token.

    `starts` and `lengths` tell the sequences, longest first, `weights` one factor for each.
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


def train_network(
    documents: Sequence[Labelled],
    labels: Sequence[str],
    known: Words,
    settings: NetworkSettings,
    say: Callable[[str], None] = lambda _: None,
    *,
    texts: Callable[[], Iterable[Unlabelled]] | None = None,
    cache: Path | None = None,
) -> Network:
    """Learn a network by AdamW (Loshchilov & Hutter 2019) on the CRF's likelihood.

    Parameters
    ----------
    documents, labels, known, settings
        What to learn from, the names of the label ids, words, and how.
    say
        Hears of each epoch.
    texts
        Gives the texts for pretraining; without it there is none.
    cache
        File that keeps the pretrained weights: read where it fits, else written.

    Returns
    -------
    Network
        With the running average of the last steps' weights. One seed gives one result on one machine.
    """
    torch.set_num_threads(1)  # more threads add in another order: other results
    torch.manual_seed(settings.seed)
    inventory = take_inventory(documents, known, whole=texts is not None)
    weights = initial(inventory, settings, len(labels))
    if texts is not None:
        weights |= _pretrained(weights, inventory, settings, texts, cache, say)
    trained = [
        _fit(weights, documents, inventory, replace(settings, seed=settings.seed + run), say)
        for run in range(settings.runs)
    ]
    mean = {name: torch.stack([run[name] for run in trained]).mean(0) for name in weights}
    return fused(labels, inventory, mean, settings)


def _fit(
    start: NetworkWeights,
    documents: Sequence[Labelled],
    inventory: Inventory,
    settings: NetworkSettings,
    say: Callable[[str], None],
) -> NetworkWeights:
    """Return the weights that labelled documents make of `start`."""
    torch.manual_seed(settings.seed)
    weights = {name: weight.clone() for name, weight in start.items()}
    rng = np.random.default_rng(settings.seed)
    steps = -(-len(documents) // settings.batch) * settings.epochs
    descent = _Descent(weights, settings, steps, clip=0.5)
    for epoch in range(settings.epochs):
        order = rng.permutation(len(documents))
        loss = tokens = 0.0
        for first in range(0, len(documents), settings.batch):
            chosen = [documents[i] for i in order[first : first + settings.batch]]
            batch = lay_out(chosen, inventory)
            _, hidden = states(weights, batch, settings, inventory, dropping=True)
            lost = likelihood(scores(weights, hidden), weights["T"], batch)
            count = float(batch.mask.sum())
            loss, tokens = loss + lost.item(), tokens + count
            descent.step(lost / count)
        say(f"epoch {epoch + 1} of {settings.epochs}: loss {loss / tokens:.4f} a token")
    descent.finish()
    return weights


class _Descent:
    """AdamW with a warm-up, a cosine schedule and a running average of the weights."""

    def __init__(
        self, weights: NetworkWeights, settings: NetworkSettings, steps: int, clip: float
    ) -> None:
        for weight in weights.values():
            weight.requires_grad_(True)
        self.weights, self.rate, self.steps, self.clip = weights, settings.rate, steps, clip
        groups: list[dict[str, Any]] = [
            {"params": [w for name, w in weights.items() if name not in {"T", "bo"}]},
            {"params": [w for name, w in weights.items() if name in {"T", "bo"}], "weight_decay": 0.0},
        ]  # fmt: skip
        self.optimiser = torch.optim.AdamW(
            [group for group in groups if group["params"]],
            lr=settings.rate, betas=(0.9, 0.99), weight_decay=settings.decay,
        )  # fmt: skip
        self.average = {name: weight.detach().clone() for name, weight in weights.items()}
        self.count = 0

    def step(self, loss: Tensor) -> None:
        """Follow the gradient of `loss` once."""
        self.count += 1
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(self.weights.values()), self.clip)
        cosine = 0.49 * (1 + math.cos(math.pi * self.count / self.steps)) + 0.02
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * min(1.0, self.count / 100) * cosine
        self.optimiser.step()
        if self.count % 4 == 0:
            keep = min(0.997, (1 + self.count) / (10 + self.count)) ** 4
            for name, weight in self.weights.items():
                self.average[name].lerp_(weight.detach(), 1 - keep)

    def finish(self, *, averaged: bool = True) -> None:
        """Leave the weights, averaged or as they are, without gradients."""
        for name, weight in self.weights.items():
            weight.requires_grad_(False)
            weight.grad = None
            if averaged:
                weight.copy_(self.average[name])


# -- words ----------------------------------------------------------------------------------------


def take_inventory(documents: Sequence[Labelled], known: Words, *, whole: bool) -> Inventory:
    """Return the ids of words, affixes and shapes that occur often enough to be learnt.

    `whole` adds every word that has a vector: pretraining learns them too.
    """
    forms: Counter[str] = Counter()
    for document in documents:
        forms.update(document.forms)

    def listed(value: Callable[[str], str], least: int) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for form, count in forms.items():
            counts[value(form)] += count
        return {v: i for i, v in enumerate(sorted(v for v, c in counts.items() if c >= least), 1)}

    words = listed(normal, 3)
    for word in known.vector_words if whole else ():
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


def lay_out(documents: Sequence[Labelled | Unlabelled], inventory: Inventory) -> Batch:
    """Return `documents` laid end to end."""
    ids: dict[str, int] = {"": 0}
    types, columns, mask, labels, sequences, factors = [], [], [], [], [], []
    at = 0
    for document in documents:
        count = len(document.forms)
        types += [ids.setdefault(form, len(ids)) for form in document.forms] + [0] * _GAP
        columns.append(np.pad(document.columns, ((0, _GAP), (0, 0))))
        mask += [1.0] * count + [0.0] * _GAP
        if isinstance(document, Labelled):
            labels.append(np.pad(document.labels, (0, _GAP)))
            found = [(at + a, b - a) for a, b in document.sequences if a < b]
            sequences += found
            factors += [document.weight] * len(found)
        at += count + _GAP
    described = [inventory.features(form) for form in ids]
    ranges = np.array(sequences, np.int64).reshape(-1, 2)
    order = np.argsort(-ranges[:, 1], kind="stable")
    return Batch(
        torch.from_numpy(inventory.vectors[[vector for vector, _ in described]]),
        torch.tensor([rows for _, rows in described]),
        torch.tensor(types),
        torch.from_numpy(np.concatenate(columns).astype(np.int64)),
        torch.tensor(mask)[:, None],
        torch.from_numpy(np.concatenate(labels).astype(np.int64)) if labels else torch.zeros(0),
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
    hidden: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Return each token's first and last state ``(n, width)``; `dropping` says whether under dropout.

    `hidden` marks tokens of which nothing is shown, neither form nor columns.
    """
    known, chosen = batch.vectors, None
    if dropping:
        known = known * (torch.rand(len(known), 1) >= settings.vector_dropout)
        rates = torch.full(batch.features.shape, min(0.02, settings.word_dropout))
        rates[:, 0] = settings.word_dropout  # the word itself; affixes and shapes are surer
        chosen = (torch.rand(rates.shape) >= rates).float()
    rows = known @ weights["P"] + functional.embedding_bag(
        batch.features, weights["F"], mode="sum", per_sample_weights=chosen
    )
    sizes = torch.from_numpy(inventory.column_sizes)
    indicators = torch.zeros(len(batch.types), int(sizes.sum()))
    places = torch.minimum(batch.columns, sizes - 1) + sizes.cumsum(0) - sizes
    first = rows[batch.types] + indicators.scatter_(1, places, 1.0) @ weights["C"]
    if hidden is not None:
        first = torch.where(hidden[:, None], weights["M"], first)
    last = functional.dropout(first, settings.input_dropout, dropping) * batch.mask
    for layer, dilation in enumerate(settings.dilations):
        window = _window(last, dilation)
        update = torch.relu(torch.addmm(weights[f"b{layer}"], window, weights[f"W{layer}"]))
        last = last + functional.dropout(update, settings.dropout, dropping) * batch.mask
    return first, last


def scores(weights: NetworkWeights, last: Tensor) -> Tensor:
    """Return the score of every label for every token, ``(n, labels)``."""
    return torch.addmm(weights["bo"], _window(last, 1), weights["Wo"])


def _window(rows: Tensor, dilation: int) -> Tensor:
    """Return each token's row beside those of the tokens `dilation` before and after it."""
    nothing = rows.new_zeros(dilation, rows.shape[1])
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


# -- pretraining ----------------------------------------------------------------------------------


def _pretrained(
    weights: NetworkWeights,
    inventory: Inventory,
    settings: NetworkSettings,
    texts: Callable[[], Iterable[Unlabelled]],
    cache: Path | None,
    say: Callable[[str], None],
) -> NetworkWeights:
    """Return the pretrained weights, from `cache` where that holds those of the same words and settings."""
    about = [
        list(inventory.words), list(inventory.shapes), inventory.column_sizes.tolist(),
        {name: list(values) for name, values in inventory.affixes.items()},
        [(name, value) for name, value in asdict(settings).items() if name in _PRETRAINING],
    ]  # fmt: skip
    key = hashlib.sha256(json.dumps(about).encode()).hexdigest()
    if cache is not None and cache.is_file():
        with np.load(cache, allow_pickle=False) as arrays:
            if str(arrays["key"]) == key:
                say(f"pretrained weights read from {cache}")
                return {n: torch.from_numpy(arrays[n]) for n in arrays.files if n != "key"}
    kept = {name: weight for name, weight in weights.items() if name not in {"Wo", "bo", "T"}}
    pretrain(kept, list(texts()), inventory, settings, say)
    if cache is not None:
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(cache, key=np.array(key), **{name: w.numpy() for name, w in kept.items()})
        say(f"pretrained weights kept in {cache}")
    return kept


def pretrain(
    weights: NetworkWeights,
    texts: Sequence[Unlabelled],
    inventory: Inventory,
    settings: NetworkSettings,
    say: Callable[[str], None],
) -> None:
    """Train `weights` in place to tell hidden words from their neighbourhood, in one pass over `texts`.

    A tenth of the words to be told is not hidden, so that the network does not live by hidden ones alone.
    """
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(text.forms)
    words: Counter[str] = Counter()
    for form, count in counts.items():
        words[normal(form)] += count
    common = words.most_common(settings.hidden_words - 1)
    targets = {word: i for i, (word, _) in enumerate(common, 1)}
    share = np.array([1 + words.total() - sum(n for _, n in common), *(n for _, n in common)])
    width, steps = settings.width, max(1, words.total() // settings.pretraining_tokens)
    weights |= {
        "M": torch.randn(width) * 0.05,
        "H": torch.randn(width, width) * width**-0.5,
        "U": torch.randn(width, len(share)) * 0.05,
        "u": torch.from_numpy(np.log(share / share.sum()).astype(np.float32)),
    }
    mild = NetworkSettings(
        settings.width, settings.dilations, dropout=0, input_dropout=0.1, vector_dropout=0,
        word_dropout=0.1, rate=settings.rate, decay=settings.decay,
    )  # fmt: skip
    descent = _Descent(weights, mild, steps, clip=1.0)
    loss = 0.0
    for step, chosen in enumerate(_batches(texts, settings), 1):
        if step > steps:
            break
        batch = lay_out(chosen, inventory)
        told = (torch.rand(len(batch.mask)) < settings.hidden) & (batch.mask[:, 0] > 0)
        hidden = told & (torch.rand(len(told)) < 0.9)
        _, last = states(weights, batch, mild, inventory, dropping=True, hidden=hidden)
        at = told.nonzero()[:, 0]
        forms = [f for text in chosen for f in (*text.forms, *("",) * _GAP)]
        truth = torch.tensor([targets.get(normal(forms[i]), 0) for i in at.tolist()])
        guess = torch.relu(last[at] @ weights["H"]) @ weights["U"] + weights["u"]
        lost = functional.cross_entropy(guess, truth)
        descent.step(lost)
        loss += lost.item()
        if step % 100 == 0:
            say(f"pretraining, step {step} of {steps}: loss {loss / 100:.3f} a word")
            loss = 0.0
    descent.finish(averaged=False)
    for name in ("M", "H", "U", "u"):
        del weights[name]


def _batches(texts: Sequence[Unlabelled], settings: NetworkSettings) -> Iterator[list[Unlabelled]]:
    """Yield batches of pieces of text, over and over, in a new order each time."""
    rng = np.random.default_rng(settings.seed)
    pieces = [
        Unlabelled(text.forms[at : at + _PIECE], text.columns[at : at + _PIECE])
        for text in texts
        for at in range(0, len(text.forms), _PIECE)
        if len(text.forms) - at > min(30, len(text.forms) - 1)
    ]
    while pieces:
        chosen: list[Unlabelled] = []
        for i in rng.permutation(len(pieces)):
            chosen.append(pieces[i])
            if sum(len(piece.forms) for piece in chosen) >= settings.pretraining_tokens:
                yield chosen
                chosen = []
        if chosen:
            yield chosen


# -- the result -----------------------------------------------------------------------------------


def fused(
    labels: Sequence[str], inventory: Inventory, weights: NetworkWeights, settings: NetworkSettings
) -> Network:
    """Return the network with all that hangs on a word's spelling summed to one row a word."""
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
