"""What a signal is: a name, its documentation, its rules, and a pure function of the annotation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reportedly.datamodel import Annotated, SignalScore


@dataclass(frozen=True, slots=True)
class Signal:
    """One of the three signals.

    `formula` defines the score so that a reader can recompute it from the ledger and the sentences;
    `rules` are the ids of the findings it may yield.
    """

    name: str
    title: str
    what: str
    why: str
    formula: str
    known_problems: str
    example: str
    rules: tuple[str, ...]
    measure: Callable[[Annotated], SignalScore]


def share(part: float, whole: float) -> float:
    """Return ``100 * part / whole`` rounded to one decimal, and 0 where there is no whole."""
    return round(100 * part / whole, 1) if whole else 0.0


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: ``1 sentence``, ``2 sentences``."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
