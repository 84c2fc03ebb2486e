"""The documented order of changes, and the verdict that follows from it."""

from __future__ import annotations

from pathlib import Path

from reportedly.assessment.versions.change import (
    CHANGE_KINDS,
    Change,
    first_line,
    in_order,
    verdict_of,
)

PAGE = Path(__file__).parents[3] / "docs" / "reports.md"


def changes(*kinds: str) -> list[Change]:
    return [Change(kind, f"about {kind}") for kind in kinds]


def test_the_weights_stand_in_order():
    """Warnings come before gains, then smaller losses, smaller gains and notes."""
    weights = [kind.weight for kind in CHANGE_KINDS]
    order = ["warning", "gain", "small loss", "small gain", "note"]
    assert weights == sorted(weights, key=order.index)


def test_a_warning_is_offset_by_nothing_and_a_gain_by_a_warning_alone():
    """The verdict is the effect of the first change in the order."""
    assert verdict_of(changes("source_named", "record_added", "hedge_dropped")) == "worse"
    assert verdict_of(changes("figures_cut", "record_added")) == "better"
    assert verdict_of(changes("disclosure_added", "figures_cut")) == "worse"
    assert verdict_of(changes("reworded", "disclosure_added")) == "better"
    assert verdict_of(changes("moved", "reworded")) == verdict_of([]) == "neutral"


def test_hedges_gone_are_a_warning_whatever_else_is_gained():
    """Dropped hedges never count as a gain."""
    weight = {kind.name: kind.weight for kind in CHANGE_KINDS}
    assert weight["hedge_dropped"] == "warning"
    assert weight["hedge_earned"] == "gain"


def test_the_first_line_tells_the_gravest_and_how_many_more():
    """Other changes of the same kind are counted, hedges in a wording of their own; notes are all listed."""
    found = changes("moved", "record_cut", "record_cut", "source_added")
    assert first_line(found) == "Worse: about record_cut; and 1 more like it"
    hedges = [
        Change("hedge_dropped", "gone", old=word, new="It sank.")
        for word in ("may", "may", "reportedly")
    ]
    assert (
        first_line(hedges)
        == "Worse: 3 hedges dropped, nothing new behind them: “may”, “reportedly” in “It sank.”"
    )
    assert first_line(changes("moved", "split")) == "Nothing to report: about split; about moved"
    assert first_line([]) == "Nothing to report: the words are the same"


def test_the_order_is_stated_in_the_documentation():
    """docs/reports.md lists every kind of change in this order."""
    page = PAGE.read_text(encoding="utf-8")
    places = [
        page.index(f"| `{kind.name}` | {kind.weight} | {kind.what} |") for kind in CHANGE_KINDS
    ]
    assert places == sorted(places)


def test_in_order_is_by_kind_then_by_place():
    """Within a kind, later sentences come later."""
    late, early = (Change("record_cut", "m", sentences=(n,)) for n in (9, 2))
    assert in_order([*changes("moved"), late, early])[:2] == [early, late]
