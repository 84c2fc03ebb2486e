"""The teacher's reading corrected by an annotation: the student's targets on annotated articles that did not train the teacher."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from reportedly.annotation.reader.labels import (
    HEDGES,
    NINE_SUPPORTS,
    answers_of,
    piece_labels,
    support_of,
)
from reportedly.annotation.reader.reading import Reading
from reportedly.corpora.gold import GoldArticle, GoldSentence, carry
from reportedly.datamodel import Segmented
from reportedly.datamodel.arrays import Floats32

_ANNOTATION = 0.75
"""The weight of the annotation in its mean with the reading."""


def corrected(reading: Reading, article: GoldArticle, body: Segmented) -> Reading:
    """Return a reading of `body`, mixed with the article's annotation where there is any."""
    carried, _ = carry(article, [s.span for s in body.sentences])
    records = [_record(sentence) for sentence in carried.sentences]
    answers = np.array([answers_of(record) for record in records], np.float32)
    bits = np.array([support_of(record) for record in records])
    allowed = (bits[:, None] >> np.arange(len(NINE_SUPPORTS))) & 1
    among = reading.support.astype(np.float32) * allowed + 1e-3 * allowed
    given = among / np.maximum(among.sum(1, keepdims=True), 1e-9)
    told = np.repeat((bits > 0)[:, None], len(NINE_SUPPORTS), axis=1)
    words, hedges, voice = _words(body, records, reading)
    return replace(
        reading,
        answers=_mixed(reading.answers, answers, answers >= 0),
        support=_mixed(reading.support, given, told),
        words=words, hedges=hedges, voice=voice,
    )  # fmt: skip


def _mixed(read: Floats32, annotated: Floats32, where: Any) -> Floats32:  # noqa: ANN401 - an array of booleans
    both = (1 - _ANNOTATION) * read.astype(np.float32) + _ANNOTATION * annotated
    mixed: Floats32 = np.where(where, both, read).astype(np.float32)
    return mixed


def _record(sentence: GoldSentence) -> dict[str, Any]:
    """Return an annotated sentence as a record of ``labels.jsonl``."""
    return {
        "furniture": sentence.furniture,
        "attribution": [
            {"class": a.source_class, "source": a.source, "cue": a.cue} for a in sentence.attributions
        ],
        "anonymity": sentence.anonymity,
        "hedges": [{"cue": h.cue, "kind": h.kind, "voice": h.voice} for h in sentence.hedges],
        "checkworthy": sentence.checkworthy,
        "support": sentence.support,
        "support_fine": sentence.support_fine,
        "worth": sentence.worth,
    }  # fmt: skip


def _words(
    body: Segmented, records: list[dict[str, Any]], reading: Reading
) -> tuple[Floats32, Floats32, Floats32]:
    """Return words, hedges and voice of a reading mixed with the annotated ones."""
    words, hedges, voice = (
        getattr(reading, name).astype(np.float32) for name in ("words", "hedges", "voice")
    )
    tokens, text = body.tokens, body.text
    for sentence, record in zip(body.sentences, records, strict=True):
        places = [
            (tokens.starts[n] - sentence.start, tokens.ends[n] - sentence.start)
            for n in range(sentence.first, sentence.last)
        ]
        labels = piece_labels(
            sentence.span.of(text), _shown(record, sentence.span.of(text)), places
        )
        rows = slice(sentence.first, sentence.last)
        words[rows] = _mixed(words[rows], labels.words.astype(np.float32), labels.words >= 0)
        one = np.eye(len(HEDGES), dtype=np.float32)[np.maximum(labels.hedges, 0)]
        hedges[rows] = _mixed(hedges[rows], one, (labels.hedges >= 0)[:, None])
        said = labels.voice.astype(np.float32)[:, None]
        voice[rows] = _mixed(voice[rows], said, said >= 0)
    return words, hedges, voice


def _shown(record: Mapping[str, Any], words: str) -> dict[str, Any]:
    """Return a record with only those hedges whose words occur in the sentence, which may be a part of the annotated one."""
    low = words.lower()
    hedges = [h for h in record["hedges"] if h["cue"].lower() in low]
    return {**record, "hedges": hedges}
