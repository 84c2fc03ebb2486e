"""How far a ledger can be trusted, learnt: on articles held out for evidence, a found line is right or it is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from reportedly.annotation.sources.coreference.entities import NO_SOURCE
from reportedly.annotation.sources.from_reading.learning.choice import SourceExample
from reportedly.annotation.sources.from_reading.learning.ledger import LearntLedger
from reportedly.annotation.sources.from_reading.learning.trust import fit_trust, noting
from reportedly.annotation.sources.from_reading.model import LedgerModel
from reportedly.annotation.sources.ledger import resolve_sources
from reportedly.corpora.gold import NOBODY
from reportedly.datamodel import Annotated, Claim, Source
from reportedly.datamodel.arrays import Bools, Floats
from reportedly.evaluation.labels import ArticleLabels, annotated_labels, found_labels
from reportedly.evaluation.ledger import ledger_of, right_lines


def with_trust(learnt: LearntLedger, reads: Sequence[SourceExample]) -> LedgerModel:
    """Return a learnt ledger that tells of each line how likely it is right.

    `reads` are the articles that it was learnt from; each is read by what had not seen it. Those whose annotation names
    no sources are passed over.
    """
    rows: list[Floats] = []
    right: list[Bools] = []
    for read, unseen in zip(reads, learnt.unseen, strict=True):
        if not read.gold.has_entities:
            continue
        model, noted = noting(learnt.model, read, unseen)
        attributions, sources = resolve_sources(
            read.article.segmented, read.given, model, reading=read.reading
        )
        found = Annotated(read.article.segmented, attributions, sources, (), _no_claims(read))
        known = lines_right(annotated_labels(read.gold), found_labels(found), sources)
        if sources:
            own = [int(source.chance or 0.0) for source in sources]
            rows.append(noted[0][own])
            right.append(known)
    return replace(learnt.model, trust=fit_trust(rows, right))


def _no_claims(read: SourceExample) -> tuple[Claim, ...]:
    """Return an article's sentences as no claims: they do not matter here."""
    return tuple(
        Claim(n, 0.0, checkworthy=False, support=None)
        for n in range(len(read.article.segmented.sentences))
    )


def lines_right(annotated: ArticleLabels, found: ArticleLabels, sources: Sequence[Source]) -> Bools:
    """Return which of the lines of a ledger are right; nobody's line is where at least half of its sentences are."""
    spans = [sentence.span for sentence in annotated.sentences]
    ours = ledger_of(found.statements or (), spans)
    right = right_lines(ledger_of(annotated.statements or (), spans), ours)
    nobody = [key in right for key in ours.lines if isinstance(key, tuple) and key[0] == NOBODY]
    return np.array(
        [
            2 * sum(nobody) >= len(nobody) > 0 if s.label == NO_SOURCE else s.id in right
            for s in sources
        ],
        np.bool_,
    )
