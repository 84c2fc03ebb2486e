"""The analysis as a whole and stage by stage, for timing."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from reportedly.annotation import pipeline
from reportedly.annotation.attribution.detect import attributions_in
from reportedly.annotation.claims.read import read_claims
from reportedly.annotation.hedging.detect import hedges_in
from reportedly.annotation.sources import word_lists
from reportedly.annotation.sources.coreference import mentions
from reportedly.annotation.sources.ledger import resolve_sources
from reportedly.annotation.tokens import vocabulary
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.assessment.assessor import Assessor
from reportedly.bundle import shipped
from reportedly.datamodel import Annotated
from reportedly.reading import read_bytes
from reportedly.reading.disguises import unveil
from reportedly.reading.furniture import find_furniture
from reportedly.reading.segmentation import segment
from reportedly.signals import SIGNALS

Timed = Callable[[str, Callable[..., Any]], Callable[..., Any]]

clock: Callable[[], float] = time.perf_counter
"""The clock of the timings; `bench.py` may replace it by processor time."""


def processor_time() -> float:
    """Return the seconds of processor time of this process and its children."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def whole(*, together: bool = True) -> Callable[[Sequence[str]], None]:
    """Return a function that assesses texts from their bytes, several together or one at a time."""
    assessor = Assessor()

    def run(texts: Sequence[str]) -> None:
        documents = (read_bytes(text.encode()) for text in texts)
        if together:
            for _ in assessor.assess_many(documents):
                pass
        else:
            for document in documents:
                assessor.assess(document)

    return run


def forget() -> None:
    """Empty the caches of word forms, mentions, cues and names, so that texts are new again."""
    vocabulary._Memory.known = vocabulary.Vocabulary()
    for remembered in (mentions._read, word_lists._type_name):
        remembered.cache_clear()
    shipped().detectors.sources.classes.sums.clear()


def staged(texts: Sequence[str], size: int) -> dict[str, float]:
    """Return the seconds that each stage takes for all of `texts`, read `size` at a time, in the order of the stages."""
    spent: dict[str, float] = {}

    def timed(name: str, run: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            begun = clock()
            result = run(*arguments)
            spent[name] = spent.get(name, 0.0) + clock() - begun
            return result

        return call

    bundle = Assessor().bundle
    for start in range(0, len(texts), size):
        _analyse(texts[start : start + size], bundle, timed)
    return spent


def _analyse(texts: Sequence[str], bundle: Any, timed: Timed) -> None:
    """Run all stages on texts that are read together, each timed under its name."""
    found = bundle.detectors
    documents = [timed("read", read_bytes)(text.encode()) for text in texts]
    for document in documents:
        timed("read", unveil)(document.text)
    parts = [timed("segment", segment)(document, find_furniture) for document in documents]
    layout = timed("lay out", DocBatch.of)(*parts)
    reading = timed("reader", found.attribution.reader.read)(layout)
    given = timed("attribution", lambda *args: attributions_in(*args, reading=reading))(
        layout, found.attribution
    )
    resolve = timed(
        "sources", lambda *args: resolve_sources(*args[:3], words=args[3], reading=args[4])
    )
    pairs = [
        resolve(document, own, found.sources, words, read)
        for document, own, words, read in zip(
            parts, given, layout.each(), reading.readings, strict=True
        )
    ]
    attributions, sources = zip(*pairs, strict=True)
    hedges = timed("hedges", hedges_in)(layout, found.hedging, reading.readings)
    claims = timed("claims", read_claims)(
        layout, attributions, sources, reading.readings, found.claims
    )
    for values in zip(parts, attributions, sources, hedges, claims, strict=True):
        annotated = Annotated(*values)
        signals = timed("signals", lambda a: [signal.measure(a) for signal in SIGNALS])(annotated)
        scores = {signal.name: signal.score for signal in signals}
        timed("features and risk", lambda a, s: bundle.risk.assess(a, scores=s))(annotated, scores)


CHUNK = pipeline.CHUNK


def peak_memory() -> int:
    """Return the peak memory of this process in bytes."""
    status = Path("/proc/self/status")
    if status.is_file():  # ru_maxrss on Linux inherits the parent's peak
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
