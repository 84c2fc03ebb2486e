"""Batches killed at any moment, and batches on a real Dask cluster that loses a worker."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from reportedly.assessment.checkpoints import checkpoints_folder
from reportedly.assessment.scoring import BundleScorer
from reportedly.assessment.tables import assess_table
from reportedly.bundle import shipped
from reportedly.cli.evaluate import evaluate_command as evaluate
from reportedly.errors import InvalidRequest
from reportedly.training.risk import train_risk
from reportedly.training.runs import config_for, work_on

sys.path.append(str(Path(__file__).parents[1]))  # worker processes must find the fakes too

import batch_fakes
from batch_fakes import FakeScorer

pytestmark = pytest.mark.slow
TESTS = Path(__file__).parents[1]


def environment() -> dict[str, str]:
    """Return this process's environment with the fakes on Python's path."""
    paths = os.pathsep.join(filter(None, (str(TESTS), os.environ.get("PYTHONPATH"))))
    return {**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}


def run_whole(source: Path, output: Path) -> pd.DataFrame:
    """Return what an undisturbed run in one process writes."""
    assess_table(source, output, scorer=FakeScorer(), jobs=1, chunk_rows=10)
    return pd.read_parquet(output)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_kill_9_at_any_moment_then_resume_gives_every_row_once(tmp_path, jobs):
    """A batch killed again and again ends with the same bytes as an undisturbed one.

    Every third time it is killed at once, otherwise some time after it has made progress, however slow the machine.
    """
    source = batch_fakes.write_table(tmp_path / "in.jsonl", 400)
    output = tmp_path / "out.parquet"
    code = "from batch_fakes import main; main()"
    command = [sys.executable, "-c", code, str(source), str(output), jobs, "0.01"]
    chance = random.Random(7)
    kills = 0
    while not output.exists():
        before = parts_done(output)
        process = subprocess.Popen(command, env=environment())
        if kills % 3:
            wait_for(
                lambda p=process, n=before: p.poll() is not None or parts_done(output) > n, 300
            )
        try:
            process.wait(timeout=chance.uniform(0.1, 1.5))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            kills += 1
        assert kills < 70, "no progress"
    if checkpoints_folder(output).exists():  # killed between the last two steps
        subprocess.run(command, env=environment(), check=True)
    assert kills >= 2
    run_whole(source, tmp_path / "whole.parquet")
    assert output.read_bytes() == (tmp_path / "whole.parquet").read_bytes()


def parts_done(output: Path) -> int:
    """Return how many parts of a batch's output exist."""
    return len(list(checkpoints_folder(output).glob("rows-*")))


def test_workers_end_with_a_killed_parent(tmp_path):
    """No worker process outlives the batch that started it."""
    source = batch_fakes.write_table(tmp_path / "in.jsonl", 400)
    code = "from batch_fakes import main; main()"
    command = [sys.executable, "-c", code, str(source), str(tmp_path / "o.csv"), "2", "0.05"]
    process = subprocess.Popen(command, env=environment(), start_new_session=True)
    try:
        wait_for(lambda: any(tmp_path.glob("o.csv.parts/rows-*")))
        process.kill()
        process.wait()
        wait_for(lambda: not group_is_alive(process.pid))
    finally:
        if group_is_alive(process.pid):
            os.killpg(process.pid, signal.SIGKILL)


def group_is_alive(group: int) -> bool:
    """Tell whether the process group has a member."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(condition, seconds: float = 30.0) -> None:
    """Wait until `condition()` holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


class Cluster:
    """A scheduler and worker processes on loopback, ended with the test."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
        self.folder = folder
        self.scheduler = self._start("scheduler", "--host", self.address, "--no-dashboard")
        self.workers: list[subprocess.Popen] = []

    def _start(self, *arguments: str) -> subprocess.Popen:
        command = [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]]
        with (self.folder / "cluster.log").open("ab") as log:
            return subprocess.Popen(command, env=environment(), stdout=log, stderr=log)

    def add_worker(self) -> None:
        """Start one more worker process, without a nanny."""
        self.workers.append(
            self._start(
                "worker", self.address, "--no-nanny", "--no-dashboard", "--nthreads", "1",
                "--host", "127.0.0.1", "--local-directory", str(self.folder),
            )
        )  # fmt: skip

    def end(self) -> None:
        """End all its processes."""
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path):
    """Start a cluster with two workers that are connected."""
    distributed = pytest.importorskip("distributed", reason="needs the extra dask")
    found = Cluster(tmp_path)
    try:
        found.add_worker()
        found.add_worker()
        with distributed.Client(found.address, timeout=30, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield found
    finally:
        found.end()


def test_a_cluster_gives_the_same_output_even_when_a_worker_is_killed(cluster, tmp_path):
    """One of two workers dies half-way; the other does its rows, and the bytes are the same."""
    source = batch_fakes.write_table(tmp_path / "in.jsonl", 400)
    output = tmp_path / "out.parquet"
    killed = []

    def on_progress(progress):
        if progress.done >= 200 and not killed:
            killed.append(cluster.workers[0])
            cluster.workers[0].kill()

    outcome = assess_table(
        source, output, scorer=FakeScorer(0.005), scheduler=cluster.address, chunk_rows=10,
        on_progress=on_progress,
    )  # fmt: skip
    assert killed
    assert (outcome.rows, outcome.errors) == (400, 4)
    run_whole(source, tmp_path / "whole.parquet")
    assert output.read_bytes() == (tmp_path / "whole.parquet").read_bytes()


def test_a_cluster_is_sent_the_real_bundle_and_gives_the_same_output(cluster, tmp_path):
    """The shipped bundle is sent to each worker once; one worker dies half-way, and the bytes are the same."""
    source = write_corpus(tmp_path / "in.jsonl", times=2)
    killed = []

    def on_progress(progress):
        if progress.done >= 200 and not killed:
            killed.append(cluster.workers[0])
            cluster.workers[0].kill()

    scorer = BundleScorer(with_features=True)
    outcome = assess_table(
        source, tmp_path / "there.parquet", scorer=scorer, scheduler=cluster.address, chunk_rows=20,
        on_progress=on_progress,
    )  # fmt: skip
    assert killed
    assert (outcome.rows, outcome.errors) == (500, 0)
    assess_table(source, tmp_path / "here.parquet", scorer=scorer, jobs=1, chunk_rows=20)
    assert (tmp_path / "there.parquet").read_bytes() == (tmp_path / "here.parquet").read_bytes()


def write_corpus(path: Path, times: int) -> Path:
    """Write the project's own articles as a table, repeated so many times."""
    text = (TESTS.parent / "data" / "corpus" / "articles.jsonl").read_text(encoding="utf-8")
    path.write_text(text * times, encoding="utf-8")
    return path


@pytest.mark.filterwarnings("default")  # Dask's own advice
def test_training_on_a_cluster_learns_the_same(cluster):
    """The risk model trained on a cluster has exactly the numbers of one trained here."""
    config = config_for(None, own=TESTS.parent / "data" / "corpus", cache=None, jobs=1)
    detectors = shipped().detectors
    here = train_risk(config, detectors)
    with work_on(cluster.address):
        there = train_risk(config, detectors)
    mine, theirs = here.model.to_arrays(), there.model.to_arrays()
    assert mine.keys() == theirs.keys()
    assert all(np.array_equal(mine[name], theirs[name]) for name in mine)
    assert here.heldout.equals(there.heldout)


def test_evaluating_on_a_cluster_measures_the_same(cluster):
    """`evaluate risk` prints the same figures with a scheduler as without."""
    table = str(TESTS.parent / "data" / "corpus")
    options = ["risk", table, "--protocol", "random", "--jobs", "1", "--format", "json"]
    options += ["--cache", str(cluster.folder / "cache")]
    run = partial(CliRunner().invoke, evaluate, catch_exceptions=False, standalone_mode=False)
    there = run([*options, "--scheduler", cluster.address]).stdout
    assert json.loads(there)["articles"] > 100
    assert there == run(options).stdout


def test_no_scheduler_is_one_clear_line(tmp_path):
    """An address without a scheduler is refused in one line that names it."""
    pytest.importorskip("distributed", reason="needs the extra dask")
    source = batch_fakes.write_table(tmp_path / "in.jsonl", 3)
    with pytest.raises(InvalidRequest, match="no Dask scheduler at tcp:"):
        assess_table(
            source, tmp_path / "out.csv", scorer=FakeScorer(), scheduler="tcp://127.0.0.1:9"
        )
