"""The text and its parts: frozen, slotted, standard library only.

Every offset is a half-open range of Unicode code points into ``Document.text``, which is
never rewritten after reading, so ``text[span.start:span.end]`` is right for every span.
"""

from __future__ import annotations

from dataclasses import dataclass


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


@dataclass(frozen=True, slots=True)
class Document:
    """One article as it was read: the text, and what is known about it."""

    text: str
    title: str = ""
    id: str = ""
    encoding: str = "str"


@dataclass(frozen=True, slots=True)
class Headline:
    """What counts as an article's headline: its words, where its text has them, and whether they were its title.

    `span` is None where the text does not have it; `given` is false where the text's first line is all there is.
    """

    text: str
    span: Span | None = None
    given: bool = True


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words and marks of a text, column-wise: one entry a token in each tuple.

    Columns rather than objects, because the taggers read whole columns at a time.
    """

    forms: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.forms)

    def span(self, first: int, last: int) -> Span:
        """Return the range from token `first` up to, and without, token `last`."""
        return Span(self.starts[first], self.ends[last - 1])


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with its token range ``[first, last)`` and the paragraph it stands in."""

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

    `depth` counts from 0; a quotation inside another has 1. `closed` is false where no closing
    mark stands in the paragraph; `continues` is true where it carries on the unclosed quotation
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


@dataclass(frozen=True, slots=True)
class Segmented:
    """A document cut into paragraphs, sentences, tokens and quotations, and its headline, if it has one."""

    document: Document
    paragraphs: tuple[Span, ...]
    sentences: tuple[Sentence, ...]
    tokens: Tokens
    quotations: tuple[Quotation, ...]
    headline: Headline | None = None

    @property
    def text(self) -> str:
        """The document's text."""
        return self.document.text
