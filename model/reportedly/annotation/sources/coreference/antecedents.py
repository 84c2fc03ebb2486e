"""The antecedent of a relative clause: the head of the whole noun phrase before "who", "which" or "that".

In "An official at the ministry, who asked not to be named" it is the official: phrases attached to the head by
"at", "of", "with" and the like are skipped leftwards, as long as they are connected.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from reportedly.annotation.attribution.reporting_verbs import verb_kinds
from reportedly.annotation.sources.coreference.mentions import read_mention
from reportedly.annotation.sources.coreference.names import Article, look_up, sentence_at
from reportedly.annotation.sources.word_lists import PEOPLE, grammar, is_number, lists

RELATIVES = frozenset(["who", "whom", "whose", "which", "that"])
"""The relative pronouns."""

_OF_PEOPLE = frozenset(["who", "whom", "whose"])
_BREAKS = frozenset([",", ";", ":", "“", "”", '"', "—", "–", "(", ")", "...", "…", ".", "?", "!"])
_LOOSE = frozenset([",", "—", "–", "-"])
_SOMEBODY = frozenset(["one", "some", "several", "many", "both", "someone", "somebody", "others"])
_LONGEST = 9
"""The most words of a noun phrase without attached phrases."""
_DEEPEST = 5
"""The most noun phrases in a chain."""


class Phrase(NamedTuple):
    """Tokens ``[first, end)`` of a whole noun phrase; its head and the words before it end at `core`."""

    first: int
    core: int
    end: int


def antecedent(article: Article, token: int, *, people: bool | None = None) -> Phrase | None:
    """Return the noun phrase before the relative pronoun at `token`; None if there is none.

    With `people`, as for "who", the phrase is a person's if the chain has one, and the word at
    `token` need not be a pronoun.
    """
    forms = article.segmented.tokens.forms
    sentence = article.segmented.sentences[
        sentence_at(article, article.segmented.tokens.starts[token])
    ]
    people = forms[token].lower() in _OF_PEOPLE if people is None else people
    earlier = _earlier_relative(forms, token, sentence.first) if people else None
    if earlier is not None:
        return antecedent(article, earlier)
    end, words = token, grammar().before_relative
    while end > sentence.first and (forms[end - 1] in words or forms[end - 1] in _LOOSE):
        end -= 1
    if end - 1 > sentence.first and forms[end - 1] == "." and token - end == 1:
        end -= 1  # "Marsh Inc., which"
    chain = _chain(article, end, sentence.first)
    if not chain:
        return None
    first, core = _person_of(forms, chain, sentence.first) if people else chain[0]
    return Phrase(first, core, end)


def _earlier_relative(forms: Sequence[str], token: int, start: int) -> int | None:
    """Return the relative pronoun that the one at `token` is coordinated with: "who left, and who asked"."""
    if token - 1 <= start or forms[token - 1].lower() not in ("and", "but", "or"):
        return None
    for at in range(token - 2, max(start, token - 30), -1):
        if forms[at].lower() in _OF_PEOPLE:
            return at
    return None


def _chain(article: Article, end: int, start: int) -> list[tuple[int, int]]:
    """Return the chain of noun phrases that ends at `end`, the last one first."""
    forms = article.segmented.tokens.forms
    found: list[tuple[int, int]] = []
    stop: int | None = end
    while stop is not None and len(found) < _DEEPEST:
        first = _base(forms, stop, start)
        if first == stop:
            break
        found.append((first, stop))
        stop = _hangs_on(article, first, stop, start)
    return found


def _base(forms: Sequence[str], end: int, start: int) -> int:
    """Return where the noun phrase that ends at `end` begins, without the phrase that it is attached to."""
    words, first = grammar(), end
    while first > max(start, end - _LONGEST) and not _ends_phrase(forms[first - 1]):
        first -= 1
        word = forms[first].lower()
        before = forms[first - 1] if first > start else " "
        if word == "said" and before.lower() != "the":  # "said three people who"
            return first + 1
        if word in words.determiners or word in words.phrase_start:
            return first
        if is_number(word) and not before[0].isupper():
            determined = before.lower() in words.determiners and before.lower() != "said"
            return first - 1 if determined else first
    return first


def _ends_phrase(word: str) -> bool:
    """Tell whether a word ends a noun phrase."""
    lower, words = word.lower(), grammar()
    return (
        word in _BREAKS
        or lower in words.clause_word
        or lower in words.noun_join
        or lower in RELATIVES
        or lower in _verbs()
    )


@cache
def _verbs() -> frozenset[str]:
    """Return all forms of the reporting verbs, except those that are also nouns for sources."""
    kinds = {"say", "write", "announce", "claim", "ask", "think", "decline"}
    verbs = frozenset(w for w, kind in verb_kinds().items() if kind in kinds)
    return verbs - lists().nouns.keys() - grammar().noun_adjective


def _hangs_on(article: Article, first: int, end: int, start: int) -> int | None:
    """Return the end of the phrase that the one at ``[first, end)`` is attached to; None if there is none."""
    forms, words = article.segmented.tokens.forms, grammar()
    if first - 1 <= start:
        return None
    before = forms[first - 1].lower()
    if before == "," and _apposed(article, first, end, start):
        return first - 1
    at = first - 1
    joined = before in words.noun_join or (
        before in ("to", "by") and forms[at - 1].lower() in words.noun_adjective
    )
    if not joined:
        return None
    while at > start and forms[at - 1].lower() in words.noun_adjective:
        at -= 1
    if at < first - 1 and at > start and forms[at - 1] == ",":  # "a clerk, also based in Lenn"
        at -= 1
    return at if at > start else None


def _apposed(article: Article, first: int, end: int, start: int) -> bool:
    """Tell whether a phrase after a comma is in apposition to the one before: a name, or "a nurse" after a name."""
    forms = article.segmented.tokens.forms
    if all(word[0].isupper() or word[0].isdigit() for word in forms[first:end]):
        return forms[first - 2][0].islower()
    if forms[first].lower() not in ("a", "an") or not forms[first - 2][0].isupper():
        return False
    at = first - 2
    while at > start and forms[at - 1][0].isupper():
        at -= 1
    called = look_up(article, tuple(forms[at : first - 1]))[0] == "person"
    return called and (at == start or forms[at - 1].lower() not in grammar().noun_join)


def _person_of(
    forms: Sequence[str], chain: Sequence[tuple[int, int]], start: int
) -> tuple[int, int]:
    """Return the phrase of a chain that denotes people, the outermost if there are several: Piet in "Piet, a retiree in Lenn, who"."""
    for first, end in reversed(chain):
        mention = read_mention(forms[first:end], opens_sentence=first == start)
        if mention.flags & PEOPLE:
            return first, end
        if mention.kind == "pronoun" and mention.head in _SOMEBODY:
            return first, end
    described = len(chain) > 1 and forms[chain[-2][0]].lower() in ("a", "an")
    return chain[-1] if described or forms[chain[-1][0]][0].islower() else chain[0]
