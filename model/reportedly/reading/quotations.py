"""Find the quotations of a text, paragraph by paragraph.

An unclosed quotation is not an error: it ends with its paragraph and changes nothing outside it, except that
a next paragraph which opens with a quotation mark continues it, as newspapers do.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from reportedly.datamodel import Quotation, Span

_DOUBLE = '"“”„‟«»'
_MARK = re.compile(  # begins with one set of characters, so that the search skips to marks
    r"""["“”„‟«»`'‘’] (?: (?<=["“”„‟«»]) | (?<=`)` | (?<=')'
      | (?<=’)’(?!\w) | (?<=‘)‘ | (?<=['‘])(?<!\w['‘])(?=[\w“"]) | (?<=['’])(?<=[\w.,!?…”"]['’])(?!\w) )""",
    re.VERBOSE,
)
_ELISIONS = re.compile(r"['‘’](?:\d0s|em|til|tis|twas|cause|n|round)\b", re.IGNORECASE)
_SINGLE_QUOTATION_LIMIT = 1500
"""Code points within which a single-quoted passage must close: beyond, the mark is an apostrophe."""


def find_quotations(text: str, paragraphs: Sequence[Span]) -> Iterator[Quotation]:
    """Yield the quotations in order of their opening marks.

    Marks pair by kind (double with double, single with single), whether curly or straight: a passage that
    “ opens may be closed by ". The white space around a straight mark shows whether it opens or closes.
    """
    carried = False
    for paragraph in paragraphs:
        found, carried = _paragraph_quotations(text, paragraph, carried=carried)
        yield from found


def _paragraph_quotations(
    text: str, paragraph: Span, *, carried: bool
) -> tuple[list[Quotation], bool]:
    """Return the quotations of one paragraph and whether the last one is left open.

    `carried` is true if the paragraph before ended inside a quotation.
    """
    doubles, singles = _marks(text, paragraph)
    continues = carried and paragraph.start in {*singles[:1], *(at for at, _ in doubles[:1])}
    found: list[Quotation] = []
    open_at: int | None = None
    for start, end in doubles:
        if _opens(text, start, end, paragraph, inside=open_at is not None):
            if open_at is not None:  # its closing mark is missing: it ends before this one
                found.append(_unclosed(text, open_at, start, continues=continues and not found))
            open_at = start
        elif open_at is not None:
            found.append(Quotation(open_at, end, continues=continues and not found))
            open_at = None
    # of an odd number of marks the first continues the last paragraph's quotation; the others pair
    runs_on = continues and len(doubles) % 2 == 1
    left_open = open_at is not None or runs_on
    if open_at is not None:
        found.append(
            Quotation(open_at, paragraph.end, closed=False, continues=continues and not found)
        )
    if singles:
        found += _single_quotations(text, singles, tuple(found))
        found.sort(key=lambda quotation: (quotation.start, -quotation.end))
    return found, left_open


def _marks(text: str, paragraph: Span) -> tuple[list[tuple[int, int]], list[int]]:
    """Return the spans of the double marks of a paragraph, and the places of its single ones."""
    doubles: list[tuple[int, int]] = []
    singles: list[int] = []
    for match in _MARK.finditer(text, paragraph.start, paragraph.end):
        start, end = match.span()
        if text[start:end] == "’’" and not doubles:  # nothing that a double one could close
            singles += (start, start + 1)
        elif end - start == 2 or text[start] in _DOUBLE:
            doubles.append((start, end))
        elif not _ELISIONS.match(text, start):
            singles.append(start)
    return doubles, singles


def _opens(text: str, start: int, end: int, paragraph: Span, *, inside: bool) -> bool:
    """Tell whether a double mark opens a quotation.

    A curly mark opens or closes by its shape, unless its surroundings rule that out; a straight one is decided by its
    surroundings and, if they leave it open, closes an open quotation.
    """
    mark = text[start:end]
    before = text[start - 1] if start > paragraph.start else " "
    after = text[end] if end < paragraph.end else " "
    if mark in {"“", "„", "«", "``", "‟", "‘‘"}:
        return not inside or not (after.isspace() and not before.isspace())
    if mark in {"”", "»", "''", "’’"}:
        return not inside and (before.isspace() or before in "([—–-") and not after.isspace()
    if after.isspace() or after in ".,;:!?)]":
        return False
    return before.isspace() or before in "([—–-'‘" or not inside


def _unclosed(text: str, start: int, limit: int, *, continues: bool) -> Quotation:
    """Return a quotation that lacks its closing mark and ends before `limit`."""
    words = text[start:limit]
    return Quotation(start, start + len(words.rstrip()), closed=False, continues=continues)


def _begins_word(text: str, at: int) -> bool:
    """Tell whether the mark at `at` begins a word: before it is a space, a bracket, a dash or another mark."""
    return at == 0 or text[at - 1].isspace() or text[at - 1] in '([—–-"“„«'


def _single_quotations(
    text: str, marks: Sequence[int], doubles: Sequence[Quotation]
) -> Iterator[Quotation]:
    """Yield single-quoted passages: the primary ones of British style, and nested ones."""
    opening = [s for s in marks if text[s] in "'‘" and _begins_word(text, s)]
    closing = [s for s in marks if text[s] in "'’" and s > 0 and not text[s - 1].isspace()]
    starts = [quotation.start for quotation in doubles]
    after = 0
    for number, start in enumerate(opening):
        if start < after:
            continue
        limit = start + _SINGLE_QUOTATION_LIMIT
        if number + 1 < len(opening):
            limit = min(limit, opening[number + 1])
        low, high = bisect_left(closing, start + 2), bisect_left(closing, limit)
        end = next((c for c in closing[low:high] if text[c - 1] in '.,!?…”"'), None)
        if end is None:
            end = next((c for c in closing[low:high] if text[c - 1] not in "sS"), None)
        if end is None and low < high:
            end = closing[high - 1]
        if end is None:
            continue
        around = bisect_left(starts, start) - 1
        nested = around >= 0 and doubles[around].end >= end
        yield Quotation(start, end + 1, depth=int(nested))
        after = end + 1
