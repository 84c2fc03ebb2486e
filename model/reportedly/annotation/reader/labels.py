"""The reader's questions about a sentence and its word pieces (its heads), and an annotation as training targets for them.

A target that a corpus does not annotate is masked. Where a corpus is coarser than a head (gold has no `interested`,
and marks sources without their content), every label that agrees with the annotation is *allowed*: one bit each, and
0 masks the target.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from reportedly.annotation.reader.alignment import Place, overlapping, place, place_each
from reportedly.datamodel import (
    ANONYMOUS_CLASSES,
    HEDGE_KINDS,
    IDENTIFIED_CLASSES,
    SOURCE_CLASSES,
    SUPPORTS,
    UNVERIFIED_SUPPORTS,
)

SentenceRecord = Mapping[str, Any]
"""An annotated sentence in the format of ``labels.jsonl`` (ANNOTATION.md)."""

Bytes = npt.NDArray[np.int8]
Bits = npt.NDArray[np.int16]


MASKED = -1

POINTER_REACH = 5
"""The support of a claim is searched among so many sentences before and after it."""

ANTECEDENT_REACH = 10
"""The last statement of a source is searched among so many sentences before."""

TAGS = (
    "O", "G", "B-C", "I-C", "B-S<", "I-S<", "B-S>", "I-S>", "B-K<", "I-K<", "B-K>", "I-K>",
)  # fmt: skip
"""Tags of sources, cues and contents, as in the attribution network (a test compares)."""

NINE_SUPPORTS: tuple[str, ...] = SUPPORTS
"""The nine kinds of support."""

COARSE: Mapping[str, tuple[str, ...]] = {
    "record": ("record", "reporter"), "named": ("named", "interested"),
}  # fmt: skip
"""Kinds of part one that part two divides."""

YES_NO = (
    "attributed", "anonymous", "named", *SOURCE_CLASSES, "carries_on",
    "hedged", "hedged_by_reporter", "hedged_by_source",
    "furniture", "checkworthy", "unverified", "not_shown", "worth_1", "worth_2", "worth_3", "granted",
)  # fmt: skip
"""Yes-or-no questions about a sentence."""

WORDS = (*SOURCE_CLASSES, "cue")
"""Questions of a word piece: does it belong to a source of the class, or to a cue?"""

HEDGES = ("O", *(f"{letter}-{kind}" for kind in HEDGE_KINDS for letter in "BI"))
"""Tags of hedges."""

_ROWS = {name: row for row, name in enumerate(YES_NO)}


@dataclass
class PieceLabels:
    """Targets of the word pieces of a sentence, one row per piece.

    `words` (pieces, WORDS) are 1, 0 or masked; `tags` bits of allowed ``TAGS``; `hedges` numbers of
    ``HEDGES``, or masked; `voice` 1 where a hedge is in a source's words, 0 in the reporter's, else masked.
    """

    words: Bytes
    tags: Bits
    hedges: Bytes
    voice: Bytes

    @classmethod
    def masked(cls, pieces: int) -> PieceLabels:
        """Return labels that are all masked."""
        return cls(
            np.full((pieces, len(WORDS)), MASKED, np.int8), np.zeros(pieces, np.int16),
            np.full(pieces, MASKED, np.int8), np.full(pieces, MASKED, np.int8),
        )  # fmt: skip


@dataclass
class SentenceTargets:
    """Targets of a sentence.

    `answers` are 1, 0 or masked for ``YES_NO``; `support` bits of allowed ``NINE_SUPPORTS``; `pointers` numbers of the
    sentences that hold its support, None where that is unknown; `antecedents` numbers of the earlier
    sentences of the same source, None where unknown.
    """

    answers: Bytes
    support: int = 0
    pointers: tuple[int, ...] | None = None
    antecedents: tuple[int, ...] | None = None
    pieces: PieceLabels = field(default_factory=lambda: PieceLabels.masked(0))


def bits(names: Sequence[str], allowed: Sequence[str]) -> int:
    """Return the bit of each of the `allowed` among `names`, added up."""
    return sum(1 << names.index(name) for name in allowed)


def answers_of(record: SentenceRecord) -> Bytes:
    """Return the answers to ``YES_NO``; check-worthiness, and what depends on it, is masked if a claim has none annotated."""
    live = not record.get("furniture")
    given = record.get("attribution") or () if live else ()
    classes = {a["class"] for a in given}
    voices = {h["voice"] for h in record.get("hedges") or ()} if live else set()
    claim = live and bool(record.get("checkworthy"))
    support, worth = record.get("support"), record.get("worth") or 0
    fine = record.get("support_fine")
    said: dict[str, bool | int] = {
        "attributed": bool(classes),
        "anonymous": bool(classes & ANONYMOUS_CLASSES),
        "named": bool(classes & IDENTIFIED_CLASSES),
        **{name: name in classes for name in SOURCE_CLASSES},
        "carries_on": any(not a.get("source") and _is_someone(a) for a in given),
        "hedged": bool(voices),
        "hedged_by_reporter": "reporter" in voices,
        "hedged_by_source": "source" in voices,
        "furniture": not live,
        "checkworthy": claim,
        "unverified": claim and support in UNVERIFIED_SUPPORTS,
        "not_shown": claim and fine in UNVERIFIED_SUPPORTS | {"interested"},
        "granted": live and bool(record.get("anonymity")),
    }
    if claim and fine is None:
        said["not_shown"] = MASKED
    rated = not claim or record.get("worth") is not None
    for least in (1, 2, 3):
        said[f"worth_{least}"] = claim and worth >= least if rated else MASKED
    return np.array([int(said[name]) for name in YES_NO], np.int8)


def support_of(record: SentenceRecord) -> int:
    """Return the bits of the kinds of support that agree with the annotation; 0 if the sentence is not a claim."""
    if record.get("furniture") or not record.get("checkworthy"):
        return 0
    fine, coarse = record.get("support_fine"), record.get("support")
    if fine:
        return bits(NINE_SUPPORTS, [fine])
    return bits(NINE_SUPPORTS, COARSE.get(str(coarse), (str(coarse),))) if coarse else 0


def sentence_labels(records: Sequence[SentenceRecord]) -> list[SentenceTargets]:
    """Return the targets of the sentences of an article; those of pieces are :func:`piece_labels`."""
    seen: dict[str, list[int]] = {}
    labels = []
    for number, record in enumerate(records):
        label = SentenceTargets(answers_of(record), support_of(record))
        if label.support and "support_at" in record:
            label.pointers = tuple(record["support_at"] or ())
        keys = _entities(record)
        if keys is not None:
            before = sorted({n for key in keys for n in seen.get(key, ())})
            label.antecedents = tuple(before) if keys else None
            for key in keys:
                seen.setdefault(key, []).append(number)
        labels.append(label)
    return labels


def piece_labels(sentence: str, record: SentenceRecord, pieces: Sequence[Place]) -> PieceLabels:
    """Return the targets of `pieces` (offsets into `sentence`), from the words that are annotated in it."""
    labels = PieceLabels.masked(len(pieces))
    labels.words[:] = 0
    labels.hedges[:] = 0
    if record.get("furniture"):
        return labels
    given = record.get("attribution") or ()
    pairs = [(a.get("source") or "", a.get("cue") or "") for a in given]
    placed = place(sentence, pairs)
    for attribution, (source, cue) in zip(given, placed, strict=True):
        labels.words[list(overlapping(source, pieces)), WORDS.index(attribution["class"])] = 1
        labels.words[list(overlapping(cue, pieces)), WORDS.index("cue")] = 1
    labels.tags[:] = _tags(placed, pieces)
    _mark_hedges(labels, sentence, record.get("hedges") or (), pieces)
    return labels


def _is_someone(attribution: SentenceRecord) -> bool:
    """Return whether a source without words in this sentence has words in an earlier one."""
    if "entity" in attribution:
        return bool(attribution["entity"] != "nobody")
    return bool(attribution["class"] != "vague")


def _entities(record: SentenceRecord) -> set[str] | None:
    """Return the keys of a sentence's sources but `nobody`; None where the annotation has no keys."""
    given = () if record.get("furniture") else record.get("attribution") or ()
    if any("entity" not in a for a in given):
        return None
    return {a["entity"] for a in given} - {"nobody"}


_OUTSIDE = bits(TAGS, [tag for tag in TAGS if tag in {"O", "G"} or tag[2:3] == "K"])
"""The tags that a piece outside sources and cues may have: outside, and those that gold does not annotate."""


def _tags(
    placed: Sequence[tuple[Sequence[Place], Sequence[Place]]], pieces: Sequence[Place]
) -> Bits:
    """Return the allowed tags of each piece, from the places of sources and cues; where both overlap, the cue counts."""
    allowed = np.full(len(pieces), _OUTSIDE, np.int16)
    for source, cue in placed:
        sides = "<>" if not cue or not source else "<" if source[0] < cue[0] else ">"
        for span in source:
            _write(allowed, list(overlapping([span], pieces)), [f"S{side}" for side in sides])
    for _, cue in placed:
        for span in cue:
            _write(allowed, list(overlapping([span], pieces)), ["C"])
    return allowed


def _write(allowed: Bits, places: Sequence[int], names: Sequence[str]) -> None:
    """Allow the begin tags of `names` at the first of `places`, and their inside tags at the rest."""
    for number, at in enumerate(places):
        allowed[at] = bits(TAGS, [f"{'I' if number else 'B'}-{name}" for name in names])


def _mark_hedges(
    labels: PieceLabels, sentence: str, hedges: Sequence[SentenceRecord], pieces: Sequence[Place]
) -> None:
    """Write the tags and voices of `hedges`; of those that overlap, the last stands."""
    for hedge, spans in zip(hedges, place_each(sentence, [h["cue"] for h in hedges]), strict=True):
        for span in spans:
            for number, at in enumerate(overlapping([span], pieces)):
                labels.hedges[at] = HEDGES.index(f"{'I' if number else 'B'}-{hedge['kind']}")
                labels.voice[at] = int(hedge["voice"] == "source")


def tagged(tokens: Sequence[Place], tags: Sequence[int], pieces: Sequence[Place]) -> Bits:
    """Return each piece's tag, that of its token; only a token's first piece has the begin tag."""
    starts = np.array([start for start, _ in tokens], np.int64)
    allowed = np.zeros(len(pieces), np.int16)
    before = -1
    for number, (start, end) in enumerate(pieces):
        token = int(np.searchsorted(starts, start, side="right")) - 1
        if token < 0 or end <= start:
            continue
        name = TAGS[tags[token]]
        inside = "I" + name[1:] if token == before and name[0] == "B" else name
        allowed[number], before = 1 << TAGS.index(inside), token
    return allowed
