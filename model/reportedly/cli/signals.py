"""``reportedly signals``: explain every signal and rule."""

from __future__ import annotations

import json
from textwrap import fill
from typing import Any

import click

from reportedly.cli.output import page_width
from reportedly.errors import did_you_mean
from reportedly.signals import SIGNALS, Signal

_WIDTH = 96


@click.command("signals")
@click.argument("name", required=False)
@click.option("--format", "form", type=click.Choice(["terminal", "json"]), default="terminal")
def signals_command(name: str | None, form: str) -> int:
    """Explain every signal, or the one called NAME: what it finds, why, how it is computed, its rules."""
    known = {signal.name: signal for signal in SIGNALS}
    if name is not None and name not in known:
        raise click.UsageError(
            f"no signal {name!r}; there are {', '.join(known)}{did_you_mean(name, known)}"
        )
    chosen = [known[name]] if name else list(SIGNALS)
    if form == "json":
        click.echo(
            json.dumps([describe_signal(signal) for signal in chosen], ensure_ascii=False, indent=1)
        )
    else:
        click.echo("\n\n".join(explain(signal) for signal in chosen))
    return 0


def describe_signal(signal: Signal) -> dict[str, Any]:
    """Return a signal's documentation as plain values."""
    return {
        "name": signal.name,
        "title": signal.title,
        "what": signal.what,
        "why": signal.why,
        "formula": signal.formula,
        "known_problems": signal.known_problems,
        "example": signal.example,
        "rules": list(signal.rules),
    }


def explain(signal: Signal) -> str:
    """Return a signal's documentation as text for a terminal."""
    paragraphs = [
        ("What", signal.what),
        ("Why", signal.why),
        ("Score", signal.formula),
        ("Known problems", signal.known_problems),
        ("Example", signal.example),
        ("Rules", ", ".join(signal.rules)),
    ]
    body = "\n".join(
        fill(f"{head}: {text}", page_width(_WIDTH), initial_indent="  ", subsequent_indent="    ")
        for head, text in paragraphs
    )
    return f"{signal.title} ({signal.name})\n{body}"
