"""Score chunks and train models on the workers of a Dask cluster (extra ``dask``).

The bundle's bytes are sent to each worker once, by a plugin that also reaches workers which join or
restart later; after that, only chunks and results are sent. A chunk whose worker dies is scored again by
another one. See Rocklin (2015), Dask: parallel computation with blocked algorithms and task
scheduling, SciPy.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any
from uuid import uuid4

from reportedly.assessment.scoring import BundleScorer, Chunk, Scorer, ScorerFactory, score_chunk
from reportedly.assessment.workers import Submit
from reportedly.errors import InvalidRequest

try:
    from distributed import Client, Worker, WorkerPlugin, get_worker
except ImportError:
    raise InvalidRequest(
        "--scheduler needs Dask: install it with pip install 'reportedly[dask]'"
    ) from None

_RETRIES = 3
"""How often a failed chunk is tried again; moving a chunk because its worker died does not count."""

_CONNECT_SECONDS = 10
LARGE = 5_000_000
"""The size in bytes reported to Dask for objects that many tasks share: that of a bundle's detectors."""


class ScorerPlugin(WorkerPlugin):
    """Sends the bundle to a worker and keeps the scorer there."""

    def __init__(self, scorer: ScorerFactory) -> None:
        self.factory = scorer
        self.files = bundle_files(scorer)
        self.version = version("reportedly")
        self.scorer: Scorer | None = None

    def setup(self, worker: Worker) -> None:
        """Make the scorer; called by Dask once in each worker."""
        del worker
        if version("reportedly") != self.version:
            raise InvalidRequest(
                f"the worker has reportedly {version('reportedly')}, the client {self.version}; "
                "install the same version"
            )
        if not isinstance(self.factory, BundleScorer):
            self.scorer = self.factory()
            return
        with tempfile.TemporaryDirectory() as folder:
            for name, data in self.files.items():
                (Path(folder) / name).write_bytes(data)
            self.scorer = replace(self.factory, bundle=folder)()


def bundle_files(scorer: ScorerFactory) -> dict[str, bytes]:
    """Return the files of the bundle that `scorer` loads, by name."""
    if not isinstance(scorer, BundleScorer):
        return {}
    return {path.name: path.read_bytes() for path in scorer.folder().iterdir() if path.is_file()}


@contextmanager
def cluster_workers(address: str, scorer: ScorerFactory) -> Iterator[tuple[Submit, int]]:
    """Yield the function that sends a chunk to the cluster at `address`, and the cluster's number of threads.

    Raises
    ------
    InvalidRequest
        When there is no scheduler at the address, or it has no workers.
    """
    with connected(address) as client:
        threads = sum(client.nthreads().values())
        name = f"reportedly-{uuid4().hex}"  # a run at the same time has another name
        client.register_plugin(ScorerPlugin(scorer), name=name)
        executor = client.get_executor(pure=False, retries=_RETRIES)

        def submit(chunk: Chunk) -> Future[bytes]:
            future: Future[bytes] = executor.submit(score_on_worker, name, chunk)
            return future

        try:
            yield submit, threads
        finally:
            executor.shutdown(wait=False)
            client.unregister_worker_plugin(name)


@contextmanager
def connected(address: str) -> Iterator[Any]:
    """Yield a client of the scheduler at `address`, which has workers.

    Raises
    ------
    InvalidRequest
        When there is no scheduler at the address, or it has no workers.
    """
    try:
        connect: Any = Client  # its methods have no types
        client = connect(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InvalidRequest(f"no Dask scheduler at {address}: {error}") from None
    with client:
        if not client.nthreads():
            raise InvalidRequest(f"{address}: the scheduler has no workers; start some")
        yield client


def score_on_worker(name: str, chunk: Chunk) -> bytes:
    """Score `chunk` with the scorer that this worker keeps under `name`."""
    plugin = get_worker().plugins[name]
    assert isinstance(plugin, ScorerPlugin)
    assert plugin.scorer is not None
    return score_chunk(chunk, plugin.scorer)
