"""Bootstrap over articles: sentences of one article are not independent (Efron & Tibshirani 1993)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportedly.datamodel.arrays import Floats, Ints

RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Rate:
    """A score with its 95 % interval: `hits` of `of`, or, if `hits` is None, a coefficient over `of` articles.

    `value` and `interval` are None if the reader or the annotation gives nothing to measure.
    """

    name: str
    value: float | None
    interval: tuple[float, float] | None
    hits: int | None
    of: int

    def to_dict(self) -> dict[str, Any]:
        """Return the score as plain values."""
        return asdict(self)


def drawn(articles: int, seed: int) -> Ints:
    """Return the articles of each resample, shape (resamples, articles)."""
    return np.random.default_rng(seed).integers(0, articles, size=(RESAMPLES, articles))


def resampled(counts: NDArray[Any], seed: int) -> NDArray[Any]:
    """Return the sum of `counts` (articles first) over each resample (resamples first)."""
    draws = drawn(len(counts), seed)
    weights = np.stack([np.bincount(draw, minlength=len(counts)) for draw in draws])
    return np.tensordot(weights, counts, axes=1)


def rate(name: str, hits: Ints, of: Ints, seed: int) -> Rate:
    """Return the share of `hits` in `of`, both counts by article; F1 if both are counted twice."""
    total = int(of.sum())
    if not total:
        return Rate(name, None, None, None, 0)
    sums = resampled(np.stack([hits, of], axis=1), seed)
    shares = sums[:, 0] / np.maximum(sums[:, 1], 1)
    return Rate(name, _rounded(hits.sum() / total), _interval(shares), int(hits.sum()), total)


def coefficient(
    name: str, values: Floats, others: Floats, measure: Callable[[Floats, Floats], float], seed: int
) -> Rate:
    """Return the coefficient `measure` of two values of each article, with its interval."""
    if len(values) < 3:
        return Rate(name, None, None, None, len(values))
    point = measure(values, others)
    spread = np.array([measure(values[draw], others[draw]) for draw in drawn(len(values), seed)])
    return Rate(name, _rounded(point), _interval(spread), None, len(values))


def _interval(values: Floats) -> tuple[float, float]:
    """Return the 95 % percentile interval of resampled values."""
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return _rounded(low), _rounded(high)


def _rounded(value: float) -> float:
    return round(float(value), 4)
