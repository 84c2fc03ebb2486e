"""Which body a noun calls: "the government" is no observatory, "the Labour party" no Conservative one, "rebels" no company.

A link of a common noun to a body needs evidence: the noun fits what the body's name or earlier nouns tell of it, and no name
before the noun is another's. The nouns of each sort of body are data in ``lexicons/source_bodies.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from reportedly.annotation.sources.coreference.mentions import tells_whence
from reportedly.annotation.sources.linking.figures import Figure
from reportedly.annotation.sources.linking.parties import Party, Register
from reportedly.annotation.sources.linking.views import View
from reportedly.annotation.sources.word_lists import BODY, BODY_WORD, PEOPLE, lists
from reportedly.lexicons.loader import load, words_of

_NOUNS = frozenset(["definite", "indefinite", "bare", "counted", "owned"])
_COMPARED = 12
"""The most names of a source with which a mention is compared."""


def is_another_body(register: Register, view: View, party: Party) -> bool:
    """Tell whether a mention by a noun denotes another body, or other people, than a source."""
    known = [register.figures.members[n] for n in sorted(party.figures)[:_COMPARED]]
    mention = view.mention
    if view.kind == "name" and view.own >= 0 and not known:
        return _is_named_otherwise(register.figures.members[view.own], party)
    if view.kind not in _NOUNS or view.own >= 0:
        return False
    if mention.spokes:
        return _speaks_for_another(view, party, known)
    if mention.flags & PEOPLE and not mention.flags & BODY:
        return mention.plural and _are_strangers(view, party, known)
    return bool(_own_sorts(mention.head)) and (
        _differ_in_number(view, party, known)
        or _is_called_otherwise(register, view, party, known)
        or not _fits(view, party, known, _own_sorts(mention.head))
    )


def _is_named_otherwise(figure: Figure, party: Party) -> bool:
    """Tell whether the name of a body tells another sort than the nouns by which a source without a name goes."""
    told = _sorts(word.lower() for name in figure.names for word in name)
    own = frozenset().union(*map(_own_sorts, party.heads))
    return figure.kind == "body" and bool(told and own) and told.isdisjoint(own)


def _differ_in_number(view: View, party: Party, known: list[Figure]) -> bool:
    """Tell whether one of several bodies, or several after one, is meant: "the company" after "industry groups"."""
    mention = view.mention
    alike = mention.head in words_of("source_bodies", "plural_body") or mention.head in party.heads
    if alike or view.proper:
        return False
    if mention.plural:
        return view.kind in ("bare", "indefinite", "counted") and (bool(known) or not party.plural)
    several = party.plural and party.heads.isdisjoint(words_of("source_bodies", "plural_body"))
    return several and not known and bool(_sorts(party.heads))


@lru_cache(maxsize=1)
def _nouns() -> dict[str, frozenset[str]]:
    """Return the sorts of body that each noun may call."""
    lexicon = load("source_bodies")
    told = (str(entry.attributes.get("kind", "")) for entry in lexicon.entries)
    kinds = {kind for kind in told if kind.startswith("sort_")}
    found: dict[str, set[str]] = {}
    for kind in sorted(kinds):
        for term in lexicon.of_kind(kind):
            found.setdefault(term, set()).add(kind)
    return {term: frozenset(sorts) for term, sorts in found.items()}


def _sorts(words: Iterable[str]) -> frozenset[str]:
    """Return the sorts of body that words in lower case tell."""
    table, singular = _nouns(), lists().singular
    told = (table.get(word) or table.get(singular.get(word, "")) or frozenset() for word in words)
    return frozenset().union(*told)


def _own_sorts(head: str) -> frozenset[str]:
    """Return the sorts of body that a noun by itself may call."""
    narrow = {
        sort for sort in _sorts([head]) if head in words_of("source_bodies", f"narrow_{sort[5:]}")
    }
    return frozenset(narrow) or _sorts([head])


def _named_words(known: list[Figure]) -> set[str]:
    """Return the words and whole names of figures in lower case; "company" for a legal form like "Inc."."""
    names = {word for figure in known for name in figure.names for word in name}
    phrases = {" ".join(name).lower() for figure in known for name in figure.names}
    firm = {"company"} if names & lists().company_marks else set()
    return {word.lower() for word in names} | phrases | firm


def _fits(view: View, party: Party, known: list[Figure], own: frozenset[str]) -> bool:
    """Tell whether a noun of the sorts `own` can call a source."""
    called, head, nouns = _named_words(known), view.mention.head, lists().nouns
    told = _sorts(called | party.heads | {w for w in party.words if nouns.get(w, 0) & BODY})
    if known and all(map(_is_person, known)):
        led = head in words_of("source_bodies", "of_person") or bool(party.principals)
        return led or head in party.heads
    if head in called | party.heads | party.words or not own.isdisjoint(told):
        return True
    if not known:
        return not told
    return not told and any(_may_be(figure, own) for figure in known)


def _is_person(figure: Figure) -> bool:
    """Tell whether a figure is surely a person: something beside its name shows that, or a given name does."""
    shown = figure.gender or figure.he or figure.she or figure.roles
    return figure.kind == "person" and bool(shown or len(figure.full) > 1)


def _may_be(figure: Figure, own: frozenset[str]) -> bool:
    """Tell whether a body whose name tells no sort may be of the sorts `own`: a place rules, initials may be anything but a trade."""
    phrase = " ".join(figure.full)
    if figure.kind == "place" or phrase in lists().places:
        return not own.isdisjoint(("sort_rulers", "sort_team", "sort_forces"))
    short = phrase.replace(".", "").isupper()
    if short or figure.kind == "press":
        return own.isdisjoint(("sort_branch",)) and own != {"sort_rulers"}
    return not own.isdisjoint(words_of("source_bodies", "untold_sort"))


def _is_called_otherwise(register: Register, view: View, party: Party, known: list[Figure]) -> bool:
    """Tell whether the words before a noun, or behind its "of", are another's: "the Labour party", "the health ministry"."""
    head, theirs = view.mention.head, _names_of(party, known)
    places = any(figure.kind == "place" for figure in known)
    bodies = known or any(map(_own_sorts, party.heads))
    if not (theirs and bodies) or (places and "sort_rulers" in _own_sorts(head)):
        return False
    names, matters = _before(register, view)
    if head not in words_of("source_bodies", "told_by_name"):
        names = {word for word in names if not _tells_where(word)}
    if head not in words_of("source_bodies", "told_by_matter"):
        matters = set()
    asked = names or matters
    return bool(asked) and not any(
        _same_place(one, other) for one in asked for other in theirs | party.words
    )


def _names_of(party: Party, known: list[Figure]) -> set[str]:
    """Return the capitalised words by which a source goes, in lower case, without nouns for bodies."""
    names = {word for figure in known for name in figure.names for word in name}
    if any(figure.kind == "person" and len(figure.full) > 1 for figure in known):
        return set()
    nouns = lists().nouns
    return distinctive(names) | {word for word in party.proper if not nouns.get(word, 0) & BODY}


def _tells_where(word: str) -> bool:
    """Tell whether a capitalised word before "group" only says where it is: "Australian", "London-based"."""
    capital = word.capitalize()
    ends = tuple(words_of("source_bodies", "of_people"))
    return capital in lists().places or word.upper() in lists().places or word.endswith(ends)


def _before(register: Register, view: View) -> tuple[set[str], set[str]]:
    """Return the names before a noun and behind its "of", and the other nouns before it, all in lower case."""
    forms, singular = register.article.segmented.tokens.forms, lists().singular
    names: set[str] = set()
    matters: set[str] = set()
    for at in range(view.first, view.end):
        lower = forms[at].lower()
        if singular.get(lower, lower) == view.mention.head:
            if forms[at + 1 : at + 2] == ("of",):
                names |= {word.lower() for word in forms[at + 2 : view.end] if word[0].isupper()}
            if at > view.first and forms[at - 1].islower():
                matters.add(forms[at - 1])
            break
        told = forms[at + 1] == "-" or tells_whence(lower)
        if forms[at][0].isupper() and lower in view.proper and not told:
            names.add(lower)
    leading = words_of("source_grammar", "definite", "possessive", "indefinite", "leading")
    return names - _OFFICES, matters - leading


_OFFICES = frozenset(["president", "prime", "minister", "king", "queen"])
"""Capitalised words that name nobody by themselves."""

_SHORT = 4
"""Letters that the names of a place and of its people share at least: "Russia", "Russian"."""
_SAME = {
    "u.s.": "american",
    "us": "american",
    "united": "american",
    "u.k.": "british",
    "uk": "british",
}


def _same_place(one: str, other: str) -> bool:
    """Tell whether two words are the same name, or a place's and its people's."""
    one, other = _SAME.get(one, one), _SAME.get(other, other)
    return one == other or (len(one) >= _SHORT and one[:_SHORT] == other[:_SHORT])


def _are_strangers(view: View, party: Party, known: list[Figure]) -> bool:
    """Tell whether several people are none of a body by name: "rebels" after an observatory."""
    if not known or any(figure.kind == "person" for figure in known):
        return False
    head = view.mention.head
    if head in words_of("source_bodies", "staff") or view.principal in party.figures:
        return False
    singular = lists().singular
    words = _named_words(known) | party.heads | party.words
    called = {singular.get(word, word) for word in words}
    return head not in called and view.mention.determiner in (
        "",
        "indefinite",
        "counted",
        "sweeping",
    )


def _speaks_for_another(view: View, party: Party, known: list[Figure]) -> bool:
    """Tell whether a spokesperson speaks for a body by name of which a source has no word: "a spokesman for the Greens"."""
    own = {word.lower() for word in view.mention.principal if word[0].isupper()}
    theirs = {w.lower() for figure in known for name in figure.names for w in name} | party.proper
    if not own or not theirs or view.principal >= 0 or any(f.kind == "person" for f in known):
        return False
    return not any(_same_place(one, other) for one in own for other in theirs | party.words)


def distinctive(words: Iterable[str]) -> set[str]:
    """Return the words of a body's name, in lower case, that tell it from others of its sort: "Trade" of "Ministry of Trade"."""
    known = lists().capitals
    return {word.lower() for word in words if not known.get(word, 0) & BODY_WORD} - _LITTLE


_LITTLE = frozenset(["the", "of", "and", "for", "&", "in", "on", "a"])
