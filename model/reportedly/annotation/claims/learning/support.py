"""Learn what stands behind a claim: weights of candidates, from readings of annotated articles beside the annotation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from reportedly.annotation.claims.support import (
    SUPPORT_FEATURES,
    Evidence,
    SupportCandidates,
    SupportModel,
    support_candidates,
    support_features,
    within_claims,
)
from reportedly.annotation.reader.labels import COARSE, NINE_SUPPORTS
from reportedly.corpora.gold import GoldSentence
from reportedly.datamodel.arrays import Bools, Floats, Ints

_PENALTY = 1.0
"""L2 penalty of a weight, in claims."""


@dataclass(frozen=True, slots=True)
class _Example:
    """Candidates of an article's claims: features, claims numbered through from 0, and which candidates are right."""

    features: Floats
    claim: Ints
    right: Bools


def learn_support(articles: Sequence[tuple[Evidence, Sequence[GoldSentence]]]) -> SupportModel:
    """Return the weights under which the annotated support and its place are likeliest.

    Each article comes with the annotation of its own sentences. Where no candidate has both, those of the right kind count.
    """
    examples = [_example(evidence, gold) for evidence, gold in articles]
    shift = np.cumsum([0, *(len(np.unique(e.claim)) for e in examples)])
    features = np.concatenate([e.features for e in examples])
    claim = np.concatenate([e.claim + n for e, n in zip(examples, shift.tolist(), strict=False)])
    right = np.concatenate([e.right for e in examples])
    first = np.flatnonzero(np.diff(claim, prepend=-1))
    scale = np.maximum(features.std(axis=0), 1e-6)
    table = features / scale

    def loss(weights: Floats) -> tuple[float, Floats]:
        scores = table @ weights
        chances = within_claims(scores, claim)
        hits = np.add.reduceat(chances * right, first)
        among = chances * right / np.repeat(hits, np.diff(first, append=len(claim)))
        slope = table.T @ (chances - among) + _PENALTY * weights
        return float(-np.log(hits).sum() + _PENALTY * (weights @ weights) / 2), slope

    best = minimize(loss, np.zeros(len(SUPPORT_FEATURES)), jac=True, method="L-BFGS-B", options={"maxiter": 500})  # fmt: skip
    return SupportModel((best.x / scale).astype(np.float32))


def _example(evidence: Evidence, gold: Sequence[GoldSentence]) -> _Example:
    claims = np.array([n for n, s in enumerate(gold) if s.checkworthy and s.support], np.int64)
    found = support_candidates(evidence, claims)
    right = right_candidates(found, gold)
    kept = np.isin(found.claim, found.claim[right])
    numbers = np.unique(found.claim[kept], return_inverse=True)[1]
    return _Example(support_features(evidence, found)[kept], numbers, right[kept])


def right_candidates(found: SupportCandidates, gold: Sequence[GoldSentence]) -> Bools:
    """Return which candidates have the annotated kind and place, or the kind where no candidate of the claim has both."""
    kinds = np.zeros(len(found), np.bool_)
    both = np.zeros(len(found), np.bool_)
    for index, (number, kind, at) in enumerate(
        zip(found.claim.tolist(), found.kind.tolist(), found.at.tolist(), strict=True)
    ):
        truth = gold[number]
        name = NINE_SUPPORTS[kind]
        coarse = str(truth.support)
        fine = [truth.support_fine] if truth.support_fine else COARSE.get(coarse, (coarse,))
        kinds[index] = name in fine
        both[index] = name in fine and (at < 0 or truth.support_fine is None or at in (truth.support_at or ()))  # fmt: skip
    settled = np.isin(found.claim, found.claim[both])
    right: Bools = np.where(settled, both, kinds)
    return right
