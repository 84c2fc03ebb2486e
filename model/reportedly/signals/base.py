"""What a signal is: a name, its documentation, its rules, and a pure function of the annotation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reportedly.datamodel import Annotated, Claim, SignalScore
from reportedly.datamodel.statements import statement_places

WEIGHT_OF_USUAL = 10.0
"""The weight of the usual share compared with the article's own: that of ten sentences, or of five claims or
statements of average worth.
"""

WEIGHT_OF_HEADLINE = 3.0
"""The factor by which a statement of the headline's claim counts more."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One of the three signals.

    `formula` defines the score so that a reader can recompute it from the ledger and the sentences;
    `rules` are the ids of the findings that it may return.
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


def shrunk(found: float, whole: float, usual: float) -> float:
    """Return a score: 0 if nothing is found, else the share in percent, shrunk towards the usual share; the shorter the text, the more."""
    if not found:
        return 0.0
    share = (found + WEIGHT_OF_USUAL * usual) / (whole + WEIGHT_OF_USUAL)
    return round(100 * share, 1)


def statement_weight(worth: float, *, headline: bool) -> float:
    """Return the weight of a statement in a sentence of this worth (0–3); more if it is the headline's claim."""
    return (1 + worth) * (WEIGHT_OF_HEADLINE if headline else 1)


def weights_by_source(annotated: Annotated, headline: Claim | None) -> dict[str, float]:
    """Return the summed weight of the statements of each source, by its id; `headline` is the headline's claim."""
    top = None if headline is None else headline.sentence
    worths = [claim.expected_worth for claim in annotated.claims]
    places = statement_places(annotated.attributions, annotated.segmented)
    return {
        source: sum(statement_weight(worths[n], headline=n == top) for n in numbers)
        for source, numbers in places.items()
    }


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: ``1 sentence``, ``2 sentences``."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
