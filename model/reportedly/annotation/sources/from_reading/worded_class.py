"""Correct a source's class where its words show one that the model did not choose.

A name beside "the blog" or "the newspaper" is an outlet's; one with shares and a chief executive is a company's;
"rumours" have no source in particular; several people without a name, or "a former waiter" who is later "she", are
unnamed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reportedly.annotation.sources.coreference.mentions import Mention
from reportedly.annotation.sources.coreference.names import Article
from reportedly.annotation.sources.linking.views import View
from reportedly.annotation.sources.word_lists import (
    ANON,
    BODY,
    BODY_WORD,
    COLLECTIVE,
    GIVEN_NAME,
    HEARSAY,
    OUTLET_WORD,
    PEOPLE,
    PLURAL,
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


def class_by_words(
    article: Article,
    told: SourceClass,
    name: Sequence[str],
    voiced: Sequence[View],
    *,
    hidden: bool,
) -> SourceClass:
    """Return the class of a source: `told`, unless its words or a grant of anonymity show another.

    `name` is the source's own, empty if it has none; `voiced` are its statements with words for it; `hidden` is
    true if it was granted anonymity.
    """
    spokes = any(view.mention.spokes for view in voiced)
    if hidden and not (spokes and told == "named_organisation"):
        return "unnamed"
    if name:
        return _of_named(article, told, tuple(name), voiced)
    return _of_nameless(article, told, voiced) if voiced else told


def _of_named(
    article: Article, told: SourceClass, name: tuple[str, ...], voiced: Sequence[View]
) -> SourceClass:
    """Return the class of a source that has a name."""
    if told == "named_organisation":
        return _of_named_body(article, name, voiced)
    if told == "press":
        listed = " ".join(name) in lists().bodies and " ".join(name) not in lists().outlets
        return "named_organisation" if listed else "vague" if is_lore(name) else told
    if told != "named_person":
        return told
    if any(_is_thing(article, view) or _is_firm(article, view) for view in voiced):
        return "named_organisation"
    return _of_name(article, name, voiced) or told


def _of_named_body(article: Article, name: tuple[str, ...], voiced: Sequence[View]) -> SourceClass:
    """Return the class of who was taken for a body by its name: people of one, a blog, a news agency, an author are none."""
    if voiced and all(map(_are_from_body, voiced)):
        return "unnamed"
    if _is_blog(article, name) or name[-2:] in _AGENCIES:
        return "press"
    return "named_person" if _is_author(article, name, voiced) else "named_organisation"


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


def is_lore(words: Sequence[str]) -> bool:
    """Tell whether words call what is nobody's word: "legend", "the Left"."""
    return " ".join(words).lower().removeprefix("the ") in words_of("source_vague", "lore")


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


def _of_nameless(article: Article, told: SourceClass, voiced: Sequence[View]) -> SourceClass:
    """Return the class of a source without a name."""
    if _is_anybody(voiced):
        return "vague"
    nouns = [view.mention for view in voiced if view.mention.kind == "nominal"]
    if told in ("press", "document") and nouns and all(map(_is_nobodys, nouns)):
        return "vague"
    if told == "press":
        return "document" if nouns and all(map(_is_writing, nouns)) else told
    if told not in ("named_person", "document"):
        return _of_no_body(voiced, nouns) if told == "named_organisation" else told
    kin = told == "named_person" and all(_is_kin(article, view) for view in voiced)
    if nouns and (kin or _is_introduced(voiced, told)):
        return "unnamed"
    return _of_things(nouns) or told if told == "named_person" else told


def _is_nobodys(mention: Mention) -> bool:
    """Tell whether a mention is "reports" or a legend, which are nobody's word."""
    return _are_bare_reports(mention) or is_lore((mention.head,))


def _is_writing(mention: Mention) -> bool:
    """Tell whether a mention is a text that no outlet brings out: "Lund's tweet", "a report by a committee"."""
    if mention.name or mention.flags & (PRESS | PEOPLE):
        return False
    by = mention.head == "report" and mention.complement in ("by", "from", "of")
    return mention.head in words_of("source_documents", "no_news") or (by and _by_body(mention))


def _by_body(mention: Mention) -> bool:
    """Tell whether a mention has a word for an organisation and none for an outlet: "a report by the Harbour Institute"."""
    capitals, nouns = lists().capitals, lists().nouns
    bits = [capitals.get(word.capitalize(), 0) for word in mention.words]
    body = any(bit & BODY_WORD for bit in bits) or any(
        nouns.get(w, 0) & BODY for w in mention.words
    )
    return body and not any(bit & OUTLET_WORD for bit in bits)


def _of_no_body(voiced: Sequence[View], nouns: Sequence[Mention]) -> SourceClass:
    """Return the class of who was taken for a body without a name: officials of one, "some groups", rumours are none."""
    if not nouns:
        return "named_organisation"
    if all(mention.flags & HEARSAY for mention in nouns):
        return "vague"
    many = all(view.mention.kind != "nominal" or _are_any_bodies(view) for view in voiced)
    if many or all(map(_are_from_body, voiced)):
        return "unnamed"
    if all(m.head in _POWERS and m.flags & PLURAL and m.determiner != "definite" for m in nouns):
        return "vague"
    sweeping = all(m.determiner == "sweeping" and m.flags & PLURAL for m in nouns)
    if sweeping and not any(mention.name or mention.principal for mention in nouns):
        return "vague"
    return "named_organisation"


def _are_any_bodies(view: View) -> bool:
    """Tell whether a mention is several bodies without a name, or members of one: "gun-control groups", "MPs".

    A capital at the beginning of a sentence is no name: "Rights groups said so."
    """
    mention, source = view.mention, view.statement.source
    plain = mention.determiner in ("", "indefinite", "counted") and mention.plural
    first = len(mention.principal) == 1 and source and source.start == view.statement.extent.start
    unnamed = not (mention.name or mention.spokes) and (first or not mention.principal)
    return bool(plain and unnamed and mention.head in words_of("source_bodies", "of_many"))


_POWERS = frozenset(["state", "country", "nation", "government", "power", "capital"])
"""Nouns that in the plural mean no particular body: "Western states"."""


def _are_from_body(view: View) -> bool:
    """Tell whether a mention is of people of a body who do not speak for it: "an official from the centre", "State Department officials"."""
    mention = view.mention
    apart = mention.kind == "nominal" and not (mention.name or mention.spokes)
    return (
        apart
        and mention.head in words_of("source_people", "of_body")
        and mention.determiner in ("", "indefinite", "counted", "sweeping")
    )


def _of_things(nouns: Sequence[Mention]) -> SourceClass | None:
    """Return the class of a source whose `nouns` cannot mean a single person; None if one may."""
    if not nouns or any(mention.name or mention.principal for mention in nouns):
        return None
    if all(mention.flags & HEARSAY and not mention.flags & PEOPLE for mention in nouns):
        return "vague"
    return "unnamed" if all(map(_are_people, nouns)) else None


def _are_people(mention: Mention) -> bool:
    """Tell whether a mention is several unnamed people, "residents" or "some aides"; "the authors" may have been named."""
    return (
        bool(mention.flags & PLURAL)
        and bool(mention.flags & (ANON | COLLECTIVE))
        and mention.determiner != "definite"
    )


def _are_bare_reports(mention: Mention) -> bool:
    """Tell whether a mention is "reports" or "some reports" without an outlet, an organisation or a kind of report."""
    return (
        mention.head == "report"
        and bool(mention.flags & PLURAL)
        and mention.determiner in ("", "sweeping", "counted")
        and not (mention.name or mention.principal or mention.body_noun)
        and mention.words <= words_of("source_vague", "bare_report")
    )


def _is_introduced(voiced: Sequence[View], told: SourceClass) -> bool:
    """Tell whether mentions introduce a person without a name, then use pronouns and the same noun."""
    new = [view.mention for view in voiced if _introduces_somebody(view, told)]
    heads = {mention.head for mention in new}
    return bool(new) and all(
        _introduces_somebody(view, told)
        or view.mention.kind == "pronoun"
        or (view.mention.kind == "nominal" and view.mention.head in heads and not view.mention.name)
        for view in voiced
    )


def _introduces_somebody(view: View, told: SourceClass) -> bool:
    """Tell whether a mention introduces a person without a name: "a former waiter", "one diver".

    A noun on no list means a person where the model says so.
    """
    mention = view.mention
    return (
        mention.kind == "nominal"
        and not mention.name
        and not mention.spokes
        and mention.determiner in ("indefinite", "counted")
        and (
            bool(mention.flags & (ANON | COLLECTIVE))
            or (
                not (mention.flags or mention.principal)
                and mention.head.islower()
                and told == "named_person"
            )
        )
    )


def _is_kin(article: Article, view: View) -> bool:
    """Tell whether a mention is somebody's relative or friend whom the article does not name: "his brother"."""
    mention, text = view.mention, article.segmented.text
    if (
        mention.kind != "nominal"
        or mention.name
        or mention.determiner not in ("possessive", "owned")
        or mention.head not in words_of("source_people", "kin")
        or view.statement.source is None
    ):
        return False
    span = view.statement.source
    around = text[max(0, span.start - _KIN_WITHIN) : span.end + _KIN_WITHIN]
    owner = _OWNER.search(span.of(text))
    namesakes = re.findall(rf"([A-Z]\w+) {re.escape(owner[1])}\b", around) if owner else []
    return len(set(namesakes)) <= 1 and re.search(rf"\b{mention.head}s?,? [A-Z]", around) is None


_KIN_WITHIN = 4000
"""A relative's name is searched within so many characters of the mention."""


def _is_anybody(voiced: Sequence[View]) -> bool:
    """Tell whether a source is nobody in particular: called "some" or "many", and never by a noun or name that is known."""
    called = any(view.mention.flags or view.mention.name for view in voiced)
    return not called and any(view.mention.head in _ANYBODY for view in voiced)


_ANYBODY = frozenset(["some", "many", "most", "few", "everyone", "everybody"])
"""Pronouns for nobody in particular."""
_OWNER = re.compile(r"\b(\w++)['’]s\b")


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
