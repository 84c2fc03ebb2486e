"""The wording of a text as sparse columns: words and pairs of words, stripped of names and figures.

A word is stored as the hash of its lower-case spelling, so a trained vocabulary holds no text. Names
(words that news writes with a capital) become one word, figures another, rare words a third: people,
places, outlets, bylines and datelines have no columns. Runs of names count as one, so that a long name
weighs no more than a short one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from reportedly.annotation.tokens.vocabulary import TokenIds, WordCache, token_ids
from reportedly.annotation.tokens.word_features import word_hash
from reportedly.datamodel import Segmented
from reportedly.datamodel.arrays import Bools, Floats, Ints
from reportedly.reading.headlines import plain_headline
from reportedly.reading.segmentation import tokenise

if TYPE_CHECKING:
    from scipy import sparse


RARE, NAME, FIGURE = 0, 1, 2
"""The first three words of every vocabulary: a rare word, a name, a figure."""
_SPECIAL = 3
_MARKS = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-"})


@dataclass(frozen=True, slots=True)
class _Numbering:
    """A cache of the numbers of word forms in a vocabulary; `words` are the numbers of its words' hashes."""

    words: dict[int, int]

    def __call__(self, forms: Sequence[str]) -> Ints:
        """Return the number of each of `forms`."""
        return np.fromiter(map(self._number, forms), np.int64, len(forms))

    def _number(self, form: str) -> int:
        """Return the number of one word form."""
        if not form.isalpha() and any(map(str.isdigit, form)):
            return FIGURE
        known = self.words.get(word_hash(normalised(form)))
        if known is not None:
            return known
        return NAME if form[:1].isupper() else RARE


_SIGNS = {
    **dict.fromkeys((*"'‘’“”„‟«»", "``", "''"), '"'),
    "…": "...",
    "--": "-",
    "---": "-",
}
"""Punctuation marks and their plain form; clitics are separate tokens and unchanged."""


def normalised(form: str) -> str:
    """Return a word form in lower case with straight marks; all quotation marks become one."""
    if form.isalpha():  # most are
        return form.lower()
    return _SIGNS.get(form) or form.lower().translate(_MARKS)


@dataclass(frozen=True, slots=True)
class NgramVocabulary:
    """Words by the hash of their spelling, and the words and pairs that are columns.

    `words` are hashes; word number ``i + 3`` has hash ``words[i]``. `keys` are the columns in ascending
    order: a word ``w`` is ``w``, the pair ``v w`` is ``(v + 1) * size + w``. `idf` is each column's
    inverse document frequency.
    """

    words: npt.NDArray[np.uint32]
    keys: npt.NDArray[np.uint32]
    idf: Floats
    _numbers: WordCache | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self._numbers is None:
            table = {spelling: i for i, spelling in enumerate(self.words.tolist(), _SPECIAL)}
            object.__setattr__(self, "_numbers", WordCache(_Numbering(table)))

    def with_keys(self, keys: npt.NDArray[np.uint32], idf: Floats) -> NgramVocabulary:
        """Return a vocabulary with the same words and other columns; the two share the cache of word forms."""
        return NgramVocabulary(self.words, keys, idf, self._numbers)

    @property
    def size(self) -> int:
        """The number of words, including the three special ones."""
        return len(self.words) + _SPECIAL

    def numbers(self, words: TokenIds | Sequence[str]) -> tuple[Ints, Ints]:
        """Return the words' numbers, with runs of names as one, and the place of each among `words`."""
        assert self._numbers is not None
        numbers = self._numbers.of(words if isinstance(words, TokenIds) else token_ids(words))
        keep = np.ones(len(numbers), np.bool_)
        keep[1:] = (numbers[1:] != NAME) | (numbers[:-1] != NAME)
        where = np.flatnonzero(keep)
        return numbers[where], where

    def columns(self, words: TokenIds | Sequence[str]) -> tuple[Ints, Floats]:
        """Return the distinct columns that `words` have, and their values, of Euclidean length 1."""
        columns, values, _ = self.lookup(self.numbers(words)[0])
        return columns, values

    def lookup(self, numbers: Ints, unverified: Bools | None = None) -> tuple[Ints, Floats, Bools]:
        """Return the distinct columns of words with these `numbers`, their values, and which are unverified.

        `unverified` marks the words in unverified claims; a column is unverified if all occurrences of its
        word (of a pair, the second word) are.
        """
        keys = all_keys(numbers, self.size)
        present, at = _among(self.keys, _distinct(keys))
        found = at[present]
        alone = np.zeros(len(found), np.bool_)
        if unverified is not None and unverified.any():
            vouched = _distinct(keys[~np.concatenate([unverified, unverified[1:]])])
            alone = ~_among(vouched, self.keys[found])[0]
        values = self.idf[found]
        return found, values / max(1e-9, float(np.sqrt(values @ values))), alone

    def matrix(self, texts: Iterable[Sequence[str]], width: int | None = None) -> sparse.csr_matrix:
        """Return one row per text (given as its word forms) and one column per word or pair; `width` adds empty columns."""
        return _stacked([self.columns(forms) for forms in texts], width or len(self.keys))

    def matrix_with_unverified(
        self, texts: Iterable[tuple[Sequence[str], Bools]]
    ) -> sparse.csr_matrix:
        """Return the :meth:`matrix` of texts, followed by the same columns with only the unverified entries (:meth:`lookup`)."""
        wide, rows = len(self.keys), []
        for forms, marked in texts:
            numbers, where = self.numbers(forms)
            columns, values, alone = self.lookup(numbers, marked[where])
            more = columns[alone] + wide, values[alone]
            rows.append((np.append(columns, more[0]), np.append(values, more[1])))
        return _stacked(rows, 2 * wide)


def _stacked(rows: Sequence[tuple[Ints, Floats]], width: int) -> sparse.csr_matrix:
    """Return the matrix whose rows have these columns and values."""
    from scipy import sparse  # noqa: PLC0415 - scoring one article does not need it

    indices = np.concatenate([np.zeros(0, np.int64), *(row[0] for row in rows)])
    values = np.concatenate([np.zeros(0), *(row[1] for row in rows)])
    bounds = np.cumsum([0, *(len(row[0]) for row in rows)])
    return sparse.csr_matrix((values, indices, bounds), shape=(len(rows), width))


def _among(ordered: npt.NDArray[np.uint32], keys: npt.NDArray[np.uint32]) -> tuple[Bools, Ints]:
    """Return which of `keys` are among the `ordered` ones, and their places there."""
    if not len(ordered):
        return np.zeros(len(keys), np.bool_), np.zeros(len(keys), np.int64)
    at = np.minimum(ordered.searchsorted(keys), len(ordered) - 1)
    return ordered[at] == keys, at


def _distinct(keys: Ints) -> npt.NDArray[np.uint32]:
    """Return the distinct `keys` in ascending order; for narrow numbers sorting is faster than hashing."""
    ordered = keys.astype(np.uint32)
    ordered.sort()
    first = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]


def all_keys(numbers: Ints, size: int) -> Ints:
    """Return the keys of all words and neighbouring pairs, with repetitions."""
    if len(numbers) < 2:
        return numbers
    return np.concatenate([numbers, (numbers[:-1] + 1) * size + numbers[1:]])


def learn_vocabulary(
    texts: Sequence[Sequence[str]], *, least: int = 5, least_texts: int = 8
) -> NgramVocabulary:
    """Return the vocabulary of `texts`, each given as its word forms.

    A word is known if it occurs at least `least` times, at least half of them in lower case; a word or a pair is a
    column if at least `least_texts` texts have it.
    """
    return with_columns(known_words(texts, least), texts, least_texts)


def known_words(texts: Sequence[Sequence[str]], least: int = 5) -> NgramVocabulary:
    """Return a vocabulary without columns of the words that occur at least `least` times in `texts`, half of them in lower case."""
    total: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    written = Counter(form for forms in texts for form in forms)
    for form, number in written.items():
        word = normalised(form)
        total[word] += number
        if form == word or not word[:1].isalpha():
            lower[word] += number
    known = [
        w for w, n in total.items()
        if n >= least and lower[w] * 2 >= n and not any(c.isdigit() for c in w)
    ]  # fmt: skip
    hashes = np.unique(np.array([word_hash(w) for w in known], np.uint32))
    words = NgramVocabulary(hashes, np.zeros(0, np.uint32), np.zeros(0))
    return known_words(texts, 2 * least) if words.size > _MOST_WORDS else words


PART_COLUMNS = 8_192
"""The number of columns of headlines, and of openings, filled up with empty ones, so that a classifier knows where they end."""
_MOST_WORDS = 65_000
"""The most words of a vocabulary: a pair's key must fit 32 bits."""


def headline_forms(segmented: Segmented) -> list[str]:
    """Return the word forms of the headline's first 300 code points; none if there is no headline.

    A section's name before a bar and an outlet's name after one are left out.
    """
    if segmented.headline is None:
        return []
    return list(tokenise(plain_headline(segmented.headline.text)[:300]).forms)


OPENING_WORDS = 60
"""The number of tokens of a text that are its opening: what a reader sees before deciding to read on."""
WHOLE_HEADLINE = 10
"""A headline of at least so many tokens counts fully; a shorter one in proportion to its length."""


def headline_columns(
    vocabulary: NgramVocabulary, title: TokenIds | Sequence[str]
) -> tuple[Ints, Floats]:
    """Return the distinct columns of a headline and their values; a headline of few words counts less than a whole one."""
    columns, values = vocabulary.columns(title)
    return columns, values * min(1.0, len(title) / WHOLE_HEADLINE)


def headline_matrix(
    vocabulary: NgramVocabulary, titles: Iterable[Sequence[str]], width: int
) -> sparse.csr_matrix:
    """Return one row per headline, given as its word forms; `width` adds empty columns."""
    return _stacked([headline_columns(vocabulary, title) for title in titles], width)


def with_columns(
    words: NgramVocabulary,
    texts: Sequence[Sequence[str]],
    least_texts: int,
    most: int | None = None,
) -> NgramVocabulary:
    """Return a vocabulary with the same `words`; its columns are those that at least `least_texts` of `texts` have.

    `most` is the greatest number of columns, the most frequent if there are more. Headlines have columns of their
    own but take their words from the texts, which show which words are names.
    """
    distinct = [_distinct(all_keys(words.numbers(forms)[0], words.size)) for forms in texts]
    keys, counts = np.unique(
        np.concatenate([np.zeros(0, np.uint32), *distinct]), return_counts=True
    )
    often = np.flatnonzero(counts >= least_texts)
    often = np.sort(often[np.argsort(-counts[often], kind="stable")][:most])
    return words.with_keys(keys[often], np.log((1 + len(texts)) / (1 + counts[often])) + 1)
