"""Measure the three signals by sentence against annotated articles.

An annotated sentence counts for a class if a source of that class is attributed in it, and so on
(``docs/signals.md``); a found sentence counts for every annotated one that it overlaps. Precision, recall
and F1 come with 95 % percentile intervals of a bootstrap over articles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportedly.corpora.gold import GoldArticle
from reportedly.datamodel import (
    ANONYMOUS_CLASSES,
    IDENTIFIED_CLASSES,
    SOURCE_CLASSES,
    Annotated,
    Document,
    folded,
)
from reportedly.evaluation.labels import (
    ArticleLabels,
    HedgeLabel,
    SentenceLabels,
    annotated_labels,
    found_labels,
    on_sentences,
)
from reportedly.evaluation.resampling import Rate, rate, resampled


@dataclass(frozen=True, slots=True)
class SignalFigures:
    """Precision, recall and F1 of one yes-no question, each with its interval, and how often the answer is yes."""

    name: str
    gold: int
    found: int
    precision: float
    recall: float
    f1: float
    precision_interval: tuple[float, float]
    recall_interval: tuple[float, float]
    f1_interval: tuple[float, float]

    def to_dict(self) -> dict[str, Any]:
        """Return the scores as plain values."""
        return asdict(self)


def _attributes_to(source_class: str, labels: SentenceLabels) -> bool:
    return source_class in labels.classes


_QUESTIONS: dict[str, Callable[[SentenceLabels], bool]] = {
    "any attribution": lambda s: bool(s.classes),
    "anonymously sourced": lambda s: bool(s.classes & ANONYMOUS_CLASSES),
    "named source": lambda s: bool(s.classes & IDENTIFIED_CLASSES),
    **{f"class {name}": partial(_attributes_to, name) for name in SOURCE_CLASSES},
    "hedged": lambda s: bool(s.hedges),
    "check-worthy": lambda s: s.checkworthy,
    "unverified claim": lambda s: s.unverified,
    "furniture": lambda s: s.furniture,
}


SOURCING = ("any attribution", "anonymously sourced", "named source", *(f"class {c}" for c in SOURCE_CLASSES))  # fmt: skip
"""The questions that are only about sources."""


def evaluate_signals(
    articles: Sequence[GoldArticle],
    annotate: Callable[[Document], Annotated],
    *,
    seed: int = 0,
    progress: Callable[[Iterable[GoldArticle]], Iterable[GoldArticle]] = iter,
) -> list[SignalFigures]:
    """Return the sentence scores of `annotate` on annotated `articles`."""
    annotated = [annotated_labels(article) for article in articles]
    found = [found_labels(annotate(article.document)) for article in progress(articles)]
    return sentence_figures(annotated, found, seed=seed)


def sentence_figures(
    annotated: Sequence[ArticleLabels], found: Sequence[ArticleLabels], *, seed: int = 0
) -> list[SignalFigures]:
    """Return the scores of every question, and of hedge cues, over the annotated sentences."""
    counts = np.stack([_count(*_aligned(*pair)) for pair in zip(annotated, found, strict=True)])
    return signal_scores([*_QUESTIONS, "hedge cue, exact"], counts, seed=seed)


def detail_rates(
    annotated: Sequence[ArticleLabels], found: Sequence[ArticleLabels], *, seed: int = 0
) -> list[Rate]:
    """Return how often the voice of hedges, the support of claims and its pointer are right.

    Voice is measured on hedges whose cue is found exactly; support and pointer on sentences that are check-worthy in the
    annotation and for the reader. A pointer is right if one of its sentences is among the annotated ones, or
    both have none. A score that the reader or the annotation does not provide has the value None.
    """
    aligned = [_aligned(*pair) for pair in zip(annotated, found, strict=True)]
    names = ("hedge voice", "support, seven kinds", "support, nine kinds", "support pointer")
    counts = np.stack([_details(*pair) for pair in aligned])
    return [rate(name, counts[:, n, 0], counts[:, n, 1], seed) for n, name in enumerate(names)]


def support_table(
    annotated: Sequence[ArticleLabels], found: Sequence[ArticleLabels]
) -> dict[str, dict[str, int]]:
    """Return how often each annotated kind of support was found as which kind; "-" if the reader finds no claim."""
    table: dict[str, Counter[str]] = {}
    for pair in zip(annotated, found, strict=True):
        for truth, guess in zip(*_aligned(*pair), strict=True):
            if truth.checkworthy:
                kinds = table.setdefault(truth.support or "-", Counter())
                kinds[guess.support or "-"] += 1
    return {kind: dict(sorted(counts.items())) for kind, counts in sorted(table.items())}


def signal_scores(
    names: Sequence[str], counts: NDArray[np.int64], *, seed: int = 0
) -> list[SignalFigures]:
    """Return one score per name from `counts` of shape (articles, names, 3): hits, false alarms, misses."""
    points, spread = _scores(counts.sum(axis=0)), _scores(resampled(counts, seed))
    low, high = np.percentile(spread, [2.5, 97.5], axis=0)
    total = counts.sum(axis=0)

    def interval(i: int, k: int) -> tuple[float, float]:
        return round(float(low[i, k]), 4), round(float(high[i, k]), 4)

    return [
        SignalFigures(
            name=name,
            gold=int(total[i, 0] + total[i, 2]),
            found=int(total[i, 0] + total[i, 1]),
            precision=round(float(points[i, 0]), 4),
            recall=round(float(points[i, 1]), 4),
            f1=round(float(points[i, 2]), 4),
            precision_interval=interval(i, 0),
            recall_interval=interval(i, 1),
            f1_interval=interval(i, 2),
        )
        for i, name in enumerate(names)
    ]


def _scores(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return precision, recall and F1 along the last axis of (hits, false alarms, misses)."""
    hits, alarms, misses = (counts[..., k].astype(float) for k in range(3))
    with np.errstate(invalid="ignore", divide="ignore"):
        precision, recall = hits / (hits + alarms), hits / (hits + misses)
        f1 = 2 * hits / (2 * hits + alarms + misses)
    scores: NDArray[np.float64] = np.nan_to_num(np.stack([precision, recall, f1], axis=-1))
    return scores


def _aligned(
    annotated: ArticleLabels, found: ArticleLabels
) -> tuple[Sequence[SentenceLabels], Sequence[SentenceLabels]]:
    """Return the annotated sentences of one article, and the reader's labels of each."""
    spans = [sentence.span for sentence in annotated.sentences]
    return annotated.sentences, on_sentences(found, spans).sentences


def _count(
    annotated: Sequence[SentenceLabels], found: Sequence[SentenceLabels]
) -> NDArray[np.int64]:
    """Return the hits, false alarms and misses of every question over one article's sentences."""
    out = np.zeros((len(_QUESTIONS) + 1, 3), dtype=np.int64)
    for truth, guess in zip(annotated, found, strict=True):
        for i, ask in enumerate(_QUESTIONS.values()):
            yes, said = ask(truth), ask(guess)
            out[i] += (yes and said, said and not yes, yes and not said)
        cues, guesses = _cues(truth.hedges), _cues(guess.hedges)
        hits = (cues & guesses).total()
        out[-1] += (hits, guesses.total() - hits, cues.total() - hits)
    return out


def _details(
    annotated: Sequence[SentenceLabels], found: Sequence[SentenceLabels]
) -> NDArray[np.int64]:
    """Return the numbers of right answers and of questions for the four details, over one article's sentences."""
    out = np.zeros((4, 2), dtype=np.int64)
    for truth, guess in zip(annotated, found, strict=True):
        out[0] += _voices(truth.hedges, guess.hedges)
        if not (truth.checkworthy and guess.checkworthy):
            continue
        out[1] += (_folded(truth.support) == _folded(guess.support), 1)
        if truth.nine_kinds and guess.nine_kinds:
            out[2] += (truth.support == guess.support, 1)
        if truth.pointer is not None and guess.pointer is not None:
            out[3] += (_points(truth, guess), 1)
    return out


def _folded(support: str | None) -> str | None:
    """Return a support as one of seven kinds; None stays None."""
    return folded(support) if support else None  # type: ignore[arg-type] # an annotated kind


def _points(truth: SentenceLabels, guess: SentenceLabels) -> bool:
    """Tell whether a pointer is right."""
    if not truth.pointer or not guess.pointer:
        return not truth.pointer and not guess.pointer
    return any(one.overlaps(other) for one in guess.pointer for other in truth.pointer)


def _voices(truth: Sequence[HedgeLabel], guess: Sequence[HedgeLabel]) -> tuple[int, int]:
    """Return in how many of the cues that both have the voice agrees, and how many have a voice on both sides."""
    voiced = Counter((_normal(h.cue), h.voice) for h in truth if h.voice)
    said = Counter((_normal(h.cue), h.voice) for h in guess if h.voice)
    both = _cues([h for h in truth if h.voice]) & _cues([h for h in guess if h.voice])
    return (voiced & said).total(), both.total()


def _cues(hedges: Sequence[HedgeLabel]) -> Counter[str]:
    """Return how often each cue occurs."""
    return Counter(_normal(hedge.cue) for hedge in hedges)


def _normal(cue: str) -> str:
    """Return a cue in lower case with single spaces and straight apostrophes."""
    return " ".join(cue.lower().replace("’", "'").split())
