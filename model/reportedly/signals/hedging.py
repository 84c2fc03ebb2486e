"""Hedged language: words that weaken commitment to a proposition of fact."""

from __future__ import annotations

from collections import Counter

from reportedly.datamodel import HEDGE_KINDS, Annotated, Finding, Hedge, SignalScore
from reportedly.datamodel.statements import sentence_holding
from reportedly.signals.base import WEIGHT_OF_USUAL, Signal, count, shrunk

_KIND_NAMES = {
    "epistemic": "possibility",
    "hearsay": "hearsay",
    "approximator": "approximation",
    "conditional": "condition",
}
_CREDWEB_UNCERTAINTY = "c2385f39"

USUAL_HEDGING = 0.13
"""The usual share: a round figure for reliable articles. 1,500 of those in training, none held out for measuring, taken together
have 0.108 by the student of the bundle that ships."""


def measure_hedging(annotated: Annotated) -> SignalScore:
    """Return the share of the article's sentences that are hedged, and each hedge."""
    scored = [s for s in annotated.segmented.sentences if not s.furniture]
    hedged = hedged_sentences(annotated)
    return SignalScore(
        name="hedging",
        score=shrunk(len(hedged), len(scored), USUAL_HEDGING),
        summary=_summary(annotated, hedged, len(scored)),
        findings=tuple(_finding(annotated, hedge) for hedge in annotated.hedges),
        counted=len(scored),
        found=len(hedged),
        whole=len(scored),
        usual=USUAL_HEDGING,
    )


def hedged_sentences(annotated: Annotated) -> set[int]:
    """Return the indices of the sentences, except furniture, in which a hedge begins."""
    hedged: set[int] = set()
    sentences = annotated.segmented.sentences
    number = 0
    for hedge in sorted(annotated.hedges, key=lambda hedge: hedge.start):
        while number < len(sentences) and sentences[number].end <= hedge.start:
            number += 1
        if number < len(sentences) and not sentences[number].furniture:
            hedged.add(number)
    return hedged


def _summary(annotated: Annotated, hedged: set[int], scored: int) -> str:
    """Return the signal in one sentence, without the hedges in furniture."""
    if not hedged:
        return f"None of {count(scored, 'sentence')} is hedged."
    sentences = annotated.segmented.sentences
    own = [h for h in annotated.hedges if sentence_holding(h.start, sentences) in hedged]
    kinds = Counter(hedge.kind for hedge in own)
    parts = ", ".join(f"{kinds[kind]} {_KIND_NAMES[kind]}" for kind in HEDGE_KINDS if kinds[kind])
    reporters = sum(hedge.voice == "reporter" for hedge in own)
    return (
        f"{len(hedged)} of {count(scored, 'sentence')} hedged, by {count(len(own), 'hedge')} ({parts}): "
        f"{reporters} in the reporter's own voice, {len(own) - reporters} in a source's."
    )


def _finding(annotated: Annotated, hedge: Hedge) -> Finding:
    """Return one hedge as a finding: a warning for hearsay without a source, a note for others."""
    words = hedge.span.of(annotated.text)
    whose = "the reporter" if hedge.voice == "reporter" else "the source"
    unsourced = hedge.kind == "hearsay" and hedge.voice == "reporter"
    return Finding(
        rule=f"hedging.{hedge.kind}",
        signal="hedging",
        span=hedge.span,
        message=f"“{words}”: {_KIND_NAMES[hedge.kind]}, in the voice of {whose}",
        level="warning" if unsourced else "note",
        credweb=() if hedge.kind == "approximator" else (_CREDWEB_UNCERTAINTY,),
        guidance="Say who reports it, or check it." if unsourced else "",
    )


HEDGING = Signal(
    name="hedging",
    title="Hedged language",
    what=(
        "Words by which the reporter or a quoted source commits less than fully to a statement of "
        "fact: may, reportedly, about 300, if true."
    ),
    why=(
        "A reader should see how sure the text sounds, and who is unsure. Hedging is not a fault: honest "
        "science is full of it, and Zhang et al. (2018) found no significant correlation between "
        "acknowledged uncertainty and expert credibility."
    ),
    formula=(
        f"0 where there is no hedge, else 100 × (sentences with at least one + {WEIGHT_OF_USUAL:g} × {USUAL_HEDGING:g}) ÷ (sentences that are "
        f"not page furniture + {WEIGHT_OF_USUAL:g}); {USUAL_HEDGING:g} is the usual share"
    ),
    known_problems=(
        "“could” of ability and “would” of habit are distinguished by a model that makes errors; hedges by whole "
        "constructions (“it remains to be seen whether”) are found only where their words are listed."
    ),
    example="“The ferry **may** sail on Friday”, the **reportedly** unpaid crew told the Echo.",
    rules=tuple(f"hedging.{kind}" for kind in HEDGE_KINDS),
    measure=measure_hedging,
)
