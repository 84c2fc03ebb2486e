"""Find sentences that follow the one before without a space, as in scraped text, and brackets between two sentences.

"The mayor left on Friday.Her deputy", "It was shut. [Map: the flats by the pier] The owner": the splitter
finds neither the end of a sentence without a space nor that of a bracket without a full stop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from reportedly.reading.gaps import listed_words

_GLUED = re.compile(
    r"""[.!?…](?<=[a-z0-9)"”’][.!?…])["”’)\]]{0,3}+(?=["“‘(\[]{0,2}+(?:[AI] |[A-Z][a-z]++(?:[ ,]|['’]s)))"""
)
"""A full stop and closing marks that a word follows directly, except in a URL or a file's name."""
_BRACKET = re.compile(r"""[(\[]([^()\[\]\n]{1,200})[)\]][^\S\n]*+(?=["“‘'\[]{0,2}+[A-Z])""")
"""A bracket before a capital, with its content."""
_STOPS = frozenset(".!?…")
_CLOSING = "\"”’»')]"
_REFERENCE = re.compile(r"\[(?:(?:note )?\d{1,3}|citation needed)\]\s*", re.IGNORECASE)
"""A bracket without a space before it that refers to a source."""
_REACH = 8
"""The full stop before a bracket is searched within so many code points."""
_ASIDE_WORDS = 3
"""A bracket of at least so many words is not part of a name, as in "[President] Marsh"."""


def glued_stops(text: str) -> Iterator[tuple[int, int]]:
    """Yield the full stops of `text` that a word follows directly, and where the closing marks after each end."""
    for found in _GLUED.finditer(text):
        yield found.start(), found.end()


def around_brackets(text: str, cuts: set[int], fixed: AbstractSet[int]) -> None:
    """Add to `cuts` the ends of brackets that stand between two sentences, and their beginnings.

    A bracket that refers to a source belongs to the sentence before it. `fixed` are the beginnings of lines.
    """
    for found in _BRACKET.finditer(text):
        start = found.start()
        glued = text[start - 1 : start].strip()
        if start in fixed or not (start in cuts or glued) or not _behind_stop(text, start):
            continue
        if glued and _REFERENCE.fullmatch(found[0]):
            cuts.discard(start)
            cuts.add(found.end())
        elif _stands_between(found[1]):
            cuts.update((start, found.end()))


def _behind_stop(text: str, at: int) -> bool:
    """Tell whether a full stop stands before `at`, with only white space and closing marks between."""
    before = text[max(0, at - _REACH) : at].rstrip(" ").rstrip(_CLOSING)
    return before[-1:] in _STOPS


def _stands_between(words: str) -> bool:
    """Tell whether a bracket holds a separate remark: a stage direction, a credit, a whole clause."""
    if words[-1] in ":,":
        return False
    if words.lower().strip(". ") in listed_words("stage") or "/" in words:
        return True
    return words.count(" ") >= _ASIDE_WORDS - 1 and (words[0].isupper() or words[0].isdigit())
