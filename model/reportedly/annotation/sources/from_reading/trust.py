"""The probability that a ledger line is right, from the certainty of its statements, links and class, and from the article.

A line is right if it is the same source of the same class, with at least half of its statements, as
``evaluation/ledger.py`` counts. The estimate is trained and calibrated on articles held out from the reader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportedly.annotation.sources.from_reading.choice import Chances, Findings
from reportedly.annotation.sources.from_reading.found import Found
from reportedly.annotation.tokens.word_features import log_odds
from reportedly.datamodel import SOURCE_CLASSES
from reportedly.datamodel.arrays import Floats, Floats32

_SURE = 4.0
"""Limit of the log odds; greater certainty is not distinguished."""

_BY_RULE = 0.9
"""Probability given to a statement that a passage adds."""

TRUST_FEATURES = (
    "choice", "least choice", "link", "least link", "statements", "class", "carried on", "bears a name",
    *SOURCE_CLASSES, "nobody", "article: unclear", "article: lines", "article: sentences", "article: links",
)  # fmt: skip
"""The features of a line."""


@dataclass(frozen=True, slots=True)
class LineTrust:
    """A logistic model of ``TRUST_FEATURES``: `weights` ``(features + 1,)``, the constant last."""

    weights: Floats32

    def chances(self, rows: Floats) -> Floats:
        """Return the probability that each line is right, ``(lines,)``."""
        odds = rows @ self.weights[:-1].astype(np.float64) + float(self.weights[-1])
        chances: Floats = 1 / (1 + np.exp(-odds.clip(-_SURE, _SURE)))
        return chances

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return it as plain arrays."""
        return {"weights": self.weights}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> LineTrust | None:
        """Return the model from the arrays of :meth:`to_arrays`; None if there is none, or it has other features."""
        weights = np.asarray(arrays.get("weights", ()), np.float32)
        return cls(weights) if len(weights) == len(TRUST_FEATURES) + 1 else None


@dataclass(frozen=True, slots=True)
class StatedLines:
    """The lines of an article's ledger, and the probabilities that their features are made of.

    `lines` are the statements of each, `columns` its class by number, `odds` the log odds of its class, `named` whether it
    has a name, `nobody` whether it is the line without a source. By statement: `choice`, the probability that it is one, `links`,
    the probability that it is this source's, and `carried`, whether it has no words for its source.
    """

    lines: Sequence[Sequence[int]]
    columns: Sequence[int]
    odds: Sequence[float]
    named: Sequence[bool]
    nobody: Sequence[bool]
    choice: Floats
    links: Floats
    carried: Sequence[bool]
    unclear: int
    sentences: int

    def rows(self) -> Floats:
        """Return the features of each line, ``(lines, TRUST_FEATURES)``."""
        choice, links = (np.clip(log_odds(c), -_SURE, _SURE) for c in (self.choice, self.links))
        linked = float(links.mean()) if len(links) else 0.0
        article = [
            self.unclear / max(1, self.unclear + sum(map(len, self.lines))),
            float(np.log1p(len(self.lines))),
            float(np.log1p(self.sentences)),
            linked,
        ]
        found = []
        for number, said in enumerate(self.lines):
            own = list(said)
            found.append([
                choice[own].mean(), choice[own].min(), links[own].mean(), links[own].min(),
                np.log1p(len(own)), min(max(self.odds[number], -_SURE), _SURE),
                sum(self.carried[n] for n in own) / len(own), self.named[number],
                *(self.columns[number] == n for n in range(len(SOURCE_CLASSES))),
                self.nobody[number], *article,
            ])  # fmt: skip
        return np.array(found, np.float64).reshape(len(found), len(TRUST_FEATURES))


def statement_chances(findings: Findings, chances: Chances, found: Sequence[Found]) -> Floats:
    """Return the probability that each found statement is one, ``(statements,)``."""
    voices = {
        id(v): p for v, p in zip(findings.proposals.voices, chances.voice.tolist(), strict=True)
    }
    rumours = {
        r.sentence: p
        for r, p in zip(findings.proposals.rumours, chances.rumour.tolist(), strict=True)
    }
    told = []
    for one in found:
        if one.voice is not None:
            told.append(voices.get(id(one.voice), _BY_RULE))
        elif one.attribution.source_class == "vague":
            told.append(rumours.get(one.sentence, _BY_RULE))
        else:
            told.append(float(chances.carried[one.sentence]))
    return np.array(told, np.float64)


def top_odds(scores: Floats32) -> list[float]:
    """Return the log odds of each source's most likely class, from its `scores` ``(sources, classes)``."""
    if not len(scores):
        return []
    ranked = np.sort(scores.astype(np.float64), axis=1)
    others = np.log(np.exp(ranked[:, :-1] - ranked[:, -1:]).sum(axis=1) + 1e-9)
    odds: list[float] = (-others).tolist()
    return odds
