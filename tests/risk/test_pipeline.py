"""The model as a scikit-learn pipeline: the same probabilities as the bundle, and files that run no code."""

from __future__ import annotations

import io
import json
import os
import pickle
import subprocess
import sys
import zipfile
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy import sparse
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

from reportedly import Assessor
from reportedly.assessment.scoring import BundleScorer
from reportedly.assessment.tables import assess_table
from reportedly.bundle import export, store
from reportedly.cli import cli
from reportedly.datamodel import Document
from reportedly.errors import InvalidBundle, InvalidRequest
from reportedly.risk.estimators import CrossCorpusClassifier, FamilyCalibrated
from reportedly.risk.learning.extraction import extract
from reportedly.risk.pipeline import (
    Annotator,
    HeadlineFeatures,
    NgramFeatures,
    OpeningFeatures,
    SignalFeatures,
    StyleFeatures,
    risk_pipeline,
)
from reportedly.risk.records import record_of
from reportedly.risk.signal_features import documented
from tests.golden.test_golden import articles as golden_articles
from tests.torture import evasion

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Return the example articles, and two very short ones."""
    examples = sorted((ROOT / "data" / "examples").glob("*.txt"))
    return [*(p.read_text(encoding="utf-8") for p in examples), "Rain.", "The tide rose, he said."]


@pytest.fixture(scope="module")
def made() -> FamilyCalibrated:
    """Return the shipped bundle as the pipeline that training fitted."""
    return Assessor(reader="student").pipeline


@pytest.fixture(scope="module")
def labelled() -> tuple[list[str], np.ndarray]:
    """Return forty articles of the project's own corpus with their labels as words."""
    lines = (ROOT / "data" / "corpus" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    articles = [json.loads(line) for line in lines[:40]]
    labels = np.array(["shaky" if a["risk"] else "firm" for a in articles])
    return [a["text"] for a in articles], labels


@pytest.fixture(scope="module")
def exported(tmp_path_factory) -> Path:
    """Return the shipped bundle as a skops file."""
    pytest.importorskip("skops", reason="needs the extra export")
    return export.export_bundle(store.shipped(), tmp_path_factory.mktemp("export") / "model.skops")


@pytest.mark.parametrize(("prior", "reader"), [(0.5, "encoder"), (0.1, "student")])
def test_the_probabilities_are_those_of_assess(texts, prior, reader):
    """The risk is the probability of the second class to within 1e-9, for one article, many, and the golden ones."""
    assessor = Assessor(prior=prior, reader=reader)
    documents = [Document(text, title) for _, text, title in golden_articles()]
    articles = [*texts, *documents]
    found = assessor.pipeline.predict_proba(articles)
    assert found.shape == (len(articles), 2)
    assert np.allclose(found.sum(axis=1), 1)
    risks = [a.risk for a in assessor.assess_many(articles)]
    stated = [n for n, risk in enumerate(risks) if risk.probability is not None]
    assert len(stated) > 10
    for n in stated:
        assert risks[n].probability == pytest.approx(found[n, 1], abs=1e-9)
        assert risks[n].score == round(100 * risks[n].probability, 1)
    one = assessor.pipeline.predict_proba(articles[-1:])
    assert one[0, 1] == pytest.approx(found[-1, 1], abs=1e-12)
    low, high = assessor.pipeline.predict_interval(articles)[stated].T
    assert ((low <= found[stated, 1]) & (found[stated, 1] <= high)).all()
    assert [round(100 * v, 1) for v in low] == [risks[n].interval[0] for n in stated]


def test_contributions_add_up_to_the_score(made, texts):
    """Each feature's term is its value times its weight, and their sum is the score."""
    pipeline = made.estimator_
    features, classifier = pipeline[:-1].transform(texts), pipeline[-1]
    sums = np.asarray(features.multiply(classifier.coef_).sum(axis=1)).ravel()
    assert np.allclose(sums + classifier.intercept_, pipeline.decision_function(texts))
    assert len(pipeline["features"].get_feature_names_out()) == classifier.n_features_in_


def test_what_skops_saves_is_loaded_to_the_last_bit(exported, made, texts):
    """A round trip changes no probability."""
    loaded = export.load_exported(exported)
    assert np.array_equal(loaded.predict_proba(texts), made.predict_proba(texts))


def test_what_joblib_saves_is_loaded_to_the_last_bit(made, texts, tmp_path):
    """The same holds for joblib files, which are written only on request."""
    joblib = pytest.importorskip("joblib")
    loaded = joblib.load(export.export_bundle(store.shipped(), tmp_path / "model.joblib"))
    assert np.array_equal(loaded.predict_proba(texts), made.predict_proba(texts))


def test_rows_are_judged_alone_and_in_any_container(made, texts):
    """Order, other rows and the container change nothing; Arrow strings are texts too."""
    whole = made.predict_proba(texts)
    assert np.array_equal(made.predict_proba(texts[::-1]), whole[::-1])
    assert np.array_equal(made.predict_proba(texts[:1]), whole[:1])
    arrow = pd.Series(texts, dtype="string[pyarrow]")
    assert np.array_equal(made.predict_proba(arrow), whole)
    assert made.predict(texts).tolist() == (whole[:, 1] > 0.5).astype(int).tolist()
    assert made.predict_proba([]).shape == (0, 2)


def test_a_clone_has_the_detectors_and_learns_the_risk_anew(made, labelled):
    """clone, fit, set_params and cross_val_score work as for any estimator; labels may be words."""
    found, labels = made.estimator_[0].transform(labelled[0]), labelled[1]
    untaught = clone(made)
    assert not hasattr(untaught, "estimator_")
    assert untaught.estimator["annotate"].detectors is made.estimator_["annotate"].detectors
    taught = untaught.set_params(cv=2, estimator__features__words__least_texts=4).fit(found, labels)
    assert taught.classes_.tolist() == ["firm", "shaky"]
    assert set(taught.predict(found)) <= set(labels)
    assert len(taught.heldout_) == len(found)
    copy = pickle.loads(pickle.dumps(taught))
    assert np.array_equal(copy.predict_proba(found), taught.predict_proba(found))
    scores = cross_val_score(clone(taught), found, labels, cv=2, scoring="roc_auc")
    assert ((scores >= 0) & (scores <= 1)).all()


def test_parts_of_the_features_can_be_left_out(made, labelled):
    """With steps dropped, the pipeline uses only the evidence or only the wording."""
    found, labels = made.estimator_[0].transform(labelled[0]), labelled[1] == "shaky"
    whole = risk_pipeline().estimator.fit(found, labels)
    evidence = clone(whole).set_params(
        features__words="drop",
        features__headline="drop",
        features__opening="drop",
        classifier__headline=0,
        classifier__opening=0,
    )
    wording = clone(whole).set_params(
        features__signals="drop", features__style="drop", classifier__directions=()
    )
    assert evidence.fit(found, labels)[-1].coef_.shape == (1, len(documented()))
    wide = wording.fit(found, labels)[-1].coef_.shape[1]
    assert wide + len(documented()) == whole[-1].coef_.shape[1]
    with pytest.raises(
        ValueError, match="headline=, opening= and directions= must say what X holds"
    ):
        clone(whole).set_params(features__headline="drop", features__words="drop").fit(
            found, labels
        )


@pytest.mark.parametrize("labels", [[1, 1, 1, 1], [0, 1, 2, 2]])
def test_labels_that_teach_nothing_are_refused(labels):
    """Two classes are needed."""
    with pytest.raises(ValueError, match=r"got [13] class"):
        risk_pipeline().fit(["Rain fell. It may rain again, a clerk said."] * 4, labels)


def test_its_articles_feed_the_other_steps(made, texts):
    """The feature steps accept the first step's output without annotating it again."""
    first = made.estimator_["annotate"]
    found = first.transform(texts)
    frame = SignalFeatures().set_output(transform="pandas").fit_transform(found)
    assert frame.shape[0] == len(texts)
    assert first.get_feature_names_out().tolist() == ["article"]
    records = [record_of(article) for article in found]
    assert np.array_equal(made.predict_proba(records), made.predict_proba(texts))


STEPS = [
    pytest.param(step, id=type(step).__name__)
    for step in (
        StyleFeatures(),
        SignalFeatures(),
        NgramFeatures(1),
        HeadlineFeatures(1, 64),
        OpeningFeatures(1, 64),
    )
]


@pytest.mark.parametrize("step", STEPS)
def test_a_text_step_behaves_as_scikit_learn_asks(step, made, texts):
    """Parameters, clones, pickles, columns, empty input, single rows and batches work for each step, fitted or not."""
    articles = made.estimator_[0].transform(texts)
    params = step.get_params()
    assert clone(step).get_params() == params
    assert step.set_params(**params) is step
    with pytest.raises(NotFittedError):
        clone(step).transform(articles)
    fresh = clone(step)
    before = dict(vars(fresh))
    assert fresh.fit(articles) is fresh
    assert {k: v for k, v in vars(fresh).items() if k in before} == before
    found = dense(fresh.transform(articles))
    assert np.array_equal(dense(clone(step).fit_transform(articles)), found)
    assert found.shape == (len(articles), len(fresh.get_feature_names_out()))
    assert len(set(fresh.get_feature_names_out())) == found.shape[1]
    assert np.isfinite(found).all()
    assert np.array_equal(dense(fresh.transform(articles[::-1])), found[::-1])
    assert np.array_equal(dense(fresh.transform(articles[:1])), found[:1])
    assert dense(fresh.transform([])).shape == (0, found.shape[1])
    copy = pickle.loads(pickle.dumps(fresh))
    assert np.array_equal(dense(copy.transform(articles)), found)
    assert "\n" not in repr(fresh)
    for wrong, message in WRONG:
        for call in (clone(step).fit, fresh.transform):
            with pytest.raises(TypeError, match=message) as caught:
                call(wrong)
            assert "\n" not in str(caught.value)


WRONG = [
    ("The tide rose.", "put it in a list"),
    (
        pd.DataFrame({"text": ["The tide rose."]}),
        "a DataFrame of rows and columns.*column of texts",
    ),
    (np.zeros((2, 2)), "an ndarray of rows and columns|a ndarray of rows and columns"),
    (None, "got None, expected a sequence of texts"),
    (3, "got int '3', expected a sequence of texts"),
    ([1.5, 2.5], "got float '1.5' at place 0"),
    (["The tide rose.", None], "got None at place 1"),
    (pd.Series(["The tide rose.", float("nan")]), "got float 'nan' at place 1"),
    ({"text": "The tide rose."}, "got dict"),
    (b"The tide rose.", "got bytes"),
]


def dense(found: object) -> np.ndarray:
    """Return a step's output as an array."""
    return found.toarray() if sparse.issparse(found) else found


def test_every_object_shows_itself_in_one_line(made):
    """Each step and the whole pipeline have a one-line ``repr``."""
    assert repr(made) == "FamilyCalibrated(estimator=Pipeline(annotate, features, classifier))"
    for step in (made.estimator_["annotate"], made.estimator_["classifier"]):
        assert len(repr(step)) < 120
        assert "\n" not in repr(step)


def test_a_lone_text_is_refused(made):
    """A string is a sequence of letters, not of articles."""
    with pytest.raises(TypeError, match="put it in a list"):
        made.predict_proba("The tide rose.")


class Trap:
    """An object that creates a file when it is built."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self):
        return (os.mkdir, (str(self.trace),))


def hostile(kind: str, trace: Path) -> object:
    """Return an object of a type that an export never has."""
    act = partial(os.mkdir, str(trace))
    if kind == "reduced":
        return Pipeline([("annotate", Trap(trace)), ("risk", CrossCorpusClassifier())])
    if kind == "function":
        return Pipeline(
            [("annotate", FunctionTransformer(os.mkdir)), ("risk", CrossCorpusClassifier())]
        )
    if kind == "partial":
        return Pipeline([("annotate", FunctionTransformer(act)), ("risk", CrossCorpusClassifier())])
    if kind == "attribute":
        step = CrossCorpusClassifier()
        step.more = act
        return Pipeline([("annotate", Annotator()), ("risk", step)])
    return np.array([act], dtype=object)


@pytest.mark.parametrize("kind", ["reduced", "function", "partial", "attribute", "array"])
def test_a_type_that_is_not_ours_is_refused_and_runs_nothing(tmp_path, kind):
    """The audit names the type, and its code does not run."""
    skops = pytest.importorskip("skops.io", reason="needs the extra export")
    trace = tmp_path / "trace"
    path = tmp_path / "evil.skops"
    path.write_bytes(skops.dumps(hostile(kind, trace)))
    with pytest.raises(InvalidBundle, match=r"holds types that are not allowed .*(mkdir|Trap)"):
        export.load_exported(path)
    assert not trace.exists()


def test_trusted_types_that_are_no_export_are_refused(tmp_path):
    """A pipeline of scikit-learn's own steps is safe, but not an export of this package."""
    skops = pytest.importorskip("skops.io", reason="needs the extra export")
    for number, other in enumerate((Pipeline([("a", LogisticRegression())]), [1, 2], Annotator())):
        path = tmp_path / f"{number}.skops"
        path.write_bytes(skops.dumps(other))
        with pytest.raises(InvalidBundle, match="not a pipeline"):
            export.load_exported(path)


def test_damaged_and_foreign_files_are_refused(exported, tmp_path, monkeypatch):
    """For any bytes the error is one line."""
    trace, data = tmp_path / "trace", exported.read_bytes()
    bare, archive = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(archive, "w") as members:
        members.writestr("schema.json", "[" * 100_000)
    with zipfile.ZipFile(bare, "w") as members:
        members.writestr("schema.json", "{}")
    bad = {
        "empty": b"",
        "half": data[: len(data) // 2],
        "pickle": pickle.dumps(Trap(trace)),
        "deep": archive.getvalue(),
        "bare": bare.getvalue(),
    }
    for name, content in bad.items():
        path = tmp_path / f"{name}.skops"
        path.write_bytes(content)
        with pytest.raises(InvalidBundle, match="not a readable export") as caught:
            export.load_exported(path)
        assert "\n" not in str(caught.value), name
    assert not trace.exists()
    with pytest.raises(InvalidBundle, match="no such file"):
        export.load_exported(tmp_path)
    monkeypatch.setattr(export, "MOST_BYTES", 1000)
    with pytest.raises(InvalidBundle, match="larger than"):
        export.load_exported(exported)


def test_an_archive_that_unpacks_to_too_much_is_not_unpacked(tmp_path, monkeypatch):
    """The sizes that an archive declares are checked first."""
    pytest.importorskip("skops", reason="needs the extra export")
    path = tmp_path / "bomb.skops"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as members:
        members.writestr("schema.json", " " * 1_000_000)
    monkeypatch.setattr(export, "MOST_BYTES", 400_000)
    with pytest.raises(InvalidBundle, match="unpacks to"):
        export.load_exported(path)


def test_export_says_what_it_cannot_write(tmp_path):
    """An unknown suffix and a missing folder are named."""
    with pytest.raises(InvalidRequest, match=r"\.skops or \.joblib"):
        export.export_bundle(store.shipped(), tmp_path / "model.pkl")
    with pytest.raises(InvalidRequest, match="cannot be written"):
        export.export_bundle(store.shipped(), tmp_path / "nowhere" / "model.joblib")


def test_without_skops_one_line_says_how_to_get_it(tmp_path, monkeypatch):
    """The extra is named, and nothing is written."""
    monkeypatch.setitem(sys.modules, "skops.io", None)
    with pytest.raises(InvalidRequest, match=r"reportedly\[export\]"):
        export.export_bundle(store.shipped(), tmp_path / "model.skops")
    assert list(tmp_path.iterdir()) == []


def test_the_command_exports_and_still_shows_the_card(tmp_path):
    """`model` alone prints the card; exporting to joblib prints a warning."""
    run = partial(CliRunner().invoke, cli, standalone_mode=False)
    assert run(["model"]).output.startswith("# Model card")
    assert json.loads(run(["model", "--format", "json"]).output)["schema"] == store.BUNDLE_SCHEMA
    folder = str(store.shipped_folder())
    for before, after in ((["--bundle", folder], []), ([], ["--bundle", folder])):
        done = run(["model", *before, "export", *after, str(tmp_path / "model.joblib")])
        assert done.exception is None
        assert "runs whatever code it holds" in done.stderr
        assert "written to" in done.stdout


def test_scoring_waits_for_no_library_of_learning():
    """Scoring an article imports neither scikit-learn nor skops."""
    code = (
        "import sys, reportedly; reportedly.assess('The tide rose, he said.');"
        "print(sorted({'sklearn', 'skops', 'pandas', 'scipy'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"


DISGUISES = [(name, evasion.TRICKS[name]) for name in evasion.SEEN_THROUGH]
DISGUISES += [("capitals", str.upper), ("entities", lambda text: text.replace("the", "the&nbsp;"))]


@pytest.mark.parametrize(("name", "disguise"), DISGUISES, ids=[name for name, _ in DISGUISES])
def test_everybody_scores_the_text_as_it_looks(made, disguise, name, tmp_path):
    """The risk of a disguised text is the same by `assess`, pipeline, steps, batch and training."""
    plain = (ROOT / "data" / "examples" / "harbour-pumps.txt").read_text(encoding="utf-8")
    text, shipped = disguise(plain), store.shipped()
    assert text != plain, name
    risk = Assessor(reader="student").assess(text).risk.score
    assert round(100 * made.predict_proba([text])[0, 1], 1) == risk
    assert Assessor(reader="student").assess(text).risk.probability == pytest.approx(
        made.predict_proba([text])[0, 1], abs=1e-9
    )
    table = tmp_path / "rows.jsonl"
    table.write_text(json.dumps({"id": "1", "text": text}) + "\n", encoding="utf-8")
    output = tmp_path / "out.jsonl"
    assess_table(table, output, scorer=BundleScorer(with_features=True), jobs=1)
    row = json.loads(output.read_text(encoding="utf-8"))
    assert row["risk"] == risk
    written = [row[f"feature_{feature.name}"] for feature in documented()]
    frame = pd.DataFrame({"title": [""], "text": [text], "label": [0.0]})
    assert np.array_equal(extract(frame, shipped.detectors).dense[0], written)
    style, signals = StyleFeatures().fit([text]), SignalFeatures(shipped.detectors).fit([text])
    for step in (style, signals):
        known = dict(zip(step.get_feature_names_out(), step.transform([text])[0], strict=True))
        shared = {k: v for k, v in known.items() if f"feature_{k}" in row}
        assert shared, step
        assert shared == {k: row[f"feature_{k}"] for k in shared}


@pytest.mark.parametrize("name", evasion.SEEN_THROUGH)
def test_a_disguise_changes_no_feature(made, name):
    """If a disguise is undone completely, features and probability are those of the plain text."""
    plain = (ROOT / "data" / "examples" / "harbour-pumps.txt").read_text(encoding="utf-8")
    both = [plain, evasion.TRICKS[name](plain)]
    probabilities = made.predict_proba(both)
    assert np.array_equal(probabilities[0], probabilities[1])
    style, wording = StyleFeatures().fit(both), NgramFeatures(least_texts=1).fit([plain])
    for found in (style.transform(both), wording.transform(both).toarray()):
        assert np.array_equal(found[0], found[1])
