"""Remove names from the wording: each is replaced, in training and scoring, before words are looked up.

The vocabulary has no words that news always writes with a capital. This module also finds names spelt like words
("Brown", "Bush", "the Times", "US"), which are recognised by their capital within the article.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from reportedly.annotation.tokens.vocabulary import TokenIds, WordCache, token_ids
from reportedly.annotation.tokens.word_features import word_hash
from reportedly.datamodel import Segmented
from reportedly.datamodel.arrays import Bools, Ints
from reportedly.risk.ngrams import headline_forms, normalised
from reportedly.risk.style_features import kept_tokens

NAMED = "N\0"
"""The form that replaces a name: it has a capital, and is in no vocabulary."""
_OPENING = (
    '"', "“", "‘", "'", "``", "«", "(", "[", ":", "-", "–", "—", "--", "…", "...", "•", "*",
)  # fmt: skip
"""Marks after which a word may have a capital without being a name."""
_SHOUTED = 4
"""The least letters of a word in capitals that counts as emphasis; shorter ones are names: US, WHO."""
_TITLE_CASE = 0.6
"""Share of capitalised words in a sentence from which capitals in it are ignored."""


def named_text(segmented: Segmented) -> tuple[TokenIds, TokenIds]:
    """Return the words of the headline and those that are not page furniture, both with ``NAMED`` for every name."""
    title = headline_forms(segmented)
    kept = np.flatnonzero(kept_tokens(segmented))
    first = np.zeros(len(segmented.tokens) + 1, np.bool_)
    first[[sentence.first for sentence in segmented.sentences]] = True
    scored = token_ids(segmented.tokens.forms)[kept]
    both = TokenIds(scored.known, np.append(scored.known.numbers(title), scored.numbers))
    begins = np.append(np.arange(len(title)) == 0, first[kept])
    found = without_names(both, begins)
    return found[: len(title)], found[len(title) :]


def without_names(words: TokenIds, first: Bools) -> TokenIds:
    """Return `words` with ``NAMED`` for every name.

    A name is a word with a capital inside a sentence. At the beginning of a sentence, and where nearly all words
    have a capital, a word is a name if it has a capital inside another sentence and is nowhere written in lower
    case. `first` marks the words that begin a sentence.
    """
    if not len(words):
        return words
    capital, plain, spelling = _CASES.of(words).T
    within = (capital > 0) & ~_free(words, first, capital, plain)
    known = np.setdiff1d(spelling[within], spelling[capital == 0])
    names = within | ((capital > 0) & np.isin(spelling, known))
    other = int(words.known.numbers([NAMED])[0])
    return TokenIds(words.known, np.where(names, other, words.numbers))


def forms_of(words: TokenIds) -> list[str]:
    """Return words as their forms."""
    forms = words.known.forms
    return [forms[number] for number in words.numbers.tolist()]


def _free(words: TokenIds, first: Bools, capital: Ints, plain: Ints) -> Bools:
    """Return which of `words` may have a capital only because of their place: at a sentence's beginning, after a mark, in a title."""
    starts = np.flatnonzero(first | (np.arange(len(words)) == 0))
    often = np.add.reduceat(capital, starts) >= _TITLE_CASE * np.add.reduceat(plain, starts)
    free: Bools = np.repeat(often, np.diff(np.append(starts, len(words)))) | first
    free[0] = True
    free[1:] |= words[:-1].among(_OPENING)
    return free


def _case(forms: Sequence[str]) -> Ints:
    """Return for each form whether it is written like a name, whether it is a word, and its spelling: ``(forms, 3)``."""
    rows = [(_like_a_name(form), form[:1].isalpha(), word_hash(normalised(form))) for form in forms]
    return np.array(rows, np.int64).reshape(-1, 3)


def _like_a_name(form: str) -> bool:
    """Tell whether a form is capitalised like a name: it is neither "I" nor all in capitals for emphasis."""
    return form[:1].isupper() and form != "I" and not (len(form) >= _SHOUTED and form.isupper())


_CASES = WordCache(_case)
