"""Assessor(bundle).assess(document) -> Assessment: what the command line, batches and notebooks call."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from reportedly.annotation.pipeline import annotate_many, document_chunks
from reportedly.bundle import store as bundles
from reportedly.datamodel import (
    Annotated,
    Assessment,
    Document,
    Hedge,
    Quotation,
    Segmented,
    Sentence,
    SignalScore,
    Tokens,
)
from reportedly.errors import InvalidBundle
from reportedly.reading import read_text
from reportedly.reading.disguises import Unveiled, unveil
from reportedly.reading.headlines import headline_of, is_headline
from reportedly.signals import SIGNALS

if TYPE_CHECKING:
    from reportedly.bundle import Bundle


_PROBE = (
    "The harbour wall may fail this winter, a person close to the board said on Monday. Mayor Tove Lindahl "
    "said the town had seen no such warning. Sources told the Gazette that the repair would reportedly "
    "cost about 40 million crowns. An inspection report lists eleven cracks below the water line. "
    "Two members of the board sold their houses on the quay in spring.\n"
) * 6

Placed = TypeVar("Placed", Hedge, Sentence, Quotation)


class Assessor:
    """Assesses articles with one bundle.

    Parameters
    ----------
    bundle
        The trained parts; the bundle that ships where none is given.
    prior
        Share of unreliable articles where the score will be used; the risk is stated for it.

    Raises
    ------
    InvalidBundle
        When a bundle is given that was trained with another version of reading, or whose numbers give no
        sound answer on a text of our own.
    """

    def __init__(self, bundle: Bundle | None = None, *, prior: float = 0.5) -> None:
        self.bundle = bundle or bundles.shipped()
        self.prior = prior
        if bundle is not None:
            bundle.check_reading()
            self._try()

    def assess(self, document: Document | str, title: str = "") -> Assessment:
        """Return the assessment of one article: of its text as it looks, told in places of the text as it is.

        Where the text is damaged or hides words from programs (:mod:`reportedly.reading.disguises`), `notices` say how.

        Raises
        ------
        InvalidDocument
            When a string is given that is no article: empty, or too long.
        """
        if isinstance(document, str):
            document = read_text(document, title=title)
        return next(self._assess_chunk([document]))

    def assess_many(self, documents: Iterable[Document | str]) -> Iterator[Assessment]:
        """Yield what :meth:`assess` returns for each of `documents`, in less time: a few are read together."""
        for chunk in document_chunks(read_text(d) if isinstance(d, str) else d for d in documents):
            yield from self._assess_chunk(chunk)

    def _assess_chunk(self, documents: Sequence[Document]) -> Iterator[Assessment]:
        """Yield the assessment of each of a few documents."""
        looks = [unveil(document.text) for document in documents]
        plain = [
            document if seen.text == document.text else _as_it_looks(document, seen)
            for document, seen in zip(documents, looks, strict=True)
        ]
        annotated = annotate_many(plain, self.bundle.detectors)
        for document, seen, own in zip(documents, looks, annotated, strict=True):
            found = self.assess_annotated(own)
            if seen.text != document.text:
                found = replace(_restored(found, document, seen), notices=seen.notices)
            yield found

    def _try(self) -> None:
        """Assess a text of our own: arrays of the right names and shapes may still hold nonsense."""
        try:
            found = self.assess(_PROBE)
            numbers = [found.risk.score or 0.0, *(signal.score for signal in found.signals)]
            numbers += [100 * claim.checkworthiness for claim in found.annotated.claims]
            sound = all(0 <= number <= 100 for number in numbers)
        except Exception as error:  # noqa: BLE001 - whatever arithmetic makes of foreign numbers
            raise InvalidBundle(
                f"the bundle does not work ({type(error).__name__}); train it again"
            ) from None
        if not sound:
            raise InvalidBundle("the bundle gives scores outside 0 to 100; train it again")

    def assess_annotated(self, annotated: Annotated) -> Assessment:
        """Return the assessment of an article that is already annotated."""
        signals = tuple(signal.measure(annotated) for signal in SIGNALS)
        scores = {signal.name: signal.score for signal in signals}
        outcome = self.bundle.risk.assess(annotated, prior=self.prior, scores=scores)
        percentiles = outcome.percentiles
        signals = tuple(
            replace(s, percentile=percentiles.get(s.name))
            if outcome.foreign is None
            else SignalScore(s.name, math.nan, f"Not measured: {outcome.foreign}.")
            for s in signals
        )
        return Assessment(
            annotated=annotated,
            signals=signals,
            risk=outcome.risk,
            contributions=outcome.contributions,
            model={
                "bundle": str(self.bundle.manifest["name"]),
                "version": str(self.bundle.manifest["version"]),
                "prior": f"{self.prior:g}",
            },
        )


def _as_it_looks(document: Document, seen: Unveiled) -> Document:
    """Return `document` with its text as it looks, and the headline as it is written as its title."""
    headline = headline_of(document)
    return replace(document, text=seen.text, title=headline.text if headline else document.title)


def _restored(found: Assessment, document: Document, seen: Unveiled) -> Assessment:
    """Return an assessment of the text as it looks as one of `document`: every span taken back."""
    back, annotated = seen.back, found.annotated
    if not seen.starts:  # the same offsets: nearly always, white space alone
        segmented = _segmented(annotated.segmented, document, seen)
        return replace(found, annotated=replace(annotated, segmented=segmented))
    signals = tuple(
        replace(signal, findings=tuple(replace(f, span=back(f.span)) for f in signal.findings))
        for signal in found.signals
    )
    contributions = tuple(
        replace(c, findings=tuple(map(back, c.findings))) if c.findings else c
        for c in found.contributions
    )
    restored = replace(
        annotated,
        segmented=_segmented(annotated.segmented, document, seen),
        attributions=tuple(
            replace(
                a,
                source=tuple(map(back, a.source)),
                cue=tuple(map(back, a.cue)),
                content=tuple(map(back, a.content)),
            )
            for a in annotated.attributions
        ),
        sources=tuple(
            replace(
                s,
                mentions=tuple(map(back, s.mentions)),
                reason_span=s.reason_span and back(s.reason_span),
            )
            for s in annotated.sources
        ),
        hedges=tuple(
            replace(_placed(h, seen), scope=h.scope and back(h.scope)) for h in annotated.hedges
        ),
    )
    return replace(found, annotated=restored, signals=signals, contributions=contributions)


def _segmented(parts: Segmented, document: Document, seen: Unveiled) -> Segmented:
    """Return the parts of the text as it looks as parts of `document`; tokens have the forms of that."""
    tokens, text = parts.tokens, document.text
    headline = parts.headline
    if headline is not None:
        span = headline.span and seen.back(headline.span)
        headline = replace(headline, span=span, given=is_headline(document.title))
    starts, ends = tokens.starts, tokens.ends
    if seen.starts:
        starts = tuple(map(seen.starts.__getitem__, starts))
        ends = tuple([seen.ends[end - 1] for end in ends])
    forms = tuple([text[start:end] for start, end in zip(starts, ends, strict=True)])
    if not seen.starts:
        parts = replace(parts, document=document, tokens=Tokens(forms, starts, ends))
        return replace(parts, headline=headline)
    return Segmented(
        document,
        tuple(map(seen.back, parts.paragraphs)),
        tuple(_placed(s, seen) for s in parts.sentences),
        Tokens(forms, starts, ends),
        tuple(_placed(q, seen) for q in parts.quotations),
        headline,
    )


def _placed(thing: Placed, seen: Unveiled) -> Placed:
    return replace(thing, start=seen.starts[thing.start], end=seen.ends[thing.end - 1])


def assess(text: str, title: str = "") -> Assessment:
    """Return the assessment of an article's text with the bundle that ships.

    Examples
    --------
    >>> import reportedly
    >>> assessment = reportedly.assess("The ferry may sail, a person close to the firm said.")
    >>> assessment.risk.abstained
    'too short: ...'
    """
    return Assessor().assess(text, title)
