"""Find which of many ranges contain an offset or overlap a range, in logarithmic time if few overlap."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Intervals:
    """Half-open ranges sorted by start.

    `reach` is the furthest end of a range and all before it: if it does not pass an offset, no earlier
    range does.
    """

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    owners: tuple[int, ...]
    reach: tuple[int, ...]

    @classmethod
    def of(cls, ranges: Iterable[tuple[int, int, int]]) -> Intervals:
        """Return the index of the ranges ``(start, end, owner)``, given in any order."""
        ordered = sorted(ranges)
        if not ordered:
            return cls((), (), (), ())
        starts, ends, owners = zip(*ordered, strict=True)
        return cls(starts, ends, owners, tuple(accumulate(ends, max)))

    def holding(self, at: int) -> Iterator[int]:
        """Yield the owners of the ranges that contain offset `at`."""
        for i in range(bisect_right(self.starts, at) - 1, -1, -1):
            if self.reach[i] <= at:
                return
            if at < self.ends[i]:
                yield self.owners[i]

    def touches(self, start: int, end: int) -> bool:
        """Tell whether some range overlaps ``[start, end)``."""
        before = bisect_left(self.starts, end) - 1
        return before >= 0 and self.reach[before] > start
