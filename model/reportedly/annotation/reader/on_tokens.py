"""Map answers for word pieces to the tokens of a document."""

from __future__ import annotations

import numpy as np

from reportedly.annotation.reader.reading import BY_SENTENCE, BY_TOKEN, Reading
from reportedly.datamodel import Segmented
from reportedly.datamodel.arrays import Arrays, Floats32, Ints


def as_reading(segmented: Segmented, found: Arrays, places: Ints) -> Reading:
    """Return the probabilities `found` for sentences and for the pieces at `places` as a reading of the document."""
    by_sentence = {n: found[n].astype(np.float32) for n in BY_SENTENCE}
    begins, ends = _piece_ranges(segmented, places)
    by_token = {n: _on_tokens(n, found[n].astype(np.float32), begins, ends) for n in BY_TOKEN}
    return Reading(**by_sentence, **by_token)


def _piece_ranges(segmented: Segmented, places: Ints) -> tuple[Ints, Ints]:
    """Return the range of pieces ``[begin, end)`` of each token; a piece that spans two tokens belongs to both."""
    starts, ends = np.array(segmented.tokens.starts), np.array(segmented.tokens.ends)
    begins = np.searchsorted(places[:, 1], starts, side="right")
    return begins, np.maximum(np.searchsorted(places[:, 0], ends), begins)


def _on_tokens(name: str, rows: Floats32, begins: Ints, ends: Ints) -> Floats32:
    """Return one row per token: its first piece's row for heads with one label among many, else its pieces' greatest values.

    A token without pieces (the text was too long to read) gets the label for "outside".
    """
    out = np.zeros((len(begins), rows.shape[1]), np.float32)
    some = ends > begins
    if name in {"tags", "hedges"}:
        out[:, 0] = 1
        out[some] = rows[begins[some]]
    elif some.any():
        edges = np.stack([begins[some], ends[some]], 1).ravel()
        padded = np.concatenate([rows, np.zeros_like(rows[:1])])
        out[some] = np.maximum.reduceat(padded, edges, axis=0)[::2]
    return out
