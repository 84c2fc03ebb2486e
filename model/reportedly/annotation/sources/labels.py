"""The label of a source in the ledger: a name, a noun for people or an organisation, a document, or none.

The tagger's words may include a clause, a weekday or a word that has a capital only because it opens a sentence; these
are removed, so that no line reads "Monday, named person".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from reportedly.annotation.attribution.reporting_verbs import verb_kinds
from reportedly.annotation.sources.coreference.entities import NO_SOURCE, Entity
from reportedly.annotation.sources.coreference.mentions import starts_small
from reportedly.annotation.sources.coreference.names import (
    Article,
    is_written,
    look_up,
    stands_within,
)
from reportedly.annotation.sources.word_lists import (
    BODY_WORD,
    GIVEN_NAME,
    PEOPLE,
    TITLE,
    grammar,
    is_number,
    lists,
    outlet_spelling,
)
from reportedly.lexicons.loader import matcher_of, words_of


def label_of(article: Article, entity: Entity) -> str | None:
    """Return an entity's label in the ledger; None if its words do not denote anybody."""
    spelled = entity.source_class == "press" and outlet_spelling().fullmatch(entity.label)
    if entity.label == NO_SOURCE or spelled:
        return entity.label
    label = _BRACKETED.sub("", " ".join(entity.label.split()).rsplit(": ", 1)[-1])
    label = _short(_LONG_AGO.sub("", _DATELINE.sub("", label)))
    words = label.split()
    first = next((i for i, word in enumerate(words) if not _leads(word)), len(words))
    last = next((i for i in range(first + 1, len(words)) if _ends(words, i)), len(words))
    named = entity.source_class == "named_person" and not _are_nouns(entity)
    words = _phrase(words[first:last], person=named)
    if not words or _is_verb(words[0]) or _is_predicate(words):
        return None
    if entity.kind == "unnamed" and _only_counts(words):
        return "(unnamed people)" if entity.plural else "(unnamed person)"
    said = any(reading.kind == "name" for reading in entity.readings)
    person = entity.source_class == "named_person"
    words = _whole(_undated(_unquoted(words), somebody=person or entity.kind == "unnamed"))
    words = _in_small_letters(article, entity, words)
    if person and not (words and _is_description(entity, words)):
        words = _name_alone(_past_place(entity, words))
    if not words or (person and _no_person(article, words, said=said)):
        return None
    if entity.kind in ("unnamed", "person") and _is_abstract(words):
        return None
    return _unstopped(words) if words and _calls(article, words, said) else None


def _unstopped(words: list[str]) -> str:
    """Return a label without marks at its end, and without the full stop of its sentence; "Inc." and "D.C." keep theirs."""
    return _FULL_STOP.sub("", " ".join(words).rstrip(",;: "))


_FULL_STOP = re.compile(r"(?<=[a-z]{4})\.\Z")


def _is_predicate(words: Sequence[str]) -> bool:
    """Tell whether words begin with a verb of showing and its object: "show Ana Moor's lead"."""
    shows = words[0] in words_of("source_grammar", "label_shows")
    return shows and len(words) > 1 and (words[1][0].isupper() or words[1] in _determiners())


def _are_nouns(entity: Entity) -> bool:
    """Tell whether a source is called only by nouns for several people, in which a capitalised word is not a name: "House lawyers"."""
    return bool(entity.readings) and all(
        reading.kind == "nominal"
        and not reading.name
        and (reading.plural or len(reading.words) <= _FEW)
        for reading in entity.readings
    )


_FEW = 3
"""Words at most of one person called by a place and a noun: "Port Lund sheriff"."""


_DATELINE = re.compile(r"\A[A-Z][A-Z]{2,20}(?:,? [A-Z][\w.]{0,12}){0,3} (?:--?|[–—]) (?=\w)")
"""The place of an agency's story: "PORT SELWYN, Lenn - "."""


_LONG_AGO = re.compile(
    r"\A(?:[\w-]{1,20} ){1,5}(?:year|month|week|day|decade|centur)(?:s|y|ies)? ago,? (?=\w)"
)
"""A time before a source: "Fifteen years ago scientists"."""


_BRACKETED = re.compile(r" ?-LRB- .{0,60}?(?:-RRB-?|\Z)")
"""Words in brackets as treebanks write them: "the Harbour Guild -LRB- HG -RRB-"."""


def _unquoted(words: list[str]) -> list[str]:
    """Return words without brackets and without a quotation mark that has no partner."""
    joined = " ".join(words).replace("[", "").replace("]", "")
    for opening, closing in ("“”", "‘’", "()"):
        if (opening in joined) != (closing in joined) and not (opening == "‘" and "’" in joined):
            joined = joined.replace(opening, "").replace(closing if closing != "’" else opening, "")
    if joined.count('"') % 2:
        joined = joined.replace('"', "")
    return joined.split()


def _undated(words: list[str], *, somebody: bool) -> list[str]:
    """Return words without a weekday, function words or an adverb at their end ("the board's statement Friday"), and without "'s" if they denote `somebody`."""
    while len(words) > 1 and (_trails(words[-1]) or _is_date_behind(words)):
        words = words[:-1]
    if somebody and words:
        words = [*words[:-1], re.sub(r"['’]s$", "", words[-1])]
    return [word for word in words if word]


def _trails(word: str) -> bool:
    """Tell whether a word at a label's end does not belong to it: a preposition, a determiner, an adverb."""
    noun = word in lists().nouns or word in words_of("source_grammar", "noun_in_ly")
    loud = word.isupper() and len(word) > _LOUD
    adverb = word.lower().endswith("ly") and (word.islower() or loud) and not noun
    trailing = words_of("source_grammar", "label_lead") | words_of("source_grammar", "label_trail")
    return word in trailing or word in grammar().determiners or adverb


def _is_date_behind(words: Sequence[str]) -> bool:
    """Tell whether a label ends in a weekday or month that does not belong to it: "Ana Moor Friday", but not "Black Friday"."""
    last, before = words[-1], words[-2]
    if before == "this" and last in ("morning", "afternoon", "evening", "week", "month", "year"):
        return True
    weekday = (
        last.endswith("day")
        and last != "Today"
        and before not in words_of("source_grammar", "named_day")
    )
    return last in grammar().calendar and (before[0].islower() or weekday)


def _whole(words: list[str]) -> list[str]:
    """Return words without the rest of a clause at their end.

    The rest is a verb in the past ("scientists at the college studied") or a possessive without its noun ("a photo
    of the quay, Quill's").
    """
    while len(words) > 1:
        last, before = words[-1], words[-2]
        owner = last.endswith(("'s", "’s")) and before.endswith(",")
        if not (owner or _is_left_over(words) or _is_at_work(words)):
            break
        words = words[:-1]
    return words


def _is_left_over(words: list[str]) -> bool:
    """Tell whether the last word is a past-tense verb after a noun, and not a participle that describes the noun."""
    last, before = words[-1], _bare(words[-2])
    return (
        last.endswith("ed")
        and last.islower()
        and last not in lists().nouns
        and last not in words_of("source_grammar", "label_participle")
        and before not in grammar().determiners
        and (words[-2][0].isupper() or before in lists().nouns)
    )


def _is_at_work(words: Sequence[str]) -> bool:
    """Tell whether the last word is a participle behind people, its object cut off: "sources working"."""
    last, before = words[-1], _bare(words[-2])
    verb = last.endswith("ing") and last.islower() and last not in lists().nouns
    return bool(verb and lists().nouns.get(before, 0) & PEOPLE)


_PAIR = 2


def _past_place(entity: Entity, words: list[str]) -> list[str]:
    """Return a surname without the place that a lost full stop put before it, if no mention has both: "in Lund Gates said"."""
    glued = len(words) == _PAIR and words[0] in lists().places and not _opens_name(words, 0)
    said = any(reading.name[:1] == tuple(words[:1]) for reading in entity.readings)
    return words[1:] if glued and not said else words


def _name_alone(words: list[str]) -> list[str]:
    """Return a person's name without words before the first name: "House Paul Ryan", "Fifteen-year-old Ana Moor".

    A role right before the name, or words in small letters, tell where it begins: "River Pilot Ana Moor", "two sides,
    including from pilot Ana Moor".
    """
    half = len(words) // 2
    if half > 1 and words[:half] == words[half:]:
        return _name_alone(words[:half])
    last = len(words)
    while last and (
        words[last - 1].lstrip("‘“\"'")[:1].isupper() or words[last - 1] in grammar().name_connector
    ):
        last -= 1
    first = next((i for i, w in enumerate(words) if i >= last and _opens_name(words, i)), 0)
    if (
        first
        and len(words) - first > 1
        and (all(map(_is_no_first_name, words[:first])) or _is_behind_role(words, first, last))
    ):
        return [word.strip("’'‘”“\"") for word in words[first:]]
    return words


def _is_description(entity: Entity, words: Sequence[str]) -> bool:
    """Tell whether a label describes a person whom no mention names: "the woman now married to Ivo Holm" is not Holm."""
    named = entity.names or any(reading.name for reading in entity.readings)
    told = words_of("source_people", "goes_by").isdisjoint(words)
    return told and not named and _bare(words[0]) in grammar().determiners


def _opens_name(words: list[str], at: int) -> bool:
    """Tell whether one of the words is a first name, with a mark before it or not: "Ana", "‘Ana"."""
    return bool(lists().capitals.get(words[at].strip("‘“\"'"), 0) & GIVEN_NAME)


def _is_behind_role(words: list[str], first: int, last: int) -> bool:
    """Tell whether the words before a name are somebody's role or a clause; the capitals at the end begin at `last`.

    The name of a place or body behind "of" or "in" is none: "the mayor of St. Paul".
    """
    before = _bare(words[first - 1])
    owner = first > 1 and words[first - 1].endswith(("'s", "’s"))  # "one senator, Lenn's Ana Moor"
    titles = lists().capitals.get(words[first - 1], 0) & TITLE
    role = lists().nouns.get(before.rsplit("-", 1)[-1], 0) & PEOPLE
    return (not titles or first > 2) and bool(
        role or owner or (first == last and before not in words_of("source_grammar", "into_place"))
    )


def _is_no_first_name(word: str) -> bool:
    """Tell whether a word before a name does not belong to it: a noun, an age, an organisation's initials."""
    flags = lists().capitals.get(word, 0)
    noun = word.lower() in lists().nouns or flags & BODY_WORD
    adverb = word.lower().endswith("ly") and not flags & GIVEN_NAME
    return (
        bool(noun)
        or adverb
        or word.endswith("-old")
        or (word.isupper() and len(word) > _INITIALS[1])
    )


def _no_person(article: Article, words: list[str], *, said: bool) -> bool:
    """Tell whether words cannot be a person's name: a place that a pronoun was taken for, a date, a word of the language."""
    if words[0][0].isdigit():
        return True
    if not said and look_up(article, tuple(words))[0] == "place":
        return True
    if len(words) > 1 or not words[0][0].isupper():
        return False
    word = words[0]
    given = lists().capitals.get(word, 0) & GIVEN_NAME
    return not given and not stands_within(article, word) and is_written(article, word.lower())


def _in_small_letters(article: Article, entity: Entity, words: list[str]) -> list[str]:
    """Return words in capitals as the article writes them elsewhere; no words if they are a headline's.

    "KATY MOOR" becomes Katy Moor if she is named so elsewhere; "SHOCKING NEW LAW" is dropped. Initials and speaker
    labels stay.
    """
    if sum(word.isupper() and len(word) > _LOUD for word in words) >= _LOUD:
        return []
    initials = max(map(len, words)) <= _INITIALS[len(words) > 1]
    known = " ".join(words) in lists().outlets | lists().bodies
    if initials or known or not all(map(str.isupper, words)):
        return words
    text = article.segmented.text
    labelled = any(text[m.end : m.end + 2].lstrip()[:1] == ":" for m in entity.mentions)
    written = [word.capitalize() for word in words]
    if " ".join(written) in lists().outlets and not labelled:
        return words
    if all(word in article.capitals for word in written) and not _is_noun(words[-1]):
        return written
    small = any(is_written(article, word.lower()) for word in words)
    if labelled and words[0] == "THE" and _is_noun(words[-1]):  # a speaker label: "THE MAYOR: No."
        return ["The", *map(str.lower, words[1:])]
    shouted = _is_noun(words[-1]) or (len(words) > 1 and small)
    return [] if shouted or (small and not labelled) else words


def _is_noun(word: str) -> bool:
    """Tell whether a word is a common noun in the lexicons."""
    return word.lower() in lists().nouns


_LOUD = 3
"""At least so many words in capitals, each of more than so many letters, are not a name."""
_INITIALS = (3, 2)
"""The most letters of initials, of one word and of several; longer words in capitals are emphasis."""


def _phrase(words: list[str], *, person: bool) -> list[str]:
    """Return words up to where a clause begins: a verb before "a" or "the", or lower-case words after a person's name."""
    past = next((i for i in range(1, len(words)) if _is_past(words, i)), len(words))
    words = words[:past]
    for i in range(1, len(words)):
        if (
            _bare(words[i])
            in words_of("source_grammar", "label_lead") | grammar().phrase_end | grammar().noun_join
        ):
            break
        article = words[i] in ("a", "an", "the", "A")
        before = _bare(words[i - 1])
        opens = before and before not in words_of("source_grammar", "before_article")
        if article and opens and words[i - 1][-1] not in ",:":
            words = words[: i - 1]
            break
    if not person or not words or not words[0][0].isupper() or _bare(words[0]) in _determiners():
        return words
    owned = any(word.endswith(("'s", "’s", "'", "’")) for word in words)
    small = grammar().name_connector | {"and"}
    ends = (
        i for i, w in enumerate(words) if i and w[0].islower() and w not in small and "-" not in w
    )
    office = _is_office_of(words)
    return words if owned or office else words[: next(ends, len(words))]


def _is_office_of(words: Sequence[str]) -> bool:
    """Tell whether words begin with an office and what it is over: "Acting Secretary of Defense"."""
    join = next((i for i, word in enumerate(words) if word in ("of", "for")), 0)
    return bool(
        join and all(word[0].isupper() for word in words[:join])
        and lists().nouns.get(words[join - 1].lower(), 0) & PEOPLE
    )  # fmt: skip


def _is_past(words: list[str], at: int) -> bool:
    """Tell whether one of the words is a past form with its object, behind people: "activists in Lenn circulated pictures"."""
    word, before = words[at], words[at - 1]
    if not word.endswith("ed") or not word.islower() or at + 1 >= len(words):
        return False
    if word in lists().nouns or word in words_of("source_grammar", "label_participle"):
        return False
    people = any(lists().nouns.get(w.lower(), 0) & PEOPLE for w in words[:at])
    noun = before.lower() in lists().nouns or (
        before[0].isupper() and not matcher_of("source_grammar", "of_nation").search(before)
    )
    behind = words[at + 1]
    things = (
        re.fullmatch(r"[a-z]{3,20}[^s\W]s", behind) and not lists().nouns.get(behind, 0) & PEOPLE
    )
    return bool(
        people and noun and things and behind not in words_of("source_grammar", "label_lead")
    )


@cache
def _determiners() -> frozenset[str]:
    """Return the determiners."""
    return frozenset(grammar().determiners)


def _short(label: str) -> str:
    """Return a label without the clause that follows the noun phrase."""
    end = _label_end().search(label, 1)
    return label[: end.start()] if end else label.rstrip(",")


@lru_cache(maxsize=1)
def _label_end() -> re.Pattern[str]:
    """Return what ends a label: the clause that follows the noun phrase."""
    return matcher_of("source_grammar", "label_end")


def _bare(word: str) -> str:
    """Return a word in lower case without the marks around it and a possessive ending."""
    return re.sub(r"['’]s$", "", word.lower().strip("“”\"‘’'()[],;:.!?…—–"))


def _leads(word: str) -> bool:
    """Tell whether a leading word is not part of a source: a mark, preposition or conjunction."""
    bare = _bare(word)
    return not bare or bare in words_of("source_grammar", "label_lead") or word in ("'s", "’s")


def _only_counts(words: Sequence[str]) -> bool:
    """Tell whether words only give a number of people: "one", "multiple", "every one of them"."""
    counts = words_of("source_grammar", "label_count")
    bare = [_bare(word) for word in words]
    return bare[0] in counts and (
        len(bare) == 1 or all(word in counts or word in grammar().pronoun for word in bare[1:])
    )


def _is_abstract(words: Sequence[str]) -> bool:
    """Tell whether a source classed as people is called by a noun that does not mean people: "her aspiration", "a reference to the quay"."""
    head = _bare(
        words[next((i - 1 for i, w in enumerate(words) if i and _leads(w)), len(words) - 1)]
    )
    return (
        words[0][0].islower()
        and head not in lists().nouns
        and " ".join(words[-2:]) not in lists().nouns
        and head not in words_of("source_people", "abstract")
        and matcher_of("source_grammar", "abstract_end").search(head) is not None
    )


def _is_verb(word: str) -> bool:
    """Tell whether a word can only be a verb: an auxiliary, or a reporting verb that is not also a noun."""
    bare = _bare(word)
    return bare in words_of("source_grammar", "finite") or (
        bare in _reporting() and word[0].islower()
    )


def _ends(words: list[str], at: int) -> bool:
    """Tell whether a label ends before one of its words: a verb, or a pronoun that begins a clause ("experts we asked").

    A verb's base form counts only after a plural or a pronoun: "officials stress", not "the centre for stress".
    """
    bare, before = _bare(words[at]), _bare(words[at - 1])
    if bare in words_of("source_grammar", "subject"):
        within = words[at][0].isupper() and at + 1 < len(words)  # "Where It Flows"
        return not (within or before in grammar().determiners)
    if not _is_verb(words[at]) or (words[at][0].isupper() and _opens_name(words, at - 1)):
        return False  # "Theresa May" is a name
    plain = bare in _plain_verbs()
    return not plain or before.endswith("s") or before in grammar().pronoun


@cache
def _plain_verbs() -> frozenset[str]:
    """Return the base forms of reporting verbs, which can be nouns: "stress", "claim"."""
    return frozenset(
        word for word in _reporting() if word + "s" in verb_kinds() or word + "es" in verb_kinds()
    )


@cache
def _reporting() -> frozenset[str]:
    """Return the forms of reporting verbs that are not also nouns."""
    kinds = {"say", "think", "announce", "claim", "ask"}
    verbs = {word for word, kind in verb_kinds().items() if kind in kinds}
    nouns = words_of("reporting_verbs", "preposition")
    sure = words_of("source_grammar", "sure_verb")
    return sure | {w for w in verbs - nouns - lists().nouns.keys() if not w.endswith("ed")}


def _calls(article: Article, words: list[str], said: bool) -> bool:  # noqa: FBT001 - one of two
    """Tell whether words denote somebody: by a noun in the lexicons, by a name, or by "the" and a noun.

    `said` is true if the name itself was read as a source, not only looked up for a pronoun.
    """
    known, functional = lists(), grammar().pronoun | grammar().share
    bare = [_bare(word) for word in words]
    core = next(
        (
            i
            for i, w in enumerate(bare)
            if i and w != "of" and w in words_of("source_grammar", "label_lead")
        ),
        len(bare),
    )
    if any(known.nouns.get(w, 0) and w not in functional for w in bare[:core]):
        return True
    if not known.company_marks.isdisjoint(words[:core]):
        return True
    if any(_is_name(article, word, said) for word in words[:core]):
        return True
    determined = bare[0] in grammar().determiners or is_number(bare[0])
    if len(words) == 1 and words[0] in grammar().no_name:
        return False
    plural = bare[-1].endswith("s") and not bare[-1].endswith(("ss", "us", "is", "ous"))
    nouns = [w for w in bare[:core] if w and w not in functional and w not in grammar().determiners]
    return bool(nouns) and not nouns[-1].isdigit() and (determined or plural) and not _dated(nouns)


def _dated(words: list[str]) -> bool:
    """Tell whether words are only dates, weekdays or months."""
    dates = words_of("closed_classes", "date_word")
    return all(word in dates or word.isdigit() for word in words)


def _is_name(article: Article, word: str, said: bool) -> bool:  # noqa: FBT001 - one of two
    """Tell whether a word of a label is a name: capitalised, not a weekday, and not only because it opens a sentence."""
    bare = word.strip("“”\"‘’'()[],;:!?…—–")
    bare = re.sub(r"['’]s$", "", bare)
    if not bare or not (bare[0].isupper() or starts_small(bare) or "." in bare[1:-1]):
        return False
    if len(bare) > 1 and starts_small(bare):
        return True
    if bare in grammar().no_name or _bare(word) in words_of("source_grammar", "finite"):
        return False
    known = lists()
    if (
        known.capitals.get(bare, 0) & GIVEN_NAME
        or bare in known.outlets | known.bodies | known.places
    ):
        return True
    return said or bare.isupper() or stands_within(article, bare.split(".")[0].split("-")[0])
