"""The signals: pure functions of an annotation, between 0 and 100, each finding with its words."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportedly.annotation.sources.coreference.entities import NO_SOURCE
from reportedly.datamodel import Annotated, Attribution, Claim, Document, Hedge, Source, Span
from reportedly.reading.segmentation import segment
from reportedly.signals import SIGNALS
from reportedly.signals.anonymous_sourcing import ANONYMOUS_SOURCING, anonymity_weight, voices_of
from reportedly.signals.base import count, shrunk
from reportedly.signals.hedging import HEDGING, hedged_sentences
from reportedly.signals.unverified_claims import UNVERIFIED_CLAIMS
from tests.annotations import annotated

NAMED = Source("s1", "Tove Lindahl", "named_person", 3)
WORST = Source("s2", "a source", "unnamed", 1, described=False)


def article(sentences="One. Two. Three. Four.", sources=(), hedges=(), claims=None, title=""):
    """Return an annotation of `sentences` with one statement per sentence; without claims given, none is check-worthy."""
    parts = segment(Document(sentences, title))
    none = tuple(Claim(i, 0.1, False, None) for i in range(len(parts.sentences)))
    speakers = [source for source in sources for _ in range(source.statements)]
    said = tuple(
        Attribution((), (Span(at.start, at.start + 1),), (), source_id=source.id, source_class=source.source_class)
        for source, at in zip(speakers, parts.sentences, strict=False)
    )  # fmt: skip
    return Annotated(parts, said, tuple(sources), tuple(hedges), none if claims is None else claims)


def judged(number, support, worth):
    """Return a claim that certainly has this check-worthiness."""
    return Claim(number, 0.9, True, support, worth=tuple(float(worth >= n) for n in (1, 2, 3)))


@pytest.mark.parametrize("signal", SIGNALS, ids=lambda signal: signal.name)
def test_every_signal_documents_itself(signal):
    """Each has purpose, reason, formula, known problems and an example, and rules that begin with the same word."""
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
    """The score is between 0 and 100, each finding covers words of the article and has a known rule."""
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
    """An article in which nothing is found scores 0, and nothing is divided by zero."""
    score = signal.measure(article())
    assert score.score == 0
    assert score.findings == ()


def test_the_harbour_article(assessment):
    """The hand-annotated article has 2 unnamed statements with a reason and 2 vague ones of 7; 3 hedges; 4 of 6 claims unverified."""
    found = assessment.annotated
    sourcing, hedging, claims = (signal.measure(found).score for signal in SIGNALS)
    assert sourcing == round(100 * (2 * 0.6 + 2 * 1.0 + 1.4) / (7 + 10), 1)
    assert hedging == round(100 * (2 + 1.3) / (9 + 10), 1)
    assert claims == round(100 * (4 + 3.9) / (6 + 10), 1)


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
    """Each merit of an unnamed source lowers its weight as documented."""
    assert anonymity_weight(source) == pytest.approx(weight)


@given(found=annotated())
@settings(max_examples=40, deadline=None)
def test_describing_or_backing_a_source_never_raises_the_signal(found):
    """Better-explained anonymity never scores worse."""
    better = tuple(
        replace(s, described=True, corroborated=True, reason="specific") for s in found.sources
    )
    before, after = map(ANONYMOUS_SOURCING.measure, (found, replace(found, sources=better)))
    assert after.score <= before.score


def test_statements_weigh_and_not_sources():
    """One statement of a bare source among four counts a quarter, shrunk a little towards the usual share."""
    score = ANONYMOUS_SOURCING.measure(article(sources=(NAMED, WORST)))
    assert (score.found, score.whole, score.counted) == (1, 4, 4)
    assert score.score == round(100 * (1 + 1.4) / (4 + 10), 1)


@given(weights=st.lists(st.floats(1, 12), min_size=2, max_size=9))
def test_sources_merged_into_one_are_fewer_voices(weights):
    """There are never more voices than sources, nor fewer than one; merging any two of them lowers their number."""
    first, second, *others = weights
    voices, merged = voices_of(weights), voices_of([first + second, *others])
    assert 1 <= merged <= voices <= len(weights)
    assert merged < voices or abs(voices - merged) < 0.01  # both are rounded


def test_voices_are_those_who_can_be_identified():
    """Two who say equally much are two voices; an unnamed source is none, and without anybody there is none."""
    two = (NAMED, replace(NAMED, id="s3", label="Ana Moor"))
    found = article("One. Two. Three. Four. Five. Six. Seven.", sources=(*two, WORST))
    assert ANONYMOUS_SOURCING.measure(found).voices == 2
    assert ANONYMOUS_SOURCING.measure(article()).voices == 0


def test_a_record_that_is_gone_shows_less():
    """The weight of what a record shows is that of its claims, 1 and their worth each."""
    claims = (judged(0, "record", 2), judged(1, "record", 0), judged(2, "none", 3))
    less = (*claims[:1], replace(claims[1], support="named"), claims[2])
    shown = [UNVERIFIED_CLAIMS.measure(article("One. Two. Three.", claims=c)).shown for c in (claims, less)]  # fmt: skip
    assert shown == [4, 3]


def test_few_statements_say_little():
    """One vague statement alone is far from 100, twenty are close; with nobody anonymous the score is 0, however few statements."""
    vague = Source("s1", "most scientists", "vague", 1)
    one, twenty = (
        ANONYMOUS_SOURCING.measure(
            article("It rained. " * n, (replace(vague, statements=n),))
        ).score
        for n in (1, 20)
    )
    assert one < 30
    assert twenty > 70
    assert ANONYMOUS_SOURCING.measure(article(sources=(NAMED,))).score == 0


def scoop(source):
    """Return a long article: the first sentence, repeated by the headline, is from `source`, nine others from somebody named."""
    text = "The harbour wall was never inspected, a person said. " + "It rained on the quay. " * 9
    named = replace(NAMED, id="s2", statements=9)
    found = article(text, sources=(source, named), title="Harbour wall never inspected")
    claims = [judged(0, source.source_class, 3)]
    claims += [judged(n, "named", 1) for n in range(1, len(found.segmented.sentences))]
    return replace(found, claims=tuple(claims))


def test_a_scoop_on_one_official_weighs_more_than_an_essay_on_most_scientists():
    """The headline's claim counts three times, and more important claims count more; the summary says what rests on whom."""
    official = Source("s1", "a senior official", "unnamed", 1)
    essay = article("Most scientists agree.", sources=(Source("s1", "scientists", "vague", 1),))
    found = ANONYMOUS_SOURCING.measure(scoop(official))
    assert found.score > ANONYMOUS_SOURCING.measure(essay).score
    assert found.score > 3 * 8  # the share of statements alone: .8 of 10
    assert "The headline's claim and 1 of 1 claim well worth checking rest" in found.summary
    assert ANONYMOUS_SOURCING.measure(scoop(replace(NAMED, statements=1))).score == 0


def test_the_summary_says_from_whom_everything_comes():
    """If nobody is unnamed, each kind of source is given with its number; "all" only if nothing is unclear."""
    study = Source("s2", "a study", "document", 2)
    outlet = Source("s3", "local media", "press", 1)

    def told(*sources, unclear=0):
        found = article("One. " * 9, sources=sources)
        more = tuple(
            Attribution((), (Span(at.start, at.start + 1),), (), unclear=True)
            for at in found.segmented.sentences[8 - unclear : 8]
        )
        found = replace(found, attributions=found.attributions + more)
        return ANONYMOUS_SOURCING.measure(found).summary

    assert told(NAMED) == "All 3 statements come from named people or bodies."
    assert told(NAMED, study, outlet) == (
        "All 6 statements come from named people or bodies (3), documents (2) and other outlets (1)."
    )
    assert told(outlet) == "The only statement comes from another outlet."
    assert (
        told(NAMED, unclear=2) == "3 statements come from named people or bodies; 2 more unclear."
    )


def test_a_story_that_opens_with_hearsay_says_so_in_its_own_words():
    """No label that only a report has stands in the finding: the article's words do."""
    found = article("Reportedly it closed. It may.", sources=(Source("s1", NO_SOURCE, "vague", 2),))
    said = tuple(replace(a, cue=(Span(0, 10),), content=()) for a in found.attributions)
    (premise,) = (
        one
        for one in ANONYMOUS_SOURCING.measure(replace(found, attributions=said)).findings
        if one.rule == "sourcing.premise"
    )
    assert premise.message.startswith("the story opens with “Reportedly”, and most of")


def test_one_claim_rests_and_several_rest():
    """The verb agrees with what is counted."""
    claims = tuple(judged(n, "unnamed", 0) for n in range(2))
    one, both = (
        ANONYMOUS_SOURCING.measure(article("One. Two.", (WORST,), claims=own)).summary
        for own in ((claims[0], judged(1, "named", 0)), claims)
    )
    assert one.endswith(" 1 claim, not well worth checking, rests on such sources.")
    assert both.endswith(" 2 claims, none well worth checking, rest on such sources.")


def test_worthier_claims_weigh_more():
    """An unverified claim of worth 3 raises the score more than one of worth 0."""
    low, high = (
        UNVERIFIED_CLAIMS.measure(article("One. Two.", claims=(judged(0, "none", worth), judged(1, "named", 1))))
        for worth in (0, 3)
    )  # fmt: skip
    assert (low.found, high.found) == (1, 4)
    assert low.score < high.score


def test_the_summary_names_the_heaviest_source():
    """It names the unnamed source with the most statements."""
    heavy = replace(WORST, id="s3", label="an aide", statements=4, reason="boilerplate")
    summary = ANONYMOUS_SOURCING.measure(article(sources=(WORST, heavy))).summary
    assert "5 of 5 statements from 2 unnamed sources" in summary
    assert "“an aide”, a stock reason given" in summary


def test_several_hedges_make_one_hedged_sentence():
    """A sentence counts once however many hedges it has; furniture is ignored."""
    text = "It may rain, perhaps. It rains. It may rain."
    parts = segment(Document(text))
    last = replace(parts.sentences[2], furniture=True)
    parts = replace(parts, sentences=(*parts.sentences[:2], last))
    spans = [(3, 6), (13, 20), (35, 38)]
    hedges = tuple(Hedge(a, b, "epistemic", "reporter") for a, b in spans)
    found = replace(article(text), segmented=parts, hedges=hedges)
    assert hedged_sentences(found) == {0}
    assert HEDGING.measure(found).score == round(100 * (1 + 1.3) / (2 + 10), 1)


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
    """Claims supported by press, unnamed, vague or no sources are unverified."""
    claims = (Claim(0, 0.9, True, support), Claim(1, 0.9, True, "named"))
    score = UNVERIFIED_CLAIMS.measure(article("One. Two.", claims=claims))
    assert score.score == (round(100 * (1 + 3.9) / (2 + 10), 1) if unverified else 0.0)
    assert [finding.rule for finding in score.findings] == [f"claims.{support}"] * unverified


def test_what_is_not_check_worthy_is_no_claim():
    """Its support is ignored."""
    score = UNVERIFIED_CLAIMS.measure(article("One.", claims=(Claim(0, 0.4, False, None),)))
    assert score.summary == "No check-worthy claim found."


@pytest.mark.parametrize(
    ("number", "noun", "plural", "words"),
    [(1, "hedge", "", "1 hedge"), (0, "hedge", "", "0 hedges"), (2, "body", "bodies", "2 bodies")],
)
def test_counts_agree_with_their_nouns(number, noun, plural, words):
    """One is singular, every other number plural."""
    assert count(number, noun, plural) == words


def test_a_share_of_nothing_is_nothing():
    """If nothing is found the score is 0; otherwise it lies between the share and the usual one, with one decimal."""
    assert shrunk(0, 0, 0.2) == shrunk(0, 50, 0.2) == 0
    assert shrunk(1, 3, 0.2) == 23.1
    assert 33.3 > shrunk(100, 300, 0.2) > 32
