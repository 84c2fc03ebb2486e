"""Train the student on the teacher's answers, and on PolNeAR's tags where people annotated them (needs PyTorch)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.nn import functional

from reportedly.annotation.reader.labels import NINE_SUPPORTS, POINTER_REACH, TAGS, YES_NO
from reportedly.annotation.reader.learning.articles import StudentArticle
from reportedly.annotation.reader.learning.words import (
    TOKENS_APART,
    Batch,
    Inventory,
    NetworkWeights,
    beside,
    fused,
    initial,
    lay_out,
    likelihood,
    scores,
    states,
    take_inventory,
)
from reportedly.annotation.reader.reading import BY_SENTENCE, BY_TOKEN
from reportedly.annotation.reader.student import (
    POINTERS,
    SENTENCE_DILATIONS,
    SENTENCE_FEATURES,
    TOKEN_HEADS,
    TOKEN_SCORES,
    Student,
    token_names,
)
from reportedly.annotation.tokens.network import Labelled, Network, NetworkSettings, Words
from reportedly.corpora.leaks import Log

_APART = 4
"""Rows of zeros between the sentences of documents: as far as a convolution over sentences reaches."""


@dataclass(frozen=True)
class StudentSettings:
    """Size and training of the student; `shares` weight the losses of the heads."""

    width: int = 128
    dilations: tuple[int, ...] = (1, 2, 4, 8, 16)
    sentence_width: int = 160
    pointer_width: int = 48
    epochs: int = 14
    tokens: int = 9000
    rate: float = 2.5e-3
    decay: float = 1e-2
    dropout: float = 0.1
    input_dropout: float = 0.08
    vector_dropout: float = 0.05
    word_dropout: float = 0.1
    threads: int = 2
    seed: int = 0

    def of_words(self) -> NetworkSettings:
        """Return the settings of the network over words."""
        return NetworkSettings(
            width=self.width, dilations=self.dilations, dropout=self.dropout, input_dropout=self.input_dropout,
            vector_dropout=self.vector_dropout, word_dropout=self.word_dropout,
        )  # fmt: skip


SHARES: Mapping[str, float] = {
    "answers": 0.15, "support": 0.3, "pointer": 0.2, "tags": 1.0, "words": 1.0, "hedges": 2.0, "voice": 0.2, "crf": 0.6,
}  # fmt: skip


def train_student(
    articles: Sequence[StudentArticle],
    known: Words,
    settings: StudentSettings,
    say: Log,
    after: Callable[[int, Student], None] | None = None,
) -> Student:
    """Return the student trained on articles; `after` is called with the student after every second pass.

    The same seed and number of threads give the same result on one machine.
    """
    torch.set_num_threads(settings.threads)
    torch.manual_seed(settings.seed)
    rng = np.random.default_rng(settings.seed)
    inventory = take_inventory([_labelled(a) for a in articles], known)
    weights = _initial(inventory, settings)
    descent = _Descent(
        weights,
        settings,
        sum(len(b) > 0 for b in _batches(articles, settings, rng)) * settings.epochs,
    )
    for epoch in range(settings.epochs):
        batches, sums = _batches(articles, settings, rng), np.zeros(len(SHARES))
        for number, chosen in enumerate(batches, 1):
            parts = _losses(weights, [articles[i] for i in chosen], inventory, settings)
            total = sum((SHARES[n] * value for n, value in parts.items()), torch.zeros(()))
            descent.step(total)
            sums += [float(parts[n].detach()) if n in parts else 0.0 for n in SHARES]
            if number % 200 == 0:
                say(
                    f"student pass {epoch + 1}, batch {number} of {len(batches)}: {_told(sums / number)}"
                )
        say(f"student pass {epoch + 1} of {settings.epochs}: {_told(sums / len(batches))}")
        if after is not None and (epoch % 2 == 1 or epoch + 1 == settings.epochs):
            after(epoch + 1, _student(descent.average, inventory, settings))
    return _student(descent.average, inventory, settings)


def _told(means: npt.NDArray[np.floating[Any]]) -> str:
    return " ".join(f"{n} {v:.4f}" for n, v in zip(SHARES, means, strict=True))


def _labelled(article: StudentArticle) -> Labelled:
    """Return an article as the network over words expects it."""
    tags = np.zeros(len(article.forms), np.int64) if article.tags is None else article.tags
    return Labelled(article.forms, article.columns, article.sentences, tags, article.weight)


def _initial(inventory: Inventory, settings: StudentSettings) -> NetworkWeights:
    """Return small random weights."""
    words = settings.of_words()
    weights = initial(inventory, words, TOKEN_SCORES)
    weights["T"] = torch.zeros(len(TAGS), len(TAGS))
    wide, near = settings.sentence_width, settings.pointer_width

    def normal_(rows: int, columns: int) -> Tensor:
        return torch.randn(rows, columns) * rows**-0.5

    weights |= {
        "A": normal_(2 * settings.width, wide), "Ac": normal_(SENTENCE_FEATURES, wide), "a": torch.zeros(wide),
        "down": torch.zeros(wide, TOKEN_SCORES),
        "answers": 0.3 * normal_(wide, len(YES_NO)), "answers_b": torch.full((len(YES_NO),), -2.0),
        "support": 0.3 * normal_(wide, len(NINE_SUPPORTS)), "support_b": torch.zeros(len(NINE_SUPPORTS)),
        "asks": normal_(wide, near), "replies": normal_(wide, near),
        "own": 0.3 * normal_(wide, POINTERS), "own_b": torch.zeros(POINTERS),
    }  # fmt: skip
    for number in range(len(SENTENCE_DILATIONS)):
        weights[f"V{number}"] = normal_(3 * wide, wide)
        weights[f"v{number}"] = torch.zeros(wide)
    return weights


_OF_SENTENCES = (
    "A", "Ac", "a", "down", "answers", "answers_b", "support", "support_b", "asks", "replies", "own", "own_b",
)  # fmt: skip


def _student(weights: NetworkWeights, inventory: Inventory, settings: StudentSettings) -> Student:
    """Return the student with these weights."""
    of_sentences = [
        *_OF_SENTENCES,
        *(f"{c}{n}" for n in range(len(SENTENCE_DILATIONS)) for c in "Vv"),
    ]
    rest = {n: w.detach() for n, w in weights.items() if n not in of_sentences}
    network: Network = fused(token_names(), inventory, rest, settings.of_words())
    return Student(network, {n: weights[n].detach().numpy() for n in of_sentences})


# -- batches ----------------------------------------------------------------------------------------


def _batches(
    articles: Sequence[StudentArticle], settings: StudentSettings, rng: np.random.Generator
) -> list[list[int]]:
    """Return the articles in batches of about so many tokens, in random order."""
    batches: list[list[int]] = [[]]
    size = 0
    for i in rng.permutation(len(articles)).tolist():
        if size > settings.tokens:
            batches.append([])
            size = 0
        batches[-1].append(i)
        size += len(articles[i].forms) + TOKENS_APART
    return batches


@dataclass(frozen=True)
class _Laid:
    """A batch with its sentences: which row of sentences each token belongs to (-1 none), and so on.

    The sentences of different documents are `_APART` rows apart; `rows` are the sentences' rows.
    """

    words: Batch
    owner: Tensor
    rows: Tensor
    size: int
    features: Tensor
    of_tokens: Tensor
    told: dict[str, Tensor]
    crf: Batch | None


def _lay(articles: Sequence[StudentArticle], inventory: Inventory) -> _Laid:
    """Return articles laid end to end."""
    whole = lay_out([_labelled(a) for a in articles], inventory)
    owner = np.full(len(whole.types), -1, np.int64)
    rows, tokens = [], []
    at = row = 0
    for article in articles:
        for first, last in article.sentences:
            owner[at + first : at + last] = row
            rows.append(row)
            row += 1
        tokens.append(np.arange(at, at + len(article.forms)))
        at += len(article.forms) + TOKENS_APART
        row += _APART
    told = {
        n: torch.from_numpy(np.concatenate([a.told[n] for a in articles]).astype(np.float32))
        for n in (*BY_SENTENCE, *BY_TOKEN)
    }
    features = torch.from_numpy(np.concatenate([a.features for a in articles]))
    return _Laid(
        whole, torch.from_numpy(owner), torch.tensor(rows), row, features, torch.from_numpy(np.concatenate(tokens)),
        told, _tagged(whole, articles),
    )  # fmt: skip


def _tagged(whole: Batch, articles: Sequence[StudentArticle]) -> Batch | None:
    """Return the batch with only those sequences whose tags people annotated."""
    spans, at = [], 0
    for article in articles:
        if article.tags is not None:
            spans += [(at + a, b - a, article.weight) for a, b in article.sentences if a < b]
        at += len(article.forms) + TOKENS_APART
    if not spans:
        return None
    spans.sort(key=lambda s: -s[1])
    starts, lengths, factors = zip(*spans, strict=True)
    return whole._replace(
        starts=np.array(starts),
        lengths=np.array(lengths),
        weights=torch.tensor(factors, dtype=torch.float32),
    )


# -- the network ------------------------------------------------------------------------------------


def _losses(
    weights: NetworkWeights,
    articles: Sequence[StudentArticle],
    inventory: Inventory,
    settings: StudentSettings,
) -> dict[str, Tensor]:
    """Return the mean loss of each head: the distance from the teacher's answers and from people's tags."""
    laid = _lay(articles, inventory)
    words = settings.of_words()
    _, last = states(weights, laid.words, words, inventory, dropping=True)
    of_words = scores(weights, last)
    context = _context(weights, last, laid, settings)
    flat = context[laid.rows]
    inside = laid.owner[laid.of_tokens]
    chosen = of_words[laid.of_tokens] + torch.where(
        (inside >= 0)[:, None], (context @ weights["down"])[inside.clamp(min=0)], torch.zeros(())
    )
    told = laid.told
    lost = {
        "answers": _yes_no(flat @ weights["answers"] + weights["answers_b"], told["answers"]),
        "support": _many(
            flat @ weights["support"] + weights["support_b"], told["support"], _claims(told)
        ),
        "pointer": _many(_pointer(weights, context, laid), told["pointer"], _claims(told)),
    }
    for name, columns in TOKEN_HEADS.items():
        own = chosen[:, columns]
        if name in {"tags", "hedges"}:
            lost[name] = _many(own, told[name])
        elif name == "voice":
            lost[name] = _yes_no(own, told[name], 1 - told["hedges"][:, :1])
        else:
            lost[name] = _yes_no(own, told[name])
    if laid.crf is not None:
        every = torch.zeros(len(of_words), len(TAGS)).index_copy(
            0, laid.of_tokens, chosen[:, TOKEN_HEADS["tags"]]
        )
        lost["crf"] = likelihood(every, weights["T"], laid.crf) / float(laid.crf.lengths.sum())
    return lost


def _claims(told: Mapping[str, Tensor]) -> Tensor:
    """Return the weight of each sentence's support: the probability that the sentence is a claim."""
    return told["answers"][:, YES_NO.index("checkworthy")]


def _context(
    weights: NetworkWeights, last: Tensor, laid: _Laid, settings: StudentSettings
) -> Tensor:
    """Return the vectors of sentences in the context of their neighbours; `_APART` rows of zeros separate documents."""
    inside = laid.owner >= 0
    own, of = last[inside], laid.owner[inside]
    index = of[:, None].expand_as(own)
    empty = last.new_zeros(laid.size, last.shape[1])
    mean = empty.scatter_reduce(0, index, own, "mean", include_self=False)
    most = empty.scatter_reduce(0, index, own, "amax", include_self=False)
    vectors = functional.dropout(torch.cat([most, mean], 1), settings.dropout, training=True)
    features = last.new_zeros(laid.size, SENTENCE_FEATURES).index_copy(0, laid.rows, laid.features)
    there = last.new_zeros(laid.size, 1).index_fill(0, laid.rows, 1.0)
    rows = torch.relu(vectors @ weights["A"] + features @ weights["Ac"] + weights["a"]) * there
    for number, dilation in enumerate(SENTENCE_DILATIONS):
        update = torch.relu(beside(rows, dilation) @ weights[f"V{number}"] + weights[f"v{number}"])
        rows = rows + functional.dropout(update, settings.dropout, training=True) * there
    return rows


def _pointer(weights: NetworkWeights, context: Tensor, laid: _Laid) -> Tensor:
    """Return the scores of the sentences around each one, then of none and farther; very low beyond the document."""
    asks, replies = context @ weights["asks"], context @ weights["replies"]
    there = torch.zeros(laid.size + 2 * POINTER_REACH, dtype=torch.bool)
    there[laid.rows + POINTER_REACH] = True
    document = torch.zeros(laid.size, dtype=torch.long)
    document[laid.rows] = _documents(laid.rows)
    columns = []
    for offset in range(-POINTER_REACH, POINTER_REACH + 1):
        other = (laid.rows + offset).clamp(0, laid.size - 1)
        near = there[laid.rows + offset + POINTER_REACH] & (document[other] == document[laid.rows])
        score = (asks[laid.rows] * replies[other]).sum(-1) * asks.shape[1] ** -0.5
        columns.append(torch.where(near, score, score.new_full((), _NOWHERE)))
    own = context[laid.rows] @ weights["own"] + weights["own_b"]
    return torch.cat([torch.stack(columns, 1) + own[:, :-2], own[:, -2:]], 1)


_NOWHERE = -1e4


def _documents(rows: Tensor) -> Tensor:
    """Return the number of each sentence's document; a gap in the rows begins another document."""
    return torch.cat(
        [torch.zeros(1, dtype=torch.long), (rows[1:] != rows[:-1] + 1).long().cumsum(0)]
    )


def _yes_no(given: Tensor, told: Tensor, weight: Tensor | None = None) -> Tensor:
    """Return the cross entropy of yes-or-no answers: summed over questions, averaged over rows, which may be weighted."""
    lost = functional.binary_cross_entropy_with_logits(given, told, reduction="none")
    if weight is None:
        return lost.sum() / len(given)
    return (lost * weight).sum() / weight.sum().clamp(min=1.0)


def _many(given: Tensor, told: Tensor, weight: Tensor | None = None) -> Tensor:
    """Return the cross entropy of one label among many, averaged over rows."""
    lost = -(told * functional.log_softmax(given, 1)).sum(1)
    if weight is None:
        return lost.mean()
    return (lost * weight).sum() / weight.sum().clamp(min=1.0)


class _Descent:
    """AdamW with a warm-up, a cosine schedule and a running average of the weights."""

    def __init__(self, weights: NetworkWeights, settings: StudentSettings, steps: int) -> None:
        for weight in weights.values():
            weight.requires_grad_(True)
        self.weights, self.rate, self.steps = weights, settings.rate, steps
        plain = [w for w in weights.values() if w.ndim < 2]
        wide = [w for w in weights.values() if w.ndim > 1]
        self.optimiser = torch.optim.AdamW(
            [{"params": wide}, {"params": plain, "weight_decay": 0.0}],
            lr=settings.rate, betas=(0.9, 0.99), weight_decay=settings.decay, fused=True,
        )  # fmt: skip
        self.average = {name: weight.detach().clone() for name, weight in weights.items()}
        self.count = 0

    def step(self, loss: Tensor) -> None:
        """Take one step along the gradient of `loss`."""
        self.count += 1
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(self.weights.values()), 1.0)
        cosine = 0.49 * (1 + math.cos(math.pi * min(1.0, self.count / self.steps))) + 0.02
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * min(1.0, self.count / 100) * cosine
        self.optimiser.step()
        if self.count % 4 == 0:
            keep = min(0.997, (1 + self.count) / (10 + self.count)) ** 4
            for name, weight in self.weights.items():
                self.average[name].lerp_(weight.detach(), 1 - keep)
