"""The claims of many articles in one ranked list: similar claims together, each with its file and line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Literal, get_args

from reportedly.datamodel import Assessment, Document, Standing
from reportedly.datamodel.payload import unlisted, worklist_rows
from reportedly.datamodel.text import has_places_of_file
from reportedly.datamodel.worklist import like_texts, worklist

Order = Literal["priority", "worth", "chance", "articles", "place"]
"""What a list may be sorted by: urgency, check-worthiness, the probability that nobody stands behind the
claim, how many articles make it, place.
"""
ORDERS: tuple[Order, ...] = get_args(Order)

_KEYS: dict[Order, Callable[[dict[str, Any]], float]] = {
    "priority": lambda row: -row["urgency"],
    "worth": lambda row: -sum(row["worth"] or ()),
    "chance": lambda row: -(row["unsupported"] or 0.0),
    "articles": lambda row: -len({row["article"], *(also["article"] for also in row["also"])}),
    "place": lambda row: row["number"],
}


def claim_list(
    assessments: Iterable[Assessment],
    standings: Collection[Standing] | None = None,
    *,
    sort: Order = "priority",
    least: float = 0.0,
    top: int | None = None,
) -> dict[str, Any]:
    """Return the worklists of articles merged into one, as plain values.

    `articles` has one row per article: its document and headline claim as in its payload, how many unverified claims a worklist
    leaves out (`not_listed`), and, if it has no claim here, why (`empty`). `items` are the
    claims, each a worklist row with the article's number (from 0), id and line; claims of other articles that say
    the same are under `also`. `low` are such rows for the claims below worklists, none if `standings` is given. `listed` is the
    number of items before `top` cuts the list, which goes on with `low`; `chosen` tells whether `standings` was given.

    Parameters
    ----------
    assessments
        The articles, in order.
    standings
        Who may stand behind the claims; None for the claims that a worklist shows.
    sort
        The order of the items; ties are sorted by urgency.
    least
        The lowest priority of a claim to list.
    top
        The most items to list; None for all.
    """
    articles: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    low: list[dict[str, Any]] = []
    model: dict[str, str] = {}
    for assessment in assessments:
        account = assessment.to_dict()
        model = account["model"]
        own = account["worklist"]
        if standings is not None:
            annotated = assessment.annotated
            own = worklist_rows(annotated, worklist(annotated, standings))
        found = _rows(len(articles), assessment, account, own)
        kept = [row for row in found if row["urgency"] >= least]
        reason = account["worklist_empty"] if standings is None else "none has such support"
        if found:
            reason = f"{len(found)}, all of a priority below {least:g}"
        articles.append(_article(account, None if kept else reason))
        rows += kept
        if standings is None:
            below = _rows(len(articles) - 1, assessment, account, account["worklist_low"])
            low += [row for row in below if row["urgency"] >= least]
    items = _in_order(rows, sort)
    return {
        "articles": articles,
        "items": items[:top],
        "low": _in_order(low, sort)[: None if top is None else max(0, top - len(items))],
        "listed": len(items),
        "chosen": standings is not None,
        "model": model,
    }


def _in_order(rows: list[dict[str, Any]], sort: Order) -> list[dict[str, Any]]:
    """Return claims in the order asked for; those that say the same are one."""
    rows = sorted(rows, key=lambda row: -row["urgency"])
    return sorted(_together(rows), key=_KEYS[sort])


def _article(account: dict[str, Any], empty: str | None) -> dict[str, Any]:
    """Return the list's row for one article; `empty` is why it has no claim."""
    return {
        "document": account["document"],
        "headline_claim": account["headline_claim"],
        "not_listed": unlisted(account),
        "empty": empty,
    }


def _rows(
    number: int,
    assessment: Assessment,
    account: dict[str, Any],
    worklist: Sequence[dict[str, Any]],
) -> list[dict[str, Any]]:
    """Return the rows of one article's worklist, with the article's number, id and the line of each claim."""
    document, headline = account["document"], account["headline_claim"]
    places = [row["start"] for row in worklist]
    lines = _lines(assessment.annotated.document, places)
    return [
        {
            **row,
            "article": number,
            "id": document["id"],
            "title": document["title"],
            "line": line,
            "urgency": row["checkworthiness"] if row["priority"] is None else row["priority"],
            "makes_headline": headline is not None and headline["sentence"] == row["sentence"],
            "also": [],
        }
        for row, line in zip(worklist, lines, strict=True)
    ]


def _lines(document: Document, offsets: Sequence[int]) -> list[int | None]:
    """Return the lines of the file, from 1, that hold `offsets` of its text; None for lines that are not known."""
    known = document.file_lines
    if not (known or has_places_of_file(document.encoding)):
        return [None] * len(offsets)
    found: dict[int, int] = {}
    line, at = 1, 0
    for offset in sorted(offsets):
        line += document.text.count("\n", at, offset)
        found[offset], at = line, offset
    lines = [found[offset] for offset in offsets]
    return [known[min(line, len(known)) - 1] for line in lines] if known else [*lines]


def _together(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return `rows` grouped: rows that say the same are listed under the first of them."""
    order = sorted(range(len(rows)), key=lambda n: (rows[n]["article"], rows[n]["start"]))
    place = {n: number for number, n in enumerate(order)}
    groups = like_texts([row["text"] for row in rows])
    return [
        {**rows[first], "number": place[first], "also": [_also(rows[n]) for n in again]}
        for first, *again in groups
    ]


def _also(row: dict[str, Any]) -> dict[str, Any]:
    """Return the place of a repeated claim, in another article or another sentence."""
    return {
        name: row[name] for name in ("article", "id", "line", "sentence", "start", "end", "text")
    }
