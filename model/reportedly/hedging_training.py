"""Learn which cue candidates hedge: from annotated news, and from any corpus with marked cues.

``python train.py hedging`` calls :func:`train`; the evaluation calls :func:`fit` on its own splits.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.cluster import MiniBatchKMeans
from sklearn.linear_model import LogisticRegression
from sklearn.utils.extmath import randomized_svd

from reportedly.columns import NO_CLASSES, Codes, Floats, Ints, Mask, WordClasses, columns, cover
from reportedly.datamodel import Attribution, Document, Segmented, Sentence, Span, Tokens
from reportedly.gold import GoldArticle, GoldHedge
from reportedly.hedges import (
    BITS,
    FEATURES,
    SCALES,
    Candidates,
    Context,
    CueList,
    HedgeModel,
    candidate_features,
    context,
    default_cues,
    find_candidates,
    select,
)
from reportedly.segment import segment, tokenise

SEED = 13
STRENGTH = 0.3
"""Inverse of the L2 penalty, chosen by cross-validation on the annotated news."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with the spans of its true cues, and the sentences that count."""

    segmented: Segmented
    where: Context
    cues: frozenset[Span]
    counted: Mask


def mark_article(article: GoldArticle, attributions: Sequence[Attribution] = ()) -> Marked:
    """Return an annotated article with its cues in place; page furniture, as annotated, does not count."""
    segmented = segment(article.document)
    text = segmented.text
    spans = {span for s in article.sentences for span in locate(text, s.span, s.hedges)}
    starts = [s.start for s in segmented.sentences]
    furniture = cover(starts, [s.span for s in article.sentences if s.furniture])
    return Marked(segmented, context(segmented, attributions), frozenset(spans), ~furniture)


def locate(text: str, sentence: Span, hedges: Iterable[GoldHedge]) -> list[Span]:
    """Return where the words of each cue stand in `sentence`; one cue named twice stands twice."""
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


def mark_sentences(rows: Sequence[tuple[str, Sequence[Span]]]) -> Marked:
    """Return single sentences, each a text with its cue spans, as one marked text."""
    sentences: list[Sentence] = []
    spans: set[Span] = set()
    forms: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    offset = 0
    for number, (text, cues) in enumerate(rows):
        tokens = tokenise(text)
        first = len(forms)
        forms += tokens.forms
        starts += [offset + start for start in tokens.starts]
        ends += [offset + end for end in tokens.ends]
        if len(tokens):
            sentences.append(Sentence(offset, offset + len(text), first, len(forms), number))
        spans |= {Span(offset + cue.start, offset + cue.end) for cue in cues}
        offset += len(text) + 1
    whole = Document("\n".join(text for text, _ in rows))
    columns_ = Tokens(tuple(forms), tuple(starts), tuple(ends))
    segmented = Segmented(whole, (), tuple(sentences), columns_, ())
    counted = np.ones(len(segmented.sentences), np.bool_)
    return Marked(segmented, context(segmented), frozenset(spans), counted)


def examples(marked: Marked, cues: CueList, classes: WordClasses) -> tuple[Candidates, Ints, Mask]:
    """Return the candidates of `marked`, their feature buckets, and which of them truly hedge."""
    found = find_candidates(marked.where, cues)
    starts = np.array([s.first for s in marked.segmented.sentences])
    sentence = np.searchsorted(starts, found.first, side="right") - 1
    keep = marked.counted[sentence]
    found = Candidates(found.first[keep], found.last[keep], found.row[keep])
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
        shape=(rows, 1 << BITS),
    )


def fit(
    marked: Sequence[Marked],
    cues: CueList,
    *,
    classes: WordClasses = NO_CLASSES,
    strength: float = STRENGTH,
    threshold: float = 0.5,
    weights: Sequence[float] | None = None,
) -> HedgeModel:
    """Return a model learnt from the candidates of `marked`; `weights` weigh the texts."""
    parts = [examples(one, cues, classes) for one in marked]
    features = np.concatenate([part[1] for part in parts])
    truth = np.concatenate([part[2] for part in parts])
    weight = None
    if weights is not None:
        weight = np.repeat(np.array(weights), [len(part[2]) for part in parts])
    learner = LogisticRegression(C=strength, solver="liblinear", random_state=SEED)
    learner.fit(matrix(features), truth, sample_weight=weight)
    learnt = learner.coef_[0].astype(np.float32)
    learnt[np.abs(learnt) < 1e-3] = 0
    return HedgeModel(learnt, float(learner.intercept_[0]), threshold, cues, classes)


def predict(marked: Marked, model: HedgeModel) -> frozenset[Span]:
    """Return the spans of the cues that `model` finds in the sentences of `marked` that count."""
    found, probability = chances(marked, model)
    return _spans(marked, found, probability, model.threshold)


def chances(marked: Marked, model: HedgeModel) -> tuple[Candidates, Floats]:
    """Return the candidates in the sentences of `marked` that count, and the probability of each."""
    found, features, _ = examples(marked, model.cues, model.classes)
    return found, model.probabilities(features)


def _spans(
    marked: Marked, found: Candidates, probability: Floats, threshold: float
) -> frozenset[Span]:
    """Return the spans of the candidates that are chosen at `threshold`."""
    tokens = marked.segmented.tokens
    return frozenset(
        tokens.span(int(found.first[i]), int(found.last[i]))
        for i in select(found, probability, threshold)
    )


def sentences_of(marked: Marked, spans: Iterable[Span]) -> set[int]:
    """Return the numbers of the sentences in which `spans` begin."""
    starts = [sentence.start for sentence in marked.segmented.sentences]
    return {bisect_right(starts, span.start) - 1 for span in spans}


def best_threshold(marked: Sequence[Marked], scored: Sequence[tuple[Candidates, Floats]]) -> float:
    """Return the threshold of the best sum of cue F1 (exact) and sentence F1.

    `scored` holds the candidates of each of `marked` with probabilities from models that did not learn from it.
    """
    best = (-1.0, 0.5)
    there = [sentences_of(one, one.cues) for one in marked]
    for threshold in np.arange(0.2, 0.71, 0.02):
        cues, sentences = np.zeros(2), np.zeros(2)
        for one, (found, probability), hedged in zip(marked, scored, there, strict=True):
            got = _spans(one, found, probability, float(threshold))
            hedging = sentences_of(one, got)
            cues += len(got & one.cues), len(got) + len(one.cues)
            sentences += len(hedging & hedged), len(hedging) + len(hedged)
        f1 = sum(2 * right / max(total, 1) for right, total in (cues, sentences))
        best = max(best, (f1, float(threshold)))
    return best[1]


def fit_with_threshold(
    marked: Sequence[Marked],
    cues: CueList,
    classes: WordClasses,
    *,
    beside: Sequence[Marked] = (),
    folds: int = 5,
) -> HedgeModel:
    """Return a model learnt from `marked` and `beside`; its threshold suits `marked`, each fold scored by the others."""
    fold = np.random.default_rng(SEED).permutation(len(marked)) % folds
    apart = [
        fit(
            [*(m for m, f in zip(marked, fold, strict=True) if f != number), *beside],
            cues,
            classes=classes,
        )
        for number in range(folds)
    ]
    scored = [chances(one, apart[f]) for one, f in zip(marked, fold, strict=True)]
    threshold = best_threshold(marked, scored)
    return fit([*marked, *beside], cues, classes=classes, threshold=threshold)


def train(
    articles: Sequence[GoldArticle],
    classes: WordClasses,
    detect: Callable[[Segmented], Sequence[Attribution]] | None = None,
    *,
    more: Sequence[GoldArticle] = (),
) -> HedgeModel:
    """Return the model that ships: learnt from `articles` and `more`.

    The threshold comes from held-out fifths of `articles` alone, the kind that the model is for. `detect` finds
    the attributions that tell the reporter's words from a source's.
    """
    marked, beside = (
        [mark_article(a, detect(segment(a.document)) if detect else ()) for a in some]
        for some in (articles, more)
    )
    return fit_with_threshold(marked, default_cues(), classes, beside=beside)


def learn_word_classes(
    texts: Sequence[str], *, words: int = 25_000, granularities: Sequence[int] = (64, 400)
) -> WordClasses:
    """Return classes of the `words` most frequent words of `texts`, one clustering a granularity.

    Words are described by the leading 64 singular vectors of the positive pointwise mutual information
    with their neighbours at distances 1 and 2 (Levy and Goldberg 2014), and clustered by k-means.
    """
    codes = [columns(tokenise(text).forms).spelling for text in texts]
    values, tally = np.unique(np.concatenate(codes), return_counts=True)
    frequent = np.sort(values[np.argsort(-tally, kind="stable")[:words]])
    context_words = min(4000, len(frequent))
    common = np.argsort(-tally[np.searchsorted(values, frequent)], kind="stable")[:context_words]
    slot = np.full(len(frequent), -1)
    slot[common] = np.arange(context_words)
    table = _neighbour_counts(codes, frequent, slot, context_words)
    left, size, _ = randomized_svd(_positive_information(table), 64, n_iter=3, random_state=SEED)
    vectors = left * np.sqrt(size)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
    found = [
        MiniBatchKMeans(k, random_state=SEED, n_init=3, batch_size=4096).fit(vectors).labels_ + 1
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
