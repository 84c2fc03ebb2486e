"""docs/behaviour.md: what the cases are, how many hold, which do not and why."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from reportedly import Assessor
from reportedly.datamodel import Assessment
from tests.behaviour.cases import INVARIANCE, PAIRS_IN_ORDER, SLACK, Assess, Case, cases, pairs

RESULTS = Path(__file__).parent / "results.json"
REASONS = Path(__file__).parent / "reasons.toml"
PAGE = Path(__file__).parent.parent.parent / "docs" / "behaviour.md"
KINDS = ("MFT", "INV", "DIR")
SPLITS = ("train", "dev", "test")


def read_results() -> dict[str, Any]:
    """Return the last results: the cases that fail, moves by change, pairs in order."""
    if not RESULTS.is_file():
        return {"fails": [], "moves": {}, "pairs": {}}
    found: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return found


@cache
def _reasons() -> tuple[tuple[str, str], ...]:
    """Return the beginnings of cases' ids with their reasons, the longest first."""
    entries = tomllib.loads(REASONS.read_text(encoding="utf-8"))["reason"]
    return tuple(sorted(((e["of"], e["because"]) for e in entries), key=lambda e: -len(e[0])))


def reason_for(name: str) -> str:
    """Return why a case is known to fail; empty if no reason is given."""
    return next((because for of, because in _reasons() if name.startswith(of)), "")


def remembering(assessor: Assessor) -> Assess:
    """Return an assessor's function with a cache, so that no article is assessed twice."""
    known: dict[tuple[str, str], Assessment] = {}

    def assess(text: str, title: str) -> Assessment:
        if (text, title) not in known:
            known[text, title] = assessor.assess(text, title)
        return known[text, title]

    return assess


def row_of(case: Case) -> str:
    """Return the row of the table of moves that a case belongs to."""
    return f"{case.kind} {case.capability}: {case.change}"


def measure(assess: Assess) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the results of all cases, and the message of each that fails."""
    said: dict[str, str] = {}
    moves: dict[str, list[float]] = {}
    for case in cases():
        outcome = case.run(assess)
        if not outcome.holds:
            said[case.id] = outcome.said
        if outcome.moved is not None:
            moves.setdefault(row_of(case), []).append(outcome.moved)
    results = {
        "fails": list(said),
        "moves": {row: _extent(values) for row, values in moves.items()},
        "pairs": _ordered(assess),
    }
    return results, said


def _extent(values: list[float]) -> list[float]:
    """Return the number of moves, and the lowest, mean and highest one in points."""
    mean = sum(values) / len(values)
    return [len(values), round(min(values), 1), round(mean, 2), round(max(values), 1)]


def _ordered(assess: Assess) -> dict[str, list[int]]:
    """Return for each split how many of its contrast pairs are in the right order."""
    found = {split: [0, 0] for split in SPLITS}
    for pair in pairs():
        gap = pair.gap(assess)
        found[pair.split][0] += gap is not None and gap > 0
        found[pair.split][1] += 1
    return found


def render(results: Mapping[str, Any]) -> str:
    """Return the page."""
    failing = results["fails"]
    parts = [
        _INTRODUCTION.format(number=len(cases()), still=INVARIANCE, slack=SLACK),
        _table(failing),
        "## Contrast pairs\n",
        _pairs(results["pairs"]),
        "## How far the risk moved\n",
        "Points of risk, after minus before, over the cases in which both texts have a risk.\n",
        _moves(results["moves"]),
        "## What fails, and why\n",
        _failures(failing),
    ]
    return "\n".join(parts)


_INTRODUCTION = """\
# What the model does when a text changes

Written by `python -m tests.behaviour --write`, and checked by the test suite. After CheckList (Ribeiro et al. 2020,
*Beyond accuracy: behavioral testing of NLP models with CheckList*), {number} cases on invented articles of three kinds:

- **MFT**, minimum functionality: in a short text one thing must, or must not, be found;
- **INV**, invariance: a change without meaning moves the risk by less than {still:g} points, and neither removes it nor adds one;
- **DIR**, direction: a change for the worse lowers the risk by no more than {slack:g} point, and does not remove it.

Changes are made to templates under `tests/behaviour/` and to single articles of the test split of `data/corpus`.
Each cell gives the number of cases that hold and of all cases.
"""


def _table(failing: Sequence[str]) -> str:
    """Return the table capability × kind."""
    counts: dict[str, dict[str, list[int]]] = {}
    for case in cases():
        for row in (case.capability, "all"):
            cell = counts.setdefault(row, {}).setdefault(case.kind, [0, 0])
            cell[0] += case.id not in failing
            cell[1] += 1
    counts["**all**"] = counts.pop("all")
    lines = [f"| capability | {' | '.join(KINDS)} |", "|---|" + "---:|" * len(KINDS)]
    for capability, row in counts.items():
        cells = [f"{row[kind][0]} / {row[kind][1]}" if kind in row else "" for kind in KINDS]
        lines.append(f"| {capability} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _pairs(ordered: Mapping[str, list[int]]) -> str:
    """Return the paragraph on the contrast pairs."""
    held, number = (sum(ordered[split][i] for split in SPLITS) for i in (0, 1))
    by_split = ", ".join(f"{s} {ordered[s][0]} of {ordered[s][1]}" for s in SPLITS if s in ordered)
    return (
        "The corpus has pairs of articles that differ in one detail of sourcing; the riskier one must get the higher risk in at least\n"
        f"{PAIRS_IN_ORDER:.0%}, over all pairs and over the test split. In order: {held} of {number}; by split: {by_split}.\n"
        f"{_TRAINED}\n"
    )


_TRAINED = (
    "The risk model and the hedge detector are trained on the splits train and dev, whose figures show that the contrast was\n"
    "learnt; nothing is trained on the test split, whose figure shows that it generalises. The test split has few pairs, so each counts for much."
)


def _moves(moves: Mapping[str, list[float]]) -> str:
    """Return the table of how far the risk moved, by change."""
    lines = ["| change | cases | lowest | mean | highest |", "|---|---:|---:|---:|---:|"]
    for row, (number, low, mean, high) in moves.items():
        lines.append(f"| {row} | {number} | {low:+.1f} | {mean:+.2f} | {high:+.1f} |")
    return "\n".join([*lines, ""])


def _failures(failing: Sequence[str]) -> str:
    """Return the list of the cases that fail for a known reason, by reason."""
    if not failing:
        return "Nothing.\n"
    by_reason: dict[str, list[str]] = {}
    for name in failing:
        by_reason.setdefault(reason_for(name) or "not yet known", []).append(name)
    lines = []
    for reason, names in by_reason.items():
        lines += [f"**{reason}**: {len(names)}", "", *(f"- {name}" for name in names), ""]
    return "\n".join(lines)


def write(results: Mapping[str, Any]) -> None:
    """Write the results and the page."""
    RESULTS.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(render(results), encoding="utf-8")
