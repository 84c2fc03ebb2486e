"""Learn how tags become hedges: phrases from annotated articles, small linear models from readings beside them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from reportedly.annotation.hedging.detect import HedgeModel, listed_cues
from reportedly.annotation.hedging.spans import (
    LONGEST,
    CuePhrases,
    CueSpans,
    HedgeSpanModel,
    candidate_spans,
    choose_spans,
    cue_kinds,
    inside_of,
    phrase_codes,
    span_features,
    voice_features,
)
from reportedly.annotation.reader.alignment import place_each
from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.annotation.tokens.word_features import word_features
from reportedly.corpora.gold import GoldArticle
from reportedly.datamodel import HEDGE_KINDS, Attribution, Segmented
from reportedly.datamodel.arrays import Bools, Floats, Floats32, Ints

_LEAST_MARKED = 2
"""How often a phrase must be marked to be known."""

_SMOOTHING = 0.5
_STRENGTH = 0.1
_FOLDS = 5
_SEED = 13
_GRID = np.arange(0.1, 0.91, 0.02)


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An annotated article, its text without a headline, and what the reader says of it."""

    article: GoldArticle
    body: Segmented
    reading: Reading
    attributions: tuple[Attribution, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkedCue:
    """An annotated cue in one piece: tokens ``[first, last)`` of its article, kind and voice."""

    first: int
    last: int
    kind: int
    by_source: bool


def marked_cues(article: GoldArticle, body: Segmented) -> list[MarkedCue]:
    """Return the annotated cues of an article on the tokens of `body`; those in several pieces are left out."""
    starts, ends = np.array(body.tokens.starts), np.array(body.tokens.ends)
    found = []
    for sentence in article.sentences:
        if sentence.furniture or not sentence.hedges:
            continue
        words = sentence.span.of(article.document.text)
        for hedge, spans in zip(
            sentence.hedges, place_each(words, [h.cue for h in sentence.hedges]), strict=True
        ):
            if len(spans) != 1:
                continue
            start, end = (sentence.span.start + at for at in spans[0])
            first = int(np.searchsorted(ends, start, side="right"))
            last = int(np.searchsorted(starts, end))
            if last > first:
                kind = HEDGE_KINDS.index(hedge.kind)  # type: ignore[arg-type]
                found.append(MarkedCue(first, last, kind, hedge.voice == "source"))
    return found


def learn_phrases(articles: Sequence[tuple[GoldArticle, Segmented]]) -> CuePhrases:
    """Return the phrases that annotated articles mark at least twice, and how often where they stand.

    `articles` come with their texts without headlines.
    """
    marked: Counter[int] = Counter()
    kinds: dict[int, Counter[int]] = defaultdict(Counter)
    prepared = []
    for article, body in articles:
        if not len(body.tokens):
            continue
        words = word_features(body.tokens.forms).spelling
        cues = marked_cues(article, body)
        prepared.append((words, cues))
        for cue in cues:
            size = cue.last - cue.first
            if size <= LONGEST:
                code = int(phrase_codes(words[cue.first : cue.last], size)[0])
                marked[code] += 1
                kinds[code][cue.kind] += 1
    known = np.array(sorted(c for c, n in marked.items() if n >= _LEAST_MARKED), np.uint64)
    stands, touches = np.zeros(len(known)), np.zeros(len(known))
    for words, cues in prepared:
        inside = np.zeros(len(words) + 1, np.int64)
        for cue in cues:
            inside[cue.first + 1 : cue.last + 1] = 1
        touched = np.cumsum(inside)
        for size in range(1, min(LONGEST, len(words)) + 1):
            codes = phrase_codes(words, size)
            at = np.minimum(np.searchsorted(known, codes), len(known) - 1)
            here = known[at] == codes
            np.add.at(stands, at[here], 1)
            np.add.at(touches, at[here & (touched[size:] > touched[:-size])], 1)
    hits = np.array([marked[int(code)] for code in known])
    odds = [_log_odds(hits, total) for total in (stands, touches)]
    chances = np.array([[kinds[int(c)][k] + _SMOOTHING for k in range(len(HEDGE_KINDS))] for c in known])  # fmt: skip
    chances = chances.reshape(-1, len(HEDGE_KINDS))
    chances /= chances.sum(axis=1, keepdims=True)
    return CuePhrases(
        known, np.stack(odds, axis=1).astype(np.float32), np.log(chances).astype(np.float32)
    )


def _log_odds(hits: Ints, total: Floats) -> Floats:
    """Return log odds that are shrunk towards even ones."""
    return np.log((hits + _SMOOTHING) / (np.maximum(total - hits, 0) + _SMOOTHING))


@dataclass(frozen=True, slots=True)
class _Candidates:
    """The candidates of one article: features, whether each is exactly or partly a cue, and the cues."""

    spans: CueSpans
    features: Floats32
    exact: Bools
    touching: Bools
    cues: list[MarkedCue]
    sentence: Ints


def learn_hedge_spans(
    articles: Sequence[ReadArticle], phrases: CuePhrases, words: HedgeModel
) -> HedgeSpanModel:
    """Return how tags become hedges, learnt from what the reader says of articles that it has not learnt from.

    The threshold is where the sum of F1 of exact cues and of hedged sentences is highest out of fold.
    """
    prepared = [_prepared(article, phrases, words) for article in articles]
    fold = np.random.default_rng(_SEED).permutation(len(prepared)) % _FOLDS
    held: list[Floats] = [np.zeros((0, 2))] * len(prepared)
    for number in range(_FOLDS):
        weights, bias = _fit([p for p, f in zip(prepared, fold, strict=True) if f != number])
        for index in np.flatnonzero(fold == number).tolist():
            odds = prepared[index].features.astype(np.float64) @ weights + bias
            held[index] = 1 / (1 + np.exp(-odds))
    scores = np.array([_score(prepared, held, least) for least in _GRID])
    smooth = np.convolve(np.pad(scores, 2, mode="edge"), np.ones(5) / 5, "valid")
    weights, bias = _fit(prepared)
    return HedgeSpanModel(
        phrases, weights, bias, float(_GRID[int(smooth.argmax())]), _fit_voice(articles, phrases)
    )


def _prepared(article: ReadArticle, phrases: CuePhrases, words: HedgeModel) -> _Candidates:
    layout = DocBatch.of(article.body)
    listed = listed_cues(layout, [article.attributions], words)
    tags = article.reading.hedges
    spans = candidate_spans(layout, inside_of(tags), phrases, listed)
    cues = marked_cues(article.article, article.body)
    places = {(cue.first, cue.last) for cue in cues}
    inside = np.zeros(len(article.body.tokens) + 1, np.int64)
    for cue in cues:
        inside[cue.first + 1 : cue.last + 1] = 1
    touched = np.cumsum(inside)
    exact = [pair in places for pair in zip(spans.first.tolist(), spans.last.tolist(), strict=True)]
    return _Candidates(
        spans,
        span_features(layout, tags, article.reading.answers, spans, phrases, listed),
        np.array(exact, np.bool_),
        touched[spans.last] > touched[spans.first],
        cues,
        layout.sentence,
    )


def _fit(prepared: Sequence[_Candidates]) -> tuple[Floats32, Floats32]:
    """Return the weights and biases of both models."""
    table = np.concatenate([p.features for p in prepared])
    scale = StandardScaler().fit(table)
    weights, bias = np.zeros((table.shape[1], 2), np.float32), np.zeros(2, np.float32)
    for column, name in enumerate(("exact", "touching")):
        truth = np.concatenate([getattr(p, name) for p in prepared])
        learner = LogisticRegression(C=_STRENGTH, max_iter=500).fit(scale.transform(table), truth)
        weights[:, column] = learner.coef_[0] / scale.scale_
        bias[column] = learner.intercept_[0] - float(weights[:, column] @ scale.mean_)
    return weights, bias


def _score(prepared: Sequence[_Candidates], held: Sequence[Floats], least: float) -> float:
    """Return F1 of exact cues and of hedged sentences, added."""
    counts = np.zeros((2, 3))
    for one, chances in zip(prepared, held, strict=True):
        chosen = choose_spans(one.spans, chances, least)
        places = {(int(one.spans.first[i]), int(one.spans.last[i])) for i in chosen}
        truth = {(cue.first, cue.last) for cue in one.cues}
        counts[0] += len(places & truth), len(places), len(truth)
        found, true = ({int(one.sentence[first]) for first, _ in some} for some in (places, truth))
        counts[1] += len(found & true), len(found), len(true)
    return float((2 * counts[:, 0] / np.maximum(counts[:, 1] + counts[:, 2], 1)).sum())


def _fit_voice(articles: Sequence[ReadArticle], phrases: CuePhrases) -> Floats32:
    """Return the weights that tell a source's hedge from the reporter's, given where the hedges are."""
    rows, truth = [], []
    for article in articles:
        layout = DocBatch.of(article.body)
        cues = marked_cues(article.article, article.body)
        if not cues:
            continue
        first, last = (np.array([getattr(c, end) for c in cues]) for end in ("first", "last"))
        spans = CueSpans(first, last, np.full(len(cues), -1))
        every = np.arange(len(cues))
        kinds = cue_kinds(article.reading.hedges, spans, every, phrases)
        reading = article.reading
        rows.append(
            voice_features(layout, reading.answers, reading.voice[:, 0], spans, every, kinds)
        )
        truth += [cue.by_source for cue in cues]
    learner = LogisticRegression(C=1.0, fit_intercept=False, max_iter=500)
    learner.fit(np.concatenate(rows), truth)
    weights: Floats32 = learner.coef_[0].astype(np.float32)
    return weights
