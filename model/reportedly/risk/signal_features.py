"""The features of signals and ledger: one row of named numbers per annotated article.

Every feature is documented where it is defined (:func:`documented` lists them all), finite on any text,
and a share or a rate, so that long and short articles are measured alike. The signals' features
have a direction: the sign that their effect on the risk may have.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from reportedly.annotation.tokens.vocabulary import TokenIds
from reportedly.datamodel import (
    ANONYMOUS_CLASSES,
    IDENTIFIED_CLASSES,
    UNVERIFIED_SUPPORTS,
    Annotated,
    ReasonFamily,
    Source,
    Span,
    Support,
    folded,
)
from reportedly.datamodel.arrays import Floats
from reportedly.risk import style_features
from reportedly.risk.style_features import Feature, kept_tokens, style_row
from reportedly.signals.anonymous_sourcing import anonymity_weight

PRIOR_STATEMENTS = 4.0
"""Statements or claims added to each share's denominator, so that one odd sentence of a short text counts little."""
_ANNOTATION = "docs/signals.md"
_NEWSROOM = "AP, Reuters and New York Times rules on unnamed sources"

_SIGNALS: tuple[Feature, ...] = (
    Feature("attributions", "how much of the text is vouched for by somebody", "attributions per scored sentence, at most 3", "Newell et al. 2018", -1),
    Feature("sources", "how many distinct sources speak", "log(1 + sources that can be identified) - 0.5 log(1 + scored sentences / 10)", "own", -1),
    Feature("named_density", "statements of people and bodies who can be identified", "named statements per scored sentence, at most 3", "Newell et al. 2018", -1),
    Feature("document_density", "statements of documents", "document statements per scored sentence, at most 2", "Zhang et al. 2018", -1),
    Feature("person_share", "share of statements by named people", "named_person / (statements + 4)", _ANNOTATION, -1),
    Feature("organisation_share", "share of statements by named bodies", "named_organisation / (statements + 4)", _ANNOTATION, -1),
    Feature("document_share", "share of statements by documents", "document / (statements + 4)", _ANNOTATION, -1),
    Feature("press_share", "share of statements by other outlets", "press / (statements + 4)", _ANNOTATION),
    Feature("unnamed_share", "share of statements by unnamed sources", "unnamed / (statements + 4)", _ANNOTATION, 1),
    Feature("vague_share", "share of statements by nobody in particular", "vague / (statements + 4)", _ANNOTATION, 1),
    Feature("anonymity", "reliance on anonymous sources, weighed by their quality", "sum of statements * anonymity weight / (statements + 4)", _NEWSROOM, 1),
    Feature("anonymity_unexplained", "unnamed sources without a stated reason", "unnamed statements without a specific reason / (statements + 4)", _NEWSROOM, 1),
    Feature("anonymity_alone", "unnamed sources that nothing corroborates", "uncorroborated unnamed or vague statements / (statements + 4)", _NEWSROOM, 1),
    Feature("sole_source", "dependence on one source", "statements of the busiest source / (statements + 4)", "Reuters handbook", 1),
    Feature("direct_share", "share of statements quoted word for word", "direct or mixed / (attributions + 4)", _ANNOTATION),
    Feature("checkworthy", "share of sentences that make a check-worthy claim", "check-worthy / (scored sentences + 4)", "Arslan et al. 2020"),
    Feature("unverified", "share of check-worthy claims that nothing solid supports", "unverified / (check-worthy + 4)", _ANNOTATION, 1),
    Feature("unsupported", "share of check-worthy claims with no support at all", "support none / (check-worthy + 4)", _ANNOTATION, 1),
    Feature("anonymous_support", "share of check-worthy claims that rest on unnamed or vague sources", "support unnamed or vague / (check-worthy + 4)", _ANNOTATION, 1),
    Feature("recorded", "share of check-worthy claims on the record", "support record / (check-worthy + 4)", _ANNOTATION, -1),
    Feature("vouched", "share of check-worthy claims that a named source supports", "support named / (check-worthy + 4)", _ANNOTATION, -1),
    Feature("claims_bare", "unsupported check-worthy claims in the whole text", "unverified / (scored sentences + 4)", _ANNOTATION, 1),
    Feature("hedged_reporter", "hedges in the article's own voice", "reporter's epistemic or conditional hedges per scored sentence, at most 2", "Zhang et al. 2018"),
    Feature("hedged_source", "hedges in the voice of a source", "sources' hedges per scored sentence, at most 2", "Zhang et al. 2018"),
    Feature("hearsay", "hearsay in the article's own voice", "reporter's hearsay hedges per scored sentence, at most 2", _ANNOTATION),
    Feature("approximators", "blurred quantities", "approximators per scored sentence, at most 2", _ANNOTATION),
    Feature("lead_support", "what supports the first three check-worthy claims", "unverified among the first three check-worthy / 3", "own", 1),
)  # fmt: skip


_OF_CLAIMS = frozenset(
    {
        "checkworthy", "unverified", "unsupported", "anonymous_support", "recorded", "vouched", "claims_bare",
        "lead_support",
    }
)  # fmt: skip
_OF_HEDGING = frozenset({"hedged_reporter", "hedged_source", "hearsay", "approximators"})


@cache
def signal_features() -> tuple[Feature, ...]:
    """Return the columns of :func:`signal_row`, in order."""
    return tuple(
        Feature(f"signal_{f.name}", f.meaning, f.formula, f.source, f.direction, _family(f.name))
        for f in _SIGNALS
    )


def _family(name: str) -> ReasonFamily:
    """Return the family of reasons that a feature of the signals belongs to."""
    return "claims" if name in _OF_CLAIMS else "hedging" if name in _OF_HEDGING else "sourcing"


@cache
def documented() -> tuple[Feature, ...]:
    """Return every dense column of the risk model, in order: signals first, then style."""
    return (*signal_features(), *style_features.style_features())


def dense_row(annotated: Annotated, words: TokenIds | None = None) -> Floats:
    """Return the dense features of one article, in the order of :func:`documented`.

    `words` are its :func:`scored_words`, if already computed.
    """
    return np.concatenate([signal_row(annotated), style_row(annotated.segmented, words)])


def signal_row(annotated: Annotated) -> Floats:
    """Return the features of signals and ledger, in the order of :func:`signal_features`."""
    scored = max(1, [s.furniture for s in annotated.segmented.sentences].count(False))
    statements = _statements(annotated.sources)
    supports = [folded(c.support) for c in annotated.claims if c.support]
    row = [
        *_sourcing(annotated, statements, scored),
        *_claims(supports, scored),
        *_hedges(annotated, scored),
    ]
    return np.array([*row, _unverified(supports[:3]) / 3])


def _statements(sources: Sequence[Source]) -> dict[str, float]:
    """Return the number of statements by source class."""
    counts: dict[str, float] = {}
    for source in sources:
        counts[source.source_class] = counts.get(source.source_class, 0.0) + source.statements
    return counts


def _sourcing(annotated: Annotated, statements: dict[str, float], scored: int) -> list[float]:
    """Return the features of attribution and anonymity."""
    sources = annotated.sources
    whole = sum(statements.values()) + PRIOR_STATEMENTS
    hidden = [s for s in sources if s.source_class in {"unnamed", "vague"}]
    known = len(sources) - len(hidden)
    named = statements.get("named_person", 0) + statements.get("named_organisation", 0)
    indirect = [a.form for a in annotated.attributions].count("indirect")
    direct = len(annotated.attributions) - indirect
    classes = ("named_person", "named_organisation", "document", "press", "unnamed", "vague")
    return [
        min(3.0, len(annotated.attributions) / scored),
        float(np.log1p(known) - 0.5 * np.log1p(scored / 10)),
        min(3.0, named / scored),
        min(2.0, statements.get("document", 0) / scored),
        *(statements.get(name, 0) / whole for name in classes),
        sum(s.statements * anonymity_weight(s) for s in hidden) / whole,
        sum(s.statements for s in hidden if s.source_class == "unnamed" and s.reason != "specific")
        / whole,
        sum(s.statements for s in hidden if not s.corroborated) / whole,
        max((s.statements for s in sources), default=0) / whole,
        direct / (len(annotated.attributions) + PRIOR_STATEMENTS),
    ]


def _claims(supports: Sequence[Support | None], scored: int) -> list[float]:
    """Return the features of check-worthy claims with these `supports`."""
    whole = len(supports) + PRIOR_STATEMENTS
    unverified = _unverified(supports)
    return [
        len(supports) / (scored + PRIOR_STATEMENTS),
        unverified / whole,
        supports.count("none") / whole,
        (supports.count("unnamed") + supports.count("vague")) / whole,
        supports.count("record") / whole,
        supports.count("named") / whole,
        unverified / (scored + PRIOR_STATEMENTS),
    ]


def _unverified(supports: Sequence[Support | None]) -> int:
    """Return how many of the `supports` of check-worthy claims leave them unverified."""
    return sum(map(UNVERIFIED_SUPPORTS.__contains__, supports))


def _hedges(annotated: Annotated, scored: int) -> list[float]:
    """Return the features of hedging, by kind and voice."""
    hedges = [(h.voice, h.kind) for h in annotated.hedges]
    counts = (
        hedges.count(("reporter", "epistemic")) + hedges.count(("reporter", "conditional")),
        hedges.count(("source", "epistemic")) + hedges.count(("source", "conditional")),
        hedges.count(("reporter", "hearsay")),
        hedges.count(("reporter", "approximator")) + hedges.count(("source", "approximator")),
    )
    return [min(2.0, number / scored) for number in counts]


def evidence(annotated: Annotated, most: int | None = None) -> dict[str, tuple[Span, ...]]:
    """Return the spans that each signal's feature was counted from, by the feature's name, in order.

    At most `most` spans are returned for each; None returns all. Features of style have no evidence.
    """
    told = {what: tell(annotated) for what, tell in _TOLD.items()}
    found = {
        (what, kinds): tuple(
            [span for kind, span in told[what] if kind in kinds or kinds is _ALL][:most]
        )
        for what, kinds in _COUNTED
    }
    return {name: found[counted] for name, counted in _EVIDENCE.items()}


def _classes(annotated: Annotated) -> list[_Told]:
    """Return the class of each attribution, and the place of its source or, if that is elided, of its cue."""
    return [(a.source_class, (a.source or a.cue or a.content)[0]) for a in annotated.attributions]


def _forms(annotated: Annotated) -> list[_Told]:
    """Return the form of each attribution, and the place of its source or cue."""
    return [(a.form, (a.source or a.cue or a.content)[0]) for a in annotated.attributions]


def _supports(annotated: Annotated) -> list[_Told]:
    """Return the support of each check-worthy claim, and its sentence."""
    sentences = annotated.segmented.sentences
    return [(folded(c.support), sentences[c.sentence].span) for c in annotated.claims if c.support]


def _doubts(annotated: Annotated) -> list[_Told]:
    """Return voice and kind of each hedge, and its place."""
    return [(f"{h.voice} {h.kind}", h.span) for h in annotated.hedges]


_Told = tuple[str | None, Span]
_TOLD: dict[str, Callable[[Annotated], list[_Told]]] = {
    "class": _classes,
    "form": _forms,
    "support": _supports,
    "doubt": _doubts,
}
_ALL: frozenset[str] = frozenset()
_EVIDENCE: dict[str, tuple[str, frozenset[str]]] = {
    "signal_attributions": ("class", _ALL),
    "signal_sources": ("class", _ALL),
    "signal_sole_source": ("class", _ALL),
    "signal_named_density": ("class", IDENTIFIED_CLASSES),
    "signal_document_density": ("class", frozenset({"document"})),
    "signal_person_share": ("class", frozenset({"named_person"})),
    "signal_organisation_share": ("class", frozenset({"named_organisation"})),
    "signal_document_share": ("class", frozenset({"document"})),
    "signal_press_share": ("class", frozenset({"press"})),
    "signal_unnamed_share": ("class", frozenset({"unnamed"})),
    "signal_vague_share": ("class", frozenset({"vague"})),
    "signal_anonymity": ("class", ANONYMOUS_CLASSES),
    "signal_anonymity_unexplained": ("class", frozenset({"unnamed"})),
    "signal_anonymity_alone": ("class", ANONYMOUS_CLASSES),
    "signal_direct_share": ("form", frozenset({"direct", "mixed"})),
    "signal_checkworthy": ("support", _ALL),
    "signal_unverified": ("support", UNVERIFIED_SUPPORTS),
    "signal_claims_bare": ("support", UNVERIFIED_SUPPORTS),
    "signal_lead_support": ("support", UNVERIFIED_SUPPORTS),
    "signal_unsupported": ("support", frozenset({"none"})),
    "signal_anonymous_support": ("support", ANONYMOUS_CLASSES),
    "signal_recorded": ("support", frozenset({"record"})),
    "signal_vouched": ("support", frozenset({"named"})),
    "signal_hedged_reporter": ("doubt", frozenset({"reporter epistemic", "reporter conditional"})),
    "signal_hedged_source": ("doubt", frozenset({"source epistemic", "source conditional"})),
    "signal_hearsay": ("doubt", frozenset({"reporter hearsay"})),
    "signal_approximators": ("doubt", frozenset({"reporter approximator", "source approximator"})),
}
"""What each signal's feature counts: the kind of finding, and its values."""
_COUNTED = frozenset(_EVIDENCE.values())


def unverified_forms(annotated: Annotated) -> npt.NDArray[np.bool_]:
    """Return which of the article's scored words are in an unverified claim."""
    return unverified_tokens(annotated)[kept_tokens(annotated.segmented)]


def unverified_tokens(annotated: Annotated) -> npt.NDArray[np.bool_]:
    """Return which of all the article's tokens are in an unverified claim."""
    marked = np.zeros(len(annotated.segmented.tokens), np.bool_)
    for claim in annotated.claims:
        if claim.unverified:
            sentence = annotated.segmented.sentences[claim.sentence]
            marked[sentence.first : sentence.last] = True
    return marked
