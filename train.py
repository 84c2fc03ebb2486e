"""Train the parts of a bundle: ``python train.py --help``.

``python train.py`` trains the risk on data/corpus; ``--corpora DIR`` on public corpora as well; ``reader``
and ``evidence`` train the detectors from annotated data. Each writes its part into the bundle folder
given by ``--out``, which starts as a copy of the bundle that ships.
"""

from __future__ import annotations

import shlex
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click

from reportedly.cli.output import progress
from reportedly.errors import ReportedlyError
from reportedly.training import runs

ROOT = Path(__file__).resolve().parent
CORPUS = ROOT / "data" / "corpus"
RUNS = ROOT / "runs" / "bundle"
CACHE = ROOT / ".cache"
READER_CACHE = Path.home() / ".cache" / "reportedly" / "reader"

path_option = partial(click.option, type=click.Path(path_type=Path))
"""``click.option`` for an option whose value is a path."""
OUT = path_option("--out", default=RUNS, help="Folder of the bundle to write.")


@click.group(invoke_without_command=True)
@path_option("--corpora", multiple=True, help="Folder of labelled tables.")
@path_option("--data", help="Your own table: CSV, JSONL or Parquet.")
@click.option("--text-column", default="text", show_default=True)
@click.option("--label-column", default="label", show_default=True)
@click.option(
    "--title-column", help="Column with the headlines; without it, the usual names are tried."
)
@click.option("--group-column", help="Rows of one group are never on both sides of a split.")
@path_option("--cache", default=CACHE, help="Keeps features.")
@click.option("--jobs", default=2, show_default=True)
@click.option(
    "--scheduler", metavar="ADDRESS", help="Run on the Dask cluster at this address (extra `dask`)."
)
@click.option("--seed", default=0, show_default=True)
@click.option("--name", default="reportedly", help="Name of the bundle.")
@OUT
@click.pass_context
def main(context: click.Context, /, **options: Any) -> None:  # noqa: ANN401 - options of all types
    """Train the risk model (without a command), or one of the detectors."""
    if context.invoked_subcommand is not None:
        return
    corpora = options["corpora"]
    config = runs.config_for(
        options["data"], own=None if options["data"] else CORPUS, cache=options["cache"],
        jobs=options["jobs"], corpora=corpora, text_column=options["text_column"],
        label_column=options["label_column"], title_column=options["title_column"],
        group_column=options["group_column"], seed=options["seed"],
    )  # fmt: skip
    with runs.work_on(options["scheduler"]):
        learnt = runs.run_risk(
            config, out=options["out"], name=options["name"], command=command_line(options), progress=progress,
            say=click.echo,
        )  # fmt: skip
    report(learnt)


def command_line(options: dict[str, Any]) -> str:
    """Return the command that repeats the training: every option that changes the result, absolute paths cut to their last part."""
    words = ["python", "train.py"]
    for name in (
        "corpora", "data", "text_column", "label_column", "title_column", "group_column", "seed", "name",
    ):  # fmt: skip
        default = next(p.default for p in main.params if p.name == name)
        values = options[name] if isinstance(options[name], tuple) else (options[name],)
        for value in values:
            if value is not None and value != default:
                told = value.name if isinstance(value, Path) and value.is_absolute() else value
                words += [f"--{name.replace('_', '-')}", str(told)]
    return shlex.join(words)


@main.command()
@path_option("--data", required=True, help="Folder with gold/, gold2/, spans/ and corpora/.")
@path_option(
    "--corrections",
    help="Folder of articles whose ledgers people corrected (`reportedly correct`): the ledger is trained on them as well.",
)
@path_option(
    "--reader",
    "halves",
    help="Folder of the reader's run: all annotated articles train the evidence, not only those held out (extra `train`).",
)
@OUT
def evidence(data: Path, *, out: Path, halves: Path | None, corrections: Path | None) -> None:
    """Train what turns readings into hedges, a ledger and claims."""
    report(runs.run_evidence(data, out=out, say=click.echo, halves=halves, corrections=corrections))


@main.command()
@path_option("--data", required=True, help="Folder with gold/, gold2/ and spans/.")
@path_option(
    "--cache",
    default=READER_CACHE,
    help="Folder that keeps packed articles and checkpoints, from which an interrupted run continues.",
)
@click.option(
    "--name", default="teacher", show_default=True, help="Name of the run's folder in the cache."
)
@click.option("--passes", default=6, show_default=True)
@click.option("--device", type=click.Choice(["auto", "cpu", "cuda"]), default="auto")
@click.option("--seed", default=0, show_default=True)
@click.option(
    "--tune/--all",
    default=True,
    help="Hold out one annotated article in twelve to set thresholds, or train on all.",
)
@click.option(
    "--articles", default=2100, show_default=True, help="Number of unlabelled articles to read."
)
@click.option("--student-passes", default=14, show_default=True)
@OUT
def reader(data: Path, *, articles: int, student_passes: int, out: Path, **options: Any) -> None:  # noqa: ANN401 - options of all types
    """Train the reader: a teacher on gold, gold2 and PolNeAR, then the student that ships; needs the extra `train`."""
    from reportedly.training.reader import train_reader  # noqa: PLC0415 - heavy

    report(train_reader(data, **options, say=click.echo))
    folder = options["cache"] / options["name"]
    report(
        runs.run_student(
            data, folder / "teacher.pt", cache=options["cache"] / "student", articles=articles,
            passes=student_passes, device=options["device"], seed=options["seed"], out=out, say=click.echo,
        )
    )  # fmt: skip


def report(lines: list[str]) -> None:
    """Print the results of training and where they were written."""
    click.echo("\n".join(lines))


if __name__ == "__main__":
    try:
        main.main(standalone_mode=False)
    except click.ClickException as error:
        sys.exit(f"train.py: {error.format_message()}")
    except ModuleNotFoundError as error:
        sys.exit(
            f"train.py: training needs {error.name}: install it with pip install '.[train]', or '.[plots]' for the risk alone"
        )
    except ReportedlyError as error:
        click.echo(f"train.py: {error}", err=True)
        sys.exit(2)
