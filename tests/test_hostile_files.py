"""Hostile files are refused or isolated in a clear line: devices, pipes, absurd tables, malicious bundles."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from reportedly.assessment.assessor import Assessor
from reportedly.bundle import store
from reportedly.cli.inputs import InputOptions, documents
from reportedly.errors import InvalidBundle, InvalidCorpus, InvalidDocument, ReportedlyError
from reportedly.reading import read_file
from reportedly.reading.formats.tables import open_table
from tests.torture import checks

GOOD = "The ferry was late again on Friday, the harbour master said."
posix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")


def run(*arguments, **options):
    """Run the command line in a separate process, for a minute at most."""
    return subprocess.run(
        [sys.executable, "-m", "reportedly", *map(str, arguments)],
        capture_output=True, check=False, timeout=60, **options,
    )  # fmt: skip


def rows(path, **options):
    """Return all rows of a table."""
    return list(chain.from_iterable(open_table(path, **options).batches(7)))


def one_line(done):
    """Check that a run was refused in one line."""
    assert done.returncode == 2, done.stderr
    told = [line for line in done.stderr.splitlines() if not line.endswith(b"inputs failed")]
    assert len(told) == 1, done.stderr
    assert not done.stdout


# --- Devices and pipes ---------------------------------------------------------------------------


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom", "/dev/full"])
def test_a_device_without_end_is_read_no_further_than_an_article(device):
    """Endless input is refused, in bounded time and memory."""
    if not Path(device).exists():
        pytest.skip(f"no {device} here")
    with pytest.raises(InvalidDocument, match=device):
        read_file(device)


def test_an_empty_device_and_files_of_no_size_are_read_as_what_they_hold():
    """A file in /proc has size 0 but content, and is read."""
    with pytest.raises(InvalidDocument, match="0 bytes"):
        read_file("/dev/null")
    if Path("/proc/self/status").exists():
        assert "Name" in read_file("/proc/self/status").text


@posix
def test_a_pipe_is_read_by_name_and_passed_over_in_a_folder(tmp_path):
    """A pipe named on the command line is read, waiting as usual; one in a folder is skipped."""
    (tmp_path / "a.txt").write_text(GOOD)
    for name in ("b.txt", "c.csv", "d.html"):
        os.mkfifo(tmp_path / name)
    found = list(documents((str(tmp_path),), InputOptions()))
    assert [d.text for d in found if not isinstance(d, ReportedlyError)] == [GOOD]
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m reportedly text <(echo '{GOOD}')"],
        capture_output=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.stdout.decode().strip() == GOOD, done.stderr


@posix
@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_a_table_that_is_a_pipe_or_device_is_refused(tmp_path, suffix):
    """A table is read twice, so it must be a file."""
    os.mkfifo(tmp_path / f"pipe.{suffix}")
    (tmp_path / f"zero.{suffix}").symlink_to("/dev/zero")
    for name in ("pipe", "zero"):
        with pytest.raises(InvalidCorpus, match="pipe or device"):
            open_table(tmp_path / f"{name}.{suffix}")


def test_names_that_no_file_can_have(tmp_path):
    """A null character in a name, and a name that is too long, are refused in one line."""
    for name in ("a\0b.txt", "x" * 5_000 + ".txt"):
        with pytest.raises(InvalidDocument) as caught:
            read_file(tmp_path / name)
        assert "\n" not in str(caught.value)


def test_a_link_to_itself_and_a_folder_that_holds_itself(tmp_path):
    """Neither is followed endlessly."""
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    (tmp_path / "again").symlink_to(tmp_path)
    (tmp_path / "a.txt").write_text(GOOD)
    found = list(documents((str(tmp_path),), InputOptions()))
    assert len([d for d in found if not isinstance(d, ReportedlyError)]) == 1


# --- Absurd tables ---------------------------------------------------------------------------------


def test_parquet_of_absurd_types(tmp_path):
    """Lists, structures, decimals, times and nulls in every role give rows or errors; no row is lost."""
    count = 5
    odd = {
        "list": pa.array([["a"]] * count),
        "struct": pa.array([{"a": "b"}] * count),
        "map": pa.array([[("a", 1)]] * count, pa.map_(pa.string(), pa.int8())),
        "time": pa.array([0] * count, pa.timestamp("ns", "UTC")),
        "null": pa.nulls(count),
        "bytes": pa.array([b"\xff\xfe\x00\xd8", b"", None, GOOD.encode(), b"\x00" * 9]),
        "text": pa.array([GOOD, None, "", " \n", "x"]),
        "number": pa.array([1.5, float("nan"), None, float("inf"), -0.0]),
        "choice": pa.array(["a", None, GOOD, "", "b"]).dictionary_encode(),
    }
    path = tmp_path / "odd.parquet"
    pq.write_table(pa.table(odd), path)
    for column in odd:
        try:
            found = rows(path, text_column=column, id_column="number", title_column="struct")
        except ReportedlyError as error:
            assert "no text" in str(error)  # noqa: PT017 - which of both depends on the column
            continue
        assert [row.index for row in found] == list(range(count))
        assert all(row.error or row.document().text.strip() for row in found)


def varint(number):
    """Return a number as Thrift's compact protocol writes it."""
    number, written = 2 * number, bytearray()
    while number > 127:
        written.append(number & 127 | 128)
        number >>= 7
    return bytes([*written, number])


def test_a_damaged_parquet_file_that_claims_trillions_of_rows_ends(tmp_path):
    """It gives at most as many bad rows as it has bytes, so that it cannot fill the disk."""
    path = tmp_path / "claims.parquet"
    pq.write_table(pa.table({"id": ["a", "b", "c"], "text": [GOOD] * 3}), path)
    data = path.read_bytes()
    length = int.from_bytes(data[-8:-4], "little")
    body, footer = data[4 : -8 - length], data[-8 - length : -8]
    told = footer.replace(b"\x16" + varint(3), b"\x16" + varint(1 << 45))
    assert told != footer
    damaged = bytes(byte ^ 255 for byte in body)
    path.write_bytes(b"PAR1" + damaged + told + len(told).to_bytes(4, "little") + b"PAR1")
    found = rows(path)
    assert all(row.error for row in found)
    assert 0 < len(found) <= path.stat().st_size


def test_a_cell_of_ten_million_characters_is_one_bad_row_in_every_format(tmp_path):
    """The cell is refused for its length; other rows are read."""
    giant = "said it. " * 1_120_000
    assert len(giant) > 10_000_000
    pq.write_table(pa.table({"text": [GOOD, giant, GOOD]}), tmp_path / "t.parquet")
    lines = "".join(json.dumps({"text": text}) + "\n" for text in (GOOD, giant, GOOD))
    (tmp_path / "t.jsonl").write_text(lines)
    (tmp_path / "t.csv").write_text(f'text,b\n"{GOOD}",1\n"{giant}",2\n"{GOOD}",3\n')
    for name in ("t.parquet", "t.jsonl", "t.csv"):
        assert [row.error is None for row in rows(tmp_path / name)] == [True, False, True], name


def test_tables_of_odd_headers_and_many_columns(tmp_path):
    """A header of ten thousand columns, of control characters, or in another alphabet causes no failure."""
    names = ",".join(f"c{n}" for n in range(10_000))
    (tmp_path / "wide.csv").write_text(f"text,{names}\n{GOOD}" + "," * 10_000 + "\n")
    with pytest.raises(ReportedlyError, match="text") as caught:
        open_table(tmp_path / "wide.csv", text_column="none")
    assert len(str(caught.value)) < 2_000
    (tmp_path / "odd.csv").write_text("te\u200bxt,\x1b[31m,\u202eid\na,b,c\n", encoding="utf-8")
    with pytest.raises(ReportedlyError) as caught:
        open_table(tmp_path / "odd.csv")
    assert "\x1b" not in str(caught.value)


def test_the_same_id_over_and_over_keeps_every_row(tmp_path):
    """Rows are identified by their position, not by their ids."""
    path = tmp_path / "same.jsonl"
    path.write_text("".join(json.dumps({"id": "x", "text": GOOD}) + "\n" for _ in range(50)))
    assert [(row.index, row.id) for row in rows(path)] == [(n, "x") for n in range(50)]


# --- Disguised archives and programs --------------------------------------------------------------


def archives(folder: Path) -> dict[str, Path]:
    """Write archives whose members would be unpacked elsewhere, or to gigabytes."""
    made = {}
    made["zip that climbs"] = folder / "climbs.txt"
    with zipfile.ZipFile(made["zip that climbs"], "w") as archive:
        archive.writestr("../../escaped.txt", GOOD)
    made["tar that climbs"] = folder / "climbs.html"
    (folder / "member").write_text(GOOD)
    with tarfile.open(made["tar that climbs"], "w:gz") as archive:
        archive.add(folder / "member", "../../escaped.txt")
    made["zip bomb as a table"] = folder / "bomb.parquet"
    with zipfile.ZipFile(made["zip bomb as a table"], "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", b"\0" * 50_000_000)
    made["pickle as a page"] = folder / "pickle.html"
    made["pickle as a page"].write_bytes(pickle.dumps({"a": np.arange(9)}))
    made["program"] = folder / "program.txt"
    made["program"].write_bytes(Path(sys.executable).resolve().read_bytes()[:200_000])
    return made


@pytest.mark.parametrize("name", ["zip that climbs", "tar that climbs", "zip bomb as a table", "pickle as a page", "program"])  # fmt: skip
def test_archives_and_programs_are_no_articles(tmp_path, name):
    """Each is refused in one line, and nothing is unpacked."""
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    one_line(run("score", archives(folder)[name]))
    assert not list(tmp_path.rglob("escaped*"))


class Trap:
    """Creates a file when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = str(trace)

    def __reduce__(self):
        return os.mkdir, (self.trace,)


def test_no_code_of_a_planted_bundle_runs(tmp_path):
    """A bundle of malicious pickles with valid digests runs no code when scored with, trained on or shown."""
    trace, folder = tmp_path / "trace", tmp_path / "bundle"
    folder.mkdir()
    evil = pickle.dumps(Trap(trace))
    for part in store.PARTS:
        (folder / f"{part}.npz").write_bytes(evil)
    for name in ("bundle.pkl", "model.joblib", "__init__.py", "conftest.py", "sitecustomize.py"):
        (folder / name).write_bytes(evil if "py" not in name[-2:] else b"import os; os.mkdir('t')")
    (folder / store.CARD).write_bytes(evil)
    store.seal(folder, {})
    article = tmp_path / "a.txt"
    article.write_text(GOOD)
    one_line(run("score", article, "--bundle", folder, cwd=tmp_path))
    assert not trace.exists()
    assert not list(tmp_path.rglob("t"))


def changed(arrays: dict, change: str) -> dict:
    """Return a part's arrays, each changed in the same way."""
    how = {
        "empty": lambda a: a[:0] if a.ndim else a,
        "shorter": lambda a: a[:-1] if a.ndim else a,
        "another type": lambda a: a.astype(str) if a.dtype.kind in "fiub" else np.zeros(a.shape),
        "no numbers": lambda a: a * np.nan if a.dtype.kind == "f" else a,
        "one more dimension": lambda a: a[None],
        "huge": lambda a: np.full_like(a, np.iinfo(a.dtype).max) if a.dtype.kind in "iu" else a,
    }
    return {name: how[change](array) for name, array in arrays.items()}


@pytest.fixture(scope="module")
def shipped_arrays():
    """Return the arrays of the bundle that ships, by part."""
    folder = store.shipped_folder()
    return {p: store.unpack((folder / f"{p}.npz").read_bytes(), p) for p in store.PARTS}


@pytest.mark.slow
@pytest.mark.parametrize("part", store.PARTS)
@pytest.mark.parametrize(
    "change", ["empty", "shorter", "another type", "no numbers", "one more dimension", "huge"]
)
def test_a_part_of_absurd_arrays_is_refused_or_works(shipped_arrays, part, change):
    """Arrays with the right names and wrong content give one of this package's errors, or a result."""
    sound = store.shipped()
    try:
        built = store._build(part, store.pack(changed(shipped_arrays[part], change)))
        if part == "risk":
            loaded = replace(sound, risk=built)
        else:
            loaded = replace(sound, detectors=replace(sound.detectors, **{part: built}))
        Assessor(loaded).assess(f"{GOOD} It may sail, sources said. " * 20)
    except InvalidBundle as error:
        checks.one_line(error)
