"""The terminal report: the article with its evidence marked, the ledger, the signals, the risk.

Marks are words and signs as well as colours, so that a pipe or a colour-blind reader loses nothing:
``⟦s1⟧`` follows the words for source s1, ``‹may›`` is a hedge, ``▸`` opens a claim to check.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from reportedly.datamodel import BAND_MEANINGS, NOTICES_SAY, Assessment, Contribution
from reportedly.datamodel.payload import visible
from reportedly.report.markup import (
    CLASS_NAMES,
    LOW_CLAIMS,
    beside_others,
    beside_score,
    claim_words,
    corrections_note,
    headline_claim_words,
    headline_note,
    lines_right,
    not_listed,
    numbered,
    reason_words,
    score_sum,
    unclear_rows,
    urgency_words,
    worth_checking,
)

CLASS_STYLES = {
    "named_person": "green",
    "named_organisation": "green",
    "document": "cyan",
    "press": "magenta",
    "unnamed": "bold red",
    "vague": "red",
}
BAND_STYLES = {
    "low": "green",
    "about even": "yellow",
    "cannot tell": "yellow",
    "high": "bold red",
}
_HEDGE_STYLE = "yellow italic"
_UNVERIFIED_STYLE = "red"
_FURNITURE_STYLE = "dim strike"
_WORKLIST_ROWS = 8
_CONTRIBUTION_ROWS = 2
"""How many contributions of each family are shown."""
_LONGEST_ARTICLE = 40_000
"""The most code points of the article that are shown; a longer one is cut, and the report says so."""

Insertion = tuple[int, int, str, str]
"""Offset, order at that offset, words, style."""


def print_report(assessment: Assessment, console: Console, *, article: bool = True) -> None:
    """Print the report on `console`."""
    console.print(report(assessment, article=article))


def report(assessment: Assessment, *, article: bool = True) -> RenderableType:
    """Return the report as a rich renderable."""
    account = assessment.to_dict()
    ledger = account["ledger"]
    parts: list[RenderableType] = [_heading(account), Text()]
    if article:
        parts += [_rule("Article"), _legend(), Text(), _article(assessment, account), Text()]
    parts += [_rule("Signals"), _signals(account), Text()]
    parts += [_rule("Ledger: who vouches for what")]
    parts += [_indented(Text(ledger["trust"], style="dim"))] if ledger["trust"] else []
    parts += [_ledger(account), Text()]
    parts += [_rule("Worklist: claims to check (to be checked does not mean false)")]
    parts += [_worklist(account), Text()]
    if "risk" in account:
        parts += [_rule("Risk"), _risk(account)]
    if account.get("contributions"):
        parts += [
            Text(),
            _rule("What moved the risk (what to read first)"),
            _contributions(assessment),
        ]
    return Group(*parts)


def _rule(title: str) -> Text:
    return Text(f"── {title} ", style="bold")


def _indented(words: Text) -> Padding:
    """Return a note whose lines are all indented by two, wrapped ones too."""
    return Padding(words, (0, 0, 0, 2))


def _heading(account: dict[str, Any]) -> Text:
    document = account["document"]
    name = document["title"] or document["id"] or "article"
    words, sentences = document["words"], document["sentences"]
    size = f"{words} word{'s' * (words != 1)}, {sentences} sentence{'s' * (sentences != 1)}"
    if document["encoding"] != "str":
        size += f", {document['encoding']}"
    heading = Text.assemble((visible(name), "bold underline"), "\n", (size, "dim"))
    if said := ", ".join(document[key] for key in ("author", "date") if key in document):
        heading.append(f"\n{visible(said)}", "dim")
    if note := headline_note(account):
        heading.append(f"\n{visible(note)}", "dim")
    if claim := headline_claim_words(account):
        heading.append(f"\n{visible(claim)}", "bold")
    if note := corrections_note(account):
        heading.append(f"\n{visible(note)}", "bold")
    if "notices" in document:
        heading.append(f"\n{NOTICES_SAY}: {'; '.join(document['notices'])}", "red")
    return heading


def _risk(account: dict[str, Any]) -> Text:
    """Return the risk in one line: the score with its band and interval, or why none is given."""
    risk = account["risk"]
    if risk["score"] is None:
        return Text.assemble(("Risk: none given", "bold"), f" ({risk['abstained']})")
    low, high = risk["interval"]
    return Text.assemble(
        ("Risk ", "bold"),
        (f"{risk['score']:.0f}/100 {risk['band']}", BAND_STYLES[risk["band"]]),
        f": {BAND_MEANINGS[risk['band']]}\n",
        f"{low:.0f} to {high:.0f} in four of five new sets of articles, if {float(account['model']['prior']):.0%} of them are unreliable",
        (". The risk is not a verdict: it says what to read first; act on the evidence", "dim"),
    )


def _legend() -> Text:
    return Text.assemble(
        ("source", "green"), "⟦s1⟧  ",
        ("unnamed", "bold red"), "⟦s2⟧  ",
        "unclear who⟦?⟧  ",
        ("‹hedge›", _HEDGE_STYLE), "  ",
        ("▸ claim to check", _UNVERIFIED_STYLE), "  ",
        ("page furniture", _FURNITURE_STYLE),
        style="dim",
    )  # fmt: skip


def _article(assessment: Assessment, account: dict[str, Any]) -> RenderableType:
    """Return the article with sources, cues, hedges, unverified claims and furniture marked."""
    source = assessment.annotated.text
    shown = source[:_LONGEST_ARTICLE]
    marked = _marked(shown, account)
    if len(shown) < len(source):
        marked.append(f"\n[… {len(source) - len(shown):,} more characters, all of them assessed]")
    return Padding(marked, (0, 2))


def _marked(text: str, account: dict[str, Any]) -> Text:
    """Return `text` with its marks: styles first, then the signs, inserted from the end backwards."""
    styles: list[tuple[int, int, str]] = []
    insertions: list[Insertion] = []
    listed = {p["sentence"] for row in account["worklist"] for p in (row, *row["repeats"])}
    for number, row in enumerate(account["sentences"]):
        if row["furniture"]:
            styles.append((row["start"], row["end"], _FURNITURE_STYLE))
            continue
        insertions.append((row["start"], -1, f"[{number + 1}] ", "dim"))
        if number in listed:
            insertions.append((row["start"], 0, "▸ ", _UNVERIFIED_STYLE))
    for attribution in account["attributions"]:
        style = CLASS_STYLES.get(attribution["class"] or "", "")
        styles += [(s["start"], s["end"], style) for s in attribution["source"]]
        styles += [(s["start"], s["end"], "underline") for s in attribution["cue"]]
        anchor = attribution["source"] or attribution["cue"]
        if anchor and attribution["source_id"]:
            insertions.append((anchor[-1]["end"], 1, f"⟦{attribution['source_id']}⟧", "dim"))
        elif attribution["unclear"]:
            end = (anchor or attribution["content"])[-1]["end"]
            insertions.append((end, 1, "⟦?⟧", "dim"))
    for hedge in account["hedges"]:
        styles.append((hedge["start"], hedge["end"], _HEDGE_STYLE))
        insertions += [(hedge["start"], 2, "‹", _HEDGE_STYLE), (hedge["end"], 0, "›", _HEDGE_STYLE)]
    return _assemble(text, styles, sorted(set(insertions)))


def _assemble(text: str, styles: list[tuple[int, int, str]], insertions: list[Insertion]) -> Text:
    """Return `text` with `styles` applied and `insertions` (sorted) spliced in."""
    whole = Text(text)
    for start, end, style in styles:
        if start < len(text):
            whole.stylize(style, start, end)
    out, at = Text(), 0
    for offset, _, words, style in insertions:
        if offset > len(text):
            break
        out.append_text(_visible(whole[at:offset]) if offset > at else Text())
        out.append(words, style)
        at = offset
    out.append_text(_visible(whole[at:]) if at < len(text) else Text())
    return out


def _visible(part: Text) -> Text:
    """Return `part` with its control characters made visible; styles keep their places."""
    if part.plain.replace("\n", "").isprintable():
        return part
    return Text(visible(part.plain))


def _score(score: float | None) -> str:
    return "–" if score is None else f"{score:.0f}"


def _signals(account: dict[str, Any]) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 1))
    table.add_column(no_wrap=True, style="bold")
    table.add_column(justify="right", no_wrap=True)
    table.add_column()
    for name, signal in account["signals"].items():
        words = visible(signal["summary"]), beside_score(signal), beside_others(signal)
        told = Text(" ".join(filter(None, words)))
        if total := score_sum(signal):
            told.append(f" {total}", "dim")
        table.add_row(name.replace("_", " "), _score(signal["score"]), told)
    return table


def _ledger(account: dict[str, Any]) -> RenderableType:
    """Return the distinct sources, the one with most statements first."""
    if not account["sources"] and not account["unclear"]:
        return Text("  nobody is quoted or cited", style="dim")
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1))
    told = any(source["chance"] is not None for source in account["sources"])
    right = ["right"] if told else []
    for header in ("id", "source", "class", *right, "statements", "anonymity", "in sentences"):
        table.add_column(header, justify="right" if header == "statements" else "left")
    for source in sorted(account["sources"], key=lambda s: -s["statements"]):
        table.add_row(
            source["id"],
            Text(visible(source["label"]) + _mark(source), style=CLASS_STYLES[source["class"]]),
            CLASS_NAMES[source["class"]],
            *([lines_right(source)] if told else []),
            str(source["statements"]),
            _anonymity(source),
            numbered(source["sentences"]),
        )
    for shown, sentences in unclear_rows(account):
        where = str(len(sentences)), "", numbered(sentences)
        table.add_row("?", Text(visible(shown)), "unclear", *[""] * told, *where)
    return table


def _mark(source: dict[str, Any]) -> str:
    return " (corrected by hand)" if "corrected" in source else ""


def _anonymity(source: dict[str, Any]) -> str:
    """Return what the ledger says of an unnamed source's anonymity."""
    if source["class"] != "unnamed":
        return ""
    described = "described" if source["described"] else "bare"
    granted = "anonymity granted, " if source["anonymity"] else ""
    reason = {"none": "no reason", "boilerplate": "stock reason", "specific": "reason given"}
    by = ", ".join(source["corroborated_by"])
    standing = f", corroborated by {by}" if by else ", corroborated" * source["corroborated"]
    return f"{granted}{described}, {reason[source['reason']]}{standing}"


def _worklist(account: dict[str, Any]) -> RenderableType:
    """Return the first rows of the worklist, how many more there are, and the claims below it."""
    rows, low = account["worklist"], account["worklist_low"]
    more = len(rows) - _WORKLIST_ROWS
    notes = [
        not_listed(account),
        urgency_words(account),
        f"and {more} more (`reportedly claims FILE`)" if more > 0 else "",
        worth_checking(account) if rows else "",
    ]
    none = _indented(Text(f"none: {account['worklist_empty']}", style="dim"))
    parts: list[RenderableType] = [_claims(rows[:_WORKLIST_ROWS], account) if rows else none]
    if low:
        parts += [_indented(Text(f"{LOW_CLAIMS}:")), _claims(low, account, "dim")]
    return Group(*parts, *(_indented(Text(note, style="dim")) for note in notes if note))


def _claims(
    rows: Sequence[dict[str, Any]], account: dict[str, Any], style: str = _UNVERIFIED_STYLE
) -> Table:
    """Return a table of claims, each with its urgency and who stands behind it."""
    table = Table(box=None, show_header=False, padding=(0, 1))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(ratio=3)
    table.add_column(ratio=2, style=style)
    for row in rows:
        words = f"[{row['sentence'] + 1}] {' '.join(visible(row['text']).split())}"
        table.add_row(f"{_urgency(row):.2f}", Text(words), Text(visible(claim_words(row, account))))
    return table


def _urgency(row: dict[str, Any]) -> float:
    """Return the urgency of a claim; without a reader, its check-worthiness."""
    return float(row["checkworthiness"] if row["priority"] is None else row["priority"])


def _contributions(assessment: Assessment) -> RenderableType:
    """Return what moved the risk from the average article's to this one's, by family, with the largest contributions of each."""
    risk, table = assessment.risk, Table(box=None, show_header=False, padding=(0, 1))
    table.add_column(justify="right", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column()
    if risk.ordinary is not None:
        table.add_row(f"{risk.ordinary:.1f}", "", "average article (starting point)")
    for reason in risk.reasons:
        table.add_row(f"{reason.effect:+.1f}", _bar(reason.effect), Text(reason.family, "bold"))
        for made in _heaviest(assessment, reason.family):
            table.add_row("", Text(f"{made.effect:+.1f}", "dim"), Text(reason_words(made)))
    if risk.score is not None:
        table.add_row(f"{risk.score:.1f}", "", "this article")
    return Group(table, *_words_that_weigh(assessment))


def _bar(effect: float) -> Text:
    """Return the points of a family as a bar."""
    return Text("█" * min(20, round(abs(effect))) or "▏", style="red" if effect > 0 else "green")


def _heaviest(assessment: Assessment, family: str) -> list[Contribution]:
    """Return the largest contributions of a family."""
    mine = [c for c in assessment.contributions if c.family == family]
    return sorted(mine, key=lambda c: -abs(c.effect))[:_CONTRIBUTION_ROWS]


def _words_that_weigh(assessment: Assessment) -> list[Text]:
    """Return the line of the words with the largest effect, if there are any."""
    words = [word for c in assessment.contributions for word in c.words]
    listed = ", ".join(f"{visible(w.word)} {w.effect:+.1f}" for w in words)
    return [Text(f" words that weigh most, in points: {listed}")] if words else []
