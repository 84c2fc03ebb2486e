"""A long text is processed in slices: they change no result, and the end of a clause is found once for all its cues."""

import random
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from reportedly.annotation.claims import backing
from reportedly.annotation.hedging import detect
from reportedly.annotation.hedging.detect import Clauses, scope
from reportedly.annotation.pipeline import annotate
from reportedly.annotation.reader import student
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.bundle import shipped
from reportedly.datamodel import Document
from reportedly.reading.segmentation import segment
from tests.benchmark.articles import paragraphs
from tests.torture.dense import PARAGRAPH


@pytest.fixture(scope="module")
def document():
    """Return several invented articles as one text."""
    return Document("\n\n".join([*islice(paragraphs(), 40), PARAGRAPH]))


def test_the_reader_answers_alike_in_slices(document, monkeypatch):
    """Probabilities of words and sentences are the same, including sentence vectors that depend on neighbours."""
    layout, reader = DocBatch.of(segment(document)), shipped().detectors.attribution.reader
    (whole,) = reader.read(layout).readings
    monkeypatch.setattr(student, "_SLICE", 100)
    monkeypatch.setattr(student, "_SENTENCES", 3)
    (again,) = reader.read(layout).readings
    assert len(layout.first) > 40
    for name, rows in whole.arrays().items():
        assert np.allclose(again.arrays()[name], rows, atol=1e-6), name


def test_hedges_and_claims_are_alike_in_slices(document, monkeypatch):
    """All findings are the same, probabilities up to their last digit."""
    whole = annotate(document, shipped().detectors)
    monkeypatch.setattr(detect, "_AT_ONCE", 2)
    monkeypatch.setattr(backing, "_CLAIMS", 2)
    again = annotate(document, shipped().detectors)
    assert len(whole.hedges) > 4
    assert again.hedges == tuple(
        replace(h, confidence=pytest.approx(h.confidence, abs=2e-4)) for h in whole.hedges
    )
    assert [(c.support, c.support_at, c.listed) for c in again.claims] == [
        (c.support, c.support_at, c.listed) for c in whole.claims
    ]


def test_cues_of_a_sentence_may_be_asked_in_any_order():
    """What is cached about a sentence's clauses for one cue equals what another cue alone would find."""
    chance = random.Random(3)
    stock = ["may", "to", ",", "but", "that", "(", ")", "[", "rain", ";", "falls", "seem"]
    for _ in range(200):
        forms = chance.choices(stock, k=chance.randrange(2, 30))
        first, last = 1, len(forms)
        kept = Clauses(forms, first, last)
        for _ in range(8):
            at = chance.randrange(first, last)
            kind = chance.choice(["epistemic", "conditional", "approximator"])
            alone = scope(forms, at, at + 1, (first, last), kind)
            assert kept.weakened(at, at + 1, kind) == alone
