"""What several trainers learn from: our own articles, and unlabelled news as a teacher reads it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reportedly.annotation.tokens.word_features import WordClasses
from reportedly.corpora.gold import GoldArticle, read_gold
from reportedly.corpora.leaks import Log, Screen, screen

if TYPE_CHECKING:
    from reportedly.annotation.hedging.learning.fitting import DistillationSet
    from reportedly.annotation.hedging.learning.teacher import EncodeTexts


_LESSON = 4500
"""Texts of unlabelled news that the teacher reads."""


def distillation_set(
    data: Path,
    articles: Sequence[GoldArticle],
    classes: WordClasses,
    cache: Path | None,
    say: Log,
    screened: Screen | None = None,
) -> tuple[EncodeTexts | None, DistillationSet | None]:
    """Return the teacher's reader and the hedge candidates of unlabelled news, none of it like `articles`.

    Neither, and a line said, where the encoder is not installed or ``data/corpora`` is not there.
    """
    from reportedly.annotation.hedging.detect import default_cues  # noqa: PLC0415 - heavy
    from reportedly.annotation.hedging.learning.fitting import read_news  # noqa: PLC0415
    from reportedly.annotation.hedging.learning.teacher import load_encoder  # noqa: PLC0415
    from reportedly.corpora.unlabelled import unlabelled_news  # noqa: PLC0415

    read = load_encoder(cache, say)
    if read is None:
        return None, None
    texts = unlabelled_news(data / "corpora", articles, _LESSON, screened)
    if not texts:
        say(f"no teacher: {data / 'corpora'} holds no unlabelled news")
        return None, None
    distillation = read_news(texts, default_cues(), classes, read, lambda _: ())
    say(f"{len(distillation.features)} hedge candidates in unlabelled news read by the teacher")
    return read, distillation


def own_training_articles(data: Path, screened: Screen | None = None) -> list[GoldArticle]:
    """Return the articles of ``data/corpus`` that may teach: all but the test split; none if it is not there."""
    place = data / "corpus" if (data / "corpus").is_dir() else Path("data") / "corpus"
    if not place.is_dir():
        return []
    own = [article for article in read_gold(place) if article.about.get("split") != "test"]
    return (screened or screen(data)).articles("own corpus", own)
