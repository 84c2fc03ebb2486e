"""Which person or people a noun may call: nobody by name, somebody's lawyer, another office, a couple; over invented sentences."""

from __future__ import annotations

import pytest

from reportedly.annotation.sources.linking.bars.people import are_several
from tests.annotation.sources.linking.two_sources import are_two, register_with


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Ada Finch", "the unidentified woman"),
        ("Ivo Lund", "another man"),
        ("Ada Finch", "Ivo Lund’s lawyer"),
        ("Senator Ivo Lund, a senator", "the governor"),
        ("President Ivo Lund", "the vice president"),
        (
            "Mary Finch, the daughter of former Vice President Dick Lund,",
            "the former vice president",
        ),
        ("President Ivo Lund", "the Gorton chief"),
        ("Ivo Lund", "the coroner"),
        ("Ivo Lund", "Ada Finch’s letter to Lund"),
        ("Mr. Ivo Lund", "the couple"),
        ("Mr. Ivo Lund", "clerks"),
        ("Mr. Ivo Lund", "they"),
    ],
)
def test_a_noun_that_fits_nothing_known_of_a_person_is_another_source(one: str, two: str) -> None:
    assert are_two(one, two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Ada Finch", "the woman"),
        ("An unidentified woman", "the unidentified woman"),
        ("Ivo Lund", "Ivo Lund’s lawyer"),
        ("Senator Ivo Lund, a senator", "the senator"),
        ("President Ivo Lund", "the president"),
        ("President Ivo Lund, the president", "the mayor's son"),
        ("The clerks", "they"),
        ("Mr. Ivo Lund", "the man"),
        ("Former Vice President Dick Lund", "the former vice president"),
        ("Ivo Lund, the Gorton chief,", "the Gorton chief"),
        ("The coroner, Ivo Lund,", "the coroner"),
        ("Ivo Lund", "the Republican nominee"),
        ("Ivo Lund", "the 34-year-old"),
        ("Ivo Lund", "Ivo Lund’s letter to Finch"),
        ("President Ivo Lund", "the club president"),
    ],
)
def test_a_noun_that_fits_may_be_the_same_person(one: str, two: str) -> None:
    assert not are_two(one, two)


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
    found = register_with(f"{source} said it is shut.", source)
    assert are_several(found, found.views[0]) is several
