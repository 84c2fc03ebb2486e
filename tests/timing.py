"""Check that time grows in proportion, on a machine that may be busy: processor time, compared in pairs."""

from __future__ import annotations

import time
from collections.abc import Callable

_PAIRS = 3
"""Pairs of a short and a long run, at most; the first within the limit ends the comparison."""
_NOISE = 0.02
"""Seconds that each run is taken to be off by: clocks, caches, garbage collection."""


def processor_seconds(run: Callable[[], object]) -> float:
    """Return the processor time of a call in this process."""
    begun = time.process_time()
    run()
    return time.process_time() - begun


def grows_at_most(times: float, short: Callable[[], object], long: Callable[[], object]) -> bool:
    """Tell whether a long run takes at most `times` the processor time of a short one, in one of three pairs.

    Work that really grows faster does so in each pair; a neighbour on the machine slows single runs.
    """
    return any(
        processor_seconds(long) <= times * (processor_seconds(short) + _NOISE)
        for _ in range(_PAIRS)
    )
