"""Where a change for the worse shows: in which of an assessment's figures, and which of them must move for each change."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from reportedly.datamodel import Assessment
from tests.behaviour.cases import TURNS

EXCUSED = Path(__file__).parent / "directions.toml"

SHOWS_ON: Mapping[str, tuple[str, ...]] = {
    TURNS["named"]: ("anonymous sourcing",),
    "named source made 'experts'": ("anonymous sourcing",),
    TURNS["reason"]: ("anonymous sourcing", "no reason"),
    TURNS["document"]: ("shown", "voices"),
    TURNS["merged"]: ("voices",),
    TURNS["claims"]: ("urgency",),
}
"""For each change for the worse the figures of which at least one must be worse after it."""

LEAST: Mapping[str, float] = {
    "anonymous sourcing": 0.5, "no reason": 1, "voices": 0.05, "shown": 0.5, "urgency": 0.08,
}  # fmt: skip
"""How much worse a figure must be: more than typography or another page around the text moves it."""


def figures_of(assessment: Assessment) -> dict[str, float]:
    """Return what reports print of an article that a change for the worse must move; the more of it, the worse."""
    account = assessment.to_dict()
    signals = account["signals"]
    return {
        "anonymous sourcing": signals["anonymous_sourcing"]["score"],
        "no reason": sum(f["rule"] == "sourcing.no-reason" for f in account["findings"]),
        "voices": -signals["anonymous_sourcing"]["voices"],
        "shown": -signals["unverified_claims"]["shown"],
        "urgency": account["urgency"]["all"],
    }


def worse_by(before: Assessment, after: Assessment) -> dict[str, float]:
    """Return by how much each figure is worse after a change."""
    first, second = figures_of(before), figures_of(after)
    return {name: round(second[name] - first[name], 2) for name in first}


def shows(change: str, moved: Mapping[str, float]) -> bool:
    """Tell whether a change for the worse shows on one of its own figures."""
    return any(moved[name] >= LEAST[name] for name in SHOWS_ON[change])


@cache
def excused(reader: str) -> dict[tuple[str, str], str]:
    """Return the changes, by change and article, that need not show by this reader, each with the reason."""
    rows = tomllib.loads(EXCUSED.read_text(encoding="utf-8"))["excused"]
    return {(r["change"], r["article"]): r["because"] for r in rows if reader in r["readers"]}
