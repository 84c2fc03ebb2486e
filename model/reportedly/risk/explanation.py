"""The exact contributions to the risk, in points, each linked to its words in the text.

In log odds a feature's contribution is its weight times its value, and all contributions add up to the score. Points
are the same contributions scaled by one factor and rounded so that they add up exactly to the difference between this
article's risk and that of an average article, whose score is 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reportedly.datamodel import Annotated, Contribution, ReasonFamily, RiskReason, WordEffect
from reportedly.datamodel.arrays import Floats, Ints
from reportedly.risk.ngrams import FIGURE, NAME, OPENING_WORDS, RARE, NgramVocabulary
from reportedly.risk.recount import recounted, sizes_of
from reportedly.risk.signal_features import documented, evidence
from reportedly.signals import SIGNALS

WORDING = "wording"
"""All words and pairs as one contribution: those that count up and down nearly cancel, and only the rest is
informative. Its value is the share that counts towards unreliable; its evidence are the words that contribute
most in the direction of the whole; its effect is their sum compared with an average article's words.
"""
_WORDS = "the wording: words and pairs of words, without names"
"""What the contribution of the wording measures."""
HEADLINE = "headline"
"""All words and pairs of the headline as one contribution; its value is their term of the score."""
_HEADLINE = "the wording of the headline, without names"
OPENING = "opening"
"""All words and pairs of the opening as one contribution, in addition to the wording of the whole text; its
value is their term of the score.
"""
_OPENING = f"the wording of the first {OPENING_WORDS} words and signs, without names"
_FAMILIES: tuple[ReasonFamily, ...] = ("sourcing", "claims", "hedging", "manner", "wording")
_SHOWN_WORDS = 10
_SHOWN_EVIDENCE = 12
_SPECIAL = {RARE: "(any rare word)", NAME: "(any name)", FIGURE: "(any figure)"}


@dataclass(frozen=True, slots=True)
class ScoreTerms:
    """The terms of one article's score: of its word columns, its headline, its opening and its dense features.

    `numbers` are the vocabulary's numbers of its words, `places` their tokens. `features` are the values of the dense
    features, `titled` is the number of words and punctuation marks of its headline, `scored` that of its text.
    """

    numbers: Ints
    places: Ints
    columns: Ints
    words: Floats
    headline: float
    opening: float
    dense: Floats
    features: Floats
    titled: int
    scored: int
    distance: float
    rare: float
    satire: float


def contributions(
    annotated: Annotated,
    terms: ScoreTerms,
    vocabulary: NgramVocabulary,
    usual: Floats,
    intercept: float,
    ends: tuple[float, float],
) -> tuple[Contribution, ...]:
    """Return the effect of each feature on the risk, the largest first, in points that add up exactly.

    Parameters
    ----------
    annotated
        The article.
    terms
        Its terms of the score.
    vocabulary
        The words and columns.
    usual
        Means of the dense features in training.
    intercept
        The intercept: the sum of an average article's terms, with the sign changed.
        ends
        The risk of an average article and that of this one.
    """
    wording = float(terms.words.sum()) + intercept
    moved = [*terms.dense.tolist(), wording, terms.headline, terms.opening]
    whole = sum(moved)
    points = 100 * (ends[1] - ends[0])
    factor = points / whole if abs(whole) > 1e-9 else 0.0
    cents = adding_up(np.array(moved) * factor * 100, _cents(ends[1]) - _cents(ends[0]))
    effects = (cents / 100).tolist()
    found = _measured(annotated, terms, usual, effects[:-3])
    found.append(_wording(annotated, terms, vocabulary, effects[-3], factor))
    parts = (
        (HEADLINE, terms.headline, effects[-2], _HEADLINE, terms.titled),
        (OPENING, terms.opening, effects[-1], _OPENING, min(OPENING_WORDS, terms.scored)),
    )
    found += [
        Contribution(name, round(term, 4), effect, (), meaning, None, "wording", f"{many} words and signs")
        for name, term, effect, meaning, many in parts
        if term or effect
    ]  # fmt: skip
    found.sort(key=lambda c: -abs(c.effect))
    return tuple(found)


def reasons(found: Sequence[Contribution], ends: tuple[float, float]) -> tuple[RiskReason, ...]:
    """Return the effect of each family of contributions on the risk, in tenths of a point that add up."""
    sums = [sum(c.effect for c in found if c.family == family) for family in _FAMILIES]
    tenths = adding_up(np.array(sums) * 10, (_cents(ends[1]) - _cents(ends[0])) // 10)
    return tuple(
        RiskReason(family, tenth / 10)
        for family, tenth in zip(_FAMILIES, tenths.tolist(), strict=True)
    )


def _cents(probability: float) -> int:
    """Return a probability rounded as in reports, in hundredths of a point of risk."""
    return 10 * round(1000 * probability)


def adding_up(parts: Floats, whole: int) -> Ints:
    """Return `parts` as integers whose sum is `whole`; the largest absorbs the remainder of rounding."""
    clean = np.round(parts, 6)  # a half rounds alike, whatever its last digit
    rounded = np.rint(clean).astype(np.int64)
    rounded[np.argmax(np.abs(parts))] += whole - int(rounded.sum())
    return rounded


def _measured(
    annotated: Annotated, terms: ScoreTerms, usual: Floats, effects: Sequence[float]
) -> list[Contribution]:
    """Return the contributions of the dense features with a weight other than 0."""
    counted, sizes = evidence(annotated, _SHOWN_EVIDENCE), sizes_of(annotated)
    columns: Iterable[tuple[float, ...]] = zip(
        terms.features.tolist(), terms.dense.tolist(), usual.tolist(), effects, strict=True
    )
    return [
        Contribution(
            f.name, round(value, 4), effect, counted.get(f.name, ()), f.meaning, round(mean, 4), f.family,
            recounted(f.name, value, mean, sizes),
        )
        for f, (value, term, mean, effect) in zip(documented(), columns, strict=True)
        if term or effect
    ]  # fmt: skip


def _wording(
    annotated: Annotated,
    terms: ScoreTerms,
    vocabulary: NgramVocabulary,
    effect: float,
    factor: float,
) -> Contribution:
    """Return the contribution of all words and pairs, and the words that contribute most."""
    share = float(np.mean(terms.words > 0)) if len(terms.words) else 0.0
    numbers, weights = _by_word(terms, vocabulary)
    heaviest = numbers[np.argsort(-np.abs(weights[numbers]), kind="stable")[:_SHOWN_WORDS]]
    first = terms.places[(terms.numbers == heaviest[:, None]).argmax(axis=1)].tolist()
    span, forms = annotated.segmented.tokens.span, annotated.segmented.tokens.forms
    pairs = list(zip(heaviest.tolist(), first, strict=True))
    listed = tuple(
        WordEffect(_SPECIAL.get(n, forms[at].lower()), round(float(weights[n]) * factor, 2))
        for n, at in pairs
    )
    spans = tuple(span(at, at + 1) for n, at in pairs if n not in _SPECIAL)
    told = f"{len(terms.columns)} different words and pairs"
    return Contribution(
        WORDING, round(share, 4), effect, spans, _WORDS, None, "wording", told, listed
    )


def _by_word(terms: ScoreTerms, vocabulary: NgramVocabulary) -> tuple[Ints, Floats]:
    """Return the numbers of the article's words, and the term of each: its own, and half that of the pairs it is in."""
    keys = vocabulary.keys[terms.columns].astype(np.int64)
    single = keys < vocabulary.size
    first, second = np.where(single, keys, keys // vocabulary.size - 1), keys % vocabulary.size
    both, halves = np.concatenate([first, second]), np.tile(terms.words / 2, 2)
    weights: Floats = np.bincount(both, halves, vocabulary.size).astype(np.float64)
    found: Ints = np.unique(np.concatenate([first, second]))
    return found, weights


@dataclass(frozen=True, slots=True)
class Reference:
    """The scores of the signals in reliable training articles, by length.

    `percentiles` are the 0th to 100th, ``(signals, bands of length, 101)``; `lengths` are the numbers of scored
    sentences at which each next band begins.
    """

    percentiles: Floats
    lengths: Floats

    def of(self, annotated: Annotated, scores: Mapping[str, float]) -> dict[str, float]:
        """Return the percentile of each signal's score among reference articles of similar length."""
        grids = self._grids(annotated)
        return {name: percentile(scores[name], grids[name]) for name in grids if name in scores}

    def with_nothing(self, annotated: Annotated) -> dict[str, float]:
        """Return the share of reference articles of similar length in which each signal finds nothing and scores 0."""
        return {name: float(np.mean(grid == 0)) for name, grid in self._grids(annotated).items()}

    def _grids(self, annotated: Annotated) -> dict[str, Floats]:
        """Return the percentiles of each signal among articles of similar length."""
        length = [s.furniture for s in annotated.segmented.sentences].count(False)
        band = int(self.lengths.searchsorted(length, side="right"))
        names = [signal.name for signal in SIGNALS[: len(self.percentiles)]]
        return dict(zip(names, self.percentiles[:, band], strict=True))


def percentile(value: float, reference: Floats | Sequence[float]) -> float:
    """Return the percentage of reference articles with a lower score; ties count half.

    `reference` holds the 0th to 100th percentiles.
    """
    grid = np.asarray(reference)
    below, upto = int(grid.searchsorted(value, "left")), int(grid.searchsorted(value, "right"))
    share = round((below + upto - 1) / 2 * 100 / (len(grid) - 1))
    return float(min(max(share, 0), 100))
