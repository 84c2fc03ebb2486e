"""The class of a source from all its mentions: the reader's answers for their words, and the words themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportedly.annotation.sources.coreference.mentions import Mention
from reportedly.annotation.sources.coreference.names import Article, look_up
from reportedly.annotation.sources.sums import Key, Sums, tabulated
from reportedly.annotation.sources.word_lists import (
    ANON,
    BODY,
    COLLECTIVE,
    DOCUMENT,
    HEARSAY,
    NOTABLE,
    PRESS,
    SPOKES,
    type_name,
)
from reportedly.datamodel import SOURCE_CLASSES
from reportedly.datamodel.arrays import Bools, Floats, Floats32, Ints

_CLASSES = len(SOURCE_CLASSES)
_FLAGS = SPOKES | ANON | NOTABLE | COLLECTIVE | BODY | DOCUMENT | HEARSAY | PRESS
GROUPS = ("name", "noun", "he", "other", "carried", "hearsay")
"""Kinds of mention with features of their own."""

GROUP_OF = {
    "name": 0, "definite": 1, "owned": 1, "indefinite": 1, "bare": 1, "counted": 1, "he": 2,
    "carried": 4, "hearsay": 5,
}  # fmt: skip


def word_key(article: Article, mention: Mention, cue: str, *, opens: bool) -> Key:
    """Return the cache key of the features of a mention's words and cue."""
    words = cue.split() or ["_"]
    of = look_up(article, mention.principal)[0] if mention.principal else ""
    named, _, full = look_up(article, mention.name) if mention.name else ("", "", ())
    return mention, opens, of, named, len(full) > 1, words[0], words[-1]


def mention_features(
    mention: Mention,
    opens: bool,  # noqa: FBT001 - one of a key
    of: str,
    named: str,
    in_full: bool,  # noqa: FBT001 - one of a key
    first: str,
    last: str,
) -> list[str]:
    """Return the names of the features of a mention's words and its cue; each has the value 1."""
    kind, head, determiner = mention.kind, mention.head, mention.determiner
    flags = f"{mention.flags & _FLAGS}{mention.plural}"
    found = [
        "K=" + kind, "C=" + last, "C1=" + first, "KC=" + kind + last, "H=" + head, "F=" + flags,
        "FD=" + flags + determiner, "D=" + kind + determiner, "B=" + mention.body_noun,
        "X=" + mention.complement, f"HP={head}{mention.plural}{determiner}", f"SP={mention.spokes}",
        f"S0={opens}{kind}{determiner}", f"FC={flags}{last}",
    ]  # fmt: skip
    if of:
        found += ["PT=" + of, "PTF=" + of + flags, f"PTH={of}{head}{mention.plural}"]
    if mention.name:
        found += [
            "NT=" + named, f"NL={named}{len(mention.name)}", "NTD=" + named + determiner,
            "NW=" + mention.name[-1], "TT=" + type_name(mention.name)[0], f"FL={in_full}{named}",
            f"NTT={named}{mention.titled}{mention.spokes}", "NC=" + named + last,
        ]  # fmt: skip
    return [*found, *("W=" + word for word in mention.words)]


@dataclass(frozen=True, slots=True)
class EntityClasses:
    """The classifier of sources: `rows` and `words` ``(features + 1, classes)`` weight the words of one mention.

    `weights` ``(evidence + 1, classes)`` weight the features of all its mentions, :func:`entity_rows`.
    """

    rows: Mapping[str, int]
    words: Floats32
    weights: Floats32
    sums: Sums = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Prepare the cached sums of weights."""
        sums = Sums(mention_features, tabulated(self.rows, self.words), _CLASSES)
        object.__setattr__(self, "sums", sums)

    def of_words(self, keys: Sequence[Key]) -> Floats32:
        """Return the log probability of each class by the words of each mention, ``(mentions, classes)``."""
        scores = np.array([self.sums[key] for key in keys], np.float32).reshape(-1, _CLASSES)
        scores = scores + self.words[-1]
        scores -= scores.max(axis=1, keepdims=True)
        normalised: Floats32 = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
        return normalised

    def classify(self, rows: Floats32) -> Floats32:
        """Return the score of each class of each source, ``(sources, classes)``."""
        scores: Floats32 = rows @ self.weights[:-1] + self.weights[-1]
        return scores

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Return it as plain arrays."""
        names = sorted(self.rows, key=self.rows.__getitem__)
        return {
            "features": np.frombuffer("\n".join(names).encode("utf-8"), dtype=np.uint8).copy(),
            "words": self.words.astype(np.float16),
            "weights": self.weights,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> EntityClasses:
        """Return the model from the arrays of :meth:`to_arrays`."""
        names = arrays["features"].tobytes().decode("utf-8").split("\n")
        return cls(
            {name: row for row, name in enumerate(names)},
            np.asarray(arrays["words"], np.float32),
            np.asarray(arrays["weights"], np.float32),
        )


def mixed(classes: Floats32, words: Floats32) -> Floats32:
    """Return the probability of each class by the reader's answers for a mention and by its words.

    `classes` and `words`, log probabilities, are ``(classes,)`` or have one row per mention.
    """
    scores = _OF_READER * np.log(np.maximum(classes, _LITTLE)) + _OF_WORDS * words
    shares = np.exp(scores - scores.max(axis=-1, keepdims=True))
    chances: Floats32 = (shares / shares.sum(axis=-1, keepdims=True)).astype(np.float32)
    return chances


_OF_READER, _OF_WORDS = 0.7, 0.5
"""The weights of the reader's answers and of the words: those with the best likelihood on held-out articles,
.917 of whose mentions then get the right class.
"""

_LITTLE = 0.005
"""The least probability of a class."""


def entity_rows(
    starts: Ints, groups: Ints, classes: Floats, words: Floats32, answers: Floats32, plural: Bools
) -> Floats32:
    """Return the features of each source from all its mentions, ``(sources, evidence)``.

    Each source has at least one mention; its mentions are adjacent and begin at its entry in `starts`. `groups`
    ``(mentions,)`` are the mentions' groups, `classes` ``(mentions, classes)`` their class probabilities by the reader,
    `words` the log probabilities by their words, `answers` the reader's answers for their sentences.
    """
    weights, own = _READER_WEIGHTS[groups][:, None], _WORD_WEIGHTS[groups][:, None]
    indicator = groups[:, None] == np.arange(len(GROUPS))
    given = [
        weights, weights * np.log(classes), weights * classes, own, own * np.maximum(words, -8.0),
        weights * np.log(np.maximum(answers, _LITTLE)), indicator,
    ]  # fmt: skip
    sums = np.add.reduceat(np.hstack(given), starts, axis=0)
    weight, reader, mean, known, lexical, answered, counts = np.split(sums, _PARTS, axis=1)
    return np.hstack([
        reader / weight, lexical / np.where(known > 0, known, 1.0), mean / weight, answered / weight,
        np.maximum.reduceat(classes, starts, axis=0), counts > 0, np.log1p(counts),
        np.logical_or.reduceat(plural, starts)[:, None], known > 0,
    ]).astype(np.float32)  # fmt: skip


_PARTS = np.cumsum([1, _CLASSES, _CLASSES, 1, _CLASSES, _CLASSES])
"""The columns at which the sums over a source's mentions are divided: weight, logarithms, probabilities,
weight of words, words, answers, groups.
"""

_READER_WEIGHTS = np.array([1.0, 1.0, 0.6, 0.4, 0.15, 0.3])
_WORD_WEIGHTS = np.array([1.0, 1.0, 0.05, 0.05, 0.0, 0.0])
