"""Cached sums of the weights of features that occur together repeatedly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Key = tuple[Any, ...]

_REMEMBERED = 8192
"""The most sums that are kept."""


class Sums(dict[Key, tuple[float, ...]]):
    """The sums of the weights of features that occur together, one number per class, computed on first use.

    `names` returns the features of a key, such as a cue or a source.
    """

    def __init__(
        self, names: Callable[..., list[str]], weights: Mapping[str, tuple[float, ...]], size: int
    ) -> None:
        super().__init__()
        self._names, self._weights, self._nothing = names, weights, (0.0,) * size

    def __missing__(self, key: Key) -> tuple[float, ...]:
        """Add up the weights of a key's features."""
        known = [given for given in map(self._weights.get, self._names(*key)) if given is not None]
        if len(self) >= _REMEMBERED:
            self.clear()
        total = self[key] = tuple(map(sum, zip(*known, strict=True))) if known else self._nothing
        return total

    def __reduce__(self) -> tuple[Any, ...]:
        """Return the state to pickle: the weights, not the cached sums."""
        return Sums, (self._names, self._weights, len(self._nothing))


def tabulated(
    rows: Mapping[str, int], weights: NDArray[np.float32]
) -> dict[str, tuple[float, ...]]:
    """Return the weights of each feature as plain numbers, which are faster to add than a few rows of an array."""
    return dict(zip(rows, map(tuple, weights[list(rows.values())].tolist()), strict=True))
