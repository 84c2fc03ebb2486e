"""How the risk model's weights are found: five linear learners, added up.

All are logistic regressions whose articles weigh by the square root of the size of their corpus and
class, and all give every corpus an intercept of its own, which is thrown away: what merely tells one
corpus from another need not be learnt as unreliability. The first sees all words and pairs; the second
their leading singular vectors (Deerwester et al. 1990); the third gives way to words and pairs that tell the classes
apart the same way in corpus after corpus; the fourth sees the words and pairs of headlines; the fifth
the dense features, with weights bounded in sign, and contrast pairs, which differ in their sourcing alone. Since
all maps are linear, their sum is one weight a column.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.utils.extmath import randomized_svd
from threadpoolctl import threadpool_limits

from reportedly.datamodel.arrays import Floats, Ints
from reportedly.risk.classifier import CLIP

Bound = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class LearnerSettings:
    """What the search over models settled on (``docs/risk.md`` has the figures)."""

    strength: float = 5.0
    latent_strength: float = 6.0
    agreed_strength: float = 5.0
    headline_strength: float = 1.0
    dense_strength: float = 0.02
    own_intercept: float = 0.1
    dense_own_intercept: float = 0.3
    rank: int = 200
    pair_weight: float = 3.0
    shares: tuple[float, float, float, float, float] = (1.0, 1.0, 0.5, 0.4, 0.4)
    unverified_share: float = 0.25
    seed: int = 0


@dataclass(frozen=True, slots=True)
class NgramRows:
    """The words and pairs of articles, one row an article of Euclidean length 1 in `texts` and `headlines`.

    `unverified` has those entries of `texts` that stand in nothing but unverified claims; the row of an
    article without a headline is empty.
    """

    texts: sparse.csr_matrix
    unverified: sparse.csr_matrix
    headlines: sparse.csr_matrix


@dataclass(frozen=True, slots=True)
class RiskWeights:
    """What was learnt: a weight for each column of words and of headlines, and each standardised dense feature.

    `unverified_share` of a weight that lowers the risk is lost where the column is unverified.
    """

    words: npt.NDArray[np.float32]
    headlines: npt.NDArray[np.float32]
    dense: Floats
    means: Floats
    scales: Floats
    intercept: float
    unverified_share: float = 0.0

    def score(self, columns: NgramRows, dense: Floats) -> Floats:
        """Return the score of each row."""
        lost = self.unverified_share * np.maximum(-self.words, 0)
        scores: Floats = (
            columns.texts @ self.words
            + columns.unverified @ lost
            + columns.headlines @ self.headlines
            + standardise(dense, self.means, self.scales) @ self.dense
            + self.intercept
        )
        return scores


def standardise(dense: Floats, means: Floats, scales: Floats) -> Floats:
    """Return dense features in standard deviations, held within ``CLIP``."""
    held: Floats = np.clip((dense - means) / scales, -CLIP, CLIP)
    return held


def article_weights(labels: Floats, corpora: Sequence[str]) -> Floats:
    """Return weights of mean 1 that grow with the square root of an article's corpus and class."""
    kinds = np.array([f"{c}\t{y:.0f}" for c, y in zip(corpora, labels, strict=True)], dtype=object)
    _, inverse, counts = np.unique(kinds, return_inverse=True, return_counts=True)
    weights: Floats = 1.0 / np.sqrt(counts[inverse])
    return weights / float(weights.mean())


def learn(
    columns: NgramRows,
    dense: Floats,
    labels: Floats,
    corpora: Sequence[str],
    directions: Ints,
    *,
    pairs: Ints | None = None,
    settings: LearnerSettings | None = None,
) -> RiskWeights:
    """Return the weights learnt from labelled rows.

    Parameters
    ----------
    columns, dense
        Words and dense features, one row an article.
    labels
        1.0 unreliable, 0.0 reliable.
    corpora
        Each row's corpus.
    directions
        For each dense feature the sign its weight may have, 0 for either.
    pairs
        Row numbers (riskier, safer) of contrast pairs, shape (pairs, 2).
    """
    use = settings or LearnerSettings()
    pairs = np.zeros((0, 2), np.int64) if pairs is None else pairs
    weights = article_weights(labels, corpora)
    means = np.average(dense, axis=0, weights=weights)
    scales = np.sqrt(np.average((dense - means) ** 2, axis=0, weights=weights)) + 1e-6
    standard = standardise(dense, means, scales)
    own = corpus_indicators(corpora)
    texts, headlines = columns.texts, columns.headlines
    every = fit_words(texts, labels, weights, own, use.strength, use)
    latent = fit_latent(texts, labels, weights, own, use)
    agreed = fit_cross_corpus(texts, labels, weights, own, corpora, use)
    above = fit_words(headlines, labels, weights, own, use.headline_strength, use)
    slopes = fit_dense(standard, labels, weights, own, directions, pairs, use)
    terms = (texts @ every, texts @ latent, texts @ agreed, headlines @ above, standard @ slopes)
    a, b, c, d, e = (
        s / max(1e-6, float(np.std(t))) for s, t in zip(use.shares, terms, strict=True)
    )
    words = (a * every + b * latent + c * agreed).astype(np.float32)
    titles = (d * above).astype(np.float32)
    found = RiskWeights(words, titles, e * slopes, means, scales, 0.0, use.unverified_share)
    middle = float(np.average(found.score(columns, dense), weights=weights))
    return replace(found, intercept=-middle)


def fit_words(
    columns: sparse.csr_matrix,
    labels: Floats,
    weights: Floats,
    own: Floats,
    strength: float,
    use: LearnerSettings,
) -> Floats:
    """Return a weight for each column of words: the first learner, and the fourth."""
    wide = sparse.hstack([columns, sparse.csr_matrix(use.own_intercept * own)], format="csr")
    return fit_logistic(wide, labels, weights, strength)[0][: columns.shape[1]]


def fit_latent(
    columns: sparse.csr_matrix, labels: Floats, weights: Floats, own: Floats, use: LearnerSettings
) -> Floats:
    """Return a weight for each word column that lies in the leading directions: the second learner."""
    basis = leading_vectors(columns, use.rank, use.seed)
    block = np.hstack([np.asarray(columns @ basis), use.own_intercept * own])
    found, _ = fit_logistic(block, labels, weights, use.latent_strength)
    slopes: Floats = basis @ found[: basis.shape[1]]
    return slopes


_LEAST_OF_CLASS = 20
"""Articles of either class from which a corpus has a say in what agrees."""
_LEAST_SCALE, _MOST_AGREEMENT = 0.2, 5.0
"""What a column without agreement keeps, and standard errors beyond which more agreement adds nothing."""


def fit_cross_corpus(
    columns: sparse.csr_matrix,
    labels: Floats,
    weights: Floats,
    own: Floats,
    corpora: Sequence[str],
    use: LearnerSettings,
) -> Floats:
    """Return a weight for each word column, dearer the less corpora agree on it: the third learner."""
    agreed = np.minimum(np.abs(cross_corpus_agreement(columns, labels, corpora)), _MOST_AGREEMENT)
    scale = (_LEAST_SCALE + agreed) ** 2 / 4
    scaled = (columns @ sparse.diags(scale)).tocsr()
    slopes: Floats = scale * fit_words(scaled, labels, weights, own, use.agreed_strength, use)
    return slopes


def cross_corpus_agreement(
    columns: sparse.csr_matrix, labels: Floats, corpora: Sequence[str]
) -> Floats:
    """Return how far corpora agree that articles with a column are unreliable, in standard errors; below 0, reliable.

    In each corpus with both classes, the difference of the shares of articles that have the column, in its
    standard errors; then their sum over the root of their number (Stouffer et al. 1949). 0 without such a corpus.
    """
    present = columns.astype(bool).astype(np.float32)
    names = np.asarray(corpora, dtype=object)
    total, count = np.zeros(columns.shape[1]), 0
    for name in dict.fromkeys(corpora):
        sides = [np.flatnonzero((names == name) & (labels == label)) for label in (1, 0)]
        if min(map(len, sides)) < _LEAST_OF_CLASS:
            continue
        have, lack = (np.asarray(present[rows].sum(axis=0)).ravel() for rows in sides)
        first, second = map(len, sides)
        share = (have + lack + 1) / (first + second + 2)
        error = np.sqrt(share * (1 - share) * (1 / first + 1 / second))
        total += (have / first - lack / second) / error
        count += 1
    found: Floats = total / np.sqrt(max(1, count))
    return found


def fit_dense(
    standard: Floats,
    labels: Floats,
    weights: Floats,
    own: Floats,
    directions: Ints,
    pairs: Ints,
    use: LearnerSettings,
) -> Floats:
    """Return a weight for each dense feature, of the sign it may have: the fifth learner."""
    block = np.hstack([standard, use.dense_own_intercept * own])
    signs: dict[int, Bound] = {1: (0.0, None), -1: (None, 0.0), 0: (None, None)}
    bounds: list[Bound] = [signs[int(d)] for d in directions] + [(None, None)] * (own.shape[1] + 1)
    contrasts = block[pairs[:, 0]] - block[pairs[:, 1]]
    found, _ = fit_logistic(
        block,
        labels,
        weights,
        use.dense_strength,
        bounds=bounds,
        contrasts=contrasts,
        contrast_weight=use.pair_weight,
    )
    return found[: standard.shape[1]]


def corpus_indicators(corpora: Sequence[str]) -> Floats:
    """Return one indicator column for each corpus."""
    names, inverse = np.unique(np.asarray(corpora, dtype=object).astype(str), return_inverse=True)
    return np.eye(len(names))[inverse]


def leading_vectors(columns: sparse.csr_matrix, rank: int, seed: int) -> Floats:
    """Return the leading right singular vectors, shape (columns, rank), of the frequent columns."""
    often = np.flatnonzero(np.bincount(columns.indices, minlength=columns.shape[1]) >= 20)
    basis = np.zeros((columns.shape[1], max(1, min(rank, min(columns.shape[0], len(often)) - 1))))
    if len(often) > 1:
        part = columns[:, often].astype(np.float32)
        _, _, right = randomized_svd(
            part, basis.shape[1], n_iter=2, n_oversamples=10, random_state=seed
        )
        basis[often] = right.T
    return basis


def fit_logistic(
    rows: sparse.csr_matrix | Floats,
    labels: Floats,
    weights: Floats,
    strength: float,
    *,
    bounds: list[Bound] | None = None,
    contrasts: Floats | None = None,
    contrast_weight: float = 1.0,
    iterations: int = 80,
) -> tuple[Floats, float]:
    """Return weights and intercept of least weighted log loss with a quadratic penalty ``1 / (2 strength)``.

    `contrasts` are rows without an intercept that should score above zero; `bounds` has one entry a
    column and one for the intercept.
    """
    signs = 2 * labels - 1
    extra = contrasts if contrasts is not None and len(contrasts) else None

    def loss(point: Floats) -> tuple[float, Floats]:
        slope = point[:-1]
        margins = signs * (rows @ slope + point[-1])
        push = -weights * signs * expit(-margins)
        value = float(weights @ np.logaddexp(0, -margins)) + float(slope @ slope) / (2 * strength)
        gradient = np.append(rows.T @ push + slope / strength, push.sum())
        if extra is not None:
            ahead = extra @ slope
            value += contrast_weight * float(np.logaddexp(0, -ahead).sum())
            gradient[:-1] -= contrast_weight * (extra.T @ expit(-ahead))
        return value, gradient

    found = minimize(
        loss, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=bounds,
        options={"maxiter": iterations, "ftol": 1e-7, "gtol": 1e-3},
    )  # fmt: skip
    return found.x[:-1], float(found.x[-1])


_Answer = TypeVar("_Answer")


def on_one_thread(work: Callable[..., _Answer], *given: object) -> _Answer:
    """Return ``work(*given)``, its linear algebra on one thread: more add up in another order, to other numbers."""
    with threadpool_limits(limits=1):
        return work(*given)
