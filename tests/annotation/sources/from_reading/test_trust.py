"""How likely a line of the ledger is right: surer evidence never lowers it, and older bundles do without."""

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
    """Return two lines of two statements and one, all of them equally sure."""
    return StatedLines(
        lines=[[0, 1], [2]], columns=[0, 4], odds=[2.0, 2.0], named=[True, False], nobody=[False, False],
        choice=np.full(3, choice), links=np.full(3, link), carried=[False, True, False],
        unclear=unclear, sentences=12,
    )  # fmt: skip


@pytest.fixture(scope="module")
def trust() -> LineTrust:
    """Return an estimate learnt from lines that are right as often as their statements are sure."""
    rng = np.random.default_rng(0)
    sure = rng.uniform(0.3, 0.99, 300)
    rows = [lines(p, p).rows() for p in sure]
    return fit_trust(rows, [rng.random(2) < p for p in sure])


def test_surer_statements_make_likelier_lines(trust):
    """What a line rests on counts, and the chances are those of the lines it was learnt from."""
    low, high = (trust.chances(lines(p, p).rows()) for p in (0.4, 0.95))
    assert (low < high).all()
    assert low.mean() == pytest.approx(0.4, abs=0.15)
    assert high.mean() == pytest.approx(0.95, abs=0.1)


def test_rows_tell_of_the_line_and_of_the_article():
    """A line of two statements, one of which carries on, in an article with one unclear statement in four."""
    row = dict(zip(TRUST_FEATURES, lines(0.9, 0.8, unclear=1).rows()[0], strict=True))
    assert row["statements"] == pytest.approx(np.log1p(2))
    assert row["carried on"] == 0.5
    assert row["named_person"] == row["bears a name"] == 1
    assert row["article: unclear"] == 0.25
    assert row["choice"] > row["link"] > 0


def test_no_lines_have_no_chances(trust):
    """An article without sources is no error."""
    none = StatedLines([], [], [], [], [], np.zeros(0), np.zeros(0), [], 0, 3)
    assert trust.chances(none.rows()).shape == (0,)
    assert top_odds(np.zeros((0, 6), np.float32)) == []


def test_it_survives_its_arrays_and_may_be_absent(trust):
    """What is stored is read again; a bundle without it, or with one of other features, has none."""
    again = LineTrust.from_arrays(trust.to_arrays())
    assert again is not None
    assert again.weights.tolist() == trust.weights.tolist()
    assert LineTrust.from_arrays({}) is None
    assert LineTrust.from_arrays({"weights": trust.weights[1:]}) is None


def test_the_likeliest_class_has_the_odds_of_its_share():
    """Of two classes with scores 2 apart the first has log odds of 2, the others being out of the race."""
    scores = np.array([[2.0, 0.0, -50, -50, -50, -50]], np.float32)
    assert top_odds(scores) == [pytest.approx(2.0, abs=1e-3)]
