"""The best path through a linear chain (Lafferty, McCallum & Pereira 2001, Conditional random fields, ICML).

It runs over all sequences of a document together, so the number of array operations is that of the longest
sentence.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from reportedly.datamodel.arrays import Floats32, Ints

if TYPE_CHECKING:
    from collections.abc import Sequence


def viterbi(
    scores: Floats32, transitions: Floats32, sequences: Sequence[tuple[int, int]] | Ints
) -> NDArray[np.int8]:
    """Return the best label of every token, ``(n,)``, by the best path of each sequence.

    All sequences advance together, sorted by length, so that those still running are a prefix.
    """
    best = np.zeros(len(scores), np.int8)
    if not len(sequences):
        return best
    order, running = _in_step(sequences)
    edges = [0, *accumulate(running)]
    path = scores.T.take(order, axis=1)  # (label, token), the first tokens of all sequences first
    links = np.ascontiguousarray(transitions, path.dtype)[:, :, None]
    for step, live in enumerate(running[1:], 1):
        before, here = edges[step - 1], path[:, edges[step] : edges[step + 1]]
        reach = path[:, None, before : before + live] + links  # over (from, to, sequence)
        here += np.maximum.reduce(reach, axis=0)
    rows, onto = np.ascontiguousarray(path.T), np.ascontiguousarray(transitions.T)
    tags = np.empty(len(order), np.int64)
    ahead = tags[:0]
    for step in range(len(running) - 1, -1, -1):
        value = rows[edges[step] : edges[step + 1]]
        if len(ahead):
            value[: len(ahead)] += onto.take(ahead, axis=0)
        ahead = value.argmax(axis=1, out=tags[edges[step] : edges[step + 1]])
    best[order] = tags
    return best


def _in_step(sequences: Sequence[tuple[int, int]] | Ints) -> tuple[Ints, list[int]]:
    """Return the tokens of `sequences` in the order of the steps, and how many sequences are running at each step."""
    starts, lengths = _by_length(sequences)
    running = _running(lengths)
    live = np.array(running, np.int64)
    steps = np.repeat(np.arange(len(live)), live)
    rank = np.arange(len(steps)) - np.repeat(live.cumsum() - live, live)
    return starts[rank] + steps, running


def _by_length(sequences: Sequence[tuple[int, int]] | Ints) -> tuple[Ints, Ints]:
    """Return starts and lengths of the non-empty sequences, longest first."""
    ranges = np.asarray(sequences, np.int64)
    lengths = ranges[:, 1] - ranges[:, 0]
    order = np.argsort(-lengths, kind="stable")
    order = order[lengths[order] > 0]
    return ranges[order, 0], lengths[order]


def _running(lengths: Ints) -> list[int]:
    """Return for every step how many of the sequences, longest first, are still running."""
    if not len(lengths):
        return []
    ended = np.bincount(lengths, minlength=int(lengths[0]) + 1).cumsum()
    counts: list[int] = (len(lengths) - ended[:-1]).tolist()
    return counts
