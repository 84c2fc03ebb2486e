"""Train the student: on which articles, from which teacher, and the result."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from reportedly.annotation.attribution.learning.embeddings import word_vectors
from reportedly.annotation.attribution.learning.fitting import (
    PreparedAttributions,
    apart_for_tuning,
    calibrated,
    labels_of,
    prepare_all,
    train_linker,
    word_classes,
)
from reportedly.annotation.attribution.model import AttributionModel
from reportedly.annotation.reader import decisions
from reportedly.annotation.reader.learning.annotated import corrected
from reportedly.annotation.reader.learning.articles import (
    ReaderArticle,
    StudentArticle,
    keep,
    load_arrays,
    read_annotated,
)
from reportedly.annotation.reader.learning.judged import judged
from reportedly.annotation.reader.reading import Reading
from reportedly.annotation.reader.student import Student, sentence_features
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.annotation.tokens.network import Words
from reportedly.annotation.tokens.spelling import normal
from reportedly.annotation.tokens.token_features import token_features
from reportedly.corpora.gold import GoldArticle, read_gold, read_ids
from reportedly.corpora.leaks import Log, Screen
from reportedly.corpora.polnear import load_polnear
from reportedly.corpora.unlabelled import unlabelled_news
from reportedly.datamodel import Document, Segmented
from reportedly.datamodel.arrays import Arrays, Ints
from reportedly.reading import READING_VERSION
from reportedly.training.reader import tuned
from reportedly.training.teaching import own_training_articles
from reportedly.training.thresholds import read_body, read_each, reader_thresholds

_LONGEST = 8_000
"""Code points of an unlabelled text that are read."""

_AT_ONCE = 200
"""Documents whose readings are kept in one file."""

_VECTOR_WORDS = 30_000


@dataclass(frozen=True)
class StudentSets:
    """Documents by their use: `polnear` has people's tags; `confidence` is the part of it that tunes confidences.

    `own` are articles of the project's own corpus, which did not train the teacher: their annotation corrects its
    answers.
    """

    polnear: list[PreparedAttributions]
    confidence: list[PreparedAttributions]
    polnear_bodies: list[Segmented]
    annotated: list[Segmented]
    own: list[tuple[GoldArticle, Segmented]]
    news: list[Segmented]
    tune: list[ReaderArticle]
    tune_gold: list[GoldArticle]
    dev: list[ReaderArticle]


def student_sets(data: Path, count: int, screened: Screen) -> StudentSets:
    """Return the articles that the student is trained and measured on, with `count` unlabelled ones."""
    dev, more = (read_ids(data / "gold2" / name) for name in ("dev.txt", "polnear_dev.txt"))
    polnear = screened.items(
        "PolNeAR", load_polnear(data / "spans" / "polnear.jsonl.gz"), lambda a: a.document.text
    )
    confidence, teaching = apart_for_tuning(polnear)
    gold = [a for name in ("gold", "gold2") for a in read_annotated(data / name)]
    own = [a for a in gold if a.id not in dev | more]
    own = screened.items("gold and gold2", own, lambda a: a.document.text, lambda a: a.id)
    apart = [*read_gold(data / "gold"), *read_gold(data / "gold2")]
    news = unlabelled_news(data / "corpora", apart, count, screened)
    tune, by_id = [a for a in own if tuned(a.id)], {a.id: a for a in apart}
    prepared = prepare_all([a for a in teaching if a.primary and a.split == "train"])
    return StudentSets(
        prepared,
        prepare_all(confidence),
        [read_body(one.parts.document) for one in prepared],
        [read_body(a.document) for a in own if not tuned(a.id)],
        [(a, read_body(a.document)) for a in own_training_articles(data, screened)],
        [read_body(Document(n.text[:_LONGEST], n.title, n.id)) for n in news],
        tune,
        [by_id[a.id] for a in tune],
        [a for a in gold if a.id in dev],
    )


def readings_of(
    teacher: Path, documents: Sequence[Segmented], cache: Path, say: Log, device: str = "cpu"
) -> Iterator[Reading]:
    """Yield the teacher's reading of each document, from `cache` if it has been read before."""
    from reportedly.annotation.reader.learning.soft_labels import teacher_readings  # noqa: PLC0415 - needs PyTorch

    cache.mkdir(parents=True, exist_ok=True)
    for low in range(0, len(documents), _AT_ONCE):
        chosen = documents[low : low + _AT_ONCE]
        file = cache / f"{_digest(teacher, chosen)}.npz"
        if not file.is_file():
            keep(file, _joined(list(teacher_readings(teacher, chosen, device=device))))
            say(f"teacher: {low + len(chosen)} of {len(documents)} articles read")
        yield from _parted(load_arrays(file), chosen)


def _digest(teacher: Path, documents: Sequence[Segmented]) -> str:
    """Return the cache key of a teacher's readings of some documents."""
    found = hashlib.sha256(f"{READING_VERSION} {teacher.stat().st_size}".encode())
    found.update(hashlib.sha256(teacher.read_bytes()).digest())
    for document in documents:
        found.update(document.text.encode())
        found.update(repr([s.first for s in document.sentences]).encode())
    return found.hexdigest()[:24]


def _joined(readings: Sequence[Reading]) -> Arrays:
    names = readings[0].arrays()
    return {n: np.concatenate([r.arrays()[n] for r in readings]).astype(np.float16) for n in names}


def _parted(arrays: Arrays, documents: Sequence[Segmented]) -> Iterator[Reading]:
    sentence = token = 0
    for document in documents:
        rows, words = len(document.sentences), len(document.tokens)
        yield Reading(
            **{n: arrays[n][sentence : sentence + rows] for n in ("answers", "support", "pointer")},
            **{n: arrays[n][token : token + words] for n in ("tags", "words", "hedges", "voice")},
        )
        sentence, token = sentence + rows, token + words


def tags_on(body: Segmented, prepared: PreparedAttributions) -> Ints:
    """Return people's tags on the tokens of a body, from which the headline may have been removed."""
    at = dict(zip(prepared.parts.tokens.starts, labels_of(prepared).tolist(), strict=True))
    return np.array([at.get(start, 0) for start in body.tokens.starts], np.int64)


def words_before_training(sets: StudentSets, cache: Path, say: Log) -> Words:
    """Return word features computed before training: classes, vectors from neighbouring words, and the encoder's vectors."""
    classes, sizes = word_classes(sets.polnear)
    file = cache / f"words-{len(sets.news)}.npz"
    if not file.is_file():
        texts = [d.text for d in (*sets.news, *sets.annotated, *sets.polnear_bodies)]
        words, near = word_vectors(texts, words=_VECTOR_WORDS, least=4)
        from reportedly.annotation.reader.learning.soft_labels import encoder_vectors  # noqa: PLC0415 - needs PyTorch

        alone = encoder_vectors(words)
        keep(file, {"words": np.array(words, np.str_), "vectors": np.concatenate([near, alone], 1)})
        say(f"{len(words)} words: vectors by their neighbours and by the encoder")
    arrays = load_arrays(file)
    return Words(arrays["words"].tolist(), arrays["vectors"].astype(np.float32), classes, sizes)


def student_articles(
    teacher: Path, sets: StudentSets, words: Words, cache: Path, say: Log, device: str = "cpu"
) -> list[StudentArticle]:
    """Return all of the student's training articles."""
    ours = [body for _, body in sets.own]
    bodies = [*sets.polnear_bodies, *sets.annotated, *sets.news, *ours]
    articles = dict(
        zip(range(len(bodies) - len(ours), len(bodies)), (a for a, _ in sets.own), strict=True)
    )
    tags = [tags_on(b, p) for b, p in zip(sets.polnear_bodies, sets.polnear, strict=True)]
    nothing = (0,) * 5
    found = []
    for number, (body, reading) in enumerate(
        zip(bodies, readings_of(teacher, bodies, cache, say, device), strict=True)
    ):
        if not body.sentences:
            continue
        told = corrected(reading, articles[number], body) if number in articles else reading
        layout = DocBatch.of(body)
        known = np.array(
            [words.classes.get(normal(form), nothing)[:2] for form in body.tokens.forms], np.uint8
        ).reshape(-1, 2)
        place = token_features(layout, known)
        found.append(
            StudentArticle(
                body.tokens.forms, place.astype(np.uint8), [(s.first, s.last) for s in body.sentences],
                sentence_features(layout, place), told.arrays(),
                tags[number] if number < len(tags) else None,
            )
        )  # fmt: skip
    return found


def attribution_model(student: Student, sets: StudentSets, seed: int = 0) -> AttributionModel:
    """Return the attribution model around a student: the linker of sources to cues, confidences, and thresholds."""
    classes, _ = word_classes(sets.polnear)
    least = reader_thresholds(student, sets.tune, sets.tune_gold, [a for a, _ in sets.own])
    model = AttributionModel(student, train_linker(sets.polnear, classes, seed), **least._asdict())
    return calibrated(model, sets.confidence)


def student_table(student: Student, sets: StudentSets) -> list[str]:
    """Return lines of text: F1 of each question on gold2/dev, by rules chosen on the tune articles."""
    pairs = []
    for articles in (sets.tune, sets.dev):
        documents = [read_body(a.document) for a in articles]
        readings = dict(zip((a.id for a in articles), read_each(student, documents), strict=True))
        pairs.append(judged(articles, documents, readings))
    return decisions.table(pairs[0], pairs[1])


def taught_student(
    data: Path,
    teacher: Path,
    *,
    cache: Path,
    count: int,
    passes: int,
    device: str,
    seed: int,
    screened: Screen,
) -> tuple[AttributionModel, list[str]]:
    """Train the student on the answers of the teacher in the file `teacher`; return the model and a table.

    `count` unlabelled articles are used beside the annotated ones; `cache` stores the teacher's answers.
    """
    from reportedly.annotation.reader.learning import student as learning  # noqa: PLC0415 - needs PyTorch

    say = screened.say
    sets = student_sets(data, count, screened)
    words = words_before_training(sets, cache, say)
    articles = student_articles(teacher, sets, words, cache / "readings", say, device)
    say(f"student: {len(articles)} articles, {sum(len(a.forms) for a in articles)} tokens")
    settings = learning.StudentSettings(epochs=passes, seed=seed)
    student = learning.train_student(articles, words, settings, say)
    return attribution_model(student, sets, seed), student_table(student, sets)
