"""Score chunks in this process, in others, or on a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cache

from reportedly.assessment.scoring import Chunk, Scorer, ScorerFactory, score_chunk
from reportedly.errors import InvalidRequest

Submit = Callable[[Chunk], "Future[bytes]"]


def bounded(chunks: Iterable[Chunk], submit: Submit, most: int) -> Iterator[tuple[Chunk, bytes]]:
    """Yield each chunk with its result when it is done, with at most `most` chunks in progress."""
    pending: dict[Future[bytes], Chunk] = {}
    for chunk in chunks:
        pending[submit(chunk)] = chunk
        if len(pending) >= most:
            yield from _done(pending)
    while pending:
        yield from _done(pending)


def _done(pending: dict[Future[bytes], Chunk]) -> Iterator[tuple[Chunk, bytes]]:
    """Wait for at least one of `pending`; take out and yield those that are done."""
    done, _ = wait(pending, return_when=FIRST_COMPLETED)
    for future in done:
        yield pending.pop(future), future.result()


@contextmanager
def open_workers(
    scorer: ScorerFactory, jobs: int | None, scheduler: str | None
) -> Iterator[tuple[Submit, int]]:
    """Yield the function that submits a chunk, and the number of workers."""
    jobs = jobs or available_cores()
    if scheduler is not None:
        from reportedly.assessment.cluster import cluster_workers  # noqa: PLC0415 - an extra

        with cluster_workers(scheduler, scorer) as found:
            yield found
    elif jobs == 1:
        yield _at_once(scorer), 1
    else:
        with _process_pool(scorer, jobs) as pool:
            yield (lambda chunk: pool.submit(_score_here, scorer, chunk)), jobs


def available_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _at_once(scorer: ScorerFactory) -> Submit:
    """Return a function that scores a chunk in this process, now."""

    def submit(chunk: Chunk) -> Future[bytes]:
        future: Future[bytes] = Future()
        future.set_result(_score_here(scorer, chunk))
        return future

    return submit


@contextmanager
def _process_pool(scorer: ScorerFactory, jobs: int) -> Iterator[Executor]:
    """Yield a pool of new processes; they are ended at once if the block raises."""
    context = multiprocessing.get_context("spawn")  # a fork would inherit Arrow's threads and locks
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_prepare, initargs=(scorer,))
    try:
        yield pool
    except BrokenProcessPool:
        raise InvalidRequest(
            "a worker process died (out of memory?); continue with --resume, perhaps with fewer --jobs"
        ) from None
    except BaseException:
        for process in list((pool._processes or {}).values()):  # noqa: SLF001 - no public way before Python 3.14
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _prepare(scorer: ScorerFactory) -> None:
    """Make a worker process ready: it loads the bundle, and ends when its parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles Ctrl-C
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _scorer_here(scorer)
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - workers alone need it

    threadpool_limits(1)  # one process per core: more threads would compete for the cores


def _leave_with_parent() -> None:
    """End this process when its parent has ended, even by ``kill -9``."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@cache
def _scorer_here(scorer: ScorerFactory) -> Scorer:
    """Return the scorer of this process, made once."""
    return scorer()


def _score_here(scorer: ScorerFactory, chunk: Chunk) -> bytes:
    return score_chunk(chunk, _scorer_here(scorer))
