"""Settings files: found upwards, overridden by flags, shown with their origin, refused with the mistake."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from reportedly.cli import cli
from reportedly.cli.settings import CONFIGURABLE, find_settings, parameter_of, read_settings
from reportedly.errors import InvalidRequest

HOUSE = 'schema = "reportedly/policy/1"\nname = "House"\n[levels]\nall = "off"\n"claims.none" = "error"\n'


def config(*arguments):
    """Run `reportedly config` in this folder; return its rows by command and option."""
    result = CliRunner().invoke(
        cli, [*arguments, "config", "--format", "json"], standalone_mode=False
    )
    if result.exception:
        raise result.exception
    shown = json.loads(result.stdout)
    return shown["file"], {
        (r["command"], r["option"]): (r["value"], r["from"]) for r in shown["settings"]
    }


@pytest.mark.parametrize("command", CONFIGURABLE)
def test_every_setting_is_an_option(command):
    """Each setting is an option of the command that it is listed for."""
    found = cli.get_command(None, command)
    assert {parameter_of(option) for option in CONFIGURABLE[command]} <= {
        p.name for p in found.params
    }


@pytest.mark.parametrize("command", CONFIGURABLE)
def test_every_setting_stands_on_its_page(command):
    """Each setting is in the row of its command."""
    page = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text("utf-8")
    row = next(line for line in page.splitlines() if line.startswith(f"| `{command}`"))
    assert set(re.findall(r"`([a-z-]+)`", row)) == {command, *CONFIGURABLE[command]}


def test_settings_are_found_upwards_and_shown(tmp_path, monkeypatch):
    """The nearest file counts; a command's table overrides the top level; everything else is the default."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "reportedly.toml").write_text("prior = 0.1\n")
    project = "[project]\nname = 'x'\n[tool.reportedly]\nprior = 0.2\n[tool.reportedly.batch]\nprior = 0.3\n"
    (tmp_path / "a" / "pyproject.toml").write_text(project)
    (tmp_path / "a" / "b" / "pyproject.toml").write_text("[project]\nname = 'y'\n")
    monkeypatch.chdir(tmp_path / "a" / "b")
    file, rows = config()
    assert file == str(tmp_path / "a" / "pyproject.toml")
    assert rows["score", "prior"] == (0.2, file)
    assert rows["batch", "prior"] == (0.3, file)
    assert rows["score", "format"] == ("terminal", "default")
    assert config("--no-config")[1]["score", "prior"] == (0.5, "default")
    assert config("--config", str(tmp_path / "reportedly.toml"))[1]["score", "prior"][0] == 0.1


def test_settings_hold_and_flags_win(tmp_path, monkeypatch, fake_assessor, assessment):
    """A policy beside the settings file is found from a subfolder and makes a run fail; a flag overrides it."""
    (tmp_path / "below").mkdir()
    (tmp_path / "house.toml").write_text(HOUSE)
    (tmp_path / "reportedly.toml").write_text('policy = "house.toml"\n[score]\nformat = "jsonl"\n')
    (tmp_path / "below" / "harbour.txt").write_text(assessment.annotated.text, "utf-8")
    monkeypatch.chdir(tmp_path / "below")

    def status(*options):
        result = CliRunner().invoke(cli, ["score", "harbour.txt", *options], standalone_mode=False)
        return result.return_value, len(result.stdout.splitlines())

    assert status() == (1, 1)
    assert status("--fail-on", "never") == (0, 1)
    assert status("--format", "csv") == (1, 2)


def test_a_file_without_settings_is_refused_with_the_reason(tmp_path):
    """A file that `--config` names must be there, be a file and have settings."""
    (tmp_path / "house.toml").write_text("", "utf-8")
    (tmp_path / "pyproject.toml").write_text("[project]\n", "utf-8")
    for name, reason in (
        ("hous.toml", "no such file; did you mean 'house.toml'"),
        (".", "is a directory, expected a file"),
        ("pyproject.toml", "has no settings; write options as keys"),
    ):
        with pytest.raises(InvalidRequest, match=reason):
            read_settings(tmp_path / name)
    assert read_settings(tmp_path / "house.toml").default_map()["score"] == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("prior = ", "not valid TOML"),
        ("priors = 0.5", "no setting 'priors'.*did you mean 'prior'"),
        ("fail_on = 'error'", "did you mean 'fail-on'"),
        ("allow-private = true", "no setting 'allow-private'"),
        ("[scores]\nprior = 1", "no command 'scores'.*did you mean 'score'"),
        ("[claims]\nprior = 0.5", "no setting of claims 'prior'"),
    ],
)
def test_what_is_no_setting_is_refused_with_its_file(tmp_path, text, message):
    """The message is one line with the nearest setting that exists."""
    (tmp_path / "reportedly.toml").write_text(text)
    with pytest.raises(InvalidRequest, match=rf"reportedly\.toml: .*{message}"):
        find_settings(tmp_path)
