"""Measuring check-worthiness and support: debates by their official protocols, annotated news.

ClaimBuster (Arslan et al. 2020): trained on the crowdsourced file, F1 of the check-worthy class on the
ground-truth file, as in CheckThat! 2024. CheckThat! 2019 task 1 (Atanasova et al. 2019): average
precision of each debate after training on all the others, and their mean. Beside each figure of ours stands that of
TF-IDF and logistic regression from the same run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, f1_score

from reportedly.annotation.claims.detect import check_worthiness, counts, decide, with_neighbours
from reportedly.annotation.claims.learning.fitting import (
    CLAIMS_SEED,
    LinearScorers,
    PreparedClaims,
    fit_claims,
    fit_scorers,
    sentence_matrix,
)
from reportedly.annotation.tokens.doc_batch import neighbours as beyond
from reportedly.annotation.tokens.word_features import WordClasses, word_features
from reportedly.datamodel import FOLDED_SUPPORTS, UNVERIFIED_SUPPORTS
from reportedly.datamodel.arrays import Bools, Floats32
from reportedly.reading.segmentation import tokenise

Rank = Callable[[Sequence[str], Bools, Sequence[str]], npt.NDArray[np.float64]]
"""Training texts, their labels, test texts -> a probability for each test text."""

_UNVERIFIED = np.array([support in UNVERIFIED_SUPPORTS for support in FOLDED_SUPPORTS])


def rank_by_tfidf(
    texts: Sequence[str], worthy: Bools, unseen: Sequence[str]
) -> npt.NDArray[np.float64]:
    """Return the probabilities of TF-IDF and logistic regression as scikit-learn sets them up."""
    vectors = TfidfVectorizer()
    learner = LogisticRegression(max_iter=1000).fit(vectors.fit_transform(texts), worthy)
    return np.asarray(learner.predict_proba(vectors.transform(unseen))[:, 1])


def rank_by_tfidf_pairs(
    texts: Sequence[str], worthy: Bools, unseen: Sequence[str]
) -> npt.NDArray[np.float64]:
    """Return the probabilities of the stronger baseline: words and word pairs, weak penalty."""
    vectors = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    learner = LogisticRegression(C=10, solver="liblinear").fit(vectors.fit_transform(texts), worthy)
    return np.asarray(learner.predict_proba(vectors.transform(unseen))[:, 1])


def ranker(classes: WordClasses, *, neighbours: bool = False) -> Rank:
    """Return our architecture for single sentences: a text head, then trees over it and counts.

    With `neighbours` the texts are taken to stand in order, and trees see the heads around a sentence.
    """

    def rank(texts: Sequence[str], worthy: Bools, unseen: Sequence[str]) -> npt.NDArray[np.float64]:
        text, beyond = sentence_matrix(texts, classes), sentence_matrix(unseen, classes)
        every = np.ones(len(texts), np.bool_)
        fold = np.random.default_rng(CLAIMS_SEED).permutation(len(texts)) % 5
        scores = np.zeros((len(texts), 1), np.float32)
        for number in range(5):
            head = fit_scorers(text, [(worthy, fold != number)], strength=1)
            scores[fold == number] = head.score(text[fold == number])
        head = fit_scorers(text, [(worthy, every)], strength=1)
        learner = HistGradientBoostingClassifier(
            max_iter=150,
            learning_rate=0.06,
            max_depth=5,
            l2_regularization=1.0,
            random_state=CLAIMS_SEED,
        )
        learner.fit(_beside(scores, texts, neighbours=neighbours), worthy)
        table = _beside(head.score(beyond), unseen, neighbours=neighbours)
        return np.asarray(learner.predict_proba(table)[:, 1])

    return rank


def _beside(scores: Floats32, texts: Sequence[str], *, neighbours: bool) -> Floats32:
    """Return `scores`, those around if wanted, and the counts and rates of each text."""
    forms = [tokenise(text).forms or (".",) for text in texts]
    sizes = np.array([len(f) for f in forms])
    every = [form for text in forms for form in text]
    counted = counts(word_features(every), np.cumsum(sizes) - sizes, np.zeros(len(every), np.bool_))
    around = [beyond(scores, by) for by in (-1, 1, -2, 2, -3)] if neighbours else []
    return np.concatenate(
        [scores, *around, counted, counted / sizes[:, None], np.log(sizes)[:, None]],
        axis=1,
        dtype=np.float32,
        casting="unsafe",
    )


def evaluate_claimbuster(
    rows: Sequence[Mapping[str, Any]], classes: WordClasses
) -> dict[str, dict[str, float]]:
    """Return F1 of the check-worthy class and average precision on the ground-truth file, by model.

    ``f1`` is at a probability of one half; ``f1_tuned`` at the threshold that is best in a
    cross-validation of the crowdsourced file. Sentences of both files are left out of training.
    """
    tests = [row for row in rows if row["split"] == "groundtruth"]
    known = {row["text"].strip().lower() for row in tests}
    training = [
        row
        for row in rows
        if row["split"] == "crowdsourced" and row["text"].strip().lower() not in known
    ]
    texts, worthy = [r["text"] for r in training], np.array([r["label"] == 1 for r in training])
    unseen, truth = [r["text"] for r in tests], np.array([r["label"] == 1 for r in tests])
    figures = {}
    for name, rank in _models(ranker(classes)).items():
        least = _best_threshold(rank, texts, worthy)
        probability = rank(texts, worthy, unseen)
        figures[name] = {
            "f1": float(f1_score(truth, probability >= 0.5)),
            "f1_tuned": float(f1_score(truth, probability >= least)),
            "average_precision": float(average_precision_score(truth, probability)),
        }
    return figures


def _models(ours: Rank) -> dict[str, Rank]:
    """Return what is compared, by name."""
    return {
        "TF-IDF + LR": rank_by_tfidf,
        "TF-IDF pairs + LR": rank_by_tfidf_pairs,
        "reportedly": ours,
    }


def _best_threshold(rank: Rank, texts: Sequence[str], worthy: Bools) -> float:
    """Return the threshold of best F1 on a held-out third of the training texts."""
    held = np.random.default_rng(CLAIMS_SEED).permutation(len(texts)) % 3 == 0
    probability = rank(
        [t for t, h in zip(texts, held, strict=True) if not h],
        worthy[~held],
        [t for t, h in zip(texts, held, strict=True) if h],
    )
    grid = np.arange(0.2, 0.7, 0.01)
    return float(max(grid, key=lambda t: f1_score(worthy[held], probability >= t)))


def evaluate_debates(
    rows: Sequence[Mapping[str, Any]], classes: WordClasses
) -> dict[str, dict[str, float]]:
    """Return the average precision of each debate, left out of training, and the mean, by model."""
    debates = sorted({row["doc"] for row in rows})
    figures: dict[str, dict[str, float]] = {}
    for name, rank in _models(ranker(classes, neighbours=True)).items():
        figures[name] = {}
        for debate in debates:
            training = [row for row in rows if row["doc"] != debate]
            tests = [row for row in rows if row["doc"] == debate]
            truth = np.array([row["label"] == 1 for row in tests])
            if truth.any():
                probability = rank(
                    [row["text"] for row in training],
                    np.array([row["label"] == 1 for row in training]),
                    [row["text"] for row in tests],
                )
                figures[name][debate] = float(average_precision_score(truth, probability))
        figures[name]["mean"] = float(np.mean(list(figures[name].values())))
    return figures


@dataclass(frozen=True, slots=True)
class ClaimFigures:
    """Cross-validated figures on annotated news; `reliability` has (mean probability, share, count) a bin."""

    checkworthy_f1: float
    always_yes_f1: float
    unverified_f1: float
    support_accuracy: float
    calibration_error: float
    reliability: tuple[tuple[float, float, int], ...]


def evaluate_claims(
    articles: Sequence[PreparedClaims],
    external: LinearScorers,
    classes: WordClasses,
    *,
    more: Sequence[PreparedClaims] = (),
    folds: int = 5,
) -> ClaimFigures:
    """Return the figures on annotated `articles`, cross-validated by article.

    Sentences annotated as furniture do not count. `more` articles join every training fold. Calibration
    and thresholds come from the training folds alone; `support_accuracy` is over sentences that are
    check-worthy and were found so.
    """
    fold = np.random.default_rng(CLAIMS_SEED).permutation(len(articles)) % folds
    worth = [np.zeros(0)] * len(articles)
    found = [np.zeros(0, np.bool_)] * len(articles)
    support = [np.zeros(0, np.int64)] * len(articles)
    for number in range(folds):
        training = [a for a, f in zip(articles, fold, strict=True) if f != number]
        model = fit_claims([*training, *more], external, classes)
        heads = LinearScorers(model.heads.weights * model.heads.scale, model.heads.bias)
        for index in np.flatnonzero(fold == number).tolist():
            article = articles[index]
            table = with_neighbours(article.dense, heads.score(article.text))
            worth[index] = np.where(article.furniture, 0.0, check_worthiness(table, model))
            found[index] = worth[index] >= model.thresholds[0]
            kinds = decide(worth[index], model.support.chances(table), article.allowed, model)
            support[index] = np.array([FOLDED_SUPPORTS.index(kind) for kind in kinds])
    return _figures(articles, *(np.concatenate(part) for part in (worth, found, support)))


def _figures(
    articles: Sequence[PreparedClaims],
    worth: npt.NDArray[Any],
    found: npt.NDArray[Any],
    support: npt.NDArray[Any],
) -> ClaimFigures:
    """Return the figures of out-of-fold answers, one entry a sentence of `articles` in order."""
    counted = np.concatenate([a.counted for a in articles])
    truth = np.concatenate([a.checkworthy for a in articles])[counted]
    gold = np.concatenate([a.support for a in articles])[counted]
    worth, found, support = worth[counted], found[counted], support[counted]
    unverified = (gold >= 0) & _UNVERIFIED[gold]
    both = truth & found
    bins = reliability(truth, worth)
    return ClaimFigures(
        checkworthy_f1=float(f1_score(truth, found)),
        always_yes_f1=float(f1_score(truth, np.ones_like(truth))),
        unverified_f1=float(f1_score(unverified, found & _UNVERIFIED[support])),
        support_accuracy=float((support == gold)[both].mean()) if both.any() else 0.0,
        calibration_error=sum(abs(mean - share) * n for mean, share, n in bins) / len(truth),
        reliability=bins,
    )


def reliability(
    truth: npt.NDArray[Any], probability: npt.NDArray[Any], bins: int = 10
) -> tuple[tuple[float, float, int], ...]:
    """Return (mean probability, share that is true, count) of each of `bins` equal bins that is not empty."""
    place = np.minimum((probability * bins).astype(int), bins - 1)
    return tuple(
        (
            float(probability[place == n].mean()),
            float(truth[place == n].mean()),
            int((place == n).sum()),
        )
        for n in range(bins)
        if (place == n).any()
    )
