"""Whether two statements report the same event the same way round, in whatever words.

Structure comes first: the event of one statement must be the event of the other, with the same outcome, the same parts
played by those who are named in both, and no number, date or name that differs; then what else they share is counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise

from reportedly.annotation.sources.corroboration.event_roles import (
    REACH,
    actors_in,
    determiners,
    is_verb,
    phrase_at,
    role_in,
)
from reportedly.annotation.sources.corroboration.event_words import (
    EventStatement,
    EventWord,
    count_at,
    event_lexicon,
    is_of,
    parts_of_day,
)
from reportedly.lexicons.loader import load, words_of

_ENOUGH = 2.0
"""The least weight of shared words beside the event."""
_EVENTS = 2
"""So many verbs of a statement may be its main event."""
_NEAR = 3
"""A word this many content words from an event belongs to it."""
_COUNTED = 6
"""A count this many words from an event belongs to it."""
_COPIED = 3
"""Two statements that share at least so many numbers quote the same count."""
_CLOSE = 0.1
"""Two counts that differ by at most this part are the same count, one of them rounded."""


def same_event(one: EventStatement, other: EventStatement, rare: Mapping[str, float]) -> bool:
    """Tell whether `other` states the event of `one` the same way round.

    `rare` gives for a key how much a shared word tells, between 0 and 1.
    """
    if _other_figures(one, other) or _other_names(one, other) or _other_order(one, other):
        return False
    for i in _events(one):
        for j, word in enumerate(other.words):
            if not word.content or _modifies(other.words, j):
                continue
            turned = _matched(one.words[i], word)
            if turned is None or not _fact(one, i, other, j):
                continue
            if turned != (_negated(one, i) != _negated(other, j)):
                continue
            if _differs(one, i, other, j):
                continue
            if _weight(one, i, other, j, rare) >= _ENOUGH:
                return True
    return False


def _differs(one: EventStatement, i: int, other: EventStatement, j: int) -> bool:
    """Tell whether who acts, how many, the reason or the purpose differs."""
    return (
        _swapped(one, i, other, j)
        or _other_count(one, i, other, j)
        or _is_purpose(other, j)
        or _other_parts(one, i, other, j)
        or _unshared_reason(one, i, other)
        or _unshared_purpose(other, j, one)
    )


def _modifies(words: Sequence[EventWord], j: int) -> bool:
    """Tell whether the word at `j` stands between a determiner and a noun."""
    return (
        0 < j < len(words) - 1
        and words[j - 1].text in determiners() - {"of", "that"}
        and words[j + 1].content
    )


def _events(said: EventStatement) -> Iterator[int]:
    """Yield the places of the words that may be the main event of a statement: its first verbs or words for an event."""
    found = 0
    for i, word in enumerate(said.words):
        if not word.content or word.name:
            continue
        if is_verb(said.words, i):
            yield i
            found += 1
            if found == _EVENTS:
                return


def _matched(one: EventWord, other: EventWord) -> bool | None:
    """Tell whether two words for an event are opposites (True) or the same (False); None if neither."""
    lexicon = event_lexicon()
    mine, theirs = (
        lexicon.opposites.get(one.stem, frozenset()),
        lexicon.opposites.get(other.stem, frozenset()),
    )
    pairs = {pair for pair, _ in mine} & {pair for pair, _ in theirs}
    if pairs and not mine & theirs:
        return True
    return False if one.keys & other.keys else None


def _fact(one: EventStatement, i: int, other: EventStatement, j: int) -> bool:
    """Tell whether the other statement gives its event as a fact; a future one only if both do."""
    unreal, future = words_of("same_event", "unreal"), words_of("same_event", "future")
    mine, theirs = _ahead(one, i), _ahead(other, j)
    if (mine | theirs) & unreal:
        return False
    return not theirs & future or bool(mine & future)


def _ahead(said: EventStatement, i: int) -> set[str]:
    """Return the words before an event; "could not" says a fact."""
    words = [word.text for word in said.words[max(0, i - REACH) : i]]
    return {
        w
        for w, after in zip(words, [*words[1:], ""], strict=False)
        if not (w in {"could", "can"} and after == "not")
    }


def _negated(said: EventStatement, i: int) -> bool:
    """Tell whether the event at `i` is negated."""
    negations = words_of("same_event", "negation")
    near = said.words[max(0, i - 6) : i]
    count = sum(w.text in negations or w.text.endswith("n't") for w in near)
    return (count + ("#lack" in said.words[i].keys)) % 2 == 1


def _other_figures(one: EventStatement, other: EventStatement) -> bool:
    """Tell whether a number or a date differs."""
    if len(_figures(one) & _figures(other)) >= _COPIED:
        return True  # one repeats the other, or both repeat a third
    for kind, mine in one.counts.items():
        theirs = other.counts.get(kind)
        if theirs and not any(_near(a, b) for a in mine for b in theirs):
            return True
    return _other_time(one, other)


def _other_time(one: EventStatement, other: EventStatement) -> bool:
    """Tell whether a date or a time such as "next spring" differs."""
    relative, theirs = _relative(one), _relative(other)
    if relative and theirs and not relative & theirs:
        return True
    if one.weekdays and other.weekdays and not one.weekdays & other.weekdays:
        return True
    if not (one.months and other.months):
        return False
    if not one.months & other.months:
        return not (one.open_ended or other.open_ended)
    return bool(one.days and other.days and not one.days & other.days)


def _figures(said: EventStatement) -> set[float]:
    """Return all numbers of a statement that count something."""
    return {value for values in said.counts.values() for value in values}


def _relative(said: EventStatement) -> set[tuple[str, str]]:
    """Return times such as "next spring"."""
    pairs = pairwise(said.words)
    return {
        (a.text, b.text)
        for a, b in pairs
        if a.text in {"next", "last", "this"} and is_of("season", b.text)
    }


def _near(a: float, b: float) -> bool:
    """Tell whether two numbers are the same, one of them perhaps rounded."""
    return a == b or (min(a, b) >= 20 and abs(a - b) <= _CLOSE * max(a, b))


def _other_names(one: EventStatement, other: EventStatement) -> bool:
    """Tell whether two people with one surname have different first names."""
    mine, theirs = dict(_full_names(one)), dict(_full_names(other))
    return any(theirs.get(last, first) != first for last, first in mine.items())


def _full_names(said: EventStatement) -> Iterator[tuple[str, str]]:
    """Yield the pairs of names that follow each other, the last first."""
    for first, last in pairwise(said.words):
        if first.name and last.name:
            yield last.text, first.text


def _other_order(one: EventStatement, other: EventStatement) -> bool:
    """Tell whether one statement says before what the other says after."""
    mine, theirs = {w.text for w in one.words}, {w.text for w in other.words}
    return any(
        a in mine and b in theirs and b not in mine and a not in theirs for a, b in _orders()
    )


@cache
def _orders() -> tuple[tuple[str, str], ...]:
    """Return the pairs of words that contradict each other."""
    entries = (e for e in load("same_event").entries if e.attributes["kind"] == "order")
    return tuple((entry.terms[0], entry.terms[1]) for entry in entries)


def _other_parts(one: EventStatement, i: int, other: EventStatement, j: int) -> bool:
    """Tell whether somebody else did it, or it was done to something else."""
    if "#lack" not in one.words[i].keys and not (is_verb(one.words, i) and is_verb(other.words, j)):
        return False
    mine, theirs = actors_in(one, i), actors_in(other, j)
    if event_lexicon().converses.get(one.words[i].stem) != event_lexicon().converses.get(
        other.words[j].stem
    ):
        mine, theirs = ([], mine[1]), ([], theirs[1])
    return any(a and b and not _alike(one, a, other, b) for a, b in zip(mine, theirs, strict=True))


def _alike(one: EventStatement, a: Sequence[int], other: EventStatement, b: Sequence[int]) -> bool:
    """Tell whether two noun phrases may be the same: some word is shared, and none differs in "a box of …"."""
    if not any(one.words[k].keys & other.words[m].keys for k in a for m in b):
        return False
    mine, theirs = _complement(one, a), _complement(other, b)
    if mine is None or theirs is None or not mine[0].keys & theirs[0].keys:
        return True
    return bool(mine[1].keys & theirs[1].keys)


def _complement(said: EventStatement, phrase: Sequence[int]) -> tuple[EventWord, EventWord] | None:
    """Return the words before and after "of" within a noun phrase."""
    for k, m in pairwise(phrase):
        if any(w.text == "of" for w in said.words[k:m]):
            return said.words[k], said.words[m]
    return None


def _unshared_reason(one: EventStatement, i: int, other: EventStatement) -> bool:
    """Tell whether a statement gives a reason or a manner that the other does not give."""
    words = one.words
    for at in range(i + 1, len(words) - 1):
        if words[at].text in {"and", "but", "that"}:
            return False
        then = words[at + 1]
        given = (
            words[at].text in {"because", "so"}
            or (is_of("manner", words[at].text) and then.text not in {"the", "way"})
            or (words[at].text in {"for", "without", "by"} and then.text.endswith("ing"))
            or (words[at].text == "to" and then.content and not then.name)
        )
        if given:
            rest = [w for w in words[at + 1 : at + 1 + REACH] if w.content]
            if rest and not any(w.keys & t.keys for w in rest for t in other.words if t.content):
                return True
    return False


def _is_purpose(said: EventStatement, j: int) -> bool:
    """Tell whether the event at `j` is only what something else is done for or about: "tested for dope"."""
    return j > 0 and is_of("purpose", said.words[j - 1].text) and not is_verb(said.words, j)


def _unshared_purpose(said: EventStatement, j: int, other: EventStatement) -> bool:
    """Tell whether what follows the event at `j` is for a purpose that the other statement does not give: "taken for cleaning"."""
    words = said.words[j + 1 : j + 1 + REACH]
    for lead, then in pairwise(words):
        if lead.text == "for" and then.content and then.text.endswith("ing"):
            return not any(then.keys & word.keys for word in other.words if word.content)
    return False


def _swapped(one: EventStatement, i: int, other: EventStatement, j: int) -> bool:
    """Tell whether a word that both statements share acts in one and is acted upon in the other."""
    if not (is_verb(one.words, i) and is_verb(other.words, j)) or "#lack" in one.words[i].keys:
        return False
    for k, m in _shared(one, i, other, j):
        mine, theirs = role_in(one, i, k), role_in(other, j, m)
        if mine and theirs and mine != theirs:
            return True
    return False


def _other_count(one: EventStatement, i: int, other: EventStatement, j: int) -> bool:
    """Tell whether the numbers nearest to the events differ."""
    mine, theirs = _nearest_count(one, i), _nearest_count(other, j)
    return (
        mine is not None
        and theirs is not None
        and mine[0] == theirs[0]
        and not _near(mine[1], theirs[1])
    )


def _nearest_count(said: EventStatement, i: int) -> tuple[str, float] | None:
    """Return the count that stands nearest to the event at `i`."""
    lower = [word.text for word in said.words]
    for distance in range(1, _COUNTED + 1):
        for at in (i + distance, i - distance):
            if (
                0 <= at < len(lower)
                and (count := count_at(lower, at))
                and count[0] in {"things", "money"}
            ):
                return count
    return None


def _shared(one: EventStatement, i: int, other: EventStatement, j: int) -> list[tuple[int, int]]:
    """Return the places of the words, beside the events, that both statements share."""
    found: list[tuple[int, int]] = []
    used = {j, *phrase_at(other, j)}
    left = [k for k, w in enumerate(one.words) if w.content and k not in {i, *phrase_at(one, i)}]
    for alike in (lambda a, b: a.stem == b.stem, lambda a, b: bool(a.keys & b.keys)):
        taken = {k for k, _ in found}
        for k in left:
            if k in taken:
                continue
            for m, theirs in enumerate(other.words):
                if m not in used and theirs.content and alike(one.words[k], theirs):
                    found.append((k, m))
                    used.add(m)
                    break
    return found


def _weight(
    one: EventStatement, i: int, other: EventStatement, j: int, rare: Mapping[str, float]
) -> float:
    """Return how much else the statements share; 0 if no word near the event is shared."""
    shared = _shared(one, i, other, j)
    lack = "#lack" in one.words[i].keys
    near = any(
        (k > i or not lack) and _apart(one, i, k) <= _NEAR and _apart(other, j, m) <= _NEAR + 1
        for k, m in shared
    )
    total = sum(rare.get(one.words[k].stem, 1.0) for k, _ in shared)
    around = {
        w.stem
        for k, w in enumerate(one.words)
        if w.content and k != i and w.keys & other.around and all(k != a for a, _ in shared)
    }
    if not near and not around:
        return 0.0
    total += sum(rare.get(s, 1.0) for s in around)
    total += bool(one.days & other.days) + bool(parts_of_day(one) & parts_of_day(other))
    total += any(
        _near(a, b)
        for kind, own in one.counts.items()
        for a in own
        for b in other.counts.get(kind, ())
    )
    return total


def _apart(said: EventStatement, i: int, k: int) -> int:
    """Return how far apart two words are, in content words."""
    return sum(word.content for word in said.words[min(i, k) : max(i, k)])
