"""Which of several people of one surname a bare surname means: "Holm" after both "Ada Holm" and "Ivo Holm".

Somebody who is named only later is not meant, nor somebody who is named only as another's relative: "the brother of Ivo
Holm". Of the others it is the one whom the article names first, unless another opened one of the last sentences.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING

from reportedly.annotation.sources.coreference.names import (
    COMPARED,
    Article,
    is_written,
    sentence_at,
)
from reportedly.annotation.sources.word_lists import GIVEN_NAME, POSSESSIVES, lists
from reportedly.lexicons.loader import words_of

if TYPE_CHECKING:
    from reportedly.annotation.sources.linking.figures import Figures

_LEAD = 5
"""Tokens from a sentence's start within which its subject is named."""
_NEAR = 2
"""Sentences before a bare surname, at most, in which somebody of that name takes over."""
_BEFORE_NAME = 4
"""Tokens before a name among which a word for a relative stands."""


def bearer(article: Article, found: Figures, surname: str, token: int, usual: Sequence[str]) -> int:
    """Return the figure that a bare surname at `token` means, -1 if its `usual` bearer in the article is meant or nothing decides.

    `usual` is the full name that the article gives the surname most clearly anywhere.
    """
    known = found.bearers(surname)
    if not known or len(usual) < _PAIR:
        return -1
    first = next((place for place in known if tuple(usual) in found.members[place].names), -1)
    others = [place for place in known if place != first]
    if first < 0:  # named only further on
        return known[0] if len(known) == 1 else -1
    if len(others) != 1:
        return -1
    (other,) = others
    if _is_only_kin(article, found, other, token):
        return -1
    if _is_only_kin(article, found, first, token) or _takes_over(
        article, found, other, first, token
    ):
        return other
    return -1


_PAIR = 2
"""Words of a full name, at least."""


def opened_by(article: Article, found: Figures, name: Sequence[str]) -> int:
    """Return the person whose surname follows a word with a capital only because it opens a sentence: "Added Holm"; -1 if none."""
    if len(name) != _PAIR or lists().capitals.get(name[0], 0) & GIVEN_NAME:
        return -1
    known = found.bearers(name[1])
    return known[0] if len(known) == 1 and is_written(article, name[0].lower()) else -1


def _mentions(found: Figures, place: int, token: int) -> list[int]:
    """Return the last mentions of a figure before `token`, in order."""
    tokens = found.members[place].tokens
    end = bisect_left(tokens, token)
    return tokens[max(0, end - COMPARED) : end]


def _is_only_kin(article: Article, found: Figures, place: int, token: int) -> bool:
    """Tell whether a person has been named only as somebody's relative, or as somebody whose relative is meant."""
    forms, kin = article.segmented.tokens.forms, words_of("source_people", "kin")
    mentions = _mentions(found, place, token)
    for at in mentions:
        end = at
        while found.at_token.get(end) == place:
            end += 1
        before = {form.lower() for form in forms[max(0, at - _BEFORE_NAME) : at]}
        owns = forms[end : end + 1] and forms[end] in POSSESSIVES and forms[end + 1].lower() in kin
        if not owns and before.isdisjoint(kin):
            return False
    return bool(mentions)


def _takes_over(article: Article, found: Figures, other: int, first: int, token: int) -> bool:
    """Tell whether a person opened one of the last sentences by full name, and the usual bearer has not been named since."""
    mentions, rivals = _mentions(found, other, token), _mentions(found, first, token)
    if not mentions or (rivals and rivals[-1] > mentions[-1]):
        return False
    segmented = article.segmented
    behind = segmented.tokens.forms[token + 1 : token + 2]
    if behind and behind[0].lower() in lists().nouns:  # "the Holm campaign"
        return False
    number = sentence_at(article, segmented.tokens.starts[token])
    there = sentence_at(article, segmented.tokens.starts[mentions[-1]])
    return there >= number - _NEAR and mentions[-1] < segmented.sentences[there].first + _LEAD
