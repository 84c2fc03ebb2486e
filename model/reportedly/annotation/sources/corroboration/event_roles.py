"""Who acts in an event and what is acted upon, as the order of the words, the voice and the prepositions tell."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Literal

from reportedly.annotation.sources.corroboration.event_words import (
    EventStatement,
    EventWord,
    is_of,
    numbers,
)
from reportedly.lexicons.loader import load, words_of

EventPart = Literal["agent", "patient", ""]
REACH = 9
"""Words within this distance of an event show who acts in it, and whether it is a fact."""


def is_verb(words: Sequence[EventWord], i: int) -> bool:
    """Tell whether the word at `i` is likely a verb, or says that something lacks."""
    word = words[i]
    before = words[i - 1].text if i else ""
    if "#lack" in word.keys:
        return True
    if before in determiners() or not any(k.startswith("#") for k in word.keys):
        return word.text.endswith(("ed", "ing")) and before not in determiners()
    return (
        is_of("auxiliary", before) or word.text.endswith(("ed", "ing")) or word.text in _irregular()
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
    return words_of("same_event", "past") | forms


def _is_passive(words: Sequence[EventWord], i: int) -> bool:
    """Tell whether the verb at `i` stands behind a form of "be" or "get", so that its subject is acted upon."""
    behind = any(is_of("passive", word.text) for word in words[max(0, i - 3) : i])
    return behind and not words[i].text.endswith("ing")


def role_in(said: EventStatement, i: int, k: int) -> EventPart:
    """Return the part that the word at `k` plays in the event at `i`."""
    words = said.words
    passive = _is_passive(words, i)
    if k > i:
        lead = next(
            (w.text for w in reversed(words[i + 1 : k]) if is_of("preposition", w.text)), ""
        )
        if lead in {"by", "from"}:
            return "agent"
        return "" if lead or passive else "patient"
    if i - k > REACH or (k and is_of("preposition", words[k - 1].text)):
        return ""
    if passive:
        return "patient"
    at = i + 1
    while at < len(words) and is_of("particle", words[at].text):
        at += 1
    if at == len(words):
        return "patient"
    then = words[at]
    whole = (
        then.text in determiners()
        or then.name
        or then.text in numbers()
        or then.text[0].isdigit()
        or then.text[0] in "$£€"
    )
    return "agent" if whole else "patient"


def actors_in(said: EventStatement, i: int) -> tuple[list[int], list[int]]:
    """Return the places of the content words for who acts in the event at `i`, and for who or what is acted upon; empty if unknown."""
    words = said.words
    before, after = _phrase_before(words, i), _phrase_after(said, i)
    if "#lack" in words[i].keys and not phrase_at(said, i) and not is_of("lack_of", words[i].text):
        return [], before
    if "#lack" in words[i].keys:
        return [], after
    if _is_passive(words, i):
        return [], before
    return (before, after) if after or _has_object(words, i) else ([], before)


def _has_object(words: Sequence[EventWord], i: int) -> bool:
    """Tell whether an object without content words follows the verb at `i`."""
    then = next((w.text for w in words[i + 1 :] if not is_of("particle", w.text)), "")
    return is_of("object", then)


def _phrase_before(words: Sequence[EventWord], i: int) -> list[int]:
    """Return the content words of the noun phrase before the event at `i`, in order."""
    at, found = i - 1, []
    while at >= 0 and (
        is_of("auxiliary", words[at].text)
        or words[at].text.endswith("ly")
        or is_of("adverb", words[at].text)
    ):
        at -= 1
    if (
        at >= 1
        and words[at].text.endswith(("ed", "und", "own"))
        and is_of("passive", words[at - 1].text)
    ):
        return _phrase_before(words, at)
    if at >= 0 and at < i - 1 and words[at + 1].text == "to" and words[at].text.endswith("ed"):
        return _phrase_before(words, at)
    while at >= 0 and (words[at].content or _is_within(words[at].text)) and i - at <= REACH:
        if words[at].content:
            found.append(at)
        at -= 1
    return found[::-1]


def _phrase_after(said: EventStatement, i: int) -> list[int]:
    """Return the content words of the noun phrase after the event at `i`, in order; none follows a preposition."""
    words, found = said.words, []
    at = i + 1
    while at < len(words) and is_of("particle", words[at].text):
        at += 1
    while (
        at < len(words)
        and (
            words[at].content
            or _is_within(words[at].text)
            or words[at].text in numbers()
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


def determiners() -> frozenset[str]:
    """Return the words that may begin a noun phrase, and "of"."""
    return words_of("same_event", "determiner", "demonstrative")


def _is_within(word: str) -> bool:
    """Tell whether a word stands within a noun phrase without being a content word."""
    return word in words_of("same_event", "determiner", "within")


def phrase_at(said: EventStatement, i: int) -> range:
    """Return the places of the words that go on a phrase at `i`."""
    return range(i + 1, i + 3) if any(" " in key for key in said.words[i].keys) else range(0)
