"""Cut a document into paragraphs, sentences, tokens and quotations.

Sentences come from `sentencex` (Wikimedia) by way of `boundaries`. An unclosed quotation is data, not an error: it ends with its paragraph and changes nothing outside it, except
that a next paragraph which opens with a quotation mark is taken to carry it on, as newspapers do.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from reportedly.boundaries import sentence_starts
from reportedly.datamodel import Document, Quotation, Segmented, Sentence, Span, Tokens
from reportedly.lexicons.loader import load
from reportedly.reading.gaps import broken
from reportedly.reading.headlines import blanked, headline_of, with_headline
from reportedly.reading.wrapping import WIDE_SPACES, rejoined

_ABBREVIATIONS = "|".join(
    re.escape(term.removesuffix("."))
    for entry in load("sentence_ends").entries
    if entry.attributes.get("token")
    for term in entry.terms
)
_TOKENS = re.compile(
    rf"""(                                       # a group, so that split() keeps the tokens
    [A-Za-z][a-z]*+(?=[\ ,\n])(?:\ [A-Za-z][a-z]*+(?=[\ ,\n]))*+  # plain words, many at once
  | (?=[A-Zv][A-Za-z']*+\.\s)(?:{_ABBREVIATIONS})\.  # Mr.
  | (?:[^\W\d_]\.){{2,}}                    # initialisms: U.S.
  | \d+(?:[.,:/]\d+)*(?:[^\W_]+)?           # 3,000  10:30  4th
  | ['’](?:s|S|re|ve|ll|d|m)\b              # clitics, apart from n't
  | \w+(?:[-‐‑]\w+)*(?:['’](?!(?:s|S|re|ve|ll|d|m)\b)\w+)*
  | ``|'' | \.{{2,}} | -{{2,}}
  | [^\w\s]
    )""",
    re.VERBOSE,
)

_WIDE = re.compile(f"[{WIDE_SPACES}\x85\u2028\u2029]")
"""White space of more than a byte: behind an abbreviation, before a full stop, the splitter panics at it."""

_DOUBLE = '"“”„‟«»'
_MARK = re.compile(  # begins with one set of characters, so that the search skips to marks
    r"""["“”„‟«»`'‘’] (?: (?<=["“”„‟«»]) | (?<=`)` | (?<=')'
      | (?<=['‘])(?<!\w['‘])(?=[\w“"]) | (?<=['’])(?<=[\w.,!?…”"]['’])(?!\w) )""",
    re.VERBOSE,
)
_ELISIONS = re.compile(r"['‘’](?:\d0s|em|til|tis|twas|cause|n|round)\b", re.IGNORECASE)
_SINGLE_QUOTATION_LIMIT = 1500
"""Code points within which a single-quoted passage must close: beyond, the mark is an apostrophe."""


def segment(
    document: Document, furniture: Callable[[Segmented], set[int]] | None = None
) -> Segmented:
    """Cut `document` into its parts.

    `furniture`, given the parts, names the indices of sentences that are page furniture. The headline is cut out
    first, so that the parts of the article are the same with and without one on the text's first line.
    """
    headline = headline_of(document)
    if headline is None:
        return _parts(document, furniture)
    body = _parts(blanked(document, headline), furniture)
    if headline.span is None:
        return replace(body, headline=headline)
    words = tokenise(headline.span.of(document.text))
    return with_headline(body, document, headline, words, furniture=furniture is not None)


def _parts(document: Document, furniture: Callable[[Segmented], set[int]] | None) -> Segmented:
    """Return the parts of a document whose headline is known or missing."""
    text = document.text
    joined = broken(rejoined(text))  # lines end where paragraphs do; offsets stay
    paragraphs = tuple(split_paragraphs(joined))
    tokens = tokenise(text)
    quotations = tuple(find_quotations(text, paragraphs))
    plain = joined if joined.isascii() else _WIDE.sub(" ", joined)
    starts = sentence_starts(plain, paragraphs, quotations)
    sentences = tuple(_sentences(plain, paragraphs, starts, tokens))
    parts = Segmented(document, paragraphs, sentences, tokens, quotations)
    if furniture is None:
        return parts
    marked = furniture(parts)
    if not marked:
        return parts
    sentences = tuple(
        replace(s, furniture=True) if i in marked else s for i, s in enumerate(sentences)
    )
    return Segmented(document, paragraphs, sentences, tokens, quotations)


def tokenise(text: str) -> Tokens:
    """Return the words and marks of `text`; every non-space code point is in exactly one."""
    pieces = _TOKENS.split(text)  # white space, tokens with a space between, white space, …
    runs = pieces[1::2]
    forms = " ".join(runs).split()
    widths = [1] * (2 * len(forms))  # of the space before each form, and of the form itself
    widths[1::2] = map(len, forms)
    at = 0
    for space, run in zip(pieces[:-1:2], runs, strict=True):
        widths[at] = len(space)
        at += 2 * run.count(" ") + 2
    edges = tuple(accumulate(widths))
    return Tokens(tuple(forms), edges[::2], edges[1::2])


def split_paragraphs(text: str) -> Iterator[Span]:
    """Yield the paragraphs, which are lines, stripped of outer white space."""
    start = 0
    for line in text.splitlines(keepends=True):
        words = line.strip()
        if words:
            first = start + line.index(words[0])
            yield Span(first, first + len(words))
        start += len(line)


def _sentences(
    text: str, paragraphs: Sequence[Span], starts: Sequence[int], tokens: Tokens
) -> Iterator[Sentence]:
    """Yield the sentences that begin at `starts`, with their token ranges and paragraphs."""
    first = number = 0
    for start, after in zip(starts, (*starts[1:], len(text))):  # noqa: B905 -- the last has no next
        while paragraphs[number].end <= start:
            number += 1
        end = min(after, paragraphs[number].end)
        while text[end - 1].isspace():
            end -= 1
        while text[start].isspace():
            start += 1  # noqa: PLW2901 -- the splitter leaves a space at times
        last = bisect_left(tokens.starts, end, lo=first)
        if first < last:
            yield Sentence(start, end, first, last, number)
            first = last


def find_quotations(text: str, paragraphs: Sequence[Span]) -> Iterator[Quotation]:
    """Yield the quotations in order of their opening marks.

    Marks pair by kind (double with double, single with single), whatever their curl: a passage that
    “ opens may be closed by ". A straight mark opens or closes by the white space around it.
    """
    carried = False
    for paragraph in paragraphs:
        found, carried = _paragraph_quotations(text, paragraph, carried=carried)
        yield from found


def _paragraph_quotations(
    text: str, paragraph: Span, *, carried: bool
) -> tuple[list[Quotation], bool]:
    """Return the quotations of one paragraph and whether the last one is left open.

    `carried` tells that the paragraph before ended inside a quotation.
    """
    doubles, singles = [], []
    for match in _MARK.finditer(text, paragraph.start, paragraph.end):
        start, end = match.span()
        if end - start == 2 or text[start] in _DOUBLE:
            doubles.append((start, end))
        elif not _ELISIONS.match(text, start):
            singles.append(start)
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
    left_open = open_at is not None
    if open_at is not None:
        found.append(
            Quotation(open_at, paragraph.end, closed=False, continues=continues and not found)
        )
    if singles:
        found += _single_quotations(text, singles, tuple(found))
        found.sort(key=lambda quotation: (quotation.start, -quotation.end))
    return found, left_open


def _opens(text: str, start: int, end: int, paragraph: Span, *, inside: bool) -> bool:
    """Tell whether a double mark opens a quotation.

    A curly mark is believed unless it could only do the opposite; a straight one is read from its
    surroundings, and in doubt closes what is open.
    """
    mark = text[start:end]
    before = text[start - 1] if start > paragraph.start else " "
    after = text[end] if end < paragraph.end else " "
    if mark in {"“", "„", "«", "``", "‟"}:
        return not inside or not (after.isspace() and not before.isspace())
    if mark in {"”", "»", "''"}:
        return not inside and (before.isspace() or before in "([—–-") and not after.isspace()
    if after.isspace() or after in ".,;:!?)]":
        return False
    return before.isspace() or before in "([—–-'‘" or not inside


def _unclosed(text: str, start: int, limit: int, *, continues: bool) -> Quotation:
    """Return a quotation that lacks its closing mark and ends before `limit`."""
    words = text[start:limit]
    return Quotation(start, start + len(words.rstrip()), closed=False, continues=continues)


def _begins_word(text: str, at: int) -> bool:
    """Tell whether the mark at `at` has nothing but space, a bracket, a dash or a mark before it."""
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
