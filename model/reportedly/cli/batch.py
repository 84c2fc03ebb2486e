"""``reportedly batch``: assess a table of articles."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from reportedly.assessment.scoring import BundleScorer
from reportedly.assessment.tables import (
    Progress,
    TableColumns,
    TableCounts,
    assess_table,
    count_rows,
)
from reportedly.cli.inputs import tell_columns, tell_left_out
from reportedly.cli.output import PRIOR, SECONDS_BETWEEN_LINES, pace, tell
from reportedly.reading.formats.tables import open_table


@click.command("batch")
@click.argument("source", metavar="IN")
@click.option(
    "-o", "--output", required=True, metavar="OUT", help="A .parquet, .csv or .jsonl file."
)
@click.option("--text-column", metavar="NAME", help="The column with the articles.")
@click.option("--title-column", metavar="NAME", help="The column with the headlines.")
@click.option("--id-column", metavar="NAME", help="The column with the articles' ids.")
@click.option(
    "--keep",
    metavar="COLUMN,…",
    help="Columns of IN to copy into OUT as text, separated by commas; may be repeated.",
    multiple=True,
)
@click.option("-j", "--jobs", type=click.IntRange(1), metavar="N", help="Processes  [all cores]")
@click.option("--features", is_flag=True, help="Add every feature as a column.")
@click.option(
    "--resume", is_flag=True, help="Continue an interrupted run, or start if there is none."
)
@click.option(
    "--restart", is_flag=True, help="Delete the parts of an interrupted run and start again."
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="Run on the Dask cluster at this address (extra `dask`)."
)
@click.option(
    "--bundle", metavar="FOLDER", help="Use this trained bundle instead of the one that ships."
)
@PRIOR
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")  # fmt: skip
def batch_command(
    source: str,
    output: str,
    text_column: str | None,
    title_column: str | None,
    id_column: str | None,
    keep: tuple[str, ...],
    jobs: int | None,
    features: bool,  # noqa: FBT001 - a command's flag
    resume: bool,  # noqa: FBT001 - same
    restart: bool,  # noqa: FBT001 - same
    scheduler: str | None,
    bundle: str | None,
    prior: float,
    quiet: bool,  # noqa: FBT001 - same
) -> int:
    """Assess every article of IN: a table (CSV, JSON, Parquet, a folder of Parquet files) or a folder of articles.

    A row without an article gets an error and no scores; the number of such rows is printed at the end. OUT is
    written whole or not at all; until then OUT.parts/ holds what is done.
    """
    if resume and restart:
        raise click.UsageError("--resume and --restart exclude each other")
    kept = (name.strip() for names in keep for name in names.split(","))
    columns = TableColumns(
        text_column, title_column, id_column, tuple(dict.fromkeys(filter(None, kept)))
    )
    tell_left_out(source)
    if not quiet:
        table = open_table(source, text_column, title_column, id_column, columns.keep)
        tell_columns(table, text_column, title_column)
    begun = time.monotonic()
    try:
        with _progress(source, columns, quiet=quiet) as on_progress:
            outcome = assess_table(
                source,
                output,
                columns=columns,
                scorer=BundleScorer(bundle, prior, features),
                jobs=jobs,
                scheduler=scheduler,
                resume=resume,
                restart=restart,
                on_progress=on_progress,
            )
    except KeyboardInterrupt:
        tell(f"interrupted; {output}.parts keeps what is done: continue with --resume")
        return 130
    _tell_counts(outcome, output, time.monotonic() - begun, quiet=quiet)
    return 0


def _tell_counts(outcome: TableCounts, output: str, seconds: float, *, quiet: bool) -> None:
    """Print how many rows were assessed, how many repeat an earlier text, and how many failed."""
    if outcome.finished:
        tell(f"{output}: already finished, {outcome.rows:,} rows; nothing left to do")
        return
    if not quiet:
        resumed = f", {outcome.resumed:,} of them earlier" if outcome.resumed else ""
        what = "row" if outcome.rows == 1 else "rows"
        tell(
            f"{outcome.rows:,} {what}{resumed}, {pace(outcome.rows - outcome.resumed, seconds)}; {output}"
        )
    if outcome.duplicates:
        repeat = "repeats" if outcome.duplicates == 1 else "repeat"
        tell(
            f"{outcome.duplicates:,} of {outcome.rows:,} rows {repeat} an earlier one's text: see column duplicate_of"
        )
    if outcome.errors:
        tell(f"{outcome.errors:,} of {outcome.rows:,} rows could not be assessed: see column error")


@contextmanager
def _progress(
    source: str, columns: TableColumns, *, quiet: bool
) -> Iterator[Callable[[Progress], None]]:
    """Yield the function that shows progress: a bar on a terminal, otherwise a line every few seconds."""
    if quiet:
        yield lambda _: None
    elif sys.stderr.isatty():
        with _bar(count_rows(source, columns)) as show:
            yield show
    else:
        yield _lines()


@contextmanager
def _bar(total: int) -> Iterator[Callable[[Progress], None]]:
    """Yield the function that updates a bar with count, rate and time left."""
    from rich.console import Console  # noqa: PLC0415 - only a terminal pays for it
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        ProgressColumn,
        Task,
        TimeRemainingColumn,
    )
    from rich.progress import Progress as Bar  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    class Rate(ProgressColumn):
        """Articles per second."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text(f"{speed:,.0f}/s" if speed else "", style="progress.data.speed")

    shown = (BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn())
    with Bar(*shown, console=Console(stderr=True), speed_estimate_period=60) as bar:
        task = bar.add_task("", total=total)
        yield lambda progress: bar.update(task, completed=progress.done)


def _lines() -> Callable[[Progress], None]:
    """Return a function that prints a progress line, at most one every few seconds."""
    begun = last = time.monotonic()

    def show(progress: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= SECONDS_BETWEEN_LINES:
            last = now
            tell(f"{progress.done:,} rows, {pace(progress.done - progress.resumed, now - begun)}")

    return show
