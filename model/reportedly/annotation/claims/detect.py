"""Claims: how check-worthy each sentence is, and what the article offers in support of it.

Two stages, both array arithmetic. First, *heads*: sums of hashed word, word-pair and word-class weights,
one column each for check-worthiness in debates, subjectivity in news, check-worthiness in news and each
kind of support. Then small boosted trees read the heads of a sentence, of its neighbours and of the
whole article beside counts (numbers, names, quotation, attributions, hedges, place in the article), and so does
a linear model of the same table; blended and calibrated, they give the probabilities. A claim is unverified
where check-worthiness times the chance of an unverified support is great enough; its support is then the
likeliest kind that the sources around it allow.

Check-worthiness follows Hassan et al. (2017), ClaimBuster, VLDB, and Arslan et al. (2020), A benchmark
dataset of check-worthy factual claims, ICWSM; its meaning in news, and the kinds of support, are those
of ``docs/signals.md``. The order of the stages, text scores before context, follows stacked
generalisation (Wolpert 1992).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from reportedly.annotation.claims.places import AttributionPlace, attribution_places
from reportedly.annotation.claims.read import ClaimReader, read_claims
from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.tokens.doc_batch import DocBatch, neighbours
from reportedly.annotation.tokens.vocabulary import TokenIds, WordCache, token_ids
from reportedly.annotation.tokens.word_features import (
    SHAPE_NAMES,
    Codes,
    WordClasses,
    WordFeatures,
    bucket,
    logistic,
    mix,
    template_codes,
    word_features,
    word_hash,
)
from reportedly.datamodel import (
    FOLDED_SUPPORTS,
    HEDGE_KINDS,
    SOURCE_CLASSES,
    UNVERIFIED_SUPPORTS,
    Attribution,
    Claim,
    Hedge,
    Segmented,
    Source,
    Support,
)
from reportedly.datamodel.arrays import Bools, Floats32, Ints
from reportedly.lexicons.loader import load

CLAIM_BITS = 17
"""The heads' weights lie in ``2 ** BITS`` buckets."""

_TEMPLATES = template_codes(7, start=1000)
_FAR = 12
"""Sentences beyond which an attribution is as good as absent."""

_CLASSES = len(SOURCE_CLASSES)
_MARKS = ("?", "!", ":", ",")
_RECORD_KINDS = (
    "act",
    "document",
    "footage",
    "result",
    "opinion",
    "advice",
    "forecast",
)


@dataclass(frozen=True, slots=True)
class SourcesPerSentence:
    """Who is attributed in each sentence: counts by class, shape (sentences, classes).

    `said` counts attributions whose source or cue stands in the sentence, `carried` those of which only
    content does: a quotation that runs on.
    """

    said: Floats32
    carried: Floats32


def sources_per_sentence(
    segmented: Segmented, attributions: Sequence[Attribution]
) -> SourcesPerSentence:
    """Return who is attributed in each sentence of `segmented`; an attribution without a class is no source."""
    places = [attribution_places(segmented, attributions)]
    return _vouching(len(segmented.sentences), [attributions], places, [0])


def _vouching(
    count: int,
    attributions: Sequence[Sequence[Attribution]],
    places: Sequence[Sequence[AttributionPlace]],
    bases: Sequence[int],
) -> SourcesPerSentence:
    """Return who is attributed in each of `count` sentences; `bases` are the first ones of the documents."""
    said = np.zeros((count, _CLASSES), np.float32)
    carried = np.zeros_like(said)
    for given, where, base in zip(attributions, places, bases, strict=False):
        for attribution, (spoken, content) in zip(given, where, strict=True):
            if attribution.source_class is None:
                continue
            column = SOURCE_CLASSES.index(attribution.source_class)
            for number in spoken:
                said[base + number, column] += 1
            for number in content - spoken:
                carried[base + number, column] += 1
    return SourcesPerSentence(said, carried)


def token_buckets(words: WordFeatures, first: Ints, classes: WordClasses) -> Ints:
    """Return the buckets of the text features at each token, shape (tokens, templates).

    Word, word pair, word class (fine), pair of fine classes, triple of coarse ones, suffix and shape;
    no pair reaches over the start of a sentence, `first`.
    """
    codes = _codes(words, classes)
    buckets = np.empty((len(words), len(_TEMPLATES)), np.int64)
    buckets[:, _ALONE] = _buckets_alone(words, codes)
    buckets[:, _JOINED] = _buckets_joined(codes, first)
    return buckets


_ALONE, _JOINED = [0, 2, 5, 6], [1, 3, 4]
"""Templates of a word by itself, and of a word with those before it."""


def _codes(words: WordFeatures, classes: WordClasses) -> Codes:
    """Return spelling, coarse and fine class of each word, shape (words, 3); its shape is a class where it has none."""
    found = classes.of(words.spelling)
    coarse = np.where(found[:, 0] > 0, found[:, 0], words.shape + np.uint64(100))
    fine = np.where(found[:, 1] > 0, found[:, 1], words.shape + np.uint64(1000))
    return np.stack([words.spelling, coarse, fine], axis=1)


def _buckets_alone(words: WordFeatures, codes: Codes) -> Ints:
    """Return the buckets of each word by itself."""
    hashes = [words.spelling, codes[:, 2], words.suffix, words.shape]
    return bucket(np.stack(hashes, axis=1), _TEMPLATES[_ALONE], CLAIM_BITS)


def _buckets_joined(codes: Codes, first: Ints) -> Ints:
    """Return the buckets of each word with one or two before it in its sentence."""
    before = _previous(codes, first)
    two_before = _previous(before[:, 1:2], first)[:, 0]
    pairs = mix(codes, before)
    hashes = [pairs[:, 0], pairs[:, 2], mix(pairs[:, 1], two_before)]
    return bucket(np.stack(hashes, axis=1), _TEMPLATES[_JOINED], CLAIM_BITS)


def _previous(codes: Codes, first: Ints) -> Codes:
    """Return `codes` moved down by one token; a sentence's first token has a code of its own there."""
    moved = np.full_like(codes, 7)
    moved[1:] = codes[:-1]
    moved[first] = 7
    return moved


@cache
def _lexical_bits() -> npt.NDArray[np.uint16]:
    """Return, by the low 16 bits of a word's hash, the bits of the kinds that list it, then of the marks."""
    table = np.zeros(1 << 16, np.uint16)
    for entry in load("records").entries:
        bit = 1 << _RECORD_KINDS.index(entry.attributes["kind"])
        for term in entry.terms:
            if " " not in term:
                table[word_hash(term) & 0xFFFF] |= bit
    for number, mark in enumerate(_MARKS, len(_RECORD_KINDS)):
        table[word_hash(mark) & 0xFFFF] |= 1 << number
    return table


_COUNTS = (*SHAPE_NAMES, *_RECORD_KINDS, *_MARKS, "quoted")
_QUOTED = np.uint16(1 << len(_RECORD_KINDS) + len(_MARKS))
_RATED = ("capital", "third_person", "past", "long", "quoted")
_OVERALL = (
    "digit", "capital", "first_person", "second_person", "past", "?", "act", "document", "footage",
    "opinion", "result", "quoted",
)  # fmt: skip
_RATED_COLUMNS = [_COUNTS.index(name) for name in _RATED]
_OVERALL_COLUMNS = [_COUNTS.index(name) for name in _OVERALL]


def counts(words: WordFeatures, first: Ints, quoted: Bools) -> Floats32:
    """Return per sentence how many tokens are of each shape, list, mark, or `quoted`; see ``_COUNTS``."""
    lexical = _lexical_bits()[words.spelling & np.uint64(0xFFFF)]
    shape = words.shape.copy()
    shape[first] &= ~np.uint64(1 << SHAPE_NAMES.index("capital"))
    bits = np.empty((len(shape), 4), np.uint8)
    bits[:, :2] = shape.astype("<u2").view(np.uint8).reshape(-1, 2)
    bits[:, 2:] = (lexical | quoted * _QUOTED).astype("<u2").view(np.uint8).reshape(-1, 2)
    table = np.unpackbits(bits, axis=1, bitorder="little", count=len(_COUNTS))
    return np.add.reduceat(table, first, axis=0, dtype=np.int32).astype(np.float32)


def dense_features(
    layout: DocBatch,
    words: WordFeatures,
    vouched: SourcesPerSentence,
    hedges: Sequence[Sequence[Hedge]],
) -> Floats32:
    """Return what is countable about each sentence, shape (sentences, features); `hedges` by document."""
    size = layout.last - layout.first
    counted = counts(words, layout.first, layout.quoted)
    rates = counted / size[:, None]
    return _beside(
        np.log(size)[:, None],
        counted,
        rates[:, _RATED_COLUMNS],
        _place(layout),
        _hedging(layout, hedges),
        _attribution(layout, vouched),
        layout.mean(counted[:, _OVERALL_COLUMNS]),
    )


def _beside(*blocks: npt.NDArray[Any]) -> Floats32:
    """Return `blocks` side by side."""
    table = np.empty((len(blocks[0]), sum(block.shape[-1] for block in blocks)), np.float32)
    at = 0
    for block in blocks:
        table[:, at : at + block.shape[-1]] = block
        at += block.shape[-1]
    return table


def _place(layout: DocBatch) -> Floats32:
    """Return where each sentence stands in paragraph and article, and whether it is furniture."""
    at, count = np.arange(len(layout.first)), layout.end - layout.begin
    openings = np.flatnonzero(layout.opening)
    size = np.diff(openings, append=len(at))
    table = np.empty((len(at), 6), np.float32)
    table[:, 0] = at - np.repeat(openings, size)
    table[:, 1] = np.repeat(size, size)
    table[:, 2] = np.minimum(layout.number, 30)
    table[:, 3] = layout.number / np.maximum(1, count - 1)
    table[:, 4] = np.log(count)
    table[:, 5] = layout.furniture
    return table


def _hedging(layout: DocBatch, hedges: Sequence[Sequence[Hedge]]) -> Floats32:
    """Return per sentence the hedges of each kind, and those in the reporter's voice."""
    table = np.zeros((len(layout.first), len(HEDGE_KINDS) + 1), np.float32)
    for parts, base, own in zip(layout.documents, layout.sentences, hedges, strict=False):
        starts = [s.start for s in parts.sentences] if own else []
        for hedge in own:
            number = base + bisect_right(starts, hedge.start) - 1
            table[number, HEDGE_KINDS.index(hedge.kind)] += 1
            table[number, -1] += hedge.voice == "reporter"
    return table


def _attribution(layout: DocBatch, vouched: SourcesPerSentence) -> Floats32:
    """Return who vouches in, before, after and around each sentence, by class."""
    present = np.minimum(vouched.said + vouched.carried, 1)
    openings = np.flatnonzero(layout.opening)
    within = np.maximum.reduceat(present, openings, axis=0)
    anyone = present.max(axis=1, keepdims=True)
    at, begin, end = np.arange(len(present))[:, None], layout.begin[:, None], layout.end[:, None]
    last = np.maximum.accumulate(np.where(present > 0, at, -1), axis=0)
    following = np.where(present > 0, at, len(present))[::-1]
    soonest = np.minimum.accumulate(following, axis=0)[::-1]
    return _beside(
        vouched.said,
        vouched.carried,
        anyone,
        *[layout.around(present, by) for by in (-1, -2, 1, 2)],
        within.repeat(np.diff(openings, append=len(present)), axis=0),
        layout.mean(present),
        layout.overall(np.maximum, present),
        layout.mean(anyone),
        np.where(last < begin, _FAR, np.minimum(at - last, _FAR)),
        np.where(soonest >= end, _FAR, np.minimum(soonest - at, _FAR)),
    )


def with_neighbours(dense: Floats32, heads: Floats32, document: Ints | None = None) -> Floats32:
    """Return the trees' input: `dense`, and the heads of the sentence, its neighbours and the article.

    `document` numbers the article of each sentence, where there are several.
    """
    first = np.unique(document, return_index=True)[1] if document is not None else [0]
    size = np.diff(first, append=len(heads))
    mean = np.add.reduceat(heads, first, axis=0) / size[:, None].astype(heads.dtype)
    around = [neighbours(heads, by, document) for by in (-1, 1, -2, 2)]
    return _beside(dense, heads, *around, mean.repeat(size, axis=0))


@dataclass(frozen=True, slots=True)
class TextScorers:
    """Linear text scores: one column of 8-bit weights a head, and each column's scale and bias."""

    weights: npt.NDArray[np.int8]
    scale: Floats32
    bias: Floats32
    classes: WordClasses
    _known: tuple[WordCache, WordCache] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = WordCache(self._codes_of), WordCache(self._sums_of)
        object.__setattr__(self, "_known", known)

    def _codes_of(self, forms: Sequence[str]) -> Codes:
        """Return what :func:`_codes` does for word forms."""
        return _codes(word_features(forms), self.classes)

    def _sums_of(self, forms: Sequence[str]) -> npt.NDArray[np.int16]:
        """Return what the weights of a word by itself add up to for word forms, shape (forms, heads)."""
        buckets = _buckets_alone(word_features(forms), self._known[0].of(token_ids(forms)))
        sums: npt.NDArray[np.int16] = self.weights[buckets].sum(axis=1, dtype=np.int16)
        return sums

    def score(self, words: TokenIds, first: Ints) -> Floats32:
        """Return the score of each sentence that starts at token `first`, shape (sentences, heads)."""
        ends = np.append(first[1:], len(words))
        total = np.empty((len(first), self.weights.shape[1]), np.int32)
        low = 0
        while low < len(first):  # a long text in parts, or its buckets would fill the memory
            high = max(low + 1, int(np.searchsorted(ends, first[low] + _TOKENS, side="right")))
            part, own = words[int(first[low]) : int(ends[high - 1])], first[low:high] - first[low]
            codes, alone = (known.of(part) for known in self._known)
            buckets = _buckets_joined(codes, own)
            joined = self.weights.take(buckets.ravel(), axis=0)
            at = own * buckets.shape[1]
            np.add.reduceat(alone, own, axis=0, dtype=np.int32, out=total[low:high])
            total[low:high] += np.add.reduceat(joined, at, axis=0, dtype=np.int32)
            low = high
        size = np.diff(np.append(first, len(words)))
        return cast(
            "Floats32",
            (total * self.scale / np.sqrt(size)[:, None] + self.bias).astype(np.float32),
        )


_TOKENS = 1 << 15
"""Tokens that the heads score at once."""

_ROWS = 1 << 12
"""Sentences that the trees score at once."""


@dataclass(frozen=True, slots=True)
class Trees:
    """Boosted trees, all padded to the same depth, so that every tree takes every step at once.

    `feature` and `threshold` have shape (trees, 2 ** depth - 1), `leaf` (trees, 2 ** depth); tree ``t``
    adds to output ``t % outputs``; `bias` has one entry an output.
    """

    feature: npt.NDArray[np.int16]
    threshold: Floats32
    leaf: Floats32
    bias: Floats32

    def score(self, table: Floats32) -> Floats32:
        """Return the sums of leaves for each row of `table`, shape (rows, outputs)."""
        parts = [table[low : low + _ROWS] for low in range(0, len(table), _ROWS)]
        return np.concatenate([self._sums(part) for part in parts or [table]])

    def _sums(self, table: Floats32) -> Floats32:
        trees, inner = self.feature.shape
        offset = np.arange(trees) * inner
        row = (np.arange(len(table)) * table.shape[1])[:, None]
        values, threshold = table.ravel(), self.threshold.ravel()
        feature = self.feature.ravel().astype(np.int64)
        roots = table.take(self.feature[:, 0], axis=1) > self.threshold[:, 0]
        at = offset + 1 + roots  # into the raveled arrays: take() is quicker than indexing
        for _ in range(int(np.log2(inner + 1)) - 1):
            right = values.take(feature.take(at) + row) > threshold.take(at)
            at += at
            at += 1 - offset
            at += right
        leaves = self.leaf.ravel().take(at - inner + np.arange(trees))
        outputs = len(self.bias)
        return cast(
            "Floats32",
            leaves.reshape(len(table), trees // outputs, outputs).sum(axis=1) + self.bias,
        )


_TREE_PARTS = ("feature", "threshold", "leaf", "bias")


@dataclass(frozen=True, slots=True)
class Linear:
    """A linear model of the trees' input: `weights` of shape (features, outputs), `bias` (outputs,)."""

    weights: Floats32
    bias: Floats32

    def score(self, table: Floats32) -> Floats32:
        """Return the scores of each row of `table`, shape (rows, outputs).

        In double precision, so that no digit that is told depends on how many rows are scored at once.
        """
        return cast("Floats32", table.astype(np.float64) @ self.weights + self.bias)


@dataclass(frozen=True, slots=True)
class StackedClassifier:
    """Trees and a linear model of one question; without the latter the trees answer alone."""

    trees: Trees
    linear: Linear | None = None

    def margin(self, table: Floats32) -> Floats32:
        """Return the log odds of yes for each row, trees and linear model averaged, shape (rows,)."""
        score = self.trees.score(table)[:, 0]
        if self.linear is not None:
            score = (score + self.linear.score(table)[:, 0]) / np.float32(2)
        return score

    def chances(self, table: Floats32) -> Floats32:
        """Return the probability of each kind, trees and linear model averaged, shape (rows, kinds)."""
        chances = _softmax(self.trees.score(table))
        if self.linear is not None:
            chances = (chances + _softmax(self.linear.score(table))) / np.float32(2)
        return chances


def _softmax(score: Floats32) -> Floats32:
    raised = np.exp(score - score.max(axis=1, keepdims=True))
    return cast("Floats32", raised / raised.sum(axis=1, keepdims=True))


@dataclass(frozen=True, slots=True)
class ClaimModel:
    """The two stages with their calibration and thresholds.

    `calibration` is the slope and intercept of a logistic calibration of the check-worthiness score
    (Platt 1999); `thresholds` are the least probability of a check-worthy sentence, and the least
    probability of an unverified claim: of being check-worthy and resting on nothing better than an
    unverified support. Where a reader has read the text, `reader` decides alone.
    """

    heads: TextScorers
    worth: StackedClassifier
    support: StackedClassifier
    calibration: tuple[float, float]
    thresholds: tuple[float, float]
    reader: ClaimReader | None = None

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the model as plain arrays."""
        arrays: dict[str, npt.NDArray[Any]] = {
            "head_weights": self.heads.weights,
            "head_scale": self.heads.scale,
            "head_bias": self.heads.bias,
            "class_words": self.heads.classes.words,
            "classes": self.heads.classes.classes,
            "decisions": np.array([*self.calibration, *self.thresholds], np.float64),
        }
        for name, stage in (("worth", self.worth), ("support", self.support)):
            for part in _TREE_PARTS:
                arrays[f"{name}_{part}"] = getattr(stage.trees, part)
            if stage.linear is not None:
                arrays[f"{name}_linear"] = stage.linear.weights
                arrays[f"{name}_linear_bias"] = stage.linear.bias
        return arrays | (self.reader.to_arrays() if self.reader else {})

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> ClaimModel:
        """Return the model that `arrays` hold."""
        classes = WordClasses(arrays["class_words"], arrays["classes"])
        slope, intercept, worthy, unverified = arrays["decisions"].tolist()
        worth, support = (
            StackedClassifier(
                Trees(*(arrays[f"{name}_{part}"] for part in _TREE_PARTS)),
                Linear(arrays[f"{name}_linear"], arrays[f"{name}_linear_bias"])
                if f"{name}_linear" in arrays
                else None,
            )
            for name in ("worth", "support")
        )
        heads = TextScorers(
            arrays["head_weights"], arrays["head_scale"], arrays["head_bias"], classes
        )
        reader = ClaimReader.from_arrays(arrays)
        return cls(heads, worth, support, (slope, intercept), (worthy, unverified), reader)


def find_claims(
    segmented: Segmented,
    attributions: Sequence[Attribution],
    sources: Sequence[Source],
    hedges: Sequence[Hedge],
    model: ClaimModel,
) -> tuple[Claim, ...]:
    """Return one claim a sentence, in order: its check-worthiness and, if check-worthy, its support.

    Attributions carry the class and id that :mod:`reportedly.annotation.sources.ledger` gave them. Furniture is never
    check-worthy. A claim names the sources that are attributed in its sentence; where none of them is of
    the kind that supports it, also the nearest one that is, up to two sentences away.
    """
    if not segmented.sentences:
        return ()
    return claims_in(DocBatch.of(segmented), [attributions], [sources], [hedges], model)[0]


def claims_in(
    layout: DocBatch,
    attributions: Sequence[Sequence[Attribution]],
    sources: Sequence[Sequence[Source]],
    hedges: Sequence[Sequence[Hedge]],
    model: ClaimModel,
    readings: Sequence[Reading] | None = None,
) -> list[tuple[Claim, ...]]:
    """Return what :func:`find_claims` does, for each document of `layout`.

    With `readings`, one a document, the claims are what the reader makes of it.
    """
    if readings is not None and model.reader is not None:
        return read_claims(layout, attributions, sources, readings, model.reader)
    places = [
        attribution_places(*pair) for pair in zip(layout.documents, attributions, strict=True)
    ]
    vouched = _vouching(len(layout.first), attributions, places, layout.sentences)
    table = claim_features(layout, vouched, hedges, model.heads)
    worth = check_worthiness(table, model)
    worth[layout.furniture] = 0
    asked = np.flatnonzero(worth >= model.thresholds[0])
    kinds = decide(
        worth[asked],
        model.support.chances(table[asked]),
        witnessed(vouched, layout.document)[asked],
        model,
    )
    support = dict(zip(asked.tolist(), kinds, strict=True))
    chances = worth.astype(np.float64).round(4).tolist()
    found = []
    for number, own in enumerate(zip(attributions, places, sources, strict=True)):
        known = {source.id: source.source_class for source in own[2]}
        ids = _ids(own[0], own[1], known)
        low, high = layout.sentences[number : number + 2]
        found.append(
            tuple([_claim(at - low, chances[at], support.get(at), ids) for at in range(low, high)])
        )
    return found


def _claim(
    number: int, chance: float, support: Support | None, ids: Mapping[int, Mapping[str, str]]
) -> Claim:
    """Return what sentence `number` claims; it is check-worthy where it has a support."""
    vouchers = _vouchers(ids, number, support)
    return Claim(number, chance, support is not None, support, vouchers)


def claim_features(
    layout: DocBatch,
    vouched: SourcesPerSentence,
    hedges: Sequence[Sequence[Hedge]],
    heads: TextScorers,
) -> Floats32:
    """Return the trees' input for each sentence of `layout`; `hedges` are given by document."""
    words = word_features(layout.words)
    dense = dense_features(layout, words, vouched, hedges)
    return with_neighbours(dense, heads.score(layout.words, layout.first), layout.document)


def check_worthiness(table: Floats32, model: ClaimModel) -> Floats32:
    """Return the calibrated check-worthiness of each row of the trees' input."""
    slope, intercept = model.calibration
    return logistic(slope * model.worth.margin(table) + intercept)


_UNVERIFIED = np.array([support in UNVERIFIED_SUPPORTS for support in FOLDED_SUPPORTS])
_CLASSES_OF: Mapping[Support | None, frozenset[str]] = {
    "record": frozenset({"document"}),
    "named": frozenset({"named_person", "named_organisation"}),
    "press": frozenset({"press"}),
    "unnamed": frozenset({"unnamed"}),
    "vague": frozenset({"vague"}),
}
"""The classes of source that can give each support; the others need none."""

_NEAR = (-1, 1, -2, 2)
"""How far from a claim its source may stand, in sentences, nearest first."""


def witnessed(vouched: SourcesPerSentence, document: Ints | None = None) -> Bools:
    """Return which supports the sources in and around each sentence allow, shape (sentences, supports).

    Press, unnamed and vague need such a source within two sentences; the others are always allowed, a
    record or a name being often no attribution at all. `document` numbers the article of each sentence.
    """
    present = vouched.said + vouched.carried > 0
    near = present | np.any([neighbours(present, by, document) for by in _NEAR], axis=0)
    allowed = np.ones((len(present), len(FOLDED_SUPPORTS)), np.bool_)
    for support in ("press", "unnamed", "vague"):
        allowed[:, FOLDED_SUPPORTS.index(support)] = near[:, SOURCE_CLASSES.index(support)]
    return allowed


def decide(
    worth: npt.NDArray[Any], chances: Floats32, allowed: Bools, model: ClaimModel
) -> list[Support]:
    """Return the support of each check-worthy sentence.

    Unverified where `worth` times the chance of an unverified support reaches the model's threshold; of the
    supports on that side, the likeliest that is `allowed`.
    """
    unverified = worth * chances[:, _UNVERIFIED].sum(axis=1) >= model.thresholds[1]
    fits = (unverified[:, None] == _UNVERIFIED) & allowed
    return [FOLDED_SUPPORTS[n] for n in np.where(fits, chances, -1.0).argmax(axis=1).tolist()]


def _ids(
    attributions: Sequence[Attribution],
    places: Sequence[AttributionPlace],
    known: Mapping[str, str],
) -> dict[int, dict[str, str]]:
    """Return the ids, each with its class, of the `known` sources attributed in each sentence, in order."""
    ids: dict[int, dict[str, str]] = {}
    for attribution, (spoken, content) in zip(attributions, places, strict=True):
        source = attribution.source_id
        if source is not None and source in known:
            for number in spoken | content:
                ids.setdefault(number, {})[source] = known[source]
    return ids


def _vouchers(
    ids: Mapping[int, Mapping[str, str]], number: int, support: Support | None
) -> tuple[str, ...]:
    """Return who stands behind sentence `number`: the sources in it, and the nearest that fits its support."""
    own = ids.get(number, {})
    wanted = _CLASSES_OF.get(support)
    if wanted and wanted.isdisjoint(own.values()):
        for by in _NEAR:
            for source, found in ids.get(number + by, {}).items():
                if found in wanted and source not in own:
                    return (*own, source)
    return tuple(own)
