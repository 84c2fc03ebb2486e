"""The wording of a text as sparse columns: words and pairs of words, stripped of names and figures.

A word is known by the hash of its lower-case spelling, so a trained vocabulary holds no text. Names
(words that news writes with a capital) become one word, figures another, rare words a third: people,
places, outlets, bylines and datelines leave no column of their own. Runs of names count as one, so
that a longer name weighs no more than a short one.
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
    """The numbers of word forms in a vocabulary, whose words' hashes have the numbers `words`."""

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
"""Signs that are one whatever their typography; clitics are tokens of their own and not touched."""


def normalised(form: str) -> str:
    """Return a word form in lower case with straight marks; all quotation marks are one."""
    if form.isalpha():  # most are
        return form.lower()
    return _SIGNS.get(form) or form.lower().translate(_MARKS)


@dataclass(frozen=True, slots=True)
class NgramVocabulary:
    """Words by spelling hash, and which words and pairs of them are columns.

    `words` are hashes; word number ``i + 3`` has hash ``words[i]``. `keys` are the columns in ascending
    order: a word ``w`` is ``w``, the pair ``v w`` is ``(v + 1) * size + w``. `rarity` is each column's
    inverse document frequency.
    """

    words: npt.NDArray[np.uint32]
    keys: npt.NDArray[np.uint32]
    rarity: npt.NDArray[np.float32]
    _numbers: WordCache | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self._numbers is None:
            table = {spelling: i for i, spelling in enumerate(self.words.tolist(), _SPECIAL)}
            object.__setattr__(self, "_numbers", WordCache(_Numbering(table)))

    def with_keys(
        self, keys: npt.NDArray[np.uint32], rarity: npt.NDArray[np.float32]
    ) -> NgramVocabulary:
        """Return a vocabulary of the same words and other columns; a word form is looked up once for both."""
        return NgramVocabulary(self.words, keys, rarity, self._numbers)

    @property
    def size(self) -> int:
        """How many words there are, with the three special ones."""
        return len(self.words) + _SPECIAL

    def numbers(self, words: TokenIds | Sequence[str]) -> tuple[Ints, Ints]:
        """Return the words' numbers with runs of names as one, and where each stood among `words`."""
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

        `unverified` marks the words that stand in unverified claims; a column is unverified where all its
        words (of a pair, the second) are.
        """
        keys = all_keys(numbers, self.size)
        present, at = _among(self.keys, _distinct(keys))
        found = at[present]
        alone = np.zeros(len(found), np.bool_)
        if unverified is not None and unverified.any():
            vouched = _distinct(keys[~np.concatenate([unverified, unverified[1:]])])
            alone = ~_among(vouched, self.keys[found])[0]
        values = self.rarity[found].astype(np.float64)
        return found, values / max(1e-9, float(np.sqrt(values @ values))), alone

    def matrix(self, texts: Iterable[Sequence[str]]) -> sparse.csr_matrix:
        """Return one row a text (given as its word forms), one column a word or pair."""
        return self._stacked([self.columns(forms) for forms in texts])

    def matrices(
        self, texts: Iterable[Sequence[str]], unverified: Iterable[Bools]
    ) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
        """Return what :meth:`matrix` does, and of it the entries that are unverified (:meth:`lookup`)."""
        found = []
        for forms, marked in zip(texts, unverified, strict=True):
            numbers, where = self.numbers(forms)
            found.append(self.lookup(numbers, marked[where]))
        return (
            self._stacked([(columns, values) for columns, values, _ in found]),
            self._stacked([(columns[alone], values[alone]) for columns, values, alone in found]),
        )

    def _stacked(self, rows: Sequence[tuple[Ints, Floats]]) -> sparse.csr_matrix:
        """Return the matrix whose rows have these columns and values."""
        from scipy import sparse  # noqa: PLC0415 - scoring one article does not need it

        indices = np.concatenate([np.zeros(0, np.int64), *(row[0] for row in rows)])
        values = np.concatenate([np.zeros(0), *(row[1] for row in rows)])
        bounds = np.cumsum([0, *(len(row[0]) for row in rows)])
        shape = (len(rows), len(self.keys))
        return sparse.csr_matrix((values.astype(np.float32), indices, bounds), shape=shape)


def _among(ordered: npt.NDArray[np.uint32], keys: npt.NDArray[np.uint32]) -> tuple[Bools, Ints]:
    """Return which of `keys` are among the `ordered` ones, and where they stand there."""
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
    texts: Sequence[Sequence[str]],
    *,
    least: int = 5,
    least_texts: int = 8,
    without: frozenset[str] = frozenset(),
) -> NgramVocabulary:
    """Return the vocabulary of `texts`, each given as its word forms.

    A word is known when it stands at least `least` times and at least half of them in lower case; it or
    a pair is a column when at least `least_texts` texts have it and no word of it is in `without`.
    """
    total: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    written = Counter(form for forms in texts for form in forms)
    for form, number in written.items():
        word = normalised(form)
        total[word] += number
        if form == word or not word[:1].isalpha():
            lower[word] += number
    known = sorted(
        w for w, n in total.items()
        if n >= least and lower[w] * 2 >= n and w not in without and not any(c.isdigit() for c in w)
    )  # fmt: skip
    hashes = np.unique(np.array([word_hash(w) for w in known], np.uint32))
    words = NgramVocabulary(hashes, np.zeros(0, np.uint32), np.zeros(0, np.float32))
    if words.size > 65_000:  # a pair's key must fit 32 bits
        return learn_vocabulary(texts, least=2 * least, least_texts=least_texts, without=without)
    return with_columns(words, texts, least_texts)


def headline_forms(segmented: Segmented) -> list[str]:
    """Return the word forms of the headline, of at most its first 300 code points; none where there is none.

    The name of a section before a bar and that of an outlet behind one are no part of it.
    """
    if segmented.headline is None:
        return []
    return list(tokenise(plain_headline(segmented.headline.text)[:300]).forms)


def with_columns(
    words: NgramVocabulary, texts: Sequence[Sequence[str]], least_texts: int
) -> NgramVocabulary:
    """Return the vocabulary of the same `words` whose columns are those that `least_texts` of `texts` have.

    Headlines have columns of their own, and their words from the texts, which tell names apart.
    """
    distinct = [_distinct(all_keys(words.numbers(forms)[0], words.size)) for forms in texts]
    keys, counts = np.unique(
        np.concatenate([np.zeros(0, np.uint32), *distinct]), return_counts=True
    )
    often = counts >= least_texts
    rarity = np.log((1 + len(texts)) / (1 + counts[often])) + 1
    return words.with_keys(keys[often], rarity.astype(np.float32))
