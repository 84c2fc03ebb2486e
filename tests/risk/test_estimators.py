"""The numeric estimators pass scikit-learn's own checks, and tests of what they add."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_score
from sklearn.utils.estimator_checks import estimator_checks_generator

from reportedly.corpora.splits import default_folds, separation_fault
from reportedly.risk.calibration import calibrate
from reportedly.risk.estimators import CrossCorpusClassifier, FamilyCalibrated, HeldScaler
from reportedly.risk.learning.folds import kin_table, learnable

CHECKS = [
    pytest.param(made, check, id=f"{estimator}-{getattr(check, 'func', check).__name__}")
    for estimator in (
        HeldScaler(),
        CrossCorpusClassifier(),
        FamilyCalibrated(CrossCorpusClassifier()),
        FamilyCalibrated(LogisticRegression()),
    )
    for made, check in estimator_checks_generator(estimator)
]
"""The checks of ``parametrize_with_checks`` as a list for pytest, with any version of scikit-learn."""


@pytest.mark.filterwarnings("ignore")  # scikit-learn's own, of the data its checks make
@pytest.mark.parametrize(("estimator", "check"), CHECKS)
def test_scikit_learn_s_own_checks(estimator, check):
    """No check is expected to fail."""
    check(estimator)


@pytest.fixture
def rows() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return features, labels and corpora: one column separates the classes, one the corpora, two are noise."""
    rng = np.random.default_rng(0)
    corpora = np.repeat(["a", "b", "c"], 40)
    labels = (rng.random(120) < np.repeat([0.2, 0.5, 0.8], 40)).astype(int)
    X = rng.normal(size=(120, 4))  # noqa: N806
    X[:, 0] += 1.5 * labels
    X[:, 1] += 4.0 * (corpora == "c") - 4.0 * (corpora == "a")
    return X, labels, corpora


def test_what_tells_a_corpus_is_not_learnt(rows):
    """If the corpora are given, the column that separates them weighs less."""
    X, labels, corpora = rows  # noqa: N806
    blind = CrossCorpusClassifier(C_dense=5).fit(X, labels).coef_[0]
    told = CrossCorpusClassifier(C_dense=5).fit(X, labels, groups=corpora).coef_[0]
    assert abs(told[1] / told[0]) < 0.7 * abs(blind[1] / blind[0])


def test_directions_bound_the_weights(rows):
    """A column that may only lower the score gets no weight if it would raise it."""
    X, labels, _ = rows  # noqa: N806
    coef = CrossCorpusClassifier(directions=(-1, 0, 0, 0)).fit(X, labels).coef_[0]
    assert coef[0] == 0
    assert coef[1] != 0


def test_a_contrast_pair_teaches(rows):
    """Pairs that differ in only one column increase its weight."""
    X, labels, _ = rows  # noqa: N806
    more, pairs = np.zeros((20, 4)), np.concatenate([np.full(120, -1), np.repeat(range(10), 2)])
    more[::2, 3] = 0.5
    both, y = np.vstack([X, more]), np.concatenate([labels, np.tile([1, 0], 10)])
    told = CrossCorpusClassifier().fit(both, y, pairs=pairs).coef_[0]
    blind = CrossCorpusClassifier().fit(both, y).coef_[0]
    assert told[3] / told[0] > blind[3] / blind[0] > 0


def test_score_and_probability_are_plain_arithmetic(rows):
    """The score is the sum of value times weight, and its logistic function is the uncalibrated probability."""
    X, labels, _ = rows  # noqa: N806
    fitted = CrossCorpusClassifier().fit(X, labels)
    scores = (X * fitted.coef_).sum(axis=1) + fitted.intercept_
    assert np.allclose(fitted.decision_function(X), scores)
    assert np.allclose(fitted.predict_proba(X)[:, 1], 1 / (1 + np.exp(-scores)))


def test_calibration_holds_out_each_family(rows):
    """With three families each is scored by a model that did not see it; a prior shifts the probability."""
    X, labels, corpora = rows  # noqa: N806
    kin = pd.DataFrame({"group": np.arange(120), "corpus": corpora, "family": corpora})
    fitted = FamilyCalibrated(CrossCorpusClassifier()).fit(X, labels, groups=kin)
    assert fitted.heldout_["fold"].unique().tolist() == ["a", "b", "c"]
    mine = corpora == "b"
    alone = CrossCorpusClassifier().fit(X[~mine], labels[~mine], groups=corpora[~mine])
    held = fitted.heldout_.set_index("row")["score"][np.flatnonzero(mine)]
    assert np.allclose(held, alone.decision_function(X[mine]))
    assert fitted.slope_ > 0
    assert min(fitted.offset_spread_, fitted.slope_spread_) >= 0
    rare = clone(fitted).set_params(prior=0.1).fit(X, labels, groups=kin)
    assert (rare.predict_proba(X)[:, 1] < fitted.predict_proba(X)[:, 1]).all()


def test_groups_are_kept_whole(rows):
    """Neither a group, a publisher of a table, nor near duplicates are on both sides of a fold."""
    X, labels, _ = rows  # noqa: N806
    outlets = np.array([f"o{i % 12}" for i in range(120)])
    copies = np.arange(120) // 2
    for groups in (outlets, pd.DataFrame({"group": copies, "source": outlets})):
        table = kin_table(groups, labels.astype(float))
        for fold in default_folds(table, learnable(table), seed=0):
            for name in ("group", "source") if hasattr(groups, "columns") else ("group",):
                both = set(table[name].iloc[fold.train]) & set(table[name].iloc[fold.test])
                assert not both, name
    scores = cross_val_score(
        FamilyCalibrated(LogisticRegression()), X, labels, groups=outlets, cv=GroupKFold(3)
    )
    assert scores.mean() > 0.6


def test_groups_that_cannot_be_kept_whole_are_told():
    """If one publisher has all articles of a class, the message names it."""
    labels = np.repeat([0.0, 1.0], 10)
    table = kin_table(pd.DataFrame({"source": ["Harbour Post"] * 10 + ["a", "b"] * 5}), labels)
    assert "labelled reliable are of one group, 'Harbour Post'" in separation_fault(
        table, np.arange(20)
    )
    fine = table.assign(source=["a", "b"] * 10)
    assert separation_fault(fine, np.arange(20)) is None


def test_rows_without_weight_and_of_other_roles_do_not_teach(rows):
    """Weight 0 leaves a row out; a control is scored, but used neither for training nor for calibration."""
    X, labels, corpora = rows  # noqa: N806
    kin = pd.DataFrame({"corpus": corpora, "family": corpora, "role": "evaluate"})
    kin.loc[corpora == "c", "role"] = "control"
    fitted = FamilyCalibrated(CrossCorpusClassifier()).fit(X, labels, groups=kin)
    rest = corpora != "c"
    alone = CrossCorpusClassifier().fit(X[rest], labels[rest], groups=corpora[rest])
    assert np.allclose(fitted.estimator_.coef_, alone.coef_)
    assert set(fitted.heldout_["corpus"]) == set(corpora)
    known = fitted.heldout_["label"]
    turned = known.where(fitted.heldout_["role"] != "control", 1 - known)
    assert calibrate(fitted.heldout_.assign(label=turned)) == calibrate(fitted.heldout_)
    assert calibrate(fitted.heldout_.assign(role="evaluate")) != calibrate(fitted.heldout_)
    weighed = FamilyCalibrated(CrossCorpusClassifier()).fit(X, labels, rest.astype(float))
    plain = CrossCorpusClassifier().fit(X[rest], labels[rest])
    assert np.allclose(weighed.estimator_.coef_, plain.coef_)
    assert roc_auc_score(labels, weighed.decision_function(X)) > 0.7
