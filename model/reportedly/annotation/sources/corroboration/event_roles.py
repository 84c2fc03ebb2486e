"""Who acts in an event and what is acted upon, as the order of the words, the voice and the prepositions tell."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal

from reportedly.annotation.sources.corroboration.event_words import (
    EventStatement,
    EventWord,
    event_lexicon,
)
from reportedly.lexicons.loader import load

EventPart = Literal["agent", "patient", ""]
REACH = 9
"""Words up to so many from an event say who acts in it, and whether it is a fact."""


def is_verb(words: Sequence[EventWord], i: int) -> bool:
    """Tell whether the word at `i` is likely a verb, or says that something lacks."""
    word = words[i]
    before = words[i - 1].text if i else ""
    if "#lack" in word.keys:
        return True
    if before in DETERMINERS or not any(k.startswith("#") for k in word.keys):
        return word.text.endswith(("ed", "ing")) and before not in DETERMINERS
    return before in _AUXILIARIES or word.text.endswith(("ed", "ing")) or word.text in _irregular()


DETERMINERS = frozenset(
    [
        "a",
        "an",
        "the",
        "his",
        "her",
        "its",
        "their",
        "our",
        "my",
        "of",
        "this",
        "that",
        "any",
        "some",
    ]
)
_AUXILIARIES = frozenset(
    [
        "was",
        "were",
        "is",
        "are",
        "be",
        "been",
        "being",
        "had",
        "has",
        "have",
        "would",
        "will",
        "could",
        "to",
        "not",
        "did",
    ]
)


@cache
def _irregular() -> frozenset[str]:
    """Return the irregular past forms that the lexicons list."""
    forms = {
        t
        for e in load("revisions").entries
        if e.attributes.get("kind") == "forms"
        for t in e.terms[1:]
    }
    return frozenset(
        forms
        | {
            "cut",
            "shut",
            "hit",
            "rang",
            "rung",
            "hid",
            "lent",
            "dug",
            "bled",
            "fought",
            "found",
            "met",
            "put",
            "set",
            "sunk",
            "worn",
            "wore",
            "sank",
            "swore",
            "swept",
            "struck",
            "bought",
            "sold",
            "lost",
            "won",
            "fell",
            "built",
            "spent",
            "sent",
            "kept",
            "left",
            "quit",
            "told",
            "paid",
        }
    )


def role_in(said: EventStatement, i: int, k: int) -> EventPart:
    """Return the part that the word at `k` plays in the event at `i`."""
    words = said.words
    passive = any(w.text in _BE for w in words[max(0, i - 3) : i]) and not words[i].text.endswith(
        "ing"
    )
    if k > i:
        lead = next((w.text for w in reversed(words[i + 1 : k]) if w.text in _PREPOSITIONS), "")
        if lead in {"by", "from"}:
            return "agent"
        return "" if lead or passive else "patient"
    if i - k > REACH or (k and words[k - 1].text in _PREPOSITIONS):
        return ""
    if passive:
        return "patient"
    at = i + 1
    while at < len(words) and words[at].text in _PARTICLES:
        at += 1
    if at == len(words):
        return "patient"
    then = words[at]
    whole = (
        then.text in DETERMINERS
        or then.name
        or then.text in event_lexicon().numbers
        or then.text[0].isdigit()
        or then.text[0] in "$£€"
    )
    return "agent" if whole else "patient"


_PARTICLES = frozenset(["through", "out", "off", "down", "up", "over", "on", "for", "away", "back"])
_BE = frozenset(["was", "were", "is", "are", "be", "been", "being", "get", "got"])
_PREPOSITIONS = frozenset(
    [
        "by",
        "from",
        "to",
        "in",
        "at",
        "on",
        "of",
        "with",
        "for",
        "since",
        "during",
        "into",
        "under",
        "until",
        "about",
    ]
)


def actors_in(said: EventStatement, i: int) -> tuple[list[int], list[int]]:
    """Return the places of the telling words of who acts in the event at `i`, and of who or what is acted upon; empty if unknown."""
    words = said.words
    before, after = _phrase_before(words, i), _phrase_after(said, i)
    if (
        "#lack" in words[i].keys
        and not phrase_at(said, i)
        and words[i].text not in {"without", "no", "lack", "lacked", "lacking", "none"}
    ):
        return [], before
    if "#lack" in words[i].keys:
        return [], after
    if any(w.text in _BE for w in words[max(0, i - 3) : i]) and not words[i].text.endswith("ing"):
        return [], before
    return (before, after) if after or _has_object(words, i) else ([], before)


def _has_object(words: Sequence[EventWord], i: int) -> bool:
    """Tell whether an object without telling words follows the verb at `i`."""
    then = next((w.text for w in words[i + 1 :] if w.text not in _PARTICLES), "")
    return then in {
        "it",
        "him",
        "her",
        "them",
        "me",
        "us",
        "part",
        "parts",
        "one",
        "some",
        "people",
        "men",
        "women",
    }


def _phrase_before(words: Sequence[EventWord], i: int) -> list[int]:
    """Return the telling words of the noun phrase before the event at `i`, in order."""
    at, found = i - 1, []
    while at >= 0 and (
        words[at].text in _AUXILIARIES
        or words[at].text.endswith("ly")
        or words[at].text in _ADVERBS
    ):
        at -= 1
    if at >= 1 and words[at].text.endswith(("ed", "und", "own")) and words[at - 1].text in _BE:
        return _phrase_before(words, at)
    if at >= 0 and at < i - 1 and words[at + 1].text == "to" and words[at].text.endswith("ed"):
        return _phrase_before(words, at)
    while at >= 0 and (words[at].content or words[at].text in _WITHIN) and i - at <= REACH:
        if words[at].content:
            found.append(at)
        at -= 1
    return found[::-1]


def _phrase_after(said: EventStatement, i: int) -> list[int]:
    """Return the telling words of the noun phrase after the event at `i`, in order; none follows a preposition."""
    words, found = said.words, []
    at = i + 1
    while at < len(words) and words[at].text in _PARTICLES:
        at += 1
    while (
        at < len(words)
        and (
            words[at].content
            or words[at].text in _WITHIN
            or words[at].text in event_lexicon().numbers
            or words[at].text[0] in "0123456789£$€"
        )
        and at - i <= REACH
    ):
        if words[at].text in {"in", "at", "to"}:
            break
        if words[at].content:
            found.append(at)
        at += 1
    return found


_WITHIN = (DETERMINERS - {"this", "that"}) | {"in", "at", "only", "all", "several"}
"""Words that stand within a noun phrase and tell nothing."""
_ADVERBS = frozenset(
    ["also", "then", "since", "just", "only", "still", "now", "once", "again", "first", "later"]
)


def phrase_at(said: EventStatement, i: int) -> range:
    """Return the places of the words that go on a phrase at `i`."""
    return range(i + 1, i + 3) if any(" " in key for key in said.words[i].keys) else range(0)
