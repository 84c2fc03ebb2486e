"""From a score to a calibrated probability for an article of an unknown source: at a stated prior, with an interval.

A family is the group of people who labelled articles. Every curve is fitted on scores of articles whose family the
model never saw, balanced by class, so that it holds for a prior of one half (Platt 1999, Probabilistic outputs for
support vector machines). Families differ from one another, and the next article is of none of them. So they are
treated as draws from one distribution (random effects; DerSimonian & Laird 1986): its mean is the curve; its
spread, less the part that is chance in small families, moves each probability towards even and gives the interval.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from reportedly.datamodel.arrays import Floats

if TYPE_CHECKING:
    import pandas as pd


UNCALIBRATED: frozenset[str] = frozenset({"control", "quality", "robustness"})
"""Roles of corpora that calibration leaves out: their labels are not reliability, or cannot be seen in the text."""

MOST_LOGIT = 3.0
"""Calibrated probabilities are limited to .05 to .95 at a prior of one half: no style of writing proves more."""

_WITHIN = 1.2816
"""Four of five draws of a normal distribution lie within so many standard deviations: the width of an interval."""
_AVERAGED = np.pi / 8
"""The factor of a variance of log odds when probabilities are averaged over it (MacKay 1992)."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The curve for the average family, and how far families lie from it.

    Its probability is that of Aranda-Ordaz (1981) for ``slope * score + offset``: logistic with a `symmetry` of 1; with 0
    complementary log-log, which is flatter for low scores than for high ones. The log odds of a new family differ by a random draw with
    the variance ``offset_spread + slope_spread * log_odds ** 2``.
    """

    slope: float
    offset: float
    offset_spread: float = 0.0
    slope_spread: float = 0.0
    symmetry: float = 1.0

    @classmethod
    def of(cls, fitted: Mapping[str, Any]) -> Self:
        """Return the calibration among the `fitted` attributes of an estimator; without a symmetry, a logistic one."""
        known = {name: fitted[f"{name}_"] for name in CALIBRATED if f"{name}_" in fitted}
        return cls(**known)

    def probability(self, score: Floats | float, prior: float = 0.5) -> Floats:
        """Return the probability of the unreliable class at `prior`, for each uncalibrated `score`."""
        return expit(self.logit(score) + prior_shift(prior))

    def logit(self, score: Floats | float) -> Floats:
        """Return the calibrated log odds at a prior of one half: the log odds of the mean probability over families."""
        middle, variance = self._family(score)
        held: Floats = np.clip(middle / np.sqrt(1 + _AVERAGED * variance), -MOST_LOGIT, MOST_LOGIT)
        return held

    def interval(self, score: float, prior: float = 0.5) -> tuple[float, float]:
        """Return the two probabilities between which four of five new families lie; the calibrated one is between them."""
        middle, variance = self._family(score)
        away, stated = _WITHIN * np.sqrt(variance), self.logit(score)
        edges = np.array([np.minimum(middle - away, stated), np.maximum(middle + away, stated)])
        held = np.clip(edges, -MOST_LOGIT, MOST_LOGIT)
        low, high = expit(held + prior_shift(prior)).tolist()
        return low, high

    def _family(self, score: Floats | float) -> tuple[Floats, Floats]:
        """Return the log odds in the average family, and their variance over families."""
        middle = curve_odds(self.slope * np.asarray(score, np.float64) + self.offset, self.symmetry)
        return middle, self.offset_spread + self.slope_spread * middle**2


CALIBRATED = tuple(field.name for field in fields(Calibration))
"""The fields of a calibration; an estimator has each under the same name with an underscore."""


def calibrate(heldout: pd.DataFrame) -> Calibration:
    """Return the calibration of held-out scores, a frame with fold, family, role and weight (may be missing), label and score.

    Sets whose role is not training are left out.
    """
    import pandas as pd  # noqa: PLC0415 - scoring does not need it

    roles = heldout["role"] if "role" in heldout else pd.Series("evaluate", index=heldout.index)
    known = heldout[~roles.isin(UNCALIBRATED)]
    return fit_calibration(
        known["score"].to_numpy(),
        known["label"].to_numpy(),
        known["fold"].tolist(),
        counts=known["weight"].to_numpy() if "weight" in known else None,
    )


def expit(logit: Floats | float) -> Floats:
    """Return the probability of log odds."""
    return 1.0 / (1.0 + np.exp(-np.asarray(logit, np.float64)))


def curve_odds(linear: Floats, symmetry: float) -> Floats:
    """Return the log odds that the curve of a `symmetry` from 0 to 1 gives to linear scores."""
    hazard, _ = _hazard(linear, symmetry)
    found: Floats = hazard + np.log(-np.expm1(-hazard))
    return found


def _steepness(linear: Floats, symmetry: float) -> Floats:
    """Return how fast these log odds grow with linear scores: 1 where the curve is logistic."""
    hazard, growth = _hazard(linear, symmetry)
    found: Floats = growth / -np.expm1(-hazard)
    return found


def _hazard(linear: Floats, symmetry: float) -> tuple[Floats, Floats]:
    """Return minus the logarithm of the reliable class's probability, and how fast it grows."""
    grown = np.exp(np.clip(linear, *_LINEAR))
    hazard = np.log1p(symmetry * grown) / symmetry if symmetry else grown
    return hazard, grown / (1 + symmetry * grown)


_LINEAR = (-30.0, 6.0)
"""Linear scores beyond which log odds stay as they are: probabilities are held far within."""


def prior_shift(prior: float) -> float:
    """Return what a prior adds to log odds that hold for a prior of one half (Elkan 2001)."""
    return float(np.log(prior) - np.log1p(-prior))


def fit_calibration(
    scores: Floats,
    labels: Floats,
    families: Sequence[str],
    *,
    strength: float = 2.0,
    counts: Floats | None = None,
    symmetry: float = 0.0,
) -> Calibration:
    """Return the calibration of out-of-family `scores`; classes weigh the same, families by the square root of their size.

    `counts` is how many articles each row stands for; `strength` regularises the curves, in numbers of articles; `symmetry` is that of
    the curve.
    """
    counts = np.ones(len(scores)) if counts is None else counts
    weights = balance(labels, families, counts) * counts.sum()
    start = _fit(
        scores, labels, weights, (0.5, 0.0), strength, Calibration(1.0, 0.0, symmetry=symmetry)
    )
    middle = curve_odds(start[0] * scores + start[1], symmetry)
    shape = replace(_spread(middle, labels, families, counts, strength), symmetry=symmetry)
    slope, offset = _fit(scores, labels, weights, start, strength, shape)
    return replace(shape, slope=slope, offset=offset)


def balance(labels: Floats, families: Sequence[str], counts: Floats) -> Floats:
    """Return weights of sum 1, one half for each class, in which a family weighs as the square root of its number of articles.

    Rows count for `counts` articles each.
    """
    kinds = np.asarray(
        [f"{family}\t{label:.0f}" for family, label in zip(families, labels, strict=True)]
    )
    _, inverse = np.unique(kinds, return_inverse=True)
    totals = np.bincount(inverse, weights=counts)[inverse]
    weights: Floats = counts / np.sqrt(np.maximum(totals, 1e-12))
    classes = labels.astype(np.int64)
    sums = np.bincount(classes, weights=weights, minlength=2)
    return weights / np.maximum(sums, 1e-12)[classes] / np.count_nonzero(sums)


_LEAST_SLOPE = 0.3
"""The least mean slope of families, relative to the common curve, by which their spread is divided."""


def _spread(
    middle: Floats,
    labels: Floats,
    families: Sequence[str],
    counts: Floats,
    strength: float,
) -> Calibration:
    """Return how far the curves of families lie from the common one, whose log odds are `middle`, without the part due to chance."""
    kinds = np.asarray(families, dtype=object)
    curves, chances = [], []
    for kind in sorted(set(families)):
        mine = (kinds == kind) & (counts > 0)
        if len(set(labels[mine])) < 2:
            continue
        sizes = np.array([counts[mine & (labels == label)].sum() for label in (0, 1)])
        weights = balance(labels[mine], kinds[mine].tolist(), counts[mine])
        # the number of articles, half of either class, with the same information
        weights *= 4 / (1 / sizes).sum()
        curve = _fit(
            middle[mine], labels[mine], weights, (1.0, 0.0), strength, Calibration(1.0, 0.0)
        )
        curves.append(curve)
        chances.append(_chance(middle[mine], weights, curve, strength))
    if len(curves) < 2:
        return Calibration(1.0, 0.0)
    found = np.array(curves)
    spread = found.var(axis=0, ddof=1) - np.mean(chances, axis=0)
    slopes, offsets = np.maximum(spread, 0).tolist()
    mean = max(_LEAST_SLOPE, float(found[:, 0].mean()))
    return Calibration(1.0, 0.0, offsets, slopes / mean**2)


def _chance(
    scores: Floats, weights: Floats, curve: tuple[float, float], strength: float
) -> tuple[float, float]:
    """Return the variances of a curve's slope and offset that are due to chance."""
    stated = expit(curve[0] * scores + curve[1])
    told = weights * stated * (1 - stated)
    cross = told @ scores
    inverse = np.linalg.inv(
        np.array([[told @ scores**2 + strength, cross], [cross, told.sum() + strength]])
    )
    return float(inverse[0, 0]), float(inverse[1, 1])


def _fit(
    scores: Floats,
    labels: Floats,
    weights: Floats,
    start: tuple[float, float],
    strength: float,
    shape: Calibration,
) -> tuple[float, float]:
    """Return the slope (never negative) and offset with the least weighted log loss, regularised towards `start`.

    The symmetry of `shape` is used, and its spreads, which move probabilities towards even.
    """
    from scipy.optimize import minimize  # noqa: PLC0415 - scoring does not need it

    signs, fixed = 2 * labels - 1, 1 + _AVERAGED * shape.offset_spread

    def loss(curve: Floats) -> tuple[float, Floats]:
        linear = curve[0] * scores + curve[1]
        middle = curve_odds(linear, shape.symmetry)
        whole = fixed + _AVERAGED * shape.slope_spread * middle**2
        logits = middle / np.sqrt(whole)
        push = -weights * signs * expit(-signs * logits) * fixed / whole**1.5
        push *= _steepness(linear, shape.symmetry)
        away = curve - np.array(start)
        value = float(weights @ np.logaddexp(0, -signs * logits) + strength * away @ away / 2)
        return value, np.array([push @ scores, push.sum()]) + strength * away

    found = minimize(
        loss, np.array(start), jac=True, method="L-BFGS-B", bounds=[(0, None), (None, None)]
    )
    return float(found.x[0]), float(found.x[1])
