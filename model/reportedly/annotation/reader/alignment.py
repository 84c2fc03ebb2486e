"""Locate the words of an annotation in their sentence: annotations of `gold` give words without offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import product

Place = tuple[int, int]
"""A half-open range of code points."""

Spans = tuple[Place, ...]

_GAP = re.compile(r"(?:(?<!\s)\s+)?(?:\.\.\.|…)\s*")
"""The separator of the parts of discontinuous words."""

_PLAIN = str.maketrans("’‘“”´`–—‑", "''\"\"''---")
_EDGES = " \t\n.,;:!?()[]\"'-"
_MOST = 12
"""The most occurrences of one phrase that are examined."""


def find_words(sentence: str, words: str) -> list[Spans]:
    """Return every place of `words` in `sentence`, in order; empty if there is none.

    Letter case, kinds of quotation marks and dashes, and white space are ignored. Words with "..." in
    them have parts: each part is the next occurrence after the previous part. Whole words count before parts of words.
    """
    plain = _plain(sentence)
    parts = [part for part in map(_trimmed, _GAP.split(_plain(words))) if part]
    if not parts:
        return []
    starts = _occurrences(plain, parts[0])
    found = [whole for start in starts if (whole := _continued(plain, start, parts[1:]))]
    return found or _apart(plain, parts)


def place(sentence: str, pairs: Sequence[tuple[str, str]]) -> list[tuple[Spans, Spans]]:
    """Return the places of the source and the cue of each of a sentence's attributions, ``()`` if they do not occur.

    Of several occurrences, those of source and cue nearest to each other are taken, among
    those not used by an earlier attribution.
    """
    taken: set[Spans] = set()
    placed = []
    for source, cue in pairs:
        choices = product(_choices(sentence, source), _choices(sentence, cue))
        best = min(choices, key=lambda pair: (sum(p in taken for p in pair if p), _distance(*pair)))
        taken.update(part for part in best if part)
        placed.append(best)
    return placed


def place_each(sentence: str, phrases: Sequence[str]) -> list[Spans]:
    """Return the place of each phrase, ``()`` if it does not occur; equal phrases get different places."""
    return [cue for _, cue in place(sentence, [("", phrase) for phrase in phrases])]


def _plain(text: str) -> str:
    """Return `text` in lower case with plain punctuation and blanks, each code point in its place."""
    low = "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
    return re.sub(r"\s", " ", low.translate(_PLAIN))


def _trimmed(words: str) -> str:
    return words.strip(_EDGES)


def _occurrences(plain: str, part: str) -> list[Place]:
    """Return the places of one part: as whole words, or, if there are none, inside words."""
    body = r"\s+".join(map(re.escape, part.split()))
    for pattern in (rf"(?<!\w){body}(?!\w)", body):
        found = [m.span() for _, m in zip(range(_MOST), re.finditer(pattern, plain), strict=False)]
        if found:
            return found
    return []


def _continued(plain: str, first: Place, parts: Sequence[str]) -> Spans:
    """Return `first` and the places of the parts after it, or ``()`` if one is missing."""
    found = [first]
    for part in parts:
        after = [span for span in _occurrences(plain, part) if span[0] >= found[-1][1]]
        if not after:
            return ()
        found.append(after[0])
    return tuple(found)


def _apart(plain: str, parts: Sequence[str]) -> list[Spans]:
    """Return the first place of each part, in whatever order they stand; none if a part is missing."""
    found = [_occurrences(plain, part) for part in parts]
    if len(parts) == 1 or not all(found):
        return []
    return [tuple(sorted(places[0] for places in found))]


def _choices(sentence: str, words: str) -> list[Spans]:
    return find_words(sentence, words) or [()]


def _distance(one: Spans, other: Spans) -> int:
    """Return the number of code points between two places; overlapping ones count as infinitely far apart."""
    if not one or not other:
        return 0
    return min(_between(a, b) for a in one for b in other)


def _between(one: Place, other: Place) -> int:
    gap = max(one[0], other[0]) - min(one[1], other[1])
    return gap if gap >= 0 else 10_000


def overlapping(spans: Sequence[Place], pieces: Sequence[Place]) -> Iterator[int]:
    """Yield the numbers of the `pieces` that overlap one of `spans`."""
    for number, (start, end) in enumerate(pieces):
        if any(a < end and start < b for a, b in spans):
            yield number
