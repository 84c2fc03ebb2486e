"""The HTML report: one self-contained page.

Everything comes from the payload of :mod:`reportedly.datamodel.payload`, and is escaped. The page's content security
policy (CSP) allows only its own style sheet and its own few lines of script, by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reportedly.datamodel import BAND_MEANINGS, NOTICES_SAY, Assessment, Contribution, payload
from reportedly.datamodel.payload import gist, headline
from reportedly.report import markup, tabular

_TEMPLATES = Path(__file__).parent / "templates"
_LONGEST_ARTICLE = 400_000
"""The most code points of the article that are shown; a longer one is cut, and the page says so."""
_MAP_LANES = 24
_MAP_WIDTH, _LANE_HEIGHT = 640, 26
_HIGHLIGHTED = 60
"""The most sources whose words are highlighted when one of them is pointed at."""
_REASONS_SHOWN = 20
"""Rows of the table of reasons that are shown without opening it."""


def render_html(assessment: Assessment, *, home: str = "") -> str:
    """Return the report on one article as a whole HTML page; `home` is the URL of the form page."""
    account = assessment.to_dict()
    shown = assessment.annotated.text[:_LONGEST_ARTICLE]
    sources = _sources(account, assessment.annotated.text)
    return page(
        "article.html",
        home=home,
        title=headline(account, shown),
        extra_css=_highlight_rules(min(len(sources), _HIGHLIGHTED)),
        account=account,
        tells_risk="risk" in account,
        headline_note=markup.headline_note(account),
        headline_claim=markup.headline_claim_words(account),
        corrections=markup.corrections_note(account),
        worth_checking=markup.worth_checking(account),
        not_listed=markup.not_listed(account),
        urgency=markup.urgency_words(account),
        unclear=[
            (shown, [number + 1 for number in where])
            for shown, where in markup.unclear_rows(account)
        ],
        paragraphs=markup.article(shown, account),
        left_out=len(assessment.annotated.text) - len(shown),
        sources=sources,
        anonymous=[s for s in sources if s["class"] in {"unnamed", "vague"}],
        lanes=source_map(account, sources),
        reasons=contribution_rows(account, assessment.contributions),
        reasons_shown=_REASONS_SHOWN,
        worklist=_worklist(account["worklist"], account, sources),
        low=_worklist(account["worklist_low"], account, sources),
        low_claims=markup.LOW_CLAIMS,
    )


def render_form(asked: Mapping[str, str] | None = None, refused: str = "") -> str:
    """Return the page with the form for an article; `asked` is the previous request, and `refused` the reason if it was refused."""
    given = {"text": "", "title": "", "url": "", **(asked or {})}
    return page(
        "form.html", title="Read an article", form_action="'self'", asked=given, refused=refused
    )


def render_index(rows: Iterable[dict[str, Any]], errors: Iterable[str] = ()) -> str:
    """Return a page that lists many articles.

    Parameters
    ----------
    rows
        One dict per article, as returned by :func:`index_row`.
    errors
        The inputs that could not be assessed, one line each.
    """
    ranked = sorted(rows, key=lambda row: (-(row["risk"] or 0.0), -row["listed"]))
    return page(
        "index.html",
        title=f"{len(ranked)} articles",
        rows=ranked,
        tells_risk=any(row["tells_risk"] for row in ranked),
        errors=list(errors),
    )


def index_row(assessment: Assessment, href: str) -> dict[str, Any]:
    """Return the index's row for one article, whose own page is at `href`."""
    account = assessment.to_dict()
    document = account["document"]
    risk = account.get("risk", dict.fromkeys(("score", "band", "interval", "abstained")))
    unnamed = [s for s in account["sources"] if s["class"] == "unnamed"]
    heaviest = max(unnamed, key=lambda s: s["statements"], default=None)
    return {
        "title": headline(account, assessment.annotated.text),
        "id": document["id"],
        "href": href,
        "words": document["words"],
        "risk": risk["score"],
        "band": risk["band"],
        "interval": risk["interval"],
        "abstained": risk["abstained"],
        "unnamed": len(unnamed),
        "heaviest": heaviest["label"] if heaviest else "",
        "tells_risk": "risk" in account,
        "listed": len(account["worklist"]),
        "first": gist(tabular.first_claim(account)),
        "signals": {name: signal["score"] for name, signal in account["signals"].items()},
    }


def render_claims(listed: dict[str, Any], errors: Iterable[str] = ()) -> str:
    """Return a page with one list of claims of many articles (:mod:`reportedly.assessment.claim_list`).

    `errors` are the inputs that could not be read, one line each.
    """
    items, low = (
        [
            {
                **row,
                "where": tabular.file_and_line(row),
                "words": markup.standing_words(row),
                "also": [tabular.file_and_line(place) for place in row["also"]],
            }
            for row in listed[name]
        ]
        for name in ("items", "low")
    )
    return page(
        "claims.html",
        title=markup.claims_counted(listed),
        items=items,
        low=low,
        low_claims=markup.LOW_CLAIMS,
        tells_risk=False,
        left=listed["listed"] - len(items),
        empty=[article for article in listed["articles"] if article["empty"]],
        worth_checking=markup.worth_checking(listed),
        errors=list(errors),
    )


def notebook(assessment: Assessment, *, height: int = 640) -> str:
    """Return the report for a notebook's cell: in its own frame, so that its styles do not affect the notebook.

    The frame is sandboxed, so no script runs in it.
    """
    return (
        f'<iframe sandbox title="reportedly: report" srcdoc="{escape(render_html(assessment))}" '
        f'style="width:100%;height:{height:d}px;border:1px solid #8886;border-radius:6px"></iframe>'
    )


def page(
    template: str,
    *,
    title: str,
    extra_css: str = "",
    form_action: str = "'none'",
    **values: Any,  # noqa: ANN401 - whatever the template needs
) -> str:
    """Return a template rendered as a whole page, with the hashes of its style and script in its content security policy."""
    style = (_TEMPLATES / "style.css").read_text(encoding="utf-8") + extra_css
    script = (_TEMPLATES / "script.js").read_text(encoding="utf-8")
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        f"base-uri 'none'; form-action {form_action}"
    )
    return (
        _environment()
        .get_template(template)
        .render(
            page_title=title,
            # These are the package's own files, not words of the article, so they need no escaping.
            style=Markup(style),  # noqa: S704
            script=Markup(script),  # noqa: S704
            policy=policy,
            **values,
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["visible"] = payload.visible
    environment.filters["one_line"] = lambda text: " ".join(payload.visible(text).split())
    environment.globals.update(
        class_names=markup.CLASS_NAMES,
        support_names=markup.SUPPORT_NAMES,
        standing_names=markup.STANDING_NAMES,
        beside_others=markup.beside_others,
        beside_score=markup.beside_score,
        figures=markup.FIGURES,
        gains=markup.GAINS,
        lines_right=markup.lines_right,
        score_sum=markup.score_sum,
        band_meanings=BAND_MEANINGS,
        notices_say=NOTICES_SAY,
    )
    return environment


def _digest(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


def _highlight_rules(number: int) -> str:
    """Return CSS that highlights all words of a source when one of them is pointed at."""
    return "".join(
        f"body:has(.k{i}:hover,.k{i}:focus) :is(.text,tr,.map) .k{i}{{background:var(--glow)}}\n"
        for i in range(number)
    )


def _sources(account: dict[str, Any], text: str) -> list[dict[str, Any]]:
    """Return the ledger, unidentifiable sources first, each with the sentences in which it vouches for something.

    `resting` are the unverified claims with no better support than this source, and `gists` the first
    two of them in short.
    """
    numbers = markup.source_numbers(account)
    rows = account["sentences"]
    ledger = []
    for source in account["sources"]:
        sentences = [number + 1 for number in source["sentences"]]
        resting = [
            number for number, row in enumerate(rows, 1)
            if row["unverified"] and source["id"] in row["source_ids"] and row["support"] == source["class"]
        ]  # fmt: skip
        ledger.append(
            {
                **source,
                "key": numbers[source["id"]],
                "sentences": sentences,
                "resting": resting,
                "gists": [
                    (n, gist(text[rows[n - 1]["start"] : rows[n - 1]["end"]])) for n in resting[:2]
                ],
                "words": [
                    *(markup.anonymity_words(source) if source["class"] == "unnamed" else ()),
                    *(["unsure line"] if source["id"] in account["ledger"]["unsure"] else ()),
                    *(["corrected by hand"] if "corrected" in source else ()),
                ],
            }
        )
    order = {"unnamed": 0, "vague": 1}
    return sorted(ledger, key=lambda s: (order.get(s["class"], 2), -s["statements"]))


def source_map(account: dict[str, Any], sources: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the geometry of the source map: a lane per source, a mark for each sentence in which it vouches for something.

    The last lanes hold the statements whose source is unclear, and the unverified claims that nobody stands behind.
    """
    rows = account["sentences"]
    step = _MAP_WIDTH / max(1, len(rows))
    size = max(2.0, min(16.0, step - 2))

    def place(number: int) -> float:
        return round((number - 0.5) * step, 2)

    lanes = [
        {
            **source,
            "places": [
                (n, place(n), n in source["resting"])
                for n in sorted({*source["sentences"], *source["resting"]})
            ],
        }
        for source in sources[:_MAP_LANES]
    ]
    nobody = [
        n for n, row in enumerate(rows, 1)
        if row["unverified"] and row["support"] == "none" and not row["unclear"]
    ]  # fmt: skip
    unclear = sorted({one["sentence"] + 1 for one in account["unclear"]})
    return {
        "lanes": lanes,
        "nobody": [(n, place(n)) for n in nobody],
        "unclear": [(n, place(n)) for n in unclear],
        "left_out": max(0, len(sources) - _MAP_LANES),
        "width": _MAP_WIDTH,
        "height": _LANE_HEIGHT,
        "size": round(size, 2),
        "ticks": [(n, place(n)) for n in _ticks(len(rows))],
    }


def _ticks(count: int) -> list[int]:
    """Return the sentence numbers on the map's axis, at most a dozen."""
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 10**9) if count / s <= 12 or s == 10**9)
    return [1, *range(step, count + 1, step)] if step > 1 else list(range(1, count + 1))


def contribution_rows(
    account: dict[str, Any], made: Sequence[Contribution]
) -> list[dict[str, Any]]:
    """Return the contributions to the risk, the largest first, in words, and scaled for a two-sided bar chart.

    `made` are the contributions in the payload, in the same order.
    """
    told = [
        {**row, "name": meaning(c)}
        for row, c in zip(account.get("contributions", ()), made, strict=False)
    ]
    ranked = sorted(told, key=lambda row: -abs(row["effect"]))
    largest = max((abs(row["effect"]) for row in ranked), default=0.0) or 1.0
    starts = [row["start"] for row in account["sentences"]]
    return [
        {
            **row,
            "words": list(
                {s["text"].casefold(): s["text"] for s in row["findings"][::-1]}.values()
            )[:-4:-1],
            "length": round(48 * abs(row["effect"]) / largest, 2),
            "sentences": sorted({bisect_right(starts, s["start"]) for s in row["findings"]} - {0}),
        }
        for row in ranked
    ]


def meaning(contribution: Contribution) -> str:
    """Return what a contribution's feature measures, in words."""
    return contribution.meaning or contribution.feature.replace("_", " ")


def _worklist(
    rows: Sequence[dict[str, Any]], account: dict[str, Any], sources: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the claims `rows` with, for each, the sources of its support."""
    return [
        {
            **row,
            "number": row["sentence"] + 1,
            "gist": gist(row["text"]),
            "words": markup.claim_words(row, account),
            "kind": markup.support_words(row),
            "urgency": row["checkworthiness"] if row["priority"] is None else row["priority"],
            "by": [s for s in sources if row["sentence"] + 1 in s["resting"]],
        }
        for row in rows
    ]
