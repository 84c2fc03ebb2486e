"""The offices that a text gives its people: "Mayor Ada Finch", "Ada Finch, the mayor,", "Ada Finch became mayor".

A noun near a name is not yet an office: "the sister of a mayor, Ada Finch" and "the mayor said that Ada Finch" give her none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from reportedly.annotation.attribution.reporting_verbs import verb_kinds
from reportedly.annotation.sources.coreference.names import Article, sentence_at
from reportedly.annotation.sources.linking.figures import Figures
from reportedly.annotation.sources.word_lists import POSSESSIVES, lists
from reportedly.lexicons.loader import values_of, words_of

_PLACES = 20
"""The most mentions of one person that are examined."""
_BEFORE, _BEHIND, _LINKED, _WHO = 6, 9, 4, 2
"""Words before a name and behind it in which an office stands, and behind which a verb begins to give one."""
_MARKS = frozenset([",", ".", "(", ")", ";", ":", "–", "—", "-", "“", "”", '"', "?", "!"])
_OPEN = frozenset([",", "(", "–", "—"])


def _is(kind: str, word: str) -> bool:
    """Tell whether a word is listed under `kind` for offices."""
    return word in words_of("source_grammar", f"office_{kind}")


class Offices:
    """The offices of an article's figures by number, found when they are first asked for."""

    def __init__(self, article: Article, figures: Figures) -> None:
        self._article, self._figures = article, figures
        self._held: dict[int, frozenset[str]] = {}
        self._holders: dict[str, set[int]] | None = None

    def of(self, number: int) -> frozenset[str]:
        """Return the offices that the text gives a figure, in lower case and the singular."""
        held = self._held.get(number)
        if held is None:
            places = self._figures.members[number].tokens[:_PLACES]
            held = frozenset(office for at in places for office in self._beside(number, at))
            self._held[number] = held
        return held

    def holders(self, office: str) -> set[int]:
        """Return the people to whom the text gives an office."""
        if self._holders is None:
            found: defaultdict[str, set[int]] = defaultdict(set)
            for number, figure in enumerate(self._figures.members):
                if figure.kind == "person":
                    for one in self.of(number):
                        found[one].add(number)
            self._holders = dict(found)
        return self._holders.get(office, set())

    def _beside(self, number: int, first: int) -> Iterator[str]:
        """Yield the offices that one mention of a figure gives it."""
        tokens, at_token = self._article.segmented.tokens, self._figures.at_token
        sentence = self._article.segmented.sentences[
            sentence_at(self._article, tokens.starts[first])
        ]
        end = first
        while at_token.get(end) == number:
            end += 1
        yield from offices_in(self._before(first, sentence.first) + list(tokens.forms[first:end]))
        behind = tokens.forms[end : min(sentence.last, end + _BEHIND)]
        yield from offices_in(_apposed(behind) or _given(behind))

    def _before(self, first: int, opening: int) -> list[str]:
        """Return the words of a title before a name: "former Vice President", "the mayor,"."""
        forms = self._article.segmented.tokens.forms
        found: list[str] = []
        comma = first - 1 > opening and forms[first - 1] == ","
        at = first - 2 if comma else first - 1
        while at >= max(opening, first - _BEFORE) and not self._parts(at, first - comma):
            found.insert(0, forms[at])
            at -= 1
        determined = at < opening or _is("determiner", forms[at].lower())
        return found if determined or not comma else []

    def _parts(self, at: int, first: int) -> bool:
        """Tell whether a word before a name that begins at token `first` is not part of its title."""
        form = self._article.segmented.tokens.forms[at]
        other = self._figures.at_token.get(at, -1)
        of_it = at > 0 and _is("of", self._article.segmented.tokens.forms[at - 1])
        person = other >= 0 and self._figures.members[other].kind == "person"
        if person and not of_it:
            return True
        lower = form.lower()
        if (
            form in _MARKS
            or form in POSSESSIVES
            or _is("determiner", lower)
            or lower in ("a", "an")
        ):
            return True
        if _is("of", lower):
            return at + 1 == first or not self._article.capital[at + 1]
        return _is("end", lower) or lower in words_of("source_grammar", "finite") or _is_verb(lower)


def _is_verb(word: str) -> bool:
    return word in verb_kinds() and word not in lists().nouns


def _apposed(behind: Sequence[str]) -> list[str]:
    """Return the words of an apposition behind a name, up to a word behind which the office would be another's."""
    if not behind or behind[0] not in _OPEN:
        return []
    start = 1
    if len(behind) > _WHO and behind[1] == "who" and _is("given", behind[2].lower()):
        start = 3
    return _until(behind[start:])


def _given(behind: Sequence[str]) -> list[str]:
    """Return the words of what somebody is, was or became."""
    near = (n for n, form in enumerate(behind[:_LINKED]) if _is("given", form.lower()))
    start = next(near, -1)
    if start < 0 or not _MARKS.isdisjoint(behind[:start]):
        return []
    return _until(behind[start + 1 :])


def _until(words: Sequence[str]) -> list[str]:
    """Return words up to a mark or a word that begins another phrase; none if the phrase only says whose."""
    found: list[str] = []
    for form in words:
        if form in POSSESSIVES:
            found.clear()
            continue
        if form in _MARKS or _is("end", form.lower()) or _is_verb(form.lower()):
            break
        found.append(form)
    return found


def offices_in(words: Sequence[str]) -> Iterator[str]:
    """Yield the offices among words: of "Deputy Prime Minister" both "minister" and "prime minister"."""
    known = words_of("source_people", "held_by_one", "heads_something")
    singular, short = lists().singular, values_of("source_people", "office_short")
    last = ""
    for form in words:
        word = singular.get(form.lower(), form.lower())
        word = short.get(word.rstrip("."), word)
        if word in known:
            yield word
        if f"{last} {word}" in known:
            yield f"{last} {word}"
        last = word
