"""What changed between two versions, in lines and as a page."""

from __future__ import annotations

from collections import Counter
from typing import Any

from reportedly.report import html


def changes_in_lines(comparison: dict[str, Any]) -> list[str]:
    """Return the changes that matter, one line each, the gravest first."""
    sources, support, hedges = (
        comparison["sources"],
        Counter(row["change"] for row in comparison["support"]),
        Counter(row["change"] for row in comparison["hedges"]),
    )
    counts = [
        (len(sources["unnamed"]), "source un-named", "sources un-named"),
        (support["lost"], "claim lost its support", "claims lost their support"),
        (len(comparison["claims"]["added"]), "new unverified claim", "new unverified claims"),
        (hedges["dropped"], "hedge dropped", "hedges dropped"),
        (len(sources["named"]), "source named", "sources named"),
        (support["gained"], "claim gained support", "claims gained support"),
        (len(comparison["claims"]["removed"]), "unverified claim gone", "unverified claims gone"),
        (hedges["added"], "hedge added", "hedges added"),
    ]
    return [f"{n} {one if n == 1 else more}" for n, one, more in counts if n]


def render_changes(comparison: dict[str, Any]) -> str:
    """Return the comparison as a whole HTML page."""
    title = f"Changes: {comparison['new']['title']}"
    return html.page(
        "compare.html", title=title, c=comparison, summary=changes_in_lines(comparison)
    )
