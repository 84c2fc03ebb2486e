"""Train the probability that a ledger line is right, on lines found in articles that were held out from training the reader."""

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
    """Return a trained ledger with a trained probability that each of its lines is right.

    `reads` are the articles that trained the ledger; each is read by models that had not seen it. Articles whose
    annotation names no sources are left out.
    """
    rows: list[Floats] = []
    right: list[Bools] = []
    for read, unseen, own in zip(reads, learnt.unseen, learnt.apart, strict=True):
        if not read.gold.has_entities:
            continue
        model, noted = noting(own, read, unseen)
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
    """Return an article's sentences without claims, which do not matter here."""
    return tuple(
        Claim(n, 0.0, checkworthy=False, support=None)
        for n in range(len(read.article.segmented.sentences))
    )
