"""The probability that a ledger line is right: better evidence never lowers it, and older bundles have none."""

import numpy as np
import pytest

from reportedly.annotation.sources.from_reading.learning.trust import fit_trust
from reportedly.annotation.sources.from_reading.trust import (
    TRUST_FEATURES,
    LineTrust,
    StatedLines,
    top_odds,
)


def lines(choice: float, link: float, unclear: int = 0) -> StatedLines:
    """Return two ledger lines, of two statements and of one, with equal probabilities."""
    return StatedLines(
        lines=[[0, 1], [2]], columns=[0, 4], odds=[2.0, 2.0], named=[True, False], nobody=[False, False],
        choice=np.full(3, choice), links=np.full(3, link), carried=[False, True, False],
        unclear=unclear, sentences=12,
    )  # fmt: skip


@pytest.fixture(scope="module")
def trust() -> LineTrust:
    """Return an estimate trained on lines that are right as often as their statements are probable."""
    rng = np.random.default_rng(0)
    sure = rng.uniform(0.3, 0.99, 300)
    rows = [lines(p, p).rows() for p in sure]
    return fit_trust(rows, [rng.random(2) < p for p in sure])


def test_surer_statements_make_likelier_lines(trust):
    """A line's probability grows with its statements', and matches the lines that it was trained on."""
    low, high = (trust.chances(lines(p, p).rows()) for p in (0.4, 0.95))
    assert (low < high).all()
    assert low.mean() == pytest.approx(0.4, abs=0.15)
    assert high.mean() == pytest.approx(0.95, abs=0.1)


def test_rows_tell_of_the_line_and_of_the_article():
    """The row is of a line with two statements, one without words for its source, in an article with one unclear statement in four."""
    row = dict(zip(TRUST_FEATURES, lines(0.9, 0.8, unclear=1).rows()[0], strict=True))
    assert row["statements"] == pytest.approx(np.log1p(2))
    assert row["carried on"] == 0.5
    assert row["named_person"] == row["bears a name"] == 1
    assert row["article: unclear"] == 0.25
    assert row["choice"] > row["link"] > 0


def test_no_lines_have_no_chances(trust):
    """An article without sources is not an error."""
    none = StatedLines([], [], [], [], [], np.zeros(0), np.zeros(0), [], 0, 3)
    assert trust.chances(none.rows()).shape == (0,)
    assert top_odds(np.zeros((0, 6), np.float32)) == []


def test_it_survives_its_arrays_and_may_be_absent(trust):
    """The model is restored from its arrays; a bundle without it, or with other features, has none."""
    again = LineTrust.from_arrays(trust.to_arrays())
    assert again is not None
    assert again.weights.tolist() == trust.weights.tolist()
    assert LineTrust.from_arrays({}) is None
    assert LineTrust.from_arrays({"weights": trust.weights[1:]}) is None


def test_the_likeliest_class_has_the_odds_of_its_share():
    """Of two classes with scores 2 apart, the first has log odds of 2 if the other classes are negligible."""
    scores = np.array([[2.0, 0.0, -50, -50, -50, -50]], np.float32)
    assert top_odds(scores) == [pytest.approx(2.0, abs=1e-3)]
