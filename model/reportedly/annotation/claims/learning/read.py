"""Train the models that turn readings into claims (calibration, thresholds, small models) on annotated articles that were read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from sklearn.linear_model import LogisticRegression

from reportedly.annotation.claims.backing import SupportEvidence, SupportModel
from reportedly.annotation.claims.learning.backing import learn_support
from reportedly.annotation.claims.places import attribution_places
from reportedly.annotation.claims.read import (
    WORTHS,
    ClaimPredictions,
    ClaimReader,
    ClaimTable,
    judge,
    logistic_of,
    support_evidence,
)
from reportedly.annotation.reader.decisions import f1, smoothed
from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.corpora.gold import GoldArticle, GoldSentence, carry
from reportedly.datamodel import STANDING_OF, Attribution, Segmented
from reportedly.datamodel.arrays import Bools, Floats, Floats32

_SEED = 13
_FOLDS = 5
_STRENGTH = 1.0
_GRID = np.arange(0.1, 0.7, 0.02)

LEAST_WORTHY = 0.62
"""Share of worklist items that must be worth checking, on the training articles."""

_UNSUPPORTED_GRID = np.arange(0.1, 0.6, 0.05)
_PRIORITY_GRID = np.arange(0.0, 0.7, 0.01)
_FIRST, _LOOKED_AT = 3, 5


@dataclass(frozen=True, slots=True)
class ReadLedger:
    """An annotated article: its text without the headline, the ledger's attributions, and the reader's answers."""

    article: GoldArticle
    body: Segmented
    attributions: tuple[Attribution, ...]
    reading: Reading


@dataclass(frozen=True, slots=True)
class _Told:
    """A prepared article: its batch, the evidence, and the annotation of its sentences."""

    layout: DocBatch
    evidence: SupportEvidence
    gold: Sequence[GoldSentence]

    @property
    def asked(self) -> list[GoldSentence]:
        """The annotation of the sentences that are judged."""
        return [g for g, skipped in zip(self.gold, self.layout.furniture, strict=True) if not skipped]  # fmt: skip


def learn_claim_reader(articles: Sequence[ReadLedger]) -> ClaimReader:
    """Return the claim model, trained on articles that the reader was not trained on.

    What depends on the supports is trained on supports found out of fold. Articles without part two of the annotation
    are used for what part one annotates.
    """
    told = [_told(article) for article in articles if article.body.sentences]
    fold = np.random.default_rng(_SEED).permutation(len(told)) % _FOLDS
    supports = [
        learn_support([(t.evidence, t.gold) for t, f in zip(told, fold, strict=True) if f != k])
        for k in range(_FOLDS)
    ]
    tables = [_table(t, supports[f]) for t, f in zip(told, fold.tolist(), strict=True)]
    whole = learn_support([(t.evidence, t.gold) for t in told])
    model = _calibrated(whole, tables, [s for t in told for s in t.asked])
    held = [
        (judge(t.layout, t.evidence, replace(model, support=supports[f]))[0], t.asked)
        for t, f in zip(told, fold.tolist(), strict=True)
    ]
    return replace(model, listing=choose_listing([pair for pair in held if _has_worth(pair[1])]))


def _told(one: ReadLedger) -> _Told:
    layout = DocBatch.of(one.body)
    places = attribution_places(one.body, one.attributions)
    evidence = support_evidence(layout, [one.attributions], [places], [one.reading])
    spans = [sentence.span for sentence in one.body.sentences]
    return _Told(layout, evidence, carry(one.article, spans)[0].sentences)


def _table(told: _Told, support: SupportModel) -> ClaimTable:
    asked = np.flatnonzero(~told.layout.furniture)
    return ClaimTable(told.evidence.answers[asked], support.find(told.evidence, asked))


def _calibrated(
    support: SupportModel, tables: Sequence[ClaimTable], gold: Sequence[GoldSentence]
) -> ClaimReader:
    """Return the model without the thresholds for listing."""
    truth = np.array([s.checkworthy for s in gold])
    fine = np.array([s.support_fine is not None for s in gold])
    unsupported = np.array([_is_unsupported(s) for s in gold])
    rated = np.array([not s.checkworthy or s.worth is not None for s in gold])
    columns = {
        "checkworthy": np.concatenate([t.odds("checkworthy") for t in tables]),
        "unsupported": np.concatenate([t.unsupported_columns() for t in tables]),
        "worth": np.concatenate([t.odds(*WORTHS) for t in tables]),
    }
    worth = [
        _fit(columns["worth"][rated], np.array([(s.worth or 0) >= n for s in gold])[rated])
        for n in (1, 2, 3)
    ]
    checkworthy, least = _with_threshold(columns["checkworthy"], truth)
    return ClaimReader(
        support, checkworthy, _fit(columns["unsupported"][fine], unsupported[fine]), np.stack(worth),
        least, (0.0, 0.0),
    )  # fmt: skip


def _is_unsupported(sentence: GoldSentence) -> bool:
    standing = STANDING_OF.get(sentence.support_fine or "")  # type: ignore[call-overload] # an annotated kind
    return standing in {"says_so", "nobody"}


def _is_worth(sentence: GoldSentence, least: int) -> bool:
    """Tell whether, by the annotation, a worklist should list a sentence and its worth is at least `least`."""
    standing = STANDING_OF.get(sentence.support_fine or "")  # type: ignore[call-overload] # an annotated kind
    return standing in {"vouched", "says_so", "nobody"} and (sentence.worth or 0) >= least


def _has_worth(gold: Sequence[GoldSentence]) -> bool:
    return any(s.worth is not None for s in gold)


def _fit(columns: Floats, truth: Bools) -> Floats32:
    """Return the weights of a logistic model, the constant last."""
    learner = LogisticRegression(C=_STRENGTH, max_iter=500).fit(columns, truth)
    weights: Floats32 = np.append(learner.coef_[0], learner.intercept_[0]).astype(np.float32)
    return weights


def _with_threshold(columns: Floats, truth: Bools) -> tuple[Floats32, float]:
    """Return a logistic model, and the threshold of its probability at which F1, averaged over neighbouring thresholds, is highest."""
    weights = _fit(columns, truth)
    chances = logistic_of(columns, weights)
    return weights, _best(_GRID, lambda least: f1(truth, chances >= least))


def _best(grid: Floats, score: Callable[[float], float]) -> float:
    scores = smoothed([score(value) for value in grid.tolist()])
    return float(grid[int(scores.argmax())])


def choose_listing(
    judged: Sequence[tuple[ClaimPredictions, Sequence[GoldSentence]]],
) -> tuple[float, float]:
    """Return the thresholds for listing a claim: the least probability of no support, and the least priority.

    Among the pairs with which ``LEAST_WORTHY`` of the items are worth checking, it is the one that puts most claims worth checking
    into the first places, and claims of worth 3 among the first five.
    """
    best = (-1.0, (0.5, 0.5))
    for unsupported in _UNSUPPORTED_GRID.tolist():
        for priority in _PRIORITY_GRID.tolist():
            first, items, gravest = listing_figures(judged, (unsupported, priority))
            score = first + gravest if items >= LEAST_WORTHY else items - 1
            best = max(best, (score, (unsupported, priority)), key=lambda pair: pair[0])
    return best[1]


def listing_figures(
    judged: Sequence[tuple[ClaimPredictions, Sequence[GoldSentence]]], listing: tuple[float, float]
) -> tuple[float, float, float]:
    """Return the three scores of worklists that :func:`reportedly.evaluation.ledger.worklist_rates` measures."""
    hits, totals = np.zeros(3), np.zeros(3)
    for found, gold in judged:
        listed = found.listed & (found.unsupported >= listing[0]) & (found.priority >= listing[1])
        items = [n for n in np.argsort(-found.priority, kind="stable").tolist() if listed[n]]
        worthy = [_is_worth(gold[n], 2) for n in items]
        first = min(_FIRST, sum(_is_worth(s, 2) for s in gold))
        gravest = any(_is_worth(s, 3) for s in gold)
        hits += sum(worthy[:first]), sum(worthy), any(_is_worth(gold[n], 3) for n in items[:_LOOKED_AT])  # fmt: skip
        totals += first, len(items), gravest
    first_share, share, found_share = (hits / np.maximum(totals, 1)).tolist()
    return first_share, share, found_share
