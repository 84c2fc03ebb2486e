"""Every command shown on a page is run, in the order of the page, in a folder with the files that pages mention; commands that need the network or train are checked by their options only."""

import json
import re
import shlex
import shutil
from pathlib import Path

import click
import pandas as pd
import pytest
import train
from click.testing import CliRunner

from reportedly.cli import cli
from reportedly.signals.policy import load_policy, write_policy
from tests.office import docx, paragraph

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "data" / "examples"
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "data").glob("*.md")),
]
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
COMMAND = re.compile(
    r"^(?:\$ )?((?:reportedly|python train\.py|make|pip|pipx|uvx|curl|python -m|\.venv/bin/\S+) .*)"
)
INLINE = re.compile(r"`((?:reportedly|python train\.py) [a-z][^`]*)`")
STATUS = re.compile(r"# exit status (\d)")
FILE = re.compile(r"# (\w+\.toml)\n")
NOT_RUN = ("https://", "--scheduler", "reportedly serve", " DIR")
"""Commands that the tests cannot run: they need the network, a cluster or missing corpora, or serve endlessly."""


def blocks(page):
    """Yield the kind and text of each block of a page."""
    yield from BLOCK.findall(page.read_text(encoding="utf-8"))


def steps(page):
    """Yield the steps of a page in order: a file with its text, or a `reportedly` command with its stated exit status."""
    for kind, block in blocks(page):
        if kind == "toml" and (found := FILE.match(block)):
            yield found[1], block
        elif kind in {"", "sh"}:
            for line in block.replace("\\\n", " ").splitlines():
                shown = COMMAND.match(line)
                if shown and shown[1].startswith("reportedly "):
                    stated = STATUS.search(line)
                    yield shown[1], int(stated[1]) if stated else 0


SHOWN = [page for page in PAGES if any(isinstance(how, int) for _, how in steps(page))]


def unknown_options(line):
    """Return the options of a command line that its command does not have."""
    program, *words = shlex.split(line.replace("…", ""), comments=True)
    command: click.Command = cli
    if program == "python":
        command, words = train.main, words[1:]
    known, unknown = set(), []
    for word in words:
        if isinstance(command, click.Group) and word in command.list_commands(click.Context(command)):  # fmt: skip
            found = command.get_command(click.Context(command), word)
            assert found is not None
            command = found
        known |= {name for p in command.params for name in (*p.opts, *p.secondary_opts)} | {"--help", "-h"}  # fmt: skip
        if word.startswith("-") and word != "-" and word.partition("=")[0] not in known:
            unknown.append(word)
    return unknown


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Return a folder with the examples, four articles of the corpus, and a file of each name that pages mention."""
    for example in EXAMPLES.iterdir():
        shutil.copy(example, tmp_path)
    lines = (ROOT / "data/corpus/articles.jsonl").read_text("utf-8").splitlines(keepends=True)
    few = [line for line in lines if '"split": "dev"' in line][:4]
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "articles.jsonl").write_text("".join(few), encoding="utf-8")
    pumps, nap = (
        (EXAMPLES / f"{n}.txt").read_text("utf-8") for n in ("harbour-pumps", "sleep-study")
    )
    for name, text in {
        "a.txt": pumps, "b.md": nap, "article.txt": nap, "my.txt": nap, "draft.txt": nap,
        "old.txt": nap, "new.txt": pumps, "monday.txt": nap, "tuesday.txt": pumps,
        "house.toml": write_policy(load_policy("ap-like")),
        "draft.md": "The quay at Skarn will be sold before the winter, sources said on Monday.\n",
        "page.html": f"<html><body><article>{''.join(f'<p>{p}</p>' for p in nap.splitlines())}</article></body></html>",
    }.items():  # fmt: skip
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "a.docx").write_bytes(docx("".join(map(paragraph, nap.split("\n\n")))))
    (tmp_path / "drafts").mkdir()
    shutil.copy(EXAMPLES / "miracle-root.txt", tmp_path / "drafts")
    rows = pd.DataFrame([json.loads(line) for line in few])[["id", "title", "text"]]
    rows.to_parquet(tmp_path / "articles.parquet")
    rows.rename(columns={"text": "body"}).to_csv(tmp_path / "articles.csv", index=False)
    rows.to_json(tmp_path / "articles.jsonl", orient="records", lines=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


def test_pages_show_commands():
    """Every tested page has commands: if its blocks were renamed, none would be run."""
    doors = ("corrections", "configuration", "editor", "fact-checker", "monitor", "policies", "reports", "researcher", "teams", "cli", "scaling")  # fmt: skip
    assert {p.stem for p in SHOWN} >= set(doors)


@pytest.mark.parametrize("page", SHOWN, ids=lambda p: p.name)
def test_every_command_of_a_page_runs(page, desk):
    """Each does what the page says, with the files that the page shows and those that earlier commands wrote."""
    for shown, how in steps(page):
        if isinstance(how, str):
            (desk / shown).write_text(how, encoding="utf-8")
            continue
        written, _, target = shown.partition(" > ")
        if any(word in shown for word in NOT_RUN):
            assert not unknown_options(written), f"{page.name}: {shown}"
            continue
        done = CliRunner().invoke(cli, shlex.split(written, comments=True)[1:], standalone_mode=False)  # fmt: skip
        assert done.exception is None, f"{page.name}: {shown}: {done.exception!r}"
        assert (done.return_value or 0) == how, f"{page.name}: {shown}: {done.output}"
        if target:
            Path(target.split()[0]).write_text(done.stdout, encoding="utf-8")
    assert Path.cwd() == desk


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_other_commands_name_what_there_is(page):
    """Commands in sentences, and training commands, use options, `make` targets and `pip` extras that exist."""
    text = page.read_text(encoding="utf-8")
    lines = [m[1] for _, b in blocks(page) for line in b.splitlines() if (m := COMMAND.match(line))]
    for line in (*lines, *(" ".join(words.split()) for words in INLINE.findall(text))):
        if line.startswith(("reportedly ", "python train.py")):
            assert unknown_options(line) == [], line
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    named = [line.split()[1] for line in lines if line.startswith("make ")]
    assert set(named) <= set(targets)
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for extra in re.findall(r"(?:reportedly|\.)\[([\w,]+)\]'", text):
        for name in extra.split(","):
            assert f"\n{name} = [" in project, f"{page.name}: [{name}]"
