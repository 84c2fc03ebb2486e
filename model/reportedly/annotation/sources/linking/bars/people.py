"""Which person or people does a noun call? "The unidentified woman" is nobody by name, "Rowe's lawyer" not Rowe, "the governor" no senator."""

from __future__ import annotations

from itertools import pairwise

from reportedly.annotation.sources.linking.parties import Party, Register
from reportedly.annotation.sources.linking.views import View
from reportedly.annotation.sources.word_lists import BODY, PEOPLE
from reportedly.lexicons.loader import words_of


def is_another_person(register: Register, view: View, party: Party) -> bool:
    """Tell whether a mention by a noun denotes somebody other than a source that is known by name or by its owner."""
    if not view.by_noun:
        return False
    if _is_anothers(view, party) or _names_only_another(register, view, party):
        return True
    return bool(party.figures) and (
        _is_unidentified(register, view, party)
        or _holds_another_office(register, view, party)
        or _outranks(register, view, party)
    )


def _is_anothers(view: View, party: Party) -> bool:
    """Tell whether a mention says whose lawyer or friend it is, and a source is another's or somebody else."""
    mention, whose = view.mention, view.whose
    if view.kind != "owned" or not mention.flags & PEOPLE or mention.flags & BODY:
        return False
    known = party.tied
    return bool(whose and known) and whose.isdisjoint(known)


def _names_only_another(register: Register, view: View, party: Party) -> bool:
    """Tell whether a source is only somebody whom the description of another names: "the woman now married to Ivo Holm" is not Holm."""
    mention = view.mention
    if mention.plural or mention.spokes or not mention.flags & PEOPLE or mention.flags & BODY:
        return False
    if mention.head in words_of("source_people", "speaks_for") or not mention.complement:
        return False
    forms = {
        form.lower() for form in register.article.segmented.tokens.forms[view.first : view.end]
    }
    told = words_of("source_people", "goes_by").isdisjoint(forms)
    return (
        bool(told and party.figures)
        and party.figures <= view.whose
        and all(figure.kind == "person" for figure in register.known(party))
    )


def _is_unidentified(register: Register, view: View, party: Party) -> bool:
    """Tell whether a mention is of one person without a name, and the source is a person by name."""
    mention = view.mention
    if mention.plural or mention.spokes or not mention.flags & PEOPLE or mention.flags & BODY:
        return False
    if not all(figure.kind == "person" for figure in register.known(party)):
        return False
    words = register.wording.opening(view)
    return words[0] == "another" or not words_of("source_people", "unidentified").isdisjoint(words)


def _holds_another_office(register: Register, view: View, party: Party) -> bool:
    """Tell whether "the senator" was linked to people to whom the text never gives that office, and something speaks against it.

    That is another office of theirs, somebody else with this one, or an office that news always gives first.
    """
    mention = view.mention
    offices = words_of("source_people", "held_by_one", "heads_something")
    office = mention.head if mention.head in offices else mention.head.split()[-1]
    if view.kind != "definite" or mention.plural or office not in offices:
        return False
    if office in words_of("source_people", "often_unsaid"):
        return False
    if not all(figure.kind == "person" for figure in register.known(party)):
        return False
    held = set().union(*(register.offices.of(number) for number in party.figures))
    rare = office in words_of("source_people", "always_introduced")
    return office not in held and bool(held or rare or register.offices.holders(office))


def _outranks(register: Register, view: View, party: Party) -> bool:
    """Tell whether "the vice president" was linked to a person who is called president only."""
    head = view.mention.head.split()
    if len(head) < _RANKED or head[0] not in words_of("source_people", "rank"):
        return False
    members = register.figures.members
    roles = set().union(*(members[number].roles for number in party.figures))
    held = roles.union(*(register.offices.of(number) for number in party.figures))
    return head[-1] in roles and view.mention.head not in held


_RANKED = 2
"""Words of an office with a rank, at least."""


def are_several(register: Register, view: View) -> bool:
    """Tell whether a mention means several people: "they", "officials", "the couple", "the mayor and his wife"."""
    if view.kind == "they":
        return view.mention.head == "they"
    if view.own >= 0:
        return False
    if (
        view.by_noun
        and view.kind != "owned"
        and view.mention.plural
        and view.mention.flags & PEOPLE
    ):
        return True
    if view.mention.head in words_of("source_people", "several"):
        return True
    forms = register.article.segmented.tokens.forms[view.first : view.end]
    return any(one == "and" and two.lower() in ("his", "her") for one, two in pairwise(forms))


def is_one_person(register: Register, party: Party) -> bool:
    """Tell whether a source is one named man or woman."""
    members = register.figures.members
    return (
        bool(party.figures)
        and all(members[place].kind == "person" for place in party.figures)
        and party.femininity(register.figures) != 0.0
        and not party.several
    )
