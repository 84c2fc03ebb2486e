"""Links that wording bars: other names, other papers, a war or a photographer as "he"; over invented sentences."""

from __future__ import annotations

import pytest

from reportedly.annotation.sources.linking.bars.barred import is_credited, is_thing
from tests.annotation.sources.linking.two_sources import are_two, are_two_in, register_with


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Ada Finch", "Ivo Lund"),
        ("The Ministry of Health", "the Ministry of Trade"),
        ("A British envoy", "Ivo Lund"),
        ("The company", "Gorton University"),
    ],
)
def test_a_source_with_other_names_is_another(one: str, two: str) -> None:
    assert are_two(one, two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Ada Finch", "Finch"),
        ("The actress", "Ada Finch"),
        ("The company", "the Norvex Company"),
        ("A spokesman for Norvex Corp", "Norvex Corp"),
    ],
)
def test_a_source_without_another_name_may_be_the_same(one: str, two: str) -> None:
    assert not are_two(one, two)


@pytest.mark.parametrize(
    ("one", "two", "others"),
    [
        ("A Gorton College poll", "a Lund College poll", True),
        ("Norvex Corp", "a study by Lund College", True),
        ("A study", "a previous study", True),
        ("Our research", "recent work by other researchers", True),
        ("Several officials", "other officials", True),
        ("Other officials", "other officials", False),
        ("Our research", "recent work by the team", False),
        ("A Gorton College poll", "the poll", False),
        ("A previous study", "the previous study", False),
        ("Lund College", "a study by Lund College", False),
    ],
)
def test_a_paper_by_others_or_before_is_another_source(one: str, two: str, others: bool) -> None:
    assert are_two(one, two) is others


@pytest.mark.parametrize(("one", "others"), [("The Harbour War", True), ("Ivo Lund", False)])
def test_a_war_is_never_he(one: str, others: bool) -> None:
    assert are_two_in(f"{one} shook it. On Monday he said it is shut.", one, "he") is others


def test_a_photographer_is_never_he() -> None:
    text = "Ada Moor/Kestrel A pier. On Monday he said it is shut."
    assert are_two_in(text, "Ada Moor", "he")
    assert not are_two_in(text.replace("/Kestrel", " saw it."), "Ada Moor", "he")


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
    found = register_with(f"He spoke of {name} when he called it idle.", "he")
    assert any(is_thing(one) for one in found.figures.members) is thing


def test_a_photographer_before_the_agency_is_only_credited() -> None:
    found = register_with("Ada Moor/Kestrel The pier. Ivo Lund left, he said.", "he")
    names = {one.full: n for n, one in enumerate(found.figures.members)}
    assert is_credited(found, names["Ada", "Moor"])
    assert not is_credited(found, names["Ivo", "Lund"])
