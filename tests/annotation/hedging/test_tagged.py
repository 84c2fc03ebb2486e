"""Hedges from the reader's tags: words, kind, voice, and training."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportedly.annotation.hedging.detect import HedgeModel, default_cues, hedges_in, listed_cues
from reportedly.annotation.hedging.learning.fitting import fit_hedging
from reportedly.annotation.hedging.learning.tagged import learn_hedge_spans, marked_cues
from reportedly.annotation.hedging.tagged import HedgeTags, looked_at
from reportedly.annotation.pipeline import annotate
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.bundle import shipped
from reportedly.corpora.gold import GoldArticle, GoldHedge, GoldSentence
from reportedly.datamodel import HEDGE_KINDS, Document, Span
from reportedly.reading.segmentation import segment
from tests.readings import NO_CLASSES, hedged, made

HEDGED = ("The dam may fail this spring.", "may", "epistemic")
QUOTED = ("“The dam could fail,” Ana Moor said.", "could", "epistemic")
HEARSAY = ("He is said to own six boats.", "is said to", "hearsay")
PLAIN = "They met in May and could see the quay."


def article(number):
    """Return an invented article with three hedges and a plain sentence, its text, and a reading with their tags."""
    rows = [HEDGED, QUOTED, HEARSAY, (PLAIN, "", "")]
    rows = rows[number % 4 :] + rows[: number % 4]
    text = " ".join(row[0] for row in rows)
    body = segment(Document(text, id=str(number)))
    sentences, tags, answers = [], [], {}
    for at, (words, cue, kind) in enumerate(rows):
        start = text.index(words)
        voice = "source" if words.startswith("“") else "reporter"
        hedges = (GoldHedge(cue, kind, voice),) if cue else ()
        sentences.append(GoldSentence(Span(start, start + len(words)), hedges=hedges))
        if cue:
            place = start + words.index(cue)
            first = body.tokens.starts.index(place)
            tags.append((first, first + len(cue.split()), kind, voice == "source"))
            who = f"hedged_by_{voice}"
            answers[at] = {"hedged": 0.95, who: 0.95}
    reading = made(body, answers=answers, hedges=tags)
    doubtful = body.tokens.starts.index(text.index(PLAIN) + PLAIN.index("could"))
    reading.hedges[doubtful, :2] = 0.8, 0.2
    return GoldArticle(body.document, tuple(sentences)), body, reading


@pytest.fixture(scope="module")
def words():
    """Return a model that uses only the words around listed terms."""
    rows = [(text, cue) for text, cue, _ in (HEDGED, QUOTED, HEARSAY)]
    return fit_hedging(
        [hedged([*rows, (PLAIN, "")] * 5)], default_cues(), classes=NO_CLASSES, strength=10.0
    )


@pytest.fixture(scope="module")
def model(words):
    """Return the same model with weights for the reader's tags."""
    spans = learn_hedge_spans([article(number) for number in range(12)], words)
    return HedgeModel(words, spans)


def found(model, number=0):
    """Return the hedges of an article as (words, kind, voice)."""
    _, body, reading = article(number)
    (hedges,) = hedges_in(DocBatch.of(body), model, [reading])
    return [(h.span.of(body.text), h.kind, h.voice) for h in hedges]


def test_hedges_have_words_kind_and_voice(model):
    """Only tagged terms are hedges, each in the voice of its speaker."""
    assert found(model) == [
        ("may", "epistemic", "reporter"), ("could", "epistemic", "source"), ("is said to", "hearsay", "reporter"),
    ]  # fmt: skip


def test_a_word_is_a_hedge_by_its_tags(model):
    """Without tags the same words are less likely hedges, and here no longer are."""
    _, body, reading = article(0)
    (silent,) = hedges_in(DocBatch.of(body), model, [made(body)])
    assert "may" not in {hedge.span.of(body.text) for hedge in silent}
    (told,) = hedges_in(DocBatch.of(body), model, [reading])
    assert "may" in {hedge.span.of(body.text) for hedge in told}


def test_documents_read_together_have_the_hedges_they_have_alone(model):
    """Offsets of one document do not affect another."""
    several = [article(number) for number in range(4)]
    together = hedges_in(
        DocBatch.of(*(body for _, body, _ in several)), model, [r for *_, r in several]
    )
    alone = [hedges_in(DocBatch.of(body), model, [r])[0] for _, body, r in several]
    assert together == alone


def test_words_on_no_list_are_looked_at_where_the_tags_mark_them(words):
    """Each run of tagged words in a sentence is one candidate of the tagged kind, in text order."""
    text = "The dam is thataway bound to fail. The quay may hold."
    body = segment(Document(text))
    forms = list(body.tokens.forms)
    run = (forms.index("thataway"), forms.index("bound") + 1, "epistemic", False)
    may = (forms.index("may"), forms.index("may") + 1, "epistemic", False)
    layout, tags = DocBatch.of(body), HedgeTags.of([made(body, hedges=[run, may])])
    spans = looked_at(layout, tags, listed_cues(layout, words))
    seen = [forms[a:b] for a, b in zip(spans.first, spans.last, strict=True)]
    assert seen == [["thataway", "bound"], ["may"]]
    assert HEDGE_KINDS[spans.kind[0]] == "epistemic"


def test_furniture_has_no_hedge(model):
    """Page furniture has no hedges, whatever its tags."""
    _, body, reading = article(0)
    layout = DocBatch.of(body)
    layout.furniture[:] = True
    assert hedges_in(layout, model, [reading]) == [()]


def test_quotation_marks_make_a_source_speak(model):
    """If the tags do not decide the voice, a hedge inside quotation marks is the source's."""
    _, body, reading = article(0)
    reading.voice[:] = 0.5
    (hedges,) = hedges_in(DocBatch.of(body), model, [reading])
    assert [h.voice for h in hedges if h.span.of(body.text) == "could"] == ["source"]


def test_hedges_of_the_shipped_bundle():
    """The bundle tells "may" from the month May, and "about 300" from "about May"."""
    document = Document(
        "The talks may have failed. In May about 300 people were reportedly hurt. She spoke about May."
    )
    found = annotate(document, shipped().detectors).hedges
    assert [h.span.of(document.text) for h in found] == ["may", "about", "reportedly"]


PARTS_WITH_HEDGES = (
    "The quay may close in May.", "It could possibly sink,", "reportedly", "about 30 or so", "“may", "might”", "\n\n", "is said to be", ".",
)  # fmt: skip


@given(st.lists(st.sampled_from(PARTS_WITH_HEDGES), max_size=12))
def test_hedges_never_overlap(parts):
    """However sentences, marks and lines with hedges follow each other, hedges are in order, disjoint and inside the text."""
    text = " ".join([*parts, "The dam may fail, and about 300 people might have left."])
    found = annotate(Document(text), shipped().detectors).hedges
    assert found
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert all(0 <= h.start < h.end <= len(text) for h in found)


def test_the_scope_of_a_hedge_is_its_clause(model):
    """A scope runs from the cue to the end of its clause."""
    _, body, reading = article(0)
    (hedges,) = hedges_in(DocBatch.of(body), model, [reading])
    assert hedges[0].scope.of(body.text) == "may fail this spring"


def test_the_model_survives_as_arrays(model):
    """A model is restored from its arrays; older arrays with a separate threshold are read as well."""
    arrays = model.to_arrays()
    assert found(HedgeModel.from_arrays(arrays)) == found(model)
    older = {**arrays, "bias_threshold": np.append(arrays["bias"], 0.5)}
    del older["bias"]
    assert found(HedgeModel.from_arrays(older)) == found(model)


def test_annotated_cues_stand_on_tokens():
    """A cue in several pieces is left out."""
    gold, body, _ = article(0)
    cues = marked_cues(gold, body)
    assert [" ".join(body.tokens.forms[c.first : c.last]) for c in cues] == ["may", "could", "is said to"]  # fmt: skip
    assert [c.by_source for c in cues] == [False, True, False]
    apart = GoldSentence(gold.sentences[0].span, hedges=(GoldHedge("may ... spring", "epistemic", "reporter"),))  # fmt: skip
    assert marked_cues(GoldArticle(body.document, (apart,)), body) == []


def test_learning_twice_gives_the_same(words, model):
    """With the same seed, training gives the same model."""
    again = learn_hedge_spans([article(number) for number in range(12)], words)
    assert np.array_equal(again.weights, model.spans.weights)
    assert again.least == model.spans.least
