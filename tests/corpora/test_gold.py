"""Part two of the own corpus's labels is complete and consistent, and each kind of fault is found."""

import copy
import json
from pathlib import Path

import pytest

from reportedly.corpora.gold import NOBODY, read_gold
from reportedly.datamodel import (
    FOLDED_SUPPORTS,
    HEDGE_KINDS,
    SOURCE_CLASSES,
    SUPPORTS,
    folded,
)

CORPUS = Path(__file__).parents[2] / "data" / "corpus"
PART_TWO = CORPUS / "part-two"
BACKED_BY = {
    "named": {"named_person", "named_organisation", "document"},
    "interested": {"named_person", "named_organisation", "document"},
    "press": {"press"},
    "unnamed": {"unnamed"},
    "vague": {"vague", "document"},
}
"""The classes of which the supporting sentence must attribute one; records and the reporter's own observation
need no attribution.
"""


def rows(path):
    """Return the records of a JSONL file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


LABELS = {row["gid"]: row["labels"] for row in rows(PART_TWO / "labels.jsonl")}
ARTICLES = {row["gid"]: row for row in rows(PART_TWO / "articles.jsonl")}


def stands(words, sentence):
    """Tell whether the words occur in the sentence, in order if they are in parts."""
    at = 0
    for part in words.split(" ... "):
        at = sentence.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True


def problems(article, labels):
    """Yield what is wrong with the labels of one article."""
    sentences = [article["text"][start:end] for start, end in article["sentences"]]
    if [label["s"] for label in labels] != list(range(len(sentences))):
        yield "sentences are not numbered one after the other"
        return
    classes = {}
    for label in labels:
        for a in label["attribution"]:
            if a["entity"] != NOBODY:
                classes.setdefault(a["entity"], set()).add(a["class"])
    yield from (f"{key} has two classes" for key, found in classes.items() if len(found) > 1)
    for label, sentence in zip(labels, sentences, strict=True):
        yield from roles_wrong(label, sentence, classes)
        yield from claim_wrong(label, labels)


def roles_wrong(label, sentence, entities):
    """Yield what is wrong with a sentence's attributions, hedges and grants."""
    for a in label["attribution"]:
        if a["class"] not in SOURCE_CLASSES or not a["entity"]:
            yield f"class {a['class']!r}, entity {a['entity']!r}"
        if a["entity"] == NOBODY and (a["class"] != "vague" or a["source"]):
            yield "nobody has a class or words of its own"
        yield from (
            f"{a[r]!r} is not there" for r in ("source", "cue") if not stands(a[r], sentence)
        )
    for h in label["hedges"]:
        if h["kind"] not in HEDGE_KINDS or h["voice"] not in {"reporter", "source"}:
            yield f"hedge {h}"
        if not stands(h["cue"], sentence):
            yield f"{h['cue']!r} is not there"
    if (label["anonymity"] is None) != (label["anonymous_entities"] == []):
        yield "a grant and whom it is for need each other"
    yield from (f"{e} says nothing" for e in label["anonymous_entities"] if e not in entities)
    full = ("attribution", "hedges", "checkworthy", "anonymity")
    if label["furniture"] and any(label[key] for key in full):
        yield "page furniture is annotated"


def claim_wrong(label, labels):
    """Yield what is wrong with a sentence's claim."""
    fine, places = label["support_fine"], label["support_at"]
    if not label["checkworthy"]:
        if (fine, label["support"], label["worth"], places) != (None,) * 4:
            yield "support or worth of what is no claim"
        return
    if (
        fine not in SUPPORTS
        or label["support"] not in FOLDED_SUPPORTS
        or label["support"] != folded(fine)
    ):
        yield f"support {fine!r}, folded {label['support']!r}"
    if label["worth"] not in range(4):
        yield f"worth {label['worth']!r}"
    if (places is None) != (fine in {"none", "common"}):
        yield f"support {fine!r} at {places!r}"
    for at in places or ():
        if not 0 <= at < len(labels) or labels[at]["furniture"]:
            yield f"points at {at}"
        elif BACKED_BY.get(fine) and not BACKED_BY[fine] & {
            a["class"] for a in labels[at]["attribution"]
        }:
            yield f"support {fine!r}, nobody like that in {at}"


def test_it_holds_every_article_of_the_test_split_as_it_stands_in_the_corpus():
    """Text, title and sentences are those of the corpus, whose test split is never trained on."""
    whole = {row["id"]: row for row in rows(CORPUS / "articles.jsonl") if row["split"] == "test"}
    assert len(ARTICLES) >= 60
    assert ARTICLES.keys() == LABELS.keys() == whole.keys()
    for gid, article in ARTICLES.items():
        theirs = [[s["start"], s["end"]] for s in whole[gid]["sentences"]]
        assert article["sentences"] == theirs
        for key in ("text", "title", "split", "risk", "genre"):
            assert article[key] == whole[gid][key]


@pytest.mark.parametrize("gid", sorted(LABELS))
def test_labels_are_whole_and_consistent(gid):
    """Every sentence has its labels, every pointer points at somebody, every source has one class."""
    assert list(problems(ARTICLES[gid], LABELS[gid])) == []


def test_the_reader_of_corpora_takes_them_as_they_are():
    """They load like any part-two set, with entities, nine kinds of support with pointers, and check-worthiness."""
    articles = read_gold(PART_TWO)
    sentences = [s for article in articles for s in article.sentences]
    assert all(article.has_entities for article in articles)
    assert {s.support_fine for s in sentences if s.checkworthy} == set(SUPPORTS)
    assert {a.source_class for s in sentences for a in s.attributions} == set(SOURCE_CLASSES)
    assert {s.worth for s in sentences if s.checkworthy} == {0, 1, 2, 3}


def first(labels, **wanted):
    """Return the first label with these values."""
    return next(label for label in labels if all(label[k] == v for k, v in wanted.items()))


BROKEN = {
    "not numbered": lambda labels: labels.pop(),
    "two classes": lambda labels: first(labels, s=2)["attribution"][0].update({"class": "press"}),
    "is not there": lambda labels: first(labels, s=1)["attribution"][0].update(source="Nemo"),
    "points at": lambda labels: first(labels, s=1).update(support_at=[99]),
    "nobody like that": lambda labels: first(labels, s=1).update(support_at=[13]),
    "at None": lambda labels: first(labels, s=1).update(support_at=None),
    "support of|or worth": lambda labels: first(labels, furniture=True).update(worth=1),
    "worth 4": lambda labels: first(labels, s=1).update(worth=4),
    "folded": lambda labels: first(labels, s=1).update(support="record"),
    "need each other": lambda labels: first(labels, s=1).update(anonymity="granted"),
    "says nothing": lambda labels: first(labels, s=1).update(
        anonymity="granted", anonymous_entities=["nemo"]
    ),
    "furniture is annotated": lambda labels: first(labels, s=1).update(furniture=True),
    "nobody has": lambda labels: first(labels, s=1)["attribution"][0].update(entity=NOBODY),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_breaks_them_is_found(kind):
    """Each kind of fault is named."""
    labels = copy.deepcopy(LABELS["p02a"])
    BROKEN[kind](labels)
    found = list(problems(ARTICLES["p02a"], labels))
    assert any(word in problem for word in kind.split("|") for problem in found), found
