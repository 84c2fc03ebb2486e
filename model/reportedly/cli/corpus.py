"""``reportedly corpus``: check and count an annotated corpus."""

from __future__ import annotations

import json
from typing import Any

import click

from reportedly.corpora import checks


@click.group("corpus")
def corpus_command() -> None:
    """Check and count a corpus annotated by sentence."""


@corpus_command.command("check")
@click.argument("path")
def check_command(path: str) -> int:
    """Find bad offsets, unknown classes, duplicates, split or incomplete pairs and label leaks in PATH; exit 1 if any."""
    records = checks.read_records(path)
    problems = checks.check(records)
    for problem in problems:
        click.echo(str(problem))
    click.echo(f"{len(records)} articles, {len(problems)} problems")
    return 1 if problems else 0


@corpus_command.command("stats")
@click.argument("path")
@click.option("--format", "form", type=click.Choice(["terminal", "json"]), default="terminal")
def stats_command(path: str, form: str) -> int:
    """Count articles, sentences and labels in PATH."""
    articles = [record for record, _ in checks.read_records(path)]
    table = checks.stats(articles)
    if form == "json":
        click.echo(json.dumps(table, indent=1))
    else:
        click.echo("\n".join(count_lines(table)))
    return 0


def count_lines(table: dict[str, Any], indent: str = "") -> list[str]:
    """Return nested counts as indented lines."""
    out = []
    for name, value in table.items():
        if isinstance(value, dict) and all(not isinstance(v, dict) for v in value.values()):
            out.append(f"{indent}{name}: " + ", ".join(f"{k} {v}" for k, v in value.items()))
        elif isinstance(value, dict):
            out += [f"{indent}{name}:", *count_lines(value, indent + "  ")]
        else:
            out.append(f"{indent}{name}: {value}")
    return out
