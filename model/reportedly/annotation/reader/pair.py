"""The reader for single articles: the mean of the student's and the encoder's probabilities.

The two make different mistakes, so their mean is closer to the annotation than either (docs/signals.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from reportedly.annotation.reader.encoder import Encoder
from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.reader.student import BatchReading, Student
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.datamodel.arrays import Arrays, Floats32, arrays_under

_RAREST = np.float32(1e-4)


class Reader(Protocol):
    """Reads documents once; every detector uses the result."""

    @property
    def transitions(self) -> Floats32:
        """How likely one tag of a word follows another, as scores, ``(tags, tags)``."""

    def read(self, layout: DocBatch) -> BatchReading:
        """Return its readings of the documents of `layout`."""

    def to_arrays(self) -> Arrays:
        """Return the reader as plain arrays."""


@dataclass(frozen=True)
class ReaderPair:
    """Reads as the mean of `student` and `encoder`."""

    student: Student
    encoder: Encoder

    @property
    def transitions(self) -> Floats32:
        """How likely one tag of a word follows another, as scores, ``(tags, tags)``."""
        return self.student.transitions

    def read(self, layout: DocBatch) -> BatchReading:
        """Return the mean of both models' readings of the documents of `layout`."""
        read = self.student.read(layout)
        readings = tuple(
            _mean(own, self.encoder.read(document))
            for own, document in zip(read.readings, layout.documents, strict=True)
        )
        return replace(read, readings=readings, scores=_scored(readings))

    def to_arrays(self) -> Arrays:
        """Return the reader as plain arrays."""
        encoder = {f"encoder_{name}": array for name, array in self.encoder.to_arrays().items()}
        return {**self.student.to_arrays(), **encoder}


class EncoderAlone(ReaderPair):
    """Reads with the encoder alone; training uses it for articles from which the student has learnt."""

    def read(self, layout: DocBatch) -> BatchReading:
        """Return the encoder's readings of the documents of `layout`; the student gives only the tables of words."""
        place, kinds = self.student.tables(layout)
        readings = tuple(self.encoder.read(document) for document in layout.documents)
        return BatchReading(layout, place, kinds, _scored(readings), readings)


def reader_of(arrays: Mapping[str, NDArray[Any]]) -> Reader:
    """Return the reader in `arrays`: a student, alone or with an encoder.

    Raises
    ------
    InvalidBundle
        When an array is missing, or it was trained for other questions.
    """
    student, encoder = Student.from_arrays(arrays), arrays_under("encoder_", arrays)
    return ReaderPair(student, Encoder.from_arrays(encoder)) if encoder else student


def _mean(one: Reading, other: Reading) -> Reading:
    """Return the mean of two readings of a document."""
    ours, theirs = one.arrays(), other.arrays()
    return Reading(**{name: ((ours[name] + theirs[name]) / 2).astype(np.float32) for name in ours})


def _scored(readings: Sequence[Reading]) -> Floats32:
    """Return the scores of the tags of words by `readings`, ``(tokens, TAGS)``."""
    tags = np.concatenate([own.tags for own in readings])
    scores: Floats32 = np.log(np.maximum(tags, _RAREST))
    return scores
