"""Train the weights of support candidates on annotated articles as the reader reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from reportedly.annotation.claims.backing import (
    SUPPORT_FEATURES,
    SupportCandidates,
    SupportEvidence,
    SupportModel,
    support_candidates,
    support_features,
    within_claims,
)
from reportedly.annotation.reader.labels import COARSE, NINE_SUPPORTS
from reportedly.corpora.gold import GoldSentence
from reportedly.datamodel.arrays import Bools, Floats, Ints

_PENALTY = 400.0
"""L2 penalty on a weight's distance from its initial value, in units of claims."""

_PRIOR = {"reader's kind": 1.0, "reader's pointer": 0.5}
"""Initial weights, which trust the reader."""


@dataclass(frozen=True, slots=True)
class _Example:
    """The candidates of an article's claims: features, the claim of each (numbered from 0), and which have the right kind and place."""

    features: Floats
    claim: Ints
    kind: Bools
    place: Bools


def learn_support(
    articles: Sequence[tuple[SupportEvidence, Sequence[GoldSentence]]],
) -> SupportModel:
    """Return the weights that maximise the likelihood of the annotated kinds and places of support.

    Each article comes with the annotation of its sentences.
    """
    examples = [_example(evidence, gold) for evidence, gold in articles]
    shift = np.cumsum([0, *(len(np.unique(e.claim)) for e in examples)])
    features = np.concatenate([e.features for e in examples])
    claim = np.concatenate([e.claim + n for e, n in zip(examples, shift.tolist(), strict=False)])
    scale = np.maximum(features.std(axis=0), 1e-6)
    table = features / scale
    masks = [np.concatenate([getattr(e, name) for e in examples]) for name in ("kind", "place")]

    prior = scale * [_PRIOR.get(name, 0.0) for name in SUPPORT_FEATURES]

    def loss(weights: Floats) -> tuple[float, Floats]:
        chances = within_claims(table @ weights, claim)
        slope = _PENALTY * (weights - prior)
        value = float(slope @ (weights - prior)) / 2
        for right in masks:
            told = np.bincount(claim, right) > 0  # a claim without a right candidate is left out
            hits = np.where(told, np.bincount(claim, chances * right), 1.0)
            value -= float(np.log(hits).sum())
            slope = slope + table.T @ ((chances - chances * right / hits[claim]) * told[claim])
        return value, slope

    best = minimize(loss, prior, jac=True, method="L-BFGS-B", options={"maxiter": 500})  # fmt: skip
    return SupportModel((best.x / scale).astype(np.float32))


def _example(evidence: SupportEvidence, gold: Sequence[GoldSentence]) -> _Example:
    claims = np.array([n for n, s in enumerate(gold) if s.checkworthy and s.support], np.int64)
    found = support_candidates(evidence, claims)
    kind, place = right_candidates(found, gold)
    numbers = np.searchsorted(claims, found.claim)
    return _Example(support_features(evidence, found), numbers, kind, place)


def right_candidates(found: SupportCandidates, gold: Sequence[GoldSentence]) -> tuple[Bools, Bools]:
    """Return which candidates have the annotated kind, and which the annotated place; none if it is not annotated."""
    kinds, places = np.zeros(len(found), np.bool_), np.zeros(len(found), np.bool_)
    columns = (found.claim.tolist(), found.kind.tolist(), found.at.tolist())
    for index, (number, kind, at) in enumerate(zip(*columns, strict=True)):
        truth = gold[number]
        coarse = str(truth.support)
        fine = (truth.support_fine,) if truth.support_fine else COARSE.get(coarse, (coarse,))
        kinds[index] = NINE_SUPPORTS[kind] in fine
        if truth.support_fine:
            places[index] = at in truth.support_at if truth.support_at else at < 0
    return kinds, places
