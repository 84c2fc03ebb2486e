"""train_risk(config) -> TrainedRisk: articles to records, records to the fitted pipeline, and its held-out figures.

Scores for calibration come from models that never saw the family of the article they score; only then is the
model that ships fitted on everything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from reportedly.corpora.leaks import Screen
from reportedly.corpora.splits import group_folds, separation_fault
from reportedly.errors import InvalidRequest
from reportedly.evaluation.metrics import control_set_figures, summary
from reportedly.risk.classifier import RiskModel
from reportedly.risk.estimators import FamilyCalibrated
from reportedly.risk.learning.articles import TrainingConfig, load_articles
from reportedly.risk.learning.extraction import extract
from reportedly.risk.learning.fitting import fit_risk, heldout_scores
from reportedly.risk.learning.folds import ShowProgress, learnable

if TYPE_CHECKING:
    from reportedly.annotation.pipeline import Detectors


@dataclass(frozen=True, slots=True)
class TrainedRisk:
    """The fitted pipeline, its model as a bundle stores it, the articles, their held-out scores, and figures."""

    pipeline: FamilyCalibrated
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
    """Return the risk trained as `config` says, calibrated on held-out families.

    With fewer than three families the folds separate publishers instead or, if these are unknown, groups of near
    duplicates; if publishers are known, random folds are measured as well.

    Raises
    ------
    InvalidCorpus
        When there is nothing to learn from.
    InvalidRequest
        When a column of groups is given that no fold can keep together.
    """
    frame = load_articles(config, screened)
    rows = learnable(frame)
    if config.group_column and (fault := separation_fault(frame, rows)):
        raise InvalidRequest(
            f"--group-column {config.group_column}: no fold can keep its groups together, for {fault}; "
            "expected two groups or more of each label, or no --group-column"
        )
    extracted = extract(frame, detectors, cache=config.cache, jobs=config.jobs, progress=progress)
    fitted, model = fit_risk(extracted, config.seed, jobs=config.jobs, progress=progress)
    heldout = fitted.heldout_
    figures = {**summary(heldout), "apart": control_set_figures(heldout)}
    figures["folds_by"] = folds_by(heldout)
    if figures["folds_by"] == "publisher":
        folds = group_folds(frame, rows, 5, config.seed)
        random = heldout_scores(extracted, folds, config.seed, jobs=config.jobs, progress=progress)
        figures["random"] = summary(random)["mean"]
    return TrainedRisk(fitted, model, frame, heldout, figures)


def folds_by(heldout: pd.DataFrame) -> str:
    """Return what the folds of held-out scores never split: a family, a publisher, or a group."""
    first = str(heldout["fold"].iloc[0]).split(" ", maxsplit=1)[0]
    return {"publishers": "publisher", "random": "group"}.get(first, "family")
