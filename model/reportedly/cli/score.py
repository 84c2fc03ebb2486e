"""``reportedly score``: assess articles."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import click

from reportedly.assessment import Assessor
from reportedly.bundle import load_bundle
from reportedly.cli.output import write
from reportedly.datamodel import Assessment, Document
from reportedly.errors import InvalidRequest, ReportedlyError
from reportedly.reading import MAX_CHARACTERS, read_bytes, read_file

FORMATS = ("terminal", "json", "jsonl")


@dataclass
class Tally:
    """What went wrong, and what exceeded the limit, while articles were scored one by one."""

    fail_over: float | None = None
    errors: list[str] = field(default_factory=list)
    scored: int = 0
    over: int = 0

    def status(self) -> int:
        """Return the exit status: 2 where an input failed, else 1 where a risk was over the limit."""
        if self.errors:
            return 2
        return 1 if self.over else 0


@click.command("score")
@click.argument("files", nargs=-1, metavar="[FILE ...|-]")
@click.option("--format", "form", type=click.Choice(FORMATS), default="terminal", show_default=True)
@click.option("-o", "--output", metavar="FILE", help="Write there instead of to standard output.")
@click.option("--title", default="", help="The headline, where the file does not hold it.")
@click.option(
    "--fail-over", type=click.FloatRange(0, 100), metavar="N", help="Exit 1 when a risk exceeds N."
)
@click.option(
    "--bundle", metavar="FOLDER", help="Use this trained bundle instead of the one that ships."
)
@click.option("--prior", type=click.FloatRange(0.001, 0.999), default=0.5, show_default=True,
              help="Share of unreliable articles where the score is used.")  # fmt: skip
def command(
    files: tuple[str, ...],
    form: str,
    output: str | None,
    title: str,
    fail_over: float | None,
    bundle: str | None,
    prior: float,
) -> int:
    """Assess each FILE, or standard input where none or - is given."""
    assessor = Assessor(load_bundle(bundle) if bundle else None, prior=prior)
    tally = Tally(fail_over)
    assessments = assess_files(files or ("-",), assessor, tally, title=title)
    write(render(assessments, form, many=len(files) > 1, colour=output is None), output)
    for error in tally.errors:
        click.echo(f"reportedly: {error}", err=True)
    if tally.errors and len(files) > 1:
        click.echo(f"reportedly: {len(tally.errors)} of {len(files)} inputs failed", err=True)
    return tally.status()


def assess_files(
    files: tuple[str, ...], assessor: Assessor, tally: Tally, *, title: str = ""
) -> Iterator[Assessment]:
    """Yield the assessment of each file; what cannot be read goes into `tally.errors`."""
    for name in files:
        try:
            assessment = assessor.assess(read(name, title=title))
        except ReportedlyError as error:
            tally.errors.append(str(error))
            continue
        tally.scored += 1
        score = assessment.risk.score
        tally.over += tally.fail_over is not None and score is not None and score > tally.fail_over
        yield assessment


def read(name: str, *, title: str = "") -> Document:
    """Return the article in the file `name`, or on standard input where it is ``-``."""
    if name != "-":
        return read_file(name, title=title)
    data = sys.stdin.buffer.read(4 * MAX_CHARACTERS + 1)
    return read_bytes(data, title=title, id="-")


def render(
    assessments: Iterator[Assessment], form: str, *, many: bool, colour: bool
) -> Iterator[str]:
    """Yield the output in the format `form`, article by article.

    One article in JSON is an object, several are an array.
    """
    if form == "jsonl":
        for assessment in assessments:
            yield json.dumps(assessment.to_dict(), ensure_ascii=False) + "\n"
    elif form == "json":
        rows = [assessment.to_dict() for assessment in assessments]
        if rows:
            yield json.dumps(rows if many else rows[0], ensure_ascii=False, indent=1) + "\n"
    elif form == "terminal":
        for assessment in assessments:
            yield terminal(assessment, colour=colour)
    else:
        raise InvalidRequest(f"format {form!r}: expected one of {', '.join(FORMATS)}")


def terminal(assessment: Assessment, *, colour: bool = False) -> str:
    """Return the terminal report, with colours where standard output shows them."""
    from rich.console import Console  # noqa: PLC0415 - only this format pays for it

    from reportedly.report.terminal import render as render_terminal  # noqa: PLC0415

    out = io.StringIO()
    shown = colour and sys.stdout.isatty() and "NO_COLOR" not in os.environ
    width = None if sys.stdout.isatty() else 100
    console = Console(
        file=out, force_terminal=shown, no_color=not shown, width=width, highlight=False
    )
    render_terminal(assessment, console)
    return out.getvalue()
