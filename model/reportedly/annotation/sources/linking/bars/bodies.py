"""Which body does a noun call? "The government" is no observatory, "the Labour party" no Conservative one, "rebels" no company.

A noun calls a body only if it fits what the body's name or earlier nouns tell of it, and if no name before the noun is
another's.
"""

from __future__ import annotations

from collections.abc import Collection

from reportedly.annotation.sources.linking.bars.body_sorts import (
    Sorts,
    sorts_in,
    sorts_of,
    untold_sorts,
)
from reportedly.annotation.sources.linking.figures import Figure
from reportedly.annotation.sources.linking.parties import Party, Register
from reportedly.annotation.sources.linking.views import View
from reportedly.annotation.sources.linking.wording import same_place
from reportedly.annotation.sources.word_lists import BODY, PEOPLE, lists
from reportedly.lexicons.loader import words_of


def is_another_body(register: Register, view: View, party: Party) -> bool:
    """Tell whether a mention by a noun denotes another body, or people of another, than a source."""
    if not view.by_noun or view.mention.spokes:
        return False
    if view.mention.flags & PEOPLE and not view.mention.flags & BODY:
        return _are_strangers(register, view, party)
    own = sorts_of(view.mention.head)
    return bool(own) and (
        _differ_in_number(view, party)
        or _are_told_apart(view, party)
        or not _fits(register, view, party, own)
        or _is_called_otherwise(register, view, party, own)
    )


def _are_told_apart(view: View, party: Party) -> bool:
    """Tell whether a source without a name goes by a noun of which none can be called by the mention's: "the mission" after "the ministry"."""
    apart = words_of("source_bodies", "told_apart")
    known = party.heads & apart
    head = view.mention.head
    return head in apart and bool(known) and head not in known and not party.figures


def is_named_otherwise(register: Register, view: View, party: Party) -> bool:
    """Tell whether the name of a body tells another sort than the nouns by which a source without a name goes."""
    if view.kind != "name" or view.own < 0 or party.figures:
        return False
    if register.figures.members[view.own].kind != "body":
        return False
    told = register.wording.names(view.own).sorts
    called: Sorts = frozenset().union(*map(sorts_of, party.heads))
    return bool(told and called) and told.isdisjoint(called)


def _differ_in_number(view: View, party: Party) -> bool:
    """Tell whether one of several bodies, or several after one, is meant: "the company" after "industry groups"."""
    mention, one_body = view.mention, words_of("source_bodies", "plural_body")
    if mention.head in one_body or mention.head in party.heads or view.proper:
        return False
    if mention.plural:
        fresh = view.kind in ("bare", "indefinite", "counted")
        return fresh and (bool(party.figures) or not party.plural)
    several = party.plural and not party.figures and party.heads.isdisjoint(one_body)
    return several and bool(sorts_in(party.heads))


def _fits(register: Register, view: View, party: Party, own: Sorts) -> bool:
    """Tell whether a noun that calls bodies of the sorts `own` can call a source."""
    head, numbers = view.mention.head, register.whose(party)
    known = [register.figures.members[number] for number in numbers]
    if known and all(map(_is_person, known)):
        led = head in words_of("source_bodies", "of_person") or bool(
            party.figures and party.principals
        )
        return led or head in party.heads
    names = [register.wording.names(number) for number in numbers]
    if head in party.heads or head in party.words or any(head in name.called for name in names):
        return True
    told = sorts_in(party.heads | {w for w in party.words if lists().nouns.get(w, 0) & BODY})
    told = told.union(*(name.sorts for name in names))
    if told:
        return not own.isdisjoint(told)
    return not known or any(_may_be(figure, own) for figure in known)


def _is_person(figure: Figure) -> bool:
    """Tell whether a figure is surely a person: something beside its name shows that, or a given name does."""
    shown = figure.gender or figure.he or figure.she or figure.roles
    return figure.kind == "person" and bool(shown or len(figure.full) > 1)


def _may_be(figure: Figure, own: Sorts) -> bool:
    """Tell whether a body whose name tells no sort may be of the sorts `own`: a place rules, initials may be anything but a trade."""
    phrase = " ".join(figure.full)
    if figure.kind == "place" or phrase in lists().places:
        return not own.isdisjoint(("rulers", "team", "forces"))
    if figure.kind != "press" and phrase.replace(".", "").isupper():
        return "branch" not in own and own != {"rulers"}
    return not own.isdisjoint(untold_sorts())


def _is_called_otherwise(register: Register, view: View, party: Party, own: Sorts) -> bool:
    """Tell whether the words before a noun, or behind its "of", are another's: "the Labour party", "the health ministry"."""
    names, matters = register.wording.before(view)
    head = view.mention.head
    if head not in words_of("source_bodies", "told_by_name"):
        names = frozenset(word for word in names if not _tells_where(word))
    asked = names or (matters if head in words_of("source_bodies", "told_by_matter") else ())
    if not asked:
        return False
    known, called = register.known(party), _names_of(register, party)
    rules = "rulers" in own and any(figure.kind == "place" for figure in known)
    if rules or not called or not (known or any(map(sorts_of, party.heads))):
        return False
    return not _any_same(asked, called | party.words)


def _any_same(asked: Collection[str], called: Collection[str]) -> bool:
    """Tell whether any of these words names the same as any of those."""
    return any(same_place(one, other) for one in asked for other in called)


def _names_of(register: Register, party: Party) -> set[str]:
    """Return the capitalised words by which a source goes, in lower case, without nouns for bodies."""
    if any(figure.kind == "person" and len(figure.full) > 1 for figure in register.known(party)):
        return set()
    nouns = lists().nouns
    proper = {word for word in party.proper if not nouns.get(word, 0) & BODY}
    return proper.union(*(register.wording.names(n).own for n in register.numbers(party)))


def _tells_where(word: str) -> bool:
    """Tell whether a capitalised word before "group" only says where it is: "Australian"."""
    ends, places = tuple(words_of("source_bodies", "of_people")), lists().places
    return word.capitalize() in places or word.upper() in places or word.endswith(ends)


def _are_strangers(register: Register, view: View, party: Party) -> bool:
    """Tell whether people do not belong to a body given by name: "rebels", and even "the rebels", after an observatory."""
    known, head = register.known(party), view.mention.head
    if not known or any(figure.kind == "person" for figure in known):
        return False
    office = words_of("source_people", "held_by_one", "heads_something")
    if head in office and not view.mention.plural and head not in party.heads:
        return True  # "the mayor" after a college
    if head in words_of("source_bodies", "staff") or view.principal in party.figures:
        return False
    if not (view.mention.plural and view.mention.determiner in _FRESH):
        own = sorts_of(head)
        return "fighters" in own and not _fits(register, view, party, own)
    singular = lists().singular
    names = (register.wording.names(number).called for number in register.numbers(party))
    called = party.heads.union(party.words, *names)
    return head not in called and head not in {singular.get(word, word) for word in called}


_FRESH = frozenset(["", "indefinite", "counted", "sweeping"])
"""Determiners with which a mention may bring in people not spoken of before."""
