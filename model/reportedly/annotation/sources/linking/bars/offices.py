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
from reportedly.lexicons.loader import words_of

_PLACES = 20
"""The most mentions of one person that are examined."""
_BEFORE, _BEHIND, _LINKED, _WHO = 6, 9, 4, 2
"""Words before a name and behind it in which an office stands, and behind which a verb begins to give one."""
_MARKS = frozenset([",", ".", "(", ")", ";", ":", "–", "—", "-", "“", "”", '"', "?", "!"])
_OPEN = frozenset([",", "(", "–", "—"])
_OF = frozenset(["of", "for"])
_ENDS = frozenset(
    ["of", "for", "in", "at", "to", "from", "by", "with", "on", "who", "whose", "and", "that", "as"]
)
"""Words behind which an office is somebody else's: "Ada Finch, the wife of a mayor"."""
_DETERMINERS = frozenset(["the", "our", "its", "their", "his", "her"])
_GIVE = frozenset(
    [
        "is", "was", "’s", "'s", "became", "becomes", "elected", "appointed", "named", "nominated", "as", "serves", "served",
        "remains", "been",
    ]
)  # fmt: skip
"""Verbs behind a name that give its bearer an office."""


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
        determined = at < opening or forms[at].lower() in _DETERMINERS
        return found if determined or not comma else []

    def _parts(self, at: int, first: int) -> bool:
        """Tell whether a word before a name that begins at token `first` is not part of its title."""
        form = self._article.segmented.tokens.forms[at]
        other = self._figures.at_token.get(at, -1)
        of_it = self._article.segmented.tokens.forms[at - 1 : at]
        person = other >= 0 and self._figures.members[other].kind == "person"
        if person and _OF.isdisjoint(of_it):
            return True
        lower = form.lower()
        if form in _MARKS or form in POSSESSIVES or lower in _DETERMINERS or lower in ("a", "an"):
            return True
        if lower in _OF:
            return at + 1 == first or not self._article.capital[at + 1]
        return lower in _ENDS or lower in words_of("source_grammar", "finite") or _is_verb(lower)


def _is_verb(word: str) -> bool:
    return word in verb_kinds() and word not in lists().nouns


def _apposed(behind: Sequence[str]) -> list[str]:
    """Return the words of an apposition behind a name, up to a word behind which the office would be another's."""
    if not behind or behind[0] not in _OPEN:
        return []
    start = 1
    if len(behind) > _WHO and behind[1] == "who" and behind[2].lower() in _GIVE:
        start = 3
    return _until(behind[start:])


def _given(behind: Sequence[str]) -> list[str]:
    """Return the words of what somebody is, was or became."""
    near = (n for n, form in enumerate(behind[:_LINKED]) if form.lower() in _GIVE)
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
        if form in _MARKS or form.lower() in _ENDS or _is_verb(form.lower()):
            break
        found.append(form)
    return found


def offices_in(words: Sequence[str]) -> Iterator[str]:
    """Yield the offices among words: of "Deputy Prime Minister" both "minister" and "prime minister"."""
    known = words_of("source_people", "held_by_one", "heads_something")
    singular = lists().singular
    last = ""
    for form in words:
        word = singular.get(form.lower(), form.lower())
        word = _SHORT.get(word.rstrip("."), word)
        if word in known:
            yield word
        if f"{last} {word}" in known:
            yield f"{last} {word}"
        last = word


_SHORT = {
    "gov": "governor", "sen": "senator", "rep": "congressman", "pres": "president", "supt": "superintendent", "atty": "attorney",
    "ceo": "chief",
}  # fmt: skip
"""Short titles before names."""
