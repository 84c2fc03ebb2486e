"""Full disks, read-only folders, Ctrl-C, kill -9, vanishing inputs: no output is ever incomplete.

Tested for real, with a small file system in memory and with signals.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PUMPS = ROOT / "data" / "examples" / "harbour-pumps.txt"
pytestmark = pytest.mark.slow


def start(*arguments, module: str = "reportedly") -> subprocess.Popen:
    """Start the command line in a separate process that receives Ctrl-C even if this one does not."""
    return subprocess.Popen(
        [sys.executable, "-m", module, *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads here
    )  # fmt: skip


def run(*arguments) -> tuple[int, str]:
    """Run the command line; return its status and standard error."""
    process = start(*arguments)
    _, told = process.communicate(timeout=300)
    return process.returncode, told.decode()


def table(path: Path, rows: int) -> Path:
    """Write a table of real articles, repeated."""
    text = PUMPS.read_text(encoding="utf-8")
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps({"id": n, "text": text}) + "\n" for n in range(rows))
    return path


def calm(told: str) -> None:
    """Check that a run reported the fault in this program's own lines."""
    assert "Traceback" not in told, told
    lines = list(filter(None, told.splitlines()))  # click ends the terminal's ^C with an empty line
    assert lines
    assert all(line.startswith("reportedly: ") for line in lines), told


def wait_for(condition, seconds: float = 120.0) -> None:
    """Wait until `condition()` holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    """Return a file system of 64 KB; skip the test if none can be mounted."""
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    with contextlib.suppress(FileNotFoundError):
        if subprocess.run(command, check=False, capture_output=True).returncode == 0:
            try:
                yield folder
            finally:
                subprocess.run(["umount", "-l", str(folder)], check=True)
            return
    pytest.skip("no file system may be mounted here")


def files(folder: Path) -> list[str]:
    """Return the names of the files below a folder."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("form", ["json", "html"])
def test_a_full_disk_leaves_what_was_there(small_disk, form):
    """`score -o` on a full disk reports it, keeps the older output, and leaves no partial file."""
    output = small_disk / "out"
    output.write_text("older")
    (small_disk / "filler").write_bytes(b"x" * 56_000)
    status, told = run("score", PUMPS, "--format", form, "-o", output)
    assert status == 2
    calm(told)
    assert "No space left" in told
    assert output.read_text() == "older"
    assert files(small_disk) == ["filler", "out"]


def test_a_batch_on_a_full_disk_carries_on_when_there_is_room(small_disk, tmp_path):
    """Finished parts are kept; with space and --resume the batch ends with every row once."""
    source = table(tmp_path / "in.jsonl", 600)
    output = small_disk / "out.csv"
    (small_disk / "filler").write_bytes(b"x" * 44_000)
    status, told = run("batch", source, "-o", output, "-j", "1", "-q")
    assert status == 2
    calm(told)
    assert "No space left" in told
    assert not output.exists()
    (small_disk / "filler").unlink()
    subprocess.run(["mount", "-o", "remount,size=4m", str(small_disk)], check=True)
    assert run("batch", source, "-o", output, "-j", "1", "-q", "--resume")[0] == 0
    rows = output.read_text().splitlines()
    assert [int(row.split(",")[0]) for row in rows[1:]] == list(range(600))
    known = ".out.csv.run.json"  # what a later --resume knows the run by
    assert files(small_disk) == [known, "out.csv"]


def test_training_on_a_full_disk_leaves_no_bundle(small_disk):
    """The manifest is written last, so an incomplete bundle is not taken for one."""
    code = (
        "import numpy as np, sys; from reportedly import bundle; "
        "bundle.save_bundle(sys.argv[1], {p: {'a': np.random.rand(9000)} for p in bundle.PARTS}, card='x')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(small_disk / "b")], capture_output=True, check=False
    )
    assert done.returncode
    assert "manifest.json" not in files(small_disk)
    status, told = run("score", PUMPS, "--bundle", small_disk / "b")
    assert status == 2
    calm(told)


@pytest.mark.parametrize("command", ["score", "batch"])
def test_a_place_that_takes_nothing_is_named(command, tmp_path):
    """A system folder that cannot be written gives one clear line, before or after the work."""
    source = table(tmp_path / "in.jsonl", 2) if command == "batch" else PUMPS
    options = [] if command == "batch" else ["--format", "json"]
    status, told = run(command, source, *options, "-o", "/proc/out.csv")
    assert status == 2
    calm(told)
    assert "/proc/out.csv" in told


def test_standard_output_that_is_full_is_said():
    """`reportedly score … > /dev/full` reports the failure."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "reportedly", "score", str(PUMPS)],
            stdout=full, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    calm(done.stderr.decode())


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_ends_a_batch_with_130_and_a_resumable_state(tmp_path, jobs):
    """There is one line and no traceback or partial file; --resume gives every row once."""
    source, output = table(tmp_path / "in.jsonl", 900), tmp_path / "out.jsonl"
    process = start("batch", source, "-o", output, "-j", jobs, "-q")
    wait_for(lambda: any(tmp_path.glob("out.jsonl.parts/rows-*")))
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 130, told
    calm(told.decode())
    assert len(told.strip().splitlines()) == 1
    assert not output.exists()
    assert not list(tmp_path.rglob("*.tmp"))
    assert run("batch", source, "-o", output, "-j", jobs, "-q", "--resume")[0] == 0
    rows = [json.loads(line) for line in output.read_text().splitlines()]
    assert [row["row"] for row in rows] == list(range(900))


def test_ctrl_c_ends_a_score_with_130(tmp_path):
    """There is no traceback, the older output is kept, and no partial file is left."""
    source, output = table(tmp_path / "in.jsonl", 3_000), tmp_path / "out.jsonl"
    output.write_text("older")
    process = start("score", source, "--format", "jsonl", "-o", output)
    wait_for(lambda: any(tmp_path.glob(".out.jsonl.*")))
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 130, told
    calm(told.decode())
    assert output.read_text() == "older"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_an_input_that_goes_while_it_is_read(tmp_path):
    """A table truncated during a batch gives an error or the rows that were read, never a partial file."""
    source, output = table(tmp_path / "in.jsonl", 900), tmp_path / "out.jsonl"
    process = start("batch", source, "-o", output, "-j", "1", "-q")
    wait_for(lambda: any(tmp_path.glob("out.jsonl.parts/rows-*")))
    os.truncate(source, 1_000)
    source.unlink()
    _, told = process.communicate(timeout=120)
    assert b"Traceback" not in told
    if process.returncode == 0:
        numbers = [json.loads(line)["row"] for line in output.read_text().splitlines()]
        assert numbers == list(range(len(numbers)))
    else:
        assert not output.exists()


def test_a_terminal_that_goes_away(tmp_path):
    """A reader that stops reading (head) is not an error."""
    code = f"{sys.executable} -m reportedly score {PUMPS} {PUMPS} --format jsonl | head -c 10"
    done = subprocess.run(["bash", "-c", code], capture_output=True, check=False)
    assert b"Traceback" not in done.stderr
