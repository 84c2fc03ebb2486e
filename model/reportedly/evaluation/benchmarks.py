"""The detectors as they ship, on public benchmarks that they were not made for: hedges, claims, pronouns.

Nothing is trained here, so the figures show how well the bundle generalises beyond news, not what could be reached.

- BioScope, full papers (Vincze et al. 2008): uncertain sentences, those with a speculation cue; the words of scopes, given the cues,
  and, for comparison, all words from the cue to the end of the sentence.
- UW factuality, dev (Lee et al. 2015): weakened events, whose absolute factuality is below ``CERTAIN``; found if a hedge weakens them.
- ClaimBuster, ground truth (Arslan et al. 2020): check-worthy sentences of debates.
- CheckThat! 2019 task 1 (Atanasova et al. 2019): lines of each debate by check-worthiness, mean average precision.
- GAP, test (Webster et al. 2018): whom a pronoun refers to, if the ledger takes that pronoun for a source.
"""

from __future__ import annotations

import csv
import gzip
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from sklearn.metrics import average_precision_score

from reportedly.annotation.hedging.detect import scope
from reportedly.corpora.gold import overlaps, read_compressed
from reportedly.datamodel import Annotated, Document, Source, Span
from reportedly.reading.segmentation import tokenise

CERTAIN = 2.0
"""An event is weakened when the absolute value of its factuality (−3 to 3) is below this."""

_APART = "\n\n"
_AT_ONCE = 40
"""How many sentences without context are put into one document."""

Annotate = Callable[[Iterable[Document]], Iterator[Annotated]]


class BenchmarkFigure(NamedTuple):
    """One figure of a benchmark: `value` from 0 to 1, over `of` items."""

    benchmark: str
    name: str
    value: float
    of: int


@dataclass(frozen=True, slots=True)
class _Judged:
    """A row of a benchmark with what was found in it: spans of hedges' scopes and cues, and its claims."""

    row: Mapping[str, Any]
    hedged: bool
    weakened: tuple[Span, ...]
    checkworthy: bool
    chance: float


def benchmark_figures(folder: Path, annotate: Annotate) -> list[BenchmarkFigure]:
    """Return the figures of the benchmarks whose files are in `folder`, which has ``spans/`` and ``coref/``.

    `annotate` yields the annotation of each document, in order.
    """
    figures: list[BenchmarkFigure] = []
    for name, measure in _MEASURES.items():
        place = folder / "spans" / f"{name}.jsonl.gz"
        if place.is_file():
            figures += measure(read_compressed(place), annotate)
    gap = folder / "coref" / "gap-test.tsv.gz"
    return figures + (_pronouns(gap, annotate) if gap.is_file() else [])


def _bioscope(rows: Sequence[Mapping[str, Any]], annotate: Annotate) -> list[BenchmarkFigure]:
    papers = [r for r in rows if r["split"] == "full_papers"]
    judged = _judged(papers, annotate)
    truth = [any(cue[2] == "speculation" for cue in j.row["cues"]) for j in judged]
    sentences = _found(_BIOSCOPE, "uncertain sentence", truth, [j.hedged for j in judged])
    return [*sentences, *_scopes(papers)]


_BIOSCOPE = "BioScope, full papers"


def _scopes(rows: Sequence[Mapping[str, Any]]) -> list[BenchmarkFigure]:
    """Return F1 of the words in the scopes of given speculation cues, and, for comparison, of all words to the end of the sentence."""
    tallies = {"F1 of its words": [0, 0], "F1 of the words to the end": [0, 0]}
    scopes = 0
    for row in rows:
        tokens = tokenise(row["text"])
        known = {number: (start, end) for start, end, number in row["scopes"]}
        for start, end, kind, number in row["cues"]:
            if kind != "speculation" or number not in known:
                continue
            first, last, low, high = (
                bisect_left(tokens.starts, at) for at in (start, end, *known[number])
            )
            found = range(*scope(tokens.forms, first, last, (0, len(tokens)), "epistemic"))
            scopes += 1
            for tally, given in zip(
                tallies.values(), (found, range(first, len(tokens))), strict=True
            ):
                tally[0] += len({*range(low, high)} & {*given})
                tally[1] += high - low + len(given)
    return [
        BenchmarkFigure(_BIOSCOPE, f"scope of a cue, {name}", 2 * both / max(1, total), scopes)
        for name, (both, total) in tallies.items()
    ]


def _factuality(rows: Sequence[Mapping[str, Any]], annotate: Annotate) -> list[BenchmarkFigure]:
    dev = [r for r in rows if r["split"] == "dev"]
    dev = [{**r, "doc": n // _AT_ONCE} for n, r in enumerate(dev)]
    truth, found = [], []
    for judged in _judged(dev, annotate):
        for start, _, value in judged.row["events"]:
            truth.append(abs(value) < CERTAIN)
            found.append(any(span.start <= start < span.end for span in judged.weakened))
    return _found("UW factuality, dev", "weakened event", truth, found)


def _claimbuster(rows: Sequence[Mapping[str, Any]], annotate: Annotate) -> list[BenchmarkFigure]:
    judged = _judged([r for r in rows if r["split"] == "groundtruth"], annotate)
    truth = [j.row["label"] == 1 for j in judged]
    ranked = float(average_precision_score(truth, [j.chance for j in judged]))
    name = "ClaimBuster, ground truth"
    return [
        *_found(name, "check-worthy sentence", truth, [j.checkworthy for j in judged]),
        BenchmarkFigure(name, "average precision", ranked, len(judged)),
    ]


def _checkthat(rows: Sequence[Mapping[str, Any]], annotate: Annotate) -> list[BenchmarkFigure]:
    judged = _judged(rows, annotate)
    debates = [list(some) for _, some in groupby(judged, key=lambda j: j.row["doc"])]
    scores = [
        average_precision_score([j.row["label"] for j in debate], [j.chance for j in debate])
        for debate in debates
    ]
    return [
        BenchmarkFigure(
            "CheckThat! 2019", "mean average precision", float(np.mean(scores)), len(scores)
        )
    ]


_MEASURES: Mapping[str, Callable[[Sequence[Mapping[str, Any]], Annotate], list[BenchmarkFigure]]] = {
    "bioscope": _bioscope, "uw_factuality": _factuality, "claimbuster": _claimbuster, "ct19_t1": _checkthat,
}  # fmt: skip


def _found(
    benchmark: str, name: str, truth: Sequence[bool], found: Sequence[bool]
) -> list[BenchmarkFigure]:
    """Return precision, recall and F1 of `found`; 0 where undefined."""
    right = sum(t and f for t, f in zip(truth, found, strict=True))
    parts = {
        "precision": right / max(1, sum(found)), "recall": right / max(1, sum(truth)),
        "F1": 2 * right / max(1, sum(found) + sum(truth)),
    }  # fmt: skip
    return [
        BenchmarkFigure(benchmark, f"{name}, {part}", value, len(truth))
        for part, value in parts.items()
    ]


def _judged(rows: Sequence[Mapping[str, Any]], annotate: Annotate) -> list[_Judged]:
    """Return rows, each a text of its document `doc`, with what was found in that document."""
    documents = [list(some) for _, some in groupby(rows, key=lambda row: row["doc"])]
    texts = (Document(_APART.join(row["text"] for row in some)) for some in documents)
    return [
        judged
        for some, annotated in zip(documents, annotate(texts), strict=True)
        for judged in _rows(some, annotated)
    ]


def _rows(rows: Sequence[Mapping[str, Any]], annotated: Annotated) -> Iterator[_Judged]:
    """Yield the rows of one document with what was found in it."""
    ends = np.cumsum([len(row["text"]) + len(_APART) for row in rows]).tolist()
    spans = [
        Span(end - len(row["text"]) - len(_APART), end - len(_APART))
        for row, end in zip(rows, ends, strict=True)
    ]
    hedges = [hedge for hedge in annotated.hedges if hedge.kind != "approximator"]
    scopes = [hedge.scope or hedge.span for hedge in hedges]
    within = overlaps(spans, [hedge.span for hedge in hedges])
    sentences = overlaps(spans, [sentence.span for sentence in annotated.segmented.sentences])
    for row, span, cues, parts in zip(rows, spans, within, sentences, strict=True):
        claims = [annotated.claims[number] for number in parts]
        yield _Judged(
            row=row,
            hedged=bool(cues),
            weakened=tuple(
                Span(scopes[n].start - span.start, scopes[n].end - span.start) for n in cues
            ),
            checkworthy=any(claim.checkworthy for claim in claims),
            chance=max((claim.checkworthiness for claim in claims), default=0.0),
        )


def _pronouns(place: Path, annotate: Annotate) -> list[BenchmarkFigure]:
    """Return how often the ledger takes the benchmark's pronouns for sources, and whom they are resolved to."""
    with gzip.open(place, "rt", encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    seen = annotate(Document(row["Text"]) for row in rows)
    told = [_meant(row, annotated) for row, annotated in zip(rows, seen, strict=True)]
    taken = [one for one in told if one is not None]
    shares = [
        BenchmarkFigure("GAP, test", f"pronoun that is a source: {what}", taken.count(what) / max(1, len(taken)), len(taken))
        for what in ("right", "unclear", "wrong")
    ]  # fmt: skip
    return [BenchmarkFigure("GAP, test", "pronoun taken for a source", len(taken) / max(1, len(rows)), len(rows)), *shares]  # fmt: skip


def _meant(row: Mapping[str, str], annotated: Annotated) -> str | None:
    """Return whether the source of a passage's pronoun is right, unclear or wrong; None if the pronoun is not a source.

    It is right if the ledger line has a mention at the place of the name that the pronoun refers to, or has that name;
    if the pronoun refers to neither name, it is right if the line has neither.
    """
    at = int(row["Pronoun-offset"])
    given = next((a for a in annotated.attributions if any(s.start == at for s in a.source)), None)
    if given is None or not (given.source_id or given.unclear):
        return None
    if given.unclear:
        return "unclear"
    line = next(source for source in annotated.sources if source.id == given.source_id)
    called = {name: _called(line, row[name], int(row[f"{name}-offset"])) for name in "AB"}
    expected = {name: row[f"{name}-coref"].upper() == "TRUE" for name in "AB"}
    return "right" if called == expected else "wrong"


def _called(line: Source, name: str, at: int) -> bool:
    """Tell whether a ledger line has a name that is at an offset."""
    words = set(name.split())
    mentioned = any(span.start <= at < span.end for span in line.mentions)
    return mentioned or not words.isdisjoint(line.label.split())
