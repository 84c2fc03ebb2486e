"""The values that flow through the program: frozen, slotted, standard library only.

Every offset is a half-open range of Unicode code points into ``Document.text``, which is
never rewritten after reading, so ``text[span.start:span.end]`` is right for every span.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

SourceClass = Literal["named_person", "named_organisation", "document", "press", "unnamed", "vague"]
"""Who vouches; the definitions are in ``docs/signals.md``."""

Form = Literal["direct", "indirect", "mixed"]
"""Direct: the content is quoted; indirect: it is not; mixed: in part."""

HedgeKind = Literal["epistemic", "hearsay", "approximator", "conditional"]
Voice = Literal["reporter", "source"]
Anonymity = Literal["granted", "granted_with_reason"]
Reason = Literal["none", "boilerplate", "specific"]
Support = Literal["record", "named", "press", "unnamed", "vague", "none", "common"]
Band = Literal["low", "guarded", "elevated", "high"]
BAND_MEANINGS: dict[Band, str] = {
    "low": "sourced and worded like reports that fact-checkers found reliable",
    "guarded": "closer to reliable reports than to unreliable ones",
    "elevated": "closer to unreliable reports than to reliable ones: check its claims first",
    "high": "sourced and worded like reports that fact-checkers found unreliable: check every claim",
}
"""The fixed wording of each band: reports and model card repeat it."""
NOTICES_SAY = "The text is damaged or hides words from programs"
"""What every report says before the notices of an assessment."""
Level = Literal["note", "warning", "error"]

SOURCE_CLASSES: tuple[SourceClass, ...] = get_args(SourceClass)
HEDGE_KINDS: tuple[HedgeKind, ...] = get_args(HedgeKind)
SUPPORTS: tuple[Support, ...] = get_args(Support)

ANONYMOUS_CLASSES: frozenset[str] = frozenset({"unnamed", "vague"})
"""Classes of sources whom a reader cannot identify."""

UNVERIFIED_SUPPORTS: frozenset[str] = frozenset({"press", "unnamed", "vague", "none"})
"""Supports that leave a check-worthy claim unverified; never the same as false."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range ``[start, end)`` of code points."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the words that the span covers in `text`."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Return whether the two ranges share at least one code point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Document:
    """One article as it was read: the text, and what is known about it."""

    text: str
    title: str = ""
    id: str = ""
    encoding: str = "str"


@dataclass(frozen=True, slots=True)
class Headline:
    """What counts as an article's headline: its words, where its text has them, and whether they were its title.

    `span` is None where the text does not have it; `given` is false where the text's first line is all there is.
    """

    text: str
    span: Span | None = None
    given: bool = True


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words and marks of a text, column-wise: one entry a token in each tuple.

    Columns rather than objects, because the taggers read whole columns at a time.
    """

    forms: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.forms)

    def span(self, first: int, last: int) -> Span:
        """Return the range from token `first` up to, and without, token `last`."""
        return Span(self.starts[first], self.ends[last - 1])


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its token range ``[first, last)`` and the paragraph it stands in."""

    start: int
    end: int
    first: int
    last: int
    paragraph: int
    furniture: bool = False

    @property
    def span(self) -> Span:
        """The sentence's range of code points."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quoted passage, marks included, within one paragraph.

    `depth` counts from 0; a quotation inside another has 1. `closed` is false where no closing
    mark stands in the paragraph; `continues` is true where it carries on the unclosed quotation
    of the paragraph before.
    """

    start: int
    end: int
    depth: int = 0
    closed: bool = True
    continues: bool = False

    @property
    def span(self) -> Span:
        """The quotation's range of code points, marks included."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Segmented:
    """A document cut into paragraphs, sentences, tokens and quotations, and its headline, if it has one."""

    document: Document
    paragraphs: tuple[Span, ...]
    sentences: tuple[Sentence, ...]
    tokens: Tokens
    quotations: tuple[Quotation, ...]
    headline: Headline | None = None

    @property
    def text(self) -> str:
        """The document's text."""
        return self.document.text


@dataclass(frozen=True, slots=True)
class Attribution:
    """Reported speech, writing, thought or knowledge: who (source), by what words (cue), what (content).

    Each role is a tuple of spans, since it may be discontinuous; an elided source has none.
    `source_class` and `source_id` are filled in by :mod:`reportedly.sources`.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    form: Form = "indirect"
    confidence: float = 1.0
    source_class: SourceClass | None = None
    source_id: str | None = None

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


@dataclass(frozen=True, slots=True)
class Finding:
    """One instance of a signal with its evidence.

    `rule` is stable (``sourcing.bare``); `signals` names W3C CredWeb signal ids where they apply;
    `guidance` says which newsroom rule it touches.
    """

    rule: str
    signal: str
    span: Span
    message: str
    level: Level = "note"
    credweb: tuple[str, ...] = ()
    guidance: str = ""
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class SignalScore:
    """A signal's score from 0 to 100, the sentence that sums it up, and its findings.

    `score` is NaN where the signal cannot be measured, since the text is not English; `summary` then says so.
    """

    name: str
    score: float
    summary: str
    findings: tuple[Finding, ...] = ()
    percentile: float | None = None


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one feature did to this score, in points of risk, and the evidence it came from.

    `meaning` says in words what the feature measures, `usual` its value in an ordinary article, for reports.
    """

    feature: str
    value: float
    effect: float
    findings: tuple[Span, ...] = ()
    meaning: str = ""
    usual: float | None = None


@dataclass(frozen=True, slots=True)
class Risk:
    """The calibrated risk from 0 to 100, or why there is none."""

    score: float | None
    band: Band | None
    interval: tuple[float, float] | None
    abstained: str | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """The whole answer for one article; `notices` say how its text is damaged or hides words from programs."""

    annotated: Annotated
    signals: tuple[SignalScore, ...]
    risk: Risk
    contributions: tuple[Contribution, ...] = ()
    model: dict[str, str] = field(default_factory=dict)
    notices: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the whole answer as plain values, exactly what ``--format json`` prints."""
        from reportedly.report.summary import summarise  # noqa: PLC0415 - rendering stays in report

        return summarise(self)

    def _repr_html_(self) -> str:
        """Return the HTML report in a frame of its own, as notebooks show it."""
        from reportedly.report.html import notebook  # noqa: PLC0415 - rendering stays in report

        return notebook(self)
