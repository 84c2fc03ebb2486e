"""The fitted risk, in NumPy only: the risk of one article, and the arithmetic shared with the estimators.

The score is a sum of one term per feature, so that each contribution is exact. Words that count in favour of an article count
less if they occur only in claims that nothing supports. Signals' weights are constrained in sign where their documentation gives
a direction: more anonymity or less support never lowers the risk, all else equal. :class:`RiskModel` is a view on the arrays of the
pipeline that ``train.py`` fits (:mod:`reportedly.risk.pipeline`); scoring imports no scikit-learn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np

from reportedly.annotation.tokens.vocabulary import token_ids
from reportedly.datamodel import Annotated, Band, Contribution, Risk
from reportedly.datamodel.arrays import Arrays, Floats
from reportedly.risk import codec
from reportedly.risk.abstention import Limits, abstain, not_english
from reportedly.risk.calibration import Calibration, prior_shift
from reportedly.risk.codec import Stored
from reportedly.risk.explanation import Reference, ScoreTerms, contributions, reasons
from reportedly.risk.names import named_text
from reportedly.risk.ngrams import (
    FIGURE,
    NAME,
    OPENING_WORDS,
    RARE,
    NgramVocabulary,
    headline_columns,
)
from reportedly.risk.signal_features import (
    dense_row,
    documented,
    signal_features,
    unverified_tokens,
)
from reportedly.risk.style_features import kept_tokens
from reportedly.signals import SIGNALS

EVEN = 0.2
"""Distance in log odds from the stated share within which a risk is about even: 5 points at a share of one half."""

CLIP = 3.0
"""Dense features are limited to this many standard deviations, so that no single outlier decides."""


def standardise(dense: Floats, means: Floats, scales: Floats) -> Floats:
    """Return dense features in standard deviations, limited to ``CLIP``."""
    held: Floats = np.clip((dense - means) / scales, -CLIP, CLIP)
    return held


def decision(X: Any, coef: Floats, intercept: float) -> Floats:  # noqa: ANN401, N803 - an array or a sparse matrix
    """Return the uncalibrated score of each row of features."""
    scores: Floats = np.asarray(X @ coef).ravel() + intercept
    return scores


@dataclass(frozen=True, slots=True)
class RiskEstimate:
    """The risk model's answer for one article; `foreign` is the reason if its language is not taken for English."""

    risk: Risk
    contributions: tuple[Contribution, ...]
    percentiles: Mapping[str, float]
    foreign: str | None = None


@dataclass(frozen=True, slots=True)
class RiskModel:
    """The fitted pipeline as scoring needs it: its arrays, its calibration and its limits; `parts` is everything that is stored.

    `vocabulary`, `headlines` and `openings` have one weight per column; an unverified column has a second one,
    which takes back a share of what counts in favour of the article. `means` and `scales` standardise the dense
    features, whose `weights` follow.
    """

    vocabulary: NgramVocabulary
    word_weights: Floats
    unverified_weights: Floats
    headlines: NgramVocabulary
    headline_weights: Floats
    openings: NgramVocabulary
    opening_weights: Floats
    means: Floats
    scales: Floats
    weights: Floats
    intercept: float
    calibration: Calibration
    limits: Limits
    reference: Reference
    parts: Mapping[str, Stored]

    @classmethod
    def of(cls, parts: Mapping[str, Stored]) -> Self:
        """Return the model from the stored `parts`: the pipeline, its limits, its reference.

        Raises
        ------
        ValueError
            When the features are not those of this version of the package.
        """
        pipeline = parts["pipeline"].fitted["estimator_"]
        features, linear = pipeline.step("features"), pipeline.step("classifier").fitted
        words = features.step("words").fitted
        dense = [features.step(name) for name in ("signals", "style")]
        named = [str(n) for part in dense for n in part.step("measure").fitted["features_"]]
        if named != [feature.name for feature in documented()]:
            raise ValueError(
                "the risk model was trained on other features than this version computes"
            )
        vocabulary = NgramVocabulary(words["words_"], words["keys_"], words["idf_"])
        headlines, openings = (
            _part(vocabulary, features.steps.get(name)) for name in ("headline", "opening")
        )
        opened = features.steps["opening"].params["n_features"] if len(openings.keys) else 0
        wide, coef = len(vocabulary.keys), linear["coef_"][0]
        last = len(coef) - len(named)
        scalers = [part.step("scale").fitted for part in dense]
        means, scales = (np.concatenate([s[name] for s in scalers]) for name in ("mean_", "scale_"))
        if last - opened < 2 * wide + len(headlines.keys) or opened < len(openings.keys):
            raise ValueError(f"got {len(coef)} weights, fewer than the model has columns")
        return cls(
            vocabulary=vocabulary,
            word_weights=coef[:wide],
            unverified_weights=coef[wide : 2 * wide],
            headlines=headlines,
            headline_weights=coef[2 * wide : last - opened],
            openings=openings,
            opening_weights=coef[last - opened : last],
            means=means,
            scales=scales,
            weights=coef[last:],
            intercept=float(linear["intercept_"][0]),
            calibration=Calibration.of(parts["pipeline"].fitted),
            limits=Limits(**parts["limits"].params),
            reference=Reference(**parts["reference"].params),
            parts=parts,
        )

    def terms(self, annotated: Annotated) -> ScoreTerms:
        """Return the terms of an article's score; their sum with the intercept is the score."""
        kept = np.flatnonzero(kept_tokens(annotated.segmented))
        scored = token_ids(annotated.segmented.tokens.forms)[kept]
        title, named = named_text(annotated.segmented)
        numbers, where = self.vocabulary.numbers(named)
        places = kept[where]
        unverified = unverified_tokens(annotated)[places]
        columns, values, alone = self.vocabulary.lookup(numbers, unverified)
        words = values * self.word_weights[columns]
        words[alone] += values[alone] * self.unverified_weights[columns[alone]]
        features = dense_row(annotated, scored)
        standard = (features - self.means) / self.scales
        above, titled = headline_columns(self.headlines, title)
        begun, opened = self.openings.columns(named[:OPENING_WORDS])
        known = int(np.count_nonzero((numbers != NAME) & (numbers != FIGURE)))
        satire = self.limits.satire_weights
        return ScoreTerms(
            numbers=numbers,
            places=places,
            columns=columns,
            words=words,
            headline=float(titled @ self.headline_weights[above]),
            opening=float(opened @ self.opening_weights[begun]),
            dense=standardise(features, self.means, self.scales) * self.weights,
            features=features,
            titled=len(title),
            scored=len(named),
            distance=float(np.mean(np.minimum(standard**2, 100.0))),
            rare=int(np.count_nonzero(numbers == RARE)) / max(1, known),
            satire=float(values @ satire[columns]) if len(satire) else 0.0,
        )

    def score(self, terms: ScoreTerms) -> float:
        """Return the uncalibrated score of an article from its terms."""
        parts = terms.words.sum(), terms.headline, terms.opening, terms.dense.sum()
        return float(self.intercept + sum(parts))

    def assess(
        self, annotated: Annotated, *, prior: float = 0.5, scores: Mapping[str, float] | None = None
    ) -> RiskEstimate:
        """Return risk, contributions and percentiles of one article.

        Parameters
        ----------
        annotated
            The article with what the detectors found.
        prior
            Share of unreliable articles among those that will be scored, between 0 and 1.
        scores
            The signals' scores by name, if already computed.
        """
        if scores is None:
            scores = {signal.name: signal.measure(annotated).score for signal in SIGNALS}
        terms = self.terms(annotated)
        percentiles = self.reference.of(annotated, scores)
        style = terms.features[len(signal_features()) :]
        reason = abstain(
            annotated,
            self.limits,
            style=style,
            rare=terms.rare,
            distance=terms.distance,
            satire=terms.satire,
        )
        if reason is not None:
            foreign = not_english(annotated, style, terms.rare)
            return RiskEstimate(Risk(None, None, None, reason), (), percentiles, foreign)
        stated = self._stated(self.score(terms), prior)
        ends = float(self.calibration.probability(0.0, prior)), stated.probability or 0.0
        found = contributions(annotated, terms, self.vocabulary, self.means, self.intercept, ends)
        start = round(100 * ends[0], 1)
        told = replace(stated, ordinary=start, reasons=reasons(found, ends))
        return RiskEstimate(told, found, percentiles)

    def _stated(self, score: float, prior: float) -> Risk:
        """Return the risk of an uncalibrated score."""
        probability = float(self.calibration.probability(score, prior))
        low, high = self.calibration.interval(score, prior)
        edges = (round(100 * low, 1), round(100 * high, 1))
        band = band_of(probability, (low, high), prior)
        return Risk(round(100 * probability, 1), band, edges, probability=probability)

    def to_arrays(self) -> Arrays:
        """Return the model as plain arrays: what a bundle stores."""
        return codec.to_arrays(self.parts)

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        """Return the model from the arrays of :meth:`to_arrays`.

        Raises
        ------
        ValueError
            When the features are not those of this version of the package.
        """
        return cls.of(codec.from_arrays(arrays))


def _part(vocabulary: NgramVocabulary, step: Stored | None) -> NgramVocabulary:
    """Return the columns of a part of the text, those of its `step`; none if the pipeline has no such step."""
    if step is None:
        return vocabulary.with_keys(np.zeros(0, np.uint32), np.zeros(0))
    words, keys, idf = (step.fitted[name] for name in ("words_", "keys_", "idf_"))
    if np.array_equal(words, vocabulary.words):
        return vocabulary.with_keys(keys, idf)
    return NgramVocabulary(words, keys, idf)


def band_of(probability: float, interval: tuple[float, float], prior: float = 0.5) -> Band:
    """Return the band of a probability with its interval, relative to the stated share of unreliable articles."""
    if abs(prior_shift(probability) - prior_shift(prior)) <= EVEN:
        return "about even"
    low, high = interval
    if low <= prior <= high:
        return "cannot tell"
    return "low" if probability < prior else "high"
