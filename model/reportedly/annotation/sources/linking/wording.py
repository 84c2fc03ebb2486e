"""What the names of a source and the words before a noun say, computed once per article for all rules that bar links."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from reportedly.annotation.sources.coreference.mentions import tells_whence
from reportedly.annotation.sources.coreference.names import Article
from reportedly.annotation.sources.linking.bars.body_sorts import Sorts, sorts_in
from reportedly.annotation.sources.linking.figures import Figure, Figures
from reportedly.annotation.sources.linking.views import View
from reportedly.annotation.sources.word_lists import BODY_WORD, lists
from reportedly.lexicons.loader import load, words_of

WordSet = frozenset[str]
_NO_WORDS: WordSet = frozenset()


class NameWords(NamedTuple):
    """What the names of one figure say, in lower case.

    `words` are their words, `called` also the whole names and "company" for a legal form like "Inc."; `own` are the words
    that tell it from others of its sort: "trade" of "Ministry of Trade". `sorts` are the sorts of body that they tell.
    """

    words: WordSet
    called: WordSet
    own: WordSet
    sorts: Sorts


class Before(NamedTuple):
    """The names before a noun and behind its "of", and the other nouns just before it, in lower case."""

    names: WordSet
    matters: WordSet


class Wording:
    """The words of an article's names and mentions; each is analysed when it is first asked for."""

    def __init__(self, article: Article, figures: Figures) -> None:
        self._forms, self._members = article.segmented.tokens.forms, figures.members
        self._names: dict[int, NameWords] = {}
        self._before: dict[int, Before] = {}

    def names(self, number: int) -> NameWords:
        """Return what the names of figure `number` say."""
        found = self._names.get(number)
        if found is None:
            found = self._names[number] = _name_words(self._members[number])
        return found

    def called(self, numbers: Iterable[int]) -> WordSet:
        """Return the words of the names of several figures."""
        return _NO_WORDS.union(*(self.names(number).words for number in numbers))

    def before(self, view: View) -> Before:
        """Return the names and nouns before the noun of a mention."""
        found = self._before.get(view.place)
        if found is None:
            found = self._before[view.place] = self._read_before(view)
        return found

    def opening(self, view: View) -> list[str]:
        """Return the first words of a mention in lower case, among which "another" or "unidentified" stands."""
        return [
            form.lower() for form in self._forms[view.first : min(view.end, view.first + _OPENING)]
        ]

    def head_at(self, view: View) -> int:
        """Return the token of a mention's noun; `view.end` if it has none."""
        singular, head = lists().singular, view.mention.head
        for at in range(view.first, view.end):
            lower = self._forms[at].lower()
            if singular.get(lower, lower) == head:
                return at
        return view.end

    def _read_before(self, view: View) -> Before:
        """Read the words before the noun of a mention."""
        forms, noun = self._forms, self.head_at(view)
        names = {
            forms[at].lower()
            for at in range(view.first, noun)
            if forms[at][0].isupper() and forms[at].lower() in view.proper
            if forms[at + 1 : at + 2] != ("-",) and not tells_whence(forms[at].lower())
        }
        if noun < view.end and forms[noun + 1 : noun + 2] == ("of",):
            names |= {word.lower() for word in forms[noun + 2 : view.end] if word[0].isupper()}
        last = forms[noun - 1 : noun] if view.first < noun < view.end else ()
        leading = words_of("source_grammar", "definite", "possessive", "indefinite", "leading")
        matters = {word for word in last if word.islower()} - leading
        return Before(frozenset(names) - _OFFICES, frozenset(matters))


_OPENING = 4
"""Words at the beginning of a mention that may say that others are meant."""
_OFFICES = frozenset(["president", "prime", "minister", "king", "queen"])
"""Capitalised words that name nobody by themselves."""


def _name_words(figure: Figure) -> NameWords:
    """Return what the names of a figure say."""
    forms = {word for name in figure.names for word in name}
    words = frozenset(word.lower() for word in forms)
    phrases = {" ".join(name).lower() for name in figure.names}
    firm = {"company"} if forms & lists().company_marks else set()
    called = words | phrases | firm
    return NameWords(words, called, distinctive(forms), sorts_in(called))


def distinctive(words: Iterable[str]) -> WordSet:
    """Return the words of a body's name, in lower case, that tell it from others of its sort."""
    known = lists().capitals
    return frozenset(w.lower() for w in words if not known.get(w, 0) & BODY_WORD) - SMALL


SMALL = frozenset(["the", "of", "and", "for", "&", "in", "on", "a"])
"""Words of names that tell nobody from others."""


def same_place(one: str, other: str) -> bool:
    """Tell whether two words are the same name, or a place's and its people's: "Russia" and "Russian"."""
    one, other = theirs(one), theirs(other)
    return one == other or (len(one) >= _SHARED and one[:_SHARED] == other[:_SHARED])


_SHARED = 4
"""Letters that the names of a place and of its people share at least."""


def theirs(word: str) -> str:
    """Return the word for what is a country's, for its short name: "american" for "u.s."; other words as they are."""
    return _theirs().get(word, word)


@cache
def _theirs() -> dict[str, str]:
    """Return the words for what is a country's by its short names."""
    rows = [e for e in load("source_bodies").entries if e.attributes.get("kind") == "country"]
    return {term: str(row.attributes["theirs"]) for row in rows for term in row.terms}
