"""What changed between two versions, as lines of text and as an HTML page."""

from __future__ import annotations

from collections import Counter
from typing import Any

from reportedly.report import html

HEADINGS = {
    "warning": "Warnings",
    "gain": "Gains",
    "small loss": "Smaller losses",
    "small gain": "Smaller gains",
    "note": "Otherwise",
}
"""The heading of the changes of each weight, in the order in which they are shown."""
_ONE_OF = {
    "warning": ("warning", "warnings"),
    "gain": ("gain", "gains"),
    "small loss": ("smaller loss", "smaller losses"),
    "small gain": ("smaller gain", "smaller gains"),
}


def changes_in_lines(comparison: dict[str, Any]) -> list[str]:
    """Return how many changes of each weight there are, one line each, the most serious first; notes are not counted."""
    counts = Counter(row["weight"] for row in comparison["changes"])
    return [
        f"{counts[w]} {one if counts[w] == 1 else more}"
        for w, (one, more) in _ONE_OF.items()
        if counts[w]
    ]


def sentences_kept(counts: dict[str, int]) -> str:
    """Return how many sentences were kept as they were, removed and added."""
    kept = f"{counts['same']} of {counts['kept']} sentences" if counts["kept"] else "no sentence"
    were = "they were" if counts["kept"] else "it was"
    return f"{kept} kept as {were}, {counts['removed']} removed, {counts['added']} added"


def changes_by_weight(comparison: dict[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the changes by heading, in order; headings without changes are left out."""
    rows = comparison["changes"]
    grouped = [
        (title, [r for r in rows if r["weight"] == weight]) for weight, title in HEADINGS.items()
    ]
    return [(title, group) for title, group in grouped if group]


def render_changes(comparison: dict[str, Any]) -> str:
    """Return the comparison as a whole HTML page."""
    return html.page(
        "compare.html",
        tells_risk="risk" in comparison,
        title=f"Changes: {comparison['new']['title']}",
        c=comparison,
        summary=[sentences_kept(comparison["sentences"]), *changes_in_lines(comparison)],
        groups=changes_by_weight(comparison),
    )
