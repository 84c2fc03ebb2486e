"""The trained linker as arrays: the score of each candidate, and the certainty of the choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log
from operator import mul
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportedly.annotation.sources.linking.features import feature_names
from reportedly.annotation.sources.linking.views import KINDS
from reportedly.datamodel.arrays import Floats32, arrays_under
from reportedly.errors import InvalidBundle

MOST_STANDARD_DEVIATIONS = 5.0
"""Features are limited to this many standard deviations."""


@dataclass(frozen=True, slots=True)
class Ranker:
    """A network of one hidden layer: ``(rows, features)`` to a score for each row, the log odds of being right.

    `mean` and `scale` are ``(features,)``, `hidden` ``(features, units)``, `bias` and `output` ``(units,)``.
    """

    mean: Floats32
    scale: Floats32
    hidden: Floats32
    bias: Floats32
    output: Floats32
    offset: float

    def __call__(self, rows: Floats32) -> Floats32:
        """Return the score of each row."""
        scaled: Floats32 = rows - self.mean
        scaled *= self.scale
        np.minimum(scaled, MOST_STANDARD_DEVIATIONS, out=scaled)
        np.maximum(scaled, -MOST_STANDARD_DEVIATIONS, out=scaled)
        active: Floats32 = scaled @ self.hidden
        active += self.bias
        np.maximum(active, 0.0, out=active)
        scores: Floats32 = active @ self.output + np.float32(self.offset)
        return scores

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return it as plain arrays."""
        return {
            "mean": self.mean, "scale": self.scale, "hidden": self.hidden.astype(np.float16),
            "bias": self.bias, "output": self.output, "offset": np.array([self.offset], np.float32),
        }  # fmt: skip

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Ranker:
        """Return the ranker from the arrays of :meth:`to_arrays`."""
        part = {name: np.asarray(array, np.float32) for name, array in arrays.items()}
        return cls(
            part["mean"], part["scale"], part["hidden"], part["bias"], part["output"],
            float(part["offset"][0]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class LinkModel:
    """The rankers for statements with a source and for elided ones, and the certainty that a choice needs.

    `certainty` ``(kinds, 4)`` has the weights of :func:`link_evidence`, a row for each of ``KINDS``; a statement stays
    unclear if its probability is below its entry in `least` ``(kinds,)``.
    """

    mentions: Ranker
    elided: Ranker
    certainty: Floats32
    least: Floats32

    def ranker(self, *, elided: bool) -> Ranker:
        """Return the ranker for a kind of statement."""
        return self.elided if elided else self.mentions

    def probability(self, kind: int, evidence: Floats32) -> float:
        """Return the probability that a choice is right, by kind of mention and `evidence` ``(3,)``."""
        *weights, score = self.certainty[kind].tolist()
        score += sum(map(mul, weights, evidence.tolist()))
        return 1.0 / (1.0 + exp(min(-score, _FAR)))

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return the model as plain arrays, with the names of its features."""
        names = "\n".join(feature_names()).encode("utf-8")
        arrays: dict[str, NDArray[Any]] = {
            "features": np.frombuffer(names, dtype=np.uint8).copy(),
            "certainty": self.certainty,
            "least": self.least,
        }
        for part, ranker in (("mentions", self.mentions), ("elided", self.elided)):
            arrays |= {f"{part}_{name}": array for name, array in ranker.to_arrays().items()}
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> LinkModel:
        """Return the model from the arrays of :meth:`to_arrays`.

        Raises
        ------
        InvalidBundle
            When it was trained for other features than this version reads.
        """
        names = tuple(arrays["features"].tobytes().decode("utf-8").split("\n"))
        if names != feature_names() or len(arrays["least"]) != len(KINDS):
            raise InvalidBundle(
                "linker: trained for other features than this version reads; train it again"
            )
        return cls(
            Ranker.from_arrays(arrays_under("mentions_", arrays)),
            Ranker.from_arrays(arrays_under("elided_", arrays)),
            np.asarray(arrays["certainty"], np.float32),
            np.asarray(arrays["least"], np.float32),
        )


def link_evidence(scores: Floats32, chosen: int, trust: float) -> Floats32:
    """Return the features for the certainty of a choice, ``(3,)``.

    They are its lead over the sum of the others, its own score, and the log odds of the statement that it continues.
    """
    odds = scores.tolist()
    shares = [1.0 / (1.0 + exp(-min(max(score, -_FAR), _FAR))) for score in odds]
    rest = max(sum(shares) - shares[chosen], _LITTLE)
    lead = log(max(shares[chosen], _LITTLE) / rest)
    told = (min(max(lead, -_BOUND), _BOUND), min(max(odds[chosen], -_BOUND), _BOUND), trust)
    return np.array(told, np.float32)


_FAR, _BOUND, _LITTLE = 30.0, 8.0, 1e-6
"""Bounds of the log odds in these features, and the least share of the others."""
