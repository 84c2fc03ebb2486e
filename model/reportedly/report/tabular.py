"""CSV: a row an article, or a row a claim of the worklist.

Cells that a spreadsheet would run as a formula (they begin with ``= + - @`` or a tab) get an
apostrophe in front, as OWASP advises: titles and claims are other people's words.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reportedly.datamodel import SOURCE_CLASSES

CLAIM_COLUMNS = (
    "id", "sentence", "start", "end", "priority", "checkworthiness", "worth", "chance", "standing", "support", "behind",
    "support_at", "repeats", "text",
)  # fmt: skip


def articles_csv(accounts: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of a CSV file with one row an article, header first."""
    header: tuple[str, ...] | None = None
    for account in accounts:
        row = article_row(account)
        if header is None:
            header = tuple(row)
            yield line(header)
        yield line([row.get(name) for name in header])


def article_row(account: dict[str, Any]) -> dict[str, Any]:
    """Return what a table says of one article, by column."""
    document, risk = account["document"], account["risk"]
    low, high = risk["interval"] or (None, None)
    row: dict[str, Any] = {
        "id": document["id"],
        "title": document["title"],
        "headline": (document["headline"] or {}).get("text"),
        "words": document["words"],
        "sentences": document["sentences"],
        "risk": risk["score"],
        "band": risk["band"],
        "risk_low": low,
        "risk_high": high,
        "abstained": risk["abstained"],
    }
    for name, signal in account["signals"].items():
        row[name] = signal["score"]
        row[f"{name}_percentile"] = signal["percentile"]
    for name in SOURCE_CLASSES:
        row[f"sources_{name}"] = sum(s["class"] == name for s in account["sources"])
    row["hedges"] = len(account["hedges"])
    row["statements"] = account["ledger"]["statements"]
    row["statements_unclear"] = account["ledger"]["unclear"]
    row["ledger_share_right"] = account["ledger"]["share_right"]
    row["unverified_claims_count"] = sum(s["unverified"] for s in account["sentences"])
    row["claims_listed"] = len(account["worklist"])
    row["findings"] = len(account["findings"])
    return row


def claims_csv(accounts: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of a CSV file with one row an unverified claim, header first."""
    yield line(CLAIM_COLUMNS)
    for account in accounts:
        for row in claim_rows(account):
            yield line([row[name] for name in CLAIM_COLUMNS])


def claim_rows(account: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the worklist of one article; sentences are numbered from 1."""
    return [
        {
            "id": account["document"]["id"],
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
            "text": row["text"],
        }
        for row in account["worklist"]
    ]


def line(cells: Sequence[object]) -> str:
    """Return one line of CSV; None is an empty cell."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow([_safe(cell) for cell in cells])
    return out.getvalue()


def _safe(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula."""
    if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) and cell != "-":
        return f"'{cell}"
    return cell
