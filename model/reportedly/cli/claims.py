"""``reportedly claims``: the worklist of a fact-checker."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

import click

from reportedly.assessment import assessor as assessing
from reportedly.bundle import load_bundle
from reportedly.cli.inputs import Reading, several
from reportedly.cli.output import tell, write
from reportedly.cli.score import Tally, assess_inputs
from reportedly.datamodel import Assessment
from reportedly.datamodel.payload import visible
from reportedly.report import tabular
from reportedly.report.markup import SUPPORT_NAMES


@click.command("claims")
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER|TABLE|URL ...|-]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["terminal", "jsonl", "csv"]),
    default="terminal",
    show_default=True,
)
@click.option("-o", "--output", metavar="FILE", help="Write there instead of to standard output.")
@click.option("--text-column", metavar="NAME", help="A table's column with the articles.")
@click.option("--title-column", metavar="NAME", help="A table's column with the headlines.")
@click.option("--id-column", metavar="NAME", help="A table's column with the articles' ids.")
@click.option("--allow-private", is_flag=True, help="Fetch from private and local addresses too.")
@click.option("--bundle", metavar="FOLDER", help="Use this trained bundle instead of the one that ships.")  # fmt: skip
def claims_command(files: tuple[str, ...], form: str, output: str | None, **options: Any) -> int:  # noqa: ANN401 - click gives them by name
    """Print the unverified claims of each article, most check-worthy first."""
    files = files or ("-",)
    bundle = options.pop("bundle")
    assessor = assessing.Assessor(load_bundle(bundle) if bundle else None)
    tally = Tally()
    write(render_worklists(assess_inputs(files, assessor, tally, Reading(**options)), form), output)
    for error in tally.errors:
        tell(str(error))
    if tally.errors and several(files):
        inputs = tally.scored + len(tally.errors)
        click.echo(f"reportedly: {len(tally.errors)} of {inputs} inputs failed", err=True)
    return tally.status()


def render_worklists(assessments: Iterator[Assessment], form: str) -> Iterator[str]:
    """Yield the worklists in the format `form`."""
    accounts = (assessment.to_dict() for assessment in assessments)
    if form == "csv":
        yield from tabular.claims_csv(accounts)
    elif form == "jsonl":
        for row in chain.from_iterable(map(tabular.claim_rows, accounts)):
            yield json.dumps(row, ensure_ascii=False) + "\n"
    else:
        for account in accounts:
            yield worklist_text(account)


def worklist_text(account: dict[str, Any]) -> str:
    """Return one article's worklist for a terminal."""
    document = account["document"]
    lines = [visible(document["title"] or document["id"] or "article")]
    rows = tabular.claim_rows(account)
    for row in rows:
        words = " ".join(visible(row["text"]).split())
        behind = f" ({visible(row['behind'])})" if row["behind"] else ""
        lines += [
            f"  {row['checkworthiness']:.2f}  {words}",
            f"        sentence {row['sentence']}; behind it: {SUPPORT_NAMES[row['support']]}{behind}",
        ]
    if not rows:
        lines.append("  no unverified claims")
    return "\n".join(lines) + "\n"
