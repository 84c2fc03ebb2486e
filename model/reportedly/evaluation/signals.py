"""The three signals measured sentence by sentence against annotated articles.

Figures follow ``docs/signals.md``: a sentence counts for a class when a source of that class is attributed
in it, and so on. Precision, recall and F1 come with 95 % percentile intervals of a bootstrap over articles
(Efron & Tibshirani 1993), since sentences of one article are not independent.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reportedly.datamodel import (
    ANONYMOUS_CLASSES,
    SOURCE_CLASSES,
    UNVERIFIED_SUPPORTS,
    Annotated,
    Document,
)
from reportedly.gold import GoldArticle, GoldSentence
from reportedly.report.summary import attribution_classes

NAMED_CLASSES = frozenset({"named_person", "named_organisation"})
RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Figure:
    """Precision, recall and F1 of one question, each with its interval, and how often it is yes."""

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
        """Return the figure as plain values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Answers:
    """What is said of one sentence, by the annotator or by the detectors."""

    furniture: bool
    classes: frozenset[str]
    hedges: tuple[str, ...]
    checkworthy: bool
    unverified: bool


def _attributes_to(source_class: str, answers: _Answers) -> bool:
    return source_class in answers.classes


_QUESTIONS: dict[str, Callable[[_Answers], bool]] = {
    "any attribution": lambda a: bool(a.classes),
    "anonymously sourced": lambda a: bool(a.classes & ANONYMOUS_CLASSES),
    "named source": lambda a: bool(a.classes & NAMED_CLASSES),
    **{f"class {name}": partial(_attributes_to, name) for name in SOURCE_CLASSES},
    "hedged": lambda a: bool(a.hedges),
    "check-worthy": lambda a: a.checkworthy,
    "unverified claim": lambda a: a.unverified,
    "furniture": lambda a: a.furniture,
}


def evaluate_signals(
    articles: Sequence[GoldArticle],
    annotate: Callable[[Document], Annotated],
    *,
    seed: int = 0,
    progress: Callable[[Iterable[GoldArticle]], Iterable[GoldArticle]] = iter,
) -> list[Figure]:
    """Return the figures of `annotate` on annotated `articles`."""
    names = [*_QUESTIONS, "hedge cue, exact"]
    counts = np.zeros((len(articles), len(names), 3), dtype=np.int64)
    for row, article in enumerate(progress(articles)):
        annotated = annotate(article.document)
        found = _predicted(article, annotated)
        gold = [_annotated(sentence) for sentence in article.sentences]
        counts[row] = _count(gold, found)
    return figures(names, counts, seed=seed)


def figures(names: Sequence[str], counts: NDArray[np.int64], *, seed: int = 0) -> list[Figure]:
    """Return one figure a name from `counts`: articles × names × (hits, false alarms, misses)."""
    rng = np.random.default_rng(seed)
    draws = rng.integers(0, len(counts), size=(RESAMPLES, len(counts)))
    weights = np.stack([np.bincount(draw, minlength=len(counts)) for draw in draws])
    resampled = np.tensordot(weights, counts, axes=1)
    points, spread = _scores(counts.sum(axis=0)), _scores(resampled)
    low, high = np.percentile(spread, [2.5, 97.5], axis=0)
    total = counts.sum(axis=0)

    def interval(i: int, k: int) -> tuple[float, float]:
        return round(float(low[i, k]), 4), round(float(high[i, k]), 4)

    return [
        Figure(
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


def _count(gold: Sequence[_Answers], found: Sequence[_Answers]) -> NDArray[np.int64]:
    """Return the hits, false alarms and misses of every question over one article's sentences."""
    out = np.zeros((len(_QUESTIONS) + 1, 3), dtype=np.int64)
    for truth, guess in zip(gold, found, strict=True):
        for i, ask in enumerate(_QUESTIONS.values()):
            yes, said = ask(truth), ask(guess)
            out[i] += (yes and said, said and not yes, yes and not said)
        cues, guesses = Counter(truth.hedges), Counter(guess.hedges)
        hits = (cues & guesses).total()
        out[-1] += (hits, guesses.total() - hits, cues.total() - hits)
    return out


def _annotated(sentence: GoldSentence) -> _Answers:
    """Return the annotator's answers for one sentence."""
    return _Answers(
        furniture=sentence.furniture,
        classes=sentence.classes,
        hedges=tuple(_normal(hedge.cue) for hedge in sentence.hedges),
        checkworthy=sentence.checkworthy,
        unverified=sentence.checkworthy and sentence.support in UNVERIFIED_SUPPORTS,
    )


def _predicted(article: GoldArticle, annotated: Annotated) -> list[_Answers]:
    """Return the detectors' answers for each sentence as the annotator cut them."""
    starts = [sentence.span.start for sentence in article.sentences]

    def at(offset: int) -> int:
        return max(0, bisect_right(starts, offset) - 1)

    classes: list[set[str]] = [set() for _ in starts]
    hedges: list[list[str]] = [[] for _ in starts]
    furniture, checkworthy, unverified = ([False] * len(starts) for _ in range(3))
    own = attribution_classes(annotated)
    for number, sentence in enumerate(annotated.segmented.sentences):
        claim = annotated.claims[number]
        for i in range(at(sentence.start), at(sentence.end - 1) + 1):
            classes[i] |= own.get(number, set())
            furniture[i] |= sentence.furniture
            checkworthy[i] |= claim.checkworthy
            unverified[i] |= claim.unverified
    for hedge in annotated.hedges:
        i = at(hedge.start)
        if not furniture[i]:
            hedges[i].append(_normal(hedge.span.of(annotated.text)))
    return [
        _Answers(
            furniture[i], frozenset(classes[i]), tuple(hedges[i]), checkworthy[i], unverified[i]
        )
        for i in range(len(starts))
    ]


def _normal(cue: str) -> str:
    """Return a cue in lower case with single spaces and straight apostrophes."""
    return " ".join(cue.lower().replace("’", "'").split())
