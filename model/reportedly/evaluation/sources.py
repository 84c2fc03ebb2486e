"""Measuring the class of sources: confusion, F1 by class, by publisher, cross-validated over articles.

Three settings: *annotated mentions* – all attributions of the article are the annotated ones; *class from the
text* – the annotated mention is known and everything else comes from the text; and *mention found as well* – it
must be found by the attribution detector or among its candidates, and counts as missed if not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold

from reportedly.annotation.sources.candidates import find_attribution_candidates
from reportedly.annotation.sources.coreference.names import index_article
from reportedly.annotation.sources.learning import fit_source_classes, source_examples
from reportedly.annotation.sources.ledger import resolve_sources
from reportedly.annotation.sources.source_class import SourceModel
from reportedly.corpora.polnear import MarkedArticle
from reportedly.datamodel import ANONYMOUS_CLASSES, SOURCE_CLASSES, Attribution, Segmented

FindAttributions = Callable[[Segmented], Sequence[Attribution]]

MISSED = "(missed)"
_COLUMNS = (*SOURCE_CLASSES, MISSED)
FOLDS = 10


@dataclass(frozen=True, slots=True)
class ClassPrediction:
    """One annotated mention: its class, the class that was found (or ``(missed)``), where it stands."""

    gold: str
    found: str
    group: str
    publisher: str
    sentence: int


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """How well classes were found: `confusion` counts gold class × found class (last column: missed)."""

    confusion: NDArray[np.int64]
    f1: dict[str, float]
    macro_f1: float
    anonymous_f1: float
    accuracy: float
    mentions: int


def predict_classes(
    articles: Sequence[MarkedArticle],
    model: SourceModel | None,
    detect: FindAttributions | None = None,
    *,
    strict: bool = False,
) -> list[ClassPrediction]:
    """Return every annotated mention of `articles` with the class that is found for it.

    Without `detect` all attributions are the annotated ones. With it they come from the text, and the
    annotated mention is added; if `strict`, it is not: it must be found, if only as a candidate.
    """
    judged: list[ClassPrediction] = []
    for article in articles:
        known = [i for i, c in enumerate(article.classes) if c is not None]
        if detect is None:
            resolved, _ = resolve_sources(
                article.segmented, article.attributions, model, only_given=True
            )
            found: list[str | None] = [resolved[i].source_class for i in known]
        else:
            found = _from_text(article, known, model, detect, strict=strict)
        judged += (
            ClassPrediction(
                gold=str(article.classes[i]),
                found=source_class or MISSED,
                group=article.group,
                publisher=article.publisher,
                sentence=article.sentences[i],
            )
            for i, source_class in zip(known, found, strict=True)
        )
    return judged


def _from_text(
    article: MarkedArticle,
    known: Sequence[int],
    model: SourceModel | None,
    detect: FindAttributions,
    *,
    strict: bool,
) -> list[str | None]:
    """Return the classes found for the annotated mentions when attributions are detected."""
    detected = list(detect(article.segmented))
    if strict:
        detected += find_attribution_candidates(index_article(article.segmented), detected)
    where: list[int | None] = []
    for i in known:
        mention = article.attributions[i]
        at = _same_mention(mention, detected)
        if not strict:
            if at is None:
                at = len(detected)
                detected.append(mention)
            else:
                detected[at] = replace(detected[at], source=mention.source)
        where.append(at)
    resolved, _ = resolve_sources(article.segmented, detected, model, only_given=True)
    return [None if at is None else resolved[at].source_class for at in where]


def _same_mention(mention: Attribution, detected: Sequence[Attribution]) -> int | None:
    """Return which detected attribution has the source (or, if elided, the cue) of `mention`."""
    best, most = None, 0
    for i, other in enumerate(detected):
        mine, theirs = (
            (mention.source, other.source) if mention.source else (mention.cue, other.cue)
        )
        shared = sum(
            max(0, min(a.end, b.end) - max(a.start, b.start)) for a in mine for b in theirs
        )
        if shared > most:
            best, most = i, shared
    return best


GIVEN, FROM_TEXT, FOUND = "annotated mentions", "class from the text", "mention found as well"
"""Names of the settings."""


def cross_validated(
    articles: Sequence[MarkedArticle],
    detect: FindAttributions | None = None,
    *,
    extra: Sequence[MarkedArticle] = (),
    folds: int = FOLDS,
) -> dict[str, list[ClassPrediction]]:
    """Return `articles` judged in each setting by models that were not trained on them.

    `extra` articles help to train in every fold; no group is in training and test at once. Without `detect`
    there is only the setting that needs none.
    """
    taught = [(article.group, source_examples(article)) for article in (*articles, *extra)]
    detected = (
        {article.segmented.text: detect(article.segmented) for article in articles}
        if detect
        else {}
    )

    def find(parts: Segmented) -> Sequence[Attribution]:
        return detected[parts.text]

    judged: dict[str, list[ClassPrediction]] = defaultdict(list)
    groups = np.array([article.group for article in articles])
    for _, test in GroupKFold(folds).split(groups, groups=groups):
        held = {groups[i] for i in test}
        model = fit_source_classes(one for group, own in taught if group not in held for one in own)
        tested = [articles[i] for i in test]
        judged[GIVEN] += predict_classes(tested, model)
        if detect is not None:
            judged[FROM_TEXT] += predict_classes(tested, model, find)
            judged[FOUND] += predict_classes(tested, model, find, strict=True)
    return dict(judged)


def source_figures(judged: Sequence[ClassPrediction]) -> SourceFigures:
    """Return confusion, F1 by class, macro-F1, and F1 of unnamed-or-vague against the rest."""
    confusion = np.zeros((len(SOURCE_CLASSES), len(_COLUMNS)), np.int64)
    for one in judged:
        row = [c == one.gold for c in SOURCE_CLASSES].index(True)
        confusion[row, _COLUMNS.index(one.found)] += 1
    square = confusion[:, : len(SOURCE_CLASSES)]
    hits, gold, found = np.diag(square), confusion.sum(axis=1), square.sum(axis=0)
    f1 = 2 * hits / np.maximum(gold + found, 1)
    present = gold > 0
    anonymous = np.array([c in ANONYMOUS_CLASSES for c in SOURCE_CLASSES])
    both = square[np.ix_(anonymous, anonymous)].sum()
    either = gold[anonymous].sum() + found[anonymous].sum()
    return SourceFigures(
        confusion=confusion,
        f1={c: round(float(v), 4) for c, v in zip(SOURCE_CLASSES, f1, strict=True)},
        macro_f1=round(float(f1[present].mean()), 4) if present.any() else 0.0,
        anonymous_f1=round(float(2 * both / max(either, 1)), 4),
        accuracy=round(float(hits.sum() / max(len(judged), 1)), 4),
        mentions=len(judged),
    )


def by_publisher(judged: Sequence[ClassPrediction]) -> dict[str, SourceFigures]:
    """Return the figures of each publisher, in alphabetical order."""
    parts: dict[str, list[ClassPrediction]] = defaultdict(list)
    for one in judged:
        parts[one.publisher].append(one)
    return {name: source_figures(parts[name]) for name in sorted(parts)}


def confusion_lines(found: SourceFigures) -> list[str]:
    """Return figures as the lines of a table: the confusion matrix, then the sums."""
    width = max(map(len, SOURCE_CLASSES))
    heads = " ".join(f"{name[:9]:>9}" for name in _COLUMNS)
    lines = [f"{'gold, found':{width}} {heads}   F1"]
    for name, row in zip(SOURCE_CLASSES, found.confusion, strict=True):
        cells = " ".join(f"{n:>9}" for n in row)
        lines.append(f"{name:{width}} {cells}   {found.f1[name]:.3f}")
    lines.append(
        f"{found.mentions} mentions: macro-F1 {found.macro_f1:.3f}, unnamed or vague F1 "
        f"{found.anonymous_f1:.3f}, accuracy {found.accuracy:.3f}"
    )
    return lines
