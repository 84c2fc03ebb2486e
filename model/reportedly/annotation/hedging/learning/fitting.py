"""Train the model of which cue candidates hedge, from annotated news or any corpus with marked cues.

``python train.py evidence`` and the evaluation call :func:`fit_hedging`, each on its own articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.cluster import MiniBatchKMeans
from sklearn.linear_model import LogisticRegression
from sklearn.utils.extmath import randomized_svd

from reportedly.annotation.hedging.detect import (
    FEATURES,
    HEDGE_BITS,
    SCALES,
    Candidates,
    Context,
    CueList,
    TermModel,
    candidate_features,
    context_of,
    find_cue_candidates,
)
from reportedly.annotation.hedging.tagged import choose_spans
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.annotation.tokens.word_features import (
    Codes,
    WordClasses,
    cover,
    word_features,
)
from reportedly.corpora.gold import GoldArticle, GoldHedge
from reportedly.datamodel import Segmented, Span
from reportedly.datamodel.arrays import Bools, Ints
from reportedly.reading.segmentation import segment, tokenise

HEDGING_SEED = 13
HEDGING_C = 0.3
"""Inverse of the L2 penalty, chosen by cross-validation on the annotated news."""


@dataclass(frozen=True, slots=True)
class AnnotatedText:
    """A text with the spans of its true cues, and the sentences that count."""

    segmented: Segmented
    where: Context
    cues: frozenset[Span]
    counted: Bools


def mark_article(article: GoldArticle) -> AnnotatedText:
    """Return an annotated article with its cues located; annotated page furniture does not count."""
    segmented = segment(article.document)
    text = segmented.text
    spans = {span for s in article.sentences for span in locate_cues(text, s.span, s.hedges)}
    starts = [s.start for s in segmented.sentences]
    furniture = cover(starts, [s.span for s in article.sentences if s.furniture])
    return AnnotatedText(
        segmented, context_of(DocBatch.of(segmented)), frozenset(spans), ~furniture
    )


def locate_cues(text: str, sentence: Span, hedges: Iterable[GoldHedge]) -> list[Span]:
    """Return the places of each cue's words in `sentence`; a cue annotated twice has two places."""
    found: list[Span] = []
    for hedge in hedges:
        at = sentence.start
        while hedge.cue and (at := text.find(hedge.cue, at, sentence.end)) >= 0:
            span = Span(at, at + len(hedge.cue))
            whole = not (text[at - 1 : at].isalnum() or text[span.end : span.end + 1].isalnum())
            if whole and not any(span.overlaps(other) for other in found):
                found.append(span)
                break
            at += 1
    return found


def _sentence_numbers(segmented: Segmented, found: Candidates) -> Ints:
    """Return the number of the sentence of each candidate."""
    starts = np.array([s.first for s in segmented.sentences])
    return np.searchsorted(starts, found.first, side="right") - 1


def _counted(marked: AnnotatedText, cues: CueList) -> Candidates:
    """Return the candidates of `marked` in the sentences that count."""
    found = find_cue_candidates(marked.where, cues)
    keep = marked.counted[_sentence_numbers(marked.segmented, found)]
    return Candidates(found.first[keep], found.last[keep], found.row[keep])


def hedge_examples(
    marked: AnnotatedText, cues: CueList, classes: WordClasses
) -> tuple[Candidates, Ints, Bools]:
    """Return the candidates of `marked`, their feature buckets, and which of them are annotated hedges."""
    found = _counted(marked, cues)
    tokens = marked.segmented.tokens
    truth = np.array(
        [
            tokens.span(int(first), int(last)) in marked.cues
            for first, last in zip(found.first, found.last, strict=True)
        ],
        np.bool_,
    )
    return found, candidate_features(marked.where, cues, found, classes), truth


def matrix(features: Ints) -> csr_matrix:
    """Return feature buckets as a sparse matrix of counts."""
    rows = len(features)
    return csr_matrix(
        (
            np.tile(SCALES, rows),
            features.ravel(),
            np.arange(0, features.size + 1, FEATURES),
        ),
        shape=(rows, 1 << HEDGE_BITS),
    )


def fit_hedging(
    marked: Sequence[AnnotatedText],
    cues: CueList,
    *,
    classes: WordClasses,
    strength: float = HEDGING_C,
) -> TermModel:
    """Return a model trained on the candidates of `marked`."""
    parts = [hedge_examples(one, cues, classes) for one in marked]
    features = matrix(np.concatenate([part[1] for part in parts]))
    truth = np.concatenate([part[2] for part in parts])
    learner = LogisticRegression(C=strength, solver="liblinear", random_state=HEDGING_SEED)
    learner.fit(features, truth)
    learnt, bias = learner.coef_[0].astype(np.float32), float(learner.intercept_[0])
    learnt[np.abs(learnt) < 1e-3] = 0
    return TermModel(learnt, bias, cues, classes)


def predict(marked: AnnotatedText, model: TermModel, least: float) -> frozenset[Span]:
    """Return the spans of the cues in the sentences of `marked` that count whose probability is at least `least`.

    Of overlapping candidates the most likely is kept.
    """
    found, features, _ = hedge_examples(marked, model.cues, model.classes)
    chances = model.probabilities(features)
    tokens = marked.segmented.tokens
    return frozenset(
        tokens.span(int(found.first[i]), int(found.last[i]))
        for i in choose_spans(found, np.stack([chances, chances], axis=1), least)
    )


def learn_word_classes(
    texts: Sequence[str], *, words: int = 25_000, granularities: Sequence[int] = (64, 400)
) -> WordClasses:
    """Return classes of the `words` most frequent words of `texts`, one clustering per granularity.

    Words are described by the leading 64 singular vectors of the positive pointwise mutual information
    with their neighbours at distances 1 and 2 (Levy and Goldberg 2014), and clustered by k-means.
    """
    codes = [word_features(tokenise(text).forms).spelling for text in texts]
    values, tally = np.unique(np.concatenate(codes), return_counts=True)
    frequent = np.sort(values[np.argsort(-tally, kind="stable")[:words]])
    context_words = min(4000, len(frequent))
    common = np.argsort(-tally[np.searchsorted(values, frequent)], kind="stable")[:context_words]
    slot = np.full(len(frequent), -1)
    slot[common] = np.arange(context_words)
    table = _neighbour_counts(codes, frequent, slot, context_words)
    left, size, _ = randomized_svd(
        _positive_information(table), 64, n_iter=3, random_state=HEDGING_SEED
    )
    vectors = left * np.sqrt(size)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    found = [
        MiniBatchKMeans(k, random_state=HEDGING_SEED, n_init=3, batch_size=4096)
        .fit(vectors)
        .labels_
        + 1
        for k in granularities
    ]
    return WordClasses(frequent.astype(np.uint32), np.stack(found, axis=1).astype(np.uint16))


def _neighbour_counts(
    codes: Sequence[Codes], frequent: Codes, slot: Ints, width: int
) -> csr_matrix:
    """Return how often each frequent word has each context word at -2, -1, +1, +2."""
    table = csr_matrix((len(frequent), 4 * width), dtype=np.float32)
    for batch in range(0, len(codes), 500):
        rows, places = [], []
        for text in codes[batch : batch + 500]:
            at = np.minimum(np.searchsorted(frequent, text), len(frequent) - 1)
            ids = np.where(frequent[at] == text, at, -1)
            for side, (word, near) in enumerate(
                ((ids[2:], ids[:-2]), (ids[1:], ids[:-1]), (ids[:-1], ids[1:]), (ids[:-2], ids[2:]))
            ):
                both = (word >= 0) & (near >= 0) & (slot[near] >= 0)
                rows.append(word[both])
                places.append(slot[near[both]] + side * width)
        row, place = np.concatenate(rows), np.concatenate(places)
        table = table + csr_matrix((np.ones(len(row), np.float32), (row, place)), table.shape)
    return table


def _positive_information(table: csr_matrix) -> csr_matrix:
    """Return the positive pointwise mutual information of counts, contexts smoothed by the power 0.75."""
    counts = table.tocoo()
    row = np.bincount(counts.row, counts.data, table.shape[0])
    column = np.bincount(counts.col, counts.data, table.shape[1]) ** 0.75
    information = np.log(counts.data * column.sum() / (row[counts.row] * column[counts.col]))
    kept = information > 0
    return csr_matrix(
        (information[kept], (counts.row[kept], counts.col[kept])), table.shape, dtype=np.float32
    )
