"""Links to a named source that nothing ties to the mention: an unidentified woman, a rival's lawyer, an army; over invented sentences."""

from __future__ import annotations

import pytest

from reportedly.annotation.sources.coreference.names import index_article
from reportedly.annotation.sources.linking.linker import register_of
from reportedly.annotation.sources.linking.statements import Statement
from reportedly.annotation.sources.linking.strangers import is_stranger
from reportedly.datamodel import Document, Span
from reportedly.reading.segmentation import segment


def barred(one: str, two: str) -> bool:
    """Tell whether the second source cannot be the first."""
    text = f"{one} said it is open. On Monday {two} said it is shut."
    parts = segment(Document(text))
    extents = [sentence.span for sentence in parts.sentences]
    spans = Span(0, len(one)), Span(text.index(two, len(one)), text.index(two, len(one)) + len(two))
    statements = [Statement(e, s, "said") for e, s in zip(extents, spans, strict=True)]
    found = register_of(index_article(parts), statements)
    found.enter(found.views[0], None)
    return is_stranger(found, found.views[1], found.parties[found.owner[0]])


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Ada Finch", "the unidentified woman"),
        ("Ivo Lund", "another man"),
        ("Ada Finch", "Ivo Lund’s lawyer"),
        ("A Gorton College poll", "a Lund College poll"),
        ("A study", "a previous study"),
        ("The Gorton Observatory for Peace", "the government"),
        ("The Gorton Observatory for Peace", "the Sandrian army"),
        ("The Gorton Observatory for Peace", "a spokesman for the coalition"),
        ("The Gorton Observatory for Peace", "Karsh rebel group"),
        ("The Norvex Corp", "the harbour industry"),
        ("Senator Ivo Lund, a senator", "the governor"),
    ],
)
def test_a_mention_that_nothing_ties_to_a_name_is_another_source(one: str, two: str) -> None:
    assert barred(one, two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Ada Finch", "the woman"),
        ("An unidentified woman", "the unidentified woman"),
        ("Ivo Lund", "Ivo Lund’s lawyer"),
        ("A Gorton College poll", "the poll"),
        ("A previous study", "the previous study"),
        ("The Gorton Observatory for Peace", "the observatory"),
        ("The Gorton Observatory for Peace", "a spokesman for the observatory"),
        ("The Gorton Government", "the government"),
        ("The Norvex Corp", "the company"),
        ("Senator Ivo Lund, a senator", "the senator"),
        ("President Ivo Lund, the president", "the vice president"),
    ],
)
def test_a_mention_that_fits_the_name_may_be_the_same_source(one: str, two: str) -> None:
    assert not barred(one, two)
