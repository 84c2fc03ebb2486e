"""The class that the words of a source with a name show.

A name beside "the blog" or "the newspaper" is an outlet's; one with shares and a chief executive is a company's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reportedly.annotation.sources.coreference.names import Article, look_up, without_article
from reportedly.annotation.sources.from_reading.nameless_class import (
    are_from_body,
    is_lore,
    speaks_for_person,
)
from reportedly.annotation.sources.linking.views import View
from reportedly.annotation.sources.word_lists import (
    BODY,
    BODY_WORD,
    DOCUMENT,
    GIVEN_NAME,
    PEOPLE,
    POSSESSIVES,
    PRESS,
    SPOKES,
    lists,
    type_name,
)
from reportedly.datamodel import SourceClass
from reportedly.lexicons.loader import words_of

_PLACES = 40
"""The most mentions of a name that are examined."""


def class_of_named(
    article: Article, told: SourceClass, name: tuple[str, ...], voiced: Sequence[View]
) -> SourceClass:
    """Return the class of a source that has a name."""
    if told == "named_organisation":
        return _of_named_body(article, name, voiced)
    if told == "document":
        return _of_named_paper(article, name, voiced)
    if told == "press":
        listed = " ".join(name) in lists().bodies and " ".join(name) not in lists().outlets
        return "named_organisation" if listed else "vague" if is_lore(name) else told
    if told != "named_person":
        titled = told == "unnamed" and any(map(_is_given_in_full, voiced))
        return "named_person" if titled else told
    if any(_is_thing(article, view) or _is_firm(article, view) for view in voiced):
        return "named_organisation"
    return _of_name(article, name, voiced) or told


def _of_named_body(article: Article, name: tuple[str, ...], voiced: Sequence[View]) -> SourceClass:
    """Return the class of a source that was classed as an organisation by name; people who belong to one, a blog, a news agency and an author get another class."""
    if voiced and all(map(are_from_body, voiced)):
        return "unnamed"
    if _is_blog(article, name) or name[-2:] in _AGENCIES:
        return "press"
    own = _is_author(article, name, voiced) or any(speaks_for_person(article, v) for v in voiced)
    return "named_person" if own else "named_organisation"


def _of_named_paper(article: Article, name: tuple[str, ...], voiced: Sequence[View]) -> SourceClass:
    """Return the class of a source that was classed as a document by name; a name alone, without a word for a text, gets another class.

    Of 2,692 sources of gold2's training articles that are annotated by a name alone, 12 are documents.
    """
    nouns = lists().nouns
    words = {
        view.statement.source.of(article.segmented.text) for view in voiced if view.statement.source
    }
    alone = all(without_article(one) == " ".join(name) for one in words)
    if not (voiced and alone) or nouns.get(name[-1].lower(), 0) & DOCUMENT:
        return "document"
    kind = look_up(article, name)[0]
    return "named_organisation" if kind == "body" else "press" if kind == "press" else "document"


def _is_given_in_full(view: View) -> bool:
    """Tell whether a mention gives the name of a person with a title: "a reader, Mr Per Lund"."""
    mention = view.mention
    titled = mention.titled and len(mention.name) >= _FULL and not mention.plural
    return titled and type_name(mention.name)[0] not in ("body", "press", "place")


def _is_author(article: Article, name: tuple[str, ...], voiced: Sequence[View]) -> bool:
    """Tell whether a name is a person's who speaks for nobody: "Ana Moor writes", but not "Ana Moor, a spokeswoman"."""
    if type_name(name)[0] != "person" or len(name) < _FULL:
        return False
    nouns, voices = lists().nouns, words_of("source_people", "voice_of")
    forms = article.segmented.tokens.forms
    beside = (
        form.lower()
        for first, end in _places(article, name)
        for form in forms[max(0, first - _BESIDE) : end + _BESIDE]
    )
    speaks = any(view.mention.spokes or view.mention.principal for view in voiced)
    return not speaks and not any(
        nouns.get(w, 0) & (SPOKES | PEOPLE) or w in voices for w in beside
    )


_FULL, _BESIDE = 2, 12
"""The words of a full name at least, and how many words on each side of it are examined."""
_AGENCIES = frozenset([("News", "Agency"), ("Press", "Agency"), ("Press", "Service")])
"""Last words of the names of agencies that bring news."""


def _is_firm(article: Article, view: View) -> bool:
    """Tell whether a name announces what "it" will do, as only firms and bodies do."""
    span = view.statement.source
    if span is None or view.mention.kind != "name" or view.mention.titled or view.mention.gender:
        return False
    return _OWN_PLAN.match(article.segmented.text, span.end) is not None


_OWN_PLAN = re.compile(
    r"(?: also| later| then| \w{2,20}ly)? announced(?: (?:on )?[A-Z]\w{2,12})? (?:that )?it (?:will|would|has|had|plans|intends) (?!be (?:an?|the|up|hard|clear)\b)"
)
"""What follows the name of a firm that tells its own plans: "announced it will pay its owners"."""


def _is_blog(article: Article, name: tuple[str, ...]) -> bool:
    """Tell whether a name that is on no list is an outlet's, by "the blog" before it or ", a local blog," behind it."""
    if type_name(name)[0] in ("body", "place") or " ".join(name) in lists().bodies:
        return False
    forms, called = article.segmented.tokens.forms, words_of("source_outlets", "before_name")
    return any(
        (first and forms[first - 1] in called)
        or (
            forms[end] == ","
            and forms[end + 1 : end + 2] in (("a",), ("an",), ("the",))
            and _noun_behind(forms, end + 2) in called
        )
        for first, end in _places(article, name)
    )


def _noun_behind(forms: Sequence[str], at: int) -> str:
    """Return the last word of an apposition that begins at a token, empty if no mark closes it soon."""
    for end in range(at + 1, min(len(forms), at + _APPOSITION)):
        if forms[end] in (",", ".", "–", "—"):
            return forms[end - 1]
    return ""


_APPOSITION = 6
"""The most tokens of an apposition: ", a conservative blog,"."""


def _of_name(article: Article, name: tuple[str, ...], voiced: Sequence[View]) -> SourceClass | None:
    """Return the class of a name that cannot be a person's; None if it may be."""
    if any(view.mention.titled or view.mention.gender or view.mention.spokes for view in voiced):
        return None
    kind = type_name(name)[0]
    if kind == "press":
        return "press"
    if kind == "body" and _is_body(article, name):
        return "named_organisation"
    if kind == "person" or lists().capitals.get(name[0], 0) & GIVEN_NAME:
        return None
    return _by_neighbours(article, name)


def _is_body(article: Article, name: tuple[str, ...]) -> bool:
    """Tell whether a name that looks like an organisation's is one; a single word needs "the" or a list, since "PEN" may be a handle."""
    if len(name) > 1 or name[0] in lists().bodies or lists().capitals.get(name[0], 0) & BODY_WORD:
        return True
    forms = article.segmented.tokens.forms
    return any(first and forms[first - 1] in ("the", "The") for first, _ in _places(article, name))


def _by_neighbours(article: Article, name: tuple[str, ...]) -> SourceClass | None:
    """Return the class of a name by the words beside it: "the blog", "the drugmaker", or "'s shares"."""
    forms, nouns = article.segmented.tokens.forms, lists().nouns
    for first, end in _places(article, name):
        before = forms[first - 1].lower() if first else ""
        if before in ("called", "named") and first > 1:
            before = forms[first - 2].lower()
        kinds = nouns.get(before, 0)
        if not kinds & PEOPLE and before not in lists().press_people:
            if kinds & PRESS or before in words_of("source_outlets", "before_name"):
                return "press"
            if kinds & BODY and before in words_of("source_bodies", "before_name"):
                return "named_organisation"
        if len(name) == 1 and _brings_out(forms, first, end):
            return "named_organisation"
        if forms[end] in POSSESSIVES and _has_what_firms_have(forms, end + 1):
            return "named_organisation"
    return None


def _brings_out(forms: Sequence[str], first: int, end: int) -> bool:
    """Tell whether a name stands with what research firms bring out: "the Lunden survey", "a study by Lunden"."""
    outputs = words_of("source_bodies", "research_output")
    by = first > 1 and forms[first - 1] in ("by", "from") and forms[first - 2] in outputs
    return by or forms[end] in outputs


def _places(article: Article, name: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Yield the token ranges at which the whole name stands, followed by another token."""
    forms = article.segmented.tokens.forms
    for at in article.capitals.get(name[0], ())[:_PLACES]:
        end = at + len(name)
        if end < len(forms) and tuple(forms[at:end]) == name:
            yield at, end


def _has_what_firms_have(forms: Sequence[str], at: int) -> bool:
    """Tell whether the words after "'s" are something that only firms have: "shares", "chief executive"."""
    one, two = (" ".join(forms[at : at + size]).lower() for size in (1, 2))
    owned = words_of("source_bodies", "owned_by_firm")
    return one in owned or two in owned


def _is_thing(article: Article, view: View) -> bool:
    """Tell whether a name is not a person's: ", which" follows it, or it has a company mark like "Inc."."""
    span = view.statement.source
    if span is None or view.mention.kind != "name":
        return False
    if not lists().company_marks.isdisjoint(view.mention.name):
        return True
    text = article.segmented.text
    words = span.of(text)
    return _NAME_WHICH.match(words) is not None or (
        "," not in words and _GOES_ON.match(text, span.end) is not None
    )


_NAME_WHICH = re.compile(r"(?:[Tt]he )?[A-Z][\w&'’.-]{0,30}(?: [A-Z][\w&'’.-]{0,30}){0,5}, which ")
_GOES_ON = re.compile(r"(?: [A-Z][\w'’.-]{0,30}){0,4}, which ")
