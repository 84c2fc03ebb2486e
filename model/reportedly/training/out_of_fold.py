"""Detectors and attributions that did not learn from the article they are asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from reportedly.annotation.attribution.detect import find_attributions
from reportedly.annotation.attribution.model import AttributionModel
from reportedly.annotation.hedging.detect import HedgeModel, find_hedges
from reportedly.annotation.pipeline import Detectors
from reportedly.annotation.sources.ledger import resolve_sources
from reportedly.annotation.tokens.word_features import WordClasses
from reportedly.bundle import store as bundles
from reportedly.corpora.gold import GoldArticle, read_gold
from reportedly.corpora.leaks import Screen, screen
from reportedly.corpora.polnear import MarkedArticle
from reportedly.datamodel import Attribution, Hedge, Segmented
from reportedly.reading.furniture import find_furniture
from reportedly.reading.segmentation import segment

if TYPE_CHECKING:
    from reportedly.annotation.hedging.learning.fitting import DistillationSet
    from reportedly.annotation.hedging.learning.teacher import Encoder


Log = Callable[[str], None]

_LESSON = 4500
"""Texts of unlabelled news that the teacher reads."""


def distillation_set(
    model: AttributionModel,
    data: Path,
    articles: Sequence[GoldArticle],
    classes: WordClasses,
    cache: Path | None,
    say: Log,
    screened: Screen | None = None,
) -> tuple[Encoder | None, DistillationSet | None]:
    """Return the teacher's reader and the hedge candidates of unlabelled news, none of it like `articles`.

    Neither, and a line said, where the encoder is not installed or ``data/corpora`` is not there.
    """
    from reportedly.annotation.hedging.detect import default_cues  # noqa: PLC0415 - heavy
    from reportedly.annotation.hedging.learning.fitting import read_news  # noqa: PLC0415
    from reportedly.annotation.hedging.learning.teacher import load_encoder  # noqa: PLC0415
    from reportedly.corpora.unlabelled import unlabelled_news  # noqa: PLC0415

    read = load_encoder(cache, say)
    if read is None:
        return None, None
    texts = unlabelled_news(data / "corpora", articles, _LESSON, screened)
    if not texts:
        say(f"no teacher: {data / 'corpora'} holds no unlabelled news")
        return None, None
    lesson = read_news(
        texts, default_cues(), classes, read, lambda parts: find_attributions(parts, model)
    )
    say(f"{len(lesson.features)} hedge candidates in unlabelled news read by the teacher")
    return read, lesson


def own_training_articles(data: Path, screened: Screen | None = None) -> list[GoldArticle]:
    """Return the articles of ``data/corpus`` that may teach: all but the test split; none if it is not there."""
    place = data / "corpus" if (data / "corpus").is_dir() else Path("data") / "corpus"
    if not place.is_dir():
        return []
    own = [article for article in read_gold(place) if article.about.get("split") != "test"]
    return (screened or screen(data)).articles("own corpus", own)


def attribution_out_of_fold(
    model: AttributionModel, articles: Sequence[GoldArticle], more: Sequence[GoldArticle]
) -> Callable[[Segmented], AttributionModel]:
    """Return what gives, for one of `articles`, a model whose sentence gate was not fitted on it.

    All gates learn from `more`, our own articles.
    """
    from reportedly.annotation.attribution.learning.fitting import reporting_folds  # noqa: PLC0415 - heavy

    apart = {a.id: m for m, held in reporting_folds(model, articles, more=more) for a in held}
    return lambda parts: apart.get(parts.document.id, model)


def attributions_out_of_fold(
    current: bundles.Bundle, data: Path, articles: Sequence[GoldArticle], folds: int = 5
) -> dict[str, tuple[Attribution, ...]]:
    """Return the attributions of each article, found and classed by models that were not fitted on it."""
    from reportedly.annotation.sources.learning import train_sources  # noqa: PLC0415 - heavy

    unseen = attribution_out_of_fold(
        current.detectors.attribution, articles, own_training_articles(data)
    )

    def detect(parts: Segmented) -> tuple[Attribution, ...]:
        return find_attributions(parts, unseen(parts))

    mentions = source_mentions(data)
    fold = np.random.default_rng(0).permutation(len(articles)) % folds
    found: dict[str, tuple[Attribution, ...]] = {}
    for number in range(folds):
        teaching = [a for a, f in zip(articles, fold, strict=True) if f != number]
        model = train_sources(mentions, teaching, detect)
        for article in (a for a, f in zip(articles, fold, strict=True) if f == number):
            parts = segment(article.document, find_furniture)
            found[article.id] = resolve_sources(parts, detect(parts), model)[0]
    return found


def detectors_out_of_fold(
    current: bundles.Bundle,
    data: Path,
    articles: Sequence[GoldArticle],
    folds: int,
    say: Log,
    cache: Path | None = None,
) -> Iterator[tuple[Detectors, list[GoldArticle]]]:
    """Yield detectors that learnt nothing from some of the articles, and those: for honest measuring.

    All but the attribution network is trained anew in each fold, as the trainers of this module train it; the
    network never saw these articles. `cache` is the folder that keeps the teacher's states.
    """
    from reportedly.annotation.attribution.learning.fitting import (  # noqa: PLC0415 - heavy
        reporting_sentences,
        reporting_weights,
    )
    from reportedly.annotation.claims.detect import sources_per_sentence  # noqa: PLC0415
    from reportedly.annotation.claims.learning.fitting import train_claims  # noqa: PLC0415
    from reportedly.annotation.hedging.learning.fitting import train_hedging  # noqa: PLC0415
    from reportedly.annotation.sources.learning import train_sources  # noqa: PLC0415

    spans, classes = data / "spans", current.detectors.hedging.classes
    mentions, own = source_mentions(data), own_training_articles(data)
    read, lesson = distillation_set(
        current.detectors.attribution, data, articles, classes, cache, say
    )
    fold = np.random.default_rng(1).permutation(len(articles)) % folds
    for number in range(folds):
        others = [a for a, f in zip(articles, fold, strict=True) if f != number]
        teaching = screen(data).articles("gold", others)
        network = current.detectors.attribution
        gate = reporting_weights(reporting_sentences(teaching, network, own))
        attribution = replace(network, reporting=gate)
        unseen = attribution_out_of_fold(attribution, teaching, own)
        sources = train_sources(mentions, teaching, partial(_attributions, unseen))
        within = replace(
            current, detectors=replace(current.detectors, attribution=attribution, sources=sources)
        )
        more = [*teaching, *own]
        seen = attributed(within, more)
        hedges = train_hedging(
            teaching, classes, partial(_given, seen), more=own, read=read, lesson=lesson
        )
        found = seen | attributions_out_of_fold(within, data, teaching, folds=3)
        claims = train_claims(
            more, spans, classes, partial(sources_and_hedges, found, hedges, sources_per_sentence)
        )
        say(f"fold {number + 1} of {folds} trained on {len(teaching)} articles")
        held = [a for a, f in zip(articles, fold, strict=True) if f == number]
        yield Detectors(attribution, hedges, claims, sources), held


def _attributions(
    unseen: Callable[[Segmented], AttributionModel], parts: Segmented
) -> tuple[Attribution, ...]:
    return find_attributions(parts, unseen(parts))


def _given(
    found: Mapping[str, tuple[Attribution, ...]], parts: Segmented
) -> tuple[Attribution, ...]:
    return found[parts.document.id]


def sources_and_hedges(
    found: Mapping[str, tuple[Attribution, ...]],
    hedges: HedgeModel,
    vouching: Callable[[Segmented, Sequence[Attribution]], Any],
    parts: Segmented,
) -> tuple[Any, Sequence[Hedge]]:
    """Return what vouches for the claims of an article whose attributions were `found`, and its hedges."""
    given = found[parts.document.id]
    return vouching(parts, given), find_hedges(parts, given, hedges)


def attributed(
    current: bundles.Bundle, articles: Sequence[GoldArticle]
) -> dict[str, tuple[Attribution, ...]]:
    """Return the attributions of each article as the current bundle finds and classes them."""
    found = {}
    for article in articles:
        parts = segment(article.document, find_furniture)
        given = find_attributions(parts, current.detectors.attribution)
        found[article.id] = resolve_sources(parts, given, current.detectors.sources)[0]
    return found


def source_mentions(data: Path, screened: Screen | None = None) -> list[MarkedArticle]:
    """Return the PolNeAR articles whose sources have classes, those that may teach."""
    from reportedly.corpora.polnear import read_mentions  # noqa: PLC0415 - heavy

    spans = data / "spans"
    mentions = list(
        read_mentions(spans / "polnear_source_class_train.csv", spans / "polnear.jsonl.gz")
    )
    return (screened or screen(data)).items(
        "PolNeAR mentions", mentions, lambda m: m.segmented.text
    )
