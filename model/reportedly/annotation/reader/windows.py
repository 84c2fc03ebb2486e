"""Windows of word pieces over an article: each sentence follows a marker and has its neighbours on both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from reportedly.datamodel.arrays import Ints

SIZE = 256
"""The most pieces of a window, marks included."""

TITLE_PIECES = 28
"""The most pieces of the title at the start of each window."""

LONGEST = 160
"""The most pieces of a sentence that are read."""

_JUDGED = 0.8
"""The share of a window's sentences, from its first, that are judged in it unless it is the last."""

_BEFORE = 0.3
"""The share of a window's sentences that the next window repeats as context."""


@dataclass(frozen=True, slots=True)
class Window:
    """Sentences ``[first, last)`` of an article, of which ``[low, high)`` are judged here."""

    first: int
    last: int
    low: int
    high: int


@dataclass(frozen=True)
class Marks:
    """Ids of the pieces that mark structure: the opening, the separator, and the markers before sentences.

    `sentence` comes before a sentence, `paragraph` before the first of a paragraph, `top` before the first of the
    article, `bottom` after its last.
    """

    opening: int
    parting: int
    sentence: int
    paragraph: int
    top: int
    bottom: int

    @classmethod
    def of(cls, number: Callable[[str], int]) -> Marks:
        """Return the marks, given the number of each piece by name."""
        return cls(*map(number, MARK_PIECES))


MARK_PIECES = ("[CLS]", "[SEP]", "[unused1]", "[unused2]", "[unused3]", "[unused4]")
"""Pieces of the vocabulary that never come from text, in the order of :class:`Marks`."""


def windows(
    lengths: Sequence[int], budget: int, *, first: int | None = None, whole: bool = False
) -> Iterator[Window]:
    """Yield windows over sentences, such that each sentence is judged in exactly one window.

    Parameters
    ----------
    lengths
        The number of pieces of each sentence with its marks, at most `budget`.
        budget
        The greatest number of pieces in a window.
        first
        Budget of the first window, if different: in training each pass cuts the windows at other places.
        whole
        Windows judge every sentence but the first: training spends no time on context that it does not learn from.
    """
    count, start, done, room = len(lengths), 0, 0, first or budget
    while done < count:
        last, used = start, 0
        while last < count and (last <= done or used + lengths[last] <= room):
            used += lengths[last]
            last += 1
        while used > budget:  # the sentence to be judged is long: show fewer before it
            used -= lengths[start]
            start += 1
        shown = last - start
        to_the_end = whole or last == count
        high = last if to_the_end else max(done + 1, start + int(shown * _JUDGED))
        yield Window(start, last, done, high)
        before = 1 if whole else max(1, int(shown * _BEFORE))
        start, done, room = max(start + 1, high - before), high, budget
        start = min(start, done)


@dataclass(frozen=True)
class Laid:
    """A window laid out: the ids of its pieces, and where each of its sentences is in it.

    `owner` is the sentence of each piece, counted from the window's first, -1 for none; `source` the number of the
    piece in the article, -1 for marks and title; `begins` the place of each sentence's marker; `quoted` whether a
    piece is within a quotation.
    """

    ids: Ints
    owner: Ints
    source: Ints
    begins: Ints
    quoted: Ints


def lay_out_window(
    window: Window,
    pieces: Ints,
    bounds: Ints,
    quoted: Ints,
    paragraph_starts: Sequence[bool],
    title: Sequence[int],
    marks: Marks,
) -> Laid:
    """Return a window over an article's `pieces`, whose sentences lie between `bounds`."""
    head = [marks.opening, *title, marks.parting]
    if window.first == 0:
        head.append(marks.top)
    ids, owner = [np.array(head, np.int64)], [np.full(len(head), -1)]
    source, begins, at = [np.full(len(head), -1)], [], len(head)
    for number in range(window.first, window.last):
        low, high = int(bounds[number]), int(bounds[number + 1])
        mark = marks.paragraph if paragraph_starts[number] else marks.sentence
        begins.append(at)
        ids.append(np.r_[mark, pieces[low:high]].astype(np.int64))
        owner.append(np.full(high - low + 1, number - window.first))
        source.append(np.r_[-1, np.arange(low, high)])
        at += high - low + 1
    tail = [marks.bottom] if window.last == len(bounds) - 1 else []
    tail.append(marks.parting)
    ids.append(np.array(tail, np.int64))
    owner.append(np.full(len(tail), -1))
    source.append(np.full(len(tail), -1))
    places = np.concatenate(source)
    inside = np.where(places >= 0, quoted[places], 0) if len(quoted) else np.zeros_like(places)
    return Laid(
        np.concatenate(ids), np.concatenate(owner), places, np.array(begins, np.int64), inside
    )


def budget_for(title: Sequence[int]) -> int:
    """Return how many pieces a window has for sentences, after the title and five marks."""
    return SIZE - len(title) - 5
