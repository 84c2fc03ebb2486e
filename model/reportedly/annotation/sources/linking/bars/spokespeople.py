"""For whom does a spokesperson speak? "A Norvex spokesman" is no union's, "a spokesman for the coalition" no observatory's."""

from __future__ import annotations

from reportedly.annotation.sources.coreference.names import COMPARED
from reportedly.annotation.sources.linking.parties import Party, Register
from reportedly.annotation.sources.linking.views import View
from reportedly.annotation.sources.linking.wording import same_place
from reportedly.annotation.sources.word_lists import BODY, lists


def speaks_for_another(register: Register, view: View, party: Party) -> bool:
    """Tell whether a mention is of a spokesperson, without a name, of somebody other than a source."""
    if not view.by_noun or not view.mention.spokes:
        return False
    if view.principal >= 0:
        return _for_another_figure(register, view, party)
    if any(figure.kind == "person" for figure in register.known(party)):
        return False
    return _for_another_name(register, view, party) or _for_another_noun(register, view, party)


def _for_another_figure(register: Register, view: View, party: Party) -> bool:
    """Tell whether a spokesperson speaks for somebody who is named elsewhere too: "a Norvex spokesman" after a union."""
    known = party.tied
    if not known or view.principal in known:
        return False
    called = register.wording.called(sorted(known)[:COMPARED])
    return called.isdisjoint(register.wording.names(view.principal).words)


def _for_another_name(register: Register, view: View, party: Party) -> bool:
    """Tell whether a spokesperson speaks for a body by a name of which a source has no word: "a spokesman for the Greens"."""
    own = {word.lower() for word in view.mention.principal if word[0].isupper()}
    if not own:
        return False
    names = register.wording.called(register.numbers(party)) | party.proper
    called = names | party.words
    return bool(names) and not any(same_place(one, other) for one in own for other in called)


def _for_another_noun(register: Register, view: View, party: Party) -> bool:
    """Tell whether a spokesperson speaks for a body by a noun that calls no source: "a spokesman for the coalition"."""
    if view.mention.complement != "for" or not party.figures:
        return False
    singular, nouns = lists().singular, lists().nouns
    forms = register.article.segmented.tokens.forms[view.first : view.end]
    words = [singular.get(form.lower(), form.lower()) for form in forms]
    behind = words[words.index("for") + 1 :] if "for" in words else []
    bodies = [word for word in behind if nouns.get(word, 0) & BODY]
    names = register.wording.called(register.numbers(party))
    return bool(bodies) and (names | party.heads | party.words | party.called).isdisjoint(bodies)
