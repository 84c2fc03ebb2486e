"""Every command that the pages show in a block marked `sh` is run, in the order of the page, beside copies of the examples and four articles of the corpus."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from reportedly.cli import cli

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PAGES = [p for p in sorted((ROOT / "docs").glob("*.md")) if BLOCK.search(p.read_text("utf-8"))]
STATUS = re.compile(r"# exit status (\d)")


def commands(page):
    """Return the command lines of a page, each with the exit status that it states."""
    lines = "".join(BLOCK.findall(page.read_text(encoding="utf-8"))).replace("\\\n", " ")
    for line in lines.splitlines():
        if line.strip() and not line.startswith("#"):
            stated = STATUS.search(line)
            yield line, int(stated[1]) if stated else 0


def test_pages_show_commands():
    """A page whose blocks were renamed would be tested no more."""
    assert {p.name for p in PAGES} >= {
        "corrections.md",
        "editor.md",
        "fact-checker.md",
        "monitor.md",
        "researcher.md",
        "teams.md",
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_every_command_of_a_page_runs(page, tmp_path, monkeypatch):
    """Each does what the page says, beside the files that those before it wrote."""
    for example in (ROOT / "data" / "examples").iterdir():
        shutil.copy(example, tmp_path)
    (tmp_path / "corpus").mkdir()
    lines = (
        (ROOT / "data" / "corpus" / "articles.jsonl")
        .read_text(encoding="utf-8")
        .splitlines(keepends=True)
    )
    few = [line for line in lines if '"split": "dev"' in line][:4]
    (tmp_path / "corpus" / "articles.jsonl").write_text("".join(few), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for line, status in commands(page):
        written, _, target = line.partition(" > ")
        program, *words = shlex.split(written, comments=True)
        assert program == "reportedly", f"{page.name}: {line}: only commands of ours are run"
        done = CliRunner().invoke(cli, words, standalone_mode=False)
        assert done.exception is None, f"{page.name}: {line}: {done.exception!r}"
        assert (done.return_value or 0) == status, f"{page.name}: {line}: {done.output}"
        if target:
            Path(target.split()[0]).write_text(done.stdout, encoding="utf-8")
    assert Path.cwd() == tmp_path
