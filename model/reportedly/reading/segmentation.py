"""Cut a document into paragraphs, sentences, tokens and quotations.

Sentences come from `sentencex` (Wikimedia), which keeps balanced quotations whole.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from reportedly.datamodel import Document, Segmented, Sentence, Span, Tokens
from reportedly.lexicons.loader import load
from reportedly.reading.boundaries import sentence_starts
from reportedly.reading.gaps import broken
from reportedly.reading.headlines import blanked, headline_of, with_headline
from reportedly.reading.line_wrapping import WIDE_SPACES, rejoined
from reportedly.reading.quotations import find_quotations

_ABBREVIATIONS = "|".join(
    re.escape(term.removesuffix("."))
    for entry in load("sentence_ends").entries
    if entry.attributes.get("token")
    for term in entry.terms
)
_TOKENS = re.compile(
    rf"""
    (?=[A-Zv][A-Za-z']*+\.\s)(?:{_ABBREVIATIONS})\.  # Mr.
  | (?:[^\W\d_]\.){{2,}}                    # initialisms: U.S.
  | \d+(?:[.,:/]\d+)*(?:[^\W_]+)?           # 3,000  10:30  4th
  | ['’](?:s|S|re|ve|ll|d|m)\b              # clitics, apart from n't
  | \w+(?:[-‐‑]\w+)*(?:['’](?!(?:s|S|re|ve|ll|d|m)\b)\w+)*
  | ``|'' | \.{{2,}} | -{{2,}}
  | [^\w\s]
    """,
    re.VERBOSE,
)

_WIDE = re.compile(f"[{WIDE_SPACES}\x85\u2028\u2029]")
"""Non-ASCII white space, at which the splitter panics after an abbreviation or before a full stop."""


def segment(
    document: Document, furniture: Callable[[Segmented], set[int]] | None = None
) -> Segmented:
    """Cut `document` into its parts.

    `furniture` takes the parts and returns the indices of sentences that are page furniture. The headline is cut out
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
    """Return the parts of a document whose headline, if any, has already been cut out."""
    text = document.text
    joined = broken(rejoined(text))  # line ends are paragraph ends; offsets stay valid
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
    return replace(parts, sentences=sentences)


def tokenise(text: str) -> Tokens:
    """Return the words and marks of `text`; every non-space code point is in exactly one token."""
    known: dict[str, str] = {}  # a text has few words and many tokens
    forms: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for token in _TOKENS.finditer(text):
        forms.append(known.setdefault(token[0], token[0]))
        starts.append(token.start())
        ends.append(token.end())
    return Tokens(tuple(forms), tuple(starts), tuple(ends))


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
