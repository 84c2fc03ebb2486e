"""Which articles the risk is trained on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from reportedly.corpora.leaks import Log, Screen, annotated_ids, screen
from reportedly.corpora.tables import check_learnable, load_corpora, load_own, load_table


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """What to train on, and how.

    `corpora` are folders of tables in the documented schema; `own` is the folder of the project's own
    corpus; `table` is a user's own table with the names of its columns. `cache` is a folder that
    keeps features, so that an interrupted run continues; `jobs` is the number of processes.
    """

    corpora: tuple[Path, ...] = ()
    own: Path | None = None
    table: Path | None = None
    text_column: str = "text"
    label_column: str = "label"
    title_column: str | None = None
    group_column: str | None = None
    cache: Path | None = None
    jobs: int = 1
    seed: int = 0
    folds: int = 5


def screen_for(config: TrainingConfig, say: Log = lambda _: None) -> Screen:
    """Return the screen for the articles held out for measuring, by the files beside the data of `config`."""
    table = (config.table.parent,) if config.table is not None else ()
    return screen(*config.corpora, *table, say=say)


def _screened(frame: pd.DataFrame, screened: Screen) -> pd.DataFrame:
    """Return the rows of `frame` that may be trained on."""
    texts, ids = frame["text"].tolist(), frame["id"].tolist()
    rows = list(range(len(frame)))
    return frame.iloc[screened.items("labelled articles", rows, texts.__getitem__, ids.__getitem__)]


_ANNOTATED = "labelled articles that trained the reader"


def _weighed(frame: pd.DataFrame, ids: frozenset[str], screened: Screen) -> pd.DataFrame:
    """Return `frame` with the weight of each row in training: 0 for the annotated `ids`, whose number is reported."""
    known = frame["id"].astype(str).isin(ids).to_numpy()
    if ids:
        screened.left_out[_ANNOTATED] += int(known.sum())
        screened.say(
            f"{_ANNOTATED}: {known.sum()} of {len(frame)} have no weight in training the risk"
        )
    return frame.assign(weight=np.where(known, 0.0, 1.0))


def load_articles(config: TrainingConfig, screened: Screen | None = None) -> pd.DataFrame:
    """Return every article that `config` names and that is not held out for measuring the detectors.

    The column ``weight`` is 0 for articles annotated in gold or gold2: they trained the reader, so its answers for
    them are too good.

    Raises
    ------
    InvalidCorpus
        When there is nothing to learn from; see :mod:`reportedly.corpora`.
    """
    frames = []
    if config.corpora:
        frames.append(load_corpora(*config.corpora))
    if config.table is not None:
        frames.append(
            load_table(
                config.table, text_column=config.text_column, label_column=config.label_column,
                title_column=config.title_column, group_column=config.group_column,
            )
        )  # fmt: skip
    if config.own is not None:
        frames.append(load_own(config.own))
    for number, frame in enumerate(frames):  # groups are numbered within each frame
        frame["group"] = frame["group"] + number * 10_000_000
    frame = pd.concat(frames, ignore_index=True)
    screened = screened or screen_for(config)
    frame = _weighed(_screened(frame, screened), annotated_ids(*config.corpora), screened)
    frame = frame[frame["label"].notna() | (frame["corpus"] == "golbeck2018_fake_satire")]
    frame = frame[frame["role"] != "statements"].reset_index(drop=True)
    check_learnable(frame, "the articles to train on")
    return frame
