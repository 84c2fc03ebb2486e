"""What supports a claim, and where: kinds of support and the sentences that name it, judged together.

A candidate is a kind of support and the sentence that names it. There is one wherever the ledger has a source for what the claim
says, and wherever the reader points. Only `none` and `common` have no such sentence. A linear model weighs the
candidates of a claim against each other by the ledger's sources there and the reader's answers for the claim and that sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from reportedly.annotation.reader.labels import NINE_SUPPORTS, POINTER_REACH, YES_NO
from reportedly.annotation.tokens.word_features import LEAST_CHANCE, log_odds
from reportedly.datamodel import (
    CLASSES_OF_SUPPORT,
    SOURCE_CLASSES,
    SUPPORTS,
    UNVERIFIED_SUPPORTS,
)
from reportedly.datamodel.arrays import Bools, Floats, Floats32, Ints

_KINDS = len(NINE_SUPPORTS)

_NOWHERE, _FAR = 2 * POINTER_REACH + 1, 2 * POINTER_REACH + 2
"""The columns of the pointers for "nothing supports it" and for "the support is too far away"."""

_CLAIMS = 2048
"""Claims whose candidates are weighed together: some dozens of MB."""

_LEAST_POINTED = 0.03
"""The least probability of a pointer for its sentence to be a candidate."""

_WORDED = 0.4
"""The least probability that words are those of a source for them to name it."""

_PLACED = tuple(NINE_SUPPORTS.index(kind) for kind in CLASSES_OF_SUPPORT)
_PLACELESS = tuple(n for n in range(_KINDS) if n not in _PLACED)
_OF_KIND = np.array(
    [[c in CLASSES_OF_SUPPORT.get(k, ()) for c in SOURCE_CLASSES] for k in SUPPORTS]
)
_KIND_BITS = np.array([sum(1 << n for n in np.flatnonzero(row).tolist()) for row in _OF_KIND])
_UNVERIFIED = np.array([kind in UNVERIFIED_SUPPORTS for kind in NINE_SUPPORTS])
_NOT_SHOWN = _UNVERIFIED | np.array([kind == "interested" for kind in NINE_SUPPORTS])
_PERSON = SOURCE_CLASSES.index("named_person")
_OUTLET, _NOBODY = SOURCE_CLASSES.index("press"), SOURCE_CLASSES.index("vague")
_NAMED = _OF_KIND[:, _PERSON]
_NONE, _RECORD, _PRESS, _VAGUE = (
    NINE_SUPPORTS.index(kind) for kind in ("none", "record", "press", "vague")
)
_BY_NAME = NINE_SUPPORTS.index("named"), NINE_SUPPORTS.index("interested")
_FIRST_CLASS = YES_NO.index(SOURCE_CLASSES[0])

SUPPORT_FEATURES = (
    *NINE_SUPPORTS, "reader's kind", "reader's pointer", "own sentence", "behind", "distance",
    "own sentence, record", "own sentence, named",
    "ledger there", "ledger covers", "ledger here", "ledger has others there", "ledger has nobody there",
    "reader's class there", "reader's class here", "unverified", "not shown", "named", "attributed, none", "attributed, record",
    "ledger here, none", "ledger near, none", "words of the class there", "own sentence, carries on",
    "own sentence, words of the class", "last words of the class before",
)  # fmt: skip
"""The features of a candidate."""


@dataclass(frozen=True)
class SupportEvidence:
    """What the reader and the ledger say about the sentences of a batch of documents.

    By sentence: `answers`, `support` and `pointer` of the reader; `words` ``(sentences, classes)``, the probability of words for
    a source; its `document`; and `said` ``(sentences, classes)``, whether the ledger has a source or
    cue of the class there. `covering` has for each ledger statement the sentences of its content, those of its source
    or cue, and the number of its class. `stake` is by how much the words for a source and of its cue there raise the log odds
    that it has a stake.
    """

    answers: Floats
    support: Floats
    pointer: Floats
    words: Floats
    document: Ints
    said: Bools
    covering: Sequence[tuple[Iterable[int], Iterable[int], int]]
    stake: Floats

    @cached_property
    def covered(self) -> tuple[Ints, Ints]:
        """Pairs of a sentence and a sentence with words for its source, by the ledger: each pair coded as one number, ascending, and the classes as bits."""
        total = len(self.document)
        classes: dict[int, int] = {}
        for content, spoken, number in self.covering:
            for pair in (n * total + place for n in content for place in spoken):
                classes[pair] = classes.get(pair, 0) | 1 << number
        pairs = np.array(list(classes), np.int64)
        order = pairs.argsort()
        return pairs[order], np.array(list(classes.values()), np.int64)[order]

    @cached_property
    def stated_by(self) -> Bools:
        """Whether the ledger has a source of each class for what each sentence says, ``(sentences, classes)``."""
        by = np.zeros((len(self.document), len(SOURCE_CLASSES)), np.bool_)
        for content, _, number in self.covering:
            by[list(content), number] = True
        return by

    @cached_property
    def named_before(self) -> Ints:
        """For each sentence and kind the last sentence before it with words of a source of that kind, -1 for none, ``(sentences, kinds)``."""
        named = (self.words >= _WORDED) @ _OF_KIND.T
        numbers = np.where(named, np.arange(len(named))[:, None], -1)
        last = np.maximum.accumulate(numbers, axis=0)
        return np.vstack([np.full((1, _KINDS), -1), last[:-1]])


@dataclass(frozen=True, slots=True)
class SupportCandidates:
    """Candidates in the order of their claims: the claim's sentence, the kind, and the sentence that names it, -1 for none.

    `covered` tells whether, in the ledger, such a source says there what the claim says.
    """

    claim: Ints
    kind: Ints
    at: Ints
    covered: Bools

    def __len__(self) -> int:
        return len(self.claim)


def support_candidates(evidence: SupportEvidence, claims: Ints) -> SupportCandidates:
    """Return the candidates of the sentences `claims`, which are sorted."""
    pairs = _pairs(evidence, claims)
    claim, at = np.divmod(pairs, len(evidence.document))
    count, placed = len(pairs), len(_PLACED)
    kinds = np.tile(np.array(_PLACED), count)
    classes = np.zeros(count, np.int64)
    covered, bits = evidence.covered
    known = np.flatnonzero(np.isin(pairs, covered, assume_unique=True))
    classes[known] = bits[np.searchsorted(covered, pairs[known])]
    parts = (
        (np.repeat(claim, placed), np.repeat(claims, len(_PLACELESS))),
        (kinds, np.tile(np.array(_PLACELESS), len(claims))),
        (np.repeat(at, placed), np.full(len(claims) * len(_PLACELESS), -1)),
        (np.repeat(classes, placed) & _KIND_BITS[kinds] > 0, np.zeros(len(claims) * len(_PLACELESS), np.bool_)),
    )  # fmt: skip
    whole = [np.concatenate(part) for part in parts]
    order = np.argsort(whole[0], kind="stable")
    order = order[~_contradicts(evidence, *(part[order] for part in whole[:3]))]
    return SupportCandidates(*(part[order] for part in whole))


def _contradicts(evidence: SupportEvidence, claim: Ints, kind: Ints, at: Ints) -> Bools:
    """Return which candidates contradict the ledger.

    These are `none` for a claim that has a source in the ledger, and an unidentifiable source that the ledger does not have
    for a claim that only named people make.
    """
    count = evidence.stated_by.sum(axis=1)
    stated, of_people = count > 0, (count == 1) & evidence.stated_by[:, _PERSON]
    wrong: Bools = (kind == _NONE) & stated[claim]
    wrong |= _UNVERIFIED[kind] & ~_has_source(evidence, kind, at) & of_people[claim]
    return wrong


def _has_source(evidence: SupportEvidence, kind: Ints, at: Ints) -> Bools:
    """Return whether the ledger has a source that can give each `kind` of support in the sentence `at`, -1 for none."""
    there: Bools = (evidence.said[at] & _OF_KIND[kind]).any(axis=1) & (at >= 0)
    return there


def _pairs(evidence: SupportEvidence, claims: Ints) -> Ints:
    """Return each pair of a claim and a sentence that may name its support, as one number."""
    total = len(evidence.document)
    covered, _ = evidence.covered
    first, last = (claims[0], claims[-1] + 1) if len(claims) else (0, 0)
    low, high = np.searchsorted(covered, (first * total, last * total))
    covered = covered[low:high][np.isin(covered[low:high] // total, claims)]
    steps = np.arange(-POINTER_REACH, POINTER_REACH + 1)
    at = claims[:, None] + steps
    within = (at >= 0) & (at < total)
    at = np.clip(at, 0, max(0, total - 1))
    within &= evidence.document[at] == evidence.document[claims][:, None]
    here = evidence.said[claims].max(axis=1)[:, None] & (steps == 0)
    likely = within & ((evidence.pointer[claims][:, :_NOWHERE] >= _LEAST_POINTED) | here)
    pointed = (claims[:, None] * total + at)[likely]
    return np.unique(np.concatenate([pointed, covered]))


def _covered(evidence: SupportEvidence, found: SupportCandidates) -> Bools:
    """Return for all sentences whether they are claims that the source of some candidate states."""
    covered = np.zeros(len(evidence.document), np.bool_)
    covered[found.claim[found.covered]] = True
    return covered


def support_features(evidence: SupportEvidence, found: SupportCandidates) -> Floats:
    """Return the features of each candidate, shape (candidates, ``SUPPORT_FEATURES``)."""
    claim, kind, placed = found.claim, found.kind, found.at >= 0
    at = np.where(placed, found.at, claim)
    step = np.where(placed, at - claim, 0)
    column = np.where(placed, _pointer_column(step), _NOWHERE)
    own = placed & (step == 0)
    there = _has_source(evidence, kind, found.at)
    anyone = evidence.said[at].any(axis=1)
    classes = evidence.answers[:, _FIRST_CLASS : _FIRST_CLASS + len(SOURCE_CLASSES)]
    needs = _OF_KIND[kind].any(axis=1)
    attributed = log_odds(evidence.answers[claim, YES_NO.index("attributed")])
    unverified = log_odds(evidence.answers[claim, YES_NO.index("unverified")])
    not_shown = log_odds(evidence.answers[claim, YES_NO.index("not_shown")])
    covered_at_all = _covered(evidence, found)
    words = np.where(
        needs & placed, log_odds((evidence.words[at] * _OF_KIND[kind]).max(axis=1)), 0.0
    )
    columns = (
        *(kind == n for n in range(_KINDS)),
        np.log(np.maximum(evidence.support[claim, kind], LEAST_CHANCE)),
        np.log(np.maximum(evidence.pointer[claim, column], LEAST_CHANCE)),
        own, placed & (step > 0), np.log1p(np.abs(step)), own & (kind == _RECORD), own & _NAMED[kind],
        there, found.covered, (evidence.said[claim] & _OF_KIND[kind]).any(axis=1),
        anyone & placed & ~there, ~anyone & placed & needs,
        np.where(needs & placed, log_odds((classes[at] * _OF_KIND[kind]).max(axis=1)), 0.0),
        np.where(needs & placed, log_odds((classes[claim] * _OF_KIND[kind]).max(axis=1)), 0.0),
        np.where(_UNVERIFIED[kind], unverified, 0.0), np.where(_NOT_SHOWN[kind], not_shown, 0.0),
        np.where(_NAMED[kind], log_odds(evidence.answers[claim, YES_NO.index("named")]), 0.0),
        np.where(kind == _NONE, attributed, 0.0), np.where(kind == _RECORD, attributed, 0.0),
        (kind == _NONE) & evidence.said[claim].any(axis=1), (kind == _NONE) & covered_at_all[claim],
        words, np.where(own & needs, log_odds(evidence.answers[claim, YES_NO.index("carries_on")]), 0.0),
        np.where(own, words, 0.0), (evidence.named_before[claim, kind] == at) & needs & placed & (step < 0),
    )  # fmt: skip
    return np.stack([np.asarray(c, np.float64) for c in columns], axis=1)


def _pointer_column(step: Ints) -> Ints:
    """Return the column of the reader's pointer for each number of sentences from a claim to its support."""
    return np.where(np.abs(step) <= POINTER_REACH, step + POINTER_REACH, _FAR)


def _gainsaid(evidence: SupportEvidence, found: SupportCandidates) -> Bools:
    """Return which candidates have a named source although only outlets or unnamed people state the claim, or only the latter speak in its sentence."""
    gainsaid = np.zeros(len(found), np.bool_)
    for by, hidden in ((evidence.said, _HIDDEN), (evidence.stated_by, _SECOND_HAND)):
        own = by[found.claim]
        gainsaid |= own[:, hidden].any(axis=1) & ~own[:, ~hidden].any(axis=1)
    gainsaid &= ~found.covered & _NAMED[found.kind]
    return gainsaid


def _unsaid(evidence: SupportEvidence, found: SupportCandidates) -> Bools:
    """Return which candidates have a source in another sentence that does not state the claim, although the ledger has one that does.

    Excepted are records, which may show a claim that somebody else states, and sentences of which the reader is sure. Hearsay in
    another sentence ("the mayor supposedly fled") supports no claim that nobody states as hearsay.
    """
    stated = _covered(evidence, found)
    step = np.where(found.at >= 0, found.at - found.claim, 0)
    pointed = evidence.pointer[found.claim, _pointer_column(step)] >= _POINTED
    others = _OF_KIND[found.kind].any(axis=1) & (found.kind != _RECORD) & (step != 0)
    unsaid: Bools = stated[found.claim] & others & ~found.covered & ~pointed
    hearsay = evidence.stated_by[found.claim, _NOBODY]
    unsaid |= (found.kind == _VAGUE) & (step != 0) & ~found.covered & ~hearsay
    return unsaid


def _unshown(evidence: SupportEvidence, found: SupportCandidates) -> Bools:
    """Return which candidates are a record for a claim that only other outlets or unnamed people state.

    Excepted are claims for which the ledger has a record, or the reader gives a record more than half of the
    probability.
    """
    by = evidence.stated_by
    hearsay = np.asarray(by[:, _SECOND_HAND].any(axis=1) & ~by[:, ~_SECOND_HAND].any(axis=1))
    record = found.kind == _RECORD
    there = _has_source(evidence, found.kind, found.at)
    unsure = evidence.support[found.claim, _RECORD] < _SURER
    unshown: Bools = record & ~found.covered & ~there & hearsay[found.claim] & unsure
    return unshown


def _without_nameless(
    evidence: SupportEvidence, found: SupportCandidates, chances: Floats
) -> Floats:
    """Return the `chances` of candidates without another outlet in a claim's own sentence where the ledger has none.

    If nobody in the ledger states the claim, their probability goes to `none`; otherwise to the claim's other candidates. Of 18 claims of the
    training articles that rested on an outlet which the ledger did not have there, 5 did by the annotation.
    """
    nameless = (found.kind == _PRESS) & (found.at == found.claim) & ~found.covered
    nameless &= ~_has_source(evidence, found.kind, found.at)
    nameless &= ~evidence.stated_by[found.at, _OUTLET]
    if not nameless.any():
        return chances
    lost = np.bincount(found.claim, np.where(nameless, chances, 0.0))[found.claim]
    bare = (found.kind == _NONE) & ~evidence.stated_by[found.claim].any(axis=1)
    kept = np.where(nameless, 0.0, chances) + np.where(bare, lost, 0.0)
    whole = np.bincount(found.claim, kept)[found.claim]
    shared: Floats = kept / np.maximum(whole, LEAST_CHANCE)
    return shared


_SURER = 0.5
"""The least probability of a record, by the reader, for it to show what the ledger has only other sources for."""
_POINTED = 0.35
"""The least probability of a pointer for it to count against the ledger."""


def _within_ledger(evidence: SupportEvidence, claims: Ints, chances: Floats) -> Floats:
    """Return `chances` without support by press, unnamed or vague sources that the ledger does not have.

    If nobody in the ledger states the claim, their probability goes to `none`; otherwise to the other kinds.
    """
    stated = np.asarray(evidence.stated_by.any(axis=1))
    spoken = np.zeros((int(evidence.document.max(initial=-1)) + 1, len(SOURCE_CLASSES)), np.bool_)
    np.logical_or.at(spoken, evidence.document, evidence.said)
    for content, _, number in evidence.covering:
        spoken[evidence.document[list(content)[:1]], number] = True
    absent = _IN_LEDGER & ~(spoken @ _OF_KIND.T)[evidence.document[claims]]
    lost = np.where(absent, chances, 0.0)
    kept = chances - lost
    kept[:, _NONE] += np.where(stated[claims], 0.0, lost.sum(axis=1))
    shared: Floats = kept / np.maximum(kept.sum(axis=1, keepdims=True), LEAST_CHANCE)
    return shared


def _by_stake(evidence: SupportEvidence, chances: Floats, at: Ints) -> Floats:
    """Return `chances` where a named source's words and cue decide whether it has a stake: if they do, `interested` gets the larger share of the two."""
    named, interested = _BY_NAME
    place = at[:, named]
    stake = np.where(place >= 0, evidence.stake[place], 0.0)
    least = chances[:, named] * np.exp(-stake)
    swapped = (chances[:, interested] < chances[:, named]) & (chances[:, interested] > least)
    split = chances.copy()
    split[swapped, named], split[swapped, interested] = (
        chances[swapped, interested], chances[swapped, named],
    )  # fmt: skip
    return split


_IN_LEDGER = np.array([kind in ("press", "unnamed", "vague") for kind in NINE_SUPPORTS])
"""Kinds of support whose source is a line of the ledger."""

_SECOND_HAND = np.array([name in ("press", "unnamed", "vague") for name in SOURCE_CLASSES])
_HIDDEN = np.array([name in ("unnamed", "vague") for name in SOURCE_CLASSES])
_FAR_LESS = 30.0
"""What is subtracted from the score of a candidate that contradicts the ledger."""


def within_claims(scores: Floats, claim: Ints) -> Floats:
    """Return the softmax of `scores` among the candidates of each claim; `claim` is sorted."""
    if not len(scores):
        return scores
    first = np.flatnonzero(np.diff(claim, prepend=-1))
    size = np.diff(first, append=len(claim))
    raised = np.exp(scores - np.repeat(np.maximum.reduceat(scores, first), size))
    chances: Floats = raised / np.repeat(np.add.reduceat(raised, first), size)
    return chances


@dataclass(frozen=True, slots=True)
class FoundSupport:
    """What may support each of several claims.

    By claim and kind: `chances`, and `at`, the sentence that most likely names such a support, -1 if none does.
    """

    chances: Floats
    at: Ints


@dataclass(frozen=True, slots=True)
class SupportModel:
    """Weights of ``SUPPORT_FEATURES``."""

    weights: Floats32

    def find(self, evidence: SupportEvidence, claims: Ints) -> FoundSupport:
        """Return what may support the sentences `claims`, which are sorted; some thousand are processed together."""
        parts = [
            self._find(evidence, claims[low : low + _CLAIMS])
            for low in range(0, max(1, len(claims)), _CLAIMS)
        ]
        chances = np.concatenate([part.chances for part in parts])
        at = np.concatenate([part.at for part in parts])
        return FoundSupport(_by_stake(evidence, _within_ledger(evidence, claims, chances), at), at)

    def _find(self, evidence: SupportEvidence, claims: Ints) -> FoundSupport:
        found = support_candidates(evidence, claims)
        scores = support_features(evidence, found) @ self.weights.astype(np.float64)
        wrong = _gainsaid(evidence, found) | _unsaid(evidence, found) | _unshown(evidence, found)
        scores[wrong] -= _FAR_LESS
        chances = _without_nameless(evidence, found, within_claims(scores, found.claim))
        cell = np.searchsorted(claims, found.claim) * _KINDS + found.kind
        kinds = np.bincount(cell, chances, len(claims) * _KINDS)
        order = np.lexsort(
            (chances, cell)
        )  # the most likely candidate of a cell comes last and is kept
        at = np.full(len(claims) * _KINDS, -1)
        at[cell[order]] = found.at[order]
        return FoundSupport(kinds.reshape(-1, _KINDS).astype(np.float64), at.reshape(-1, _KINDS))
