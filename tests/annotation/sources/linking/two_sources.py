"""Two sources of an invented text, of which the first is known when the second is linked."""

from __future__ import annotations

from reportedly.annotation.sources.coreference.names import index_article
from reportedly.annotation.sources.linking.bars.barred import barred
from reportedly.annotation.sources.linking.linker import register_of
from reportedly.annotation.sources.linking.parties import Register
from reportedly.annotation.sources.linking.statements import Statement
from reportedly.datamodel import Document, Span
from reportedly.reading.segmentation import segment


def register_with(text: str, *sources: str) -> Register:
    """Return an article whose first statement is entered as a source; each has the words of its source."""
    parts = segment(Document(text))
    statements, at = [], 0
    for source in sources:
        at = text.index(source, at)
        sentence = next(one for one in parts.sentences if one.end > at)
        statements.append(Statement(sentence.span, Span(at, at + len(source)), "said"))
        at += len(source)
    found = register_of(index_article(parts), statements)
    found.enter(found.views[0], None)
    return found


def are_two(one: str, two: str, between: str = "On Monday") -> bool:
    """Tell whether a second source, named after the first, cannot be the first."""
    return are_two_in(f"{one} said it is open. {between} {two} said it is shut.", one, two)


def are_two_in(text: str, one: str, two: str) -> bool:
    """Tell whether the second source of a text cannot be the first."""
    found = register_with(text, one, two)
    return barred(found, found.views[1], [found.parties[found.owner[0]]]) == [True]
