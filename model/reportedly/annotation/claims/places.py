"""The sentences of each attribution."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from reportedly.datamodel import Attribution, Segmented, Span

AttributionPlace = tuple[set[int], set[int]]
"""The sentences with an attribution's source or cue, and those with its content."""


def attribution_places(
    segmented: Segmented, attributions: Sequence[Attribution]
) -> list[AttributionPlace]:
    """Return the sentences of each of `attributions`."""
    starts = [sentence.start for sentence in segmented.sentences]
    return [
        (_touched(starts, (*a.source, *a.cue)), _touched(starts, a.content)) for a in attributions
    ]


def _touched(starts: Sequence[int], spans: Sequence[Span]) -> set[int]:
    """Return the numbers of the sentences, by their `starts`, in which any of `spans` has words."""
    found: set[int] = set()
    for span in spans:
        number = bisect_right(starts, span.start) - 1
        if number >= 0:
            found.add(number)
        while number + 1 < len(starts) and starts[number + 1] < span.end:
            number += 1
            found.add(number)
    return found
