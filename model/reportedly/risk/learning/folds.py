"""The groups, publishers and families of labelled rows, and scores of rows by models that saw none of their kin."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from sklearn.base import clone
from sklearn.utils.validation import has_fit_parameter

from reportedly.corpora.registry import TRAINED_ROLES
from reportedly.corpora.splits import Fold
from reportedly.datamodel.arrays import Floats, Ints
from reportedly.risk.learning.linear import on_one_thread

ShowProgress = Callable[[Sequence[Any], str], Iterator[Any]]
"""A function that shows progress: it takes the steps and their description, and yields the steps."""
ReadScores = Callable[[Any, Any], Mapping[str, Floats]]
"""A function that returns scores of a fitted estimator for some rows: columns by name, ``score`` among them."""
_UNKNOWN = {
    "corpus": "given", "family": "given", "role": "evaluate", "source": "", "pair": -1, "weight": 1.0,
}  # fmt: skip


def kin_table(groups: Any, labels: Floats) -> pd.DataFrame:  # noqa: ANN401 - an array or a table
    """Return one row per article: its label, its group, and the columns of ``_UNKNOWN`` with their defaults if unknown.

    Raises
    ------
    ValueError
        When `groups` has a different number of rows.
    """
    table = pd.DataFrame({"label": labels, "group": np.arange(len(labels)), **_UNKNOWN})
    if groups is None:
        return table
    if len(groups) != len(labels):
        raise ValueError(f"got {len(groups)} groups for {len(labels)} rows, expected one per row")
    if not hasattr(groups, "columns"):
        return table.assign(group=pd.factorize(np.asarray(groups))[0])
    known = [name for name in table.columns if name in groups.columns and name != "label"]
    return table.assign(**{name: np.asarray(groups[name]) for name in known})


def learnable(table: pd.DataFrame) -> Ints:
    """Return the rows that may be trained on: labelled, of a role that allows it, with a weight above 0."""
    usable = table["role"].isin(TRAINED_ROLES) & table["label"].notna() & (table["weight"] > 0)
    return np.flatnonzero(usable.to_numpy())


def taken(X: Any, rows: Ints) -> Any:  # noqa: ANN401, N803 - any sequence of rows
    """Return the given rows of `X`, which may be a list, an array or a matrix."""
    if isinstance(X, list | tuple):
        return [X[row] for row in rows.tolist()]
    return (X.iloc if hasattr(X, "iloc") else X)[rows]


def fit_on(estimator: Any, X: Any, table: pd.DataFrame, rows: Ints) -> Any:  # noqa: ANN401, N803
    """Return a clone of `estimator` fitted on some rows of `X`, with the weights, groups and pairs that its ``fit`` accepts."""
    part = table.iloc[rows]
    known = {
        "sample_weight": None if (part["weight"] == 1).all() else part["weight"].to_numpy(),
        "groups": part["corpus"].to_numpy(),
        "pairs": part["pair"].to_numpy(),
    }
    untaught = clone(estimator)
    steps = getattr(untaught, "steps", None)
    name, last = steps[-1] if steps else ("", untaught)
    params = {
        f"{name}__{key}" if name else key: value
        for key, value in known.items()
        if value is not None and has_fit_parameter(last, key)
    }
    return untaught.fit(taken(X, rows), part["label"].to_numpy().astype(np.int64), **params)


def decided(fitted: Any, X: Any) -> dict[str, Floats]:  # noqa: ANN401, N803
    """Return the uncalibrated score of each row."""
    return {"score": fitted.decision_function(X)}


def score_folds(
    estimator: Any,  # noqa: ANN401
    X: Any,  # noqa: ANN401, N803
    table: pd.DataFrame,
    folds: Sequence[Fold],
    *,
    jobs: int | None = None,
    progress: ShowProgress | None = None,
    read: ReadScores = decided,
) -> pd.DataFrame:
    """Return the scores of each fold's test rows by a clone of `estimator` fitted on its training rows alone.

    The frame has the columns row, fold, corpus, family, role, weight, label, and those of `read`, such as score.
    """
    alike: dict[bytes, list[Fold]] = {}
    for fold in folds:
        alike.setdefault(fold.train.tobytes(), []).append(fold)
    work = list(alike.values())
    steps = progress(work, "held-out families") if progress else iter(work)
    parts = Parallel(n_jobs=jobs)(
        delayed(on_one_thread)(_score_alike, estimator, X, table, same, read) for same in steps
    )
    joined: pd.DataFrame = pd.concat(parts, ignore_index=True)
    order = {fold.name: number for number, fold in enumerate(folds)}
    return joined.sort_values(
        "fold", key=lambda names: names.map(order), kind="stable", ignore_index=True
    )


def _score_alike(
    estimator: Any,  # noqa: ANN401
    X: Any,  # noqa: ANN401, N803
    table: pd.DataFrame,
    folds: Sequence[Fold],
    read: ReadScores,
) -> pd.DataFrame:
    """Return the held-out scores of folds that share their training rows."""
    fitted = fit_on(estimator, X, table, folds[0].train)
    columns = ["corpus", "family", "role", "weight", "label"]
    parts = [
        table.iloc[fold.test][columns].assign(
            row=fold.test, fold=fold.name, **read(fitted, taken(X, fold.test))
        )
        for fold in folds
    ]
    joined: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return joined[["row", "fold", *columns, *joined.columns.difference(["row", "fold", *columns])]]
