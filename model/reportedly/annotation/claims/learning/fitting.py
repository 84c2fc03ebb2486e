"""Learn check-worthiness and support: text heads first, then trees and a linear model over heads and context.

``python train.py claims`` calls :func:`train_claims`; the evaluation calls :func:`fit_claims` on the folds of a
cross-validation. Heads that are learnt on the annotated articles score those articles out of fold, so that
the trees see them as they will see new text (Wolpert 1992).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, vstack
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.preprocessing import StandardScaler

from reportedly.annotation.claims.detect import (
    CLAIM_BITS,
    ClaimModel,
    Linear,
    SourcesPerSentence,
    StackedClassifier,
    TextScorers,
    Trees,
    dense_features,
    token_buckets,
    with_neighbours,
    witnessed,
)
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.annotation.tokens.word_features import WordClasses, WordFeatures, word_features
from reportedly.corpora.gold import GoldArticle, GoldSentence
from reportedly.corpora.leaks import Screen
from reportedly.corpora.sentences import sentence_corpora
from reportedly.datamodel import (
    FOLDED_SUPPORTS,
    SOURCE_CLASSES,
    UNVERIFIED_SUPPORTS,
    Hedge,
    Segmented,
)
from reportedly.datamodel.arrays import Bools, Floats32, Ints
from reportedly.reading.furniture import find_furniture
from reportedly.reading.segmentation import segment, tokenise

CLAIMS_SEED = 13
_UNVERIFIED = np.array([support in UNVERIFIED_SUPPORTS for support in FOLDED_SUPPORTS])


@dataclass(frozen=True, slots=True)
class PreparedClaims:
    """An annotated article made ready: text features, countable features, and the answers.

    `support` holds indices of ``FOLDED_SUPPORTS``, -1 where there is none; `attributed` tells which of
    ``SOURCE_CLASSES`` the annotation attributes each sentence to, `allowed` which supports the sources that
    were found allow.
    """

    text: csr_matrix
    dense: Floats32
    furniture: Bools
    counted: Bools
    checkworthy: Bools
    support: Ints
    attributed: Bools
    allowed: Bools


@dataclass(frozen=True, slots=True)
class LinearScorers:
    """Text heads as learnt: one weight column and intercept each."""

    weights: Floats32
    bias: Floats32

    def score(self, text: csr_matrix) -> Floats32:
        """Return the score of each row of `text` under each head."""
        return cast("Floats32", np.asarray(text @ self.weights + self.bias, np.float32))

    def beside(self, other: LinearScorers) -> LinearScorers:
        """Return these heads followed by `other`."""
        return LinearScorers(
            np.concatenate([self.weights, other.weights], axis=1),
            np.concatenate([self.bias, other.bias]),
        )


def gold_sources_per_sentence(sentences: Sequence[GoldSentence]) -> SourcesPerSentence:
    """Return who is attributed in each sentence according to the annotation: the upper bound."""
    said = np.zeros((len(sentences), len(SOURCE_CLASSES)), np.float32)
    carried = np.zeros_like(said)
    for number, sentence in enumerate(sentences):
        for attribution in sentence.attributions:
            table = said if attribution.source or attribution.cue else carried
            table[number, SOURCE_CLASSES.index(attribution.source_class)] += 1
    return SourcesPerSentence(said, carried)


def prepare_claims(
    article: GoldArticle,
    classes: WordClasses,
    detect: Callable[[Segmented], tuple[SourcesPerSentence, Sequence[Hedge]]] | None = None,
) -> PreparedClaims:
    """Return `article` made ready; `detect` finds attributions and hedges, else the annotated ones serve."""
    segmented = segment(article.document, find_furniture)
    sentences = _aligned(article, segmented)
    vouched, hedges = detect(segmented) if detect else (gold_sources_per_sentence(sentences), ())
    words = word_features(segmented.tokens.forms)
    names: list[str | None] = [*FOLDED_SUPPORTS, None]
    support = np.array([names.index(s.support) for s in sentences])
    return PreparedClaims(
        text=text_matrix(words, _firsts(segmented), classes),
        dense=dense_features(DocBatch.of(segmented), words, vouched, [hedges]),
        furniture=np.array([s.furniture for s in segmented.sentences]),
        counted=np.array([not s.furniture for s in sentences]),
        checkworthy=np.array([s.checkworthy for s in sentences]),
        support=np.where(support == len(FOLDED_SUPPORTS), -1, support),
        attributed=np.array([[c in s.classes for c in SOURCE_CLASSES] for s in sentences]),
        allowed=witnessed(vouched),
    )


def _aligned(article: GoldArticle, segmented: Segmented) -> list[GoldSentence]:
    """Return the annotation of each sentence of `segmented`: that of the sentence it begins in."""
    starts = [s.span.start for s in article.sentences]
    at = np.searchsorted(starts, [s.start for s in segmented.sentences], "right") - 1
    return [article.sentences[max(n, 0)] for n in at.tolist()]


def _firsts(segmented: Segmented) -> Ints:
    """Return the first token of each sentence."""
    return np.array([s.first for s in segmented.sentences], np.int64)


def text_matrix(words: WordFeatures, first: Ints, classes: WordClasses) -> csr_matrix:
    """Return the text features of each sentence, each divided by the root of its length."""
    buckets = token_buckets(words, first, classes)
    size = np.diff(np.append(first, len(words)))
    width = buckets.shape[1]
    values = np.repeat(1 / np.sqrt(size), size * width).astype(np.float32)
    pointers = np.concatenate([[0], np.cumsum(size * width)])
    table = csr_matrix((values, buckets.ravel(), pointers), shape=(len(first), 1 << CLAIM_BITS))
    table.sum_duplicates()
    return table


def sentence_matrix(texts: Sequence[str], classes: WordClasses) -> csr_matrix:
    """Return the text features of single sentences."""
    forms = [tokenise(text).forms or (".",) for text in texts]
    sizes = np.array([len(f) for f in forms])
    words = word_features([form for sentence in forms for form in sentence])
    return text_matrix(words, np.cumsum(sizes) - sizes, classes)


def fit_scorers(
    text: csr_matrix, targets: Sequence[tuple[Bools, Bools]], *, strength: float, least: int = 2
) -> LinearScorers:
    """Return one logistic regression a target; a target is its positive rows, and the rows that count.

    Buckets that fewer than `least` rows fill are left out.
    """
    often = np.bincount(text.indices, minlength=text.shape[1]) >= least
    kept = np.flatnonzero(often)
    narrow = text[:, kept]
    weights = np.zeros((text.shape[1], len(targets)), np.float32)
    bias = np.zeros(len(targets), np.float32)
    for number, (positive, counted) in enumerate(targets):
        if len(np.unique(positive[counted])) < 2:
            continue  # nothing to tell apart: the head stays 0
        learner = LogisticRegression(
            C=strength, solver="liblinear", tol=1e-3, random_state=CLAIMS_SEED
        )
        learner.fit(narrow[counted], positive[counted])
        weights[kept, number] = learner.coef_[0]
        bias[number] = learner.intercept_[0]
    return LinearScorers(weights, bias)


def quantised(heads: LinearScorers, classes: WordClasses) -> TextScorers:
    """Return `heads` with 8-bit weights; the largest weight of a head keeps its size."""
    scale = np.maximum(np.abs(heads.weights).max(axis=0), 1e-9) / 127
    return TextScorers(
        np.round(heads.weights / scale).astype(np.int8),
        scale.astype(np.float32),
        heads.bias.astype(np.float32),
        classes,
    )


def own_targets(articles: Sequence[PreparedClaims]) -> list[tuple[Bools, Bools]]:
    """Return the targets of the heads learnt on annotated articles: check-worthy, each support, each source class."""
    counted = np.concatenate([a.counted for a in articles])
    worthy = np.concatenate([a.checkworthy for a in articles])
    support = np.concatenate([a.support for a in articles])
    given = counted & (support >= 0)
    attributed = np.concatenate([a.attributed for a in articles])
    return [
        (worthy, counted),
        *[(support == n, given) for n in range(len(FOLDED_SUPPORTS))],
        *[(attributed[:, n], counted) for n in range(len(SOURCE_CLASSES))],
    ]


def fit_own_scorers(articles: Sequence[PreparedClaims]) -> LinearScorers:
    """Return the heads learnt on annotated articles."""
    return fit_scorers(
        vstack([a.text for a in articles]).tocsr(), own_targets(articles), strength=2
    )


def tables(
    articles: Sequence[PreparedClaims], external: LinearScorers, own: Sequence[LinearScorers]
) -> list[Floats32]:
    """Return the trees' input of each article, whose heads on annotated news are `own[i]`."""
    return [
        with_neighbours(a.dense, external.beside(heads).score(a.text))
        for a, heads in zip(articles, own, strict=True)
    ]


def out_of_fold_scorers(articles: Sequence[PreparedClaims], folds: int = 5) -> list[LinearScorers]:
    """Return for each article the heads learnt on the articles of the other folds."""
    fold = np.random.default_rng(CLAIMS_SEED).permutation(len(articles)) % folds
    learnt = [
        fit_own_scorers([a for a, f in zip(articles, fold, strict=True) if f != number])
        for number in range(folds)
    ]
    return [learnt[number] for number in fold]


TREES = {
    "learning_rate": 0.06,
    "min_samples_leaf": 20,
    "l2_regularization": 1.0,
    "random_state": CLAIMS_SEED,
    "early_stopping": False,
}


def fit_trees(table: Floats32, answer: npt.NDArray[Any], *, count: int, depth: int) -> Trees:
    """Return boosted trees for `answer` (booleans, or indices of ``FOLDED_SUPPORTS``) over `table`."""
    learner = HistGradientBoostingClassifier(max_iter=count, max_depth=depth, **TREES)
    learner.fit(table, answer)
    return export_trees(learner, depth, len(FOLDED_SUPPORTS) if answer.dtype != np.bool_ else 1)


LINEAR_C = 0.003
"""Inverse of the L2 penalty of the linear models, over standardised columns."""


def fit_linear(table: Floats32, answer: npt.NDArray[Any]) -> Linear:
    """Return a logistic regression of `answer` (booleans, or indices of ``FOLDED_SUPPORTS``) over `table`.

    The columns' means and deviations are folded into the weights; classes never seen score minus 20.
    """
    scale = StandardScaler().fit(table)
    learner = LogisticRegression(C=LINEAR_C, max_iter=300).fit(scale.transform(table), answer)
    seen = [int(c) for c in learner.classes_] if answer.dtype != np.bool_ else [0]
    outputs = len(FOLDED_SUPPORTS) if answer.dtype != np.bool_ else 1
    weights = np.zeros((table.shape[1], outputs), np.float32)
    bias = np.full(outputs, -20 if outputs > 1 else 0, np.float32)
    if len(learner.coef_) == len(seen):
        weights[:, seen] = (learner.coef_ / scale.scale_).T
        bias[seen] = learner.intercept_ - (learner.coef_ / scale.scale_) @ scale.mean_
    else:  # two supports only: scikit-learn gives one row, the second support's against the first
        weights[:, seen[1]] = learner.coef_[0] / scale.scale_
        bias[seen] = 0
        bias[seen[1]] = learner.intercept_[0] - weights[:, seen[1]] @ scale.mean_
    return Linear(weights, bias)


def fit_stacked(
    table: Floats32, answer: npt.NDArray[Any], *, count: int, depth: int
) -> StackedClassifier:
    """Return trees and a linear model for `answer` over `table`; the trees alone if it has one value."""
    trees = fit_trees(table, answer, count=count, depth=depth)
    return StackedClassifier(
        trees, fit_linear(table, answer) if len(np.unique(answer)) > 1 else None
    )


def export_trees(learner: HistGradientBoostingClassifier, depth: int, outputs: int) -> Trees:
    """Return the trees of `learner` padded to `depth`; outputs of classes it never saw are minus 20."""
    groups = learner._predictors  # noqa: SLF001 - scikit-learn has no public way
    seen = [int(c) for c in learner.classes_][-len(groups[0]) :] if outputs > 1 else [0]
    inner, leaves = 2**depth - 1, 2**depth
    total = len(groups) * outputs
    feature = np.zeros((total, inner), np.int16)
    threshold = np.full((total, inner), np.inf, np.float32)
    leaf = np.zeros((total, leaves), np.float32)
    for number, group in enumerate(groups):
        for slot, predictor in enumerate(group):
            row = number * outputs + seen[slot]
            _export_node(predictor.nodes, 0, 0, depth, (feature[row], threshold[row], leaf[row]))
    bias = np.full(outputs, -20 if outputs > 1 else 0, np.float32)
    if outputs > 1:
        bias[learner.classes_.astype(int)] = 0  # of two classes, the second has all the trees
    bias[seen] = np.asarray(learner._baseline_prediction).ravel()  # noqa: SLF001
    return Trees(feature, threshold, leaf, bias)


def _export_node(
    nodes: npt.NDArray[Any], node: int, place: int, depth: int, into: tuple[Any, Floats32, Floats32]
) -> None:
    """Copy `node` and what is below it to `place` of a complete tree."""
    feature, threshold, leaf = into
    inner = 2**depth - 1
    if not nodes[node]["is_leaf"]:
        feature[place] = nodes[node]["feature_idx"]
        threshold[place] = nodes[node]["num_threshold"]
        _export_node(nodes, nodes[node]["left"], 2 * place + 1, depth, into)
        _export_node(nodes, nodes[node]["right"], 2 * place + 2, depth, into)
        return
    while place < inner:
        place = 2 * place + 1  # thresholds of infinity lead left
    leaf[place - inner] = nodes[node]["value"]


def fit_claims(
    articles: Sequence[PreparedClaims],
    external: LinearScorers,
    classes: WordClasses,
    *,
    folds: int = 5,
) -> ClaimModel:
    """Return a model learnt from annotated `articles` and the `external` heads.

    Calibration and thresholds come from trees that are trained on other folds of `articles`.
    """
    inputs = tables(articles, external, out_of_fold_scorers(articles))
    fold = np.random.default_rng(CLAIMS_SEED + 1).permutation(len(articles)) % folds
    stages = [_fit_stages(articles, inputs, fold != number) for number in range(folds)]
    held = [
        (stages[f][0].margin(t), stages[f][1].chances(t)) for f, t in zip(fold, inputs, strict=True)
    ]
    worth, support = _fit_stages(articles, inputs, np.ones(len(articles), np.bool_))
    heads = quantised(external.beside(fit_own_scorers(articles)), classes)
    return ClaimModel(heads, worth, support, *_decisions(articles, held))


def _fit_stages(
    articles: Sequence[PreparedClaims], inputs: Sequence[Floats32], used: Bools
) -> tuple[StackedClassifier, StackedClassifier]:
    """Return the stages for check-worthiness and for support from the articles that are `used`."""
    chosen: list[int] = np.flatnonzero(used).tolist()
    table = np.concatenate([inputs[i] for i in chosen])
    counted = np.concatenate([articles[i].counted for i in chosen])
    worthy = np.concatenate([articles[i].checkworthy for i in chosen])
    support = np.concatenate([articles[i].support for i in chosen])
    given = counted & (support >= 0)
    return (
        fit_stacked(table[counted], worthy[counted], count=100, depth=4),
        fit_stacked(table[given], support[given], count=40, depth=3),
    )


def _decisions(
    articles: Sequence[PreparedClaims], held: Sequence[tuple[Floats32, Floats32]]
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return calibration and thresholds from scores that were `held` out: best F1 of each decision."""
    counted = np.concatenate([a.counted for a in articles])
    worthy = np.concatenate([a.checkworthy for a in articles])[counted]
    support = np.concatenate([a.support for a in articles])[counted]
    score = np.concatenate([margin for margin, _ in held])[counted]
    chances = np.concatenate([kinds for _, kinds in held])[counted]
    platt = LogisticRegression(C=1e6).fit(score[:, None], worthy)
    slope, intercept = float(platt.coef_[0, 0]), float(platt.intercept_[0])
    probability = 1 / (1 + np.exp(-(slope * score + intercept)))
    grid = np.arange(0.1, 0.7, 0.01)
    least = max(grid, key=lambda t: f1_score(worthy, probability >= t))
    truth = worthy & (support >= 0) & _UNVERIFIED[support]
    unverified = probability * chances[:, _UNVERIFIED].sum(axis=1) * (probability >= least)
    enough = max(grid, key=lambda t: f1_score(truth, unverified >= t))
    return (slope, intercept), (float(least), float(enough))


def external_scorers(
    corpora: Sequence[tuple[Sequence[str], npt.NDArray[np.bool_]]], classes: WordClasses
) -> LinearScorers:
    """Return one head a corpus of single sentences with a yes or no each."""
    heads: LinearScorers | None = None
    for texts, positive in corpora:
        text = sentence_matrix(texts, classes)
        every = np.ones(len(texts), np.bool_)
        head = fit_scorers(text, [(positive, every)], strength=1, least=3)
        heads = head if heads is None else heads.beside(head)
    if heads is None:
        return LinearScorers(np.zeros((1 << CLAIM_BITS, 0), np.float32), np.zeros(0, np.float32))
    return heads


FindSourcesAndHedges = Callable[[Segmented], tuple[SourcesPerSentence, Sequence[Hedge]]]


def train_claims(
    articles: Sequence[GoldArticle],
    folder: Path,
    classes: WordClasses,
    detect: FindSourcesAndHedges,
    screened: Screen | None = None,
) -> ClaimModel:
    """Return the model that ships: external heads from the corpora in `folder`, the rest from `articles`.

    `detect` finds attributions and hedges as they will be found in new text.
    """
    external = external_scorers(sentence_corpora(folder, screened), classes)
    return fit_claims(
        [prepare_claims(article, classes, detect) for article in articles], external, classes
    )
