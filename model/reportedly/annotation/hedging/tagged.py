"""Hedges from the reader's tags: the words of a cue, its kind and its voice.

The tags show where there is a hedge, but less well which words belong to it (`may`, or `may have`?). So each
place where a term of the list occurs is a candidate, and so are words that the tags mark elsewhere. Two small
linear models judge a candidate by the tags in it and at its edges and by the words around it: whether it is exactly the cue, and
whether it is a part of one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Protocol

import numpy as np

from reportedly.annotation.reader.labels import HEDGES, YES_NO
from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.annotation.tokens.word_features import (
    CAPITAL,
    LEAST_CHANCE,
    QUOTE,
    log_odds,
    word_features,
)
from reportedly.datamodel import HEDGE_KINDS, HedgeKind
from reportedly.datamodel.arrays import Bools, Floats, Floats32, Ints

LEAST_LIKELY = 0.03
"""A listed term is a candidate if one of its words has at least this probability by the tags, or the term by the words around it."""

_TAGGED = 0.7
"""Words on no list are candidates if each has at least this probability by the tags."""

_SURE = 0.99
"""The probability given to a term that hedges in any context."""

_LISTED_ODDS = 1.5
"""Log odds added to the kind that the list gives a term."""

_LONGEST = 8
"""The most words of a term whose tags are used."""

SPAN_FEATURES = (
    "mean", "least", "most", "begins", "goes on", "before", "goes on behind", "of two words", "of three words",
    "longer", "capital within the sentence", "sentence", "by its words", "likeliest over it", "likeliest beside it",
)  # fmt: skip
"""The features of a candidate: tags, length, the sentence's answer, listed terms."""


@dataclass(frozen=True, slots=True)
class ListedCues:
    """Places of listed terms, and of words that the tags mark, in order: tokens ``[first, last)``.

    `kind` is the number among ``HEDGE_KINDS`` that the list or the tags give it, `chances` the probability that it hedges by the
    words around it, `sure` whether it hedges in any context.
    """

    first: Ints
    last: Ints
    kind: Ints
    chances: Floats32
    sure: Bools

    def __len__(self) -> int:
        return len(self.first)

    def only(self, kept: Bools | Ints) -> ListedCues:
        """Return some of the places."""
        return ListedCues(
            self.first[kept], self.last[kept], self.kind[kept], self.chances[kept], self.sure[kept]
        )

    def beside(self, others: ListedCues) -> ListedCues:
        """Return these places and `others`, in order."""
        if not len(others):
            return self
        columns = (
            np.concatenate([getattr(self, f.name), getattr(others, f.name)]) for f in fields(self)
        )
        both = ListedCues(*columns)
        return both.only(np.lexsort((both.last, both.first)))


@dataclass(frozen=True, slots=True)
class FoundCue:
    """A cue of a hedge: tokens ``[first, last)``, its kind, the probability that it is a cue, and the probability that its voice is a source's."""

    first: int
    last: int
    kind: HedgeKind
    chance: float
    by_source: float


@dataclass(frozen=True, slots=True)
class HedgeTags:
    """The reader's answers about hedges in a batch of documents.

    By token `tags` ``(tokens, HEDGES)`` and `voice` ``(tokens,)``, by sentence `answers` ``(sentences, YES_NO)``.
    """

    tags: Floats
    voice: Floats
    answers: Floats

    @classmethod
    def of(cls, readings: Sequence[Reading]) -> HedgeTags:
        """Return the answers of several readings, concatenated."""
        parts = (
            np.concatenate([getattr(reading, name) for reading in readings]).astype(np.float64)
            for name in ("hedges", "voice", "answers")
        )
        tags, voice, answers = parts
        return cls(tags, voice[:, 0], answers)

    @property
    def inside(self) -> Floats:
        """The probability of each token to belong to a hedge."""
        inside: Floats = 1 - self.tags[:, 0]
        return inside

    def answered(self, question: str, sentences: Ints) -> Floats:
        """Return the log odds of yes to a question about some sentences."""
        return log_odds(self.answers[sentences, YES_NO.index(question)])


def looked_at(layout: DocBatch, tags: HedgeTags, listed: ListedCues) -> ListedCues:
    """Return the places to be judged as hedges, outside page furniture: listed terms by their tags or the words around them, others by their tags alone."""
    listed = listed.only(~layout.furniture[layout.sentence[listed.first]])
    likely = np.cumsum(np.append(0, tags.inside >= LEAST_LIKELY))
    tagged = likely[listed.last] > likely[listed.first]
    listed = listed.only(tagged | (listed.chances >= LEAST_LIKELY) | listed.sure)
    return listed.beside(_tagged_runs(layout, tags, listed))


def _tagged_runs(layout: DocBatch, tags: HedgeTags, listed: ListedCues) -> ListedCues:
    """Return the runs of words that the tags mark and that do not overlap a listed term."""
    taken = np.zeros(len(tags.inside) + 1, np.int64)
    np.add.at(taken, listed.first, 1)
    np.add.at(taken, listed.last, -1)
    marks = (tags.inside >= _TAGGED) & (np.cumsum(taken)[:-1] == 0)
    marks &= ~layout.furniture[layout.sentence]
    ends = np.append(np.flatnonzero(np.diff(layout.sentence)), len(marks) - 1)
    opens = marks & np.append(True, ~marks[:-1])
    opens[1:] |= marks[1:] & (np.diff(layout.sentence) > 0)
    closes = marks & np.append(~marks[1:], True)
    closes[ends] |= marks[ends]
    first, last = np.flatnonzero(opens), np.flatnonzero(closes) + 1
    runs = ListedCues(
        first, last, first, np.full(len(first), LEAST_LIKELY, np.float32), np.zeros(len(first), np.bool_)
    )  # fmt: skip
    return replace(runs, kind=tag_odds(tags, runs).argmax(axis=1))


def span_features(layout: DocBatch, tags: HedgeTags, spans: ListedCues) -> Floats:
    """Return the features of each candidate, shape (candidates, ``SPAN_FEATURES``)."""
    inside, first, last = tags.inside, spans.first, spans.last
    begins, goes_on = tags.tags[:, 1::2].sum(axis=1), tags.tags[:, 2::2].sum(axis=1)
    sentence = layout.sentence[first]
    low, high = layout.first[sentence], layout.last[sentence]
    size = last - first
    values = inside[first[:, None] + np.minimum(np.arange(_LONGEST), size[:, None] - 1)]
    sums = np.cumsum(np.append(0.0, inside))
    steps = np.cumsum(np.append(0.0, np.log(np.maximum(goes_on, LEAST_CHANCE))))
    behind = np.where(last < high, goes_on[np.minimum(last, len(inside) - 1)], 0.0)
    columns = (
        log_odds((sums[last] - sums[first]) / size), log_odds(values.min(axis=1)), log_odds(values.max(axis=1)),
        np.log(np.maximum(begins[first], LEAST_CHANCE)), steps[last] - steps[first + 1],
        log_odds(np.where(first > low, inside[first - 1], 0.0)), log_odds(behind),
        size == 2, size == 3, size > 3, _capital(layout, first, low), tags.answered("hedged", sentence),
        *_by_words(spans, len(inside)),
    )  # fmt: skip
    return np.stack([np.asarray(c, np.float64) for c in columns], axis=1)


def _capital(layout: DocBatch, first: Ints, low: Ints) -> Bools:
    """Return which candidates are capitalised inside their sentence: names or months, unless a quotation begins there."""
    words = word_features(layout.words)
    opened = words.has(QUOTE)[np.maximum(first - 1, 0)]
    capital: Bools = words.has(CAPITAL)[first] & (first > low) & ~opened
    return capital


def _by_words(spans: ListedCues, tokens: int) -> tuple[Floats, Floats, Floats]:
    """Return the log odds of each candidate by the words around it, and of the most likely candidate that overlaps it or is beside it."""
    odds = log_odds(spans.chances)
    nothing = -float(log_odds(np.array([1.0]))[0])
    best = [nothing] * (tokens + 1)
    places = list(zip(odds.tolist(), spans.first.tolist(), spans.last.tolist(), strict=True))
    for chance, first, last in places:
        for at in range(first, last):
            best[at] = max(best[at], chance)
    over = np.array([max(best[first:last]) for _, first, last in places])
    beside = np.array([max(best[first - 1], best[last]) for _, first, last in places])
    return odds, over, beside


@dataclass(frozen=True, slots=True)
class HedgeSpanModel:
    """Two linear models of candidates, and their thresholds.

    `weights` ``(features, 2)`` and `bias` ``(2,)`` give the log odds of being exactly a cue, and of sharing words with one. A
    hedge is found if the second probability reaches `least`; its words are those of the candidate most likely to be exact.
    `spoken` weighs the columns of :func:`voice_features`.
    """

    weights: Floats32
    bias: Floats32
    least: float
    spoken: Floats32

    def chances(self, features: Floats) -> Floats:
        """Return both probabilities of each candidate, shape (candidates, 2)."""
        return _logistic(features @ self.weights.astype(np.float64) + self.bias)

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return the model as plain arrays."""
        return {
            "span_weights": self.weights,
            "span_bias": self.bias,
            "span_least": np.array([self.least], np.float64),
            "span_spoken": self.spoken,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> HedgeSpanModel:
        """Return the model in `arrays`."""
        return cls(
            arrays["span_weights"], arrays["span_bias"], float(arrays["span_least"][0]),
            arrays["span_spoken"],
        )  # fmt: skip


def _logistic(odds: Floats) -> Floats:
    chances: Floats = 1 / (1 + np.exp(-odds.clip(-80, 80)))
    return chances


def find_cues(
    layout: DocBatch, tags: HedgeTags, listed: ListedCues, model: HedgeSpanModel
) -> list[FoundCue]:
    """Return the cues in the documents of `layout`, in order; no two overlap, and furniture has none."""
    spans = looked_at(layout, tags, listed)
    if not len(spans):
        return []
    chances = model.chances(span_features(layout, tags, spans))
    chances[spans.sure] = np.maximum(chances[spans.sure], _SURE)
    chosen = choose_spans(spans, chances, model.least)
    chances, spans = chances[chosen], spans.only(np.array(chosen, np.int64))
    kinds = cue_kinds(tags, spans)
    spoken = _logistic(voice_features(layout, tags, spans, kinds) @ model.spoken.astype(np.float64))
    columns = (spans.first, spans.last, kinds, chances[:, 1], spoken)
    return [
        FoundCue(first, last, HEDGE_KINDS[kind], chance, by_source)
        for first, last, kind, chance, by_source in zip(*(c.tolist() for c in columns), strict=True)
    ]


class TokenRanges(Protocol):
    """The interface of ranges in a text: tokens ``[first, last)``."""

    @property
    def first(self) -> Ints:
        """The first token of each."""

    @property
    def last(self) -> Ints:
        """The token after the last of each."""


def choose_spans(spans: TokenRanges, chances: Floats | Floats32, least: float) -> list[int]:
    """Return the candidates that are cues, in order: of overlapping ones, the one most likely to be exact."""
    order = np.argsort(-chances[:, 0], kind="stable")
    taken: set[int] = set()
    chosen = []
    for index in order[chances[order, 1] >= least].tolist():
        tokens = range(int(spans.first[index]), int(spans.last[index]))
        if taken.isdisjoint(tokens):
            taken.update(tokens)
            chosen.append(index)
    return sorted(chosen)


def cue_kinds(tags: HedgeTags, spans: ListedCues) -> Ints:
    """Return the most likely kind of each cue, as its number, by its tags and by the list."""
    odds = tag_odds(tags, spans)
    odds[np.arange(len(spans)), spans.kind] += _LISTED_ODDS
    kinds: Ints = odds.argmax(axis=1)
    return kinds


def tag_odds(tags: HedgeTags, spans: ListedCues) -> Floats:
    """Return the logarithm of the share of each span that the tags give each kind, ``(spans, HEDGE_KINDS)``."""
    columns = [[HEDGES.index(f"{letter}-{kind}") for letter in "BI"] for kind in HEDGE_KINDS]
    shares = [sum(_summed(tags.tags[:, column], spans) for column in pair) for pair in columns]
    odds: Floats = np.log(np.stack(shares, axis=1) + LEAST_CHANCE)
    return odds


def _summed(column: Floats, spans: ListedCues) -> Floats:
    """Return the sum of one number of each token over each span; one column at a time, as a long text has many tokens."""
    sums = np.cumsum(np.append(0.0, column))
    within: Floats = sums[spans.last] - sums[spans.first]
    return within


def voice_features(layout: DocBatch, tags: HedgeTags, spans: ListedCues, kinds: Ints) -> Floats:
    """Return the features that separate sources' hedges from the reporter's, shape (cues, 5).

    The log odds of the tags' voice, those of the sentence's answers, whether it is quoted, whether it is hearsay, and 1.
    """
    sums = np.cumsum(np.append(0.0, tags.voice))
    first, last = spans.first, spans.last
    sentence = layout.sentence[first]
    spoken = log_odds((sums[last] - sums[first]) / (last - first))
    by = [tags.answered(f"hedged_by_{who}", sentence) for who in ("source", "reporter")]
    hearsay = kinds == HEDGE_KINDS.index("hearsay")
    columns = (spoken, by[0] - by[1], layout.quoted[first], hearsay, np.ones(len(first)))
    return np.stack([np.asarray(c, np.float64) for c in columns], axis=1)
