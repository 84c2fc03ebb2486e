"""Unverified claims: check-worthy sentences that nobody identifiable, and no record, stands behind."""

from __future__ import annotations

from collections import Counter

from reportedly.datamodel import Annotated, Claim, Finding, SignalScore, Support
from reportedly.signals.base import Signal, count, share

_UNSUPPORTED: tuple[Support, ...] = ("none", "vague", "unnamed", "press")
_MESSAGES: dict[str, str] = {
    "none": "a check-worthy claim with nobody behind it",
    "vague": "a check-worthy claim that rests on nobody in particular",
    "unnamed": "a check-worthy claim that rests on an unnamed source",
    "press": "a check-worthy claim taken from another outlet",
}
_CREDWEB_NO_SOURCE = "bf2e6507"


def measure_unverified_claims(annotated: Annotated) -> SignalScore:
    """Return the share of the check-worthy claims that are unverified, and each of them."""
    checkworthy = [claim for claim in annotated.claims if claim.checkworthy]
    unverified = [claim for claim in checkworthy if claim.unverified]
    return SignalScore(
        name="unverified_claims",
        score=share(len(unverified), len(checkworthy)),
        summary=_summary(unverified, len(checkworthy)),
        findings=tuple(_finding(annotated, claim) for claim in unverified),
    )


def _summary(unverified: list[Claim], checkworthy: int) -> str:
    """Return the signal in one sentence."""
    if not checkworthy:
        return "No check-worthy claim found."
    if not unverified:
        return f"Each of {count(checkworthy, 'check-worthy claim')} has a named source or a record."
    by_support = Counter(claim.support for claim in unverified)
    words = {
        "none": "with no source at all",
        "vague": "with a vague one",
        "unnamed": "with an unnamed one",
        "press": "second-hand",
    }
    parts = ", ".join(f"{by_support[s]} {words[s]}" for s in _UNSUPPORTED if by_support[s])
    return f"{len(unverified)} of {count(checkworthy, 'check-worthy claim')} unverified: {parts}."


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
    formula="100 × (unverified claims) ÷ (check-worthy claims)",
    known_problems=(
        "Support is judged from this article alone; a well-known fact may count as unsupported, and a "
        "source two paragraphs away may be missed."
    ),
    example="“The tunnel has cost 40 million more than was voted.” (nobody says so, no record is named)",
    rules=tuple(f"claims.{support}" for support in _UNSUPPORTED),
    measure=measure_unverified_claims,
)
