"""The parts of the risk model: wording, style, features, calibration, learning, splits."""

import shutil

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.base import clone

from reportedly.corpora.splits import family_folds, publisher_folds, time_folds
from reportedly.datamodel import Annotated, Attribution, Claim, Document, Source, Span
from reportedly.evaluation.metrics import (
    calibration_slope,
    expected_calibration_error,
    summary,
)
from reportedly.reading.furniture import find_furniture
from reportedly.reading.segmentation import segment
from reportedly.risk.calibration import Calibration, curve_odds, fit_calibration, prior_shift
from reportedly.risk.classifier import band_of
from reportedly.risk.explanation import percentile
from reportedly.risk.learning.linear import Learners, contrasting, cross_corpus_agreement, learn
from reportedly.risk.learning.source_digest import PACKAGE, source_digest
from reportedly.risk.ngrams import FIGURE, NAME, headline_forms, learn_vocabulary, with_columns
from reportedly.risk.pipeline import NgramFeatures, SignalFeatures, StyleFeatures
from reportedly.risk.signal_features import documented, signal_features, signal_row
from reportedly.risk.style_features import style_features, style_row

TEXT = (
    "The bridge at Aldwick closed on Monday after an inspection, the council said. "
    '"We found four loose bolts," said Mara Dent, who led the inspection. '
    "It will open again in 12 days, according to the report."
)


def _annotated(source_class: str, support: str) -> Annotated:
    segmented = segment(Document(TEXT * 3), find_furniture)
    spans = (Span(0, 3),)
    found = tuple(Attribution(spans, spans, spans, source_class=source_class) for _ in range(4))
    source = Source("s1", "x", source_class, statements=4)
    claims = tuple(Claim(i, 0.9, True, support) for i in range(len(segmented.sentences)))
    return Annotated(segmented, found, (source,), (), claims)


def _row(annotated: Annotated) -> dict[str, float]:
    return dict(zip((f.name for f in signal_features()), signal_row(annotated), strict=True))


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_style_is_finite_on_any_text(text):
    """Whatever the text, every feature of style is a finite number."""
    assert np.isfinite(style_row(segment(Document(text, text[:40]), find_furniture))).all()


def test_style_does_not_grow_with_length():
    """A text repeated four times has the same features."""
    once, often = (style_row(segment(Document(" ".join([TEXT] * n)))) for n in (2, 8))
    apart = {f.name for f in style_features()} & {"style_paragraph_length"}
    for f, a, b in zip(style_features(), once, often, strict=True):
        if f.name not in apart:
            assert a == pytest.approx(b, rel=0.15, abs=0.5), f.name


def test_every_feature_is_documented_once():
    """Names are unique and each has a meaning, a formula and a source."""
    names = [f.name for f in documented()]
    assert len(set(names)) == len(names)
    assert all(f.meaning and f.formula and f.source for f in documented())


@pytest.mark.parametrize(("better", "worse"), [("named_person", "unnamed"), ("document", "vague")])
def test_signals_move_in_their_direction(better, worse):
    """From an identified source to a hidden one, no feature moves against its direction."""
    before, after = _row(_annotated(better, "named")), _row(_annotated(worse, "unnamed"))
    moved = 0
    for f in signal_features():
        change = (after[f.name] - before[f.name]) * f.direction
        assert change >= -1e-9, f.name
        moved += change > 1e-9
    assert moved >= 5


def test_transformers_are_scikit_learn_steps():
    """They can be cloned, name their columns, take strings or documents, and refuse a single string."""
    texts = [TEXT, TEXT.replace("bridge", "tunnel"), Document(TEXT)]
    style_step = clone(StyleFeatures()).set_output(transform="pandas")
    frame = style_step.fit(texts).transform(texts)
    assert list(frame.columns) == list(style_step.get_feature_names_out())
    assert np.allclose(frame.iloc[0], frame.iloc[2])
    wording = NgramFeatures(least_texts=1).fit(texts)
    assert wording.transform(texts).shape == (3, len(wording.get_feature_names_out()))
    signals = SignalFeatures().fit([_annotated("press", "press")])
    assert signals.transform([_annotated("press", "press")]).shape == (1, len(signal_features()))
    with pytest.raises(TypeError, match="put it in a list"):
        StyleFeatures().fit(TEXT)
    with pytest.raises(TypeError, match="detectors"):
        signals.transform([TEXT])


def test_wording_forgets_names_and_figures():
    """Swapping people, places and figures changes no column."""
    texts = ["the bridge near Aldwick was closed by Mara Dent on day 12 ."] * 9
    vocabulary = learn_vocabulary([t.split() for t in texts], least_texts=2)
    numbers, _ = vocabulary.numbers(
        [
            "the",
            "bridge",
            "near",
            "Aldwick",
            "was",
            "closed",
            "by",
            "Mara",
            "Dent",
            "on",
            "day",
            "12",
            ".",
        ]
    )
    assert np.count_nonzero(numbers == NAME) == 2
    assert np.count_nonzero(numbers == FIGURE) == 1
    other = "the bridge near Linwick was closed by Bo Ek on day 7 ."
    one, two = (vocabulary.columns(t.split()) for t in (texts[0], other))
    assert np.array_equal(one[0], two[0])
    assert float(one[1] @ one[1]) == pytest.approx(1.0)


def test_words_without_columns_are_no_columns():
    """A text of unknown words has no columns."""
    vocabulary = learn_vocabulary([["a", "b"]] * 9, least_texts=2)
    found, values = vocabulary.columns(["zz", "yy"])
    assert len(found) == len(values) == 0


def _families(slopes, offsets, articles=600, seed=0):
    """Return scores, labels and families with equally many articles of both classes, each with log odds on a line of its own."""
    rng = np.random.default_rng(seed)
    labels = np.tile(np.arange(articles) % 2, (len(slopes), 1)).astype(float)
    slope, offset = np.array(slopes)[:, None], np.array(offsets)[:, None]
    scores = (2 * labels - 1) * 2 * slope - offset / slope + rng.normal(scale=2, size=labels.shape)
    names = [f"family {n}" for n in range(len(slopes)) for _ in range(articles)]
    return scores.ravel(), labels.ravel(), names


def test_calibration_is_monotone_and_knows_its_prior():
    """A higher score never gives a lower probability; a prior of one half changes nothing; the interval contains the probability."""
    curve = fit_calibration(*_families([1.0, 0.6, 1.4], [0.5, -0.5, 0.0]))
    grid = np.linspace(-30, 30, 200)
    risks = curve.probability(grid)
    assert (np.diff(risks) >= 0).all()
    assert 0.04 < risks[0] < 0.5 < risks[-1] < 0.96
    assert prior_shift(0.5) == 0
    assert curve.probability(0.3, 0.1) < curve.probability(0.3)
    for score in grid:
        low, high = curve.interval(score, 0.2)
        assert 0 < low <= curve.probability(score, 0.2) <= high < 1


def test_the_interval_is_as_wide_as_families_differ():
    """Similar families give a narrow interval, however small; different ones a wide one, which contains most articles of a new family."""
    alike = fit_calibration(*_families([1.0] * 6, [0.0] * 6))
    offsets = [1.2, -1.0, 0.4, -0.3, 0.9, -1.2]
    apart = fit_calibration(*_families([1.0] * 6, offsets))
    widths = [np.diff(curve.interval(0.5)).item() for curve in (alike, apart)]
    assert widths[0] < 0.1
    assert widths[1] > 0.3
    assert apart.offset_spread == pytest.approx(np.var(offsets, ddof=1), rel=0.5)
    low, high = apart.interval(0.5)
    shares = 1 / (1 + np.exp(-(0.5 + np.random.default_rng(1).normal(0, 1, 4000))))
    assert 0.65 < np.mean((shares > low) & (shares < high)) < 0.95


def test_the_curve_is_flatter_for_low_scores():
    """A low score says less than a high one as far from even, and a bundle without a symmetry is logistic."""
    linear = np.linspace(-6, 2, 50)
    assert np.allclose(curve_odds(linear, 1.0), linear)
    found = 1 / (1 + np.exp(-curve_odds(linear, 0.0)))
    assert np.allclose(found, 1 - np.exp(-np.exp(linear)))
    assert (np.diff(curve_odds(linear, 0.5)) > 0).all()
    curve = fit_calibration(*_families([1.0] * 6, [0.0] * 6))
    middle = (np.log(np.log(2)) - curve.offset) / curve.slope
    below, even, above = curve.logit(middle + np.array([-1.0, 0.0, 1.0]))
    assert even == pytest.approx(0, abs=1e-9)
    assert above > 1.2 * -below > 0
    old = {"slope_": 0.5, "offset_": 0.1, "offset_spread_": 0.0, "slope_spread_": 0.0}
    assert Calibration.of(old).logit(1.0) == pytest.approx(0.6)


def test_chance_in_small_families_is_no_difference():
    """Differences between curves of a hundred articles each that are due to chance are removed."""
    spreads = [
        fit_calibration(*_families([1.0] * 6, [0.0] * 6, 100, seed)).offset_spread
        for seed in range(8)
    ]
    assert np.median(spreads) < 0.05


def test_bands_hold_beside_the_stated_share():
    """The band is "about even" near the share, "cannot tell" if the interval contains it, low or high if it lies to one side."""
    assert band_of(0.52, (0.3, 0.7)) == "about even"
    assert band_of(0.62, (0.45, 0.8)) == "cannot tell"
    assert band_of(0.62, (0.55, 0.7)) == "high"
    assert band_of(0.3, (0.2, 0.45)) == "low"
    assert band_of(0.3, (0.2, 0.45), prior=0.1) == "high"
    assert band_of(0.1, (0.02, 0.3), prior=0.1) == "about even"


def test_learning_keeps_signs():
    """A feature whose data contradict its sign gets no weight."""
    rng = np.random.default_rng(0)
    vocabulary = learn_vocabulary([["a", "b", "c"], ["a", "c"]] * 20, least_texts=2)
    texts = [["a", "b"] if i % 3 else ["a", "c"] for i in range(60)]
    marked = [np.array([False, i % 2 == 0]) for i in range(60)]
    words = vocabulary.matrix_with_unverified(zip(texts, marked, strict=True))
    wide = len(vocabulary.keys)
    assert words.shape[1] == 2 * wide
    assert 0 < words[:, wide:].nnz < words[:, :wide].nnz
    labels = (np.arange(60) % 2).astype(float)
    dense = np.stack([-labels, labels], axis=1) + rng.normal(scale=0.3, size=(60, 2))
    headlines = vocabulary.matrix([["b"] if label else [] for label in labels])
    columns = sparse.hstack([words, headlines, headlines, dense], format="csr")
    pairs = np.full(60, -1)
    pairs[[0, 1]] = 7
    settings = Learners(
        wide,
        wide,
        wide,
        np.array([1, 1]),
        (5, 6, 5, 1, 9, 0.02),
        (1, 1, 0.5, 0.4, 0.5, 0.4),
        0.25,
        0,
    )
    coef, intercept = learn(columns, labels, np.ones(60), ["x", "y"] * 30, pairs, settings)
    assert coef[-2] == pytest.approx(0.0, abs=1e-9)
    assert coef[-1] > 0
    for part in coef[2 * wide : 3 * wide], coef[3 * wide : 4 * wide]:
        assert part[vocabulary.columns(["b"])[0]] > 0
    assert np.array_equal(coef[wide : 2 * wide], 0.25 * np.maximum(-coef[:wide], 0))
    assert abs((columns @ coef + intercept).mean()) < 0.2


def test_a_corpus_of_one_class_teaches_no_words():
    """A word that only a corpus without unreliable articles has gets no weight; where every corpus has one class, all teach."""
    labels = np.array([0.0, 1.0] * 20 + [0.0] * 20)
    corpora = ["both"] * 40 + ["reliable alone"] * 20
    assert contrasting(labels, corpora).tolist() == list(range(40))
    assert len(contrasting(labels, ["a" if label else "b" for label in labels])) == 60
    texts = [["a", "b"] if label else ["a", "c"] for label in labels[:40]] + [["a", "d"]] * 20
    vocabulary = learn_vocabulary(texts, least_texts=2)
    words = vocabulary.matrix_with_unverified((t, np.zeros(2, np.bool_)) for t in texts)
    wide = len(vocabulary.keys)
    settings = Learners(
        wide, 0, 0, np.zeros(0, np.int64), (5, 6, 5, 1, 9, 0.02), (1, 1, 0, 0, 0, 0), 0.25, 0
    )
    coef, _ = learn(words, labels, np.ones(60), corpora, np.full(60, -1), settings)
    b, c, d = (coef[vocabulary.columns([word])[0]].item() for word in "bcd")
    assert b > 0.1
    assert c < -0.1
    assert d == pytest.approx(0, abs=1e-6)


def test_agreement_is_among_corpora():
    """A column that separates the classes in only one corpus, or the opposite way in another, agrees less."""
    texts = [
        ["x", *("ab" if i % 2 else "c"), *("d" if (i % 2) == (i < 80) else "")] for i in range(160)
    ]
    vocabulary = learn_vocabulary(texts, least_texts=2)
    labels, corpora = (np.arange(160) % 2).astype(float), ["one"] * 80 + ["two"] * 80
    found = cross_corpus_agreement(vocabulary.matrix(texts), labels, corpora)
    a, c, d = (found[vocabulary.columns([word])[0]].item() for word in "acd")
    assert a > 5 > abs(d)
    assert c == pytest.approx(-a)
    assert not cross_corpus_agreement(
        vocabulary.matrix(texts[:30]), labels[:30], corpora[:30]
    ).any()


def test_words_of_unverified_claims_are_told():
    """A column is unverified if it occurs only in unverified claims; for a pair its second word decides."""
    vocabulary = learn_vocabulary([["a", "b", "c"]] * 9, least_texts=2)
    marked = np.array([False, False, True, True, False])
    numbers, where = vocabulary.numbers(["a", "b", "c", "a", "b"])
    columns, values, alone = vocabulary.lookup(numbers, marked[where])
    letters = {w: vocabulary.columns([w])[0].item() for w in "abc"}
    by_column = dict(zip(columns.tolist(), alone.tolist(), strict=True))
    assert [by_column[letters[w]] for w in "abc"] == [False, False, True]
    assert values @ values == pytest.approx(1.0)
    assert not vocabulary.lookup(numbers[:2], np.zeros(2, np.bool_))[2].any()


def test_the_fit_states_what_it_is_fitted_on():
    """The mean probability is the share of the unreliable class, even if families differ."""
    scores, labels, names = _families([1.0, 0.5, 1.5], [0.6, -0.6, 0.0], 2000)
    curve = fit_calibration(scores, labels, names)
    weights = np.where(labels == 1, 0.5 / labels.sum(), 0.5 / (1 - labels).sum())
    assert weights @ (curve.probability(scores) - labels) == pytest.approx(0, abs=0.02)


def test_headlines_have_columns_of_their_own():
    """Names in a headline are recognised by the texts' words; an outlet after a bar is left out."""
    texts = [["the", "bridge", "opened", "Aldwick"]] * 9
    words = learn_vocabulary(texts, least_texts=2)
    titled = with_columns(words, [_headline("Bridge Opened in Aldwick | The Paper")] * 3, 2)
    numbers, _ = titled.numbers(_headline("Bridge Opened Twice"))
    assert list(numbers)[:2] == list(words.numbers(["bridge", "opened"])[0])
    assert len(titled.columns(_headline("Bridge Opened Twice"))[0]) >= 3
    assert _headline("Bridge Opened Twice | The Paper") == ["Bridge", "Opened", "Twice"]
    assert _headline("A | B") == []


def _headline(title: str) -> list[str]:
    return headline_forms(segment(Document("The bridge is open.", title=title)))


def _frame() -> pd.DataFrame:
    rows = 24
    return pd.DataFrame(
        {
            "id": [str(i) for i in range(rows)],
            "corpus": ["a"] * 8 + ["b"] * 8 + ["c"] * 8,
            "label": [0.0, 1.0] * 12,
            "family": ["F"] * 8 + ["F|G"] * 8 + ["H"] * 8,
            "group": [0, *range(1, 16), 0, *range(17, 24)],
            "role": ["evaluate"] * rows,
            "source": [f"s{i % 6}" for i in range(rows)],
            "date": [f"2020-01-{i + 1:02d}" for i in range(rows)],
        }
    )


def test_no_family_and_no_near_duplicate_is_on_both_sides():
    """Leaving a family out also leaves out related rows and their near duplicates in other families."""
    frame = _frame()
    folds = {f.name: f for f in family_folds(frame, np.arange(24))}
    assert set(folds) == {"a", "b", "c"}
    assert set(folds["a"].train.tolist()) == set(range(17, 24))
    for fold in folds.values():
        assert not set(frame["group"].iloc[fold.train]) & set(frame["group"].iloc[fold.test])


def test_publishers_and_days_are_kept_apart():
    """No publisher is on both sides of a fold, and training uses nothing later than the test day."""
    frame = _frame()
    for fold in publisher_folds(frame, np.arange(24), 3, 0):
        assert not set(frame["source"].iloc[fold.train]) & set(frame["source"].iloc[fold.test])
    for fold in time_folds(frame, np.arange(24)):
        assert frame["date"].iloc[fold.train].max() < frame["date"].iloc[fold.test].min()


def test_calibration_error_of_the_truth_is_none():
    """Probabilities equal to the labels have no error; reversed ones have the greatest."""
    labels = np.array([0.0, 1.0, 1.0])
    assert expected_calibration_error(labels, labels) == 0
    assert expected_calibration_error(labels, 1 - labels) == 1


def test_summary_measures_every_fold():
    """Each fold has its figures, and the means are over folds."""
    rng = np.random.default_rng(0)
    labels = np.tile([0.0, 1.0], 60)
    held = pd.DataFrame({"fold": ["a"] * 60 + ["b"] * 60, "family": ["A"] * 60 + ["B"] * 60, "label": labels, "score": labels + rng.normal(size=120)})  # fmt: skip
    figures = summary(held)
    assert set(figures["folds"]) == {"a", "b"}
    assert 0.5 < figures["mean"]["auc"] < 1
    assert set(figures["families"]) == {"A", "B"}
    assert 0.5 < figures["mean"]["slope"] < 2
    assert 0 < figures["mean"]["family_ece_by_chance"] < 0.2


def test_a_slope_tells_the_timid_from_the_bold():
    """Underconfident log odds, half of what they should be, have a calibration slope of two; overconfident ones, twice that, one half."""
    rng = np.random.default_rng(0)
    odds = rng.normal(size=4000)
    labels = (rng.random(4000) < 1 / (1 + np.exp(-odds))).astype(float)
    for stretch in (0.5, 1.0, 2.0):
        stated = 1 / (1 + np.exp(-odds / stretch))
        assert calibration_slope(labels, stated) == pytest.approx(stretch, rel=0.15)


def test_percentiles_are_between_0_and_100():
    """The lowest value is at 0, the highest at 100, a tie in the middle."""
    grid = np.arange(101.0)
    assert percentile(-1, grid) == 0
    assert percentile(200, grid) == 100
    assert percentile(50, grid) == 50
    assert percentile(0, np.zeros(101)) == 50


def test_cached_features_depend_on_the_code(tmp_path):
    """The digest that keys cached features changes with the code that computes them, and with nothing else."""
    package = tmp_path / "reportedly"
    kept = shutil.ignore_patterns("pretrained", "__pycache__")
    shutil.copytree(PACKAGE, package, ignore=kept)
    before = source_digest(package)
    assert before == source_digest()
    behind = (
        "reading/segmentation.py",
        "annotation/pipeline.py",
        "risk/style_features.py",
        "signals/hedging.py",
        "lexicons/hedges.toml",
    )
    for name in (
        *behind,
        "report/html.py",
        "cli/score.py",
        "assessment/assessor.py",
        "training/runs.py",
    ):
        path = package / name
        text = path.read_text("utf-8")
        path.write_text(text + "\n# changed\n", "utf-8")
        assert (source_digest(package) != before) == (name in behind), name
        path.write_text(text, "utf-8")
