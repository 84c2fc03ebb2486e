"""Tag every token, link the tagged segments, and return them as attributions with their confidence."""

from __future__ import annotations

from math import exp
from operator import mul
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reportedly.annotation.attribution.linking import (
    Links,
    Segments,
    link_segments,
    segments_of,
)
from reportedly.annotation.attribution.model import AttributionModel
from reportedly.annotation.attribution.viterbi import viterbi
from reportedly.annotation.reader.labels import TAGS
from reportedly.annotation.reader.student import TOKEN_HEADS, BatchReading, softmax
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.annotation.tokens.token_features import (
    PLACE,
    Places,
    running_sum,
)
from reportedly.datamodel import Attribution, Form, Span
from reportedly.datamodel.arrays import Floats32

if TYPE_CHECKING:
    from collections.abc import Sequence


Evidence = tuple[float, float, float]


def tag(reading: BatchReading, model: AttributionModel) -> list[list[tuple[Attribution, Evidence]]]:
    """Return the attributions of each document that was read, each with the certainty of the tags of its cue, source and content."""
    layout, scores = reading.layout, reading.scores[:, TOKEN_HEADS["tags"]]
    tags = _decode(scores, model, layout)
    segments = segments_of(tags, TAGS, layout.tokens[:-1])
    links = link_segments(segments, layout, reading.kinds, reading.place, model.linker)
    sure = softmax(scores)[np.arange(len(tags)), tags]
    return _values(layout, segments, links, sure, reading.place, model.calibration)


def _decode(scores: Floats32, model: AttributionModel, layout: DocBatch) -> NDArray[np.int8]:
    """Return the best label of every token, decoded by sentence."""
    transitions: NDArray[np.floating[Any]] = model.reader.transitions
    if model.bias:
        starts = np.array([label.startswith("B") for label in TAGS])
        rest = np.array([label in {"O", "G"} for label in TAGS])
        transitions = transitions + np.float32(model.bias) * np.outer(rest, starts)
    return viterbi(
        scores, transitions.astype(np.float32), np.stack([layout.first, layout.last], axis=1)
    )


def _values(
    layout: DocBatch,
    segments: Segments,
    links: Links,
    sure: Floats32,
    place: Places,
    calibration: Sequence[float],
) -> list[list[tuple[Attribution, Evidence]]]:
    """Return the linked segments of each document as attributions, sorted by start; `sure` is the certainty of each tag."""
    owners: list[int] = layout.document[layout.sentence[segments.firsts]].tolist()
    spans = []
    for owner, first, last in zip(
        owners, segments.firsts.tolist(), segments.lasts.tolist(), strict=True
    ):
        tokens, shift = layout.documents[owner].tokens, layout.tokens[owner]
        spans.append(Span(tokens.starts[first - shift], tokens.ends[last - 1 - shift]))
    length = segments.lasts - segments.firsts
    total = np.r_[0.0, np.cumsum(sure, dtype=np.float64)]
    mean = ((total[segments.lasts] - total[segments.firsts]) / length).tolist()
    quoted = running_sum(place[:, PLACE["quote"]] > 0)
    inside = (quoted[segments.lasts] - quoted[segments.firsts]).tolist()
    size = length.tolist()
    found: list[list[tuple[Attribution, Evidence]]] = [[] for _ in layout.documents]
    linked = [
        (min(cue, *sources, *contents), cue, sources, contents)
        for cue, sources, contents in zip(links.cues, links.sources, links.contents, strict=True)
        if contents
    ]
    for _, cue, sources, contents in sorted(linked):  # sorted by start
        evidence = (mean[cue], _mean(mean, sources), _mean(mean, contents))
        attribution = Attribution(
            tuple([spans[i] for i in sources]),
            (spans[cue],),
            tuple([spans[i] for i in contents]),
            form_of(sum([inside[i] for i in contents]), sum([size[i] for i in contents])),
            _confidence(evidence, calibration),
        )
        found[owners[cue]].append((attribution, evidence))
    return found


def _mean(values: Sequence[float], chosen: Sequence[int]) -> float:
    """Return the mean of the chosen values, 0 if none is chosen."""
    if len(chosen) == 1:
        return values[chosen[0]]
    return sum([values[i] for i in chosen]) / len(chosen) if chosen else 0.0


def _confidence(evidence: Evidence, calibration: Sequence[float]) -> float:
    """Return the calibrated probability for the evidence, by a logistic curve."""
    logit = calibration[0] + sum(map(mul, calibration[1:], evidence))
    return 1 / (1 + exp(-logit))


def form_of(inside: int, length: int) -> Form:
    """Return the form of a content of `length` tokens, `inside` of them within quotation marks."""
    if inside >= 0.9 * length:
        return "direct"
    return "mixed" if inside else "indirect"
