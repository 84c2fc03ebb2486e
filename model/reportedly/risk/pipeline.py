"""A bundle as a scikit-learn pipeline: articles in, probabilities out, for people who work in scikit-learn.

:func:`pipeline` gives what ``reportedly model export`` writes. Its steps keep their trained parts as plain
arrays when they are saved, so that a skops file names two classes of ours and none besides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

from reportedly.annotation.attribution.model import AttributionModel
from reportedly.annotation.claims.read import ClaimReader
from reportedly.annotation.hedging.detect import HedgeModel
from reportedly.annotation.pipeline import Detectors
from reportedly.annotation.sources.from_reading.model import LedgerModel
from reportedly.corpora.splits import group_folds
from reportedly.datamodel import Annotated
from reportedly.datamodel.arrays import Floats
from reportedly.errors import InvalidCorpus
from reportedly.risk.calibration import calibrate
from reportedly.risk.classifier import RiskModel
from reportedly.risk.learning.extraction import Extracted
from reportedly.risk.learning.fitting import assemble, heldout_scores
from reportedly.risk.learning.linear import LearnerSettings
from reportedly.risk.ngrams import headline_forms
from reportedly.risk.signal_features import dense_row, scored_forms, unverified_forms
from reportedly.risk.transformers import ArticleLike, TextStep, annotated_each, articles_of
from reportedly.signals import SIGNALS

_DETECTORS = {
    "attribution": AttributionModel,
    "hedging": HedgeModel,
    "claims": ClaimReader,
    "sources": LedgerModel,
}


class Annotator(TextStep):
    """Articles -> the same articles with what the detectors find in them, shape (articles,).

    Parameters
    ----------
    detectors
        The trained detectors of a bundle.
    """

    def __init__(self, detectors: Detectors | None = None) -> None:
        self.detectors = detectors

    def transform(self, X: Iterable[ArticleLike]) -> npt.NDArray[Any]:  # noqa: N803
        """Return an array of :class:`Annotated`."""
        check_is_fitted(self)
        found = np.empty(len(texts := articles_of(X)), dtype=object)
        for number, annotated in enumerate(annotated_each(texts, self.detectors)):
            found[number] = annotated
        return found

    def get_feature_names_out(self, input_features: object = None) -> npt.NDArray[Any]:  # noqa: ARG002
        """Return the name of the only column."""
        return np.array(["article"], dtype=object)

    def set_output(self, *, transform: str | None = None) -> Self:
        """Do nothing: what leaves this step are articles, which no table of numbers holds."""
        del transform
        return self

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = super().__getstate__()
        parts = {name: getattr(self.detectors, name, None) for name in _DETECTORS}
        arrays = {name: part.to_arrays() for name, part in parts.items() if part is not None}
        return {**state, "detectors": arrays}

    def __setstate__(self, state: dict[str, Any]) -> None:
        arrays = state["detectors"]
        parts = {n: _DETECTORS[n].from_arrays(a) for n, a in arrays.items()}  # type: ignore[attr-defined]
        super().__setstate__({**state, "detectors": Detectors(**parts) if parts else None})


class RiskClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Annotated articles -> the calibrated probability that an article is unreliable.

    Parameters
    ----------
    prior
        Share of unreliable articles where the probability will be used.
    folds
        Folds of the cross-validation that calibrates.
    seed
        Seed of the folds and of the learners.
    """

    def __init__(self, prior: float = 0.5, folds: int = 5, seed: int = 0) -> None:
        self.prior = prior
        self.folds = folds
        self.seed = seed

    def fit(self, X: Sequence[Annotated], y: Sequence[Any]) -> Self:  # noqa: N803
        """Learn the risk as ``train.py --data`` does, each article a group of its own.

        Raises
        ------
        InvalidCorpus
            When `y` has other than two classes, or a class has fewer than two articles. The second class in
            ascending order is the unreliable one.
        """
        self.classes_, numbers = np.unique(np.asarray(y), return_inverse=True)
        counts = np.bincount(numbers)
        if len(counts) != 2 or counts.min() < 2:
            raise InvalidCorpus(
                f"got {len(counts)} classes with {counts.tolist()} articles, "
                "wanted two with at least two each"
            )
        extracted = _extracted(X, numbers.astype(np.float64))
        rows, settings = np.arange(len(numbers)), LearnerSettings(seed=self.seed)
        folds = group_folds(extracted.frame, rows, self.folds, self.seed)
        calibration = calibrate(heldout_scores(extracted, folds, settings))
        model = assemble(extracted, rows, calibration, settings)
        self.model_ = RiskModel.from_arrays(
            model.to_arrays()
        )  # as it is once saved, to the last bit
        return self

    def predict_proba(self, X: Iterable[Annotated]) -> Floats:  # noqa: N803
        """Return the probabilities of both classes, shape (articles, 2).

        They are what the bundle says before it rounds, also of articles for which it would rather be silent:
        :meth:`abstentions` tells.
        """
        check_is_fitted(self, "model_")
        scores = [self.model_.score(self.model_.parts(article)) for article in X]
        calibration = self.model_.calibration
        risks = np.array([calibration.probability(score, self.prior) for score in scores])
        return np.column_stack([1 - risks, risks]).reshape(-1, 2)

    def predict(self, X: Iterable[Annotated]) -> npt.NDArray[Any]:  # noqa: N803
        """Return the likelier class of each article."""
        likelier = (self.predict_proba(X)[:, 1] > 0.5).astype(int)
        classes: npt.NDArray[Any] = self.classes_[likelier]
        return classes

    def abstentions(self, X: Iterable[Annotated]) -> list[str | None]:  # noqa: N803
        """Return why the bundle would give no risk for each article, or None."""
        check_is_fitted(self, "model_")
        return [self.model_.assess(article).risk.abstained for article in X]

    def __getstate__(self) -> dict[str, Any]:
        state: dict[str, Any] = super().__getstate__()
        if "model_" in state:
            state = {**state, "model_": self.model_.to_arrays()}
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        if "model_" in state:
            state = {**state, "model_": RiskModel.from_arrays(state["model_"])}
        super().__setstate__(state)


def pipeline(detectors: Detectors, risk: RiskModel, *, prior: float = 0.5) -> Pipeline:
    """Return the trained parts of a bundle as one fitted pipeline over texts.

    ``predict_proba(texts)[:, 1]`` is the risk. ``clone`` gives a pipeline with the same detectors and an
    unlearnt risk, so that ``cross_val_score`` and ``fit(texts, labels)`` do what they do for any other.
    """
    classifier = RiskClassifier(prior)
    classifier.classes_, classifier.model_ = np.array([0, 1]), risk
    annotator = Annotator(detectors)
    annotator.fitted_ = True
    return Pipeline([("annotate", annotator), ("risk", classifier)])


def _extracted(articles: Iterable[Annotated], labels: Floats) -> Extracted:
    """Return the features of annotated articles as training wants them."""
    annotated = list(articles)
    frame = pd.DataFrame(
        {
            "corpus": "given",
            "family": "given",
            "role": "evaluate",
            "label": labels,
            "group": np.arange(len(labels)),
        }
    )
    return Extracted(
        frame=frame,
        forms=tuple("\n".join(scored_forms(a.segmented)) for a in annotated),
        titles=tuple("\n".join(headline_forms(a.segmented)) for a in annotated),
        unverified=tuple(map(unverified_forms, annotated)),
        dense=np.array([dense_row(a) for a in annotated]),
        signals=np.array([[s.measure(a).score for s in SIGNALS] for a in annotated]),
        sentences=np.array(
            [sum(not s.furniture for s in a.segmented.sentences) for a in annotated], dtype=float
        ),
    )
