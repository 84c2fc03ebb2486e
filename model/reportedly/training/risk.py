"""train_risk(config) -> TrainedRisk: articles to features, features to weights, weights to a calibrated model.

The order is the honest one: scores for calibration come from models that never saw the family of the
article they score; only then is the model that ships fitted on everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from reportedly.corpora.leaks import Screen
from reportedly.corpora.splits import family_folds, group_folds
from reportedly.risk.calibration import calibrate
from reportedly.risk.classifier import RiskModel
from reportedly.risk.learning.articles import TrainingConfig, load_articles
from reportedly.risk.learning.extraction import ShowProgress, extract
from reportedly.risk.learning.fitting import assemble, heldout_scores, trainable
from reportedly.risk.learning.linear import on_one_thread

if TYPE_CHECKING:
    from reportedly.annotation.pipeline import Detectors


@dataclass(frozen=True, slots=True)
class TrainedRisk:
    """The model, the articles it was trained and measured on, its held-out scores, and their figures."""

    model: RiskModel
    frame: pd.DataFrame
    heldout: pd.DataFrame
    metrics: dict[str, Any]


def train_risk(
    config: TrainingConfig,
    detectors: Detectors,
    *,
    progress: ShowProgress | None = None,
    screened: Screen | None = None,
) -> TrainedRisk:
    """Return the risk model trained as `config` says, calibrated on held-out families.

    With fewer than three families the folds are groups of near duplicates and publishers instead.

    Raises
    ------
    InvalidCorpus
        When there is nothing to learn from.
    """
    from reportedly.evaluation.metrics import control_set_figures, summary  # noqa: PLC0415 - evaluation imports training

    frame = load_articles(config, screened)
    extracted = extract(frame, detectors, cache=config.cache, jobs=config.jobs, progress=progress)
    rows = trainable(extracted)
    folds = family_folds(frame, rows, apart=True)
    if len(folds) < 3:
        folds = group_folds(frame, rows, config.folds, config.settings.seed)
    heldout = heldout_scores(extracted, folds, config.settings, jobs=config.jobs, progress=progress)
    calibration = calibrate(heldout)
    model = on_one_thread(assemble, extracted, rows, calibration, config.settings)
    return TrainedRisk(
        model, frame, heldout, {**summary(heldout), "apart": control_set_figures(heldout)}
    )
