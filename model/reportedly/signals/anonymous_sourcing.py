"""Anonymous sourcing: statements that rest on people whom a reader cannot identify."""

from __future__ import annotations

from collections.abc import Iterable

from reportedly.datamodel import ANONYMOUS_CLASSES, Annotated, Claim, SignalScore, Source
from reportedly.datamodel.assessment import SourceWeight
from reportedly.datamodel.statements import unclear_statements
from reportedly.datamodel.worklist import headline_claim
from reportedly.signals.base import (
    WEIGHT_OF_HEADLINE,
    WEIGHT_OF_USUAL,
    Signal,
    count,
    shrunk,
    weights_by_source,
)
from reportedly.signals.sourcing_rules import RULES, sourcing_findings

_VAGUE_WEIGHT = 1.0
_UNNAMED_WEIGHT = 0.4
_BARE_WEIGHT = 0.2
_REASON_WEIGHTS = {"none": 0.2, "boilerplate": 0.1, "specific": 0.0}
_SOLE_WEIGHT = 0.2

USUAL_ANONYMITY = 0.14
"""The usual share: a round figure for reliable articles. 1,500 of those in training, none held out for measuring, taken together
have 0.136 by the student of the bundle that ships."""

_WELL_WORTH = 0.5
"""Probability from which a claim counts as well worth checking."""


def measure_anonymous_sourcing(annotated: Annotated) -> SignalScore:
    """Return how much of what is attributed rests on anonymous sources, weighed by their quality."""
    statements = sum(source.statements for source in annotated.sources)
    weights = weights_by_source(annotated, headline_claim(annotated, closely=True))
    sources = tuple(
        SourceWeight(source.id, round(weights.get(source.id, 0.0), 4), anonymity_weight(source))
        for source in annotated.sources
    )
    found = sum(source.weight * source.anonymity for source in sources)
    whole = sum(source.weight for source in sources)
    return SignalScore(
        name="anonymous_sourcing",
        score=shrunk(found, whole, USUAL_ANONYMITY),
        summary=_summary(annotated.sources, statements, len(unclear_statements(annotated)))
        + (_resting(annotated, headline_claim(annotated)) if found else ""),
        findings=sourcing_findings(annotated),
        counted=statements,
        found=found,
        whole=whole,
        usual=USUAL_ANONYMITY,
        sources=sources,
        voices=voices_of(
            weight.weight
            for source, weight in zip(annotated.sources, sources, strict=True)
            if source.source_class not in ANONYMOUS_CLASSES
        ),
    )


def voices_of(weights: Iterable[float]) -> float:
    """Return how many sources of equal weight these amount to: the square of the sum by the sum of the squares (Hill 1973); 0 for none.

    Four sources that say equally much are four voices; four of whom one says nearly everything are little more than one.
    """
    weights = tuple(weights)
    squares = sum(weight * weight for weight in weights)
    return round(sum(weights) ** 2 / squares, 2) if squares else 0.0


def anonymity_weight(source: Source) -> float:
    """Return the anonymity of `source`: from 0, it can be identified, to 1, a reader cannot judge it at all."""
    if source.source_class == "vague":
        return _VAGUE_WEIGHT
    if source.source_class != "unnamed":
        return 0.0
    bare = 0.0 if source.described else _BARE_WEIGHT
    sole = 0.0 if source.corroborated else _SOLE_WEIGHT
    return round(_UNNAMED_WEIGHT + bare + _REASON_WEIGHTS[source.reason] + sole, 1)


def _summary(sources: tuple[Source, ...], statements: int, unclear: int) -> str:
    """Return the signal in one sentence: which share rests on whom, and the unnamed source with most statements."""
    more = f"; {unclear} more unclear" if unclear else ""
    if not statements:
        told = f"the source of {count(unclear, 'statement')} is unclear"
        return f"Nothing is attributed to a source; {told}." if unclear else _NOTHING
    unnamed = [source for source in sources if source.source_class == "unnamed"]
    vague = sum(source.statements for source in sources if source.source_class == "vague")
    if not unnamed and not vague:
        return f"{_known(sources, statements, unclear)}{more}."
    parts = [_unnamed(unnamed, statements)] if unnamed else []
    if vague:
        of = "" if unnamed else f" of {count(statements, 'statement')}"
        parts.append(f"{vague}{of} from nobody in particular")
    return "; ".join(parts) + more + "."


_NOTHING = "The text attributes nothing to anybody."
_KNOWN = {
    "named people or bodies": ("named_person", "named_organisation"),
    "documents": ("document",),
    "other outlets": ("press",),
}
"""The words for sources that are neither unnamed nor vague, by class."""
_ONE_KNOWN = {
    "named_person": "a named person",
    "named_organisation": "a named body",
    "document": "a document",
    "press": "another outlet",
}


def _known(sources: tuple[Source, ...], statements: int, unclear: int) -> str:
    """Return the sentence for a ledger without unnamed sources: the kinds of sources, with their numbers of statements."""
    if statements == 1:
        only = "One statement comes" if unclear else "The only statement comes"
        return f"{only} from {_ONE_KNOWN[sources[0].source_class]}"
    counts = {
        words: sum(source.statements for source in sources if source.source_class in classes)
        for words, classes in _KNOWN.items()
    }
    told = [(words, number) for words, number in counts.items() if number]
    every = f"{statements} statements come" if unclear else f"All {statements} statements come"
    if len(told) == 1:
        return f"{every} from {told[0][0]}"
    *first, last = (f"{words} ({number})" for words, number in told)
    return f"{every} from {', '.join(first)} and {last}"


def _unnamed(unnamed: list[Source], statements: int) -> str:
    """Return how many of the statements come from unnamed sources, and from which of them most."""
    number = sum(source.statements for source in unnamed)
    heaviest = max(unnamed, key=lambda source: source.statements)
    told = f"“{heaviest.label}”, {_standing(heaviest)}"
    if len(unnamed) > 1:
        told = f"{heaviest.statements} of them from {told}"
    return f"{number} of {count(statements, 'statement')} from {count(len(unnamed), 'unnamed source')} ({told})"


def _resting(annotated: Annotated, top: Claim | None) -> str:
    """Return one more sentence on the claims that rest on unidentifiable sources; empty if none does."""
    resting = [claim for claim in annotated.claims if _rests(claim)]
    if not resting:
        return ""
    worthy = sum(map(_is_worth_checking, annotated.claims))
    own = sum(map(_is_worth_checking, resting))
    if own:
        which = f"{own} of {count(worthy, 'claim')} well worth checking"
    else:
        which = f"{count(len(resting), 'claim')}, {'none' if len(resting) > 1 else 'not'} well worth checking,"
    headline = "The headline's claim and " if top is not None and _rests(top) else ""
    rest = "rests" if not headline and (own or len(resting)) == 1 else "rest"
    return f" {headline}{which} {rest} on such sources."


def _rests(claim: Claim) -> bool:
    """Tell whether a claim rests only on sources that a reader cannot identify."""
    return claim.checkworthy and claim.support in ANONYMOUS_CLASSES


def _is_worth_checking(claim: Claim) -> bool:
    return claim.checkworthy and claim.worth is not None and claim.worth[1] >= _WELL_WORTH


def _standing(source: Source) -> str:
    """Return in words what the article says about an unnamed source that helps to weigh it."""
    reason = {
        "none": "no reason given",
        "boilerplate": "a stock reason given",
        "specific": "a reason given",
    }[source.reason]
    return f"{reason}, corroborated" if source.corroborated else reason


ANONYMOUS_SOURCING = Signal(
    name="anonymous_sourcing",
    title="Anonymous sourcing",
    what=(
        "Statements that rest on people whom the reporter does not name, or on nobody in particular, and "
        "what the article offers for weighing them: description, reason, corroboration."
    ),
    why=(
        "Newsrooms allow anonymity as an exception: the source described as closely as can be, the reason "
        "stated, the information fact and not opinion, a second source sought (AP, Reuters, NYT, SPJ)."
    ),
    formula=(
        f"0 where nobody is anonymous, else 100 × (Σ(weight × anonymity) + {WEIGHT_OF_USUAL:g} × {USUAL_ANONYMITY:g}) ÷ (Σ(weight) + "
        f"{WEIGHT_OF_USUAL:g}) over the ledger; unclear statements do not count. A source weighs as its statements do together: each 1 + the worth (0–3) of its "
        f"sentence, and {WEIGHT_OF_HEADLINE:g} times that where it is the headline's claim. Anonymity is 0 for named "
        "people, named organisations, documents and press; 1 for vague; for unnamed 0.4, + 0.2 if bare, + 0.2 without a reason (+ 0.1 for a "
        f"stock one), + 0.2 if not corroborated. {USUAL_ANONYMITY:g} is the usual share. "
        "Beside it stands how many voices the identified sources amount to: (Σ weight)² ÷ Σ weight² over their lines; it does not enter the score"
    ),
    known_problems=(
        "An unnamed source is not a fault in itself: careful newspapers have more of them than partisan sites. "
        "References (“the official”) can be resolved to the wrong person."
    ),
    example="“The dam was never inspected”, said **a person close to the project**.",
    rules=RULES,
    measure=measure_anonymous_sourcing,
)
