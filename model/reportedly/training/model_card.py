"""Write the model card (Mitchell et al. 2019) from what training measured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reportedly.corpora.registry import describe_corpus, is_registered
from reportedly.datamodel import BAND_MEANINGS, Band
from reportedly.reading import READING_VERSION
from reportedly.risk.abstention import LEAST_WORDS
from reportedly.risk.classifier import EVEN
from reportedly.risk.ngrams import OPENING_WORDS
from reportedly.risk.signal_features import documented


def model_card(
    frame: pd.DataFrame,
    metrics: Mapping[str, Any],
    *,
    command: str,
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
    trained
        How each part was trained, as the bundle's manifest records it; the card lists the detectors.
    """
    public = _public(frame)
    parts = [
        _intended(frame, public=public),
        _bands(),
        _trained_on(frame),
        _done(frame, metrics, command),
        _measured(metrics),
        _apart(metrics.get("apart", {})),
        _report(metrics.get("report")),
        _detectors(trained or {}),
        _held_out(trained or {}),
        _limits(public=public),
    ]
    return "# Model card: reportedly, risk\n\n" + "\n".join(part for part in parts if part)


def _public(frame: pd.DataFrame) -> bool:
    """Tell whether the articles include public corpora labelled by fact-checkers or by publisher."""
    return any(is_registered(str(name)) for name in frame["corpus"].unique())


def _intended(frame: pd.DataFrame, *, public: bool) -> str:
    """Return what the risk is and is not."""
    tables = ", ".join(f"`{name}`" for name in frame["corpus"].unique())
    whose = "fact-checkers judged" if public else f"the labels of {tables} call"
    return (
        "The risk is the calibrated probability, at a stated prior (one half unless you say otherwise), that an English news\n"
        f"article belongs to the class that {whose} unreliable, from its sourcing, wording and style alone. It\n"
        "checks no fact. It is meant for triage, to decide what a person reads first; never as a verdict on an article, an\n"
        "outlet or an author. Unverified never means false.\n"
    )


def _bands() -> str:
    """Return the bands with their fixed wording."""
    rows = "\n".join(
        f"| {name} | {_BAND_EDGES[name]} | {said} |" for name, said in BAND_MEANINGS.items()
    )
    return (
        "## Bands\n\n| band | given where | means: texts like this were |\n|---|---|---|\n"
        + rows
        + "\n"
    )


_BAND_EDGES: dict[Band, str] = {
    "low": "the whole interval lies below the stated share of unreliable articles",
    "about even": f"the risk is within {EVEN:g} of that share, in log odds: 45 to 55 at one half",
    "cannot tell": "the interval holds that share",
    "high": "the whole interval lies above it",
}


def _trained_on(frame: pd.DataFrame) -> str:
    """Return the corpora, their licence as stated, and their use."""
    rows = []
    for name in dict.fromkeys(frame["corpus"]):
        labels = frame["label"][frame["corpus"] == name]
        role = frame["role"][frame["corpus"] == name].iloc[0]
        rows.append(
            f"| {name} | {int((labels == 1).sum())} / {int((labels == 0).sum())} | {role} | {' | '.join(_origin(str(name)))} |"
        )
    head = "| corpus | unreliable / reliable | use | labelled by | cite | licence |\n|---|---|---|---|---|---|\n"
    return (
        "## Corpora\n\nNo text of theirs is stored: the vocabulary is hashes.\n\n"
        + head
        + "\n".join(rows)
        + "\n"
    )


def _origin(name: str) -> tuple[str, str, str]:
    """Return who labelled a corpus, whom to cite, and its licence."""
    if name == "reportedly":
        return "the authors", "data/DATASHEET.md", "Apache-2.0"
    corpus = describe_corpus(name)
    if not is_registered(name):
        return corpus.labelled_by, "–", "not known here"
    return corpus.labelled_by, corpus.citation, corpus.licence


_KEPT_WHOLE = {
    "family": "every corpus of one fact-checking body in turn, near duplicates of it left out",
    "publisher": "five folds; no publisher (or group of `--group-column`) is on both sides, nor a near duplicate",
    "group": "five random folds; near duplicates are on one side",
}


def _done(frame: pd.DataFrame, metrics: Mapping[str, Any], command: str) -> str:
    """Return how the model was trained: the command, how many articles, what was held out, what the calibration saw."""
    labelled = frame[frame["label"].notna()]
    publishers = labelled["source"][labelled["source"] != ""].nunique()
    copies = len(labelled) - labelled["group"].nunique()
    held = metrics.get("folds_by", "family")
    lines = [
        f"- {len(labelled)} labelled articles, {copies} of which nearly repeat another or are its pair; "
        + (f"{publishers} publishers or groups are known." if publishers else "no publishers are known."),
        f"- Held out for measuring and calibrating: {_KEPT_WHOLE[held]}.",
        "- Then learnt from all articles whose use is `train` or `evaluate`, calibrated on the held-out scores.",
    ]  # fmt: skip
    return f"## What was done\n\n```\n{command}\n```\n\n" + "\n".join(lines) + "\n"


_BESIDE = (
    "Beside random folds, which may have the same publishers on both sides and so flatter where labels go by publisher:\n"
    "AUC {auc:.3f}, Brier {brier:.3f}, ECE {ece:.3f}.\n"
)


def _measured(metrics: Mapping[str, Any]) -> str:
    """Return held-out figures: each fold is scored by a model that saw none of the fold's families, publishers or groups."""
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
        "## Measured\n\nEach line: trained on all other folds, near duplicates left out; calibrated on the other folds;\n"
        "Brier and ECE at the fold's own share of the unreliable class.\n\n"
        + head
        + "\n".join(rows)
        + "\n"
        + _families(metrics.get("families", {}), metrics.get("folds_by", "family"))
        + ("\n" + _BESIDE.format(**metrics["random"]) if "random" in metrics else "")
    )


def _families(families: Mapping[str, Mapping[str, float]], kept: str) -> str:
    """Return how well each fold is calibrated; `kept` says whether folds are made of families, publishers or groups."""
    name = kept if kept == "family" else "fold"
    if len(families) < 2:
        return ""
    rows = [
        f"| {name} | {f['ece']:.3f} | {f['by_chance']:.3f} | {f['slope']:.2f} |"
        for name, f in families.items()
    ]
    means = (
        sum(f[key] for f in families.values()) / len(families)
        for key in ("ece", "by_chance", "slope")
    )
    rows.append("| **mean** | {:.3f} | {:.3f} | {:.2f} |".format(*means))
    head = (
        f"| {name} held out | ECE | ECE by chance alone | calibration slope |\n|---|---|---|---|\n"
    )
    return (
        f"\nBy {name}. A slope above 1: risks are more timid than the labels; below 1, bolder.\n\n"
        + head
        + "\n".join(rows)
        + "\n"
    )


def _apart(apart: Mapping[str, Any]) -> str:
    """Return the figures of the sets that are left out of the means: controls, quality of reporting, restyled text."""
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
    """Return the comparison with baselines and the sets that are reported separately."""
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


TRAINED_BY = {
    "attribution": "reader", "encoder": "reader", "sources": "evidence", "hedging": "evidence", "claims": "evidence",
    "encoder_evidence": "evidence",
}  # fmt: skip
"""The command of train.py that trains each detector."""


def _detectors(trained: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what trained the detectors, from whose findings the risk is computed, and the commands that train them."""
    rows = []
    for part, command in TRAINED_BY.items():
        how = trained.get(part)
        if how is not None:
            teacher = f"; teacher at training time: {how['teacher']}" if how.get("teacher") else ""
            rows.append(
                f"| {part} | {how['data']}{teacher} | `python train.py {command} --data DIR{how.get('options', '')}` |"
            )
    if not rows:
        return ""
    return (
        "## Detectors\n\nThe risk reads what these find; how well they find it stands in docs/signals.md. Gold and gold2 are 226 and 1,199 news\n"
        "articles annotated sentence by sentence by a large language model, not by people, 60 of them from PolNeAR; PolNeAR's\n"
        "annotators are people. PolNeAR and most article corpora state no terms (research use); the encoder is Apache-2.0. No text of theirs is stored. Every part learnt from sentences, furniture and\n"
        f"headlines as version {READING_VERSION} of reading gives them; a program of another version refuses the bundle.\n\n"
        "| part | learnt from | command |\n|---|---|---|\n" + "\n".join(rows) + "\n"
    )


def _held_out(trained: Mapping[str, Mapping[str, Any]]) -> str:
    """Return how many texts were held out of all training, and how many near duplicates of them were left out."""
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


def _limits(*, public: bool) -> str:
    """Return when the model abstains and what it cannot do."""
    labels = (
        "Labels are per article from fact-checkers and per publisher for reliable variety; they carry those\n"
        "choices, their years (2004–2021) and their bias towards politics in the United States."
        if public
        else "The risk knows what these labels mean and nothing else: it carries the choices, the years and the subjects of the table."
    )
    return (
        f"## Silence and limits\n\nNo risk is given for texts under {LEAST_WORDS} words, not English, opinion, satire, transcripts, or far from\n"
        f"training. {labels} The interval is what four of five\n"
        "families that were held out would say. Small outlets and partisan but reliable ones score higher than\n"
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
        f"`opening` sums those of the first {OPENING_WORDS} words and signs of the text, beside what they say in `wording`.\n"
    )
    return head + "\n".join(rows) + tail
