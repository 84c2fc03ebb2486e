"""Training's parallel work on a Dask cluster (extra ``dask``)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from reportedly.assessment.cluster import LARGE, connected


@contextmanager
def joblib_cluster(address: str) -> Iterator[None]:
    """Run joblib's parallel work, which is most of training and evaluation, on the cluster at `address`.

    Raises
    ------
    InvalidRequest
        When there is no scheduler at the address, or it has no workers.
    """
    import joblib  # noqa: PLC0415 - slow to import
    from dask.sizeof import sizeof  # noqa: PLC0415 - the extra

    from reportedly.annotation.pipeline import Detectors  # noqa: PLC0415

    # joblib sends large objects only once
    sizeof.register(Detectors, lambda _: LARGE)  # type: ignore[no-untyped-call]
    with connected(address) as client, joblib.parallel_config(backend="dask", client=client):
        yield
