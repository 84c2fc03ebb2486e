"""Which unlabelled news is read."""

import pandas as pd

from reportedly.corpora import unlabelled
from reportedly.corpora.gold import GoldArticle, GoldSentence
from reportedly.datamodel import Document, Span


def test_unlabelled_news_leaves_out_what_is_like_annotated_articles(tmp_path):
    """Annotated texts, their near duplicates, and second members of a group are left out."""
    frame = pd.DataFrame(
        {
            "id": ["a", "b", "c", "d", "e"],
            "title": ["A", None, "C", "D", "E"],
            "text": ["one" * 200, "two" * 200, "three" * 200, "four" * 200, None],
        }
    )
    frame.to_parquet(tmp_path / "bbc_news_2004.parquet")
    groups = pd.DataFrame({"id": ["a", "b", "c", "d"], "group": [1, 1, 2, 2]})
    groups.to_parquet(tmp_path / "near_duplicate_groups.parquet")
    article = GoldArticle(Document("one", id="g1"), (GoldSentence(Span(0, 3)),), {"id": "a"})
    found = unlabelled.unlabelled_news(tmp_path, [article], 10)
    assert [(text.id, text.title) for text in found] == [("c", "C")]
    assert len(unlabelled.unlabelled_news(tmp_path, [], 10)) == 2
    assert unlabelled.unlabelled_news(tmp_path / "nowhere", [], 10) == []
