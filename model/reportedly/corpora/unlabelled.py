"""Corpora of which only the text is read, without labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from reportedly.corpora.gold import GoldArticle
from reportedly.corpora.leaks import Screen, screen

UNLABELLED = (
    "allsides_abp_mbfc_sample", "basil_publisher", "bbc_news_2004", "buzzfeed_webis2016",
    "checkthat2021_task3a", "fakehealth_story", "fakenewscorpus_sample", "fakenewsnet_gossipcop_llmmis",
    "fakenewsnet_old_politifact", "fakes_syria", "fnc1_bodies_unlabelled", "golbeck2018_fake_satire",
    "horne2017_buzzfeed", "misinfotext_politifact_fake", "misinfotext_snopes", "propanews_test",
    "semeval2019_hyperpartisan_byarticle",
)  # fmt: skip
"""Corpora whose text, without labels, is used to learn which words are used alike."""


def unlabelled_texts(folder: Path, screened: Screen | None = None) -> list[str]:
    """Return the texts of the unlabelled corpora under `folder` that may be trained on, each once."""
    texts: dict[str, None] = {}
    for name in UNLABELLED:
        path = folder / f"{name}.parquet"
        if path.is_file():
            texts |= dict.fromkeys(pd.read_parquet(path, columns=["text"])["text"].dropna())
    return (screened or screen(folder)).items("unlabelled news", list(texts), str)


SAMPLE_SEED = 14

_SHORTEST = 400
"""The least code points of an unlabelled text that counts as an article."""


@dataclass(frozen=True, slots=True)
class UnlabelledText:
    """An unlabelled text with its id and headline."""

    id: str
    title: str
    text: str


def unlabelled_news(
    folder: Path, apart: Sequence[GoldArticle], count: int, screened: Screen | None = None
) -> list[UnlabelledText]:
    """Return `count` texts of the unlabelled corpora under `folder`, drawn at random, none of them a near duplicate of one of `apart`.

    Near duplicates of annotated articles, by ``near_duplicate_groups.parquet``, are left out, and only one of each
    group is kept. What `screened` holds out is left out too; without it, the files beside `folder` decide. Returns None
    if the folder has no such corpora.
    """
    tables = [
        pd.read_parquet(folder / f"{name}.parquet", columns=["id", "title", "text"])
        for name in UNLABELLED
        if (folder / f"{name}.parquet").is_file()
    ]
    if not tables:
        return []
    frame = pd.concat(tables).dropna(subset=["id", "text"]).drop_duplicates("id")
    known = {str(article.about.get("id", article.id)) for article in apart}
    frame = frame[~frame["id"].isin(known) & (frame["text"].str.len() > _SHORTEST)]
    groups = folder / "near_duplicate_groups.parquet"
    if groups.is_file():
        of = pd.read_parquet(groups).drop_duplicates("id").set_index("id")["group"]
        group = of.reindex(frame["id"]).to_numpy()
        taken = of.reindex(sorted(known)).dropna()
        alone = pd.isna(group)
        fresh = alone | ~(pd.Series(group).duplicated().to_numpy() | np.isin(group, taken))
        frame = frame[fresh]
    screened = screened or screen(folder)
    positions = screened.items(
        "unlabelled news for the teacher", list(range(len(frame))),
        frame["text"].tolist().__getitem__, frame["id"].tolist().__getitem__,
    )  # fmt: skip
    frame = frame.iloc[positions]
    frame = frame.sample(min(count, len(frame)), random_state=SAMPLE_SEED)
    titles = frame["title"].fillna("").astype(str)
    return [UnlabelledText(*row) for row in zip(frame["id"], titles, frame["text"], strict=True)]
