"""The encoder: the fine-tuned teacher in NumPy, for articles that are read one at a time.

A pretrained transformer (MiniLM, Wang et al. 2020; a BERT of six layers) reads windows of word pieces; a linear head
answers each question from the states of pieces and of sentences. Its matrices are stored as bytes with a scale
per column, and its vocabulary lacks rare pieces: 17 MB instead of 90. It is trained and exported by
:mod:`reportedly.annotation.reader.learning`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from reportedly.annotation.reader.alignment import Place
from reportedly.annotation.reader.on_tokens import as_reading
from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.reader.student import pointer_scores, softmax
from reportedly.annotation.reader.windows import (
    LONGEST,
    TITLE_PIECES,
    Laid,
    Marks,
    Window,
    budget_for,
    lay_out_window,
    windows,
)
from reportedly.annotation.reader.word_pieces import WordPieces
from reportedly.annotation.tokens.word_features import logistic
from reportedly.datamodel import Segmented
from reportedly.datamodel.arrays import Arrays, Floats32, Ints
from reportedly.errors import InvalidBundle

HEADS = 12
PIECE_HEADS = ("tags", "words", "hedges", "voice")
_ALIKE = np.float32(1e-12)
_LINEAR = ("q", "k", "v", "o", "in", "out")


@dataclass(frozen=True, slots=True)
class PackedArticle:
    """An article in word pieces: `pieces`, their `places` in the text, and where each sentence begins and ends among them (``bounds``)."""

    title: list[int]
    pieces: Ints
    places: Ints
    bounds: Ints
    quoted: Ints
    openings: list[bool]


class Encoder:
    """A fine-tuned encoder.

    Parameters
    ----------
    vocabulary
        Its word pieces by number, to cut text into them.
    parameters
        ``words`` ``(pieces, width)``, ``places``, ``types``; by layer ``0.q`` … ``5.out`` ``(in, out)`` with
        ``*.b`` and two norms; heads by name. Matrices may be bytes, with a ``*.scale`` for each column.
    """

    def __init__(self, vocabulary: tuple[str, ...], parameters: Mapping[str, np.ndarray]) -> None:
        self.word_pieces = WordPieces(vocabulary)
        self.marks = Marks.of(self.word_pieces.number)
        self._stored = dict(parameters)
        self._parameters = {
            name: _as_floats(name, self._stored)
            for name in parameters
            if name != "words" and not name.endswith(".scale")
        }
        self._layers = sum(name.endswith(".q") for name in parameters)

    def read(self, document: Segmented) -> Reading:
        """Return the encoder's reading of a document without its headline; it must have sentences."""
        packed = self.pack(document)
        count, pieces = len(packed.bounds) - 1, len(packed.pieces)
        found: Arrays = {}
        for window in windows((np.diff(packed.bounds) + 1).tolist(), budget_for(packed.title)):
            laid = lay_out_window(
                window, packed.pieces, packed.bounds, packed.quoted, packed.openings, packed.title, self.marks
            )  # fmt: skip
            for name, rows in self._answers(laid).items():
                whole = pieces if name in PIECE_HEADS else count
                into = found.setdefault(name, np.zeros((whole, rows.shape[1]), np.float32))
                _keep(into, rows, window, laid, by_piece=name in PIECE_HEADS)
        return as_reading(document, found, packed.places)

    def pack(self, document: Segmented) -> PackedArticle:
        """Return a document in word pieces."""
        text, sentences = document.text, document.sentences
        headline = document.headline.text if document.headline else ""
        title, _ = self.word_pieces.cut(headline)
        cut = [self.word_pieces.cut(text[s.start : s.end]) for s in sentences]
        pieces = [number for ids, _ in cut for number in ids[:LONGEST]]
        places = [
            (a + s.start, b + s.start)
            for s, (_, spans) in zip(sentences, cut, strict=True)
            for a, b in spans[:LONGEST]
        ]
        lengths = [min(len(ids), LONGEST) for ids, _ in cut]
        at = np.array(places, np.int64).reshape(-1, 2)
        outer = [(q.start, q.end) for q in document.quotations if q.depth == 0]
        return PackedArticle(
            title[:TITLE_PIECES], np.array(pieces, np.int64), at, np.r_[0, np.cumsum(lengths)].astype(np.int64),
            inside(at[:, 0], outer), openings(document),
        )  # fmt: skip

    def _answers(self, laid: Laid) -> Arrays:
        """Return the probabilities of all heads for a window: of its pieces and of its sentences."""
        p, states = self._parameters, self._states(laid)
        found = {
            name: _probabilities(name, states @ p[f"{name}.w"] + p[f"{name}.b"])
            for name in PIECE_HEADS
        }
        vectors = _sentence_vectors(states, laid)
        for name in ("answers", "support"):
            found[name] = _probabilities(name, vectors @ p[f"{name}.w"] + p[f"{name}.b"])
        found["pointer"] = softmax(self._pointer(vectors))
        return found

    def _states(self, laid: Laid) -> Floats32:
        """Return the state of each piece of a window, ``(pieces, width)``."""
        p, ids = self._parameters, laid.ids
        words = self._stored["words"][ids].astype(np.float32)
        if "words.scale" in self._stored:
            words *= self._stored["words.scale"][ids, None]
        rows = _normed(
            words + p["places"][: len(ids)] + p["types"][laid.quoted], p["norm.w"], p["norm.b"]
        )
        for layer in range(self._layers):
            mixed = self._attended(rows, layer) @ p[f"{layer}.o"] + p[f"{layer}.o.b"]
            rows = _normed(rows + mixed, p[f"{layer}.norm1.w"], p[f"{layer}.norm1.b"])
            inner = _gelu(rows @ p[f"{layer}.in"] + p[f"{layer}.in.b"])
            rows = _normed(
                rows + inner @ p[f"{layer}.out"] + p[f"{layer}.out.b"],
                p[f"{layer}.norm2.w"], p[f"{layer}.norm2.b"],
            )  # fmt: skip
        return rows

    def _attended(self, rows: Floats32, layer: int) -> Floats32:
        """Return the output of a layer's attention heads for each piece, ``(pieces, width)``."""
        size, width = rows.shape
        q, k, v = (
            (rows @ self._parameters[f"{layer}.{n}"] + self._parameters[f"{layer}.{n}.b"])
            .reshape(size, HEADS, width // HEADS)
            .transpose(1, 0, 2)
            for n in ("q", "k", "v")
        )
        scores = q @ k.transpose(0, 2, 1) * np.float32((width // HEADS) ** -0.5)
        scores -= scores.max(axis=2, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=2, keepdims=True)
        gathered: Floats32 = (scores @ v).transpose(1, 0, 2).reshape(size, width)
        return gathered

    def _pointer(self, vectors: Floats32) -> Floats32:
        """Return for each sentence of a window the scores of the sentences within reach, of none, and of a farther one."""
        asks, replies, own = (
            vectors @ self._parameters[f"{n}.w"] + self._parameters[f"{n}.b"]
            for n in ("asks", "replies", "own")
        )
        return pointer_scores(asks, replies, own, 0, len(vectors))

    def to_arrays(self) -> Arrays:
        """Return the encoder as plain arrays."""
        names = "\n".join(self.word_pieces.vocabulary).encode()
        return {**self._stored, "vocabulary": np.frombuffer(names, np.uint8).copy()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Encoder:
        """Return the encoder from the arrays of :meth:`to_arrays`.

        Raises
        ------
        InvalidBundle
            When an array is missing.
        """
        try:
            names = tuple(arrays["vocabulary"].tobytes().decode().split("\n"))
            return cls(names, {n: a for n, a in arrays.items() if n != "vocabulary"})
        except (KeyError, ValueError) as error:
            raise InvalidBundle(f"encoder: incomplete arrays ({error}); train it again") from None


def in_bytes(matrix: Floats32, axis: int = 0) -> tuple[np.ndarray, Floats32]:
    """Return a matrix as signed bytes, and the scale of each slice along the other axis."""
    scale = np.maximum(np.abs(matrix).max(axis=axis), 1e-12) / 127
    rounded = np.rint(matrix / np.expand_dims(scale, axis)).astype(np.int8)
    return rounded, scale.astype(np.float32)


def inside(starts: Ints, spans: Sequence[Place]) -> Ints:
    """Return 1 for each start that lies in one of `spans`, which do not overlap."""
    if not spans:
        return np.zeros(len(starts), np.int64)
    edges = np.array(sorted(spans), np.int64)
    place = np.searchsorted(edges[:, 0], starts, side="right") - 1
    within: Ints = ((place >= 0) & (starts < edges[place, 1])).astype(np.int64)
    return within


def openings(document: Segmented) -> list[bool]:
    """Return which sentences begin a paragraph."""
    paragraphs = [sentence.paragraph for sentence in document.sentences]
    return [n == 0 or paragraphs[n - 1] != own for n, own in enumerate(paragraphs)]


def _as_floats(name: str, stored: Mapping[str, np.ndarray]) -> Floats32:
    array: Floats32 = stored[name].astype(np.float32)
    if f"{name}.scale" in stored:
        array *= stored[f"{name}.scale"].astype(np.float32)
    return array


def _normed(rows: Floats32, weight: Floats32, bias: Floats32) -> Floats32:
    """Return the layer norm of rows: mean 0 and variance 1, then scaled and shifted."""
    rows = rows - rows.mean(axis=1, keepdims=True)
    spread = np.sqrt(np.einsum("ij,ij->i", rows, rows)[:, None] / rows.shape[1] + _ALIKE)
    normed: Floats32 = rows / spread * weight + bias
    return normed


def _gelu(rows: Floats32) -> Floats32:
    """Return the Gaussian error linear unit of each number (Hendrycks and Gimpel 2016); the error function is within 2e-7."""
    x = np.abs(rows) * np.float32(2**-0.5)
    t = 1 / (1 + np.float32(0.3275911) * x)  # Abramowitz and Stegun 7.1.26
    series = np.full_like(t, 1.061405429)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series *= t
        series += np.float32(factor)
    above = series * t * np.exp(-x * x) * np.float32(0.5)
    gated: Floats32 = rows * np.where(rows >= 0, 1 - above, above)
    return gated


def _sentence_vectors(states: Floats32, laid: Laid) -> Floats32:
    """Return for each sentence of a window the state of its marker, then the mean and maximum of its pieces' states."""
    inside_ = laid.owner >= 0
    rows = states[inside_]
    first = np.searchsorted(laid.owner[inside_], np.arange(len(laid.begins)))
    sizes = np.diff(np.r_[first, len(rows)])[:, None]
    mean = np.add.reduceat(rows, first) / sizes
    most = np.maximum.reduceat(rows, first)
    return np.concatenate([states[laid.begins], mean, most], axis=1).astype(np.float32)


def _probabilities(name: str, scores: Floats32) -> Floats32:
    return logistic(scores) if name in {"answers", "words", "voice"} else softmax(scores)


def _keep(into: Floats32, rows: Floats32, window: Window, laid: Laid, *, by_piece: bool) -> None:
    """Copy the rows of the sentences that a window judges, or of their pieces, into the article's rows."""
    if not by_piece:
        into[window.low : window.high] = rows[
            window.low - window.first : window.high - window.first
        ]
        return
    owner = laid.owner + window.first
    judged = (laid.source >= 0) & (owner >= window.low) & (owner < window.high)
    into[laid.source[judged]] = rows[judged]
