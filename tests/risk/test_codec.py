"""What a bundle stores of the risk: plain arrays of a few known classes, restored when read."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from reportedly.bundle import store
from reportedly.risk import codec
from reportedly.risk.abstention import Limits
from reportedly.risk.calibration import Calibration
from reportedly.risk.classifier import RiskModel
from reportedly.risk.estimators import CrossCorpusClassifier, FamilyCalibrated, HeldScaler


@pytest.fixture(scope="module")
def fitted() -> FamilyCalibrated:
    """Return a small calibrated pipeline."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 3)), np.tile([0, 1], 30)  # noqa: N806
    return FamilyCalibrated(make_pipeline(HeldScaler(), CrossCorpusClassifier())).fit(X, y)


def test_an_estimator_comes_back_as_it_was(fitted):
    """Class, parameters and fitted attributes are restored from plain arrays, whose names say where they belong."""
    before = codec.stored(fitted)
    arrays = codec.to_arrays({"risk": before, "limits": codec.stored(Limits())})
    assert all(array.dtype != object for array in arrays.values())
    assert "risk.estimator_.crosscorpusclassifier.coef_" in arrays
    again = codec.from_arrays(store.unpack(store.pack(arrays), "risk.npz"))
    assert set(again) == {"risk", "limits"}
    inner = again["risk"].fitted["estimator_"].step("crosscorpusclassifier")
    assert inner.kind == "CrossCorpusClassifier"
    assert inner.params == fitted.estimator_[-1].get_params()
    assert np.array_equal(inner.fitted["coef_"], fitted.estimator_[-1].coef_)
    assert Calibration.of(again["risk"].fitted) == Calibration.of(vars(fitted))
    assert Calibration.of(vars(fitted)).symmetry == 0
    assert again["risk"].params["estimator"].step("heldscaler").fitted == {}


def test_other_classes_are_neither_written_nor_read(fitted):
    """Only listed classes and their listed attributes are allowed."""
    with pytest.raises(TypeError, match="LogisticRegression, which a bundle cannot store"):
        codec.stored(make_pipeline(LogisticRegression()))
    arrays = codec.to_arrays({"risk": codec.stored(fitted)})
    for old, new in (("HeldScaler", "Popen"), ("mean_", "__class__")):
        tree = json.loads(arrays["tree"].tobytes())
        text = json.dumps(tree).replace(f'"{old}"', f'"{new}"')
        changed = arrays | {"tree": np.frombuffer(text.encode(), np.uint8)}
        with pytest.raises(ValueError, match="no bundle stores"):
            codec.from_arrays(changed)


def test_the_shipped_model_is_stored_whole():
    """The shipped model survives a round trip through arrays; a model with fewer weights than columns is refused."""
    model = store.shipped().risk
    again = RiskModel.from_arrays(model.to_arrays())
    assert np.allclose(again.word_weights, model.word_weights)
    assert again.calibration.slope == model.calibration.slope
    assert again.limits.distance == model.limits.distance
    arrays = model.to_arrays()
    name = next(key for key in arrays if key.endswith("coef_"))
    with pytest.raises(ValueError, match="fewer than the model has columns"):
        RiskModel.from_arrays(arrays | {name: arrays[name][:, :100]})
