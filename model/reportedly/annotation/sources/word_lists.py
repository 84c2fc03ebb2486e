"""The words for sources: nouns for people, organisations, documents and outlets, names, function words.

They are data in ``lexicons/source_*.toml``; this module compiles them to look-up tables on first use and
decides from a name's words what it denotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Literal

from reportedly.lexicons.loader import load, matcher_of

NameType = Literal["person", "body", "place", "press", "unknown"]

SPOKES, ANON, NOTABLE, COLLECTIVE, BODY, DOCUMENT, HEARSAY, PRESS, PLURAL = (
    1 << n for n in range(9)
)
"""Bits of a head noun. PLURAL marks the form, the others what the noun denotes."""

PEOPLE = SPOKES | ANON | NOTABLE | COLLECTIVE

TITLE, GIVEN_NAME, MALE, FEMALE, BODY_WORD, OUTLET_WORD = (1 << n for n in range(6))
"""Bits of a capitalised word."""

POSSESSIVES = frozenset(["'s", "’s", "'", "’", "'S", "’S"])
"""Possessive endings, which are tokens of their own."""

_NOUNS = {
    "source_people": {"spokesperson": SPOKES, "anonymous": ANON, "notable": NOTABLE, "collective": COLLECTIVE},
    "source_bodies": {"noun": BODY},
    "source_documents": {"document": DOCUMENT, "hearsay_document": HEARSAY},
    "source_outlets": {"noun": PRESS},
}  # fmt: skip
_CAPITALS = {
    "source_people": {"title": TITLE, "male": MALE, "female": FEMALE},
    "given_names": {"male": GIVEN_NAME | MALE, "female": GIVEN_NAME | FEMALE, "either": GIVEN_NAME},
    "source_bodies": {"name_word": BODY_WORD},
    "source_outlets": {"name_word": OUTLET_WORD},
}  # fmt: skip


_MARKS = {
    "phrase_end": ("(", ")", "[", "]", ",", ";", ":", "-", "--", "–", "—", '"', "“", "”"),
    "leading": ("(", "[", ",", ".", ";", ":", "-", "--", "–", "—", '"', "“", "”", "'", "‘", "’"),
    "name_join": ("&",),
    "quantity_word": ("%",),
    "fraction": ("%",),
    "share": ("%",),
    "candidate_end": ("(", ")", ",", ".", "!", "?", ";", ":", "-", "–", "—", '"', "“", "”"),
}
"""Punctuation marks that count like the words of their kind."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """Function words and punctuation by kind, as ``lexicons/source_grammar.toml`` explains them."""

    pronoun: frozenset[str]
    number: frozenset[str]
    partitive: frozenset[str]
    phrase_end: frozenset[str]
    leading: frozenset[str]
    after_pronoun: frozenset[str]
    name_connector: frozenset[str]
    name_join: frozenset[str]
    no_name: frozenset[str]
    calendar: frozenset[str]
    new_place: frozenset[str]
    common_outlet: frozenset[str]
    generic_head: frozenset[str]
    clause_word: frozenset[str]
    before_relative: frozenset[str]
    noun_join: frozenset[str]
    noun_adjective: frozenset[str]
    phrase_start: frozenset[str]
    bare_participle: frozenset[str]
    plural_form: frozenset[str]
    skipped: frozenset[str]
    candidate_end: frozenset[str]
    plural_pronoun: frozenset[str]
    sweeping_partitive: frozenset[str]
    quantity_word: frozenset[str]
    fraction: frozenset[str]
    share: frozenset[str]
    determiners: dict[str, str]


@lru_cache(maxsize=1)
def grammar() -> Grammar:
    """Return the function words, read on first use."""
    lexicon = load("source_grammar")
    kinds = [field.name for field in fields(Grammar) if field.name != "determiners"]
    words = {kind: frozenset((*lexicon.of_kind(kind), *_MARKS.get(kind, ()))) for kind in kinds}
    determiners = {
        term: kind
        for kind in ("definite", "possessive", "indefinite")
        for term in lexicon.of_kind(kind)
    }
    return Grammar(**words, determiners=determiners)


def is_number(word: str) -> bool:
    """Tell whether a lower-case word is a number."""
    return word.isdigit() or word in grammar().number


@dataclass(frozen=True, slots=True)
class Lists:
    """The source lexicons, compiled to look-up tables."""

    nouns: dict[str, int]
    singular: dict[str, str]
    compounds: dict[str, tuple[tuple[str, int], ...]]
    capitals: dict[str, int]
    outlets: frozenset[str]
    bodies: frozenset[str]
    places: frozenset[str]
    male: frozenset[str]
    female: frozenset[str]
    press_people: frozenset[str]
    press_words: frozenset[str]
    press_items: frozenset[str]
    run_by_person: frozenset[str]
    plural_bodies: frozenset[str]
    hidden_bodies: frozenset[str]
    company_marks: frozenset[str]
    trade_ends: frozenset[str]


@lru_cache(maxsize=1)
def lists() -> Lists:
    """Return the look-up tables, compiled from the lexicons on first use."""
    nouns: dict[str, int] = {}
    singular: dict[str, str] = {}
    for term, bit in _bits(_NOUNS):
        _add_noun(term, bit, nouns, singular)
    for word in grammar().plural_form & nouns.keys():
        nouns[word] |= PLURAL
    compounds: dict[str, list[tuple[str, int]]] = {}
    for term, bits in nouns.items():
        if " " in term:
            compounds.setdefault(term.rsplit(" ", 1)[1], []).append((term, bits))
    capitals: dict[str, int] = {}
    for term, bit in _bits(_CAPITALS):
        if term[0].isupper() or bit == TITLE:
            capitals[term] = capitals.get(term, 0) | bit
    people, bodies, outlets = (load(f"source_{name}") for name in ("people", "bodies", "outlets"))
    return Lists(
        nouns=nouns,
        singular=singular,
        compounds={last: tuple(found) for last, found in compounds.items()},
        capitals=capitals,
        outlets=frozenset(outlets.of_kind("outlet")),
        bodies=frozenset(bodies.of_kind("known")),
        places=frozenset(bodies.of_kind("place")),
        male=frozenset(people.of_kind("male")),
        female=frozenset(people.of_kind("female")),
        press_people=frozenset(outlets.of_kind("press_person")),
        press_words=frozenset(outlets.of_kind("press_word")),
        press_items=frozenset(outlets.of_kind("press_item")),
        run_by_person=frozenset(bodies.of_kind("run_by_person")),
        plural_bodies=frozenset(bodies.of_kind("plural_body")),
        hidden_bodies=frozenset(bodies.of_kind("hidden_body")),
        company_marks=frozenset(bodies.of_kind("company_mark")),
        trade_ends=frozenset(bodies.of_kind("trade_end")),
    )


@lru_cache(maxsize=1)
def outlet_spelling() -> re.Pattern[str]:
    """Return the pattern of names that only outlets have: "Te/chno", "newsline.example"."""
    return matcher_of("source_outlets", "spelling")


def _bits(tables: dict[str, dict[str, int]]) -> Iterator[tuple[str, int]]:
    """Yield each term of some lexicons with the bit of its kind."""
    for name, kinds in tables.items():
        lexicon = load(name)
        for kind, bit in kinds.items():
            for term in lexicon.of_kind(kind):
                yield term, bit


def bits_by_word(words: Mapping[int, Iterable[str]]) -> dict[str, int]:
    """Return the bits of each word, from the words of each bit."""
    table: dict[str, int] = {}
    for bit, listed in words.items():
        for word in listed:
            table[word] = table.get(word, 0) | bit
    return table


def _add_noun(term: str, bit: int, nouns: dict[str, int], singular: dict[str, str]) -> None:
    """Add `term` and its plural."""
    nouns[term] = nouns.get(term, 0) | bit
    singular.setdefault(term, term)
    for plural in _plurals(term):
        if plural not in singular:
            nouns[plural] = nouns.get(plural, 0) | PLURAL
            singular[plural] = term
        if singular[plural] == term and plural != term:
            nouns[plural] |= bit


def _plurals(term: str) -> tuple[str, ...]:
    """Return the plural forms of a noun."""
    irregular = {
        "man": "men", "woman": "women", "child": "children", "person": "persons", "people": "peoples",
        "spokesperson": "spokespeople", "wife": "wives", "analysis": "analyses", "passerby": "passersby",
    }  # fmt: skip
    for one, many in irregular.items():
        if term == one:
            return (many,)
    if term.endswith("man"):
        return (term[:-3] + "men",)
    if term.endswith("y") and term[-2:-1] not in ("a", "e", "o"):
        return (term[:-1] + "ies",)
    if term.endswith(("s", "ch", "sh", "x")):
        return (term + "es",)
    return (term + "s",)


def _gender(bits: int) -> str:
    """Return the gender of a name or title, by its pronoun."""
    return "m" if bits & MALE else "f" if bits & FEMALE else ""


def type_name(name: tuple[str, ...]) -> tuple[NameType, str]:
    """Return what a name denotes by its words, and the gender of a given name."""
    return _type_name(name)


@lru_cache(maxsize=8192)
def _type_name(name: tuple[str, ...]) -> tuple[NameType, str]:
    """Look a name up, then its words, then their shape."""
    while len(name) > 1 and name[0] in ("The", "the"):
        name = name[1:]
    return _listed(name) or _by_words(name) or _by_shape(name)


def _listed(name: tuple[str, ...]) -> tuple[NameType, str] | None:
    """Return what a name denotes if a lexicon lists it as a whole."""
    known, phrase = lists(), " ".join(name)
    if phrase in known.outlets and phrase not in grammar().common_outlet:
        return "press", ""
    if phrase in known.bodies or (len(phrase) > 2 and phrase.upper() in known.bodies):
        return "body", ""
    return ("place", "") if phrase in known.places else None


def _by_words(name: tuple[str, ...]) -> tuple[NameType, str] | None:
    """Return what a name denotes by its given names, or by words for organisations and outlets."""
    bits = [lists().capitals.get(word, 0) for word in name]
    first, last = bits[0], bits[-1]
    if len(name) > 1 and name[-1] in lists().company_marks:
        return "body", ""
    if len(name) >= 2 and first & GIVEN_NAME and (len(name) == 2 or not last & BODY_WORD):
        return ("body", "") if last & BODY_WORD else ("person", _gender(first))
    if len(name) >= 3 and bits[-2] & GIVEN_NAME:
        return "person", _gender(bits[-2])
    if any(bit & BODY_WORD for bit in bits):
        return "body", ""
    return ("press", "") if last & OUTLET_WORD and len(name) > 1 else None


_NAME_PREFIXES = ("Mc", "Mac", "De", "O'", "O’", "Di", "La", "Le", "Van", "Fitz", "@")
DOMAINS = ("com", "org", "net")
"""Domain endings by which outlets are named."""


def _by_shape(name: tuple[str, ...]) -> tuple[NameType, str]:
    """Return what a name denotes by the form of its last word: a handle, a domain, initials, a trade name."""
    word = name[-1]
    if word.startswith("@"):
        return "person", ""
    if "." in word[1:-1] and word.rsplit(".", 1)[1].lower() in DOMAINS:
        return "press", ""
    if len(name) > 1:
        return ("body", "") if word in lists().trade_ends else ("unknown", "")
    if word.isupper() and 2 <= len(word.replace(".", "")) <= 6:
        return "body", ""
    within = word[1:] != word[1:].lower()
    if within and not word.startswith(_NAME_PREFIXES) and not set(word) & set("-'’"):
        return "body", ""
    first = lists().capitals.get(word, 0)
    return "unknown", _gender(first) if first & GIVEN_NAME else ""
