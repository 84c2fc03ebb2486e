"""The sources of an article during linking: what is known of each so far, and tables to find them."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from reportedly.annotation.sources.coreference.names import COMPARED, Article
from reportedly.annotation.sources.linking.bars.offices import Offices
from reportedly.annotation.sources.linking.figures import Figure, Figures
from reportedly.annotation.sources.linking.views import View, same_quotation
from reportedly.annotation.sources.linking.wording import Wording
from reportedly.datamodel import SOURCE_CLASSES

NO_PARTY, OPEN = -1, -2
"""Owners of a statement besides a party's number: nobody, and not linked yet."""

NEAR = 5
"""Somebody named within this many sentences before may be the speaker."""

_RECENT, _MATCHING, _NAMED = 12, 6, 12
"""The most candidates of each kind: earlier sources, sources with each word or name, named people nearby."""

_BACK = 60
"""The most statements back that are searched for recent sources."""

_NEXT = 3
"""How many next statements with a source are candidates for an elided one."""

_WORDINGS = 16
"""The most names and wordings kept per source."""

_UNKNOWN = (1.0 / len(SOURCE_CLASSES),) * len(SOURCE_CLASSES)
_PRONOUN_KINDS = frozenset(["he", "they", "it", "first", "relative", "other"])
_CLASS_WEIGHTS = {"he": 0.5, "carried": 0.2}
"""The weight of a mention's class for its source, by kind; other kinds count 1."""

_PRONOUN_WEIGHT = 2.0
"""A linked pronoun counts as this many pronouns after a name in determining gender."""


@dataclass(slots=True)
class Party:
    """One source, or a named figure that may become one.

    `figures` are its names, `principals` those it speaks for, `owners` other names in its
    mentions; `heads`, `words`, `wordings` and `proper` are nouns, content words, names and capitalised words by
    which it was called, `called` the words of the names in lower case; `statements` and `explicit` (those with words for the source) are numbers of views.
    """

    figures: set[int] = field(default_factory=set)
    principals: set[int] = field(default_factory=set)
    owners: set[int] = field(default_factory=set)
    heads: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    wordings: set[tuple[str, ...]] = field(default_factory=set)
    called: set[str] = field(default_factory=set)
    proper: set[str] = field(default_factory=set)
    he: int = 0
    she: int = 0
    several: int = 0
    single: int = 0
    statements: list[int] = field(default_factory=list)
    explicit: list[int] = field(default_factory=list)
    carried: bool = False
    classes: tuple[float, ...] = _UNKNOWN
    weight: float = 0.0

    def take(self, view: View) -> None:
        """Record that a statement is this party's."""
        insort(self.statements, view.place)
        self._learn_class(view)
        if view.elided:
            self.carried = True
            return
        insort(self.explicit, view.place)
        mention = view.mention
        self.he += mention.gender == "m"
        self.she += mention.gender == "f"
        self.proper |= view.proper
        if view.kind in _PRONOUN_KINDS:
            self.several += view.kind == "they"
            return
        self.several += mention.plural
        self.single += not mention.plural
        self._learn_words(view)

    def _learn_class(self, view: View) -> None:
        """Add the likely class of a statement's source to what is known of the party's."""
        given = view.statement.classes
        if given is None:
            return
        weight = _CLASS_WEIGHTS.get(view.kind, 1.0)
        total = self.weight + weight
        self.classes = tuple(
            (self.weight * old + weight * new) / total
            for old, new in zip(self.classes, given, strict=True)
        )
        self.weight = total

    def _learn_words(self, view: View) -> None:
        """Add the words of a name or noun to those by which the party is called."""
        mention = view.mention
        if len(self.figures) < _WORDINGS:
            self.figures |= {view.own} - {-1}
        self.principals |= {view.principal} - {-1}
        self.owners |= {view.owner} - {-1}
        self.words |= mention.words
        if mention.head:
            self.heads.add(mention.head)
        if mention.name and len(self.wordings) < _WORDINGS:
            self.wordings.add(mention.name)
            self.called.update([word.lower() for word in mention.name])

    @property
    def plural(self) -> bool:
        """Whether it was mostly mentioned in the plural."""
        return self.several > self.single

    @property
    def tied(self) -> set[int]:
        """The figures that it is connected with: those whose names it has, those for whom it speaks, and others that its mentions name."""
        return self.figures | self.principals | self.owners

    def femininity(self, figures: Figures) -> float:
        """From -1, a man, to 1, a woman, by pronouns, names and titles; 0 if unknown."""
        score = _PRONOUN_WEIGHT * (self.she - self.he)
        for place in self.figures:
            score += figures.members[place].women
        return score / (abs(score) + 1.0)

    def before(self, place: int) -> int:
        """Return its last statement before number `place`, -1 if there is none."""
        at = bisect_left(self.statements, place) - 1
        return self.statements[at] if at >= 0 else -1

    def after(self, place: int) -> int:
        """Return its first statement with a source after number `place`, -1 if there is none."""
        at = bisect_left(self.explicit, place + 1)
        return self.explicit[at] if at < len(self.explicit) else -1


class Candidate:
    """A party that a statement may be linked to, and its number; -1 for a named figure that is not a source yet."""

    __slots__ = ("number", "party")

    def __init__(self, number: int, party: Party) -> None:
        self.number = number
        self.party = party


class Register:
    """An article during linking: its statements, the parties so far, and the party of each statement (`owner`).

    `wording` has the words of its names and mentions, computed once.
    """

    def __init__(self, article: Article, figures: Figures, seen: list[View]) -> None:
        self.article, self.figures, self.views = article, figures, seen
        self.wording = Wording(article, figures)
        self.offices = Offices(article, figures)
        self.parties: list[Party] = []
        self.owner = [OPEN] * len(seen)
        self.linked = 0
        self.next_explicit = _next_explicit(seen)
        self.speaker = [_speaker(seen, view) for view in seen]
        self._by_figure: dict[int, dict[int, None]] = {}
        self._by_word: dict[str, dict[int, None]] = {}
        self._bearers: set[int] = set()
        self._named = [named.first for named in figures.named]

    def enter(self, view: View, candidate: Candidate | None) -> int:
        """Link a statement to a candidate, or to a new party; return the party's number."""
        number = -1 if candidate is None else candidate.number
        if number < 0:
            number = len(self.parties)
            self.parties.append(Party() if candidate is None else candidate.party)
        party = self.parties[number]
        party.take(view)
        self.owner[view.place] = number
        self.linked += 1
        self._bearers |= party.figures
        if not view.elided:
            self._index(number, party.figures | party.principals, view.mention.words)
        return number

    def bearer(self, view: View) -> Candidate | None:
        """Return the only source so far with the name of a mention; None if there are none or several."""
        if view.kind != "name" or view.own < 0 or view.mention.spokes:
            return None
        known = self._by_figure.get(view.own, {})
        if len(known) != 1:
            return None
        (number,) = known
        party = self.parties[number]
        return Candidate(number, party) if view.own in party.figures else None

    def numbers(self, party: Party) -> list[int]:
        """Return the numbers of the figures whose names a party has, at most a few."""
        return sorted(party.figures)[:COMPARED]

    def whose(self, party: Party) -> list[int]:
        """Return the numbers of the figures whose words a party's are: its own names, else those it speaks for; at most a few."""
        return self.numbers(party) or sorted(party.principals)[:COMPARED]

    def known(self, party: Party) -> list[Figure]:
        """Return the figures whose names a party has, at most a few."""
        return [self.figures.members[number] for number in self.numbers(party)]

    def leave(self, view: View) -> None:
        """Record that a statement has no source."""
        self.owner[view.place] = NO_PARTY

    def _index(self, number: int, figures: Iterable[int], words: Iterable[str]) -> None:
        """Add a party to the tables, the newest last."""
        for figure in figures:
            self._by_figure.setdefault(figure, {}).pop(number, None)
            self._by_figure[figure][number] = None
        for word in words:
            self._by_word.setdefault(word, {}).pop(number, None)
            self._by_word[word][number] = None

    def candidates(self, view: View) -> list[Candidate]:
        """Return the candidates for a statement: the most recent sources first, without "new"."""
        chosen = dict.fromkeys(self._recent(view.place))
        if view.elided:
            chosen |= dict.fromkeys(self._following(view.place))
        else:
            chosen |= dict.fromkeys(self._matching(view))
        found = [Candidate(number, self.parties[number]) for number in chosen]
        if view.kind not in ("name", "indefinite") and not view.elided:
            found += self._people_near(view)
        return found

    def _recent(self, place: int) -> Iterator[int]:
        """Yield the sources of the statements before number `place`, the last one first."""
        seen: set[int] = set()
        for before in range(place - 1, max(-1, place - 1 - _BACK), -1):
            owner = self.owner[before]
            if owner >= 0 and owner not in seen:
                seen.add(owner)
                yield owner
                if len(seen) == _RECENT:
                    return

    def _following(self, place: int) -> Iterator[int]:
        """Yield the sources of the next statements that have one."""
        after = self.next_explicit[place]
        for _ in range(_NEXT):
            if after < 0 or self.owner[after] == OPEN:
                return
            yield self.owner[after]
            after = self.next_explicit[after]

    def _matching(self, view: View) -> Iterator[int]:
        """Yield the sources that share a name or content word with a mention, the newest first."""
        for figure in (view.own, view.principal, view.owner):
            yield from islice(reversed(self._by_figure.get(figure, {})), _MATCHING)
        for word in sorted(view.mention.words):
            yield from islice(reversed(self._by_word.get(word, {})), _MATCHING)

    def _people_near(self, view: View) -> Iterator[Candidate]:
        """Yield the figures named shortly before a mention that are not sources yet, the nearest first."""
        taken: set[int] = set()
        at = bisect_left(self._named, view.first)
        first = self.article.segmented.sentences[max(0, view.sentence - NEAR)].first
        for named in reversed(self.figures.named[max(0, at - 2 * _NAMED) : at]):
            if named.first < first or len(taken) == _NAMED:
                return
            if named.figure not in taken and named.figure not in self._bearers:
                taken.add(named.figure)
                yield Candidate(-1, Party(figures={named.figure}))


def _next_explicit(seen: list[View]) -> list[int]:
    """Return for each statement the next one with words for its source, -1 if there is none."""
    following, after = [-1] * len(seen), -1
    for place in range(len(seen) - 1, -1, -1):
        following[place] = after
        if not seen[place].elided:
            after = place
    return following


_ASIDE = 8
"""How many statements around one whose source is inside a quotation are searched for the quotation's speaker."""


def _speaker(seen: list[View], view: View) -> int:
    """Return the statement whose source speaks the quotation around a source; -1 if there is no quotation.

    The source of that statement is outside quotations: in the same sentence if there is one, else the last before.
    """
    if not view.inside:
        return -1
    around = range(max(0, view.place - _ASIDE), min(len(seen), view.place + _ASIDE))
    outside = [seen[i] for i in around if not (seen[i].elided or seen[i].inside)]
    near = [v for v in outside if v.sentence == view.sentence or same_quotation(v, view)]
    before = [v for v in outside if v.place < view.place]
    return near[0].place if near else before[-1].place if before else -1
