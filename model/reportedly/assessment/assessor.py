"""Assessor(bundle).assess(document) -> Assessment: what the command line, batches and notebooks call."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from reportedly.annotation.pipeline import annotate_each
from reportedly.bundle import store as bundles
from reportedly.datamodel import Annotated, Assessment, Document, SignalScore
from reportedly.datamodel.places import as_read
from reportedly.errors import InvalidBundle
from reportedly.reading import read_text
from reportedly.reading.cut_marks import cut_notices
from reportedly.reading.disguises import as_it_looks
from reportedly.signals import SIGNALS

if TYPE_CHECKING:
    from reportedly.bundle import Bundle
    from reportedly.bundle.store import ReaderName
    from reportedly.risk.estimators import FamilyCalibrated


LEAST_COMPARED = 5
"""The least number of statements, sentences or claims for which a signal's score is compared with other articles."""

_PROBE = (
    "The harbour wall may fail this winter, a person close to the board said on Monday. Mayor Tove Lindahl "
    "said the town had seen no such warning. Sources told the Gazette that the repair would reportedly "
    "cost about 40 million crowns. An inspection report lists eleven cracks below the water line. "
    "Two members of the board sold their houses on the quay in spring.\n"
) * 6


ENCODER_MOST = 60_000
"""The most characters of a text that the encoder reads, which takes about three seconds."""


class Assessor:
    """Assesses articles with one bundle.

    Parameters
    ----------
    bundle
        The trained parts; the bundle that ships if none is given.
    prior
        Share of unreliable articles where the score will be used; the risk is stated for it.
    reader
        ``encoder`` is the most accurate, at about a quarter of a second per article; ``student`` alone is ten times as fast, and
        is what batches use. Texts of more than ``ENCODER_MOST`` characters are read by the student.

    Raises
    ------
    InvalidBundle
        When a bundle is given that was trained with another version of reading, or whose numbers give no
        sound answer on a built-in sample text.
    """

    def __init__(
        self, bundle: Bundle | None = None, *, prior: float = 0.5, reader: ReaderName = "encoder"
    ) -> None:
        self.bundle = bundle or bundles.shipped()
        self.prior = prior
        self.reader: ReaderName = reader if self.bundle.has_encoder else "student"
        if bundle is not None:
            bundle.check_reading()
            self._try()

    def assess(self, document: Document | str, title: str = "") -> Assessment:
        """Return the assessment of one article: of its text as it looks, with offsets into the text as it was read.

        If the text is damaged or hides words from programs (:mod:`reportedly.reading.disguises`), `notices` say how.

        Raises
        ------
        InvalidDocument
            When a string is given that is empty or too long to be an article.
        """
        if isinstance(document, str):
            document = read_text(document, title=title)
        return next(self.assess_many([document]))

    def assess_many(self, documents: Iterable[Document | str]) -> Iterator[Assessment]:
        """Yield what :meth:`assess` returns for each of `documents`; faster, since several are read together."""
        return map(self.assess_annotated, map(self._corrected, self.annotate_many(documents)))

    def annotate_many(self, documents: Iterable[Document | str]) -> Iterator[Annotated]:
        """Yield the annotation of each of `documents` that the scores are made of, with offsets into the text as it looks."""
        read = (read_text(d) if isinstance(d, str) else d for d in documents)
        for reader, alike in groupby(map(as_it_looks, read), key=self.reader_of):
            yield from annotate_each(alike, self.bundle.detectors_by(reader))

    def reader_of(self, document: Document) -> ReaderName:
        """Return the name of the reader for `document`."""
        return self.reader if len(document.text) <= ENCODER_MOST else "student"

    def _corrected(self, annotated: Annotated) -> Annotated:
        """Return the annotation, with the ledger as a person corrected it, if one did."""
        made = annotated.document.corrections
        if made is None:
            return annotated
        from reportedly.annotation.corrections import as_corrected  # noqa: PLC0415 - seldom

        detectors = self.bundle.detectors_by(self.reader_of(annotated.document))
        return as_corrected(annotated, made, detectors.claims.listing[1])

    @property
    def pipeline(self) -> FamilyCalibrated:
        """The risk as the scikit-learn object that training fitted: ``predict_proba(texts)[:, 1]`` is the risk, unrounded."""
        from reportedly.bundle.export import pipeline_of  # noqa: PLC0415 - scikit-learn: scoring waits for none

        return pipeline_of(self.bundle, prior=self.prior, reader=self.reader)

    def _try(self) -> None:
        """Assess a built-in text: arrays of the right names and shapes may still hold nonsense."""
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
        """Return the assessment of an annotated article, with offsets into the text as it was read."""
        signals = tuple(signal.measure(annotated) for signal in SIGNALS)
        scores = {signal.name: signal.score for signal in signals}
        outcome = self.bundle.risk.assess(annotated, prior=self.prior, scores=scores)
        nothing = self.bundle.risk.reference.with_nothing(annotated)
        signals = tuple(
            _beside_others(s, outcome.percentiles.get(s.name), nothing.get(s.name))
            if outcome.foreign is None
            else SignalScore(s.name, math.nan, f"Not measured: {outcome.foreign}.")
            for s in signals
        )
        reader = self.reader_of(annotated.segmented.document)
        model = {
            "bundle": str(self.bundle.manifest["name"]),
            "version": str(self.bundle.manifest["version"]),
            "prior": f"{self.prior:g}",
            "reader": reader,
        }
        if (share := self.bundle.worth_checking(reader)) is not None:
            model["worth_checking"] = f"{share:g}"
        told = cut_notices(annotated.segmented)
        found = Assessment(
            annotated, signals, outcome.risk, outcome.contributions, model=model, notices=told
        )
        return as_read(found)


def _beside_others(
    signal: SignalScore, percentile: float | None, nothing: float | None
) -> SignalScore:
    """Return a signal compared with reference articles: its percentile, or, if it finds nothing, the share of them in which it finds nothing."""
    if not signal.found:
        return replace(signal, none_like=nothing if signal.counted else None)
    return replace(signal, percentile=percentile if signal.counted >= LEAST_COMPARED else None)


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
