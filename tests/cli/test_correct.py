"""``reportedly correct``: a person's corrections beside the article, which other commands apply and mark."""

import csv
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from reportedly.cli import cli
from reportedly.errors import InvalidRequest

PUMPS = Path(__file__).parents[2] / "data" / "examples" / "harbour-pumps.txt"


@pytest.fixture
def pumps(tmp_path):
    """Return a copy of an example in a folder where corrections can be written."""
    return shutil.copy(PUMPS, tmp_path / "pumps.txt")


def run(*words):
    """Run a command in this process; return its output; exceptions pass through."""
    done = CliRunner().invoke(cli, list(map(str, words)), standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done.stdout


def ledger(file, *options):
    """Return the payload of a file, and its ledger by name."""
    account = json.loads(run("score", file, "--format", "json", *options))
    return account, {source["label"]: source for source in account["sources"]}


def line_of(file, label):
    """Return the id of the ledger line with a name."""
    return ledger(file, "--no-corrections")[1][label]["id"]


def test_corrections_are_kept_applied_and_marked(pumps):
    """If the official is named and rumours are not a source, ledger, claims, signals and risk change and are marked as corrected."""
    before, _ = ledger(pumps)
    official = line_of(pumps, "a senior official in the harbour authority")
    rumours = line_of(pumps, "rumours")
    run("correct", pumps, "--class", f"{official}=named_person", "--rename", f"{official}=Ida Brandt", "--wrong", rumours)  # fmt: skip
    after, lines = ledger(pumps)
    assert lines["Ida Brandt"]["class"] == "named_person"
    assert lines["Ida Brandt"]["corrected"] == ["rename", "class"]
    assert "rumours" not in lines
    assert after["document"]["corrections"][0] == "“rumours” is not a source"
    assert after["signals"]["anonymous_sourcing"]["score"] < before["signals"]["anonymous_sourcing"]["score"]  # fmt: skip
    assert after["risk"]["score"] != before["risk"]["score"]
    assert len(after["worklist"]) < len(before["worklist"])
    assert "Corrected by hand: “rumours” is not a source" in " ".join(run("score", pumps).split())
    assert "Corrected by hand" in run("claims", pumps)
    assert "corrected by hand" in run("score", pumps, "--format", "html")
    (row,) = csv.DictReader(run("score", pumps, "--format", "csv").splitlines())
    assert row["corrections"] == "3"
    assert ledger(pumps, "--no-corrections")[0] == before


def test_corrections_add_up_and_are_taken_back(pumps):
    """A later class replaces an earlier one; an undone correction is gone, and the last one takes the file with it."""
    path = Path(f"{pumps}.corrections.toml")
    critics = line_of(pumps, "Critics")
    run("correct", pumps, "--class", f"{critics}=press")
    run("correct", pumps, "--class", f"{critics}=unnamed")
    assert path.read_text().count('action = "class"') == 1
    assert ledger(pumps)[1]["Critics"]["class"] == "unnamed"
    run("correct", pumps, "--undo", critics)
    assert not path.exists()
    assert ledger(pumps)[1]["Critics"]["class"] == "vague"


def test_a_ledger_that_is_right_is_kept_as_annotation(pumps):
    """`--right` writes the ledger even without a correction, and `evaluate` finds it wholly right."""
    kept = CliRunner().invoke(cli, ["correct", str(pumps), "--right"], standalone_mode=False)
    assert "the ledger is kept as right" in kept.stderr
    account = json.loads(
        run("evaluate", "ledger", Path(pumps).parent, "--sentences", "own", "--format", "json")
    )
    rates = {rate["name"]: rate["value"] for rate in account["rates"]}
    assert rates["line F1"] == 1.0
    assert rates["ledgers wholly right"] == 1.0


def test_a_corrected_folder_measures_sources_alone(pumps):
    """A corrected ledger does not label hedges or claims, so these are not measured."""
    run("correct", pumps, "--class", f"{line_of(pumps, 'Marit Oduya')}=press")
    account = json.loads(run("evaluate", "signals", Path(pumps).parent, "--format", "json"))
    names = {figure["name"] for figure in account["figures"]}
    assert "anonymously sourced" in names
    assert not names & {"hedged", "check-worthy", "unverified claim", "furniture"}
    press = next(f for f in account["figures"] if f["name"] == "class press")
    assert press["gold"] > press["found"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--wrong", "s99"), "'s99' is not a line of the ledger, which has s1, s2"),
        (("--merge", "s1"), "expected two or more lines"),
        (("--class", "s1=nobody"), "expected one of named_person"),
        (("--rename", "s1"), "expected a line and its value"),
    ],
)
def test_what_cannot_be_corrected_is_said_in_a_line(pumps, options, said):
    """The message says what was got and what was expected; nothing is written."""
    with pytest.raises(InvalidRequest, match=said):
        run("correct", pumps, *options)
    assert not Path(f"{pumps}.corrections.toml").exists()


def test_a_text_that_changed_is_not_corrected_on(pumps):
    """`correct` refuses to mix corrections of two texts; reports still apply those whose lines they recognise by name."""
    run("correct", pumps, "--wrong", line_of(pumps, "Critics"))
    Path(pumps).write_text(f"A note first.\n\n{PUMPS.read_text()}")
    assert "Critics" not in ledger(pumps)[1]
    with pytest.raises(InvalidRequest, match="another version of the text"):
        run("correct", pumps, "--right")


def test_no_file_is_a_line(pumps):
    """For a URL the message says that corrections need a file; for a missing file it has the nearest name."""
    with pytest.raises(InvalidRequest, match=r"not a file.*save the article first"):
        run("correct", "https://example.org/a")
    with pytest.raises(InvalidRequest, match="no such file; did you mean"):
        run("correct", f"{str(pumps)[:-4]}s.txt")
    with pytest.raises(InvalidRequest, match="is a directory, expected a file"):
        run("correct", str(Path(pumps).parent))
