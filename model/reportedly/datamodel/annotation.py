"""What the detectors find in a text: attributions, sources, hedges, claims."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from reportedly.datamodel.text import Document, Segmented, Span

SourceClass = Literal["named_person", "named_organisation", "document", "press", "unnamed", "vague"]
"""Who vouches; the definitions are in ``docs/signals.md``."""

Form = Literal["direct", "indirect", "mixed"]
"""Direct: the content is quoted; indirect: it is not; mixed: in part."""

HedgeKind = Literal["epistemic", "hearsay", "approximator", "conditional"]
Voice = Literal["reporter", "source"]
Anonymity = Literal["granted", "granted_with_reason"]
Reason = Literal["none", "boilerplate", "specific"]
Support = Literal["record", "named", "press", "unnamed", "vague", "none", "common"]

SOURCE_CLASSES: tuple[SourceClass, ...] = get_args(SourceClass)
HEDGE_KINDS: tuple[HedgeKind, ...] = get_args(HedgeKind)
SUPPORTS: tuple[Support, ...] = get_args(Support)

ANONYMOUS_CLASSES: frozenset[str] = frozenset({"unnamed", "vague"})
"""Classes of sources whom a reader cannot identify."""

UNVERIFIED_SUPPORTS: frozenset[str] = frozenset({"press", "unnamed", "vague", "none"})
"""Supports that leave a check-worthy claim unverified; never the same as false."""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Reported speech, writing, thought or knowledge: who (source), by what words (cue), what (content).

    Each role is a tuple of spans, since it may be discontinuous; an elided source has none.
    `source_class` and `source_id` are filled in by :mod:`reportedly.annotation.sources.ledger`; `unclear` tells of a
    statement that nobody can be shown to have made, though somebody did.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    form: Form = "indirect"
    confidence: float = 1.0
    source_class: SourceClass | None = None
    source_id: str | None = None
    unclear: bool = False

    @property
    def start(self) -> int:
        """The first code point of any of its spans."""
        return min([s.start for s in (*self.source, *self.cue, *self.content)])


@dataclass(frozen=True, slots=True)
class Source:
    """One distinct source of the article: a line of the ledger.

    `statements` counts the attributions that resolve to it; `mentions` are the words by which it
    is called, in order; `reason` is why it goes unnamed, as the text gives it (only for
    unnamed sources); `corroborated` tells whether another, independent source that is named or a document
    states the same the same way round, and `corroborated_by` gives the ids of those that do.
    """

    id: str
    label: str
    source_class: SourceClass
    statements: int
    mentions: tuple[Span, ...] = ()
    anonymity: Anonymity | None = None
    reason: Reason = "none"
    reason_span: Span | None = None
    described: bool = True
    plural: bool = False
    corroborated: bool = False
    corroborated_by: tuple[str, ...] = ()
    stance: Literal["fact", "opinion", "attack"] = "fact"


@dataclass(frozen=True, slots=True)
class Hedge:
    """Words that weaken commitment to a proposition of fact."""

    start: int
    end: int
    kind: HedgeKind
    voice: Voice
    scope: Span | None = None
    confidence: float = 1.0

    @property
    def span(self) -> Span:
        """The cue's range of code points."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a sentence asserts: how check-worthy it is, and what stands behind it.

    `sentence` indexes ``Segmented.sentences``; `checkworthiness` is a calibrated probability;
    `support` is None where the sentence is not check-worthy; `source_ids` name the ledger's lines
    that vouch for it.
    """

    sentence: int
    checkworthiness: float
    checkworthy: bool
    support: Support | None
    source_ids: tuple[str, ...] = ()

    @property
    def unverified(self) -> bool:
        """Check-worthy, and supported by nothing better than an unnamed, vague or second-hand source."""
        return self.checkworthy and self.support in UNVERIFIED_SUPPORTS


@dataclass(frozen=True, slots=True)
class Annotated:
    """Everything the detectors found in one document; `claims` holds one entry a sentence."""

    segmented: Segmented
    attributions: tuple[Attribution, ...]
    sources: tuple[Source, ...]
    hedges: tuple[Hedge, ...]
    claims: tuple[Claim, ...]

    @property
    def text(self) -> str:
        """The document's text."""
        return self.segmented.document.text

    @property
    def document(self) -> Document:
        """The document."""
        return self.segmented.document
