"""How the risk model's weights are found: four linear learners, added up.

All are logistic regressions whose articles weigh by the square root of the size of their corpus and
class, and all give every corpus an intercept of its own, which is thrown away: what merely tells one
corpus from another need not be learnt as unreliability. The first sees all words and pairs; the second
their leading singular vectors (Deerwester et al. 1990); the third the words and pairs of headlines; the fourth
the dense features, with weights bounded in sign, and contrast pairs, which differ in their sourcing alone. Since
all maps are linear, their sum is one weight a column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.utils.extmath import randomized_svd

from reportedly.classifier import CLIP

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bound = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the search over models settled on (``docs/risk.md`` has the figures)."""

    strength: float = 5.0
    latent_strength: float = 6.0
    headline_strength: float = 1.0
    dense_strength: float = 0.02
    own_intercept: float = 0.1
    dense_own_intercept: float = 0.3
    rank: int = 200
    pair_weight: float = 3.0
    shares: tuple[float, float, float, float] = (1.0, 1.0, 0.4, 0.4)
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learnt: a weight for each column of words and of headlines, and each standardised dense feature."""

    words: npt.NDArray[np.float32]
    headlines: npt.NDArray[np.float32]
    dense: Floats
    means: Floats
    scales: Floats
    intercept: float

    def score(
        self, columns: sparse.csr_matrix, headlines: sparse.csr_matrix, dense: Floats
    ) -> Floats:
        """Return the score of each row."""
        scores: Floats = (
            columns @ self.words
            + headlines @ self.headlines
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
    columns: sparse.csr_matrix,
    headlines: sparse.csr_matrix,
    dense: Floats,
    labels: Floats,
    corpora: Sequence[str],
    directions: Ints,
    *,
    pairs: Ints | None = None,
    settings: Settings | None = None,
) -> Weights:
    """Return the weights learnt from labelled rows.

    Parameters
    ----------
    columns, headlines, dense
        Word columns of the text and of the headline, of Euclidean length 1 a row, and dense features, one
        row an article; the row of an article without a headline is empty.
    labels
        1.0 unreliable, 0.0 reliable.
    corpora
        Each row's corpus.
    directions
        For each dense feature the sign its weight may have, 0 for either.
    pairs
        Row numbers (riskier, safer) of contrast pairs, shape (pairs, 2).
    """
    use = settings or Settings()
    pairs = np.zeros((0, 2), np.int64) if pairs is None else pairs
    weights = article_weights(labels, corpora)
    means = np.average(dense, axis=0, weights=weights)
    scales = np.sqrt(np.average((dense - means) ** 2, axis=0, weights=weights)) + 1e-6
    standard = standardise(dense, means, scales)
    own = own_intercepts(corpora)
    every = fit_words(columns, labels, weights, own, use.strength, use)
    latent = fit_latent(columns, labels, weights, own, use)
    above = fit_words(headlines, labels, weights, own, use.headline_strength, use)
    slopes = fit_dense(standard, labels, weights, own, directions, pairs, use)
    terms = (columns @ every, columns @ latent, headlines @ above, standard @ slopes)
    a, b, c, d = (s / max(1e-6, float(np.std(t))) for s, t in zip(use.shares, terms, strict=True))
    words, titles = (a * every + b * latent).astype(np.float32), (c * above).astype(np.float32)
    found = Weights(words, titles, d * slopes, means, scales, 0.0)
    middle = float(np.average(found.score(columns, headlines, dense), weights=weights))
    return replace(found, intercept=-middle)


def fit_words(
    columns: sparse.csr_matrix,
    labels: Floats,
    weights: Floats,
    own: Floats,
    strength: float,
    use: Settings,
) -> Floats:
    """Return a weight for each column of words: the first learner, and the third."""
    wide = sparse.hstack([columns, sparse.csr_matrix(use.own_intercept * own)], format="csr")
    return fit_logistic(wide, labels, weights, strength)[0][: columns.shape[1]]


def fit_latent(
    columns: sparse.csr_matrix, labels: Floats, weights: Floats, own: Floats, use: Settings
) -> Floats:
    """Return a weight for each word column that lies in the leading directions: the second learner."""
    basis = leading_vectors(columns, use.rank, use.seed)
    block = np.hstack([np.asarray(columns @ basis), use.own_intercept * own])
    found, _ = fit_logistic(block, labels, weights, use.latent_strength)
    slopes: Floats = basis @ found[: basis.shape[1]]
    return slopes


def fit_dense(
    standard: Floats,
    labels: Floats,
    weights: Floats,
    own: Floats,
    directions: Ints,
    pairs: Ints,
    use: Settings,
) -> Floats:
    """Return a weight for each dense feature, of the sign it may have: the fourth learner."""
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


def own_intercepts(corpora: Sequence[str]) -> Floats:
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
