"""From probabilities to answers: choose thresholds on held-out articles, and answer each question for each sentence.

A question can be answered from the sentence as a whole, from the words in it (the most likely of its pieces), or from both:
which of these, and the threshold, is chosen by F1 on articles that the reader was not trained on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from reportedly.annotation.reader.labels import (
    NINE_SUPPORTS,
    POINTER_REACH,
    WORDS,
    YES_NO,
)
from reportedly.datamodel import SOURCE_CLASSES, UNVERIFIED_SUPPORTS
from reportedly.datamodel.arrays import Arrays, Bools, Floats

QUESTIONS = (
    "attributed", "anonymous", "named", *SOURCE_CLASSES, "carries_on", "hedged", "checkworthy",
    "unverified", "not_shown", "furniture", "worth_1", "worth_2", "worth_3",
)  # fmt: skip
"""The questions about each sentence."""

GRID = np.arange(0.06, 0.95, 0.02)
"""Thresholds that are tried."""

_SMOOTH = 5
"""How many neighbouring thresholds are averaged before the best is taken, so that no single lucky threshold wins."""

_WORDS_OF: dict[str, tuple[str, ...]] = {
    "attributed": ("cue",),
    "anonymous": ("unnamed", "vague"),
    "named": ("named_person", "named_organisation"),
    **{name: (name,) for name in SOURCE_CLASSES},
}
"""Columns of ``WORDS`` that answer a question."""


@dataclass(frozen=True, slots=True)
class AnswerRule:
    """Which evidence answers a question (``sentence``, ``words`` or ``both``), and the least probability of a yes."""

    evidence: str
    least: float


def evidence_of(packed: Arrays, found: Arrays) -> dict[str, dict[str, Floats]]:
    """Return for each question the probabilities by kind of evidence, one per sentence."""
    answers = found["answers"].astype(np.float64)
    of = {name: answers[:, YES_NO.index(name)] for name in QUESTIONS}
    evidences = {name: {"sentence": values} for name, values in of.items()}
    words = highest(packed, found["words"])
    for name, columns in _WORDS_OF.items():
        evidences[name]["words"] = words[:, [WORDS.index(c) for c in columns]].max(axis=1)
    evidences["hedged"]["words"] = highest(packed, 1 - found["hedges"][:, :1])[:, 0]
    support = found["support"].astype(np.float64)
    for name, kinds in (
        ("unverified", UNVERIFIED_SUPPORTS),
        ("not_shown", UNVERIFIED_SUPPORTS | {"interested"}),
    ):
        columns = tuple(kind for kind in NINE_SUPPORTS if kind in kinds)
        lacking = support[:, [NINE_SUPPORTS.index(kind) for kind in columns]].sum(axis=1)
        evidences[name]["words"] = of["checkworthy"] * lacking
    for values in evidences.values():
        if "words" in values:
            values["both"] = (values["sentence"] + values["words"]) / 2
    return evidences


def highest(packed: Arrays, pieces: npt.NDArray[Any]) -> Floats:
    """Return the greatest value among each sentence's pieces, one row per sentence; 0 if it has none."""
    bounds = packed["sentence_pieces"]
    out = np.zeros((len(bounds) - 1, pieces.shape[1]))
    some = bounds[1:] > bounds[:-1]
    if some.any():
        out[some] = np.maximum.reduceat(pieces.astype(np.float64), bounds[:-1][some], axis=0)
    return out


def choose_rules(
    packed: Arrays, found: Arrays, evidence: Sequence[str] = ("sentence", "words", "both")
) -> dict[str, AnswerRule]:
    """Return the rule of each question that has the highest F1 on annotated articles.

    Sentences whose answer is masked do not count; only the kinds of `evidence` named are tried.
    """
    rules = {}
    for name, kinds in evidence_of(packed, found).items():
        truth, known = _truth(packed, name)
        best = (-1.0, AnswerRule("sentence", 0.5))
        for kind in (k for k in kinds if k in evidence):
            values = kinds[kind]
            smooth = smoothed([f1(truth[known], values[known] >= least) for least in GRID])
            at = int(smooth.argmax())
            best = max(
                best, (float(smooth[at]), AnswerRule(kind, float(GRID[at]))), key=lambda b: b[0]
            )
        rules[name] = best[1]
    return rules


def smoothed(scores: Sequence[float], width: int = _SMOOTH) -> Floats:
    """Return the scores of neighbouring thresholds, each the mean of `width` around it; `width` is odd."""
    padded = np.pad(np.asarray(scores, np.float64), width // 2, mode="edge")
    means: Floats = np.convolve(padded, np.ones(width) / width, "valid")
    return means


def answer_questions(
    packed: Arrays, found: Arrays, rules: Mapping[str, AnswerRule]
) -> dict[str, Bools]:
    """Return the answers to each question, one per sentence."""
    kinds = evidence_of(packed, found)
    return {name: kinds[name][rule.evidence] >= rule.least for name, rule in rules.items()}


def f1_table(
    packed: Arrays, found: Arrays, rules: Mapping[str, AnswerRule]
) -> dict[str, dict[str, float]]:
    """Return F1 of each question by its rule (``chosen``), and by each kind of evidence with the threshold .5."""
    table = {}
    kinds = evidence_of(packed, found)
    for name, answers in answer_questions(packed, found, rules).items():
        truth, known = _truth(packed, name)
        table[name] = {"chosen": f1(truth[known], answers[known])} | {
            kind: f1(truth[known], values[known] >= 0.5) for kind, values in kinds[name].items()
        }
    return table


def details(packed: Arrays, found: Arrays, rules: Mapping[str, AnswerRule]) -> dict[str, float]:
    """Return the shares of check-worthy claims whose kind of support (of nine) and whose pointer to it are right.

    Only claims count that both the annotation and the reader call check-worthy.
    """
    truth, _ = _truth(packed, "checkworthy")
    both = (
        truth
        & answer_questions(packed, found, {"checkworthy": rules["checkworthy"]})["checkworthy"]
    )
    supported, pointed = both & (packed["support"] > 0), both & (packed["pointer"] > 0)
    kind = found["support"].argmax(axis=1)
    right = (packed["support"] >> kind) & 1
    aimed = (packed["pointer"] >> found["pointer"].argmax(axis=1)) & 1
    return {
        "nine kinds of support": _mean(right[supported]),
        "pointer": _mean(aimed[pointed]),
        "pointer, own sentence": _mean(((packed["pointer"] >> POINTER_REACH) & 1)[pointed]),
    }


def f1(truth: Bools, answers: Bools) -> float:
    """Return the harmonic mean of precision and recall; 0 if nothing is annotated and nothing found."""
    both = int(truth.sum()) + int(answers.sum())
    return 2 * int((truth & answers).sum()) / both if both else 0.0


def _truth(packed: Arrays, name: str) -> tuple[Bools, Bools]:
    """Return the annotated answers, and which of them are known."""
    column = packed["answers"][:, YES_NO.index(name)]
    return column > 0, column >= 0


def _mean(values: npt.NDArray[Any]) -> float:
    return float(values.mean()) if len(values) else 0.0


def table(tune: tuple[Arrays, Arrays], dev: tuple[Arrays, Arrays]) -> list[str]:
    """Return lines of text: F1 of each question on `dev`, by the rules chosen on `tune`.

    Both are packed articles and the reader's probabilities for them.
    """
    rules = choose_rules(*tune)
    lines = [f"{'question':<20}{'F1':>6}  rule            from .5 on"]
    for name, scores in f1_table(*dev, rules).items():
        rule = rules[name]
        plain = ", ".join(f"{k} {v:.3f}" for k, v in scores.items() if k != "chosen")
        lines.append(
            f"{name:<20}{scores['chosen']:>6.3f}  {rule.evidence:<9}{rule.least:>5.2f}  {plain}"
        )
    more = (f"{name} {share:.3f}" for name, share in details(*dev, rules).items())
    return [*lines, "right among claims of both: " + ", ".join(more)]
