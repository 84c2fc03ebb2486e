"""The documentation matches the code."""

import io
import re
from pathlib import Path

import pytest
from rich.console import Console
from rich.markdown import Markdown

from reportedly.cli import COMMANDS, cli
from tests import docs

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("name", docs.PAGES)
def test_generated_pages_are_up_to_date(name):
    """`make docs` would change nothing."""
    assert (ROOT / name).read_text(encoding="utf-8") == docs.PAGES[name]()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_of_commands_matches_the_commands(name):
    """Each listed command exists under its name and has help."""
    command = cli.get_command(None, name)
    assert command is not None
    assert command.name == name
    assert command.help


def test_links_between_pages_lead_somewhere():
    """A relative link in a Markdown page names a file of the repository."""
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("data/*.md")]
    assert pages
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_readme_is_a_tour_on_one_screen():
    """It has at most sixty lines as rendered, not counting blank and markup lines; a new line must replace another."""
    console = Console(file=io.StringIO(), width=120)
    console.print(Markdown((ROOT / "README.md").read_text(encoding="utf-8")))
    assert isinstance(console.file, io.StringIO)
    assert len([line for line in console.file.getvalue().splitlines() if line.strip()]) <= 60


def test_every_dependency_is_justified():
    """CONTRIBUTING names each runtime dependency of pyproject.toml."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = re.search(r"^dependencies = \[(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    assert block
    names = re.findall(r'"([A-Za-z0-9_-]+)', block[1])
    table = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert all(f"| {name} |" in table for name in names)
    assert "==" not in block[1]
