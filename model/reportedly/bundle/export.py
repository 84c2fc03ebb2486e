"""Write a bundle as a scikit-learn pipeline in one file, and read it back after auditing its types."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportedly.bundle.store import MOST_BYTES, Bundle, ReaderName
from reportedly.datamodel.whole_files import write_whole
from reportedly.errors import InvalidBundle, InvalidRequest
from reportedly.risk.codec import Stored

if TYPE_CHECKING:
    from reportedly.annotation.pipeline import Detectors
    from reportedly.risk.estimators import FamilyCalibrated


_NUMERIC = ("FamilyCalibrated", "HeldScaler", "CrossCorpusClassifier")
_TEXT_STEPS = (
    "Annotator", "NgramFeatures", "HeadlineFeatures", "OpeningFeatures", "SignalFeatures", "StyleFeatures",
)  # fmt: skip
EXPORTED_TYPES = frozenset(
    {
        *(f"reportedly.risk.estimators.{name}" for name in _NUMERIC),
        *(f"reportedly.risk.pipeline.{name}" for name in _TEXT_STEPS),
    }
)
"""The types that an exported pipeline may hold, besides those that skops trusts by default (scikit-learn's and NumPy's)."""


def pipeline_of(
    bundle: Bundle, *, prior: float = 0.5, reader: ReaderName = "student"
) -> FamilyCalibrated:
    """Return the risk of `bundle` as the scikit-learn object that was fitted, over texts.

    ``predict_proba(texts)[:, 1]`` is the risk; all texts are read by `reader`. ``clone`` gives one with the same detectors and an unfitted risk, so
    that ``fit(texts, labels)`` and ``cross_val_score`` work as for any estimator.
    """
    found: FamilyCalibrated = _restored(bundle.risk.parts["pipeline"], bundle.detectors_by(reader))
    found.prior = prior
    return found


def _restored(value: Any, detectors: Detectors) -> Any:  # noqa: ANN401 - values of many types
    """Return a stored value with its estimators restored."""
    from sklearn.pipeline import FeatureUnion, Pipeline  # noqa: PLC0415 - scoring waits for none

    from reportedly.risk import estimators, pipeline  # noqa: PLC0415 - scikit-learn: scoring waits for none

    if isinstance(value, list | tuple):
        return type(value)(_restored(child, detectors) for child in value)
    if not isinstance(value, Stored):
        return value
    kinds = {kind.__name__: kind for kind in (Pipeline, FeatureUnion)}
    kinds |= {name: getattr(estimators, name) for name in _NUMERIC}
    kinds |= {name: getattr(pipeline, name) for name in _TEXT_STEPS}
    made = kinds[value.kind](**{k: _restored(v, detectors) for k, v in value.params.items()})
    for name, fitted in value.fitted.items():
        setattr(made, name, _restored(fitted, detectors))
    if value.kind == "Annotator":
        made.detectors = detectors
    return made


def export_bundle(bundle: Bundle, path: str | Path, *, prior: float = 0.5) -> Path:
    """Write `bundle` as a fitted scikit-learn pipeline over texts; the suffix of `path` sets the format.

    ``.skops`` files are read back by :func:`load_exported`, ``.joblib`` files by ``joblib.load``, which runs
    whatever code they hold.

    Raises
    ------
    InvalidRequest
        When the suffix is neither, skops is not installed, or the file cannot be written.
    """
    target = Path(path)
    made = pipeline_of(bundle, prior=prior)
    if target.suffix == ".skops":
        data = _skops().dumps(made)
    elif target.suffix == ".joblib":
        import joblib  # noqa: PLC0415

        joblib.dump(made, buffer := io.BytesIO(), compress=3)
        data = buffer.getvalue()
    else:
        raise InvalidRequest(f"{target}: expected a name that ends in .skops or .joblib")
    try:
        write_whole(target, data)
    except OSError as error:
        raise InvalidRequest(f"{target}: cannot be written ({error.strerror})") from None
    return target


def load_exported(path: str | Path) -> FamilyCalibrated:
    """Return the pipeline in the skops file `path`, its types audited before anything is built.

    Raises
    ------
    InvalidBundle
        When the file is not such a pipeline, is too large, or names a type that is not in ``EXPORTED_TYPES``.
    InvalidRequest
        When skops is not installed.
    """
    skops = _skops()
    try:
        data = _bounded(Path(path))
        found = skops.get_untrusted_types(data=data)
        if foreign := sorted(set(found) - EXPORTED_TYPES):
            raise InvalidBundle(
                f"{path}: holds types that are not allowed in an export ({', '.join(foreign)}); not loaded"
            )
        loaded: FamilyCalibrated = skops.loads(data, trusted=sorted(EXPORTED_TYPES))
    except (InvalidBundle, InvalidRequest):
        raise
    except Exception as error:  # noqa: BLE001 - a foreign file can fail in any way
        raise InvalidBundle(f"{path}: not a readable export ({error}); export it again") from None
    if not _is_whole(loaded):
        raise InvalidBundle(f"{path}: not a pipeline written by `reportedly model export`")
    return loaded


def _is_whole(loaded: Any) -> bool:  # noqa: ANN401 - whatever the file held
    """Tell whether an object is a fitted risk over texts."""
    steps = getattr(getattr(loaded, "estimator_", None), "steps", ())
    names = [type(loaded).__name__, *(type(step).__name__ for _, step in steps)]
    return names == ["FamilyCalibrated", "Annotator", "FeatureUnion", "CrossCorpusClassifier"]


def _skops() -> Any:  # noqa: ANN401 - a module without types
    """Import and return skops."""
    try:
        import skops.io  # noqa: PLC0415 - an extra, and two seconds
    except ImportError:
        raise InvalidRequest(
            "skops files need skops: install it with pip install 'reportedly[export]'"
        ) from None
    return skops.io


def _bounded(path: Path) -> bytes:
    """Return the bytes of an archive after checking its size, packed and unpacked."""
    if not path.is_file():
        raise InvalidBundle(f"{path}: no such file")
    if path.stat().st_size > MOST_BYTES:
        raise InvalidBundle(f"{path}: larger than {MOST_BYTES:,} bytes")
    data = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = sum(info.file_size for info in archive.infolist())
    if size > 2 * MOST_BYTES:
        raise InvalidBundle(
            f"{path}: unpacks to {size:,} bytes, at most {2 * MOST_BYTES:,} allowed"
        )
    return data
