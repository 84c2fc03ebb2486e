"""CSV: one row per article, or one row per claim of the worklist.

Cells that a spreadsheet would run as a formula are made safe: titles and claims are other people's words.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reportedly.datamodel.columns import safe_cell

CLAIM_COLUMNS = (
    "id", "title", "line", "sentence", "start", "end", "priority", "checkworthiness", "worth", "chance", "standing", "support",
    "behind", "support_at", "repeats", "makes_headline", "low", "also", "text",
)  # fmt: skip


def articles_csv(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of a CSV file of articles, header first; the rows have the columns of the first."""
    header: tuple[str, ...] | None = None
    for row in rows:
        if header is None:
            header = tuple(row)
            yield line(header)
        yield line([row.get(name) for name in header])


def first_claim(account: dict[str, Any]) -> str:
    """Return the first claim of a worklist in one line, or why it is empty and the first claim below it."""
    if account["worklist"]:
        return " ".join(account["worklist"][0]["text"].split())
    low = [" ".join(row["text"].split()) for row in account["worklist_low"][:1]]
    return "; first of these: ".join([f"none: {account['worklist_empty']}", *low])


def claims_csv(listed: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a CSV file with one row per claim of a list (:mod:`reportedly.assessment.claim_list`), header first."""
    yield line(CLAIM_COLUMNS)
    for row in claim_rows(listed):
        yield line([row[name] for name in CLAIM_COLUMNS])


def claim_rows(listed: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the claims of a list; sentences are numbered from 1, `also` names the other places that make the claim.

    Claims below worklists come last and are `low`.
    """
    return [
        {
            "id": row["id"],
            "title": row["title"],
            "line": row["line"],
            "sentence": row["sentence"] + 1,
            "start": row["start"],
            "end": row["end"],
            "priority": row["priority"],
            "checkworthiness": row["checkworthiness"],
            "worth": None if row["worth"] is None else row["worth"][1],
            "chance": row["chance"],
            "standing": row["standing"],
            "support": row["support"],
            "behind": "; ".join(row["behind"]),
            "support_at": "; ".join(str(n + 1) for n in row["support_at"]),
            "repeats": "; ".join(str(place["sentence"] + 1) for place in row["repeats"]),
            "makes_headline": row["makes_headline"],
            "low": low,
            "also": "; ".join(file_and_line(place) for place in row["also"]),
            "text": row["text"],
        }
        for low, rows in ((False, listed["items"]), (True, listed["low"]))
        for row in rows
    ]


def file_and_line(row: dict[str, Any]) -> str:
    """Return the place of a claim: its file and line, or the sentence if the lines are not known."""
    if row["line"] is None:
        return f"{row['id']} (sentence {row['sentence'] + 1})"
    return f"{row['id'] or '-'}:{row['line']}"


def line(cells: Sequence[object]) -> str:
    """Return one line of CSV; None is an empty cell."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([safe_cell(cell) for cell in cells])
    return out.getvalue()
