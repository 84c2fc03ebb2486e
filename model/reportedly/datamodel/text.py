"""The text and its parts: frozen, slotted, standard library only.

Every offset is a half-open range of Unicode code points into ``Document.text``, which is
never rewritten after reading, so ``text[span.start:span.end]`` is right for every span.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportedly.datamodel.corrections import Corrections


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range ``[start, end)`` of code points."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the words that the span covers in `text`."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Return whether the two ranges share at least one code point."""
        return self.start < other.end and other.start < self.end


_SHOWN = 48
"""Characters of a text that its representation shows."""


@dataclass(frozen=True, slots=True, repr=False)
class Document:
    """One article as it was read: the text, and what is known about it.

    `file_lines` gives, for each line of the text, the line of the file that it was taken from, if that is known
    and different; `author` and `date` are as written in the file.
    """

    text: str
    title: str = ""
    id: str = ""
    encoding: str = "str"
    author: str = ""
    date: str = ""
    file_lines: tuple[int, ...] = field(default=(), repr=False)
    origin: Origin | None = field(default=None, compare=False, repr=False)
    """The document as it was read, if this one is the text as it looks."""
    corrections: Corrections | None = field(default=None, compare=False, repr=False)
    """A person's corrections of its ledger."""

    def __repr__(self) -> str:
        name = f"{self.id!r}, " if self.id else ""
        opening = " ".join(self.text[:_SHOWN].split())
        return f"Document({name}{len(self.text):,} characters: {opening!r}{'…' * (len(self.text) > _SHOWN)})"


def has_places_of_file(encoding: str) -> bool:
    """Tell whether offsets in a text read with this encoding are also offsets in its file."""
    return "+" not in encoding and encoding not in {"table", "docx", "pdf"}


@dataclass(frozen=True, slots=True)
class Unveiled:
    """A text as it looks, the original place of each of its code points, and what was undone.

    `starts` and `ends` give, for each code point of `text`, its range in the text as it was read;
    both are empty if the two texts have the same offsets.
    """

    text: str
    starts: Sequence[int] = ()
    ends: Sequence[int] = ()
    notices: tuple[str, ...] = ()

    def back(self, span: Span) -> Span:
        """Return the range in the text as it was read of `span` in the text as it looks."""
        if not self.starts:
            return span
        return Span(self.starts[span.start], self.ends[span.end - 1])

    def without(self, ranges: Sequence[tuple[int, int, str]]) -> Unveiled:
        """Return this with ranges of its text, in order, removed or replaced by one character."""
        if not ranges:
            return self
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for first, last, kept in (*ranges, (len(self.text), len(self.text), "")):
            pieces += self.text[at:first], kept
            starts += self.starts[at:first] if self.starts else range(at, first)
            ends += self.ends[at:first] if self.starts else range(at + 1, first + 1)
            if kept:
                place = self.back(Span(first, last))
                starts.append(place.start)
                ends.append(place.end)
            at = last
        return Unveiled("".join(pieces), starts, ends, self.notices)


@dataclass(frozen=True, slots=True)
class Origin:
    """The document as it was read, for a document whose text is as it looks; ``seen.back`` maps spans back to it."""

    document: Document
    seen: Unveiled
    headline: str | None
    """Its title as written, if that is a headline."""


@dataclass(frozen=True, slots=True)
class Headline:
    """What counts as an article's headline: its words, their place in the text, and whether they were its title.

    `span` is None if the text does not have it; `given` is false if the headline is only the text's first line.
    """

    text: str
    span: Span | None = None
    given: bool = True


@dataclass(frozen=True, slots=True, repr=False)
class Tokens:
    """The words and marks of a text by column: each tuple has one entry per token.

    Columns rather than objects, because the taggers read whole columns at a time.
    """

    forms: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.forms)

    def __repr__(self) -> str:
        return f"Tokens({len(self):,})"

    def span(self, first: int, last: int) -> Span:
        """Return the range from token `first` up to but not including token `last`."""
        return Span(self.starts[first], self.ends[last - 1])

    def until(self, token: int) -> Tokens:
        """Return those before a token, given by its number."""
        return Tokens(self.forms[:token], self.starts[:token], self.ends[:token])


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its token range ``[first, last)`` and the number of its paragraph."""

    start: int
    end: int
    first: int
    last: int
    paragraph: int
    furniture: bool = False

    @property
    def span(self) -> Span:
        """The sentence's range of code points."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quoted passage, marks included, within one paragraph.

    `depth` counts from 0; a quotation inside another has 1. `closed` is false if there is no closing
    mark in the paragraph; `continues` is true if it continues the unclosed quotation
    of the paragraph before.
    """

    start: int
    end: int
    depth: int = 0
    closed: bool = True
    continues: bool = False

    @property
    def span(self) -> Span:
        """The quotation's range of code points, marks included."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True, repr=False)
class Segmented:
    """A document cut into paragraphs, sentences, tokens and quotations, and its headline, if it has one."""

    document: Document
    paragraphs: tuple[Span, ...]
    sentences: tuple[Sentence, ...]
    tokens: Tokens
    quotations: tuple[Quotation, ...]
    headline: Headline | None = None

    def __repr__(self) -> str:
        return f"Segmented({self.document!r}, {len(self.sentences):,} sentences, {len(self.tokens):,} tokens)"

    @property
    def text(self) -> str:
        """The document's text."""
        return self.document.text

    def until(self, sentence: int) -> Segmented:
        """Return what is before a sentence, given by its number; paragraphs are kept as they are."""
        end, last = self.sentences[sentence].start, self.sentences[sentence].first
        return replace(
            self,
            document=replace(self.document, text=self.text[:end]),
            sentences=self.sentences[:sentence],
            tokens=self.tokens.until(last),
            quotations=tuple(q for q in self.quotations if q.end <= end),
        )
