"""May a mention be a source spoken of before? The rules that bar a link, whatever the model thinks of it.

Rules for people, bodies, spokespeople and repeated nouns have modules of their own; here are those for names, for papers
and for what is no person. Of twelve links barred on annotated articles that the linker had not seen, eleven were wrong and
one is open.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from reportedly.annotation.sources.coreference.names import COMPARED
from reportedly.annotation.sources.linking.bars.bodies import is_another_body, is_named_otherwise
from reportedly.annotation.sources.linking.bars.people import (
    are_several,
    is_another_person,
    is_one_person,
)
from reportedly.annotation.sources.linking.bars.same_noun import are_others
from reportedly.annotation.sources.linking.bars.spokespeople import speaks_for_another
from reportedly.annotation.sources.linking.figures import Figure
from reportedly.annotation.sources.linking.parties import Party, Register
from reportedly.annotation.sources.linking.views import View
from reportedly.annotation.sources.linking.wording import SMALL, distinctive
from reportedly.annotation.sources.word_lists import BODY, DOCUMENT, PEOPLE
from reportedly.lexicons.loader import words_of


def barred(register: Register, view: View, parties: Sequence[Party]) -> list[bool]:
    """Return for each source spoken of before whether a mention cannot be it."""
    if view.elided:
        return [_is_quoted_in(register, view, party) for party in parties]
    if view.own >= 0:
        return [_is_another_by_name(register, view, party) for party in parties]
    several = are_several(register, view)
    return [
        (several and is_one_person(register, party)) or _is_another(register, view, party)
        for party in parties
    ]


def _is_another_by_name(register: Register, view: View, party: Party) -> bool:
    """Tell whether a mention with a name cannot be a source."""
    return (
        _has_another_name(register, view, party)
        or _is_another_paper(register, view, party)
        or is_named_otherwise(register, view, party)
    )


def _is_another(register: Register, view: View, party: Party) -> bool:
    """Tell whether a mention without a name cannot be a source."""
    if view.kind == "he":
        return _are_things(register, party)
    one = view.mention.flags & PEOPLE and not (view.mention.flags & BODY or view.mention.plural)
    if one and view.kind in ("definite", "indefinite") and _are_things(register, party):
        return True
    return (
        _is_another_paper(register, view, party)
        or are_others(register, view, party)
        or _are_further(register, view, party)
        or is_another_person(register, view, party)
        or speaks_for_another(register, view, party)
        or is_another_body(register, view, party)
    )


def _has_another_name(register: Register, view: View, party: Party) -> bool:
    """Tell whether a source has other names than a mention that is a name.

    The source may still be the one that the mention speaks for, or vice versa.
    """
    if view.own in party.principals or view.principal in party.figures | party.principals:
        return False
    called = frozenset(word.lower() for word in view.mention.name) - SMALL
    if register.figures.members[view.own].kind == "body":
        called = distinctive(view.mention.name) or called
    if not party.figures:
        return _has_other_words(register, view, party, called)
    return called.isdisjoint(register.wording.called(party.figures))


def _has_other_words(register: Register, view: View, party: Party, called: Collection[str]) -> bool:
    """Tell whether a full name and its nouns differ from all by which a source without a name goes."""
    words, full = party.heads | party.words, register.figures.members[view.own].person
    if any(register.views[place].kind == "definite" for place in party.explicit):
        # "the actress" is named soon afterwards
        words, full = party.heads, len(view.mention.name) > 1 and bool(party.proper)
    return full and party.proper.isdisjoint(called) and view.mention.words.isdisjoint(words)


def _is_another_paper(register: Register, view: View, party: Party) -> bool:
    """Tell whether a mention is a paper by others than a source is, or "a previous study" after a study."""
    if not view.mention.flags & DOCUMENT:
        return False
    if view.by_noun and _is_receiver(register, view, party):
        return True
    whose, tied = view.whose, party.tied
    if whose and tied and whose.isdisjoint(tied):
        fresh = view.by_noun and view.kind in ("indefinite", "owned")
        if party.figures or fresh:
            return True
    return view.by_noun and _is_earlier_paper(register, view, party)


def _is_receiver(register: Register, view: View, party: Party) -> bool:
    """Tell whether a source is only whom a letter is addressed to: "Rowe's letter to Holm" is not Holm's."""
    tokens = register.article.segmented.tokens.forms[view.first : view.end]
    forms = [form.lower() for form in tokens]
    sent = words_of("source_documents", "sent")
    if not party.figures or "to" not in forms or sent.isdisjoint(forms):
        return False
    at_token, behind = register.figures.at_token, view.first + forms.index("to")
    senders = {at_token.get(at, -1) for at in range(view.first, behind)}
    receivers = {at_token.get(at, -1) for at in range(behind, view.end)}
    return party.figures <= receivers and party.figures.isdisjoint(senders)


def _is_earlier_paper(register: Register, view: View, party: Party) -> bool:
    """Tell whether "a previous study" or "a separate poll" was linked to a paper that is not called so."""
    told = words_of("source_documents", "other_than_this").intersection(
        register.wording.opening(view)
    )
    return bool(told and party.explicit) and told.isdisjoint(party.words)


def _are_further(register: Register, view: View, party: Party) -> bool:
    """Tell whether "other officials" or "work by others" was linked to a source that was not called so."""
    if view.kind not in ("bare", "counted") or not party.explicit:
        return False
    told = _FURTHER.intersection(register.wording.opening(view))
    return bool(told) and _FURTHER.isdisjoint(party.words)


_FURTHER = frozenset(["other", "others"])


def _is_quoted_in(register: Register, view: View, party: Party) -> bool:
    """Tell whether a source is a body that is named only within quotations, while the quotation's speaker speaks on."""
    if view.kind != "carried" or view.quotation < 0 or view.quoted < _QUOTED:
        return False
    if not (party.explicit and party.figures):
        return False
    if not all(figure.kind == "body" for figure in register.known(party)):
        return False
    said = [register.views[place] for place in party.explicit[-COMPARED:]]
    return all(one.inside and one.sentence != view.sentence for one in said)


_QUOTED = 0.9
"""The share of a sentence within quotation marks from which it continues a quotation."""


def _are_things(register: Register, party: Party) -> bool:
    """Tell whether a source goes by the names of wars, laws or places alone, or is a photographer's: no "he" means it."""
    members = register.figures.members
    return bool(party.figures) and all(
        is_thing(members[place]) or is_credited(register, place) for place in party.figures
    )


def is_thing(figure: Figure) -> bool:
    """Tell whether a name is a war's, a law's, an event's or a place's: "Harbour War", "Port Lund"."""
    name = figure.full
    if figure.kind == "place" and not figure.gender:
        return True
    if figure.gender or len(name) < 2:
        return False
    return name[-1] in words_of("source_bodies", "thing_end") or name[0] in words_of(
        "source_bodies", "place_start"
    )


def is_credited(register: Register, number: int) -> bool:
    """Tell whether a figure is named only in photo credits, before the agency: "Ada Finch/Kestrel"."""
    forms, at_token = register.article.segmented.tokens.forms, register.figures.at_token
    for first in register.figures.members[number].tokens[:COMPARED]:
        end = first
        while at_token.get(end) == number:
            end += 1
        if forms[end : end + 1] != ("/",):
            return False
    return True
