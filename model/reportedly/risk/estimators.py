"""The numeric estimators of the risk: a scaler, a linear classifier for several corpora, and its calibration.

They add only ``fit``: their arithmetic is in :mod:`reportedly.risk.classifier` and
:mod:`reportedly.risk.calibration`, which scoring calls as well.
"""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import (
    BaseEstimator,
    ClassifierMixin,
    MetaEstimatorMixin,
    OneToOneFeatureMixin,
    TransformerMixin,
)
from sklearn.model_selection import check_cv
from sklearn.utils import get_tags, indexable
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import (
    check_array,
    check_consistent_length,
    check_is_fitted,
    column_or_1d,
    validate_data,
)

from reportedly.corpora.splits import Fold, default_folds, group_folds
from reportedly.datamodel.arrays import Floats, Ints
from reportedly.risk.calibration import (
    CALIBRATED,
    Calibration,
    calibrate,
    expit,
    prior_shift,
)
from reportedly.risk.classifier import decision, standardise
from reportedly.risk.learning.folds import (
    ShowProgress,
    fit_on,
    kin_table,
    learnable,
    score_folds,
)
from reportedly.risk.learning.linear import Learners, learn


class OneLine:
    """A one-line ``repr`` of an estimator: the parameters that differ from their defaults, shortened."""

    def __repr__(self) -> str:
        untouched = {k: v.default for k, v in _signature(type(self)).items()}
        params = self.get_params(deep=False)  # type: ignore[attr-defined]
        told = [f"{k}={_brief(v)}" for k, v in params.items() if not _same(v, untouched[k])]
        return f"{type(self).__name__}({', '.join(told)})"


def _signature(kind: type) -> Any:  # noqa: ANN401 - a mapping of parameters
    """Return the parameters of a class."""
    return inspect.signature(kind).parameters


def _same(value: object, default: object) -> bool:
    """Tell whether a parameter has its default value."""
    return value is default or (type(value) is type(default) and bool(np.all(value == default)))


def _brief(value: Any) -> str:  # noqa: ANN401 - of any type
    """Return a parameter in a few words."""
    steps = getattr(value, "steps", None) or getattr(value, "transformer_list", None)
    if steps:
        return f"{type(value).__name__}({', '.join(name for name, _ in steps)})"
    plain = isinstance(value, str | int | float | OneLine) or value is None
    text = repr(value) if plain else type(value).__name__
    return f"{len(value)} values" if isinstance(value, tuple | list) else text


class HeldScaler(OneLine, OneToOneFeatureMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Standardise columns and clip them at three standard deviations, so that no single extreme value decides."""

    def fit(self, X: Any, y: object = None, sample_weight: Any = None) -> Self:  # noqa: ANN401, ARG002, N803
        """Learn mean and standard deviation of each column."""
        X = validate_data(self, X, dtype=np.float64)  # noqa: N806
        weights = _weights(sample_weight, len(X))
        self.mean_ = np.average(X, axis=0, weights=weights)
        self.scale_ = np.sqrt(np.average((X - self.mean_) ** 2, axis=0, weights=weights)) + 1e-6
        return self

    def transform(self, X: Any) -> Floats:  # noqa: ANN401, N803
        """Return the columns scaled."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=np.float64, reset=False, ensure_min_samples=0)  # noqa: N806
        return standardise(X, self.mean_, self.scale_)


class CrossCorpusClassifier(OneLine, ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A linear classifier that learns what holds across corpora: the sum of up to six logistic regressions.

    Each regression gives every corpus an intercept of its own, which is discarded, so that differences between
    corpora are not learnt as unreliability. Words and their singular vectors are learnt from corpora with both
    classes, if there are any. :mod:`reportedly.risk.learning.linear` documents the columns of each.
    Contributions are exact: the score of a row ``x`` is ``(x * coef_).sum() + intercept_``.

    Parameters
    ----------
    headline
        Number of columns that are words of headlines. They follow the columns of words.
    opening
        Number of columns that are words of openings. They follow those of headlines and precede the dense ones.
    directions
        The sign that the weight of each dense column may have, 0 for either; dense columns come last. The columns
        before headlines, openings and dense columns are words, then as many columns of the same words in unverified
        claims. None: all columns are dense, with weights of either sign.
    C, C_latent, C_agreed, C_headline, C_opening, C_dense
        Inverse strength of the penalty of each regression.
    shares
        The standard deviation of each regression's term of the score.
    unverified_share
        The share of a weight in favour of the article that words lose in unverified claims.
    random_state
        Seed of the singular vectors.
    """

    def __init__(
        self,
        headline: int = 0,
        directions: Sequence[int] | None = None,
        *,
        opening: int = 0,
        C: float = 5.0,  # noqa: N803 - scikit-learn's name
        C_latent: float = 6.0,  # noqa: N803
        C_agreed: float = 5.0,  # noqa: N803
        C_headline: float = 1.0,  # noqa: N803
        C_opening: float = 10.0,  # noqa: N803
        C_dense: float = 0.02,  # noqa: N803
        shares: tuple[float, ...] = (1.0, 0.75, 0.75, 0.4, 0.5, 0.1),
        unverified_share: float = 0.375,
        random_state: int = 0,
    ) -> None:
        self.headline = headline
        self.directions = directions
        self.opening = opening
        self.C = C
        self.C_latent = C_latent
        self.C_agreed = C_agreed
        self.C_headline = C_headline
        self.C_opening = C_opening
        self.C_dense = C_dense
        self.shares = shares
        self.unverified_share = unverified_share
        self.random_state = random_state

    def fit(
        self,
        X: Any,  # noqa: ANN401, N803
        y: Any,  # noqa: ANN401
        sample_weight: Any = None,  # noqa: ANN401
        groups: Any = None,  # noqa: ANN401
        pairs: Any = None,  # noqa: ANN401
    ) -> Self:
        """Learn one weight per column.

        Parameters
        ----------
        X
            Features, an array or a sparse matrix.
        y
            Two classes; the second in ascending order is the unreliable one.
        sample_weight
            How many articles each row counts for; 0 leaves it out.
        groups
            The corpus of each row; without it all rows are of one corpus.
        pairs
            A number for each row: two rows of different class with the same number are a contrast pair, whose dense
            columns differ only by what makes one of them unreliable; -1 for none.
        """
        X, y = validate_data(self, X, y, accept_sparse="csr", dtype=np.float64)  # noqa: N806
        self.classes_, labels = two_classes(y)
        weights = _weights(sample_weight, len(labels))
        corpora = np.zeros(len(labels)) if groups is None else column_or_1d(groups)
        pairs = np.full(len(labels), -1) if pairs is None else column_or_1d(pairs)
        check_consistent_length(X, corpora, pairs)
        kept = np.flatnonzero(weights)
        if len(set(labels[kept])) < 2:
            raise ValueError(
                "got rows of only one class with a weight above 0, expected both classes"
            )
        dense = X.shape[1] if self.directions is None else len(self.directions)
        signs = np.zeros(dense, np.int64) if self.directions is None else np.array(self.directions)
        penalties = (
            self.C, self.C_latent, self.C_agreed, self.C_headline, self.C_opening, self.C_dense,
        )  # fmt: skip
        learners = Learners(
            self._words(X.shape[1] - dense), self.headline, self.opening, signs, penalties, tuple(self.shares),
            self.unverified_share, self.random_state,
        )  # fmt: skip
        coef, intercept = learn(
            X[kept], labels[kept], weights[kept], corpora[kept], pairs[kept], learners
        )
        self.coef_, self.intercept_ = coef[None], np.array([intercept])
        return self

    def _words(self, before: int) -> int:
        """Return how many of the columns `before` the dense ones are words."""
        twice = before - self.headline - self.opening
        if twice < 0 or twice % 2:
            raise ValueError(
                f"got {before} columns before the dense ones, expected {self.headline} of headlines, {self.opening} of openings and "
                "an even number of words: headline=, opening= and directions= must say what X holds"
            )
        return twice // 2

    def decision_function(self, X: Any) -> Floats:  # noqa: ANN401, N803
        """Return the uncalibrated score of each row; above 0 the second class is the likelier."""
        check_is_fitted(self)
        X = validate_data(  # noqa: N806
            self, X, accept_sparse="csr", dtype=np.float64, reset=False, ensure_min_samples=0
        )
        return decision(X, self.coef_[0], float(self.intercept_[0]))

    def predict_proba(self, X: Any) -> Floats:  # noqa: ANN401, N803
        """Return the logistic function of the uncalibrated score, for both classes: shape (rows, 2)."""
        return both_classes(expit(self.decision_function(X)))

    def predict(self, X: Any) -> npt.NDArray[Any]:  # noqa: ANN401, N803
        """Return the likelier class of each row."""
        likelier = (self.decision_function(X) > 0).astype(int)
        found: npt.NDArray[Any] = self.classes_[likelier]
        return found

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.classifier_tags.multi_class = False
        return tags


class FamilyCalibrated(OneLine, MetaEstimatorMixin, ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A classifier whose probabilities, at a stated prior, are calibrated on scores of rows that it had not seen.

    Parameters
    ----------
    estimator
        A classifier with ``decision_function``, or a pipeline that ends in one.
    cv
        How rows are held out for calibration: a number of folds that split no group, or a splitter or splits of
        scikit-learn. None: each family of labels in turn if `groups` has at least three; otherwise five folds that
        split no group and no publisher.
    prior
        Share of the second class among the rows that will be scored.
    seed
        Seed of the folds.
    n_jobs
        How many folds are fitted at a time.
    progress
        Shows the progress of the folds.
    """

    def __init__(
        self,
        estimator: Any,  # noqa: ANN401 - any classifier
        *,
        cv: Any = None,  # noqa: ANN401
        prior: float = 0.5,
        seed: int = 0,
        n_jobs: int | None = None,
        progress: ShowProgress | None = None,
    ) -> None:
        self.estimator = estimator
        self.cv = cv
        self.prior = prior
        self.seed = seed
        self.n_jobs = n_jobs
        self.progress = progress

    def fit(self, X: Any, y: Any, sample_weight: Any = None, groups: Any = None) -> Self:  # noqa: ANN401, N803
        """Score every row by a model that did not see its fold, calibrate on these scores, then fit on all rows.

        Parameters
        ----------
        X
            Articles, or any other input of the estimator.
        y
            Two classes; the second in ascending order is the unreliable one.
        sample_weight
            How many articles each row counts for when weights are learnt; 0 leaves it out.
        groups
            The groups that no fold may split: one per row, or a table with the columns ``group`` and, as far as
            they are known, ``source`` (publisher), ``corpus``, ``family`` (who labelled), ``role``
            (:mod:`reportedly.corpora.registry`; rows whose role is not training are only scored) and ``pair``.
        """
        self.classes_, labels = two_classes(column_or_1d(y, warn=True))
        (X,) = indexable(X)  # noqa: N806
        check_consistent_length(X, labels)
        weights = _weights(sample_weight, len(labels))
        table = kin_table(groups, labels).assign(weight=weights)
        rows = learnable(table)
        if len(set(labels[rows])) < 2:
            raise ValueError(
                "got rows of only one class with a weight above 0, expected both classes"
            )
        folds = self._folds(X, table, rows)
        self.heldout_ = score_folds(
            self.estimator, X, table, folds, jobs=self.n_jobs, progress=self.progress
        )
        curve = calibrate(self.heldout_)
        for name in CALIBRATED:
            setattr(self, f"{name}_", getattr(curve, name))
        self.estimator_ = fit_on(self.estimator, X, table, rows)
        return self

    def _folds(self, X: Any, table: pd.DataFrame, rows: Ints) -> list[Fold]:  # noqa: ANN401, N803
        """Return the folds that calibration holds out; each trains on some of `rows`."""
        if self.cv is None:
            return default_folds(table, rows, self.seed)
        if isinstance(self.cv, Integral):
            return group_folds(table, rows, int(self.cv), self.seed)
        y, groups = table["label"].to_numpy(), table["group"].to_numpy()
        splits = check_cv(self.cv, y, classifier=True).split(X, y, groups)
        return [
            Fold(f"fold {n}", np.intersect1d(train, rows), test)
            for n, (train, test) in enumerate(splits, 1)
        ]

    def decision_function(self, X: Any) -> Floats:  # noqa: ANN401, N803
        """Return the calibrated log odds of each row at the prior; ``estimator_`` has the score before calibration."""
        scores = self._scores(X)
        return self._calibration().logit(scores) + prior_shift(self.prior)

    def predict_proba(self, X: Any) -> Floats:  # noqa: ANN401, N803
        """Return the calibrated probabilities of both classes, shape (rows, 2).

        They are those of ``Assessor.assess`` before rounding, also for articles for which it abstains.
        """
        return both_classes(expit(self.decision_function(X)))

    def predict_interval(self, X: Any) -> Floats:  # noqa: ANN401, N803
        """Return the ends of the interval of each row's probability, shape (rows, 2)."""
        scores, curve = self._scores(X).tolist(), self._calibration()
        return np.array([curve.interval(score, self.prior) for score in scores]).reshape(-1, 2)

    def predict(self, X: Any) -> npt.NDArray[Any]:  # noqa: ANN401, N803
        """Return the likelier class of each row at the prior."""
        likelier = (self.decision_function(X) > 0).astype(int)
        found: npt.NDArray[Any] = self.classes_[likelier]
        return found

    def _scores(self, X: Any) -> Floats:  # noqa: ANN401, N803
        """Return the uncalibrated score of each row."""
        check_is_fitted(self)
        scores: Floats = self.estimator_.decision_function(X)
        return scores

    def _calibration(self) -> Calibration:
        """Return the fitted calibration."""
        return Calibration.of(vars(self))

    @property
    def n_features_in_(self) -> int:
        """The number of columns, where the estimator has columns."""
        check_is_fitted(self)
        number: int = self.estimator_.n_features_in_
        return number

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401
        tags, inner = super().__sklearn_tags__(), get_tags(self.estimator)
        tags.input_tags = inner.input_tags
        tags.classifier_tags.multi_class = False
        return tags


def two_classes(y: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], Floats]:
    """Return the two classes of `y` in ascending order, and 1.0 for each row of the second, 0.0 of the first.

    Raises
    ------
    ValueError
        When there are more or fewer classes than two.
    """
    check_classification_targets(y)
    classes, numbers = np.unique(y, return_inverse=True)
    if len(classes) != 2:
        many = "Only binary classification is supported: " if len(classes) > 2 else ""
        plural = "class" if len(classes) == 1 else "classes"
        raise ValueError(f"{many}got {len(classes)} {plural}, expected two")
    return classes, numbers.astype(np.float64)


def both_classes(second: Floats) -> Floats:
    """Return the probabilities of both classes from those of the second."""
    return np.column_stack([1 - second, second]).reshape(-1, 2)


def _weights(sample_weight: Any, rows: int) -> Floats:  # noqa: ANN401
    """Return how many articles each row counts for."""
    if sample_weight is None:
        return np.ones(rows)
    if isinstance(sample_weight, Real):
        sample_weight = np.full(rows, float(sample_weight))
    weights: Floats = check_array(sample_weight, ensure_2d=False, dtype=np.float64)
    if weights.shape != (rows,) or weights.min() < 0 or not weights.any():
        raise ValueError(
            f"got sample_weight of shape {weights.shape}, expected {rows} numbers of 0 or more, not all of them zero"
        )
    return weights
