"""Tests of claims: features, heads, trees, training, decisions, and the model as arrays."""

import gzip
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from reportedly.annotation.claims.detect import (
    ClaimModel,
    TextScorers,
    claim_features,
    decide,
    dense_features,
    find_claims,
    sources_per_sentence,
    witnessed,
)
from reportedly.annotation.claims.learning.fitting import (
    LINEAR_C,
    TREES,
    export_trees,
    external_scorers,
    fit_claims,
    fit_linear,
    fit_scorers,
    fit_stacked,
    prepare_claims,
    quantised,
    sentence_matrix,
)
from reportedly.annotation.tokens.doc_batch import DocBatch, neighbours
from reportedly.annotation.tokens.vocabulary import token_ids
from reportedly.annotation.tokens.word_features import NO_CLASSES, word_features
from reportedly.corpora.gold import GoldArticle, GoldAttribution, GoldSentence, read_compressed
from reportedly.datamodel import (
    FOLDED_SUPPORTS,
    SOURCE_CLASSES,
    Attribution,
    Document,
    Source,
    Span,
)
from reportedly.errors import InvalidCorpus
from reportedly.evaluation.claims import reliability
from reportedly.reading.segmentation import segment

FACT = "The council paid 3,000 pounds for the pier in March."
VIEW = "What a sad and silly waste, don't you think?"


def article(number, support):
    """Return an invented article of facts and views, all facts resting on `support`."""
    texts = [FACT, VIEW] * 4
    text = f"Case {number} is here. " + " ".join(texts)
    sentences, at = (
        [GoldSentence(Span(0, len(f"Case {number} is here.")))],
        len(f"Case {number} is here. "),
    )
    for one in texts:
        fact = one == FACT
        sentences.append(
            GoldSentence(
                Span(at, at + len(one)),
                attributions=(GoldAttribution(support_class(support), "a", "said"),)
                if fact and support != "none"
                else (),
                checkworthy=fact,
                support=support if fact else None,
            )
        )
        at += len(one) + 1
    return GoldArticle(Document(text), tuple(sentences))


def support_class(support):
    return {"named": "named_person", "unnamed": "unnamed"}.get(support, "vague")


@pytest.fixture(scope="module")
def articles():
    kinds = ["named", "unnamed", "none"]
    return [article(n, kinds[n % 3]) for n in range(30)]


@pytest.fixture(scope="module")
def model(articles):
    return fit_claims(
        [prepare_claims(a, NO_CLASSES) for a in articles],
        external_scorers([], NO_CLASSES),
        NO_CLASSES,
        folds=3,
    )


def test_find_claims_one_a_sentence(model, articles):
    """Every sentence has a claim, and facts are told from views."""
    segmented = segment(articles[0].document)
    claims = find_claims(segmented, (), (), (), model)
    assert [c.sentence for c in claims] == list(range(len(segmented.sentences)))
    worthy = {
        segmented.sentences[c.sentence].span.of(segmented.text) for c in claims if c.checkworthy
    }
    assert worthy == {FACT}
    assert all((c.support is None) is not c.checkworthy for c in claims)


def test_find_claims_support_follows_attribution(model, articles):
    """The class of who is attributed decides what a claim rests on."""
    segmented = segment(articles[0].document)
    facts = [s for s in segmented.sentences if s.span.of(segmented.text) == FACT]
    for wanted, support in (("named_person", "named"), ("unnamed", "unnamed")):
        said = [
            Attribution(
                (Span(s.start, s.start + 3),), (), (s.span,), source_class=wanted, source_id="s1"
            )
            for s in facts
        ]
        source = Source("s1", "x", wanted, len(said))
        found = [c for c in find_claims(segmented, said, [source], (), model) if c.checkworthy]
        assert {c.support for c in found} == {support}
        assert {c.source_ids for c in found} == {("s1",)}


def test_find_claims_furniture_is_never_checkworthy(model):
    """Furniture has a claim entry of probability 0."""
    segmented = segment(Document(FACT), lambda _: {0})
    (claim,) = find_claims(segmented, (), (), (), model)
    assert (claim.checkworthiness, claim.checkworthy) == (0.0, False)


def test_find_claims_empty(model):
    """A text without sentences has no claims."""
    assert find_claims(segment(Document(" ")), (), (), (), model) == ()


def test_vouching_tells_said_from_carried():
    """A source or cue counts where it stands; content elsewhere is carried; a narrator is no source."""
    segmented = segment(Document("She said so. And more. The end."))
    second = segmented.sentences[1].span
    told = Attribution((Span(0, 3),), (Span(4, 8),), (Span(9, 11), second), source_class="unnamed")
    narrator = Attribution((Span(0, 3),), (), (), source_class=None)
    vouched = sources_per_sentence(segmented, (told, narrator))
    column = SOURCE_CLASSES.index("unnamed")
    assert vouched.said[:, column].tolist() == [1, 0, 0]
    assert vouched.carried[:, column].tolist() == [0, 1, 0]
    assert vouched.said.sum() == 1


@pytest.mark.parametrize("by", [1, -1, 2, -2, 9])
def test_neighbours(by):
    """Rows move by `by`, what enters is 0."""
    table = np.arange(1, 7, dtype=np.float32).reshape(3, 2)
    moved = neighbours(table, -by)
    expected = [table[n - by] if 0 <= n - by < 3 else np.zeros(2) for n in range(3)]
    assert np.array_equal(moved, np.array(expected))


def test_heads_score_equals_the_sparse_product():
    """Array scoring gives what the training matrix gives, up to 8-bit weights."""
    texts = [FACT, VIEW, "It rains.", "Pay 3 pounds."]
    matrix = sentence_matrix(texts, NO_CLASSES)
    learnt = fit_scorers(
        matrix, [(np.array([True, False, False, True]), np.ones(4, bool))], strength=1.0, least=1
    )
    heads = quantised(learnt, NO_CLASSES)
    segmented = segment(Document("\n".join(texts)))
    first = np.array([s.first for s in segmented.sentences])
    scored = heads.score(token_ids(segmented.tokens.forms), first)
    assert isinstance(heads, TextScorers)
    assert scored == pytest.approx(learnt.score(matrix), abs=0.02)


@pytest.mark.parametrize("outputs", [2, 3])
def test_trees_equal_scikit_learn(outputs):
    """Padded trees give scikit-learn's scores."""
    random = np.random.default_rng(0)
    table = random.normal(size=(300, 5)).astype(np.float32)
    answer = (table[:, 0] * 2 + table[:, 1] ** 2).astype(int).clip(0, outputs - 1)
    learner = HistGradientBoostingClassifier(max_iter=12, max_depth=3, **TREES)
    learner.fit(table, answer == 1 if outputs == 2 else answer)
    trees = export_trees(learner, 3, 1 if outputs == 2 else len(FOLDED_SUPPORTS))
    scored = trees.score(table)
    expected = learner.decision_function(table)
    ours = scored[:, 0] if outputs == 2 else scored[:, : expected.shape[1]]
    assert ours == pytest.approx(expected, abs=1e-4)


def test_model_round_trip(model, articles):
    """Arrays give back a model with the same claims."""
    again = ClaimModel.from_arrays(model.to_arrays())
    segmented = segment(articles[1].document)
    assert find_claims(segmented, (), (), (), again) == find_claims(segmented, (), (), (), model)


def row(**chances):
    """Return one row of probabilities of supports."""
    return np.array([[chances.get(support, 0.0) for support in FOLDED_SUPPORTS]], np.float32)


@pytest.mark.parametrize(
    ("worth", "threshold", "expected"),
    [(1.0, 0.4, "none"), (1.0, 0.6, "named"), (0.7, 0.4, "named"), (0.9, 0.4, "none")],
)
def test_decide_by_the_chance_of_an_unverified_claim(model, worth, threshold, expected):
    """Worth times the sum decides the side of the line, the largest on that side the kind."""
    chances = row(named=0.5, none=0.3, vague=0.2)
    strict = replace(model, thresholds=(0.5, threshold))
    allowed = np.ones_like(chances, bool)
    assert decide(np.array([worth]), chances, allowed, strict) == [expected]


def test_decide_names_nobody_who_is_not_there(model):
    """The likeliest support falls to the next where no such source stands near."""
    chances = row(unnamed=0.6, none=0.3, named=0.1)
    segmented = segment(Document("She said so. And more."))
    allowed = witnessed(sources_per_sentence(segmented, ()))[:1]
    certain = replace(model, thresholds=(0.5, 0.4))
    assert decide(np.ones(1), chances, allowed, certain) == ["none"]


def test_witnessed_reaches_two_sentences():
    """An unnamed source allows its support up to two sentences away; a record needs no source."""
    segmented = segment(Document("An aide said so. One. Two. Three."))
    told = Attribution((Span(0, 7),), (Span(8, 12),), (Span(13, 15),), source_class="unnamed")
    allowed = witnessed(sources_per_sentence(segmented, (told,)))
    assert allowed[:, FOLDED_SUPPORTS.index("unnamed")].tolist() == [True, True, True, False]
    assert allowed[:, FOLDED_SUPPORTS.index("record")].all()


def test_a_claim_names_the_nearest_source_of_its_support(model, articles):
    """Support that a neighbouring sentence lends brings that sentence's source along."""
    segmented = segment(articles[0].document)
    told = []
    for number, wanted in ((0, "unnamed"), (3, "named_person")):
        span = segmented.sentences[number].span
        told.append(Attribution((span,), (), (), source_class=wanted, source_id=f"s{number}"))
    sources = [Source(a.source_id, "x", a.source_class, 1) for a in told]
    for claim in find_claims(segmented, told, sources, (), model)[:3]:
        if claim.support in {"unnamed", "named"}:
            assert {"unnamed": "s0", "named": "s3"}[claim.support] in claim.source_ids


@pytest.mark.parametrize("kinds", [2, 3])
def test_stage_of_few_kinds(kinds):
    """Of two kinds or three, trees and linear model both favour the right one, and never an unseen one."""
    random = np.random.default_rng(0)
    answer = np.arange(240) % kinds + 2
    table = random.normal(size=(240, 3)).astype(np.float32)
    table[:, 0] += 4 * answer
    stage = fit_stacked(table, answer, count=20, depth=3)
    assert (stage.chances(table).argmax(axis=1) == answer).mean() > 0.95
    assert (replace(stage, linear=None).chances(table).argmax(axis=1) == answer).mean() > 0.95
    assert stage.chances(table)[:, 0].max() < 0.01


def test_linear_equals_scikit_learn():
    """Folded weights give the margin of the scaled regression."""
    random = np.random.default_rng(0)
    table = (random.normal(size=(200, 4)) * [1, 5, 0.1, 2] + 3).astype(np.float32)
    answer = table[:, 0] > 3
    scale = StandardScaler().fit(table)
    learner = LogisticRegression(C=LINEAR_C, max_iter=300)
    expected = learner.fit(scale.transform(table), answer).decision_function(scale.transform(table))
    assert fit_linear(table, answer).score(table)[:, 0] == pytest.approx(expected, abs=1e-4)


def test_features_grow_by_sentence_only(model):
    """Every sentence has the same number of finite features."""
    segmented = segment(Document(f"{FACT} {VIEW}\n\n{FACT}"))
    layout = DocBatch.of(segmented)
    table = claim_features(layout, sources_per_sentence(segmented, ()), [()], model.heads)
    assert table.shape[0] == len(segmented.sentences)
    assert np.isfinite(table).all()
    dense = dense_features(
        layout, word_features(layout.words), sources_per_sentence(segmented, ()), [()]
    )
    assert dense.shape[1] < table.shape[1]


def test_threshold_moves_the_decision(model, articles):
    """A threshold of 1 leaves nothing check-worthy."""
    segmented = segment(articles[0].document)
    strict = replace(model, thresholds=(1.1, 0.5))
    assert not any(c.checkworthy for c in find_claims(segmented, (), (), (), strict))


def test_reliability_bins():
    """Bins give mean probability, share and count; empty ones are left out."""
    bins = reliability(np.array([True, False, True]), np.array([0.95, 0.05, 1.0]))
    assert [n for _, _, n in bins] == [1, 2]
    assert bins[1][1] == 1.0


@settings(max_examples=30)
@given(text=st.text(alphabet="ab. \n“”3?", max_size=120))
def test_find_claims_any_text(model, text):
    """Whatever the text, there is one claim a sentence with a probability between 0 and 1."""
    segmented = segment(Document(text))
    claims = find_claims(segmented, (), (), (), model)
    assert len(claims) == len(segmented.sentences)
    assert all(0 <= c.checkworthiness <= 1 for c in claims)


def test_read_compressed_reads_and_refuses(tmp_path):
    """A compressed file of records is read; a missing one is refused by name."""
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"text": "It rains.", "label": 1}\n'))
    assert read_compressed(path) == [{"text": "It rains.", "label": 1}]
    with pytest.raises(InvalidCorpus, match="b"):
        read_compressed(tmp_path / "b.jsonl.gz")
