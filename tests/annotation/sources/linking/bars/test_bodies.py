"""Which body a noun may call: sorts of bodies, names before the noun, number, people of no body; over invented sentences."""

from __future__ import annotations

import pytest

from tests.annotation.sources.linking.two_sources import are_two, are_two_in

WATCH = "The Darnian Observatory for Human Rights"
FIRM = "Norvex Corp"
UNION = "The Dock Workers' Union"
HEALTH = "The Lund Ministry of Health"


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
        (WATCH, "the Sandrian army"),
        (WATCH, "the rebels"),
        (WATCH, "Karsh rebel group"),
        ("The European Commission", "the parliament"),
        ("The Dock Agency", "the administration"),
        ("The coalition", "the army"),
        ("The oil industry", "the company"),
        ("Lund University", "the company"),
        ("A Norvex PLC spokesman", "the government"),
        ("Lund University", "the mayor"),
        ("The defence ministry", "the observers' mission"),
        ("The council", "the court"),
        ("The Dock Agency", "the finance chief"),
        ("A spokeswoman for Brenner Chemicals", "the ministry"),
    ],
)
def test_a_noun_for_another_sort_of_body_is_another_source(one: str, two: str) -> None:
    assert are_two(one, two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (WATCH, "the monitoring group"),
        (WATCH, "the Lund-based monitoring group"),
        (WATCH, "the U.S.-based rights group"),
        (WATCH, "the observatory"),
        (UNION, "the union"),
        ("A Norvex PLC spokesman", "the company"),
        ("A spokesman for the Lund Ministry of Health", "the ministry"),
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
        ("The Gorton Government", "the government"),
        ("The Harbour Alliance", "the coalition"),
        ("The Karsh Front", "the rebels"),
    ],
)
def test_a_noun_that_fits_may_call_the_same_body(one: str, two: str) -> None:
    assert not are_two(one, two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("The Conservative party", "the Labour party"),
        ("The Labour party", "the Green party"),
        (HEALTH, "the trade ministry"),
        ("The Gorton council", "the Lund council"),
    ],
)
def test_a_body_called_by_another_name_is_another_source(one: str, two: str) -> None:
    assert are_two(one, two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("The Labour party", "the party"),
        (HEALTH, "the health ministry"),
        (HEALTH, "the ministry"),
        ("The Lund council", "the Lund council"),
    ],
)
def test_a_body_called_by_its_own_name_may_be_the_same(one: str, two: str) -> None:
    assert not are_two(one, two)


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
    assert are_two(one, two) is right


@pytest.mark.parametrize(
    ("name", "noun", "others"),
    [
        ("Norvex", "the company", False),
        ("Norvex", "the charity", False),
        ("Norvex", "the government", True),
        ("Norvex", "the court", True),
        ("NSA", "the court", False),
        ("NSA", "the industry", True),
        ("Russia", "the Russian government", False),
        ("Russia", "the company", True),
        ("New York Times", "the police", True),
    ],
)
def test_a_name_that_tells_no_sort_may_be_of_some(name: str, noun: str, others: bool) -> None:
    text = f"It cost {name} a lot. On Monday {noun} said it is shut."
    assert are_two_in(text, name, noun) is others
