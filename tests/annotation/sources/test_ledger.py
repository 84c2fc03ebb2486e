"""Who attributions refer to, and the ledger: an invented article with attributions set by hand."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from reportedly.annotation.attribution.reporting_verbs import verb_kinds
from reportedly.annotation.pipeline import annotate
from reportedly.annotation.sources import ledger
from reportedly.annotation.sources.anonymity import declines, find_grants
from reportedly.annotation.sources.coreference.mentions import read_mention
from reportedly.annotation.sources.coreference.names import index_article
from reportedly.annotation.sources.linking import linker
from reportedly.annotation.sources.reprinted_passages import find_reprinted_passages
from reportedly.bundle import shipped
from reportedly.datamodel import Annotated, Attribution, Document, Source, Span
from reportedly.lexicons.loader import load
from reportedly.reading.segmentation import segment
from reportedly.signals.policy import PRESETS, load_policy
from reportedly.signals.sourcing_rules import RULES, sourcing_findings

ARTICLE = """\
Divers are reportedly at the wreck, watching the tide.

Several hundred divers are training at Lenn, according to an Arlen coastal intelligence official who spoke on the condition of anonymity.

This source indicated that two boats are already there.

No crew has met them yet, as reported by the Washington Post.

The official highlighted doubt about the depth.

The Arlen intelligence representative warned that the anchor could move.

“It could have an effect,” the official stated.

Marko Halloran, head of Lenn’s Centre for Tides, confirmed that the boats have sailed.

He stated, “The Ministry of Harbours of Lenn says so.”

“I saw them,” Halloran noted.
"""


def attributed(text: str, *triples: tuple[str, str, str]) -> list[Attribution]:
    """Return attributions from (anchor, source words, cue words); the content is the anchor's line."""
    found = []
    for anchor, source, cue in triples:
        base = text.index(anchor)
        end = text.index("\n", base)
        start = text.index(source, base) if source else -1
        at = text.index(cue, base)
        found.append(
            Attribution(
                (Span(start, start + len(source)),) if source else (),
                (Span(at, at + len(cue)),),
                (Span(base, end),),
            )
        )
    return found


def test_verbs_that_begin_a_passage_are_reporting_words():
    """Every verb that can begin such a passage is a reporting word, so sentences without one can be skipped."""
    (pattern,) = (
        e.pattern for e in load("source_outlets").entries if e.attributes["kind"] == "passage_verb"
    )
    verbs = re.search(r"\(\?:(reports\?\|[\w|]+)\)", pattern)[1].replace(
        "reports?", "report|reports"
    )
    assert set(verbs.split("|")) <= verb_kinds().keys()


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It rained.\n\nFrom the Reuters:\n\nThe quay is shut. Nobody knows why.", (1, 4)),
        ("It rained.\n\nAs BuzzFeed News reported:\n\n“The quay is shut.”\n\nI went home.", (1, 3)),
        ("Quaypost.com reports: The quay is shut. Nobody knows why.", (0, 2)),
        ("CNN: The quay is shut. Nobody knows why.", (0, 2)),
        ("The Guardian reports: “It is shut.” I went home.", (0, 1)),
        ("Quaypost.com reports: “It is shut,” Holm said in Lenn. I went home. It rained.", (0, 1)),
    ],
)
def test_a_passage_from_another_outlet_is_found(text, sentences):
    """It begins with outlet and colon and continues to the end of the quotation, or for a limited number of sentences."""
    (block,) = find_reprinted_passages(index_article(segment(Document(text))))
    assert (block.first, block.last) == sentences


@pytest.mark.parametrize(
    "text",
    [
        "Mark Odell writes: I like rain.",
        "Note: bring a coat.",
        "She said: “No.”",
        "He told CNN: “No.”",
    ],
)
def test_a_colon_alone_is_no_passage(text):
    """People, headings and sources that spoke to an outlet do not begin a passage."""
    assert find_reprinted_passages(index_article(segment(Document(text)))) == ()


@pytest.mark.parametrize(
    ("sentence", "anonymity", "reason"),
    [
        ("The clerk spoke on condition of anonymity.", "granted", "none"),
        ("The clerk asked not to be named because she feared for her job.", "granted_with_reason", "specific"),
        ("The clerk, who was not authorized to speak publicly, said no.", "granted_with_reason", "boilerplate"),
        ("The clerk spoke on condition of anonymity to discuss internal deliberations.", "granted_with_reason", "boilerplate"),
        ("The clerk, who wished to remain anonymous for obvious reasons, said no.", "granted", "none"),
        ("“Not on my quay,” an unnamed harbour aide said.", "granted", "none"),
        ("An anonymous woman left because she feared the storm.", "granted", "none"),
        ("The Echo is not naming him to protect his job.", "granted_with_reason", "specific"),
        ("The Echo has agreed not to publish her name.", "granted", "none"),
        ("A cook, whose name the Echo is withholding, said no.", "granted", "none"),
        ("Mina (not her real name) said no.", "granted", "none"),
        ("Her name has been changed because she fears for her job.", "granted_with_reason", "specific"),
        ("Lem, who gave only his first name, said no.", "granted", "none"),
        ("A guard who identified himself only as Lem said no.", "granted", "none"),
        ("He did not want his full name associated with a rash, so he said no.", "granted_with_reason", "specific"),
        ("She did not want her name published because she works there.", "granted_with_reason", "specific"),
        ("A clerk who is barred from speaking to reporters said no.", "granted_with_reason", "boilerplate"),
        ("The mill does not allow its press officers to be identified.", "granted_with_reason", "boilerplate"),
        ("Fearing for her job, the clerk asked not to be named.", "granted_with_reason", "specific"),
        ("The clerk asked not to be named. He feared for his job.", "granted_with_reason", "specific"),
        ("The clerk asked not to be named. He feared the dam would break.", "granted", "none"),
        ("The clerk asked not to be named for safety reasons.", "granted_with_reason", "specific"),
    ],
)  # fmt: skip
def test_anonymity_and_its_reason(sentence, anonymity, reason):
    """The wording of the grant and of its reason decides."""
    (grant,) = find_grants(segment(Document(sentence)))
    assert (grant.anonymity, grant.reason) == (anonymity, reason)


@pytest.mark.parametrize(
    "words", ["an unnamed port official", "an anonymous woman", "two unidentified harbour aides"]
)
def test_a_source_whose_name_the_outlet_leaves_out_is_anonymous(words):
    """Who is "unnamed" because the outlet cites them so has anonymity."""
    (grant,) = find_grants(segment(Document(f"The Echo cited {words}.")))
    assert grant.anonymity == "granted"


@pytest.mark.parametrize(
    "sentence",
    [
        "The clerk declined to comment.",
        "The clerk was named in the report.",
        "She asked not to be late.",
        "Two sources feed the lake.",
        "The boy is not being named because he is a minor.",
        "Police did not identify her.",
        "The Echo does not name victims of assault.",
        "She waived her right to anonymity.",
        "The driver cannot be named for legal reasons.",
        "The clerk was barred from the bridge.",
        "An unidentified woman claims to have filmed the fire.",
        "Two unnamed men shouted at the clerk.",
        "Unidentified people say that they saw the boat.",
    ],
)
def test_what_is_no_anonymity(sentence):
    """Silence and names are not anonymity."""
    assert find_grants(segment(Document(sentence))) == ()


def findings(text: str, *triples: tuple[str, str, str], plural: bool = False):
    """Return the findings on one bare unnamed source that makes all statements, and the annotation."""
    given = [replace(a, source_class="unnamed", source_id="s1") for a in attributed(text, *triples)]
    mentions = tuple(a.source[0] for a in given)
    label = mentions[0].of(text)
    source = Source("s1", label, "unnamed", len(given), mentions, described=False, plural=plural)
    annotated = Annotated(segment(Document(text)), tuple(given), (source,), (), ())
    return sourcing_findings(annotated), annotated


def test_a_bare_plural_that_turns_out_to_be_one_is_found():
    """The rules on bare, sole, plural-of-one and missing reason all name the same source."""
    text = "The quay will be sold, sources said.\nThe price is low, the source added.\n"
    told = ("The quay", "sources", "said"), ("The price", "the source", "added")
    found, _ = findings(text, *told, plural=True)
    rules = {f.rule for f in found}
    assert {
        "sourcing.bare",
        "sourcing.plural-of-one",
        "sourcing.no-reason",
        "sourcing.sole",
    } <= rules
    assert rules <= set(RULES)
    assert all(f.guidance for f in found)


def test_an_attack_from_behind_anonymity_is_an_error():
    """Pejorative words of an unnamed source are an attack."""
    annotated = annotate(Document("The mayor is a liar, an aide said.\n"), shipped().detectors)
    found = sourcing_findings(annotated)
    assert [f.level for f in found if f.rule == "sourcing.attack"] == ["error"]


def test_presets_weigh_the_same_findings_differently():
    """Every preset loads, names itself in its guidance, and can turn a note into an error."""
    from reportedly.signals.policy import apply  # noqa: PLC0415

    text = "The quay will be sold, a source said.\n"
    found, annotated = findings(text, ("The quay", "a source", "said"))
    for name in PRESETS:
        policy = load_policy(name)
        weighed = apply(policy, found, annotated)
        assert any(f.level == "error" and f.guidance.startswith(policy.name) for f in weighed)


def test_a_mention_is_read_by_head_determiner_and_principal():
    """The head comes before the first preposition; a spokesman speaks for somebody."""
    mention = read_mention(["a", "spokesman", "for", "the", "Harbour", "Commission"])
    assert (mention.head, mention.determiner, mention.spokes) == ("spokesman", "indefinite", True)
    assert mention.principal == ("Harbour", "Commission")


@pytest.mark.parametrize(
    ("words", "cue", "declined"),
    [
        ("Tove Lindahl declined to comment on the log.", "declined to comment", True),
        ("Tove Lindahl would not comment.", "would not comment", True),
        (
            "Tove Lindahl has repeatedly declined to say how deep it is.",
            "has repeatedly declined to say",
            True,
        ),
        ("Tove Lindahl didn’t say how deep it is.", "didn’t say", True),
        ("Tove Lindahl refused to leave the quay.", "refused", False),
        ("Tove Lindahl said the firm had declined to comment.", "said", False),
        ("Tove Lindahl said the wall would hold.", "said", False),
    ],
)
def test_who_declines_to_comment_states_nothing(words, cue, declined):
    """Declining to comment is not a statement; saying that others declined is one."""
    at = words.index(cue)
    rest = Span(at + len(cue), len(words) - 1)
    content = (rest,) if rest.end > rest.start else ()
    attribution = Attribution((Span(0, 12),), (Span(at, at + len(cue)),), content)
    assert declines(words, attribution) == declined


def test_a_successor_is_who_stands_behind_and_not_the_one_before() -> None:
    mention = read_mention(["Mr.", "Oduya", "'s", "successor", ",", "Ms.", "Brandt", ","])
    assert (mention.head, mention.name) == ("successor", ("Brandt",))
    assert read_mention(["the", "mayor", "'s", "plan", ",", "Gorton", ","]).name == ()


def test_statements_beyond_the_most_that_are_linked_are_unclear(monkeypatch):
    """A text of nothing but statements has so many with a source; the others are there, and unclear."""
    whole = annotate(Document(ARTICLE), shipped().detectors)
    monkeypatch.setattr(linker, "_MOST_LINKED", 3)
    monkeypatch.setattr(linker, "_CHARACTERS_EACH", 10_000)
    part = annotate(Document(ARTICLE), shipped().detectors)
    starts = [a.start for a in part.attributions if not a.unclear and a.source_id]
    assert [a.start for a in whole.attributions] == [a.start for a in part.attributions]
    assert starts == [a.start for a in whole.attributions if a.source_id][:3]
    assert sum(a.unclear for a in part.attributions) > 3
    monkeypatch.setattr(linker, "_CHARACTERS_EACH", 10)
    assert annotate(Document(ARTICLE), shipped().detectors) == whole


def test_of_too_many_sentences_the_last_ones_have_no_line(monkeypatch):
    """The ledger is that of the first ones; what the others attribute is there, and unclear."""
    whole = annotate(Document(ARTICLE), shipped().detectors)
    monkeypatch.setattr(ledger, "_MOST_SENTENCES", 5)
    monkeypatch.setattr(ledger, "_CHARACTERS_EACH", 10_000)
    part = annotate(Document(ARTICLE), shipped().detectors)
    end = whole.segmented.sentences[5].start
    assert any(a.source_id for a in part.attributions if a.start < end)
    behind = [a for a in part.attributions if a.start >= end]
    assert len(behind) > 2
    assert all(a.unclear and a.source_id is None for a in behind)
    assert all(span.end <= end for source in part.sources for span in source.mentions)
    monkeypatch.setattr(ledger, "_CHARACTERS_EACH", 10)
    assert annotate(Document(ARTICLE), shipped().detectors) == whole
