"""Learn the class of sources from annotated mentions.

``python train.py sources`` calls :func:`train_sources`; the evaluation calls :func:`fit_source_classes` on its own splits. Two
kinds of annotation are read: mentions with class among attribution spans (PolNeAR, Newell et al. 2018,
with a table of classes), and articles annotated sentence by sentence (``docs/signals.md``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from reportedly.annotation.sources.candidates import find_attribution_candidates
from reportedly.annotation.sources.coreference.names import index_article
from reportedly.annotation.sources.coreference.resolution import resolve_coreference
from reportedly.annotation.sources.source_class import SourceModel, source_features
from reportedly.annotation.sources.statements import StatementModel, statement_features
from reportedly.corpora.gold import GoldArticle
from reportedly.corpora.polnear import MarkedArticle
from reportedly.datamodel import SOURCE_CLASSES, Attribution, Segmented, Span
from reportedly.reading.furniture import find_furniture
from reportedly.reading.segmentation import segment

SOURCES_SEED = 13
SOURCES_C = 0.7
"""Inverse of the L2 penalty, chosen by cross-validation over articles."""

STATEMENTS_C = 0.05
"""The same for statements."""

_LEAST_COUNT = 2
"""Mentions in which a feature must occur to be kept."""

_FOLDS = 4
"""Parts of the annotated articles; the statements of each learn from classes that the others taught."""


def mark_gold(article: GoldArticle, *, publisher: str = "") -> MarkedArticle:
    """Return an article annotated by sentence, its attributions located in the text."""
    text = article.document.text
    attributions: list[Attribution] = []
    classes: list[str | None] = []
    sentences: list[int] = []
    for number, sentence in enumerate(article.sentences):
        for gold in sentence.attributions:
            cue = _find(text, gold.cue, sentence.span, None)
            source = _find(text, gold.source, sentence.span, cue) or _find_near(
                text, gold.source, sentence.span
            )
            attributions.append(
                Attribution((source,) if source else (), (cue,) if cue else (), (sentence.span,))
            )
            classes.append(gold.source_class)
            sentences.append(number)
    return MarkedArticle(
        segmented=segment(article.document),
        attributions=tuple(attributions),
        classes=tuple(classes),
        sentences=tuple(sentences),
        group=article.document.id,
        publisher=publisher,
    )


def _find(text: str, words: str, within: Span, near: Span | None) -> Span | None:
    """Return where `words` stand whole in `within`, nearest to `near` if given."""
    words = words.strip()
    if not words:
        return None
    found: list[Span] = []
    at = text.find(words, within.start, within.end)
    while at >= 0:
        end = at + len(words)
        whole = not (text[at - 1 : at].isalnum() or text[end : end + 1].isalnum())
        if whole:
            found.append(Span(at, end))
        at = text.find(words, at + 1, within.end)
    if not found:
        return None
    if near is None:
        return found[0]
    middle = near.start
    return min(found, key=lambda span: abs(span.start - middle))


def _find_near(text: str, words: str, sentence: Span) -> Span | None:
    """Return where `words` stand just before or after a sentence."""
    if not words.strip():
        return None
    before = Span(max(0, sentence.start - 300), sentence.start)
    after = Span(sentence.end, min(len(text), sentence.end + 400))
    return _find(text, words, before, sentence) or _find(text, words, after, None)


@dataclass(frozen=True, slots=True)
class Example:
    """An annotated attribution to learn from: what holds of it, its class, and how much it counts."""

    features: list[str]
    source_class: str
    weight: float = 1.0


def source_examples(article: MarkedArticle) -> list[Example]:
    """Return every annotated attribution of `article` as an example."""
    index = index_article(article.segmented)
    steps, _ = resolve_coreference(index, article.attributions)
    return [
        Example(source_features(index, step, attribution), source_class, article.weight)
        for step, attribution, source_class in zip(
            steps, article.attributions, article.classes, strict=True
        )
        if source_class is not None and step.entity is not None
    ]


def fit_source_classes(taught: Iterable[Example], *, strength: float = SOURCES_C) -> SourceModel:
    """Return a model of the classes learnt from examples."""
    taught = list(taught)
    found = [example.features for example in taught]
    classes = np.array([SOURCE_CLASSES.index(example.source_class) for example in taught])
    rows = _kept_features(found)
    learner = LogisticRegression(C=strength, max_iter=500, random_state=SOURCES_SEED)
    weights = np.array([example.weight for example in taught])
    learner.fit(_matrix(found, rows), classes, sample_weight=weights)
    learnt = np.full((len(rows) + 1, len(SOURCE_CLASSES)), 0.0, np.float32)
    learnt[-1] = -20.0  # a class that training never saw
    for column, source_class in enumerate(learner.classes_):
        learnt[:-1, source_class] = learner.coef_[column]
        learnt[-1, source_class] = learner.intercept_[column]
    return SourceModel(rows, learnt.astype(np.float16).astype(np.float32))


def fit_statements(
    taught: Sequence[tuple[SourceModel, Sequence[GoldArticle]]],
    detect: Callable[[Segmented], Sequence[Attribution]],
    *,
    strength: float = STATEMENTS_C,
) -> StatementModel:
    """Return a model of statements learnt from what `detect` finds in annotated articles.

    Each model of `taught` gives the classes of the articles beside it, which it must not have seen, so that
    classes are as often wrong in training as they will be. An attribution is right where the class of its
    source is annotated in the sentence of its cue: what the reader is told of a sentence is then what
    training rewards.
    """
    found: list[list[str]] = []
    right: list[bool] = []
    for model, articles in taught:
        for article in articles:
            for names, truth in _judged(model, article, detect):
                found.append(names)
                right.append(truth)
    rows = _kept_features(found)
    learner = LogisticRegression(C=strength, max_iter=500, random_state=SOURCES_SEED)
    learner.fit(_matrix(found, rows), np.array(right))
    weights = np.append(learner.coef_[0], learner.intercept_[0])
    return StatementModel(rows, weights.astype(np.float16).astype(np.float32))


def _judged(
    model: SourceModel, article: GoldArticle, detect: Callable[[Segmented], Sequence[Attribution]]
) -> Iterator[tuple[list[str], bool]]:
    """Yield features and truth of each attribution and candidate of an article."""
    segmented = segment(article.document, find_furniture)
    index = index_article(segmented)
    given = list(detect(segmented))
    given += find_attribution_candidates(index, given)
    steps, _ = resolve_coreference(index, given)
    model.classify(index, steps, given)
    starts = [sentence.span.start for sentence in article.sentences]
    for attribution, step in zip(given, steps, strict=True):
        if step.entity is None:
            continue
        source_class = step.entity.source_class
        at = (attribution.cue or attribution.source or attribution.content)[0].start
        sentence = article.sentences[max(0, bisect_right(starts, at) - 1)]
        names = statement_features(index, step, attribution, source_class)
        yield names, source_class in sentence.classes


def _kept_features(found: Sequence[Sequence[str]]) -> dict[str, int]:
    """Return the row of each feature that occurs often enough."""
    counts = Counter(name for names in found for name in set(names))
    kept = sorted(name for name, count in counts.items() if count >= _LEAST_COUNT)
    return {name: row for row, name in enumerate(kept)}


def train_sources(
    mentions: Sequence[MarkedArticle],
    articles: Sequence[GoldArticle],
    detect: Callable[[Segmented], Sequence[Attribution]],
) -> SourceModel:
    """Return the model that ships: classes from mentions and articles, statements from articles."""
    shared = [example for article in mentions for example in source_examples(article)]
    marked = [source_examples(mark_gold(article)) for article in articles]
    fold = np.random.default_rng(SOURCES_SEED).permutation(len(articles)) % min(
        _FOLDS, len(articles)
    )
    taught = []
    for number in range(int(fold.max(initial=0)) + 1):
        others = chain.from_iterable(
            own for own, f in zip(marked, fold, strict=True) if f != number
        )
        held = [article for article, f in zip(articles, fold, strict=True) if f == number]
        taught.append((fit_source_classes([*shared, *others]), held))
    classes = fit_source_classes([*shared, *chain.from_iterable(marked)])
    return replace(classes, statements=fit_statements(taught, detect))


def _matrix(found: Sequence[Sequence[str]], rows: Mapping[str, int]) -> csr_matrix:
    """Return features as a sparse matrix of zeros and ones."""
    indices: list[int] = []
    ends = [0]
    for names in found:
        indices += sorted({rows[name] for name in names if name in rows})
        ends.append(len(indices))
    return csr_matrix(
        (np.ones(len(indices), np.float32), indices, ends), shape=(len(found), len(rows))
    )
