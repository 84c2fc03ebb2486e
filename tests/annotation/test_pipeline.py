"""Documents annotated together get the same result as each alone."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reportedly.annotation import pipeline
from reportedly.annotation.tokens import vocabulary
from reportedly.annotation.tokens.doc_batch import DocBatch, neighbours
from reportedly.assessment.assessor import Assessor
from reportedly.datamodel import Document, Span
from reportedly.reading.furniture import find_furniture
from reportedly.reading.segmentation import segment
from tests.torture import checks

CORPUS = Path(__file__).parents[2] / "data" / "corpus" / "articles.jsonl"
ROWS = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
ARTICLES = [Document(row["text"], row.get("title", "")) for row in ROWS]
ODD = [
    " ", "a", "“", "\n\n\n", "He said “", "...", "said said said", ":", "(@ (@ : :", "“A said.",
    "💥 said the official 💥", "x" * 3000, "“Yes,” he said.\n“No,” she said.\n" * 5, "word " * 2000,
    "From the Post:\nIt fell.\nIt rose.", "An official said so. " * 100, "ＦＵＬＬ said the аgency.",
    "What a day. Great for the city! — Kay Lund (@lund) 2 May. It was late.", "They reportedly left.",
]  # fmt: skip


@pytest.fixture(scope="module")
def assessor() -> Assessor:
    """Return an assessor with the bundle that ships and the reader of batches."""
    return Assessor(reader="student")


def test_articles_in_chunks_are_assessed_as_one_by_one(assessor, monkeypatch):
    """The project's own articles and odd texts give the same results in chunks of any size."""
    texts = [*ARTICLES[::8], *map(Document, ODD), *ARTICLES[3::40]]
    alone = [assessor.assess(document) for document in texts]
    for size in (3, 16):
        monkeypatch.setattr(pipeline, "CHUNK", size)
        for ours, theirs in zip(assessor.assess_many(texts), alone, strict=True):
            checks.same(ours, theirs)


PARAGRAPHS = sorted({line for row in ROWS[:40] for line in row["text"].splitlines() if line})
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(PARAGRAPHS),
        st.sampled_from(ODD),
        st.text(alphabet="aA said.,“”\"'\n:’1(@", max_size=80),
    ),
    min_size=1,
    max_size=5,
).map("\n\n".join)


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=8), st.sets(st.integers(1, 7)))
@example(texts=[":A(", "@"], cuts={1})  # a handle's two marks at an edge
def test_any_split_gives_the_same(assessor, texts, cuts):
    """However a list of documents is divided, each is annotated the same."""
    documents, detectors = list(map(Document, texts)), assessor.bundle.detectors
    together = pipeline.annotate_many(documents, detectors)
    edges = [0, *sorted(cut for cut in cuts if cut < len(documents)), len(documents)]
    apart = [
        found
        for low, high in pairwise(edges)
        for found in pipeline.annotate_many(documents[low:high], detectors)
    ]
    for ours, theirs in zip(together, apart, strict=True):
        checks.same(ours, theirs)


def test_chunks_are_bounded_in_number_and_length():
    """Order is kept; a chunk ends at its number of documents, or before its characters are too many."""
    short = [Document("x" * 10, id=str(n)) for n in range(2 * pipeline.CHUNK + 6)]
    sizes = [len(chunk) for chunk in pipeline.document_chunks(short)]
    assert sizes == [pipeline.CHUNK, pipeline.CHUNK, 6]
    long = [Document("x" * 150_000, id=str(n)) for n in range(3)]
    assert [[d.id for d in chunk] for chunk in pipeline.document_chunks(long)] == [
        ["0"],
        ["1"],
        ["2"],
    ]
    assert list(pipeline.document_chunks([])) == []


def test_many_are_read_as_they_are_asked_for(assessor):
    """No more than one chunk of documents is taken before the first result."""
    taken = []

    def documents():
        for document in ARTICLES:
            taken.append(document)
            yield document

    first = next(assessor.assess_many(documents()))
    assert len(taken) == pipeline.CHUNK
    assert first.annotated.document == ARTICLES[0]
    (text,) = assessor.assess_many([ARTICLES[0].text])
    assert text.signals == assessor.assess(ARTICLES[0].text).signals


def laid_out(*texts: str) -> DocBatch:
    """Return the layout of some texts."""
    return DocBatch.of(*[segment(Document(text), find_furniture) for text in texts])


def test_a_layout_numbers_through_and_keeps_documents_apart():
    """Sentences and tokens are numbered through all documents; neighbours, means and first sentences are each document's own."""
    layout = laid_out("It rose. It fell.\n\nIt stood.", "“No,” he said.")
    assert layout.sentences == [0, 3, 4]
    assert layout.number.tolist() == [0, 1, 2, 0]
    assert layout.document.tolist() == [0, 0, 0, 1]
    assert layout.opening.tolist() == [True, False, True, True]
    assert layout.closing.tolist() == [False, True, True, True]
    words = [layout.words.known.forms[number] for number in layout.words.numbers[layout.first]]
    assert words == ["It", "It", "It", "“"]
    rows = np.array([[1.0], [2.0], [6.0], [5.0]])
    assert neighbours(rows, 1, layout.document).tolist() == [[2.0], [6.0], [0.0], [0.0]]
    assert neighbours(rows, -1, layout.document).tolist() == [[0.0], [1.0], [2.0], [0.0]]
    assert neighbours(rows, 9).tolist() == [[0.0]] * 4
    assert layout.quoted.sum() == 4
    assert layout.cover([[], [Span(0, 5)]]).sum() == 4
    assert layout.cover([[Span(0, 2)], []]).tolist()[:2] == [True, False]


def test_forms_are_asked_about_once_and_forgotten_in_time(monkeypatch):
    """The row of a word form is cached; when there are too many forms, the cache is emptied."""
    asked = []

    def lengths(words):
        asked.extend(words)
        return np.array([len(word) for word in words], np.int64)

    monkeypatch.setattr(vocabulary._Memory, "known", vocabulary.Vocabulary())
    monkeypatch.setattr(vocabulary, "_LIMIT", 3)
    attribute = vocabulary.WordCache(lengths)
    before = vocabulary.token_ids(["a", "bb", "a", "ccc"])
    assert attribute.of(before).tolist() == [1, 2, 1, 3]
    assert attribute.of(vocabulary.token_ids(["bb", "dddd"])).tolist() == [2, 4]
    assert asked == ["a", "bb", "ccc", "dddd"]
    assert attribute.of(vocabulary.token_ids(["eeeee", "a"])).tolist() == [5, 1]
    assert attribute.of(before).tolist() == [1, 2, 1, 3]
    assert before[1:].among(("bb", "x")).tolist() == [True, False, False]


def test_threads_number_forms_alike():
    """Threads that meet new word forms at once assign the same numbers and rows."""
    known = vocabulary.Vocabulary()
    attribute = vocabulary.WordCache(lambda words: np.array([int(word) for word in words]))
    wrong = []

    def look_up(seed: int) -> None:
        for _ in range(50):
            values = np.random.default_rng(seed).integers(0, 3000, 400)
            words = vocabulary.TokenIds(known, known.numbers([str(value) for value in values]))
            wrong.extend(attribute.of(words)[attribute.of(words) != values])
            seed += 10

    threads = [Thread(target=look_up, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert len(known.forms) == len(set(known.forms))
