"""The sources of one article under construction, and the tables that find them again.

A text of megabytes names thousands of sources, and almost every attribution asks for one that came up
before. So no question is answered by going through all of them: the tables give those who bear a name or
noun, and who was mentioned last.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from reportedly.annotation.sources.coreference.mentions import Mention
from reportedly.datamodel import SourceClass, Span

ENTITY_KINDS = ("person", "unnamed", "vague", "spokes", "body", "press", "document")
"""What an entity can be."""

SPOKESMEN = frozenset(["spokesman", "spokeswoman"])

_PERSONS = frozenset(["person", "unnamed", "vague", "spokes"])


@dataclass(slots=True)
class Entity:
    """A source under construction: what is known of it so far.

    `place` is its number in the order in which the sources came up; `withheld` tells that the text grants it
    anonymity. Once it is on the roster, its names,
    heads, words and last mention are changed by :class:`EntityRegistry` alone, whose tables go by them.
    """

    source_class: SourceClass
    kind: str
    label: str
    names: tuple[str, ...] = ()
    gender: str = ""
    plural: bool = False
    heads: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    last: int = 0
    first: int = 0
    statements: list[int] = field(default_factory=list)
    mentions: list[Span] = field(default_factory=list)
    readings: list[Mention] = field(default_factory=list)
    place: int = -1
    withheld: bool = False


@dataclass(slots=True)
class EntityRegistry:
    """The sources so far, in the order in which they came up (`members`), and tables of their places.

    Lists of ``(last, place)`` are sorted, so that whoever was mentioned last stands at the end; lists of
    places are sorted too. An entity enters the former with its first mention.
    """

    members: list[Entity] = field(default_factory=list)
    _recent: dict[tuple[str, bool], list[tuple[int, int]]] = field(default_factory=dict)
    _persons: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    _newest: dict[tuple[str, str], int] = field(default_factory=dict)
    _worded: dict[tuple[str, str], int] = field(default_factory=dict)
    _groups: dict[tuple[str, frozenset[str]], Entity] = field(default_factory=dict)
    _vague: dict[str, Entity] = field(default_factory=dict)
    _ends: dict[tuple[str, ...], list[int]] = field(default_factory=dict)
    _single: dict[str, list[int]] = field(default_factory=dict)
    _bodies: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    _first_words: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    _short: dict[tuple[str, str], int] = field(default_factory=dict)
    _initials: dict[tuple[str, str], int] = field(default_factory=dict)
    _named: dict[str, int] = field(default_factory=dict)
    _standing: dict[int, Entity] = field(default_factory=dict)

    def enter(self, entity: Entity) -> Entity:
        """Put a new entity on the roster, and return it."""
        entity.place = len(self.members)
        self.members.append(entity)
        kind = entity.kind
        for head in entity.heads:
            self._newest[kind, head] = entity.place
        self._note_words(entity, entity.words)
        if kind == "vague":
            for head in entity.heads:
                self._vague.setdefault(head, entity)
        elif kind == "unnamed" and entity.plural:
            for head in entity.heads:
                self._groups.setdefault((head, frozenset(entity.words)), entity)
        if entity.names and kind == "person":
            self._file_person(entity)
        elif entity.names:
            self._file_body(entity)
        return entity

    def mention(self, entity: Entity, last: int) -> None:
        """Note that an entity, which may be new, is mentioned at offset `last`; its record comes after."""
        if entity.statements:
            if entity.last == last:
                return
            old = entity.last, entity.place
            for ranks in self._ranks(entity):
                del ranks[bisect_left(ranks, old)]
        entity.last = last
        for ranks in self._ranks(entity):
            insort(ranks, (last, entity.place))

    def stand(self, entity: Entity, first: int, last: int) -> None:
        """Note that the words at tokens ``[first, last)`` mean an entity."""
        for token in range(first, last):
            self._standing.setdefault(token, entity)

    def standing(self, first: int, last: int) -> Entity | None:
        """Return the entity that any of the words at tokens ``[first, last)`` is known to mean."""
        found = (self._standing.get(token) for token in range(first, last))
        return next((entity for entity in found if entity is not None), None)

    def describe(
        self, entity: Entity, heads: Iterable[str], words: frozenset[str] = frozenset()
    ) -> None:
        """Add nouns by which an entity is called, and words said of it."""
        for head in heads:
            if head in entity.heads:
                continue
            entity.heads.add(head)
            key = entity.kind, head
            self._newest[key] = max(entity.place, self._newest.get(key, -1))
            if entity.statements and entity.kind in _PERSONS:
                insort(self._persons.setdefault(head, []), (entity.last, entity.place))
        if words:
            self._note_words(entity, words)
            entity.words |= words

    def rename(self, entity: Entity, name: tuple[str, ...]) -> None:
        """Give a person a longer name, which the old one is a part of."""
        entity.names, entity.label = name, " ".join(name)
        self._file_person(entity)

    def _ranks(self, entity: Entity) -> Iterator[list[tuple[int, int]]]:
        """Yield the lists that tell when an entity was mentioned last."""
        yield self._recent.setdefault((entity.kind, entity.plural), [])
        if entity.kind in _PERSONS:
            for head in entity.heads:
                yield self._persons.setdefault(head, [])

    def _note_words(self, entity: Entity, words: Iterable[str]) -> None:
        """Enter an entity under words said of it, where somebody will ask for them."""
        for word in words if entity.kind == "body" else SPOKESMEN.intersection(words):
            key = entity.kind, word
            self._worded[key] = max(entity.place, self._worded.get(key, -1))

    def _file_person(self, entity: Entity) -> None:
        """Enter a person under the first and the last word of the name."""
        first, last = entity.names[0], entity.names[-1]
        if len(entity.names) == 1:
            self._single.setdefault(first, []).append(entity.place)
        for key in {(first,), (last,), (first, last)}:
            places = self._ends.setdefault(key, [])
            at = bisect_left(places, entity.place)
            if at == len(places) or places[at] != entity.place:
                places.insert(at, entity.place)

    def _file_body(self, entity: Entity) -> None:
        """Enter a body or an outlet under its words and its initials."""
        kind, names, place = entity.kind, entity.names, entity.place
        self._named[kind] = place
        for word in set(names):
            self._bodies.setdefault((kind, word), []).append(place)
        self._first_words.setdefault((kind, names[0]), []).append(place)
        if len(names) == 1:
            self._short[kind, names[0].replace(".", "")] = place
        else:
            self._initials[kind, _initials(names)] = place

    def vague(self, head: str) -> Entity | None:
        """Return the line for a vague source of this kind."""
        return self._vague.get(head)

    def group(self, head: str, words: frozenset[str]) -> Entity | None:
        """Return the first unnamed group that was called by this noun and in just these words."""
        return self._groups.get((head, words))

    def newest(self, kinds: Iterable[str], heads: Iterable[str]) -> Entity | None:
        """Return the newest entity of one of `kinds` that is called by one of the nouns `heads`."""
        heads = tuple(heads)
        return self._at([self._newest.get((kind, head), -1) for kind in kinds for head in heads])

    def newest_said(
        self, kinds: Iterable[str], heads: Iterable[str], words: Iterable[str]
    ) -> Entity | None:
        """Return the newest entity called by one of `heads` or of whom one of `words` was said.

        Only words said of bodies, and :data:`SPOKESMEN` of all kinds, are on record.
        """
        kinds, heads, words = tuple(kinds), tuple(heads), tuple(words)
        places = [self._newest.get((kind, head), -1) for kind in kinds for head in heads]
        places += [self._worded.get((kind, word), -1) for kind in kinds for word in words]
        return self._at(places)

    def most_recent(self, kinds: Iterable[str]) -> Entity | None:
        """Return the entity of one of `kinds` that was mentioned last."""
        ends = [
            ranks[-1]
            for kind in kinds
            for plural in (False, True)
            if (ranks := self._recent.get((kind, plural)))
        ]
        return self.members[max(ends)[1]] if ends else None

    def backwards(self, kind: str, *, plural: bool) -> Iterator[Entity]:
        """Yield the entities of a kind and number, from the one mentioned last."""
        for _, place in reversed(self._recent.get((kind, plural), ())):
            yield self.members[place]

    def called(self, head: str) -> Iterator[Entity]:
        """Yield the persons and vague lines called by a noun, from the one mentioned last."""
        for _, place in reversed(self._persons.get(head, ())):
            yield self.members[place]

    def person(self, name: tuple[str, ...], gender: str) -> Entity | None:
        """Return the newest person whose name can be `name`: equal, or a part of the other.

        A single word must not contradict the `gender`.
        """
        if len(name) == 1:
            for place in reversed(self._ends.get(name, ())):
                entity = self.members[place]
                if not (gender and entity.gender and gender != entity.gender):
                    return entity
            return None
        places = [self._ends.get((name[0], name[-1]), (-1,))[-1]]
        for word in (name[0], name[-1]):
            single = self._single.get(word, [])
            while single and len(self.members[single[-1]].names) > 1:  # known by more since
                single.pop()
            places += single[-1:]
        return self._at(places)

    def body(self, kind: str, name: tuple[str, ...]) -> Entity | None:
        """Return the newest body or outlet called `name`: a part of the other, or its initials."""
        if not name:
            return self._at([self._named.get(kind, -1)])
        words = set(name)
        newest = self._short.get((kind, _initials(name)), -1)
        if len(name) == 1:
            newest = max(newest, self._initials.get((kind, name[0].replace(".", "")), -1))
        whole = min((self._bodies.get((kind, word), []) for word in words), key=len)
        for place in reversed(whole):
            if place <= newest:
                break
            if words.issubset(self.members[place].names):
                newest = place
        for word in words:
            for place in reversed(self._first_words.get((kind, word), ())):
                if place <= newest:
                    break
                if words.issuperset(self.members[place].names):
                    newest = place
        return self._at([newest])

    def _at(self, places: Iterable[int]) -> Entity | None:
        """Return the newest of some entities; −1 stands for none."""
        place = max(places, default=-1)
        return self.members[place] if place >= 0 else None


def _initials(name: tuple[str, ...]) -> str:
    """Return the first letters of a name's words."""
    return "".join([word[0] for word in name])
