"""Which body a noun may call: sorts of bodies, names before the noun, number, people of no body; over invented sentences."""

from __future__ import annotations

import pytest

from reportedly.annotation.sources.coreference.names import index_article
from reportedly.annotation.sources.linking.bodies import is_another_body
from reportedly.annotation.sources.linking.linker import register_of
from reportedly.annotation.sources.linking.parties import Register
from reportedly.annotation.sources.linking.statements import Statement
from reportedly.datamodel import Document, Span
from reportedly.reading.segmentation import segment

WATCH = "The Darnian Observatory for Human Rights"
FIRM = "Norvex Corp"
UNION = "The Dock Workers' Union"
HEALTH = "The Lund Ministry of Health"


def register(text: str, *sources: str) -> Register:
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


def barred(one: str, two: str) -> bool:
    """Tell whether the second source cannot be the first."""
    text = f"{one} said it is open. On Monday {two} said it is shut."
    found = register(text, one, two)
    return is_another_body(found, found.views[1], found.parties[found.owner[0]])


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (WATCH, "the government of President Omar Sahil"),
        (WATCH, "the government"),
        (WATCH, "the army"),
        (WATCH, "the coalition"),
        (WATCH, "the key Ahrar al-Bahr rebel group"),
        (UNION, "the company"),
        (UNION, "the council"),
        (UNION, "the police"),
        (FIRM, "the oil industry"),
        (FIRM, "the government"),
        ("The coalition", "the army"),
        ("The oil industry", "the company"),
        ("Lund University", "the company"),
    ],
)
def test_a_noun_for_another_sort_of_body_is_another_source(one: str, two: str) -> None:
    assert barred(one, two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (WATCH, "the monitoring group"),
        (WATCH, "the Lund-based monitoring group"),
        (WATCH, "the U.S.-based rights group"),
        (WATCH, "the observatory"),
        (UNION, "the union"),
        (UNION, "the organisation"),
        (FIRM, "the company"),
        (FIRM, "the Australian firm"),
        ("Multiform", "the Australian firm"),
        ("Multiform", "the charity"),
        ("Kestrel Bank", "the lender"),
        ("Russia", "the Russian government"),
        ("NASA", "the agency"),
        ("A rights group", "the organisation"),
        ("The Gorton Police Department", "the police"),
        ("The Gorton Police Department", "the department"),
        ("Lund University", "the institution"),
        ("Ada Moor's campaign", "the campaign"),
    ],
)
def test_a_noun_that_fits_may_call_the_same_body(one: str, two: str) -> None:
    assert not barred(one, two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("The Conservative party", "the Labour party"),
        ("The Labour party", "the Green party"),
        (HEALTH, "the trade ministry"),
        ("The Gorton council", "the Lund council"),
        ("The Conservative party", "a spokesman for the Liberal Democrats"),
    ],
)
def test_a_body_called_by_another_name_is_another_source(one: str, two: str) -> None:
    assert barred(one, two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("The Labour party", "the party"),
        (HEALTH, "the health ministry"),
        (HEALTH, "the ministry"),
        ("The Lund council", "the Lund council"),
        ("The Labour party", "a spokesman for Labour"),
    ],
)
def test_a_body_called_by_its_own_name_may_be_the_same(one: str, two: str) -> None:
    assert not barred(one, two)


@pytest.mark.parametrize(
    ("one", "two", "right"),
    [
        (WATCH, "rebels", True),
        (FIRM, "residents", True),
        (FIRM, "industry groups", True),
        (WATCH, "activists", False),
        (FIRM, "executives", False),
        ("The Gorton Police", "officers", False),
        ("Ivo Lund", "the company", True),
        ("Ivo Lund", "the campaign", False),
    ],
)
def test_people_and_groups_of_no_body_are_others(one: str, two: str, right: bool) -> None:
    assert barred(one, two) is right
