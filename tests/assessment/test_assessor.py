"""The assessor: what it promises for every article, and what it passes on."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import reportedly
from reportedly.annotation.pipeline import annotate
from reportedly.assessment.assessor import LEAST_COMPARED
from reportedly.datamodel import Document
from reportedly.errors import InvalidDocument, ReportedlyError
from reportedly.risk.classifier import band_of
from reportedly.signals import SIGNALS
from tests.behaviour.articles import TEMPLATES

ARTICLE = TEMPLATES[0].make()
WORDS = [
    "The",
    "mill",
    "may",
    "close",
    "in",
    "June,",
    "a",
    "person",
    "said.",
    "“We",
    "wait,”",
    "Tove",
    "Lindahl",
    "said.\n\n",
    "About",
    "40",
    "I",
    "think",
    "!",
    "'",
    '"',
    "‘",
    "’",
    "(",
    ")",
    "—",
    "…",
    "é",
    "🎈",
    "\xa0",
    "\r\n",
]


@pytest.fixture(scope="module")
def assessor():
    """Return the assessor with the bundle that ships."""
    return reportedly.Assessor()


@pytest.fixture(scope="module")
def found(assessor):
    """Return the assessment of an invented article."""
    return assessor.assess(ARTICLE.text, ARTICLE.title)


def test_an_article_gets_a_risk(found):
    """Score, band and interval agree with one another."""
    risk = found.risk
    assert risk.abstained is None
    low, high = risk.interval
    assert 0 <= low <= risk.score <= high <= 100
    assert risk.band == band_of(risk.probability, (low / 100, high / 100))


def test_every_signal_is_measured_with_its_percentile(found):
    """Each signal of SIGNALS, in order, as it measures itself."""
    assert [score.name for score in found.signals] == [signal.name for signal in SIGNALS]
    for signal, score in zip(SIGNALS, found.signals, strict=True):
        assert replace(score, percentile=None, none_like=None) == signal.measure(found.annotated)
        beside = score.percentile if score.score else 100 * score.none_like
        assert 0 <= beside <= 100


def test_what_is_too_little_is_compared_with_nothing(assessor):
    """With fewer than five statements there is no percentile, with none no share of articles either."""
    text = "The mill has closed. The roof fell in. Most scientists say the sky may clear. It rained. The gate stood open all night."
    by_name = {score.name: score for score in assessor.assess(text).signals}
    sourcing = by_name["anonymous_sourcing"]
    assert 0 < sourcing.counted < LEAST_COMPARED
    assert 0 < sourcing.score < 40
    assert sourcing.percentile is sourcing.none_like is None
    assert assessor.assess("It rained.").signals[0].none_like is None


def test_contributions_add_up(found, assessor):
    """Contributions and families add up exactly to the difference between the average article's risk and this one's, for every prior."""
    ordinary = 100 * assessor.bundle.risk.calibration.probability(0.0)
    assert found.risk.ordinary == round(float(ordinary), 1)
    for prior in (0.03, 0.5, 0.8):
        answer = reportedly.Assessor(prior=prior).assess(ARTICLE.text, ARTICLE.title)
        whole = round(100 * (answer.risk.score - answer.risk.ordinary))
        assert round(100 * sum(c.effect for c in answer.contributions)) == whole
        assert round(10 * sum(r.effect for r in answer.risk.reasons)) * 10 == whole
        for reason in answer.risk.reasons:
            mine = sum(c.effect for c in answer.contributions if c.family == reason.family)
            assert reason.effect == pytest.approx(mine, abs=0.25)
    sizes = [abs(contribution.effect) for contribution in found.contributions]
    assert sizes == sorted(sizes, reverse=True)


def test_the_heaviest_words_are_told_with_their_points(found):
    """Ten words of the article, the heaviest first; entries in brackets stand for words without a column."""
    (wording,) = (c for c in found.contributions if c.feature == "wording")
    assert len(wording.words) == 10
    sizes = [abs(word.effect) for word in wording.words]
    assert sizes == sorted(sizes, reverse=True)
    for word in wording.words:
        assert word.word in ARTICLE.text.lower() or word.word.startswith("(any ")
    assert found.to_dict()["risk"]["words"][0]["text"] == wording.words[0].word


def test_reasons_are_told_in_units_that_a_reader_can_recount(found):
    """Shares are given as counts of statements, claims, sentences and words that the report shows."""
    counted = {c.feature: c.counted for c in found.contributions}
    assert all(counted.values())
    statements = sum(source.statements for source in found.annotated.sources)
    unnamed = sum(s.statements for s in found.annotated.sources if s.source_class == "unnamed")
    claims = [c for c in found.annotated.claims if c.support is not None]
    wanted = {
        "signal_unnamed_share": f"{unnamed} of {statements} statements, usually ",
        "signal_claims_bare": f"{sum(c.unverified for c in claims)} in ",
        "signal_recorded": f"{sum(c.support == 'record' for c in claims)} of {len(claims)} claims",
    }
    for feature, start in wanted.items():
        assert feature not in counted or counted[feature].startswith(start), feature


def test_words_of_unverified_claims_lower_the_risk_less(found, assessor):
    """The share that they lose is stored with the model and moves the score in only one direction."""
    model = assessor.bundle.risk
    bare, vouched = (
        replace(
            found.annotated,
            claims=tuple(
                replace(c, checkworthy=True, support=support) for c in found.annotated.claims
            ),
        )
        for support in ("none", "named")
    )
    lost = np.maximum(-model.word_weights, 0)
    linear = model.parts["pipeline"].fitted["estimator_"].step("classifier")
    share = linear.params["unverified_share"]
    assert 0 < share < 1
    assert np.allclose(model.unverified_weights, share * lost)
    none, half, whole = (replace(model, unverified_weights=s * lost) for s in (0.0, 0.5, 1.0))
    scores = [kind.score(kind.terms(bare)) for kind in (none, half, whole)]
    assert scores[0] < scores[1] < scores[2]
    assert (whole.terms(bare).words >= 0).all()
    again = type(model).from_arrays(model.to_arrays())
    assert again.score(again.terms(bare)) == pytest.approx(model.score(model.terms(bare)), abs=1e-6)
    assert none.score(none.terms(vouched)) == whole.score(whole.terms(vouched))


def test_contributions_show_words_of_the_article(found):
    """Every piece of evidence lies inside the text."""
    spans = [span for contribution in found.contributions for span in contribution.findings]
    assert spans
    assert all(0 <= span.start < span.end <= len(ARTICLE.text) for span in spans)


def test_the_same_text_gives_the_same_answer(assessor, found):
    """No state is kept from one article to the next."""
    assessor.assess("Another article altogether, which is short.")
    assert assessor.assess(ARTICLE.text, ARTICLE.title) == found
    assert reportedly.assess(ARTICLE.text, ARTICLE.title) == found


def test_what_is_read_may_be_given_instead_of_a_string(assessor, found):
    """A Document or an annotated article gives the same result as its text."""
    document = reportedly.read_text(ARTICLE.text, title=ARTICLE.title)
    assert assessor.assess(document) == found
    assert (
        assessor.assess_annotated(annotate(document, assessor.bundle.detectors_by("encoder")))
        == found
    )


def test_a_title_beside_a_document_is_not_lost(assessor):
    """The document's own title is kept."""
    assert assessor.assess(Document(ARTICLE.text, "Its own"), "other").annotated.document.title


def test_a_higher_prior_gives_a_higher_risk():
    """Score and interval move with the share of unreliable articles; signals do not."""
    answers = [
        reportedly.Assessor(prior=prior).assess(ARTICLE.text, ARTICLE.title)
        for prior in (0.05, 0.5, 0.9)
    ]
    scores = [answer.risk.score for answer in answers]
    assert scores == sorted(scores)
    assert scores[0] < scores[-1]
    assert [answer.model["prior"] for answer in answers] == ["0.05", "0.5", "0.9"]
    assert answers[0].signals == answers[1].signals == answers[2].signals


def test_the_answer_says_which_model_gave_it(found, assessor):
    """The result names bundle, version and prior."""
    manifest = assessor.bundle.manifest
    assert found.model["bundle"] == manifest["name"]
    assert found.model["version"] == str(manifest["version"])


def test_silence_keeps_the_signals(assessor):
    """A text that is too short gets no risk, but its signals are measured."""
    answer = assessor.assess("The ferry may sail, a person close to the firm said.")
    assert answer.risk.score is answer.risk.band is answer.risk.interval is None
    assert answer.risk.abstained.startswith("too short")
    assert answer.contributions == ()
    assert len(answer.signals) == len(SIGNALS)
    assert all(signal.summary for signal in answer.signals)


@pytest.mark.parametrize("text", ["", "   ", "\n\t\n", "x" * 6_000_001])
def test_what_is_no_article_is_refused(assessor, text):
    """An empty text and a far too long one are refused."""
    with pytest.raises(InvalidDocument):
        assessor.assess(text)


@given(
    text=st.lists(st.sampled_from(WORDS), min_size=1, max_size=120).map(" ".join)
    | st.text(max_size=300)
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_assessed_or_refused(text):
    """No text breaks the analysis; every span lies inside it, and each sentence has exactly one claim."""
    try:
        answer = reportedly.assess(text)
    except ReportedlyError:
        return
    annotated = answer.annotated
    length = len(annotated.text)
    spans = [s for a in annotated.attributions for s in (*a.source, *a.cue, *a.content)]
    spans += [hedge.span for hedge in annotated.hedges]
    spans += [finding.span for score in answer.signals for finding in score.findings]
    assert all(0 <= span.start < span.end <= length for span in spans)
    assert [claim.sentence for claim in annotated.claims] == list(range(len(annotated.claims)))
    assert len(annotated.claims) == len(annotated.segmented.sentences)
    ids = {source.id for source in annotated.sources}
    assert {a.source_id for a in annotated.attributions} <= ids | {None}  # "I" is no source
    foreign = "not English" in (answer.risk.abstained or "")  # whose signals are not measured
    assert all(foreign or 0 <= score.score <= 100 for score in answer.signals)


def test_a_long_article_costs_in_proportion(assessor):
    """An article ten times as long hits no recursion limit and takes about ten times as long."""
    answer = assessor.assess(ARTICLE.text + ("\n\n" + ARTICLE.text) * 30, ARTICLE.title)
    assert len(answer.annotated.segmented.sentences) > 200


def test_the_answer_says_which_reader_read(assessor, found, monkeypatch):
    """The encoder reads; a text too long for it is read by the student, alone or in a batch."""
    assert found.model["reader"] == "encoder"
    student = reportedly.Assessor(reader="student")
    by_student = student.assess(ARTICLE.text, ARTICLE.title)
    assert by_student.model["reader"] == "student"
    monkeypatch.setattr("reportedly.assessment.assessor.ENCODER_MOST", len(ARTICLE.text) + 9)
    long = ARTICLE.text + " The inquiry goes on."
    documents = [Document(text) for text in (ARTICLE.text, long, ARTICLE.text)]
    answers = list(assessor.assess_many(documents))
    assert [answer.model["reader"] for answer in answers] == ["encoder", "student", "encoder"]
    assert answers[1].annotated.attributions == student.assess(long).annotated.attributions


def test_the_pipeline_reads_as_the_assessor_does():
    """The scikit-learn pipeline's risk is the report's, with either reader."""
    for reader in ("encoder", "student"):
        own = reportedly.Assessor(reader=reader)
        risk = own.assess(ARTICLE.text, ARTICLE.title).risk.probability
        given = [Document(ARTICLE.text, ARTICLE.title)]
        assert own.pipeline.predict_proba(given)[0, 1] == pytest.approx(risk, abs=1e-6)
