"""Convert a fitted model to plain arrays and back; a bundle stores no code.

Stored are the name of an estimator's class, its parameters, and its fitted attributes: numbers, words, arrays and other
estimators. Reading gives :class:`Stored` values, which need only NumPy; ``bundle.export`` makes estimators of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from reportedly.datamodel.arrays import Arrays

FITTED: Mapping[str, tuple[str, ...]] = {
    "FamilyCalibrated": ("classes_", "estimator_", "slope_", "offset_", "offset_spread_", "slope_spread_", "symmetry_"),
    "Pipeline": (),
    "FeatureUnion": (),
    "Annotator": ("fitted_",),
    "NgramFeatures": ("words_", "keys_", "idf_"),
    "HeadlineFeatures": ("words_", "keys_", "idf_"),
    "OpeningFeatures": ("words_", "keys_", "idf_"),
    "SignalFeatures": ("features_",),
    "StyleFeatures": ("features_",),
    "HeldScaler": ("mean_", "scale_", "n_features_in_"),
    "CrossCorpusClassifier": ("classes_", "coef_", "intercept_", "n_features_in_"),
    "Limits": (),
    "Reference": (),
}  # fmt: skip
"""The classes that are stored, and the attributes that ``fit`` gives each of them."""
NOT_STORED = frozenset({"detectors", "memory", "n_jobs", "progress"})
"""Parameters that belong to a run or stand elsewhere in the bundle."""
_TREE = "tree"
_LARGE = 1_000
"""Numbers from which an array is stored in single precision."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An estimator as plain values: the name of its class, its parameters, and its fitted attributes."""

    kind: str
    params: Mapping[str, Any]
    fitted: Mapping[str, Any]

    @property
    def steps(self) -> dict[str, Stored]:
        """The steps of a pipeline or of a union of features by name."""
        return dict(self.params["steps" if self.kind == "Pipeline" else "transformer_list"])

    def step(self, name: str) -> Stored:
        """Return the step `name` of a pipeline or of a union of features."""
        return self.steps[name]


def stored(model: Any) -> Stored:  # noqa: ANN401 - an estimator or a value class
    """Return a fitted estimator, or a value class of this package, as plain values.

    Raises
    ------
    TypeError
        When the class of the estimator, or of one inside it, is not on the list of stored classes.
    """
    kind = type(model).__name__
    if kind not in FITTED:
        raise TypeError(
            f"got a {kind}, which a bundle cannot store: expected one of {', '.join(FITTED)}"
        )
    if hasattr(model, "get_params"):
        params = model.get_params(deep=False)
    else:
        params = {name: getattr(model, name) for name in model.__slots__}
    fitted = {name: getattr(model, name) for name in FITTED[kind] if hasattr(model, name)}
    return Stored(
        kind,
        {name: _plain(value) for name, value in params.items() if name not in NOT_STORED},
        {name: _plain(value) for name, value in fitted.items()},
    )


def _plain(value: Any) -> Any:  # noqa: ANN401 - values of many types
    """Return a value with the estimators in it as plain values."""
    if isinstance(value, tuple | list):
        return type(value)(map(_plain, value))
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, bool | int | float | str | np.ndarray | Stored):
        return value
    return stored(value)


def to_arrays(models: Mapping[str, Stored]) -> Arrays:
    """Return stored models as named arrays; the one named ``tree`` describes in JSON how they are nested."""
    arrays: Arrays = {}
    tree = {name: _packed(model, name, arrays) for name, model in models.items()}
    arrays[_TREE] = np.frombuffer(json.dumps(tree).encode(), np.uint8)
    return arrays


def _packed(value: Any, path: str, arrays: Arrays) -> Any:  # noqa: ANN401 - values of many types
    """Return `value` in JSON's types, its arrays moved to `arrays` under their `path`."""
    if isinstance(value, Stored):
        parts = {
            part: {
                k: _packed(v, _path(path, k, v), arrays) for k, v in getattr(value, part).items()
            }
            for part in ("params", "fitted")
        }
        return {"class": value.kind, **parts}
    if isinstance(value, np.ndarray):
        single = value.dtype == np.float64 and value.size > _LARGE
        arrays[path] = value.astype(np.float32) if single else value
        return {"array": path}
    if isinstance(value, tuple | list):
        names = [value[0] if _is_step(value) else str(place) for place in range(len(value))]
        pairs = zip(names, value, strict=True)
        found = [_packed(child, _path(path, name, child), arrays) for name, child in pairs]
        return {"tuple": found} if isinstance(value, tuple) else found
    return value


def _path(path: str, name: str, value: Any) -> str:  # noqa: ANN401 - values of many types
    """Return the path of a value: its parent's path and its name; for a step of a pipeline, the step's name."""
    steps = _is_step(value) or (isinstance(value, list) and any(map(_is_step, value)))
    return path if steps else f"{path}.{name}"


def _is_step(value: Any) -> bool:  # noqa: ANN401 - values of many types
    """Tell whether a value is a step of a pipeline with its name."""
    return isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], Stored)


def from_arrays(arrays: Arrays) -> dict[str, Stored]:
    """Return the stored models from `arrays`.

    Raises
    ------
    KeyError, ValueError, TypeError
        When they were not made by :func:`to_arrays`, or name a class that is not on the list.
    """
    tree = json.loads(arrays[_TREE].tobytes().decode())
    return {name: _unpacked(node, arrays) for name, node in tree.items()}


def _unpacked(node: Any, arrays: Arrays) -> Any:  # noqa: ANN401 - values of many types
    """Return the value that a node of the tree stands for."""
    if isinstance(node, list):
        return [_unpacked(child, arrays) for child in node]
    if not isinstance(node, dict):
        return node
    if "array" in node:
        array = arrays[node["array"]]
        return array.astype(np.float64) if array.dtype == np.float32 else array
    if "tuple" in node:
        return tuple(_unpacked(child, arrays) for child in node["tuple"])
    kind = node["class"]
    if kind not in FITTED or not set(node["fitted"]) <= set(FITTED[kind]):
        raise ValueError(f"names the class {kind!r} or attributes of it, which no bundle stores")
    parts = (
        {k: _unpacked(v, arrays) for k, v in node[part].items()} for part in ("params", "fitted")
    )
    return Stored(kind, *parts)
