"""What taggers share: how words are spelt, and the best path through a linear chain.

Viterbi (Lafferty, McCallum & Pereira 2001, Conditional random fields, ICML) runs over all sequences of
a document at once, so that its cost is that of the longest sentence in steps of array arithmetic.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]

_DIGIT = re.compile(r"\d")
_SHAPES = (
    (re.compile(r"[A-ZÀ-Þ]"), "X"),
    (re.compile(r"[^\W\d_A-Z]"), "x"),
    (re.compile(r"\d"), "0"),
    (re.compile(r"(.)\1+"), r"\1\1"),
)
_MARKS = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'"})
_DOUBLED_MARKS = {"``": '"', "''": '"'}


def normal(form: str) -> str:
    """Return `form` in lower case, its quotation marks straight and its digits as 0."""
    return _DOUBLED_MARKS.get(form) or _DIGIT.sub("0", form.translate(_MARKS).lower())


def shape(form: str) -> str:
    """Return the outline of `form`: ``Xxx`` for Smith, ``XX`` for USA, ``00,00`` for 3,000."""
    outline = form.translate(_MARKS)
    for pattern, replacement in _SHAPES:
        outline = pattern.sub(replacement, outline)
    return outline[:6]


def viterbi(
    scores: Floats, transitions: Floats, sequences: Sequence[tuple[int, int]]
) -> NDArray[np.int8]:
    """Return the best label path of every sequence, laid out over all tokens, ``(n,)``.

    All sequences advance together, longest first, so that those still running are a prefix.
    """
    best = np.zeros(len(scores), np.int8)
    if not sequences:
        return best
    starts, lengths = _by_length(sequences)
    running = _running(lengths)
    emitted = np.ascontiguousarray(scores.T)
    path = [emitted.take(starts, axis=1)]
    links = transitions[:, :, None]
    for step in range(1, len(running)):
        live = running[step]
        reach = (path[-1][:, None, :live] + links).max(axis=0)  # over (from, to, sequence)
        reach += emitted.take(starts[:live] + step, axis=1)
        path.append(reach)
    label = np.empty(0, np.int64)
    for step in range(len(running) - 1, -1, -1):
        live, ahead = running[step], len(label)
        value = path[step]
        if ahead:
            value[:, :ahead] += transitions.take(label, axis=1)
        label = value.argmax(axis=0)
        best[starts[:live] + step] = label
    return best


def _by_length(sequences: Sequence[tuple[int, int]]) -> tuple[Ints, Ints]:
    """Return starts and lengths of the non-empty sequences, longest first."""
    ranges = np.array(sequences, np.int64)
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
