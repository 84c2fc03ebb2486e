"""The shipped bundle is no worse than before, and the gate itself works."""

import pytest

import reportedly
from tests.gate import gate


@pytest.fixture(scope="module")
def figures():
    """Return the figures of the bundle that ships."""
    return gate.measure(reportedly.Assessor())


def test_floors_are_of_this_data():
    """The corpus is the one on which the floors were measured; otherwise run `python -m tests.gate --update`."""
    assert gate.read_floors()["sha256"] == gate.digest()


def test_no_figure_falls_below_its_floor(figures):
    """Every floor holds, within its epsilon."""
    assert gate.fallen(gate.read_floors()["floors"], figures) == []


def test_every_figure_has_a_floor(figures):
    """Every measured figure has a floor."""
    assert figures.keys() == gate.read_floors()["floors"].keys()


def figure(value, epsilon=0.01):
    """Return a figure."""
    return {"value": value, "epsilon": epsilon}


@pytest.mark.parametrize(("value", "holds"), [(0.81, True), (0.795, True), (0.78, False)])
def test_a_figure_may_fall_by_its_epsilon_alone(value, holds):
    """A figure within its epsilon below the floor is noise; a lower one has fallen."""
    assert (gate.fallen({"a": 0.8}, {"a": figure(value)}) == []) is holds


def test_a_figure_that_is_gone_has_fallen():
    """A floor without a figure is reported."""
    assert gate.fallen({"a": 0.8}, {}) == ["a: floor 0.8, no longer measured"]


def test_floors_rise_and_do_not_fall():
    """An update raises floors; it lowers or drops one only if explicitly allowed."""
    assert gate.updated({"a": 0.8}, {"a": figure(0.9), "b": figure(0.5)}) == {"a": 0.9, "b": 0.5}
    for worse in ({"a": figure(0.79)}, {}):
        with pytest.raises(ValueError, match="would lower a"):
            gate.updated({"a": 0.8}, worse)
        assert gate.updated({"a": 0.8}, worse, allow_lower=True).get("a") in {0.79, None}
