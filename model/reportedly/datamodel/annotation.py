"""What the detectors find in a text: attributions, sources, hedges, claims."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
Support = Literal[
    "record", "reporter", "named", "interested", "press", "unnamed", "vague", "none", "common"
]
"""What stands behind a claim; the definitions are in ``docs/signals.md``."""

Standing = Literal["shown", "reporter", "vouched", "says_so", "nobody"]
"""Who stands behind a claim, as a fact-checker asks: a record shows it; the reporter saw it; somebody placed to know and
without a stake vouches for it; somebody who has a stake, or passes it on, says so; nobody identifiable does.
"""

SOURCE_CLASSES: tuple[SourceClass, ...] = get_args(SourceClass)
HEDGE_KINDS: tuple[HedgeKind, ...] = get_args(HedgeKind)
SUPPORTS: tuple[Support, ...] = get_args(Support)
STANDINGS: tuple[Standing, ...] = get_args(Standing)

FOLDED_SUPPORTS: tuple[Support, ...] = (
    "record", "named", "press", "unnamed", "vague", "none", "common",
)  # fmt: skip
"""The seven kinds of part one of the annotation, which does not tell `reporter` and `interested` apart."""

STANDING_OF: dict[Support, Standing] = {
    "record": "shown", "reporter": "reporter", "named": "vouched", "interested": "says_so",
    "press": "nobody", "unnamed": "nobody", "vague": "nobody", "none": "nobody",
}  # fmt: skip
"""The standing that each support gives; what everybody knows has none."""

ANONYMOUS_CLASSES: frozenset[str] = frozenset({"unnamed", "vague"})
"""Classes of sources whom a reader cannot identify."""

UNVERIFIED_SUPPORTS: frozenset[str] = frozenset({"press", "unnamed", "vague", "none"})
"""Supports that leave a check-worthy claim unverified; never the same as false."""


_SAID: frozenset[Standing] = frozenset({"vouched", "says_so", "nobody"})

_FOLDED: dict[Support, Support] = {"interested": "named", "reporter": "record"}


def folded(support: Support) -> Support:
    """Return a support of nine kinds as one of seven."""
    return _FOLDED.get(support, support)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Reported speech, writing, thought or knowledge: who (source), by what words (cue), what (content).

    Each role is a tuple of spans, since it may be discontinuous; an elided source has none.
    `source_class` and `source_id` are filled in by :mod:`reportedly.annotation.sources.ledger`; `unclear` tells of a
    statement that nobody can be shown to have made, though somebody did: its class is given where the words tell it.
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

    `statements` counts the sentences in which it says something; `mentions` are the words by which it
    is called, in order; `reason` is why it goes unnamed, as the text gives it (only for
    unnamed sources); `corroborated` tells whether another, independent source that is named or a document
    states the same the same way round, and `corroborated_by` gives the ids of those that do. `corrected` says how
    a person corrected the line: merge, rename, class. `chance` is that of a line like this being right, as it was
    measured; None where it was not.
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
    corrected: tuple[str, ...] = ()
    chance: float | None = None


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
    that vouch for it. `support_at` are the numbers of the sentences that name what supports it, `support_words` the
    words there, of the source or of the cue. What only a reader tells is None without one: `worth`, the chances that
    it is worth checking at all, well worth it, and first of all; `unsupported`, the chance that nobody identifiable, or
    only who has a stake, stands behind it; and `priority` (0–1), how soon a fact-checker should come to it.
    `listed` tells whether a worklist shows it; `unclear` that somebody states it of whom it is unclear who it is.
    """

    sentence: int
    checkworthiness: float
    checkworthy: bool
    support: Support | None
    source_ids: tuple[str, ...] = ()
    support_at: tuple[int, ...] = ()
    support_words: tuple[Span, ...] = ()
    worth: tuple[float, float, float] | None = None
    unsupported: float | None = None
    priority: float | None = None
    listed: bool | None = None
    unclear: bool = False

    @property
    def expected_worth(self) -> float:
        """How much it is worth checking, 0 to 3, as the chances have it; 0 where no reader has judged, or it is no claim."""
        return round(sum(self.worth), 4) if self.worth else 0.0

    @property
    def standing(self) -> Standing | None:
        """Who stands behind it; None for what is no claim, and for what everybody knows."""
        return STANDING_OF.get(self.support) if self.support else None

    @property
    def says_unclear(self) -> bool:
        """Whether all that is known is that somebody says it, of whom it is unclear who it is."""
        return self.unclear and self.standing in _SAID

    def moved(self, at: int) -> Claim:
        """Return the claim in a text with one sentence more, number `at`."""
        places = tuple([n + (n >= at) for n in self.support_at])
        return replace(self, sentence=self.sentence + (self.sentence >= at), support_at=places)

    @property
    def unverified(self) -> bool:
        """Check-worthy, and supported by nothing better than an unnamed, vague or second-hand source."""
        return self.checkworthy and self.support in UNVERIFIED_SUPPORTS


@dataclass(frozen=True, slots=True, repr=False)
class Annotated:
    """Everything the detectors found in one document; `claims` holds one entry a sentence.

    `corrections` say in words how a person corrected it.
    """

    segmented: Segmented
    attributions: tuple[Attribution, ...]
    sources: tuple[Source, ...]
    hedges: tuple[Hedge, ...]
    claims: tuple[Claim, ...]
    corrections: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return (
            f"Annotated({self.document!r}, {len(self.sources):,} sources, {len(self.attributions):,} attributions, "
            f"{len(self.hedges):,} hedges, {sum(c.checkworthy for c in self.claims):,} check-worthy claims)"
        )

    @property
    def text(self) -> str:
        """The document's text."""
        return self.segmented.document.text

    @property
    def document(self) -> Document:
        """The document."""
        return self.segmented.document
