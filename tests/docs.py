"""The generated pages of docs/, and whether they are as the code would write them.

``python -m tests.docs --write`` writes them again; ``tests/test_docs.py`` compares.
"""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console

from reportedly import Assessor
from reportedly.cli import COMMANDS, cli
from reportedly.reading import read_file
from reportedly.report import terminal
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


README_EXAMPLE = "data/examples/harbour-pumps.txt"
README_PARTS = ("", "Signals", "Ledger: who vouches for what", "What moved the risk")
"""The sections of the terminal report that the README shows; an ellipsis stands for what it leaves out."""
OUTPUT_BEGIN, OUTPUT_END = "<!-- output: begin -->", "<!-- output: end -->"


def readme_output() -> str:
    """Return what `reportedly score` prints on the README's example, without the longest sections."""
    document = read_file(ROOT / README_EXAMPLE)
    console = Console(file=io.StringIO(), width=100, color_system=None, force_jupyter=False)
    terminal.print_report(Assessor().assess(replace(document, id=README_EXAMPLE)), console)
    assert isinstance(console.file, io.StringIO)
    lines = [line.rstrip() for line in console.file.getvalue().splitlines()]
    shown, title = [], ""
    for line in lines:
        if line.startswith("── "):
            title = line.removeprefix("── ")
        if title in README_PARTS:
            shown.append(line)
        elif shown[-1] != "…":
            shown[-1:] = ["…"] if not shown[-1] else [shown[-1], "…"]
    return "\n".join(shown)


def readme_page() -> str:
    """Return README.md with the tool's output as it is now."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    head, tail = text.split(OUTPUT_BEGIN)[0], text.split(OUTPUT_END)[1]
    return f"{head}{OUTPUT_BEGIN}\n```\n{readme_output()}\n```\n{OUTPUT_END}{tail}"


PAGES = {"docs/cli.md": cli_page, "docs/signals.md": signals_page, "README.md": readme_page}


if __name__ == "__main__":
    for name, page in PAGES.items():
        if "--write" in sys.argv:
            (ROOT / name).write_text(page(), encoding="utf-8")
        sys.stdout.write(f"{name}: {len(page().splitlines())} lines\n")
