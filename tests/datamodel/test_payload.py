"""The payload of a report: it is consistent, and the three scores can be recomputed from it alone."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

import reportedly
from reportedly.assessment.assessor import LEAST_COMPARED
from reportedly.datamodel import Assessment, Risk, payload
from reportedly.signals import SIGNALS
from tests.annotations import annotated
from tests.behaviour.articles import TEMPLATES, record

WEIGHTS = {"none": 0.2, "boilerplate": 0.1, "specific": 0.0}
UNVERIFIED = {"press", "unnamed", "vague", "none"}


def measured(found):
    """Return the assessment of an annotation: signals are measured, the risk is not."""
    signals = tuple(signal.measure(found) for signal in SIGNALS)
    return Assessment(found, signals, Risk(None, None, None, "a test"))


def plain(assessment):
    """Return the payload after printing and reading it."""
    return json.loads(json.dumps(assessment.to_dict(), ensure_ascii=False))


def weight(source):
    """Return the weight of a ledger line by the formula that `reportedly signals` prints."""
    if source["class"] == "vague":
        return 1.0
    if source["class"] != "unnamed":
        return 0.0
    bare, alone = 0.2 * (not source["described"]), 0.2 * (not source["corroborated"])
    return 0.4 + bare + WEIGHTS[source["reason"]] + alone


def score(found, whole, usual):
    """Return a score by the formula: shrunk towards the usual share, 0 if nothing is found."""
    return 100 * (found + 10 * usual) / (whole + 10) if found else 0.0


def weights(account):
    """Return the total weight of each source's statements."""
    sentences, claim = account["sentences"], account["headline_claim"]
    top = claim["sentence"] if claim else None
    return {
        source["id"]: sum(
            (3 if n == top else 1) * (1 + sentences[n]["worth"]) for n in source["sentences"]
        )
        for source in account["sources"]
    }


def recomputed(account):
    """Return for each signal the count, the total and the usual share, from the payload's ledger, attributions and sentences alone."""
    ledger, sentences, heavy = account["sources"], account["sentences"], weights(account)
    scored = [s for s in sentences if not s["furniture"]]
    claims = [s for s in sentences if s["support"] is not None]
    unverified = [s for s in claims if s["support"] in UNVERIFIED]
    return {
        "anonymous_sourcing": (sum(heavy[s["id"]] * weight(s) for s in ledger), sum(heavy.values()), 0.14),
        "hedging": (sum(s["hedged"] for s in scored), len(scored), 0.13),
        "unverified_claims": (*(sum(1 + s["worth"] for s in some) for some in (unverified, claims)), 0.39),
    }  # fmt: skip


def assert_recomputed(account):
    """Check the three scores of a payload against its own ledger and sentences."""
    for name, parts in recomputed(account).items():
        signal = account["signals"][name]
        assert signal["score"] == pytest.approx(score(*parts), abs=0.1001), name
        told = (signal["found"], signal["whole"], signal["usual"])
        assert told == pytest.approx(parts, abs=0.01), name
    heavy = weights(account)
    for source in account["sources"]:
        assert source["weight"] == pytest.approx(heavy[source["id"]], abs=0.01)
        assert source["anonymity_weight"] == pytest.approx(weight(source))


def spans_of(value):
    """Yield every ``{start, end, text}`` anywhere in a payload."""
    if isinstance(value, dict):
        if {"start", "end", "text"} <= value.keys():
            yield value
        value = value.values()
    if isinstance(value, list | type({}.values())):
        for item in value:
            yield from spans_of(item)


@given(found=annotated())
@settings(max_examples=40, deadline=None)
def test_scores_of_any_annotation_can_be_recomputed(found):
    """The formulas give each signal's score from the printed ledger and sentences."""
    assert_recomputed(plain(measured(found)))


def real_articles():
    """Return texts of every kind: templates and corpus articles."""
    made = [template.make() for template in TEMPLATES]
    records = [record(name) for name in ("p02b", "p10a", "p29b", "s003", "s020", "s077")]
    return [(a.title, a.text) for a in made] + [(r["title"], r["text"]) for r in records]


@pytest.mark.parametrize(("title", "text"), real_articles(), ids=lambda v: v[:24])
def test_scores_of_real_assessments_can_be_recomputed(title, text):
    """The formulas give the scores of assessed articles too, not only those of random annotations."""
    account = plain(reportedly.assess(text, title))
    assert_recomputed(account)
    for signal in account["signals"].values():
        found = signal["score"] > 0
        assert (signal["percentile"] is not None) == (found and signal["counted"] >= LEAST_COMPARED)
        assert (signal["none_like"] is not None) == (not found and signal["counted"] > 0)
    for span in spans_of(account):
        assert text[span["start"] : span["end"]] == span["text"]
    for source in account["sources"]:
        own = [a for a in account["attributions"] if a["source_id"] == source["id"]]
        assert len(source["sentences"]) == source["statements"] <= len(own)
        assert {a["class"] for a in own} == {source["class"]}


@given(found=annotated())
@settings(max_examples=30, deadline=None)
def test_every_span_of_an_account_covers_its_words(found):
    """Every span of the payload has the article's words."""
    for span in spans_of(plain(measured(found))):
        assert found.text[span["start"] : span["end"]] == span["text"]


@given(found=annotated())
@settings(max_examples=30, deadline=None)
def test_sentences_and_worklist_agree(found):
    """Each unverified sentence is in the worklist or repeats an item; names behind a claim are in the ledger."""
    account = plain(measured(found))
    unverified = [s for s in account["sentences"] if s["unverified"]]
    places = [place for line in account["worklist"] for place in (line, *line["repeats"])]
    assert sorted(p["start"] for p in places) == [s["start"] for s in unverified]
    names = {source["id"]: source["label"] for source in account["sources"]}
    for line in account["worklist"]:
        assert [names[i] for i in line["source_ids"]] == line["behind"]
        assert account["sentences"][line["sentence"]]["start"] == line["start"]
    assert [s["unverified"] for s in account["sentences"]] == [
        s["support"] in UNVERIFIED for s in account["sentences"]
    ]


@given(found=annotated())
@settings(max_examples=30, deadline=None)
def test_an_empty_worklist_says_why(found):
    """Only an empty worklist has a reason, which counts every claim."""
    account = plain(measured(found))
    assert (account["worklist_empty"] is None) == bool(account["worklist"])
    claims = sum(s["support"] is not None for s in account["sentences"])
    if not account["worklist"]:
        start = f"{claims} claim" if claims else "no sentence makes a claim"
        assert account["worklist_empty"].startswith(start)


@given(found=annotated())
@settings(max_examples=30, deadline=None)
def test_classes_are_told_of_sentences_that_are_no_furniture(found):
    """Each attribution's class is given for each sentence that it overlaps, except page furniture."""
    account = plain(measured(found))
    for sentence in account["sentences"]:
        touching = {
            a["class"]
            for a in account["attributions"]
            for span in (*a["source"], *a["cue"], *a["content"])
            if a["class"] and span["start"] < sentence["end"] and sentence["start"] < span["end"]
        }
        wanted = set() if sentence["furniture"] else touching
        assert set(sentence["attribution_classes"]) == wanted
        assert sentence["attribution_classes"] == sorted(sentence["attribution_classes"])


def test_the_harbour_article(assessment):
    """Every part of the hand-made article's payload is present and not empty."""
    account = plain(assessment)
    assert account["schema"] == payload.PAYLOAD_SCHEMA
    assert account["risk"] == {
        "score": 63.4, "band": "cannot tell", "interval": [49.0, 75.5], "abstained": None,
        "ordinary": 49.9, "reasons": [{"family": "claims", "effect": 9.4}, {"family": "sourcing", "effect": 4.1}],
        "words": [{"text": "reportedly", "effect": 0.5}],
    }  # fmt: skip
    assert [source["id"] for source in account["sources"]] == ["s1", "s2", "s3", "s4", "s5"]
    assert len(account["document"]["furniture"]) == 3
    assert [line["checkworthiness"] for line in account["worklist"]] == [0.93, 0.88, 0.86, 0.71]
    assert account["worklist"][0]["behind"] == ["a person close to the board"]
    assert account["model"] == {"bundle": "test", "version": "1", "prior": "0.5"}
    assert all(
        account[part]
        for part in account.keys() - {"headline_claim", "worklist_empty", "worklist_low", "unclear"}
    )
    assert [line["standing"] for line in account["worklist"]] == ["nobody"] * 4
    assert account["worklist"][0]["chance"] is None


def test_silence_is_told(assessment):
    """Without a risk there is a reason, and neither band nor interval."""
    silent = replace(assessment, risk=Risk(None, None, None, "too short: 12 words"))
    assert plain(silent)["risk"] == {
        "score": None, "band": None, "interval": None, "abstained": "too short: 12 words",
        "ordinary": None, "reasons": [], "words": [{"text": "reportedly", "effect": 0.5}],
    }  # fmt: skip


def test_the_risk_is_left_out(assessment):
    """Its contributions are left out with it; everything else is the same."""
    account, without = plain(assessment), plain(replace(assessment, tells_risk=False))
    assert account.keys() - without.keys() == {"risk", "contributions"}
    assert {name: account[name] for name in without} == without


def test_an_account_is_plain(assessment):
    """The payload has only JSON types; reading what was printed gives the same payload."""
    account = assessment.to_dict()
    assert json.loads(json.dumps(account, allow_nan=False)) == account
