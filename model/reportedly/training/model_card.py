"""The model card (Mitchell et al. 2019), written by training from what training measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reportedly.corpora.registry import describe_corpus
from reportedly.reading import READING_VERSION
from reportedly.risk.abstention import LEAST_WORDS
from reportedly.risk.calibration import FLOOR
from reportedly.risk.classifier import BANDS
from reportedly.risk.signal_features import documented


def model_card(
    frame: pd.DataFrame,
    metrics: Mapping[str, Any],
    *,
    command: str,
    size: int = 0,
    trained: Mapping[str, Mapping[str, Any]] | None = None,
) -> str:
    """Return the card in Markdown.

    Parameters
    ----------
    frame
        The articles that the model was trained or measured on.
    metrics
        What :func:`reportedly.evaluation.metrics.summary` gave for held-out scores, and, where it was run, the
        whole report of :func:`reportedly.evaluation.risk.evaluate_risk` under ``report``.
    command
        The command that rebuilds the model.
    size
        Bytes of the stored model, 0 where unknown.
    trained
        What the bundle's manifest says of the training of each part; the detectors among them are listed.
    """
    parts = [
        _intended(),
        _bands(floor=bool((frame["role"] == "control").any())),
        _trained_on(frame),
        _measured(metrics),
        _apart(metrics.get("apart", {})),
        _report(metrics.get("report")),
        _detectors(trained or {}),
        _held_out(trained or {}),
        _limits(),
        f"## Rebuild\n\n```\n{command}\n```\n"
        + (f"\nThe risk model takes {size / 1e6:.1f} MB.\n" if size else ""),
    ]
    return "# Model card: reportedly, risk\n\n" + "\n".join(part for part in parts if part)


def _intended() -> str:
    """Return what the risk is and is not."""
    return (
        "The risk is the calibrated probability, at a stated prior (one half unless you say otherwise), that an English news\n"
        "article belongs to the class that fact-checkers judged unreliable, from its sourcing, wording and style alone. It\n"
        "checks no fact. It is meant for triage, to decide what a person reads first; never as a verdict on an article, an\n"
        "outlet or an author. Unverified never means false.\n"
    )


def _bands(*, floor: bool) -> str:
    """Return the bands with their fixed wording; with a `floor` where training had negative controls."""
    rows, low = [], 0.0
    for upper, name, wording in BANDS:
        rows.append(f"| {name} | {low:.0f}–{min(100.0, upper):.0f} | {wording} |")
        low = upper
    lines = "## Bands\n\n| band | risk | means |\n|---|---|---|\n" + "\n".join(rows) + "\n"
    if floor:
        lines += f"\nAt a prior of one half no risk is below {100 * FLOOR:.0f}: what is false can be written like what is true.\n"
    return lines


def _trained_on(frame: pd.DataFrame) -> str:
    """Return the corpora, their licence as stated, and their use."""
    rows = []
    for name in dict.fromkeys(frame["corpus"]):
        labels = frame["label"][frame["corpus"] == name]
        corpus = describe_corpus(str(name))
        role = frame["role"][frame["corpus"] == name].iloc[0]
        own = name == "reportedly"
        licence = "Apache-2.0" if own else corpus.licence
        cite = "data/DATASHEET.md" if own else corpus.citation
        rows.append(
            f"| {name} | {int((labels == 1).sum())} / {int((labels == 0).sum())} | {role} | {corpus.labelled_by if not own else 'the authors'} | {cite} | {licence} |"
        )
    head = "| corpus | unreliable / reliable | use | labelled by | cite | licence |\n|---|---|---|---|---|---|\n"
    return (
        "## Corpora\n\nNo text of theirs is stored: the vocabulary is hashes.\n\n"
        + head
        + "\n".join(rows)
        + "\n"
    )


def _measured(metrics: Mapping[str, Any]) -> str:
    """Return held-out figures: each corpus scored by a model that saw nothing of its family."""
    rows = [
        f"| {name} | {f['articles']} | {f['auc']:.3f} ({f['auc_interval'][0]:.3f}–{f['auc_interval'][1]:.3f}) | {f['average_precision']:.3f} | {f['brier']:.3f} | {f['ece']:.3f} |"
        for name, f in metrics["folds"].items()
    ]
    mean = metrics["mean"]
    rows.append(
        f"| **mean** | | **{mean['auc']:.3f}** | {mean['average_precision']:.3f} | {mean['brier']:.3f} | **{mean['ece']:.3f}** |"
    )
    head = "| held out | articles | AUC (95 %) | average precision | Brier | ECE |\n|---|---|---|---|---|---|\n"
    return (
        "## Measured\n\nEach line: trained on all other families, near duplicates left out; calibrated on the other held-out\n"
        "families; Brier and ECE at the corpus's own share of the unreliable class.\n\n"
        + head
        + "\n".join(rows)
        + "\n"
    )


def _apart(apart: Mapping[str, Any]) -> str:
    """Return the figures of the sets that no mean counts: controls, quality of reporting, restyled text."""
    if not apart:
        return ""
    rows = [
        f"| {name} | {f['articles']} | {f['auc']:.3f} ({f['auc_interval'][0]:.3f}–{f['auc_interval'][1]:.3f}) | {f['moderate']:.0%} | {f['median_risk']:.0f} |"
        for name, f in apart.items()
    ]
    return (
        "## Apart\n\nNegative controls (an honest model scores about .50 and is seldom sure), quality of reporting, and text\n"
        "restyled by a language model. Risks at a prior of one half.\n\n"
        "| set | articles | AUC (95 %) | risk within 25–75 | median risk |\n|---|---|---|---|---|\n"
        + "\n".join(rows)
        + "\n"
    )


def _report(report: Mapping[str, Any] | None) -> str:
    """Return the comparison with baselines and the sets that are reported apart."""
    if not report:
        return ""
    means = {name: figures["mean"]["auc"] for name, figures in report["scorers"].items()}
    lines = ["## Beside baselines, same folds\n", "| scorer | mean AUC |", "|---|---|"]
    lines += [f"| {name} | {auc:.3f} |" for name, auc in means.items()]
    for name, figures in report.get("apart", {}).items():
        lines.append(
            f"\n{name}: AUC {figures['auc']['model']:.3f} (TF-IDF {figures['auc']['tfidf']:.3f}); {figures['moderate']:.0%} of risks within 25–75."
        )
    if "publishers" in report:
        figures = report["publishers"]
        lines.append(
            f"\nMostly false v mostly true among hyperpartisan portals, each portal held out: AUC {figures['model']['auc']:.3f} (TF-IDF {figures['tfidf']['auc']:.3f})."
        )
    return "\n".join(lines) + "\n"


_DETECTORS = ("attribution", "sources", "hedging", "claims")


def _detectors(trained: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what the detectors learnt from, whose findings the risk reads, and the commands that train them."""
    rows = []
    for part in _DETECTORS:
        how = trained.get(part)
        if how is not None:
            teacher = f"; teacher at training time: {how['teacher']}" if how.get("teacher") else ""
            more = " --pretrain DIR/corpora" if how.get("pretraining") else ""
            rows.append(
                f"| {part} | {how['data']}{teacher} | `python train.py {part} --data DIR{more}` |"
            )
    if not rows:
        return ""
    return (
        "## Detectors\n\nThe risk reads what these find; how well they find it stands in docs/signals.md. Gold articles are 226 news\n"
        "articles annotated sentence by sentence by a large language model, not by people, 22 of them from PolNeAR; PolNeAR's\n"
        "annotators are people. No text of theirs is stored. Every part learnt from sentences, furniture and\n"
        f"headlines as version {READING_VERSION} of reading gives them; a program of another version refuses the bundle.\n\n"
        "| part | learnt from | command |\n|---|---|---|\n" + "\n".join(rows) + "\n"
    )


def _held_out(trained: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what no part saw: how many texts were held out for measuring, and what was left out for them."""
    rows = [
        f"| {part} | {how['held_out']['texts']} | "
        + (", ".join(f"{n} of {name}" for name, n in how["held_out"]["left_out"].items()) or "–")
        + " |"
        for part, how in trained.items()
        if "held_out" in how
    ]
    if not rows:
        return ""
    return (
        "## Held out\n\nArticles kept for measuring (gold2/dev.txt and PolNeAR's development articles) taught these parts nothing, nor did what\n"
        "nearly repeats them.\n\n| part | texts held out | left out of its training data |\n|---|---|---|\n"
        + "\n".join(rows)
        + "\n"
    )


def _limits() -> str:
    """Return when the model is silent and what it cannot do."""
    return (
        f"## Silence and limits\n\nNo risk is given for texts under {LEAST_WORDS} words, not English, opinion, satire, transcripts, or far from\n"
        "training. Labels are per article from fact-checkers and per publisher for reliable variety; they carry those\n"
        "choices, their years (2004–2021) and their bias towards politics in the United States. The interval is what the curves of the\n"
        "held-out families say, 10th to 90th percentile. Small outlets and partisan but reliable ones score higher than\n"
        "they deserve; see the subgroups of `reportedly evaluate risk`.\n"
    )


def feature_table() -> str:
    """Return the page of features in Markdown, from the code that computes them."""
    head = (
        "# Features\n\nWritten by `reportedly.training.model_card.feature_table()`. Every feature is finite on any text and a share or a rate. Effect: ↑ never lowers the\n"
        "risk as it grows, ↓ never raises it, · free.\n\n| feature | meaning | formula | source | effect |\n|---|---|---|---|---|\n"
    )
    marks = {1: "↑", -1: "↓", 0: "·"}
    rows = [
        f"| {f.name} | {f.meaning} | {f.formula} | {f.source} | {marks[f.direction]} |"
        for f in documented()
    ]
    tail = (
        "\n\n`wording` sums all words and word pairs, those that count towards either class: lower-cased, known by\n"
        "hash, with names and figures replaced, a word or pair counting once (inverse document frequency, Euclidean length 1).\n"
        "`headline` sums the words and pairs of the headline in the same way; an article without one has none.\n"
    )
    return head + "\n".join(rows) + tail
