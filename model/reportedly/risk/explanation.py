"""What moved the risk: exact contributions, in points, each tied to the words it came from.

In log odds each feature's contribution is its weight times its value, and they add up to the score. Points
are the same contributions scaled by one factor, so that they add up to the difference between this
article's risk and that of an article without any feature out of the ordinary.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reportedly.datamodel import Annotated, Contribution, Span
from reportedly.datamodel.arrays import Floats, Ints
from reportedly.risk.ngrams import NgramVocabulary, all_keys
from reportedly.risk.signal_features import documented, evidence
from reportedly.signals import SIGNALS

WORDING = "wording"
"""All words and pairs as one contribution: those that count up and down nearly cancel, and only the rest says
something. Its value is the share that counts towards unreliable; its evidence, the words that count most
in the direction of the whole."""
_WORDS = "the wording: words and pairs of words, without names"
"""What the contribution of the wording measures."""
HEADLINE = "headline"
"""All words and pairs of the headline as one contribution; its value is their term of the score."""
_HEADLINE = "the wording of the headline, without names"
_SHOWN_WORDS = 8
_SHOWN_EVIDENCE = 12


def contributions(
    annotated: Annotated,
    dense: Floats,
    features: Floats,
    words: Floats,
    places: Places,
    columns: Ints,
    points: float,
    usual: Floats,
    headline: float,
) -> tuple[Contribution, ...]:
    """Return what each feature did to the risk, in points that add up to `points`, the largest first.

    Parameters
    ----------
    annotated
        The article.
    dense, features
        Terms of the score and values of the dense features, in the order of ``documented()``.
    words, columns
        Terms of the score of the word columns, and which columns they are.
    places
        Where the article's words stand.
    points
        The article's risk less the risk of an article without any feature out of the ordinary.
    usual
        Means of the dense features in training.
    headline
        Term of the score of the headline's wording.
    """
    whole = float(dense.sum() + words.sum()) + headline
    factor = points / whole if abs(whole) > 1e-9 else 0.0
    counted = evidence(annotated, _SHOWN_EVIDENCE)
    found = [
        Contribution(f.name, round(value, 4), term * factor, counted.get(f.name, ()), f.meaning, mean)
        for f, value, term, mean in zip(documented(), features.tolist(), dense.tolist(), usual.round(4).tolist(), strict=True)
        if term
    ]  # fmt: skip
    if len(words):
        net = float(words.sum())
        side = words > 0 if net > 0 else words < 0
        spans = places.spans(columns[side], np.abs(words[side]))
        share = round(np.count_nonzero(words > 0) / len(words), 4)
        found.append(Contribution(WORDING, share, net * factor, spans, _WORDS))
    if headline:
        found.append(Contribution(HEADLINE, round(headline, 4), headline * factor, (), _HEADLINE))
    found.sort(key=lambda c: -abs(c.effect))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the words of an article stand: the vocabulary's number of each, and its token."""

    annotated: Annotated
    vocabulary: NgramVocabulary
    numbers: Ints
    places: Ints

    def spans(self, columns: Ints, weights: Floats) -> tuple[Span, ...]:
        """Return where the heaviest of `columns` first stand in the text, in order of weight."""
        heaviest = columns[np.argsort(-weights, kind="stable")[:_SHOWN_WORDS]]
        wanted = self.vocabulary.keys[heaviest].astype(np.int64)
        at = (all_keys(self.numbers, self.vocabulary.size) == wanted[:, None]).argmax(axis=1)
        pair = at >= len(self.numbers)  # which stand after the words
        first = np.where(pair, at - len(self.numbers), at)
        span = self.annotated.segmented.tokens.span
        ranges = zip(self.places[first].tolist(), self.places[first + pair].tolist(), strict=True)
        return tuple(span(low, high + 1) for low, high in ranges)


@dataclass(frozen=True, slots=True)
class Reference:
    """The scores of signals among reliable articles of training, by length.

    `percentiles` are the 0th to 100th, ``(signals, bands of length, 101)``; `lengths` the numbers of scored sentences at which
    the next band begins.
    """

    percentiles: Floats
    lengths: Floats

    def of(self, annotated: Annotated, scores: Mapping[str, float]) -> dict[str, float]:
        """Return the percentile of each signal's score among reference articles of like length."""
        length = [s.furniture for s in annotated.segmented.sentences].count(False)
        band = int(self.lengths.searchsorted(length, side="right"))
        names = [signal.name for signal in SIGNALS[: len(self.percentiles)]]
        grids = zip(names, self.percentiles[:, band], strict=True)
        return {name: percentile(scores[name], grid) for name, grid in grids if name in scores}


def percentile(value: float, reference: Floats | Sequence[float]) -> float:
    """Return the percentage of reference articles with a lower score; ties count half.

    `reference` holds the 0th to 100th percentiles.
    """
    grid = np.asarray(reference)
    below, upto = int(grid.searchsorted(value, "left")), int(grid.searchsorted(value, "right"))
    share = round((below + upto - 1) / 2 * 100 / (len(grid) - 1))
    return float(min(max(share, 0), 100))
