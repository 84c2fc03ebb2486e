"""What the detectors find in a text: attributions, sources, hedges, claims."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from reportedly.datamodel.text import Document, Segmented, Span

SourceClass = Literal["named_person", "named_organisation", "document", "press", "unnamed", "vague"]
"""Who vouches; the definitions are in ``docs/signals.md``."""

Form = Literal["direct", "indirect", "mixed"]
"""Direct: the content is quoted; indirect: it is not; mixed: part of it is."""

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
without a stake vouches for it; somebody with a stake, or who passes it on, says so; nobody identifiable stands behind it.
"""

SOURCE_CLASSES: tuple[SourceClass, ...] = get_args(SourceClass)
HEDGE_KINDS: tuple[HedgeKind, ...] = get_args(HedgeKind)
SUPPORTS: tuple[Support, ...] = get_args(Support)
STANDINGS: tuple[Standing, ...] = get_args(Standing)

FOLDED_SUPPORTS: tuple[Support, ...] = (
    "record", "named", "press", "unnamed", "vague", "none", "common",
)  # fmt: skip
"""The seven kinds in part one of the annotation, which has neither `reporter` nor `interested`."""

STANDING_OF: dict[Support, Standing] = {
    "record": "shown", "reporter": "reporter", "named": "vouched", "interested": "says_so",
    "press": "nobody", "unnamed": "nobody", "vague": "nobody", "none": "nobody",
}  # fmt: skip
"""The standing that each support gives; common knowledge has none."""

CLASSES_OF_SUPPORT: Mapping[Support, tuple[SourceClass, ...]] = {
    "record": ("document",),
    "reporter": (),
    "named": ("named_person", "named_organisation"),
    "interested": ("named_person", "named_organisation"),
    "press": ("press",),
    "unnamed": ("unnamed",),
    "vague": ("vague",),
}
"""The classes of source that can give each support that has a place; a record or the reporter's eyes need no source."""

ANONYMOUS_CLASSES: frozenset[str] = frozenset({"unnamed", "vague"})
"""Classes of sources that a reader cannot identify."""

IDENTIFIED_CLASSES: frozenset[str] = frozenset({"named_person", "named_organisation"})
"""Classes of sources that answer by name."""

BACKING_CLASSES: frozenset[str] = IDENTIFIED_CLASSES | {"document"}
"""Classes of sources that can back what an unnamed source or another outlet reports."""

UNVERIFIED_SUPPORTS: frozenset[str] = frozenset({"press", "unnamed", "vague", "none"})
"""Supports that leave a check-worthy claim unverified, which does not mean false."""


_SAID: frozenset[Standing] = frozenset({"vouched", "says_so", "nobody"})

_FOLDED: dict[Support, Support] = {"interested": "named", "reporter": "record"}


def folded(support: Support) -> Support:
    """Return a support of nine kinds as one of seven."""
    return _FOLDED.get(support, support)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Reported speech, writing, thought or knowledge: who (source), by what words (cue), what (content).

    Each role is a tuple of spans, since it may be discontinuous; an elided source has no spans.
    `source_class` and `source_id` are filled in by :mod:`reportedly.annotation.sources.ledger`; `unclear` marks a
    statement whose source cannot be determined; it may still have a class, by its words.
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


def cue_words(text: str, cue: Iterable[Span]) -> list[str]:
    """Return the words of a cue in the document's `text`, in lower case."""
    return " ".join([span.of(text) for span in cue]).lower().split()


@dataclass(frozen=True, slots=True)
class Source:
    """One distinct source of the article: a line of the ledger.

    `statements` is the number of sentences in which it says something; `mentions` are the words by which it
    is called, in order; `reason` is why it goes unnamed, as the text gives it (only for
    unnamed sources); `corroborated` tells whether an independent source, named or a document,
    states the same without reversing it, and `corroborated_by` gives the ids of such sources. `corrected` says how
    a person corrected the line: merge, rename, class. `chance` is the measured probability that a line like this is
    right; None if it was not measured.
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
    `support` is None if the sentence is not check-worthy; `source_ids` name the ledger's lines
    that vouch for it. `support_at` are the numbers of the sentences that name what supports it, `support_words` the
    words there, of the source or of the cue. These need a reader and are None without one: `worth`, the
    probabilities that it is worth checking at all, well worth it, and to be checked first; `unsupported`, the
    probability that nobody identifiable, or only somebody with a stake, stands behind it; and `priority` (0–1), how
    soon a fact-checker should check it. `listed` is true if a worklist shows it; `unclear` if it is stated by a
    source that is unclear.
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
        """How much it is worth checking, 0 to 3: the expectation under `worth`; 0 without a reader, or if it is not a claim."""
        return round(sum(self.worth), 4) if self.worth else 0.0

    @property
    def standing(self) -> Standing | None:
        """Who stands behind it; None if it is not a claim, or is common knowledge."""
        return STANDING_OF.get(self.support) if self.support else None

    def is_relayed(self, sources: Mapping[str, Source]) -> bool:
        """Tell whether the sources named for it only pass it on, and none of them gives this support; `sources` are the ledger's by id."""
        able = CLASSES_OF_SUPPORT.get(self.support, ()) if self.support else ()
        told = [sources[i].source_class for i in self.source_ids if i in sources]
        return bool(able and told) and not any(known in able for known in told)

    @property
    def says_unclear(self) -> bool:
        """Whether its only support is a source that is unclear."""
        return self.unclear and self.standing in _SAID

    def moved(self, at: int) -> Claim:
        """Return the claim with its sentence numbers moved for a sentence inserted as number `at`."""
        places = tuple([n + (n >= at) for n in self.support_at])
        return replace(self, sentence=self.sentence + (self.sentence >= at), support_at=places)

    @property
    def unverified(self) -> bool:
        """Check-worthy, and supported by nothing better than an unnamed, vague or second-hand source."""
        return self.checkworthy and self.support in UNVERIFIED_SUPPORTS


@dataclass(frozen=True, slots=True, repr=False)
class Annotated:
    """Everything the detectors found in one document; `claims` has one entry per sentence.

    `corrections` are a person's corrections, in words.
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
