"""Findings in a text as it looks have offsets of the text as it was read, whatever their kind."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

import reportedly
from reportedly.datamodel import Document, Span
from reportedly.datamodel.places import taken_back
from reportedly.reading.disguises import as_it_looks
from tests.torture import checks

READ = "Quie\u00adt wa\u200bter, the mayor sa\u00adid."
ARTICLE = (
    "The harbour wall may fail this winter, a person close to the board said on Monday. "
    "“The repair will cost 40 million crowns,” Mayor Tove Lindahl said, “and nobody was told.”\n"
) * 8


@dataclass(frozen=True)
class Invented:
    """A kind of finding that the package does not know."""

    name: str
    start: int
    end: int
    places: tuple[tuple[Span, ...], ...]
    perhaps: Span | None = None


def test_an_unknown_kind_of_finding_is_mapped_back():
    """Spans at any depth, and starts and ends, are mapped; everything else is unchanged."""
    document = as_it_looks(Document(READ))
    text, origin = document.text, document.origin

    def span(word: str) -> Span:
        return Span(text.index(word), text.index(word) + len(word))

    place = span("water")
    found = Invented("water", place.start, place.end, ((span("Quiet"), span("said")),), span("sa"))
    moved = taken_back(found, origin)
    assert READ[moved.start : moved.end] == "wa\u200bter"
    assert [s.of(READ) for s in moved.places[0]] == ["Quie\u00adt", "sa\u00adid"]
    assert moved.perhaps.of(READ) == "sa"
    assert moved.name == "water"
    assert taken_back(Invented("none", 0, 1, ()), origin).perhaps is None


def test_a_document_is_seen_through_once():
    """A document without disguises, or already processed, is returned unchanged."""
    plain = Document("Quiet water, the mayor said.", "Quiet water")
    assert as_it_looks(plain) is plain
    seen = as_it_looks(Document(READ))
    assert as_it_looks(seen) is seen
    assert seen.text == plain.text
    assert seen.origin.document.text == READ


@pytest.mark.parametrize(
    "change",
    [str.upper, lambda t: t.replace("e", "e\u00ad"), lambda t: t.replace(" ", "\u00a0")],
    ids=["capitals", "soft hyphens", "other spaces"],
)
def test_every_place_of_an_assessment_is_one_of_the_text_as_it_was_read(change):
    """Tokens, sentences, quotations and findings have the words of the given text."""
    text = change(ARTICLE)
    found = reportedly.assess(text)
    parts = found.annotated.segmented
    assert parts.text == text
    assert parts.document.origin is None
    tokens = parts.tokens
    forms = zip(tokens.starts, tokens.ends, tokens.forms, strict=True)
    assert all(text[start:end] == form for start, end, form in forms)
    assert parts.quotations
    for quotation in parts.quotations:
        assert quotation.span.of(text).startswith("“")
        assert quotation.span.of(text).endswith("”")
    values = list(checks.self_checking(found.to_dict()))
    assert values
    assert all(text[v["start"] : v["end"]] == v["text"] for v in values)
