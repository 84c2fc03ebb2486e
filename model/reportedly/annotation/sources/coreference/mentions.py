"""Analyse the words of a source: a name, a noun phrase or a pronoun, and of what kind.

A mention is analysed from its tokens alone, once per distinct wording: determiner, head noun, number,
names inside, whom a spokesperson speaks for. The linker (:mod:`reportedly.annotation.sources.linking`) decides what it refers to.
Head-finding needs no parser: the head of an English source phrase is the last word before the first
preposition, relative pronoun or comma (Collins 1999 lists the same rule for base noun phrases).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, takewhile
from typing import Literal

from reportedly.annotation.sources.word_lists import (  # fmt: skip
    BODY,
    BODY_WORD,
    DOCUMENT,
    FEMALE,
    GIVEN_NAME,
    HEARSAY,
    MALE,
    NOTABLE,
    OUTLET_WORD,
    PEOPLE,
    PLURAL,
    POSSESSIVES,
    PRESS,
    SPOKES,
    TITLE,
    grammar,
    is_number,
    lists,
)
from reportedly.lexicons.loader import words_of

Kind = Literal["elided", "pronoun", "name", "nominal"]

_TRAILING = frozenset([*".,:;()[]!?\"“”'‘’—–-", "--"])
"""Marks after a source phrase."""


@dataclass(frozen=True, slots=True, eq=False)
class Mention:
    """The analysed words of a source; one object per wording, so that others can cache by it.

    `head` is the singular lower-case head noun (or the pronoun); `flags` say what it denotes;
    `determiner` is ``definite``, ``possessive``, ``indefinite``, ``owned`` (a name's), ``sweeping``,
    ``counted`` or empty; `name` has the capitalised words of the name that is the head, or of the
    name in apposition; `titled` tells whether a title precedes it; `principal` is the name for
    which a spokesperson or staff speaks; `words` are the content words in lower case.
    """

    kind: Kind
    head: str = ""
    flags: int = 0
    determiner: str = ""
    name: tuple[str, ...] = ()
    titled: bool = False
    principal: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    plural: bool = False
    gender: str = ""
    spokes: bool = False
    body_noun: str = ""
    complement: str = ""


def read_mention(forms: Sequence[str], *, opens_sentence: bool = False) -> Mention:
    """Return the analysis of the words `forms` of a source.

    `opens_sentence` tells whether the first word may be capitalised only because of its place.
    """
    return _read(tuple(forms), opens_sentence)


@lru_cache(maxsize=8192)
def _read(forms: tuple[str, ...], opens_sentence: bool) -> Mention:  # noqa: FBT001
    """Analyse one wording; cached, since sources repeat."""
    known, words = grammar(), _past_whence(_past_quoted(_past_brackets(_trim(forms))))
    if not words:
        return Mention("elided")
    lower = [w.lower() for w in words]
    stands = _standing_pronoun(words, lower)
    if stands is not None:
        return stands
    at, determiner = _determiner(words, lower)
    stop = _core_end(words, lower, at)
    if stop - at > 1 and words[stop - 1] == ".":  # "Marsh Inc., which"
        stop -= 1
    content = frozenset(
        [
            w
            for w in lower
            if w[0].isalpha() and w not in known.leading and w not in known.determiners
        ]
    )
    if (
        stop < len(words) - 1
        and lower[stop] == "of"
        and lower[stop - 1] in known.partitive
        and at < stop
    ):
        rest = _read(words[stop + 1 :], opens_sentence=False)
        if rest.kind == "nominal" and rest.flags & PEOPLE:
            sweeping = lower[stop - 1] in known.sweeping_partitive
            return replace(rest, determiner="sweeping" if sweeping else "counted", plural=True)
    core = words[at:stop]
    if not core:
        core, at, stop = words, 0, len(words)
    bearer = _bearer(words, lower, at, stop)
    if bearer is not None:
        return _with_office(words, lower, bearer, determiner, content)
    opens = opens_sentence and at == 0 and len(words) == len(forms)
    adjective = core[0] in words_of("source_bodies", "demonym")
    described = 0
    if core[0][0].isupper() and (determiner or adjective):
        described = _described_people(words, lower, stop)
    if not described and _is_name(core, opens):
        return _name(words, lower, at, stop, determiner, content)
    return _nominal(words, lower, at, described or stop, determiner, content)


SUFFIXES = frozenset(["Jr", "Sr", "II", "III", "IV"])
"""What follows a surname and is no part of it; a title does not stand before it: "Martin Luther King Jr."."""


def tells_whence(word: str) -> bool:
    """Tell whether a word with a capital says where somebody or something is or comes from: "Lund-based", "Ohio-born"."""
    return "-" in word and word.rsplit("-", 1)[1] in _whence()


def _past_brackets(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return words without an abbreviation in brackets before more of a name: "Trade Reform (TR) Committee Chair Ana Moor"."""
    if "(" not in words or ")" not in words:
        return words
    first, last = words.index("("), words.index(")")
    inside = first > 0 and 1 < last - first <= _IN_BRACKETS and last + 1 < len(words)
    goes_on = inside and words[last + 1][0].isupper()
    return words[:first] + words[last + 1 :] if goes_on else words


_IN_BRACKETS = 6
"""An abbreviation ends within so many tokens of its opening bracket."""


def _past_quoted(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return words without a nickname in quotation marks inside a name, or a work before a noun for somebody: "Ana “Nell” Moor", "the “Let It Rain” singer"."""
    if (
        len(words) > _PAST_WORK
        and words[1] in _OPENING
        and words[0].lower() in grammar().determiners
    ):
        end = next((n for n in range(3, len(words) - 1) if words[n] in _CLOSING), len(words) - 1)
        noun = words[end + 1] if end + 1 < len(words) else ""
        if _is_office(noun.lower()):
            return words[:1] + words[end + 1 :]
    for mark in range(1, len(words) - 3):
        inside = words[mark] in _OPENING and words[mark + 2] in _CLOSING
        if inside and all(words[i][0].isupper() for i in (mark - 1, mark + 1, mark + 3)):
            return words[:mark] + words[mark + 3 :]
    return words


_PAST_WORK = 4
"""The least words of a determiner, a work in quotation marks and a noun."""
_OPENING, _CLOSING = frozenset("“‘\"'"), frozenset("”’\"'")


def _past_whence(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return words without a place of several tokens that tells whence somebody is: "the U.S.-based group"."""
    for mark in range(1, min(len(words) - 2, _PAST_PLACE)):
        if words[mark] == "-" and words[mark + 1] in _whence():
            return words[: mark - 1] + words[mark + 2 :]
    return words


_PAST_PLACE = 4
"""A place before a noun ends within so many tokens of a phrase."""


def _whence() -> frozenset[str]:
    return words_of("source_grammar", "whence")


def _trim(forms: tuple[str, ...]) -> tuple[str, ...]:
    """Drop marks and function words around the phrase."""
    first, last, leading = 0, len(forms), grammar().leading
    while first < last and (
        forms[first].lower() in leading and not _pronoun_like(forms, first, last)
    ):
        first += 1
    while last > first and (forms[last - 1] in _TRAILING or forms[last - 1] in POSSESSIVES):
        last -= 1
    if last - first > 1 and forms[last - 1] in _REFLEXIVE:  # "Moor himself"
        last -= 1
    return forms[first:last]


def _pronoun_like(forms: tuple[str, ...], first: int, last: int) -> bool:
    """Tell whether the word is the whole phrase, as in "that" or "both"."""
    return last - first == 1 and forms[first].lower() in grammar().pronoun


def _standing_pronoun(words: tuple[str, ...], lower: list[str]) -> Mention | None:
    """Return the pronoun that is the head of the whole phrase, if one is: "he", "those who", "one in five"."""
    known = grammar()
    if lower[0] in _RELATIVE:  # ignore the clause that the tagger included
        return _pronoun(lower[:1])
    if lower[:2] == ["no", "one"]:
        return Mention("pronoun", head="nobody", words=frozenset(lower))
    return _stands_alone(words, lower) if lower[0] in known.pronoun else None


def _stands_alone(words: tuple[str, ...], lower: list[str]) -> Mention | None:
    """Return the pronoun at the head of a phrase, unless a noun comes after it."""
    known = grammar()
    if len(words) > 2 and lower[:2] == ["one", "in"] and is_number(lower[2]):
        return Mention("pronoun", head="many", plural=True, words=frozenset(lower))
    if len(words) == 1 or lower[1] in known.after_pronoun:
        return _pronoun(lower)
    if len(words) == 3 and lower[1] == "of" and lower[2] in known.pronoun:
        return _pronoun(lower[2:])
    return None


_RELATIVE = ("who", "whom", "which")
_REFLEXIVE = ("himself", "herself", "itself", "themselves")
_HE = ("he", "him", "his", "himself")
_SHE = ("she", "her", "hers", "herself")


def _pronoun(lower: list[str]) -> Mention:
    """Return a pronoun."""
    head = lower[0]
    gender = "m" if head in _HE else "f" if head in _SHE else ""
    plural = head in grammar().plural_pronoun
    return Mention("pronoun", head=head, gender=gender, plural=plural, words=frozenset(lower))


def _determiner(words: tuple[str, ...], lower: list[str]) -> tuple[int, str]:
    """Return where the phrase without its determiner starts, and the kind of determiner."""
    at, found = 0, ""
    known, sweeping = grammar(), words_of("source_vague", "sweeping")
    while at < len(words) - 1:
        word = lower[at]
        if word in known.determiners:
            found = found or known.determiners[word]
        elif word in sweeping:
            found = "sweeping"
        elif is_number(word):
            found = found or "counted"
        elif word == "in" and found == "counted" and is_number(lower[at + 1]):
            found = "sweeping"  # "four in ten"
        elif word not in known.quantity_word or at == 0:
            break
        elif word == "of" and found == "sweeping":
            pass
        elif word in known.fraction:
            break
        at += 1
    return at, found


def _core_end(words: tuple[str, ...], lower: list[str], at: int) -> int:
    """Return where the phrase's core ends: at the first preposition, relative pronoun or mark.

    Names of organisations continue after "of", "for" and "and" ("Department of Justice").
    """
    n = len(words)
    end, phrase_end = at, grammar().phrase_end
    goes_on: int | None
    while end < n:
        inside = at < end
        if inside and lower[end] == "in" and end < n - 1 and _are_numbers(lower, end):
            goes_on = end + 2
        elif inside and lower[end] in phrase_end:
            goes_on = _past_preposition(words, lower, at, end)
        elif inside and lower[end] == "and" and end + 1 < n:
            goes_on = _past_and(words, lower, at, end)
        else:
            goes_on = end + 1
        if goes_on is None:
            return end
        end = goes_on
    return end


def _bearer(words: tuple[str, ...], lower: list[str], at: int, stop: int) -> tuple[int, str] | None:
    """Return where a person's name begins after an office or a role that describes them, and the noun for it; None if there is none.

    The office has an "of", "for" or "and" in it, or a preposition of a name: "Secretary for the Coast Ana Moor", "the River
    of Gold actress Ana Moor", "Rowers Against Dams chairwoman Ana Moor".
    """
    if stop >= len(words) - 1 or stop <= at:
        return None
    last = len(words)
    while last > stop + 1 and (words[last - 1][0].isupper() or starts_small(words[last - 1])):
        last -= 1
    if lower[stop] in ("of", "for"):
        held = _office_bearer(words, lower, stop, last)
        return held or _described(words, lower, at, stop)
    if lower[stop] == "and":
        roles = _two_roles(words, lower, at, stop, last) or _described(words, lower, at, stop)
        return roles or _of_department(words, lower, stop)
    return _described(words, lower, at, stop) if words[stop][0].isupper() else None


def _office_bearer(
    words: tuple[str, ...], lower: list[str], stop: int, last: int
) -> tuple[int, str] | None:
    """Return where the name at `last`, or within the capitals there, begins behind an office with the "of" or "for" at `stop`."""
    between = words[stop + 1 : last]
    role, office = lists().nouns.get(lower[last - 1], 0), lists().nouns.get(lower[stop - 1], 0)
    titled = not office & PEOPLE and words[stop - 1][0].isupper()
    if _is_one(role) and last < len(words) and titled:
        return (last, lower[last - 1]) if all(map(_is_of_title, between[:-1])) else None
    head = _head_of_body(lower, stop, last)
    if head is not None and titled:
        return head
    held = lower[stop - 1] in words_of("source_people", "office_for")
    if not (_is_one(office) and (held or office & NOTABLE) and all(map(_is_of_title, between))):
        return None
    given = _given_name(words, last) or (_last_two(words, last) if held else None)
    below = stop > 1 and lower[stop - 2].startswith("assistant")  # not "the secretary"
    return None if given is None else (given, "official" if below else lower[stop - 1])


def _described(
    words: tuple[str, ...], lower: list[str], at: int, stop: int
) -> tuple[int, str] | None:
    """Return where a full name begins at the end of a longer description, and the noun for the person; None if there is none.

    A role stands right before the name, and nobody before the preposition or conjunction at `stop`: "Fight for Work director
    Ana Moor", but not "a lawyer for director Ana Moor"; or an office stands before `stop`, and no title and nobody right
    before the name: "vice president of online stores Ana Moor".
    """
    known = lists()
    end = words.index(",", stop) if "," in words[stop:] else len(words)
    name = _full_name(words, stop + 1, end)
    if name is None or _two_people(words, stop + 1, name):
        return None
    before = name
    while known.capitals.get(words[before - 1], 0) & TITLE and lower[before - 1] not in known.nouns:
        before -= 1
    role, office = known.nouns.get(lower[before - 1], 0), known.nouns.get(lower[stop - 1], 0)
    if lower[stop] == "and":
        body = _body_before(words, stop + 1, before - 1)
        one = _is_one(role) and _describes(words[at:stop], office, whole=body)
        return (name, lower[before - 1]) if one else None
    if _is_one(role):
        return None if office & PEOPLE else (name, lower[before - 1])
    apart = _is_one(office) and office & NOTABLE and _ends_office(words, stop + 1, before)
    return (name, lower[stop - 1]) if apart else None


def _describes(words: tuple[str, ...], office: int, *, whole: bool) -> bool:
    """Tell whether words before an "and", of which the last denotes `office`, describe whom the words behind it name; `whole` tells whether they are one body's name."""
    if any(lists().capitals.get(word, 0) & GIVEN_NAME for word in words):
        return False
    role = words[0][0].islower() or bool(office & PEOPLE)
    return whole or (role and not _ends_in_name(words))


def _two_people(words: tuple[str, ...], first: int, end: int) -> bool:
    """Tell whether another person's name stands before an "and" in ``[first, end)``: "of staff Ben Dale and Secretary Ana Moor"."""
    joins = (i for i in range(first + 1, end) if words[i] == "and")
    return any(_ends_in_name(words[first:i]) for i in joins)


def _ends_in_name(words: tuple[str, ...]) -> bool:
    """Tell whether words end in a person's name: a given name in them, or two capitals that are no body's."""
    bits = [lists().capitals.get(word, 0) for word in words]
    capitals = len(words) > 1 and all(word[0].isupper() for word in words[-2:])
    body = any(bit & (BODY_WORD | TITLE) for bit in bits[-2:])
    return any(bit & GIVEN_NAME for bit in bits) or (capitals and not body)


def _ends_office(words: tuple[str, ...], first: int, end: int) -> bool:
    """Tell whether words before a name belong to an office: "of online stores Ana Moor", not "of Ana Moor" or "of the film Ana Moor"."""
    if end <= first or words[end - 1] in grammar().phrase_end:
        return False
    return words[end - 1][0].isupper() or words[end - 2] not in grammar().determiners


def _full_name(words: tuple[str, ...], first: int, end: int) -> int | None:
    """Return where the given name of a full name that ends at `end` stands; None if there is no such name."""
    at = end
    while at > first and (words[at - 1][0].isupper() or _is_initial(words, at - 1, first)):
        at -= 1
    given = (n for n in range(at, end - 1) if lists().capitals.get(words[n], 0) & GIVEN_NAME)
    return next(given, None)


def _two_roles(
    words: tuple[str, ...], lower: list[str], at: int, stop: int, last: int
) -> tuple[int, str] | None:
    """Return where a name begins, at `last`, behind two roles of one person that "and" joins: "Actress and activist Ana Moor"."""
    known = lists()
    first, second = known.nouns.get(lower[stop - 1], 0), known.nouns.get(lower[last - 1], 0)
    role = _is_one(first) or bool(known.capitals.get(words[stop - 1], 0) & TITLE)
    bare = at == 0 and stop + 1 < last < len(lower)
    return (last, lower[last - 1]) if bare and role and _is_one(second) else None


def _of_department(words: tuple[str, ...], lower: list[str], stop: int) -> tuple[int, str] | None:
    """Return where a full name begins behind an office in a department with "and" in its name: "Norland Fish and Tide Secretary Ana Moor"."""
    if words[stop - 1] not in words_of("source_bodies", "field"):
        return None
    role = stop + 1
    while role < len(words) - 2 and words[role][0].isupper() and not _is_office(lower[role]):
        role += 1
    named = role + 2 < len(words) and words[role + 1][0].isupper() and words[role + 2][0].isupper()
    if role == stop + 1 or not named or not _is_office(lower[role]):
        return None
    return role + 1, lower[role]


def _last_two(words: tuple[str, ...], first: int) -> int | None:
    """Return where the last two of four capitalised words or of three behind a place stand, none of them a body's: "for Human Rights Navi Pillar"."""
    run, known = words[first:], lists()
    placed = len(run) == _NAMED and run[0] in known.places
    if not (placed or len(run) == _NAMED + 1) or not all(word[0].isupper() for word in run):
        return None
    bits = BODY_WORD | TITLE | OUTLET_WORD
    plain = all(not known.capitals.get(word, 0) & bits for word in run[-2:])
    return len(words) - 2 if plain and run[-1].lower() not in known.nouns else None


_NAMED = 3
"""A place and a full name."""


def _described_people(words: tuple[str, ...], lower: list[str], stop: int) -> int:
    """Return where a noun for people ends that a name with "of" or "and" describes, 0 if none does: "the River of Gold actress", "Norland and Omani-backed allies"."""
    if stop >= len(words) - 1 or lower[stop] not in ("of", "and"):
        return 0
    after = stop + 1
    while after < len(words) and (words[after][0].isupper() or lower[after] in ("of", "the")):
        after += 1
    if after >= len(words) or after == stop + 1:
        return 0
    people = lists().nouns.get(lower[after], 0) & PEOPLE
    behind = lower[after + 1] if after + 1 < len(words) else ","
    return after + 1 if people and (behind in grammar().phrase_end or not behind.isalpha()) else 0


def _head_of_body(lower: list[str], stop: int, last: int) -> tuple[int, str] | None:
    """Return where a full name begins behind whoever heads a body: "Harbour Guild of Norland President Ana Moor"."""
    if last > stop + 1:
        return None
    role = next((i for i in range(stop + 2, len(lower) - 2) if _is_office(lower[i])), None)
    return None if role is None else (role + 1, lower[role])


def _is_one(flags: int) -> bool:
    """Tell whether a noun means one person."""
    return bool(flags & PEOPLE) and not flags & PLURAL


def _is_office(word: str) -> bool:
    """Tell whether a word means one person: "secretary"."""
    return _is_one(lists().nouns.get(word, 0))


def _past_capitals(words: tuple[str, ...], at: int) -> int:
    """Return where a run of capitalised words that begins at `at` ends."""
    while at < len(words) and words[at][0].isupper():
        at += 1
    return at


def _is_of_title(word: str) -> bool:
    """Tell whether a word may stand in the name of an office, a body or a work."""
    return word[0].isupper() or word in ("of", "for", "the")


def _given_name(words: tuple[str, ...], first: int) -> int | None:
    """Return where a given name followed by a surname stands among the capitalised words from `first` on.

    Before it stands another name, and no title: "of Trade Ana Moor", but not "of Ana Moor" or "of Minister Ana Moor".
    """
    known = lists()
    for n in range(first, len(words) - 1):
        if known.capitals.get(words[n], 0) & GIVEN_NAME:
            return n if n > first else None
        if known.capitals.get(words[n], 0) & TITLE or known.nouns.get(words[n].lower(), 0) & PEOPLE:
            return None
    return None


def _are_numbers(lower: list[str], end: int) -> bool:
    """Tell whether there are numbers on both sides of a word: "four in ten"."""
    return is_number(lower[end - 1]) and is_number(lower[end + 1])


def _past_preposition(words: tuple[str, ...], lower: list[str], at: int, end: int) -> int | None:
    """Return where a name continues after "of" or the like at `end`; None if it does not.

    It is an organisation's, or a work's or an honour's before a noun for somebody: "the Hall of Fame driver".
    """
    joins = grammar().name_join
    if lower[end] not in joins or not words[end - 1][0].isupper():
        return None
    if not _body_before(words, at, end):
        last = _past_capitals(words, end + 1)
        described = end + 1 < last < len(words) and _is_office(lower[last])
        return last if at and lower[end] == "of" and described else None
    after = end + 1
    while after < len(words) and lower[after] in joins:
        after += 1
    return after + 1 if after < len(words) and words[after][0].isupper() else None


def _past_and(words: tuple[str, ...], lower: list[str], at: int, end: int) -> int | None:
    """Return where the phrase continues after "and" at `end`; None if it ends there."""
    known = lists()
    before, after = words[end - 1], words[end + 1]
    if before[0].isupper() and after[0].isupper():
        joined = (
            known.capitals.get(before, 0) & BODY_WORD
            or before in words_of("source_bodies", "field")
            or _both_describe(words, lower, at, end)
        )
        return end + 2 if joined else None
    named = all(w[0].isupper() for w in words[at:end]) and lower[at] not in known.nouns
    if named and after[0].islower():
        return None
    return None if known.nouns.get(lower[end - 1], 0) & PEOPLE else end + 1


def _both_describe(words: tuple[str, ...], lower: list[str], at: int, end: int) -> bool:
    """Tell whether two places or bodies joined by the "and" at `end` describe people: "U.S. and Omani officials"."""
    known, last = lists(), _past_capitals(words, end + 2)
    phrase = " ".join(words[at:end])
    if not (phrase in known.places or phrase in known.bodies):
        return False
    noun = known.nouns.get(lower[last], 0) if last < len(words) else 0
    return bool(noun & PEOPLE and noun & PLURAL)


def _body_before(words: tuple[str, ...], at: int, end: int) -> bool:
    """Tell whether the name in ``[at, end)`` has a word for an organisation."""
    capitals = lists().capitals
    return any(capitals.get(word, 0) & BODY_WORD for word in words[at:end])


_SMALL_STARTS = ("@", "al-", "el-", "d’", "d'")
"""A name may begin so without a capital: "Salim al-Harbi"."""

_SMALL_NAME = re.compile(r"(?=\w{4,40}\Z)[a-z\d]{1,6}[A-Z]\w*[a-z]\w*")


def starts_small(word: str) -> bool:
    """Tell whether a word is a name, though it begins without a capital: "al-Harbi", "iPier", "7to9Dock"."""
    return word.startswith(_SMALL_STARTS) or _SMALL_NAME.fullmatch(word) is not None


def _is_name(core: tuple[str, ...], opens: bool) -> bool:  # noqa: FBT001
    """Tell whether the core's head is a name."""
    last = core[-1]
    if not (last[0].isupper() or starts_small(last)):
        return (
            "." in last[1:-1]
            and not last[0].isdigit()
            and last.rsplit(".", 1)[1] in ("com", "org", "net", "co")
        )
    known = lists()
    phrase = " ".join(core)
    shouted = len(core) > 1 and phrase.isupper() and phrase.title() in known.outlets
    if shouted or phrase in known.outlets or phrase in known.bodies or phrase in known.places:
        return not (opens and len(core) == 1 and last.lower() in known.nouns)
    flags = known.nouns.get(last.lower(), 0)
    if flags and len(core) == 1 and not opens and not flags & (PEOPLE | PLURAL):
        return True
    if flags & (PEOPLE | DOCUMENT | HEARSAY | BODY | PRESS):
        if known.capitals.get(last, 0) & (BODY_WORD | OUTLET_WORD) and len(core) > 1:
            return True
        return bool(
            known.capitals.get(last, 0) & GIVEN_NAME
            or (len(core) > 1 and known.capitals.get(core[-2], 0) & GIVEN_NAME)
        )
    return not (
        len(core) == 1 and (last in grammar().calendar or (opens and last in grammar().no_name))
    )


def _name(
    words: tuple[str, ...],
    lower: list[str],
    at: int,
    stop: int,
    determiner: str,
    content: frozenset[str],
) -> Mention:
    """Return a mention whose head is a name."""
    known, first = lists(), _name_start(words, lower, at, stop)
    name, titled, gender = _untitled(_past_body(_past_owner(_with_initials(words[first:stop]))))
    before = lower[at:first] + [
        lower[i] for i in range(first, stop) if words[i] not in name and words[i] != "."
    ]
    around = before + lower[stop : stop + 14]
    spokes = any(known.nouns.get(w, 0) & SPOKES for w in around)
    role = next((w for w in reversed(before) if known.nouns.get(w, 0) & PEOPLE), "")
    if not gender:
        told = (w for w in around if w in known.male or w in known.female)
        gender = next(("m" if w in known.male else "f" for w in told), "")
    plural = stop < len(words) and lower[stop] == "and"
    principal = _principal(words, at, first, stop) if spokes else ()
    return Mention(
        "name", head=role, flags=known.nouns.get(role, 0), determiner=determiner, name=name,
        titled=titled or bool(role), principal=principal, words=content, plural=plural,
        gender=gender, spokes=spokes,
    )  # fmt: skip


def _name_start(words: tuple[str, ...], lower: list[str], at: int, stop: int) -> int:
    """Return where the name that ends before `stop` begins, with the small words within it."""
    first, function_words = stop, grammar()
    while first > at and (
        words[first - 1][0].isupper()
        or words[first - 1][0] in "@&+"
        or lower[first - 1] in function_words.name_connector
        or (words[first - 1] in function_words.name_join and first < stop)
        or (first == stop)
        or _is_initial(words, first - 1, at)
    ):
        first -= 1
    while first < stop - 1 and words[first][0].islower():
        first += 1
    return first


def _past_owner(name: tuple[str, ...]) -> tuple[str, ...]:
    """Return a name without whose it is: "Lund 's Harbour Guild"."""
    owners = [i for i in range(len(name) - 1) if name[i] in POSSESSIVES]
    return name[owners[-1] + 1 :] if owners else name


def _untitled(name: tuple[str, ...]) -> tuple[tuple[str, ...], bool, str]:
    """Return a name without titles and words that belong to the text before it, whether it has a title, and the gender of that."""
    known, function_words = lists(), grammar()
    phrase, titled, gender = " ".join(name), False, ""
    if phrase in known.bodies or phrase in known.outlets:
        return name, titled, gender
    titles = [
        i
        for i, (word, behind) in enumerate(pairwise(name))
        if known.capitals.get(word, 0) & TITLE and behind.rstrip(".") not in SUFFIXES
    ]
    if titles:
        bits = known.capitals[name[titles[-1]]]
        gender = "m" if bits & MALE else "f" if bits & FEMALE else ""
        titled, name = True, name[titles[-1] + 1 :]
    while (
        len(name) > 1
        and (name[0] in function_words.no_name or tells_whence(name[0]))
        and f"{name[0]} {name[1]}" not in function_words.new_place
    ):
        name = name[1:]
    return name, titled, gender


def _past_body(name: tuple[str, ...]) -> tuple[str, ...]:
    """Return the full name of whoever heads a body, without the body: "Harbour Party of Norland Chair Ana Moor"."""
    for i in range(len(name) - _FULL - 1, 0, -1):
        if _is_office(name[i].lower()) and _body_before(name, 0, i):
            return name[i + 1 :]
    return name


_FULL = 2
"""A full name has a first name and a surname."""


def _with_office(
    words: tuple[str, ...],
    lower: list[str],
    bearer: tuple[int, str],
    determiner: str,
    content: frozenset[str],
) -> Mention:
    """Return the mention of a person whose name follows an office or a role."""
    first, role = bearer
    known = lists()
    named = _name(words, lower, first, len(words), determiner, content)
    gender = "m" if role in known.male else "f" if role in known.female else named.gender
    return replace(named, head=role, flags=known.nouns[role], titled=True, gender=gender)


def _is_initial(words: tuple[str, ...], dot: int, at: int) -> bool:
    """Tell whether a full stop belongs to an initial within a name: "Ana L. Moor"."""
    return (
        words[dot] == "." and dot - 1 > at and len(words[dot - 1]) == 1 and words[dot - 1].isupper()
    )


def _with_initials(name: tuple[str, ...]) -> tuple[str, ...]:
    """Return a name with the full stops of its initials joined to them."""
    if "." not in name:
        return name
    joined: list[str] = []
    for word in name:
        if word == "." and joined:
            joined[-1] += "."
        else:
            joined.append(word)
    return tuple(joined)


def _nominal(
    words: tuple[str, ...],
    lower: list[str],
    at: int,
    stop: int,
    determiner: str,
    content: frozenset[str],
) -> Mention:
    """Return a mention whose head is a common noun."""
    known = lists()
    head, flags, where = _head(lower, at, stop)
    gender = "m" if head in known.male else "f" if head in known.female else ""
    owner = next((i for i in range(at, min(where, stop)) if words[i] in POSSESSIVES), None)
    if owner is not None and not determiner:
        determiner = "owned"
    elif owner is not None:
        determiner = "owned" if words[owner - 1][0].isupper() else determiner
    principal: tuple[str, ...] = ()
    body_noun = ""
    if flags & (PEOPLE | BODY):
        principal = _principal(words, at, where, stop)
        body_noun = next(
            (
                known.singular[w]
                for w in (*lower[at:where], *lower[stop : stop + 8])
                if known.nouns.get(w, 0) & BODY
            ),
            "",
        )
    speaks = flags & PEOPLE or known.singular.get(head) in known.press_people
    name = _apposition(words, stop) if speaks and not flags & PLURAL else ()
    complement = lower[stop] if stop < len(words) else ""
    return Mention(
        "nominal", head=known.singular.get(head, head), flags=flags, determiner=determiner, name=name,
        titled=bool(name), principal=principal, words=content,
        plural=bool(flags & PLURAL) or (head.endswith("s") and not flags) or determiner in ("sweeping", "counted"),
        gender=gender, spokes=bool(flags & SPOKES), body_noun=body_noun, complement=complement,
    )  # fmt: skip


def _head(lower: list[str], at: int, stop: int) -> tuple[str, int, int]:
    """Return the head noun of the core, what it denotes, and its place."""
    known = lists()
    for i in range(stop - 1, max(at - 1, stop - 4), -1):
        word = lower[i]
        for phrase, flags in known.compounds.get(word, ()):
            size = phrase.count(" ")
            if i - size >= at and " ".join(lower[i - size : i + 1]) == phrase:
                return phrase, flags, i
        flags = known.nouns.get(word, 0)
        if not flags and "-" in word:
            tail = word.rsplit("-", 1)[1]
            flags = known.nouns.get(tail, 0)
            word = tail if flags else word
        if flags:
            return word, flags, i
    for i in range(stop - 1, max(at, stop - 3), -1):
        plural = lower[i].endswith("s") and not lower[i].endswith(("ss", "us", "is"))
        if plural and lower[i] not in POSSESSIVES:
            return lower[i], 0, i
    return lower[stop - 1], 0, stop - 1


def _principal(words: tuple[str, ...], at: int, head: int, stop: int) -> tuple[str, ...]:
    """Return the name before the head, or after "of", "for", "at", "with" and the like."""
    before = [w for w in words[at:head] if w[0].isupper() and w not in grammar().no_name]
    if before:
        return tuple(before)
    after: list[str] = []
    if stop < len(words) and words[stop].lower() in ("like", "such", "including", "and", "as"):
        return ()
    for word in words[stop : stop + 12]:
        if word[0].isupper() and word not in grammar().no_name:
            after.append(word)
        elif (
            after
            and word.lower() not in grammar().name_connector
            and word not in grammar().name_join
        ) or word in (
            ",",
            "who",
            "that",
        ):
            break
    return tuple(after)


def _past_role(words: tuple[str, ...], at: int) -> int:
    """Return where a name begins behind a role in apposition at `at`: "singer Ana Moor", "the 43-year-old Ana Moor"."""
    role, known = at, lists().nouns
    while role < min(at + _LONGEST_ROLE, len(words)) and words[role][0].isalnum():
        word = words[role].lower()
        if words[role][0].isupper():
            break
        role += 1
        if known.get(word, 0) & PEOPLE or word.endswith("-old"):
            return role
    return at


_LONGEST_ROLE = 4
"""Words of a role before a name in apposition, at most."""


def _apposition(words: tuple[str, ...], stop: int) -> tuple[str, ...]:
    """Return the person's name in apposition after a comma, or behind "named": "a clerk, Ines Halloran", "a boy named Juan"."""
    for comma in range(stop, min(stop + 10, len(words) - 1)):
        told = _told_name(words, comma)
        if told:
            return told
        if words[comma] == "," and (name := _name_behind(words, comma)):
            return name
    return ()


def _told_name(words: tuple[str, ...], at: int) -> tuple[str, ...]:
    """Return the name that words at `at` say somebody has: "named Juan", "identified only as “Kelly”"."""
    if words[at] not in words_of("source_grammar", "naming"):
        return ()
    first, between = at + 1, words_of("source_grammar", "after_naming")
    while first < len(words) - 1 and words[first] in between:
        first += 1
    return tuple(takewhile(lambda word: word[0].isupper(), words[first:]))


def _name_behind(words: tuple[str, ...], comma: int) -> tuple[str, ...]:
    """Return the person's name behind the comma, with or without a role or a title; nothing for a body or a place."""
    capitals, first = lists().capitals, _past_role(words, comma + 1)
    last = first
    while last < len(words) and (
        words[last][0].isupper()
        or words[last].lower() in grammar().name_connector
        or _is_initial(words, last, first)
    ):
        last += 1
    name = list(_with_initials(words[first:last]))
    titled = False
    while name and capitals.get(name[0], 0) & TITLE:
        name, titled = name[1:], True
    given = bool(name) and bool(capitals.get(name[0], 0) & GIVEN_NAME)
    body = not (given and len(name) == 2) and any(capitals.get(w, 0) & BODY_WORD for w in name)
    closed = last == len(words) or words[last] == ","
    alone = len(name) == 1 and given and closed and first == comma + 1
    return tuple(name) if name and not body and (len(name) + titled >= 2 or alone) else ()
