"""Figures of held-out risks: shares by band, coverage of intervals, the cost of restyling."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reportedly.evaluation.metrics import band_figures, crossed_curves, interval_coverage
from reportedly.evaluation.risk import RESTYLED, SCORERS, _lost_on_restyled, risk_lines


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


def test_a_report_has_a_column_for_each_scorer_and_only_the_lines_that_it_measured():
    """Figures stand below the names of their scorers; bands and the like are lines where the report has them."""
    scorers = {s: _scorer(number / 100) for number, s in enumerate(SCORERS, 10)}
    report = {
        "protocol": "leave-family-out", "articles": 12, "scorers": scorers, "gain": 0.02,
        "leakage": {}, "subgroups": {"short": {"above_median": 0.5, "articles": 4}},
    }  # fmt: skip
    lines = risk_lines(report).splitlines()
    table = lines[2:8]
    ends = {table[0].index(name) + len(name): scorers[name] for name in SCORERS}
    for row, measure in zip(table[3:], ("average_precision", "brier", "ece"), strict=True):
        for end, figures in ends.items():
            assert row[:end].endswith(f" {figures['mean'][measure]:.3f}")
    assert "gain over TF-IDF: +0.020 AUC" in lines
    assert lines[-1] == "  short: 50% of 4"
    more = {"interval_coverage": 0.8, "restyled": {"plain": {"model": 0.1}}}
    added = [line for line in risk_lines(report | more).splitlines() if line not in lines]
    assert added == [
        "intervals that hold what was observed: 80%",
        "AUC lost on restyled text (plain): model 0.100",
    ]


def _scorer(figure):
    measures = ("auc", "average_precision", "brier", "ece", "family_ece", "family_ece_by_chance", "slope")  # fmt: skip
    return {
        "folds": {"a set": {"auc": figure, "auc_interval": (0.1, 0.9), "ece": figure}},
        "mean": {name: figure + number / 1000 for number, name in enumerate(measures)},
        "families": {"a set": {"ece": figure, "by_chance": figure, "slope": figure}},
    }
