"""Which sentences report somebody's words: what is left out of, and added to, the tagged attributions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from reportedly.annotation.attribution.linking import CONTENT, CUE, ROLE_CODES, SOURCE
from reportedly.annotation.attribution.model import AttributionModel
from reportedly.annotation.attribution.passages import (
    OneVoicePassage,
    announcer,
    find_passages,
    touched,
)
from reportedly.annotation.attribution.reporting_verbs import FIRST_PERSON_FORMS, REPORTING_KINDS
from reportedly.annotation.attribution.tagging import Tagging, form_of
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.annotation.tokens.network import Network
from reportedly.annotation.tokens.token_features import PLACE
from reportedly.annotation.tokens.vocabulary import WordCache
from reportedly.annotation.tokens.word_features import logistic
from reportedly.datamodel import Attribution, Segmented, Span
from reportedly.datamodel.arrays import Floats32

if TYPE_CHECKING:
    from collections.abc import Sequence


REPORTS = 0.4
"""Probability from which a sentence is taken to report: best F1 by cross-validation over articles."""


def reported(
    segmented: Segmented,
    found: Sequence[Attribution],
    likely: Sequence[float],
    quoted: Sequence[int],
    least: float = REPORTS,
) -> tuple[Attribution, ...]:
    """Return the attributions of sentences that report, completed by those that have none yet.

    `likely` are the probabilities, one a sentence, that it reports somebody's words, which it does from `least` on;
    `quoted` tells how many of its tokens are. Passages of one voice (see :mod:`reportedly.annotation.attribution.passages`) report whatever the probability.
    """
    sentences = segmented.sentences
    ends = [s.end for s in sentences]
    passages = find_passages(segmented, likely, least)
    given = {n for p in passages for n in range(p.first, p.last) if not sentences[n].furniture}
    opening = {p.opener for p in passages}
    covered: set[int] = set()
    kept = []
    for attribution in found:
        here = touched((*attribution.source, *attribution.cue, *attribution.content), ends)
        if any(likely[number] > least or number in opening for number in here):
            kept.append(attribution)
            covered |= here
    announcing = _announcing(kept, opening, ends) if opening else {}
    for passage in passages:
        place = announcing.pop(passage.opener, None)
        taken = None if place is None else kept[place]
        attribution = _passage(segmented, passage, taken)
        if place is None:
            kept.append(attribution)
        else:
            kept[place] = attribution
    covered |= given
    for number, (sentence, chance) in enumerate(zip(sentences, likely, strict=True)):
        if chance > least and number not in covered and not sentence.furniture:
            form = form_of(quoted[number], sentence.last - sentence.first)
            kept.append(Attribution((), (), (sentence.span,), form, chance))
    return tuple(sorted(kept, key=lambda attribution: attribution.start))


def _announcing(
    kept: Sequence[Attribution], opening: set[int | None], ends: Sequence[int]
) -> dict[int | None, int]:
    """Return, for sentences that announce a passage, the place in `kept` of the attribution whose cue stands last there."""
    last: dict[int | None, int] = {}
    for place, attribution in enumerate(kept):
        here = touched(attribution.cue, ends)
        number = next(iter(here)) if len(here) == 1 else None
        if number is None or number not in opening:
            continue
        before = last.get(number)
        if before is None or attribution.cue[-1].end > kept[before].cue[-1].end:
            last[number] = place
    return last


def _passage(
    segmented: Segmented, passage: OneVoicePassage, announced: Attribution | None
) -> Attribution:
    """Return the attribution of a passage: `announced`, which announces it, with the passage for content too, if any."""
    sentences = segmented.sentences[passage.first : passage.last]
    content = tuple(s.span for s in sentences if not s.furniture)
    if announced is not None:
        return replace(announced, content=(*announced.content, *content))
    if passage.source is not None:
        source: tuple[Span, ...] = (passage.source,)
    else:
        source = announcer(segmented, passage.opener) if passage.opener is not None else ()
    return Attribution(source, (), content, "direct", _TAKEN_OVER)


_TAKEN_OVER = 0.9
"""Confidence of a passage's attribution: chosen, not measured; its edges tell it, and nothing weighs it again."""


def sentence_chances(reading: Tagging, model: AttributionModel) -> Floats32:
    """Return the probability of every sentence that it reports somebody's words, ``(sentences,)``."""
    assert model.reporting is not None
    told, layout = _told_features(reading, model.network), reading.layout
    edges = np.cumsum([1, told.shape[1], reading.hidden.shape[1]])
    constant, of_told, of_states, of_blocks = np.split(model.reporting, edges)
    # weighed before they are averaged: a number a token instead of a row
    states = _averages(reading.hidden @ of_states, layout)
    # models trained before the last features were added have no weights for them
    blocks = _block_features(layout)[:, : len(of_blocks)] @ of_blocks
    return logistic(told @ of_told + states + blocks + constant)


_PERSON = WordCache(lambda forms: np.array([form in (*FIRST_PERSON_FORMS, "i") for form in forms]))


def sentence_features(reading: Tagging, network: Network) -> Floats32:
    """Return what tells whether a sentence reports, ``(sentences, features)``.

    The network's tags and probabilities by role, quotation, first person and kinds of cue; the same of
    two sentences before and one after, and of the article; the network's states, averaged over the
    sentence and over its cues; and signatures and announcements near by.
    """
    layout = reading.layout
    states = _averages(reading.hidden, layout)
    return np.concatenate(
        [_told_features(reading, network), states, _block_features(layout)],
        axis=1,
        dtype=np.float32,
    )


def _averages(rows: Floats32, layout: DocBatch) -> Floats32:
    """Return the mean of each sentence's `rows`, a number or an array for each token."""
    sums: Floats32 = np.add.reduceat(rows, layout.first).T
    sums /= (layout.last - layout.first).astype(np.float32)
    return sums.T


def _told_features(reading: Tagging, network: Network) -> Floats32:
    """Return the features but for the means of all states, and for signatures and announcements."""
    layout = reading.layout
    own = _own_features(reading, network)
    paragraph = layout.paragraph[:, None] + 1
    around = []
    for by in (-2, -1, 1):
        around += [layout.around(own, by), layout.around(paragraph, by) == paragraph]
    return np.concatenate(
        [
            own,
            *around,
            layout.opening[:, None],
            layout.mean(own),
            *_states_of_cues(reading),
        ],
        axis=1,
        dtype=np.float32,
    )


_FAR = 1000
"""Sentences off a signature or an announcement where there is none."""


def _block_features(layout: DocBatch) -> Floats32:
    """Return what tells posts and passages that are quoted without quotation marks, ``(sentences, 14)``.

    A post is signed behind its end, "— Ann Lund (@lund)"; a passage is announced by a sentence that
    ends with a colon. The features are bands of the distance to either, in sentences, and for the
    latter in paragraphs too.
    """
    numbers = layout.words.numbers
    bracket, at, colon = layout.words.known.numbers(("(", "@", ":"))
    place = np.arange(len(layout.first))
    signed = np.zeros(len(place), bool)
    handles = (numbers[:-1] == bracket) & (numbers[1:] == at)
    handles[np.array(layout.tokens[1:-1], np.int64) - 1] = False  # no pair across two documents
    signed[layout.sentence[np.flatnonzero(handles)]] = True
    announcing = numbers[layout.last - 1] == colon
    following = np.minimum.accumulate(np.where(signed, place, len(place))[::-1])[::-1]
    until = np.where(following < layout.end, following - place, _FAR)
    before = np.maximum.accumulate(np.where(announcing, place, -1))
    before = np.r_[-1, before[:-1]]
    known = before >= layout.begin
    since = np.where(known, place - before, _FAR)
    paragraphs = np.where(known, layout.paragraph - layout.paragraph[before], _FAR)
    return np.column_stack([
        until == 0, until == 1, (until > 1) & (until < 4), (until > 3) & (until < 7),
        since == 1, since == 2, (since > 2) & (since < 5), (since > 4) & (since < 9),
        paragraphs == 1, paragraphs == 0, (paragraphs > 1) & (paragraphs < 4),
        announcing, layout.overall(np.logical_or, signed), layout.overall(np.maximum, layout.paragraph) < 2,
    ]).astype(np.float32)  # fmt: skip


def _states_of_cues(reading: Tagging) -> tuple[Floats32, Floats32]:
    """Return the network's first and last states, averaged over each sentence's cues; 0 without one."""
    cues = np.flatnonzero(reading.roles == CUE)
    first, last = (
        np.zeros((len(reading.layout.first), reading.hidden.shape[1]), np.float32) for _ in range(2)
    )
    if len(cues):
        sentence = reading.layout.sentence[cues]
        heads = np.flatnonzero(np.r_[True, sentence[1:] != sentence[:-1]])
        counts = np.diff(heads, append=len(cues))[:, None].astype(np.float32)
        first[sentence[heads]] = np.add.reduceat(reading.first[cues], heads) / counts
        last[sentence[heads]] = np.add.reduceat(reading.hidden[cues], heads) / counts
    return first, last


def _own_features(reading: Tagging, network: Network) -> Floats32:
    """Return the features of each sentence by itself."""
    layout, roles, first = reading.layout, reading.roles, reading.layout.first
    size = (layout.last - first)[:, None]
    of_label = [ROLE_CODES.get(label[2:3], 4 if label == "G" else 0) for label in network.labels]
    chance = np.eye(5, dtype=np.float32)[:, of_label] @ reading.chances.T
    quoted = reading.place[:, PLACE["quote"]] > 0
    person = _PERSON.of(layout.words)
    hearsay = reading.kinds == REPORTING_KINDS.index("hearsay")
    flags = [roles == role for role in (SOURCE, CUE, CONTENT)]
    flags += [hearsay, quoted, person & ~quoted, person & quoted]
    sums = np.add.reduceat(np.vstack([chance, *flags]), first, axis=1).T
    tagged, counts = sums[:, 5:8], sums[:, 9:]
    share = counts[:, :1] / size
    kinds = np.zeros((len(first), len(REPORTING_KINDS)), np.float32)
    cues = np.flatnonzero(roles == CUE)
    kinds[layout.sentence[cues], reading.kinds[cues]] = 1
    colon = np.r_[False, layout.words.among((":",))][first] & (layout.number > 0)
    edges = np.column_stack([
        quoted[first], quoted[layout.last - 1], reading.place[first, PLACE["quote"]] == 2, colon,
    ])  # fmt: skip
    number = np.minimum(layout.number, 5)[:, None] / 5
    return np.concatenate(
        [
            np.maximum.reduceat(chance, first, axis=1).T, sums[:, :5] / size,
            np.minimum(tagged, 6) / 3, tagged > 0, tagged[:, 2:] / size,
            share, share > 0, share > 0.95, counts[:, 1:], sums[:, 8:9] > 0,
            edges, np.log(size), number, kinds[:, 1:],
        ],
        axis=1,
        dtype=np.float32,
    )  # fmt: skip
