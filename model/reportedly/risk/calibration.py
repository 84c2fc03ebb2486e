"""From a score to a calibrated probability: at a stated prior, with an interval across publishers.

A logistic curve is fitted on scores of articles whose family the model never saw, balanced by family and
class, so that it speaks for a prior of one half (Platt 1999, Probabilistic outputs for support
vector machines). Each held-out family also gets a curve of its own: their spread at a score is the
interval, for publishers differ more than any one corpus can tell. Where negative controls are at hand, all curves
keep above ``FLOOR``: what is false can be written like what is true, so the manner of writing speaks against
an article, never wholly for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from reportedly.datamodel.arrays import Floats

if TYPE_CHECKING:
    import pandas as pd


UNCALIBRATED: frozenset[str] = frozenset({"quality", "robustness"})
"""Roles of corpora that calibration leaves out. Negative controls are in: articles whose style says nothing of
their truth are part of what a score will meet, and keep it from confidence that it has no ground for."""

FLOOR = 0.25
"""Least probability at a prior of one half. Negative controls (fluent reports with a falsehood in them) read like
reliable news; fitted with them, the floor comes out at .11 to .18; this one costs .001 of Brier score and keeps
95 % of controls from being cleared (``docs/risk.md``)."""

MOST_LOGIT = 3.0
"""Calibrated scores are held within a probability of .05 to .95 at a prior of one half: no style of writing proves more."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic curve, and one for each held-out family: ``floor + (1 - floor) * expit(slope * score + offset)``."""

    slope: float
    offset: float
    family_slopes: Floats
    family_offsets: Floats
    floor: float = 0.0

    @classmethod
    def of(cls, fitted: Mapping[str, Any]) -> Self:
        """Return the calibration among the `fitted` attributes of an estimator."""
        return cls(*(fitted[f"{name}_"] for name in CALIBRATED))

    def probability(self, score: Floats | float, prior: float = 0.5) -> Floats:
        """Return the probability of the unreliable class at `prior`, for each uncalibrated `score`."""
        return expit(self.logit(score) + prior_shift(prior))

    def logit(self, score: Floats | float) -> Floats:
        """Return the calibrated log odds at a prior of one half."""
        return lifted(self.slope * np.asarray(score, np.float64) + self.offset, self.floor)

    def interval(self, score: float, prior: float = 0.5) -> tuple[float, float]:
        """Return the 10th and 90th percentile of what the families' curves say, with the risk inside."""
        middle = float(self.logit(score))
        curves = lifted(self.family_slopes * score + self.family_offsets, self.floor)
        low, high = _tenths(sorted([*curves.tolist(), middle]))
        edges = np.array([min(low, middle), max(high, middle)])
        low, high = expit(edges + prior_shift(prior)).tolist()
        return low, high


CALIBRATED = tuple(field.name for field in fields(Calibration))
"""What a calibration consists of; an estimator has each under the same name with a line behind it."""


def _tenths(ordered: Sequence[float]) -> tuple[float, float]:
    """Return the 10th and 90th percentile of a few numbers, interpolated: `numpy.quantile` takes 0.3 ms for it."""
    return _at(ordered, 0.1 * (len(ordered) - 1)), _at(ordered, 0.9 * (len(ordered) - 1))


def _at(ordered: Sequence[float], place: float) -> float:
    """Return what stands at a `place` between two of `ordered`, interpolated."""
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return (ordered[above] - ordered[below]) * (place - below) + ordered[below]


CONTROL_SHARE = 0.5
"""How much a negative control weighs in the common curve beside a measured family."""


def calibrate(heldout: pd.DataFrame) -> Calibration:
    """Return the calibration of held-out scores, a frame with fold, role and weight (may be missing), label and score.

    Quality and robustness sets are left out; negative controls pull the common curve, have none of their own,
    and give all curves their floor: without controls there is no ground for one.
    """
    import pandas as pd  # noqa: PLC0415 - scoring does not need it

    roles = heldout["role"] if "role" in heldout else pd.Series("evaluate", index=heldout.index)
    known = heldout[~roles.isin(UNCALIBRATED)]
    control = (roles[known.index] == "control").to_numpy()
    return fit_calibration(
        known["score"].to_numpy(),
        known["label"].to_numpy(),
        known["fold"].tolist(),
        control=control if 0 < control.sum() < len(control) else None,
        floor=FLOOR if control.any() else 0.0,
        counts=known["weight"].to_numpy() if "weight" in known else None,
    )


def expit(logit: Floats | float) -> Floats:
    """Return the probability of log odds."""
    return 1.0 / (1.0 + np.exp(-np.asarray(logit, np.float64)))


def lifted(logit: Floats | float, floor: float) -> Floats:
    """Return the log odds of probabilities that are squeezed above `floor`, within ``MOST_LOGIT``."""
    if not floor:
        held: Floats = np.clip(logit, -MOST_LOGIT, MOST_LOGIT)
        return held
    odds = (floor + (1.0 - floor) * expit(logit)) / ((1.0 - floor) * expit(-np.asarray(logit)))
    lifted_odds: Floats = np.minimum(np.log(odds), MOST_LOGIT)
    return lifted_odds


def prior_shift(prior: float) -> float:
    """Return what a prior adds to log odds that were stated for one half (Elkan 2001)."""
    return float(np.log(prior) - np.log1p(-prior))


def fit_calibration(
    scores: Floats,
    labels: Floats,
    families: Sequence[str],
    *,
    strength: float = 2.0,
    control: npt.NDArray[np.bool_] | None = None,
    floor: float = 0.0,
    counts: Floats | None = None,
) -> Calibration:
    """Return the calibration of out-of-family `scores`, each family and class weighing the same.

    `counts` is how many articles each row stands for. Rows marked `control` weigh ``CONTROL_SHARE`` and have no curve of their own; `strength` pulls each family's own curve towards the common one, by so many articles' worth.
    """
    kinds = np.asarray(families, dtype=object)
    counts = np.ones(len(scores)) if counts is None else counts
    weights = balance(labels, families, counts)
    if control is not None:
        weights *= np.where(control, CONTROL_SHARE, 1.0)
    common = _fit(scores, labels, weights * counts.sum(), (0.0, 0.0), strength, floor)
    own = []
    for kind in sorted(set(families)):
        mine = (kinds == kind) & (counts > 0)
        if len(set(labels[mine])) == 2 and (control is None or not control[mine].any()):
            number = float(counts[mine].sum())
            share = balance(labels[mine], kinds[mine], counts[mine]) * min(200.0, number)
            own.append(_fit(scores[mine], labels[mine], share, common, 10 * strength, floor))
    slopes, offsets = np.array(own or [common]).T
    return Calibration(common[0], common[1], slopes, offsets, floor)


def balance(labels: Floats, families: Sequence[str], counts: Floats) -> Floats:
    """Return weights of sum 1 that give each family, and in it each class, the same say; rows weigh by their `counts`."""
    kinds = np.asarray(
        [f"{family}\t{label:.0f}" for family, label in zip(families, labels, strict=True)]
    )
    _, inverse = np.unique(kinds, return_inverse=True)
    totals = np.bincount(inverse, weights=counts)[inverse]
    weights: Floats = counts / np.maximum(totals, 1e-12)
    weights /= weights.sum()
    return weights


def _fit(
    scores: Floats,
    labels: Floats,
    weights: Floats,
    start: tuple[float, float],
    strength: float,
    floor: float,
) -> tuple[float, float]:
    """Return slope and offset of least weighted log loss, held near `start`; the slope never negative."""
    from scipy.optimize import minimize  # noqa: PLC0415 - scoring does not need it

    def loss(curve: Floats) -> tuple[float, Floats]:
        logits = curve[0] * scores + curve[1]
        above = expit(logits)
        stated = floor + (1 - floor) * above
        against = np.logaddexp(0, logits) - np.log1p(-floor)  # minus the log of 1 - stated
        rising = -(1 - floor) * above * (1 - above) / stated
        push = weights * np.where(labels == 1, rising, above)
        away = curve - np.array(start)
        lost = weights @ np.where(labels == 1, -np.log(stated), against)
        value = float(lost + strength * away @ away / 2)
        return value, np.array([push @ scores, push.sum()]) + strength * away

    found = minimize(
        loss, np.array(start), jac=True, method="L-BFGS-B", bounds=[(0, None), (None, None)]
    )
    return float(found.x[0]), float(found.x[1])
