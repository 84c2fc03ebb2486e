"""How the risk model's weights are found: two linear learners over the same columns, added up.

Both are logistic regressions whose articles weigh by the square root of the size of their corpus and
class, and both give every corpus an intercept of its own, which is thrown away: what merely tells
one corpus from another need not be learnt as unreliability. The first sees all words and pairs. The second
sees their leading singular vectors (Deerwester et al. 1990) beside the dense features, whose
weights are bounded in sign, and contrast pairs, which differ in their sourcing alone. Since all
maps are linear, their sum is one weight a column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.utils.extmath import randomized_svd

from reportedly.classifier import CLIP

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Settings:
    """What the search over models settled on (``docs/risk.md`` has the figures)."""

    strength: float = 5.0
    latent_strength: float = 20.0
    own_intercept: float = 0.1
    rank: int = 200
    dense_scale: float = 0.1
    pair_weight: float = 1.0
    latent_share: float = 0.5
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learnt: a weight for each word column and each standardised dense feature."""

    words: npt.NDArray[np.float32]
    dense: Floats
    means: Floats
    scales: Floats
    intercept: float

    def score(self, columns: sparse.csr_matrix, dense: Floats) -> Floats:
        """Return the score of each row."""
        scores: Floats = (
            columns @ self.words
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
    columns, dense
        Word columns of Euclidean length 1 a row, and dense features, one row an article.
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
    own = own_intercepts(corpora) * use.own_intercept
    wide = sparse.hstack([columns, sparse.csr_matrix(own)], format="csr")
    first = fit_logistic(wide, labels, weights, use.strength)[0][: columns.shape[1]]
    basis = leading_vectors(columns, use.rank, use.seed)
    latent = np.asarray(columns @ basis)
    block = np.hstack([latent, use.dense_scale * standard, own])
    bounds = _bounds(basis.shape[1], directions, own.shape[1])
    second, _ = fit_logistic(
        block,
        labels,
        weights,
        use.latent_strength,
        bounds=bounds,
        contrasts=_contrasts(block, pairs),
        contrast_weight=use.pair_weight,
    )
    rank = basis.shape[1]
    shares = _shares(
        columns @ first,
        block[:, : rank + dense.shape[1]] @ second[: rank + dense.shape[1]],
        use.latent_share,
    )
    words = shares[0] * first + shares[1] * (basis @ second[:rank])
    slopes = shares[1] * use.dense_scale * second[rank : rank + dense.shape[1]]
    total = columns @ words + standard @ slopes
    return Weights(
        words.astype(np.float32), slopes, means, scales, -float(np.average(total, weights=weights))
    )


def _shares(first: Floats, second: Floats, share: float) -> tuple[float, float]:
    """Return the factors that give the two learners' scores the stated shares of spread."""
    return (1 - share) / max(1e-6, float(np.std(first))), share / max(1e-6, float(np.std(second)))


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


def _bounds(rank: int, directions: Ints, corpora: int) -> list[tuple[float | None, float | None]]:
    """Return the bounds of each weight of the second learner, its intercept last."""
    signs: dict[int, tuple[float | None, float | None]] = {
        1: (0, None),
        -1: (None, 0),
        0: (None, None),
    }
    return (
        [(None, None)] * rank + [signs[int(d)] for d in directions] + [(None, None)] * (corpora + 1)
    )


def _contrasts(block: Floats, pairs: Ints) -> Floats:
    """Return riskier minus safer for each pair."""
    return block[pairs[:, 0]] - block[pairs[:, 1]]


def fit_logistic(
    rows: sparse.csr_matrix | Floats,
    labels: Floats,
    weights: Floats,
    strength: float,
    *,
    bounds: list[tuple[float | None, float | None]] | None = None,
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
