"""From labelled articles to the model that ships: the pipeline, its limits for abstaining, and its reference percentiles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline

from reportedly.corpora.splits import Fold
from reportedly.datamodel.arrays import Floats, Ints
from reportedly.risk.abstention import Limits
from reportedly.risk.calibration import CALIBRATED, Calibration
from reportedly.risk.classifier import RiskModel
from reportedly.risk.codec import stored
from reportedly.risk.estimators import FamilyCalibrated
from reportedly.risk.explanation import Reference
from reportedly.risk.learning.extraction import Extracted
from reportedly.risk.learning.folds import (
    ReadScores,
    ShowProgress,
    decided,
    fit_on,
    learnable,
    score_folds,
)
from reportedly.risk.learning.linear import article_weights, fit_logistic, on_one_thread
from reportedly.risk.ngrams import RARE
from reportedly.risk.pipeline import risk_pipeline

LENGTH_BANDS = (12.0, 25.0, 45.0)
"""Scored sentences at which the reference percentiles change to the next band of length."""
_SCORED = frozenset({"train", "evaluate", "control", "quality", "robustness"})
"""Roles of articles that calibration scores; only some of them are trained on."""


def trainable(extracted: Extracted) -> Ints:
    """Return the rows that may be trained on: labelled, and of a role that allows it."""
    return learnable(extracted.kin)


def heldout_scores(
    extracted: Extracted,
    folds: Sequence[Fold],
    seed: int = 0,
    *,
    jobs: int = 1,
    progress: ShowProgress | None = None,
    read: ReadScores = decided,
) -> pd.DataFrame:
    """Return the scores of each fold's test rows by the risk pipeline fitted on its training rows alone, and the other values of `read`."""
    pipeline = risk_pipeline(seed=seed).estimator
    return score_folds(
        pipeline, extracted.records, extracted.kin, folds, jobs=jobs, progress=progress, read=read
    )


def fit_risk(
    extracted: Extracted, seed: int, *, jobs: int = 1, progress: ShowProgress | None = None
) -> tuple[FamilyCalibrated, RiskModel]:
    """Return the pipeline fitted on all training articles and calibrated on folds, and its model as a bundle stores it."""
    rows = np.flatnonzero(extracted.frame["role"].isin(_SCORED) & ~np.isnan(extracted.labels))
    fitted = risk_pipeline(seed=seed, n_jobs=jobs, progress=progress)
    kin = extracted.kin.iloc[rows]
    labels = kin["label"].to_numpy().astype(np.int64)
    weights = kin["weight"].to_numpy()
    on_one_thread(fitted.fit, extracted.records[rows], labels, weights, groups=kin)
    fitted.heldout_["row"] = rows[fitted.heldout_["row"]]
    return fitted, _as_stored(extracted, trainable(extracted), fitted)


def assemble(
    extracted: Extracted, rows: Ints, calibration: Calibration, seed: int = 0
) -> RiskModel:
    """Return the model fitted on `rows`, with a calibration that is already known."""
    fitted = risk_pipeline(seed=seed)
    fitted.classes_ = np.array([0, 1])
    fitted.estimator_ = fit_on(fitted.estimator, extracted.records, extracted.kin, rows)
    for name in CALIBRATED:
        setattr(fitted, f"{name}_", getattr(calibration, name))
    return _as_stored(extracted, rows, fitted)


def _as_stored(extracted: Extracted, rows: Ints, fitted: FamilyCalibrated) -> RiskModel:
    """Return the fitted pipeline as a bundle stores it, with the limits and percentiles of `rows`."""
    reliable = rows[extracted.labels[rows] == 0]
    parts = {
        "pipeline": fitted,
        "limits": _limits(extracted, rows, fitted.estimator_),
        "reference": reference_percentiles(
            extracted.signals[reliable], extracted.sentences[reliable]
        ),
    }
    model = RiskModel.of({name: stored(part) for name, part in parts.items()})
    return RiskModel.from_arrays(model.to_arrays())  # bit for bit as it will be after saving


SATIRE = "satire"
"""The beginning of ``label_original`` for satire."""
_LEAST_SATIRE = 50
_SATIRE_PASSED = 0.995
"""Share of reliable articles that the satire gate lets through."""
_SATIRE_STRENGTH = 3.0
LEAST_RARE = 0.12
"""The limit of the share of unknown words is at least this: news has .02, recipes .13, other languages from .5."""


def _limits(extracted: Extracted, rows: Ints, pipeline: Pipeline) -> Limits:
    """Return the limits that only 1 in 200 of the training articles exceed, 1 in 1,000 for rare words."""
    parts = dict(pipeline["features"].transformer_list)
    scalers = [parts[name]["scale"] for name in ("signals", "style")]
    means, scales = (np.concatenate([getattr(s, n) for s in scalers]) for n in ("mean_", "scale_"))
    distance = np.mean(np.minimum(((extracted.dense[rows] - means) / scales) ** 2, 100.0), axis=1)
    vocabulary = parts["words"].vocabulary
    words = [record.words for record in extracted.records[rows]]
    rare = [float(np.mean(vocabulary.numbers(w)[0] == RARE)) if w else 0.0 for w in words]
    weights, edge = _satire_gate(extracted, rows, pipeline)
    return Limits(
        rare_share=max(LEAST_RARE, float(np.quantile(rare, 0.999))),
        distance=max(3.0, float(np.quantile(distance, 0.995))),
        satire=edge,
        satire_weights=weights,
    )


def _satire_gate(extracted: Extracted, rows: Ints, pipeline: Pipeline) -> tuple[Floats, float]:
    """Return weights that separate satire from the articles in `rows`, and the score above which the model abstains.

    The weights are empty if there are few satires. The limit is set on scores of publishers that the scoring
    weights had not seen.
    """
    frame = extracted.frame
    if "label_original" not in frame:
        return np.zeros(0), 1e9
    found = frame["label_original"].astype(str).str.startswith(SATIRE) & frame["label"].isna()
    satires = np.flatnonzero(found.to_numpy())
    if len(satires) < _LEAST_SATIRE:
        return np.zeros(0), 1e9
    both = np.concatenate([satires, rows])
    words = dict(pipeline["features"].transformer_list)["words"]
    every = words.vocabulary.matrix(record.words for record in extracted.records[both])
    labels = (np.arange(len(both)) < len(satires)).astype(np.float64)
    source = frame["source"].to_numpy()[both]
    groups = [
        str(s) or f"\t{g}" for s, g in zip(source, frame["group"].to_numpy()[both], strict=True)
    ]
    weights = article_weights(labels, frame["corpus"].to_numpy()[both])
    weights *= np.where(
        labels == 1, 0.5 * weights[labels == 0].sum() / weights[labels == 1].sum(), 1
    )
    scores = np.zeros(len(both))
    for train, test in GroupKFold(5).split(both, labels, groups):
        slopes, _ = fit_logistic(every[train], labels[train], weights[train], _SATIRE_STRENGTH)
        scores[test] = every[test] @ slopes
    slopes, _ = fit_logistic(every, labels, weights, _SATIRE_STRENGTH)
    reliable = np.append(np.zeros(len(satires), np.bool_), extracted.labels[rows] == 0)
    return slopes, float(np.quantile(scores[reliable], _SATIRE_PASSED))


def reference_percentiles(signals: Floats, sentences: Floats) -> Reference:
    """Return the percentiles of signals among reference articles, by bands of length.

    A band with fewer than 20 articles has those of all lengths.
    """
    bands = np.searchsorted(np.array(LENGTH_BANDS), sentences, side="right")
    grid = np.linspace(0, 1, 101)
    found = np.zeros((signals.shape[1], len(LENGTH_BANDS) + 1, 101))
    for band in range(found.shape[1]):
        chosen = signals[bands == band] if (bands == band).sum() >= 20 else signals
        found[:, band] = np.quantile(chosen, grid, axis=0).T
    return Reference(found, np.array(LENGTH_BANDS))
