"""The signals: pure functions of an annotation, within 0 and 100, each alarm with its words."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from reportedly.datamodel import Annotated, Claim, Document, Hedge, Source
from reportedly.reading.segmentation import segment
from reportedly.signals import SIGNALS
from reportedly.signals.anonymous_sourcing import ANONYMOUS_SOURCING, anonymity_weight
from reportedly.signals.base import count, share
from reportedly.signals.hedging import HEDGING, hedged_sentences
from reportedly.signals.unverified_claims import UNVERIFIED_CLAIMS
from tests.annotations import annotated

NAMED = Source("s1", "Tove Lindahl", "named_person", 3)
WORST = Source("s2", "a source", "unnamed", 1, described=False)


def article(sentences="One. Two. Three. Four.", sources=(), hedges=(), claims=None):
    """Return an annotation of `sentences` with what is given; without claims, none is check-worthy."""
    parts = segment(Document(sentences))
    none = tuple(Claim(i, 0.1, False, None) for i in range(len(parts.sentences)))
    return Annotated(parts, (), tuple(sources), tuple(hedges), none if claims is None else claims)


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.name)
def test_every_signal_documents_itself(signal):
    """What, why, formula, problems and an example are there, and rules that begin with one word."""
    for words in (signal.title, signal.what, signal.why, signal.formula, signal.known_problems):
        assert words
    assert signal.what.endswith(".")
    assert "**" in signal.example or "“" in signal.example
    assert len({rule.split(".")[0] for rule in signal.rules}) == 1
    assert len(signal.rules) == len(set(signal.rules))


def test_names_and_rules_are_unique():
    """No two signals share a name or a rule."""
    names = [signal.name for signal in SIGNALS]
    rules = [rule for signal in SIGNALS for rule in signal.rules]
    assert len(names) == len(set(names)) == 3
    assert len(rules) == len(set(rules))


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.name)
@given(found=annotated())
@settings(max_examples=40, deadline=None)
def test_any_annotation_gives_a_sound_score(signal, found):
    """The score is within 0 and 100, each finding covers words of the article and has a known rule."""
    score = signal.measure(found)
    assert score.name == signal.name
    assert 0 <= score.score <= 100
    assert score.summary.endswith(".")
    for finding in score.findings:
        assert finding.rule in signal.rules
        assert finding.signal == signal.name
        assert finding.message
        assert 0 <= finding.span.start < finding.span.end <= len(found.text)
    assert signal.measure(found) == score


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.name)
def test_nothing_found_scores_nothing(signal):
    """An article in which nothing is found scores 0, without a division by it."""
    score = signal.measure(article())
    assert score.score == 0
    assert score.findings == ()


def test_the_harbour_article(assessment):
    """The hand-annotated article: 2 unnamed statements with a reason and 2 vague of 7; 3 hedges; 4 of 6 claims."""
    found = assessment.annotated
    sourcing, hedging, claims = (signal.measure(found).score for signal in SIGNALS)
    assert sourcing == round(100 * (2 * 0.6 + 2 * 1.0) / 7, 1)
    assert hedging == round(100 * 2 / 9, 1)
    assert claims == round(100 * 4 / 6, 1)


@pytest.mark.parametrize(
    ("source", "weight"),
    [
        (NAMED, 0.0),
        (replace(NAMED, source_class="named_organisation"), 0.0),
        (replace(NAMED, source_class="document"), 0.0),
        (replace(NAMED, source_class="press"), 0.0),
        (replace(NAMED, source_class="vague"), 1.0),
        (WORST, 1.0),
        (replace(WORST, described=True), 0.8),
        (replace(WORST, reason="boilerplate"), 0.9),
        (replace(WORST, reason="specific"), 0.8),
        (replace(WORST, corroborated=True), 0.8),
        (replace(WORST, described=True, reason="specific", corroborated=True), 0.4),
    ],
)
def test_anonymity_weighs_as_the_formula_says(source, weight):
    """Each merit of an unnamed source takes off what the documentation says."""
    assert anonymity_weight(source) == pytest.approx(weight)


@given(found=annotated())
@settings(max_examples=40, deadline=None)
def test_describing_or_backing_a_source_never_raises_the_signal(found):
    """Better anonymity never scores worse."""
    better = tuple(
        replace(s, described=True, corroborated=True, reason="specific") for s in found.sources
    )
    before, after = map(ANONYMOUS_SOURCING.measure, (found, replace(found, sources=better)))
    assert after.score <= before.score


def test_statements_weigh_and_not_sources():
    """One statement of a bare source among four is a quarter."""
    assert ANONYMOUS_SOURCING.measure(article(sources=(NAMED, WORST))).score == 25.0


def test_the_summary_names_the_heaviest_source():
    """Of two unnamed sources the one with more statements is named."""
    heavy = replace(WORST, id="s3", label="an aide", statements=4, reason="boilerplate")
    summary = ANONYMOUS_SOURCING.measure(article(sources=(WORST, heavy))).summary
    assert "5 of 5 statements from 2 unnamed sources" in summary
    assert "“an aide”, a stock reason given" in summary


def test_several_hedges_make_one_hedged_sentence():
    """A sentence is hedged or not; furniture is not looked at."""
    text = "It may rain, perhaps. It rains. It may rain."
    parts = segment(Document(text))
    last = replace(parts.sentences[2], furniture=True)
    parts = replace(parts, sentences=(*parts.sentences[:2], last))
    spans = [(3, 6), (13, 20), (35, 38)]
    hedges = tuple(Hedge(a, b, "epistemic", "reporter") for a, b in spans)
    found = replace(article(text), segmented=parts, hedges=hedges)
    assert hedged_sentences(found) == {0}
    assert HEDGING.measure(found).score == 50.0


def test_only_hearsay_in_the_reporters_voice_warns():
    """Other hedges are notes."""
    levels = {}
    for kind in ("epistemic", "hearsay"):
        for voice in ("reporter", "source"):
            hedge = Hedge(0, 3, kind, voice)
            (finding,) = HEDGING.measure(article(hedges=(hedge,))).findings
            levels[kind, voice] = finding.level
    assert {key for key, level in levels.items() if level == "warning"} == {("hearsay", "reporter")}


@pytest.mark.parametrize(
    ("support", "unverified"),
    [("record", False), ("named", False), ("common", False), ("press", True), ("unnamed", True),
     ("vague", True), ("none", True)],
)  # fmt: skip
def test_support_decides_what_is_unverified(support, unverified):
    """Press, unnamed, vague and nothing leave a claim unverified."""
    claims = (Claim(0, 0.9, True, support), Claim(1, 0.9, True, "named"))
    score = UNVERIFIED_CLAIMS.measure(article("One. Two.", claims=claims))
    assert score.score == (50.0 if unverified else 0.0)
    assert [finding.rule for finding in score.findings] == [f"claims.{support}"] * unverified


def test_what_is_not_check_worthy_is_no_claim():
    """Its support is not asked for."""
    score = UNVERIFIED_CLAIMS.measure(article("One.", claims=(Claim(0, 0.4, False, None),)))
    assert score.summary == "No check-worthy claim found."


@pytest.mark.parametrize(
    ("number", "noun", "plural", "words"),
    [(1, "hedge", "", "1 hedge"), (0, "hedge", "", "0 hedges"), (2, "body", "bodies", "2 bodies")],
)
def test_counts_agree_with_their_nouns(number, noun, plural, words):
    """One is singular, all else is plural."""
    assert count(number, noun, plural) == words


def test_a_share_of_nothing_is_nothing():
    """No division by zero; one decimal."""
    assert share(0, 0) == 0
    assert share(1, 3) == 33.3
