"""The class that the words of a source without a name show.

"Rumours" have no source in particular; several people without a name, or "a former waiter" who is later "she", are
unnamed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from reportedly.annotation.sources.coreference.mentions import Mention
from reportedly.annotation.sources.coreference.names import Article, look_up
from reportedly.annotation.sources.linking.views import View
from reportedly.annotation.sources.word_lists import (
    ANON,
    BODY,
    BODY_WORD,
    COLLECTIVE,
    DOCUMENT,
    GIVEN_NAME,
    HEARSAY,
    OUTLET_WORD,
    PEOPLE,
    PLURAL,
    PRESS,
    TITLE,
    lists,
)
from reportedly.datamodel import ANONYMOUS_CLASSES, SourceClass
from reportedly.lexicons.loader import matcher_of, words_of


def is_lore(words: Sequence[str]) -> bool:
    """Tell whether words call what is nobody's word: "legend", "the Left"."""
    return " ".join(words).lower().removeprefix("the ") in words_of("source_vague", "lore")


def class_of_nameless(article: Article, told: SourceClass, voiced: Sequence[View]) -> SourceClass:
    """Return the class of a source without a name."""
    known = told == "vague" and bool(voiced) and all(map(_have_done, voiced))
    if known or _is_anybody(voiced):
        return "unnamed" if known else "vague"
    nouns = [view.mention for view in voiced if view.mention.kind == "nominal"]
    if told in ("press", "document") and nouns and all(map(_is_nobodys, nouns)):
        return "vague"
    if told == "press" and nouns:
        return _of_no_outlet(nouns)
    if told in ANONYMOUS_CLASSES and nouns:
        return "document" if _are_papers(article, voiced, nouns) else told
    if told not in ("named_person", "document"):
        return _of_no_body(voiced, nouns) if told == "named_organisation" else told
    kin = told == "named_person" and all(_is_kin(article, view) for view in voiced)
    introduced = bool(nouns) and (kin or _is_introduced(voiced, told))
    own = "unnamed" if introduced else _of_things(nouns) if told == "named_person" else None
    return own or told


def speaks_for_person(article: Article, view: View) -> bool:
    """Tell whether a mention is somebody's spokesperson or lawyer by that person's name: "a spokesman for Ada Moor", "Moor's lawyers"."""
    span, text = view.statement.source, article.segmented.text
    if span is None:
        return False
    mention = view.mention
    if mention.spokes and mention.name and mention.principal:  # "Moor spokesman Per Lund"
        return _is_persons(article, mention.principal)
    within = (
        matcher_of("source_people", kind).search(text, span.start, span.end)
        for kind in ("voice_for", "voice_of_name")
    )
    return (
        any(
            match is not None and _is_persons(article, tuple(match["name"].split()))
            for match in within
        )
        and _GOES_ON.match(text, span.end) is None
    )


def _is_persons(article: Article, name: tuple[str, ...]) -> bool:
    """Tell whether a name is surely a person's: a title, a given name or a pronoun shows it."""
    capitals = lists().capitals
    if len(name) > 1 and any(capitals.get(word, 0) & TITLE for word in name[:-1]):
        return True
    for size in (2, 1):
        kind, gender, full = look_up(article, name[-size:])
        given = len(full) > 1 and capitals.get(full[0], 0) & GIVEN_NAME
        if kind == "person" and (gender or given):
            return True
    return False


_GOES_ON = re.compile(r" [A-ZÀ-Þ]")
"""More of a name behind the words of a source."""


def _have_done(view: View) -> bool:
    """Tell whether a mention is people of whom it tells what they did: "some users who had tried the gate"."""
    mention = view.mention
    people = mention.flags & PEOPLE and mention.plural and mention.complement == "who"
    return bool(people) and not mention.words.isdisjoint(words_of("source_people", "have_done"))


def _of_no_outlet(nouns: Sequence[Mention]) -> SourceClass:
    """Return the class of who was taken for an outlet without a name: "people on the quay" and a letter are none."""
    if all(map(_are_people, nouns)) and not any(m.head in lists().press_people for m in nouns):
        return "unnamed"
    return "document" if all(map(_is_writing, nouns)) else "press"


def _are_papers(article: Article, voiced: Sequence[View], nouns: Sequence[Mention]) -> bool:
    """Tell whether a source is a text with or without its authors: "leaked emails", "researchers" whose findings the text says were published."""
    if all(m.flags & DOCUMENT and not m.flags & (PEOPLE | HEARSAY | PRESS) for m in nouns):
        return not any(m.head in words_of("source_documents", "bare") for m in nouns)
    scholars = all(m.head in words_of("source_people", "scholar") for m in nouns)
    text = article.segmented.text
    return (
        scholars
        and not any(m.determiner == "sweeping" for m in nouns)
        and any(
            _PUBLISHED.search(text, view.statement.extent.start, view.statement.extent.end)
            for view in voiced
        )
    )


_PUBLISHED = re.compile(
    r"\b(?:[Jj]ournal (?:of|[A-Z])|in the journal|[Pp]ublish(?:ed|ing)\b|present(?:ed|ing) (?:their |the )?(?:results|findings|data)\b)"
)
"""Words that tell that findings were published."""


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
    if many or all(map(are_from_body, voiced)):
        return "unnamed"
    powers = words_of("source_bodies", "power")
    if all(m.head in powers and m.flags & PLURAL and m.determiner != "definite" for m in nouns):
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


def are_from_body(view: View) -> bool:
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
    if all(mention.flags & BODY and not mention.flags & PEOPLE for mention in nouns):
        return "named_organisation"
    return "unnamed" if all(map(_are_people, nouns)) else None


def _are_people(mention: Mention) -> bool:
    """Tell whether a mention is several unnamed people, "residents" or "some aides"; "the authors" may have been named."""
    return (
        bool(mention.flags & PLURAL)
        and bool(mention.flags & (ANON | COLLECTIVE))
        and mention.determiner != "definite"
    )


def _are_bare_reports(mention: Mention) -> bool:
    """Tell whether a mention is "reports", "some reports" or "studies" without an outlet, an organisation or a kind of report."""
    kind = {"report": "bare_report", "study": "bare_study"}.get(mention.head)
    return (
        kind is not None
        and mention.plural
        and mention.determiner in ("", "sweeping", "counted")
        and not (mention.name or mention.principal or mention.body_noun)
        and mention.words <= words_of("source_vague", kind)
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
    return not called and any(
        view.mention.head in words_of("source_vague", "anybody") for view in voiced
    )


_OWNER = re.compile(r"\b(\w++)['’]s\b")
