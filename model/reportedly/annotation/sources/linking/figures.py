"""The figures of an article: each named person, organisation and outlet once, with every place where it is named.

Names are merged by their words (a surname with the full name, initials with the organisation), and pronouns after a
name show the person's gender. Figures are found once per article, before any statement is linked.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import NamedTuple

from reportedly.annotation.sources.coreference.mentions import (
    SUFFIXES,
    Mention,
    read_mention,
    tells_whence,
)
from reportedly.annotation.sources.coreference.names import (
    Article,
    look_up,
    opens,
    sentence_at,
    stand_apart,
)
from reportedly.annotation.sources.linking.surnames import bearer, opened_by
from reportedly.annotation.sources.word_lists import (
    BODY_WORD,
    FEMALE,
    GIVEN_NAME,
    MALE,
    PEOPLE,
    POSSESSIVES,
    TITLE,
    grammar,
    lists,
)
from reportedly.lexicons.loader import words_of

Name = tuple[str, ...]

HE = frozenset(["he", "him", "his", "himself"])
SHE = frozenset(["she", "her", "hers", "herself"])
_HE_FORMS = HE | {word.capitalize() for word in HE}
_SHE_FORMS = SHE | {word.capitalize() for word in SHE}
_THEIR_FORMS = _HE_FORMS | _SHE_FORMS

_ARTICLES = frozenset(["The", "the"])
_LITTLE = _ARTICLES | {"of", "and", "for", "&", "in", "on"}
_PART_OF_NAME = frozenset(["New", "National", "Federal", "State", "Local"])
"""Words that begin sentences, and names too."""

_LONGEST = 8
"""The most words of a name, names of a figure, and figures with the same name that are compared."""

_SPELT, _PAIR = 6, 2
"""Letters of a surname, at least, whose misspelling is known for one; words that two longer names share at their ends."""

_TITLE_WEIGHT = 3.0
"""A title or given name counts for a gender as much as so many pronouns."""


class Named(NamedTuple):
    """One place where a figure is named: tokens ``[first, end)`` and the figure's number."""

    first: int
    end: int
    figure: int


_FIRST = attrgetter("first")
_LONG_NAME = 3
"""A person's name of more words may have others in it."""


@dataclass(slots=True)
class Figure:
    """One named person, organisation or outlet; `names` are as the article words them.

    `he` and `she` count the pronouns behind its name; `roles` are nouns for people beside it.
    """

    kind: str
    names: set[Name] = field(default_factory=set)
    gender: str = ""
    he: int = 0
    she: int = 0
    tokens: list[int] = field(default_factory=list)
    roles: set[str] = field(default_factory=set)

    @property
    def person(self) -> bool:
        """Whether it can be a person."""
        return self.kind in ("person", "unknown")

    @property
    def full(self) -> Name:
        """The longest of its names; of equally long ones the first in alphabetical order."""
        return min(self.names, key=lambda name: (-len(name), name), default=())

    @property
    def label(self) -> Name:
        """The longest of its names, a person's without words of a heading or a caption before it, if the name also stands alone.

        "Smiles At Pilot Ada Finch" is "Ada Finch" if the article calls her so.
        """
        full = self._clean()
        if self.kind != "person" or len(full) <= _PAIR:
            return full
        within = [name for name in self.names if _PAIR <= len(name) < len(full)]
        alone = [name for name in within if full[-len(name) :] == name]
        if len(full) <= _LONG_NAME:
            alone = [name for name in alone if lists().capitals.get(name[0], 0) & GIVEN_NAME]
        if not alone:
            return full
        size = len(min(alone, key=lambda name: (-len(name), name)))
        given = lists().capitals.get(full[-size - 1], 0) & GIVEN_NAME
        return full[-size - bool(given) :]

    def _clean(self) -> Name:
        """Return the longest name; a person's that begins with a first name, if there is one, before others that do not: "Added Finch"."""
        if self.kind != "person":
            return self.full
        given = [
            name
            for name in self.names
            if len(name) > 1 and lists().capitals.get(name[0], 0) & GIVEN_NAME
        ]
        names = [name for name in given if len(set(name)) == len(name)] or self.names
        return min(names, key=lambda name: (-len(name), name), default=())

    @property
    def women(self) -> float:
        """How many more pronouns suggest a woman than a man."""
        return self.she - self.he + _TITLE_WEIGHT * ((self.gender == "f") - (self.gender == "m"))

    def fits(self, gender: str) -> bool:
        """Tell whether nothing known of its gender contradicts "m" or "f"; an empty one fits anybody."""
        return not gender or self.women * (1 if gender == "f" else -1) >= 0

    def before(self, token: int) -> int:
        """Return the token of its last mention before `token`, -1 if there is none."""
        at = bisect_left(self.tokens, token) - 1
        return self.tokens[at] if at >= 0 else -1

    def within(self, first: int, last: int) -> int:
        """Return the token of its first mention in ``[first, last)``, -1 if there is none."""
        at = bisect_left(self.tokens, first)
        return self.tokens[at] if at < len(self.tokens) and self.tokens[at] < last else -1


@dataclass(slots=True)
class Figures:
    """All figures of an article, where they are named in order, and tables to find them by word."""

    members: list[Figure] = field(default_factory=list)
    named: list[Named] = field(default_factory=list)
    at_token: dict[int, int] = field(default_factory=dict)
    _places: dict[Name, int] = field(default_factory=dict)
    _lasts: dict[str, list[int]] = field(default_factory=dict)
    _firsts: dict[str, list[int]] = field(default_factory=dict)
    _phrases: dict[str, int] = field(default_factory=dict)
    _initials: dict[str, int] = field(default_factory=dict)
    _spellings: dict[str, int] = field(default_factory=dict)
    _nouns: dict[str, set[int]] = field(default_factory=dict)

    def enter(self, kind: str, name: Name, gender: str) -> int:
        """Return the number of the figure called `name`; add it if it is new."""
        place = self._places.get(name)
        if place is None:
            place = self._called(kind, name)
        if place is None:
            place = len(self.members)
            self.members.append(Figure(kind))
        figure = self.members[place]
        figure.gender = figure.gender or gender
        if figure.kind == "unknown":
            figure.kind = kind
        self.also(name, place)
        return place

    def named_in(self, first: int, last: int) -> list[Named]:
        """Return where figures are named at tokens ``[first, last)``, once all are found."""
        low, high = (bisect_left(self.named, at, key=_FIRST) for at in (first, last))
        return self.named[low:high]

    def _called(self, kind: str, name: Name) -> int | None:
        """Return the figure that `name` can mean; of several the one added last."""
        place = self._phrases.get(_phrase(name))
        if place is None and len(name) == 1:
            place = self._initials.get(name[0].replace(".", ""))
        if place is not None:
            return place
        return self._person(name) if kind in ("person", "unknown") else self._body(name)

    def _person(self, name: Name) -> int | None:
        """Return the person whose surname ends `name`, or whose first name it is."""
        for place in _newest(self._lasts, name[-1]):
            if self.members[place].person and _same_person(name, self.members[place]):
                return place
        firsts = _newest(self._firsts, name[0]) if len(name) == 1 else ()
        known = next((place for place in firsts if self.members[place].kind == "person"), None)
        return known if known is not None else self._misspelt(name)

    def _misspelt(self, name: Name) -> int | None:
        """Return the person named in full whose surname differs by one letter and no first name does: "Rodriquez" is "Ana Rodriguez"."""
        if len(name[-1]) < _SPELT or len(name) > _PAIR:
            return None
        places = {self._spellings.get(part) for part in _spellings(name[-1])} - {None}
        place = places.pop() if len(places) == 1 else None
        if place is None or len(name) == 1:
            return place
        return place if any(other[0] == name[0] for other in self.members[place].names) else None

    def bearers(self, surname: str) -> list[int]:
        """Return the people named in full so far whose name ends in a surname, the first one first."""
        places = dict.fromkeys(self._lasts.get(surname, [])[:_LONGEST])
        return [
            place
            for place in places
            if self.members[place].kind == "person"
            and any(len(name) > 1 and name[-1] == surname for name in self.members[place].names)
        ]

    def abbreviate(self, short: str, place: int) -> None:
        """Make a body findable by the abbreviation that stands in brackets behind its name."""
        self._places.setdefault((short,), place)
        self._initials.setdefault(short.replace(".", ""), place)

    def also(self, name: Name, place: int) -> None:
        """Give a figure another name."""
        figure = self.members[place]
        if name not in figure.names and len(figure.names) < _LONGEST:
            figure.names.add(name)
            self._places.setdefault(name, place)
            self._index(name, place)

    def _body(self, name: Name) -> int | None:
        """Return the organisation whose name contains `name`, is contained in it, or has these initials."""
        place = self._phrases.get(initials(name))
        if place is not None:
            return place
        called = self._nouns.get(name[-1], set())
        if len(called) == 1 and all(word.endswith("-based") for word in name[:-1]):
            return next(iter(called))
        for known in (*_newest(self._firsts, name[0]), *_newest(self._lasts, name[-1])):
            figure = self.members[known]
            if figure.kind != "person" and any(_within(name, other) for other in figure.names):
                return known
        return None

    def _index(self, name: Name, place: int) -> None:
        """Index a name by its words."""
        self._phrases.setdefault(_phrase(name), place)
        self._lasts.setdefault(name[-1], []).append(place)
        if len(name) > 1 and name[-1].rstrip(".") in SUFFIXES:
            self._lasts.setdefault(name[-2], []).append(place)
        if name[-1].startswith(_AL):
            self._lasts.setdefault(name[-1][len(_AL[0]) :], []).append(place)
        self._firsts.setdefault(name[0], []).append(place)
        if self.members[place].kind == "body":
            for word in name[1:-1]:
                if lists().capitals.get(word, 0) & BODY_WORD:
                    self._nouns.setdefault(word, set()).add(place)
        short = initials(name)
        if len(short) > 1:
            self._initials.setdefault(short, place)
        if len(name) > 1 and len(name[-1]) >= _SPELT and self.members[place].person:
            for part in _spellings(name[-1]):
                self._spellings.setdefault(part, place)


def _spellings(word: str) -> set[str]:
    """Return a word without each of its letters but the first: two words that share one differ by a letter or two."""
    return {word[:at] + word[at + 1 :] for at in range(1, len(word))}


def _newest(table: dict[str, list[int]], word: str) -> Iterable[int]:
    """Return the figures with a word in their name, the newest first."""
    return reversed(table.get(word, [])[-_LONGEST:])


def _phrase(name: Name) -> str:
    """Return a name as it is compared: without articles and dots, long ones without case."""
    phrase = " ".join([word for word in name if word not in _ARTICLES] or name)
    return phrase.replace(".", "").lower() if len(phrase) > 5 else phrase


def initials(name: Name) -> str:
    """Return the initials of a name, function words left out."""
    return "".join([word[0] for word in name if word not in _LITTLE])


def _within(one: Name, two: Name) -> bool:
    """Tell whether one name's words are among the other's, function words left out."""
    first, second = set(one) - _LITTLE, set(two) - _LITTLE
    return bool(first and second) and (first <= second or second <= first)


def _same_person(name: Name, figure: Figure) -> bool:
    """Tell whether a name that ends in a figure's surname can be the figure's: no first name differs."""
    if len(name) == 1:
        return True
    full = [other for other in figure.names if len(other) > 1 and other[-1] == name[-1]]
    return not full or any(
        _same_first(name[0], other[0])
        or (name[-2:] == other[-2:] and max(map(len, (name, other))) > _PAIR)
        for other in full
    )


def _same_first(one: str, two: str) -> bool:
    """Tell whether two first names are the same, or one is the other's initial."""
    return one == two or (one[0] == two[0] and "." in one + two)


def find_figures(article: Article) -> Figures:
    """Return everyone whom the article names."""
    found = Figures()
    forms = article.segmented.tokens.forms
    for sentence in article.segmented.sentences:
        here: list[Named] = []
        for first, end in _runs(article, sentence.first, sentence.last):
            first = _past_office(forms, sentence.first, first, end)  # noqa: PLW2901 - the name begins there
            opening = first == sentence.first
            _abbreviate(forms, found, here, first, end)
            mention = read_mention(forms[first:end], opens_sentence=opening)
            if mention.kind != "name" or not mention.name:
                continue
            if not (opening and len(mention.name) == 1 and _is_plain(article, mention.name[0])):
                here.append(_enter(article, found, mention, first, end, opening=opening))
        if here:
            found.named += here
            _count_pronouns(forms, found, here, sentence.last)
            for named in here:
                _note_roles(forms, found, named, sentence.first, sentence.last)
    for figure in found.members:
        if figure.person and _is_no_person(forms, figure):
            figure.kind = "place"
    return found


def _is_no_person(forms: Sequence[str], figure: Figure) -> bool:
    """Tell whether a figure taken for a person is a wish, or is only ever where something is: "Happy Easter", "in Port Lund"."""
    name = figure.full
    if figure.gender or any(lists().capitals.get(word, 0) & (GIVEN_NAME | TITLE) for word in name):
        return False
    if len(name) > 1 and not words_of("source_bodies", "wish", "page_word").isdisjoint(name):
        return True
    nations = words_of("source_bodies", "demonym")
    if all(word in nations or word in lists().bodies or word == "and" for word in name):
        return True
    places = words_of("source_grammar", "where")
    return all(first and forms[first - 1] in places for first in figure.tokens[:_LONGEST])


def _abbreviate(
    forms: Sequence[str], found: Figures, here: list[Named], first: int, end: int
) -> None:
    """Note the abbreviation at ``[first, end)``, if it stands in brackets behind the words that it abbreviates: "(HTA)".

    These words then are one name, whatever was read in them: "Harbour and Tide Administration".
    """
    at, short = first - 1, forms[first].replace(".", "")
    if end - first != 1 or at < 1 or forms[at] != "(" or forms[end : end + 1] != (")",):
        return
    if not (short.isupper() and len(short) <= _LONGEST):
        return
    opening = _spelt_out(forms, short, at)
    if opening is None or not any(opening <= one.first < at for one in here):
        return
    kind = "press" if short in lists().outlets else "body"
    place = found.enter(kind, tuple(forms[opening:at]), "")
    found.members[place].kind = kind
    insort(found.members[place].tokens, opening)
    found.abbreviate(forms[first], place)
    found.at_token.update(dict.fromkeys(range(opening, at), place))
    while here and here[-1].first >= opening:
        here.pop()
    here.append(Named(opening, at, place))


def _spelt_out(forms: Sequence[str], short: str, end: int) -> int | None:
    """Return the first token of the words before token `end` whose first letters are `short`, small words left out; None if there are none."""
    at, letters = end, list(short)
    while letters and at > max(0, end - 2 * _LONGEST):
        at -= 1
        if forms[at] in _LITTLE:
            continue
        if forms[at][0] != letters.pop():
            return None
    return None if letters else at


def _past_office(forms: Sequence[str], opening: int, first: int, end: int) -> int:
    """Return where the name begins in a run of capitals that ends the name of an office: "Minister of Trade Lena Koch"."""
    if end - first < _IN_OFFICE or first - opening < _OFFICE or forms[first - 1] not in _OF:
        return first
    low = max(opening, first - _BEFORE)
    nouns = lists().nouns
    office = next(
        (n for n in range(first - 2, low - 1, -1) if nouns.get(forms[n].lower(), 0) & PEOPLE), -1
    )
    mention = read_mention(forms[office:end]) if office >= 0 else None
    named = mention is not None and mention.titled and mention.kind == "name"
    if mention is None or not named or mention.name != tuple(forms[end - len(mention.name) : end]):
        return first
    return max(first, end - len(mention.name))


_OFFICE, _IN_OFFICE = 2, 3
"""The least words of an office before a run of capitals and in it: "Minister of", "Trade Lena Koch"."""
_OF = frozenset(["of", "for", "the"])


def _is_plain(article: Article, word: str) -> bool:
    """Tell whether a word has a capital only because it opens a sentence."""
    if word.lower() in lists().nouns:
        return True
    tokens, starts = article.segmented.tokens, article.sentence_starts
    places = article.capitals.get(word, ())[:_LONGEST]
    if any(i + 1 < len(tokens) and tokens.forms[i + 1] in POSSESSIVES for i in places):
        return False
    return all(starts[sentence_at(article, tokens.starts[i])] == tokens.starts[i] for i in places)


def _enter(
    article: Article, found: Figures, mention: Mention, first: int, end: int, *, opening: bool
) -> Named:
    """Add the figure that one run of capitalised words names, and its place."""
    kind, gender, full = look_up(article, mention.name)
    name = full if len(full) >= len(mention.name) else mention.name
    if mention.titled and kind in ("unknown", "place"):
        kind = "person"
    title = article.segmented.tokens.forms[first - 1] if first else ""
    place = bearer(article, found, name[-1], first, full) if len(mention.name) == 1 else -1
    if place < 0 and opening:
        place = opened_by(article, found, mention.name)
    if place < 0:
        place = found.enter(kind, name, mention.gender or gender or _gender_of(title))
    found.members[place].tokens.append(first)
    for token in range(first, end):
        found.at_token[token] = place
    _note_whole(article.segmented.tokens.forms[first:end], found, mention, place)
    return Named(first, end, place)


def _note_whole(words: Sequence[str], found: Figures, mention: Mention, place: int) -> None:
    """Note the whole name of a body that was read without its first word: the "National Tide Service", which is the NTS."""
    cut = words[0] in _PART_OF_NAME and len(words) > _PAIR and tuple(words[1:]) == mention.name
    if cut and found.members[place].kind != "person":
        found.also(tuple(words), place)


def _gender_of(title: str) -> str:
    """Return the gender that a title before a name tells: "Mr"."""
    bits = lists().capitals.get(title, 0)
    if not bits & TITLE:
        return ""
    return "m" if bits & MALE else "f" if bits & FEMALE else ""


def _runs(article: Article, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield the token ranges of runs of capitalised words, including "of" and "van" inside names."""
    forms, capital, no_name = article.segmented.tokens.forms, article.capital, grammar().no_name
    end = first
    while (start := capital.find(1, end, last)) >= 0:
        end = start + 1
        while end < min(last, start + _LONGEST):
            named = capital[end] or forms[end].startswith(_AL)
            step = 1 if named else 2 if _joins(article, end, last) else 0
            if not step or stand_apart(article, end) or _begins_clause(article, end):
                break
            end += step
        while start < end and (
            (forms[start] in no_name and forms[start] not in _PART_OF_NAME)
            or tells_whence(forms[start])
        ):
            start += 1
        if start < end and not (end - start == 1 and forms[start] in no_name):
            yield start, end


def _begins_clause(article: Article, at: int) -> bool:
    """Tell whether a capitalised word begins a clause or repeats the one before it, a full stop lost between them: "Norland While Moor", "Moor Moor was"."""
    forms = article.segmented.tokens.forms
    if forms[at] in words_of("source_grammar", "clause_start"):
        return True
    return forms[at] == forms[at - 1] and len(article.capitals.get(forms[at], ())) > _DOUBLED


_DOUBLED = 2
"""A word that follows itself and stands in the article more often is no double name."""


_AL = ("al-", "el-")
"""How a surname may begin without a capital: "Salim al-Harbi"."""


def _joins(article: Article, at: int, last: int) -> bool:
    """Tell whether a small word joins the capitals around it to one name: "Bank of Leeds", "Ana de Moor"."""
    if at + 1 >= last or not article.capital[at + 1]:
        return False
    forms = article.segmented.tokens.forms
    if forms[at] in grammar().name_connector:
        return True
    if forms[at] == "." and len(forms[at - 1]) == 1:  # "Ana L. Moor"
        return not opens(article, at + 1)
    if forms[at] in _GLUE and _is_glued(article, at):
        return True
    return forms[at] in ("&", "of", "for") and bool(
        lists().capitals.get(forms[at - 1], 0) & BODY_WORD
    )


def _is_glued(article: Article, at: int) -> bool:
    """Tell whether no space stands on either side of a mark: "R+M"."""
    tokens = article.segmented.tokens
    return tokens.ends[at - 1] == tokens.starts[at] and tokens.ends[at] == tokens.starts[at + 1]


_GLUE = frozenset(["&", "+"])
"""Marks that join names."""


def _count_pronouns(forms: Sequence[str], found: Figures, here: Sequence[Named], last: int) -> None:
    """Count each "he" and "she" of a sentence for the figure named last before it there."""
    ends = [named.first for named in here[1:]] + [last]
    for named, end in zip(here, ends, strict=True):
        figure = found.members[named.figure]
        behind = forms[named.end : end]
        if figure.person and not _THEIR_FORMS.isdisjoint(behind):
            for form in behind:
                figure.he += form in _HE_FORMS
                figure.she += form in _SHE_FORMS


_BEFORE, _BEHIND = 4, 7
"""A person's role is searched among so many words before and after the name."""


def _note_roles(
    forms: Sequence[str], found: Figures, named: Named, opening: int, last: int
) -> None:
    """Record the nouns for people beside a name: before it, in it, and in apposition after a comma."""
    nouns, singular = lists().nouns, lists().singular
    beside = list(forms[max(opening, named.first - _BEFORE) : named.end])
    if named.end < last and forms[named.end] in (",", "(", "–", "—"):
        for form in forms[named.end + 1 : min(last, named.end + 1 + _BEHIND)]:
            if form in (",", ")", "–", "—", "“", '"'):
                break
            beside.append(form)
    for form in beside:
        word = form.lower()
        if nouns.get(word, 0) & PEOPLE:
            found.members[named.figure].roles.add(singular.get(word, word))
