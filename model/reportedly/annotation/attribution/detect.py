"""Who says what: attributions of source, cue and content.

Two steps, both learnt from PolNeAR (Newell et al. 2018, An attribution relations corpus for political
news, LREC) by :mod:`reportedly.annotation.attribution.learning.fitting`:

1. a :class:`~reportedly.annotation.tokens.network.Network` tags every token as part of a source, cue or content, or as
   lying outside or in the gap of a discontinuous attribution; sources and contents also carry the
   side of their cue on which they stand;
2. a small pair scorer links contents and sources to cues.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from reportedly.annotation.attribution.model import AttributionModel
from reportedly.annotation.attribution.reported_speech import (
    REPORTS,
    reported,
    sentence_chances,
)
from reportedly.annotation.attribution.tagging import Tagging, tag
from reportedly.annotation.reader.labels import YES_NO
from reportedly.annotation.reader.student import BatchReading
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.annotation.tokens.token_features import PLACE, running_sum
from reportedly.datamodel import Attribution, Segmented

Scope = Literal["reported", "all"]
"""``all``: whatever PolNeAR counts as attribution, wants and plans included. ``reported``: what a reader
counts as somebody's word, hearsay and running quotations included, wants and plans not."""


def find_attributions(
    segmented: Segmented, model: AttributionModel, *, scope: Scope = "reported"
) -> tuple[Attribution, ...]:
    """Return the attributions of a document in order, their source classes still open.

    In the scope ``reported``, attributions in sentences that report nothing are left out, and a sentence
    that carries on somebody's words without saying so is an attribution without source and cue, its
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
    """Return what :func:`find_attributions` does, for each document of `layout`.

    `reading` is what the model's student makes of it, where that is known already.
    """
    tagged = tag(layout, model, reading)
    found = [tuple([attribution for attribution, _ in own]) for own in tagged.found]
    if scope == "all" or (model.reporting is None and tagged.reading is None):
        return found
    least = REPORTS if tagged.reading is None else model.reports
    return _reported(tagged, found, _chances(tagged, model), least)


def _chances(tagged: Tagging, model: AttributionModel) -> Sequence[float]:
    """Return the probability of every sentence that it reports somebody's words."""
    reading = tagged.reading
    if reading is None:
        found: list[float] = sentence_chances(tagged, model).tolist()
        return found
    column = YES_NO.index("attributed")
    return [chance for own in reading.readings for chance in own.answers[:, column].tolist()]


def _reported(
    tagged: Tagging,
    found: Sequence[tuple[Attribution, ...]],
    chances: Sequence[float],
    least: float,
) -> list[tuple[Attribution, ...]]:
    """Return the attributions of sentences that report, completed by those that have none yet."""
    reading, layout = tagged, tagged.layout
    inside = running_sum(reading.place[:, PLACE["quote"]] > 0)
    quoted = (inside[layout.last] - inside[layout.first]).tolist()
    edges = pairwise(layout.sentences)
    return [
        reported(parts, own, chances[low:high], quoted[low:high], least)
        for parts, own, (low, high) in zip(layout.documents, found, edges, strict=True)
    ]
