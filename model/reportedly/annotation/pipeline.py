"""annotate(document, detectors) -> Annotated: the only place that puts the detectors together."""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from reportedly.annotation.attribution.detect import attributions_in
from reportedly.annotation.attribution.turns import spoken_lines
from reportedly.annotation.claims.read import read_claims
from reportedly.annotation.hedging.detect import hedges_in
from reportedly.annotation.reader.labels import YES_NO
from reportedly.annotation.reader.student import BatchReading
from reportedly.annotation.sources.ledger import resolve_sources
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.datamodel import Annotated, Attribution, Document, Hedge, Segmented
from reportedly.datamodel.arrays import Bools
from reportedly.reading.furniture import find_furniture
from reportedly.reading.headlines import with_furniture, with_its_claim, without_headline
from reportedly.reading.segmentation import segment

if TYPE_CHECKING:
    from reportedly.annotation.attribution.model import AttributionModel
    from reportedly.annotation.claims.read import ClaimReader
    from reportedly.annotation.hedging.detect import HedgeModel
    from reportedly.annotation.sources.from_reading.model import LedgerModel


@dataclass(frozen=True, slots=True, weakref_slot=True)  # sent to a cluster once, by reference
class Detectors:
    """The trained parts that annotation needs; :mod:`reportedly.bundle` loads them."""

    attribution: AttributionModel
    hedging: HedgeModel
    claims: ClaimReader
    sources: LedgerModel


CHUNK = 16
"""Documents read together; more would gain little."""

_CHUNK_CHARACTERS = 100_000
"""The most characters of a chunk, so that many documents take no more memory than a long one."""


def annotate(document: Document, detectors: Detectors) -> Annotated:
    """Return everything that the detectors find in `document`."""
    return annotate_many([document], detectors)[0]


def annotate_each(documents: Iterable[Document], detectors: Detectors) -> Iterator[Annotated]:
    """Yield what :func:`annotate` returns for each of `documents`; faster, since several are read together."""
    for chunk in document_chunks(documents):
        yield from annotate_many(chunk, detectors)


def annotate_many(documents: Sequence[Document], detectors: Detectors) -> list[Annotated]:
    """Return what :func:`annotate` returns for each of a few documents, which are read together."""
    return _annotated([segment(document, find_furniture) for document in documents], detectors)


def document_chunks(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Yield `documents` in order, in chunks to be read together."""
    waiting: list[Document] = []
    characters = 0
    for document in documents:
        if waiting and characters + len(document.text) > _CHUNK_CHARACTERS:
            yield waiting
            waiting, characters = [], 0
        waiting.append(document)
        characters += len(document.text)
        if len(waiting) == CHUNK:
            yield waiting
            waiting, characters = [], 0
    if waiting:
        yield waiting


def _annotated(parts: Sequence[Segmented], detectors: Detectors) -> list[Annotated]:
    """Return everything that the detectors find in each of the documents `parts`."""
    found = [Annotated(whole, (), (), (), with_its_claim((), whole)) for whole in parts]
    bodies = [without_headline(whole) for whole in parts]  # detectors do not read the headline
    told = [number for number, body in enumerate(bodies) if body.sentences]
    if not told:
        return found
    layout = DocBatch.of(*[bodies[number] for number in told])
    reading = furnished(detectors.attribution.reader.read(layout), detectors.attribution.furniture)
    layout, readings = reading.layout, reading.readings
    parts = list(parts)
    for number, body in zip(told, layout.documents, strict=True):
        parts[number] = with_furniture(parts[number], body)
    given = attributions_in(layout, detectors.attribution, reading=reading)
    del reading  # a long text's scores of tags are needed no more
    pairs = [
        resolve_sources(
            document,
            own,
            detectors.sources,
            words=words,
            reading=read,
        )
        for document, own, words, read in zip(
            layout.documents, given, layout.each(), readings, strict=True
        )
    ]
    attributions, sources = zip(*pairs, strict=True)
    hedges = [
        _in_reprints(doubts, own)
        for doubts, own in zip(
            hedges_in(layout, detectors.hedging, readings), attributions, strict=True
        )
    ]
    claims = read_claims(layout, attributions, sources, readings, detectors.claims)
    everything = zip(attributions, sources, hedges, claims, strict=True)
    for number, (given, known, doubts, claimed) in zip(told, everything, strict=True):
        whole = parts[number]
        found[number] = Annotated(whole, given, known, doubts, with_its_claim(claimed, whole))
    return found


def _in_reprints(
    hedges: tuple[Hedge, ...], attributions: Sequence[Attribution]
) -> tuple[Hedge, ...]:
    """Return hedges, those in sentences that go on with another outlet's words in a source's voice."""
    reprints = [
        (content.start, content.end)
        for attribution in attributions
        for content in attribution.content
        if attribution.source_class == "press" and not (attribution.source or attribution.cue)
    ]
    if not reprints:
        return hedges
    starts = sorted(reprints)
    return tuple(
        replace(hedge, voice="source") if _covers(starts, hedge.start) else hedge
        for hedge in hedges
    )


def _covers(ranges: Sequence[tuple[int, int]], at: int) -> bool:
    """Tell whether the last of some sorted ranges that begins at `at` or before reaches beyond it."""
    place = bisect_right(ranges, (at, sys.maxsize)) - 1
    return place >= 0 and ranges[place][1] > at


def furnished(reading: BatchReading, least: float) -> BatchReading:
    """Return a reading whose documents have as page furniture the sentences that the rules or the reader find."""
    column = YES_NO.index("furniture")
    ruled = np.split(reading.layout.furniture, reading.layout.sentences[1:-1])
    marks = [
        _unless_spoken(own.answers[:, column] >= least, document) | by_rule
        for own, by_rule, document in zip(
            reading.readings, ruled, reading.layout.documents, strict=True
        )
    ]
    documents = tuple(
        replace(
            document,
            sentences=tuple(
                s if s.furniture == mark else replace(s, furniture=mark)
                for s, mark in zip(document.sentences, own.tolist(), strict=True)
            ),
        )
        for document, own in zip(reading.layout.documents, marks, strict=True)
    )
    layout = replace(reading.layout, documents=documents, furniture=np.concatenate(marks))
    return replace(reading, layout=layout)


def _unless_spoken(marks: Bools, document: Segmented) -> Bools:
    """Return the sentences that the reader takes for page furniture, except those that a labelled speaker says."""
    if marks.any():
        marks[list(spoken_lines(document))] = False
    return marks
