"""Attributions: columns, segments, links and values, with a network made by hand or trained on toy data."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportedly.annotation.attribution import (
    detect,
    linking,
    reported_speech,
    reporting_verbs,
    tagging,
)
from reportedly.annotation.attribution.learning import fitting as teaching
from reportedly.annotation.attribution.model import AttributionModel
from reportedly.annotation.tokens import network, token_features
from reportedly.annotation.tokens.doc_batch import DocBatch
from reportedly.bundle import shipped
from reportedly.corpora.polnear import AttributionArticle
from reportedly.datamodel import Attribution, Document, Span
from reportedly.errors import InvalidBundle
from reportedly.evaluation.attribution import measure_attributions
from reportedly.reading.segmentation import segment

NAMES = ("Mayor Lund", "Dr. Okoro", "the union", "Ms. Varga", "police")
CLAIMS = ("the bridge is safe", "prices rose in May", "the vote was fair", "nobody was hurt")


def article(number: int) -> AttributionArticle:
    """Return an invented article in which every second sentence is an attribution."""
    text, found = "", []
    for i in range(8):
        name, claim = NAMES[(number + i) % 5], CLAIMS[(number * 3 + i) % 4]
        if i % 2:
            text += "The old market hall stood empty. "
            continue
        at = len(text)
        text += f"{name} said {claim}. "
        cue = at + len(name) + 1
        found.append(
            Attribution(
                (Span(at, cue - 1),), (Span(cue, cue + 4),), (Span(cue + 5, cue + 5 + len(claim)),)
            )
        )
    return AttributionArticle(Document(text.strip()), tuple(found), str(number), "train")


@pytest.fixture(scope="module")
def model() -> AttributionModel:
    """Return the model that ships; training one needs PyTorch, which may not be installed."""
    return shipped().detectors.attribution


def test_a_plain_attribution_is_found(model):
    """Source, cue and content of an indirect attribution are found and linked."""
    parts = segment(Document("The old market hall stood empty. Dr. Okoro said nobody was hurt."))
    (found,) = detect.find_attributions(parts, model, scope="all")
    words = [[s.of(parts.text) for s in role] for role in (found.source, found.cue, found.content)]
    assert words == [["Dr. Okoro"], ["said"], ["nobody was hurt"]]
    assert found.form == "indirect"
    assert 0 <= found.confidence <= 1


def test_a_model_comes_back_from_its_arrays(model):
    """A model restored from its arrays finds the same attributions."""
    again = AttributionModel.from_arrays(model.to_arrays())
    parts = segment(article(30).document)
    spans = [(a.source, a.cue, a.content) for a in detect.find_attributions(parts, model)]
    assert spans
    assert spans == [(a.source, a.cue, a.content) for a in detect.find_attributions(parts, again)]


def test_damaged_arrays_are_refused(model):
    """A model with a part missing is refused."""
    arrays = model.to_arrays()
    del arrays["student_network_p_Wo"]
    with pytest.raises(InvalidBundle):
        detect.find_attributions(
            segment(Document("He left.")), AttributionModel.from_arrays(arrays)
        )
    with pytest.raises(InvalidBundle):
        AttributionModel.from_arrays({})


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="aA said.,“”\"'\n:’1", max_size=120))
def test_any_text_gives_spans_inside_it(model, text):
    """Whatever the text, spans lie inside it, are not empty, and every attribution has a content."""
    for found in detect.find_attributions(segment(Document(text)), model):
        assert found.content
        for span in (*found.source, *found.cue, *found.content):
            assert 0 <= span.start < span.end <= len(text)


def test_a_text_read_in_blocks_is_read_as_a_whole(monkeypatch):
    """Blocks overlap by as much as the network sees, so their edges change nothing."""
    parts = segment(Document(" ".join(article(n).document.text for n in range(6))))
    ready = shipped().detectors.attribution
    whole = ready.reader.read(DocBatch.of(parts))
    monkeypatch.setattr(network, "_BLOCK", 50)
    again = ready.reader.read(DocBatch.of(parts))
    assert len(parts.tokens) > 4 * 50
    assert np.allclose(again.scores, whole.scores, atol=1e-3)
    assert [a for a, _ in tagging.tag(again, ready)[0]] == [
        replace(a, confidence=pytest.approx(a.confidence, abs=1e-4))
        for a, _ in tagging.tag(whole, ready)[0]
    ]


def test_an_empty_document_has_none(model):
    """An empty text has no attributions."""
    assert detect.find_attributions(segment(Document("")), model) == ()


def test_a_signed_post_is_its_signers(model):
    """Sentences of a signed post without quotation marks get the name under it as their source; others do not."""
    text = "The hall stood empty. What a day. Great for the city! — Kay Lund (@lund) 2 May. It was late."
    parts = segment(Document(text))
    count = len(parts.sentences)
    kept = reported_speech.reported(parts, (), [1.0] * count, [0] * count, 0.5)
    post, *others = kept
    assert [span.of(text) for span in post.source] == ["Kay Lund"]
    assert [span.of(text) for span in post.content][-2:] == ["What a day.", "Great for the city!"]
    assert not any(attribution.source for attribution in others)


def test_only_sentences_that_report_count(model):
    """In the scope ``reported``, sentences are added or dropped by their own probability."""
    parts = segment(Document("The hall stood empty. Dr. Okoro said nobody was hurt. It was late."))
    found = detect.find_attributions(parts, model, scope="all")
    assert len(found) == 1
    assert reported_speech.reported(parts, found, [0.0] * 3, [0] * 3, 0.4) == ()
    kept = reported_speech.reported(parts, found, [0.0, 1.0, 1.0], [0] * 3, 0.4)
    assert kept[0] == found[0]
    assert [s.of(parts.text) for s in kept[1].content] == ["It was late."]
    assert (kept[1].source, kept[1].cue) == ((), ())


def test_labels_and_segments_are_inverse():
    """Spans turned into labels and back into segments are unchanged."""
    prepared = teaching.prepare_attributions(article(2))
    segments = linking.segments_of(teaching.labels_of(prepared).astype(np.int8), teaching.LABELS)
    expected = sorted(pair for r in prepared.ranges for pairs in r.values() for pair in pairs)
    assert sorted(zip(segments.firsts.tolist(), segments.lasts.tolist(), strict=True)) == expected


def test_a_gap_is_tagged_only_within_reach():
    """Text between the parts of a discontinuous attribution is tagged as a gap, not as outside."""
    text = "“We tried,” the coach said after the long ride home. “We lost.”"
    quotes = (Span(0, 11), Span(text.index("“We lost"), len(text)))
    gold = Attribution((Span(12, 21),), (Span(22, 26),), quotes)
    prepared = teaching.prepare_attributions(AttributionArticle(Document(text), (gold,)))
    labels = [teaching.LABELS[i] for i in teaching.labels_of(prepared)]
    assert labels.count("G") == 6
    assert {label for label in labels if "K" in label} == {"B-K<", "I-K<", "B-K>", "I-K>"}


@pytest.mark.parametrize(
    ("inside", "length", "form"), [(10, 10, "direct"), (0, 7, "indirect"), (3, 9, "mixed")]
)
def test_form_depends_on_what_is_quoted(inside, length, form):
    """Wholly quoted content is direct, unquoted content indirect, the rest mixed."""
    assert tagging.form_of(inside, length) == form


def test_every_listed_kind_of_verb_is_known():
    """The lexicon and the code have the same kinds of reporting words."""
    assert set(reporting_verbs.verb_kinds().values()) | {""} == set(reporting_verbs.REPORTING_KINDS)


def test_columns_tell_quotation_and_cue():
    """The columns mark tokens inside quotation marks and tokens near a cue."""
    parts = segment(Document("“It is late,” she said. Then the bus left."))
    layout = DocBatch.of(parts)
    classes = np.array(
        [
            [reporting_verbs.REPORTING_KINDS.index("say"), 1] if f == "said" else [0, 0]
            for f in parts.tokens.forms
        ],
        np.uint8,
    )
    table = token_features.token_features(layout, classes)
    column = {name: table[:, i].tolist() for i, name in enumerate(token_features.TOKEN_FEATURES)}
    assert column["quote"][:6] == [1, 2, 2, 2, 2, 3]
    assert column["left_cue"][
        parts.tokens.forms.index("said")
    ] == 1 + reporting_verbs.REPORTING_KINDS.index("say")
    assert set(column["right_distance"][9:]) == {0}


def test_measuring_compares_with_every_annotator(model):
    """Scores are against the primary annotation and each annotator, and between annotators."""
    one = article(40)
    other = replace(one, attributions=one.attributions[:2], primary=False, annotator="b")
    told = measure_attributions([one, other], model)
    assert told["primary"]["articles"] == 1
    assert told["every annotator"]["articles"] == 2
    assert told["people"]["triple"]["precision"] == told["people"]["triple"]["recall"] < 1
    assert told["primary"]["figures"]["match"]["f1"] > 0.9
    assert measure_attributions([one], model, split="train").keys() == {"primary"}
