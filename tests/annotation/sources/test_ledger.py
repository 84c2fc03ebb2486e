"""Whom attributions refer to, and the ledger: an invented article with hand-set attributions."""

from __future__ import annotations

import re

import numpy as np
import pytest

from reportedly.annotation.attribution.reporting_verbs import verb_kinds
from reportedly.annotation.sources.anonymity import find_grants
from reportedly.annotation.sources.coreference.mentions import read_mention
from reportedly.annotation.sources.coreference.names import index_article
from reportedly.annotation.sources.hearsay import hearsay_pattern
from reportedly.annotation.sources.ledger import resolve_sources
from reportedly.annotation.sources.reprinted_passages import find_reprinted_passages
from reportedly.annotation.sources.source_class import SourceModel
from reportedly.datamodel import SOURCE_CLASSES, Annotated, Attribution, Document, Span
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
    """Return attributions from (anchor, source words, cue words), content being the anchor's line."""
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


def resolved(text: str, *triples: tuple[str, str, str]):
    """Return attributions and ledger of `text` by the rules."""
    return resolve_sources(segment(Document(text)), attributed(text, *triples))


@pytest.fixture
def article():
    return resolved(
        ARTICLE,
        ("Divers are", "", "reportedly"),
        ("Several hundred", "an Arlen coastal intelligence official", "according to"),
        ("This source", "This source", "indicated"),
        ("No crew", "the Washington Post", "as reported by"),
        ("The official highlighted", "The official", "highlighted"),
        ("The Arlen", "The Arlen intelligence representative", "warned"),
        ("“It could", "the official", "stated"),
        ("Marko", "Marko Halloran, head of Lenn’s Centre for Tides,", "confirmed"),
        ("He stated", "He", "stated"),
        ("“I saw", "Halloran", "noted"),
    )


def test_five_statements_of_one_official_are_one_line(article):
    """Nominals that agree with the unnamed official carry on its line; anonymity has no reason."""
    _, ledger = article
    official = next(s for s in ledger if s.source_class == "unnamed")
    assert official.statements == 5
    assert (official.anonymity, official.reason) == ("granted", "none")
    assert official.described


def test_the_named_person_has_his_three_statements(article):
    """A full name, a pronoun and a surname are one person."""
    _, ledger = article
    person = next(s for s in ledger if s.source_class == "named_person")
    assert (person.label, person.statements) == ("Marko Halloran", 3)


def test_outlet_and_hearsay_have_their_classes(article):
    """Another outlet is press; "reportedly" without a source is vague."""
    attributions, ledger = article
    assert attributions[0].source_class == "vague"
    assert [s.label for s in ledger if s.source_class == "press"] == ["Washington Post"]
    assert len(ledger) == 4


def test_every_attribution_agrees_with_its_ledger_line(article):
    """Class and id of attribution and ledger line never differ; statements add up."""
    attributions, ledger = article
    by_id = {s.id: s for s in ledger}
    assert all(by_id[a.source_id].source_class == a.source_class for a in attributions)
    assert sum(s.statements for s in ledger) == len(attributions)


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("a senior official", "unnamed"),
        ("two people familiar with the talks", "unnamed"),
        ("critics", "vague"),
        ("some voters", "vague"),
        ("Twenty-four percent", "vague"),
        ("four in 10 voters", "vague"),
        ("police", "named_organisation"),
        ("the Harbour Commission", "named_organisation"),
        ("a Harbour Commission spokesman", "named_organisation"),
        ("Brazil", "named_organisation"),
        ("the lawsuit", "document"),
        ("a new survey", "document"),
        ("state media", "press"),
        ("the New York Daily News", "press"),
        ("Dr. Ines Halloran", "named_person"),
        ("Senator Tobe Akande, a critic of the plan,", "named_person"),
        ("a journalist, Tobe Akande,", "named_person"),
        ("local activist Salim al-Harbi", "named_person"),
        ("Quayside AI", "named_organisation"),
        ("Nasa", "named_organisation"),
        ("One in three", "vague"),
        ("no one", "vague"),
    ],
)
def test_a_lone_mention_has_the_class_of_its_words(source, wanted):
    """Names, nominals, bodies, documents, outlets and quantities are told apart."""
    text = f"The old pier will close, said {source} yesterday.\n"
    attributions, _ = resolved(text, ("The old", source, "said"))
    assert attributions[0].source_class == wanted


def test_a_surname_before_a_campaign_is_still_a_person():
    """A surname that a campaign bears names no body."""
    text = "The Akande campaign met. The Akande team left. It will rain, said Akande yesterday.\n"
    attributions, _ = resolved(text, ("It will", "Akande", "said"))
    assert attributions[0].source_class == "named_person"


def test_verbs_that_begin_a_passage_are_reporting_words():
    """Without a reporting word in a sentence the pattern of such passages is not tried."""
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
    ],
)
def test_a_passage_from_another_outlet_is_found(text, sentences):
    """It begins with outlet and colon and goes on while the quotation does, or to the end."""
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
    """Persons, headings and sources that spoke to an outlet begin no passage."""
    assert find_reprinted_passages(index_article(segment(Document(text)))) == ()


def test_they_are_the_subject_before():
    """A plural pronoun goes to the plural noun that opens the sentence."""
    text = "Critics of the plan met on Monday. They said it would fail.\n"
    attributions, _ = resolved(text, ("They", "They", "said"))
    assert attributions[0].source_class == "vague"


def test_she_is_the_woman_named_before():
    """Gender chooses between two persons."""
    text = "Susan Odell and David Pym met on Monday. Pym left early. She said it would fail.\n"
    _, ledger = resolved(text, ("She", "She", "said"))
    assert ledger[0].label == "Susan Odell"


def test_a_narrator_is_no_source():
    """An "I" outside quotations has no class and no line."""
    text = "I think the pier is lovely in spring.\n"
    attributions, ledger = resolved(text, ("I think", "I", "think"))
    assert attributions[0].source_class is None
    assert ledger == ()


def test_the_articles_own_outlet_is_no_source():
    """The words "this newspaper" mean the writer; another newspaper is an outlet that vouches."""
    text = "This newspaper found a leak. Another newspaper found two.\n"
    attributions, ledger = resolved(
        text, ("This newspaper found", "This newspaper", "found"),
        ("Another newspaper found", "Another newspaper", "found"),
    )  # fmt: skip
    assert [a.source_class for a in attributions] == [None, "press"]
    assert len(ledger) == 1


def test_hearsay_without_attribution_is_added_and_furniture_is_not():
    """A sentence that says "reportedly" and names nobody gains a vague attribution."""
    attributions, ledger = resolve_sources(segment(Document("The ferry reportedly sank.")), ())
    assert [a.source_class for a in attributions] == ["vague"]
    assert ledger[0].statements == 1


@pytest.mark.parametrize(
    "sentence",
    [
        hit
        for e in load("source_vague").entries
        if e.attributes["kind"] == "hearsay_pattern"
        for hit in e.hits
    ]
    + [
        "The quay is now said to leak.",
        "It’s said the quay leaks.",
        "The long-rumoured sale fell through.",
    ],
)
def test_the_words_that_hearsay_is_looked_for_by_leave_none_out(sentence):
    """Whatever matches a pattern has the trigger words, hyphens or not."""
    matches = hearsay_pattern().search(sentence) is not None
    attributions, _ = resolve_sources(segment(Document(sentence)), ())
    assert bool(attributions) == matches


@pytest.mark.parametrize(
    ("sentence", "anonymity", "reason"),
    [
        ("The clerk spoke on condition of anonymity.", "granted", "none"),
        ("The clerk asked not to be named because she feared for her job.", "granted_with_reason", "specific"),
        ("The clerk, who was not authorized to speak publicly, said no.", "granted_with_reason", "boilerplate"),
        ("The clerk spoke on condition of anonymity to discuss internal deliberations.", "granted_with_reason", "boilerplate"),
        ("The clerk, who wished to remain anonymous for obvious reasons, said no.", "granted", "none"),
        ("“Not on my quay,” an unnamed harbour aide said.", "granted", "none"),
        ("An unnamed woman left because she feared the storm.", "granted", "none"),
        ("The Echo is not naming him to protect his job.", "granted_with_reason", "specific"),
        ("The Echo has agreed not to publish her name.", "granted", "none"),
        ("A cook, whose name the Echo is withholding, said no.", "granted", "none"),
        ("Mina (not her real name) said no.", "granted", "none"),
        ("Her name has been changed because she fears for her job.", "granted_with_reason", "specific"),
        ("Lem, who gave only his first name, said no.", "granted", "none"),
        ("A guard who identified himself only as Lem said no.", "granted", "none"),
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
    """Wording of the grant and of the reason decides."""
    (grant,) = find_grants(segment(Document(sentence)))
    assert (grant.anonymity, grant.reason) == (anonymity, reason)


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
    ],
)
def test_what_is_no_anonymity(sentence):
    """Silence and names are no anonymity."""
    assert find_grants(segment(Document(sentence))) == ()


def test_a_spokesman_may_be_granted_anonymity():
    """A body that speaks through somebody who is not to be named has a grant; one that is silent has none."""
    said = ("A Harrow", "A Harrow Mills spokesman", "said")
    _, ledger = resolved(
        "A Harrow Mills spokesman said no.\nHe declined to be named, citing the firm's rules.\n",
        said,
    )
    assert [(s.source_class, s.anonymity) for s in ledger] == [
        ("named_organisation", "granted_with_reason")
    ]
    _, ledger = resolved("A Harrow Mills spokesman said no.\nHe declined to comment.\n", said)
    assert [s.anonymity for s in ledger] == [None]


def findings(text: str, *triples: tuple[str, str, str]):
    """Return rules and annotation of `text`."""
    attributions, ledger = resolved(text, *triples)
    annotated = Annotated(segment(Document(text)), attributions, ledger, (), ())
    return sourcing_findings(annotated), annotated


def test_a_bare_plural_that_turns_out_to_be_one_is_found():
    """The rules on bare, sole, plural-of-one and missing reason name the same source."""
    text = "The quay will be sold, sources said.\nThe price is low, the source added.\n"
    found, _ = findings(text, ("The quay", "sources", "said"), ("The price", "the source", "added"))
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
    found, _ = findings("The mayor is a liar, an aide said.\n", ("The mayor", "an aide", "said"))
    assert [f.level for f in found if f.rule == "sourcing.attack"] == ["error"]


def test_presets_weigh_the_same_findings_differently():
    """Every preset loads, names itself in the guidance, and can turn a note into an error."""
    from reportedly.signals.policy import apply  # noqa: PLC0415

    text = "The quay will be sold, a source said.\n"
    found, annotated = findings(text, ("The quay", "a source", "said"))
    for name in PRESETS:
        policy = load_policy(name)
        weighed = apply(policy, found, annotated)
        assert any(f.level == "error" and f.guidance.startswith(policy.name) for f in weighed)


def test_a_mention_is_read_by_head_determiner_and_principal():
    """The head stands before the first preposition; a spokesman speaks for someone."""
    mention = read_mention(["a", "spokesman", "for", "the", "Harbour", "Commission"])
    assert (mention.head, mention.determiner, mention.spokes) == ("spokesman", "indefinite", True)
    assert mention.principal == ("Harbour", "Commission")


def test_a_model_survives_its_arrays():
    """Weights and features come back as they went."""
    weights = np.zeros((3, 6), np.float32)
    weights[0, 4] = 2.5
    model = SourceModel({"H=official": 0, "K=nominal": 1}, weights)
    again = SourceModel.from_arrays(model.to_arrays())
    assert dict(again.rows) == dict(model.rows)
    assert np.array_equal(again.weights, model.weights)
    text = "An official said that the dam leaks.\n"
    given = attributed(text, ("An official", "An official", "said"))
    (attribution,), _ = resolve_sources(segment(Document(text)), given, again)
    assert attribution.source_class == SOURCE_CLASSES[4]
