"""For whom a spokesperson speaks; over invented sentences."""

from __future__ import annotations

import pytest

from tests.annotation.sources.linking.two_sources import are_two, are_two_in

WATCH = "The Gorton Observatory for Peace"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (WATCH, "a spokesman for the coalition"),
        ("The Conservative party", "a spokesman for the Liberal Democrats"),
        ("The Harbour Union", "a Norvex Corp spokesman"),
    ],
)
def test_a_spokesman_of_another_body_is_another_source(one: str, two: str) -> None:
    assert are_two(one, two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (WATCH, "a spokesman for the observatory"),
        ("The Labour party", "a spokesman for Labour"),
        ("The Harbour Union", "a Harbour Union spokesman"),
        ("The Harbour Union", "a spokesman"),
        ("Ada Finch", "a spokesman for the coalition"),
    ],
)
def test_a_spokesman_of_the_body_may_be_the_same_source(one: str, two: str) -> None:
    assert not are_two(one, two)


def test_a_spokesman_of_one_firm_is_not_the_union_named_before() -> None:
    text = "The Harbour Union said it is open. A {} spokesman said it is shut."
    body = "The Harbour Union"
    assert are_two_in(text.format("Norvex Corp"), body, "A Norvex Corp spokesman")
    assert not are_two_in(text.format("Harbour Union"), body, "A Harbour Union spokesman")
    clerk = "The Harbour Union said it is open. A Norvex Corp clerk said it is shut."
    assert not are_two_in(clerk, body, "A Norvex Corp clerk")
    unnamed = "A union said it is open. A Norvex Corp spokesman said it is shut."
    assert not are_two_in(unnamed, "A union", "A Norvex Corp spokesman")
