"""Windows of word pieces over an article: each sentence behind a marker, with its neighbours on both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from reportedly.datamodel.arrays import Ints

SIZE = 256
"""Pieces of a window at most, marks included."""

TITLE_PIECES = 28
"""Pieces of the title that stand in front of each window."""

LONGEST = 160
"""Pieces of a sentence that are read."""

_JUDGED = 0.8
"""Share of a window's sentences, from its first, that are judged where the article goes on."""

_BEFORE = 0.3
"""Share of a window's sentences that the next one shows again before those that it judges."""


@dataclass(frozen=True, slots=True)
class Window:
    """Sentences ``[first, last)`` of an article, of which ``[low, high)`` are judged here."""

    first: int
    last: int
    low: int
    high: int


@dataclass(frozen=True)
class Marks:
    """Ids of the pieces that are no text: opening and parting, and what stands before a sentence.

    `sentence` and `paragraph` stand before a sentence, the latter where a paragraph begins, `top` before the
    first sentence of the article, `bottom` after its last.
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
"""Pieces of the vocabulary that no text has, in the order of :class:`Marks`."""


def windows(
    lengths: Sequence[int], budget: int, *, first: int | None = None, whole: bool = False
) -> Iterator[Window]:
    """Yield windows over sentences of so many pieces, their marks included, that judge each sentence once.

    Parameters
    ----------
    lengths
        Pieces of each sentence; none is more than `budget`.
    budget
        Pieces of a window's sentences at most.
    first
        Budget of the first window, where it is another: training begins each pass elsewhere.
    whole
        Windows judge all they show but a first sentence: training spends its time on what it learns from.
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
    """A window laid out: ids of its pieces, and where each of its sentences stands in it.

    `owner` tells the sentence of each piece, counted from the window's first, -1 for none; `source` the number of
    the piece among the article's own, -1 for marks and title; `begins` where each sentence's marker stands;
    `quoted` whether a piece stands within a quotation.
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
    """Return the pieces that a window has for sentences beside the title and five marks."""
    return SIZE - len(title) - 5
