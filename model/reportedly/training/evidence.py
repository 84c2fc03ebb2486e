"""Train what turns readings into evidence (ledger, hedges and claims) on readings of articles that did not train their reader.

Those are the articles held out from the reader. The ledger also learns from the others: each half of them is read by an
encoder that learnt from the other half (Wolpert 1992, "Stacked generalization"). Hedges and claims gained nothing from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from reportedly.annotation.attribution.detect import attributions_in
from reportedly.annotation.claims.learning.read import ReadLedger, learn_claim_reader
from reportedly.annotation.hedging.learning.tagged import train_hedge_reader
from reportedly.annotation.pipeline import Detectors, annotate_each, furnished
from reportedly.annotation.reader.encoder import Encoder
from reportedly.annotation.reader.learning.articles import read_annotated
from reportedly.annotation.reader.pair import EncoderAlone, ReaderPair
from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.reader.student import Student
from reportedly.annotation.sources.coreference.names import index_article
from reportedly.annotation.sources.from_reading.learning.choice import SourceExample
from reportedly.annotation.sources.from_reading.learning.ledger import learn_ledger
from reportedly.annotation.sources.from_reading.model import LedgerModel
from reportedly.annotation.sources.ledger import resolve_sources
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.annotation.tokens.word_features import WordClasses
from reportedly.bundle.encoder import read_by_both
from reportedly.corpora.duplicates import near_duplicates
from reportedly.corpora.gold import GoldArticle, read_gold, read_ids
from reportedly.corpora.leaks import Log, Screen
from reportedly.datamodel import Attribution, Segmented
from reportedly.errors import InvalidRequest
from reportedly.evaluation.labels import annotated_labels, found_labels
from reportedly.evaluation.ledger import worklist_rates
from reportedly.training.reader import half_files, half_of, tuned
from reportedly.training.teaching import own_training_articles
from reportedly.training.thresholds import read_body, reader_thresholds
from reportedly.training.trust import with_trust

_LONGEST = 20_000
"""The most characters of a text whose word pieces are counted."""


@dataclass(frozen=True)
class ReadArticle:
    """An annotated article with what a reader and the tagger found in it; part 0 was read by the reader that scores."""

    gold: GoldArticle
    body: Segmented
    given: tuple[Attribution, ...]
    reading: Reading
    part: int = 0


def articles_as_read(
    articles: Sequence[GoldArticle], detectors: Detectors, part: int = 0
) -> list[ReadArticle]:
    """Return annotated articles as the reader and the tagger read them; those without sentences are left out."""
    reader, found = detectors.attribution.reader, []
    for article in articles:
        body = read_body(article.document)
        if not body.sentences:
            continue
        reading = furnished(reader.read(DocBatch.of(body)), detectors.attribution.furniture)
        (given,) = attributions_in(reading.layout, detectors.attribution, reading=reading)
        (body,) = reading.layout.documents
        found.append(ReadArticle(article, body, given, reading.readings[0], part))
    return found


def learn_evidence(
    data: Path,
    detectors: Detectors,
    classes: WordClasses,
    screened: Screen,
    *,
    seed: int,
    say: Log,
    halves: Sequence[Encoder] = (),
    corrections: Path | None = None,
) -> Detectors:
    """Return detectors whose ledger, hedges and claims are trained on readings of articles that did not train their reader.

    `classes` group words that behave alike. `halves` are encoders that have not learnt from one half of the articles each
    (:func:`reportedly.training.reader.half_of`), which train only the ledger, as does `corrections`, a folder of articles
    whose ledgers people corrected.
    """
    gold, gold2 = (screened.articles(n, read_gold(data / n)) for n in ("gold", "gold2"))
    held = articles_as_read([a for a in (*gold, *gold2) if tuned(a.id)], detectors)
    say(f"evidence: {len(held)} articles read that did not train the reader")
    others = [a for a in (*gold, *gold2) if not tuned(a.id)]
    by_halves = [
        read
        for half, encoder in enumerate(halves, 1)
        for read in articles_as_read(
            [a for a in others if half_of(a.id) == half], read_by(detectors, encoder), half
        )
    ]
    say(
        f"ledger: {len(by_halves)} more articles, each read by an encoder that has not learnt from it"
    )
    more = screened.articles("corrections", read_gold(corrections)) if corrections else []
    reads = _examples([*held, *by_halves, *articles_as_read(more, detectors)])
    new = {a.gold.id for a in held}
    named = [*gold2, *more]
    groups = near_duplicates(article.document.text for article in named).tolist()
    ledger = with_trust(learn_ledger(reads, named, groups, seed=seed, say=say), reads)
    words = [a for a in (*gold, *gold2, *own_training_articles(data, screened)) if a.id not in new]
    hedging = train_hedge_reader(words, [(a.gold, a.body, a.reading) for a in held], classes)
    reader = learn_claim_reader([_with_ledger(a, ledger) for a in held])
    return replace(
        detectors,
        sources=ledger,
        hedging=hedging,
        claims=reader,
    )


def _examples(read: Sequence[ReadArticle]) -> list[SourceExample]:
    """Return read articles as training examples of the ledger; near duplicates share a group."""
    groups = near_duplicates(a.gold.document.text for a in read).tolist()
    return [
        SourceExample(a.gold, index_article(a.body), a.given, a.reading, group, a.part)
        for a, group in zip(read, groups, strict=True)
    ]


def read_by(detectors: Detectors, encoder: Encoder) -> Detectors:
    """Return `detectors` that read with an encoder alone; their student gives only the tables of words and tags."""
    reader = detectors.attribution.reader
    student = reader.student if isinstance(reader, ReaderPair) else reader
    assert isinstance(student, Student)
    alone = EncoderAlone(student, encoder)
    return replace(detectors, attribution=replace(detectors.attribution, reader=alone))


def half_encoders(folder: Path, texts: Sequence[str]) -> list[Encoder]:
    """Return the encoders that have not learnt from one half of the articles each, from the folder of a teacher's run, with the word pieces of `texts`; needs PyTorch.

    Raises
    ------
    InvalidRequest
        When the run has not trained them.
    """
    files = half_files(folder)
    if missing := [file for file in files if not file.is_file()]:
        raise InvalidRequest(
            f"{missing[0]}: not found; expected the folder of a run of `train.py reader` that held articles out (--tune)"
        )
    return exported_encoders(files, texts)


def beside_encoder(
    data: Path,
    detectors: Detectors,
    encoder: Encoder,
    screened: Screen,
    *,
    seed: int,
    say: Log,
    halves: Sequence[Encoder] = (),
    corrections: Path | None = None,
) -> Detectors:
    """Return detectors that read with encoder and student; everything that depends on readings is trained again."""
    both = read_by_both(detectors, encoder)
    articles = [a for name in ("gold", "gold2") for a in read_annotated(data / name)]
    held = [a for a in articles if tuned(a.id)]
    held = screened.items("gold and gold2", held, lambda a: a.document.text, lambda a: a.id)
    gold = {a.id: a for n in ("gold", "gold2") for a in read_gold(data / n)}
    own = own_training_articles(data, screened)
    least = reader_thresholds(both.attribution.reader, held, [gold[a.id] for a in held], own)
    say(f"reports from {least.reports:.2f}, furniture from {least.furniture:.2f}")
    both = replace(both, attribution=replace(both.attribution, **least._asdict()))
    classes = detectors.hedging.words.classes
    return learn_evidence(
        data, both, classes, screened, seed=seed, say=say,
        halves=halves, corrections=corrections,
    )  # fmt: skip


def exported_encoders(teachers: Sequence[Path], texts: Sequence[str]) -> list[Encoder]:
    """Return the teachers in files as encoders for scoring, with the word pieces of `texts`; needs PyTorch."""
    from reportedly.annotation.reader.learning.exporting import exported  # noqa: PLC0415 - needs PyTorch

    return exported(teachers, (text[:_LONGEST] for text in texts))


def _with_ledger(article: ReadArticle, ledger: LedgerModel) -> ReadLedger:
    """Return an article with the attributions that its ledger has."""
    attributions, _ = resolve_sources(article.body, article.given, ledger, reading=article.reading)
    return ReadLedger(article.gold, article.body, attributions, article.reading)


def share_worth_checking(data: Path, detectors: Detectors) -> float:
    """Return the share of worklist items that are worth checking, on the held-out articles of gold2."""
    held = read_ids(data / "gold2" / "dev.txt")
    articles = [a for a in read_gold(data / "gold2") if a.id in held]
    found = [found_labels(a) for a in annotate_each((a.document for a in articles), detectors)]
    rates = worklist_rates([annotated_labels(a) for a in articles], found)
    return next(rate.value or 0.0 for rate in rates if rate.name == "items worth checking")
