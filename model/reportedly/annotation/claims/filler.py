"""Claims that a worklist puts last, whatever their worth: questions, feelings, refusals to comment, topics.

Their patterns are data, in ``lexicons/filler.toml``.
"""

from __future__ import annotations

import re
from functools import cache

from reportedly.lexicons.loader import load


def is_filler(sentence: str) -> bool:
    """Tell whether a sentence asks, tells what its first person feels, that somebody said nothing, or only of what somebody spoke."""
    return any(pattern.search(sentence) is not None for pattern in _patterns())


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(entry.matcher() for entry in load("filler").entries)
