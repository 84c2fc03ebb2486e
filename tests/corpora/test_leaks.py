"""Articles held out for measuring, and near duplicates of them, are never trained on. All texts are invented."""

import gzip
import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from reportedly.annotation.hedging.learning import fitting as fitting_module
from reportedly.corpora import leaks, unlabelled
from reportedly.corpora.gold import GoldArticle, GoldSentence, read_gold
from reportedly.corpora.polnear import load_polnear
from reportedly.datamodel import Document, Span
from reportedly.errors import InvalidCorpus
from reportedly.risk.learning.articles import TrainingConfig, load_articles, screen_for
from reportedly.training import evidence, runs
from tests.readings import NO_CLASSES

WORDS = [f"{a}{b}" for a in "bdfgklmnprst" for b in ("arbour", "endal", "ilo", "ounder", "urveyor")]


def text(seed, length=160):
    """Return an article of invented words, sentence by sentence."""
    chosen = np.random.default_rng(seed).choice(WORDS, length)
    return " ".join(w + "." if n % 12 == 11 else w for n, w in enumerate(chosen.tolist()))


HELD, POLNEAR, FREE = text(1), text(2), text(3)
NEARLY = HELD.replace(HELD.split()[80], "otherword", 1) + " One more sentence closes it."
EXCERPT = text(4, 400) + " " + " ".join(HELD.split()[:60])


def polnear(identifier, split, words, **more):
    """Return one article in PolNeAR's layout."""
    return {
        "id": identifier, "filename": identifier, "split": split, "primary": True, "annotator": "a",
        "source": "outlet", "text": words, "annotations": [], "discard": [],
    } | more  # fmt: skip


def gold_row(gid, words):
    """Return an article and its labels as gold has them: one sentence over all of it."""
    article = {
        "gid": gid,
        "id": f"corpus:{gid}",
        "title": "",
        "text": words,
        "sentences": [[0, len(words)]],
    }
    return article, {"gid": gid, "labels": [{"s": 0}]}


def write_gold(folder, **texts):
    """Write a folder of articles and labels."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [gold_row(gid, words) for gid, words in texts.items()]
    for name, column in (("articles", 0), ("labels", 1)):
        lines = "".join(json.dumps(row[column]) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines)


def compressed(path, rows):
    """Write records as compressed JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


@pytest.fixture
def data(tmp_path):
    """Return a training folder in which every set contains a held-out article."""
    write_gold(tmp_path / "gold2", dev1=HELD, free2=FREE)
    (tmp_path / "gold2" / "dev.txt").write_text("dev1\n")
    write_gold(tmp_path / "gold", near1=NEARLY, pol1=POLNEAR, free1=text(5), free2=text(6))
    articles = [("p1", "train", NEARLY), ("p2", "dev", POLNEAR)]
    articles += [(f"p{n}", "train", text(n)) for n in range(10, 40)]
    compressed(tmp_path / "spans" / "polnear.jsonl.gz", [polnear(*a) for a in articles])
    sentence = " ".join(HELD.split()[12:24])
    rows = [{"text": sentence, "label": 1}, {"text": "The quay is dry.", "label": 0}]
    compressed(tmp_path / "spans" / "claimbuster.jsonl.gz", rows)
    rows = [{"text": sentence, "label": "SUBJ"}, {"text": "A dull harbour.", "label": "SUBJ"}]
    compressed(tmp_path / "spans" / "ct25_subjectivity_en.jsonl.gz", rows)
    table = pd.DataFrame(
        {
            "id": ["corpus:dev1", "b", "c", "d", "e"], "corpus": "bbc_news_2004", "title": "",
            "text": ["a cut-down copy " * 40, NEARLY, EXCERPT, text(7), text(8)], "label": [1, 0, 1, 0, 1],
        }
    )  # fmt: skip
    (tmp_path / "corpora").mkdir()
    table.to_parquet(tmp_path / "corpora" / "bbc_news_2004.parquet")
    leaks._held_out.cache_clear()
    return tmp_path


def article(gid, words):
    """Return an annotated article."""
    return GoldArticle(Document(words, id=gid), (GoldSentence(Span(0, len(words))),))


@pytest.mark.parametrize(
    ("words", "may"),
    [(HELD, False), (NEARLY, False), (EXCERPT, False), (HELD.upper(), False), (POLNEAR, False), (FREE, True), ("", True)],
)  # fmt: skip
def test_what_repeats_a_held_out_article_may_not_teach(data, words, may):
    """The article itself, with a word changed, in part, or in capitals is left out; another article is not."""
    assert leaks.held_out(data).may_teach([words]).tolist() == [may]


def test_ids_hold_out_whatever_the_text_says(data):
    """An article is held out by its own id, by its corpus's id, and by its group of near duplicates."""
    groups = pd.DataFrame({"id": ["corpus:dev1", "other:7", "third:1"], "group": [4, 4, 5]})
    groups.to_parquet(data / "corpora" / "near_duplicate_groups.parquet")
    leaks._held_out.cache_clear()
    held = leaks.held_out(data)
    ids = ["dev1", "corpus:dev1", "other:7", "third:1", "p2"]
    assert held.may_teach([FREE] * 5, ids).tolist() == [False, False, False, True, False]


def test_sentences_of_held_out_articles_may_not_teach(data):
    """Single sentences are recognised by their sequence of words, whatever the punctuation."""
    held = leaks.held_out(data)
    own = "“" + " ".join(HELD.split()[12:24]).rstrip(".") + "!”"
    assert held.sentences_may_teach([own, "The quay is dry."]).tolist() == [False, True]


def test_a_folder_without_held_out_articles_holds_out_nothing(tmp_path):
    """Training works without gold2."""
    said = []
    screened = leaks.screen(tmp_path, tmp_path / "nowhere", say=said.append)
    assert screened.articles("gold", [article("a", HELD)])
    assert screened.sentences("claims", [HELD], str) == [HELD]
    assert said == []
    assert screened.record() == {"texts": 0, "left_out": {"claims": 0, "gold": 0}}


def test_a_screen_says_and_counts_what_it_leaves_out(data):
    """The line names the set and both numbers; the manifest gets the same record."""
    said = []
    screened = leaks.screen(data, say=said.append)
    kept = screened.articles("gold", read_gold(data / "gold"))
    assert [a.id for a in kept] == ["free1", "free2"]
    assert said == ["gold: 2 of 4 left out: held out for measuring, or nearly so"]
    assert screened.record() == {"texts": 2, "left_out": {"gold": 2}}


def test_held_out_articles_are_read_once(data, monkeypatch):
    """A second trainer in one process reuses them, for the folder or one inside it."""
    first = leaks.held_out(data)
    monkeypatch.setattr(leaks, "_articles", lambda place: pytest.fail("read again"))
    assert leaks.held_out(data) is first


def test_a_damaged_span_file_is_refused_in_a_line(data):
    """The message has the file's name and no traceback."""
    (data / "spans" / "polnear.jsonl.gz").write_bytes(b"no gzip")
    leaks._held_out.cache_clear()
    with pytest.raises(InvalidCorpus, match=r"polnear\.jsonl\.gz: not a readable"):
        leaks.held_out(data)


def left_out(trained):
    """Return how many items a trainer's record says it left out of each set, if any."""
    return {name: n for name, n in trained["held_out"]["left_out"].items() if n}


@pytest.fixture
def saved(monkeypatch):
    """Record what trainers write, and replace the training of models."""
    found = {}
    monkeypatch.setattr(runs, "save", lambda out, parts, how, card=None: found.update(how))
    return found


def test_evidence_learns_from_no_held_out_article(data, saved, monkeypatch, tmp_path):
    """Neither word classes from unlabelled news nor anything from annotated articles uses one."""
    taught = {}

    def learn(*args, **_):
        taught["screen"] = args[3]
        raise InvalidCorpus("enough")

    monkeypatch.setattr(
        fitting_module,
        "learn_word_classes",
        lambda texts: taught.update(classes=texts) or NO_CLASSES,
    )
    monkeypatch.setattr(evidence, "learn_evidence", learn)
    with pytest.raises(InvalidCorpus, match="enough"):
        runs.run_evidence(data, out=tmp_path / "out", say=lambda _: None)
    assert taught["classes"] == [
        "a cut-down copy " * 40,
        text(7),
        text(8),
    ]  # by text alone, without ids
    kept = taught["screen"].articles("gold", read_gold(data / "gold"))
    assert [a.id for a in kept] == ["free1", "free2"]


def test_the_risk_learns_from_no_held_out_article(data):
    """Labelled articles are left out by id and by text, as are those that trained the reader; features and folds never include them."""
    more = pd.DataFrame(
        {"id": [f"m:{n}" for n in range(40)], "corpus": "mine", "text": [text(100 + n) for n in range(40)], "label": [0, 1] * 20}
    )  # fmt: skip
    annotated = more[:1].assign(id="corpus:free1", text=text(5))
    pd.concat([more, annotated]).to_parquet(data / "corpora" / "mine.parquet")
    said = []
    config = TrainingConfig(corpora=(data / "corpora",))
    screened = screen_for(config, said.append)
    frame = load_articles(config, screened)
    assert set(frame["id"]) == {*more["id"], "d", "e", "corpus:free1"}
    assert list(frame["id"][frame["weight"] == 0]) == ["corpus:free1"]
    assert screened.left_out == {
        "labelled articles": 3,
        "labelled articles that trained the reader": 1,
    }
    assert len(load_articles(config)) == len(frame)  # screened when nobody asks


CORPORA = Path(os.environ.get("REPORTEDLY_CORPORA", "../shared/corpora")).resolve().parent


@pytest.mark.corpora
@pytest.mark.skipif(
    not (CORPORA / "gold2" / "dev.txt").is_file(), reason="no gold2 beside the corpora"
)
def test_no_real_training_data_holds_a_held_out_article():
    """None of 152 articles of gold2 and 84 of PolNeAR, five of them in gold or gold2, is in any training set."""
    held = leaks.held_out(CORPORA)
    screened = leaks.screen(CORPORA)
    named = set((CORPORA / "gold2" / "dev.txt").read_text().split())
    named |= set((CORPORA / "gold2" / "polnear_dev.txt").read_text().split())
    taught = [
        kept
        for name in ("gold", "gold2")
        for kept in screened.articles(name, read_gold(CORPORA / name))
    ]
    assert not named & {a.id for a in taught}
    assert screened.left_out["gold"] >= 2
    assert screened.left_out["gold2"] >= 155
    spans = load_polnear(CORPORA / "spans" / "polnear.jsonl.gz")
    kept = screened.items("PolNeAR", spans, lambda a: a.document.text)
    assert {a.split for a in kept} == {"train", "annotator-training"}
    texts = unlabelled.unlabelled_texts(CORPORA / "corpora", screened)
    assert held.may_teach(texts[::50]).all()
    assert screened.left_out["unlabelled news"] > 100
    assert len(taught) > 1200
    assert len(texts) > 10_000
