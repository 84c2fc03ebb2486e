"""The plots that training writes: reliability, ROC and precision-recall by corpus, feature effects.

The numbers come from scikit-learn's curve functions; matplotlib draws. Colours are the colour-blind-safe set of
Okabe & Ito (2008).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.calibration import calibration_curve
from sklearn.metrics import precision_recall_curve, roc_auc_score, roc_curve

from reportedly.evaluation.metrics import crossed_probabilities
from reportedly.risk.classifier import RiskModel
from reportedly.risk.signal_features import documented

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#999999")
_SHOWN = 20


def draw(heldout: pd.DataFrame, model: RiskModel, folder: Path) -> list[Path]:
    """Write the plots as PNG into `folder` and return their paths.

    `heldout` has the columns fold, corpus, label and score of articles that the scoring model never saw.
    """
    import matplotlib as mpl  # noqa: PLC0415 - only training draws

    mpl.use("Agg")
    folder.mkdir(parents=True, exist_ok=True)
    heldout = heldout.assign(probability=crossed_probabilities(heldout))
    figures = {
        "reliability": _reliability(heldout),
        "roc": _curves(heldout, "roc"),
        "precision-recall": _curves(heldout, "precision-recall"),
        "features": _effects(model),
    }
    paths = []
    for name, figure in figures.items():
        path = folder / f"{name}.png"
        figure.savefig(path, dpi=110, metadata={"Software": None})
        paths.append(path)
    return paths


def _axes(title: str, x: str, y: str, size: tuple[float, float] = (6.4, 5.2)) -> tuple[Any, Any]:
    """Return a figure and its axes with their labels."""
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=size, layout="constrained")
    axes = figure.subplots()
    axes.set(title=title, xlabel=x, ylabel=y)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def _reliability(heldout: pd.DataFrame) -> Any:  # noqa: ANN401 - matplotlib is untyped
    """Return the reliability diagram of held-out probabilities, with how many articles each bin has."""
    figure, axes = _axes("Held-out reliability", "predicted risk", "share that was unreliable")
    labels, probability = heldout["label"].to_numpy(), heldout["probability"].to_numpy()
    true, predicted = calibration_curve(labels, probability, n_bins=10)
    axes.plot([0, 1], [0, 1], color="#999999", linestyle=":", label="perfect")
    axes.plot(predicted, true, marker="o", color=COLOURS[0], label="held-out folds")
    counts = np.histogram(probability, bins=10, range=(0, 1))[0]
    axes.bar(
        np.arange(0.05, 1, 0.1), counts / counts.max() * 0.15, width=0.08, color=COLOURS[5], alpha=0.6,
        label="articles (scaled)",
    )  # fmt: skip
    axes.legend(frameon=False, loc="upper left")
    return figure


def _curves(heldout: pd.DataFrame, kind: str) -> Any:  # noqa: ANN401 - matplotlib is untyped
    """Return the ROC or precision-recall curve of every held-out fold that has both classes."""
    x, y = ("false alarms", "found") if kind == "roc" else ("found (recall)", "right (precision)")
    figure, axes = _axes(f"Held out: {kind} by fold", x, y, (7.6, 5.2))
    for number, (name, part) in enumerate(heldout.groupby("fold", sort=False)):
        labels, scores = part["label"].to_numpy(), part["score"].to_numpy()
        if len(set(labels)) < 2:
            continue
        if kind == "roc":
            across, up, _ = roc_curve(labels, scores)
        else:
            up, across, _ = precision_recall_curve(labels, scores)
        style = ("-", "--")[number // len(COLOURS) % 2]
        label = f"{name} ({roc_auc_score(labels, scores):.2f})"
        axes.plot(across, up, color=COLOURS[number % len(COLOURS)], linestyle=style, label=label)
    axes.legend(frameon=False, fontsize=8, title="AUC", loc="center left", bbox_to_anchor=(1, 0.5))
    return figure


def _effects(model: RiskModel) -> Any:  # noqa: ANN401 - matplotlib is untyped
    """Return the weights of the dense features that weigh most."""
    figure, axes = _axes("Effect of one standard deviation", "log-odds of risk", "", (7.6, 6.0))
    names = [feature.name for feature in documented()]
    order = np.argsort(-np.abs(model.weights[: len(names)]))[:_SHOWN][::-1]
    values = model.weights[order]
    colours = [COLOURS[1] if value > 0 else COLOURS[0] for value in values]
    axes.barh([names[i] for i in order], values, color=colours)
    axes.axvline(0, color="#000000", linewidth=0.8)
    return figure
