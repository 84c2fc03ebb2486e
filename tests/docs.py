"""The generated pages of docs/, and whether they are as the code would write them.

``python -m tests.docs --write`` writes them again; ``tests/test_docs.py`` compares.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from reportedly.cli import COMMANDS, cli
from reportedly.signals import SIGNALS

ROOT = Path(__file__).parent.parent
BEGIN, END = "<!-- generated: begin -->", "<!-- generated: end -->"


def cli_page() -> str:
    """Return the command reference: the help of every command."""
    parts = ["# Command reference", "", "Generated from `--help` by `make docs`.", ""]
    context = click.Context(
        cli, info_name="reportedly", terminal_width=96, help_option_names=["-h", "--help"]
    )
    parts += ["```", cli.get_help(context), "```", ""]
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        parts += _help(command, f"reportedly {name}", context)
    return "\n".join(parts)


def _help(command: click.Command, name: str, parent: click.Context) -> list[str]:
    """Return the section of one command, and of those below it."""
    context = click.Context(command, info_name=name.rsplit(maxsplit=1)[-1], parent=parent)
    lines = [f"## {name}", "", "```", command.get_help(context), "```", ""]
    if isinstance(command, click.Group):
        for sub in command.list_commands(context):
            inner = command.get_command(context, sub)
            assert inner is not None
            lines += _help(inner, f"{name} {sub}", context)
    return lines


def signals_section() -> str:
    """Return the part of docs/signals.md that derives from SIGNALS."""
    lines = [BEGIN, ""]
    for signal in SIGNALS:
        lines += [
            f"## {signal.title} (`{signal.name}`)",
            "",
            f"**What it finds.** {signal.what}",
            "",
            f"**Why it matters.** {signal.why}",
            "",
            f"**Score.** {signal.formula}",
            "",
            f"**Known problems.** {signal.known_problems}",
            "",
            f"**Example.** {signal.example}",
            "",
            "**Rules.** " + ", ".join(f"`{rule}`" for rule in signal.rules),
            "",
        ]
    return "\n".join([*lines, END])


def signals_page() -> str:
    """Return docs/signals.md with its generated part as the code would write it."""
    text = (ROOT / "docs" / "signals.md").read_text(encoding="utf-8")
    head, tail = text.split(BEGIN)[0], text.split(END)[1]
    return head + signals_section() + tail


PAGES = {"docs/cli.md": cli_page, "docs/signals.md": signals_page}


if __name__ == "__main__":
    for name, page in PAGES.items():
        if "--write" in sys.argv:
            (ROOT / name).write_text(page(), encoding="utf-8")
        sys.stdout.write(f"{name}: {len(page().splitlines())} lines\n")
