"""The labels of one article as plain values, from the annotation, a bundle, or any other reader.

Everything that :mod:`reportedly.evaluation.signals` and :mod:`reportedly.evaluation.ledger` compare is an
:class:`ArticleLabels`. Offsets are half-open ranges of code points into the article's text, so two readers
may cut it into different sentences: :func:`on_sentences` maps the labels of one onto the sentences of the
other.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from reportedly.annotation.sources.coreference.entities import NO_SOURCE
from reportedly.corpora.gold import NOBODY, GoldArticle, GoldSentence, overlaps, within_marks
from reportedly.datamodel import UNVERIFIED_SUPPORTS, Annotated, Source, Span
from reportedly.datamodel.payload import attribution_classes
from reportedly.datamodel.worklist import said_again, urgency, worklist
from reportedly.reading.headlines import headline_of
from reportedly.signals import SIGNALS
from reportedly.signals.anonymous_sourcing import USUAL_ANONYMITY, anonymity_weight
from reportedly.signals.base import shrunk, statement_weight
from reportedly.signals.unverified_claims import USUAL_UNVERIFIED, claim_weight

LISTABLE = frozenset({"named", "interested", "press", "unnamed", "vague", "none"})
"""Kinds of support that a worklist may list: all but record, reporter and common."""


@dataclass(frozen=True, slots=True)
class HedgeLabel:
    """A hedge: its words, its voice, and its start (None: somewhere in its sentence)."""

    cue: str
    voice: str | None = None
    start: int | None = None


@dataclass(frozen=True, slots=True)
class SentenceLabels:
    """The labels of one sentence.

    `classes` are the classes of the sources attributed in it; `support` is of seven kinds or of nine;
    `nine_kinds` tells which. `pointer` has the spans of the sentences that name what supports the claim:
    empty if nothing does, None if the reader gives no pointers. `worth` is 0–3, or None.
    """

    span: Span
    furniture: bool = False
    classes: frozenset[str] = frozenset()
    hedges: tuple[HedgeLabel, ...] = ()
    checkworthy: bool = False
    support: str | None = None
    nine_kinds: bool = False
    pointer: tuple[Span, ...] | None = None
    worth: int | None = None

    @property
    def unverified(self) -> bool:
        """Whether it is check-worthy, with a support that leaves it unverified."""
        return self.checkworthy and self.support in UNVERIFIED_SUPPORTS

    @property
    def listable(self) -> bool:
        """Whether a worklist may list its claim; this needs nine kinds of support."""
        return self.checkworthy and self.nine_kinds and self.support in LISTABLE


@dataclass(frozen=True, slots=True)
class LabelledStatement:
    """Something that `source`, a key within the article, says in the text between `start` and `end`.

    `source` is :data:`reportedly.corpora.gold.NOBODY` for hearsay without a source, and None if the reader leaves it
    unclear. It counts in every sentence that it overlaps. `words` are those of the source as written, if any.
    """

    start: int
    end: int
    source: str | None
    source_class: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class ListItem:
    """One shown item of a worklist, with the reader's probability that it is worth checking."""

    start: int
    end: int
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class ArticleLabels:
    """All labels of one article; `worklist` is in the order shown.

    `scores` are the article's signals by name, 0–100; `statements` or `worklist` are None if a reader
    or an annotation gives none. `chances` are a reader's probabilities, by source, that a ledger line is right.
    """

    sentences: tuple[SentenceLabels, ...]
    statements: tuple[LabelledStatement, ...] | None = ()
    worklist: tuple[ListItem, ...] | None = ()
    scores: Mapping[str, float] = field(default_factory=dict)
    chances: Mapping[str, float] = field(default_factory=dict)


def on_sentences(labels: ArticleLabels, spans: Sequence[Span]) -> ArticleLabels:
    """Return `labels` on other sentences of the same text, the `spans`: each gets the labels of all sentences that overlap it.

    It is furniture if any sentence that overlaps it is. Furniture itself has no classes, hedges or claim, but a
    label such as "Advertisement", which one reader cuts off and the other leaves in its sentence, does not remove
    the labels of that sentence. A hedge counts where it starts.
    """
    places = overlaps([s.span for s in labels.sentences], spans)
    starts = [span.start for span in spans]
    over: list[list[SentenceLabels]] = [[] for _ in spans]
    hedges: list[list[HedgeLabel]] = [[] for _ in spans]
    for sentence, rows in zip(labels.sentences, places, strict=True):
        for i in rows:
            over[i].append(sentence)
        for hedge in sentence.hedges if spans else ():
            at = sentence.span.start if hedge.start is None else hedge.start
            hedges[max(0, bisect_right(starts, at) - 1)].append(hedge)
    sentences = tuple(map(_joined, spans, over, hedges))
    return replace(labels, sentences=sentences)


def _joined(
    span: Span, over: Sequence[SentenceLabels], hedges: Sequence[HedgeLabel]
) -> SentenceLabels:
    """Return one sentence with the labels of all of `over`; its support is that of the first claim."""
    claims = [sentence for sentence in over if sentence.checkworthy]
    claim = next((s for s in claims if s.unverified), claims[0] if claims else None)
    return SentenceLabels(
        span=span,
        furniture=any(sentence.furniture for sentence in over),
        classes=frozenset().union(*(sentence.classes for sentence in over)),
        hedges=tuple(hedges),
        checkworthy=claim is not None,
        support=claim.support if claim else None,
        nine_kinds=claim.nine_kinds if claim else False,
        pointer=claim.pointer if claim else None,
        worth=max((s.worth for s in claims if s.worth is not None), default=None),
    )


def annotated_labels(article: GoldArticle) -> ArticleLabels:
    """Return the labels of an annotated article; no statements if the annotation names no entities.

    Its sentences go from their first letter or digit to their last, so that no other sentence overlaps one only by
    a quotation mark.
    """
    spans = [within_marks(article.document.text, s.span) for s in article.sentences]
    statements = (
        tuple(
            s
            for sentence, span in zip(article.sentences, spans, strict=True)
            for s in _statements(sentence, span)
        )
        if article.has_entities
        else None
    )
    return ArticleLabels(
        tuple(
            _annotated_sentence(sentence, span, spans)
            for sentence, span in zip(article.sentences, spans, strict=True)
        ),
        statements,
        None,
        annotated_scores(article),
    )


def _annotated_sentence(
    sentence: GoldSentence, span: Span, spans: Sequence[Span]
) -> SentenceLabels:
    """Return the labels of one annotated sentence, at `span`; `spans` are those of all sentences."""
    nine = sentence.support_fine is not None
    return SentenceLabels(
        span=span,
        furniture=sentence.furniture,
        classes=sentence.classes,
        hedges=tuple(HedgeLabel(hedge.cue, hedge.voice) for hedge in sentence.hedges),
        checkworthy=sentence.checkworthy,
        support=sentence.support_fine if nine else sentence.support,
        nine_kinds=nine,
        pointer=tuple(spans[i] for i in sentence.support_at or ()) if nine else None,
        worth=sentence.worth,
    )


def _statements(sentence: GoldSentence, span: Span) -> list[LabelledStatement]:
    """Return the annotated statements of one sentence, at `span`."""
    return [
        LabelledStatement(span.start, span.end, a.entity, a.source_class, a.source)
        for a in sentence.attributions
    ]


def annotated_scores(article: GoldArticle) -> dict[str, float]:
    """Return the signals' scores computed from the annotation.

    A statement is a pair of a sentence and a source. The annotation does not say whether an unnamed source is described
    or corroborated: it is taken to be described and not corroborated.
    """
    scores = {}
    claims = [s for s in article.sentences if s.checkworthy]
    unverified, whole = (
        sum(claim_weight(_worth(s)) for s in some)
        for some in ([s for s in claims if s.support in UNVERIFIED_SUPPORTS], claims)
    )
    scores["unverified_claims"] = shrunk(unverified, whole, USUAL_UNVERIFIED)
    if article.has_entities:
        scores["anonymous_sourcing"] = _anonymity_score(article)
    return scores


def _anonymity_score(article: GoldArticle) -> float:
    """Return the score of anonymous sourcing from the annotated ledger."""
    granted = {
        entity: sentence.anonymity
        for sentence in article.sentences
        for entity in sentence.anonymous_entities
        if sentence.anonymity
    }
    pairs = {
        (number, a.entity, a.source_class)
        for number, sentence in enumerate(article.sentences)
        for a in sentence.attributions
    }
    headline = _headline_sentence(article)
    weighed = [
        (
            statement_weight(_worth(article.sentences[number]), headline=number == headline),
            anonymity_weight(
                Source(
                    "", "", source_class, 1,  # type: ignore[arg-type] # an annotated class
                    reason="specific" if granted.get(entity or "") == "granted_with_reason" else "none",
                )
            ),
        )
        for number, entity, source_class in pairs
    ]  # fmt: skip
    return shrunk(
        sum(weight * anonymity for weight, anonymity in weighed),
        sum(weight for weight, _ in weighed),
        USUAL_ANONYMITY,
    )


def _worth(sentence: GoldSentence) -> float:
    """Return the annotated worth of a claim; 0 if there is no claim or no worth."""
    return float(sentence.worth or 0) if sentence.checkworthy else 0.0


def _headline_sentence(article: GoldArticle) -> int | None:
    """Return the number of the annotated sentence that makes the headline's claim; None if none does."""
    headline = headline_of(article.document)
    texts = [
        (None if s.furniture else s.span.of(article.document.text), s.checkworthy)
        for s in article.sentences
    ]
    return None if headline is None else said_again(headline.text, texts)


def found_labels(annotated: Annotated) -> ArticleLabels:
    """Return the labels that a bundle found in an article.

    An attribution is placed at its content, or without one at its source or cue. If no reader
    has judged a claim, its support is one of seven kinds and has no pointer. Every item of its worklist is included.
    """
    classes = attribution_classes(annotated)
    sentences = [
        SentenceLabels(
            span=sentence.span,
            furniture=sentence.furniture,
            classes=frozenset(classes.get(number, ())),
            checkworthy=claim.checkworthy,
            support=claim.support,
            nine_kinds=claim.worth is not None,
            pointer=tuple(annotated.segmented.sentences[i].span for i in claim.support_at)
            if claim.worth is not None
            else None,
        )
        for number, (sentence, claim) in enumerate(
            zip(annotated.segmented.sentences, annotated.claims, strict=True)
        )
    ]
    starts = [sentence.span.start for sentence in sentences]
    for hedge in annotated.hedges:
        at = max(0, bisect_right(starts, hedge.start) - 1)
        label = HedgeLabel(hedge.span.of(annotated.text), hedge.voice, hedge.start)
        sentences[at] = replace(sentences[at], hedges=(*sentences[at].hedges, label))
    claims = [item.claim for item in worklist(annotated)]
    items = [(sentences[claim.sentence].span, claim) for claim in claims]
    return ArticleLabels(
        tuple(sentences),
        _found_statements(annotated, sentences),
        tuple(ListItem(span.start, span.end, urgency(claim)) for span, claim in items),
        {signal.name: signal.measure(annotated).score for signal in SIGNALS},
        {_key(source): source.chance for source in annotated.sources if source.chance is not None},
    )


def _key(source: Source) -> str:
    """Return the key of a ledger line; all statements without a source share one."""
    return NOBODY if source.label == NO_SOURCE else source.id


def _found_statements(
    annotated: Annotated, sentences: Sequence[SentenceLabels]
) -> tuple[LabelledStatement, ...]:
    """Return the statements of a bundle's ledger, without those in page furniture."""
    sources = {source.id: source for source in annotated.sources}
    own = [sentence.span for sentence in sentences]
    found = []
    for attribution in annotated.attributions:
        source = sources.get(attribution.source_id or "")
        if source is None and not attribution.unclear:
            continue
        key = None if source is None else _key(source)
        source_class = "" if source is None else source.source_class
        words = " ".join(span.of(annotated.text) for span in attribution.source)
        spans = attribution.content or (*attribution.source, *attribution.cue)
        for span, rows in zip(spans, overlaps(spans, own), strict=True):
            if rows and all(sentences[i].furniture for i in rows):
                continue
            found.append(LabelledStatement(span.start, span.end, key, source_class, words))
    return tuple(found)
