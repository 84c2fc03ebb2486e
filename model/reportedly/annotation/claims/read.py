"""From the reader's answers to claims: which sentences are claims, what supports each and where, and how soon to check it.

Check-worthiness and worth are the reader's calibrated answers. Support comes from the ledger and the reader together
(:mod:`reportedly.annotation.claims.backing`). A claim's priority is its worth times the probability that nothing shows it; a worklist
lists the claims that may rest on nobody identifiable, or only on somebody's say-so, above a threshold of priority.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from reportedly.annotation.claims.backing import (
    FoundSupport,
    SupportEvidence,
    SupportModel,
)
from reportedly.annotation.claims.filler import is_filler
from reportedly.annotation.claims.places import AttributionPlace, attribution_places
from reportedly.annotation.claims.stakes import stakes_of
from reportedly.annotation.reader.labels import WORDS, YES_NO
from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.annotation.tokens.word_features import log_odds
from reportedly.datamodel import (
    ANONYMOUS_CLASSES,
    CLASSES_OF_SUPPORT,
    SOURCE_CLASSES,
    STANDING_OF,
    SUPPORTS,
    UNVERIFIED_SUPPORTS,
    Attribution,
    Claim,
    Segmented,
    Source,
    Span,
    Support,
)
from reportedly.datamodel.annotation import cue_words
from reportedly.datamodel.arrays import Bools, Floats, Floats32, Ints
from reportedly.lexicons.loader import words_of

_STANDINGS = np.array([STANDING_OF.get(kind, "") for kind in SUPPORTS])
_UNSUPPORTED = np.isin(_STANDINGS, ("says_so", "nobody"))
_NOT_SHOWN = _UNSUPPORTED | (_STANDINGS == "vouched")
_BY_NAME = frozenset({"named", "interested"})
"""Supports by somebody whom the ledger names."""

_NAMED = np.isin(SUPPORTS, tuple(_BY_NAME))
_UNVERIFIED, _MOST = np.isin(SUPPORTS, tuple(UNVERIFIED_SUPPORTS)), 0.5
_LISTABLE = (_STANDINGS != "") & ~np.isin(_STANDINGS, ("shown", "reporter"))

_FILLER = 0.5
"""Factor of the priority of filler: few such claims then reach a worklist's threshold."""

WORTHS = ("worth_1", "worth_2", "worth_3")

Weights = Floats32
"""Weights of a logistic model; the last one is the constant."""


@dataclass(frozen=True, slots=True)
class ClaimTable:
    """The reader's answers for sentences, one row per sentence.

    `answers` are its answers; `support` is what may support each sentence, by kind, with the sentence that names it.
    """

    answers: Floats
    support: FoundSupport

    def odds(self, *questions: str) -> Floats:
        """Return the log odds of yes to `questions`, one column each."""
        return log_odds(self.answers[:, [YES_NO.index(question) for question in questions]])

    def chance(self, kinds: Bools) -> Floats:
        """Return the probability of a support among `kinds`, given that the sentence is a claim."""
        chances: Floats = self.support.chances[:, kinds].sum(axis=1)
        return chances

    def unsupported_columns(self) -> Floats:
        """Return the features for whether nobody identifiable, or only somebody with a stake, stands behind a claim."""
        return np.hstack([self.odds("not_shown"), log_odds(self.chance(_UNSUPPORTED))[:, None]])


def logistic_of(columns: Floats, weights: Weights) -> Floats:
    """Return the probabilities that a logistic model gives the rows of `columns`."""
    odds = columns @ weights[:-1].astype(np.float64) + float(weights[-1])
    chances: Floats = 1 / (1 + np.exp(-odds.clip(-80, 80)))
    return chances


@dataclass(frozen=True, slots=True)
class ClaimReader:
    """The trained models that turn a reading into claims.

    `checkworthy`, `unsupported` and `worth` (three rows) are logistic models. `least` is the least probability of a check-worthy
    sentence; `listing` has the least probability of resting on nobody identifiable or on mere say-so, and the least priority, of a listed claim.
    """

    support: SupportModel
    checkworthy: Weights
    unsupported: Weights
    worth: Floats32
    least: float
    listing: tuple[float, float]

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the model as plain arrays."""
        return {
            "read_support": self.support.weights,
            "read_checkworthy": self.checkworthy,
            "read_unsupported": self.unsupported,
            "read_worth": self.worth,
            "read_decisions": np.array([self.least, *self.listing], np.float64),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> ClaimReader:
        """Return the model in `arrays`; other entries are ignored."""
        least, unsupported, priority = arrays["read_decisions"].tolist()
        return cls(
            SupportModel(arrays["read_support"]), arrays["read_checkworthy"], arrays["read_unsupported"],
            arrays["read_worth"], least, (unsupported, priority),
        )  # fmt: skip

    def decide(self, table: ClaimTable, filler: Bools) -> ClaimPredictions:
        """Return the predictions for each row of `table`; `filler` tells which rows come late in a worklist, whatever they claim."""
        checkworthy = logistic_of(table.odds("checkworthy"), self.checkworthy)
        kinds = _likeliest(table.support.chances)
        worth = np.stack([logistic_of(table.odds(*WORTHS), row) for row in self.worth], axis=1)
        worth = np.minimum.accumulate(worth, axis=1)
        unsupported = logistic_of(table.unsupported_columns(), self.unsupported)
        priority = priorities(worth, table.chance(_NOT_SHOWN)) * np.where(filler, _FILLER, 1.0)
        claimed = checkworthy >= self.least
        listed = claimed & _LISTABLE[kinds] & (unsupported >= self.listing[0])
        listed &= priority >= self.listing[1]
        return ClaimPredictions(checkworthy, claimed, kinds, worth, unsupported, priority, listed)


def _likeliest(chances: Floats) -> Ints:
    """Return the likeliest kind of support of each row: of those that leave a claim unverified if they have more than half together, else of the others."""
    unverified = chances[:, _UNVERIFIED].sum(axis=1, keepdims=True) > _MOST
    kinds: Ints = np.where(unverified == _UNVERIFIED, chances, -1.0).argmax(axis=1)
    return kinds


def priorities(worth: Floats, not_shown: Floats) -> Floats:
    """Return the priorities of claims: the probabilities of being well worth checking and of worth 3, times that of not being shown."""
    urgency: Floats = (2 * worth[:, 1] + worth[:, 2]) / 3 * not_shown
    return urgency


@dataclass(frozen=True, slots=True)
class ClaimPredictions:
    """The predictions for sentences, one row each: see :class:`reportedly.datamodel.Claim`; `kinds` are numbers of supports."""

    checkworthy: Floats
    claimed: Bools
    kinds: Ints
    worth: Floats
    unsupported: Floats
    priority: Floats
    listed: Bools


def read_claims(
    layout: DocBatch,
    attributions: Sequence[Sequence[Attribution]],
    sources: Sequence[Sequence[Source]],
    readings: Sequence[Reading],
    model: ClaimReader,
) -> list[tuple[Claim, ...]]:
    """Return one claim per sentence for each document of `layout`, from the reader's answers."""
    places = [
        attribution_places(*pair) for pair in zip(layout.documents, attributions, strict=True)
    ]
    evidence = support_evidence(layout, attributions, places, readings)
    judged, asked, support = judge(layout, evidence, model)
    rows = {number: row for row, number in enumerate(asked.tolist())}
    found = []
    for number, own in enumerate(zip(attributions, places, sources, strict=True)):
        low, high = layout.sentences[number : number + 2]
        ledger = _Ledger.of(layout.documents[number], *own)
        found.append(
            tuple(
                [
                    _claim(at - low, low, judged, rows.get(at), support, ledger)
                    for at in range(low, high)
                ]
            )
        )
    return found


def judge(
    layout: DocBatch, evidence: SupportEvidence, model: ClaimReader
) -> tuple[ClaimPredictions, Ints, FoundSupport]:
    """Return the predictions for all sentences but furniture, their numbers, and what may support them."""
    asked = np.flatnonzero(~layout.furniture)
    support = model.support.find(evidence, asked)
    table = ClaimTable(evidence.answers[asked], support)
    return model.decide(table, filler_rows(layout, asked)), asked, support


def filler_rows(layout: DocBatch, asked: Ints) -> Bools:
    """Return which of the sentences `asked` of a batch are filler."""
    sentences = [s.span.of(d.text) for d in layout.documents for s in d.sentences]
    return np.array([is_filler(sentences[number]) for number in asked.tolist()], np.bool_)


def support_evidence(
    layout: DocBatch,
    attributions: Sequence[Sequence[Attribution]],
    places: Sequence[Sequence[AttributionPlace]],
    readings: Sequence[Reading],
) -> SupportEvidence:
    """Return what the ledger and the reader say about the sentences of `layout`."""
    said = np.zeros((len(layout.first), len(SOURCE_CLASSES)), np.bool_)
    stake = np.zeros(len(layout.first))
    covering = []
    parts = zip(layout.documents, attributions, places, layout.sentences, strict=False)
    for document, given, where, base in parts:
        stakes = stakes_of(document.text, given)
        for attribution, (spoken, content), own in zip(given, where, stakes, strict=True):
            if attribution.source_class is None:
                continue
            column = SOURCE_CLASSES.index(attribution.source_class)
            there = [base + n for n in sorted(spoken or content)]
            said[[base + n for n in spoken], column] = True
            stake[there] = np.maximum(stake[there], own)
            covering.append(([base + n for n in sorted(content | spoken)], there, column))
    columns = [WORDS.index(name) for name in SOURCE_CLASSES]
    words = _joined(readings, "words")[:, columns]
    return SupportEvidence(
        _joined(readings, "answers"), _joined(readings, "support"), _joined(readings, "pointer"),
        np.maximum.reduceat(words, layout.first, axis=0), layout.document, said, covering, stake,
    )  # fmt: skip


def _joined(readings: Sequence[Reading], name: str) -> Floats:
    """Return one array of several readings, concatenated."""
    return np.concatenate([getattr(reading, name) for reading in readings]).astype(np.float64)


@dataclass(frozen=True, slots=True)
class _Ledger:
    """The statements of a document: the attribution, its source's class, the sentences of its words and of its content.

    `unclear` are the sentences that only unclear sources state; `denials` the numbers of the statements that deny something.
    """

    statements: tuple[tuple[Attribution, str, AttributionPlace], ...]
    starts: tuple[int, ...]
    by_sentence: Mapping[int, Sequence[int]]
    stating: Mapping[int, Sequence[int]]
    unclear: frozenset[int]
    denials: frozenset[int]

    @classmethod
    def of(
        cls,
        document: Segmented,
        attributions: Sequence[Attribution],
        places: Sequence[AttributionPlace],
        sources: Sequence[Source],
    ) -> _Ledger:
        """Return the statements that belong to a line of the ledger."""
        classes = {source.id: source.source_class for source in sources}
        statements = tuple(
            (attribution, classes[attribution.source_id], place)
            for attribution, place in zip(attributions, places, strict=True)
            if attribution.source_id in classes
        )
        by_sentence: dict[int, list[int]] = {}
        stating: dict[int, list[int]] = {}
        for index, (_, _, (spoken, content)) in enumerate(statements):
            for number in content:
                stating.setdefault(number, []).append(index)
            for number in spoken or content:
                by_sentence.setdefault(number, []).append(index)
        unclear: set[int] = set()
        for attribution, (spoken, content) in zip(attributions, places, strict=True):
            unclear |= content or spoken if attribution.unclear else set()
        unclear -= stating.keys() | by_sentence.keys()
        starts = tuple(s.start for s in document.sentences)
        denials = frozenset(n for n, s in enumerate(statements) if _denies(s[0], document.text))
        return cls(statements, starts, by_sentence, stating, frozenset(unclear), denials)

    def behind(
        self, claim: int, kind: Support, at: int
    ) -> tuple[tuple[str, ...], tuple[Span, ...]]:
        """Return the ledger lines named in sentence `at` that give `claim` such a support, and the words of the first.

        If some of them say what the claim says, only these are named. If none gives such a support, the identifiable lines that say the claim are
        named all the same, since the ledger attributes it to them; if there are none either, those who say it wherever they are named. Whoever
        denies what others there say does not stand behind it.
        """
        classes = CLASSES_OF_SUPPORT.get(kind, ())
        numbers = self.by_sentence.get(at, ())
        spoken = [n for n in numbers if n not in self.denials] or numbers
        there = [self.statements[n] for n in spoken]
        fitting = [s for s in there if s[1] in classes]
        if classes and not fitting:
            known = (s for s in there if s[1] not in ANONYMOUS_CLASSES)
            fitting = [s for s in known if claim in s[2][0] | s[2][1]]
            stating = (self.statements[n] for n in self.stating.get(claim, ()))
            fitting = fitting or [s for s in stating if s[1] in classes]
        fitting = [s for s in fitting if claim in s[2][0] | s[2][1]] or fitting
        ids = tuple(dict.fromkeys(str(s[0].source_id) for s in fitting))
        words = (span for s in fitting for span in (*s[0].source, *s[0].cue) if self._in(span, at))
        first = next(words, None)
        return ids, () if first is None else (first,)

    def _in(self, span: Span, number: int) -> bool:
        return bisect_right(self.starts, span.start) - 1 == number


def _denies(statement: Attribution, text: str) -> bool:
    """Tell whether a statement's cue is of denial: "Moor denied it"."""
    return not words_of("anonymity", "dispute").isdisjoint(cue_words(text, statement.cue))


def _claim(
    number: int,
    low: int,
    judged: ClaimPredictions,
    row: int | None,
    support: FoundSupport,
    ledger: _Ledger,
) -> Claim:
    """Return the claim of sentence `number`; `low` is the number of the document's first sentence, `row` is None in furniture."""
    if row is None:
        return Claim(number, 0.0, checkworthy=False, support=None)
    chance = round(float(judged.checkworthy[row]), 4)
    if not judged.claimed[row]:
        return Claim(number, chance, checkworthy=False, support=None)
    found = support.chances[row], support.at[row] - low
    kind, at, ids, words = _backing(number, int(judged.kinds[row]), *found, ledger)
    unclear = number in ledger.unclear
    if not ids and SUPPORTS[kind] in _BY_NAME:  # a voucher whom nothing names is nobody known
        unclear = True
    first, second, third = judged.worth[row].round(4).tolist()
    return Claim(
        number, chance, checkworthy=True, support=SUPPORTS[kind],
        source_ids=() if unclear else ids,
        support_at=(at,) if at >= 0 else (), support_words=words,
        worth=(first, second, third), unsupported=round(float(judged.unsupported[row]), 4),
        priority=round(float(judged.priority[row]), 4), listed=bool(judged.listed[row] and _LISTABLE[kind]),
        unclear=unclear,
    )  # fmt: skip


def _backing(
    number: int, kind: int, chances: Floats, at: Ints, ledger: _Ledger
) -> tuple[int, int, tuple[str, ...], tuple[Span, ...]]:
    """Return the kind of support of the claim in sentence `number`, the sentence that names it (negative: none), the ledger lines there and their words.

    It is `kind`, or the likeliest other one if that is a named source in the claim's own sentence, where the ledger has nobody at all.
    """
    place = int(at[kind])
    ids, words = ledger.behind(number, SUPPORTS[kind], place) if place >= 0 else ((), ())
    missing = not ids and SUPPORTS[kind] in _BY_NAME and place == number
    if missing and number not in ledger.unclear:
        other = int(np.where(_NAMED, 0.0, chances).argmax())
        return _backing(number, other, chances, at, ledger)
    return kind, place, ids, words
