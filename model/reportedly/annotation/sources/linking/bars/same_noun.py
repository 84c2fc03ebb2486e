"""Do two mentions by one noun mean the same? "Many clerks" are not "the clerks", nor "the rival team" "the mayor's team"."""

from __future__ import annotations

from collections.abc import Iterator

from reportedly.annotation.sources.coreference.names import COMPARED
from reportedly.annotation.sources.linking.parties import Party, Register
from reportedly.annotation.sources.linking.views import NOUNS, View
from reportedly.annotation.sources.linking.wording import theirs
from reportedly.annotation.sources.word_lists import BODY, COLLECTIVE, PEOPLE, POSSESSIVES, lists
from reportedly.lexicons.loader import words_of


def are_others(register: Register, view: View, party: Party) -> bool:
    """Tell whether a mention by a noun means others than the source that the same noun called before."""
    if not view.by_noun or view.mention.head not in party.heads:
        return False
    alike = list(_alike(register, view, party))
    return bool(alike) and (
        _is_afresh(register, view, alike)
        or _differ_in_number(view, alike)
        or all(_are_of_others(register, view, other) for other in alike)
    )


def _alike(register: Register, view: View, party: Party) -> Iterator[View]:
    """Yield the last mentions of a source by the same noun."""
    for place in party.explicit[-COMPARED:]:
        other = register.views[place]
        if other.kind in NOUNS and other.mention.head == view.mention.head:
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
    noun = register.wording.head_at(view)
    if noun == view.end:
        return set()
    forms = register.article.segmented.tokens.forms[view.first : noun + 1]
    side = view.mention.head in words_of("source_people", "side")
    skipped, bodies = words_of("source_grammar", "leading"), lists().nouns
    found = set()
    for n, form in enumerate(forms[:-1]):
        lower = form.lower()
        if form in POSSESSIVES or lower in skipped:
            continue
        owns = forms[n + 1] in POSSESSIVES or lower.endswith(("'s", "’s"))
        named = form[0].isupper() and (n or form.isupper() or lower in view.proper)
        if owns or named or (side and n and bodies.get(lower, 0) & (PEOPLE | BODY)):
            found.add(theirs(lower))
    return found - {"the", "a", "an"}
