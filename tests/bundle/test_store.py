"""A bundle matches its manifest and runs no code; anything else is refused in one line."""

import contextlib
import hashlib
import io
import json
import os
import pickle
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportedly.assessment.assessor import Assessor
from reportedly.bundle import store
from reportedly.bundle.encoder import ENCODER_PARTS
from reportedly.errors import InvalidBundle

PART_NAMES = tuple(store.PARTS)


class Trap:
    """Creates a file when it is unpickled."""

    def __init__(self, trace):
        self.trace = str(trace)

    def __reduce__(self):
        return os.mkdir, (self.trace,)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Return a valid bundle of four toy parts, each of which is its own arrays."""
    monkeypatch.setattr(store, "PARTS", dict.fromkeys(PART_NAMES, lambda arrays: arrays))
    parts = {name: {"weights": np.arange(5.0)} for name in PART_NAMES}
    return store.save_bundle(
        tmp_path / "toy", parts, card="# Card\n", about={"name": "toy", "version": "7"}
    )


def manifest_of(folder):
    """Return the manifest."""
    return json.loads((folder / store.MANIFEST).read_text(encoding="utf-8"))


def rewrite(folder, manifest):
    """Write another manifest."""
    (folder / store.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def replace(folder, name, data):
    """Replace a file's content with `data`, and make the manifest agree."""
    (folder / name).write_bytes(data)
    manifest = manifest_of(folder)
    manifest["files"][name] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    rewrite(folder, manifest)


def refused(folder, words):
    """Check that loading is refused in one line that contains these words."""
    with pytest.raises(InvalidBundle, match=words) as caught:
        store.load_bundle(folder)
    assert "\n" not in str(caught.value)


def npy(header, body=b""):
    """Return the bytes of an ``.npy`` file with any given header."""
    head = header.encode("latin1") + b"\n"
    return b"\x93NUMPY\x01\x00" + len(head).to_bytes(2, "little") + head + body


def npz(members, compression=zipfile.ZIP_DEFLATED):
    """Return the bytes of an archive with any given members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_what_is_saved_is_loaded(folder):
    """Arrays, name, version and card are restored."""
    loaded = store.load_bundle(folder)
    assert loaded.name == "toy 7"
    assert loaded.card == "# Card\n"
    assert loaded.risk["weights"].tolist() == [0, 1, 2, 3, 4]


def test_the_shipped_bundle_keeps_within_its_size():
    """The bundle that ships loads, names itself, and takes at most 30 MB."""
    shipped = store.shipped()
    assert shipped.manifest["schema"] == store.BUNDLE_SCHEMA
    assert shipped.card
    assert sum(entry["bytes"] for entry in shipped.manifest["files"].values()) <= 30_000_000


def test_no_file_ships_that_the_manifest_does_not_list():
    """The shipped folder has no file that is not checked."""
    folder = Path(store.__file__).parents[1] / "pretrained"
    listed = set(manifest_of(folder)["files"]) | {store.MANIFEST}
    assert {path.name for path in folder.iterdir() if path.is_file()} <= listed


def test_saving_again_gives_the_same_bytes(folder, tmp_path):
    """The bytes depend neither on the time nor on the order of the parts."""
    parts = {name: {"weights": np.arange(5.0)} for name in reversed(PART_NAMES)}
    about = {"name": "toy", "version": "7"}
    again = store.save_bundle(tmp_path / "again", parts, card="# Card\n", about=about)
    for path in folder.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes()


def test_sealing_keeps_what_an_older_manifest_says(folder):
    """Only entries that are given again change."""
    store.seal(folder, {"version": "8"})
    assert manifest_of(folder)["name"] == "toy"
    assert manifest_of(folder)["version"] == "8"


@given(
    st.dictionaries(
        st.from_regex(r"[a-z_]{1,12}", fullmatch=True),
        st.one_of(
            st.lists(st.floats(width=32, allow_nan=False), max_size=9).map(np.float32),
            st.lists(st.text("aé“”☃", max_size=4), min_size=1, max_size=4).map(np.array),
            st.integers(-9, 9).map(np.array),
        ),
        max_size=4,
    )
)
@settings(max_examples=40, deadline=None)
def test_packing_round_trips_and_ignores_order(arrays):
    """Unpacked arrays equal the packed ones, and the bytes do not depend on the order of names."""
    data = store.pack(arrays)
    assert data == store.pack(dict(reversed(arrays.items())))
    found = store.unpack(data, "here")
    assert found.keys() == arrays.keys()
    for name, array in arrays.items():
        assert found[name].dtype == np.asarray(array).dtype
        assert np.array_equal(found[name], array)


def test_objects_cannot_be_packed():
    """Anything that would need pickle is refused before it is written."""
    with pytest.raises(ValueError, match="allow_pickle"):
        store.pack({"weights": np.array([{}], dtype=object)})


@pytest.mark.parametrize("name", [f"{PART_NAMES[0]}.npz", store.CARD])
@pytest.mark.parametrize("at", [0, -1])
def test_one_changed_byte_is_refused(folder, name, at):
    """A wrong digest is refused."""
    data = bytearray((folder / name).read_bytes())
    data[at] ^= 1
    (folder / name).write_bytes(bytes(data))
    refused(folder, "digest")


def test_a_truncated_file_is_refused(folder):
    """A wrong size is refused."""
    path = folder / "risk.npz"
    path.write_bytes(path.read_bytes()[:-7])
    refused(folder, "the manifest says")


def test_a_missing_file_is_refused(folder):
    """Every listed file must exist."""
    (folder / "risk.npz").unlink()
    refused(folder, r"risk\.npz")


def test_a_part_that_is_not_listed_is_missed(folder):
    """A bundle must list all its parts, whatever files are beside the manifest."""
    manifest = manifest_of(folder)
    del manifest["files"]["claims.npz"]
    rewrite(folder, manifest)
    refused(folder, r"lacks claims\.npz")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"schema": "reportedly/bundle/99"}, "bundle/99"),
        ({"schema": None}, "None"),
        ({"files": []}, "lists no files"),
        ({"files": {"risk.npz": "0"}}, "lists no files"),
        ({"name": ...}, "name or version"),
    ],
)
def test_a_foreign_manifest_is_refused(folder, change, words):
    """Another schema or shape is named in the message."""
    manifest = {k: v for k, v in {**manifest_of(folder), **change}.items() if v is not ...}
    rewrite(folder, manifest)
    refused(folder, words)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", "null", "\x00\xff", "[" * 100_000, '{"schema": 1e999}']
)
def test_a_broken_manifest_is_refused(folder, text):
    """Text that is not a manifest is refused in one line."""
    (folder / store.MANIFEST).write_text(text, encoding="latin1")
    refused(folder, "manifest")


def test_a_folder_without_a_manifest_is_no_bundle(folder, tmp_path):
    """A missing folder, and one without a manifest, are refused."""
    refused(tmp_path / "nowhere", "no such folder")
    (folder / store.MANIFEST).unlink()
    refused(folder, "not a bundle")


@pytest.mark.parametrize(
    "name",
    ["../secret.npz", "/etc/hostname", "sub/risk.npz", "..", ".", "", "..\\secret.npz", "a\0.npz"],
)
def test_a_name_that_leads_elsewhere_is_refused(folder, name):
    """Only plain file names of the folder itself are opened."""
    (folder.parent / "secret.npz").write_bytes(b"x")
    manifest = manifest_of(folder)
    manifest["files"][name] = {"sha256": hashlib.sha256(b"x").hexdigest(), "bytes": 1}
    rewrite(folder, manifest)
    refused(folder, "not a plain file name")


def test_a_link_is_refused(folder, tmp_path):
    """A link could lead anywhere, so none is followed."""
    target = tmp_path / "elsewhere.npz"
    (folder / "risk.npz").rename(target)
    (folder / "risk.npz").symlink_to(target)
    refused(folder, r"risk\.npz")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_is_refused(folder, monkeypatch):
    """A named pipe is refused, because reading it could wait for ever."""
    (folder / "risk.npz").unlink()
    os.mkfifo(folder / "risk.npz")
    manifest = manifest_of(folder)
    manifest["files"]["risk.npz"] = {"sha256": hashlib.sha256(b"").hexdigest(), "bytes": 0}
    rewrite(folder, manifest)
    monkeypatch.setattr(Path, "read_bytes", _never_a_pipe(Path.read_bytes))
    refused(folder, r"risk\.npz")


def _never_a_pipe(read):
    """Return a reader that fails instead of waiting for a pipe."""

    def read_bytes(path):
        assert not path.is_fifo(), "waits for a pipe"
        return read(path)

    return read_bytes


def test_a_directory_in_place_of_a_file_is_refused(folder):
    """A folder with the name of a part is refused."""
    (folder / "risk.npz").unlink()
    (folder / "risk.npz").mkdir()
    refused(folder, r"risk\.npz")


def test_a_file_that_is_too_large_is_not_read(folder, monkeypatch):
    """The size is checked before the contents are read."""
    monkeypatch.setattr(store, "MOST_BYTES", 100)
    refused(folder, "bytes")


def test_an_archive_that_unpacks_to_too_much_is_not_unpacked(folder):
    """A small archive that declares gigabytes is refused by its declared size."""
    data = store.pack({"weights": np.zeros(9_000_000)})
    assert len(data) < 200_000
    replace(folder, "risk.npz", data)
    refused(folder, "unpacks to")


def test_an_array_that_says_it_is_huge_is_not_allocated(folder):
    """A header that declares terabytes over eight bytes of data is refused."""
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (10000000000000,), }"
    replace(folder, "risk.npz", npz({"weights.npy": npy(header, b"\0" * 8)}))
    refused(folder, r"risk\.npz")


def test_no_code_of_an_object_array_runs(folder, tmp_path):
    """A pickled array with a valid digest is refused, and its code does not run."""
    trace = tmp_path / "trace"
    body = io.BytesIO()
    np.lib.format.write_array(body, np.array([Trap(trace)], dtype=object), allow_pickle=True)
    replace(folder, "risk.npz", npz({"weights.npy": body.getvalue()}))
    refused(folder, "not readable as arrays")
    assert not trace.exists()


@pytest.mark.parametrize("member", ["weights.npy", "weights.pkl", "weights"])
def test_no_code_of_a_bare_pickle_runs(folder, tmp_path, member):
    """A pickle is opened neither as the file nor as a member of the archive."""
    trace = tmp_path / "trace"
    evil = pickle.dumps(Trap(trace))
    replace(folder, "risk.npz", evil)
    refused(folder, r"risk\.npz")
    replace(folder, "risk.npz", npz({member: evil}))
    with contextlib.suppress(InvalidBundle):
        store.load_bundle(folder)
    assert not trace.exists()


def test_names_inside_an_archive_write_nothing(folder, tmp_path):
    """A member whose name is a path elsewhere is not unpacked there."""
    body = io.BytesIO()
    np.lib.format.write_array(body, np.zeros(2))
    replace(folder, "risk.npz", npz({"../../escaped.npy": body.getvalue()}))
    store.load_bundle(folder)
    assert not list(tmp_path.rglob("escaped*"))
    assert not list(tmp_path.parent.glob("escaped*"))


def damaged():
    """Return archives that are each damaged in a different way."""
    sound = npz({"weights.npy": bytes(range(256)) * 40})
    body = io.BytesIO()
    np.lib.format.write_array(body, np.random.default_rng(0).random(500))
    arrays = npz({"weights.npy": body.getvalue()})
    middle = len(arrays) // 2
    encrypted = bytearray(arrays)
    encrypted[6] |= 1
    encrypted[arrays.rfind(b"PK\x01\x02") + 8] |= 1
    method = bytearray(arrays)
    method[8] = 99
    method[arrays.rfind(b"PK\x01\x02") + 10] = 99
    return {
        "empty": b"",
        "no archive": b"not an archive",
        "first half": arrays[:middle],
        "second half": arrays[middle:],
        "no array": sound,
        "damaged stream": arrays[:middle] + b"\xff" * 64 + arrays[middle + 64 :],
        "encrypted": bytes(encrypted),
        "unknown method": bytes(method),
        "header no literal": npz({"weights.npy": npy("__import__('os').getcwd()")}),
        "header of another kind": npz({"weights.npy": npy("[1, 2]")}),
        "too short": npz(
            {"weights.npy": npy("{'descr': '<f8', 'fortran_order': False, 'shape': (9,), }", b"1")}
        ),
        "negative shape": npz(
            {"weights.npy": npy("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }")}
        ),
        "void": npz(
            {"weights.npy": npy("{'descr': 'O', 'fortran_order': False, 'shape': (1,), }")}
        ),
    }


@pytest.mark.parametrize("how", damaged())
def test_a_damaged_archive_is_refused(folder, how, monkeypatch):
    """Whatever the damage, the message is one line; bytes that are not an array are never accepted."""
    monkeypatch.setattr(
        store, "PARTS", dict.fromkeys(PART_NAMES, lambda arrays: arrays["weights"].astype(float))
    )
    replace(folder, "risk.npz", damaged()[how])
    refused(folder, r"risk\.npz")


def test_arrays_of_another_version_are_refused(folder, monkeypatch):
    """Valid arrays that a part cannot be built from are named."""

    def build(arrays):
        return arrays["a name of next year"]

    monkeypatch.setattr(store, "PARTS", dict.fromkeys(PART_NAMES, build))
    refused(folder, "train the bundle again")


@pytest.fixture
def shipped_copy(tmp_path):
    """Return a copy of the folder of the bundle that ships."""
    return Path(shutil.copytree(store.shipped_folder(), tmp_path / "copy"))


def test_the_encoder_is_read_when_it_is_asked_for(shipped_copy):
    """Loading opens none of the encoder's files; once read, it is kept."""
    loaded = store.load_bundle(shipped_copy)
    assert loaded.made == {}
    found = loaded.detectors_by("encoder")
    assert found is loaded.detectors_by("encoder")
    assert found.attribution.reader is not loaded.detectors.attribution.reader
    assert loaded.detectors_by("student") is loaded.detectors


def test_a_bundle_without_an_encoder_reads_by_the_student(shipped_copy):
    """A user's bundle may lack the encoder; everything else works the same."""
    for part in ENCODER_PARTS:
        (shipped_copy / f"{part}.npz").unlink()
    store.seal(shipped_copy, {})
    loaded = store.load_bundle(shipped_copy)
    assert not loaded.has_encoder
    assert loaded.detectors_by("encoder") is loaded.detectors
    assert Assessor(loaded).reader == "student"


@pytest.mark.parametrize("part", ENCODER_PARTS)
def test_an_altered_encoder_is_refused(shipped_copy, part):
    """Sizes and digests of its files are compared when they are read."""
    path = shipped_copy / f"{part}.npz"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(InvalidBundle, match="digest"):
        store.load_bundle(shipped_copy).detectors_by("encoder")


def test_an_encoder_in_parts_is_refused(shipped_copy):
    """A missing file is named."""
    (shipped_copy / "encoder_upper.npz").unlink()
    store.seal(shipped_copy, {})
    with pytest.raises(InvalidBundle, match=r"lacks encoder_upper\.npz"):
        store.load_bundle(shipped_copy).detectors_by("encoder")
