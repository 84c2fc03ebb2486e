"""The place of each token, as small integers: the tagger's input besides the words."""

from __future__ import annotations

from itertools import chain

import numpy as np
from numpy.typing import NDArray

from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.datamodel.arrays import Bools, Ints

TOKEN_FEATURES = (
    "start", "order", "para", "quote", "extent", "attached", "since_quote", "until_quote",
    "left_cue", "right_cue", "left_distance", "right_distance", "sentence_cues", "sentence_quoted",
    "previous", "following",
)  # fmt: skip
"""The network's input columns, in order; :func:`token_features` explains them."""

KIND, CUE_LIKE = 0, 1
"""Indices of the two word classes that the columns need: the kind of reporting word, and whether it is often a cue."""


Places = NDArray[np.int8]
"""The place features of tokens, ``(tokens, TOKEN_FEATURES)``."""


def running_sum(flags: Bools) -> Ints:
    """Return how many of `flags` are set before each place and in all: one entry more than flags."""
    counts = np.zeros(len(flags) + 1, np.int64)
    np.cumsum(flags, out=counts[1:])
    return counts


PLACE = {name: i for i, name in enumerate(TOKEN_FEATURES)}


def token_features(layout: DocBatch, classes: NDArray[np.uint8]) -> Places:
    """Return the place features of each token, ``(n, len(COLUMNS))``; `classes` are the word classes of the tokens.

    They are small integers: the place in the sentence, of the sentence in its paragraph and of the paragraph in the
    article; whether it is inside, at the edge of, or near a quotation, the length of the quotation and whether a cue is beside
    it; the kind and distance of the nearest cue-like words; cues and quotations in this sentence and its neighbours.
    """
    cues = classes[:, CUE_LIKE] > 0
    found = np.empty((len(TOKEN_FEATURES), len(layout.sentence)), np.int8)

    def keep(columns: dict[str, Ints]) -> None:
        for name, values in columns.items():
            found[PLACE[name]] = values

    keep(_places(layout))
    keep(_quotation_columns(layout, cues))
    keep(_cue_columns(layout, cues, classes[:, KIND].astype(np.int64)))
    keep(_sentence_columns(layout, cues, found[PLACE["quote"]] > 0))
    return found.T


def _places(layout: DocBatch) -> dict[str, Ints]:
    """Return ``start`` (in the sentence), ``order`` (of the sentence) and ``para`` (paragraph edges)."""
    at, number = np.arange(len(layout.sentence)), layout.sentence
    into = at - layout.first[number]
    left = layout.last[number] - 1 - at
    order = np.arange(len(layout.first)) - np.maximum.accumulate(
        np.where(layout.opening, np.arange(len(layout.first)), 0)
    )
    return {
        "start": np.minimum(into, 3) + 4 * np.minimum(left, 2),
        "order": (np.minimum(order, 3) + 4 * np.minimum(layout.paragraph, 2))[number],
        "para": np.where(into == 0, 1 + np.minimum(order, 2)[number], 0)
        + 4 * ((left == 0) & layout.closing[number]),
    }


def _quotation_columns(layout: DocBatch, cues: Bools) -> dict[str, Ints]:
    """Return ``quote`` (1 opening mark, 2 inside, 3 closing mark), ``extent`` and ``attached``.

    Also ``since_quote`` and ``until_quote``: tokens in the sentence since a quotation closed, or until one opens.
    """
    quote, extent, attached = (np.zeros(len(layout.sentence), np.int64) for _ in range(3))
    outer = [
        [(q.start, q.end, q.closed) for q in d.quotations if q.depth == 0] for d in layout.documents
    ]
    marks = np.array(list(chain.from_iterable(outer)), np.int64).reshape(-1, 3)
    marks[:, :2] += np.repeat(layout.bases, list(map(len, outer)))[:, None]
    ranges = np.searchsorted(layout.starts, marks[:, :2])
    held = ranges[:, 1] > ranges[:, 0]
    (first, last), closed = ranges[held].T, marks[held, 2]
    length = last - first
    size = 1 + (length > 5) + (length > 10)
    owner = np.repeat(np.arange(len(length)), length)
    inside = np.arange(len(owner)) - np.repeat(length.cumsum() - length, length)
    at = first[owner] + inside
    quote[at] = np.where((inside == length[owner] - 1) & (closed[owner] > 0), 3, 1 + (inside > 0))
    extent[at] = size[owner]
    attached[at] = _attachment(first, last, size, layout, cues)[owner]
    return {
        "quote": quote,
        "extent": extent,
        "attached": attached,
        "since_quote": _since(quote == 3, layout, 6),
        "until_quote": _until(quote == 1, layout, 6),
    }


def _attachment(first: Ints, last: Ints, size: Ints, layout: DocBatch, cues: Bools) -> Ints:
    """Return for each quotation at tokens ``[first, last)``, in order, how a cue and its paragraph attach it.

    1, and 1 more with a cue-like word before it, 2 with one after, within 8 tokens and the sentence; 4 if a
    long quotation, 8 if one with a cue precedes it in the paragraph.
    """
    number, so_far = layout.sentence, running_sum(cues)
    low = np.maximum(layout.first[number[first]], first - 8)
    goes_on = last < layout.last[number[last - 1]]
    high = np.where(goes_on, np.minimum(last + 8, layout.last[number[last - 1]]), last)
    before, after = so_far[first] > so_far[low], so_far[high] > so_far[last]
    paragraph = layout.opening.cumsum()[number[first]]
    said = np.where(before | after, 2, size == 3)
    highest = np.maximum.accumulate(3 * paragraph + said)
    previous = np.r_[0, highest[:-1]][: len(highest)]
    earlier: Ints = np.where(previous // 3 == paragraph, previous % 3, 0)
    earlier *= 4
    return earlier + 2 * after + before + 1


def _cue_columns(layout: DocBatch, cues: Bools, kinds: Ints) -> dict[str, Ints]:
    """Return kind and distance of the nearest cue-like word to the left (or here) and to the right."""
    count = len(layout.sentence)
    at = np.arange(count)
    left, right = _last(cues, layout), _next(cues, layout)
    return {
        "left_cue": np.where(left >= 0, kinds[np.maximum(left, 0)] + 1, 0),
        "right_cue": np.where(right < count, kinds[np.minimum(right, count - 1)] + 1, 0),
        "left_distance": np.where(left >= 0, distance_band(at - left) + 1, 0),
        "right_distance": np.where(right < count, distance_band(right - at) + 1, 0),
    }


def _sentence_columns(layout: DocBatch, cues: Bools, quoted: Bools) -> dict[str, Ints]:
    """Return how many cue-like words a sentence has and how much of it is quoted, for it and its neighbours."""
    size, number = layout.last - layout.first, layout.sentence
    has = np.minimum(np.add.reduceat(cues.astype(np.int64), layout.first), 2)
    inside = np.add.reduceat(quoted.astype(np.int64), layout.first)
    share = np.where(
        inside == 0, 0, np.where(2 * inside < size, 1, np.where(inside < size - 1, 2, 3))
    )
    previous = np.r_[0, (has[:-1] + 1) * 5 + share[:-1] + 1] * ~layout.opening
    following = np.r_[has[1:] + 1, 0] * ~layout.closing
    return {
        "sentence_cues": has[number],
        "sentence_quoted": share[number],
        "previous": previous[number],
        "following": following[number],
    }


def distance_band(distance: Ints) -> Ints:
    """Return the band of a distance: narrow bands for small distances, then wider ones, the last from 22 on."""
    return _BANDS.take(np.minimum(distance, len(_BANDS) - 1))


_BANDS: Ints = np.searchsorted(np.array([1, 2, 3, 4, 6, 9, 14, 22]), np.arange(24), side="left")


def _last(flags: Bools, layout: DocBatch) -> Ints:
    """Return the place of the nearest flag at or before each token of its sentence, else -1."""
    place = np.maximum.accumulate(np.where(flags, np.arange(len(flags)), -1))
    return np.where(place >= layout.first[layout.sentence], place, -1)


def _next(flags: Bools, layout: DocBatch) -> Ints:
    """Return the place of the nearest flag at or after each token of its sentence, else the count."""
    count = len(flags)
    place = np.minimum.accumulate(np.where(flags, np.arange(count), count)[::-1])[::-1]
    return np.where(place < layout.last[layout.sentence], place, count)


def _since(flags: Bools, layout: DocBatch, most: int) -> Ints:
    """Return 0 without a flag before in the sentence, else 1 more than the distance, up to `most`."""
    place = _last(flags, layout)
    return np.where(place < 0, 0, np.minimum(np.arange(len(flags)) - place, most) + 1)


def _until(flags: Bools, layout: DocBatch, most: int) -> Ints:
    """Return 0 without a flag later in the sentence, else 1 more than the distance, up to `most`."""
    place = _next(flags, layout)
    return np.where(place >= len(flags), 0, np.minimum(place - np.arange(len(flags)), most) + 1)
