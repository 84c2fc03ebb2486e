"""What turns readings into evidence, learnt: ledger, hedges and claims, from articles that the reader has not learnt from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from reportedly.annotation.attribution.detect import attributions_in
from reportedly.annotation.claims.learning.read import ReadLedger, learn_claim_reader
from reportedly.annotation.hedging.learning.tagged import train_hedge_reader
from reportedly.annotation.pipeline import Detectors, annotate_each, furnished
from reportedly.annotation.reader.decisions import GRID, choose_rules, f1, smoothed
from reportedly.annotation.reader.encoder import Encoder
from reportedly.annotation.reader.labels import YES_NO
from reportedly.annotation.reader.learning.articles import read_annotated
from reportedly.annotation.reader.learning.judged import judged
from reportedly.annotation.reader.pair import Reader
from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.sources.coreference.names import index_article
from reportedly.annotation.sources.from_reading.learning.choice import SourceExample
from reportedly.annotation.sources.from_reading.learning.ledger import learn_ledger
from reportedly.annotation.sources.from_reading.model import LedgerModel
from reportedly.annotation.sources.ledger import resolve_sources
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.bundle.encoder import read_by_both
from reportedly.corpora.duplicates import near_duplicates
from reportedly.corpora.gold import GoldArticle, carry, read_gold, read_ids
from reportedly.corpora.leaks import Log, Screen
from reportedly.corpora.unlabelled import unlabelled_texts
from reportedly.datamodel import Attribution, Segmented
from reportedly.evaluation.labels import annotated_labels, found_labels
from reportedly.evaluation.ledger import worklist_rates
from reportedly.training.reader import tuned
from reportedly.training.student import read_body, read_each
from reportedly.training.teaching import own_training_articles
from reportedly.training.trust import with_trust

_LONGEST = 20_000
"""Characters of a text whose word pieces are counted."""


@dataclass(frozen=True)
class ReadArticle:
    """An annotated article as the reader and the tagger read it."""

    gold: GoldArticle
    body: Segmented
    given: tuple[Attribution, ...]
    reading: Reading
    group: int


def articles_as_read(articles: Sequence[GoldArticle], detectors: Detectors) -> list[ReadArticle]:
    """Return what the reader and the tagger make of annotated articles; those without sentences are left out."""
    reader = detectors.attribution.reader
    groups = near_duplicates(article.document.text for article in articles).tolist()
    found = []
    for article, group in zip(articles, groups, strict=True):
        body = read_body(article.document)
        if not body.sentences:
            continue
        reading = furnished(reader.read(DocBatch.of(body)), detectors.attribution.furniture)
        (given,) = attributions_in(reading.layout, detectors.attribution, reading=reading)
        (body,) = reading.layout.documents
        found.append(ReadArticle(article, body, given, reading.readings[0], group))
    return found


def learn_evidence(
    data: Path,
    detectors: Detectors,
    screened: Screen,
    *,
    seed: int,
    say: Log,
    corrections: Path | None = None,
) -> Detectors:
    """Return detectors with ledger, hedges and claims learnt on the reader's readings of articles new to it.

    `corrections` is a folder of articles whose ledgers people corrected: they teach the ledger alone.
    """
    gold, gold2 = (screened.articles(n, read_gold(data / n)) for n in ("gold", "gold2"))
    held = articles_as_read([a for a in (*gold, *gold2) if tuned(a.id)], detectors)
    say(f"evidence: {len(held)} articles read that the reader has not learnt from")
    more = screened.articles("corrections", read_gold(corrections)) if corrections else []
    reads = [
        SourceExample(a.gold, index_article(a.body), a.given, a.reading, a.group)
        for a in (articles_as_read([*(a.gold for a in held), *more], detectors) if more else held)
    ]
    new = {a.gold.id for a in held}
    named = [*(a for a in gold2 if a.id not in new), *more]
    groups = near_duplicates(article.document.text for article in named).tolist()
    ledger = with_trust(learn_ledger(reads, named, groups, seed=seed, say=say), reads)
    words = [a for a in (*gold, *gold2, *own_training_articles(data, screened)) if a.id not in new]
    hedging = train_hedge_reader(
        words, [(a.gold, a.body, a.reading) for a in held], detectors.hedging.classes
    )
    reader = learn_claim_reader([_with_ledger(a, ledger) for a in held])
    return replace(
        detectors,
        sources=ledger,
        hedging=hedging,
        claims=reader,
    )


def beside_encoder(
    data: Path, detectors: Detectors, encoder: Encoder, screened: Screen, *, seed: int, say: Log
) -> Detectors:
    """Return detectors that read with the encoder beside the student, all that follows from readings learnt anew."""
    both = read_by_both(detectors, encoder)
    articles = [a for name in ("gold", "gold2") for a in read_annotated(data / name)]
    held = [a for a in articles if tuned(a.id)]
    held = screened.items("gold and gold2", held, lambda a: a.document.text, lambda a: a.id)
    gold = {a.id: a for n in ("gold", "gold2") for a in read_gold(data / n)}
    apart = _read_bodies(both.attribution.reader, [gold[a.id] for a in held])
    readings = {article.id: reading for article, _, reading in apart}
    told = [a for a in held if a.id in readings]
    rules = choose_rules(*judged(told, [body for _, body, _ in apart], readings), ("sentence",))
    own = _read_bodies(both.attribution.reader, own_training_articles(data, screened))
    furniture = furniture_threshold([apart, own])
    attribution = replace(both.attribution, reports=rules["attributed"].least, furniture=furniture)
    say(f"reports from {attribution.reports:.2f}, furniture from {attribution.furniture:.2f}")
    return learn_evidence(
        data, replace(both, attribution=attribution), screened, seed=seed, say=say
    )


_ReadBody = tuple[GoldArticle, Segmented, Reading]
"""An annotated article, its text as the detectors read it, and what the reader says of that."""


def _read_bodies(reader: Reader, articles: Sequence[GoldArticle]) -> list[_ReadBody]:
    """Return annotated articles as a reader reads them; those without sentences are left out."""
    told = [(a, body) for a in articles if (body := read_body(a.document)).sentences]
    readings = read_each(reader, [body for _, body in told])
    return [(a, body, reading) for (a, body), reading in zip(told, readings, strict=True)]


def furniture_threshold(sets: Sequence[Sequence[_ReadBody]]) -> float:
    """Return from what probability a sentence is page furniture: the best mean of F1 over sets of annotated articles.

    What the rules find is furniture whatever the probability.
    """
    column, scores = YES_NO.index("furniture"), []
    for articles in sets:
        likely = np.concatenate([reading.answers[:, column] for _, _, reading in articles])
        ruled = np.array([s.furniture for _, body, _ in articles for s in body.sentences])
        carried = [carry(a, [s.span for s in body.sentences])[0] for a, body, _ in articles]
        truth = np.array([s.furniture for article in carried for s in article.sentences])
        scores.append([f1(truth, (likely >= least) | ruled) for least in GRID])
    return float(GRID[int(smoothed(np.mean(scores, axis=0)).argmax())])


def exported_encoder(data: Path, teacher: Path, screened: Screen) -> Encoder:
    """Return the teacher in a file as an encoder for scoring, with the word pieces that news needs; needs PyTorch."""
    from reportedly.annotation.reader.learning.exporting import exported  # noqa: PLC0415 - needs PyTorch

    return exported(
        teacher, (text[:_LONGEST] for text in unlabelled_texts(data / "corpora", screened))
    )


def _with_ledger(article: ReadArticle, ledger: LedgerModel) -> ReadLedger:
    """Return an article with the attributions that its ledger has."""
    attributions, _ = resolve_sources(article.body, article.given, ledger, reading=article.reading)
    return ReadLedger(article.gold, article.body, attributions, article.reading)


def share_worth_checking(data: Path, detectors: Detectors) -> float:
    """Return the share of worklists' items that are worth checking, on the held-out articles of gold2."""
    held = read_ids(data / "gold2" / "dev.txt")
    articles = [a for a in read_gold(data / "gold2") if a.id in held]
    found = [found_labels(a) for a in annotate_each((a.document for a in articles), detectors)]
    rates = worklist_rates([annotated_labels(a) for a in articles], found)
    return next(rate.value or 0.0 for rate in rates if rate.name == "items worth checking")
