"""The risk model: a sum over words, signals and style, calibrated, with limits and reasons.

The score is a sum of one term a feature, so that each contribution is exact. Words that speak for an article speak
more softly where only claims have them that nothing supports. Signals' weights are constrained in sign where their documentation gives a direction: more anonymity or
less support never lowers the risk, all else equal. The model is a handful of arrays; scoring needs no
scikit-learn.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from reportedly.annotation.tokens.vocabulary import token_ids
from reportedly.datamodel import BAND_MEANINGS, Annotated, Band, Contribution, Risk
from reportedly.datamodel.arrays import Arrays, Floats
from reportedly.risk.abstention import Limits, abstain, not_english
from reportedly.risk.calibration import Calibration
from reportedly.risk.explanation import Places, contributions, percentile
from reportedly.risk.ngrams import FIGURE, NAME, RARE, NgramVocabulary, headline_forms
from reportedly.risk.signal_features import (
    dense_row,
    documented,
    signal_features,
    unverified_tokens,
)
from reportedly.risk.style_features import kept_tokens
from reportedly.signals import SIGNALS

BANDS: tuple[tuple[float, Band, str], ...] = (
    (30.0, "low", BAND_MEANINGS["low"]),
    (50.0, "guarded", BAND_MEANINGS["guarded"]),
    (70.0, "elevated", BAND_MEANINGS["elevated"]),
    (100.1, "high", BAND_MEANINGS["high"]),
)
"""Upper end, name and fixed wording of each band."""

CLIP = 3.0
"""Standard deviations at which a dense feature is held: no single oddity decides."""


@dataclass(frozen=True, slots=True)
class RiskEstimate:
    """What the risk model says about one article; `foreign` is why it is taken for one of another language, if it is."""

    risk: Risk
    contributions: tuple[Contribution, ...]
    percentiles: Mapping[str, float]
    foreign: str | None = None


@dataclass(frozen=True, slots=True)
class ScoreTerms:
    """One article's terms of the score: of its word columns, its headline and its dense features.

    `numbers` are the vocabulary's numbers of its words, `places` the tokens where these stand.
    """

    numbers: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64]
    columns: npt.NDArray[np.int64]
    words: Floats
    headline: float
    dense: Floats
    features: Floats
    standard: Floats
    rare: float
    satire: float


@dataclass(frozen=True, slots=True)
class RiskModel:
    """The trained model; see :meth:`to_arrays` for what is stored.

    `headlines` has the same words as `vocabulary` and columns of its own. `means` and `scales` standardise the
    dense features; `reference` holds, for each signal and band of
    length, the 0th to 100th percentile of its score among reference articles. `unverified_share` is the share
    of a risk-lowering weight that a column loses where only unverified claims have it.
    """

    vocabulary: NgramVocabulary
    word_weights: npt.NDArray[np.float32]
    headlines: NgramVocabulary
    headline_weights: npt.NDArray[np.float32]
    satire_weights: npt.NDArray[np.float32]
    means: Floats
    scales: Floats
    weights: Floats
    intercept: float
    calibration: Calibration
    limits: Limits
    reference: Floats
    reference_lengths: Floats
    unverified_share: float = 0.0

    def parts(self, annotated: Annotated) -> ScoreTerms:
        """Return the terms of an article's score; their sum with the intercept is the score."""
        kept = np.flatnonzero(kept_tokens(annotated.segmented))
        scored = token_ids(annotated.segmented.tokens.forms)[kept]
        numbers, where = self.vocabulary.numbers(scored)
        places = kept[where]
        unverified = unverified_tokens(annotated)[places]
        columns, values, alone = self.vocabulary.lookup(numbers, unverified)
        words = values * self.word_weights[columns]
        words[alone & (words < 0)] *= 1.0 - self.unverified_share
        features = dense_row(annotated, scored)
        standard = (features - self.means) / self.scales
        dense = np.clip(standard, -CLIP, CLIP) * self.weights
        headline = headline_forms(annotated.segmented)
        above, titled = self.headlines.columns(headline) if headline else (columns[:0], words[:0])
        known = int(np.count_nonzero((numbers != NAME) & (numbers != FIGURE)))
        return ScoreTerms(
            numbers=numbers,
            places=places,
            columns=columns,
            words=words,
            headline=float(titled @ self.headline_weights[above]),
            dense=dense,
            features=features,
            standard=standard,
            rare=int(np.count_nonzero(numbers == RARE)) / max(1, known),
            satire=float(values @ self.satire_weights[columns])
            if len(self.satire_weights)
            else 0.0,
        )

    def score(self, parts: ScoreTerms) -> float:
        """Return the uncalibrated score of an article from its terms."""
        return float(self.intercept + parts.words.sum() + parts.headline + parts.dense.sum())

    def assess(
        self, annotated: Annotated, *, prior: float = 0.5, scores: Mapping[str, float] | None = None
    ) -> RiskEstimate:
        """Return risk, contributions and percentiles of one article.

        Parameters
        ----------
        annotated
            The article with what the detectors found.
        prior
            Share of unreliable articles where the risk will be used, between 0 and 1.
        scores
            The signals' scores by name, where they are at hand; measured otherwise.
        """
        if scores is None:
            scores = {signal.name: signal.measure(annotated).score for signal in SIGNALS}
        parts = self.parts(annotated)
        percentiles = self._percentiles(annotated, scores)
        style = parts.features[len(signal_features()) :]
        reason = abstain(
            annotated,
            self.limits,
            style=style,
            rare=parts.rare,
            distance=float(np.mean(np.minimum(parts.standard**2, 100.0))),
            satire=parts.satire,
        )
        if reason is not None:
            foreign = not_english(annotated, style, parts.rare)
            return RiskEstimate(Risk(None, None, None, reason), (), percentiles, foreign)
        score = self.score(parts)
        risk = 100 * self.calibration.probability(score, prior)
        low, high = self.calibration.interval(score, prior)
        rounded = round(risk, 1)
        stated = Risk(rounded, band_of(rounded), (round(100 * low, 1), round(100 * high, 1)))
        base = 100 * self.calibration.probability(self.intercept, prior)
        found = contributions(
            annotated,
            parts.dense,
            parts.features,
            parts.words,
            Places(annotated, self.vocabulary, parts.numbers, parts.places),
            parts.columns,
            risk - base,
            self.means,
            parts.headline,
        )
        return RiskEstimate(stated, found, percentiles)

    def _percentiles(self, annotated: Annotated, scores: Mapping[str, float]) -> dict[str, float]:
        """Return the percentile of each signal's score among reference articles of like length."""
        length = [s.furniture for s in annotated.segmented.sentences].count(False)
        band = int(self.reference_lengths.searchsorted(length, side="right"))
        return {
            signal.name: percentile(scores[signal.name], self.reference[number, band])
            for number, signal in enumerate(SIGNALS)
            if signal.name in scores and number < len(self.reference)
        }

    def to_arrays(self) -> Arrays:
        """Return the model as plain arrays: what a bundle stores."""
        about = {
            "features": [f.name for f in documented()],
            "limits": {"rare_share": self.limits.rare_share, "distance": self.limits.distance, "satire": self.limits.satire},
            "signals": [signal.name for signal in SIGNALS],
            "unverified_share": self.unverified_share,
        }  # fmt: skip
        c = self.calibration
        return {
            "words": self.vocabulary.words,
            "keys": self.vocabulary.keys,
            "rarity": self.vocabulary.rarity.astype(np.float16),
            "word_weights": self.word_weights.astype(np.float16),
            "headline_keys": self.headlines.keys,
            "headline_rarity": self.headlines.rarity.astype(np.float16),
            "headline_weights": self.headline_weights.astype(np.float16),
            "satire_weights": self.satire_weights.astype(np.float16),
            "dense": np.stack([self.means, self.scales, self.weights]),
            "curve": np.array([self.intercept, c.slope, c.offset, c.floor]),
            "family_curves": np.stack([c.family_slopes, c.family_offsets]),
            "reference": self.reference.astype(np.float32),
            "reference_lengths": self.reference_lengths,
            "about": np.frombuffer(json.dumps(about).encode(), np.uint8),
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> Self:
        """Return the model that `arrays` hold.

        Raises
        ------
        ValueError
            When the features are not those of this version of the package.
        """
        about = json.loads(arrays["about"].tobytes().decode())
        if about["features"] != [f.name for f in documented()]:
            raise ValueError(
                "the risk model was trained on other features than this version computes"
            )
        intercept, slope, offset, floor = map(float, (*arrays["curve"], 0.0)[:4])
        vocabulary = NgramVocabulary(
            arrays["words"], arrays["keys"], arrays["rarity"].astype(np.float32)
        )
        curves = arrays["family_curves"]
        nothing = np.zeros(0, np.float32)  # of models trained before headlines had columns
        keys, rarity, above = (
            arrays.get(f"headline_{name}", nothing) for name in ("keys", "rarity", "weights")
        )
        return cls(
            vocabulary=vocabulary,
            word_weights=arrays["word_weights"].astype(np.float32),
            headlines=vocabulary.with_keys(keys.astype(np.uint32), rarity.astype(np.float32)),
            headline_weights=above.astype(np.float32),
            satire_weights=arrays["satire_weights"].astype(np.float32),
            means=arrays["dense"][0],
            scales=arrays["dense"][1],
            weights=arrays["dense"][2],
            intercept=intercept,
            calibration=Calibration(slope, offset, curves[0], curves[1], floor),
            limits=Limits(**about["limits"]),
            reference=arrays["reference"].astype(np.float64),
            reference_lengths=arrays["reference_lengths"],
            unverified_share=float(about.get("unverified_share", 0.0)),
        )


def band_of(risk: float) -> Band:
    """Return the band of a risk from 0 to 100."""
    return next(name for upper, name, _ in BANDS if risk < upper)
