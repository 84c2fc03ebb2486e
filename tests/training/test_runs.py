"""``train.py`` calls one function per part, and each command has its own."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from reportedly.errors import InvalidRequest
from reportedly.training.evidence import half_encoders
from reportedly.training.reader import half_of, tuned

SCRIPT = Path(__file__).parents[2] / "train.py"


@pytest.fixture(scope="module")
def train():
    """Return train.py as a module."""
    spec = importlib.util.spec_from_file_location("train", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_part_has_a_command(train):
    """Each command's help says what it needs."""
    parts = {"reader", "evidence"}
    assert set(train.main.commands) == parts
    for part in parts:
        result = CliRunner().invoke(train.main, [part, "--help"])
        assert result.exit_code == 0
        assert "--data" in result.output


def test_a_run_without_halves_is_refused_in_one_line(train, tmp_path):
    """The evidence cannot learn from articles that no encoder has left out."""
    with pytest.raises(InvalidRequest, match=r"half-1/pass-4\.pt: not found; expected the folder"):
        half_encoders(tmp_path / "teacher", [])
    assert "--reader" in CliRunner().invoke(train.main, ["evidence", "--help"]).output


def test_each_half_has_about_as_many_articles_held_out_or_not():
    """Whether an article is held out tells nothing of its half."""
    names = [f"{number:08x}" for number in range(4000)]
    for held in (False, True):
        halves = [half_of(name) for name in names if tuned(name) == held]
        assert set(halves) == {1, 2}
        assert abs(np.mean(halves) - 1.5) < 0.1
