"""The words of a statement, prepared for comparison: stems, groups of words for the same event, numbers and dates."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from reportedly.lexicons.loader import load, values_of, words_of


@dataclass(frozen=True, slots=True)
class EventWord:
    """A word of a statement: its keys (its stem, and the groups of words for the same event), and what else is known of it."""

    text: str
    keys: frozenset[str]
    stem: str
    content: bool
    name: bool


@dataclass(frozen=True, slots=True)
class EventStatement:
    """A statement prepared for comparison.

    `around` holds keys of words that stand in the source's description; `counts`, `months`, `days` and `weekdays` are what
    the statement says of how many and when.
    """

    words: tuple[EventWord, ...]
    counts: Mapping[str, frozenset[float]]
    months: frozenset[int]
    days: frozenset[int]
    weekdays: frozenset[str]
    around: frozenset[str] = frozenset()
    open_ended: bool = False

    @property
    def keys(self) -> frozenset[str]:
        """The keys of all its content words."""
        return frozenset(key for word in self.words if word.content for key in word.keys)


@dataclass(frozen=True, slots=True)
class EventLexicon:
    """The lexicon of same events by stem."""

    groups: Mapping[str, frozenset[str]]
    opposites: Mapping[str, frozenset[tuple[int, str]]]
    converses: Mapping[str, frozenset[tuple[str, str]]]
    phrases: frozenset[str]
    leads: frozenset[str]


def numbers() -> Mapping[str, int]:
    """Return the numbers that are words."""
    return values_of("same_event", "number")


def _months() -> Mapping[str, int]:
    """Return the numbers of the months, without May, which may be a verb."""
    return values_of("same_event", "month")


def _scales() -> Mapping[str, float]:
    """Return what a figure is multiplied by if a word such as "million" follows it."""
    return values_of("same_event", "scale")


def is_of(kind: str, word: str) -> bool:
    """Tell whether a word is listed under `kind` in the lexicon of same events."""
    return word in words_of("same_event", kind)


@cache
def event_lexicon() -> EventLexicon:
    """Return the lexicon, indexed by stem on first use."""
    groups: defaultdict[str, set[str]] = defaultdict(set)
    opposites: defaultdict[str, set[tuple[int, str]]] = defaultdict(set)
    converses: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    phrases = set()
    for number, entry in enumerate(load("same_event").entries):
        kind, given = entry.attributes["kind"], entry.attributes
        for term in entry.terms:
            stem = _stem_of(term)
            if " " in term and kind in {"same", "lack"}:
                phrases.add(stem)
            if kind == "same":
                groups[stem].add(f"#{number}")
            elif kind == "lack":
                groups[stem].add("#lack")
            elif kind == "opposite":
                opposites[stem].add((given["pair"], given["side"]))
            elif kind == "converse":
                converses[stem].add((given["pair"], given["side"]))
    return EventLexicon(
        {stem: frozenset(own) for stem, own in groups.items()},
        {stem: frozenset(own) for stem, own in opposites.items()},
        {stem: frozenset(own) for stem, own in converses.items()},
        frozenset(phrases),
        frozenset(phrase.split()[0] for phrase in phrases),
    )


def _stem_of(term: str) -> str:
    """Return the stems of a term's words."""
    return " ".join(map(stem, term.split()))


@cache
def stem(word: str) -> str:
    """Return a word without the endings of inflection and of the commonest derivations."""
    if len(word) < _SHORT:
        return word
    bare = _ENDING.sub("", word)
    if len(bare) < 3:
        return word
    if bare.endswith("i"):
        bare = f"{bare[:-1]}y"
    if len(bare) > 3 and bare[-1] == bare[-2] and bare[-1] not in "ls":
        bare = bare[:-1]
    return bare.removesuffix("e") if len(bare) > 3 else bare


_LONGEST = 80
"""The words of a statement that are compared: its event stands in the first clauses, and time stays linear."""
_SHORT = 4
_ENDING = re.compile(r"(?:ations?|ions?|ings?|ed|ees?|ers?|ors?|ments?|ures?|e?s|'s|’s)$")
_WORD = re.compile(
    r"[£$€]\s?\d[\d,.]*\d?\s?(?:million|billion|trillion|m|bn|k)?\b|\d{1,2}[.:]\d\d(?!\d)|\d{1,2}(?:st|nd|rd|th)\b|\d[\d,]*(?:\.\d+)?|[A-Za-z]+(?:['’-][A-Za-z]+)*|[.;:!?]"
)
_YEAR = re.compile(r"(?:19|20)\d\d")


def prepared(text: str, around: str = "") -> EventStatement:
    """Return a statement in these words, by a source described with the words `around`."""
    found, lower = _split(text)
    words = tuple(_words(found, lower))
    counts: defaultdict[str, set[float]] = defaultdict(set)
    months, days, weekdays = set(), set(), set()
    for i, word in enumerate(lower):
        if word in _months() or (word == "may" and found[i] == "May" and _dated(lower, i)):
            months.add(_months().get(word, 5))
        elif is_of("weekday", word):
            weekdays.add(word)
        elif (count := count_at(lower, i)) is not None:
            kind, value = count
            if kind == "day":
                days.add(int(value))
            elif kind:
                counts[kind].add(value)
                if kind == "things" and (unit := _unit(words, i)):
                    counts[unit].add(value)
    return EventStatement(
        words,
        {kind: frozenset(values) for kind, values in counts.items()},
        frozenset(months),
        frozenset(days),
        frozenset(weekdays),
        frozenset(key for word in _words(*_split(around)) if word.content for key in word.keys),
        not {"since", "until", "from"}.isdisjoint(lower),
    )


def _split(text: str) -> tuple[list[str], list[str]]:
    """Return the words of a text, as written and in lower case."""
    found = [match.group() for match in islice(_WORD.finditer(text), _LONGEST)]
    return found, [word.lower().replace("’", "'") for word in found]


def _dated(lower: Sequence[str], i: int) -> bool:
    """Tell whether the word at `i` has a preposition or a number beside it."""
    return (i > 0 and (is_of("before_month", lower[i - 1]) or lower[i - 1].isdigit())) or (
        i + 1 < len(lower) and lower[i + 1].isdigit()
    )


def count_at(lower: Sequence[str], i: int) -> tuple[str, float] | None:
    """Return what is counted by the word at `i`, and how many: money, a share, hours, a day of the month or things; "" if it is a time or a year."""
    word = lower[i]
    digits = None if word[0].isalpha() else re.search(r"\d[\d,.]*", word)
    if digits is None and word not in numbers():
        return None
    after = lower[i + 1] if i + 1 < len(lower) else ""
    before = next((w for w in reversed(lower[max(0, i - 2) : i]) if w != "."), "")
    if word in numbers():
        if before == "at" or (before in {"about", "around"} and after == "in"):
            return "", 0.0
        return _scaled(float(numbers()[word]), after)
    if re.fullmatch(r"\d{1,2}[.:]\d\d", word):
        return "", 0.0
    value = float(re.sub(r"[^\d.]", "", digits.group() if digits else "").rstrip(".") or 0)
    if word[0] in "£$€":
        scale = re.search(r"[a-z]+$", word)
        return "money", value * _scales().get(scale.group() if scale else after, 1)
    return _plain_count(word, value, before, after)


def _plain_count(word: str, value: float, before: str, after: str) -> tuple[str, float]:
    """Return what is counted by a number in digits, by the words beside it."""
    months = _months()
    if (
        word[-1] == "h"
        or word[-2:] in {"st", "nd", "rd"}
        or before in months
        or after in months
        or "may" in {before, after}
    ):
        return ("day", value) if value < _YEARS_FROM else ("", 0.0)
    if _YEAR.fullmatch(word) or is_of("clock", after) or is_of("numbered", before):
        return "", 0.0
    return ("share", value) if after in {"percent", "per"} else _scaled(value, after)


def _scaled(value: float, after: str) -> tuple[str, float]:
    """Return a count before the word `after`, which may be a scale or a unit of time."""
    hours = values_of("same_event", "hours")
    if after in hours:
        return "hours", value * hours[after]
    return "things", value * _scales().get(after, 1)


def _unit(words: Sequence[EventWord], i: int) -> str:
    """Return the stem of what is counted by the number at `i`."""
    return next(
        (
            w.stem
            for w in words[i + 1 : i + 3]
            if w.text[0].isalpha() and len(w.text) > 2 and w.text not in _scales()
        ),
        "",
    )


_YEARS_FROM = 32


def _words(found: Sequence[str], lower: Sequence[str]) -> Iterator[EventWord]:
    """Yield the words of a statement, with their keys; a phrase of the lexicon is a word at its first place."""
    lexicon, stems = event_lexicon(), [stem(word) for word in lower]
    empty = words_of("same_event", "empty")
    for i, own in enumerate(stems):
        keys = {own, *lexicon.groups.get(own, ())}
        phrase = False
        for last in (i + 1, i + 2) if own in lexicon.leads else ():
            joined = f"{own} {stems[last]}" if last < len(stems) else ""
            whole = " ".join(stems[i : last + 1])
            for words in (joined, whole):
                if words in lexicon.phrases:
                    keys |= {words, *lexicon.groups[words]}
                    phrase = True
        word = lower[i]
        content = (
            phrase or "#lack" in keys or (word[0].isalpha() and len(word) > 2 and word not in empty)
        )
        name = content and found[i][0].isupper() and i > 0 and found[i - 1] not in ".!?"
        yield EventWord(word, frozenset(keys), own, content, name)


def parts_of_day(said: EventStatement) -> set[str]:
    """Return the parts of the day that a statement names, by a word or by the clock."""
    lower = [word.text for word in said.words]
    parts = values_of("same_event", "part_of_day")
    found = {parts[word] for word in lower if word in parts}
    for i, word in enumerate(lower):
        if (
            re.fullmatch(r"\d{1,2}[.:]\d\d", word)
            and i + 1 < len(lower)
            and is_of("clock", lower[i + 1])
        ):
            hour, half = int(re.split(r"[.:]", word)[0]) % 12, lower[i + 1][0]
            found |= (
                {"night"}
                if (half == "a" and hour < 6) or (half == "p" and hour >= 9)
                else {"morning"}
                if half == "a"
                else {"evening"}
                if hour >= 6
                else {"afternoon"}
            )
    return found
