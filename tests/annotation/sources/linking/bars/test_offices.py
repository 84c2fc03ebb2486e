"""The offices that a text gives its people, and nouns near a name that give them none; over invented sentences."""

from __future__ import annotations

import pytest

from reportedly.annotation.sources.coreference.names import index_article
from reportedly.annotation.sources.linking.bars.offices import Offices
from reportedly.annotation.sources.linking.figures import find_figures
from reportedly.datamodel import Document
from reportedly.reading.segmentation import segment


def holders(text: str, office: str) -> list[str]:
    """Return the full names of those to whom a text gives an office."""
    article = index_article(segment(Document(text)))
    found = find_figures(article)
    return [" ".join(found.members[n].full) for n in Offices(article, found).holders(office)]


@pytest.mark.parametrize(
    "text",
    [
        "Mayor Ada Finch left.",
        "Ada Finch, the mayor, left.",
        "Ada Finch, who is the mayor, left.",
        "The mayor, Ada Finch, left.",
        "Ada Finch became mayor of Gorton.",
        "The mayor of Gorton, Ada Finch, left.",
    ],
)
def test_a_title_an_apposition_or_a_verb_gives_an_office(text: str) -> None:
    assert "Ada Finch" in holders(text, "mayor")


@pytest.mark.parametrize(
    "text",
    [
        "On Monday the mayor said that Ada Finch left.",
        "The mayor told Ada Finch so.",
        "It is Ada Finch, the wife of the mayor.",
        "It is Ada Finch, the mayor’s wife.",
        "Mayor Ivo Lund met Ada Finch.",
    ],
)
def test_an_office_near_a_name_may_be_anothers(text: str) -> None:
    assert "Ada Finch" not in holders(text, "mayor")


def test_a_short_title_and_an_office_of_two_words_are_understood() -> None:
    assert holders("Gov. Ivo Lund left.", "governor") == ["Ivo Lund"]
    assert holders("Prime Minister Ada Finch left.", "prime minister") == ["Ada Finch"]
