"""Risk models stored before they were pipelines: their arrays as the parts of a pipeline that gives the same answers."""

from __future__ import annotations

import json

import numpy as np

from reportedly.datamodel.arrays import Arrays, Floats
from reportedly.risk.codec import Stored
from reportedly.risk.ngrams import HEADLINE_COLUMNS
from reportedly.risk.signal_features import documented, signal_features


def is_first_form(arrays: Arrays) -> bool:
    """Tell whether `arrays` are of a model that was stored before it was a pipeline."""
    return "curve" in arrays


def of_first_form(arrays: Arrays) -> dict[str, Stored]:
    """Return what such `arrays` hold as stored parts."""
    about = json.loads(arrays["about"].tobytes().decode())
    intercept, slope, offset, floor = map(float, arrays["curve"])
    slopes, offsets = arrays["family_curves"]
    learnt = {
        "classes_": np.array([0, 1]), "slope_": slope, "offset_": offset, "family_slopes_": slopes,
        "family_offsets_": offsets, "floor_": floor,
    }  # fmt: skip
    limits = about["limits"] | {"satire_weights": _wide(arrays["satire_weights"])}
    reference = {
        "percentiles": _wide(arrays["reference"]),
        "lengths": arrays["reference_lengths"],
    }
    classifier = _classifier(arrays, about, intercept)
    steps = [
        ("annotate", Stored("Annotator", {}, {"fitted_": True})),
        ("features", Stored("FeatureUnion", {"transformer_list": _features(arrays, about)}, {})),
        ("classifier", classifier),
    ]
    pipeline = Stored("Pipeline", {"steps": steps}, {})
    untaught = _untaught(pipeline)
    whole = Stored("FamilyCalibrated", {"estimator": untaught}, learnt | {"estimator_": pipeline})
    return {
        "pipeline": whole,
        "limits": Stored("Limits", limits, {}),
        "reference": Stored("Reference", reference, {}),
    }


def _features(arrays: Arrays, about: dict[str, list[str]]) -> list[tuple[str, Stored]]:
    """Return the steps that give features."""
    means, scales, _ = arrays["dense"]
    count = len(signal_features())
    found = [
        (name, Stored(kind, {}, {"words_": arrays["words"], "keys_": arrays[f"{part}keys"], "idf_": _wide(arrays[f"{part}rarity"])}))
        for name, kind, part in (("words", "NgramFeatures", ""), ("headline", "HeadlineFeatures", "headline_"))
    ]  # fmt: skip
    for name, kind, mine in (
        ("signals", "SignalFeatures", slice(count)),
        ("style", "StyleFeatures", slice(count, None)),
    ):
        learnt = {"mean_": means[mine], "scale_": scales[mine], "n_features_in_": len(means[mine])}
        named = {"features_": np.array(about["features"][mine])}
        steps = [("measure", Stored(kind, {}, named)), ("scale", Stored("HeldScaler", {}, learnt))]
        found.append((name, Stored("Pipeline", {"steps": steps}, {})))
    return found


def _classifier(arrays: Arrays, about: dict[str, float], intercept: float) -> Stored:
    """Return the linear classifier."""
    words, above = _wide(arrays["word_weights"]), _wide(arrays["headline_weights"])
    softer = float(about.get("unverified_share", 0.0)) * np.maximum(-words, 0)
    titles = np.pad(above, (0, HEADLINE_COLUMNS - len(above)))
    coef = np.concatenate([words, softer, titles, arrays["dense"][2]])
    learnt = {"classes_": np.array([0, 1]), "coef_": coef[None], "intercept_": np.array([intercept]), "n_features_in_": len(coef)}  # fmt: skip
    params = {"headline": HEADLINE_COLUMNS, "directions": tuple(f.direction for f in documented())}
    return Stored("CrossCorpusClassifier", params, learnt)


def _untaught(model: Stored) -> Stored:
    """Return a stored pipeline without what it learnt."""
    params = {
        key: [(name, _untaught(step)) for name, step in value]
        if key in {"steps", "transformer_list"}
        else value
        for key, value in model.params.items()
    }
    return Stored(model.kind, params, {})


def _wide(array: Floats) -> Floats:
    """Return numbers in double precision."""
    return array.astype(np.float64)
