"""The analysis as a whole and stage by stage, as it is timed."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from reportedly.annotate import Annotated
from reportedly.assessment import Assessor
from reportedly.attribution import find_attributions
from reportedly.claims import find_claims
from reportedly.furniture import find_furniture
from reportedly.hedges import find_hedges
from reportedly.reading import read_bytes
from reportedly.segment import segment
from reportedly.signals import SIGNALS
from reportedly.sources import resolve_sources

Timed = Callable[[str, Callable[..., Any]], Callable[..., Any]]

clock: Callable[[], float] = time.perf_counter
"""What tells the time; `bench.py` may put processor time here."""


def whole() -> Callable[[Sequence[str]], None]:
    """Return a function that assesses texts from their bytes, one by one."""
    assessor = Assessor()

    def run(texts: Sequence[str]) -> None:
        for text in texts:
            assessor.assess(read_bytes(text.encode()))

    return run


def staged(texts: Sequence[str]) -> dict[str, float]:
    """Return the seconds that each stage takes for all of `texts`, in order of the flow."""
    spent: dict[str, float] = {}

    def timed(name: str, run: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            begun = clock()
            result = run(*arguments)
            spent[name] = spent.get(name, 0.0) + clock() - begun
            return result

        return call

    bundle = Assessor().bundle
    for text in texts:
        _analyse(text, bundle, timed)
    return spent


def _analyse(text: str, bundle: Any, timed: Timed) -> None:
    """Run all stages on one text, each under its name."""
    detectors = bundle.detectors
    document = timed("read", read_bytes)(text.encode())
    parts = timed("segment", segment)(document)
    timed("furniture", find_furniture)(parts)
    parts = segment(document, find_furniture)
    found = timed("attribution", find_attributions)(parts, detectors.attribution)
    attributions, sources = timed("sources", resolve_sources)(parts, found, detectors.sources)
    hedges = timed("hedges", find_hedges)(parts, attributions, detectors.hedging)
    claims = timed("claims", find_claims)(parts, attributions, sources, hedges, detectors.claims)
    annotated = Annotated(parts, attributions, sources, hedges, claims)
    signals = timed("signals", lambda: [signal.measure(annotated) for signal in SIGNALS])()
    scores = {signal.name: signal.score for signal in signals}
    timed("features and risk", lambda: bundle.risk.assess(annotated, scores=scores))()


def peak_memory() -> int:
    """Return the most bytes that this process has held."""
    status = Path("/proc/self/status")
    if status.is_file():  # ru_maxrss on Linux inherits the parent's peak
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
