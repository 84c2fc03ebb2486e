"""Cut text into the word pieces of BERT: lower case without accents, punctuation separate, then the longest known pieces.

The rules are those of ``BertNormalizer``, ``BertPreTokenizer`` and ``WordPiece`` of the `tokenizers` library, with which the
encoder was trained (Devlin et al. 2019; Wu et al. 2016); scoring needs only these rules, not the library.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

from reportedly.annotation.reader.alignment import Place

_CHUNK = re.compile(r"\S+")
_ASCII = re.compile(r"[A-Za-z0-9]+|[!-/:-@\[-`{-~]")
_LONGEST = 100
"""The most characters of a word that is cut into pieces; a longer one is a single unknown piece."""
_KEPT = 1 << 16
_IDEOGRAPHS = (
    (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
)  # fmt: skip
"""Characters that are words by themselves."""

_Letters = list[tuple[str, int, int]]
"""Normalised letters, and the place of each in the text."""


class WordPieces:
    """Cuts texts into the pieces of a vocabulary, in which a piece that continues a word begins with ``##``."""

    def __init__(self, vocabulary: Sequence[str], unknown: str = "[UNK]") -> None:
        self.vocabulary = tuple(vocabulary)
        self._number = {piece: number for number, piece in enumerate(self.vocabulary)}
        self._unknown = self._number[unknown]
        self._chunk = lru_cache(maxsize=_KEPT)(self._cut_chunk)

    def __reduce__(self) -> tuple[type[WordPieces], tuple[tuple[str, ...]]]:
        """Pickle the vocabulary without the cache of words cut so far."""
        return WordPieces, (self.vocabulary,)

    def number(self, piece: str) -> int:
        """Return the number of a piece of the vocabulary."""
        return self._number[piece]

    def cut(self, text: str) -> tuple[list[int], list[Place]]:
        """Return the numbers of the pieces of `text`, and where each stands."""
        ids: list[int] = []
        places: list[Place] = []
        for match in _CHUNK.finditer(text):
            start = match.start()
            for number, first, last in self._chunk(match[0]):
                ids.append(number)
                places.append((start + first, start + last))
        return ids, places

    def _cut_chunk(self, chunk: str) -> tuple[tuple[int, int, int], ...]:
        """Return the pieces of a chunk without white space, each with its place in it."""
        return tuple(piece for word in _words(chunk) for piece in self._cut_word(word))

    def _cut_word(self, letters: _Letters) -> list[tuple[int, int, int]]:
        """Return the longest pieces that make up a word, or the unknown piece if the vocabulary cannot spell it."""
        word = "".join(letter for letter, _, _ in letters)
        whole = [(self._unknown, letters[0][1], letters[-1][2])]
        if len(word) > _LONGEST:
            return whole
        found, at = [], 0
        while at < len(word):
            mark = "##" if at else ""
            ends = range(len(word), at, -1)
            end = next((e for e in ends if mark + word[at:e] in self._number), 0)
            if not end:
                return whole
            found.append((self._number[mark + word[at:end]], letters[at][1], letters[end - 1][2]))
            at = end
        return found


def _words(chunk: str) -> Iterable[_Letters]:
    """Yield the words and marks of a chunk, letter by letter."""
    if chunk.isascii() and chunk.isprintable():
        for match in _ASCII.finditer(chunk):
            yield [
                (c, match.start() + n, match.start() + n + 1)
                for n, c in enumerate(match[0].lower())
            ]
        return
    word: _Letters = []
    for letter in _plain(chunk):
        alone = _stands_alone(letter[0])
        if alone and word:
            yield word
            word = []
        word.append(letter)
        if alone:
            yield word
            word = []
    if word:
        yield word


def _plain(chunk: str) -> Iterable[tuple[str, int, int]]:
    """Yield the letters of a chunk in lower case, without accents, with their places; control characters are left out."""
    for place, written in enumerate(chunk):
        if written in "\0\ufffd" or unicodedata.category(written).startswith("C"):
            continue
        for part in unicodedata.normalize("NFD", written):
            if unicodedata.category(part) != "Mn":
                for letter in part.lower():
                    yield letter, place, place + 1


def _stands_alone(letter: str) -> bool:
    """Tell whether a character is a word by itself: punctuation and ideographs."""
    if letter.isascii():
        return not letter.isalnum()
    if unicodedata.category(letter).startswith("P"):
        return True
    return any(low <= ord(letter) <= high for low, high in _IDEOGRAPHS)
