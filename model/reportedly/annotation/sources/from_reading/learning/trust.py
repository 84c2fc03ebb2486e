"""Learn how likely a line of the ledger is right, from lines of read articles and whether each was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from reportedly.annotation.sources.from_reading.choice import (
    Chances,
    Findings,
    StatementChoice,
)
from reportedly.annotation.sources.from_reading.learning.choice import SourceExample
from reportedly.annotation.sources.from_reading.model import LedgerModel
from reportedly.annotation.sources.from_reading.trust import TRUST_FEATURES, LineTrust
from reportedly.datamodel.arrays import Bools, Floats, Floats32

TRUST_C = 0.05
"""Inverse L2 penalty: with held-out articles alone there are some five hundred lines to learn from."""


@dataclass(frozen=True, slots=True)
class UnseenChoice(StatementChoice):
    """A choice of statements that, for one article, gives the probabilities by models that had not seen it.

    `voices` by ``(sentence, first token)``, `carried` and `rumours` by sentence; other proposals get their usual
    probability.
    """

    voices: Mapping[tuple[int, int], float] = field(default_factory=dict)
    carried: Floats32 | None = None
    rumours: Mapping[int, float] = field(default_factory=dict)

    @classmethod
    def of(cls, choice: StatementChoice, read: SourceExample, unseen: Chances) -> UnseenChoice:
        """Return the choice for an article, given its proposals' chances by models that had not seen it."""
        proposals = Findings.of(read.article, read.given, read.reading).proposals
        voices = {
            (v.sentence, v.first): p
            for v, p in zip(proposals.voices, unseen.voice.tolist(), strict=True)
        }
        rumours = {
            r.sentence: p for r, p in zip(proposals.rumours, unseen.rumour.tolist(), strict=True)
        }
        return cls(choice.rankers, choice.least, voices, unseen.carried, rumours)

    def chances(self, findings: Findings) -> Chances:
        """Return the probability that each proposal is a statement."""
        told = StatementChoice.chances(self, findings)
        voices, rumours = findings.proposals.voices, findings.proposals.rumours
        voice = [
            self.voices.get((v.sentence, v.first), p)
            for v, p in zip(voices, told.voice.tolist(), strict=True)
        ]
        rumour = [
            self.rumours.get(r.sentence, p)
            for r, p in zip(rumours, told.rumour.tolist(), strict=True)
        ]
        carried = told.carried if self.carried is None else self.carried
        return Chances(np.array(voice, np.float32), carried, np.array(rumour, np.float32))


@dataclass(frozen=True, slots=True)
class NotedRows(LineTrust):
    """Collects the features of each line, and returns a line's row number in place of its probability."""

    noted: list[Floats] = field(default_factory=list)

    def chances(self, rows: Floats) -> Floats:
        """Return the number of each row."""
        self.noted.append(rows)
        return np.arange(len(rows), dtype=np.float64)


def noting(
    model: LedgerModel, read: SourceExample, unseen: Chances
) -> tuple[LedgerModel, list[Floats]]:
    """Return a ledger model for one article, and the list in which it collects the rows of the article's lines.

    `model` and `unseen` are of models that were not trained on the article.
    """
    rows = NotedRows(np.zeros(0, np.float32))
    choice = UnseenChoice.of(model.choice, read, unseen)
    return replace(model, choice=choice, trust=rows), rows.noted


def fit_trust(rows: Sequence[Floats], right: Sequence[Bools]) -> LineTrust:
    """Return the estimate trained on lines with the features `rows` and whether each was `right`, one entry per article."""
    table, known = np.concatenate(rows), np.concatenate(right)
    if known.all() or not known.any():  # all alike: there is nothing to tell them apart by
        odds = np.log((known.sum() + 1) / ((~known).sum() + 1))
        return LineTrust(np.append(np.zeros(len(TRUST_FEATURES)), odds).astype(np.float32))
    scaler = StandardScaler().fit(table)
    learner = LogisticRegression(C=TRUST_C, max_iter=1000).fit(scaler.transform(table), known)
    weights = learner.coef_[0] / scaler.scale_
    constant = float(learner.intercept_[0] - weights @ scaler.mean_)
    assert len(weights) == len(TRUST_FEATURES)
    return LineTrust(np.append(weights, constant).astype(np.float32))
