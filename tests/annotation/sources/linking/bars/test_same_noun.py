"""Whether two mentions by one noun may mean the same; over invented sentences."""

from __future__ import annotations

import pytest

from reportedly.annotation.sources.linking.bars.same_noun import are_others
from tests.annotation.sources.linking.two_sources import are_two, register_with


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
    assert are_two(one, two)


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
    ],
)
def test_the_same_noun_may_be_the_same_source(one: str, two: str) -> None:
    assert not are_two(one, two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("The reports", "many reports"),
        ("Two boards", "the board"),
        ("A clerk", "the clerks"),
        ("Two clerks", "clerk Ada Moor"),
        ("Two clerks", "she"),
    ],
)
def test_number_and_openings_of_other_mentions_bar_nothing(one: str, two: str) -> None:
    found = register_with(f"{one} said it is open. On Monday {two} said it is shut.", one, two)
    assert not are_others(found, found.views[1], found.parties[found.owner[0]])
