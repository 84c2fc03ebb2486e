"""Mentions that cannot be a source spoken of before: "many clerks" are not "the clerks", nor a war "he", nor a couple one man.

Each rule bars a link whatever the model thinks of it. Of twelve links barred on annotated articles that the linker had not
seen, eleven were wrong and one is open; the rules for other sides and for things barred none there.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from reportedly.annotation.sources.linking.figures import Figure
from reportedly.annotation.sources.linking.parties import Party, Register
from reportedly.annotation.sources.linking.views import View
from reportedly.annotation.sources.word_lists import BODY, COLLECTIVE, PEOPLE, POSSESSIVES, lists
from reportedly.lexicons.loader import words_of

_NOUNS = frozenset(["definite", "indefinite", "bare", "counted", "owned"])
_COMPARED = 12
"""The most earlier mentions, places or names of a source with which a mention is compared."""


def is_thing(figure: Figure) -> bool:
    """Tell whether a name is a war's, a law's, an event's or a place's: "Harbour War", "Port Lund"."""
    name = figure.full
    if figure.gender or len(name) < 2:
        return False
    return name[-1] in words_of("source_bodies", "thing_end") or name[0] in words_of(
        "source_bodies", "place_start"
    )


def is_credited(register: Register, number: int) -> bool:
    """Tell whether a figure is named only in photo credits, before the agency: "Ada Finch/Kestrel"."""
    forms, at_token = register.article.segmented.tokens.forms, register.figures.at_token
    for first in register.figures.members[number].tokens[:_COMPARED]:
        end = first
        while at_token.get(end) == number:
            end += 1
        if forms[end : end + 1] != ("/",):
            return False
    return True


def are_others(register: Register, view: View, party: Party) -> bool:
    """Tell whether a mention by nouns denotes others than a source by the same noun, or speaks for others."""
    if view.kind not in _NOUNS or view.own >= 0:
        return False
    if _speaks_for_others(register, view, party) or _outranks(register, view, party):
        return True
    alike = list(_alike(register, view, party))
    if not alike:
        return False
    return (
        _is_afresh(register, view, alike)
        or _differ_in_number(view, alike)
        or all(_are_of_others(register, view, other) for other in alike)
    )


def _alike(register: Register, view: View, party: Party) -> Iterator[View]:
    """Yield the mentions of a source by the same noun before a mention, at most a few."""
    for place in party.explicit[-_COMPARED:]:
        other = register.views[place]
        if other.kind in _NOUNS and other.mention.head == view.mention.head:
            yield other


def _is_afresh(register: Register, view: View, alike: list[View]) -> bool:
    """Tell whether "many clerks" or "another clerk" brings in others than those spoken of before."""
    forms = register.article.segmented.tokens.forms
    first = forms[view.first].lower()
    if first not in words_of("source_people", "afresh") or not view.mention.flags & PEOPLE:
        return False
    return first == "another" or all(forms[other.first].lower() != first for other in alike)


def _differ_in_number(view: View, alike: list[View]) -> bool:
    """Tell whether one of several, or several after one, is meant: "the clerk" after "two clerks"."""
    mention = view.mention
    if not mention.flags & PEOPLE or mention.flags & (BODY | COLLECTIVE):
        return False
    if mention.plural:
        return view.kind == "bare" and not any(other.mention.plural for other in alike)
    return all(other.mention.plural for other in alike)


def _are_of_others(register: Register, view: View, other: View) -> bool:
    """Tell whether two groups called by one noun belong to others: "the mayor's team", "the rival team"."""
    one, two = _whose(register, view), _whose(register, other)
    if not (one and two and one.isdisjoint(two)):
        return False
    several = view.mention.plural and other.mention.plural and bool(view.mention.flags & PEOPLE)
    return several or view.mention.head in words_of("source_people", "side")


def _whose(register: Register, view: View) -> set[str]:
    """Return the words before a noun that tell whose or whence it is: names, owners and bodies."""
    forms, nouns = register.article.segmented.tokens.forms[view.first : view.end], lists().nouns
    singular = lists().singular
    at = next(
        (
            n
            for n, form in enumerate(forms)
            if singular.get(form.lower(), form.lower()) == view.mention.head
        ),
        0,
    )
    side = view.mention.head in words_of("source_people", "side")
    found = set()
    for n, form in enumerate(forms[:at]):
        lower = form.lower()
        if form in POSSESSIVES or lower in words_of("source_grammar", "leading"):
            continue
        owns = forms[n + 1] in POSSESSIVES or lower.endswith(("'s", "’s"))
        named = form[0].isupper() and (n or form.isupper() or lower in view.proper)
        if owns or named or (side and n and nouns.get(lower, 0) & (PEOPLE | BODY)):
            found.add(_SAME.get(lower, lower))
    return found - {"the", "a", "an"}


_SAME = {"u.s.": "american", "us": "american", "u.k.": "british", "uk": "british"}
"""Short names of countries, and the words for what is theirs."""


def _speaks_for_others(register: Register, view: View, party: Party) -> bool:
    """Tell whether a spokesperson speaks for somebody named other than a source: "a Norvex spokesman" after a union."""
    mention = view.mention
    if not mention.spokes or view.principal < 0:
        return False
    known = party.figures | party.principals | party.owners
    if not known or view.principal in known:
        return False
    members = register.figures.members
    called = {
        word.lower()
        for n in sorted(known)[:_COMPARED]
        for name in members[n].names
        for word in name
    }
    own = {word.lower() for name in members[view.principal].names for word in name}
    return called.isdisjoint(own)


def _outranks(register: Register, view: View, party: Party) -> bool:
    """Tell whether "the vice president" was linked to a person who is called president only."""
    head = view.mention.head.split()
    if len(head) < 2 or head[0] not in words_of("source_people", "rank") or not party.figures:
        return False
    members = register.figures.members
    roles = set().union(*(members[n].roles for n in party.figures))
    return head[-1] in roles and view.mention.head not in roles


def are_several(register: Register, view: View) -> bool:
    """Tell whether a singular noun means several people: "the couple", "the mayor and his wife"."""
    if view.mention.head in words_of("source_people", "several"):
        return True
    forms = register.article.segmented.tokens.forms[view.first : view.end]
    return any(one == "and" and two.lower() in ("his", "her") for one, two in pairwise(forms))
