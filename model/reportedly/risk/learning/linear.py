"""Fit the risk model's weights: the sum of six linear learners.

All are logistic regressions. A corpus and class weighs as the square root of its size, and every corpus has an
intercept of its own, which is discarded, so that differences between corpora are not learnt as unreliability. The
first learner sees all words and pairs; the second their leading singular vectors (Deerwester et al. 1990); the
third penalises less those words and pairs that separate the classes the same way in every corpus; the fourth sees
the words and pairs of headlines, the fifth those of openings; the sixth the dense features, with weights bounded in
sign, and contrast pairs, which differ only in their sourcing. The first two learn from corpora with both classes.
Since all are linear, their sum is one weight per column.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.utils.extmath import randomized_svd
from threadpoolctl import threadpool_limits

from reportedly.datamodel.arrays import Floats, Ints
from reportedly.risk.classifier import decision

Bound = tuple[float | None, float | None]
Corpora = Sequence[Any] | npt.NDArray[Any]
"""The corpus of each row."""

FIXED_EFFECT, DENSE_FIXED_EFFECT = 0.1, 0.3
"""Scale of the columns that give each corpus its own intercept; the smaller the scale, the stronger its penalty."""
RANK = 200
"""Leading singular vectors of the second learner."""
PAIR_WEIGHT = 3.0
"""The weight of a contrast pair relative to an article."""


@dataclass(frozen=True, slots=True)
class Learners:
    """The columns, and the strength of the learners, as the search over models chose it (``docs/risk.md``).

    Columns are `words`, as many of the same words in unverified claims, `headline` of headlines, `opening` of
    openings, and one dense column for each of `directions`. `penalties` and `shares` have one number per learner.
    """

    words: int
    headline: int
    opening: int
    directions: Ints
    penalties: tuple[float, ...]
    shares: tuple[float, ...]
    unverified_share: float
    seed: int


def article_weights(
    labels: Floats, corpora: Corpora, sample_weight: Floats | None = None
) -> Floats:
    """Return weights of mean 1, such that each corpus and class weighs as the square root of its number of articles.

    `sample_weight` is how many articles each row stands for.
    """
    counts = np.ones(len(labels)) if sample_weight is None else sample_weight
    kinds = np.array([f"{c}\t{y:.0f}" for c, y in zip(corpora, labels, strict=True)], dtype=object)
    _, inverse = np.unique(kinds, return_inverse=True)
    weights: Floats = counts / np.sqrt(np.bincount(inverse, weights=counts)[inverse])
    return weights * float(counts.sum() / weights.sum())


def contrasting(labels: Floats, corpora: Corpora) -> Ints:
    """Return the rows of corpora that have both classes; all rows where none has.

    A corpus of one class tells what it is about, and not what is unreliable.
    """
    _, numbers = np.unique(np.asarray(corpora, dtype=object).astype(str), return_inverse=True)
    sizes, unreliable = np.bincount(numbers), np.bincount(numbers, weights=labels)
    rows = np.flatnonzero(((unreliable > 0) & (unreliable < sizes))[numbers])
    return rows if len(rows) else np.arange(len(labels))


def learn(
    X: sparse.csr_matrix | Floats,  # noqa: N803 - scikit-learn's name
    labels: Floats,
    counts: Floats,
    corpora: Corpora,
    pairs: Ints,
    use: Learners,
) -> tuple[Floats, float]:
    """Return a weight for each column of `X`, and the intercept that makes the mean score 0.

    Parameters
    ----------
    X
        Features, one row per article.
        labels, counts, corpora
        1.0 unreliable, 0.0 reliable; how many articles each row stands for; the corpus of each row.
    pairs
        Two rows of different labels with the same number are a contrast pair; -1 for none.
    """
    weights = article_weights(labels, corpora, counts)
    own = corpus_indicators(corpora)
    texts, headlines, openings, dense = _blocks(X, use)
    rows = contrasting(labels, corpora)
    names = np.asarray(corpora, dtype=object)[rows]
    part = article_weights(labels[rows], names, counts[rows])
    both = (labels[rows], part, corpus_indicators(names))
    basis = leading_vectors(texts, counts, RANK, use.seed)
    learners: list[tuple[Any, Callable[[], Floats]]] = [
        (texts, lambda: fit_words(texts[rows], *both, use.penalties[0])),
        (texts, lambda: fit_latent(texts[rows], *both, basis, use.penalties[1])),
        (texts, lambda: fit_cross_corpus(texts, labels, weights, own, counts, corpora, use)),
        (headlines, lambda: fit_words(headlines, labels, weights, own, use.penalties[3])),
        (openings, lambda: fit_words(openings, labels, weights, own, use.penalties[4])),
        (dense, lambda: fit_dense(dense, labels, weights, own, pairs, use)),
    ]
    found = [
        _spread(columns, fit(), counts, share)
        for (columns, fit), share in zip(learners, use.shares, strict=True)
    ]
    words = found[0] + found[1] + found[2]
    softer = use.unverified_share * np.maximum(-words, 0)
    coef = np.concatenate([words, softer, *found[3:]])
    return coef, -float(np.average(decision(X, coef, 0.0), weights=weights))


def _blocks(X: Any, use: Learners) -> tuple[Any, Any, Any, Floats]:  # noqa: ANN401, N803
    """Return the columns of words, of headlines, of openings, and the dense ones."""
    titled = 2 * use.words
    opened, last = titled + use.headline, titled + use.headline + use.opening
    dense = X[:, last:]
    whole: Floats = dense.toarray() if sparse.issparse(dense) else dense
    words, titles, openings = (
        sparse.csr_matrix(X[:, first:end])
        for first, end in ((0, use.words), (titled, opened), (opened, last))
    )
    return words, titles, openings, whole


def _spread(columns: Any, slopes: Floats, counts: Floats, share: float) -> Floats:  # noqa: ANN401
    """Return `slopes` scaled so that their term of the score has the standard deviation `share`."""
    if not len(slopes):
        return slopes
    term = columns @ slopes
    middle = np.average(term, weights=counts)
    spread = float(np.sqrt(np.average((term - middle) ** 2, weights=counts)))
    scaled: Floats = share / max(1e-6, spread) * slopes
    return scaled


def fit_words(
    columns: sparse.csr_matrix, labels: Floats, weights: Floats, own: Floats, strength: float
) -> Floats:
    """Return a weight for each column of words: the first learner, the fourth and the fifth."""
    if not columns.shape[1]:
        return np.zeros(0)
    wide = sparse.hstack([columns, sparse.csr_matrix(FIXED_EFFECT * own)], format="csr")
    return fit_logistic(wide, labels, weights, strength)[0][: columns.shape[1]]


def fit_latent(
    columns: sparse.csr_matrix,
    labels: Floats,
    weights: Floats,
    own: Floats,
    basis: Floats,
    strength: float,
) -> Floats:
    """Return a weight for each word column, within the leading singular vectors `basis`: the second learner."""
    if not columns.shape[1]:
        return np.zeros(0)
    block = np.hstack([np.asarray(columns @ basis), FIXED_EFFECT * own])
    found, _ = fit_logistic(block, labels, weights, strength)
    slopes: Floats = basis @ found[: basis.shape[1]]
    return slopes


_LEAST_OF_CLASS = 20
"""The least articles of either class for a corpus to count in the agreement of corpora."""
_LEAST_SCALE, _MOST_AGREEMENT = 0.2, 5.0
"""The scale of a column without agreement, and the standard errors beyond which more agreement adds nothing."""


def fit_cross_corpus(
    columns: sparse.csr_matrix,
    labels: Floats,
    weights: Floats,
    own: Floats,
    counts: Floats,
    corpora: Corpora,
    use: Learners,
) -> Floats:
    """Return a weight for each word column, penalised more the less corpora agree on it: the third learner."""
    if not columns.shape[1]:
        return np.zeros(0)
    found = cross_corpus_agreement(columns, labels, corpora, counts)
    scale = (_LEAST_SCALE + np.minimum(np.abs(found), _MOST_AGREEMENT)) ** 2 / 4
    scaled = (columns @ sparse.diags(scale)).tocsr()
    slopes: Floats = scale * fit_words(scaled, labels, weights, own, use.penalties[2])
    return slopes


def cross_corpus_agreement(
    columns: sparse.csr_matrix, labels: Floats, corpora: Corpora, counts: Floats | None = None
) -> Floats:
    """Return how far corpora agree that articles with a column are unreliable, in standard errors; below 0, reliable.

    For each corpus with both classes, it is the difference between the shares of articles that have the column, in
    standard errors; their sum is divided by the square root of their number (Stouffer et al. 1949). 0 if there is
    no such corpus. `counts` is how many articles each row stands for.
    """
    counts = np.ones(len(labels)) if counts is None else counts
    present = columns.astype(bool).astype(np.float64)
    names = np.asarray(corpora, dtype=object)
    total, number = np.zeros(columns.shape[1]), 0
    for name in dict.fromkeys(names.tolist()):
        sides = [counts * ((names == name) & (labels == label)) for label in (1, 0)]
        first, second = (float(side.sum()) for side in sides)
        if min(first, second) < _LEAST_OF_CLASS:
            continue
        have, lack = (present.T @ side for side in sides)
        share = (have + lack + 1) / (first + second + 2)
        error = np.sqrt(share * (1 - share) * (1 / first + 1 / second))
        total += (have / first - lack / second) / error
        number += 1
    found: Floats = total / np.sqrt(max(1, number))
    return found


def fit_dense(
    standard: Floats, labels: Floats, weights: Floats, own: Floats, pairs: Ints, use: Learners
) -> Floats:
    """Return a weight for each dense feature, of the sign it may have: the sixth learner."""
    if not standard.shape[1]:
        return np.zeros(0)
    block = np.hstack([standard, DENSE_FIXED_EFFECT * own])
    signs: dict[int, Bound] = {1: (0.0, None), -1: (None, 0.0), 0: (None, None)}
    bounds = [signs[int(d)] for d in use.directions] + [(None, None)] * (own.shape[1] + 1)
    high, low = _contrasts(labels, pairs)
    found, _ = fit_logistic(
        block, labels, weights, use.penalties[5], bounds=bounds, contrasts=block[high] - block[low]
    )
    return found[: standard.shape[1]]


def _contrasts(labels: Floats, pairs: Ints) -> tuple[Ints, Ints]:
    """Return the riskier and the safer row of each contrast pair."""
    rows = np.flatnonzero(pairs >= 0)
    numbers, inverse, sizes = np.unique(pairs[rows], return_inverse=True, return_counts=True)
    risky = np.bincount(inverse, weights=labels[rows], minlength=len(numbers))
    ordered = rows[np.lexsort((-labels[rows], inverse))]
    ordered = ordered[((sizes == 2) & (risky == 1))[np.sort(inverse)]]
    return ordered[::2], ordered[1::2]


def corpus_indicators(corpora: Corpora) -> Floats:
    """Return one indicator column for each corpus."""
    names, inverse = np.unique(np.asarray(corpora, dtype=object).astype(str), return_inverse=True)
    return np.eye(len(names))[inverse]


def leading_vectors(columns: sparse.csr_matrix, counts: Floats, rank: int, seed: int) -> Floats:
    """Return the leading right singular vectors, shape (columns, rank), of the frequent columns."""
    often = np.flatnonzero(columns.astype(bool).astype(np.float64).T @ counts >= 20)
    basis = np.zeros((columns.shape[1], max(1, min(rank, min(columns.shape[0], len(often)) - 1))))
    if len(often) > 1:
        part = sparse.diags(np.sqrt(counts)) @ columns[:, often]
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
            value += PAIR_WEIGHT * float(np.logaddexp(0, -ahead).sum())
            gradient[:-1] -= PAIR_WEIGHT * (extra.T @ expit(-ahead))
        return value, gradient

    found = minimize(
        loss, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B", bounds=bounds,
        options={"maxiter": 80, "ftol": 1e-7, "gtol": 1e-3},
    )  # fmt: skip
    return found.x[:-1], float(found.x[-1])


_Answer = TypeVar("_Answer")


def on_one_thread(work: Callable[..., _Answer], *given: object, **named: object) -> _Answer:
    """Return ``work(*given, **named)``, its linear algebra on one thread: more add up in another order, to other numbers."""
    with threadpool_limits(limits=1):
        return work(*given, **named)
