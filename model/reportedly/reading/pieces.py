"""Remove or move sentence boundaries that cut off a fragment.

A closing mark, a list number, a lone full stop or an opening mark belongs to a sentence beside it; so does a short
reporting clause after a quotation that ends in "!" or "?".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cache

from reportedly.reading.gaps import begins_sentences, listed_words

_OPENING = frozenset("\"“‘«'`")
_GOES_ON = frozenset(":;,)")
"""Marks that do not begin a sentence."""
_LOUD = frozenset("!?")
_CLOSING = "\"”’»')"
_STOPS = re.compile(r"[.!?…,;:]+")
_FIRST_NUMBER = re.compile(r":\s+\(?1[.)]$")
_NUMBERED = re.compile(r"(?:^|\s)\(?\d{1,2}[.)]$")
_FILE = re.compile(r"\w{1,40}\.(?:jpe?g|png|gif|pdf|mp4|webp|svg)\b", re.IGNORECASE)
_FILE_WORD = re.compile(r"(?:\b\w{1,2}|[\d_-][^\W\d_]*+)\.$|\bwww\.$")
_SITE = re.compile(r"www\.$", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:Com|Org|Net|Gov)\b")
"""The end of a site's name, as headlines write it."""
_WORD = re.compile(r"[A-Z]\w*")
_REACH = 24
"""So many code points before a boundary are examined."""
_CLAUSE = re.compile(
    r"((?:[A-Z][\w'’-]{0,60}+\.?|[Tt]he|[Aa]n?)(?: [\w'’-]{1,60}+\.?){0,5}?(?:,[^,.!?\n]{1,40},)?) ([a-z]{1,60}+)\b(?: ([\w@#'’]+)| ?([.,:;(—–]|$))"
)
"""The speaker, the verb, and what follows it; a word has at most about sixty letters."""
_NEXT_WORDS = re.compile(r"([a-z][\w'’-]*)(?: ([\w'’-]+))?(?: ([\w'’-]+))?(?: ([\w'’-]+))?")


def whole_sentences(
    text: str, starts: Sequence[int], fixed: AbstractSet[int], quotations: AbstractSet[int]
) -> list[int]:
    """Return `starts` without those that only cut off a fragment; `fixed` ones, which begin a line, stay.

    `quotations` are the places of opening quotation marks.
    """
    kept: list[int] = []
    ends = [*starts[1:], len(text)][: len(starts)]
    for start, end in zip(starts, ends, strict=True):
        if start in fixed or not kept:
            kept.append(start)
        else:
            at = _beginning(text, kept[-1], start, end, quotations)
            if at > kept[-1]:
                kept.append(at)
    return kept


def _beginning(text: str, before: int, at: int, end: int, quotations: AbstractSet[int]) -> int:
    """Return where the sentence at the boundary `at` really begins, -1 if none does; the one before begins at `before`."""
    tail = text[max(before, at - _REACH) : at].rstrip()
    if not tail or _continues(text, before, at, end, tail):
        return -1
    if tail[-1] in _OPENING:
        mark = at - 1
        while text[mark].isspace():
            mark -= 1
        if mark in quotations:
            stopped = text[before:mark].rstrip(" ")[-1:] in {".", "!", "?", "…"}
            return mark if stopped else -1
    return at


def _continues(text: str, before: int, at: int, end: int, tail: str) -> bool:
    """Tell whether the text from `at` to `end` continues the sentence that ends with `tail`."""
    first, last = text[at], tail[-1]
    if first in _GOES_ON or text.startswith("(@", at) or _is_loud_name(text, at, tail):
        return True
    if last in _LOUD and first.islower():
        return _reports_small(text, at, end)
    if last in _CLOSING and tail.rstrip(_CLOSING)[-1:] in _LOUD and _reports(text, at, end):
        return True
    if last in ".)" and _is_numbered(tail, first):
        return True
    if not (first.isalnum() or last.isalnum()) and _stop_alone(text, before, at, end):
        return True
    return last == "." and _within_name(text, at, tail)


def _is_loud_name(text: str, at: int, tail: str) -> bool:
    """Tell whether a name with an exclamation mark ("Yahoo!") stands before a boundary, and the next word does not begin a sentence."""
    if tail[-1] != "!" or tail.rpartition(" ")[2] not in listed_words("loud"):
        return False
    following = _WORD.match(text, at)
    return following is not None and not begins_sentences(following[0])


def _is_numbered(tail: str, first: str) -> bool:
    """Tell whether a list number stands before a boundary and its sentence continues, in lower case or as the first item after a colon."""
    if _FIRST_NUMBER.search(tail):
        return True
    return first.islower() and _NUMBERED.search(tail) is not None


def _stop_alone(text: str, before: int, at: int, end: int) -> bool:
    """Tell whether only full stops stand from `at` on, or from `before` on with an account's name after them."""
    if _STOPS.fullmatch(text[at:end].strip()):
        return not text.startswith("@", end)
    return text[at] == "@" and text[before:at].strip() == "."


def _within_name(text: str, at: int, tail: str) -> bool:
    """Tell whether a boundary lies within the name of a file or a site."""
    if _SITE.search(tail) or (not text[at - 1].isspace() and _DOMAIN.match(text, at)):
        return True
    return _FILE_WORD.search(tail) is not None and _FILE.match(text, at) is not None


def _reports(text: str, at: int, end: int) -> bool:
    """Tell whether a clause at `at` says who spoke and nothing else."""
    clause = _CLAUSE.match(text, at, end)
    if clause is None or clause[2] not in _verbs():
        return False
    return clause[3] is None or clause[3].lower() in listed_words("clause")


def _reports_small(text: str, at: int, end: int) -> bool:
    """Tell whether one of the first words at `at`, the first of them in lower case, is a verb of speech."""
    words = _NEXT_WORDS.match(text, at, end)
    return words is not None and any(word in _verbs() for word in words.groups() if word)


@cache
def _verbs() -> frozenset[str]:
    """Return the forms of verbs that say who spoke."""
    return listed_words("speech")
