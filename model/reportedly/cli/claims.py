"""``reportedly claims``: the worklist of a fact-checker."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

import click

from reportedly.assessment import assessor as assessing
from reportedly.assessment.claim_list import ORDERS, Order, claim_list
from reportedly.bundle import load_bundle
from reportedly.cli.inputs import InputOptions, several
from reportedly.cli.output import NO_CORRECTIONS, READER, tell, write
from reportedly.cli.score import Tally, assess_inputs
from reportedly.datamodel import STANDINGS, Standing
from reportedly.datamodel.payload import visible
from reportedly.errors import InvalidRequest
from reportedly.report import tabular
from reportedly.report.markup import (
    LOW_CLAIMS,
    claims_counted,
    corrections_note,
    headline_claim_words,
    not_listed_words,
    standing_words,
    worth_checking,
)

_PLACES = 6
"""How many other places of a claim one line names."""


@click.command("claims")
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER|TABLE|URL ...|-]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["terminal", "jsonl", "csv", "html"]),
    default="terminal",
    show_default=True,
)
@click.option(
    "--support",
    metavar="WORDS",
    help="List check-worthy claims by who stands behind them: any of nobody, says-so, vouched, reporter, shown, separated by "
    "commas; without it, the claims worth checking that may rest on the first two.",
)
@click.option("--top", type=click.IntRange(1), metavar="N", help="List at most the first N claims.")
@click.option(
    "--min",
    "least",
    type=click.FloatRange(0, 1),
    default=0.0,
    metavar="X",
    help="List claims with a priority of X or more.",
)
@click.option(
    "--sort",
    type=click.Choice(ORDERS),
    default="priority",
    show_default=True,
    help="Sort by urgency, by check-worthiness, by the probability that nobody stands behind the claim, by how many articles make it, or by place.",
)
@click.option("-o", "--output", metavar="FILE", help="Write there instead of to standard output.")
@click.option("--text-column", metavar="NAME", help="A table's column with the articles.")
@click.option("--title-column", metavar="NAME", help="A table's column with the headlines.")
@click.option("--id-column", metavar="NAME", help="A table's column with the articles' ids.")
@click.option("--allow-private", is_flag=True, help="Fetch from private and local addresses too.")
@click.option("--bundle", metavar="FOLDER", help="Use this trained bundle instead of the one that ships.")  # fmt: skip
@READER
@NO_CORRECTIONS
def claims_command(
    files: tuple[str, ...],
    form: str,
    support: str | None,
    top: int | None,
    least: float,
    sort: Order,
    output: str | None,
    **options: Any,  # noqa: ANN401 - click gives them by name
) -> int:
    """List the claims to check, the most urgent first: of one article, or of all articles in files and folders.

    A claim made by several articles is listed once, with every place.
    """
    standings = None if support is None else standings_of(support)
    files = files or ("-",)
    bundle, reader = options.pop("bundle"), options.pop("reader")
    assessor = assessing.Assessor(load_bundle(bundle) if bundle else None, reader=reader)
    tally = Tally()
    found = assess_inputs(files, assessor, tally, InputOptions(**options))
    listed = claim_list(found, standings, sort=sort, least=least, top=top)
    write(claims_in_form(listed, form, tally.errors), output)
    for error in tally.errors:
        tell(str(error))
    if tally.errors and several(files):
        inputs = tally.scored + len(tally.errors)
        click.echo(f"reportedly: {len(tally.errors)} of {inputs} inputs failed", err=True)
    return tally.status()


def standings_of(words: str) -> frozenset[Standing]:
    """Return who may stand behind the claims to list, from words separated by commas.

    Raises
    ------
    InvalidRequest
        When a word is unknown, or there is none.
    """
    asked = [word.strip().replace("-", "_") for word in words.split(",") if word.strip()]
    known: dict[str, Standing] = {standing: standing for standing in STANDINGS}
    unknown = [word for word in asked if word not in known]
    if unknown or not asked:
        got = repr(unknown[0].replace("_", "-")) if unknown else "nothing"
        expected = ", ".join(standing.replace("_", "-") for standing in STANDINGS)
        raise InvalidRequest(
            f"--support: got {got}, expected any of {expected}, separated by commas"
        )
    return frozenset(known[word] for word in asked)


def claims_in_form(listed: dict[str, Any], form: str, errors: Sequence[str] = ()) -> Iterator[str]:
    """Yield a list of claims in the format `form`; the HTML page also lists the `errors`."""
    if form == "csv":
        yield from tabular.claims_csv(listed)
    elif form == "jsonl":
        for row in tabular.claim_rows(listed):
            yield json.dumps(row, ensure_ascii=False) + "\n"
    elif form == "html":
        from reportedly.report.html import render_claims  # noqa: PLC0415 - only this format pays

        yield render_claims(listed, errors)
    elif listed["articles"]:
        yield "\n".join(_lines(listed)) + "\n"


def _lines(listed: dict[str, Any]) -> Iterator[str]:
    """Yield a list for a terminal: its heading, the claims, how many are left out, which articles have none, and the measured share worth checking."""
    one = listed["articles"][0] if len(listed["articles"]) == 1 else None
    if one is None:
        yield claims_counted(listed)
    else:
        yield visible(one["document"]["title"] or one["document"]["id"] or "article")
        for note in filter(None, (headline_claim_words(one), corrections_note(one))):
            yield from _wrapped(visible(note), "  ", "  ")
    for row in listed["items"]:
        yield from _item(row, alone=one is not None)
    if more := listed["listed"] - len(listed["items"]):
        yield f"  and {more} more"
    for article in listed["articles"]:
        if article["empty"]:
            document = article["document"]
            name = "" if one else f"{visible(document['id'] or document['title'])}: "
            yield from _wrapped(f"{name}no claims to check: {article['empty']}", "  ", "    ")
    if listed["low"]:
        yield f"  {LOW_CLAIMS}:"
        for row in listed["low"]:
            yield from _item(row, alone=False)
    left = 0 if listed["chosen"] else sum(article["not_listed"] for article in listed["articles"])
    share = worth_checking(listed) if listed["items"] else ""
    for note in filter(None, (not_listed_words(left), share)):
        yield from _wrapped(note, "  ", "  ")


def _item(row: dict[str, Any], *, alone: bool) -> Iterator[str]:
    """Yield the lines of one claim: its words, its place, who stands behind it, and where else it is made."""
    words = " ".join(visible(row["text"]).split())
    yield from _wrapped(words, f"  {row['urgency']:.2f}  ", " " * 8)
    place = visible(tabular.file_and_line(row))
    if row["line"] is not None:
        place += f", sentence {row['sentence'] + 1}"
    top = "; the headline’s claim" if row["makes_headline"] and not alone else ""
    yield from _wrapped(f"{place}; {visible(standing_words(row))}{top}", " " * 8, " " * 10)
    if row["also"]:
        others = "; ".join(tabular.file_and_line(also) for also in row["also"][:_PLACES])
        more = "; …" if len(row["also"]) > _PLACES else ""
        yield from _wrapped(f"also in {visible(others)}{more}", " " * 8, " " * 10)


def _wrapped(text: str, first: str, later: str) -> list[str]:
    """Return a text wrapped to the terminal's width, or as one line if the output is not a terminal."""
    if not sys.stdout.isatty():
        return [first + text]
    width = max(40, shutil.get_terminal_size().columns)
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )
