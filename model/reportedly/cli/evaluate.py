"""``reportedly evaluate``: measure the detectors and the risk on labelled data."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import TypeVar

import click

from reportedly.annotate import annotate
from reportedly.bundle import Bundle, load_bundle, shipped
from reportedly.evaluation.signals import Figure, evaluate_signals
from reportedly.gold import read_gold

Item = TypeVar("Item")


def formats(function: click.decorators.FC) -> click.decorators.FC:
    """Add the options that every evaluation has."""
    form = click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
    bundle = click.option(
        "--bundle", metavar="FOLDER", help="Measure this bundle, not the shipped one."
    )
    return form(bundle(function))


def chosen(folder: str | None) -> Bundle:
    """Return the bundle in `folder`, or the one that ships."""
    return load_bundle(folder) if folder else shipped()


def progress(items: Iterable[Item]) -> Iterable[Item]:
    """Return `items` with a progress bar on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        return items
    from rich.console import Console  # noqa: PLC0415 - only a terminal pays for it
    from rich.progress import track  # noqa: PLC0415

    return track(list(items), console=Console(stderr=True), description="")


@click.group("evaluate")
def command() -> None:
    """Measure the detectors and the risk on labelled data."""


@command.command("signals")
@click.argument("path")
@click.option("--split", help="Measure only this split of the corpus.")
@formats
def signals(path: str, split: str | None, form: str, bundle: str | None) -> int:
    """Precision, recall and F1 of the three signals, sentence by sentence, with 95 % intervals."""
    detectors = chosen(bundle).detectors
    articles = read_gold(path, split=split)
    found = evaluate_signals(
        articles, lambda document: annotate(document, detectors), progress=progress
    )
    if form == "json":
        click.echo(json.dumps([figure.to_dict() for figure in found], indent=1))
    else:
        sentences = sum(len(article.sentences) for article in articles)
        click.echo(
            f"{len(articles)} articles, {sentences} sentences; 95 % bootstrap intervals over articles"
        )
        click.echo("\n".join(table(found)))
    return 0


def table(figures: Iterable[Figure]) -> list[str]:
    """Return figures as the lines of a table."""
    lines = [f"{'question':28} {'gold':>6} {'found':>6}  {'precision':16} {'recall':16} F1"]
    for f in figures:
        parts = [
            f"{value:.3f} {low:.2f}–{high:.2f}"
            for value, (low, high) in (
                (f.precision, f.precision_interval),
                (f.recall, f.recall_interval),
                (f.f1, f.f1_interval),
            )
        ]
        lines.append(f"{f.name:28} {f.gold:6} {f.found:6}  {parts[0]:16} {parts[1]:16} {parts[2]}")
    return lines
