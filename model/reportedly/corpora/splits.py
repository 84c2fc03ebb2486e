"""Which articles a model is trained on when others are measured: the four protocols.

In every protocol near duplicates stay on one side, and only rows whose role allows it are
ever trained on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.model_selection import StratifiedGroupKFold

from reportedly.datamodel.arrays import Ints

PROTOCOLS = ("leave-family-out", "random", "publisher-disjoint", "time-split")
_MEASURED = frozenset({"evaluate"})
_APART = frozenset({"control", "quality", "robustness"})


@dataclass(frozen=True, slots=True)
class Fold:
    """One split: the rows trained on, the rows measured, and the name of what is measured."""

    name: str
    train: Ints
    test: Ints


def family_folds(frame: pd.DataFrame, rows: Ints, *, apart: bool = False) -> list[Fold]:
    """Return one fold for each corpus with both classes: trained on all other families.

    Left out of training are all articles of the measured corpus's families, and every near duplicate
    of such an article. With `apart`, controls, quality sets and robustness sets are measured too.
    """
    families = families_of(frame)
    labels = frame["label"].to_numpy(dtype=np.float64)
    roles = _MEASURED | _APART if apart else _MEASURED
    measured = frame["role"].isin(roles).to_numpy() & ~np.isnan(labels)
    groups = frame["group"].to_numpy()
    folds = []
    aside = (frame["role"].isin(_APART) & ~frame["family"].isin(trained_on(frame, rows))).to_numpy()
    clear = rows[~np.isin(groups[rows], groups[aside])]
    for name in dict.fromkeys(frame["corpus"]):
        test = np.flatnonzero(measured & (frame["corpus"] == name).to_numpy())
        if len(set(labels[test])) < 2:
            continue
        if aside[test].all():  # sets without a family or duplicates in training share one model
            folds.append(Fold(name, clear, test))
            continue
        own = frozenset().union(*(families[i] for i in test.tolist()))
        kin = np.array([bool(f & own) for f in families])
        kin |= np.isin(groups, groups[kin])
        folds.append(Fold(name, rows[~kin[rows]], test))
    return folds


def trained_on(frame: pd.DataFrame, rows: Ints) -> frozenset[str]:
    """Return the families of `rows`."""
    return frozenset().union(*(str(f).split("|") for f in frame["family"].iloc[rows].unique()))


def group_folds(frame: pd.DataFrame, rows: Ints, number: int, seed: int) -> list[Fold]:
    """Return random folds that keep near duplicates and pairs on one side: the optimistic protocol."""
    labels = frame["label"].to_numpy()[rows].astype(int)
    groups = frame["group"].to_numpy()[rows]
    number = min(number, int(np.bincount(labels).min()), len(set(groups)))
    splitter = StratifiedGroupKFold(number, shuffle=True, random_state=seed)
    return [
        Fold(f"random {i + 1}", rows[train], rows[test])
        for i, (train, test) in enumerate(splitter.split(rows, labels, groups))
    ]


def publisher_folds(frame: pd.DataFrame, rows: Ints, number: int, seed: int) -> list[Fold]:
    """Return folds in which no publisher is on both sides; rows without one stay with their near duplicates."""
    source = frame["source"].to_numpy()
    known = [str(s) if s else f"\t{g}" for s, g in zip(source, frame["group"], strict=True)]
    numbered = frame.assign(group=pd.factorize(np.array(known, dtype=object))[0])
    folds = group_folds(numbered, rows, number, seed)
    groups = frame["group"].to_numpy()
    return [
        Fold(
            f.name.replace("random", "publishers"),
            f.train[~np.isin(groups[f.train], groups[f.test])],
            f.test,
        )
        for f in folds
    ]


def time_folds(frame: pd.DataFrame, rows: Ints, cuts: Sequence[float] = (0.5, 0.75)) -> list[Fold]:
    """Return folds that train on dated articles before a day and measure those from that day on."""
    dates = pd.to_datetime(
        frame["date"].astype(str).str[:10], errors="coerce", format="%Y-%m-%d"
    ).to_numpy()
    dated = rows[~np.isnat(dates[rows])]
    groups = frame["group"].to_numpy()
    folds = []
    for number, cut in enumerate(cuts):
        if len(dated) < 4:
            break
        ordered = dated[np.argsort(dates[dated], kind="stable")]
        day = dates[ordered[int(cut * len(ordered))]]
        end = (
            dates[ordered[int(cuts[number + 1] * len(ordered))]] if number + 1 < len(cuts) else None
        )
        test = dated[(dates[dated] >= day) & (True if end is None else dates[dated] < end)]
        train = dated[dates[dated] < day]
        train = train[~np.isin(groups[train], groups[test])]
        folds.append(Fold(f"from {np.datetime_as_string(day, unit='D')}", train, test))
    return [f for f in folds if len(f.train) and len(f.test)]


def families_of(frame: pd.DataFrame) -> list[frozenset[str]]:
    """Return the families of each row."""
    return [frozenset(str(f).split("|")) for f in frame["family"]]


_LEAST_FAMILIES = 3


def default_folds(frame: pd.DataFrame, rows: Ints, seed: int, number: int = 5) -> list[Fold]:
    """Return the folds that the risk is calibrated on: by family, else by publisher, else by group.

    Families are held out in turn if there are three; publishers are kept whole if they are known.
    """
    folds = family_folds(frame, rows, apart=True)
    if len(folds) >= _LEAST_FAMILIES:
        return folds
    if (frame["source"].iloc[rows] != "").any() and not separation_fault(frame, rows):
        return publisher_folds(frame, rows, number, seed)
    return group_folds(frame, rows, number, seed)


def separation_fault(frame: pd.DataFrame, rows: Ints) -> str | None:
    """Return why no fold can keep the publishers of `rows` on one side; None if folds can.

    Each class must have two publishers: one to train on, one to measure.
    """
    part = frame.iloc[rows]
    for label, name in ((0.0, "reliable"), (1.0, "unreliable")):
        mine = part[part["label"] == label]
        groups = mine["source"].where(mine["source"] != "", mine["group"].map("\t{}".format))
        if groups.nunique() < 2:
            return f"all {len(mine)} articles labelled {name} are of one group, {groups.iloc[0]!r}"
    return None
