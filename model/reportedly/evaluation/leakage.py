"""What could make a score look better than it is: names, datelines, boilerplate, near duplicates, length."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from reportedly.datamodel.arrays import Floats

if TYPE_CHECKING:
    from reportedly.risk.learning.extraction import Extracted


_DATELINE = re.compile(
    r"^\s*(?:[A-Z][A-Z.,'’ -]{2,40}(?:\([\w ]+\))?\s*[-–—]|\([A-Z][\w ]+\)\s*[-–—])"
)
_BOILERPLATE_WORDS = 8
_FEWEST = 20


def leakage_report(extracted: Extracted) -> dict[str, Any]:
    """Return for each corpus with both classes how well each leak alone predicts the class.

    ``length``, ``dateline``, ``own_name`` (the outlet's name is in the text) are AUCs, .5 for no leak;
    ``boilerplate`` is the AUC of opening or closing words that another article of the corpus
    shares; ``duplicates`` is the share of articles with a near duplicate, ``across`` of those with one in another corpus.
    """
    frame = extracted.frame
    labels = extracted.labels
    sizes = frame.groupby("group")["id"].transform("size").to_numpy()
    spread = frame.groupby("group")["corpus"].transform("nunique").to_numpy()
    report: dict[str, Any] = {}
    for name in dict.fromkeys(frame["corpus"]):
        rows = np.flatnonzero((frame["corpus"] == name).to_numpy() & ~np.isnan(labels))
        if min(np.bincount(labels[rows].astype(int), minlength=2)) < 5:
            continue
        part = frame.iloc[rows]
        leaks = {
            "length": np.array([extracted.records[i].forms.count("\n") for i in rows], dtype=float),
            "dateline": _dateline(part),
            "own_name": _own_name(part),
            "boilerplate": _boilerplate(part),
        }
        report[str(name)] = {key: _auc(labels[rows], values) for key, values in leaks.items()} | {
            "duplicates": round(float(np.mean(sizes[rows] > 1)), 3),
            "across": round(float(np.mean(spread[rows] > 1)), 3),
        }
    return report


def subgroups(extracted: Extracted, held: pd.DataFrame) -> dict[str, Any]:
    """Return error by subgroup of held-out articles: how often reliable ones score above the middle.

    Small outlets have fewer than 5 articles; partisan but reliable ones are reliable articles whose
    label says left or right.
    """
    frame = extracted.frame.iloc[held["row"].to_numpy()]
    middle = held.groupby("fold")["score"].transform("median").to_numpy()
    above = held["score"].to_numpy() > middle
    reliable = held["label"].to_numpy() == 0
    counts = frame["source"].map(extracted.frame["source"].value_counts()).to_numpy()
    named = (frame["source"] != "").to_numpy()
    original = frame["label_original"].astype(str)
    partisan = original.str.contains(r"; (?:left|right);|bias=(?:left|right)\b").to_numpy()
    short = np.array([extracted.records[i].forms.count("\n") < 200 for i in held["row"]])
    groups = {
        "all reliable": reliable,
        "small outlets": reliable & named & (counts < 5),
        "large outlets": reliable & named & (counts >= 5),
        "partisan but reliable": reliable & partisan,
        "under 200 words": reliable & short,
    }
    return {
        name: {"articles": int(rows.sum()), "above_median": round(float(above[rows].mean()), 3)}
        for name, rows in groups.items()
        if rows.sum() >= _FEWEST
    }


def _auc(labels: Floats, values: Floats) -> float:
    """Return the AUC of `values` for the classes, in the better direction."""
    auc = float(roc_auc_score(labels, values))
    return round(max(auc, 1 - auc), 3)


def _dateline(part: pd.DataFrame) -> Floats:
    """Return 1.0 for articles that open with a place and a dash."""
    return np.array([float(bool(_DATELINE.match(text))) for text in part["text"]])


def _own_name(part: pd.DataFrame) -> Floats:
    """Return 1.0 for articles that name their own outlet."""
    return np.array(
        [
            float(len(source) > 3 and source.split(".")[0].lower() in text.lower())
            for source, text in zip(part["source"].astype(str), part["text"], strict=True)
        ]
    )


def _boilerplate(part: pd.DataFrame) -> Floats:
    """Return 1.0 for articles whose first or last eight words open or close another article."""
    words = [text.split() for text in part["text"]]
    found = np.zeros(len(words))
    for cut in (slice(None, _BOILERPLATE_WORDS), slice(-_BOILERPLATE_WORDS, None)):
        edges = pd.Series([" ".join(w[cut]) for w in words])
        found = np.maximum(found, edges.duplicated(keep=False).to_numpy(dtype=float))
    return found
