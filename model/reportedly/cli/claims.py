"""``reportedly claims``: the worklist of a fact-checker."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

import click

from reportedly.assessment import assessor as assessing
from reportedly.bundle import load_bundle
from reportedly.cli.inputs import InputOptions, several
from reportedly.cli.output import NO_CORRECTIONS, READER, tell, write
from reportedly.cli.score import Tally, assess_inputs
from reportedly.datamodel import STANDINGS, Assessment, Standing
from reportedly.datamodel.payload import visible, worklist_rows
from reportedly.datamodel.worklist import worklist
from reportedly.errors import InvalidRequest
from reportedly.report import tabular
from reportedly.report.markup import (
    corrections_note,
    headline_claim_words,
    not_listed,
    standing_words,
    worth_checking,
)


@click.command("claims")
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER|TABLE|URL ...|-]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["terminal", "jsonl", "csv"]),
    default="terminal",
    show_default=True,
)
@click.option(
    "--support",
    metavar="WORDS",
    help="List check-worthy claims by who stands behind them: any of nobody, says-so, vouched, reporter, shown, with "
    "commas between; without it, what may rest on the first two and is worth checking.",
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
    output: str | None,
    **options: Any,  # noqa: ANN401 - click gives them by name
) -> int:
    """Print the claims of each article that a fact-checker would begin with, the first first."""
    standings = None if support is None else standings_of(support)
    files = files or ("-",)
    bundle, reader = options.pop("bundle"), options.pop("reader")
    assessor = assessing.Assessor(load_bundle(bundle) if bundle else None, reader=reader)
    tally = Tally()
    found = assess_inputs(files, assessor, tally, InputOptions(**options))
    write(render_worklists(found, form, standings), output)
    for error in tally.errors:
        tell(str(error))
    if tally.errors and several(files):
        inputs = tally.scored + len(tally.errors)
        click.echo(f"reportedly: {len(tally.errors)} of {inputs} inputs failed", err=True)
    return tally.status()


def standings_of(words: str) -> frozenset[Standing]:
    """Return who may stand behind the claims to list, from words with commas between.

    Raises
    ------
    InvalidRequest
        When there is another word, or none.
    """
    asked = [word.strip().replace("-", "_") for word in words.split(",") if word.strip()]
    known: dict[str, Standing] = {standing: standing for standing in STANDINGS}
    unknown = [word for word in asked if word not in known]
    if unknown or not asked:
        got = repr(unknown[0].replace("_", "-")) if unknown else "nothing"
        expected = ", ".join(standing.replace("_", "-") for standing in STANDINGS)
        raise InvalidRequest(
            f"--support: got {got}, expected any of {expected}, with commas between"
        )
    return frozenset(known[word] for word in asked)


def render_worklists(
    assessments: Iterator[Assessment], form: str, standings: frozenset[Standing] | None = None
) -> Iterator[str]:
    """Yield the worklists in the format `form`: of what is listed, or of all claims with one of these `standings`."""
    accounts = (_account(assessment, standings) for assessment in assessments)
    if form == "csv":
        yield from tabular.claims_csv(accounts)
    elif form == "jsonl":
        for row in chain.from_iterable(map(tabular.claim_rows, accounts)):
            yield json.dumps(row, ensure_ascii=False) + "\n"
    else:
        for account in accounts:
            yield worklist_text(account, chosen=standings is not None)


def _account(assessment: Assessment, standings: frozenset[Standing] | None) -> dict[str, Any]:
    account = assessment.to_dict()
    if standings is not None:
        annotated = assessment.annotated
        account["worklist"] = worklist_rows(annotated, worklist(annotated, standings))
    return account


def worklist_text(account: dict[str, Any], *, chosen: bool = False) -> str:
    """Return one article's worklist for a terminal; `chosen` tells that it holds other claims than are listed."""
    document = account["document"]
    lines = [visible(document["title"] or document["id"] or "article")]
    rows = account["worklist"]
    if headline := headline_claim_words(account):
        lines.append(f"  {visible(headline)}")
    if note := corrections_note(account):
        lines.append(f"  {visible(note)}")
    for row in rows:
        words = " ".join(visible(row["text"]).split())
        urgency = row["checkworthiness"] if row["priority"] is None else row["priority"]
        lines += [
            f"  {urgency:.2f}  {words}",
            f"        sentence {row['sentence'] + 1}; {visible(standing_words(row))}",
        ]
    if not rows:
        lines.append("  no claims to check")
    notes = ("" if chosen else not_listed(account), worth_checking(account) if rows else "")
    lines += [f"  {note}" for note in notes if note]
    return "\n".join(lines) + "\n"
