"""The project's own articles as training data, for several parts."""

from __future__ import annotations

from pathlib import Path

from reportedly.corpora.gold import GoldArticle, read_gold
from reportedly.corpora.leaks import Screen, screen


def own_training_articles(data: Path, screened: Screen | None = None) -> list[GoldArticle]:
    """Return the articles of ``data/corpus`` that training may use: all but the test split; none if the folder is missing."""
    place = data / "corpus" if (data / "corpus").is_dir() else Path("data") / "corpus"
    if not place.is_dir():
        return []
    own = [article for article in read_gold(place) if article.about.get("split") != "test"]
    return (screened or screen(data)).articles("own corpus", own)
