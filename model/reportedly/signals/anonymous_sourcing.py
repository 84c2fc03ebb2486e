"""Anonymous sourcing: statements that rest on people whom a reader cannot identify."""

from __future__ import annotations

from reportedly.datamodel import Annotated, SignalScore, Source
from reportedly.datamodel.statements import unclear_statements
from reportedly.signals.base import Signal, count, share
from reportedly.signals.sourcing_rules import RULES, sourcing_findings

_VAGUE_WEIGHT = 1.0
_UNNAMED_WEIGHT = 0.4
_BARE_WEIGHT = 0.2
_REASON_WEIGHTS = {"none": 0.2, "boilerplate": 0.1, "specific": 0.0}
_SOLE_WEIGHT = 0.2


def measure_anonymous_sourcing(annotated: Annotated) -> SignalScore:
    """Return how much of what is attributed rests on anonymous sources, weighed by their quality."""
    statements = sum(source.statements for source in annotated.sources)
    weight = sum(source.statements * anonymity_weight(source) for source in annotated.sources)
    return SignalScore(
        name="anonymous_sourcing",
        score=share(weight, statements),
        summary=_summary(annotated.sources, statements, len(unclear_statements(annotated))),
        findings=sourcing_findings(annotated),
    )


def anonymity_weight(source: Source) -> float:
    """Return how little a reader can weigh `source`: 0 for whom one can identify, 1 at worst."""
    if source.source_class == "vague":
        return _VAGUE_WEIGHT
    if source.source_class != "unnamed":
        return 0.0
    bare = 0.0 if source.described else _BARE_WEIGHT
    sole = 0.0 if source.corroborated else _SOLE_WEIGHT
    return _UNNAMED_WEIGHT + bare + _REASON_WEIGHTS[source.reason] + sole


def _summary(sources: tuple[Source, ...], statements: int, unclear: int) -> str:
    """Return the signal in one sentence: what rests on whom, the unnamed source with most statements in words."""
    more = f"; {unclear} more unclear" if unclear else ""
    if not statements:
        told = f"the source of {count(unclear, 'statement')} is unclear"
        return f"Nothing is attributed to a source; {told}." if unclear else _NOTHING
    unnamed = [source for source in sources if source.source_class == "unnamed"]
    vague = sum(source.statements for source in sources if source.source_class == "vague")
    if not unnamed and not vague:
        every = (
            "The only statement comes" if statements == 1 else f"All {statements} statements come"
        )
        return f"{every} from {_KNOWN}{more}."
    parts = [_unnamed(unnamed, statements)] if unnamed else []
    if vague:
        of = "" if unnamed else f" of {count(statements, 'statement')}"
        parts.append(f"{vague}{of} from nobody in particular")
    return "; ".join(parts) + more + "."


_NOTHING = "The text attributes nothing to anybody."
_KNOWN = "sources that a reader can identify"


def _unnamed(unnamed: list[Source], statements: int) -> str:
    """Return how many of the statements come from unnamed sources, and from which of these most."""
    number = sum(source.statements for source in unnamed)
    heaviest = max(unnamed, key=lambda source: source.statements)
    told = f"“{heaviest.label}”, {_standing(heaviest)}"
    if len(unnamed) > 1:
        told = f"{heaviest.statements} of them from {told}"
    return f"{number} of {count(statements, 'statement')} from {count(len(unnamed), 'unnamed source')} ({told})"


def _standing(source: Source) -> str:
    """Return in words what the article offers for weighing an unnamed source."""
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
        "100 × Σ(statements × weight) ÷ Σ(statements) over the ledger, where a statement is a sentence in which a source says something, and unclear ones do not count; weight 0 for named people, named "
        "organisations, documents and press; 1 for vague; for unnamed 0.4, + 0.2 if bare, + 0.2 without a "
        "reason (+ 0.1 for a stock one), + 0.2 if not corroborated"
    ),
    known_problems=(
        "An unnamed source is no fault in itself: careful newspapers have more of them than partisan sites. "
        "References (“the official”) can be resolved to the wrong person."
    ),
    example="“The dam was never inspected”, said **a person close to the project**.",
    rules=RULES,
    measure=measure_anonymous_sourcing,
)
