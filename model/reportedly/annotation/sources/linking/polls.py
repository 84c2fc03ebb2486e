"""The polls of which an article speaks, and which of them a share of people comes from: the nearest one named before.

"54 percent of voters" is of the poll that the sentence or the ones before speak of, also where that poll itself says
nothing; "the A.P.-Lund survey" is the "Associated Press-Lund poll" of the sentence before.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import takewhile

from reportedly.annotation.sources.coreference.names import COMPARED, sentence_at
from reportedly.annotation.sources.linking.parties import Register
from reportedly.annotation.sources.linking.views import View
from reportedly.annotation.sources.word_lists import BODY, DOCUMENT, HEARSAY, POSSESSIVES, grammar
from reportedly.lexicons.loader import words_of

_LONGEST, _BEHIND = 8, 7
"""Tokens of a phrase before its noun, and those behind it in which the pollster is searched, at most."""
_NEAR = 3
"""Sentences from a poll to shares that no other words connect with it, at most."""
_DEFINITE = frozenset(["the", "this", "that", "its", "their"])
_INDEFINITE = frozenset(["a", "an", "one", "another"])
_PART = re.compile(r"[^\s/–—-]+")


def is_share(forms: Sequence[str]) -> bool:
    """Tell whether words are a share of people: "41%", "two thirds of the crews", "respondents"."""
    words = {part for form in forms for part in form.lower().split("-")}
    return not words.isdisjoint(words_of("source_documents", "share_of_asked")) or (
        _SHARE.search(" ".join(forms)) is not None
    )


_SHARE = re.compile(
    r"%|\b(?:one|two|three|four|five|six|seven|eight|nine|\d{1,2})[ -]in[ -](?:two|three|four|five|six|ten|\d{1,3})\b"
)


@dataclass(slots=True)
class Poll:
    """One poll of an article: its pollster's words, those that name it first, and where, whether they are sure to name one, and its line."""

    parts: tuple[str, ...]
    words: tuple[str, ...]
    at: int
    sure: bool
    owner: int = -1


@dataclass(slots=True)
class PollPlace:
    """Where a poll is spoken of: tokens ``[first, end)``, its sentence; `poll` is None for several polls together."""

    first: int
    end: int
    at: int
    sentence: int
    poll: Poll | None


@dataclass(slots=True)
class Polls:
    """The polls of an article, and where they are spoken of, in order."""

    register: Register
    places: list[PollPlace] = field(default_factory=list)
    polls: list[Poll] = field(default_factory=list)
    _last: Poll | None = None
    _told_in: dict[int, set[int]] = field(default_factory=dict)

    def read(self) -> None:
        """Find every poll."""
        forms, written = self.register.article.segmented.tokens.forms, _written()
        told = words_of("source_documents", "told_by_poll")
        for at, form in enumerate(forms):
            several = written.get(form)
            if several is not None:
                self._add(at, several=several)
            elif form in told and self.polls and at and forms[at - 1] in POSSESSIVES:
                self._add_told(at)

    def _enter(self, place: PollPlace) -> None:
        """Add where a poll is spoken of."""
        self.places.append(place)
        self._last = place.poll or self._last
        self._told_in.setdefault(place.sentence, set()).add(id(place.poll))

    def _known(self, parts: tuple[str, ...]) -> Poll | None:
        """Return the latest poll by a pollster, None if there is none."""
        known = (poll for poll in reversed(self.polls[-COMPARED:]) if _same(poll.parts, parts))
        return next(known, None)

    def _add_told(self, at: int) -> None:
        """Add what a known pollster has found: "Lund's results"."""
        number = self._sentence(at)
        first = self._first(at, self.register.article.segmented.sentences[number].first)
        parts = _names(self.register.article.segmented.tokens.forms[first:at])
        known = self._known(parts)
        if known is not None:
            self._enter(PollPlace(first, at + 1, at, number, known))

    def _sentence(self, at: int) -> int:
        article = self.register.article
        return sentence_at(article, article.segmented.tokens.starts[at])

    def _add(self, at: int, *, several: bool) -> None:
        """Add the poll at a token, if it is one: not "poll workers" nor the end of a body's name."""
        tokens, number = self.register.article.segmented.tokens, self._sentence(at)
        sentence = self.register.article.segmented.sentences[number]
        behind = tokens.forms[at + 1].lower() if at + 1 < sentence.last else ""
        body = tokens.forms[at] in ("Survey", "Polling") and at > sentence.first
        if sentence.furniture or body or behind in words_of("source_documents", "at_elections"):
            return
        first = self._first(at, sentence.first)
        before = tokens.forms[first:at]
        end, by = (
            (at + 1, ())
            if before and before[0].lower() in _DEFINITE
            else self._by(at, sentence.last)
        )
        place = PollPlace(first, end, at, number, None)
        if not several:
            place.poll = self._poll(before, (*_names(before), *_names(by)), place)
            if place.poll is None:
                return
        self._enter(place)

    def _first(self, at: int, low: int) -> int:
        """Return the first token of the phrase whose noun is at a token."""
        forms, ends = (
            self.register.article.segmented.tokens.forms,
            words_of("source_grammar", "phrase_end"),
        )
        first = at
        while first > max(low, at - _LONGEST):
            word = forms[first - 1].lower()
            if word in _DEFINITE or word in _INDEFINITE:
                return first - 1
            if word in ends or not (word[0].isalnum() or word in POSSESSIVES or word in "/-–"):
                break
            first -= 1
        return first

    def _by(self, at: int, last: int) -> tuple[int, Sequence[str]]:
        """Return where a phrase ends, with those who asked behind "by", and their words: "poll by the Lund Institute"."""
        forms = self.register.article.segmented.tokens.forms
        behind = forms[at + 1 : min(last, at + _BEHIND)]
        clause = list(takewhile(lambda form: form not in (",", ".", ";"), behind))
        start = next((n for n, form in enumerate(clause) if form in ("by", "from")), len(clause))
        name = list(
            takewhile(lambda form: form[0].isupper() or form in _WITHIN, clause[start + 1 :])
        )
        if not name or not name[-1][0].isupper():
            return at + 1, ()
        return at + start + 2 + len(name), name

    def _poll(self, before: Sequence[str], parts: tuple[str, ...], place: PollPlace) -> Poll | None:
        """Return the poll that a phrase with these words before its noun means; None if it is none in particular."""
        words = {word.lower() for word in before}
        definite = not words.isdisjoint(_DEFINITE | POSSESSIVES)
        other = not words.isdisjoint(words_of("source_documents", "other_than_this"))
        if not other:
            known, last = self._known(parts), self._last
            only = len(self.polls) == 1 and not self.polls[0].parts
            if known is None and definite and last is not None and (only or not parts):
                last.parts = last.parts or parts
                known = last
            if known is not None:
                return known
        sure = bool(parts) or not words.isdisjoint(_INDEFINITE)
        if not (sure or definite):
            return None
        segmented = self.register.article.segmented
        start, end = segmented.tokens.starts[place.first], segmented.tokens.ends[place.end - 1]
        self.polls.append(
            Poll(() if other else parts, tuple(segmented.text[start:end].split()), place.at, sure)
        )
        return self.polls[-1]

    def of(self, view: View) -> PollPlace | None:
        """Return the poll that is the noun of a mention, None if it has another."""
        here = bisect_right(self.places, view.end - 1, key=lambda place: place.at) - 1
        place = self.places[here] if here >= 0 else None
        if place is None or place.at < view.first:
            return None
        noun = view.mention.head in words_of("source_documents", "asks_people")
        whole = view.kind == "name" and (place.first, place.at) == (view.first, view.end - 1)
        return place if noun or whole else None

    def is_other(self, poll: Poll, view: View) -> bool:
        """Tell whether a line that begins with a mention is another source than a poll: one by another noun, behind the poll's first place."""
        noun = view.mention.kind == "nominal" and self.of(view) is None
        return noun and poll.at < view.first and not self.is_of_asked(view)

    def is_of_asked(self, view: View) -> bool:
        """Tell whether a mention is of people who were asked: a share of them, or several of them."""
        if view.mention.flags & (BODY | DOCUMENT | HEARSAY):
            return False
        return is_share(self.words(view)) or (
            view.kind in ("bare", "counted", "name") and view.mention.plural
        )

    def words(self, view: View) -> Sequence[str]:
        """Return the words of a mention."""
        return self.register.article.segmented.tokens.forms[view.first : view.end]

    def near(self, view: View) -> Poll | None:
        """Return the poll that a share of people is from, None if the text leaves it open."""
        after = bisect_right(self.places, view.first, key=lambda place: place.at)
        place = self.places[after - 1] if after else self.places[0]
        if place.sentence != view.sentence:
            behind = self.places[after] if after < len(self.places) else None
            place = behind if behind is not None and behind.sentence == view.sentence else place
        if place.poll is None or not (place.poll.sure or place.poll.owner >= 0):
            return None
        if place.poll.owner < 0 and abs(view.sentence - place.sentence) > _NEAR:
            return None
        return place.poll if len(self._told_in[place.sentence]) == 1 else None


@lru_cache(maxsize=1)
def _written() -> dict[str, bool]:
    """Return the nouns for polls as they may be written, and whether each means several."""
    written: dict[str, bool] = {}
    for noun in words_of("source_documents", "asks_people"):
        for word, several in ((noun, False), (f"{noun}s", True)):
            written |= dict.fromkeys((word, word.capitalize(), word.upper()), several)
    return written


def _names(forms: Sequence[str]) -> tuple[str, ...]:
    """Return the parts of the names in words: "CNN/ORC" has two."""
    return tuple(
        part
        for form in forms
        if form[0].isupper() and form not in grammar().no_name and form not in POSSESSIVES
        for part in _PART.findall(form)
    )


def _same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether the words of two pollsters mean the same one: all of the shorter are in the longer, or are initials of some."""
    short, long = sorted((one, other), key=len)
    return bool(short) and all(part in long or _abbreviates(part, long) for part in short)


def _abbreviates(part: str, names: tuple[str, ...]) -> bool:
    """Tell whether a word is the initials of neighbours among `names`: "A.P." of "Associated Press"."""
    short = part.replace(".", "")
    firsts = "".join(name[0] for name in names)
    return len(short) > 1 and short.isupper() and short in firsts


_WITHIN = frozenset(["the", "of", "for", "and", "&"])
