"""Figures of held-out risks: shares by band, coverage of intervals, the cost of restyling."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reportedly.evaluation.metrics import band_figures, crossed_curves, interval_coverage
from reportedly.evaluation.risk import RESTYLED, _lost_on_restyled


@pytest.fixture(scope="module")
def heldout():
    """Return scores of six families that separate the classes, and of a control that does not."""
    rng = np.random.default_rng(0)
    parts = []
    for number in range(7):
        labels = np.tile([0.0, 1.0], 150)
        told = 0.0 if number == 6 else 2.0
        scores = told * (labels - 0.5) + rng.normal(0.1 * number, 1.0, 300)
        role = "control" if number == 6 else "evaluate"
        name = f"set {number}"
        parts.append(pd.DataFrame({"fold": name, "family": name, "corpus": name, "role": role, "label": labels, "score": scores}))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def test_bands_hold_what_they_say(heldout):
    """Bands are in order, shares add up, more articles are unreliable in a higher band, and controls are not counted."""
    found = band_figures(heldout)
    assert list(found) == [b for b in ("low", "about even", "cannot tell", "high") if b in found]
    assert sum(f["share"] for f in found.values()) == pytest.approx(1, abs=0.001)
    assert found["low"]["highest"] < 0.5 < found["high"]["lowest"]
    for figures in found.values():
        assert figures["lowest"] <= figures["unreliable"] <= figures["highest"]
    louder = heldout.assign(score=heldout["score"].where(heldout["role"] != "control", 9.0))
    assert band_figures(louder) == found


def test_no_curve_sees_the_family_that_it_is_for(heldout):
    """Changing a family's labels changes every curve but its own; a control changes none."""
    before = crossed_curves(heldout)
    turned = heldout["label"].where(heldout["fold"] != "set 2", 1 - heldout["label"])
    after = crossed_curves(heldout.assign(label=turned))
    assert {name for name in before if before[name] == after[name]} == {"set 2"}
    control = heldout["label"].where(heldout["role"] != "control", 1 - heldout["label"])
    assert crossed_curves(heldout.assign(label=control)) == before


def test_intervals_are_measured(heldout):
    """If families are similar, most groups lie within the interval; if one is reversed, fewer do."""
    turned = heldout["label"].where(heldout["fold"] != "set 2", 1 - heldout["label"])
    assert interval_coverage(heldout) > 0.6
    assert interval_coverage(heldout.assign(label=turned)) < interval_coverage(heldout)


def test_what_restyling_costs_is_told_beside_the_set_as_it_was_written():
    """The AUC lost is given for each scorer; nothing is given if either set is missing."""
    (name, written), *_ = RESTYLED.items()
    scorers = {s: {"folds": {written: {"auc": a}}} for s, a in (("model", 0.9), ("tfidf", 0.8))}
    apart = {name: {"auc": {"model": 0.4, "tfidf": 0.5}}}
    assert _lost_on_restyled(scorers, apart) == {name: {"model": 0.5, "tfidf": 0.3}}
    assert _lost_on_restyled(scorers, {}) == {}
