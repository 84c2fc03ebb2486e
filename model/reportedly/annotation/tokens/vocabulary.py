"""Word forms as numbers: a text's words are looked up once, and everything known about a form is a row of a table.

Half of an article's tokens repeat a form, and most forms occur again in the next article. So every property
of a form by itself (its row in the network, its hash, its lists) is computed once, and
the detectors work on arrays of numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import RLock
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from reportedly.datamodel.arrays import Ints

_LIMIT = 40_000
"""The most forms in the memory, which is then cleared; with all their rows about 70 MB."""

_LOCK = RLock()  # computing one property of a new form may need another


class Vocabulary:
    """The forms seen so far, and the number of each."""

    def __init__(self) -> None:
        self.forms: list[str] = []
        self._numbers: dict[str, int] = {}

    def numbers(self, forms: Sequence[str]) -> Ints:
        """Return the number of each of `forms`, ``(n,)``; new forms are added."""
        known = self._numbers
        try:
            return np.fromiter(map(known.__getitem__, forms), np.int64, len(forms))
        except KeyError:
            with _LOCK:
                new = [form for form in dict.fromkeys(forms) if form not in known]
                first = len(self.forms)
                self.forms += new
                known.update(zip(new, range(first, first + len(new)), strict=True))
        return np.fromiter(map(known.__getitem__, forms), np.int64, len(forms))


@dataclass(frozen=True, slots=True)
class TokenIds:
    """The words of a text as `numbers` ``(n,)`` of the forms in `known`."""

    known: Vocabulary
    numbers: Ints

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, part: slice | NDArray[Any]) -> TokenIds:
        """Return some of the words."""
        return TokenIds(self.known, self.numbers[part])

    def among(self, forms: Sequence[str]) -> NDArray[np.bool_]:
        """Return which of the words are one of a few `forms`."""
        found: NDArray[np.bool_] = (self.numbers[:, None] == self.known.numbers(forms)).any(axis=1)
        return found


class _Memory:
    """A bounded vocabulary for new texts, and the texts looked up last, by identity.

    The detectors and the risk look up the same words one after the other.
    """

    known = Vocabulary()
    recent: ClassVar[dict[int, tuple[Sequence[str], TokenIds]]] = {}


_RECENT = 64
"""How many texts' numbers are kept: more than a chunk of documents."""


def token_ids(forms: Sequence[str]) -> TokenIds:
    """Return the words `forms` as numbers."""
    return token_ids_each([forms])[0]


def token_ids_each(texts: Sequence[Sequence[str]]) -> list[TokenIds]:
    """Return the words of each of `texts` as numbers among the same forms."""
    if len(_Memory.known.forms) > _LIMIT:
        _Memory.known = Vocabulary()
    known, recent = _Memory.known, _Memory.recent
    found = []
    for forms in texts:
        text, words = recent.get(id(forms), (None, None))
        if words is None or text is not forms or words.known is not known:
            words = TokenIds(known, known.numbers(forms))
            if isinstance(forms, tuple):  # an immutable value
                if len(recent) >= _RECENT:
                    recent.clear()
                recent[id(forms)] = (forms, words)
        found.append(words)
    return found


class WordCache:
    """A cache of a property of word forms: `ask` takes forms and returns their rows, ``(forms, …)``.

    `ask` is called once for each form, when it is first needed.
    """

    def __init__(self, ask: Callable[[Sequence[str]], NDArray[Any]]) -> None:
        self._ask = ask
        self._answers: tuple[Vocabulary | None, int, NDArray[Any]] = (None, 0, np.zeros(0))

    def of(self, words: TokenIds) -> NDArray[Any]:
        """Return the row of each word."""
        known, count, rows = self._answers
        if known is not words.known or count < len(known.forms):
            with _LOCK:
                rows = self._learn(words.known)
        return rows.take(words.numbers, axis=0)

    def _learn(self, words: Vocabulary) -> NDArray[Any]:
        """Compute the rows of the forms of `words` that have none yet, and return all rows; the table grows by doubling."""
        known, old, rows = self._answers
        if known is not words:
            old, rows = 0, np.zeros(0)
        count = len(words.forms)
        new = self._ask(words.forms[old:count])
        if len(rows) < count:
            grown = np.zeros((max(2 * count, 4096), *new.shape[1:]), new.dtype)
            if old:
                grown[:old] = rows[:old]
            rows = grown
        rows[old:count] = new
        self._answers = (words, count, rows)
        return rows

    def __getstate__(self) -> dict[str, Any]:
        """Return the state to pickle: the function, not the cached rows."""
        return {"_ask": self._ask, "_answers": (None, 0, np.zeros(0))}
