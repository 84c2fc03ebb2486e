"""Distinguish the line breaks of hard-wrapped text from those that end a paragraph.

E-mails, agency wires and old text files are hard-wrapped. A break inside a sentence is recognised by the lower-case
letter after it. If there are enough of these, the length of the lines before them is the column width; a line then
does not end a paragraph if the next word would not have fitted into it. A break becomes one space, so offsets stay
valid.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median_low

WIDE_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""Non-ASCII spaces that do not end a line, as a character set for regular expressions."""

_LINE = re.compile(r"\S[^\n]*+")
_ENDED = tuple(".!?:…”\"’'»)]")
_ITEM = re.compile(r"[-*•–—·>|#=_]|\(?\d{1,3}[.)]\s|[a-z][.)]\s")
_LEAST = 3
"""The least number of breaks inside sentences in a wrapped text; fewer are slips."""
_SHARE = 0.2
"""The least share of breaks inside sentences in a wrapped text; in English it is about 0.7."""
_STRAYS = 0.05
"""Share of the breaks inside sentences that may be earlier than the column, for lines broken by hand."""
_LONGEST = 200
"""The most code points of a wrapped line."""
_RAGGED = 2.0
"""Most lines may be this many times as long as the column; otherwise there is no column, and a full stop at the end of a line ends a paragraph."""
_SMALL_START = re.compile(r"\n[^\S\n]*+[a-z]")


@dataclass(frozen=True, slots=True)
class _Break:
    """A break between two lines that are not blank.

    `newlines` is its number of line ends, `length` the length of the line before, `width` that length with the next word.
    `inside` tells whether a sentence continues, `stopped` whether one ends there, `ends` whether an indentation or a
    list item ends the line.
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
    """Return `text` with a space for each line break of hard wrapping; of the same length, and unchanged for most texts."""
    if len(_SMALL_START.findall(text)) < _LEAST:  # a quick test that excludes nearly every text
        return text
    breaks = _breaks(text)
    inside = [one for one in breaks if one.inside]
    if len(inside) < max(_LEAST, _SHARE * len(breaks)):
        return text
    lengths = sorted(one.length for one in breaks)
    longest = lengths[-1 - int(_STRAYS * len(lengths))]
    # A line was wrapped if the next word would make it longer than lines get, or longer than other wrapped ones.
    column = min(longest + 1, sorted(one.width for one in inside)[int(_STRAYS * len(inside))])
    real = longest <= _RAGGED * column
    spacing = median_low(one.newlines for one in inside)  # 2 if every other line is blank
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
        ):  # a dash inside a sentence, at the start of a line by chance
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
