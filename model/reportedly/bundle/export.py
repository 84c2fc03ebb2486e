"""Write a bundle as a scikit-learn pipeline in one file, and read it back, its types audited first."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportedly.bundle.store import MOST_BYTES, Bundle, write_file
from reportedly.errors import InvalidBundle, InvalidRequest

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline


EXPORTED_TYPES = frozenset(
    {"reportedly.risk.pipeline.Annotator", "reportedly.risk.pipeline.RiskClassifier"}
)
"""What an exported pipeline may hold beside what skops trusts of itself (scikit-learn's and NumPy's own types)."""


def export_bundle(bundle: Bundle, path: str | Path, *, prior: float = 0.5) -> Path:
    """Write `bundle` as a fitted scikit-learn pipeline over texts; the suffix of `path` tells how.

    ``.skops`` files are read back by :func:`load_exported`, ``.joblib`` files by ``joblib.load``, which runs
    whatever code they hold.

    Raises
    ------
    InvalidRequest
        When the suffix is another one, skops is not installed, or the file cannot be written.
    """
    from reportedly.risk.pipeline import pipeline  # noqa: PLC0415 - scikit-learn: scoring waits for none

    target = Path(path)
    made = pipeline(bundle.detectors, bundle.risk, prior=prior)
    if target.suffix == ".skops":
        data = _skops().dumps(made)
    elif target.suffix == ".joblib":
        import joblib  # noqa: PLC0415

        joblib.dump(made, buffer := io.BytesIO(), compress=3)
        data = buffer.getvalue()
    else:
        raise InvalidRequest(f"{target}: expected a name that ends in .skops or .joblib")
    try:
        write_file(target, data)
    except OSError as error:
        raise InvalidRequest(f"{target}: cannot be written ({error.strerror})") from None
    return target


def load_exported(path: str | Path) -> Pipeline:
    """Return the pipeline in the skops file `path`, its types audited before anything is built.

    Raises
    ------
    InvalidBundle
        When the file is no such pipeline, is too large, or names a type that is not in ``EXPORTED_TYPES``.
    InvalidRequest
        When skops is not installed.
    """
    skops = _skops()
    try:
        data = _bounded(Path(path))
        found = skops.get_untrusted_types(data=data)
        if foreign := sorted(set(found) - EXPORTED_TYPES):
            raise InvalidBundle(
                f"{path}: holds types that no export of ours has ({', '.join(foreign)}); not loaded"
            )
        loaded = skops.loads(data, trusted=sorted(EXPORTED_TYPES))
    except (InvalidBundle, InvalidRequest):
        raise
    except Exception as error:  # noqa: BLE001 - a foreign file can fail in any way
        raise InvalidBundle(f"{path}: no readable export ({error}); export it again") from None
    from sklearn.pipeline import Pipeline  # noqa: PLC0415 - skops has imported it

    steps = [type(step).__name__ for _, step in loaded.steps] if type(loaded) is Pipeline else []
    if steps != ["Annotator", "RiskClassifier"]:
        raise InvalidBundle(f"{path}: holds no pipeline that `reportedly model export` wrote")
    return loaded


def _skops() -> Any:  # noqa: ANN401 - a module without types
    """Return skops' module, imported only here."""
    try:
        import skops.io  # noqa: PLC0415 - an extra, and two seconds
    except ImportError:
        raise InvalidRequest(
            "skops files need skops: install it with pip install 'reportedly[export]'"
        ) from None
    return skops.io


def _bounded(path: Path) -> bytes:
    """Return the bytes of an archive that is not too large, packed or unpacked."""
    if not path.is_file():
        raise InvalidBundle(f"{path}: expected a file, there is none")
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
