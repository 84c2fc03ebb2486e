"""Words as columns of numbers, which the hedge and claim detectors use instead of strings.

Each distinct word form is processed once and packed into 64 bits: the CRC-32 of its lower-case
spelling, a 16-bit code of its last three letters, and 16 bits of shape. A document is then one array,
and a feature is arithmetic on that array (feature hashing: Weinberger et al. 2009, Feature hashing
for large scale multitask learning, ICML).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress
from typing import Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from reportedly.annotation.tokens.vocabulary import TokenIds, WordCache, token_ids
from reportedly.datamodel import Span
from reportedly.datamodel.arrays import Bools, Floats, Floats32, Ints
from reportedly.lexicons.loader import load

Codes = npt.NDArray[np.uint64]

DIGIT, NUMBER, CAPITAL, UPPER, MARK, QUOTE, HYPHEN, MONEY = (1 << n for n in range(8))
FIRST_PERSON, SECOND_PERSON, YEAR, PAST, NUMBER_WORD, DATE_WORD, THIRD_PERSON, LONG = (
    1 << n for n in range(8, 16)
)
"""Bits of a word's shape."""

SHAPE_NAMES = (
    "digit", "number", "capital", "upper", "mark", "quote", "hyphen", "money",
    "first_person", "second_person", "year", "past", "number_word", "date_word", "third_person", "long",
)  # fmt: skip


@cache
def _classes() -> tuple[frozenset[str], ...]:
    """Return the words of ``lexicons/closed_classes.toml`` whose class is a bit of their shape."""
    kinds = ("first_person", "second_person", "number_word", "date_word", "third_person")
    return tuple(frozenset(load("closed_classes").of_kind(kind)) for kind in kinds)


def _code(form: str) -> int:
    """Return the packed code of one word form."""
    lower = form.lower().replace("’", "'")
    spelling = crc32(lower.encode("utf-8", "surrogatepass"))
    suffix = crc32(lower[-3:].encode("utf-8", "surrogatepass")) & 0xFFFF
    return spelling | suffix << 32 | _shape(form, lower) << 48


def _shape(form: str, lower: str) -> int:
    """Return the shape bits of one word form."""
    first, second, numbers, dates, third = _classes()
    letters = form.isalpha()  # most words have no other class
    digit = not letters and any(map(str.isdigit, form))
    tests = (
        digit,
        digit and form[0].isdigit(),
        form[0].isupper(),
        len(form) > 1 and form.isupper(),
        not letters and not any(map(str.isalnum, form)),
        form in {'"', "“", "”", "``", "''"},
        not letters and "-" in form and len(form) > 1,
        form in {"$", "£", "€", "%"},
        lower in first,
        lower in second,
        len(form) == 4 and form.isdigit() and form[:2] in {"18", "19", "20"},
        lower.endswith("ed") and len(form) > 4,
        lower in numbers,
        lower in dates,
        lower in third,
        len(form) > 8,
    )
    return sum(compress(_BITS, tests))


_BITS = tuple(1 << n for n in range(len(SHAPE_NAMES)))


@dataclass(frozen=True, slots=True)
class WordFeatures:
    """The words of a text: spelling and suffix as hashes, shape as bits; one entry per token."""

    spelling: Codes
    suffix: Codes
    shape: Codes

    def __len__(self) -> int:
        return len(self.spelling)

    def __getitem__(self, part: slice) -> WordFeatures:
        """Return a slice of the words."""
        return WordFeatures(self.spelling[part], self.suffix[part], self.shape[part])

    def has(self, bits: int) -> Bools:
        """Return which tokens have any of `bits` in their shape."""
        present: Bools = (self.shape & np.uint64(bits)) != 0
        return present


def _codes(forms: Sequence[str]) -> Codes:
    """Return the packed codes of word forms."""
    return np.fromiter(map(_code, forms), np.uint64, len(forms))


_CODES = WordCache(_codes)


def word_features(words: TokenIds | Sequence[str]) -> WordFeatures:
    """Return the columns of `words`, given as ids or as forms."""
    packed = _CODES.of(words if isinstance(words, TokenIds) else token_ids(words))
    return WordFeatures(
        packed & np.uint64(0xFFFFFFFF),
        (packed >> np.uint64(32)) & np.uint64(0xFFFF),
        packed >> np.uint64(48),
    )


def word_hash(word: str) -> int:
    """Return the spelling hash of a lower-case `word`."""
    return crc32(word.lower().replace("’", "'").encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class WordClasses:
    """Classes of words that occur in similar contexts, learnt from unlabelled news.

    `words` are spelling hashes in ascending order; `classes` has one row
    per word and one column per granularity. Class 0 is that of unknown words.
    """

    words: npt.NDArray[np.uint32]
    classes: npt.NDArray[np.uint16]

    def of(self, spelling: Codes) -> Codes:
        """Return the classes of words, with one more axis than `spelling`: the granularities."""
        at = np.searchsorted(self.words, spelling.astype(np.uint32))
        at = np.minimum(at, len(self.words) - 1)
        known = self.words[at] == spelling
        return np.where(known[..., None], self.classes[at], 0).astype(np.uint64)


_MIX, _MIX2, _FULL = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, (1 << 64) - 1


def mix(left: Codes, right: Codes) -> Codes:
    """Return one hash for each pair of `left` and `right` (their order matters); arrays broadcast."""
    mixed = (left ^ (right * np.uint64(_MIX2))) * np.uint64(_MIX)
    return mixed ^ (mixed >> np.uint64(29))


def template_codes(count: int, start: int = 1) -> Codes:
    """Return the codes of `count` feature templates, numbered from `start`."""
    return np.array([(start + n) * _MIX & _FULL for n in range(count)], np.uint64)


def bucket(hashes: Codes, templates: Codes, bits: int) -> Ints:
    """Return the bucket in ``[0, 2**bits)`` of each hash under its feature template."""
    return (mix(hashes, templates) >> np.uint64(64 - bits)).astype(np.int64)


def cover(starts: Sequence[int] | Ints, spans: Iterable[Span]) -> Bools:
    """Return which tokens begin inside any of `spans`; `starts` are the tokens' offsets."""
    edges = np.zeros(len(starts) + 1, np.int32)
    listed = [(span.start, span.end) for span in spans]
    if listed:
        bounds = np.searchsorted(np.asarray(starts), np.asarray(listed))
        np.add.at(edges, bounds[:, 0], 1)
        np.add.at(edges, bounds[:, 1], -1)
    inside: Bools = np.cumsum(edges[:-1]) > 0
    return inside


def logistic(logits: Floats32) -> Floats32:
    """Return the probabilities of `logits`, without overflow for any size."""
    chances: Floats32 = 1 / (1 + np.exp(-logits.clip(-80, 80)))
    return chances


LEAST_CHANCE = 1e-3
"""The distance that probabilities keep from 0 and 1 before their log odds are taken."""


def log_odds(chances: npt.NDArray[Any]) -> Floats:
    """Return the log odds of `chances`, with 0 and 1 replaced by values close to them."""
    kept = np.clip(chances.astype(np.float64), LEAST_CHANCE, 1 - LEAST_CHANCE)
    odds: Floats = np.log(kept / (1 - kept))
    return odds
