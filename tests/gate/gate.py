"""The quality gate: figures of the shipped bundle on the test split of ``data/corpus``, and their floors.

The ledger is measured, with both readers, on the labels of ``data/corpus/part-two``, which are of the same articles.
Floors hold for one state of the evaluation data, identified by its SHA-256. For every figure more is better.
``python -m tests.gate`` prints figures beside floors; ``--update`` writes new floors, and refuses to lower one
without ``--allow-lower``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from copy import copy
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import brier_score_loss, roc_auc_score

from reportedly import Assessor
from reportedly.corpora.gold import GoldArticle, read_gold
from reportedly.datamodel import Assessment, Document
from reportedly.evaluation.labels import annotated_labels, found_labels
from reportedly.evaluation.ledger import ledger_rates
from reportedly.evaluation.signals import evaluate_signals

CORPUS = Path(__file__).parent.parent.parent / "data" / "corpus" / "articles.jsonl"
PART_TWO = CORPUS.parent / "part-two"
FLOORS = Path(__file__).parent / "floors.json"
SPLIT = "test"
FLIPS = 2
"""Sentences that another processor's arithmetic may flip: scores near a threshold differ in the last bit.

One flipped sentence moves F1 by at most one over the number of gold or found sentences, whichever
is more, so the epsilon of a figure is twice that.
"""
LEDGER = {
    "statement F1": "statement F1",
    "line F1": "line F1",
    "class of paired sources": "class",
}
"""The gated figures of the ledger, with their names here."""
RISK_EPSILON = 0.005
"""The epsilon of the risk's figures: it is rounded to a tenth of a point, so only ties can change places."""


def digest() -> str:
    """Return the SHA-256 of the evaluation data."""
    files = (CORPUS, PART_TWO / "articles.jsonl", PART_TWO / "labels.jsonl")
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def measure(assessor: Assessor) -> dict[str, dict[str, float]]:
    """Return each figure with its value and its epsilon."""
    articles = read_gold(CORPUS, split=SPLIT)
    assessments = assessor.assess_many(article.document for article in articles)
    assessed = {article.id: one for article, one in zip(articles, assessments, strict=True)}

    def annotate(document: Document) -> Any:
        return assessed[document.id].annotated

    found = {
        f"F1 {figure.name}": _entry(figure.f1, FLIPS / max(figure.gold, figure.found, 1))
        for figure in evaluate_signals(articles, annotate)
        if figure.gold
    }
    risks = _risk_figures(articles, assessed)
    return (
        found
        | _ledger_figures(assessed)
        | _ledger_figures(_by_student(assessor, articles), "student's ")
        | {name: _entry(value, RISK_EPSILON) for name, value in risks.items()}
    )


def _by_student(assessor: Assessor, articles: list[GoldArticle]) -> dict[str, Assessment]:
    """Return the figures of the student, which reads batches, on the same articles."""
    student = copy(assessor)
    student.reader = "student"
    assessments = student.assess_many(article.document for article in articles)
    return {article.id: one for article, one in zip(articles, assessments, strict=True)}


def _ledger_figures(
    assessed: Mapping[str, Assessment], whose: str = ""
) -> dict[str, dict[str, float]]:
    """Return the figures of the ledgers; one changed sentence moves at most one statement to another line."""
    articles = read_gold(PART_TWO)
    annotated = [annotated_labels(article) for article in articles]
    found = [found_labels(assessed[article.id].annotated) for article in articles]
    return {
        f"{whose}ledger {LEDGER[rate.name]}": _entry(rate.value or 0.0, 2 * FLIPS / rate.of)
        for rate in ledger_rates(annotated, found)
        if rate.name in LEDGER
    }


def _entry(value: float, epsilon: float) -> dict[str, float]:
    return {"value": round(value, 4), "epsilon": round(epsilon, 4)}


_INTERVIEWS = frozenset({"s134"})
"""Articles of the corpus that are news by subject but interviews by form, and rightly get no risk."""


def _risk_figures(
    articles: list[GoldArticle], assessed: Mapping[str, Assessment]
) -> dict[str, float]:
    """Return the figures of the risk over articles that get one, and how many do."""
    news = [a for a in articles if a.about["genre"] == "news" and a.id not in _INTERVIEWS]
    scored = [a for a in news if assessed[a.id].risk.score is not None]
    labels = np.array([a.about["risk"] for a in scored])
    risks = np.array([assessed[a.id].risk.score for a in scored]) / 100
    pairs: dict[str, dict[int, float]] = {}
    for article, risk in zip(scored, risks.tolist(), strict=True):
        if article.about["pair"]:
            pairs.setdefault(article.about["pair"], {})[article.about["risk"]] = risk
    whole = [pair for pair in pairs.values() if len(pair) == 2]
    return {
        "risk AUC": float(roc_auc_score(labels, risks)),
        "risk 1 - Brier": 1 - float(brier_score_loss(labels, risks)),
        "risk share of news scored": len(scored) / len(news),
        "risk contrast pairs in order": sum(p[1] > p[0] for p in whole) / max(1, len(whole)),
    }


def read_floors() -> dict[str, Any]:
    """Return the floors, with the digest of the data that they hold for."""
    if not FLOORS.is_file():
        return {"sha256": "", "floors": {}}
    found: dict[str, Any] = json.loads(FLOORS.read_text(encoding="utf-8"))
    return found


def fallen(floors: Mapping[str, float], figures: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Return a line for each figure that is missing, or below its floor by more than its epsilon."""
    lines = []
    for name, floor in floors.items():
        figure = figures.get(name)
        if figure is None:
            lines.append(f"{name}: floor {floor}, no longer measured")
        elif figure["value"] < floor - figure["epsilon"]:
            lines.append(
                f"{name}: {figure['value']} is below its floor {floor} by more than {figure['epsilon']}"
            )
    return lines


def updated(
    old: Mapping[str, float],
    figures: Mapping[str, Mapping[str, float]],
    *,
    allow_lower: bool = False,
) -> dict[str, float]:
    """Return the new floors: the figures as they are.

    Raises
    ------
    ValueError
        When a floor would be lowered or dropped, and that is not allowed.
    """
    lower = [
        name for name, floor in old.items() if name not in figures or figures[name]["value"] < floor
    ]
    if lower and not allow_lower:
        raise ValueError(
            f"would lower {', '.join(lower)}: mend it, or say --allow-lower and why in the commit"
        )
    return {name: figure["value"] for name, figure in figures.items()}


def write(floors: Mapping[str, float]) -> None:
    """Write the floors with the digest of the data."""
    about = {
        "data": "data/corpus/articles.jsonl, split test, and data/corpus/part-two",
        "sha256": digest(),
        "floors": dict(floors),
    }
    FLOORS.write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")
