"""Features to weights: held-out scores by models that never saw the family, then the model that ships."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from joblib import Parallel, delayed
from scipy import sparse
from sklearn.model_selection import GroupKFold

from reportedly.corpora.registry import TRAINED_ROLES
from reportedly.corpora.splits import Fold
from reportedly.datamodel.arrays import Floats, Ints
from reportedly.risk.abstention import Limits
from reportedly.risk.calibration import Calibration
from reportedly.risk.classifier import RiskModel
from reportedly.risk.learning.extraction import Extracted, ShowProgress
from reportedly.risk.learning.linear import (
    LearnerSettings,
    NgramRows,
    RiskWeights,
    article_weights,
    fit_logistic,
    learn,
    on_one_thread,
)
from reportedly.risk.ngrams import RARE, NgramVocabulary, learn_vocabulary, with_columns
from reportedly.risk.signal_features import documented

LEAST_HEADLINES = 5
"""Headlines that must have a word or pair before it is a column."""
LENGTH_BANDS = (12.0, 25.0, 45.0)
"""Scored sentences at which the reference percentiles change to the next band of length."""


def directions() -> Ints:
    """Return the sign that each dense feature's weight may have."""
    return np.array([f.direction for f in documented()], dtype=np.int64)


def contrast_pairs(frame: pd.DataFrame, rows: Ints) -> Ints:
    """Return (riskier, safer) positions within `rows` for the contrast pairs of the project's own corpus."""
    part = frame.iloc[rows]
    mine = part[part["corpus"] == "reportedly"]
    at = dict(zip(part.index, range(len(part)), strict=True))
    found = []
    for _, group in mine.groupby("group"):
        high, low = group[group["label"] == 1], group[group["label"] == 0]
        if len(group) == 2 and len(high) == 1:
            found.append((at[high.index[0]], at[low.index[0]]))
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def trainable(extracted: Extracted) -> Ints:
    """Return the rows that may be trained on: labelled, in a corpus with such a role, trusted in that label."""
    frame = extracted.frame
    usable = frame["role"].isin(TRAINED_ROLES).to_numpy() & ~np.isnan(extracted.labels)
    return np.flatnonzero(usable)


@dataclass(frozen=True, slots=True)
class NgramVocabularies:
    """What words and pairs are columns, of texts and of headlines."""

    texts: NgramVocabulary
    headlines: NgramVocabulary

    @classmethod
    def learnt(cls, extracted: Extracted, rows: Ints) -> NgramVocabularies:
        """Return those of the articles in `rows`."""
        texts = learn_vocabulary(extracted.words(rows))
        titled = [forms for forms in extracted.headlines(rows) if forms]
        return cls(texts, with_columns(texts, titled, LEAST_HEADLINES))

    def columns(self, extracted: Extracted, rows: Ints) -> NgramRows:
        """Return the columns of the texts and of the headlines of the articles in `rows`."""
        marked = [extracted.unverified[i] for i in rows.tolist()]
        texts, unverified = self.texts.matrices(extracted.words(rows), marked)
        return NgramRows(texts, unverified, self.headlines.matrix(extracted.headlines(rows)))


def fit_risk(
    extracted: Extracted,
    rows: Ints,
    columns: NgramRows,
    settings: LearnerSettings,
) -> RiskWeights:
    """Return the weights learnt from `rows`; `columns` are theirs."""
    frame = extracted.frame.iloc[rows]
    return learn(
        columns,
        extracted.dense[rows],
        extracted.labels[rows],
        frame["corpus"].tolist(),
        directions(),
        pairs=contrast_pairs(extracted.frame, rows),
        settings=settings,
    )


def heldout_scores(
    extracted: Extracted,
    folds: Sequence[Fold],
    settings: LearnerSettings,
    *,
    jobs: int = 1,
    progress: ShowProgress | None = None,
) -> pd.DataFrame:
    """Return the scores of each fold's test rows by a model fitted on its training rows alone.

    Everything is learnt anew in each fold: vocabulary, rarity, singular vectors, weights.
    """
    alike: dict[bytes, list[Fold]] = {}
    for fold in folds:
        alike.setdefault(fold.train.tobytes(), []).append(fold)
    work = list(alike.values())
    steps = progress(work, "held-out families") if progress else iter(work)
    parts = Parallel(n_jobs=jobs)(
        delayed(on_one_thread)(_score_folds, extracted, same, settings) for same in steps
    )
    joined: pd.DataFrame = pd.concat(parts, ignore_index=True)
    order = {fold.name: number for number, fold in enumerate(folds)}
    return joined.sort_values(
        "fold", key=lambda names: names.map(order), kind="stable", ignore_index=True
    )


def _score_folds(
    extracted: Extracted, folds: Sequence[Fold], settings: LearnerSettings
) -> pd.DataFrame:
    """Return the held-out scores of folds that share their training rows, with what the articles are."""
    train = folds[0].train
    wordings = NgramVocabularies.learnt(extracted, train)
    weights = fit_risk(extracted, train, wordings.columns(extracted, train), settings)
    found = []
    for fold in folds:
        frame = extracted.frame.iloc[fold.test]
        columns = wordings.columns(extracted, fold.test)
        found.append(
            pd.DataFrame(
                {
                    "row": fold.test,
                    "fold": fold.name,
                    "corpus": frame["corpus"].to_numpy(),
                    "family": frame["family"].to_numpy(),
                    "role": frame["role"].to_numpy(),
                    "label": extracted.labels[fold.test],
                    "score": weights.score(columns, extracted.dense[fold.test]),
                }
            )
        )
    joined: pd.DataFrame = pd.concat(found, ignore_index=True)
    return joined


def assemble(
    extracted: Extracted, rows: Ints, calibration: Calibration, settings: LearnerSettings
) -> RiskModel:
    """Return the model fitted on all `rows`, with its limits, satire gate and reference percentiles."""
    wordings = NgramVocabularies.learnt(extracted, rows)
    columns = wordings.columns(extracted, rows)
    weights = fit_risk(extracted, rows, columns, settings)
    labels = extracted.labels[rows]
    reliable = rows[labels == 0]
    satire, edge = _satire_gate(extracted, rows, wordings.texts, columns.texts)
    return RiskModel(
        vocabulary=wordings.texts,
        word_weights=weights.words,
        headlines=wordings.headlines,
        headline_weights=weights.headlines,
        satire_weights=satire,
        means=weights.means,
        scales=weights.scales,
        weights=weights.dense,
        intercept=weights.intercept,
        calibration=calibration,
        limits=replace(_limits(extracted, rows, wordings.texts, weights), satire=edge),
        reference=reference_percentiles(extracted.signals[reliable], extracted.sentences[reliable]),
        reference_lengths=np.array(LENGTH_BANDS),
        unverified_share=weights.unverified_share,
    )


SATIRE = "satire"
"""What an article's ``label_original`` begins with where it is satire."""
_LEAST_SATIRE = 50
_SATIRE_PASSED = 0.995
"""Share of reliable articles that the satire gate lets through."""
_SATIRE_STRENGTH = 3.0


def _satire_gate(
    extracted: Extracted, rows: Ints, vocabulary: NgramVocabulary, columns: sparse.csr_matrix
) -> tuple[npt.NDArray[np.float32], float]:
    """Return weights that tell satire from the articles in `rows`, and the score beyond which the risk is silent.

    Empty weights where there are few satires. The edge is set on scores of publishers that the weights they were
    scored by did not see.
    """
    frame = extracted.frame
    if "label_original" not in frame:
        return np.zeros(0, np.float32), 1e9
    found = frame["label_original"].astype(str).str.startswith(SATIRE) & frame["label"].isna()
    satires = np.flatnonzero(found.to_numpy())
    if len(satires) < _LEAST_SATIRE:
        return np.zeros(0, np.float32), 1e9
    every = sparse.vstack([vocabulary.matrix(extracted.words(satires)), columns], format="csr")
    both = np.concatenate([satires, rows])
    labels = (np.arange(len(both)) < len(satires)).astype(np.float64)
    source = frame["source"].to_numpy()[both]
    groups = [
        str(s) or f"\t{g}" for s, g in zip(source, frame["group"].to_numpy()[both], strict=True)
    ]
    weights = article_weights(labels, frame["corpus"].to_numpy()[both].tolist())
    weights *= np.where(
        labels == 1, 0.5 * weights[labels == 0].sum() / weights[labels == 1].sum(), 1
    )
    scores = np.zeros(len(both))
    for train, test in GroupKFold(5).split(both, labels, groups):
        slopes, _ = fit_logistic(every[train], labels[train], weights[train], _SATIRE_STRENGTH)
        scores[test] = every[test] @ slopes
    slopes, _ = fit_logistic(every, labels, weights, _SATIRE_STRENGTH)
    reliable = np.append(np.zeros(len(satires), np.bool_), extracted.labels[rows] == 0)
    return slopes.astype(np.float32), float(np.quantile(scores[reliable], _SATIRE_PASSED))


LEAST_RARE = 0.12
"""Share of unknown words that no training makes too much: news has .02, recipes .13, other languages from .5."""


def _limits(
    extracted: Extracted, rows: Ints, vocabulary: NgramVocabulary, weights: RiskWeights
) -> Limits:
    """Return the edges that all but 1 in 200 of the training articles keep within, 1 in 1,000 for rare words."""
    standard = (extracted.dense[rows] - weights.means) / weights.scales
    distance = np.mean(np.minimum(standard**2, 100.0), axis=1)
    rare = [
        float(np.mean(vocabulary.numbers(words)[0] == RARE)) if words else 0.0
        for words in extracted.words(rows)
    ]
    return Limits(
        rare_share=max(LEAST_RARE, float(np.quantile(rare, 0.999))),
        distance=max(3.0, float(np.quantile(distance, 0.995))),
    )


def reference_percentiles(signals: Floats, sentences: Floats) -> Floats:
    """Return the percentiles of signals among reference articles, shape (signals, bands of length, 101).

    A band with fewer than 20 articles has those of all lengths.
    """
    bands = np.searchsorted(np.array(LENGTH_BANDS), sentences, side="right")
    grid = np.linspace(0, 1, 101)
    found = np.zeros((signals.shape[1], len(LENGTH_BANDS) + 1, 101))
    for band in range(found.shape[1]):
        chosen = signals[bands == band] if (bands == band).sum() >= 20 else signals
        found[:, band] = np.quantile(chosen, grid, axis=0).T
    return found
