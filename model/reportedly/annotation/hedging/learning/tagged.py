"""Train the small linear models that turn the reader's tags into hedges, on readings of annotated articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from reportedly.annotation.hedging.detect import HedgeModel, TermModel, default_cues, listed_cues
from reportedly.annotation.hedging.learning.fitting import fit_hedging, mark_article
from reportedly.annotation.hedging.tagged import (
    HedgeSpanModel,
    HedgeTags,
    ListedCues,
    choose_spans,
    cue_kinds,
    looked_at,
    span_features,
    voice_features,
)
from reportedly.annotation.reader.alignment import place_each
from reportedly.annotation.reader.decisions import smoothed
from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.annotation.tokens.word_features import WordClasses
from reportedly.corpora.gold import GoldArticle
from reportedly.datamodel import HEDGE_KINDS, Segmented
from reportedly.datamodel.arrays import Bools, Floats, Floats32, Ints

_STRENGTH = 0.1
_FOLDS = 5
_SEED = 13
_GRID = np.arange(0.3, 0.71, 0.02)
_WIDTH = 9
"""Thresholds whose scores are averaged: with fewer, one of two peaks a thousandth apart is chosen by chance."""

ReadGold = tuple[GoldArticle, Segmented, Reading]
"""An annotated article, its text without the headline, and the reading of that text."""


@dataclass(frozen=True, slots=True)
class MarkedCue:
    """An annotated contiguous cue: tokens ``[first, last)`` of its article, the number of its kind, and its voice."""

    first: int
    last: int
    kind: int
    by_source: bool


@dataclass(frozen=True, slots=True)
class _Candidates:
    """The candidates of an article: features, which are cues, which share words with a cue, and the cues."""

    spans: ListedCues
    features: Floats
    exact: Bools
    touching: Bools
    cues: frozenset[tuple[int, int]]
    sentence: Ints


def marked_cues(article: GoldArticle, body: Segmented) -> list[MarkedCue]:
    """Return the annotated cues of an article as tokens of `body`; discontinuous ones are left out."""
    starts, ends = np.array(body.tokens.starts), np.array(body.tokens.ends)
    found = []
    for sentence in article.sentences:
        hedges = () if sentence.furniture else sentence.hedges
        places = place_each(sentence.span.of(article.document.text), [h.cue for h in hedges])
        for hedge, spans in zip(hedges, places, strict=True):
            if len(spans) != 1:
                continue
            start, end = (sentence.span.start + at for at in spans[0])
            first, last = np.searchsorted(ends, start, side="right"), np.searchsorted(starts, end)
            if last > first:
                kind = HEDGE_KINDS.index(hedge.kind)
                found.append(MarkedCue(int(first), int(last), kind, hedge.voice == "source"))
    return found


def train_hedge_reader(
    articles: Sequence[GoldArticle], read: Sequence[ReadGold], classes: WordClasses
) -> HedgeModel:
    """Return the hedge model of a bundle.

    The model of the words around listed terms is trained on annotated `articles`, the model of the tags on those that were `read`;
    no article may be among both.
    """
    marked = [mark_article(article) for article in articles]
    words = fit_hedging(marked, default_cues(), classes=classes)
    return HedgeModel(words, learn_hedge_spans(read, words))


def learn_hedge_spans(articles: Sequence[ReadGold], words: TermModel) -> HedgeSpanModel:
    """Return the model of the tags, trained on articles that neither the reader nor `words` was trained on.

    The threshold maximises the sum of F1 of exact cues and F1 of hedged sentences, out of fold.
    """
    told = [one for one in articles if one[1].sentences]
    prepared = [_prepared(*one, words) for one in told]
    fold = np.random.default_rng(_SEED).permutation(len(prepared)) % _FOLDS
    held: list[Floats] = [np.zeros((0, 2))] * len(prepared)
    for number in range(_FOLDS):
        part = _fit([p for p, f in zip(prepared, fold, strict=True) if f != number])
        for index in np.flatnonzero(fold == number).tolist():
            held[index] = part.chances(prepared[index].features)
    scores = smoothed([_score(prepared, held, least) for least in _GRID], _WIDTH)
    least = float(_GRID[int(scores.argmax())])
    return replace(_fit(prepared), least=least, spoken=_fit_voice(told))


def _prepared(
    article: GoldArticle, body: Segmented, reading: Reading, words: TermModel
) -> _Candidates:
    layout, tags = DocBatch.of(body), HedgeTags.of([reading])
    listed = listed_cues(layout, words)
    spans = looked_at(layout, tags, listed)
    cues = {(cue.first, cue.last) for cue in marked_cues(article, body)}
    inside = np.zeros(len(body.tokens) + 1, np.int64)
    for first, last in cues:
        inside[first + 1 : last + 1] = 1
    touched = np.cumsum(inside)
    places = zip(spans.first.tolist(), spans.last.tolist(), strict=True)
    return _Candidates(
        spans, span_features(layout, tags, spans), np.array([pair in cues for pair in places]),
        touched[spans.last] > touched[spans.first], frozenset(cues), layout.sentence,
    )  # fmt: skip


def _fit(prepared: Sequence[_Candidates]) -> HedgeSpanModel:
    """Return both linear models, trained on the candidates of these articles, without threshold and voice."""
    table = np.concatenate([p.features for p in prepared])
    scale = StandardScaler().fit(table)
    weights, bias = np.zeros((table.shape[1], 2), np.float32), np.zeros(2, np.float32)
    for column, name in enumerate(("exact", "touching")):
        truth = np.concatenate([getattr(p, name) for p in prepared])
        learner = LogisticRegression(C=_STRENGTH, max_iter=500).fit(scale.transform(table), truth)
        weights[:, column] = learner.coef_[0] / scale.scale_
        bias[column] = learner.intercept_[0] - float(weights[:, column] @ scale.mean_)
    return HedgeSpanModel(weights, bias, 0.5, np.zeros(5, np.float32))


def _score(prepared: Sequence[_Candidates], held: Sequence[Floats], least: float) -> float:
    """Return the sum of F1 of exact cues and F1 of hedged sentences."""
    counts = np.zeros((2, 2))
    for one, chances in zip(prepared, held, strict=True):
        chosen = choose_spans(one.spans, chances, least)
        found = {(int(one.spans.first[i]), int(one.spans.last[i])) for i in chosen}
        there, true = ({int(one.sentence[at]) for at, _ in some} for some in (found, one.cues))
        counts += [(len(found & one.cues), len(found) + len(one.cues)), (len(there & true), len(there) + len(true))]  # fmt: skip
    return float((2 * counts[:, 0] / np.maximum(counts[:, 1], 1)).sum())


def _fit_voice(articles: Sequence[ReadGold]) -> Floats32:
    """Return the weights that separate sources' hedges from the reporter's, given the places of the hedges."""
    rows, truth = [], []
    for article, body, reading in articles:
        cues = marked_cues(article, body)
        if not cues:
            continue
        layout, tags = DocBatch.of(body), HedgeTags.of([reading])
        first, last, kind = (np.array([getattr(c, n) for c in cues]) for n in ("first", "last", "kind"))  # fmt: skip
        spans = ListedCues(
            first, last, kind, np.ones(len(cues), np.float32), np.zeros(len(cues), np.bool_)
        )
        rows.append(voice_features(layout, tags, spans, cue_kinds(tags, spans)))
        truth += [cue.by_source for cue in cues]
    learner = LogisticRegression(fit_intercept=False, max_iter=500)
    weights: Floats32 = learner.fit(np.concatenate(rows), truth).coef_[0].astype(np.float32)
    return weights
