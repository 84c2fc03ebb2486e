"""Who says what: attributions of source, cue and content.

Three steps:

1. the reader (:mod:`reportedly.annotation.reader.pair`) tags every token as part of a source, cue or content, or as
   outside, or in the gap of a discontinuous attribution; sources and contents also have the
   side of the cue that they are on;
2. a small pair scorer, learnt from PolNeAR (Newell et al. 2018, An attribution relations corpus for political
   news, LREC) by :mod:`reportedly.annotation.attribution.learning.fitting`, links contents and sources to cues;
3. attributions in sentences that, by the reader's answer, report nothing are left out.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

from reportedly.annotation.attribution.model import AttributionModel
from reportedly.annotation.attribution.reported_speech import reported
from reportedly.annotation.attribution.tagging import tag
from reportedly.annotation.reader.labels import YES_NO
from reportedly.annotation.reader.student import BatchReading
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.annotation.tokens.token_features import PLACE, running_sum
from reportedly.datamodel import Attribution, Segmented

Scope = Literal["reported", "all"]
"""``all``: everything that PolNeAR counts as attribution, including wishes and plans. ``reported``: what a reader
counts as somebody's statement, including hearsay and running quotations, without wishes and plans."""


def find_attributions(
    segmented: Segmented, model: AttributionModel, *, scope: Scope = "reported"
) -> tuple[Attribution, ...]:
    """Return the attributions of a document in order, without their source classes.

    In the scope ``reported``, attributions in sentences that report nothing are left out, and a sentence
    that continues somebody's words without a reporting verb is an attribution without source and cue, its
    content the sentence.
    """
    if not segmented.sentences:
        return ()
    return attributions_in(DocBatch.of(segmented), model, scope=scope)[0]


def attributions_in(
    layout: DocBatch,
    model: AttributionModel,
    *,
    scope: Scope = "reported",
    reading: BatchReading | None = None,
) -> list[tuple[Attribution, ...]]:
    """Return what :func:`find_attributions` returns, for each document of `layout`.

    `reading` is the reading by the model's reader, if there is one already.
    """
    read = model.reader.read(layout) if reading is None else reading
    found = [tuple([attribution for attribution, _ in own]) for own in tag(read, model)]
    if scope == "all":
        return found
    column = YES_NO.index("attributed")
    inside = running_sum(read.place[:, PLACE["quote"]] > 0)
    quoted = (inside[layout.last] - inside[layout.first]).tolist()
    return [
        reported(parts, own, told.answers[:, column].tolist(), quoted[low:high], model.reports)
        for parts, own, told, (low, high) in zip(
            layout.documents, found, read.readings, pairwise(layout.sentences), strict=True
        )
    ]
