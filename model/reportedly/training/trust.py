"""How far a ledger can be trusted, learnt: on articles held out for evidence, a found line is right or it is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from reportedly.annotation.sources.from_reading.learning.choice import SourceExample
from reportedly.annotation.sources.from_reading.learning.ledger import LearntLedger
from reportedly.annotation.sources.from_reading.learning.trust import fit_trust, noting
from reportedly.annotation.sources.from_reading.model import LedgerModel
from reportedly.annotation.sources.ledger import resolve_sources
from reportedly.datamodel import Annotated, Claim
from reportedly.datamodel.arrays import Bools, Floats
from reportedly.evaluation.labels import annotated_labels, found_labels
from reportedly.evaluation.ledger import shown_lines_right


def with_trust(learnt: LearntLedger, reads: Sequence[SourceExample]) -> LedgerModel:
    """Return a learnt ledger that tells of each line how likely it is right.

    `reads` are the articles that it was learnt from; each is read by what had not seen it. Those whose annotation names
    no sources are passed over.
    """
    rows: list[Floats] = []
    right: list[Bools] = []
    for read, unseen, linker in zip(reads, learnt.unseen, learnt.linkers, strict=True):
        if not read.gold.has_entities:
            continue
        model, noted = noting(learnt.model, read, unseen, linker)
        attributions, sources = resolve_sources(
            read.article.segmented, read.given, model, reading=read.reading
        )
        found = Annotated(read.article.segmented, attributions, sources, (), _no_claims(read))
        labels = found_labels(found)
        known = shown_lines_right(annotated_labels(read.gold), labels)
        if sources:
            rows.append(noted[0][[int(row) for row in labels.chances.values()]])
            right.append(np.array([known.get(key, False) for key in labels.chances]))
    return replace(learnt.model, trust=fit_trust(rows, right))


def _no_claims(read: SourceExample) -> tuple[Claim, ...]:
    """Return an article's sentences as no claims: they do not matter here."""
    return tuple(
        Claim(n, 0.0, checkworthy=False, support=None)
        for n in range(len(read.article.segmented.sentences))
    )
