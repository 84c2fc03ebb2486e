"""Tell line breaks that ran out of column from those that end a paragraph.

E-mails, agency wires and old text files are wrapped by hand. A break inside a sentence shows by the small letter
after it; where there are enough of these, the length of the lines before them is the column, and a line into which the
next word would not have gone ends nothing either. Offsets stay: a break becomes a space, one for one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median_low

WIDE_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""Spaces of more than a byte that end no line, as a set of a regular expression."""

_LINE = re.compile(r"\S[^\n]*+")
_ENDED = tuple(".!?:…”\"’'»)]")
_ITEM = re.compile(r"[-*•–—·>|#=_]|\(?\d{1,3}[.)]\s|[a-z][.)]\s")
_LEAST = 3
"""Breaks inside sentences from which a text may be wrapped: fewer are slips."""
_SHARE = 0.2
"""Of all breaks, the share that must fall inside sentences; of a wrapped English text it is about 0.7."""
_STRAYS = 0.05
"""Share of the breaks inside sentences that may come earlier than the column: hand-made lines."""
_LONGEST = 200
"""Code points beyond which a line is no column's, whatever comes after it."""
_RAGGED = 2.0
"""How many times the column most lines may have; beyond, there is none, and a full stop that ends a line ends a paragraph."""
_SMALL_START = re.compile(r"\n[^\S\n]*+[a-z]")


@dataclass(frozen=True, slots=True)
class _Break:
    """The end of a line and the start of the next that is not blank.

    `newlines` counts its line breaks, `length` is the line's, `width` what it would be with the next word on it.
    `inside` tells whether a sentence goes on, `stopped` whether one ends there, `ends` whether an indentation or an
    item of a list ends the line.
    """

    start: int
    end: int
    newlines: int
    length: int
    width: int
    inside: bool
    stopped: bool
    ends: bool


def rejoined(text: str) -> str:
    """Return `text` with a space for each line break that a column made; of the same length, mostly the same text."""
    if len(_SMALL_START.findall(text)) < _LEAST:  # nearly every text, decided at once
        return text
    breaks = _breaks(text)
    inside = [one for one in breaks if one.inside]
    if len(inside) < max(_LEAST, _SHARE * len(breaks)):
        return text
    lengths = sorted(one.length for one in breaks)
    longest = lengths[-1 - int(_STRAYS * len(lengths))]
    # A line ran out of column if it is longer with the next word than lines get, or than others that ran out.
    column = min(longest + 1, sorted(one.width for one in inside)[int(_STRAYS * len(inside))])
    real = longest <= _RAGGED * column
    spacing = median_low(one.newlines for one in inside)  # 2 where every other line is blank
    pieces: list[str] = []
    at = 0
    for one in breaks:
        full = one.width >= column and (real or not one.stopped) and not one.ends
        if one.newlines <= spacing and (one.inside or full):
            pieces += [text[at : one.start], " " * (one.end - one.start)]
            at = one.end
    return "".join((*pieces, text[at:]))


def _breaks(text: str) -> list[_Break]:
    """Return the breaks between lines that are not blank."""
    found: list[_Break] = []
    words, end, margin = "", 0, 0
    for line in _LINE.finditer(text):
        start, before, old_margin, previous = line.start(), end, margin, words
        margin = start - text.rfind("\n", 0, start)
        words = line[0].rstrip()
        end = start + len(words)
        if not previous:
            continue
        stopped = previous.endswith(_ENDED)
        item = _ITEM.match(words) is not None
        if (
            words[0] in "–—" and not stopped
        ):  # a dash within a sentence, at a line's start by chance
            item = False
        long = len(previous) > _LONGEST
        first = words[: _LONGEST + 1].split(maxsplit=1)[0]
        found.append(
            _Break(
                start=before,
                end=start,
                newlines=text.count("\n", before, start),
                length=len(previous),
                width=len(previous) + 1 + len(first),
                inside=words[0].islower() and not (stopped or item or long),
                stopped=stopped,
                ends=item or long or margin > old_margin,
            )
        )
    return found
