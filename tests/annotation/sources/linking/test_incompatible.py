"""Links that the wording bars: other groups by one noun, a rank, a couple, a war as "he"; over invented sentences."""

from __future__ import annotations

import pytest

from reportedly.annotation.sources.coreference.names import index_article
from reportedly.annotation.sources.linking.incompatible import (
    are_others,
    are_several,
    is_credited,
    is_thing,
)
from reportedly.annotation.sources.linking.linker import register_of
from reportedly.annotation.sources.linking.parties import Register
from reportedly.annotation.sources.linking.statements import Statement
from reportedly.datamodel import Document, Span
from reportedly.reading.segmentation import segment


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


def barred(text: str, one: str, two: str) -> bool:
    """Tell whether the second source cannot be the first."""
    found = register(text, one, two)
    return are_others(found, found.views[1], found.parties[found.owner[0]])


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("The clerks", "many clerks"),
        ("Economists", "some economists"),
        ("An official", "another official"),
        ("Another official", "another official"),
        ("Two clerks", "the clerk"),
        ("A clerk", "clerks"),
        ("U.S. researchers", "British researchers"),
        ("The mayor's team", "the rival team"),
        ("The mayor’s team", "the Lund team"),
        ("Ivo Lund's lawyers", "Ada Moor's lawyers"),
    ],
)
def test_others_by_the_same_noun_are_another_source(one: str, two: str) -> None:
    assert barred(f"{one} said it is open. On Monday {two} said it is shut.", one, two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Many clerks", "the clerks"),
        ("Some economists", "some economists"),
        ("An official", "the official"),
        ("Two clerks", "the clerks"),
        ("U.S. officials", "American officials"),
        ("U.S. researchers", "the researchers"),
        ("Senior officials", "British officials"),
        ("The Lund team", "the team"),
        ("The Lund study", "the new study"),
        ("The local police", "the Gorton police"),
        ("The reports", "many reports"),
        ("Two boards", "the board"),
        ("A clerk", "the clerks"),
        ("Two clerks", "clerk Ada Moor"),
        ("Two clerks", "she"),
    ],
)
def test_the_same_noun_may_be_the_same_source(one: str, two: str) -> None:
    assert not barred(f"{one} said it is open. On Monday {two} said it is shut.", one, two)


def test_a_spokesman_of_one_firm_is_not_the_union_named_before() -> None:
    text = "The Harbour Union said it is open. A {} spokesman said it is shut."
    body = "The Harbour Union"
    assert barred(text.format("Norvex Corp"), body, "A Norvex Corp spokesman")
    assert not barred(text.format("Harbour Union"), body, "A Harbour Union spokesman")
    clerk = "The Harbour Union said it is open. A Norvex Corp clerk said it is shut."
    assert not barred(clerk, body, "A Norvex Corp clerk")
    unnamed = "A union said it is open. A Norvex Corp spokesman said it is shut."
    assert not barred(unnamed, "A union", "A Norvex Corp spokesman")


def test_the_vice_president_is_not_who_is_called_president() -> None:
    text = "President Ivo Lund said it is open. The {} said it is shut."
    assert barred(text.format("vice president"), "President Ivo Lund", "The vice president")
    assert not barred(text.format("president"), "President Ivo Lund", "The president")
    assert not barred(text.format("club president"), "President Ivo Lund", "The club president")


@pytest.mark.parametrize(
    ("source", "several"),
    [
        ("The couple", True),
        ("The mayor and his wife", True),
        ("The family", True),
        ("The mayor", False),
        ("The mayor of Gorton and Lund", False),
    ],
)
def test_a_couple_is_more_than_one(source: str, several: bool) -> None:
    found = register(f"{source} said it is shut.", source)
    assert are_several(found, found.views[0]) is several


@pytest.mark.parametrize(
    ("name", "thing"),
    [
        ("Harbour War", True),
        ("Puerto Sal", True),
        ("Gorton Massacre", True),
        ("Ivo Lund", False),
        ("Mr. Ivo War", False),
        ("Lund", False),
    ],
)
def test_a_war_a_law_and_a_place_are_no_people(name: str, thing: bool) -> None:
    found = register(f"He spoke of {name} when he called it idle.", "he")
    assert any(is_thing(one) for one in found.figures.members) is thing


def test_a_photographer_before_the_agency_is_only_credited() -> None:
    found = register("Ada Moor/Kestrel The pier. Ivo Lund left, he said.", "he")
    names = {one.full: n for n, one in enumerate(found.figures.members)}
    assert is_credited(found, names["Ada", "Moor"])
    assert not is_credited(found, names["Ivo", "Lund"])
