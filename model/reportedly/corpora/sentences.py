"""Corpora of single labelled sentences."""

from __future__ import annotations

from operator import itemgetter
from pathlib import Path

import numpy as np

from reportedly.corpora.gold import read_compressed
from reportedly.corpora.leaks import Screen, screen
from reportedly.datamodel.arrays import Bools


def sentence_corpora(folder: Path, screened: Screen | None = None) -> list[tuple[list[str], Bools]]:
    """Return the external heads' corpora: check-worthy and no fact in ClaimBuster, subjective in news.

    `folder` holds ``claimbuster.jsonl.gz`` (Arslan et al. 2020) and ``ct25_subjectivity_en.jsonl.gz``;
    sentences of articles that `screened` holds out are left out.
    """
    screened = screened or screen(folder)
    debates, news = (
        screened.sentences(name, read_compressed(folder / f"{name}.jsonl.gz"), itemgetter("text"))
        for name in ("claimbuster", "ct25_subjectivity_en")
    )
    texts = [row["text"] for row in debates]
    return [
        (texts, np.array([row["label"] == 1 for row in debates])),
        (texts, np.array([row["label"] == -1 for row in debates])),
        ([row["text"] for row in news], np.array([row["label"] == "SUBJ" for row in news])),
    ]
