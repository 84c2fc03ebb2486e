"""Metrics of scores and probabilities: AUC, average precision, Brier score, ECE, with intervals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from reportedly.datamodel import Band
from reportedly.datamodel.arrays import Floats
from reportedly.risk.calibration import (
    UNCALIBRATED,
    Calibration,
    calibrate,
    expit,
    prior_shift,
)
from reportedly.risk.classifier import band_of

_DRAWS = 300
_LEAST_OF_BAND = 10
"""The least articles of a set in a band for it to count in the lowest and highest share of unreliable ones."""


def expected_calibration_error(labels: Floats, probabilities: Floats, bins: int = 10) -> float:
    """Return the mean distance of stated and true shares over bins of equal width (Naeini et al. 2015)."""
    which = np.minimum((probabilities * bins).astype(int), bins - 1)
    gaps = np.bincount(which, weights=probabilities - labels, minlength=bins)
    return float(np.abs(gaps).sum() / max(1, len(labels)))


def measure_probabilities(
    labels: Floats, scores: Floats, probabilities: Floats
) -> dict[str, float]:
    """Return AUC and average precision of `scores`, Brier score and ECE of `probabilities`."""
    return {
        "auc": float(roc_auc_score(labels, scores)),
        "average_precision": float(average_precision_score(labels, scores)),
        "brier": float(brier_score_loss(labels, np.clip(probabilities, 0, 1))),
        "ece": expected_calibration_error(labels, probabilities),
    }


def interval(
    measured: Callable[..., float], *columns: Floats, seed: int = 0, draws: int = _DRAWS
) -> tuple[float, float]:
    """Return a 95 % bootstrap interval over articles of `measured(*columns)`; the first column is the labels."""
    rng = np.random.default_rng(seed)
    size = len(columns[0])
    found = []
    for _ in range(draws):
        rows = rng.integers(0, size, size)
        if len(np.unique(columns[0][rows])) == 2:
            found.append(measured(*(column[rows] for column in columns)))
    low, high = np.quantile(found, [0.025, 0.975]) if found else (np.nan, np.nan)
    return float(low), float(high)


def crossed_probabilities(
    heldout: pd.DataFrame, families: list[frozenset[str]] | None = None
) -> Floats:
    """Return a probability for each held-out score, by a calibration curve fitted without its family.

    Probabilities are for each fold's own share of the unreliable class, against which an ECE can be measured.
    """
    scores, labels = heldout["score"].to_numpy(), heldout["label"].to_numpy()
    folds = heldout["fold"].to_numpy()
    out = np.zeros(len(heldout))
    for name, curve in crossed_curves(heldout, families).items():
        mine = folds == name
        shift = prior_shift(float(np.clip(labels[mine].mean(), 0.02, 0.98)))
        out[mine] = expit(curve.logit(scores[mine]) + shift)
    return out


def crossed_curves(
    heldout: pd.DataFrame, families: list[frozenset[str]] | None = None
) -> dict[str, Calibration]:
    """Return for each fold of held-out scores the curve fitted without its own family."""
    labels, folds = heldout["label"].to_numpy(), heldout["fold"].to_numpy()
    kinds = (
        [frozenset(str(f).split("|")) for f in heldout["family"]] if families is None else families
    )
    usable = np.array([role not in UNCALIBRATED for role in _roles(heldout)])
    names = list(dict.fromkeys(folds))
    kin = {
        n: frozenset().union(*(k for k, f in zip(kinds, folds, strict=True) if f == n))
        for n in names
    }
    curves = {}
    for name in names:
        mine = folds == name
        others = usable & np.array([not (kin[f] & kin[name]) for f in folds])
        if len(set(labels[others])) < 2:
            others = ~mine if len(set(labels[~mine])) == 2 else mine
        curves[str(name)] = calibrate(heldout[others])
    return curves


def band_figures(heldout: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return for each band how many held-out articles are in it, and how many of these are unreliable, at a prior of one half.

    Each set is calibrated without its family; sets count the same, as do their classes. ``share`` is that of all
    articles; ``unreliable`` the share in the band, the mean over sets; ``lowest`` and ``highest`` are its extremes
    over the sets with at least ten articles in the band.
    """
    rows = []
    for name, curve in crossed_curves(heldout).items():
        part = heldout[heldout["fold"] == name]
        if not set(_roles(part)) <= {"evaluate", "train"}:
            continue
        bands = [
            band_of(float(curve.probability(score)), curve.interval(score))
            for score in part["score"].tolist()
        ]
        weight = 0.5 / part.groupby("label")["label"].transform("size")
        rows.append(part.assign(fold=name, band=bands, weight=weight))
    if not rows:
        return {}
    told = pd.concat(rows)
    found = {}
    for band in get_args(Band):
        part = told[told["band"] == band]
        if not len(part):
            continue
        by_set = [
            float(np.average(p["label"], weights=p["weight"]))
            for _, p in part.groupby("fold")
            if len(p) >= _LEAST_OF_BAND
        ]
        low, high = (min(by_set), max(by_set)) if by_set else (np.nan, np.nan)
        found[str(band)] = {
            "share": round(float(part["weight"].sum() / told["weight"].sum()), 4),
            "unreliable": round(float(np.average(part["label"], weights=part["weight"])), 4),
            "lowest": round(low, 4),
            "highest": round(high, 4),
        }
    return found


def interval_coverage(heldout: pd.DataFrame, cells: int = 4) -> float:
    """Return the share of groups of articles whose observed share of unreliable ones lies within their mean interval.

    Each measured family is divided into `cells` groups by risk, with classes of equal weight; the observed share
    may be off by one standard error.
    """
    curves, inside = crossed_curves(heldout), []
    measured = heldout[[role in {"evaluate", "train"} for role in _roles(heldout)]]
    for _, family in measured.groupby(_families_of_folds(measured), sort=False):
        pairs = list(zip(family["fold"].astype(str), family["score"].tolist(), strict=True))
        stated = np.array([curves[name].probability(score) for name, score in pairs])
        edges = np.array([curves[name].interval(score) for name, score in pairs])
        labels = family["label"].to_numpy()
        weights = np.where(labels == 1, 0.5 / labels.sum(), 0.5 / (1 - labels).sum())
        for group in np.array_split(np.argsort(stated, kind="stable"), cells):
            share = float(np.average(labels[group], weights=weights[group]))
            size = weights[group].sum() ** 2 / (weights[group] ** 2).sum()
            error = float(np.sqrt(max(share * (1 - share), 0.02) / size))
            low, high = edges[group].mean(axis=0).tolist()
            inside.append(low - error <= share <= high + error)
    return round(float(np.mean(inside)), 4) if inside else np.nan


def _roles(heldout: pd.DataFrame) -> list[str]:
    """Return each row's role, ``evaluate`` if none is given."""
    return list(heldout["role"]) if "role" in heldout else ["evaluate"] * len(heldout)


def family_figures(heldout: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return ECE and calibration slope of each held-out family, its corpora taken together; `heldout` has probabilities.

    ``by_chance`` is the ECE of labels drawn with the stated probabilities, the least that any calibration can reach.
    """
    rng, found = np.random.default_rng(0), {}
    for name, part in heldout.groupby(_families_of_folds(heldout), sort=False):
        labels, stated = part["label"].to_numpy(), part["probability"].to_numpy()
        drawn = [(rng.random(len(stated)) < stated).astype(np.float64) for _ in range(_DRAWS)]
        by_chance = np.mean([expected_calibration_error(d, stated) for d in drawn])
        found[str(name)] = {
            "ece": round(expected_calibration_error(labels, stated), 4),
            "by_chance": round(float(by_chance), 4),
            "slope": round(calibration_slope(labels, stated), 3),
        }
    return found


def _families_of_folds(heldout: pd.DataFrame) -> pd.Series:
    """Return the family of each row: that of its whole fold, or the fold if the family is unknown."""
    if "family" not in heldout:
        return heldout["fold"]
    first = heldout.groupby("fold", sort=False)["family"].agg(lambda f: max("|".join(f).split("|")))
    return heldout["fold"].map(first if len(set(first)) > 1 else {n: n for n in first.index})


def calibration_slope(labels: Floats, probabilities: Floats) -> float:
    """Return the calibration slope (Cox 1958): the factor by which the log odds of `probabilities` must be stretched to fit `labels`; above 1 they are too near the middle."""
    odds = np.clip(probabilities, 1e-6, 1 - 1e-6)
    columns = np.log(odds / (1 - odds))[:, None]
    fitted = LogisticRegression(C=np.inf).fit(columns, labels)
    return float(fitted.coef_[0, 0])


def control_set_figures(heldout: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return the figures of held-out controls, quality sets and robustness sets, by fold.

    `moderate` is the share of articles whose risk lies within 25 to 75, at a prior of one half and by a curve
    fitted without their fold.
    """
    found = {}
    roles = heldout["role"] if "role" in heldout else pd.Series("evaluate", index=heldout.index)
    for name, part in heldout[~roles.isin({"evaluate", "train"})].groupby("fold", sort=False):
        curve = calibrate(heldout[heldout["fold"] != name])
        labels, scores = part["label"].to_numpy(), part["score"].to_numpy()
        even = curve.probability(scores)
        found[str(name)] = {
            "articles": len(part),
            "auc": round(float(roc_auc_score(labels, scores)), 4),
            "auc_interval": [round(v, 3) for v in interval(roc_auc_score, labels, scores)],
            "moderate": round(float(np.mean((even >= 0.25) & (even <= 0.75))), 4),
            "median_risk": round(100 * float(np.median(even)), 1),
        }
    return found


def summary(heldout: pd.DataFrame) -> dict[str, Any]:
    """Return the figures of held-out scores for each fold, and their means."""
    heldout = heldout.assign(probability=crossed_probabilities(heldout))
    measured = np.array([role in {"evaluate", "train"} for role in _roles(heldout)])
    if measured.any():
        heldout = heldout[measured]
    families = family_figures(heldout)
    by: dict[str, dict[str, Any]] = {}
    for name, part in heldout.groupby("fold", sort=False):
        labels, scores = part["label"].to_numpy(), part["score"].to_numpy()
        probabilities = part["probability"].to_numpy()
        by[str(name)] = {
            "articles": len(part),
            "unreliable": int(labels.sum()),
            **{
                k: round(v, 4)
                for k, v in measure_probabilities(labels, scores, probabilities).items()
            },
            "auc_interval": [round(v, 3) for v in interval(roc_auc_score, labels, scores)],
            "ece_interval": [
                round(v, 3) for v in interval(expected_calibration_error, labels, probabilities)
            ],
        }
    means = {
        key: round(float(np.mean([figures[key] for figures in by.values()])), 4)
        for key in ("auc", "average_precision", "brier", "ece")
    }
    for key, name in (
        ("ece", "family_ece"),
        ("by_chance", "family_ece_by_chance"),
        ("slope", "slope"),
    ):
        means[name] = round(float(np.mean([figures[key] for figures in families.values()])), 4)
    return {"folds": by, "mean": means, "families": families}
