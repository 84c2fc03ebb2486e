"""Corroboration in forty invented stories: never reported unless another source states the same."""

import json
from pathlib import Path

import pytest

import reportedly
from reportedly.annotation.sources.anonymity import describe_sources, find_grants
from reportedly.annotation.sources.coreference.mentions import read_mention
from reportedly.datamodel import Attribution, Document, Source, Span
from reportedly.reading.segmentation import segment

DATA = Path(__file__).parents[2] / "data"


def _stories(name):
    """Return invented stories with, for each, whether the unnamed source is corroborated and by whom."""
    return [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


@pytest.fixture(
    scope="module",
    params=[
        "corroboration.jsonl",
        pytest.param("corroboration_like.jsonl", marks=pytest.mark.slow),
    ],
)
def told(request):
    """Return the name of a set of stories, and each story with the words for whoever is said to corroborate."""
    return request.param, [(s, _by(s["text"])) for s in _stories(request.param)]


def _by(text):
    """Return the labels of the sources that are said to corroborate another."""
    sources = reportedly.assess(text).to_dict()["sources"]
    labels = {s["id"]: s["label"] for s in sources}
    return [labels[by] for s in sources for by in s["corroborated_by"]]


def test_corroboration_is_never_said_wrongly(told):
    """A denial, another claim, another mention or a member of the same group does not corroborate."""
    name, stories = told
    apart = [(story["id"], by) for story, by in stories if not story["corroborated"]]
    assert len(apart) == {"corroboration.jsonl": 24, "corroboration_like.jsonl": 95}[name]
    assert [(number, by) for number, by in apart if by] == []


def test_who_corroborates_in_other_words_is_named(told):
    """Of the stories in which another source states the same in other words, at least so many are seen, each with the right source."""
    name, stories = told
    least = {"corroboration.jsonl": 8, "corroboration_like.jsonl": 13}[name]
    seen = [(story, by) for story, by in stories if story["corroborated"] and by]
    assert len(seen) >= least
    assert [s["id"] for s, by in seen if not all(b in s["by"] or s["by"] in b for b in by)] == []


def test_the_corroborating_source_is_named():
    """A named owner who states the same corroborates the source."""
    text = (
        "The mill will close in June, a clerk said. Tove Lindahl, the owner, also said that the mill "
        "would close in June."
    )
    found = reportedly.assess(text).to_dict()["sources"]
    (clerk,) = (s for s in found if s["class"] == "unnamed")
    (owner,) = (s for s in found if s["label"] == "Tove Lindahl")
    assert clerk["corroborated"]
    assert clerk["corroborated_by"] == [owner["id"]]


def test_a_denial_corroborates_nothing():
    """The same words with the opposite meaning do not corroborate."""
    text = "The mill will close in June, a clerk said. Tove Lindahl said that the mill would not close in June."
    sources = reportedly.assess(text).to_dict()["sources"]
    assert not any(s["corroborated"] for s in sources)


def test_who_disputes_a_count_is_not_corroborated_by_it():
    """Repeating a claim in order to dispute it is not corroboration."""
    text = (
        "Local residents disputed the figures, saying the mill killed nine fish in the river.\n\n"
        "Tove Lindahl, the engineer, said the mill killed nine fish in the river."
    )
    assert not any(s["corroborated"] for s in reportedly.assess(text).to_dict()["sources"])


def test_the_same_three_figures_are_one_count():
    """Quoting a published count does not corroborate it."""
    count = "the mill killed 53 swans, 570 herons and 14,400 fish in the river every year"
    text = f"Biologists said {count}. It was a dry year.\n\nTove Lindahl, the mayor, said that {count}."
    assert not any(s["corroborated"] for s in reportedly.assess(text).to_dict()["sources"])


def test_hearsay_stands_beside_sources_in_a_clause_of_their_own():
    """In "It is believed that …, and sources say" both are sources; in "It is believed that …, Moor said" only Moor is."""
    both = "The mill is shut. It is believed that the fund is empty, and sources say the mill will be sold."
    one = "It is believed that the fund is empty, the mayor, Ana Moor, said."
    classes = [
        {s["class"] for s in reportedly.assess(text).to_dict()["sources"]} for text in (both, one)
    ]
    assert classes == [{"vague", "unnamed"}, {"named_person"}]


def _described(text, *told):
    """Return the ledger of statements by two aides (s1) and by Ben Toll (s2), each given as its line and the words of source, cue and content."""
    parts = segment(Document(text))

    def place(words):
        start = text.index(words)
        return (Span(start, start + len(words)),)

    given = [Attribution(*map(place, words), source_id=line) for line, *words in told]
    lines = (Source("s1", "two aides", "unnamed", 1), Source("s2", "Ben Toll", "named_person", 1))
    aide = read_mention(["two", "aides"])
    return describe_sources(parts, given, lines, [[aide], []], (), {})


def test_whose_words_the_same_people_pass_on_does_not_corroborate_them():
    """Toll's words as the aides repeat them do not corroborate the aides; what he says directly does."""
    claim = "the mayor took nine thousand pounds from the harbour fund"
    passed = f"Two aides said that {claim}. They said Ben Toll told friends that he saw how {claim[:-5]} account."
    told = (
        ("s1", "Two aides", "said", claim),
        ("s1", "They", "said", passed[passed.index("Ben Toll") : -1]),
    )
    inner = ("s2", "Ben Toll", "told", f"how {claim[:-5]} account")
    assert not _described(passed, *told, inner)[0].corroborated
    named = f"Two aides said that {claim}. It was, according to the aides, as Ben Toll recalled, how {claim[:-5]} account."
    again = ("s1", "the aides", "according to", "It was")
    inner = ("s2", "Ben Toll", "recalled", f"how {claim[:-5]} account")
    assert not _described(named, told[0], again, inner)[0].corroborated
    own = f"Two aides said that {claim}. Ben Toll recalled how {claim[:-5]} account."
    assert _described(own, told[0], inner)[0].corroborated_by == ("s2",)


@pytest.mark.parametrize(
    "words", ["citing four anonymous sources", "citing dozens of unnamed officials"]
)
def test_an_outlet_that_cites_anonymous_people_says_that_it_withholds_names(words):
    """The number of people does not matter."""
    text = f"The Gazette, {words}, reported that the mayor took the money."
    assert [g.anonymity for g in find_grants(segment(Document(text)))] == ["granted"]
