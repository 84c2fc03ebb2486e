"""Hedges from the reader's tags: which words a cue has, its kind and whose voice it is in.

The tags say where there is a hedge; which words belong to it they say less well (`may`, or `may have`?). So
spans of words around tagged ones are candidates, and two small linear models judge each: whether it is exactly
the cue, and whether a hedge is there at all. They read the tags inside and at the edges, and how often annotated
news marks just these words where they stand: a list of phrases counts for nothing by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from reportedly.annotation.reader.labels import HEDGES, YES_NO
from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.annotation.tokens.word_features import (
    CAPITAL,
    QUOTE,
    Codes,
    mix,
    word_features,
)
from reportedly.datamodel import HEDGE_KINDS, HedgeKind
from reportedly.datamodel.arrays import Bools, Floats, Floats32, Ints

LONGEST = 7
"""Words of the longest cue."""

LEAST_TAGGED = 0.04
"""How likely a word must be in a hedge to be looked at."""

LEAST_LISTED = 0.1
"""How likely a listed term must be, by its words, to be looked at where the tags see nothing."""

_EDGE = 0.02
"""How likely the words at either end of a candidate must be, where it is no known phrase."""

_SURE = 1e-3
"""No probability is taken for more certain than this."""

_ASKED = ("hedged", "hedged_by_reporter", "hedged_by_source")

SPAN_FEATURES = (
    "mean", "least", "most", "begins", "goes on at the beginning", "before", "goes on behind",
    "begins behind", "path", "of two words", "of three words", "longer", "known", "marked where it stands",
    "marked where a hedge is", "known inside a longer one", "marked of the longer one", "capital within the sentence",
    "sentence", "mean of one word", "best other word", "listed", "by its words", "best listed over it", "best listed beside it",
)  # fmt: skip
"""What a candidate is described by."""


@dataclass(frozen=True, slots=True)
class CuePhrases:
    """Phrases that annotated news marks as cues, as hashes in ascending order.

    `marked` ``(phrases, 2)`` holds log odds: that the phrase is a cue where it stands, and that it is the whole cue where
    it touches one. `kinds` ``(phrases, kinds)`` are log probabilities.
    """

    hashes: Codes
    marked: Floats32
    kinds: Floats32

    def rows(self, codes: Codes) -> Ints:
        """Return the row of each phrase, -1 where it is unknown."""
        if not len(self.hashes):
            return np.full(len(codes), -1)
        at = np.minimum(np.searchsorted(self.hashes, codes), len(self.hashes) - 1)
        return np.where(self.hashes[at] == codes, at, -1)


@dataclass(frozen=True, slots=True)
class CueSpans:
    """Candidates: tokens ``[first, last)``, the row of the phrase (-1: unknown)."""

    first: Ints
    last: Ints
    phrase: Ints

    def __len__(self) -> int:
        return len(self.first)


@dataclass(frozen=True, slots=True)
class ListedCues:
    """Places where a term of the list stands, tokens ``[first, last)``, and how likely it hedges there by its words alone."""

    first: Ints
    last: Ints
    chances: Floats32


@dataclass(frozen=True, slots=True)
class FoundCue:
    """A cue of a hedge: tokens ``[first, last)``, its kind, how likely it is one, and how likely a source says it."""

    first: int
    last: int
    kind: HedgeKind
    chance: float
    by_source: float


def phrase_codes(words: Codes, length: int) -> Codes:
    """Return the hash of the `length` words from each on; the last ones reach beyond the end, and are left out."""
    codes = words[: len(words) - length + 1]
    for more in range(1, length):
        codes = mix(codes, words[more : len(words) - length + 1 + more])
    return codes


def joined(readings: Sequence[Reading], name: str) -> Floats32:
    """Return one array of several readings as one."""
    whole: Floats32 = np.concatenate([getattr(reading, name) for reading in readings])
    return whole


def inside_of(tags: Floats32) -> Floats:
    """Return how likely each token belongs to a hedge."""
    chances: Floats = 1 - tags[:, 0].astype(np.float64)
    return chances


def candidate_spans(
    layout: DocBatch, inside: Floats, phrases: CuePhrases, listed: ListedCues
) -> CueSpans:
    """Return the spans of up to ``LONGEST`` words of a sentence that hold a tagged one, and those that are listed.

    A span that is no known phrase begins and ends with words that may belong to a hedge, and has none between that
    surely do not.
    """
    spelling = word_features(layout.words).spelling
    warm, possible = inside >= LEAST_TAGGED, inside >= _EDGE
    behind = np.cumsum(np.append(0, warm))
    gaps = np.cumsum(np.append(0, ~possible))
    found: list[tuple[Ints, Ints, Ints]] = []
    likely = listed.chances >= LEAST_LISTED
    for length in range(1, min(LONGEST, len(spelling)) + 1):
        touched = behind[length:] > behind[:-length]
        own = listed.first[likely & (listed.last - listed.first == length)]
        touched[own] = True
        first = np.flatnonzero(touched & (layout.sentence[: len(touched)] == layout.sentence[length - 1 :]))  # fmt: skip
        row = phrases.rows(phrase_codes(spelling, length)[first])
        whole = gaps[first + length] == gaps[first]
        kept = whole | (row >= 0) | np.isin(first, own)
        found.append((first[kept], first[kept] + length, row[kept]))
    if not found:
        empty = np.zeros(0, np.int64)
        return CueSpans(empty, empty, empty)
    first, last, row = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.lexsort((last, first))
    return CueSpans(first[order], last[order], row[order])


def span_features(
    layout: DocBatch,
    tags: Floats32,
    answers: Floats32,
    spans: CueSpans,
    phrases: CuePhrases,
    listed: ListedCues,
) -> Floats32:
    """Return what describes each candidate, shape (candidates, ``SPAN_FEATURES``)."""
    inside = inside_of(tags)
    begins = tags[:, 1::2].sum(axis=1).astype(np.float64)
    goes_on = tags[:, 2::2].sum(axis=1).astype(np.float64)
    first, last = spans.first, spans.last
    low, high = layout.first[layout.sentence[first]], layout.last[layout.sentence[first]]
    before = np.where(first > low, inside[first - 1], 0.0)
    following = np.minimum(last, len(inside) - 1)
    goes_behind = np.where(last < high, goes_on[following], 0.0)
    begins_behind = np.where(last < high, begins[following], 0.0)
    sums = np.cumsum(np.append(0.0, inside))
    steps = np.cumsum(np.append(0.0, _log(goes_on)))
    size = last - first
    path = _log(begins[first]) + steps[last] - steps[first + 1] + _log(1 - goes_behind)
    least, most = _extremes(inside, first, size)
    marked, known, within, longer = _known(spans, phrases)
    columns = (
        _logit((sums[last] - sums[first]) / size), _logit(least), _logit(most), _logit(begins[first]),
        _logit(goes_on[first]), _logit(before), _logit(goes_behind), _logit(begins_behind), path,
        size == 2, size == 3, size > 3, known, marked[:, 0], marked[:, 1], within, longer,
        _capital(layout, first, low), _logit(answers[layout.sentence[first], YES_NO.index("hedged")]),
        np.where(size == 1, _logit(inside[first]), 0.0), _beside(inside, spans, low, high),
        *_listed(spans, listed, len(inside)),
    )  # fmt: skip
    return np.stack([np.asarray(c, np.float32) for c in columns], axis=1)


def _listed(spans: CueSpans, listed: ListedCues, tokens: int) -> tuple[Bools, Floats, Floats, Floats]:
    """Return whether the list has each candidate, and log odds: its own, and of the likeliest listed one over and beside it."""
    odds = _logit(listed.chances)
    keys = listed.first * (tokens + 1) + listed.last
    order = np.argsort(keys, kind="stable")
    own = spans.first * (tokens + 1) + spans.last
    at = np.minimum(np.searchsorted(keys[order], own), max(0, len(keys) - 1))
    known = keys[order][at] == own if len(keys) else np.zeros(len(own), np.bool_)
    mine = np.where(known, odds[order][at], 0.0) if len(keys) else np.zeros(len(own))
    best = np.full(tokens + LONGEST, _logit(np.zeros(1))[0])
    for one, first, last in zip(odds.tolist(), listed.first.tolist(), listed.last.tolist(), strict=True):  # fmt: skip
        best[first:last] = np.maximum(best[first:last], one)
    size = spans.last - spans.first
    at = np.minimum(np.arange(LONGEST), size[:, None] - 1) + spans.first[:, None]
    over = best[at].max(axis=1, initial=best[-1])
    beside = np.maximum(best[np.maximum(spans.first - 1, 0)], best[spans.last])
    return known, mine, over, beside


def _beside(inside: Floats, spans: CueSpans, low: Ints, high: Ints) -> Floats:
    """Return the log odds of the likelier of the two words on either side of each candidate but one."""
    far = np.where(spans.first - 2 >= low, inside[spans.first - 2], 0.0)
    ahead = np.where(
        spans.last + 1 < high, inside[np.minimum(spans.last + 1, len(inside) - 1)], 0.0
    )
    return _logit(np.maximum(far, ahead))


def _extremes(inside: Floats, first: Ints, size: Ints) -> tuple[Floats, Floats]:
    """Return the least and the greatest value inside each candidate."""
    at = np.minimum(np.arange(LONGEST), size[:, None] - 1) + first[:, None]
    values = inside[at]
    return values.min(axis=1, initial=1.0), values.max(axis=1, initial=0.0)


def _known(spans: CueSpans, phrases: CuePhrases) -> tuple[Floats, Bools, Bools, Floats]:
    """Return the log odds of each phrase, whether it is known, whether a longer known one holds it, and that one's."""
    known = spans.phrase >= 0
    marked = np.where(known[:, None], phrases.marked[spans.phrase], 0.0) if len(phrases.hashes) else np.zeros((len(spans), 2))  # fmt: skip
    within, longer = np.zeros(len(spans), np.bool_), np.zeros(len(spans))
    firsts, lasts = spans.first.tolist(), spans.last.tolist()
    for one in np.flatnonzero(known & (spans.last - spans.first > 1)).tolist():
        at = int(np.searchsorted(spans.first, firsts[one]))
        while at < len(firsts) and firsts[at] < lasts[one]:
            if lasts[at] <= lasts[one] and at != one:
                value = float(marked[one, 1])
                longer[at] = max(longer[at], value) if within[at] else value
                within[at] = True
            at += 1
    return marked, known, within, longer


def _capital(layout: DocBatch, first: Ints, low: Ints) -> Bools:
    """Return which candidates have a capital within their sentence: a name or a month, unless a quotation opens there."""
    words = word_features(layout.words)
    opened = words.has(QUOTE)[np.maximum(first - 1, 0)]
    capital: Bools = words.has(CAPITAL)[first] & (first > low) & ~opened
    return capital


def _log(chances: npt.NDArray[Any]) -> Floats:
    values: Floats = np.log(np.maximum(chances, _SURE))
    return values


def _logit(chances: npt.NDArray[Any]) -> Floats:
    kept = np.clip(chances, _SURE, 1 - _SURE)
    values: Floats = np.log(kept / (1 - kept))
    return values


@dataclass(frozen=True, slots=True)
class HedgeSpanModel:
    """Two linear models of candidates and what they decide about.

    `weights` ``(features, 2)`` and `bias` ``(2,)`` give the log odds of being exactly a cue and of touching one. A hedge
    is where the second reaches `least`; its words are those of the first's likeliest. `spoken` weighs the
    log odds of the tags' voice, those of the sentence's, whether it is quoted, whether it is hearsay, and a constant.
    """

    phrases: CuePhrases
    weights: Floats32
    bias: Floats32
    least: float
    spoken: Floats32

    def chances(self, features: Floats32) -> Floats:
        """Return both probabilities of each candidate, shape (candidates, 2)."""
        odds = features.astype(np.float64) @ self.weights + self.bias
        chances: Floats = 1 / (1 + np.exp(-odds.clip(-80, 80)))
        return chances

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return the model as plain arrays."""
        return {
            "span_phrases": self.phrases.hashes,
            "span_marked": self.phrases.marked,
            "span_kinds": self.phrases.kinds,
            "span_weights": self.weights,
            "span_bias": self.bias,
            "span_least": np.array([self.least], np.float64),
            "span_spoken": self.spoken,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> HedgeSpanModel | None:
        """Return the model that `arrays` hold, None where they hold none."""
        if "span_weights" not in arrays:
            return None
        phrases = CuePhrases(
            arrays["span_phrases"], arrays["span_marked"], arrays["span_kinds"]
        )
        return cls(
            phrases, arrays["span_weights"], arrays["span_bias"], float(arrays["span_least"][0]),
            arrays["span_spoken"],
        )  # fmt: skip


def find_cues(
    layout: DocBatch, readings: Sequence[Reading], listed: ListedCues, model: HedgeSpanModel
) -> list[FoundCue]:
    """Return the cues in the documents of `layout`, in order; no two overlap, and furniture has none."""
    tags, answers = joined(readings, "hedges"), joined(readings, "answers")
    voice = joined(readings, "voice")[:, 0]
    spans = candidate_spans(layout, inside_of(tags), model.phrases, listed)
    if not len(spans):
        return []
    chances = model.chances(span_features(layout, tags, answers, spans, model.phrases, listed))
    chosen = [
        index
        for index in choose_spans(spans, chances, model.least)
        if not layout.furniture[layout.sentence[spans.first[index]]]
    ]
    picked = np.array(chosen, np.int64)
    kinds = cue_kinds(tags, spans, picked, model.phrases)
    spoken = voice_features(layout, answers, voice, spans, picked, kinds) @ model.spoken
    return [
        FoundCue(
            int(spans.first[index]), int(spans.last[index]), HEDGE_KINDS[kind],
            float(chances[index, 1]), float(1 / (1 + np.exp(-odds))),
        )
        for index, kind, odds in zip(chosen, kinds.tolist(), spoken.tolist(), strict=True)
    ]  # fmt: skip


def choose_spans(spans: CueSpans, chances: Floats, least: float) -> list[int]:
    """Return the candidates that are cues, in order: of those that overlap, the one that is likeliest exact."""
    order = np.argsort(-chances[:, 0], kind="stable")
    taken: set[int] = set()
    chosen = []
    for index in order[chances[order, 1] >= least].tolist():
        tokens = range(int(spans.first[index]), int(spans.last[index]))
        if taken.isdisjoint(tokens):
            taken.update(tokens)
            chosen.append(index)
    return sorted(chosen)


def cue_kinds(tags: Floats32, spans: CueSpans, chosen: Ints, phrases: CuePhrases) -> Ints:
    """Return the likeliest kind of each of the `chosen` candidates by its tags and by its words."""
    sums = np.cumsum(np.vstack([np.zeros((1, tags.shape[1])), tags.astype(np.float64)]), axis=0)
    inside = sums[spans.last[chosen]] - sums[spans.first[chosen]]
    by_kind = [[HEDGES.index(f"{letter}-{kind}") for letter in "BI"] for kind in HEDGE_KINDS]
    odds = np.stack([_log(inside[:, columns].sum(axis=1)) for columns in by_kind], axis=1)
    known = spans.phrase[chosen] >= 0
    if len(phrases.hashes):
        odds += np.where(known[:, None], phrases.kinds[spans.phrase[chosen]], 0.0)
    kinds: Ints = odds.argmax(axis=1)
    return kinds


def voice_features(
    layout: DocBatch,
    answers: Floats32,
    voice: Floats32,
    spans: CueSpans,
    chosen: Ints,
    kinds: Ints,
) -> Floats:
    """Return what tells a source's hedge from the reporter's, shape (chosen, 5)."""
    sums = np.cumsum(np.append(0.0, voice.astype(np.float64)))
    first, last = spans.first[chosen], spans.last[chosen]
    spoken = _logit((sums[last] - sums[first]) / (last - first))
    reporter, source = (
        _logit(answers[layout.sentence[first], YES_NO.index(name)]) for name in _ASKED[1:]
    )
    hearsay = kinds == HEDGE_KINDS.index("hearsay")
    columns = (spoken, source - reporter, layout.quoted[first], hearsay, np.ones(len(first)))
    return np.stack([np.asarray(c, np.float64) for c in columns], axis=1)
