"""Unverified claims: check-worthy sentences with nobody identifiable and no record behind them."""

from __future__ import annotations

from collections import Counter

from reportedly.datamodel import Annotated, Claim, Finding, SignalScore, Support
from reportedly.signals.base import WEIGHT_OF_USUAL, Signal, count, shrunk

_UNSUPPORTED: tuple[Support, ...] = ("none", "vague", "unnamed", "press")
_MESSAGES: dict[str, str] = {
    "none": "a check-worthy claim with nobody behind it",
    "vague": "a check-worthy claim that rests on nobody in particular",
    "unnamed": "a check-worthy claim that rests on an unnamed source",
    "press": "a check-worthy claim taken from another outlet",
}
_CREDWEB_NO_SOURCE = "bf2e6507"

USUAL_UNVERIFIED = 0.39
"""The usual share: a round figure for reliable articles. 1,500 of those in training, none held out for measuring, taken together
have 0.397 by the student of the bundle that ships."""


def measure_unverified_claims(annotated: Annotated) -> SignalScore:
    """Return the share of the check-worthy claims that are unverified, and each of them."""
    checkworthy = [claim for claim in annotated.claims if claim.checkworthy]
    unverified = [claim for claim in checkworthy if claim.unverified]
    found, whole = (
        sum(claim_weight(claim.expected_worth) for claim in claims)
        for claims in (unverified, checkworthy)
    )
    return SignalScore(
        name="unverified_claims",
        score=shrunk(found, whole, USUAL_UNVERIFIED),
        summary=_summary(unverified, checkworthy),
        findings=tuple(_finding(annotated, claim) for claim in unverified),
        counted=len(checkworthy),
        found=found,
        whole=whole,
        usual=USUAL_UNVERIFIED,
        shown=sum(claim_weight(c.expected_worth) for c in checkworthy if c.standing == "shown"),
    )


def claim_weight(worth: float) -> float:
    """Return the weight of a claim of this worth (0–3)."""
    return 1 + worth


def _summary(unverified: list[Claim], checkworthy: list[Claim]) -> str:
    """Return the signal in one sentence: on whom the unverified claims rest, or else on whom all do."""
    if not checkworthy:
        return "No check-worthy claim found."
    whole = count(len(checkworthy), "check-worthy claim")
    if not unverified:
        return f"None of {whole} is unverified: {_resting(checkworthy)}."
    return f"{len(unverified)} of {whole} unverified: {_resting(unverified)}."


_UNCLEAR = "unclear"
_RESTING: dict[str, str] = {
    "none": "on nobody",
    "vague": "on nobody in particular",
    "unnamed": "on an unnamed source",
    "press": "on another outlet only",
    _UNCLEAR: "on somebody, unclear whom",
    "record": "on a record",
    "reporter": "on the reporter's own account",
    "named": "on a named source",
    "interested": "on a named source with a stake",
    "common": "on common knowledge",
}


def _resting(claims: list[Claim]) -> str:
    """Return on whom some claims rest, each kind with its number."""
    numbers = Counter(
        _UNCLEAR if claim.says_unclear else claim.support or "none" for claim in claims
    )
    first, *others = [(numbers[kind], words) for kind, words in _RESTING.items() if numbers[kind]]
    told = f"{first[0]} rest{'s' if first[0] == 1 else ''} {first[1]}"
    return ", ".join([told, *(f"{number} {words}" for number, words in others)])


def _finding(annotated: Annotated, claim: Claim) -> Finding:
    """Return one unverified claim as a finding over its sentence."""
    support = claim.support or "none"
    return Finding(
        rule=f"claims.{support}",
        signal="unverified_claims",
        span=annotated.segmented.sentences[claim.sentence].span,
        message=_MESSAGES[support],
        level="warning" if support in {"none", "vague"} else "note",
        credweb=(_CREDWEB_NO_SOURCE,) if support == "none" else (),
        guidance="Ask who can vouch for it, or which record shows it.",
        source_id=claim.source_ids[0] if claim.source_ids else None,
    )


UNVERIFIED_CLAIMS = Signal(
    name="unverified_claims",
    title="Unverified claims",
    what=(
        "Check-worthy sentences (specific, verifiable, of consequence) whose best support in the article "
        "is another outlet, an unnamed source, nobody in particular, or nothing."
    ),
    why=(
        "These are the claims that a fact-checker has to begin with. Unverified never means false: it "
        "means that the article shows nobody identifiable, and no record, behind the claim."
    ),
    formula=(
        f"0 where no claim is unverified, else 100 × (weight of unverified claims + {WEIGHT_OF_USUAL:g} × {USUAL_UNVERIFIED:g}) ÷ (weight of "
        f"check-worthy claims + {WEIGHT_OF_USUAL:g}); a claim weighs 1 + its worth (0–3), and {USUAL_UNVERIFIED:g} is the usual share. "
        "Beside it stands the weight of the claims that a record shows; it does not enter the score"
    ),
    known_problems=(
        "Support is judged from this article alone; a well-known fact may count as unsupported, and a "
        "source two paragraphs away may be missed."
    ),
    example="“The tunnel has cost 40 million more than was voted.” (nobody says so, no record is named)",
    rules=tuple(f"claims.{support}" for support in _UNSUPPORTED),
    measure=measure_unverified_claims,
)
