"""Tables of articles: what loaders accept and refuse, and what folds never split."""

import gzip

import numpy as np
import pandas as pd
import pytest

from reportedly.corpora.duplicates import merge_groups, near_duplicates  # fmt: skip
from reportedly.corpora.gold import read_compressed
from reportedly.corpora.registry import REGISTRY, describe_corpus  # fmt: skip
from reportedly.corpora.tables import load_corpora, load_own, load_table, read_labels  # fmt: skip
from reportedly.errors import InvalidCorpus


def _texts(number: int, seed: int = 0) -> list[str]:
    rng = np.random.default_rng(seed)
    words = np.array([f"word{i}" for i in range(400)])
    return [" ".join(rng.choice(words, 80)) for _ in range(number)]


def _table(tmp_path, **columns):
    frame = pd.DataFrame({"text": _texts(40), "label": [0, 1] * 20} | columns)
    path = tmp_path / "mine.csv"
    frame.to_csv(path, index=False)
    return path


def test_a_user_table_becomes_articles(tmp_path):
    """A table with text and label is read, and near duplicates share a group."""
    frame = load_table(
        _table(tmp_path, outlet=[f"o{i % 7}" for i in range(40)]), group_column="outlet"
    )
    assert len(frame) == 40
    assert frame["label"].tolist() == [0.0, 1.0] * 20
    assert frame["source"].iloc[3] == "o3"
    assert set(frame["family"]) == {"mine"}


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"label": [1] * 40}, "one class"),
        ({"label": ["maybe"] * 40}, "got the label"),
        ({"outlet": ["a", "b"] * 20}, "gives the label away"),
    ],
)
def test_a_table_that_cannot_teach_is_refused(tmp_path, columns, words):
    """One class, unknown labels, and a column that equals the label each get a clear line."""
    with pytest.raises(InvalidCorpus, match=words):
        load_table(
            _table(tmp_path, **columns), group_column="outlet" if "outlet" in columns else None
        )


def test_a_missing_column_is_named(tmp_path):
    """The message names the missing column and those that are there."""
    with pytest.raises(InvalidCorpus, match=r"no column 'body'.*'text'"):
        load_table(_table(tmp_path), text_column="body")


def test_too_few_rows_are_refused(tmp_path):
    """Four articles are too few to train on."""
    path = tmp_path / "few.jsonl"
    path.write_text('{"text": "a b", "label": 1}\n{"text": "c d", "label": 0}\n' * 2)
    with pytest.raises(InvalidCorpus, match="got 4 labelled articles"):
        load_table(path)


def test_an_opening_word_that_goes_with_one_class_is_a_leak(tmp_path):
    """A dateline in only one class is refused before training."""
    texts = [("" if i % 2 else "(Wire) ") + text for i, text in enumerate(_texts(40))]
    with pytest.raises(InvalidCorpus, match="leaks its label"):
        load_table(_table(tmp_path, text=texts))


def test_a_folder_of_tables_knows_families_and_unknown_corpora(tmp_path):
    """A known corpus gets its families by label; an unknown corpus is a family of its own."""
    known = "fakenewsnet_old_politifact"
    frame = pd.DataFrame({"id": [f"x{i}" for i in range(4)], "corpus": [known, known, "new", "new"], "text": _texts(4), "label": [0, 1, 0, 1]})  # fmt: skip
    frame.to_parquet(tmp_path / "a.parquet")
    read = load_corpora(tmp_path)
    assert read["family"].tolist() == ["BuzzFeed 2016|PolitiFact", "PolitiFact", "new", "new"]
    assert describe_corpus("new").role == "evaluate"


def test_a_folder_without_tables_is_refused(tmp_path):
    """For an empty folder and a missing one, the message says what was expected."""
    with pytest.raises(InvalidCorpus, match="no table of articles"):
        load_corpora(tmp_path)
    with pytest.raises(InvalidCorpus, match="no such folder"):
        load_corpora(tmp_path / "none")


def test_near_duplicates_share_a_group():
    """A text with a few words changed is grouped with its original, others are not."""
    first, second = _texts(2, seed=3)
    changed = first.replace(first.split()[40], "other", 1)
    groups = near_duplicates([first, second, changed, "", "short"])
    assert groups[0] == groups[2]
    assert len(set(groups.tolist())) == 4


def test_groups_merge_through_either_grouping():
    """Rows that share a group in either grouping end up in one group."""
    assert len(set(merge_groups([0, 0, 1, 2], [None, 5, 5, None]).tolist())) == 2


def test_labels_are_numbers_booleans_or_plain_words():
    """1, True and `fake` are unreliable; an empty label is neither; `true` is ambiguous."""
    labels = read_labels([1, True, "fake", 0, "real", None, float("nan")])
    assert labels[:5].tolist() == [1, 1, 1, 0, 0]
    assert np.isnan(labels[5:]).all()
    with pytest.raises(InvalidCorpus):
        read_labels(["true"])


def test_the_own_corpus_keeps_its_pairs_together():
    """Contrast pairs of data/corpus are one group each."""
    frame = load_own("data/corpus")
    assert set(frame["label"]) == {0.0, 1.0}
    assert frame["group"].nunique() < len(frame)


def test_registry_names_are_unique():
    """No corpus is in the registry twice."""
    assert len({c.name for c in REGISTRY}) == len(REGISTRY)


def test_read_compressed_reads_and_refuses(tmp_path):
    """A compressed file of records is read; a missing one is refused by name."""
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"text": "It rains.", "label": 1}\n'))
    assert read_compressed(path) == [{"text": "It rains.", "label": 1}]
    with pytest.raises(InvalidCorpus, match="b"):
        read_compressed(tmp_path / "b.jsonl.gz")
