"""Mentions by nouns that cannot be a source with a name: "the unidentified woman", "Rowe's lawyer", "the government".

Each rule bars a link to a named source that nothing in the text ties to the mention, whatever the model thinks of it.
"""

from __future__ import annotations

from reportedly.annotation.sources.linking.figures import Figure
from reportedly.annotation.sources.linking.parties import Party, Register
from reportedly.annotation.sources.linking.views import View
from reportedly.annotation.sources.word_lists import BODY, DOCUMENT, PEOPLE, lists
from reportedly.lexicons.loader import words_of

_NOUNS = frozenset(["definite", "indefinite", "bare", "counted", "owned"])
_COMPARED = 12
"""The most names of a source with which a mention is compared."""


def is_stranger(register: Register, view: View, party: Party) -> bool:
    """Tell whether a mention by nouns denotes somebody other than a source that is known by name or by its owner."""
    if view.kind not in _NOUNS or view.own >= 0:
        return False
    if _is_anothers(view, party) or _is_earlier_paper(register, view, party):
        return True
    known = _known(register, party)
    if not known:
        return False
    return (
        _is_unidentified(register, view, known)
        or _is_another_body(view, party, known)
        or _is_another_by_name(view, party, known)
        or _speaks_for_another(register, view, party, known)
        or _holds_no_such_office(view, party, known)
    )


def _known(register: Register, party: Party) -> list[Figure]:
    """Return the figures whose names a source has, at most a few."""
    return [register.figures.members[n] for n in sorted(party.figures)[:_COMPARED]]


def _called(party: Party, known: list[Figure]) -> set[str]:
    """Return the words by which a source has been called, in lower case."""
    names = {word.lower() for figure in known for name in figure.names for word in name}
    return names | party.heads | party.words | party.called


def _is_unidentified(register: Register, view: View, known: list[Figure]) -> bool:
    """Tell whether a mention is of one person without a name, and the source is a person by name."""
    mention = view.mention
    if mention.plural or mention.spokes or not mention.flags & PEOPLE:
        return False
    if mention.flags & BODY:
        return False
    if not all(figure.kind == "person" for figure in known):
        return False
    forms = register.article.segmented.tokens.forms[view.first : view.end]
    first = forms[0].lower()
    words = {form.lower() for form in forms[:_BEFORE_NOUN]}
    return first == "another" or not words.isdisjoint(words_of("source_people", "unidentified"))


_BEFORE_NOUN = 4
"""Words at the beginning of a mention that may say that nobody knows who it is."""


def _is_anothers(view: View, party: Party) -> bool:
    """Tell whether a mention says whose lawyer, friend or poll it is, and a source is somebody else's or somebody else."""
    mention = view.mention
    whose = {view.principal, view.owner} - {-1}
    known = party.figures | party.principals | party.owners
    if not (whose and known and whose.isdisjoint(known)):
        return False
    if mention.flags & DOCUMENT:
        return view.kind in ("indefinite", "owned")
    return bool(view.kind == "owned" and mention.flags & PEOPLE and not mention.flags & BODY)


def _is_earlier_paper(register: Register, view: View, party: Party) -> bool:
    """Tell whether "a previous study" or "a separate poll" was linked to a paper that is not called so."""
    mention = view.mention
    if not mention.flags & DOCUMENT:
        return False
    forms = register.article.segmented.tokens.forms[view.first : view.end]
    words = {form.lower() for form in forms[:_BEFORE_NOUN]}
    told = words & words_of("source_documents", "other_than_this")
    return bool(told) and told.isdisjoint(party.words) and bool(party.explicit)


def _is_another_body(view: View, party: Party, known: list[Figure]) -> bool:
    """Tell whether "the army" or "the government" was linked to a body whose name says that it is of another kind."""
    own = words_of("source_bodies", "by_itself")
    if view.mention.head not in own or view.mention.head in _called(party, known):
        return False
    return all(
        figure.kind != "person" and _is_of_a_kind(figure, view.mention.head) for figure in known
    )


def _is_another_by_name(view: View, party: Party, known: list[Figure]) -> bool:
    """Tell whether "Norvex rebel group" was linked to a body without any of these capitalised words in its name, or an industry to one firm."""
    called = _called(party, known)
    if view.mention.head in words_of("source_bodies", "trade"):
        return view.mention.head not in called
    body = view.kind == "bare" and view.mention.flags & BODY and not view.mention.plural
    return bool(body and view.proper) and called.isdisjoint(view.proper)


def _is_of_a_kind(figure: Figure, head: str) -> bool:
    """Tell whether the name of a figure has a noun for a kind of body, not for one of those that rule."""
    words = {word.lower() for name in figure.names for word in name}
    return not words.isdisjoint(words_of("source_bodies", "never_rules")) and head not in words


def _speaks_for_another(register: Register, view: View, party: Party, known: list[Figure]) -> bool:
    """Tell whether "a spokesman for the coalition" was linked to a body by name that nobody calls a coalition."""
    mention = view.mention
    if not mention.spokes or view.principal >= 0 or mention.complement != "for":
        return False
    if any(figure.kind == "person" for figure in known):
        return False
    forms = register.article.segmented.tokens.forms[view.first : view.end]
    singular = lists().singular
    nouns = [singular.get(form.lower(), form.lower()) for form in forms]
    behind = nouns[nouns.index("for") + 1 :] if "for" in nouns else []
    bodies = [noun for noun in behind if lists().nouns.get(noun, 0) & BODY]
    return bool(bodies) and _called(party, known).isdisjoint(bodies)


def _holds_no_such_office(view: View, party: Party, known: list[Figure]) -> bool:
    """Tell whether "the senator" was linked to people of whom the text says another office and never that."""
    mention = view.mention
    if view.kind != "definite" or mention.plural or mention.head in party.heads:
        return False
    if mention.head not in words_of("source_people", "held_by_one"):
        return False
    return all(
        figure.kind == "person"
        and bool(figure.roles & words_of("source_people", "held_by_one"))
        and mention.head.split()[-1] not in figure.roles
        for figure in known
    )
