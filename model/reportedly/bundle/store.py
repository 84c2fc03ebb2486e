"""Save and load a trained bundle: a folder of plain files that runs no code when it is loaded.

Loading is four visible steps: read the manifest, compare sizes and digests, audit the archives, build.
Every part is a set of arrays in an ``.npz`` file, loaded with ``allow_pickle=False``: no class is named in
it, so there is no type to trust. :func:`export` writes the same parts as a scikit-learn pipeline in one file.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from reportedly.annotation.attribution.model import AttributionModel
from reportedly.annotation.claims.read import ClaimReader
from reportedly.annotation.hedging.detect import HedgeModel
from reportedly.annotation.pipeline import Detectors
from reportedly.annotation.sources.from_reading.model import LedgerModel
from reportedly.bundle.encoder import ENCODER_PARTS, with_encoder
from reportedly.datamodel.arrays import Arrays
from reportedly.datamodel.whole_files import write_whole
from reportedly.errors import InvalidBundle
from reportedly.reading import READING_VERSION
from reportedly.risk.classifier import RiskModel

BUNDLE_SCHEMA = "reportedly/bundle/1"
MANIFEST = "manifest.json"
CARD = "MODEL_CARD.md"
EXTRAS = ("metrics.json",)
"""Files that a bundle may hold besides its parts; their digests are checked, and they are opened only on request."""

PARTS: Mapping[str, Callable[[Arrays], Any]] = {
    "attribution": AttributionModel.from_arrays,
    "hedging": HedgeModel.from_arrays,
    "claims": ClaimReader.from_arrays,
    "sources": LedgerModel.from_arrays,
    "risk": RiskModel.from_arrays,
}
"""The parts of a bundle, by file name without ``.npz``, and the function that builds each."""

ReaderName = Literal["encoder", "student"]
"""The readers: ``encoder`` is the encoder together with the student, more accurate and ten times slower; ``student`` is the student alone."""

MEASURED: Mapping[ReaderName, str] = {
    "student": "items worth checking", "encoder": "items worth checking, with encoder",
}  # fmt: skip
"""Reader -> manifest key of the measured share of worklist items that are worth checking."""

MOST_BYTES = 64_000_000
"""Upper bound of the size in bytes of one file of a bundle, packed or unpacked."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Everything that a trained scorer needs, with the manifest that records its training.

    `detectors` read with the student alone; `folder` is where the encoder is loaded from on request.
    """

    manifest: Mapping[str, Any]
    detectors: Detectors
    risk: RiskModel
    card: str = ""
    folder: Path | None = None
    made: dict[str, Detectors] = field(default_factory=dict, repr=False, compare=False)
    """Detectors that were loaded on request, by reader."""

    @property
    def has_encoder(self) -> bool:
        """Whether the encoder is part of the bundle."""
        return self.folder is not None and f"{ENCODER_PARTS[0]}.npz" in self.manifest["files"]

    def detectors_by(self, reader: ReaderName) -> Detectors:
        """Return the detectors that use `reader`; the student if the bundle has no encoder.

        Raises
        ------
        InvalidBundle
            When the encoder's files are missing, altered, or hold what may not be loaded.
        """
        if reader == "student" or not self.has_encoder:
            return self.detectors
        if "encoder" not in self.made:
            self.made["encoder"] = with_encoder(self.detectors, self.arrays_of(ENCODER_PARTS))
        return self.made["encoder"]

    def arrays_of(self, parts: Iterable[str]) -> dict[str, Arrays]:
        """Return the arrays of some parts, read from the folder after checking sizes and digests.

        Raises
        ------
        InvalidBundle
            When a file is missing, altered, or holds what may not be loaded.
        """
        listed, found = self.manifest["files"], {}
        for part in parts:
            name = f"{part}.npz"
            if self.folder is None or name not in listed:
                raise InvalidBundle(f"{self.folder}: the bundle lacks {name}; train it again")
            found[part] = unpack(_read_checked(self.folder, name, listed[name]), name)
        return found

    @property
    def name(self) -> str:
        """The bundle's name and version, as reports print it."""
        return f"{self.manifest['name']} {self.manifest['version']}"

    def worth_checking(self, reader: ReaderName) -> float | None:
        """Return the measured share of a worklist's items that are worth checking; None if it was not measured."""
        share = self.manifest.get("measured", {}).get(MEASURED[reader])
        return None if share is None else float(share)

    def check_reading(self) -> None:
        """Check that every part was trained on the sentences and furniture that this version finds.

        Raises
        ------
        InvalidBundle
            When a part was trained with another version of :mod:`reportedly.reading`; a part that
            does not say is accepted: it is older than these version numbers.
        """
        trained = self.manifest.get("trained", {})
        other = {
            p: v
            for p in PARTS
            if (v := trained.get(p, {}).get("reading", READING_VERSION)) != READING_VERSION
        }
        if other:
            versions = ", ".join(f"{part} with {v}" for part, v in other.items())
            raise InvalidBundle(
                f"{self.name}: trained with another version of reading ({versions}), this program reads "
                f"by version {READING_VERSION}; train these parts again with train.py"
            )


def load_bundle(path: str | Path) -> Bundle:
    """Return the bundle in the folder `path`.

    Raises
    ------
    InvalidBundle
        When a file is missing, altered, of another schema, too large, or holds what may not be loaded.
    """
    folder = Path(path)
    manifest = _read_manifest(folder)
    later = {f"{part}.npz" for part in ENCODER_PARTS}
    contents = {
        name: _read_checked(folder, name, entry)
        for name, entry in manifest["files"].items()
        if name not in later
    }
    missing = [f"{part}.npz" for part in PARTS if f"{part}.npz" not in contents]
    if missing:
        raise InvalidBundle(f"{folder}: the bundle lacks {', '.join(missing)}; train it again")
    parts = {part: _build(part, contents[f"{part}.npz"]) for part in PARTS}
    detectors = Detectors(parts["attribution"], parts["hedging"], parts["claims"], parts["sources"])
    card = contents.get(CARD, b"").decode("utf-8", errors="replace")
    return Bundle(manifest, detectors, parts["risk"], card, folder)


def shipped_folder() -> Path:
    """Return the folder of the bundle that ships with the package."""
    return Path(str(files("reportedly") / "pretrained"))


@cache
def shipped() -> Bundle:
    """Return the bundle that ships with the package."""
    return load_bundle(shipped_folder())


def chosen(folder: str | Path | None) -> Bundle:
    """Return the bundle in `folder`, or the one that ships if none is given."""
    return load_bundle(folder) if folder else shipped()


def save_bundle(
    folder: str | Path,
    parts: Mapping[str, Mapping[str, NDArray[Any]]],
    *,
    card: str | None = None,
    about: Mapping[str, Any] | None = None,
) -> Path:
    """Write `parts` (arrays by part name) and the model card into `folder`, and seal it.

    Parts and card that are not given are left unchanged; see :func:`seal` for `about`.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for part, arrays in parts.items():
        write_whole(target / f"{part}.npz", pack(arrays))
    if card is not None:
        write_whole(target / CARD, card.encode("utf-8"))
    return seal(target, about or {})


def seal(folder: Path, about: Mapping[str, Any]) -> Path:
    """Write the manifest of the files in `folder`: their sizes and digests, and `about`.

    `about` (name, version, what it was trained on, seed, library versions) is merged into what an older
    manifest says. No time is written, so that training twice gives the same bytes.
    """
    old: dict[str, Any] = {}
    if (folder / MANIFEST).is_file():
        old = json.loads((folder / MANIFEST).read_bytes())
    names = [f"{part}.npz" for part in (*PARTS, *ENCODER_PARTS)] + [CARD, *EXTRAS]
    contents = {n: (folder / n).read_bytes() for n in names if (folder / n).is_file()}
    manifest = {
        "name": "reportedly",
        "version": "1",
        **{key: value for key, value in old.items() if key not in {"schema", "files"}},
        **about,
        "schema": BUNDLE_SCHEMA,
        "files": {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            for name, data in sorted(contents.items())
        },
    }
    write_whole(folder / MANIFEST, (json.dumps(manifest, indent=1) + "\n").encode())
    return folder


def pack(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Return `arrays` as the bytes of an ``.npz`` file, the same for the same arrays."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(arrays):
            member = io.BytesIO()
            np.lib.format.write_array(member, np.asarray(arrays[name]), allow_pickle=False)
            info = zipfile.ZipInfo(
                f"{name}.npy"
            )  # a fixed date, so that the same arrays give the same bytes
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, member.getvalue())
    return buffer.getvalue()


def unpack(data: bytes, where: str) -> Arrays:
    """Return the arrays in the bytes of an ``.npz`` file; `where` names the file in messages.

    Raises
    ------
    InvalidBundle
        When the bytes are not such a file, would unpack to too much, or hold Python objects.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(info.file_size for info in archive.infolist())
        if size > MOST_BYTES:
            raise InvalidBundle(
                f"{where}: unpacks to {size:,} bytes, at most {MOST_BYTES:,} allowed"
            )
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            found = {name: stored[name] for name in stored.files}
    except InvalidBundle:
        raise
    except Exception as error:  # noqa: BLE001 - a foreign archive can fail in any way
        raise InvalidBundle(
            f"{where}: not readable as arrays ({_short(error)}); fetch the bundle again"
        ) from None
    if not all(isinstance(array, np.ndarray) for array in found.values()):
        raise InvalidBundle(f"{where}: has entries that are not arrays; fetch the bundle again")
    return found


def _read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of the bundle in `folder`, its shape checked."""
    path = folder / MANIFEST
    if not folder.is_dir():
        raise InvalidBundle(f"{folder}: no such folder; expected the folder of a bundle")
    try:
        manifest = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise InvalidBundle(f"{folder}: has no {MANIFEST}, so it is not a bundle") from None
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidBundle(f"{path}: unreadable ({_short(error)})") from None
    if not isinstance(manifest, dict) or manifest.get("schema") != BUNDLE_SCHEMA:
        got = manifest.get("schema") if isinstance(manifest, dict) else type(manifest).__name__
        raise InvalidBundle(
            f"{path}: schema {got!r}, this version reads {BUNDLE_SCHEMA!r}; train the bundle again"
        )
    listed = manifest.get("files")
    if not isinstance(listed, dict) or not all(isinstance(e, dict) for e in listed.values()):
        raise InvalidBundle(f"{path}: lists no files")
    if not {"name", "version"} <= manifest.keys():
        raise InvalidBundle(f"{path}: lacks name or version")
    return manifest


def _read_checked(folder: Path, name: str, entry: Mapping[str, Any]) -> bytes:
    """Return the bytes of one listed file after checking its size and digest."""
    if Path(name).name != name or name in {"", ".", ".."} or set(name) & {"\\", "\0"}:
        raise InvalidBundle(
            f"{folder}: the manifest names {name!r}, which is not a plain file name"
        )
    path = folder / name
    try:
        size = path.stat().st_size
        if (
            path.is_symlink()
            or not path.is_file()
            or size > MOST_BYTES
            or size != entry.get("bytes")
        ):
            raise InvalidBundle(
                f"{path}: {size:,} bytes, the manifest says {entry.get('bytes')}; fetch the bundle again"
            )
        data = path.read_bytes()
    except OSError as error:
        raise InvalidBundle(f"{path}: {error.strerror}; fetch the bundle again") from None
    if hashlib.sha256(data).hexdigest() != entry.get("sha256"):
        raise InvalidBundle(
            f"{path}: its digest differs from the manifest's, so it is altered or damaged; fetch the bundle again"
        )
    return data


def _build(part: str, data: bytes) -> Any:  # noqa: ANN401 - the parts share no base class
    """Return the part built from the bytes of its file."""
    arrays = unpack(data, f"{part}.npz")
    try:
        return PARTS[part](arrays)
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise InvalidBundle(
            f"{part}.npz: not the arrays of this version ({_short(error)}); train the bundle again"
        ) from None


def _short(error: Exception) -> str:
    """Return an error's type and the beginning of its message, which may include a whole damaged array."""
    return f"{type(error).__name__}: {' '.join(str(error)[:200].split())}"
