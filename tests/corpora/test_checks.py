"""The shipped corpus passes every check, and the checks find each kind of fault."""

import copy
import json
from pathlib import Path

import pytest

from reportedly.corpora import checks
from reportedly.corpora.gold import read_gold
from reportedly.errors import InvalidCorpus

CORPUS = Path(__file__).parents[2] / "data" / "corpus"


@pytest.fixture(scope="module")
def records():
    """Return the records of the shipped corpus with their places."""
    return checks.read_records(CORPUS)


def test_the_shipped_corpus_passes(records):
    """data/corpus has no problem of any kind."""
    assert checks.check(records) == []


def test_the_shipped_corpus_is_as_varied_as_promised(records):
    """It has at least 240 articles, 40 pairs and 40 outlets; every desk has both labels."""
    table = checks.stats([record for record, _ in records])
    assert table["articles"] >= 240
    assert table["contrast pairs"] >= 40
    assert table["outlets"] >= 40
    assert set(table["by desk"]) == set(checks.DESKS)
    assert all(min(row.values()) >= 8 for row in table["by desk"].values())


def test_both_readers_agree_with_the_file(records):
    """Every gold sentence covers the words that the record's spans name."""
    articles = read_gold(CORPUS)
    assert len(articles) == len(records)
    for article in articles:
        for sentence in article.sentences:
            words = sentence.span.of(article.document.text)
            for attribution in sentence.attributions:
                assert attribution.source in words
                assert attribution.cue in words
            for hedge in sentence.hedges:
                assert hedge.cue in words


def broken(record, **change):
    """Return a copy of `record` with its first body sentence changed."""
    twin = copy.deepcopy(record)
    sentence = next(s for s in twin["sentences"] if not s["furniture"])
    sentence.update(change)
    return twin


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"end": 10_000_000}, "offsets"),
        ({"start": -1}, "offsets"),
        ({"support": "rumour", "checkworthy": True}, "support 'rumour'"),
        ({"support": None, "checkworthy": True}, "one needs the other"),
        ({"attribution": [{"class": "friend", "source": None, "cue": None}]}, "class 'friend'"),
        ({"hedges": [{"start": 0, "end": 3, "text": "xyz", "kind": "epistemic", "voice": "reporter"}]}, "do not give"),
        ({"anonymity": "maybe"}, "anonymity 'maybe'"),
        ({"furniture": True, "checkworthy": True, "support": "named"}, "furniture is annotated"),
    ],
)  # fmt: skip
def test_a_broken_sentence_is_found(records, change, message):
    """Each kind of fault in a sentence is named."""
    found = checks.check([(broken(records[0][0], **change), "x:1")])
    assert any(message in problem.what for problem in found), found


def test_repeats_and_split_pairs_are_found(records):
    """A repeated id, an article repeated under another id, and a pair over two splits are found."""
    first = next(record for record, _ in records if record["pair"] is None)
    twin = {**first, "id": "other"}
    whats = [p.what for p in checks.check([(first, "a"), (first, "b"), (twin, "c")])]
    assert any("id occurs 2 times" in what for what in whats)
    assert any("near-duplicates" in what for what in whats)
    pair = [dict(record) for record, _ in records if record["pair"] == "p01"]
    pair[0]["split"] = "train" if pair[1]["split"] != "train" else "test"
    torn = checks.check([(record, "x") for record in pair])
    assert any("both sides" in problem.what for problem in torn)


def test_a_leak_of_the_label_through_length_is_found(records):
    """A corpus in which all risky articles are longer is reported."""
    articles = [copy.deepcopy(record) for record, _ in records]
    for article in articles:
        article["text"] += " word" * (500 * article["risk"])
    assert any("length alone" in problem.what for problem in checks.leaks(articles))


def test_what_is_no_corpus_is_refused(tmp_path):
    """An empty folder, invalid JSON, a non-object and missing labels get one line each."""
    (tmp_path / "x.jsonl").write_text("{no json\n")
    with pytest.raises(InvalidCorpus, match=r"x\.jsonl:1: not valid JSON"):
        read_gold(tmp_path)
    (tmp_path / "x.jsonl").write_text("[1]\n")
    with pytest.raises(InvalidCorpus, match="expected an object"):
        read_gold(tmp_path)
    (tmp_path / "x.jsonl").write_text(json.dumps({"id": "a"}) + "\n")
    with pytest.raises(InvalidCorpus, match="is missing"):
        read_gold(tmp_path)
    with pytest.raises(InvalidCorpus):
        read_gold(tmp_path / "none.jsonl")
    (tmp_path / "x.jsonl").write_text("")
    with pytest.raises(InvalidCorpus, match="no annotated article"):
        read_gold(tmp_path)


def test_the_layout_in_two_files_is_read(tmp_path):
    """Offsets are in one file, labels in the other, with plain words for the roles."""
    text = "It may rain, she said."
    article = {"gid": "g", "text": text, "title": "T", "sentences": [[0, len(text)]]}
    label = {
        "s": 0, "furniture": False, "anonymity": None, "checkworthy": True, "support": "named",
        "attribution": [{"source": "she", "cue": "said", "class": "named_person"}],
        "hedges": [{"cue": "may", "kind": "epistemic", "voice": "source"}],
    }  # fmt: skip
    (tmp_path / "articles.jsonl").write_text(json.dumps(article))
    (tmp_path / "labels.jsonl").write_text(json.dumps({"gid": "g", "labels": [label]}))
    (sentence,) = read_gold(tmp_path)[0].sentences
    assert sentence.classes == {"named_person"}
    assert sentence.hedges[0].cue == "may"
    (tmp_path / "labels.jsonl").write_text(json.dumps({"gid": "g", "labels": []}))
    with pytest.raises(InvalidCorpus, match="do not match"):
        read_gold(tmp_path)
