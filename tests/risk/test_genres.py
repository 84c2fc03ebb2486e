"""Texts that are not news get no risk and the name of their kind; news is scored."""

import json
from pathlib import Path

import pytest

import reportedly
from reportedly.reading.segmentation import tokenise
from reportedly.risk.genres import _entries

TEXTS = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "data" / "genres.jsonl")
    .read_text("utf-8")
    .splitlines()
]
RECIPE = """Plum cake

Serves 8

200g plain flour
150 g butter
3 eggs
1 tsp baking powder

Preheat the oven to 180C. Beat the butter with the sugar until smooth, then add the eggs one by one. Fold in the
flour. Pour the batter into a tin, press the plums into it and bake for 50 minutes, until golden. Leave to cool in
the tin and serve it with cream. It keeps for three days in a box, if nobody finds the box."""
JOB = """Night porter wanted at the Marlport Hotel

Salary: £24,000 a year
Hours: 40, nights
Closing date: 4 May

We are looking for a night porter to join our friendly team at the Marlport Hotel. You will be responsible for the front door, the
luggage and the boiler. The successful candidate will have a calm voice and a driving licence. We offer meals on
duty, a pension and the use of the pool. To apply, please send your CV and a covering letter to the manager."""


@pytest.fixture(scope="module")
def silences():
    """Return why each text gets no risk, or None."""
    return [reportedly.assess(t["text"], t["title"]).risk.abstained for t in TEXTS]


def test_most_texts_that_are_no_news_get_no_risk(silences):
    """At least 25 of the 34 get none."""
    silent = [
        bool(reason) for reason, text in zip(silences, TEXTS, strict=True) if not text["news"]
    ]
    assert len(silent) == 34
    assert sum(silent) >= 25


def test_nearly_all_news_is_scored(silences):
    """At least 26 of the 27 are scored, including live blogs, obituaries and boxes of questions and answers."""
    scored = [reason is None for reason, text in zip(silences, TEXTS, strict=True) if text["news"]]
    assert len(scored) == 27
    assert sum(scored) >= 26


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("letters page", "a letters page"), ("film review", "a review"), ("how-to", "a how-to"),
        ("advertorial", "an advertisement"), ("error page", "an error page"), ("horoscope", "a horoscope"),
        ("browser check page", "a browser-check page"), ("video description", "the description of a video"),
        ("song lyrics", "verse or lyrics"), ("property advertisement", "a property advertisement"),
    ],
)  # fmt: skip
def test_silence_says_what_the_text_is(kind, words, silences):
    """The reason names the kind in everyday words."""
    told = [reason for reason, text in zip(silences, TEXTS, strict=True) if text["kind"] == kind]
    assert all(reason.startswith(words) for reason in told)


@pytest.mark.parametrize(("text", "words"), [(RECIPE, "a recipe"), (JOB, "a job advertisement")])
def test_kinds_beyond_the_list(text, words):
    """Signals and evidence are still given."""
    found = reportedly.assess(text)
    assert found.risk.score is None
    assert found.risk.abstained.startswith(words)
    assert all(signal.score >= 0 for signal in found.signals)


def test_evidence_in_the_body_is_found_by_its_words():
    """Each example of such evidence has one of the words by which its sentences are selected."""
    from reportedly.lexicons.loader import load  # noqa: PLC0415

    for entry in load("genres").entries:
        if entry.attributes["where"] != "body":
            continue
        for sentence in entry.hits:
            words = {form.lower() for form in tokenise(sentence).forms}
            assert words & set(entry.attributes["words"]), sentence
    assert _entries("body")
